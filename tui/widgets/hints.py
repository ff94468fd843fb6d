"""A line of keys: what can be pressed, or clicked, now."""

from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

GAP = "   "
QUIET = "$foreground 60%"
"""The style of words that stand back. (`$text-muted` is for CSS: in a Content its `auto` loses the 60 %.)"""


class Hint(NamedTuple):
    """A key and what it does now. `action` is what a click does: an action of the dialog or widget around it."""

    key: str
    label: str
    action: str = ""


class Hints(Widget):
    """The keys that matter now on one line. Those that do not fit are left out whole, the last ones first."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "Hints { height: 1; width: 1fr; }"

    def __init__(self, hints: tuple[Hint, ...] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hints = hints
        self._status = ""

    def show(self, *hints: Hint) -> None:
        """Show these hints, the most needed first."""
        if hints != self._hints:
            self._hints = hints
            self.refresh()

    def show_status(self, words: str) -> None:
        """Say at the right end what is going on; empty for nothing."""
        if words != self._status:
            self._status = words
            self.refresh()

    def render(self) -> RenderResult:
        """The hints that fit, as text whose keys stand out and can be clicked."""
        parts: list[Content] = []
        width = self.content_size.width
        status = Content(self._status).truncate(width * 3 // 5, ellipsis=True)
        room = width - (status.cell_length + len(GAP) if status else 0)
        for hint in self._hints:
            needed = cell_len(f"{hint.key} {hint.label}") + (len(GAP) if parts else 0)
            if needed > room:
                break
            room -= needed
            part = Content.assemble((hint.key, "$accent"), " ", (hint.label, QUIET))
            parts.append(part.stylize(Style.from_meta({"hint": hint.action})))
        line = Content(GAP).join(parts)
        return line + Content(" " * (width - line.cell_length - status.cell_length)) + status.stylize(QUIET)

    async def on_click(self, event: events.Click) -> None:
        """Do what the hint under the mouse says."""
        action = event.style.meta.get("hint")
        if not action:
            return
        event.stop()
        for node in self.ancestors:
            if hasattr(node, f"action_{action.partition('(')[0]}"):
                await self.app.run_action(action, node)
                return
