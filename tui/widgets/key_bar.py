"""The footer: the keys that matter now, dropped from the right as the room narrows."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.style import Style
from textual.widget import Widget


class Hint(NamedTuple):
    """A key as a person reads it, what it does now, and the action that a click on it runs."""

    key: str
    label: str
    action: str


class KeyBar(Widget):
    """One line of hints, the most needed first."""

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: 1; padding: 0 1; background: $surface; }
    """
    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hints: Sequence[Hint] = ()

    def show(self, hints: Sequence[Hint]) -> None:
        """Show these hints."""
        if hints != self._hints:
            self._hints = hints
            self.refresh()

    def render(self) -> RenderResult:
        """The hints that fit."""
        parts: list[Content] = []
        room = self.content_size.width
        for hint in self._hints:
            room -= cell_len(f"{hint.key} {hint.label}") + (3 if parts else 0)
            if room < 0:
                break
            part = Content.assemble((hint.key, "$accent"), " ", (hint.label, "$foreground 60%"))
            parts.append(part.stylize(Style.from_meta({"action_id": hint.action})))
        return Content("   ").join(parts)

    async def on_click(self, event: events.Click) -> None:
        """Do what the hint under the mouse says."""
        action = event.style.meta.get("action_id")
        if isinstance(action, str):
            await self.run_action(f"screen.perform('{action}')")
