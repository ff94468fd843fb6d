"""A query as SQL: term tree -> a condition and an order over `papers p LEFT JOIN states s ON s.paper = p.id`.

Whatever a person typed stands in the parameters, never in the SQL; in a full-text expression it stands in quotes.
Conditions are built so that an index drives them where few papers are meant: measured at 100,000 papers.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from time import monotonic
from typing import Final, NamedTuple

from store.database.standing import BY_DAY, STATES
from store.errors import QueryError
from store.query.terms import (
    Added,
    And,
    By,
    Has,
    Is,
    Listed,
    Node,
    Not,
    Or,
    Org,
    Part,
    Phrase,
    Published,
    Sort,
    SortKey,
    Tag,
    Word,
)
from store.query.when import Age, Comparison, When

PATIENCE: Final = 10.0
"""Seconds that a query may take. What a person asks takes one, also of a million papers."""


@contextmanager
def in_time(connection: sqlite3.Connection) -> Iterator[None]:
    """Within it, an answer that would take longer than PATIENCE is given up. Raises QueryError then."""
    ends = monotonic() + PATIENCE
    connection.set_progress_handler(lambda: monotonic() > ends, 10_000)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        raise QueryError("this would take too long to look up: ask for less at once", 0) from error
    finally:
        connection.set_progress_handler(None, 0)


class Condition(NamedTuple):
    """A boolean SQL expression, and the values of its `?` in order."""

    sql: str
    parameters: tuple[str, ...] = ()


class Order(NamedTuple):
    """The terms of an ORDER BY, and the values of their `?` in order."""

    sql: str
    parameters: tuple[str, ...] = ()


_PARTS: Final[dict[Part, str]] = {
    "note": "p.id IN (SELECT paper FROM states WHERE note IS NOT NULL)",
    "code": "p.code_url IS NOT NULL",
    "abstract": "p.abstract IS NOT NULL",
    "id": "p.id IN (SELECT id FROM papers WHERE arxiv_id IS NOT NULL)",
}

# The first way is the key's own, the second is turned round; what is unknown comes last in both. Where the key has an
# index, what is equal stays in the order in which it came in, for the index holds nothing else.
_ORDERS: Final[dict[SortKey, tuple[str, str]]] = {
    "day": (BY_DAY, "p.day NULLS LAST, p.digest, p.position, p.id"),
    "date": ("p.published DESC, p.id", "p.published NULLS LAST, p.id"),
    "title": ("p.title_key, p.id", "p.title_key DESC, p.id DESC"),
    "added": ("p.added_at DESC, p.id", "p.added_at, p.id"),
    "authors": (f"p.n_authors DESC, {BY_DAY}", f"p.n_authors NULLS LAST, {BY_DAY}"),
    "comments": (f"p.comments DESC, {BY_DAY}", f"p.comments NULLS LAST, {BY_DAY}"),
    "upvotes": (f"p.upvotes DESC, {BY_DAY}", f"p.upvotes NULLS LAST, {BY_DAY}"),
}


def condition(node: Node | None, *, now: datetime) -> Condition:
    """What a paper must meet to match `node`; every paper matches None.

    `now` has a time zone: ages count back from it, and `added:` a day is that day in this zone.
    """
    match node:
        case None:
            return Condition("TRUE")
        case And(parts):
            return _joined(" AND ", [condition(part, now=now) for part in parts])
        case Or(parts):
            words = [part for part in parts if isinstance(part, Word | Phrase)]
            others = [condition(part, now=now) for part in parts if not isinstance(part, Word | Phrase)]
            # One expression for all words: SQLite would keep a list of papers for each.
            return _joined(
                " OR ", [*([_found(" OR ".join(dict.fromkeys(map(_full_text, words))))] if words else ()), *others]
            )
        case Not(part):
            inner = condition(part, now=now)
            # Unlike NOT, this holds for a value that is unknown: a paper without a date is not of 2024.
            return Condition(f"(({inner.sql}) IS NOT TRUE)", inner.parameters)
        case Word() | Phrase():
            return _found(_full_text(node))
        case By() | Org():
            column = "authors" if isinstance(node, By) else "organization"
            return Condition(
                "p.id IN (SELECT rowid FROM papers_fts WHERE papers_fts MATCH ?)", (f"{column} : {_full_text(node)}",)
            )
        case Tag(tag):
            return Condition("p.id IN (SELECT paper FROM tags WHERE tag = ?)", (tag,))
        case Is(state):
            return Condition(f"({STATES[state]})")
        case Has(part_known):
            return Condition(_PARTS[part_known])
        case Published(when):
            days = _days("published", when, now)
            return Condition(f"p.id IN (SELECT id FROM papers WHERE {days.sql})", days.parameters)
        case Listed(when):
            days = _days("d.day", when, now)
            return Condition(
                f"p.id IN (SELECT l.paper FROM digests d JOIN listings l ON l.digest = d.id WHERE {days.sql})",
                days.parameters,
            )
        case Added(when):
            moments = _moments("added_at", when, now)
            return Condition(f"p.id IN (SELECT id FROM papers WHERE {moments.sql})", moments.parameters)


def order(sort: Sort | None, root: Node | None = None) -> Order:
    """The order that `sort` names, else newest day first and in the page's order within a day.

    `date` and `added` are newest first, `title` A to Z, `authors` (their number), `comments` and `upvotes` the most
    first. `relevance` puts first what has all words of the query `root` in its title, by day within each part.
    """
    if sort is None:
        return Order(BY_DAY)
    if sort.key != "relevance":
        return Order(_ORDERS[sort.key][sort.reverse])
    parts = root.parts if isinstance(root, And) else (root,)
    words = [_full_text(part) for part in parts if isinstance(part, Word | Phrase)]
    if not words:
        return Order(BY_DAY)
    in_title = "p.id IN (SELECT rowid FROM papers_fts WHERE papers_fts MATCH ?)"
    return Order(f"{in_title} {'' if sort.reverse else 'DESC'}, {BY_DAY}", (f"title : ({' AND '.join(words)})",))


def _joined(operator: str, conditions: list[Condition]) -> Condition:
    each = list(dict.fromkeys(conditions))
    sql = operator.join(part.sql for part in each)
    return Condition(f"({sql})", tuple(value for part in each for value in part.parameters))


def _found(expression: str) -> Condition:
    """Whether an FTS5 expression finds the paper in its text or in what the person wrote."""
    return Condition(
        "p.id IN (SELECT rowid FROM papers_fts WHERE papers_fts MATCH ?"
        " UNION ALL SELECT rowid FROM marks_fts WHERE marks_fts MATCH ?)",
        (expression, expression),
    )


def _full_text(node: Word | Phrase | By | Org) -> str:
    """The FTS5 expression of a term: its text in quotes, so that FTS5 takes it apart as it did the papers."""
    text = node.name if isinstance(node, By | Org) else node.text
    quoted = '"' + text.replace('"', '""') + '"'
    return quoted if isinstance(node, Phrase) or not node.prefix else quoted + "*"


def _days(column: str, when: When, now: datetime) -> Condition:
    """Whether a column of days keeps to `when`."""
    if isinstance(when, Age):
        return _between(column, {_LATER[when.comparison]: _ago(when, now).date().isoformat()})
    return _between(
        column,
        {
            ">=": when.first.isoformat() if when.first else None,
            "<=": when.last.isoformat() if when.last else None,
        },
    )


def _moments(column: str, when: When, now: datetime) -> Condition:
    """Whether a column of moments keeps to `when`."""
    if isinstance(when, Age):
        return _between(column, {_LATER[when.comparison]: _timestamp(_ago(when, now))})
    return _between(
        column,
        {
            ">=": _timestamp(_midnight(when.first, now)) if when.first else None,
            "<": _timestamp(_midnight(when.last, now) + timedelta(days=1)) if when.last else None,
        },
    )


def _between(column: str, bounds: dict[str, str | None]) -> Condition:
    """Whether a column of ISO text keeps the bounds, comparison -> value (None is open); never where it is NULL."""
    given = {sign: value for sign, value in bounds.items() if value is not None}
    return Condition(f"({' AND '.join(f'{column} {sign} ?' for sign in given)})", tuple(given.values()))


# What is less than a week old is of a later moment than a week ago.
_LATER: Final[dict[Comparison, str]] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}

_EARLIEST: Final = date(2, 1, 1)
_LATEST: Final = date(9998, 12, 31)
"""Days far enough from the ends of the calendar for a time zone and a day more; no paper is that old or new."""


def _midnight(day: date, now: datetime) -> datetime:
    """When a day begins where `now` is."""
    kept = min(max(day, _EARLIEST), _LATEST)
    return datetime(kept.year, kept.month, kept.day, tzinfo=now.tzinfo)


def _ago(age: Age, now: datetime) -> datetime:
    oldest = (now.date() - _EARLIEST).days
    return now - timedelta(days=min(age.days, oldest))


def _timestamp(moment: datetime) -> str:
    """As the tables keep it: UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
