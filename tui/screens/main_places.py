"""Which place the list shows, and keeping it, its counts and its neighbours as fresh as the library."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, NamedTuple

from store.entries import Generations, View
from store.errors import QueryError, StoreError
from tui.background import Reader
from tui.deck import Deck, Place
from tui.reading import read_first, read_whole
from tui.screens.main_finished import Finished, read_finished
from tui.widgets.views import STANDING, Contents

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

_QUIET = 1.0
"""Seconds without a key after which our own writes are followed by a full look at the view."""


class Fresh(NamedTuple):
    """What another look at the library found."""

    deck: Deck
    new: int
    """How many papers of the view the list did not have."""


class Places:
    """Opens places in the list and keeps them fresh."""

    def __init__(self, screen: "MainScreen") -> None:
        self._screen = screen
        self._library = screen.library
        self._decks = Reader("decks")
        self._counts = Reader("counts")
        self._watch = Reader("watch")
        self.place = STANDING[View.INBOX]
        self.contents = Contents({})
        self.whole = False
        """Whether all ids of the place are in the list, not only its first page."""
        self._reads = 0
        """How many coroutines read the place, or will."""
        self._in_vain = False
        """Whether the place cannot be read whole, however often it is tried."""
        self._waiting: Callable[[], None] | None = None
        self.is_empty = False
        """Whether the library has no paper at all."""
        self.is_known = False
        """Whether the place has been read, so that an empty list is an empty place."""
        self.finished: Finished | None = None
        """What became of the inbox's papers, while the screen says that it is done."""
        self._finished_left = False
        self._counting = False
        self._count_again = False
        self._seen: Generations | None = None
        self._counted: Generations | None = None
        self._ours: Generations | None = None
        self._looking = False
        self._asked = False
        """Whether a look was asked for and has not been had."""
        self._find: frozenset[int] = frozenset()

    def close(self) -> None:
        """Let the threads go."""
        for reader in (self._decks, self._counts, self._watch):
            reader.close()

    # Opening

    def start(self) -> None:
        """Show the inbox: its first page at once, so that it is in the first paint, the rest behind it."""
        try:
            self._seen = self._library.generations()
            self.is_known = True
            deck = read_first(self._library, self.place, self._screen.layout_now.sort)
            self.is_empty = not len(deck) and not self._library.ids("", limit=1)
            self.whole = deck.whole
            self._screen.show_deck(deck)
        except StoreError as error:
            self._screen.complain(error)
        self._screen.call_after_refresh(self._after_start)

    def _after_start(self) -> None:
        self._complete()
        self.recount()
        self._screen.set_interval(1.0, self._tick)

    def open(self, place: Place, cursor: int | None = None) -> None:
        """Show a place from its beginning, or with the cursor on a paper."""
        if place != self.place:
            self._screen.searching.forget()
        self.finished = None
        self._finished_left = False
        self._now_at(place, whole=False)
        self._screen.place_chosen(place)
        self._begin_to_read(cursor)

    def when_whole(self, act: Callable[[], None]) -> None:
        """Do `act`, which needs all papers of the place, as soon as they are in the list: usually at once."""
        if self.whole:
            act()
        else:
            self._waiting = act

    def reopen(self) -> None:
        """Read the place again from the start, in the order now chosen; the cursor stays on its paper."""
        self.open(self.place, self._screen.papers.paper)

    def show(self, deck: Deck, cursor: int | None, top: float) -> None:
        """Show a deck that was read before, where it was left."""
        self._decks.drop()
        self._now_at(deck.place, whole=deck.whole)
        self._screen.place_chosen(deck.place)
        self._screen.show_deck(deck, cursor, top)
        self._complete()

    def found(self, deck: Deck) -> None:
        """Show what a search found."""
        self._decks.drop()
        self._now_at(deck.place, whole=True)
        self._screen.views.opened(deck.place)
        self._screen.show_deck(deck)

    def _now_at(self, place: Place, *, whole: bool) -> None:
        self.place = place
        self.whole = whole
        self._in_vain = False
        self._waiting = None

    def _complete(self) -> None:
        """Read the rest of the place, unless it is there, or somebody is about it, or nobody can."""
        if not (self.whole or self._reads or self._in_vain):
            self._begin_to_read(None, first=False)

    def _begin_to_read(self, cursor: int | None, *, first: bool = True) -> None:
        self._reads += 1
        self._screen.work(self._read(cursor, first=first), group="decks")

    async def _read(self, cursor: int | None, *, first: bool) -> None:
        """Bring the place into the list. Where that fails it is tried again with the next second (`_tick`)."""
        try:
            await self._bring(cursor, first=first)
        except QueryError as error:  # it takes too long, and would again
            self._in_vain = True
            self._screen.complain(error)
        except StoreError as error:
            self._screen.complain(error)
            return
        finally:
            self._reads -= 1
        self._complete()

    async def _bring(self, cursor: int | None, *, first: bool) -> None:
        """Read the place and show it, its `first` page before all of it unless a cursor beyond that is wanted.

        Nothing is shown once another read has overtaken this one. Raises StoreError.
        """
        place, sort = self.place, self._screen.layout_now.sort
        if first:
            deck = await self._decks.latest(lambda: read_first(self._library, place, sort))
            if deck is None or place != self.place:
                return
            self.is_known = True
            if deck.whole or cursor is None or deck.index(cursor) is not None:
                self.whole = deck.whole
                self._screen.show_deck(deck, cursor)
                cursor = None
        if not self.whole:
            deck = await self._decks.latest(lambda: read_whole(self._library, place, sort))
            if deck is None or place != self.place:
                return
            self.whole = True
            self._show_whole(deck, cursor)
        self._all_there()

    def _show_whole(self, deck: Deck, cursor: int | None) -> None:
        """Show all of the place, of which the list may show the first page."""
        shown = self._screen.papers.deck
        if cursor is not None or shown.place != deck.place:
            self._screen.show_deck(deck, cursor)
        elif deck.ids != shown.ids:
            self._screen.renew_deck(shown.renewed(deck.ids, deck.runs, set(shown.ids)))
        else:
            shown.whole = True
            self._screen.show_header()

    def _all_there(self) -> None:
        """All papers of the place are in the list: do what waited for that."""
        if not len(self._screen.papers.deck):
            self.recount()
        act, self._waiting = self._waiting, None
        if act is not None:
            act()

    # Counts

    def recount(self) -> None:
        """Count again in the background; many wishes at once are one count."""
        if self._counting:
            self._count_again = True
            return
        self._counting = True
        self._screen.work(self._count(), group="counts")

    async def _count(self) -> None:
        library = self._library
        try:
            while True:
                self._count_again = False
                contents = await self._counts.latest(
                    lambda: Contents(library.counts(), library.searches(), library.tags(), library.days())
                )
                if contents is not None:
                    self.contents = contents
                    self.is_empty = not contents.counts[View.ALL]
                    await self._finish(contents)
                    self._screen.show_counts(contents)
                if not self._count_again:
                    break
        except StoreError as error:
            self._screen.complain(error)
        finally:
            self._counting = False

    async def _finish(self, contents: Contents) -> None:
        """See whether the inbox is done, and what became of its papers."""
        place, deck = self.place, self._screen.papers.deck
        if contents.counts[View.INBOX] or place != STANDING[View.INBOX] or not contents.counts[View.ALL]:
            self.finished = None
            self._finished_left = False
        elif not self._finished_left and not self._screen.is_searching:
            finished = await self._counts.latest(lambda: read_finished(self._library, deck.ids))
            self.finished = finished if place == self.place else None

    def leave_finished(self) -> bool:
        """Back from the words of a finished inbox to its papers; whether there were such words and papers."""
        if self.finished is None or not self.finished.decided:
            return False
        self.finished = None
        self._finished_left = True
        return True

    # Watching

    def wrote(self, generations: Generations) -> None:
        """We wrote, and the library stood at `generations` afterwards: no need to look at everything at once."""
        self._ours = generations

    def look_again(self, find: Collection[int] = ()) -> None:
        """Compare the list with the library now, whoever changed it, and go to the first paper of `find` in it."""
        self._find = frozenset(find)
        self._asked = True
        self._tick()

    def _tick(self) -> None:
        self._complete()
        if not self._looking:
            self._looking = True
            self._screen.work(self._look(), group="watch")

    async def _look(self) -> None:
        """Compare, and once more if that was asked for meanwhile; what could not be had now is for the next second."""
        asked, self._asked = self._asked, False
        had = True
        try:
            had = await self._compare(force=asked)
        except StoreError as error:
            self._screen.complain(error)
        finally:
            self._looking = False
        if had and self._asked:
            self._tick()
        self._asked |= asked and not had

    async def _compare(self, *, force: bool) -> bool:
        """If the library has changed, bring the list up to date without moving what the person looks at.

        Our own writes have been drawn already; what they mean for the view waits until the keys pause, which also
        catches what another process wrote in between. False where the list is not one to compare with.
        """
        now = await self._watch.latest(self._library.generations)
        if now is None or (now == self._seen and not force):
            return True
        ours = now == self._ours
        if ours and not force and self._screen.seconds_idle() < _QUIET:
            return True
        new_text = self._seen is None or now.text != self._seen.text
        if not ours and now != self._counted:
            self._counted = now
            self.recount()
        if self._screen.is_searching or not self.whole:
            return False  # until the list shows all of a place again
        fresh = await self._fresh(new_text=new_text)
        if fresh is None:
            return False
        self._screen.renew_deck(fresh.deck)
        if force:
            self._go_to_wanted()
        if fresh.new and not ours:
            self._screen.say_new(fresh.new)
        self._seen = now
        return True

    def _go_to_wanted(self) -> None:
        papers = self._screen.papers
        index = next((at for at, paper in enumerate(papers.deck.ids) if paper in self._find), None)
        self._find = frozenset()
        if index is not None:
            papers.go(index)

    async def _fresh(self, *, new_text: bool) -> Fresh | None:
        """The list's deck as the library has it now; papers that left the view by a decision keep their place."""
        shown, place, sort = self._screen.papers.deck, self.place, self._screen.layout_now.sort
        library = self._library

        def read() -> Fresh:
            whole = read_whole(library, place, sort)
            stay = set(shown.ids).difference(whole.ids)
            if stay and new_text:
                stay = {row.id for row in library.rows(list(stay))}
            new = len(set(whole.ids).difference(shown.ids))
            deck = shown.renewed(whole.ids, whole.runs, stay) if not place.fuzzy else shown
            return Fresh(deck, 0 if place.fuzzy else new)

        fresh = await self._watch.latest(read)
        if fresh is None or self._screen.papers.deck is not shown:
            return None
        fresh.deck.forget()
        return fresh
