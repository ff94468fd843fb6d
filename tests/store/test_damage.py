"""Damaged libraries: recognised, left alone, and brought back."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from store import Library
from store.database.opening import SCHEMA_VERSION
from store.doctor import repair
from store.errors import LibraryDamaged, LibraryUnusable
from tests.fixtures.make_library import state
from tests.store.keeping import contents, damaged, wrong


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

    link = tmp_path / "elsewhere" / "link.db"
    link.parent.mkdir()
    link.symlink_to(path)
    with pytest.raises(LibraryDamaged, match=r"paperdeck restore .*backup\.db"):
        Library(link)

    kept = Library.restore(link, backup).kept
    assert contents(path) == before
    assert (kept is None) == (harm == "emptied")
    assert kept is None or kept.read_bytes() == found


def test_what_a_restore_replaces_is_kept_byte_for_byte_where_it_is_damaged_and_opens(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.database.opening.CHECKED_AT_ONCE", 0)  # as a larger library
    with Library(path) as library:
        library.backup(tmp_path / "backup.db")
        before = state(library)
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'states'").fetchone()
    found = bytearray(path.read_bytes())
    found[(root - 1) * 4096 + 4] -= 1  # of so many rows the page knows
    path.write_bytes(found)
    Library(path).close()
    kept = Library.restore(path, tmp_path / "backup.db").kept
    assert kept is not None
    assert kept.read_bytes() == found
    assert contents(path) == before


def test_words_that_are_no_text_are_told_of_and_made_anew(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE words SET word = CAST(word AS BLOB)")
        connection.commit()
    with Library(path) as library:
        library.search("atention")
    assert any("vocabulary" in line and "--fix" in line for line in wrong(path))
    repair(path)
    assert wrong(path) == []


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

    says = rf"{'empty' if emptied else 'gone'}.*`cp \S+/library\.db-wal FOLDER`.*`paperdeck restore \S+good\.db`"
    assert any(re.search(says, line) for line in wrong(path))
    for act in (Library, repair):
        with pytest.raises(LibraryDamaged, match=says):
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


@pytest.mark.parametrize("kind", ["newer", "foreign"])
def test_a_file_that_restore_leaves_alone_is_named_with_its_log_and_the_way_to_move_it(
    path: Path, tmp_path: Path, kind: str
) -> None:
    before = contents(path)
    with Library(path) as library:
        good = library.backup(tmp_path / "good copy.db")
    if kind == "foreign":
        path.unlink()
    ruin = f"PRAGMA user_version = {SCHEMA_VERSION + 1}" if kind == "newer" else "CREATE TABLE mine (x)"
    script = (
        "import os, sqlite3, sys; connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        f"connection.execute('PRAGMA journal_mode = WAL'); connection.execute('{ruin}'); os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", script, path], check=True)
    for act in (Library, repair, lambda path: Library.restore(path, good)):
        with pytest.raises(LibraryUnusable, match=rf"first move {path}, and with it {path}-wal") as told:
            act(path)
        assert f"`paperdeck restore '{good}'`" in str(told.value)
    assert any(f"first move {path}, and with it {path}-wal" in line for line in wrong(path))
    (tmp_path / "away").mkdir()
    for part in (path, path.with_name("library.db-wal")):
        if part.exists():
            part.rename(tmp_path / "away" / part.name)
    Library.restore(path, good)
    assert contents(path) == before
    assert wrong(path) == []
