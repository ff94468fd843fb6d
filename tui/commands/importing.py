"""Commands about what comes in: `import` and `digests`."""

import sys
from datetime import date
from typing import TYPE_CHECKING

import click

from tui.commands.arguments import completing, day, json_option, open_library
from tui.commands.command import Command, Group
from tui.commands.taking_in import StatusLine, take_in
from tui.output import (
    local_minute,
    say,
    shown,
    to_terminal,
    write,
    write_json,
    write_json_array,
    write_json_report,
    write_rows,
)
from tui.reports import done_in_all, outcome
from tui.wording import counted, date_text

if TYPE_CHECKING:
    from store.models import FileReport, ImportReport

BAR = 30
"""The bar's length in cells."""


@click.command(
    "import",
    cls=Command,
    examples=("paperdeck import page.txt", "paperdeck import pages --json | jq .new", "paperdeck import - < page.txt"),
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", shell_complete=completing("files"))
@click.option("--date", "given_day", type=day, metavar="YYYY-MM-DD", help="The day of these pages (default: inferred).")
@json_option
@click.pass_context
def import_paths(context: click.Context, *, paths: tuple[str, ...], given_day: date | None, as_json: bool) -> None:
    """Import pages of Daily Papers, saved as text.

    PATH is a file, a folder (all pages below it; other files are passed over) or - for standard input. Importing a
    page again updates its papers and never touches your marks, tags and notes. Ctrl+c stops between two files: what
    was reported as imported stays.
    """
    if "" in paths:  # Path would take it for the folder that one is in, as an unset variable of the shell would have it
        raise click.BadParameter("an empty one names no file.", param_hint="PATH")
    from store.importing import Import

    if "-" in paths and to_terminal(sys.stdin):
        say("Paste the page, then press Ctrl+d.")
    run = Import(open_library(context), paths, day=given_day, stdin=sys.stdin.buffer)

    def how_far() -> str:
        filled = BAR * run.looked_at // max(run.total, 1)
        bar = f"{'━' * filled}{'─' * (BAR - filled)}"
        return f"Importing {bar} {run.looked_at:,} of {counted(run.total, 'file')}"

    def in_all(total: "ImportReport") -> str:
        passed_over = f"; {counted(run.passed_over, 'file')} passed over" if run.passed_over else ""
        return (
            f"{done_in_all(total, 'Imported', 'file')}{passed_over}" if len(total.files) > 1 or run.passed_over else ""
        )

    line = StatusLine(wanted=run.total > 1)
    take_in(context, run, line, words=_words, in_all=in_all, how_far=how_far, as_json=as_json)


def _words(report: "FileReport") -> str:
    if report.error and report.name in report.error:
        return report.error
    return f"{report.name}: {report.error or outcome(report)}"


@click.group(
    "digests", cls=Group, invoke_without_command=True, examples=("paperdeck digests", "paperdeck digests --json")
)
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


@digests.command("show", short_help="Show an imported document.", examples=("paperdeck digests show 3",))
@click.argument("number", metavar="ID", type=click.IntRange(min=1), shell_complete=completing("digest_ids"))
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


@digests.command("remove", examples=("paperdeck digests remove 3",))
@click.argument("number", metavar="ID", type=click.IntRange(min=1), shell_complete=completing("digest_ids"))
@json_option
@click.pass_context
def remove_digest(context: click.Context, *, number: int, as_json: bool) -> None:
    """Take an import back.

    Papers that nothing else lists and that you never touched go with it. The JSON object has id, name and
    papers_removed (how many).
    """
    library = open_library(context)
    name = library.digest(number).record.name
    gone = library.remove_digest(number)
    if as_json:
        write_json_report({"id": number, "name": name, "papers_removed": gone})
    else:
        say(f"Removed the import of {name} and {counted(gone, 'paper')} that nothing else listed.")


def _day(day: str | None, inferred: bool) -> str:
    return f"{date_text(day).strip()}{' (year inferred)' if inferred else ''}"
