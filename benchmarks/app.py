"""The app at size, from outside: start, keys, blocking and memory, each measured in a pseudo-terminal.

    python -m benchmarks.app 100 100000

Start is told in turns with a bare Textual app, so that both meet the same machine.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter, sleep
from typing import NamedTuple

from benchmarks.libraries import library
from benchmarks.terminal import Terminal, percentile
from store import Library

STARTS = 11
PRESSES = 60
SESSION = 10_000
BLOCKED = 2.0
KEYS = {
    "move": ["j", "k", "j", "j"],
    "page, end": ["\x1b[6~", "G", "g", "\x1b[5~"],
    "next undecided": ["n", "N"],
    "mark": ["s", "r", "d", "u"],
    "select": [" "],
}
HEAVY = {
    "open a view": ("6",),
    "open the inbox": ("1",),
    "change the sort": ("S", "t"),
    "mark the whole view read": ("6", "A"),
}


class Start(NamedTuple):
    """Seconds from the start of the process to the first list (or to the bare app's line), and their ratio."""

    papers: int
    app: float
    bare: float
    ratio: float


class Latency(NamedTuple):
    """Milliseconds from a key's write to the first byte painted."""

    papers: int
    keys: str
    median: float
    p95: float
    worst: float


class Memory(NamedTuple):
    """Megabytes resident after the start and after a long session."""

    papers: int
    start: float
    after: float
    bare: float


@contextmanager
def copied(papers: int) -> Iterator[Path]:
    """A copy of a benchmark library in a folder of its own, which the measurement may change."""
    with tempfile.TemporaryDirectory(prefix="paperdeck-benchmark-") as folder:
        path = Path(folder) / "library.db"
        shutil.copyfile(library(papers), path)
        yield path


def opened(path: Path) -> Terminal:
    """The app, opening the library; its first list has been painted."""
    with Library(path) as one:
        first = one.entries(one.ids("is:inbox", limit=1))[0].title
    terminal = Terminal("-m", "tui", "--db", str(path), home=path.parent)
    terminal.shows(first[:24])
    return terminal


def start(papers: int, *, starts: int = STARTS) -> Start:
    """The app's start against the bare app's: medians of several, one after the other in turns."""
    ours, bare = [], []
    with copied(papers) as path:
        for _ in range(starts):
            with opened(path) as terminal:
                ours.append(_seconds(terminal))
            with Terminal("-m", "benchmarks.bare_app", home=path.parent) as terminal:
                terminal.shows("bare and painted")
                bare.append(_seconds(terminal))
    return Start(papers, median(ours), median(bare), median(a / b for a, b in zip(ours, bare, strict=True)))


def keys(papers: int, *, times_each: int = PRESSES) -> list[Latency]:
    """Each kind of key, pressed when the screen is quiet."""
    rows = []
    with copied(papers) as path, opened(path) as terminal:
        _warm(terminal)
        terminal.press("6")  # all papers: an inbox of a small library would be done before the keys are
        terminal.settle(0.5)
        for kind, presses in KEYS.items():
            times = []
            for number in range(times_each):
                paint = terminal.first_paint(presses[number % len(presses)])
                if paint is not None:
                    times.append(paint)
                terminal.settle(0.06)
            rows.append(_latency(papers, kind, times))
        rows.append(_typing(papers, terminal))
    return rows


def blocking(papers: int, *, seconds: float = BLOCKED) -> list[Latency]:
    """The worst wait for a move while something heavy runs: the screen must answer throughout."""
    rows = []
    with copied(papers) as path, opened(path) as terminal:
        _warm(terminal)
        for kind, presses in HEAVY.items():
            for key in presses[:-1]:
                terminal.press(key)
                terminal.settle(0.3)
            times = [terminal.first_paint(presses[-1]) or 0.0]
            end = monotonic() + seconds
            while monotonic() < end:
                sleep(0.02)
                terminal.settle(0.0)
                paint = terminal.first_paint("j", within=1.0)
                if paint is not None:
                    times.append(paint)
            terminal.settle(0.5)
            rows.append(_latency(papers, kind, times))
    return rows


def memory(papers: int, *, session: int = SESSION) -> Memory:
    """Resident memory at the start, and after a session of that many keys that move, mark and undo."""
    script = ["j"] * 12 + ["s", "r", "u", "u", "\x1b[6~", "n", "G", "g"]
    with copied(papers) as path:
        with opened(path) as terminal:
            _warm(terminal)
            at_start = terminal.memory()
            for number in range(session):
                terminal.first_paint(script[number % len(script)], within=0.05)
                terminal.settle(0.0)
            terminal.settle(1.0)
            after = terminal.memory()
        with Terminal("-m", "benchmarks.bare_app", home=path.parent) as terminal:
            terminal.shows("bare and painted")
            terminal.settle(0.3)
            bare = terminal.memory()
    return Memory(papers, at_start, after, bare)


def _typing(papers: int, terminal: Terminal) -> Latency:
    """The letters of some searches, as typed."""
    times = []
    for words in ("learning", "efficint modl", "graph neural"):
        terminal.press("/")
        terminal.settle(0.3)
        for letter in words:
            paint = terminal.first_paint(letter)
            if paint is not None:
                times.append(paint)
            terminal.settle(0.1)
        terminal.press("\x1b")
        terminal.settle(0.5)
    return _latency(papers, "a letter in the search box", times)


def _latency(papers: int, kind: str, times: Sequence[float]) -> Latency:
    return Latency(papers, kind, median(times), percentile(times, 0.95), max(times))


def _seconds(terminal: Terminal) -> float:
    return perf_counter() - terminal.started


def _warm(terminal: Terminal) -> None:
    """Let what the app reads after its first paint be read, the search's words included."""
    terminal.settle(1.0)
    terminal.press("/")
    terminal.settle(0.3)
    terminal.press("e", "f")
    terminal.settle(2.0)
    terminal.press("\x1b")
    terminal.settle(1.0)


def main() -> None:
    """Measure the sizes named on the command line and print what came out."""
    for papers in map(int, sys.argv[1:] or ("100", "100000")):
        print(start(papers))
        for row in (*keys(papers), *blocking(papers)):
            print(row)
        print(memory(papers))


if __name__ == "__main__":
    main()
