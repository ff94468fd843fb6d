"""What did I do: the journal, newest first."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from store import clock
from store.entries import JournalEntry
from tui.screens.dialog import Dialog
from tui.widgets.hints import QUIET, Hint
from tui.widgets.options import Options
from tui.wording import counted, cut, date_text


class Log(Dialog[str | None]):
    """Shows journal entries, newest first. The result is `undo` or `redo` where that was asked for, else None.

    Undo and redo are one stack: `u` takes back the newest that is done, whichever line is highlighted.
    """

    CSS_PATH: ClassVar[list[str | PurePath]] = ["dialog.tcss", "lists.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "answer('undo')", "Undo", show=False),
        Binding("ctrl+r", "answer('redo')", "Redo", show=False),
        Binding("j", "move(1)", "Down", show=False),
        Binding("k", "move(-1)", "Up", show=False),
        Binding("q,L", "cancel", "Close", show=False),
    ]
    HINTS = (Hint("esc", "close", "cancel"), Hint("u", "undo", "undo"), Hint("ctrl+r", "redo", "redo"))

    def __init__(self, entries: Sequence[JournalEntry]) -> None:
        super().__init__("What did I do")
        self._entries = entries

    def body(self) -> ComposeResult:
        """A line for each entry."""
        if self._entries:
            yield Options(*(Option(_line(entry)) for entry in self._entries), markup=False)
        else:
            yield Static("Nothing yet: what you mark, tag and note will be listed here.", classes="message")

    def on_resize(self) -> None:
        """A list that does not fit takes the room there is."""
        self.set_class(len(self._entries) > self.size.height - 9, "-long")

    def action_answer(self, what: str) -> None:
        """Leave it to the main screen to undo or redo."""
        self.dismiss(what)

    def action_undo(self) -> None:
        """The hint was clicked."""
        self.dismiss("undo")

    def action_redo(self) -> None:
        """The hint was clicked."""
        self.dismiss("redo")

    def action_move(self, by: int) -> None:
        """Move the highlight."""
        for options in self.query(OptionList):
            if by > 0:
                options.action_cursor_down()
            else:
                options.action_cursor_up()


def _line(entry: JournalEntry) -> Content:
    """When, what it was, and whether it is undone: said before the summary, which may be long."""
    at = clock.local(datetime.fromisoformat(entry.at))
    gone = entry.state in ("undone", "dropped")
    # The summary of one paper's action names no number; one of several does already.
    papers = "" if entry.papers <= 1 or str(entry.papers) in entry.summary else f"  {counted(entry.papers, 'paper')}"
    return Content.assemble(
        (f"{date_text(at.date().isoformat())[:6]} {at:%H:%M}  ", QUIET),
        ("undone  " if gone else "        ", "$text-warning"),
        (cut(entry.summary), f"strike {QUIET}" if gone else ""),
        (papers, QUIET),
    )
