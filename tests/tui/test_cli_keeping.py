"""`backup`, `restore` and `doctor` as a person meets them."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from store import Library
from store.errors import StoreError
from tests.fixtures.make_library import make
from tests.tui.conftest import Paperdeck


def test_a_folder_with_a_slash_is_made_for_the_backup(paperdeck: Paperdeck, tmp_path: Path) -> None:
    assert paperdeck("backup", f"{tmp_path}/deep/er/").status == 0
    assert len([*(tmp_path / "deep" / "er").glob("library-*.db")]) == 1
    (tmp_path / "file").write_text("")
    assert "cannot be made" in paperdeck("backup", f"{tmp_path}/file/").err


def test_a_backup_is_restored_and_what_it_replaces_is_named(paperdeck: Paperdeck, tmp_path: Path) -> None:
    make(tmp_path / "library.db")
    before = paperdeck("list", "--json").json
    assert paperdeck("backup", tmp_path / "b.db").err == f"Backed up to {tmp_path / 'b.db'}.\n"
    again = paperdeck("backup", tmp_path / "b.db")
    assert (again.status, "--force" in again.err) == (1, True)
    assert paperdeck("backup", tmp_path / "b.db", "--force").status == 0
    assert paperdeck("note", "1", "--text", "another").status == 0

    restored = paperdeck("restore", tmp_path / "b.db")

    assert restored.status == 0
    (kept,) = tmp_path.glob("library-replaced-*.db")
    assert restored.err == f"Restored 7 papers from {tmp_path / 'b.db'}. What it held until now is in {kept}.\n"
    assert paperdeck("list", "--json").json == before
    assert paperdeck("--db", str(kept), "note", "1").out == "another\n"
    absent = paperdeck("restore", tmp_path / "absent.db")
    assert (absent.status, "absent.db" in absent.err) == (1, True)


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_an_empty_name_is_no_file_and_no_folder(
    paperdeck: Paperdeck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    make(tmp_path / "library.db")
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path / "folder")
    ran = paperdeck(command, "")
    assert (ran.status, "FILE" in ran.err, "empty" in ran.err) == (2, True, True)
    assert list(tmp_path.glob("folder/*")) == []
    with Library(tmp_path / "library.db") as library, pytest.raises(StoreError, match="empty"):
        Library.restore(library.path, "") if command == "restore" else library.backup("")
    assert list(tmp_path.glob("folder/*")) == []


def test_a_damaged_library_is_told_with_the_command_that_brings_it_back(paperdeck: Paperdeck, tmp_path: Path) -> None:
    make(tmp_path / "library.db")
    paperdeck("backup", tmp_path / "b.db")
    with (tmp_path / "library.db").open("r+b") as file:
        file.seek(100_000)
        file.write(b"noise" * 5000)
    damaged = (tmp_path / "library.db").read_bytes()
    for command in (["list"], ["mark", "1", "--read"], ["import", "-"], ["undo"], ["backup", str(tmp_path / "c.db")]):
        ran = paperdeck(*command)
        assert ran.status == 1
        assert f"paperdeck restore {tmp_path / 'b.db'}" in ran.err
    assert (tmp_path / "library.db").read_bytes() == damaged
    doctor = paperdeck("doctor", "--json")
    assert (doctor.status, doctor.json["wrong"]) == (1, 1)
    assert paperdeck("doctor", "--fix").status == 1
    assert paperdeck("restore", tmp_path / "b.db").status == 0
    assert len(paperdeck("list", "--json").json) == 7


def test_the_doctor_says_that_all_is_well(paperdeck: Paperdeck, library: Library, home: Path) -> None:
    ran = paperdeck("doctor", "--json")
    assert (ran.status, ran.err) == (0, "All is well.\n")
    assert ran.json["wrong"] == 0
    about = [finding["about"] for finding in ran.json["findings"]]
    assert about == [
        *("library", "disk", "access", "schema", "integrity", "references", "search", "copies"),
        *("settings", "terminal"),
    ]
    lines = paperdeck("doctor").out.splitlines()
    assert [line.split("\t")[0] for line in lines] == about
    assert library.path == home / "library.db"


def test_the_doctor_mends_the_search_index(paperdeck: Paperdeck, tmp_path: Path) -> None:
    make(tmp_path / "library.db")
    with closing(sqlite3.connect(tmp_path / "library.db")) as connection:
        connection.execute("INSERT INTO titles_fts (titles_fts) VALUES ('delete-all')")
        connection.commit()
    ran = paperdeck("doctor")
    assert ran.status == 1
    assert "search\twrong\tThe index titles_fts is out of step with the titles. `paperdeck doctor --fix`" in ran.out
    assert ran.err == "paperdeck: 1 thing to see to.\n"
    assert paperdeck("doctor", "--fix").status == 0
    assert paperdeck("doctor").status == 0


def test_the_doctor_names_mistakes_in_the_settings(
    paperdeck: Paperdeck, library: Library, config: Callable[[str], None]
) -> None:
    config('advance = "perhaps"\n[keys]\nskip = "nonsense"')
    ran = paperdeck("doctor")
    assert ran.status == 1
    assert "advance: must be true or false" in ran.out
    assert "keys.skip" in ran.out
    assert ran.err == "paperdeck: 2 things to see to.\n"
    assert library.ids() == []


def test_the_doctor_without_a_library_makes_none(paperdeck: Paperdeck, tmp_path: Path) -> None:
    ran = paperdeck("doctor")
    assert (ran.status, "There is no library at" in ran.out) == (1, True)
    assert not (tmp_path / "library.db").exists()


def test_a_bare_terminal_is_named(tmp_path: Path) -> None:
    make(tmp_path / "library.db")
    script = f"{sys.executable} -m tui --db {tmp_path / 'library.db'} doctor"
    ran = subprocess.run(
        ["script", "-qec", script, "/dev/null"],
        capture_output=True,
        text=True,
        env={**os.environ, "TERM": "dumb", "LANG": "C.UTF-8"},
        check=False,
    )
    assert ran.returncode == 1
    assert "✗ terminal" in ran.stdout
    assert "TERM is “dumb”" in ran.stdout
