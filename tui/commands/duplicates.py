"""Papers that may be one under two titles: `duplicates`, and what a person says of them."""

from typing import TYPE_CHECKING

import click

from tui.commands.arguments import json_option, open_library, words
from tui.commands.command import Group
from tui.commands.piped import named
from tui.output import Column, say, to_terminal, write_fields, write_json_array, write_json_report, write_table
from tui.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.entries import Done, Pair
    from store.library import Library

_two_papers = click.argument("refs", nargs=-1, required=True, type=words, metavar="ID ID")


@click.group(
    "duplicates",
    cls=Group,
    invoke_without_command=True,
    examples=("paperdeck duplicates", "paperdeck duplicates --limit 5 --json | jq '.[].reason'"),
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N pairs (default: all).")
@json_option
@click.pass_context
def duplicates(context: click.Context, *, limit: int | None, as_json: bool) -> None:
    """List papers that may be one, most likely first.

    Papers with the same arXiv id or title are joined when they come in; these differ in both and are yours to decide.
    In a pipe, a line has these fields, separated by tabs: ID, ID, likeness in percent, title, title, reason.
    """
    if context.invoked_subcommand:
        return
    pairs = open_library(context).duplicates(limit)
    if as_json:
        write_json_array(
            {"one": pair.one._asdict(), "other": pair.other._asdict(), "score": pair.score, "reason": pair.reason}
            for pair in pairs
        )
    elif not pairs:
        say("No two papers look like one.")
    else:
        _write(pairs)


@duplicates.command("merge", examples=("paperdeck duplicates merge 12 40", "echo 12 40 | paperdeck duplicates merge -"))
@_two_papers
@json_option
@click.pass_context
def merge(context: click.Context, *, refs: tuple[str, ...], as_json: bool) -> None:
    """Make two papers one.

    It has the lower of the two numbers, what was known of both, your marks and tags on both, and both notes. What later
    imports bring of either goes to it. `paperdeck undo` parts them again.

    The JSON object has entry, summary, papers, changed (as of `paperdeck mark`) and stays, the number that stays.
    """
    library = open_library(context)
    stays, goes = papers = _two(library, refs)
    done = library.merge(stays, goes)
    if as_json:
        write_json_report({**_told(done, papers), "stays": stays})
    else:
        say(f"{done.summary}, which is paper {stays}.")


@duplicates.command(
    "apart", short_help="Remember that two papers are not the same.", examples=("paperdeck duplicates apart 12 40",)
)
@_two_papers
@json_option
@click.pass_context
def apart(context: click.Context, *, refs: tuple[str, ...], as_json: bool) -> None:
    """Remember that two papers are not the same: they are not listed again."""
    library = open_library(context)
    papers = _two(library, refs)
    done = library.keep_apart(*papers)
    if as_json:
        write_json_report(_told(done, papers))
    else:
        say(f"{done.summary}.")


def _told(done: "Done", papers: tuple[int, int]) -> dict[str, object]:
    return {"entry": done.entry, "summary": done.summary, "papers": papers, "changed": done.changed}


def _two(library: "Library", refs: "Sequence[str]") -> tuple[int, int]:
    """The two papers, the older first. Raises UnknownPaper, and UsageError if they are the same or not two."""
    ids = named(refs)
    if len(ids) != 2:
        raise click.UsageError(f"Name two papers, not {len(ids):,}.")
    older, newer = sorted(library.resolve(ids))
    if older == newer:
        raise click.UsageError("Name two papers: these are one already.")
    return older, newer


def _write(pairs: "Sequence[Pair]") -> None:
    if not to_terminal():
        for one, other, score, reason in pairs:
            write_fields([(f"{one.id}", f"{other.id}", f"{100 * score:.0f}", one.title, other.title, reason)])
        return
    ids = max(len(f"{pair.other.id}") for pair in pairs)
    columns = [Column(4, right=True), Column(ids, right=True), Column(0)]
    for pair in pairs:
        write_table(
            [
                ("bold", [f"{pair.score:.0%}", f"{pair.one.id}", pair.one.title]),
                ("bold", ["", f"{pair.other.id}", pair.other.title]),
                ("dim", ["", "", pair.reason]),
            ],
            columns,
        )
    count = counted(len(pairs), "pair")
    say(f"{count}: `paperdeck duplicates merge ID ID` makes one of two, `apart ID ID` keeps both.")
