"""What the doctor finds and what it mends."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store import Library
from store.doctor import repair
from store.errors import LibraryDamaged
from tests.store.keeping import contents, wrong

HARM = {
    "index": "DROP INDEX papers_day",
    "trigger": "DROP TRIGGER papers_fts_insert",
    "other trigger": "DROP TRIGGER generation_states_update; "
    "CREATE TRIGGER generation_states_update AFTER UPDATE ON states BEGIN DELETE FROM tags WHERE 0; END",
    "text": "DELETE FROM papers_fts_data WHERE id > 10",
    "titles": "INSERT INTO titles_fts (titles_fts) VALUES ('delete-all')",
    "one title": "INSERT INTO titles_fts (rowid, title, size) VALUES (99999, 'unheard of', 'n2')",
    "marks": "DELETE FROM marks_fts",
    "no marks": "DROP TABLE marks_fts",
    "words": "DELETE FROM words WHERE id % 2",
    "places": "UPDATE papers SET position = 77, day = '1999-01-01'",
    "counters": "DELETE FROM generations",
}


@pytest.mark.parametrize("harm", HARM)
def test_what_is_derived_is_found_out_of_step_and_made_anew(path: Path, harm: str) -> None:
    before = contents(path)
    assert wrong(path) == []
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(HARM[harm])
    assert wrong(path) != []
    repair(path)
    assert wrong(path) == []
    assert contents(path) == before
    with Library(path) as library:
        assert library.search("slwo looking")
        assert library.search("apended") == library.entries([2])


SCHEMA = "PRAGMA writable_schema = ON; "


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM titles_fts_data",
        "UPDATE papers_fts_config SET v = 99",
        f"{SCHEMA} DELETE FROM sqlite_master WHERE name = 'papers_fts_data'",
        f"{SCHEMA} DELETE FROM sqlite_master WHERE name = 'papers_fts'",
        f"{SCHEMA} DELETE FROM sqlite_master WHERE name = 'words'",
    ],
)
def test_what_cannot_be_made_anew_is_told_with_the_way_back(path: Path, tmp_path: Path, harm: str) -> None:
    with Library(path) as library:
        library.backup(tmp_path / "good.db")
    before = contents(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(harm)
    assert wrong(path)
    try:
        repair(path)
    except LibraryDamaged as error:
        assert "good.db" in str(error)  # noqa: PT017 (it may be mended as well)
        assert wrong(path)
        Library.restore(path, tmp_path / "good.db")
    assert wrong(path) == []
    assert contents(path) == before


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        ("ALTER TABLE papers DROP COLUMN upvotes", "papers.upvotes"),
        ("ALTER TABLE states RENAME COLUMN note TO notes", "states.note"),
        ("UPDATE papers SET authors = '{'", "authors"),
        ("UPDATE papers SET authors = x'ff00'", "authors"),
        ("UPDATE papers SET authors = '{}'", "authors"),
    ],
)
def test_the_doctor_finds_what_another_program_made_unusable(path: Path, harm: str, found: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for name in [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]:
            connection.execute(f"DROP TRIGGER {name}")  # they would not let a column go
        connection.execute(harm)
        connection.commit()
    assert any(found in line for line in wrong(path))


def test_the_doctor_changes_nothing(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM marks_fts")
        connection.commit()
    before = path.read_bytes()
    assert wrong(path)
    assert path.read_bytes() == before
