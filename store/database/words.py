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


class Learned(NamedTuple):
    """How far a copy of the vocabulary goes: the ids of the newest word and of the newest entry of `unlearned`."""

    word: int
    unlearned: int


def learned(connection: sqlite3.Connection) -> Learned:
    """How far the vocabulary goes as of the last commit."""
    word, unlearned = connection.execute(
        "SELECT (SELECT max(id) FROM words), (SELECT max(id) FROM unlearned)"
    ).fetchone()
    return Learned(word or 0, unlearned or 0)


def learn(connection: sqlite3.Connection) -> None:
    """Add the words of all that is new or changed to the vocabulary; an import calls it in its transaction."""
    newest = 0
    while rows := _unlearned(connection, newest, _LEARN_AT_ONCE):
        newest = rows[-1][0]
        new = ((word,) for word in sorted(_distinct(rows)))
        connection.executemany("INSERT OR IGNORE INTO words (word) VALUES (?)", new)
    if newest:
        connection.execute("DELETE FROM unlearned WHERE id <= ?", (newest,))


_TEXT = " || ' ' || ".join(
    f"coalesce(CAST(p.{column} AS TEXT), '')" for column in ("title", "abstract", "authors", "organization")
)
"""All that a paper says, also where another program put bytes."""

_IS_TEXT = "typeof(word) = 'text'"
"""Whatever else another program wrote there is no word."""


def learn_again(connection: sqlite3.Connection) -> None:
    """Add whatever words the vocabulary lacks; no word is ever taken out, since others hold copies of it."""
    connection.execute(f"DELETE FROM words WHERE NOT {_IS_TEXT}")
    connection.execute("INSERT INTO unlearned (paper) SELECT id FROM papers")
    connection.execute("INSERT INTO unlearned (mark) SELECT note FROM states WHERE note IS NOT NULL")
    connection.execute("INSERT INTO unlearned (mark) SELECT DISTINCT tag FROM tags")
    learn(connection)


def is_complete(connection: sqlite3.Connection) -> bool:
    """Whether the vocabulary has every word of the papers, notes and tags."""
    known = {word for (word,) in connection.execute("SELECT word FROM words")}
    if not all(isinstance(word, str) for word in known):
        return False
    known |= _distinct(_unlearned(connection, 0, -1))
    texts = connection.execute(
        f"SELECT 0, {_TEXT} FROM papers p"
        " UNION ALL SELECT 0, CAST(note AS TEXT) FROM states WHERE note IS NOT NULL"
        " UNION ALL SELECT DISTINCT 0, CAST(tag AS TEXT) FROM tags"
    )
    return all(known.issuperset(tokens(text)) for _, text in texts)


def make_room(connection: sqlite3.Connection) -> None:
    """Let a connection keep 16 MB of the file in memory, not 2: searches read the same pages again and again."""
    connection.execute("PRAGMA cache_size = -16000")


def all_words(connection: sqlite3.Connection, upto: int) -> Iterator[tuple[str, int]]:
    """The words up to an id, in alphabetical order, each with its id: the lower, the earlier it was seen."""
    return connection.execute(f"SELECT word, id FROM words WHERE id <= ? AND {_IS_TEXT} ORDER BY word", (upto,))


