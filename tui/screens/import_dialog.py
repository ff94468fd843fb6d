"""Import a file, a folder or a pasted page: look first at what it holds, then take it in."""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path, PurePath
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, ProgressBar, Static
from textual.worker import Worker, WorkerState

from store.errors import StoreError
from tui.reports import found, imported
from tui.screens.dialog import Dialog
from tui.widgets.hints import QUIET, Hint, Hints
from tui.widgets.line import is_page
from tui.widgets.path_input import PathInput
from tui.wording import counted

if TYPE_CHECKING:
    from store.models import FileReport, ImportReport

TICK = 0.05
"""Seconds between two signs of progress."""


class Run(Protocol):
    """An import under way, as `store.importing.Import`: each step is one document."""

    total: int
    looked_at: int
    passed_over: int

    def __iter__(self) -> "Iterator[FileReport]":
        """A report for each document."""


class Files(Protocol):
    """Starts an import of paths: `partial(Import, library)`."""

    def __call__(self, paths: Sequence[str | Path], *, day: date | None, rehearse: bool) -> Run:
        """`day` is that of all pages, None their own. With `rehearse` nothing is changed."""


class Pasted(Protocol):
    """Imports a page's text: `partial(import_text, library)`."""

    def __call__(self, text: str, *, day: date | None, rehearse: bool) -> "FileReport":
        """The report on it, with its `error` where it is no page."""


class Job:
    """One look, or one import, in its thread. Only the thread writes to it but for `stopped`."""

    def __init__(self, source: str | Path, *, pasted: bool, day: date | None, rehearse: bool) -> None:
        self.source = source
        self.pasted = pasted
        self.day = day
        self.rehearse = rehearse
        self.stopped = False
        self.reports: list[FileReport] = []
        self.total = 1
        self.looked_at = 0
        self.passed_over = 0
        self.error = ""


class DayLine(Input):
    """The line for a day. Several lines that are pasted here are a page, which is the dialog's."""

    def _on_paste(self, event: events.Paste) -> None:
        if is_page(event.text):
            event.prevent_default()


State = Literal["nothing", "looking", "found", "importing", "done"]


