"""A program in a pseudo-terminal: what it paints is read, keys are written, and time is told from outside it."""

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
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

PATIENCE = 60.0
"""Seconds that anything may take on a busy machine; nothing waits longer than it has to."""

_CONTROL = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|[@-Z\\-_])")
_HOMES = ("CONFIG", "STATE", "DATA", "CACHE")


class Terminal:
    """A pseudo-terminal of `columns` x `lines` in which a Python module runs, with its own settings below `home`."""

    def __init__(
        self,
        *arguments: str,
        home: Path,
        columns: int = 160,
        lines: int = 45,
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """`environment`: variables that the program has besides this process's own."""
        self.screen, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TEXTUAL", "PAPERDECK")) and name != "NO_COLOR"
        }
        kept |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        kept |= {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in _HOMES}
        kept |= environment or {}
        self.started = time.perf_counter()
        self.app = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=other,
            stdout=other,
            stderr=other,
            env=kept,
            cwd=cwd,
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

    @property
    def text(self) -> str:
        """What was painted since the last key, without the sequences that colour and place it."""
        return _CONTROL.sub(b"", self.painted).decode(errors="replace")

    def press(self, *keys: str) -> None:
        """Type the keys, one after another; what was painted before is forgotten."""
        self.painted = b""
        for key in keys:
            self.write(key.encode())

    def write(self, data: bytes) -> None:
        """Type bytes as they are, reading what is painted meanwhile: neither side waits for the other for ever."""
        deadline = time.monotonic() + PATIENCE
        while data:
            assert time.monotonic() < deadline, "the app does not read what is typed"
            can_read, can_write, _ = select.select([self.screen], [self.screen], [], 1)
            if can_read and not self._read(0):
                return
            if can_write:
                data = data[os.write(self.screen, data[:1024]) :]

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size, and tell the program as a terminal does."""
        fcntl.ioctl(self.screen, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.app.send_signal(signal.SIGWINCH)

    def shows(self, text: str) -> None:
        """Wait until `text` has been painted since the last key."""
        self.until(lambda: text in self.text, text)

    def until(self, true: Callable[[], bool], what: str) -> None:
        """Wait until `true`, reading what is painted meanwhile."""
        deadline = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < deadline, f"never: {what}"
            if not self._read(0.02):
                self.app.wait(PATIENCE)
                assert true(), f"the app ended before: {what}"

    def quits(self) -> int:
        """Wait for the end of the process; its exit status."""
        self.until(lambda: self.app.poll() is not None, "the app ends")
        return int(self.app.returncode)

    def first_paint(self, key: str, within: float = 0.5) -> float | None:
        """Milliseconds from the writing of a key to the first byte painted; None where nothing is painted."""
        self.painted = b""
        pressed = time.perf_counter()
        os.write(self.screen, key.encode())
        ready, _, _ = select.select([self.screen], [], [], within)
        if not ready:
            return None
        elapsed = time.perf_counter() - pressed
        self._read(0)
        return elapsed * 1000

    def settle(self, quiet: float = 0.05, at_most: float = 10.0) -> None:
        """Read until nothing has been painted for `quiet` seconds."""
        deadline = time.monotonic() + at_most
        while time.monotonic() < deadline and select.select([self.screen], [], [], quiet)[0]:
            if not self._read(0):
                return

    def rest(self, quiet: float = 0.05) -> None:
        """Read until nothing has been painted for `quiet` seconds, nor is about to be, however busy the machine is."""
        deadline = time.monotonic() + PATIENCE
        self.settle(quiet)
        while self._computes() and time.monotonic() < deadline:
            self.settle(quiet)

    def escape(self) -> None:
        """Press Escape by itself, which the app tells from the beginning of a sequence by the pause after it."""
        self.press("\x1b")
        self.rest(0.3)

    def memory(self) -> float:
        """The process's resident memory in megabytes."""
        status = Path(f"/proc/{self.app.pid}/status").read_text(encoding="ascii")
        kilobytes = next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]
        return int(kilobytes) / 1000

    def _computes(self) -> bool:
        """Whether a thread of the app has something to do, and perhaps waits for its turn (on Linux)."""
        threads = Path(f"/proc/{self.app.pid}/task").glob("*/stat")
        with suppress(OSError):  # one has ended meanwhile
            return any(thread.read_text().rpartition(")")[2].split()[0] == "R" for thread in threads)
        return True

    def _read(self, wait: float) -> bool:
        """Take in what is painted within `wait` seconds; False where the other end is closed."""
        if select.select([self.screen], [], [], wait)[0]:
            try:
                self.painted += os.read(self.screen, 1 << 16)
            except OSError:  # Linux's way of saying that the other end is closed
                return False
        return True


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))]
