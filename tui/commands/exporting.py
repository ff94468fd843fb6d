"""The command `export`: papers as a document."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from store.exports import FORMATS, GROUPS
from tui.commands.arguments import QueryCommand, asking, open_library, query_argument
from tui.output import printed, say
from tui.wording import counted

if TYPE_CHECKING:
    from store.exports import Group

READING_LIST = "is:starred"


@click.command("export", cls=QueryCommand)
@query_argument
@click.option("--format", "name", type=click.Choice(list(FORMATS)), default="markdown", show_default=True)
@click.option("--output", metavar="FILE", help="Write FILE, whole or not at all (default: standard output).")
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
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
    name: str,
    output: str | None,
    force: bool,
    group: "Group | None",
    no_abstracts: bool,
    no_notes: bool,
) -> None:
    """Write the papers that match QUERY as a document (default: the reading list, is:starred).

    An empty QUERY ("") is all papers.
    """
    from store.exports import ExportOptions, render, title_of

    if group not in {None, "none"} and not FORMATS[name].grouped:
        say(f"There are no groups in {FORMATS[name].what}: --group changes nothing.")
    text = " ".join(query) if query else READING_LIST
    library = open_library(context)
    with asking(text):
        entries = library.list(text)
    options = ExportOptions(name, group or "tag", not no_abstracts, title_of(text), not no_notes)
    document = render(entries, options, today=date.today())  # noqa: DTZ011 (the person's own day)
    if output is None or output == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(printed(document).encode("utf-8", "replace"))
        return
    from store.exporting import write_whole

    write_whole(Path(output), document, force=force)
    say(f"Wrote {counted(len(entries), 'paper')} to {output}.")
