"""Libraries of older versions, and of newer ones: brought up to date, or refused, with nothing lost."""

import gzip
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from store import Library
from store.database.connections import Connections
from store.database.copies import copies
from store.database.opening import SCHEMA_VERSION, migrate
from store.doctor import repair
from store.errors import LibraryUnusable
from store.schema import m001_library
from tests.store.keeping import FIXTURES, contents, wrong


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION + 1))
def test_a_library_of_every_version_opens_with_all_its_state(tmp_path: Path, version: int) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(gzip.decompress((FIXTURES / f"library-v{version}.db.gz").read_bytes()))
    wanted = json.loads((FIXTURES / f"library-v{version}.json").read_text(encoding="utf-8"))

    found = contents(path)

    assert {name: found[name] for name in wanted} == wanted
    assert wrong(path) == []
    assert len(copies(path)) == (version < SCHEMA_VERSION)


def test_an_old_library_that_says_it_is_new_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(gzip.decompress((FIXTURES / "library-v1.db.gz").read_bytes()))
    wanted = json.loads((FIXTURES / "library-v1.json").read_text(encoding="utf-8"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    assert wrong(path) == []
    found = contents(path)
    assert {name: found[name] for name in wanted} == wanted
    assert wrong(path) == []
    assert len(copies(path)) == 1


def test_migrations_of_another_program_do_not_count(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('another', 'm001', ''), "
            "('another', 'm002', '')"
        )
    assert wrong(path) == []
    assert contents(path)["entries"]


def next_version(*, fails: bool = False) -> Migrations:
    """Our migrations and one that is to come."""
    migrations = Migrations("paperdeck")
    migrations(name="m001_library")(m001_library)

    @migrations()
    def m999_next(db: Database) -> None:
        db.execute("ALTER TABLE papers ADD COLUMN doi TEXT")
        db.execute("UPDATE states SET note = 'rewritten'")
        if fails:
            db.execute("UPDATE no_such_table SET x = 1")

    return migrations


def brought_up(path: Path, migrations: Migrations) -> None:
    connections = Connections(path)
    try:
        migrate(connections, migrations, SCHEMA_VERSION + 1)
    finally:
        connections.close()


def test_before_the_first_change_to_a_library_a_copy_of_it_is_made(path: Path) -> None:
    before = contents(path)
    brought_up(path, next_version())

    (copy,) = copies(path)
    assert copy.path.name.startswith(f"library-v{SCHEMA_VERSION}-20")
    assert copy.path.stat().st_mode & 0o777 == 0o600
    assert contents(copy.path) == before
    with pytest.raises(LibraryUnusable, match="newer paperdeck"):
        Library(path)


def test_the_last_five_copies_are_kept(path: Path) -> None:
    whole = path.read_bytes()
    for _ in range(7):
        path.write_bytes(whole)
        brought_up(path, next_version())
    kept = [copy.path.name for copy in copies(path)]
    assert len(kept) == 5
    assert not any(name.endswith("Z.db") for name in kept)
    assert all(contents(copy.path) for copy in copies(path))


def test_a_migration_that_fails_changes_nothing(path: Path) -> None:
    before = contents(path)
    with pytest.raises(LibraryUnusable, match="left as it is"):
        brought_up(path, next_version(fails=True))
    assert contents(path) == before
    assert wrong(path) == []


def test_migrations_that_fail_again_and_again_leave_the_copies_that_there_were(tmp_path: Path) -> None:
    path, older = tmp_path / "library.db", tmp_path / "library-v1-2024-01-01-000000.db"
    older.write_text("an older copy")
    path.write_bytes(gzip.decompress((FIXTURES / "library-v1.db.gz").read_bytes()))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE merges (x)")
    for _ in range(7):
        with pytest.raises(LibraryUnusable):
            Library(path)
    assert [*tmp_path.glob("library-v1-*.db")] == [older]


def test_the_copy_made_now_stays_though_the_clock_was_put_back(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(gzip.decompress((FIXTURES / "library-v1.db.gz").read_bytes()))
    for year in range(2090, 2096):
        (tmp_path / f"library-v1-{year}-01-01-000000.db").write_text("no library")
    Library(path).close()
    left = {int(file.name.split("-")[2]) for file in tmp_path.glob("library-v1-*.db")}
    assert left == {datetime.now(UTC).year, 2092, 2093, 2094, 2095}
    (made,) = copies(path)
    assert contents(made.path)


def _migrated(path: str) -> int:
    brought_up(Path(path), next_version())
    return 1


def test_processes_that_migrate_one_library_at_once_make_one_copy(path: Path) -> None:
    with get_context("spawn").Pool(4) as pool:
        assert sum(pool.map(_migrated, [str(path)] * 4)) == 4
    assert len(copies(path)) == 1


def test_a_library_of_a_newer_version_is_refused_unharmed(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(LibraryUnusable, match="upgrade paperdeck"):
        Library(path)
    with pytest.raises(LibraryUnusable, match="upgrade paperdeck"):
        repair(path)
    assert path.read_bytes() == before
