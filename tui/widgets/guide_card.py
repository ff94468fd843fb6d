"""The guided first run as a card above the panes: which key, why, and how to do without it."""

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Size
from textual.style import Style
from textual.widget import Widget

from tui.widgets.hints import QUIET

ROOMY = (60, 20)
"""Columns and lines of the terminal from which on it says why."""
WIDE, GAP = 108, 2
"""Columns from which on it takes a line less, the same in each step; and those before the words at the right."""


class GuideCard(Widget):
    """Says one step: its place among all, what to press, and why where there is room. A click on the words at the
    right leaves the guide."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    GuideCard {
        height: auto;
        max-height: 50vh;
        padding: 0 1;
        background: $surface;
        border-left: outer $accent;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._press, self._why = Content(), Content()
        self._ends: list[tuple[Content, Content]] = []
        """What stands at both ends of the first line, as long as one likes and as short as can be."""

    def show(self, places: tuple[str, str], name: str, press: Content, why: Content, leave: tuple[str, str]) -> None:
        """Show a step: which of them it is, and how to leave the guide, each in many words and in few."""
        self._ends = [
            (
                Content.assemble((place, QUIET), (name, "bold $accent")),
                Content.styled(words, QUIET).stylize(Style.from_meta({"leave": True})),
            )
            for place, words in zip(places, leave, strict=True)
        ]
        self._press, self._why = press, why.stylize_before(QUIET)
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 (Textual's)
        """As many lines as the words take in this width."""
        return len(self._lines(width)) if width else 0

    def render(self) -> RenderResult:
        """The lines."""
        return Content("\n").join(self._lines(self.content_size.width))

    def _lines(self, width: int) -> list[Content]:
        columns, rows = self.app.size
        why = self._why.wrap(width) if self._why and columns >= ROOMY[0] and rows >= ROOMY[1] else []
        press = self._press.wrap(width)
        (long, leave), short = self._ends
        ways = [(long + Content("   ") + self._press, leave, why)] if width >= WIDE else []
        for head, end, below in (*ways, (long, leave, press + why), (*short, press + why)):
            gap = width - head.cell_length - end.cell_length
            if gap >= GAP:
                return [head + Content(" " * gap) + end, *below]
        return [short[0], *press, *why, short[1]]

    async def on_click(self, event: events.Click) -> None:
        """Leave the guide."""
        if event.style.meta.get("leave"):
            event.stop()
            await self.app.run_action("perform('guide')", self.screen)
