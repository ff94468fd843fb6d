"""Papers that may be one under two titles: `duplicates`, and what a person says of them."""

from typing import TYPE_CHECKING

import click

from tui.commands.arguments import json_option, open_library, words
from tui.output import Column, say, to_terminal, write_fields, write_json_array, write_table
from tui.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.entries import Pair
    from store.library import Library


@click.group("duplicates", invoke_without_command=True)
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


@duplicates.command("merge")
@click.argument("refs", nargs=2, type=words, metavar="ID ID")
@click.pass_context
def merge(context: click.Context, *, refs: tuple[str, str]) -> None:
    """Make two papers one.

    It has the lower of the two numbers, what was known of both, your marks and tags on both, and both notes. What later
    imports bring of either goes to it. `paperdeck undo` parts them again.
    """
    library = open_library(context)
    stays, goes = _two(library, refs)
    done = library.merge(stays, goes)
    say(f"{done.summary}, which is paper {stays}.")


@duplicates.command("apart")
@click.argument("refs", nargs=2, type=words, metavar="ID ID")
@click.pass_context
def apart(context: click.Context, *, refs: tuple[str, str]) -> None:
    """Remember that two papers are not the same: they are not listed again."""
    library = open_library(context)
    say(f"{library.keep_apart(*_two(library, refs)).summary}.")


def _two(library: "Library", refs: tuple[str, str]) -> tuple[int, int]:
    """The two papers, the older first. Raises UnknownPaper, and UsageError if they are the same."""
    older, newer = sorted(library.resolve(refs))
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
