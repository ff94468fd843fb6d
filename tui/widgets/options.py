"""A list of options that may have no room, or other options than a moment ago."""

from typing import Literal

from textual import events
from textual.widgets import OptionList


class Options(OptionList):
    """Textual's, without two of its faults (8.2), which end the app: a page of a list of which no line is in sight, and
    a click on an option that has just gone."""

    def _move_page(self, direction: Literal[-1, 1]) -> None:
        if self.scrollable_content_region:
            super()._move_page(direction)

    async def _on_click(self, event: events.Click) -> None:  # Textual calls the base class's as well
        if event.style.meta.get("option", 0) >= self.option_count:
            event.prevent_default()
