"""Commands that bring papers from the network: `fetch`, `fetch arxiv` and `add`."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

from store.errors import FetchError
from tui.commands.arguments import day, json_option, open_library, words
from tui.commands.command import Command, Group
from tui.commands.piped import NO_IDS, named
from tui.commands.taking_in import StatusLine, take_in
from tui.output import complain, say
from tui.reports import done_in_all, fetched, under_way
from tui.wording import counted

if TYPE_CHECKING:
    from store.fetching import Errand
    from store.library import Library
    from store.models import ImportReport
    from tui.config import Fetching

T = TypeVar("T")


def _or_wrong_usage(read: Callable[[], T]) -> T:
    """What `read` returns; a FetchError about what was typed is wrong usage."""
    try:
        return read()
    except FetchError as error:
        raise click.BadParameter(str(error)) from error


def _since(argument: str) -> list[date]:
    from store.fetchers.huggingface import days_since

    first = day(argument)
    return _or_wrong_usage(lambda: days_since(first))


def _week(argument: str) -> list[date]:
    from store.fetchers.huggingface import days_of_week, today

    return _or_wrong_usage(lambda: days_of_week(argument or f"{today():%G-W%V}"))


def _month(argument: str) -> list[date]:
    from store.fetchers.huggingface import days_of_month, today

    return _or_wrong_usage(lambda: days_of_month(argument or f"{today():%Y-%m}"))


def _category(argument: str) -> str:
    from store.fetchers.arxiv import category

    return _or_wrong_usage(lambda: category(argument))


_PERIODS = (
    ("--date", "YYYY-MM-DD", lambda argument: [day(argument)], "The papers of this day."),
    ("--since", "YYYY-MM-DD", _since, "Every day since then that the library lacks, or may lack papers of."),
    ("--week", "[YYYY-Www]", _week, "The days of a week (default: this one)."),
    ("--month", "[YYYY-MM]", _month, "The days of a month (default: this one)."),
)
"""Options that name days: their values, how they are read, their help."""


def _period_options(command: Callable[..., object]) -> Callable[..., object]:
    for name, metavar, read, text in reversed(_PERIODS):
        flag: dict[str, Any] = {"is_flag": False, "flag_value": ""} if metavar.startswith("[") else {}
        command = click.option(name, type=read, metavar=metavar, help=text, **flag)(command)
    return command


@click.group(
    "fetch",
    cls=Group,
    invoke_without_command=True,
    short_help="Fetch the day's papers from Hugging Face or arXiv.",
    examples=("paperdeck fetch", "paperdeck fetch --since 2025-11-24", "paperdeck fetch --week --json | jq .new"),
)
@_period_options
@json_option
@click.pass_context
def fetch(context: click.Context, /, *, as_json: bool, **periods: list[date] | None) -> None:
    """Fetch papers: today's Daily Papers of Hugging Face or, before they are out, the newest.

    Sources, and the categories of arXiv, can be chosen in config.toml. Known papers are updated; your marks, tags and
    notes are never touched. Ctrl+c stops: what was reported as fetched stays. A day that failed is asked for again
    the next time.
    """
    given = {name: days for name, days in periods.items() if days}
    if context.invoked_subcommand:
        if given or as_json:
            raise click.UsageError(f"Write options after {context.invoked_subcommand}.")
        return
    if len(given) > 1:
        raise click.UsageError(f"--{' and --'.join(given)} exclude each other.")
    from store.fetching import unfinished
    from tui.fetching import between, newest

    settings, library = _settings(), open_library(context)
    if not given:
        _fetch(context, library, newest(library, settings), as_json=as_json)
        return
    ((period, days),) = given.items()
    wanted = unfinished(library, days) if period == "since" else days
    if len(wanted) < len(days):
        say(f"Not asked for again: {counted(len(days) - len(wanted), 'day')} that the library has all papers of.")
    _fetch(context, library, between(days, wanted, settings), as_json=as_json)


@fetch.command(
    "arxiv",
    short_help="Fetch from arXiv what it announces, or search it.",
    examples=(
        "paperdeck fetch arxiv cs.CL cs.LG",
        "paperdeck fetch arxiv --query 'state space models' --limit 50",
    ),
)
@click.argument("categories", nargs=-1, type=_category, metavar="[CATEGORY]...")
@click.option("--date", "given_day", type=day, metavar="YYYY-MM-DD", help="What was submitted on this day.")
@click.option("--since", type=day, metavar="YYYY-MM-DD", help="What was submitted since then.")
@click.option("--query", type=words, metavar="WORDS", help="What has these words, or matches an expression of arXiv's.")
@click.option(
    "--limit", type=click.IntRange(min=1), metavar="N", help="The newest N papers (default: 100, or 2000 by day)."
)
@json_option
@click.pass_context
def fetch_arxiv(
    context: click.Context,
    *,
    categories: tuple[str, ...],
    given_day: date | None,
    since: date | None,
    query: str | None,
    limit: int | None,
    as_json: bool,
) -> None:
    """Fetch from arXiv: what it announces today in these categories (default: those of config.toml).

    With --date, --since or --query its archive is searched. One request in three seconds is made, as arXiv asks.
    """
    from store.fetching import announced, submitted
    from tui.fetching import addresses

    if given_day and since:
        raise click.UsageError("--date and --since exclude each other.")
    search = bool(given_day or since or query)
    if limit and not search:
        raise click.UsageError("--limit goes with --date, --since or --query.")
    settings = _settings()
    if not categories and not query:
        categories = settings.arxiv
    if not categories and not query:
        raise click.UsageError("Name categories, as in: paperdeck fetch arxiv cs.CL cs.LG.")
    where = addresses(settings)
    if search:
        first, last = given_day or since, given_day
        errand = submitted(where, categories=categories, first=first, last=last, words=query or "", most=limit)
    else:
        errand = announced(categories, where)
    _fetch(context, open_library(context), [errand], as_json=as_json)


@click.command(
    "add",
    cls=Command,
    examples=(
        "paperdeck add 2401.12345 https://arxiv.org/abs/hep-th/9901001",
        "grep -o '24[0-9][0-9].[0-9]*' notes.md | paperdeck add -",
    ),
)
@click.argument("refs", nargs=-1, required=True, type=words, metavar="ID...")
@json_option
@click.pass_context
def add(context: click.Context, *, refs: tuple[str, ...], as_json: bool) -> None:
    """Add papers from arXiv.

    ID is an arXiv id or the address of a paper's page; with - they are read from standard input. Papers that the
    library has are updated.
    """
    from store.fetchers.arxiv import paper_ids
    from store.fetching import papers_named
    from tui.fetching import addresses

    wanted = named(refs)
    if not wanted:
        say(f"{NO_IDS}; nothing was fetched.")
    ids = _or_wrong_usage(lambda: paper_ids(wanted))
    errands = [papers_named(ids, addresses(_settings()))] if ids else []
    _fetch(context, open_library(context), errands, as_json=as_json)


def _settings() -> "Fetching":
    """The person's settings; what is wrong with them is said."""
    from tui.config import load

    configuration = load()
    for problem in configuration.problems:
        complain(problem if problem.startswith("PAPERDECK_") else f"config.toml: {problem}")
    return configuration.settings.fetch


def _fetch(context: click.Context, library: "Library", errands: "list[Errand]", *, as_json: bool) -> None:
    from store.fetchers.http import Client
    from store.fetching import Fetch

    line = StatusLine()
    with Client(progress=lambda progress: line.show(under_way(progress, run.done, run.total))) as client:
        run = Fetch(library, errands, client)
        take_in(context, run, line, words=fetched, in_all=_in_all, as_json=as_json)


def _in_all(total: "ImportReport") -> str:
    told = sum(file.notice is None for file in total.files)
    return done_in_all(total, "Fetched", "document") if told > 1 else ""
