"""Deciding: read, star, skip, the whole view at once, undo and redo. Every write goes through here, in order."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple

from store.entries import Done, Generations, Row, Undone
from store.errors import StoreError
from tui.wording import cut

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

Mark = Literal["read", "starred", "skipped"]
TITLE = 60
"""Characters of a title that a toast repeats."""
_PUT = {"read": "Read", "starred": "Starred", "skipped": "Skipped"}
_TAKEN = {"read": "Not read any more", "starred": "Star taken off", "skipped": "Not skipped any more"}


def _nothing() -> None:
    """What follows most writes."""


class Marks(NamedTuple):
    """The marks of a paper as they will be when all that was asked for is written."""

    read: bool
    starred: bool
    skipped: bool

    def with_mark(self, mark: Mark, value: bool) -> "Marks":
        """With a mark put or taken off: star and skip exclude each other."""
        changed = self._replace(**{mark: value})
        if value and mark == "starred":
            return changed._replace(skipped=False)
        if value and mark == "skipped":
            return changed._replace(starred=False)
        return changed


class Triage:
    """Marks papers. A key acts on the papers that the person saw when pressing it, however slow the disk is."""

    def __init__(self, screen: "MainScreen") -> None:
        self._screen = screen
        self._library = screen.library
        self._awaited: dict[int, tuple[Marks, int]] = {}
        self._number = 0
        self._unmarked: list[str] = []
        """The titles of the papers that could not be marked since something was written last."""

    def commands(self) -> dict[str, Callable[[], None]]:
        """What its keys do."""
        return {
            "read": partial(self.mark, "read"),
            "star": partial(self.mark, "starred"),
            "skip": partial(self.mark, "skipped"),
            "read_all": partial(self.mark_all, "read"),
            "skip_all": partial(self.mark_all, "skipped"),
            "undo": self.undo,
            "redo": self.redo,
            "next_undecided": partial(self.to_undecided, 1),
            "previous_undecided": partial(self.to_undecided, -1),
        }

    # Marks

    def mark(self, mark: Mark) -> None:
        """Put a mark on the selection or the cursor's paper, or take it off where it is on already."""
        papers = self._screen.papers
        if papers.selection:
            self._mark_many(mark, papers.selected)
            papers.clear_selection()
            return
        row = papers.row
        if row is None:
            return
        marks = self._marks(row)
        value = not getattr(marks, mark)
        self._number += 1
        self._awaited[row.id] = marks.with_mark(mark, value), self._number
        said = _PUT[mark] if value else _TAKEN[mark]
        arrived = partial(self._arrived, row.id, self._number)
        self.write(
            partial(self._set, mark, value, [row.id]),
            lambda done: said if done.entry is not None else "Nothing to change",
            done=arrived,
            failed=arrived,
            title=row.title,
        )
        if value and self._screen.settings.advance:
            papers.step(1)

    def _mark_many(self, mark: Mark, papers: list[int]) -> None:
        def act() -> Done:
            value = not all(getattr(row, mark) for row in self._library.rows(papers))
            return self._set(mark, value, papers)

        self.write(act)

    def mark_all(self, mark: Mark) -> None:
        """Mark every paper of the view that is undecided when the write's turn comes."""
        deck, whole, sort = list(self._screen.papers.deck.ids), self._screen.places.whole, ""
        place = self._screen.places.place

        def act() -> Done:
            undecided = set(self._library.ids("is:inbox"))
            ids = deck if whole or place.fuzzy else self._library.ids(place.query, sort=sort or None)
            return self._set(mark, True, [paper for paper in ids if paper in undecided])

        if len(deck) > 1000 or not whole:
            self._screen.say("Marking every undecided paper of the view …")
        self.write(act)

    def _set(self, mark: Mark, value: bool, papers: list[int]) -> Done:
        if mark == "read":
            return self._library.mark(papers, read=value)
        if mark == "starred":
            return self._library.mark(papers, starred=value)
        return self._library.mark(papers, skipped=value)

    def _marks(self, row: Row) -> Marks:
        awaited = self._awaited.get(row.id)
        return awaited[0] if awaited else Marks(row.read, row.starred, row.skipped)

    def _arrived(self, paper: int, number: int) -> None:
        if self._awaited.get(paper, (None, 0))[1] == number:
            del self._awaited[paper]

    # Writing

    def write(
        self,
        act: Callable[[], Done],
        say: Callable[[Done], str] = lambda done: done.summary,
        *,
        done: Callable[[], None] = _nothing,
        failed: Callable[[], None] = _nothing,
        title: str = "",
    ) -> None:
        """Do `act` in its turn, then draw what it changed and say what it did; if it fails, say why.

        `title` is that of the paper which it marks, as the cursor may have left it when that fails.
        """
        # The writer is asked here and not in the worker: workers need not start in the order in which keys came.
        writing = self._screen.writer.submit(partial(self._do, act))

        async def finish() -> None:
            written = False
            try:
                result, generations = await writing
                written = True
            except StoreError as error:
                self._unmarked += [title] if title else []
                self._screen.say(f"{self._not_marked() if title else ''}{error}", error=True)
                return
            finally:
                if not written:
                    failed()
            done()
            self._unmarked.clear()
            self._drawn(generations, result.changed)
            self._say(result, say(result))

        self._screen.work(finish(), group="writes")

    def _not_marked(self) -> str:
        """The first paper that could not be marked, from where on the person has to look again, and how many more."""
        if not self._unmarked:
            return ""
        more = f" and {len(self._unmarked) - 1:,} more" if len(self._unmarked) > 1 else ""
        return f"Not marked: “{cut(self._unmarked[0], TITLE)}”{more}. "

    def _do(self, act: Callable[[], Done]) -> tuple[Done, Generations]:
        done = act()
        return done, self._library.generations()

    def wrote(self, done: Done) -> None:
        """Something was written elsewhere: draw it and say it."""
        self._drawn(self._library.generations(), done.changed)
        self._say(done, done.summary)

    def _say(self, done: Done, words: str) -> None:
        undoes = "" if done.entry is None else f" · {self._screen.keymap.shown('undo')} undoes"
        self._screen.say(words + undoes)

    def _drawn(self, generations: Generations, changed: tuple[int, ...]) -> None:
        self._screen.places.wrote(generations)
        self._screen.papers_changed(changed)
        self._screen.places.recount()

    # Undo

    def undo(self) -> None:
        """Take the last action back, and go to a paper that it changed."""
        self._turn(self._library.undo, "Undid", "redo", "redoes")

    def redo(self) -> None:
        """Do again what was undone last, and go to a paper that it changed."""
        self._turn(self._library.redo, "Did again", "undo", "undoes")

    def _turn(self, act: Callable[[], Undone], what: str, back: str, backs: str) -> None:
        def turned() -> tuple[Undone, Generations]:
            return act(), self._library.generations()

        writing = self._screen.writer.submit(turned)

        async def finish() -> None:
            try:
                undone, generations = await writing
            except StoreError as error:
                self._screen.say(str(error))
                return
            self._drawn(generations, undone.changed)
            self._screen.instead.show()
            papers = self._screen.papers
            changed = set(undone.changed)
            if undone.merged:
                self._screen.places.look_again(find=undone.changed)
            elif papers.paper not in changed:
                index = next((at for at, paper in enumerate(papers.deck.ids) if paper in changed), None)
                if index is not None:
                    papers.go(index)
                else:
                    self._screen.places.look_again(find=undone.changed)
            said = [f"{what}: {undone.summary}", *undone.kept]
            self._screen.say(". ".join(said) + f" · {self._screen.keymap.shown(back)} {backs}")

        self._screen.work(finish(), group="writes")

    # What is left

    def to_undecided(self, by: int) -> None:
        """Go to the next (1) or previous (-1) undecided paper."""
        papers = self._screen.papers
        index = papers.cursor + by
        for _ in range(400):  # usually it is near; the rest of a long list is looked through in the background
            if not 0 <= index < len(papers.deck):
                if by > 0 and not self._screen.places.whole:
                    self._screen.places.when_whole(partial(self.to_undecided, by))
                else:
                    self._say_none(by)
                return
            papers.deck.load(index, index + 1) if by < 0 else papers.deck.load(index, index + 50)
            row = papers.deck.row(index)
            if row is not None and not any(self._marks(row)):
                papers.go(index)
                return
            index += by
        self._screen.work(self._look_far(index, by), group="undecided", exclusive=True)

    async def _look_far(self, start: int, by: int) -> None:
        papers = self._screen.papers
        deck = papers.deck

        def read() -> int | None:
            undecided = set(self._library.ids("is:inbox"))
            indexes = range(start, len(deck) if by > 0 else -1, by)
            return next((index for index in indexes if deck.ids[index] in undecided), None)

        try:
            index = await self._screen.reader.latest(read)
        except StoreError as error:
            self._screen.complain(error)
            return
        if papers.deck is deck and index is not None:
            papers.go(index)
        elif index is None:
            self._say_none(by)

    def _say_none(self, by: int) -> None:
        self._screen.say("Nothing undecided below" if by > 0 else "Nothing undecided above")
