"""Writing an exported document: whole or not at all."""

import os
import threading
from pathlib import Path

import pytest

from store import Library
from store.errors import ExportError
from store.exporting import write_whole


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_new_file_has_the_mode_that_new_files_have(tmp_path: Path) -> None:
    write_whole(tmp_path / "new.md", "text ✓\n")
    (tmp_path / "other.md").write_text("")
    assert (tmp_path / "new.md").read_text(encoding="utf-8") == "text ✓\n"
    assert (tmp_path / "new.md").stat().st_mode == (tmp_path / "other.md").stat().st_mode


def test_an_existing_file_is_left_alone_without_force(tmp_path: Path) -> None:
    file = tmp_path / "mine.md"
    file.write_text("mine")
    with pytest.raises(ExportError, match=r"mine\.md exists already.*--force"):
        write_whole(file, "theirs")
    assert file.read_text() == "mine"


def test_force_replaces_a_file_and_keeps_its_mode_and_its_link(tmp_path: Path) -> None:
    file, link = tmp_path / "mine.md", tmp_path / "link.md"
    file.write_text("mine")
    file.chmod(0o640)
    link.symlink_to(file)
    write_whole(link, "new", force=True)
    assert link.is_symlink()
    assert file.read_text() == "new"
    assert file.stat().st_mode & 0o777 == 0o640
    assert names(tmp_path) == ["link.md", "mine.md"]


@pytest.mark.parametrize("end", ["", "-wal", "-shm", "-journal"])
def test_a_library_is_never_replaced_by_a_document(tmp_path: Path, end: str) -> None:
    with Library(tmp_path / "library.db") as library:
        (tmp_path / "link.md").symlink_to(f"{library.path}{end}")
        for name in (f"library.db{end}", "link.md"):
            with pytest.raises(ExportError, match="database"):
                write_whole(tmp_path / name, "text", force=True)
        assert library.ids() == []


def test_a_dangling_link_gets_its_file(tmp_path: Path) -> None:
    (tmp_path / "link.md").symlink_to(tmp_path / "file.md")
    write_whole(tmp_path / "link.md", "new")
    assert (tmp_path / "file.md").read_text() == "new"


@pytest.mark.parametrize("name", [".", "no/such/folder.md", "file.md/below.md", "x" * 300])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.md").write_text("mine")
    with pytest.raises(ExportError, match=name[:20].replace(".", r"\.") if name != "." else "folder"):
        write_whole(tmp_path / name, "text", force=True)
    assert names(tmp_path) == ["file.md"]


def test_a_failure_in_the_middle_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.md"
    file.write_text("mine")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ExportError, match="No space left"):
        write_whole(file, "new", force=True)
    assert file.read_text() == "mine"
    assert names(tmp_path) == ["mine.md"]


def test_a_pipe_is_written_to_as_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write_whole(pipe, "through")
    reader.join()
    assert read == ["through"]
    assert pipe.is_fifo()
