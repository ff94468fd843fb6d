"""Papers that may be one, two beside each other: merge them, keep them apart, or leave that for later."""

import asyncio
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from pathlib import PurePath
from typing import ClassVar, Literal, Protocol, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.entries import Done, Entry, Pair, Undone
from store.errors import StoreError
from tui.screens.dialog import Dialog
from tui.widgets.hints import QUIET, Hint, Hints
from tui.widgets.paper_line import NOTED, READ, SKIPPED, STARRED
from tui.wording import counted, cut, date_text, day_text

T = TypeVar("T")

AUTHORS = 8
"""Names of authors that are shown."""
TAGS = 50
"""Tags that are."""
LONGEST = 10_000
"""Characters of a text that are compared and shown: arXiv's longest abstract has 1,920."""
_DIFFERS = "$accent underline"


class Source(Protocol):
    """Where pairs come from and decisions go to, as `store.library.Library`. All of it is called in threads."""

    def duplicates(self) -> Sequence[Pair]:
        """The pairs, most likely first."""

    def entries(self, ids: Sequence[int]) -> Sequence[Entry]:
        """These papers as they are now."""

    def merge(self, stays: int, goes: int) -> Done:
        """Make two papers one."""

    def keep_apart(self, one: int, other: int) -> Done:
        """Remember that two papers are not the same."""

    def undo(self) -> Undone:
        """Take the last action back."""


