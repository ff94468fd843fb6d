"""What the library knows, read as light tuples: entries, lines of the list, counts and records."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from store.entries import Appearance, DayCount, Entry, Generations, Row, SavedSearch, TagCount, View

_SEPARATOR = "\n"
"""Between the parts of a `group_concat`: no tag and no day holds a line end."""

_TAGS = "(SELECT group_concat(tag, char(10)) FROM tags WHERE paper = p.id)"
_CHUNK = 1000
"""Ids a statement: what one statement returns is held in memory."""
_LINE = 5_000
"""Characters of a title or a name that a line of the list has at most: lists hold thousands of them."""

DECIDED = "(s.read_at IS NOT NULL OR s.starred_at IS NOT NULL OR s.skipped_at IS NOT NULL)"


def texts(columns: str) -> str:
    """Columns of `papers p` as SQL that gives text, though another program may have put bytes there."""
    return ", ".join(f"CAST(p.{column} AS TEXT)" for column in columns.split(", "))


def number(column: str) -> str:
    """A column of `papers p` as SQL that gives a whole number, or NULL where another program put something else."""
    return f"iif(typeof(p.{column}) = 'integer', p.{column}, NULL)"


def entries(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Entry]:
    """The papers of these ids, in this order; unknown ids are left out."""
    columns = f"""
        p.id, {texts("title, abstract, published")}, {number("n_authors")}, {texts("authors, organization")},
        {number("comments")}, {number("upvotes")}, {texts("arxiv_id, code_url, project_url")},
        (SELECT group_concat(d.day, char(10)) FROM listings l JOIN digests d ON d.id = l.digest WHERE l.paper = p.id),
        s.read_at IS NOT NULL, s.starred_at IS NOT NULL, s.skipped_at IS NOT NULL, {_TAGS}, CAST(s.note AS TEXT),
        {texts("added_at")}
    """
    return [_entry(row) for row in _selected(connection, columns, ids)]


def rows(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Row]:
    """The papers of these ids as lines of the list, in this order; unknown ids are left out."""
    columns = f"""
        p.id, substr({texts("title")}, 1, {_LINE}), {texts("day, published")}, {number("n_authors")},
        {texts("authors")}, substr({texts("organization")}, 1, {_LINE}), {number("comments")}, {number("upvotes")},
        s.read_at IS NOT NULL, s.starred_at IS NOT NULL, s.skipped_at IS NOT NULL, s.note IS NOT NULL, {_TAGS}
    """
    return [_row(row) for row in _selected(connection, columns, ids)]


def appearances(connection: sqlite3.Connection, paper: int) -> list[Appearance]:
    """The documents that listed a paper, oldest day first, those without a day last."""
    found = connection.execute(
        "SELECT d.day, d.format, d.name FROM listings l JOIN digests d ON d.id = l.digest WHERE l.paper = ?"
        " ORDER BY d.day IS NULL, d.day, d.id",
        (paper,),
    )
    return [Appearance(*row) for row in found.fetchall()]


def paper_with(connection: sqlite3.Connection, column: Literal["id", "arxiv_id"], value: int | str) -> int | None:
    """The paper of an id, or of an arXiv id (without version), perhaps of one merged into it."""
    row = connection.execute(
        f"SELECT id FROM papers WHERE {column} = ? UNION ALL SELECT paper FROM aliases WHERE title_key = ?",
        (value, value if column == "arxiv_id" else None),
    ).fetchone()
    return row[0] if row else None


_IDENTITIES = """
    SELECT id, ifnull(arxiv_id, title_key), 1 FROM papers WHERE {id}
    UNION ALL SELECT id, title_key, 0 FROM papers WHERE {id} AND arxiv_id IS NOT NULL
    UNION ALL SELECT paper, title_key, 0 FROM aliases WHERE {paper}
"""


def identities(connection: sqlite3.Connection) -> Iterator[tuple[int, str, bool]]:
    """What identifies, or once identified, each paper: its arXiv id or a title's key, and whether it is so now."""
    return connection.execute(_IDENTITIES.format(id="1", paper="1"))


def known_as(connection: sqlite3.Connection, paper: int) -> list[str]:
    """What identifies a paper, and after that what once identified it; nothing for an unknown one."""
    found = connection.execute(_IDENTITIES.format(id="id = ?1", paper="paper = ?1"), (paper,))
    return [known for _, known, _ in found]


def select_ids(
    connection: sqlite3.Connection,
    condition: str,
    parameters: Sequence[object],
    order: str,
    limit: int,
) -> list[int]:
    """The ids that meet a condition over `papers p LEFT JOIN states s`, in an order (`store.database.select`)."""
    found = connection.execute(
        f"SELECT p.id FROM papers p LEFT JOIN states s ON s.paper = p.id WHERE {condition} ORDER BY {order} LIMIT ?",
        (*parameters, limit),
    )
    return [paper for (paper,) in found.fetchall()]


def counts(connection: sqlite3.Connection) -> dict[View, int]:
    """How many papers each standing view holds. Only the person's states are gone through, not the papers."""
    total = connection.execute("SELECT count(*) FROM papers").fetchone()[0]
    decided, to_read, starred, read, skipped = connection.execute(
        f"""
        SELECT count(*) FILTER (WHERE {DECIDED}),
               count(*) FILTER (WHERE starred_at IS NOT NULL AND read_at IS NULL),
               count(starred_at), count(read_at), count(skipped_at) FROM states s
        """
    ).fetchone()
    return {
        View.INBOX: total - decided, View.TO_READ: to_read, View.STARRED: starred, View.READ: read,
        View.SKIPPED: skipped, View.ALL: total,
    }  # fmt: skip


