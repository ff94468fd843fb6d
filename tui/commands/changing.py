"""Commands that change what the person says of papers: `mark`, `tag`, `note`, `undo`, `redo`."""

import sys
from typing import TYPE_CHECKING

import click

from tui.commands.arguments import chosen, json_option, open_library, papers_or_query, words
from tui.output import printed, say, to_terminal, write, write_json

if TYPE_CHECKING:
    from store.entries import Done, Undone
    from store.library import Library


@click.command("mark")
@papers_or_query
@click.option("--read/--unread", default=None, help="Done with it; or not.")
@click.option("--star/--unstar", default=None, help="“I will read it”; or no longer. A star ends a skip.")
@click.option("--skip/--unskip", default=None, help="“Not for me”; or no longer. A skip ends a star.")
@click.pass_context
def mark(
    context: click.Context,
    *,
    refs: tuple[str, ...],
    query: str | None,
    read: bool | None,
    star: bool | None,
    skip: bool | None,
) -> None:
    """Mark papers as read, starred or skipped.

    Several marks at once are one action, which `paperdeck undo` takes back. An unknown ID changes nothing.
    """
    if (read, star, skip) == (None, None, None):
        raise click.UsageError("Say how to mark: --read, --star, --skip, or --unread, --unstar, --unskip.")
    if star and skip:
        raise click.UsageError("A paper cannot be starred and skipped: give --star or --skip.")
    library = open_library(context)
    papers = chosen(library, refs, query)
    _report(library.mark(papers, read=read, starred=star, skipped=skip), papers)


@click.command("tag")
@papers_or_query
@click.option("--add", multiple=True, type=words, metavar="TAG", help="Put TAG on them (may be repeated).")
@click.option("--remove", multiple=True, type=words, metavar="TAG", help="Take TAG off them (may be repeated).")
@click.pass_context
def tag(
    context: click.Context, *, refs: tuple[str, ...], query: str | None, add: tuple[str, ...], remove: tuple[str, ...]
) -> None:
    """Put tags on papers, take tags off them.

    A tag is anything without a comma, in lower case. An unknown ID changes nothing.
    """
    if not add and not remove:
        raise click.UsageError("Say which tags: --add TAG or --remove TAG.")
    library = open_library(context)
    papers = chosen(library, refs, query)
    _report(library.tag(papers, add=add, remove=remove), papers)


@click.command("note")
@click.argument("ref", metavar="ID", type=words)
@click.argument("source", metavar="[-]", required=False, type=words)
@click.option("--text", type=words, metavar="TEXT", help="Write TEXT in place of the note; an empty one removes it.")
@click.option("--append", type=words, metavar="TEXT", help="Add a line.")
@click.option("--edit", is_flag=True, help="Open the note in $VISUAL or $EDITOR.")
@json_option
@click.pass_context
def note(
    context: click.Context,
    *,
    ref: str,
    source: str | None,
    text: str | None,
    append: str | None,
    edit: bool,
    as_json: bool,
) -> None:
    """Print the note of a paper, or write it.

    With - the note is read from standard input. Notes are Markdown.
    """
    if source not in {None, "-"}:
        raise click.UsageError("After the ID comes - for standard input, --text, --append, --edit, or nothing.")
    if sum((source is not None, text is not None, append is not None, edit)) > 1:
        raise click.UsageError("Give one of -, --text, --append and --edit.")
    library = open_library(context)
    entry = library.entry(ref)
    if edit:
        _edit(library, entry.id, entry.note or "")
    elif source is not None:
        _write(library, entry.id, _standard_input())
    elif text is not None:
        _write(library, entry.id, text)
    elif append is not None:
        say(f"{library.append_note(entry.id, append).summary}.")
    elif as_json:
        write_json({"id": entry.id, "note": entry.note})
    elif entry.note is None:
        say(f"Paper {entry.id} has no note.")
    else:
        write(printed(entry.note))


@click.command("undo")
@click.pass_context
def undo(context: click.Context) -> None:
    """Take back the last action, whichever app or command did it."""
    _report_undone("Undone", open_library(context).undo())


@click.command("redo")
@click.pass_context
def redo(context: click.Context) -> None:
    """Do again what was undone last."""
    _report_undone("Redone", open_library(context).redo())


def _report(done: "Done", papers: list[int]) -> None:
    say(f"{done.summary}." if papers else "No paper matches; nothing was changed.")


def _report_undone(what: str, undone: "Undone") -> None:
    say(f"{what}: {undone.summary}.")
    for sentence in undone.kept:
        say(sentence)


def _write(library: "Library", paper: int, text: str) -> None:
    say(f"{library.note(paper, text).summary}.")


def _edit(library: "Library", paper: int, text: str) -> None:
    from tui.drafts import Drafts
    from tui.editor import edited

    with edited(Drafts(library.path), paper, text) as written:
        say(f"{library.note(paper, written.text, instead_of=written.before).summary}.")


def _standard_input() -> str:
    """The text on standard input, without the line end that closes it."""
    if to_terminal(sys.stdin):
        say("Type the note, then press Ctrl+d.")
    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException("Standard input is no UTF-8 text; the note was not changed.") from error
    return text.replace("\r\n", "\n").removesuffix("\n")
