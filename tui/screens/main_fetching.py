"""Fetching beside everything else: in a thread, with a line in the footer that says so, until it is done or stopped."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from textual.timer import Timer

from store.entries import View
from store.errors import StoreError
from tui.background import Reader
from tui.widgets.hints import Hints
from tui.widgets.views import STANDING

if TYPE_CHECKING:
    from store.fetchers import Progress
    from store.models import ImportReport
    from tui.screens.main import MainScreen

AFTER_START = 0.5
"""Seconds after the start at which `fetch_on_start` begins: the list is on the screen by then."""
_TICK = 0.1
"""Seconds between two looks at how far it is."""


class Fetched(NamedTuple):
    """What a fetch did."""

    total: "ImportReport"
    stopped: bool
    """Whether the person ended it."""


class Fetching:
    """Fetches the day's papers as the settings say, one fetch at a time."""

    def __init__(self, screen: "MainScreen") -> None:
        self._screen = screen
        self._library = screen.library
        self._thread = Reader("fetch")
        self._stop = False
        self._words = ""
        self._timer: Timer | None = None

    def commands(self) -> dict[str, Callable[[], None]]:
        """What its key does."""
        return {"fetch": self._begin_or_stop}

    @property
    def is_on(self) -> bool:
        """Whether a fetch is under way."""
        return self._timer is not None

    def on_start(self) -> None:
        """Fetch once the list is on the screen, where the settings wish for it; silent unless there is something."""
        if self._screen.settings.fetch_on_start and not self._screen.temporary:
            self._screen.set_timer(AFTER_START, lambda: self.begin(quiet=True))

    def begin(self, *, quiet: bool = False) -> None:
        """Fetch, unless a fetch is under way. `quiet`: that there was nothing new is not said."""
        if self.is_on:
            return
        self._stop = False
        self._words = "Fetching …"
        self._timer = self._screen.set_interval(_TICK, self._show)
        self._show()
        self._screen.work(self._fetch(quiet=quiet), group="fetch")

    def _begin_or_stop(self) -> None:
        if not self.stop():
            self.begin()

    def stop(self) -> bool:
        """End the fetch, what came staying; whether there was one."""
        self._stop = True
        return self.is_on

    def close(self) -> None:
        """Let the thread end, which takes a moment at most."""
        self._stop = True
        self._thread.close()

    def _show(self) -> None:
        stops = f" · {self._screen.keymap.shown('fetch')} stops it" if not self._stop else ""
        self._screen.query_one("#key-bar", Hints).show_status(f"{self._words}{stops}" if self.is_on else "")

    async def _fetch(self, *, quiet: bool) -> None:
        screen, was_empty = self._screen, self._screen.places.is_empty
        try:
            done = await self._thread.run(self._run)
            screen.places.wrote(self._library.generations())
        except StoreError as error:
            screen.complain(error)
            return
        finally:
            if self._timer is not None:
                self._timer.stop()
            self._timer = None
            self._show()
        screen.places.recount()
        if was_empty and done.total.listed:
            screen.places.open(STANDING[View.INBOX])
        else:
            screen.places.look_again()
        self._tell(done, quiet=quiet)

    def _run(self) -> Fetched:
        """Fetch, in the thread. Raises StoreError."""
        from store.fetchers.http import Client
        from store.fetching import Fetch
        from store.models import ImportReport
        from tui.fetching import newest
        from tui.reports import under_way

        def show(progress: "Progress") -> None:
            self._words = under_way(progress, run.done, run.total)

        with Client(cancelled=lambda: self._stop, progress=show) as client:
            run = Fetch(self._library, newest(self._library, self._screen.settings.fetch), client)
            reports = tuple(run)
        return Fetched(ImportReport.of(reports), run.cancelled)

    def _tell(self, done: Fetched, *, quiet: bool) -> None:
        from tui.reports import fetched_in_all

        total = done.total
        words = fetched_in_all(total)
        if done.stopped:
            words = f"Stopped. {words}".rstrip()
        elif quiet and not (total.new or total.updated or total.failed):
            return
        self._screen.say(words, error=bool(total.failed))
