"""The library's file over the years: older versions, backups, damage, and file systems of another kind."""

import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from store import Library
from store.database.connections import Connections
from store.database.copies import copies
from store.database.opening import SCHEMA_VERSION, migrate
from store.doctor import Health, examine, repair
from store.errors import BackupError, LibraryDamaged, LibraryUnusable
from store.schema import m001_library
from tests.fixtures.make_library import make, state

FIXTURES = Path(__file__).parent.parent / "fixtures"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A library with every kind of state, closed."""
    make(tmp_path / "library.db")
    return tmp_path / "library.db"


def contents(path: Path) -> dict[str, object]:
    with Library(path, create=False) as library:
        return state(library)


def wrong(path: Path) -> list[str]:
    """What the doctor finds wrong."""
    return [f"{finding.about}: {finding.says}" for finding in examine(path) if finding.health is Health.WRONG]


# Versions


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION + 1))
def test_a_library_of_every_version_opens_with_all_its_state(tmp_path: Path, version: int) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(gzip.decompress((FIXTURES / f"library-v{version}.db.gz").read_bytes()))
    wanted = json.loads((FIXTURES / f"library-v{version}.json").read_text(encoding="utf-8"))

    found = contents(path)

    assert {name: found[name] for name in wanted} == wanted
    assert wrong(path) == []
    assert len(copies(path)) == (version < SCHEMA_VERSION)


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


# Backups


def test_a_backup_is_a_whole_library_whatever_others_write_meanwhile(path: Path, tmp_path: Path) -> None:
    marking = (
        "import sys\nfrom store import Library\n"
        "with Library(sys.argv[1]) as library:\n"
        "    ids = library.ids()\n    library.mark(ids, read=True)\n    print('ready', flush=True)\n"
        "    while True:\n        library.mark(ids, read=False)\n        library.mark(ids, read=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", marking, str(path)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"ready\n"
        with Library(path) as library:
            for number in range(10):
                library.backup(tmp_path / f"backup-{number}.db")
        other.kill()
    for number in range(10):
        with Library(tmp_path / f"backup-{number}.db") as backup:
            assert len({entry.read for entry in backup.list()}) == 1
        assert wrong(tmp_path / f"backup-{number}.db") == []


def test_a_backup_overwrites_nothing_unless_told_to(path: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    with Library(path) as library:
        with pytest.raises(BackupError, match="--force"):
            library.backup(mine)
        with pytest.raises(BackupError, match="the library itself"):
            library.backup(path, force=True)
        with pytest.raises(BackupError, match="no regular file"):
            library.backup("/dev/null", force=True)
        with pytest.raises(BackupError, match="Nothing was changed"):
            library.backup(tmp_path / "absent" / "x.db")
        assert mine.read_text() == "mine"
        assert library.backup(mine, force=True) == mine
        dated = library.backup(tmp_path)
    assert dated.parent == tmp_path
    assert contents(dated) == contents(mine) == contents(path)
    assert not list(tmp_path.glob(".paperdeck-*"))
    assert [copy.path for copy in copies(path)][::-1] == sorted([mine, dated], key=lambda file: file.stat().st_mtime)


def test_restoring_brings_everything_back_and_keeps_what_it_replaces(path: Path, tmp_path: Path) -> None:
    with Library(path) as library:
        backup = library.backup(tmp_path / "backup.db")
        before = state(library)
        library.note(1, "written after the backup")
        library.tag([2], add=["later"])
        after = state(library)
    restored = Library.restore(path, backup)
    assert restored.papers == len(before["entries"])  # type: ignore[arg-type]
    assert contents(path) == before
    assert restored.kept is not None
    assert contents(restored.kept) == after
    assert wrong(path) == wrong(restored.kept) == []


def test_an_app_that_is_open_sees_the_restored_library(path: Path, tmp_path: Path) -> None:
    page = (FIXTURES / "cards.txt").read_text(encoding="utf-8")
    with Library(path) as library:
        backup = library.backup(tmp_path / "backup.db")
        paper = library.search("slow looking")[0].id
        library.note(paper, "zanzibar")
        from store.importing import import_text

        import_text(library, page.replace("Slow Looking", "Quite Another"))
        newest = max(library.ids())
        assert library.search("zanzbar")
        seen = library.generations()

        Library.restore(path, backup)

        assert all(new > old for new, old in zip(library.generations(), seen, strict=True))
        assert library.search("zanzbar") == []
        assert library.search("slwo looking")[0].id == paper
        library.mark([paper], read=True)
        report = import_text(library, page.replace("Slow Looking", "Something Else"))
        assert report.new == 1
        assert max(library.ids()) > newest, "an id that was given is never given again"
    assert wrong(path) == []


def test_what_is_no_sound_backup_restores_nothing(path: Path, tmp_path: Path) -> None:
    before = contents(path)
    text, other, newer, broken = (tmp_path / name for name in ("text.db", "other.db", "newer.db", "broken.db"))
    text.write_text("not a library")
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE t (x)")
    for copy in (newer, broken):
        with Library(path) as library:
            library.backup(copy)
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    damaged(broken, 40)
    for copy in (text, other, newer, broken, tmp_path / "absent", tmp_path, path):
        with pytest.raises(LibraryUnusable):
            Library.restore(path, copy)
    assert contents(path) == before
    assert not list(tmp_path.glob("*restoring*"))
    assert not list(tmp_path.glob("*replaced*"))


def test_an_older_backup_is_restored_and_brought_up_to_date(tmp_path: Path) -> None:
    backup = tmp_path / "old.db"
    backup.write_bytes(gzip.decompress((FIXTURES / "library-v1.db.gz").read_bytes()))
    assert Library.restore(tmp_path / "new.db", backup).kept is None
    assert contents(tmp_path / "new.db")["log"] == json.loads((FIXTURES / "library-v1.json").read_text())["log"]
    with closing(sqlite3.connect(tmp_path / "new.db")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)


# Damage


def damaged(path: Path, share: int) -> None:
    """Write noise over a few pages, `share` percent into the file."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size * share // 100 // 4096 * 4096)
        file.write(bytes(range(1, 256)) * 80)


