"""What is derived in a library (indexes, triggers, the vocabulary, where papers stand): checked, and made anew."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from typing import NamedTuple

from sqlite_utils import Database

from store.database.connections import DERIVED_TABLES, SEARCHED
from store.database.unify import place_again
from store.database.words import is_complete, learn_again
from store.schema import SIZE, migrations

Schema = dict[tuple[str, str], str]
"""The SQL that made each table, index and trigger, by kind and name."""

_OF_FTS5 = ("_data", "_idx", "_content", "_docsize", "_config")
"""How the names of the tables end that FTS5 keeps an index in."""
_TITLES = f"SELECT id, title, {SIZE.format(row='papers')} FROM papers"
_MARKS = """
    SELECT id, note, tags, title FROM (
        SELECT p.id, p.title, (SELECT s.note FROM states s WHERE s.paper = p.id) AS note,
               (SELECT group_concat(t.tag, ', ') FROM tags t WHERE t.paper = p.id) AS tags
        FROM papers p
    ) WHERE note IS NOT NULL OR tags IS NOT NULL
"""
_PLACES = """
    SELECT paper, day, digest, position FROM (
        SELECT l.paper, d.day, l.digest, l.position,
               row_number() OVER (PARTITION BY l.paper ORDER BY d.day DESC, d.id DESC) AS nth
        FROM listings l JOIN digests d ON d.id = l.digest
    ) WHERE nth = 1
