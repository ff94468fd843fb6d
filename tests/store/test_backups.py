"""Backups of a library, and the library brought back from one."""

import gzip
import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from store import Library
from store.database.copies import copies
from store.database.opening import SCHEMA_VERSION
from store.doctor import examine, repair
from store.errors import BackupError, LibraryDamaged, LibraryUnusable
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
    assert [copy.path for copy in copies(path)] == [dated, mine], "the newest first, also of two within a second"


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


def tagged_by_a_dead_process(path: Path, tag: str) -> None:
    """Every paper gets the tag, and that stays in the log: the process ends without closing the library."""
    script = "import os, sys; from store import Library; library = Library(sys.argv[1])\n"
    script += "library.tag(library.ids(), add=[sys.argv[2]]); os._exit(0)"
    subprocess.run([sys.executable, "-c", script, path, tag], check=True)
    assert path.with_name(f"{path.name}-wal").stat().st_size


def parts(path: Path) -> dict[str, bytes]:
    return {part.name: part.read_bytes() for part in path.parent.glob(f"{path.name}*")}


@pytest.mark.parametrize("target", ["there", "not there", "damaged"])
def test_a_backup_with_a_log_is_restored_with_what_that_holds_and_both_stay(
    path: Path, tmp_path: Path, target: str
) -> None:
    copy = tmp_path / "other" / "copy.db"
    copy.parent.mkdir()
    shutil.copy(path, copy)
    tagged_by_a_dead_process(copy, "only in the log")
    before = parts(copy)
    match target:
        case "not there":
            path.unlink()
        case "damaged":
            damaged(path, 0)

    Library.restore(path, copy)

    assert parts(copy) == before
    with Library(path) as library:
        assert library.ids('tag:"only in the log"') == library.ids()
    assert wrong(path) == []
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_library_that_is_open_and_written_to_elsewhere_is_restored_from_whole(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(path, copy)
    marking = (
        "import sys, time\nfrom store import Library\n"
        "with Library(sys.argv[1]) as library:\n"
        "    ids = library.ids()\n    library.mark(ids, read=True)\n    print('ready', flush=True)\n"
        "    while True:\n        library.mark(ids, read=False)\n        library.mark(ids, read=True)\n"
        "        time.sleep(0.05)\n"
    )
    with subprocess.Popen([sys.executable, "-c", marking, copy], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"ready\n"
        for _ in range(5):
            Library.restore(path, copy)
            with Library(path) as library:
                assert len({entry.read for entry in library.list()}) == 1
            assert wrong(path) == []
        other.kill()


def test_a_backup_with_a_hot_journal_is_restored_as_it_was_before_and_both_stay(path: Path, tmp_path: Path) -> None:
    before = contents(path)
    copy = tmp_path / "other" / "copy.db"
    copy.parent.mkdir()
    shutil.copy(path, copy)
    half_done = (
        "import os, sqlite3, sys; connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('PRAGMA journal_mode = DELETE'); connection.execute('PRAGMA cache_size = 1')\n"
        "connection.execute('BEGIN'); connection.execute('DELETE FROM papers'); os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", half_done, copy], check=True)
    files = parts(copy)
    assert list(files) != ["copy.db"]
    path.unlink()

    Library.restore(path, copy)

    assert parts(copy) == files
    assert contents(path) == before


@pytest.mark.parametrize("harm", [None, "damaged"])
def test_a_restore_that_is_killed_at_any_step_leaves_the_old_or_the_new_library(
    path: Path, tmp_path: Path, harm: str | None
) -> None:
    with Library(path) as library:
        backup = library.backup(tmp_path / "backup.db")
        before = state(library)
        library.tag([1], add=["after the backup"])
        after = state(library)
    if harm:
        damaged(path, 50)
    found = path.read_bytes()
    script = (
        "import os, sys; from store import Library; from store.database import restoring\n"
        "steps = iter(range(int(sys.argv[3])))\n"
        "def at_a_step(event, _):\n"
        "    if event in ('os.mkdir', 'os.rename', 'os.link') and next(steps, None) is None:\n"
        "        os.kill(os.getpid(), 9)\n"
        "sys.addaudithook(at_a_step)\n"
        "Library.restore(sys.argv[1], sys.argv[2])\n"
    )
    killed = 0
    while subprocess.run([sys.executable, "-c", script, path, backup, f"{killed}"], check=False).returncode != 0:
        if harm:
            with pytest.raises(LibraryDamaged):
                Library(path)
            assert path.read_bytes() == found
        else:
            assert contents(path) in (before, after)
        killed += 1
    assert killed >= 2
    assert contents(path) == before
    assert wrong(path) == []
    assert list(tmp_path.glob(".paperdeck-*")) == []


def test_what_a_killed_restore_leaves_is_named_and_goes_and_nobody_elses_does(path: Path, tmp_path: Path) -> None:
    with Library(path) as library:
        backup = library.backup(tmp_path / "backup.db")
    script = (
        "import sys, time; from pathlib import Path; from store.database.copies import scratch\n"
        "with scratch(Path(sys.argv[1])) as folder:\n"
        "    (folder / 'restoring.db').write_bytes(b'x' * 9999); print(folder, flush=True); time.sleep(600)\n"
    )

    def restoring() -> tuple["subprocess.Popen[str]", Path]:
        process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        return process, Path(process.stdout.readline().strip())

    def named() -> list[str]:
        return [finding.says.split(" is of ")[0] for finding in examine(path) if finding.about == "leftovers"]

    mine = [tmp_path / name for name in (".paperdeck-notes.part", ".paperdeck-0123456789ab.part", "a-restoring-b.db")]
    mine[0].mkdir()
    for file in mine[1:]:
        file.write_text("mine")
    alive, in_use = restoring()
    for again in ("fix", "restore"):
        dead, left = restoring()
        assert named() == []
        dead.kill()
        dead.communicate()
        assert named() == [f"{left}"]
        repair(path) if again == "fix" else Library.restore(path, backup)
        assert not left.exists()
        assert named() == []
    assert (in_use / "restoring.db").exists()
    assert all(file.exists() for file in mine)
    alive.kill()
    alive.communicate()


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
