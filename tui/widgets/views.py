"""The views pane: the standing views, saved searches, tags and days, each with its count."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple, TypeVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from store.entries import DayCount, SavedSearch, TagCount, View
from tui.deck import Place
from tui.messages import PlaceChosen
from tui.widgets.styles import part_style
from tui.wording import day_text, fit

STANDING = {
    View.INBOX: Place("Inbox", View.INBOX),
    View.TO_READ: Place("To read", View.TO_READ),
    View.STARRED: Place("Starred", View.STARRED),
    View.READ: Place("Read", View.READ),
    View.SKIPPED: Place("Skipped", View.SKIPPED),
    View.ALL: Place("All", View.ALL),
}
T = TypeVar("T")
_FEW = 12
"""How many tags and days are listed before one asks for more."""


def day_place(day: str) -> Place:
    """The papers of a day."""
    return Place(day_text(day), f"day:{day}")


def tag_place(tag: str) -> Place:
    """The papers with a tag. Quoted as the query language quotes: a tag may hold spaces."""
    quoted = tag.replace('"', '""')
    return Place(f"#{tag}", f'tag:"{quoted}"')


def search_place(search: SavedSearch) -> Place:
    """What a saved search finds."""
    return Place(search.name, search.query, fuzzy=search.fuzzy)


class Contents(NamedTuple):
    """What the pane lists."""

    counts: Mapping[View, int]
    searches: Sequence[SavedSearch] = ()
    tags: Sequence[TagCount] = ()
    days: Sequence[DayCount] = ()


class Look(NamedTuple):
    """The styles of the pane's parts, from the theme."""

    base: Style
    brand: Style
    heading: Style
    name: Style
    tally: Style
    current: Style
    cursor: Style


class Item(NamedTuple):
    """A line of the pane: a place, a heading or a gap (no place), or `more`, which lists all of a group."""

    label: str = ""
    tally: str = ""
    place: Place | None = None
    more: str = ""


def _search_item(search: SavedSearch) -> Item:
    return Item(f"  {search.name}", "", search_place(search))


def _tag_item(count: TagCount) -> Item:
    return Item(f"  {count.tag}", f"{count.papers:,}", tag_place(count.tag))


def _day_item(count: DayCount) -> Item:
    left = f"{count.undecided:,}" if count.undecided else "✓"
    return Item(f"  {day_text(count.day)}", left, day_place(count.day))


