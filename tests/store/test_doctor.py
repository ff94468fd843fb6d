"""What the doctor finds and what it mends."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store import Library
from store.database.copies import copies
from store.database.opening import SCHEMA_VERSION
from store.doctor import repair
from store.errors import LibraryDamaged, StoreError
from store.importing import import_text
from tests.fixtures.make_library import state
from tests.store.keeping import FIXTURES, contents, wrong
from tests.store.making import digest, listing

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

KEPT_IN = {
    "papers_fts": ("data", "idx", "docsize", "config"),
    "titles_fts": ("data", "idx", "config"),
    "marks_fts": ("data", "idx", "content", "docsize", "config"),
}
"""The tables in which FTS5 keeps each index."""

RUIN = [
    *(
        ruin.format(table=table)
        for table in KEPT_IN
        for ruin in (
            "UPDATE {table}_config SET v = 99",
            "UPDATE {table}_data SET block = x'deadbeef'",
            "DROP TABLE {table}",
            "DROP TABLE {table}; CREATE TABLE {table} (x)",
            "DROP TABLE {table}; CREATE VIEW {table} AS SELECT 1 AS x",
            f"{SCHEMA} DELETE FROM sqlite_master WHERE name = '{{table}}'",
            f"{SCHEMA} DELETE FROM sqlite_master WHERE name GLOB '{{table}}*' AND type = 'table'",
        )
    ),
    *(
        ruin.format(table=f"{table}_{part}")
        for table, parts in KEPT_IN.items()
        for part in parts
        for ruin in (
            "DELETE FROM {table}",
            f"{SCHEMA} DROP TABLE {{table}}",
            f"{SCHEMA} DELETE FROM sqlite_master WHERE name = '{{table}}'",  # which leaves its pages to nobody
        )
    ),
    "DROP TABLE titles_words",
    "DROP TABLE unlearned",
    "DROP TABLE words; CREATE VIEW words AS SELECT 1 AS id, 'x' AS word",
]


def _searches(library: Library) -> None:
    library.search("slwo looking")
    library.search("apended")


def _writes(library: Library) -> None:
    library.note(3, "zanzibar")
    library.tag([4], add=["later"])


def _imports(library: Library) -> None:
    page = (FIXTURES / "cards.txt").read_text(encoding="utf-8").replace("Slow Looking", "Quite Another")
    if error := import_text(library, page).error:
        raise StoreError(error)


@pytest.mark.parametrize("ruin", RUIN)
def test_an_index_in_whatever_state_is_told_of_and_made_anew(path: Path, ruin: str) -> None:
    before = contents(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(ruin)
    assert all("doctor --fix" in line for line in wrong(path))
    for number, use in enumerate((_searches, _writes, _imports)):
        copy = shutil.copy(path, path.with_name(f"copy-{number}.db"))
        try:
            with Library(copy) as library:
                use(library)
        except StoreError as error:  # some uses do not need the index
            assert "paperdeck doctor" in str(error)  # noqa: PT017
            assert wrong(copy)

    repair(path)

    assert wrong(path) == []
    assert contents(path) == before
    with Library(path) as library:
        assert library.search("slwo looking")
        assert library.search("apended") == library.entries([2])
        _writes(library)
        _imports(library)
        assert library.search("zanzbar") == library.entries([3])
        assert library.search("qite another")
    assert wrong(path) == []
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_what_cannot_be_made_anew_is_told_with_the_way_back(path: Path, tmp_path: Path) -> None:
    with Library(path) as library:
        library.backup(tmp_path / "good.db")
    before = contents(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"{SCHEMA} DELETE FROM sqlite_master WHERE name = 'words'")
    assert not any("--fix" in line for line in wrong(path))
    with pytest.raises(LibraryDamaged, match=r"good\.db"):
        repair(path)
    Library.restore(path, tmp_path / "good.db")
    assert wrong(path) == []
    assert contents(path) == before


@pytest.mark.parametrize(
    "harm",
    [
        f"{SCHEMA} DELETE FROM sqlite_master WHERE name = 'merges'",
        f"DELETE FROM papers_fts_data; {SCHEMA} DELETE FROM sqlite_master WHERE name = 'merges'",
        "DROP TABLE merges; DELETE FROM papers_fts_data",
    ],
)
def test_where_a_table_of_the_persons_is_lost_nothing_is_promised_or_given_back(path: Path, harm: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(harm)
    before = path.read_bytes()
    assert wrong(path)
    assert not any("--fix" in line for line in wrong(path))
    repair(path)
    assert path.read_bytes() == before  # its pages are still there


def test_pages_cut_off_from_a_table_are_not_given_back(path: Path) -> None:
    with Library(path) as library:
        library.import_digest(digest(*[listing(f"Paper {number}", abstract="word " * 300) for number in range(30)]))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'papers'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    harmed = bytearray(path.read_bytes())
    start = (root - 1) * size
    assert harmed[start] == 5, "the table has more pages than one"
    harmed[start + 4] -= 1  # of so many the first page knows
    path.write_bytes(harmed)

    says = wrong(path)
    assert any("never used" in line for line in says)
    assert not any("--fix" in line for line in says)
    with pytest.raises(LibraryDamaged, match="restore"):
        repair(path)
    assert path.read_bytes() == harmed


@pytest.mark.parametrize(
    "harm",
    [
        "PRAGMA user_version = 1",
        "PRAGMA user_version = 0",
        "PRAGMA user_version = -1",
        "DELETE FROM _sqlite_migrations",
        "DELETE FROM _sqlite_migrations WHERE name = 'm002_duplicates'",
    ],
)
def test_a_wrong_version_is_found_and_corrected_with_nothing_lost(path: Path, harm: str) -> None:
    before = contents(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(harm)
    assert any("version" in line and "--fix" in line for line in wrong(path))
    assert contents(path) == before
    assert copies(path) == []
    repair(path)
    assert wrong(path) == []
    assert contents(path) == before
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert connection.execute("SELECT count(*) FROM _sqlite_migrations").fetchone() == (SCHEMA_VERSION,)


def test_a_note_of_bytes_is_no_accident_and_its_words_are_known(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE states SET note = CAST('caf' AS BLOB) || x'ff' WHERE note IS NOT NULL")
        connection.commit()
    wrong(path)
    repair(path)
    assert wrong(path) == []


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        ("ALTER TABLE papers DROP COLUMN upvotes", "papers.upvotes"),
        ("ALTER TABLE states RENAME COLUMN note TO notes", "states.note"),
        ("UPDATE papers SET authors = '{'", "authors"),
        ("UPDATE papers SET authors = x'ff00'", "authors"),
        ("UPDATE papers SET authors = '{}'", "authors"),
        ("UPDATE papers SET authors = '[1]' WHERE id = 2", "papers.authors of 2."),
        ("UPDATE papers SET origins = '[1]' WHERE id IN (1, 2)", "papers.origins of 1, 2."),
        ("UPDATE papers SET origins = '{\"title\": 1}'", " and 2 more."),
        ("UPDATE digests SET unparsed = '{'", "digests.unparsed of 1, 2."),
        ('UPDATE digests SET unparsed = \'[["1", "text"]]\' WHERE id = 1', "digests.unparsed of 1."),
        ("UPDATE merges SET was = '{\"before\": {}}'", "merges.was"),
    ],
)
def test_the_doctor_finds_what_another_program_made_unusable(path: Path, harm: str, found: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for name in [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]:
            connection.execute(f"DROP TRIGGER {name}")  # they would not let a column go
        connection.execute(harm)
        connection.commit()
    assert any(found in line for line in wrong(path))


@pytest.mark.parametrize("harm", ["UPDATE merges SET was = '[]'", "UPDATE merges SET was = 'x'"])
def test_a_merge_that_was_garbled_is_told_of_when_it_is_undone(path: Path, harm: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(harm)
        connection.commit()
    with Library(path) as library:
        assert library.undo().summary.startswith("Kept")
        before = state(library)
        with pytest.raises(LibraryDamaged, match="nothing was changed"):
            library.undo()
        assert state(library) == before


@pytest.mark.parametrize("origins", ["[1]", "{", '{"title": 1}'])
def test_a_paper_whose_origins_were_garbled_is_imported_again_all_the_same(path: Path, origins: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE papers SET origins = ?", (origins,))
        connection.commit()
    page = (FIXTURES / "cards.txt").read_text(encoding="utf-8")
    with Library(path) as library:
        assert import_text(library, page + "\n").error is None
        library.merge(1, 2)


def test_the_doctor_changes_nothing(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM marks_fts")
        connection.commit()
    before = path.read_bytes()
    assert wrong(path)
    assert path.read_bytes() == before
