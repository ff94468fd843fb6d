"""Commands that look at papers and change nothing: `list`, `search`, `show`, `tags`, `log`."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from store.entries import Appearance, Entry, Row
from tui.commands.arguments import (
    QueryCommand,
    asking,
    completing,
    json_option,
    open_library,
    query_argument,
    sort_order,
    words,
)
from tui.commands.command import Command
from tui.commands.piped import NO_IDS, named
from tui.output import (
    Column,
    local_minute,
    say,
    screen_width,
    shown,
    shown_lines,
    styled,
    to_terminal,
    write,
    write_fields,
    write_json,
    write_json_array,
    write_rows,
    write_table,
)
from tui.timeline import timeline
from tui.wording import date_text, who

if TYPE_CHECKING:
    from store.library import Library

BATCH = 500
"""How many papers are read at once, so that a long list begins at once and does not stand in memory."""

READING_WIDTH = 88


@click.command(
    "list",
    cls=QueryCommand,
    examples=(
        "paperdeck list is:inbox",
        "paperdeck list tag:agents -is:read --sort comments",
        "paperdeck list day:2025-11-28 --json | jq -r '.[].title'",
    ),
)
@query_argument
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N papers (default: all).")
@click.option(
    "--sort",
    type=sort_order,
    metavar="KEY",
    shell_complete=completing("sort_keys"),
    help="day, date, title, authors, comments, upvotes, added or relevance; -KEY turns it round.",
)
@json_option
@click.pass_context
def list_papers(
    context: click.Context, *, query: tuple[str, ...], limit: int | None, sort: str | None, as_json: bool
) -> None:
    """List the papers that match QUERY (default: all).

    They come newest day first and in the page's order within a day. In a pipe, a line has these fields, separated
    by tabs: ID, marks, day, title, organization or authors, tags.

    The JSON is an array of papers, as of `paperdeck show`.
    """
    library = open_library(context)
    text = " ".join(query)
    with asking(text):
        ids = library.ids(text, sort=sort, limit=limit)
    if as_json:
        write_json_array(entry._asdict() for batch in _batches(ids) for entry in library.entries(batch))
    else:
        _write_papers((row for batch in _batches(ids) for row in library.rows(batch)), max(ids, default=0))
        if not ids:
            say(_nothing(library, text))


@click.command(
    "search",
    cls=QueryCommand,
    examples=("paperdeck search quantizaton polite", "paperdeck search octopus is:starred --limit 5"),
)
@click.argument("wanted", nargs=-1, required=True, type=words, metavar="WORDS...", shell_complete=completing("queries"))
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="At most N papers."
)
@json_option
@click.pass_context
def search(context: click.Context, *, wanted: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Search for WORDS, best matches first, typos forgiven.

    Filters of the query language, such as is:unread or date:2025, narrow the search. In a pipe, a line has the same
    fields as in list.
    """
    library = open_library(context)
    text = " ".join(wanted)
    with asking(text):
        entries = library.search(text, limit)
    if as_json:
        write_json_array(entry._asdict() for entry in entries)
    else:
        _write_papers(entries, max((entry.id for entry in entries), default=0))
        if not entries:
            say(_nothing(library, text))


@click.command(
    "show",
    cls=Command,
    examples=(
        "paperdeck show 12",
        "paperdeck show 2401.12345 --json | jq -r .abstract",
        "paperdeck list tag:robotics | paperdeck show -",
    ),
)
@click.argument("refs", nargs=-1, required=True, metavar="ID...", type=words)
@json_option
@click.pass_context
def show(context: click.Context, *, refs: tuple[str, ...], as_json: bool) -> None:
    """Show papers with all that is known of them.

    ID is a paper's number or its arXiv id; with - they are read from standard input. The JSON of one ID is an object,
    of several or of - an array.

    A paper's JSON has id, title, abstract, published, n_authors, authors, organization, comments, upvotes, arxiv_id,
    url, code_url, project_url, days, read, starred, skipped, tags, note and added_at; what is unknown is null.
    """
    library = open_library(context)
    papers = library.resolve(named(refs))
    entries = (entry for batch in _batches(papers) for entry in library.entries(batch))
    if as_json and len(refs) == 1 and refs != ("-",):
        write_json(next(entries)._asdict())
    elif as_json:
        write_json_array(entry._asdict() for entry in entries)
    else:
        for number, entry in enumerate(entries):
            if number:
                write("")
            _show(library, entry)
        if not papers:
            say(f"{NO_IDS}.")