def days(connection: sqlite3.Connection) -> list[DayCount]:
    """The days of the digests, newest first, with their papers; a paper that two digests of a day list counts once."""
    # Nearly every day has one digest, whose papers are counted without telling them apart.
    listed = dict(connection.execute("SELECT digest, count(*) FROM listings GROUP BY digest").fetchall())
    decided = dict(
        connection.execute(
            f"SELECT l.digest, count(*) FROM states s JOIN listings l ON l.paper = s.paper WHERE {DECIDED} GROUP BY 1"
        ).fetchall()
    )
    found = {
        day: DayCount(day, listed.get(digest, 0), listed.get(digest, 0) - decided.get(digest, 0))
        for day, digest in connection.execute("SELECT day, id FROM digests WHERE day IS NOT NULL")
    }
    shared = connection.execute(
        f"""
        SELECT day, count(*), count(*) - sum({DECIDED}) FROM (
            SELECT DISTINCT d.day, l.paper FROM digests d JOIN listings l ON l.digest = d.id
            WHERE d.day IN (SELECT day FROM digests GROUP BY day HAVING count(*) > 1))
        LEFT JOIN states s USING (paper) GROUP BY day
        """
    )
    found.update((row[0], DayCount(*row)) for row in shared)
    return sorted(found.values(), reverse=True)


def day_runs(
    connection: sqlite3.Connection, condition: str, parameters: Sequence[object]
) -> list[tuple[str | None, int]]:
    """How many papers of each day meet a condition (as in `select_ids`), newest day first, those of no day last."""
    found = connection.execute(
        f"""
        SELECT p.day, count(*) FROM papers p LEFT JOIN states s ON s.paper = p.id WHERE {condition}
        GROUP BY p.day ORDER BY p.day DESC
        """,
        parameters,
    )
    return found.fetchall()


def tags(connection: sqlite3.Connection) -> list[TagCount]:
    """All tags in alphabetical order."""
    found = connection.execute("SELECT tag, count(*) FROM tags GROUP BY tag ORDER BY tag")
    return [TagCount(*row) for row in found.fetchall()]


def searches(connection: sqlite3.Connection) -> list[SavedSearch]:
    """The saved searches, in alphabetical order of their names."""
    found = connection.execute("SELECT name, query, fuzzy FROM searches ORDER BY lower(name), name")
    return [SavedSearch(name, query, bool(fuzzy)) for name, query, fuzzy in found.fetchall()]


def save_search(connection: sqlite3.Connection, search: SavedSearch, now: str) -> None:
    """Keep a search under its name, in place of the one that had it."""
    connection.execute(
        "INSERT INTO searches (name, query, fuzzy, saved_at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET query = excluded.query, fuzzy = excluded.fuzzy, saved_at = excluded.saved_at",
        (*search, now),
    )


def remove_search(connection: sqlite3.Connection, name: str) -> None:
    """Forget a saved search."""
    connection.execute("DELETE FROM searches WHERE name = ?", (name,))


def generations(connection: sqlite3.Connection) -> Generations:
    """The counters that triggers raise."""
    values = dict(connection.execute("SELECT name, value FROM generations").fetchall())
    return Generations(values["text"], values["state"], values["tags"], values["searches"])


def _entry(row: tuple[Any, ...]) -> Entry:
    (
        paper, title, abstract, published, n_authors, authors, organization, comments, upvotes, arxiv_id, code_url,
        project_url, listed, read, starred, skipped, tags, note, added_at,
    ) = row  # fmt: skip
    return Entry(
        paper, title, abstract, published, n_authors, names(authors), organization,
        comments, upvotes, arxiv_id, f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else None, code_url, project_url,
        tuple(dict.fromkeys(_split(listed))), bool(read), bool(starred), bool(skipped), _split(tags), note, added_at,
    )  # fmt: skip


def _row(row: tuple[Any, ...]) -> Row:
    paper, title, day, published, n_authors, authors, organization, comments, upvotes, *marks, tags = row
    first = tuple(author[:_LINE] for author in names(authors)[:2])
    read, starred, skipped, noted = map(bool, marks)
    return Row(
        paper, title, day, published, n_authors, first, organization, comments, upvotes, read, starred, skipped, noted,
        _split(tags),
    )  # fmt: skip


def names(authors: str | None) -> tuple[str, ...]:
    """The names of a paper's authors as the column holds them; none where another program put something else there."""
    try:
        found = json.loads(authors) if authors else ()
    except ValueError:
        return ()
    return tuple(name for name in found if isinstance(name, str)) if isinstance(found, list) else ()


def _split(joined: str | None) -> tuple[str, ...]:
    return tuple(sorted(joined.split(_SEPARATOR))) if joined else ()


def _selected(connection: sqlite3.Connection, columns: str, ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """These columns of `papers p LEFT JOIN states s` for the papers of these ids, in this order."""
    for start in range(0, len(ids), _CHUNK):
        yield from connection.execute(
            f"SELECT {columns} FROM json_each(?) j JOIN papers p ON p.id = j.value LEFT JOIN states s ON s.paper = p.id"
            " ORDER BY j.key",
            (json.dumps(list(ids[start : start + _CHUNK])),),
        )
