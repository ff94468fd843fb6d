"""The app in a real terminal, as a process of its own: what keys do is on disk, whatever happens to the process."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import pytest

from store import Library
from tui.sample import build

PATIENCE = 20.0
"""Seconds that anything may take on a busy machine; nothing waits longer than it has to."""

_CONTROL = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|[@-Z\\-_])")


class Terminal:
    """A pseudo-terminal in which the app runs on a library."""

    def __init__(self, library: Path, columns: int = 160, lines: int = 45) -> None:
        self.screen, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TEXTUAL")}
        environment |= {"TERM": "xterm-256color", "PAPERDECK_DB": str(library)}
        environment |= {f"XDG_{kind}_HOME": str(library.parent / kind.lower()) for kind in ("CONFIG", "STATE", "DATA")}
        self.app = subprocess.Popen(
            [sys.executable, "-m", "tui"],
            stdin=other,
            stdout=other,
            stderr=other,
            env=environment,
            start_new_session=True,
        )
        os.close(other)
        self.painted = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.app.poll() is None:
            self.app.kill()
        self.app.wait()
        os.close(self.screen)

    def press(self, *keys: str) -> None:
        """Type the keys, one after another; what was painted before is forgotten."""
        self.painted = b""
        for key in keys:
            data = key.encode()
            while data:
                data = data[os.write(self.screen, data) :]

    def shows(self, text: str) -> None:
        """Wait until `text` has been painted since the last key."""
        self.until(lambda: text in _CONTROL.sub(b"", self.painted).decode(errors="replace"), text)

    def until(self, true: Callable[[], bool], what: str) -> None:
        """Wait until `true`, reading what is painted meanwhile."""
        deadline = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < deadline, f"never: {what}"
            if select.select([self.screen], [], [], 0.02)[0]:
                try:
                    self.painted += os.read(self.screen, 65536)
                except OSError:  # Linux's way of saying that the other end is closed
                    self.app.wait(PATIENCE)
                    assert true(), f"the app ended before: {what}"

    def quits(self) -> int:
        """Wait for the end of the process; its exit status."""
        self.until(lambda: self.app.poll() is not None, "the app ends")
        return self.app.returncode


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """The sample library, open beside the app as another process would have it."""
    build(tmp_path / "library.db")
    with Library(tmp_path / "library.db") as library:
        yield library


def test_what_was_decided_survives_kill_9_and_undo_takes_the_last_back(library: Library) -> None:
    inbox = library.list("is:inbox")
    starred, read, skipped = inbox[0], inbox[2], inbox[4]

    with Terminal(library.path) as terminal:
        terminal.shows(starred.title[:30])
        terminal.press("s", "j", "r", "j", "d")
        terminal.until(lambda: library.entry(skipped.id).skipped, "the last key's mark is in the file")
        terminal.app.send_signal(signal.SIGKILL)
        terminal.app.wait()

    assert library.entry(starred.id).starred
    assert library.entry(read.id).read
    left = [entry.id for entry in inbox if entry.id not in {starred.id, read.id, skipped.id}]
    assert library.ids("is:inbox") == left

    with Terminal(library.path) as terminal:
        terminal.shows(inbox[1].title[:30])
        terminal.press("u")
        terminal.until(lambda: not library.entry(skipped.id).skipped, "the skip is taken back in the file")
    assert library.entry(starred.id).starred
    assert library.entry(read.id).read


def test_a_search_with_typos_finds_its_paper_and_quitting_ends_well(library: Library) -> None:
    with Terminal(library.path) as terminal:
        terminal.shows(library.list("is:inbox")[0].title[:30])
        terminal.press("/", *"windwosil cahe")  # at once: what is typed ahead is no command
        terminal.shows("WindowSill")
        terminal.press("\x1b")
        time.sleep(0.3)  # a lone Escape is told from the beginning of a sequence by the pause after it
        terminal.press("q")
        assert terminal.quits() == 0


def test_a_page_pasted_into_an_empty_library_becomes_its_inbox(tmp_path: Path) -> None:
    page = Path(__file__).parents[2].joinpath("tui", "sample", "cards-nov-28.txt").read_text(encoding="utf-8")
    with Terminal(tmp_path / "new.db", 80, 24) as terminal:
        terminal.shows("aste")
        terminal.press(f"\x1b[200~{page}\x1b[201~")
        terminal.shows("22 papers")
        terminal.press("\r")
        terminal.until(lambda: _papers(tmp_path / "new.db") == 22, "the papers are in the file")


def _papers(path: Path) -> int:
    with Library(path) as library:
        return len(library.ids())