def _show(library: "Library", entry: Entry) -> None:
    write(styled(_wrapped(shown(entry.title)), "bold"))
    labels = [(label, text) for label, text in _facts(entry, library.appearances(entry.id)) if text]
    width = max(len(label) for label, _ in labels)
    for label, text in labels:
        write(f"{label.ljust(width)}  {shown(text)}")
    for heading, passage in (("Note", entry.note), ("Abstract", entry.abstract)):
        if passage:
            write(f"\n{styled(heading, 'bold')}")
            write("\n".join(map(_wrapped, passage.splitlines())))


@click.command("tags", cls=Command, examples=("paperdeck tags", "paperdeck tags | sort -rn | head"))
@json_option
@click.pass_context
def tags(context: click.Context, *, as_json: bool) -> None:
    """List all tags, with how many papers have each."""
    known = open_library(context).tags()
    if as_json:
        write_json_array(tag._asdict() for tag in known)
    else:
        write_rows([(f"{tag.papers}", tag.tag) for tag in known], right=(0,))


@click.command("log", cls=Command, examples=("paperdeck log --limit 10",))
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N actions (default: all).")
@json_option
@click.pass_context
def log(context: click.Context, *, limit: int | None, as_json: bool) -> None:
    """List what was done, the last action first."""
    entries = open_library(context).log(limit)
    if as_json:
        write_json_array(entry._asdict() for entry in entries)
    else:
        states = {"done": "", "undone": "undone", "dropped": "undone", "kept": "kept"}
        write_rows([(local_minute(entry.at), states[entry.state], entry.summary) for entry in entries])


def _nothing(library: "Library", query: str) -> str:
    if library.ids(limit=1):
        return f"No paper matches {query}"
    return "The library is empty: `paperdeck import PATH` brings papers in, `paperdeck demo` shows a sample."


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _write_papers(papers: Iterable[Row | Entry], largest_id: int) -> None:
    if not to_terminal():
        write_fields(
            (f"{paper.id}", ",".join(_marks(paper)), _day(paper) or "", paper.title, _who(paper), ", ".join(paper.tags))
            for paper in papers
        )
        return
    # The title has what is left; the other columns give way from the right as the terminal narrows.
    width = screen_width()
    columns = [Column(len(f"{largest_id}"), right=True), Column(3), Column(0)]
    columns += [Column(cells) for cells, least in ((11, 60), (22, 84), (20, 120)) if width >= least]
    write_table(
        (
            (
                "dim" if paper.decided else "bold",
                [f"{paper.id}", _signs(paper), paper.title, date_text(_day(paper)), _who(paper), ", ".join(paper.tags)][
                    : len(columns)
                ],
            )
            for paper in papers
        ),
        columns,
    )


def _day(paper: Row | Entry) -> str | None:
    if isinstance(paper, Row):
        return paper.day
    return paper.days[-1] if paper.days else None


def _who(paper: Row | Entry) -> str:
    return who(paper.organization, paper.authors, paper.n_authors)


def _marks(paper: Row | Entry) -> list[str]:
    noted = paper.noted if isinstance(paper, Row) else paper.note is not None
    marks = {"starred": paper.starred, "skipped": paper.skipped, "read": paper.read, "noted": noted}
    return [name for name, is_set in marks.items() if is_set]


def _signs(paper: Row | Entry) -> str:
    marks = _marks(paper)
    decision = "★" if "starred" in marks else "–" if "skipped" in marks else " "
    return f"{decision}{'✓' if 'read' in marks else ' '}{'✎' if 'noted' in marks else ' '}"


def _facts(entry: Entry, appearances: Sequence[Appearance]) -> Iterator[tuple[str, str]]:
    """What is known of a paper in a word or a line, with its label."""
    yield "ID", f"{entry.id}"
    yield "Marks", ", ".join(_marks(entry)) or "undecided"
    yield "Tags", ", ".join(entry.tags)
    yield "Published", date_text(entry.published).strip()
    yield "Listed", " · ".join(timeline(appearances))
    yield "Authors", ", ".join(entry.authors) or (f"{entry.n_authors}" if entry.n_authors is not None else "")
    yield "By", entry.organization or ""
    yield "Comments", "" if entry.comments is None else f"{entry.comments}"
    yield "Upvotes", "" if entry.upvotes is None else f"{entry.upvotes}"
    yield "arXiv", entry.url or ""
    yield "Code", entry.code_url or ""
    yield "Project", entry.project_url or ""


def _wrapped(text: str) -> str:
    """Text that no terminal obeys, on one set for reading; a tab is spaces."""
    if not to_terminal():
        return shown_lines(text)
    from rich.console import Console
    from rich.text import Text

    width = min(screen_width(), READING_WIDTH)
    lines = Text(shown_lines(text)).wrap(Console(width=width), width)
    return "\n".join(line.plain.rstrip() for line in lines)
