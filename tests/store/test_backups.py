"""Backups of a library, and the library brought back from one."""

import gzip
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from store import Library
from store.database.copies import copies
from store.database.opening import SCHEMA_VERSION
from store.errors import BackupError, LibraryUnusable
from tests.fixtures.make_library import state
from tests.store.keeping import FIXTURES, contents, damaged, wrong


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
