"""What all dialogs share: the centred frame with its title, the line of keys at its foot, Escape to leave."""

from pathlib import PurePath
from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from tui.widgets.hints import Hint, Hints
from tui.wording import cut

Result = TypeVar("Result")


class Dialog(ModalScreen[Result]):
    """A modal screen with a frame, a title, a body and its keys; Escape or a click beside the frame leaves it.

    A subclass yields its widgets in `body`, and names what Escape means in `action_cancel` where that is more than
    leaving with None. The title may hold anything: it is never read as markup.
    """

    CSS_PATH: ClassVar[str | PurePath | list[str | PurePath] | None] = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", show=False)]
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 (Textual's own is no ClassVar to mypy)
        (0, "-narrow"),
        (64, "-medium"),
        (100, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-low"),
        (20, "-middle"),
        (30, "-high"),
    ]
    HINTS: ClassVar[tuple[Hint, ...]] = ()

    def __init__(self, heading: str) -> None:
        super().__init__()
        self._heading = heading

    def compose(self) -> ComposeResult:
        """The frame around the body, and the keys."""
        with Vertical(id="frame") as frame:
            if self._heading:
                frame.border_title = Content(cut(self._heading))
            yield from self.body()
            yield Hints(self.HINTS)

    def body(self) -> ComposeResult:
        """The widgets between title and keys."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys typed ahead may come before the dialog is whole, or once it has been left: then nothing is done."""
        return self.is_mounted and self.is_active and super().check_action(action, parameters)

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Leave with a result, once: the second click of a double click would take away what is below."""
        return super().dismiss(result) if self.is_active else AwaitComplete()

    def action_cancel(self) -> None:
        """Leave without a result."""
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """Leave when the click is beside the frame."""
        if event.widget is self:
            self.action_cancel()
