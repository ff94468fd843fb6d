"""The palette: every action of the table, and every view, day, tag and saved search, by name."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tui.keys import ACTIONS
from tui.screens.main_hints import makes_sense
from tui.widgets.views import STANDING, search_place, tag_place

if TYPE_CHECKING:
    from tui.screens.main import MainScreen


class Offer(NamedTuple):
    """Something that the palette can do."""

    name: str
    key: str
    run: Callable[[], object]


class Actions(Provider):
    """Finds actions and places by any part of their names, letters in order."""

    @property
    def _main(self) -> "MainScreen":
        return cast("MainScreen", self.screen)

    def _offers(self) -> Iterator[Offer]:
        main = self._main
        for action in sorted(ACTIONS, key=lambda action: action.group == "Move"):  # what has a better way last
            if action.id != "palette" and makes_sense(main, action.id):
                perform = partial(main.app.run_action, f"perform('{action.id}')", main)
                yield Offer(action.help, main.keymap.shown(action.id), perform)
        contents = main.places.contents
        standing = list(STANDING.values())
        others = [search_place(search) for search in contents.searches] + [tag_place(tag.tag) for tag in contents.tags]
        for place in others:
            if place not in standing:
                yield Offer(f"Go to {place.name}", "", lambda place=place: main.places.open(place))  # type: ignore[misc]

    async def discover(self) -> Hits:
        """Everything, in the table's order but for moving about."""
        for offer in self._offers():
            yield DiscoveryHit(self._shown(offer.name, offer.key), offer.run, text=offer.name)

    async def search(self, query: str) -> Hits:
        """What matches, best first. A name may hold anything: it is never read as markup."""
        matcher = self.matcher(query)
        for offer in self._offers():
            score = matcher.match(offer.name)
            if score > 0:
                yield Hit(score, self._shown(offer.name, offer.key), offer.run, text=offer.name)

    @staticmethod
    def _shown(name: str, key: str) -> Content:
        return Content.assemble((f"{key:<9}", "$accent"), name)


class Palette(CommandPalette):
    """Textual's palette over our actions, as quiet as the dialogs."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]  # noqa: RUF012 (as in `Dialog`)
    DEFAULT_CSS = """
    Palette {
        #--container {
            max-width: 84;
            background: $surface;
        }

        #--input {
            border: round $accent 50%;
            background: $surface;
            padding: 0 1;
        }

        #--input.--list-visible {
            border-bottom: none;
        }

        SearchIcon {
            display: none;
        }

        CommandList, CommandList.--visible {
            border: round $accent 50%;
            border-top: none;
            background: $surface;
            max-height: 60%;
            padding: 0 1;
            scrollbar-size-vertical: 1;
        }

        CommandList > .option-list--option {
            text-style: none;
        }

        &.-low #--container {
            margin-top: 0;
        }

        &.-low #--input, &.-low CommandList.--visible {
            border: none;
            max-height: 100%;
        }
    }
    """

    def __init__(self) -> None:
        super().__init__(providers=[Actions], placeholder="What do you want to do?")

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Leave once, as a `Dialog`."""
        return super().dismiss(result) if self.is_active else AwaitComplete()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that move in the list need its lines, as in `Options`."""
        if action == "command_list":
            return bool(self.query_one(CommandList).scrollable_content_region)
        return super().check_action(action, parameters)
