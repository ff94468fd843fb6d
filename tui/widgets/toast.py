"""A line that says what just happened, at the foot of the screen, and goes by itself."""

from functools import partial

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from store.harmless import harmless

READ = 25
"""Characters that one reads in a second."""
PAINTED = 0.1
"""Seconds after which every change of size has been laid out."""
AT_MOST = 12.0
"""Seconds that anything is shown; what went wrong longer."""

WIDEST = 84
"""Columns that it takes, at most."""
LONGEST = 4_000
"""Characters that are said at once."""


class StatusToast(Vertical):
    """A single toast whose text is replaced: going through a day's papers must not pile them up."""

    DEFAULT_CSS = """
    StatusToast {
        layer: toast;
        dock: bottom;
        width: 1fr;
        height: auto;
        margin: 0 0 1 0;
        align: right bottom;
        visibility: hidden;
        & > Static {
            visibility: hidden;
            width: auto;
            max-height: 50vh;
            padding: 0 2;
            background: $panel;
            color: $foreground;
            border-left: outer $accent;
        }
        &.-shown > Static { visibility: visible; }
        &.-error > Static { border-left: outer $error; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static("", markup=False)

    def say(self, words: str, *, error: bool = False, seconds: float = 4.0) -> None:
        """Show `words` in place of what stood there; of very many, the first."""
        if len(words) > LONGEST:
            words = f"{words[:LONGEST]} …"
        self._paint_below()
        self.set_class(error, "-error")
        text = self.query_one(Static)
        text.styles.max_width = min(WIDEST, self.app.size.width)
        text.update(Content("\n".join(map(harmless, words.split("\n")))))
        self.add_class("-shown")
        if self._timer is not None:
            self._timer.stop()
        shown = min(max(seconds, len(words) / READ), AT_MOST)
        self._timer = self.set_timer(shown * (2.5 if error else 1), self.hide)

    @property
    def tells_of_error(self) -> bool:
        """Whether an error stands there: what nobody asked for must not take its place."""
        return self.has_class("-shown") and self.has_class("-error")

    def hide(self) -> None:
        """Go away."""
        self._paint_below()
        self.remove_class("-shown")

    def _paint_below(self) -> None:
        """Have what is below painted soon: Textual (8.2) at times does not see that something has shrunk or gone."""
        if self.has_class("-shown"):
            self.set_timer(PAINTED, partial(self.screen.refresh, self.query_one(Static).region))