"""


class _Shipped(NamedTuple):
    """An empty library, as the migrations make it."""

    schema: Schema
    """Tables before what hangs on them."""
    columns: dict[str, set[str]]
    """Of each table that is not derived."""
    counters: set[tuple[str]]
    """The rows of `generations`, without their values."""
    migrations: set[tuple[str, str]]
    """The migrations that it has had, each after the name of ours as a set."""


def lost(connection: sqlite3.Connection) -> list[str]:
    """The tables, and columns as `table.column`, that are not there and that nothing can be made of again."""
    wanted = _shipped().columns
    there = {table: _columns(connection, table) for table in wanted}
    return [
        name
        for table in wanted
        for name in ([f"{table}.{column}" for column in wanted[table] - there[table]] if there[table] else [table])
    ]


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))}


def faults(connection: sqlite3.Connection) -> Iterator[str]:
    """A sentence for each derived thing that does not say what it is derived from; `rebuild` mends them all.

    The connection is in a write transaction that is rolled back: FTS5 checks an index by a statement that counts as
    writing, and the titles' index is compared with one that is made for it.
    """
    if changed := _changed(connection):
        yield "missing, or not as paperdeck made it: " + ", ".join(f"{kind} {name}" for kind, name in changed)
        if any(kind == "table" for kind, _ in changed):
            return
    for fault, is_there in _FAULTS.items():
        try:
            if is_there(connection):
                yield fault
        except (sqlite3.DatabaseError, AttributeError, TypeError) as error:  # what cannot even be read, or is no text
            yield f"{fault} ({error})"


def rebuild(connection: sqlite3.Connection) -> None:
    """Make all that is derived anew, whatever state it is in. The connection is in a write transaction."""
    shipped = _shipped().schema
    changed = _changed(connection)
    anew = [key for key in shipped if key in changed or key[1] in SEARCHED]
    for _, name in anew:
        _drop(connection, name)
    for key in anew:
        connection.execute(shipped[key])
    # One that begins anew must not come to a number that somebody has seen.
    counter = "INSERT OR IGNORE INTO generations (name, value) VALUES (?, unixepoch())"
    connection.executemany(counter, _shipped().counters)
    had = "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, datetime())"
    connection.executemany(had, _shipped().migrations - _migrations_of(connection))
    connection.execute(f"PRAGMA user_version = {len(_shipped().migrations)}")
    connection.execute("REINDEX")
    connection.execute("INSERT INTO papers_fts (papers_fts) VALUES ('rebuild')")
    connection.execute(f"INSERT INTO titles_fts (rowid, title, size) {_TITLES}")
    connection.execute(f"INSERT INTO marks_fts (rowid, note, tags, title) {_MARKS}")
    learn_again(connection)
    place_again(connection, [paper for (paper,) in connection.execute("SELECT id FROM papers")])


def _drop(connection: sqlite3.Connection, name: str) -> None:
    """Drop what has this name, of whatever kind, and the tables that FTS5 keeps or has left under it."""
    for table in (name, *(f"{name}{ending}" for ending in _OF_FTS5 if name in SEARCHED)):
        for (kind,) in connection.execute("SELECT type FROM sqlite_master WHERE name = ?", (table,)).fetchall():
            try:
                connection.execute(f"DROP {kind} {table}")
            except sqlite3.DatabaseError:
                # FTS5 reads what it drops, and cannot: the line by which SQLite knows of it goes alone.
                _drop_line(connection, table)


def _drop_line(connection: sqlite3.Connection, table: str) -> None:
    """Take a virtual table, which has no pages of its own, out of the schema. Raises sqlite3.DatabaseError."""
    connection.execute("PRAGMA writable_schema = ON")
    try:
        connection.execute("DELETE FROM sqlite_master WHERE name = ? AND rootpage = 0", (table,))
    finally:
        connection.execute("PRAGMA writable_schema = RESET")  # which reads the schema again, too


@cache
def _shipped() -> _Shipped:
    with closing(sqlite3.connect(":memory:")) as new:
        migrations.apply(Database(new, execute_plugins=False))
        schema = _schema(new)
        columns = {name: _columns(new, name) for kind, name in schema if not _is_derived(kind, name)}
        return _Shipped(schema, columns, set(new.execute("SELECT name FROM generations")), _migrations_of(new))


def _schema(connection: sqlite3.Connection) -> Schema:
    """The schema as it stands; what FTS5 and SQLite keep for themselves is left out."""
    own = " AND ".join(f"name NOT GLOB '{table}_*'" for table in SEARCHED)
    rows = connection.execute(
        f"SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*' "
        f"AND (type != 'table' OR {own}) ORDER BY type = 'trigger', type = 'index', rowid"
    )
    return {(kind, name): sql for kind, name, sql in rows}


def _is_derived(kind: str, name: str) -> bool:
    return kind != "table" or name in DERIVED_TABLES


def _changed(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """The derived tables, indexes and triggers that are missing or made otherwise, in the order of their making."""
    there = _schema(connection)
    return [key for key, sql in _shipped().schema.items() if _is_derived(*key) and there.get(key) != sql]


def _index_of_titles(connection: sqlite3.Connection) -> str:
    """A query for the words of a new index of the titles, which is as the migrations make it."""
    made = _shipped().schema["table", "titles_fts"].replace("titles_fts", "temp.expected_titles", 1)
    connection.execute(made)
    connection.execute(f"INSERT INTO temp.expected_titles (rowid, title, size) {_TITLES}")
    connection.execute("CREATE VIRTUAL TABLE temp.expected_words USING fts5vocab ('temp', 'expected_titles', 'row')")
    return "SELECT term, doc, cnt FROM temp.expected_words"


def _differ(connection: sqlite3.Connection, expected: str, found: str) -> bool:
    """Whether two queries give other rows."""
    both = (
        f"SELECT EXISTS (SELECT * FROM ({expected}) EXCEPT {found}), EXISTS (SELECT * FROM ({found}) EXCEPT {expected})"
    )
    return any(connection.execute(both).fetchone())


def _is_unsound(table: str, *, with_content: bool = False) -> Callable[[sqlite3.Connection], bool]:
    """Whether FTS5 itself finds an index wrong, which it raises as an error."""
    check = f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', {with_content:d})"
    return lambda connection: connection.execute(check).fetchone() is not None


def _lacks_counters(connection: sqlite3.Connection) -> bool:
    return set(connection.execute("SELECT name FROM generations")) != _shipped().counters


def _tells_another_version(connection: sqlite3.Connection) -> bool:
    (header,) = connection.execute("PRAGMA user_version").fetchone()
    return header != len(_shipped().migrations) or _migrations_of(connection) != _shipped().migrations


def _migrations_of(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    rows = connection.execute("SELECT migration_set, name FROM _sqlite_migrations WHERE migration_set = 'paperdeck'")
    return set(rows)


_FAULTS: dict[str, Callable[[sqlite3.Connection], bool]] = {
    "the version that the file says it is of is not that of its tables": _tells_another_version,
    "the index papers_fts is out of step with the papers": _is_unsound("papers_fts", with_content=True),
    "the index titles_fts is damaged": _is_unsound("titles_fts"),
    "the index marks_fts is damaged": _is_unsound("marks_fts"),
    "the index titles_fts is out of step with the titles": lambda connection: _differ(
        connection, _index_of_titles(connection), "SELECT term, doc, cnt FROM titles_words"
    ),
    "the index marks_fts is out of step with notes and tags": lambda connection: _differ(
        connection, _MARKS, "SELECT rowid, note, tags, title FROM marks_fts"
    ),
    "the counters by which others notice changes are not all there": _lacks_counters,
    "the vocabulary that forgives typos lacks words": lambda connection: not is_complete(connection),
    "some papers do not stand where their newest listing has them": lambda connection: _differ(
        connection, _PLACES, "SELECT id, day, digest, position FROM papers WHERE digest IS NOT NULL"
    ),
}
"""What can be said of what is derived, and what tells whether it is so."""
