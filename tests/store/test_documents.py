"""Whatever a path turns out to be: a message that says what is wrong, in bounded time, and the rest is imported."""

import io
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from time import monotonic
from typing import BinaryIO

import pytest

from store import Library, documents
from store.documents import DEEPEST, Document, gather, read
from store.importing import Import
from store.sources.lines import MOST_BYTES

CARDS = Path(__file__).parent.parent / "fixtures" / "cards.txt"


def report_on(library: Library, path: Path) -> str:
    """What an import says of `path`; a page given after it is imported whatever it is."""
    first, second = Import(library, [path, CARDS])
    assert second.error is None
    assert first.error is not None
    assert str(path) in first.error
    return first.error


def test_a_file_of_two_gigabytes_is_refused_by_its_size(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(2 * 2**30)
    assert "is over 512 MB" in report_on(library, path)


def test_a_pipe_that_nobody_writes_to_is_not_waited_for_for_ever(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "PATIENCE", 0.2)
    os.mkfifo(tmp_path / "pipe")
    assert "pipe that did not end within 0.2 seconds" in report_on(library, tmp_path / "pipe")


def test_a_pipe_that_never_ends_is_not_read_for_ever(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "PATIENCE", 0.5)
    path = tmp_path / "pipe"
    os.mkfifo(path)
    done = threading.Event()

    def write() -> None:
        with suppress(BrokenPipeError), path.open("wb", buffering=0) as pipe:
            while not done.wait(0.05):
                pipe.write(b"One more line\n")

    writer = threading.Thread(target=write)
    writer.start()
    error = report_on(library, path)
    done.set()
    writer.join()
    assert "did not end" in error


def test_a_page_comes_through_a_pipe_that_is_named(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.write_bytes(CARDS.read_bytes()))
    writer.start()
    (report,) = Import(library, [path])
    writer.join()
    assert report.new == 5


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/random", "/dev/null", "/dev/tty", "/dev/full"])
def test_a_device_is_no_file(library: Library, device: str) -> None:
    assert report_on(library, Path(device)) == f"{device} cannot be read: it is a device, not a file."


def test_a_socket_is_no_file(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # an address is at most a hundred characters long
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        assert "it is a socket, not a file" in report_on(library, tmp_path / "socket")


class Endless(io.RawIOBase):
    """A standard input that never ends."""

    def __init__(self, line: bytes) -> None:
        self.given = 0
        self._line = line

    def read(self, size: int = -1) -> bytes:
        chunk = self._line * (size // len(self._line))
        self.given += len(chunk)
        return chunk


@pytest.mark.parametrize(("line", "message"), [(b"y\n", "is over 512 MB"), (b"\0", "is no text file")])
def test_an_endless_standard_input_ends(library: Library, line: bytes, message: str) -> None:
    endless = Endless(line)
    (report,) = Import(library, ["-"], stdin=endless)  # type: ignore[arg-type]
    assert message in (report.error or "")
    assert endless.given < MOST_BYTES + 2**20


def test_links_in_a_loop_are_named_and_left_out_of_folders(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a").symlink_to(folder / "b")
    (folder / "b").symlink_to(folder / "a")
    (folder / "up").symlink_to(tmp_path)
    (folder / "page.txt").write_bytes(CARDS.read_bytes())
    assert "Too many levels of symbolic links" in report_on(library, folder / "a")
    assert [document.name for document in gather([folder]).documents] == [str(folder / "page.txt")]


@pytest.fixture
def pit(tmp_path: Path) -> Iterator[Path]:
    """A folder with a page, and three thousand folders in one another; no path reaches the last."""
    pit = tmp_path / "pit"
    pit.mkdir()
    (pit / "page.txt").write_bytes(CARDS.read_bytes())
    at = os.open(pit, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=at)
        at, above = os.open("d", os.O_RDONLY, dir_fd=at), at
        os.close(above)
    yield pit
    for _ in range(3000):  # pytest's way to remove it would end in a RecursionError
        above = os.open("..", os.O_RDONLY, dir_fd=at)
        os.close(at)
        os.rmdir("d", dir_fd=above)
        at = above
    os.close(at)


def test_of_folders_without_end_the_upper_ones_are_imported(library: Library, pit: Path) -> None:
    page, deep = Import(library, [pit])
    assert page.new == 5
    assert deep.name == str(pit) + "/d" * DEEPEST
    assert "over 100 folders deep" in (deep.error or "")


def test_a_folder_of_very_many_files_is_listed(tmp_path: Path) -> None:
    for number in range(4_000):
        os.close(os.open(tmp_path / f"{number}", os.O_CREAT | os.O_WRONLY))
    assert len(gather([tmp_path]).documents) == 4_000


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no such names")
def test_names_that_are_no_text_are_shown_harmlessly(library: Library, tmp_path: Path) -> None:
    for name in (b"caf\xe9.txt", b"two\nlines.txt", b"\x1b[31mred.txt", "\u202egpj.txt".encode()):
        (tmp_path / os.fsdecode(name)).write_bytes(CARDS.read_bytes())
    names = {report.name.removeprefix(f"{tmp_path}/") for report in Import(library, [tmp_path])}
    assert names == {"caf\ufffd.txt", "two lines.txt", "red.txt", "gpj.txt"}
    (report,) = Import(library, [tmp_path / os.fsdecode(b"gone\xff\n")])
    assert report.error == f"{tmp_path}/gone\ufffd does not exist."


def test_a_file_that_vanishes_is_reported_and_the_rest_imported(library: Library, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(CARDS.read_bytes())
    run = Import(library, [tmp_path])
    (tmp_path / "a.txt").unlink()
    first, second = run
    assert first.error == f"{tmp_path}/a.txt does not exist."
    assert second.new == 5


LINES = 10_000_000
"""Of a file that takes longer to write or to read than a file system's clock takes for its next tick."""


def grow(file: BinaryIO, _: int) -> None:
    file.write(b"0 line\n")


def rewrite(file: BinaryIO, turn: int) -> None:
    file.truncate(0)
    file.write(b"%d line\n" % (turn % 10) * LINES)


@pytest.mark.parametrize("change", [grow, rewrite])
def test_a_file_that_changes_while_it_is_read_is_not_imported_half(
    tmp_path: Path, change: Callable[[BinaryIO, int], None]
) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(b"0 line\n" * LINES)
    done = threading.Event()

    def change_it_over_and_over() -> None:
        with path.open("ab") as file:
            for turn in count(1):
                if done.wait(0.001):
                    return
                change(file, turn)
                file.flush()

    def read_it_over_and_over() -> None:
        deadline = monotonic() + 60
        while monotonic() < deadline:  # it may just have been between two changes
            data = read(Document(path, "page.txt"), None)
            assert data == (data[:7] * (len(data) // 7 + 1))[: len(data)]

    other = threading.Thread(target=change_it_over_and_over)
    other.start()
    try:
        with pytest.raises(OSError, match="changed while it was read; import it again"):
            read_it_over_and_over()
    finally:
        done.set()
        other.join()
