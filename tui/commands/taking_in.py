"""What `import`, `fetch` and `add` have in common: each document is told as it is done, a line says how far they are,
and the exit status says whether all went well."""

import sys
from collections.abc import Callable, Iterable
from math import inf
from time import monotonic
from typing import TYPE_CHECKING

import click

from tui.output import (
    Unreported,
    complain,
    say,
    screen_width,
    shown,
    to_terminal,
    write_json,
    write_json_report,
    write_report,
)

if TYPE_CHECKING:
    from store.models import FileReport, ImportReport

PATIENCE = 0.5
"""How many seconds it may take before there is a line that says how far it is."""


class StatusLine:
    """A line on standard error that says what is under way, where it takes long and a person is watching.

    It is cleared while anything else is printed, which may be on the same terminal.
    """

    def __init__(self, *, wanted: bool = True) -> None:
        self._due = monotonic() + PATIENCE if wanted and to_terminal(sys.stderr) else inf
        self._drawn = ""

    def show(self, text: str) -> None:
        """Say this, in place of what stands there."""
        if monotonic() >= self._due and text != self._drawn:
            self._draw(shown(text)[: screen_width() - 1])  # one line, or it could not be cleared
            self._drawn = text

    def clear(self) -> None:
        """Take it off the screen."""
        if self._drawn:
            self._draw("")
            self._drawn = ""

    def _draw(self, text: str) -> None:
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def take_in(
    context: click.Context,
    run: "Iterable[FileReport]",
    line: StatusLine,
    *,
    words: "Callable[[FileReport], str]",
    in_all: "Callable[[ImportReport], str]",
    how_far: Callable[[], str] = str,
    as_json: bool,
) -> None:
    """Go through a run, telling each report as it comes and, of several, what was done in all; exit where some failed.

    `words` says what became of a document, `in_all` what was done in all (empty: not worth saying), `how_far` what the
    line says after a document. Ctrl+c ends it with status 130: what was reported stays.
    """
    from store.models import ImportReport

    reports: list[FileReport] = []
    stopped = False
    unreported = None
    try:
        for report in run:
            reports.append(report)
            line.clear()
            try:
                _tell(report, words(report), on_standard_output=not as_json)
            except Unreported as error:  # the rest is to be taken in all the same
                unreported = error
            line.show(how_far())
    except KeyboardInterrupt:
        stopped = True
    line.clear()
    total = ImportReport.of(tuple(reports))
    if summary := in_all(total):
        say(f"{'Stopped. ' if stopped else ''}{summary}.")
    elif stopped:
        say("Stopped.")
    if as_json:
        write = write_json_report if total.failed < len(reports) else write_json
        write(total.model_dump(mode="json"))
    if unreported:
        raise unreported
    if stopped:
        context.exit(130)
    if total.failed:
        context.exit(3 if total.failed < len(reports) else 1)


def _tell(report: "FileReport", words: str, *, on_standard_output: bool) -> None:
    """Say at once what became of a document: what it gave is data, all else a message."""
    if report.error:
        complain(words)
    elif report.notice:
        say(words)
    elif on_standard_output:
        write_report(shown(words))
