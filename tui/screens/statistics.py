"""Statistics in the app: what came in, what was decided and how soon, and the inbox over time."""

from collections.abc import Awaitable, Callable
from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.errors import StoreError
from tui.screens.dialog import Dialog
from tui.widgets.hints import QUIET, Hint

if TYPE_CHECKING:
    from store.statistics import Stats
    from tui.statistics import Tone

Read = Callable[[int | None], "Awaitable[Stats]"]
"""Reads the statistics of the last so many days, or of all."""

RANGES = {"w": ("week", 7), "m": ("month", 30), "y": ("year", 365), "a": ("all", None)}
"""The key, what it shows, and how many days that is."""

_STYLES: dict["Tone", str] = {
    "heading": "bold $accent",
    "quiet": QUIET,
    "added": "$primary",
    "decided": "$success",
    "inbox": "$accent",
    "starred": "$accent",
    "read": "$success",
    "skipped": "$primary",
    "undecided": QUIET,
}


class Statistics(Dialog[None]):
    """Shows what `read` gives, as charts; `w`, `m`, `y` and `a` choose the days."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["dialog.tcss", "statistics.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"range('{key}')", words, show=False) for key, (words, _) in RANGES.items()),
        Binding("j", "scroll(1)", "Down", show=False),
        Binding("k", "scroll(-1)", "Up", show=False),
        Binding("ctrl+d", "scroll(12)", "Half a page down", show=False),
        Binding("ctrl+u", "scroll(-12)", "Half a page up", show=False),
        Binding("g", "scroll(-9999)", "Top", show=False),
        Binding("G", "scroll(9999)", "Bottom", show=False),
        Binding("q,C", "cancel", "Close", show=False),
    ]
    HINTS = (
        Hint("esc", "close", "cancel"),
        *(Hint(key, words, f"range('{key}')") for key, (words, _) in RANGES.items()),
        Hint("↑↓", "scroll"),
    )

    def __init__(self, read: Read) -> None:
        super().__init__("Statistics")
        self._read = read
        self._stats: Stats | None = None

    def body(self) -> ComposeResult:
        """The charts, which scroll."""
        with VerticalScroll(id="table"):
            yield Static("Counting …", id="charts", markup=False)

    def on_mount(self) -> None:
        """Count all there is."""
        self.query_one("#table").focus()
        self._count(None)

    def on_resize(self) -> None:
        """Lay the charts out for the room there is, once that is known."""
        self.call_after_refresh(self._show)

    def action_range(self, key: str) -> None:
        """Show other days."""
        self._count(RANGES[key][1])

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one("#table").scroll_relative(y=by, animate=False)

    @work(exclusive=True, exit_on_error=False)
    async def _count(self, days: int | None) -> None:
        try:
            self._stats = await self._read(days)
        except StoreError as error:
            self.query_one("#charts", Static).update(Content(str(error)))
            return
        self._show()

    def _show(self) -> None:
        from tui.statistics import lines

        charts = self.query_one("#charts", Static)
        if self._stats is None:
            return
        if not self._stats.papers:
            charts.update("There are no papers yet. What you import, and what you decide, is counted here.")
            return
        drawn = [
            Content.assemble(*((span.text, _STYLES.get(span.tone, "")) for span in line))
            for line in lines(self._stats, charts.content_size.width)
        ]
        charts.update(Content("\n").join(drawn))
