"""A line to type into."""

from textual.widgets import Input

MOST_TYPED = 10_000
"""Characters that a line takes: with a million in it every key would wait."""


def is_page(pasted: str) -> bool:
    """Whether what was pasted is a page to import: several lines, which no line to type into has a use for."""
    return len(pasted.strip().splitlines()) > 1


class Line(Input):
    """Textual's, of bounded length: what would make it longer is refused with a bell."""

    def on_mount(self) -> None:
        """Bound it, unless it is shorter already."""
        self.max_length = self.max_length or MOST_TYPED