@pytest.mark.parametrize("harm", ["noise", "head", "cut", "emptied"])
def test_a_damaged_library_is_recognised_left_alone_and_brought_back(path: Path, tmp_path: Path, harm: str) -> None:
    with Library(path) as library:
        backup = library.backup(tmp_path / "backup.db")
        before = state(library)
    match harm:
        case "noise":
            damaged(path, 50)
        case "head":
            damaged(path, 0)
        case "cut":
            os.truncate(path, path.stat().st_size // 2)
        case "emptied":
            os.truncate(path, 0)
    found = path.read_bytes()

    with pytest.raises(LibraryDamaged, match=r"paperdeck restore .*backup\.db"):
        Library(path)
    assert path.read_bytes() == found
    assert wrong(path) or harm == "emptied"

    kept = Library.restore(path, backup).kept
    assert contents(path) == before
    assert (kept is None) == (harm == "emptied")
    assert kept is None or kept.read_bytes() == found


def _with_a_log(path: Path, tmp_path: Path) -> Path:
    """A copy of the library is made; then it changes, and its process dies with all of that in the log."""
    with Library(path) as library:
        library.backup(tmp_path / "good.db")
    script = "import os, sys; from store import Library; library = Library(sys.argv[1])\n"
    script += "library.tag(library.ids(), add=['later']); os._exit(0)"
    subprocess.run([sys.executable, "-c", script, path], check=True)
    assert path.with_name("library.db-wal").stat().st_size
    return tmp_path / "good.db"


@pytest.mark.parametrize("emptied", [False, True])
def test_a_log_without_its_library_is_recognised_and_is_not_the_restored_ones(
    path: Path, tmp_path: Path, emptied: bool
) -> None:
    before = contents(path)
    good = _with_a_log(path, tmp_path)
    if emptied:
        path.write_bytes(b"")
    else:
        path.unlink()
    log = path.with_name("library.db-wal").read_bytes()

    assert any("restore" in line for line in wrong(path))
    for act in (Library, repair):
        with pytest.raises(LibraryDamaged, match="restore"):
            act(path)
    assert path.with_name("library.db-wal").read_bytes() == log

    with Library(good) as copy:
        assert state(copy) == before
    Library.restore(path, good)
    assert contents(path) == before
    assert wrong(path) == []
    [kept] = tmp_path.glob("library-damaged-*-wal")
    assert kept.read_bytes() == log


@pytest.mark.parametrize("at", [18, 19, 20, 47, "schema"])
def test_a_library_with_a_damaged_header_or_schema_is_told_so_and_brought_back(
    path: Path, tmp_path: Path, at: int | str
) -> None:
    before = contents(path)
    with Library(path) as library:
        library.backup(tmp_path / "good.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    harmed = bytearray(path.read_bytes())
    if isinstance(at, int):
        harmed[at] = 0x7F
    else:
        harmed[harmed.index(b"CREATE TABLE papers") + 7] = 0xF6
        (tmp_path / "harmed.db").write_bytes(harmed)
        with pytest.raises(LibraryUnusable, match="no text"):
            Library.restore(tmp_path / "other.db", tmp_path / "harmed.db")
    path.write_bytes(harmed)
    if at == "schema":
        with pytest.raises(LibraryDamaged, match="restore"):
            Library(path)
        assert wrong(path)

    kept = Library.restore(path, tmp_path / "good.db").kept

    assert contents(path) == before
    assert kept is not None
    assert kept.read_bytes() == bytes(harmed) or contents(kept) == before


def test_migrations_that_fail_again_and_again_leave_five_copies(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(gzip.decompress((FIXTURES / "library-v1.db.gz").read_bytes()))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE merges (x)")
    for _ in range(7):
        with pytest.raises(LibraryUnusable):
            Library(path)
    assert len(list(tmp_path.glob("library-v1-*.db"))) == 5


@pytest.mark.parametrize("part", ["-wal", "-shm", "-journal"])
def test_a_backup_never_replaces_a_part_of_the_library(path: Path, part: str) -> None:
    with Library(path) as library:
        library.mark(library.ids(), read=True)
        for name in (f"library.db{part}", "link.db"):
            if name == "link.db":
                path.with_name(name).symlink_to(f"library.db{part}")
            with pytest.raises(BackupError, match="part of it"):
                library.backup(path.with_name(name), force=True)
        assert library.ids("is:read")


def test_a_new_library_through_a_link_that_leads_nowhere_is_for_nobody_else(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "library.db")
    Library(tmp_path / "link.db").close()
    assert (tmp_path / "library.db").stat().st_mode & 0o777 == 0o600


def test_damage_in_a_large_library_is_found_by_looking(path: Path) -> None:
    with Library(path) as library:
        library.check()
        noisy = path.with_name("noisy.db")
        library.backup(noisy)
    with closing(sqlite3.connect(noisy)) as connection:
        connection.execute("INSERT INTO searches VALUES ('large', hex(zeroblob(3000000)), 0, '')")
        connection.commit()
    damaged(noisy, 50)
    with Library(noisy) as library, pytest.raises(LibraryDamaged):
        library.check()


def test_a_library_that_another_program_took_a_table_from_is_told_so(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE tags")
    with Library(path) as library, pytest.raises(LibraryDamaged, match="tags"):
        library.tags()
    assert any("tags" in line for line in wrong(path))


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


# Where it is kept


def test_nobody_else_can_read_a_new_library(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with Library(tmp_path / "library.db") as library:
            library.save_search("x", "y", fuzzy=False)
            files = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert files == {"library.db": 0o600, "library.db-wal": 0o600, "library.db-shm": 0o600}


@pytest.fixture
def unshared(tmp_path: Path) -> Iterator[Path]:
    """A folder on a file system whose files cannot be shared as memory, so that SQLite can keep no write-ahead log."""
    folder, behind = tmp_path / "unshared", tmp_path / "behind"
    folder.mkdir()
    behind.mkdir()
    if shutil.which("bindfs") is None:
        pytest.skip("bindfs is not installed")
    mounted = subprocess.run(["bindfs", "-o", "direct_io", str(behind), str(folder)], capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip(f"nothing can be mounted here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["fusermount", "-uz", str(folder)], check=True)


def _tagged(job: tuple[str, int]) -> None:
    with Library(job[0]) as library:
        library.tag([1], add=[f"tag {job[1]}"])


def test_a_library_works_where_sqlite_can_keep_no_log(path: Path, unshared: Path) -> None:
    make(unshared / "new.db")
    before = contents(path)
    shutil.copy(path, unshared / "brought.db")  # made with a log, elsewhere
    assert contents(unshared / "brought.db") == before
    with get_context("spawn").Pool(4) as pool:
        pool.map(_tagged, [(str(unshared / "new.db"), number) for number in range(12)])
    with Library(unshared / "new.db") as library:
        assert len([tag for tag in library.entry(1).tags if tag.startswith("tag ")]) == 12
        backup = library.backup(unshared / "backup.db")
        library.undo()
    Library.restore(unshared / "new.db", backup)
    assert wrong(unshared / "new.db") == []
    shutil.copy(unshared / "new.db", path.with_name("back.db"))
    with Library(path.with_name("back.db")) as library:
        assert len(library.entry(1).tags) > 12
    with closing(sqlite3.connect(path.with_name("back.db"))) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
