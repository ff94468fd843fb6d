"""What all dialogs share: the centred frame with its title, the line of keys at its foot, Escape to leave."""

from pathlib import PurePath
from typing import ClassVar, NamedTuple, TypeVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult, RenderResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.style import Style
from textual.widget import Widget

Result = TypeVar("Result")

GAP = "   "
QUIET = "$foreground 60%"
"""The style of words that stand back. (`$text-muted` is for CSS: in a Content its `auto` loses the 60 %.)"""


class Hint(NamedTuple):
    """A key and what it does now. `action`, an action of the screen, is what a click on it does."""

    key: str
    label: str
    action: str = ""


class Hints(Widget):
    """The keys that matter now on one line. Those that do not fit are left out whole, the last ones first."""

    ALLOW_SELECT = False

    def __init__(self, hints: tuple[Hint, ...] = ()) -> None:
        super().__init__()
        self._hints = hints

    def show(self, *hints: Hint) -> None:
        """Show these hints, the most needed first."""
        if hints != self._hints:
            self._hints = hints
            self.refresh()

    def render(self) -> RenderResult:
        """The hints that fit, as text whose keys stand out and can be clicked."""
        parts: list[Content] = []
        room = self.content_size.width
        for hint in self._hints:
            width = cell_len(f"{hint.key} {hint.label}") + (len(GAP) if parts else 0)
            if width > room:
                break
            room -= width
            part = Content.assemble((hint.key, "$accent"), " ", (hint.label, QUIET))
            parts.append(part.stylize(Style.from_meta({"hint": hint.action})))
        return Content(GAP).join(parts)

    async def on_click(self, event: events.Click) -> None:
        """Do what the hint under the mouse says."""
        if action := event.style.meta.get("hint"):
            await self.run_action(f"screen.{action}")


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
        super().__init__(classes="dialog")
        self._heading = heading

    def compose(self) -> ComposeResult:
        """The frame around the body, and the keys."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(self._heading)
            yield from self.body()
            yield Hints(self.HINTS)

    def body(self) -> ComposeResult:
        """The widgets between title and keys."""
        raise NotImplementedError

    def action_cancel(self) -> None:
        """Leave without a result."""
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """Leave when the click is beside the frame."""
        if event.widget is self:
            self.action_cancel()
