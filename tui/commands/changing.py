"""Commands that change what the person says of papers: `mark`, `tag`, `note`, `undo`, `redo`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from store.entries import NOTHING_DONE
from tui.commands.arguments import chosen, completing, json_option, open_library, papers_or_query, words
from tui.commands.command import Command
from tui.commands.piped import NO_IDS, named, standard_input
from tui.output import printed, say, write, write_json, write_json_report

if TYPE_CHECKING:
    from store.entries import Done, Entry, Undone
    from store.library import Library


@click.command(
    "mark",
    cls=Command,
    examples=(
        "paperdeck mark 12 2401.12345 --star",
        "paperdeck mark --query 'is:inbox date:<2025' --skip",
        "paperdeck list tag:agents | grep -i tool | paperdeck mark - --star",
    ),
)
@papers_or_query
@click.option("--read/--unread", default=None, help="Done with it; or not.")
@click.option("--star/--unstar", default=None, help="“I will read it”; or no longer. A star ends a skip.")
@click.option("--skip/--unskip", default=None, help="“Not for me”; or no longer. A skip ends a star.")
@json_option
@click.pass_context
def mark(
    context: click.Context,
    *,
    refs: tuple[str, ...],
    query: str | None,
    read: bool | None,
    star: bool | None,
    skip: bool | None,
    as_json: bool,
) -> None:
    """Mark papers as read, starred or skipped.

    With - the IDs are read from standard input: words, the lines of `paperdeck list`, or JSON. Several marks at once
    are one action, which `paperdeck undo` takes back. An unknown ID changes nothing.

    The JSON object has entry (the action's number in `paperdeck log`, null if nothing was to change), summary, papers
    (the numbers of those that were named) and changed (of those that it changed).
    """
    if (read, star, skip) == (None, None, None):
        raise click.UsageError("Say how to mark: --read, --star, --skip, or --unread, --unstar, --unskip.")
    if star and skip:
        raise click.UsageError("A paper cannot be starred and skipped: give --star or --skip.")
    library = open_library(context)
    papers = chosen(library, refs, query)
    _report(library.mark(papers, read=read, starred=star, skipped=skip), papers, refs, as_json=as_json)


@click.command(
    "tag",
    cls=Command,
    examples=(
        "paperdeck tag 12 15 --add 'reading group'",
        "paperdeck tag --query tag:robotics --add embodied --remove robotics",
        "paperdeck search kv cahe --json | paperdeck tag - --add 'kv cache'",
    ),
)
@papers_or_query
@click.option(
    "--add",
    multiple=True,
    type=words,
    metavar="TAG",
    shell_complete=completing("tag_names"),
    help="Put TAG on them (may be repeated).",
)
@click.option(
    "--remove",
    multiple=True,
    type=words,
    metavar="TAG",
    shell_complete=completing("tag_names"),
    help="Take TAG off them (may be repeated).",
)
@json_option
@click.pass_context
def tag(
    context: click.Context,
    *,
    refs: tuple[str, ...],
    query: str | None,
    add: tuple[str, ...],
    remove: tuple[str, ...],
    as_json: bool,
) -> None:
    """Put tags on papers, take tags off them.

    With - the IDs are read from standard input, as with `paperdeck mark`. A tag is anything without a comma, in lower
    case. An unknown ID changes nothing. The JSON object is as of `paperdeck mark`.
    """
    if not add and not remove:
        raise click.UsageError("Say which tags: --add TAG or --remove TAG.")
    library = open_library(context)
    papers = chosen(library, refs, query)
    _report(library.tag(papers, add=add, remove=remove), papers, refs, as_json=as_json)


@click.command(
    "note",
    cls=Command,
    examples=(
        "paperdeck note 12",
        "paperdeck note 12 --append 'Compare with 15.'",
        "paperdeck note 12 - < thoughts.md",
        "paperdeck search octopus --limit 1 | paperdeck note - --text 'Soft.'",
    ),
)
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

    With - after the ID, the note is read from standard input; with - in place of the ID, the ID is: one of the two.
    Notes are Markdown.

    The JSON object has id and note; where the note is written, it is as of `paperdeck mark`.
    """
    if source not in {None, "-"}:
        raise click.UsageError("After the ID comes - for standard input, --text, --append, --edit, or nothing.")
    if sum((source is not None, text is not None, append is not None, edit)) > 1:
        raise click.UsageError("Give one of -, --text, --append and --edit.")
    if ref == "-" and (source is not None or edit):
        taken = "the note's text" if source is not None else "what the editor is typed into"
        raise click.UsageError(f"Standard input cannot be both the ID and {taken}: write the ID.")
    library = open_library(context)
    refs = named([ref])
    if len(refs) > 1:
        raise click.ClickException(
            f"A note is of one paper: standard input has {len(refs):,} IDs. Nothing was changed."
        )
    if not refs:
        _report(NOTHING_DONE, [], "-", as_json=as_json)
        return
    entry = library.entry(refs[0])
    if edit:
        _report(_edit(library, entry), [entry.id], as_json=as_json)
    elif source is not None or text is not None:
        done = library.note(entry.id, _standard_input() if text is None else text)
        _report(done, [entry.id], as_json=as_json)
    elif append is not None:
        _report(library.append_note(entry.id, append), [entry.id], as_json=as_json)
    elif as_json:
        write_json({"id": entry.id, "note": entry.note})
    elif entry.note is None:
        say(f"Paper {entry.id} has no note.")
    else:
        write(printed(entry.note))


@click.command("undo", cls=Command, examples=("paperdeck undo", "paperdeck undo --json | jq .changed"))
@json_option
@click.pass_context
def undo(context: click.Context, *, as_json: bool) -> None:
    """Take back the last action, whichever app or command did it.

    What was changed again since is left alone, which is said. The JSON object has entry, summary, changed (numbers of
    papers) and kept (a sentence for each thing left alone).
    """
    _report_undone("Undone", open_library(context).undo(), as_json=as_json)


@click.command("redo", cls=Command, examples=("paperdeck redo",))
@json_option
@click.pass_context
def redo(context: click.Context, *, as_json: bool) -> None:
    """Do again what was undone last.

    The JSON object is as of `paperdeck undo`.
    """
    _report_undone("Redone", open_library(context).redo(), as_json=as_json)


def _report(done: "Done", papers: list[int], refs: Sequence[str] = (), *, as_json: bool) -> None:
    """Tell what was done to `papers`, which `refs` or a query named."""
    if as_json:
        write_json_report({"entry": done.entry, "summary": done.summary, "papers": papers, "changed": done.changed})
    elif papers:
        say(f"{done.summary}.")
    else:
        say(f"{NO_IDS if refs else 'No paper matches'}; nothing was changed.")


def _report_undone(what: str, undone: "Undone", *, as_json: bool) -> None:
    if as_json:
        write_json_report({name: getattr(undone, name) for name in ("entry", "summary", "changed", "kept")})
        return
    say(f"{what}: {undone.summary}.")
    for sentence in undone.kept:
        say(sentence)


def _edit(library: "Library", entry: "Entry") -> "Done":
    from tui.drafts import Drafts
    from tui.editor import edited

    drafts = Drafts(library.path)
    names = drafts.names(library, entry)
    with edited(drafts, names, entry.note or "") as written:
        return library.note(entry.id, written.text, instead_of=written.before, named=names[0])


def _standard_input() -> str:
    """The text on standard input, without the line end that closes it."""
    from tui.editor import without_last_end

    try:
        text = standard_input("Type the note").decode()
    except UnicodeDecodeError as error:
        raise click.ClickException("Standard input is no UTF-8 text; the note was not changed.") from error
    return without_last_end(text)
