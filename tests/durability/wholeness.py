"""What is true of a library at any moment, whatever happened to the processes that wrote it."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from store import Library

State = Mapping[int, tuple[bool, bool, bool, tuple[str, ...], str | None]]
"""By paper: read, starred, skipped, tags, note."""

_FIELDS = ("read_at", "starred_at", "skipped_at", "note", "note_at")


def state_of(path: Path) -> State:
    """What the person has said of each paper that they touched."""
    with Library(path) as library:
        said = {
            entry.id: (entry.read, entry.starred, entry.skipped, entry.tags, entry.note) for entry in library.list()
        }
    return {paper: state for paper, state in said.items() if any(state)}


def assert_whole(path: Path) -> None:
    """The file is sound, the indexes are in step, the journal and the state agree, and no import is there in part."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.execute("INSERT INTO papers_fts (papers_fts, rank) VALUES ('integrity-check', 1)")
        connection.rollback()
        _assert_journal(connection)
        listed = "SELECT count(*) FROM listings WHERE digest = d.id"
        assert connection.execute(f"SELECT id FROM digests d WHERE listed != ({listed})").fetchall() == []
        unlisted = "SELECT id FROM papers WHERE id NOT IN (SELECT paper FROM listings)"
        assert connection.execute(unlisted).fetchall() == []


def _assert_journal(connection: sqlite3.Connection) -> None:
    changed: dict[tuple[int, str], object] = {}
    for paper, field, value in connection.execute(
        "SELECT c.paper, c.field, c.after FROM changes c JOIN journal j ON j.id = c.entry "
        "WHERE j.state IN ('done', 'kept') ORDER BY j.id"
    ):
        changed[paper, field] = value
    told = {key: value for key, value in changed.items() if value is not None}
    there: dict[tuple[int, str], object] = {}
    for paper, *values in connection.execute(f"SELECT paper, {', '.join(_FIELDS)} FROM states"):
        there |= {(paper, field): value for field, value in zip(_FIELDS, values, strict=True) if value is not None}
    there |= {(paper, f"tag:{tag}"): 1 for paper, tag in connection.execute("SELECT paper, tag FROM tags")}
    assert told == there
    orphans = "SELECT entry FROM changes WHERE entry NOT IN (SELECT id FROM journal)"
    assert connection.execute(orphans).fetchall() == []
    counted = "SELECT count(DISTINCT paper) FROM changes WHERE entry = j.id"
    assert connection.execute(f"SELECT id FROM journal j WHERE papers != ({counted})").fetchall() == []
