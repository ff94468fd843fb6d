"""The question before something that cannot be taken back with one key."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from tui.screens.dialog import Dialog
from tui.widgets.hints import Hint, Hints


class Confirm(Dialog[bool]):
    """Asks `question`, explains in `detail`; True for `y` or Enter, False for `n` or Escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,Y,enter", "confirm", "Yes", show=False),
        Binding("n,N", "cancel", "No", show=False),
    ]

    def __init__(self, question: str, detail: str = "", yes: str = "Yes", no: str = "Cancel") -> None:
        super().__init__("")  # a title is cut where the terminal is narrow, and a question has to be read whole
        self._question = question
        self._detail = detail
        self._yes = yes
        self._no = no

    def body(self) -> ComposeResult:
        """The question, and its detail where there is one."""
        yield Static(Content.styled(self._question, "bold"))
        if self._detail:
            yield Static(Content(self._detail), id="detail")

    def on_mount(self) -> None:
        """Name the answers."""
        self.query_one(Hints).show(Hint("y", self._yes, "confirm"), Hint("n", self._no, "cancel"))

    def action_confirm(self) -> None:
        """Answer yes."""
        self.dismiss(True)

    def action_cancel(self) -> None:
        """Answer no."""
        self.dismiss(False)
