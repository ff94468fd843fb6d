"""What stands in an empty library: what this is, in one breath, and what comes first."""

import textwrap
from typing import ClassVar, NamedTuple

from textual import events
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

from tui.widgets.hints import QUIET

MARK = (
    "    ╭───────────╮    ",
    "  ╭─┴─────────╮ │    ",
    "╭─┴─────────╮ │ │    ",
    "│ ━━━━━━━   │ │ │    ",
    "│ ───── ──  │ ├─╯    ",
    "│ ── ─────  ├─╯      ",
    "╰───────────╯        ",
)

BREATH = (
    "Go through the day's papers with single keys, tag and note them, find each of them again in an instant, "
    "and export what you are going to read."
)


class Way(NamedTuple):
    """One way to begin: its key, what it does, and the message that it posts."""

    key: str
    words: str
    posts: str


class Welcome(Widget, can_focus=True):
    """Says what paperdeck is and offers a beginning. Posts `Fetch` (the day's papers), `Import` (a file or
    folder) and `Sample` (the sample library); a pasted page is the screen's to catch. Its lines can be clicked, or
    chosen with the arrows and Enter."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "begin('sample')", "Sample", show=False),
        Binding("i", "begin('import')", "Import", show=False),
        Binding("F", "begin('fetch')", "Fetch", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("enter", "choose", "Choose", show=False),
    ]
    DEFAULT_CSS = """
    Welcome {
        width: 1fr;
        height: 1fr;
        content-align: left middle;
        text-wrap: nowrap;
        padding: 0 1;
    }
    """

    class Fetch(Message):
        """The day's papers are to be fetched."""

    class Import(Message):
        """A file or folder is to be imported."""

    class Sample(Message):
        """The sample library is to be opened."""

    def __init__(self, fetch_key: str = "F", import_key: str = "i", *, id: str | None = None) -> None:
        """The keys as a person reads them."""
        super().__init__(id=id)
        self._ways = (
            Way("paste", "a copied Daily Papers page, right here", ""),
            Way(fetch_key, "fetch the day's papers", "fetch"),
            Way(import_key, "import a file or folder", "import"),
            Way("d", "open the sample library", "sample"),
        )
        self._at: int | None = None

    def render(self) -> RenderResult:
        """The mark where there is room, the sentence, the ways."""
        width, height = self.content_size
        lines: list[Content] = []
        if height >= 20:
            lines += [Content.styled(line, "$accent 70%") for line in MARK] + [Content("")]
        if height >= 10:
            lines += [Content.styled("p a p e r d e c k", "bold"), Content("")]
        lines += [Content.styled(line, QUIET) for line in _breath(width)]
        lines += [Content("")] * (2 if height >= 16 else 1)
        lines += self._offers(width, airy=height >= 16)
        # The parts have widths of their own and stand under each other's middle.
        return Content("\n").join(line.pad_left(max(0, (width - line.cell_length) // 2)) for line in lines)

    def _offers(self, width: int, *, airy: bool) -> list[Content]:
        """The ways, as a block of lines of one width."""
        keys = max(len(way.key) for way in self._ways)
        lines: list[Content] = []
        for at, way in enumerate(self._ways):
            chosen = at == self._at
            line = Content.assemble(
                ("› " if chosen else "  ", "$accent"),
                (way.key.rjust(keys), "bold $accent"),
                "  ",
                (way.words, "" if chosen else "$foreground 85%"),
            )
            lines.append(line.stylize(Style.from_meta({"way": way.posts})))
        room = min(width, max(line.cell_length for line in lines))
        lines = [
            line.truncate(room, ellipsis=True) if line.cell_length > room else line.pad_right(room - line.cell_length)
            for line in lines
        ]
        return [part for line in lines for part in (line, Content(""))][:-1] if airy else lines

    def on_click(self, event: events.Click) -> None:
        """Take the way under the mouse."""
        self.action_begin(str(event.style.meta.get("way", "")))

    def action_begin(self, way: str) -> None:
        """Ask the screen to begin."""
        if way == "fetch":
            self.post_message(self.Fetch())
        elif way == "import":
            self.post_message(self.Import())
        elif way == "sample":
            self.post_message(self.Sample())

    def action_move(self, by: int) -> None:
        """Move between the ways that a key can take."""
        self._at = 1 if self._at is None else max(1, min(len(self._ways) - 1, self._at + by))
        self.refresh()

    def action_choose(self) -> None:
        """Take the chosen way."""
        if self._at is not None:
            self.action_begin(self._ways[self._at].posts)


def _breath(width: int) -> list[str]:
    return textwrap.wrap(BREATH, max(20, min(56, width - 4)))
