"""A full disk, files that may not grow, files and folders that may not be written: a message, status 1, nothing half
done; and with room again everything works."""

import ctypes
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from store import Library
from tests.durability.wholeness import assert_whole, state_of
from tests.durability.worker import Command, Worker
from tests.store.making import digest
from tests.tui.test_cli_import import page

PR_CAPBSET_DROP = 24
LONG = "a long thought " * 20_000
"""A note that outgrows what room there is."""


def made(folder: Path) -> Path:
    """A library with some papers, and a page to import."""
    path = folder / "library.db"
    with Library(path) as library:
        library.import_digest(digest(*(f"Paper {number}" for number in range(200))))
        library.mark([1], starred=True)
    (folder / "page.txt").write_bytes(page(*(f"New {number} {'of many ' * 20}" for number in range(2000))))
    return path


def writes(folder: Path) -> list[Command]:
    """Commands that need more room than there is."""
    return [
        ["import", str(folder / "page.txt")],
        ["note", "2", "--text", LONG],
        ["note", "2", "--append", LONG],
        ["tag", "--query", "is:inbox", "--add", "x" * 2000],
    ]


def assert_refused_and_whole(path: Path, worker: Worker, commands: list[Command], advice: str) -> None:
    """None is done and none in part, and each is told what to do."""
    before = state_of(path)
    assert worker.do(*commands) == [1] * len(commands), worker.messages
    told = worker.messages.splitlines()
    assert len(told) == len(commands), told
    assert all(line.startswith("paperdeck: ") and advice in line for line in told), told
    assert state_of(path) == before
    assert_whole(path)


def test_files_that_may_not_grow_lose_nothing(tmp_path: Path) -> None:
    path = made(tmp_path)
    largest = path.stat().st_size + 20_000

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))

    with Worker(path, limit=limit) as worker:
        assert_refused_and_whole(path, worker, writes(tmp_path), "full")
        assert worker.do(["mark", "2", "--star"]) == [0]
    with Worker(path) as worker:
        assert worker.do(*writes(tmp_path)) == [0] * 4, worker.messages
    assert_whole(path)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("only root may mount a small disk, and not everywhere")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Take all the room of the disk; the file that does."""
    filler = disk / "filler"
    room = os.statvfs(disk)
    filler.write_bytes(bytes(room.f_bavail * room.f_frsize))
    return filler


def test_a_full_disk_is_said_and_nothing_is_half_done(disk: Path, tmp_path: Path) -> None:
    path = made(disk)
    export = ["export", "", "--output", str(disk / "list.md")]
    # Held open here: SQLite needs some room even for reading where nobody else has the file open.
    with Library(path) as held, Worker(path, said=tmp_path / "said.txt") as worker:
        held.counts()
        filler = fill(disk)
        assert_refused_and_whole(path, worker, writes(disk), "full")
        assert worker.do(export) == [1]
        assert "No space left on device. Nothing was changed there." in worker.messages
        assert not [*disk.glob("*.md"), *disk.glob(".paperdeck*")]
        filler.unlink()
        assert worker.do(["mark", "--query", "is:inbox", "--read"], export) == [0, 0], worker.messages
    assert_whole(path)


def test_a_note_that_cannot_be_kept_stays_on_the_screen(disk: Path, tmp_path: Path) -> None:
    path = made(disk)
    with Terminal("-m", "tui", "--db", str(path), home=tmp_path) as terminal:
        terminal.shows("Paper 1")
        terminal.rest()
        filler = fill(disk)
        terminal.press("e")
        terminal.shows("save")
        terminal.press("half a thought")
        terminal.shows("cannot be kept: No space left on device")
        terminal.press("\x11")
        terminal.shows("cannot be kept: No space left on device")
        filler.unlink()
        terminal.press("!")
        terminal.press("\x13")
        terminal.shows("Noted")
        terminal.press("\x11")
        assert terminal.quits() == 0
    with Library(path) as library:
        assert [entry.note for entry in library.list("has:note")] == ["half a thought!"]
    assert not list(disk.glob("*-drafts"))


def powerless() -> None:
    """Root without its power over the rights of files; everybody else has none."""
    if os.geteuid() == 0:
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            if ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
                raise OSError("this root cannot give up its power")


@pytest.mark.parametrize(
    "close", [lambda path: path.chmod(0o444), lambda path: path.parent.chmod(0o555)], ids=["file", "folder"]
)
def test_what_may_not_be_written_is_left_as_it_is(tmp_path: Path, close: Callable[[Path], None]) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    path = made(folder)
    before = path.read_bytes()
    said = tmp_path / "said.txt"
    try:
        worker = Worker(path, said=said, limit=powerless)
    except subprocess.SubprocessError:
        pytest.skip("root here cannot give up its power over files")
    with worker:
        close(path)
        commands = [*writes(folder), ["export", "", "--output", str(folder / "list.md")]]
        if path.stat().st_mode & 0o200 == 0:
            commands = commands[:-1]
        assert worker.do(*commands) == [1] * len(commands)
        told = worker.messages.splitlines()
        assert len(told) == len(commands), told
        assert all(line.startswith("paperdeck: ") for line in told), told
        assert path.read_bytes() == before
        folder.chmod(0o755)
        for file in folder.glob("library.db*"):  # SQLite gives the files beside it the same rights
            file.chmod(0o600)
        assert worker.do(["mark", "2", "--star"]) == [0], worker.messages
    assert_whole(path)


def test_an_exported_file_that_may_not_be_written_is_left_as_it_is(tmp_path: Path) -> None:
    path = made(tmp_path)
    reading, vault = tmp_path / "reading.md", tmp_path / "vault"
    exports: list[Command] = [
        ["export", "", "--in-place", str(reading)],
        ["export", "", "--output", str(reading), "--force"],
        ["export", "", "--format", "obsidian", "--output", str(vault)],
    ]
    with Worker(path) as worker:
        assert worker.do(exports[0], ["export", "--format", "obsidian", "--output", str(vault)]) == [0, 0]
    note = vault / "Paper 0.md"
    before = reading.read_bytes(), note.read_bytes()
    try:
        worker = Worker(path, said=tmp_path / "said.txt", limit=powerless)
    except subprocess.SubprocessError:
        pytest.skip("root here cannot give up its power over files")
    with worker:
        assert worker.do(["tag", "1", "2", "--add", "new"]) == [0]
        reading.chmod(0o444)
        note.chmod(0o444)
        assert worker.do(*exports) == [1, 1, 3], worker.messages
        assert worker.messages.count("cannot be written: Permission denied.") == 3, worker.messages
        assert (reading.read_bytes(), note.read_bytes()) == before
