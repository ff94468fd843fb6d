"""One paper set for reading: title, facts, tags, note, abstract and links, drawn line by line."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from store.entries import Entry
from store.harmless import harmless
from tui.messages import LinkChosen
from tui.widgets.paper_line import NOTED, READ, SKIPPED, STARRED
from tui.widgets.styles import part_style
from tui.wording import counted, date_text, matches

MEASURE = 88
"""The widest that an abstract is set, in columns: longer lines are hard to come back from."""

LONGEST_TITLE, LONGEST_TEXT, LONGEST_TAG, MOST_TAGS, MOST_LINES = 2_000, 50_000, 200, 500, 2_000
"""How much of a paper is set, in characters, tags and lines of a note: what is longer would hold up the keys."""


class Look(NamedTuple):
    """The styles of the paper's parts, from the theme."""

    base: Style
    title: Style
    muted: Style
    text: Style
    chip: Style
    sign: Style
    note: Style
    link: Style
    match: Style


class PaperView(ScrollView, can_focus=True):
    """Shows an `Entry`, or nothing: the list says what to do where there is none."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"paper-view--{part}" for part in Look._fields if part != "base"}
    DEFAULT_CSS = """
    PaperView {
        background: $background;
        color: $foreground;
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
        & > .paper-view--title { text-style: bold; color: $foreground; }
        & > .paper-view--muted { color: $foreground 55%; }
        & > .paper-view--text { color: $foreground 90%; }
        & > .paper-view--chip { color: $foreground; background: $primary 25%; }
        & > .paper-view--sign { color: $accent; }
        & > .paper-view--note { color: $foreground; background: $surface; }
        & > .paper-view--link { color: $primary; text-style: underline; }
        & > .paper-view--match { color: $accent; text-style: underline; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.entry: Entry | None = None
        self._listed: Sequence[str] = ()
        self._words: Collection[str] = ()
        self._lines: list[Strip] = []
        self._links: list[str] = []
        self._look: Look | None = None
        self._drawn: tuple[object, ...] | None = None

    def show(self, entry: Entry | None, words: Collection[str] = (), listed: Sequence[str] = ()) -> None:
        """Show a paper with `words` (folded) highlighted; `listed` is its timeline."""
        same = entry is not None and self.entry is not None and entry.id == self.entry.id
        self.entry, self._words, self._listed = entry, words, listed
        self._set()
        if not same:
            self.scroll_to(y=0, animate=False, force=True, immediate=True)

    # Movement, as in the list

    def step(self, by: int) -> None:
        """Scroll by lines."""
        self.scroll_to(y=self.scroll_offset.y + by, animate=False, immediate=True)

    def page(self, by: float) -> None:
        """Scroll by pages."""
        self.step(round(by * max(1, self.size.height - 2)))

    def to_end(self, *, last: bool) -> None:
        """Scroll to the beginning or the end."""
        self.scroll_to(y=self.max_scroll_y if last else 0, animate=False, immediate=True)

    # Drawing

    def _set(self) -> None:
        """Lay the paper out anew if anything that it depends on has changed."""
        width = self.size.width
        key = (self.entry, width, frozenset(self._words), tuple(self._listed), self._look)
        if key == self._drawn and self._look is not None:
            return
        look = self._look or self._styles()
        self._drawn = (*key[:-1], look)
        self._links = []
        self._lines = [self._strip(line, width, look) for line in self._text(width, look)]
        self.virtual_size = Size(width, len(self._lines))
        self.refresh()

    def _text(self, width: int, look: Look) -> Iterator[Text]:
        room = min(MEASURE, width - 4)
        entry = self.entry
        if entry is None or room < 4:
            return
        yield Text()
        yield from self._wrap(self._marked(_cut(entry.title, LONGEST_TITLE), look.title, look), room)
        if facts := list(self._about(entry, room, look)):
            yield Text()
            yield from facts
        if entry.tags:
            yield Text()
            yield from self._flow(self._chips(entry.tags, look), Text(" "), room)
        if entry.note:
            yield Text()
            yield from self._note(entry.note, room, look)
        yield Text()
        if entry.abstract:
            yield from self._wrap(self._marked(_cut(entry.abstract, LONGEST_TEXT), look.text, look), room)
        else:
            yield Text("The page gave no abstract.", look.muted)
        links = [("arXiv", entry.url), ("Code", entry.code_url), ("Project", entry.project_url)]
        if any(url for _, url in links):
            yield Text()
        for name, url in links:
            if url:
                yield from self._link(name, url, room, look)
        yield Text()

    def _about(self, entry: Entry, room: int, look: Look) -> Iterator[Text]:
        yield from self._flow(self._facts(entry, look), Text(" · ", look.muted), room)
        if entry.authors:
            shown = ", ".join(entry.authors[:12]) + (" …" if len(entry.authors) > 12 else "")
            yield from self._wrap(self._marked(_cut(shown, LONGEST_TITLE), look.muted, look), room)
        if self._listed:
            parts = (Text(part if at else f"Listed {part}", look.muted) for at, part in enumerate(self._listed))
            yield from self._flow(parts, Text(" · ", look.muted), room)
        if state := self._state(entry):
            yield Text(state, look.sign)

    def _facts(self, entry: Entry, look: Look) -> Iterator[Text]:
        if entry.published:
            yield Text(date_text(entry.published).strip(), look.muted)
        if entry.n_authors:
            yield Text(counted(entry.n_authors, "author"), look.muted)
        if entry.organization:
            yield self._marked(_cut(entry.organization, LONGEST_TITLE), look.muted, look)
        if entry.comments:
            yield Text(counted(entry.comments, "comment"), look.muted)
        if entry.upvotes:
            yield Text(counted(entry.upvotes, "upvote"), look.muted)

    @staticmethod
    def _state(entry: Entry) -> str:
        parts = [
            f"{STARRED} starred" if entry.starred else "",
            f"{SKIPPED} skipped" if entry.skipped else "",
            f"{READ} read" if entry.read else "",
        ]
        return "   ".join(part for part in parts if part)

    def _note(self, note: str, room: int, look: Look) -> Iterator[Text]:
        def padded(line: Text) -> Text:
            space = " " * max(0, room - 2 - line.cell_len)
            return Text.assemble(("▎ ", look.note + look.sign), line, (space, look.note))

        yield padded(Text(f"{NOTED} Note", look.note + look.muted))
        for paragraph in _note_lines(note):
            for line in self._wrap(self._marked(paragraph, look.note, look), room - 2):
                yield padded(line)

    @staticmethod
    def _chips(tags: Sequence[str], look: Look) -> Iterator[Text]:
        for tag in tags[:MOST_TAGS]:
            yield Text(f" {_cut(tag, LONGEST_TAG)} ", look.chip)
        if len(tags) > MOST_TAGS:
            yield Text(f"and {len(tags) - MOST_TAGS:,} more", look.muted)

    def _link(self, name: str, url: str, room: int, look: Look) -> Iterator[Text]:
        style = look.link + Style(meta={"link_number": len(self._links)})
        self._links.append(url)
        for number, line in enumerate(self._wrap(Text(_cut(url, LONGEST_TITLE), style), room - 9)):
            yield Text.assemble((f"{name if number == 0 else '':<9}", look.muted), line)

    def _marked(self, text: str, style: Style, look: Look) -> Text:
        marked = Text(text, style)
        for start, end in matches(text, self._words):
            marked.stylize(look.match, start, end)
        return marked

    def _flow(self, parts: Iterable[Text], between: Text, width: int) -> Iterator[Text]:
        """Parts one after another, broken between them; only one that is wider than a line is broken itself."""
        line = Text()
        for part in parts:
            if line and line.cell_len + between.cell_len + part.cell_len > width:
                yield line
                line = Text()
            line = (line + between if line else Text()) + part  # a Text of its own: the first part's style is its own
            if line.cell_len > width:
                *whole, line = self._wrap(line, width)
                yield from whole
        if line:
            yield line

    def _wrap(self, text: Text, width: int) -> Iterator[Text]:
        for line in text.wrap(self.app.console, max(1, width), overflow="fold", tab_size=4):
            line.rstrip()
            yield line

    def _strip(self, line: Text, width: int, look: Look) -> Strip:
        line = Text("", look.base) + line  # Text.render passes over the style of a text that has no spans
        segments = [Segment("  ", look.base)]
        for text, style, _ in line.render(self.app.console):
            segments.append(Segment(text, look.base + (style or Style())))
        return Strip(segments, 2 + cell_len(line.plain)).adjust_cell_length(width, look.base)

    def render_line(self, y: int) -> Strip:
        """Draw line `y` of the screen."""
        self._set()
        line = y + self.scroll_offset.y
        base = (self._look or self._styles()).base
        return self._lines[line] if line < len(self._lines) else Strip.blank(self.size.width, base)

    def on_resize(self) -> None:
        """Set the paper for the new width."""
        self._set()

    def notify_style_update(self) -> None:
        """The theme changed: draw everything in its colours."""
        super().notify_style_update()
        self._look = None

    def on_click(self, event: events.Click) -> None:
        """Open the link under the mouse."""
        number = event.style.meta.get("link_number")
        if isinstance(number, int) and number < len(self._links):
            self.post_message(LinkChosen(self._links[number]))

    def _styles(self) -> Look:
        self._look = Look(*(part_style(self, part) for part in Look._fields))
        return self._look


def _cut(text: str, most: int) -> str:
    """Text as far as it is set, on one line and without anything that a terminal would obey."""
    if len(text) <= most:
        return harmless(text)
    return f"{harmless(text[:most])} … and {len(text) - most:,} more characters"


def _note_lines(note: str) -> list[str]:
    """A note's lines as far as they are set; the editor has all of it."""
    lines = [harmless(line.expandtabs(4)) for line in note[:LONGEST_TEXT].splitlines()]
    left = len(note) - sum(map(len, lines[:MOST_LINES]))
    cut = len(note) > LONGEST_TEXT or len(lines) > MOST_LINES
    return [*lines[:MOST_LINES], f"… and about {left:,} more characters"] if cut else lines or [""]
