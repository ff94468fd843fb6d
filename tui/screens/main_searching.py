"""Searching as one types: the list shows what is found; Escape brings the former list back, Enter keeps the result."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from store.entries import View
from store.errors import QueryError, StoreError
from tui.background import Reader
from tui.deck import Deck, Place
from tui.reading import read_whole
from tui.widgets.views import STANDING

if TYPE_CHECKING:
    from tui.screens.main import MainScreen


class Left(NamedTuple):
    """The list as it was left for a search."""

    deck: Deck
    paper: int | None
    top: float
    before: "Left | None"
    """Where that list was itself the kept result of a search: what had been left for it."""


class Searching:
    """The search box and what it does to the list."""

    def __init__(self, screen: "MainScreen") -> None:
        self._screen = screen
        self._library = screen.library
        self._reader = Reader("search")
        self._left: Left | None = None
        self._within: Place | None = None
        self._typed = ""
        self._is_found = True
        """Whether the list shows what is typed."""
        self._is_kept = False
        """Whether Enter came before that."""

    def commands(self) -> dict[str, Callable[[], None]]:
        """What its keys do."""
        return {
            "search": partial(self.open, narrow=False),
            "narrow": partial(self.open, narrow=True),
            "save_search": self.save,
            "remove_search": self.remove,
        }

    def close(self) -> None:
        """Let the thread go."""
        self._reader.close()

    @property
    def shows_result(self) -> bool:
        """Whether the list shows what a search found, being typed or kept."""
        return self._left is not None and self._screen.papers.deck is not self._left.deck

    # While typing

    def open(self, *, narrow: bool) -> None:
        """Open the box, over the whole library or over what the list shows."""
        screen = self._screen
        if screen.is_searching:
            return
        place = screen.places.place
        result = self._left is not None
        again = self._typed if result and not narrow and self._within is None else ""
        if not again:
            before = self._left if result else None
            self._left = Left(screen.papers.deck, screen.papers.paper, screen.papers.scroll_offset.y, before)
        self._within = place if narrow else None
        self._is_found, self._is_kept = True, False
        screen.panes.focus(screen.papers)
        screen.box.open(
            f"Narrow {place.name}" if narrow else "Search the library: words, tag:rl, is:starred, by:name …", again
        )
        screen.show_header()
        screen.work(self._warm_up(), group="search")

    async def _warm_up(self) -> None:
        try:
            await self._reader.run(self._library.warm_up)
        except StoreError as error:
            self._screen.complain(error)

    def typed(self, text: str) -> None:
        """Show what another text finds; a search that this one overtakes is dropped."""
        if not self._screen.is_searching:
            return
        self._typed = text
        self._is_found = not text.strip()
        if self._is_found:
            self._reader.drop()
            self._screen.box.clear()
            self._show_left()
        else:
            self._screen.work(self._search(text), group="search")

    async def _search(self, text: str) -> None:
        within, sort = self._within, self._screen.layout_now.sort
        try:
            deck = await self._reader.latest(
                lambda: read_whole(self._library, result_place(text, within), "" if within is None else sort)
            )
        except QueryError as error:
            self._type_on()
            if self._screen.is_searching:
                self._screen.box.wrong(str(error), error.position)
                if not len(self._screen.papers.deck):  # `is` may have found nothing on the way to `is:`
                    self._show_left()
            return
        except StoreError as error:
            self._type_on()
            self._screen.complain(error)
            return
        if deck is None or not self._screen.is_searching:
            return
        self._is_found = True
        self._screen.places.found(deck)
        self._screen.box.clear()
        if self._is_kept:
            self.keep()

    def _type_on(self) -> None:
        """Nothing was found, for the text cannot be asked for: it is to be mended."""
        self._is_found = True
        if self._is_kept and self._screen.is_searching:
            self._screen.box.focus_line()
        self._is_kept = False

    # Afterwards

    def keep(self) -> None:
        """Enter: the result is the list, once it is there. A wrong query stays in the box, to be mended."""
        screen = self._screen
        if not self._is_found:
            self._is_kept = True
            screen.app.hold_keys()  # for the list
            return
        self._is_kept = False
        if screen.box.is_wrong:
            return
        if not screen.box.text.strip():
            self.cancel()
            return
        screen.box.close()
        screen.panes.focus(screen.papers)
        screen.show_header()

    def cancel(self) -> bool:
        """Escape in the box: the former list, where it was left; whether the box was open."""
        if not self._screen.is_searching:
            return False
        self._reader.drop()
        self._screen.box.close()
        self._go_back()
        self._screen.panes.focus(self._screen.papers)
        self._screen.show_header()
        return True

    def leave_result(self) -> bool:
        """Escape on a kept result: the former list; whether there was one."""
        if self._left is None:
            return False
        self._go_back()
        return True

    def forget(self) -> None:
        """Another place was opened: there is no search to come back from."""
        self._left = None
        if self._screen.is_searching:
            self._reader.drop()
            self._screen.box.close()

    def _go_back(self) -> None:
        self._show_left()
        self._left = self._left.before if self._left is not None else None

    def _show_left(self) -> None:
        if self._left is not None and self._screen.papers.deck is not self._left.deck:
            self._screen.places.show(self._left.deck, self._left.paper, self._left.top)

    # Under a name

    def save(self) -> None:
        """Ask for a name and keep the search that the list shows under it."""
        from tui.screens.prompt import Prompt

        screen = self._screen
        place = screen.places.place
        if place in STANDING.values():
            screen.say(f"Search first ({screen.keymap.shown('search')}); then the search can be saved under a name.")
            return
        query = f"{place.within} {place.query}".strip()

        def named(name: str | None) -> None:
            if name and name.strip():
                self._screen.work(self._save(name, query, fuzzy=place.fuzzy), group="writes")

        screen.app.push_screen(Prompt("Save the search as", place.query, check=_check_name), named)

    async def _save(self, name: str, query: str, *, fuzzy: bool) -> None:
        await self._write(
            partial(self._library.save_search, name, query, fuzzy=fuzzy), f"Saved as “{name}”, in the views pane"
        )

    def remove(self) -> None:
        """Ask which saved search to remove."""
        from tui.screens.menu import Choice, Menu

        searches = self._screen.places.contents.searches
        if not searches:
            self._screen.say("There is no saved search.")
            return

        def chosen(name: str | None) -> None:
            if name is not None:
                said = f"Removed the search “{name}”"
                remove = partial(self._library.remove_search, name)
                self._screen.work(self._write(remove, said), group="writes")

        choices = [
            Choice(str(number) if number < 10 else "", search.name, search.name, search.query)
            for number, search in enumerate(searches, 1)
        ]
        self._screen.app.push_screen(Menu("Remove a saved search", choices), chosen)

    async def _write(self, write: Callable[[], None], said: str) -> None:
        try:
            await self._screen.writer.submit(write)
        except StoreError as error:
            self._screen.complain(error)
            return
        self._screen.places.recount()
        self._screen.say(said)


def result_place(text: str, within: Place | None) -> Place:
    """What a search for `text` shows. Raises QueryError.

    A text of filters alone is exact: all that match, in the list's order, with their days.
    """
    from store.query import parse

    query = parse(text)
    name = f"“{text.strip()}”" + (f" in {within.name}" if within is not None else "")
    if within is not None and within.fuzzy:
        return Place(name, f"{within.query} {text}", fuzzy=True, within=within.within)
    narrowing = within.query if within is not None else View.ALL.value
    if query.words:
        return Place(name, text, fuzzy=True, within=narrowing)
    if not narrowing:
        return Place(name, text)
    return Place(name, f"({narrowing}) {text}" if query.sort else f"({narrowing}) ({text})")


def _check_name(name: str) -> str | None:
    return None if name.strip() else "A name is needed."
