"""What is derived in a library (indexes, triggers, the vocabulary, where papers stand): checked, and made anew."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from sqlite_utils import Database

from store.database.unify import place_again
from store.database.words import is_complete, learn_again
from store.schema import SIZE, migrations

Schema = dict[tuple[str, str], str]
"""The SQL that made each table, index and trigger, by kind and name."""

_SEARCHED = ("papers_fts", "titles_fts", "titles_words", "marks_fts")
_DERIVED_TABLES = (*_SEARCHED, "words", "unlearned")
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


def lost(connection: sqlite3.Connection) -> list[str]:
    """The tables, and columns as `table.column`, that are not there and that nothing can be made of again."""
    with closing(_new()) as new:
        tables = [name for kind, name in _schema(new) if not _is_derived(kind, name)]
        wanted = {table: _columns(new, table) for table in tables}
    there = {table: _columns(connection, table) for table in tables}
    return [
        name
        for table in tables
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
    for table, with_content in (("papers_fts", 1), ("titles_fts", 0), ("marks_fts", 0)):
        try:
            connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', ?)", (with_content,))
        except sqlite3.DatabaseError as error:
            yield f"the index {table} is out of step with the papers ({error})"
    if _differ(connection, _index_of_titles(connection), "SELECT term, doc, cnt FROM titles_words"):
        yield "the index titles_fts is out of step with the titles"
    if _differ(connection, _MARKS, "SELECT rowid, note, tags, title FROM marks_fts"):
        yield "the index marks_fts is out of step with notes and tags"
    if set(connection.execute("SELECT name FROM generations").fetchall()) != _counters():
        yield "the counters by which others notice changes are not all there"
    if not is_complete(connection):
        yield "the vocabulary that forgives typos lacks words"
    if _differ(connection, _PLACES, "SELECT id, day, digest, position FROM papers WHERE digest IS NOT NULL"):
        yield "some papers do not stand where their newest listing has them"


def rebuild(connection: sqlite3.Connection) -> None:
    """Make all that is derived anew. The connection is in a write transaction."""
    changed = _changed(connection)
    for kind, name in changed:
        connection.execute(f"DROP {kind} IF EXISTS {name}")
    for kind, name in changed:
        connection.execute(_shipped()[kind, name])
    # One that begins anew must not come to a number that somebody has seen.
    counter = "INSERT OR IGNORE INTO generations (name, value) VALUES (?, unixepoch())"
    connection.executemany(counter, _counters())
    connection.execute("REINDEX")
    connection.execute("INSERT INTO papers_fts (papers_fts) VALUES ('rebuild')")
    connection.execute("INSERT INTO titles_fts (titles_fts) VALUES ('delete-all')")
    connection.execute(f"INSERT INTO titles_fts (rowid, title, size) {_TITLES}")
    connection.execute("INSERT INTO marks_fts (marks_fts) VALUES ('rebuild')")
    connection.execute("DELETE FROM marks_fts")
    connection.execute(f"INSERT INTO marks_fts (rowid, note, tags, title) {_MARKS}")
    learn_again(connection)
    place_again(connection, [paper for (paper,) in connection.execute("SELECT id FROM papers")])


def _shipped() -> Schema:
    """The schema as the migrations make it, tables before what hangs on them."""
    with closing(_new()) as connection:
        return _schema(connection)


def _counters() -> set[tuple[str]]:
    with closing(_new()) as connection:
        return set(connection.execute("SELECT name FROM generations").fetchall())


def _new() -> sqlite3.Connection:
    """An empty library in memory."""
    connection = sqlite3.connect(":memory:")
    migrations.apply(Database(connection, execute_plugins=False))
    return connection


def _schema(connection: sqlite3.Connection) -> Schema:
    """The schema as it stands; what FTS5 and SQLite keep for themselves is left out."""
    own = " AND ".join(f"name NOT GLOB '{table}_*'" for table in _SEARCHED)
    rows = connection.execute(
        f"SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*' "
        f"AND (type != 'table' OR {own}) ORDER BY type = 'trigger', type = 'index', rowid"
    )
    return {(kind, name): sql for kind, name, sql in rows}


def _is_derived(kind: str, name: str) -> bool:
    return kind != "table" or name in _DERIVED_TABLES


def _changed(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """The derived tables, indexes and triggers that are missing or made otherwise, in the order of their making."""
    there = _schema(connection)
    return [key for key, sql in _shipped().items() if _is_derived(*key) and there.get(key) != sql]


def _index_of_titles(connection: sqlite3.Connection) -> str:
    """A query for the words of a new index of the titles, which is as the migrations make it."""
    made = _shipped()["table", "titles_fts"].replace("titles_fts", "temp.expected_titles", 1)
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
