"""`stats`: what came in, what was decided and how soon, and the inbox over time."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from tui.commands.arguments import QueryCommand, asking, day, json_option, open_library, query_argument
from tui.output import Style, say, screen_width, styled, to_terminal, write, write_fields, write_json

if TYPE_CHECKING:
    from store.statistics import Period, Stats, Tally
    from tui.statistics import Tone

_STYLES: dict["Tone", Style] = {
    "heading": "bold",
    "quiet": "dim",
    "added": "cyan",
    "decided": "green",
    "inbox": "magenta",
    "starred": "yellow",
    "read": "green",
    "skipped": "blue",
    "undecided": "dim",
}
_QUARTILES = ("lower_quartile", "median", "upper_quartile")
_SPREAD = ("hour", "day", "week", "month", "longer")


@click.command(
    "stats",
    cls=QueryCommand,
    short_help="Show what came in, what was decided, and the inbox over time.",
    examples=(
        "paperdeck stats",
        "paperdeck stats --days 30",
        "paperdeck stats tag:agents --since 2025-11-01",
        "paperdeck stats --json | jq .wait.median",
    ),
)
@query_argument
@click.option("--since", type=day, metavar="DATE", help="From that day (default: the first that is known) to today.")
@click.option("--days", type=click.IntRange(min=1), metavar="N", help="The last N days, today included.")
@json_option
@click.pass_context
def stats(
    context: click.Context, *, query: tuple[str, ...], since: date | None, days: int | None, as_json: bool
) -> None:
    """Show what came in, what was decided and how soon, and the inbox over time.

    QUERY chooses the papers (default: all). Counted are the marks that stand now: what was undone never happened. A
    paper leaves the inbox with the first of its marks. The time to its decision counts from its import or, where that
    is later, from the first day that listed it.

    In a pipe, a line has these fields, separated by tabs: range, day, week, tag or organization; which one it is;
    papers (of a day or week: those that came in), decided, read, starred, skipped, undecided (at its end). Lines that
    begin with wait have the median or a quartile, and seconds.

    The JSON object has since, until, query, papers (all that match), inbox (undecided now), range (papers that came in
    or were marked, decided, read, starred, skipped, undecided), days and weeks (day, or the week's Monday as week,
    added, decided, read, starred, skipped, inbox), tags and organizations (name, then as range), and wait (papers,
    lower_quartile, median and upper_quartile in seconds, and within: papers by hour, day, week, month, longer).
    """
    if since is not None and days is not None:
        raise click.UsageError("Give --since DATE or --days N, one of the two.")
    if since is not None and since > date.today():  # noqa: DTZ011 (the person's day)
        raise click.BadParameter(f"{since} is still to come.", param_hint="--since")
    library = open_library(context)
    text = " ".join(query)
    with asking(text):
        found = library.stats(text, since=since, days=days)
    if as_json:
        write_json(_json(found))
    elif not to_terminal():
        write_fields(_fields(found))
    elif found.papers:
        from tui.statistics import lines

        for line in lines(found, screen_width()):
            write("".join(styled(span.text, _STYLES.get(span.tone, "")) for span in line))
    else:
        say(f"No paper matches {text}" if text else "There are no papers yet: `paperdeck import PATH` brings them in.")


def _json(stats: "Stats") -> dict[str, object]:
    return {
        "since": stats.since.isoformat(),
        "until": stats.until.isoformat(),
        "query": stats.query,
        "papers": stats.papers,
        "inbox": stats.days[-1].inbox,
        "range": _counts(stats.all),
        "days": [_period("day", period) for period in stats.days],
        "weeks": [_period("week", period) for period in stats.weeks],
        "tags": [{"name": tally.name, **_counts(tally)} for tally in stats.tags],
        "organizations": [{"name": tally.name, **_counts(tally)} for tally in stats.organizations],
        "wait": {
            "papers": stats.wait.papers,
            **dict(zip(_QUARTILES, stats.wait.quartiles or (None, None, None), strict=True)),
            "within": dict(zip(_SPREAD, stats.wait.spread, strict=True)),
        },
    }


def _counts(tally: "Tally") -> dict[str, int]:
    return {
        "papers": tally.papers,
        "decided": tally.decided,
        "read": tally.read,
        "starred": tally.starred,
        "skipped": tally.skipped,
        "undecided": tally.undecided,
    }


def _period(what: str, period: "Period") -> dict[str, object]:
    begins, *counts = period
    return {what: begins.isoformat(), **dict(zip(period._fields[1:], counts, strict=True))}


def _fields(stats: "Stats") -> Iterator[Sequence[str]]:
    """What a pipe gets; it is as long for an empty library."""
    named = [("range", stats.all._replace(name=f"{stats.since}..{stats.until}"))]
    named += [("tag", tally) for tally in stats.tags] + [("organization", tally) for tally in stats.organizations]
    for what, tally in named[:1]:
        yield [what, tally.name, *map(str, _counts(tally).values())]
    for what, periods in (("day", stats.days), ("week", stats.weeks)):
        for begins, *counts in periods:
            yield [what, begins.isoformat(), *map(str, counts)]
    for what, tally in named[1:]:
        yield [what, tally.name, *map(str, _counts(tally).values())]
    for which, seconds in zip(_QUARTILES, stats.wait.quartiles or (), strict=False):
        yield ["wait", which, f"{seconds:.0f}"]
