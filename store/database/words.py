"""The SQL of searching: which papers have these words, and which words there are.

Words go to FTS5 as quoted strings, so that nothing of its syntax can come from a person.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from store.spelling import tokens

FEW = 2000
"""A filter that leaves no more papers than this is answered once, as a set; any other is asked of each paper found."""

_LEARN_AT_ONCE = 500


class Within(NamedTuple):
    """What narrows a search: an SQL expression over `f.rowid`, and its parameters."""

    sql: str = ""
    parameters: tuple[object, ...] = ()


class Headline(NamedTuple):
    """What the ranking needs of every paper found: the title, and what tells newer from older."""

    id: int
    title: str
    newness: tuple[str, int]


def generation(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """What tells whether a copy of the vocabulary is still whole.

    The ids of the newest word and of the newest entry of `unlearned`, and the generation of the marks.
    """
    row = connection.execute(
        "SELECT (SELECT max(id) FROM words), (SELECT max(id) FROM unlearned),"
        " (SELECT value FROM generations WHERE name = 'marks')"
    ).fetchone()
    return row[0] or 0, row[1] or 0, row[2]


def learn(connection: sqlite3.Connection) -> None:
    """Add the words of all papers that are new or changed to the vocabulary; to be called in their transaction."""
    newest = 0
    while rows := _unlearned(connection, newest, limit=_LEARN_AT_ONCE):
        newest = rows[-1][0]
        connection.executemany(
            "INSERT OR IGNORE INTO words (word) VALUES (?)", ((word,) for word in sorted(_distinct(rows)))
        )
    if newest:
        connection.execute("DELETE FROM unlearned WHERE id <= ?", (newest,))


def unlearned(connection: sqlite3.Connection) -> set[str]:
    """The words of papers that `learn` has not seen: there are some only where another program wrote them."""
    return _distinct(_unlearned(connection, 0, limit=-1))


def all_words(connection: sqlite3.Connection, after: int = 0) -> tuple[list[str], int]:
    """The words whose id is greater than `after`, in alphabetical order, and the greatest id."""
    if after:
        rows = connection.execute("SELECT word, id FROM words WHERE id > ?", (after,)).fetchall()
        return sorted(word for word, _ in rows), max((number for _, number in rows), default=after)
    newest = connection.execute("SELECT max(id) FROM words").fetchone()[0] or 0
    words = connection.execute("SELECT word FROM words WHERE id <= ? ORDER BY word", (newest,))
    return [word for (word,) in words], newest


def marks_words(connection: sqlite3.Connection) -> list[str]:
    """The words of all tags and notes, in alphabetical order."""
    return [word for (word,) in connection.execute("SELECT term FROM marks_words ORDER BY term")]


def in_titles(connection: sqlite3.Connection, words: Iterable[str]) -> dict[str, int]:
    """Which of the words stand in titles, and in how many."""
    rows = connection.execute(
        "SELECT t.term, t.doc FROM json_each(?) j CROSS JOIN titles_words t ON t.term = j.value",
        (json.dumps(list(words)),),
    )
    return dict(rows.fetchall())


def count_titles(connection: sqlite3.Connection) -> int:
    """How many papers there are, or have been: close enough for weights, and known at once."""
    return int(connection.execute("SELECT max(id) FROM papers").fetchone()[0] or 0)


def within(connection: sqlite3.Connection, condition: str, parameters: Sequence[object]) -> Within:
    """How to narrow a search to the papers of a condition over `papers p LEFT JOIN states s ON s.paper = p.id`."""
    source = "FROM papers p LEFT JOIN states s ON s.paper = p.id"
    rows = connection.execute(f"SELECT p.id {source} WHERE {condition} LIMIT ?", (*parameters, FEW + 1)).fetchall()
    if len(rows) <= FEW:
        return Within("+f.rowid IN (SELECT value FROM json_each(?))", (json.dumps([number for (number,) in rows]),))
    return Within(f"EXISTS (SELECT 1 {source} WHERE p.id = f.rowid AND ({condition}))", tuple(parameters))


def matching_titles(
    connection: sqlite3.Connection, expression: str, limit: int, narrowed: Within, sizes: range | None = None
) -> list[int]:
    """Ids of papers whose title an FTS5 expression matches, newest first; only titles of so many words, if given."""
    expression = f"title : ({expression})"
    if sizes:
        expression += f" AND size : ({' OR '.join(f'n{size}' for size in sizes)})"
    return _matching(connection, "titles_fts", expression, limit, narrowed)


def matching_texts(connection: sqlite3.Connection, expression: str, limit: int, narrowed: Within) -> list[int]:
    """Ids of papers which an FTS5 expression matches in title, abstract, authors or organization, newest first."""
    return _matching(connection, "papers_fts", expression, limit, narrowed)


def matching_marks(
    connection: sqlite3.Connection, marks: str, texts: str | None, limit: int, narrowed: Within
) -> list[int]:
    """Ids of papers whose tags and note `marks` matches, and whose text `texts` (if given) does; newest first."""
    if texts is None:
        return _matching(connection, "marks_fts", marks, limit, narrowed)
    both = "+f.rowid IN (SELECT rowid FROM marks_fts WHERE marks_fts MATCH ?)"
    sql = f"{both} AND {narrowed.sql}" if narrowed.sql else both
    return _matching(connection, "papers_fts", texts, limit, Within(sql, (marks, *narrowed.parameters)))


def headlines(connection: sqlite3.Connection, ids: Collection[int]) -> Iterator[Headline]:
    """The titles of these papers, in no order."""
    rows = connection.execute(
        "SELECT p.id, p.title, coalesce(p.day, p.published, p.added_at)"
        " FROM json_each(?) j CROSS JOIN papers p ON p.id = j.value",
        (json.dumps(list(ids)),),
    )
    for number, title, newest in rows.fetchall():
        yield Headline(number, title, (newest, number))


def marks(connection: sqlite3.Connection, ids: Collection[int]) -> dict[int, str]:
    """The tags and notes of those of these papers that have any."""
    rows = connection.execute(
        "SELECT m.rowid, coalesce(m.tags, '') || ' ' || coalesce(m.note, '')"
        " FROM json_each(?) j CROSS JOIN marks_fts m ON m.rowid = j.value",
        (json.dumps(list(ids)),),
    )
    return dict(rows.fetchall())


def texts(connection: sqlite3.Connection, ids: Collection[int]) -> dict[int, str]:
    """The abstract, authors and organization of each of these papers, as one text."""
    rows = connection.execute(
        "SELECT p.id, coalesce(p.abstract, '') || ' ' || coalesce(p.authors, '') || ' ' || coalesce(p.organization, '')"
        " FROM json_each(?) j CROSS JOIN papers p ON p.id = j.value",
        (json.dumps(list(ids)),),
    )
    return dict(rows.fetchall())


def _matching(connection: sqlite3.Connection, table: str, expression: str, limit: int, narrowed: Within) -> list[int]:
    narrowing = f"AND {narrowed.sql}" if narrowed.sql else ""
    rows = connection.execute(
        f"SELECT f.rowid FROM {table} f WHERE {table} MATCH ? {narrowing} ORDER BY f.rowid DESC LIMIT ?",
        (expression, *narrowed.parameters, limit),
    )
    return [number for (number,) in rows.fetchall()]


def _unlearned(connection: sqlite3.Connection, after: int, limit: int) -> list[tuple[int, str]]:
    return connection.execute(
        "SELECT u.id, coalesce(p.title, '') || ' ' || coalesce(p.abstract, '') || ' ' || coalesce(p.authors, '') || ' '"
        " || coalesce(p.organization, '') FROM unlearned u LEFT JOIN papers p ON p.id = u.paper"
        " WHERE u.id > ? ORDER BY u.id LIMIT ?",
        (after, limit),
    ).fetchall()


def _distinct(rows: Iterable[tuple[int, str]]) -> set[str]:
    words: set[str] = set()
    for _, text in rows:
        words.update(tokens(text))
    return words