class Duplicates(Dialog[bool]):
    """Goes through the pairs of `source`. The result is whether anything was decided."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["dialog.tcss", "duplicates.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "decide('merge')", "Merge", show=False),
        Binding("n", "decide('apart')", "Not the same", show=False),
        Binding("s,space,j,down,right,l", "move(1)", "Later", show=False),
        Binding("k,up,left,h", "move(-1)", "Back", show=False),
        Binding("u", "undo", "Undo", show=False),
        Binding("pagedown,ctrl+d", "scroll(1)", "Scroll down", show=False),
        Binding("pageup,ctrl+u", "scroll(-1)", "Scroll up", show=False),
        Binding("q,M", "cancel", "Close", show=False),
    ]

    def __init__(self, source: Source) -> None:
        super().__init__("Papers that may be one")
        self._source = source
        self._pairs: list[Pair] = []
        self._at = 0
        self._before: list[tuple[list[Pair], int]] = []
        """The pairs, and where we were, before each decision that has not been taken back."""
        self._changed = False
        self._busy = False

    def body(self) -> ComposeResult:
        """What speaks for the pair, the two papers cell by cell, and what was just decided."""
        yield Static(id="reason", markup=False)
        with VerticalScroll(id="papers", can_focus=True), Grid(id="cells"):
            for _ in range(8):
                yield Static(classes="cell", markup=False)
        yield Static(id="said", classes="message", markup=False)

    def on_mount(self) -> None:
        """Look for pairs."""
        self._show()
        self.query_one("#reason", Static).update("Comparing titles and abstracts …")
        self._busy = True
        self._look()

    @work(exit_on_error=False)
    async def _look(self) -> None:
        found = await self._run(self._source.duplicates)
        if found is None:
            self.query_one("#reason", Static).update("")
            return
        self._pairs = list(found)
        self._show()
        self.query_one("#papers").focus()

    async def _run(self, act: Callable[[], T]) -> T | None:
        """What `act` returns, done in a thread while keys decide nothing; None, and the reason said, if it fails."""
        self._busy = True
        try:
            return await asyncio.to_thread(act)
        except StoreError as error:
            self._say(str(error), error=True)
            return None
        finally:
            self._busy = False

    # What is shown

    def _show(self) -> None:
        pair = self._pairs[self._at] if self._pairs else None
        papers = self.query_one("#papers")
        papers.display = pair is not None
        self.set_class(pair is None, "-empty")
        self.query_one("#frame").border_subtitle = Content(f"{self._at + 1} of {len(self._pairs):,}" if pair else "")
        undo = (Hint("u", "undo", "undo"),) if self._before else ()
        if pair is None:
            nothing = "All of them are decided." if self._before else "Nothing to decide: no two papers look like one."
            self.query_one("#reason", Static).update(Content(nothing))
            self.query_one(Hints).show(Hint("esc", "close", "cancel"), *undo)
            return
        self.query_one("#reason", Static).update(Content.styled(f"{pair.score:.0%} · {pair.reason}", QUIET))
        self._fill(pair)
        papers.scroll_home(animate=False)
        self.query_one(Hints).show(
            Hint("m", "merge", "decide('merge')"),
            Hint("n", "not the same", "decide('apart')"),
            Hint("s", "later", "move(1)"),
            *undo,
            Hint("esc", "close", "cancel"),
            Hint("↑↓", "go through"),
        )

    def _fill(self, pair: Pair) -> None:
        """The papers' cells: beside each other, or where there is no room for that one above the other."""
        one, other = _told(pair.one, pair.other), _told(pair.other, pair.one)
        if not self._beside:  # what tells them apart at a glance, then the abstracts
            one, other = (
                [
                    Content("\n").join(filter(None, cells[:-1])),
                    Content.assemble((f"Paper {paper.id}\n", QUIET), cells[-1]),
                ]
                for cells, paper in ((one, pair.one), (other, pair.other))
            )
        cells = [cell for both in zip(one, other, strict=True) for cell in both]
        for at, cell in enumerate(self.query(".cell").results(Static)):
            cell.update(cells[at] if at < len(cells) else "")
            # An empty cell beside one that is not keeps its place.
            row = cells[at - at % 2 : at - at % 2 + 2] if self._beside else cells[at : at + 1]
            cell.display = any(row)

    @property
    def _beside(self) -> bool:
        return self.size.width >= 100

    def on_resize(self) -> None:
        """Lay the papers out for the new width."""
        self.set_class(self._beside, "-beside")
        if self._pairs:
            self._fill(self._pairs[self._at])

    def _say(self, words: str, *, error: bool = False) -> None:
        said = self.query_one("#said", Static)
        said.set_class(error, "-error")
        said.update(Content(words))

    # What is decided

    def action_move(self, by: int) -> None:
        """Go to the next or the previous pair, round the ends."""
        if self._pairs and not self._busy:
            self._at = (self._at + by) % len(self._pairs)
            self._say("")
            self._show()

    def action_scroll(self, by: int) -> None:
        """Scroll the papers by half a page."""
        papers = self.query_one("#papers")
        papers.scroll_relative(y=by * max(1, papers.size.height // 2), animate=False)

    def action_decide(self, what: Literal["merge", "apart"]) -> None:
        """Merge the pair into its older paper, or keep the two apart."""
        if self._pairs and not self._busy:
            self._busy = True
            self._decide(what, self._pairs[self._at])

    @work(exit_on_error=False)
    async def _decide(self, what: Literal["merge", "apart"], pair: Pair) -> None:
        stays, goes = pair.one.id, pair.other.id

        def act() -> tuple[Done, Sequence[Entry]]:
            if what == "apart":
                return self._source.keep_apart(stays, goes), ()
            return self._source.merge(stays, goes), self._source.entries([stays])

        result = await self._run(act)
        if result is None:
            return
        done, changed = result
        self._before.append((list(self._pairs), self._at))
        self._changed = True
        del self._pairs[self._at]
        if changed:
            self._pairs = _without(self._pairs, goes, changed[0])
        self._at = min(self._at, max(0, len(self._pairs) - 1))
        self._say("Merged into the older paper · u undoes" if what == "merge" else "Not offered again · u undoes")
        if done.entry is None:
            self._say(done.summary)
            self._before.pop()
        self._show()

    def action_undo(self) -> None:
        """Take back what was decided last, here and not elsewhere."""
        if self._before and not self._busy:
            self._busy = True
            self._undo()

    @work(exit_on_error=False)
    async def _undo(self) -> None:
        undone = await self._run(self._source.undo)
        if undone is None:
            return
        self._pairs, self._at = self._before.pop()
        self._say(". ".join([f"Undid: {undone.summary}", *undone.kept]))
        self._show()

    def action_cancel(self) -> None:
        """Close."""
        self.dismiss(self._changed)


def _without(pairs: Sequence[Pair], gone: int, stays: Entry) -> list[Pair]:
    """The pairs after `gone` has become a part of `stays`: each two papers once, the better pair first."""
    left: dict[frozenset[int], Pair] = {}
    for pair in pairs:
        both = [stays if entry.id in {gone, stays.id} else entry for entry in (pair.one, pair.other)]
        one, other = sorted(both, key=lambda entry: entry.id)
        if one.id != other.id:
            left.setdefault(frozenset((one.id, other.id)), pair._replace(one=one, other=other))
    return list(left.values())


def _told(entry: Entry, other: Entry) -> list[Content]:
    """A paper in four cells: title, facts, what the person said of it, abstract; where it differs is marked."""
    facts = [
        date_text(entry.published).strip(),
        counted(entry.n_authors, "author") if entry.n_authors else "",
        cut(entry.organization or "", LONGEST),
        counted(entry.comments, "comment") if entry.comments else "",
        counted(entry.upvotes, "upvote") if entry.upvotes else "",
    ]
    names = ", ".join(entry.authors[:AUTHORS]) + (" …" if len(entry.authors) > AUTHORS else "")
    listed = f"Listed {', '.join(map(day_text, entry.days))}" if entry.days else "Listed on no known day"
    known = [" · ".join(filter(None, facts)), cut(names, LONGEST), listed, entry.url or "No arXiv id is known"]
    abstract = _compared(entry.abstract, other.abstract or "") if entry.abstract else Content("No abstract.")
    return [
        Content("\n").join([Content.styled(f"Paper {entry.id}", QUIET), _compared(entry.title, other.title, "bold")]),
        Content.styled("\n".join(filter(None, known)), QUIET),
        _mine(entry),
        abstract,
    ]


def _mine(entry: Entry) -> Content:
    """Marks, tags and note, each on lines of its own; empty where there are none."""
    marks = [
        f"{STARRED} starred" if entry.starred else "",
        f"{SKIPPED} skipped" if entry.skipped else "",
        f"{READ} read" if entry.read else "",
    ]
    lines = [Content.styled("   ".join(filter(None, marks)), "$accent")]
    chips = (Content.styled(f" {tag} ", "$foreground on $primary 25%") for tag in entry.tags[:TAGS])
    lines.append(Content(" ").join(chips))
    if entry.note:
        lines.append(Content.assemble((f"{NOTED} ", "$accent"), entry.note.rstrip()[:LONGEST]))
    return Content("\n").join(line for line in lines if line)


def _compared(text: str, other: str, style: str = "") -> Content:
    """The text, with the words marked that the other does not have at their place; none where few agree."""
    words, others = cut(text, LONGEST).split(" "), cut(other, LONGEST).split(" ")
    same = SequenceMatcher(None, [word.casefold() for word in others], [word.casefold() for word in words], False)
    agree = [False] * len(words)
    for block in same.get_matching_blocks():
        agree[block.b : block.b + block.size] = [True] * block.size
    if 3 * sum(agree) < len(words):
        return Content.styled(" ".join(words), style)
    parts = [
        Content.styled(word, style if alike else f"{style} {_DIFFERS}")
        for word, alike in zip(words, agree, strict=True)
    ]
    return Content(" ").join(parts)
