"""Where a library is kept: for whom, and on which file systems."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import pytest

from store import Library
from store.errors import LibraryUnusable
from tests.fixtures.make_library import make
from tests.store.keeping import contents, wrong


def test_nobody_else_can_read_a_new_library(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with Library(tmp_path / "library.db") as library:
            library.save_search("x", "y", fuzzy=False)
            files = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert files == {"library.db": 0o600, "library.db-wal": 0o600, "library.db-shm": 0o600}


def test_a_new_library_through_a_link_that_leads_nowhere_is_for_nobody_else(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "library.db")
    Library(tmp_path / "link.db").close()
    assert (tmp_path / "library.db").stat().st_mode & 0o777 == 0o600


def test_a_library_that_was_read_only_is_written_to_once_it_is_not(path: Path) -> None:
    def allow(version: int) -> None:  # in its header, as root may write to any file
        with path.open("r+b") as file:
            file.seek(18)
            file.write(bytes([version]))

    before = contents(path)
    allow(3)
    with Library(path) as library:
        for _ in range(2):
            with pytest.raises(LibraryUnusable, match="read-only"):
                library.tag([1], add=["late"])
        allow(2)
        assert contents(path) == before
        library.tag([1], add=["late"])
        assert "late" in library.entry(1).tags


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
    Library.restore(unshared / "restored.db", path)
    assert contents(unshared / "restored.db") == before
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
