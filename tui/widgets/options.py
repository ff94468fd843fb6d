"""A list of options that may have no room: the terminal is tiny, or it has only just been opened."""

from textual.widgets import OptionList


class Options(OptionList):
    """Textual's, without its fault: where no line is in sight, there are no pages (8.2 raises KeyError)."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A page up or down needs room."""
        if action in {"page_up", "page_down"}:
            return bool(self.scrollable_content_region)
        return super().check_action(action, parameters)