class ImportDialog(Dialog["ImportReport | None"]):
    """Imports what is typed, or `text`, which was pasted; the result is the report, or None if nothing was done.

    `files` and `pasted` do the work, in threads: `partial(store.importing.Import, library)` and
    `partial(store.importing.import_text, library)`. `path` is what stands in the line at first.

    A file is looked at as soon as it is named, a folder at Enter; then Enter imports. Escape leaves, or stops an import
    under way: what was imported stays, and is in the result. Several lines pasted into the path line are a page. The
    dialog closes by itself after an import without a fault, and otherwise says first what went wrong.
    """

    CSS_PATH: ClassVar[list[str | PurePath]] = ["dialog.tcss", "import_dialog.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", "Import", show=False),
        Binding("ctrl+c", "stop", "Stop", show=False, priority=True),
    ]

    takes_pages = True

    class Ticked(Message):
        """A job got on, or has ended."""

        def __init__(self, job: Job, *, ended: bool) -> None:
            super().__init__()
            self.job = job
            self.ended = ended

    def __init__(
        self,
        files: Files,
        pasted: Pasted,
        text: str | None = None,
        path: str = "",
        *,
        later: Callable[[str], None] | None = None,
    ) -> None:
        """`later` is given what is pasted while another page is offered, or imported."""
        super().__init__("Import" if text is None else "Import the pasted text")
        self._later = later
        self._waiting = 0
        self._files = files
        self._pasted = pasted
        self._text = text
        self._path = path
        self._state: State = "nothing"
        self._job: Job | None = None

    def body(self) -> ComposeResult:
        """The path with what is there, the day, and what was found."""
        yield PathInput(self._path, "A file, or a folder with pages in it", id="path")
        with Horizontal(id="day-row"):
            yield Static("Day", id="day-label")
            yield DayLine(placeholder="YYYY-MM-DD", id="day", max_length=10)
            yield Static("the page's own if left empty", id="day-hint")
        yield ProgressBar(show_eta=False, show_percentage=False, id="progress")
        with VerticalScroll(id="results", can_focus=False):
            yield Static(id="result")

    def on_mount(self) -> None:
        """Begin with the path, or with what was pasted."""
        self.query_one(ProgressBar).display = False
        self._take_source()

    def _take_source(self) -> None:
        path = self.query_one(PathInput)
        path.display = self._text is None
        self.set_class(self._text is not None, "-pasted")
        (path.line if self._text is None else self.query_one("#day", Input)).focus()
        self._source_changed()

    # What is to be imported.

    @property
    def _source(self) -> str | Path | None:
        return self._text if self._text is not None else self.query_one(PathInput).path

    def _day(self) -> date | None:
        """The day given; None if none is. Raises ValueError if it is no day."""
        text = self.query_one("#day", Input).value.strip()
        return date.fromisoformat(text) if text else None

    def _source_changed(self) -> None:
        """Something else is to be imported, or under another day: what was found no longer holds."""
        if self._job is not None:
            self._job.stopped = True
            self._job = None
        self._enter_state("nothing")
        try:
            self._day()
        except ValueError:
            return
        source = self._source
        if self._text is not None or (source is not None and os.path.isfile(source)):  # noqa: PTH113 (never raises)
            self._start(rehearse=True)
        elif source is not None and os.path.isdir(source):  # noqa: PTH112
            self._tell("A folder: Enter looks through it and all that is below.")

    @on(PathInput.Changed)
    def _path_changed(self) -> None:
        self._source_changed()

    @on(Input.Changed, "#day")
    def _day_changed(self) -> None:
        self._source_changed()

    @on(PathInput.Pasted)
    def _page_pasted(self, message: PathInput.Pasted) -> None:
        self._text = message.text
        self.query_one("#frame").border_title = Content("Import the pasted text")
        self._take_source()

    @on(events.Paste)
    def _another_pasted(self, event: events.Paste) -> None:
        event.stop()
        if self._later is not None and event.text.strip():
            self._waiting += 1
            self._later(event.text)
            self.query_one("#frame").border_subtitle = Content(f"{counted(self._waiting, 'more page')} offered next")

    # Looking and importing, in a thread.

    def _start(self, *, rehearse: bool) -> None:
        source = self._source
        assert source is not None
        self._job = Job(source, pasted=self._text is not None, day=self._day(), rehearse=rehearse)
        self._enter_state("looking" if rehearse else "importing")
        self._work(self._job)

    @work(thread=True, exit_on_error=False)
    def _work(self, job: Job) -> None:
        try:
            if job.pasted:
                job.reports.append(self._pasted(str(job.source), day=job.day, rehearse=job.rehearse))
                job.looked_at = 1
            else:
                self._go_through(job)
        except StoreError as error:
            job.error = str(error)
        self.post_message(self.Ticked(job, ended=True))

    def _go_through(self, job: Job) -> None:
        run = self._files([job.source], day=job.day, rehearse=job.rehearse)
        job.total = run.total
        shown = monotonic()
        for report in run:
            job.reports.append(report)
            job.looked_at, job.passed_over = run.looked_at, run.passed_over
            if job.stopped:
                return
            if monotonic() - shown > TICK:
                shown = monotonic()
                self.post_message(self.Ticked(job, ended=False))
        job.looked_at, job.passed_over = run.looked_at, run.passed_over

    @on(Worker.StateChanged)
    def _failed(self, event: Worker.StateChanged) -> None:
        """An error that nobody foresaw: say it, rather than wait for ever."""
        if event.state is WorkerState.ERROR and self._job is not None and event.worker.name == "_work":
            self._job.error = f"This went wrong: {event.worker.error!r}"
            self._ended(self._job)

    @on(Ticked)
    def _ticked(self, message: Ticked) -> None:
        job = message.job
        if job is not self._job:
            return
        if message.ended:
            self._ended(job)
        else:
            self._show_progress(job)

    def _ended(self, job: Job) -> None:
        errors = [report.error for report in job.reports if report.error is not None]
        if job.error:
            errors.append(job.error)
        stopped = job.stopped and job.looked_at < job.total
        if job.rehearse:
            self._enter_state("found" if len(errors) < max(1, len(job.reports)) else "nothing")
            self._tell(*found(job.reports, job.passed_over), errors=errors)
            self._show_day(job)
        elif not errors and not stopped:
            self.dismiss(self._report(job))
        elif len(errors) >= len(job.reports) and not stopped:
            self._enter_state("nothing")
            self._tell(errors=errors)
        else:
            self._enter_state("done")
            how_far = f"Stopped after {job.looked_at:,} of {counted(job.total, 'file')}; what was imported stays"
            done = imported(self._report(job))
            self._tell(*([how_far, done] if stopped else [done]), errors=errors)

    @staticmethod
    def _report(job: Job) -> "ImportReport":
        from store.models import ImportReport

        return ImportReport.of(tuple(job.reports))

    # What is on the screen.

    def _enter_state(self, state: State) -> None:
        self._state = state
        self.query_one(ProgressBar).display = False
        busy = state in ("importing", "done")
        for line in self.query(Input):
            line.disabled = busy
        self._tell("Reading it …" if state == "looking" else "")
        typing = self._text is None
        hints: dict[State, tuple[Hint, ...]] = {
            "nothing": (
                (Hint("enter", "look", "enter"), Hint("esc", "close", "cancel"), Hint("tab", "complete"))
                if typing
                else (Hint("esc", "close", "cancel"),)
            ),
            "looking": (Hint("enter", "import", "enter"), Hint("esc", "close", "cancel")),
            "found": (
                Hint("enter", "import", "enter"),
                Hint("esc", "close", "cancel"),
                *([Hint("tab", "day")] if typing else []),
            ),
            "importing": (Hint("esc", "stop", "cancel"),),
            "done": (Hint("enter", "close", "enter"),),
        }
        self.query_one(Hints).show(*hints[state])

    def _tell(self, *lines: str, errors: Sequence[str] = ()) -> None:
        """Say what was found, the first line foremost, and what is wrong, at most a few hundred lines of it."""
        parts = [
            Content.styled(line, "bold" if at == 0 and self._state != "nothing" else QUIET)
            for at, line in enumerate(lines)
        ]
        parts += [Content.assemble(("✗ ", "$text-error"), error) for error in errors[:300]]
        if len(errors) > 300:
            parts.append(Content.styled(f"… and {len(errors) - 300:,} more", QUIET))
        self.query_one("#result", Static).update(Content("\n").join(parts))

    def _show_progress(self, job: Job) -> None:
        bar = self.query_one(ProgressBar)
        bar.display = True
        bar.update(total=job.total, progress=job.looked_at)
        doing = "Read" if job.rehearse else "Imported"
        self._tell(f"{doing} {job.looked_at:,} of {counted(job.total, 'file')}")

    def _show_day(self, job: Job) -> None:
        """Offer the day that was found where one may be typed instead."""
        days = {report.day for report in job.reports if report.error is None}
        one = days.pop() if len(days) == 1 else None
        self.query_one("#day", Input).placeholder = one.isoformat() if one else "YYYY-MM-DD"

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Ctrl+c stops an import, and otherwise copies as ever."""
        if action == "stop":
            return self._state == "importing"
        return super().check_action(action, parameters)

    @on(PathInput.Submitted)
    @on(Input.Submitted, "#day")
    def action_enter(self) -> None:
        """Look at what is named; once looked at, import it; after an import, leave."""
        if self._state == "done" and self._job is not None:
            self.dismiss(self._report(self._job))
        elif self._state != "importing" and (source := self._source) is not None:
            self._look_or_import(source)

    def _look_or_import(self, source: str | Path) -> None:
        try:
            self._day()
        except ValueError:
            self._tell(errors=["The day is no date: write it as 2025-11-28."])
            self.query_one("#day", Input).focus()
            return
        if self._state in ("looking", "found"):
            if self._job is not None:
                self._job.stopped = True
            self._start(rehearse=False)
        elif self._text is not None or os.path.isfile(source) or os.path.isdir(source):  # noqa: PTH112, PTH113
            self._start(rehearse=True)
        else:
            there = os.path.lexists(source)
            self._tell(errors=[f"{source} is neither a file nor a folder." if there else f"{source} does not exist."])

    def action_stop(self) -> None:
        """Stop the import after the document that is being read."""
        if self._job is not None:
            self._job.stopped = True
            self._tell("Stopping …")

    def action_cancel(self) -> None:
        """Stop an import under way; otherwise leave, with what has been imported."""
        if self._state == "importing":
            self.action_stop()
            return
        if self._job is not None:
            self._job.stopped = True
        self.dismiss(self._report(self._job) if self._state == "done" and self._job is not None else None)
