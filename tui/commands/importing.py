"""Commands about what comes in: `import` and `digests`."""

import os
import sys
from datetime import date
from math import inf
from time import monotonic
from typing import TYPE_CHECKING

import click

from tui.commands.arguments import day, json_option, open_library
from tui.output import (
    complain,
    local_minute,
    say,
    shown,
    to_terminal,
    write,
    write_json,
    write_json_array,
    write_rows,
)
from tui.wording import counted, date_text

if TYPE_CHECKING:
    from store.models import FileReport, ImportReport

PATIENCE = 0.5
"""How many seconds an import may take before it shows a progress bar."""

BAR = 30
"""The bar's length in cells."""


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--date", "given_day", type=day, metavar="YYYY-MM-DD", help="The day of these pages (default: inferred).")
@json_option
@click.pass_context
def import_paths(context: click.Context, *, paths: tuple[str, ...], given_day: date | None, as_json: bool) -> None:
    """Import pages of Daily Papers, saved as text.

    PATH is a file, a folder (all pages below it; other files are passed over) or - for standard input. Importing a
    page again updates its papers and never touches your marks, tags and notes. Ctrl+c stops between two files: what
    was reported as imported stays.
    """
    from store.importing import Import
    from store.models import ImportReport

    if "-" in paths and to_terminal(sys.stdin):
        say("Paste the page, then press Ctrl+d.")
    run = Import(open_library(context), paths, day=given_day, stdin=sys.stdin.buffer)
    reports: list[FileReport] = []
    stopped = False
    progress = _Progress(run.total)
    try:
        for report in run:
            reports.append(report)
            progress.clear()
            _tell(report, on_standard_output=not as_json)
            progress.show(run.looked_at)
    except KeyboardInterrupt:
        stopped = True
    progress.clear()
    total = ImportReport.of(tuple(reports))
    if as_json:
        write_json(total.model_dump(mode="json"))
    if stopped:
        say(f"Stopped. {_summary(total)}")
        context.exit(130)
    if len(reports) > 1 or run.passed_over:
        passed_over = f"; {counted(run.passed_over, 'file')} passed over" if run.passed_over else ""
        say(f"{_summary(total)}{passed_over}.")
    if total.failed:
        context.exit(3 if total.failed < len(reports) else 1)


@click.group("digests", invoke_without_command=True)
@json_option
@click.pass_context
def digests(context: click.Context, *, as_json: bool) -> None:
    """List what was imported, the last document first.

    A line has: ID, day, papers, lines not understood, time of the import, name.
    """
    if context.invoked_subcommand:
        return
    records = open_library(context).digests()
    if as_json:
        write_json_array(record._asdict() for record in records)
    else:
        write_rows(
            [
                (
                    f"{record.id}",
                    record.day or "",
                    f"{record.listed}",
                    f"{record.unparsed}",
                    local_minute(record.imported_at),
                    record.name,
                )
                for record in records
            ],
            right=(0, 2, 3),
        )


@digests.command("show")
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@json_option
@click.pass_context
def show_digest(context: click.Context, *, number: int, as_json: bool) -> None:
    """Show an imported document, with the lines that were not understood and their numbers."""
    library = open_library(context)
    detail = library.digest(number)
    record = detail.record
    if as_json:
        lines = [{"number": line, "text": text} for line, text in detail.unparsed]
        write_json(record._asdict() | {"papers": detail.papers, "unparsed_lines": lines})
        return
    write(shown(record.name))
    day = f" of {_day(record.day, record.day_inferred)}" if record.day else ""
    write(f"{counted(record.listed, 'paper')}{day}, imported on {local_minute(record.imported_at)}")
    if not detail.unparsed:
        write("Every line was understood.")
        return
    write(f"{counted(record.unparsed, 'line')} not understood:")
    width = len(f"{detail.unparsed[-1][0]}")
    for line, text in detail.unparsed:
        write(f"{line:>{width}}  {shown(text)}")


@digests.command("remove")
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@click.pass_context
def remove_digest(context: click.Context, *, number: int) -> None:
    """Take an import back.

    Papers that nothing else lists and that you never touched go with it.
    """
    library = open_library(context)
    name = library.digest(number).record.name
    gone = library.remove_digest(number)
    say(f"Removed the import of {name} and {counted(gone, 'paper')} that nothing else listed.")


class _Progress:
    """A line on standard error that says how far an import is, where it takes long and a person is watching.

    It is cleared while anything else is printed, which may be on the same terminal.
    """

    def __init__(self, total: int) -> None:
        self.total = total
        self._due = monotonic() + PATIENCE if total > 1 and to_terminal(sys.stderr) else inf
        self._drawn = False

    def show(self, done: int) -> None:
        """Draw it: `done` of the documents are done."""
        if monotonic() < self._due:
            return
        filled = BAR * done // self.total
        self._draw(f"Importing {'━' * filled}{'─' * (BAR - filled)} {done:,} of {self.total:,} files")
        self._drawn = True

    def clear(self) -> None:
        """Take it off the screen."""
        if self._drawn:
            self._draw("")
            self._drawn = False

    def _draw(self, text: str) -> None:
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def _tell(report: "FileReport", *, on_standard_output: bool) -> None:
    """Say at once what became of a document: the report is the data, an error is a message."""
    if report.error:
        named = report.name in report.error
        complain(report.error if named else f"{report.name}: {report.error}")
    elif on_standard_output:
        try:
            print(f"{shown(report.name)}: {_outcome(report)}", flush=True)
        except BrokenPipeError:
            # Nobody reads the report any more; the files are to be imported all the same.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _outcome(report: "FileReport") -> str:
    """`25 papers of 28 Nov 2025 (year inferred): 21 new, 4 unchanged, 2 lines not understood (digests show 4)`."""
    day = f"of {_day(report.day.isoformat(), report.day_inferred)}" if report.day else "of no day (--date gives one)"
    parts = [
        f"{number:,} {what}"
        for number, what in ((report.new, "new"), (report.updated, "updated"), (report.unchanged, "unchanged"))
        if number
    ]
    if report.unchanged == report.listed:
        parts = ["nothing changed"]
    if report.unparsed:
        where = f" (digests show {report.digest})" if report.digest else ""
        parts.append(f"{counted(report.unparsed, 'line')} not understood{where}")
    return f"{counted(report.listed, 'paper')} {day}: {', '.join(parts)}"


def _summary(total: "ImportReport") -> str:
    done = counted(len(total.files) - total.failed, "file")
    counts = f"{total.new:,} new, {total.updated:,} updated, {total.unchanged:,} unchanged"
    failed = f"; {counted(total.failed, 'file')} failed" if total.failed else ""
    return f"Imported {done}: {counted(total.listed, 'paper')}, {counts}{failed}"


def _day(day: str | None, inferred: bool) -> str:
    return f"{date_text(day).strip()}{' (year inferred)' if inferred else ''}"
