"""What the commands share: queries as arguments, types of options, and the library that a command works on."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeVar

import click

from store.errors import QueryError
from tui.commands.command import Command
from tui.commands.piped import named
from tui.output import shown

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from store.library import Library

Body = TypeVar("Body", bound=Callable[..., object])


class QueryCommand(Command):
    """A command whose arguments are a query: what starts with one `-` belongs to it and is no option, but for `-h`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Sort the arguments into options and the query's words, and hand them on in an order without doubt."""
        valued = {
            name
            for option in self.params
            if isinstance(option, click.Option) and not option.is_flag
            for name in option.opts
        }
        options: list[str] = []
        words: list[str] = []
        rest = iter(args)
        for argument in rest:
            if argument == "--":
                words.extend(rest)
            elif argument in valued:
                value = next(rest, None)
                if value is None and ctx.resilient_parsing:
                    continue
                if value is None:
                    raise click.BadOptionUsage(argument, f"Option '{argument}' requires an argument.", ctx)
                options += [argument, value]
            elif argument.startswith("--") or argument == "-h":
                options.append(argument)
            else:
                words.append(argument)
        return super().parse_args(ctx, [*options, "--", *words])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem[str]]":
        """What begins with one `-` may become what is not wanted, or an option."""
        options = super().shell_complete(ctx, incomplete)
        return options if incomplete.startswith("--") else completing("queries")(ctx, None, incomplete) + options


def completing(
    name: Literal["files", "queries", "tag_names", "digest_ids", "sort_keys"],
) -> "Callable[[click.Context, click.Parameter | None, str], list[CompletionItem[str]]]":
    """What offers to a shell what a parameter may be (click's `shell_complete`): this one of `tui.completion`."""

    def offered(context: click.Context, parameter: click.Parameter | None, typed: str) -> "list[CompletionItem[str]]":
        from tui import completion

        return [*getattr(completion, name)(context, parameter, typed)]

    return offered


AROUND = 50
"""Characters of a query that are shown on either side of where it goes wrong."""


class WrongQuery(click.ClickException):
    """A query that cannot be understood, with the place where it goes wrong: wrong usage."""

    exit_code = 2

    def __init__(self, query: str, error: QueryError) -> None:
        from rich.cells import cell_len

        start = max(0, error.position - AROUND)
        before = ("…" if start else "") + shown(query[start : error.position])
        after = shown(query[error.position : error.position + AROUND])
        more = "…" if len(query) > error.position + AROUND else ""
        super().__init__(f"This query cannot be read: {error}\n  {before}{after}{more}\n  {' ' * cell_len(before)}^")


@contextmanager
def asking(query: str) -> Iterator[None]:
    """Within it, a QueryError shows `query` and where it goes wrong."""
    try:
        yield
    except QueryError as error:
        raise WrongQuery(query, error) from error


def words(argument: str) -> str:
    """Text from the command line, without the half surrogates by which Python stands for bytes that are no text."""
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def day(argument: str) -> date:
    """A day written YYYY-MM-DD."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", argument):
            return date.fromisoformat(argument)
    except ValueError:
        pass
    raise click.BadParameter(f"{shown(argument)} is no day; write it like 2025-11-28.")


def sort_order(argument: str) -> str:
    """A key of the query language's `sort:`, perhaps with `-` before it."""
    from store.query import parse_sort

    try:
        parse_sort(argument)
    except QueryError as error:
        raise click.BadParameter(str(error)) from error
    return argument


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def query_argument(command: Body) -> Body:
    """`[QUERY]...`: none, or as many words as a query has."""
    argument = click.argument("query", nargs=-1, type=words, metavar="[QUERY]...", shell_complete=completing("queries"))
    return argument(command)


def papers_or_query(command: Body) -> Body:
    """`[ID]...`, with `-` for standard input, or `--query QUERY`: the papers to act on."""
    option = click.option(
        "--query",
        type=words,
        metavar="QUERY",
        shell_complete=completing("queries"),
        help="Instead of IDs: the papers that it matches.",
    )
    return click.argument("refs", nargs=-1, type=words, metavar="[ID]...")(option(command))


def chosen(library: "Library", refs: Sequence[str], query: str | None) -> list[int]:
    """The papers that `papers_or_query` names, each once; those on standard input may be none.

    Raises UnknownPaper, and UsageError if it names both or neither.
    """
    if bool(refs) == (query is not None):
        raise click.UsageError("Name the papers by their IDs or with --query QUERY, one of the two.")
    if query is None:
        return list(dict.fromkeys(library.resolve(named(refs))))
    with asking(query):
        return library.ids(query)


def open_library(context: click.Context) -> "Library":
    """The library of this run of the command; it is closed with the context. Raises LibraryUnusable."""
    from store.library import Library
    from tui.start import library_path

    return context.with_resource(Library(library_path(context.find_root().params["db"])))
