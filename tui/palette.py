"""The palette: every action of the table, and every view, day, tag and saved search, by name."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.widgets import Input

from tui.keys import ACTIONS
from tui.screens.main_hints import makes_sense
from tui.widgets.line import MOST_TYPED
from tui.widgets.options import Options
from tui.widgets.views import STANDING, search_place, tag_place
from tui.wording import fold

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

LONGEST_NAME = 200
"""Characters of a tag's or a search's name that are looked at."""


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
                yield Offer(f"Go to {place.name[:LONGEST_NAME]}", "", lambda place=place: main.places.open(place))  # type: ignore[misc]

    async def discover(self) -> Hits:
        """Everything, in the table's order but for moving about."""
        for offer in self._offers():
            yield DiscoveryHit(self._shown(offer.name, offer.key), offer.run, text=offer.name)

    async def search(self, query: str) -> Hits:
        """What matches, best first. A name may hold anything: it is never read as markup."""
        typed = fold(query.strip())
        for offer in self._offers():
            score = how_well(typed, fold(offer.name))
            if score > 0:
                yield Hit(score, self._shown(offer.name, offer.key), offer.run, text=offer.name)

    @staticmethod
    def _shown(name: str, key: str) -> Content:
        return Content.assemble((f"{key:<9}", "$accent"), name)


def how_well(typed: str, name: str) -> float:
    """How well a name fits what is typed (both folded), from 1 to 0, not at all: it stands in the name; its words begin
    words of the name, in order; its letters are initials, or stand anywhere, in order.

    Textual's own matcher tries every way in which the letters can stand: with one long tag, for ever.
    """
    at = name.find(typed)
    if at >= 0:
        return 1 - (0.2 if at and name[at - 1].isalnum() else 0) - min(at, 100) / 1000
    end = 0
    for word in typed.split():
        begun = re.compile(rf"(?<!\w){re.escape(word)}").search(name, end)
        if begun is None:
            break
        end = begun.end()
    else:
        return 0.6
    letters = typed.replace(" ", "")
    for among, score in ((iter(word[0] for word in name.split()), 0.5), (iter(name), 0.4 * len(letters) / len(name))):
        if all(letter in among for letter in letters):
            return score
    return 0


class PaletteList(CommandList, Options):
    """The list of what was found."""


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

    def compose(self) -> ComposeResult:
        """Textual's parts, two of them ours."""
        for part in super().compose():
            if isinstance(part, Input):
                part.max_length = MOST_TYPED
            yield PaletteList() if isinstance(part, CommandList) else part

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only while it is whole, as a `Dialog`."""
        return self.is_mounted and self.is_active and super().check_action(action, parameters)

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Leave once, as a `Dialog`."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
