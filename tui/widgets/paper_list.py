"""The list of papers: draws the lines that are on the screen and nothing else, whatever the number of papers."""

from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from store.entries import DayCount, Row
from tui.deck import PAGE, Deck, Place, Spot
from tui.messages import CursorMoved, PaperOpened, SelectionChanged
from tui.widgets.paper_line import Look, State, heading_strip, paper_strips
from tui.widgets.styles import part_style

EMPTY = Deck(Place("", ""), (), lambda _: [])
_MARGIN = 2
"""Lines kept in sight above and below the cursor while it moves."""


class PaperList(ScrollView, can_focus=True):
    """Shows a `Deck`: a cursor that stays on its paper, a selection, day headings, one or two lines a paper."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"paper-list--{part}" for part in Look._fields if part != "base"}
    DEFAULT_CSS = """
    PaperList {
        background: $background;
        color: $foreground;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 0;
        overflow-x: hidden;
        & > .paper-list--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
        & > .paper-list--cursor_blurred { background: $surface; }
        & > .paper-list--selected { background: $accent 10%; }
        & > .paper-list--undecided { text-style: bold; }
        & > .paper-list--decided { color: $foreground 50%; }
        & > .paper-list--muted { color: $foreground 50%; }
        & > .paper-list--accent { color: $accent; }
        & > .paper-list--tag { color: $primary; }
        & > .paper-list--match { color: $accent; text-style: underline; }
        & > .paper-list--heading { color: $foreground; text-style: bold; }
    }
    """

    two_lines = var(False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.deck = EMPTY
        self.day_counts: Mapping[str, DayCount] = {}
        self.selection: set[int] = set()
        self._cursor = 0
        self._range_from: int | None = None
        self._strips: LRUCache[tuple[object, ...], list[Strip]] = LRUCache(800)
        self._look: Look | None = None

    # What it shows

    def show(self, deck: Deck, cursor: int | None = None, *, top: float | None = None) -> None:
        """Show another deck from its beginning, or with the cursor on the paper `cursor`, scrolled to line `top`."""
        if deck.words != self.deck.words:
            self._strips.clear()  # of a search they do not come back
        self.deck = deck
        self._range_from = None
        self._select(set())
        self._cursor = deck.index(cursor) or 0
        self._measure()
        if top is not None:
            self._scroll_to_line(top)
        self._load_around()
        self._keep_in_sight(force=top is None)
        self._tell()

    def renew(self, deck: Deck) -> None:
        """Show the same place with newer contents: the cursor stays on its paper, and that on its line of the screen.

        On the first paper at the very top the list stays there, so that what is new comes into sight.
        """
        paper, old_line, top = self.paper, self._line(), self.scroll_offset.y
        old = self._cursor
        self.deck = deck
        index = deck.index(paper)
        self._cursor = index if index is not None else max(0, min(old, len(deck) - 1))
        self._range_from = None
        if self.selection:
            self._select(self.selection.intersection(deck.ids))
        self._measure()
        if top > 0 or old > 0:
            self._scroll_to_line(self._line() - old_line + top)
        self._load_around()
        self._keep_in_sight()
        if self.paper != paper:
            self._tell()

    def changed(self, papers: Collection[int]) -> None:
        """Papers have changed in the library: read and draw again those that are on the screen."""
        first, last = self._visible()
        last = min(last, len(self.deck))
        self.deck.reread(papers, first, last)
        among = set(papers)
        for index in range(first, last):
            if self.deck.ids[index] in among:
                self._redraw(index)

    def count_days(self, counts: Sequence[DayCount]) -> None:
        """What is left to decide on each day, for the headings."""
        fresh = {count.day: count for count in counts}
        if fresh != self.day_counts:
            self.day_counts = fresh
            if self.deck.runs:
                self.refresh()

    # Cursor

    @property
    def cursor(self) -> int:
        """The index of the paper under the cursor; 0 in an empty list."""
        return self._cursor

    @property
    def paper(self) -> int | None:
        """The id of the paper under the cursor."""
        return self.deck.ids[self._cursor] if len(self.deck) else None

    @property
    def row(self) -> Row | None:
        """The row of the paper under the cursor."""
        if not len(self.deck):
            return None
        self.deck.load(self._cursor, self._cursor + 1)
        return self.deck.row(self._cursor)

    def go(self, index: int) -> bool:
        """Put the cursor on the paper at `index`, or the nearest that there is; whether it moved."""
        index = max(0, min(index, len(self.deck) - 1))
        if index == self._cursor or not len(self.deck):
            return False
        before, self._cursor = self._cursor, index
        if self._range_from is not None:
            self._take_range()
        self._redraw(before)
        self._redraw(index)
        self._keep_in_sight()
        self._tell()
        return True

    def step(self, by: int) -> None:
        """Move by papers."""
        self.go(self._cursor + by)

    def page(self, by: float) -> None:
        """Move by pages of the screen."""
        self.step(round(by * max(1, self.size.height // self._each - 1)) or (1 if by > 0 else -1))

    def to_end(self, *, last: bool) -> None:
        """Move to the first or last paper."""
        self.go(len(self.deck) - 1 if last else 0)
        if not last:
            self._scroll_to_line(0)

    def step_day(self, by: int) -> None:
        """Move to the first paper of the next day (1), of this one or, there already, of the one before it (-1)."""
        runs = self.deck.runs
        if not runs:
            return
        run = self.deck.run_of(self._cursor)
        if by < 0 and self._cursor > runs[run].start:
            by = 0
        run = max(0, min(run + by, len(runs) - 1))
        self.go(runs[run].start)
        self._scroll_to_line(self.deck.heading_line(run, self._each))

    # Selection

    def toggle(self) -> None:
        """Select the paper under the cursor, or take it out, and move on."""
        if self.paper is not None:
            self._range_from = None
            self._select(self.selection ^ {self.paper})
            self._redraw(self._cursor)
            self.step(1)

    def range(self) -> None:
        """Start a range at the cursor, which moving then draws out; or end the one that there is."""
        self._range_from = self._cursor if self._range_from is None and len(self.deck) else None
        if self._range_from is not None:
            self._take_range()

    def select_all(self, of: Collection[int] | None = None) -> None:
        """Select every paper of the list, or of these every one that is in it; if they are, none."""
        everything = set(self.deck.ids) if of is None else set(self.deck.ids).intersection(of)
        self._range_from = None
        self._select(set() if self.selection == everything else everything)
        self.refresh()

    def clear_selection(self) -> bool:
        """Select nothing; whether anything was."""
        had = bool(self.selection) or self._range_from is not None
        self._range_from = None
        self._select(set())
        self.refresh()
        return had

    @property
    def selected(self) -> list[int]:
        """The selected papers in the list's order."""
        if not self.selection:
            return []
        return [paper for paper in self.deck.ids if paper in self.selection]

    def _take_range(self) -> None:
        assert self._range_from is not None
        low, high = sorted((self._range_from, self._cursor))
        self._select(set(self.deck.ids[low : high + 1]))
        self.refresh()

    def _select(self, papers: set[int]) -> None:
        if papers != self.selection:
            self.selection = papers
            self.post_message(SelectionChanged())

    # Lines

    @property
    def _each(self) -> int:
        return 2 if self.two_lines else 1

    def _line(self) -> int:
        return self.deck.line(self._cursor, self._each) if len(self.deck) else 0

    def _measure(self) -> None:
        self.virtual_size = Size(self.size.width, self.deck.height(self._each))
        self.refresh()

    def _visible(self) -> tuple[int, int]:
        """The indexes of the first paper on the screen and of the one after the last."""
        top, height = self.scroll_offset.y, max(1, self.size.height)
        spot = self.deck.spot(top, self._each) or Spot(0, 0)
        first = spot.at if spot.part >= 0 else self.deck.runs[spot.at].start
        return first, first + height // self._each + 2

    def _load_around(self) -> None:
        """Read the rows of the screen before they are drawn, and with them those that come next."""
        first, last = self._visible()
        ids = len(self.deck)
        if any(self.deck.row(index) is None for index in range(first, min(last, ids))):
            self.deck.load(first - PAGE // 4, max(last, first + PAGE * 3 // 4))

    def _scroll_to_line(self, line: float) -> None:
        self.scroll_to(y=line, animate=False, force=True, immediate=True)

    def _keep_in_sight(self, *, force: bool = False) -> None:
        if not len(self.deck):
            return
        line, height, top = self._line(), self.size.height, self.scroll_offset.y
        if height <= 0:
            return
        margin = min(_MARGIN, max(0, (height - self._each) // 2))
        if line - margin < top:
            self._scroll_to_line(max(0, line - margin))
        elif line + self._each + margin > top + height:
            self._scroll_to_line(line + self._each + margin - height)
        elif force:
            self._scroll_to_line(top)
        self._load_around()

    def _redraw(self, index: int) -> None:
        line = self.deck.line(index, self._each) - self.scroll_offset.y
        self.refresh(Region(0, line, self.size.width, self._each))

    def _tell(self) -> None:
        self.post_message(CursorMoved())

    # Textual

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Have the rows at hand before the lines are drawn."""
        if round(old_value) != round(new_value):
            self._load_around()
        super().watch_scroll_y(old_value, new_value)

    def watch_two_lines(self) -> None:
        """Keep the cursor's paper where it is while the lines' height changes."""
        if self.is_mounted:
            self._measure()
            self._keep_in_sight()

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._measure()
        self._load_around()
        self._keep_in_sight()

    def on_focus(self) -> None:
        """Draw the cursor as the focused one."""
        self.refresh()

    def on_blur(self) -> None:
        """Draw the cursor as that of a pane that waits."""
        self.refresh()

    def notify_style_update(self) -> None:
        """The theme changed: draw everything in its colours."""
        super().notify_style_update()
        self._look = None
        self._strips.clear()

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the line under the mouse; a double click opens the paper."""
        spot = self.deck.spot(event.y + self.scroll_offset.y, self._each)
        if spot is None or spot.part < 0:
            return
        self.go(spot.at)
        if event.chain == 2:
            self.post_message(PaperOpened())

    def render_line(self, y: int) -> Strip:
        """Draw line `y` of the screen. Never reads the library."""
        width = self.size.width
        look = self._look or self._styles()
        spot = self.deck.spot(y + self.scroll_offset.y, self._each)
        if spot is None or spot.part == -2:
            return Strip.blank(width, look.base)
        if spot.part == -1:
            run = self.deck.runs[spot.at]
            papers = self.deck.run_end(spot.at) - run.start
            whole = self.deck.place.whole_days
            return heading_strip(run.day, papers, self.day_counts.get(run.day or "") if whole else None, width, look)
        row = self.deck.row(spot.at)
        if row is None:
            return Strip.blank(width, look.base)
        state = State(spot.at == self._cursor, row.id in self.selection, self.has_focus)
        key = (row, width, state, self.two_lines, self.deck.words)
        strips = self._strips.get(key)
        if strips is None:
            strips = paper_strips(row, width, look, state, self.deck.words, two_lines=self.two_lines)
            self._strips[key] = strips
        return strips[spot.part]

    def _styles(self) -> Look:
        self._look = Look(*(part_style(self, part) for part in Look._fields))
        return self._look