def recent_words(connection: sqlite3.Connection, after: int, upto: int) -> list[tuple[str, int]]:
    """The words with ids after one and up to another, and those that nobody has learned yet, as `all_words`."""
    rows = connection.execute(
        f"SELECT word, id FROM words WHERE id > ? AND id <= ? AND {_IS_TEXT}", (after, upto)
    ).fetchall()
    known = {word for word, _ in rows}
    return sorted(rows + [(word, upto) for word in _distinct(_unlearned(connection, 0, -1)) - known])


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
    """How to narrow a search to the papers of a condition over `papers p LEFT JOIN states s ON s.paper = p.id`.

    Few papers are told as a list. What is known of a paper by its row is asked of each paper found; what takes a query
    of its own is answered once, for all papers, in a table that only this connection sees and that holds until
    something changes: the next key typed will ask the same.
    """
    source = "FROM papers p LEFT JOIN states s ON s.paper = p.id"
    version = connection.execute("SELECT sum(value) FROM generations").fetchone()[0]
    key = json.dumps([condition, parameters, version])
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS narrowing (key TEXT)")
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS narrowed (paper INTEGER PRIMARY KEY)")
    if connection.execute("SELECT key FROM narrowing").fetchone() != (key,):
        rows = connection.execute(f"SELECT p.id {source} WHERE {condition} LIMIT ?", (*parameters, FEW + 1)).fetchall()
        if len(rows) <= FEW:
            return Within("+f.rowid IN (SELECT value FROM json_each(?))", (json.dumps([number for (number,) in rows]),))
        if "SELECT" not in condition:
            return Within(f"EXISTS (SELECT 1 {source} WHERE p.id = f.rowid AND ({condition}))", tuple(parameters))
        connection.execute("DELETE FROM narrowing")
        connection.execute("DELETE FROM narrowed")
        connection.execute(f"INSERT INTO narrowed SELECT p.id {source} WHERE {condition}", tuple(parameters))
        connection.execute("INSERT INTO narrowing (key) VALUES (?)", (key,))
    return Within("EXISTS (SELECT 1 FROM narrowed n WHERE n.paper = f.rowid)")


def matching_titles(
    connection: sqlite3.Connection, expression: str, limit: int, narrowed: Within, sizes: range | None = None
) -> list[int]:
    """Ids of papers whose title an FTS5 expression matches, newest first; only titles of so many words, if given."""
    expression = f"title : ({expression})"
    if sizes:
        expression += f" AND size : ({' OR '.join(f'n{size}' for size in sizes)})"
    return _matching(connection, "titles_fts", expression, limit, narrowed)


def shortest(connection: sqlite3.Connection, ids: Collection[int], limit: int) -> list[int]:
    """Those of the papers that have the shortest titles, the newer first among equals."""
    rows = connection.execute(
        "SELECT p.id FROM json_each(?) j CROSS JOIN papers p ON p.id = j.value"
        " ORDER BY length(p.title) - length(replace(p.title, ' ', '')), p.id DESC LIMIT ?",
        (json.dumps(list(ids)), limit),
    )
    return [number for (number,) in rows.fetchall()]


def matching_texts(connection: sqlite3.Connection, expression: str, limit: int, narrowed: Within) -> list[int]:
    """Ids of papers which an FTS5 expression matches in title, abstract, authors or organization, newest first."""
    return _matching(connection, "papers_fts", expression, limit, narrowed)


def matching_marks(connection: sqlite3.Connection, expression: str, limit: int, narrowed: Within) -> list[int]:
    """Ids of papers with tags or a note that match an FTS5 expression in title, tags and note, newest first."""
    return _matching(connection, "marks_fts", expression, limit, narrowed)


def matching_marks_and_texts(
    connection: sqlite3.Connection, mark: str, text: str, limit: int, narrowed: Within
) -> list[int]:
    """Ids of papers that match one expression in tags or note and another in their text, newest first."""
    marked = "+f.rowid IN (SELECT rowid FROM marks_fts WHERE marks_fts MATCH ?)"
    both = Within(
        f"{marked} AND {narrowed.sql}" if narrowed.sql else marked,
        (f"{{note tags}} : ({mark})", *narrowed.parameters),
    )
    return _matching(connection, "papers_fts", text, limit, both)


def headlines(connection: sqlite3.Connection, ids: Collection[int]) -> Iterator[Headline]:
    """The titles of these papers, in no order."""
    rows = connection.execute(
        "SELECT p.id, CAST(p.title AS TEXT), CAST(coalesce(p.day, p.published, p.added_at) AS TEXT)"
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
        f"SELECT u.id, coalesce(CAST(u.mark AS TEXT), '') || ' ' || {_TEXT}"
        " FROM unlearned u LEFT JOIN papers p ON p.id = u.paper WHERE u.id > ? ORDER BY u.id LIMIT ?",
        (after, limit),
    ).fetchall()


def _distinct(rows: Iterable[tuple[int, str]]) -> set[str]:
    words: set[str] = set()
    for _, text in rows:
        words.update(tokens(text))
    return words