class ViewsPane(ScrollView, can_focus=True):
    """Lists the places that there are; Enter or a click opens one."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"views-pane--{part}" for part in Look._fields if part != "base"}
    DEFAULT_CSS = """
    ViewsPane {
        background: $surface;
        color: $foreground;
        scrollbar-size-vertical: 1;
        scrollbar-background: $surface;
        scrollbar-background-hover: $surface;
        scrollbar-background-active: $surface;
        overflow-x: hidden;
        & > .views-pane--brand { color: $accent; text-style: bold; }
        & > .views-pane--heading { color: $foreground 50%; }
        & > .views-pane--name { color: $foreground 85%; }
        & > .views-pane--tally { color: $foreground 50%; }
        & > .views-pane--current { color: $accent; text-style: bold; }
        & > .views-pane--cursor { background: $block-cursor-background; }
    }
    """

    def __init__(self, heading: str, keys: Mapping[View, str], *, id: str | None = None) -> None:
        """`keys`: what opens each standing view, as shown to a person."""
        super().__init__(id=id)
        self._heading = heading
        self._keys = keys
        self._contents = Contents({})
        self._items: list[Item] = []
        self._open: set[str] = set()
        self._cursor = 2
        self._place: Place | None = None
        self._look: Look | None = None
        self._fill()

    def fill(self, contents: Contents) -> None:
        """List these; the cursor stays on its line's place."""
        if contents != self._contents:
            self._contents = contents
            self._fill()

    def opened(self, place: Place) -> None:
        """Show which place is open, and put the cursor on it."""
        self._place = place
        for number, item in enumerate(self._items):
            if item.place == place:
                self._go(number)
        self.refresh()

    # Movement, as in the list

    def step(self, by: int) -> None:
        """Move by lines that can be opened."""
        lines = [number for number, item in enumerate(self._items) if item.place or item.more]
        at = min(range(len(lines)), key=lambda place: abs(lines[place] - self._cursor))
        self._go(lines[max(0, min(at + by, len(lines) - 1))])

    def page(self, by: float) -> None:
        """Move by pages of the pane."""
        self.step(round(by * max(1, self.size.height - 2)))

    def to_end(self, *, last: bool) -> None:
        """Move to the first or last line."""
        self.step(len(self._items) if last else -len(self._items))

    def choose(self) -> None:
        """Open what the cursor stands on."""
        item = self._items[self._cursor]
        if item.more:
            self._open.add(item.more)
            self._fill()
        elif item.place is not None:
            self.post_message(PlaceChosen(item.place))

    def _go(self, line: int) -> None:
        self._cursor = line
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if line <= 2:
            self.scroll_to(y=0, animate=False, immediate=True)
        elif line < top + 1:
            self.scroll_to(y=line - 1, animate=False, immediate=True)
        elif line >= top + height:
            self.scroll_to(y=line - height + 1, animate=False, immediate=True)
        self.refresh()

    # Contents

    def _fill(self) -> None:
        at = self._items[self._cursor] if self._items else None
        self._items = list(self._lines())
        for number, item in enumerate(self._items):
            if at is not None and item.place == at.place and item.more == at.more and (item.place or item.more):
                self._cursor = number
        self._cursor = min(self._cursor, len(self._items) - 1)
        self.virtual_size = Size(self.size.width, len(self._items))
        self.refresh()

    def _lines(self) -> Iterator[Item]:
        yield Item(self._heading)
        yield Item()
        for view, place in STANDING.items():
            number = self._contents.counts.get(view)
            yield Item(
                f"{self._keys.get(view, '') or ' '} {place.name}", "" if number is None else f"{number:,}", place
            )
        yield from self._group("Searches", self._contents.searches, _search_item)
        yield from self._group("Tags", sorted(self._contents.tags, key=lambda count: -count.papers), _tag_item)
        yield from self._group("Days", self._contents.days, _day_item)

    def _group(self, name: str, entries: Sequence[T], item: Callable[[T], Item]) -> Iterator[Item]:
        """A group's heading and lines: only those that are listed are made, there may be years of days."""
        if not entries:
            return
        yield Item()
        yield Item(f"  {name}")
        few = len(entries) <= _FEW + 1 or name in self._open
        yield from map(item, entries if few else entries[:_FEW])
        if not few:
            yield Item(f"  {len(entries) - _FEW:,} more …", more=name)

    # Textual

    def render_line(self, y: int) -> Strip:
        """Draw line `y` of the screen."""
        width = self.size.width
        look = self._look or self._styles()
        number = y + self.scroll_offset.y
        if number >= len(self._items):
            return Strip.blank(width, look.base)
        item = self._items[number]
        if item.place is None and not item.more:
            style = look.brand if number == 0 else look.heading
            return Strip([Segment(fit(" " + item.label, width), look.base + style)], width)
        at = number == self._cursor and self.has_focus
        current = item.place is not None and item.place == self._place
        base = look.base + look.cursor if at else look.base
        bar = "▌" if at or current else " "
        room = max(0, width - 3 - cell_len(item.tally))
        return Strip(
            [
                Segment(bar, base + look.current),
                Segment(fit(item.label, room) + " ", base + (look.current if current else look.name)),
                Segment(item.tally + " ", base + look.tally),
            ]
        ).adjust_cell_length(width, base)

    def on_focus(self) -> None:
        """Draw the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Draw no cursor: the place that is open is marked."""
        self.refresh()

    def on_resize(self) -> None:
        """Keep to the pane's width."""
        self.virtual_size = Size(self.size.width, len(self._items))

    def notify_style_update(self) -> None:
        """The theme changed: draw everything in its colours."""
        super().notify_style_update()
        self._look = None

    def on_click(self, event: events.Click) -> None:
        """Open the line under the mouse."""
        number = event.y + self.scroll_offset.y
        if number < len(self._items) and (self._items[number].place or self._items[number].more):
            self._go(number)
            self.choose()

    def _styles(self) -> Look:
        self._look = Look(*(part_style(self, part) for part in Look._fields))
        return self._look
