"""Statistics, counted in SQL: 100,000 papers are gone through without holding up other threads.

The inbox over time is added up from two moments of each paper: when it came in, and when it was decided, which is the
first of its marks that stands now, and no earlier than it came in. So a paper that was starred and read later left the
inbox once, when it was starred; one whose decision was undone never left it. Days are those of this machine's clock,
summer time included (SQLite's `localtime`); what a wrong clock dated after today counts as of today, and what is no
date at all as of before everything.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, floor, inf

from store.database.select import Condition
from store.statistics import LONGEST, SPREAD, Period, Stats, Tally, Wait

_MARKS = ("read", "starred", "skipped")
_STEPS = ("added", "decided", *_MARKS)
_BEFORE = "before"
_FIRST_MARK = "nullif(min({}), '~')".format(", ".join(f"coalesce(s.{mark}_at, '~')" for mark in _MARKS))

Groups = Sequence[tuple[int, Mapping[str, str]]]
"""How many papers took which steps on which days."""


def _day(step: str) -> str:
    """The local day of a step, NULL where it was not taken."""
    return f"CASE WHEN {step}_at IS NOT NULL THEN min(coalesce(date({step}_at, 'localtime'), ''), ?2) END AS {step}"


def _tallied(section: str, name: str, source: str) -> str:
    """How often each `name` stands among the papers of the range, as the fields of a Tally."""
    latest = ", ".join(f"coalesce({mark}, '')" for mark in _MARKS)
    return f"""
        SELECT '{section}', {name}, count(*), sum(decided IS NULL),
               {", ".join(f"sum({mark} >= ?1)" for mark in _MARKS)}, NULL
        FROM {source} WHERE max(added, {latest}) >= ?1 AND {name} IS NOT NULL GROUP BY {name}
    """


# `?1` is the first day of the range and `?2` today. They are named at once, so that each `?` of the condition follows.
# A paper waits in the library, and in sight (on a page that lists it). The first day that listed it matters only where
# the newest is after the one on which it came in.
_SQL = f"""
    WITH range AS (SELECT ?1, ?2),
    moments AS (
        SELECT p.id, p.organization, p.added_at, p.day AS listed, s.read_at, s.starred_at, s.skipped_at,
               max(p.added_at, {_FIRST_MARK}) AS decided_at
        FROM papers p LEFT JOIN states s ON s.paper = p.id WHERE {{condition}}
    ),
    chosen AS MATERIALIZED (
        SELECT *, {", ".join(map(_day, _STEPS))} FROM moments
    ),
    waits AS (
        SELECT julianday(decided_at) - julianday(added_at) AS here, CASE WHEN listed > added THEN
                   julianday(decided_at) - (SELECT julianday(min(d.day), 'utc') FROM listings l
                                            JOIN digests d ON d.id = l.digest WHERE l.paper = chosen.id)
               END AS in_sight
        FROM chosen WHERE decided >= ?1
    )
    SELECT 'days', NULL, count(*), {", ".join(_STEPS)} FROM chosen GROUP BY {", ".join(_STEPS)}
    UNION ALL {_tallied("tag", "tag", "chosen JOIN tags ON paper = id")}
    UNION ALL {_tallied("organization", "organization", "chosen")}
    UNION ALL SELECT 'wait', CAST(round(86400 * iif(in_sight >= 0, min(here, in_sight), here)) AS INTEGER), count(*),
                     NULL, NULL, NULL, NULL, NULL
              FROM waits WHERE here IS NOT NULL GROUP BY 2
"""


def stats(connection: sqlite3.Connection, query: str, where: Condition, since: date | None, today: date) -> Stats:
    """The statistics of the papers that match `query`, whose condition is `where`.

    `since` None is the day of the first that is known of them. A range is at most LONGEST days.
    """
    first = since.isoformat() if since else ""
    groups: list[tuple[int, Mapping[str, str]]] = []
    tallies: defaultdict[str, list[Tally]] = defaultdict(list)
    waits: Counter[int] = Counter()
    values = (first, today.isoformat(), *where.parameters)
    for section, name, number, *rest in connection.execute(_SQL.format(condition=where.sql), values):
        if section == "days":
            groups.append((number, {step: day for step, day in zip(_STEPS, rest, strict=True) if day is not None}))
        elif section == "wait":
            waits[name] = number
        elif isinstance(name, str):  # only another program can have written anything else
            tallies[section].append(Tally(name, number, *(count or 0 for count in rest[:4])))
    dated = (day for _, steps in groups for day in steps.values() if day >= date.min.isoformat())
    known = min(dated, default=today.isoformat())
    begins = max(min(since or date.fromisoformat(known), today), today - timedelta(days=LONGEST - 1))
    return Stats(
        query=query,
        since=begins,
        until=today,
        papers=sum(number for number, _ in groups),
        all=_all(groups, first),
        days=tuple(_days(groups, begins, today)),
        tags=_ranked(tallies["tag"]),
        organizations=_ranked(tallies["organization"]),
        wait=_wait(waits),
    )


def _all(groups: Groups, first: str) -> Tally:
    """All papers of the range that begins with the day `first`."""

    def papers(*steps: str) -> int:
        return sum(number for number, days in groups if any(step in days and days[step] >= first for step in steps))

    undecided = sum(number for number, days in groups if days.get("added", "") >= first and "decided" not in days)
    return Tally("", papers("added", *_MARKS), undecided, *map(papers, _MARKS))


def _days(groups: Groups, since: date, today: date) -> Iterator[Period]:
    """Each day from `since` to today, with what the inbox held at its end."""
    first = since.isoformat()
    taken: dict[str, Counter[str]] = {step: Counter() for step in _STEPS}
    for number, days in groups:
        for step, day in days.items():
            taken[step][day if day >= first else _BEFORE] += number
    inbox = taken["added"][_BEFORE] - taken["decided"][_BEFORE]
    for after in range((today - since).days + 1):
        begins = since + timedelta(days=after)
        counts = {step: taken[step][begins.isoformat()] for step in _STEPS}
        inbox += counts["added"] - counts["decided"]
        yield Period(begins, **counts, inbox=inbox)


def _ranked(tallies: list[Tally]) -> tuple[Tally, ...]:
    return tuple(sorted(tallies, key=lambda tally: (-tally.papers, tally.name)))


def _wait(waits: Counter[int]) -> Wait:
    """The waits, from how many papers waited how many seconds."""
    ranked = sorted(waits.elements())
    spread = (sum(low < wait <= high for wait in ranked) for low, high in pairwise((-inf, *SPREAD, inf)))
    quartiles = (_quantile(ranked, 0.25), _quantile(ranked, 0.5), _quantile(ranked, 0.75)) if ranked else None
    return Wait(len(ranked), quartiles, tuple(spread))


def _quantile(ranked: Sequence[int], share: float) -> float:
    """The value below which a share of the values lies, between two of them in proportion."""
    at = share * (len(ranked) - 1)
    low, high = ranked[floor(at)], ranked[ceil(at)]
    return low + (high - low) * (at - floor(at))
