"""The command line: what it consists of, and how its errors become messages and an exit status."""

import sys
from collections.abc import Sequence

import click

from store.errors import StoreError
from tui.commands.arguments import completing
from tui.commands.changing import mark, note, redo, tag, undo
from tui.commands.command import Command, Group
from tui.commands.completing import completions
from tui.commands.configuring import config
from tui.commands.duplicates import duplicates
from tui.commands.exporting import export
from tui.commands.fetching import add, fetch
from tui.commands.importing import digests, import_paths
from tui.commands.keeping import backup, doctor, restore
from tui.commands.reading import list_papers, log, search, show, tags
from tui.commands.serving import serve
from tui.commands.statistics import stats
from tui.output import Unreported, complain, print_nowhere, reason, say
from tui.start import open_app, open_demo

HELP_WIDTH = 80
"""Of help texts, in columns, at most."""


def _named(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """What `--db` names; an unset variable of the shell is not to lead to another library."""
    if value == "":
        raise click.BadParameter("it names no file.")
    return value


def _print_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"paperdeck {version('paperdeck')}")
        except PackageNotFoundError:
            click.echo("paperdeck (from its source folder, not installed)")
        context.exit()


@click.group(
    "paperdeck",
    cls=Group,
    invoke_without_command=True,
    examples=(
        "paperdeck import page.txt",
        "paperdeck list is:inbox",
        "paperdeck list tag:agents | grep -i tool | paperdeck mark - --star",
        "paperdeck export tag:robotics --format bibtex --output robotics.bib",
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": HELP_WIDTH},
)
@click.option(
    "--db",
    metavar="FILE",
    callback=_named,
    shell_complete=completing("files"),
    help="The library's file (default: $PAPERDECK_DB, else in your data folder).",
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print the version."
)
@click.pass_context
def paperdeck(context: click.Context, db: str | None) -> None:
    """Go through the day's papers: triage, tag, annotate, find again, export.

    Without a command it opens the app. An ID is a paper's number or its arXiv id; - takes IDs from standard input. A
    QUERY is words and filters such as tag:rl, is:unread or day:2025-11-28; -tag:old leaves out. Data goes to standard
    output, messages to standard error. Exit status: 0 done, 1 failed and nothing changed, 2 wrong usage, 3 partly
    done.
    """
    if context.invoked_subcommand is None:
        context.exit(open_app(db))


@click.command("demo", cls=Command, short_help="Open the app on a sample library.", examples=("paperdeck demo",))
@click.pass_context
def demo(context: click.Context) -> None:
    """Open the app on a sample library that is thrown away afterwards."""
    context.exit(open_demo())


for _command in (
    import_paths,
    fetch,
    add,
    digests,
    list_papers,
    search,
    show,
    mark,
    tag,
    tags,
    note,
    duplicates,
    undo,
    redo,
    log,
    stats,
    export,
    backup,
    restore,
    serve,
    doctor,
    config,
    completions,
    demo,
):
    paperdeck.add_command(_command)


def run(arguments: Sequence[str]) -> int:
    """Run the command line on these arguments and return its exit status.

    Errors that a person can meet become messages. Nobody reading what is printed (`paperdeck list | head`) is no
    error.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        print_nowhere()
        return 0
    except OSError as error:
        if error.filename is None:
            print_nowhere()
        complain(f"{error.filename or 'Standard output cannot be written to'}: {reason(error)}.")
        return 1
    return status


def _run(arguments: Sequence[str]) -> int:
    try:
        with paperdeck.make_context("paperdeck", list(arguments)) as context:
            paperdeck.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.UsageError as error:
        if error.ctx is not None:
            say(f"{error.ctx.get_usage()}\nTry `{error.ctx.command_path} --help`.\n")
        complain(error.format_message())
        return error.exit_code
    except click.ClickException as error:
        complain(error.format_message())
        return error.exit_code
    except StoreError as error:
        complain(str(error))
        return 1
    except Unreported as error:
        complain(str(error))
        return 3
    except KeyboardInterrupt:
        say("Stopped.")
        return 130
    return 0
