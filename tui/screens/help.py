"""All keys, from the one table; nothing here names any but its own."""

import textwrap
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import PurePath
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from tui.screens.dialog import Dialog
from tui.widgets.hints import QUIET, Hint
from tui.widgets.line import Line

Groups = Mapping[str, Sequence[tuple[str, str]]]

TWO_COLUMNS = 84
"""Cells of room from which on the groups stand in two columns."""


class Help(Dialog[None]):
    """Shows `groups`: each group's (keys, what they do). `/` looks for something in it; `?`, `q` or Escape closes."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["dialog.tcss", "help.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,q", "close", "Close", show=False),
        Binding("slash,f", "find", "Find", show=False),
        Binding("j", "scroll(1)", "Down", show=False),
        Binding("k", "scroll(-1)", "Up", show=False),
        Binding("ctrl+d", "scroll(8)", "Half a page down", show=False),
        Binding("ctrl+u", "scroll(-8)", "Half a page up", show=False),
        Binding("g", "scroll(-9999)", "Top", show=False),
        Binding("G", "scroll(9999)", "Bottom", show=False),
    ]
    HINTS = (Hint("esc", "close", "close"), Hint("/", "find", "find"), Hint("↑↓", "scroll"))

    def __init__(self, groups: Groups) -> None:
        super().__init__("Keys")
        self._groups = groups

    def body(self) -> ComposeResult:
        """The line to look for something, out of sight at first, and the table."""
        yield Line(placeholder="Find a key or what it does")
        with VerticalScroll(id="table"):
            yield Static(id="keys")

    def on_mount(self) -> None:
        """Show all keys."""
        self.query_one(Input).display = False
        self.query_one("#table").focus()

    def on_resize(self) -> None:
        """Lay the table out for the room there is, once that is known."""
        self.call_after_refresh(self._show)

    @on(Input.Changed)
    def _show(self) -> None:
        room = self.query_one("#keys", Static).content_size.width
        wanted = self.query_one(Input).value.casefold().split()
        blocks = []
        for group, rows in self._groups.items():
            found = [row for row in rows if all(word in " ".join((*row, group)).casefold() for word in wanted)]
            if found:
                blocks.append((group, found))
        two = room >= TWO_COLUMNS and len(blocks) > 1
        width = (room - 4) // 2 if two else room
        columns = [_lines(group, rows, width) for group, rows in blocks]
        lines = _side_by_side(columns, width) if two else [line for column in columns for line in column]
        nothing = Content.styled("No key does that. The palette (Ctrl+p) finds actions by name.", QUIET)
        self.query_one("#keys", Static).update(Content("\n").join(lines) if lines else nothing)

    def action_find(self) -> None:
        """Show the line to look for something."""
        line = self.query_one(Input)
        line.display = True
        line.focus()

    @on(Input.Submitted)
    def _found(self) -> None:
        self.query_one("#table").focus()

    def action_cancel(self) -> None:
        """Leave the line first, then the help."""
        line = self.query_one(Input)
        if line.display:
            line.clear()
            line.display = False
            self.query_one("#table").focus()
        else:
            self.dismiss(None)

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one("#table").scroll_relative(y=by, animate=False)


def _lines(group: str, rows: Sequence[tuple[str, str]], width: int) -> list[Content]:
    """A group as lines of at most `width` cells: its name, its keys with what they do, and an empty line."""
    keys_width = min(max(cell_len(keys) for keys, _help in rows), 16 if width >= 48 else 8)
    lines = [Content.styled(group, "bold $accent")]
    for keys, does in rows:
        # Keys wider than their column stand on a line of their own.
        shown = [keys] if cell_len(keys) > keys_width else []
        wrapped = textwrap.wrap(does, max(10, width - keys_width - 2)) or [""]
        lines += [Content.styled(line, "bold") for line in shown]
        for number, words in enumerate(wrapped):
            first = keys if number == 0 and not shown else ""
            gap = " " * (keys_width + 2 - cell_len(first))
            lines.append(Content.assemble((first, "bold"), gap, (words, QUIET)))
    lines.append(Content(""))
    return lines


def _side_by_side(blocks: Sequence[list[Content]], width: int) -> list[Content]:
    """The blocks in two columns, in their order, parted where the columns come out most even."""

    def taller(at: int) -> int:
        return max(sum(map(len, blocks[:at])), sum(map(len, blocks[at:])))

    at = min(range(1, len(blocks)), key=taller)
    left = [line for block in blocks[:at] for line in block]
    right = [line for block in blocks[at:] for line in block]
    blank = Content("")
    return [
        one.pad_right(width + 4 - one.cell_length) + other for one, other in zip_longest(left, right, fillvalue=blank)
    ]
