"""The command `export`: papers as a document."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from store.exports import FORMATS, GROUPS
from tui.commands.arguments import QueryCommand, asking, completing, open_library, query_argument
from tui.commands.piped import NO_IDS, named
from tui.output import printed, say, write
from tui.wording import counted

if TYPE_CHECKING:
    from store.entries import Entry
    from store.exports import Group
    from store.library import Library

READING_LIST = "is:starred"
OBSIDIAN = "obsidian"
"""A format that is a folder of notes."""
FILES = completing("files")


@click.command(
    "export",
    cls=QueryCommand,
    short_help="Write papers as a document (default: the reading list).",
    examples=(
        "paperdeck export --output reading.md",
        "paperdeck export tag:robotics --format bibtex --output robotics.bib",
        "paperdeck export is:toread --in-place notes.md",
        "paperdeck export --format obsidian --output ~/vault/papers",
        "paperdeck search octopus | paperdeck export - --format json",
    ),
)
@query_argument
@click.option(
    "--format",
    "name",
    type=click.Choice([*FORMATS, OBSIDIAN]),
    metavar="FORMAT",
    help=f"{', '.join(FORMATS)}, {OBSIDIAN} (default: markdown).",
)
@click.option("--template", metavar="FILE", shell_complete=FILES, help="Instead of a format: your own Jinja2 template.")
@click.option("--show-template", is_flag=True, help="Print the template of markdown or html, to start from.")
@click.option(
    "--output",
    metavar="FILE",
    shell_complete=FILES,
    help="Write FILE, whole or not at all (default: standard output); of obsidian, the folder of the notes.",
)
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@click.option(
    "--in-place",
    metavar="FILE",
    shell_complete=FILES,
    help="Bring the papers in the Markdown FILE up to date and add new ones; all that you wrote in it stays.",
)
@click.option("--restore", is_flag=True, help="In place, or obsidian: bring back what you deleted there.")
@click.option(
    "--prune", is_flag=True, help="In place, or obsidian: remove papers that have left the list, but for edited ones."
)
@click.option(
    "--group",
    type=click.Choice(GROUPS),
    help="Put papers under headings (default: tag); one with several tags stands under the first of them.",
)
@click.option("--no-abstracts", is_flag=True, help="Leave the abstracts out.")
@click.option("--no-notes", is_flag=True, help="Leave your notes out.")
@click.pass_context
def export(
    context: click.Context,
    *,
    query: tuple[str, ...],
    name: str | None,
    template: str | None,
    show_template: bool,
    output: str | None,
    force: bool,
    in_place: str | None,
    restore: bool,
    prune: bool,
    group: "Group | None",
    no_abstracts: bool,
    no_notes: bool,
) -> None:
    """Write the papers that match QUERY as a document (default: the reading list, is:starred).

    An empty QUERY ("") is all papers. With - in its place, IDs are read from standard input, and the papers keep their
    order.
    """
    from store.exports import ExportOptions, render

    if show_template:
        _show_template(name or "markdown")
        return
    if template is not None and (name is not None or in_place is not None):
        raise click.UsageError("--template goes with no --format and no --in-place: it says itself what is written.")
    if "" in {output, in_place}:
        raise click.UsageError(f"{'--output' if output == '' else '--in-place'} is empty: name a file or folder.")
    if in_place is None and name != OBSIDIAN and (restore or prune):
        raise click.UsageError(f"--restore and --prune belong to --in-place FILE and to --format {OBSIDIAN}.")
    if in_place is not None and (output is not None or force or name not in {None, "markdown"} or in_place == "-"):
        raise click.UsageError(
            "--in-place names a Markdown file, and goes with no --output, --force or other --format."
        )
    if name == OBSIDIAN and (output in {None, "-"} or force):
        raise click.UsageError(f"--format {OBSIDIAN} needs the folder of its notes (--output FOLDER), and no --force.")
    if name != OBSIDIAN and group not in {None, "none"} and not FORMATS[name or "markdown"].grouped:
        say(f"There are no groups in {FORMATS[name or 'markdown'].what}: --group changes nothing.")
    library = open_library(context)
    entries, title = _wanted(library, query)
    if not entries and query == ("-",):
        say(f"{NO_IDS}; nothing was written.")
        return
    options = ExportOptions(name or "markdown", group or "tag", not no_abstracts, title, not no_notes)
    if in_place is not None or name == OBSIDIAN:
        from store.exports.in_place import InPlaceOptions
        from tui.commands.in_place import update

        how = InPlaceOptions(group, restore, prune)
        context.exit(update(library, in_place, output, entries, options=options, how=how))
    if template is not None:
        from store.exporting import read_template

        options = options._replace(template=read_template(Path(template)))
    document = render(entries, options, today=date.today())  # noqa: DTZ011 (the person's own day)
    if output is None or output == "-":
        if not entries:
            say("No paper matches." if query else "Nothing is starred yet: that is the reading list.")
        sys.stdout.flush()
        sys.stdout.buffer.write(printed(document).encode("utf-8", "replace"))
        return
    from store.exporting import write_whole

    write_whole(Path(output), document, force=force)
    say(f"Wrote {counted(len(entries), 'paper')} to {output}.")


def _wanted(library: "Library", query: tuple[str, ...]) -> "tuple[list[Entry], str]":
    """The papers of a query, or of the IDs on standard input, and what they are called."""
    from store.exports import title_of

    if query == ("-",):
        return library.entries(list(dict.fromkeys(library.resolve(named(query))))), "Papers"
    text = " ".join(query) if query else READING_LIST
    with asking(text):
        return library.list(text), title_of(text)


def _show_template(name: str) -> None:
    from store.errors import ExportError
    from store.exports.templating import source

    try:
        text = source(name)
    except ExportError as error:
        raise click.UsageError(str(error)) from error
    write(text.rstrip("\n"))
