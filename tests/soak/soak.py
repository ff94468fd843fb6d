"""The app under random hands: what is typed, what has to hold at every moment, and what at the calm ones."""

import os
import re
import signal
import subprocess
import sys
import termios
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.terminal import Terminal
from store import Library
from store.entries import Row, View
from tests.soak import shelf
from tests.soak.hands import Hands, Stroke
from tests.soak.screen import Look, Screen

ROOT = Path(__file__).parents[2]
CALM = (170, 40)
"""The size at which the screen is read."""
ANSWER = 60.0
"""Seconds within which any key has to be answered, on a busy machine, whatever text it brings up."""
_VIEWS = {View.INBOX: "1", View.TO_READ: "2", View.STARRED: "3", View.READ: "4", View.SKIPPED: "5", View.ALL: "6"}
_NAMES = ("Inbox", "To read", "Starred", "Read", "Skipped", "All")
_WRONG = re.compile(r"Traceback|went wrong|Exception|[a-z]Error\b|never: ")
_EDITOR = """#!/bin/sh
case $(( $$ % 4 )) in
0) exit 1 ;;
1) exit 0 ;;
2) printf 'written \\033[31mred\\000 \\377\\n' >> "$1" ;;
*) echo "a line of $$" >> "$1" ;;
esac
"""


class Ended(Exception):
    """The app is gone: whether that was right is for `_again` to say."""


@dataclass
class Measure:
    """What the process holds at a calm moment."""

    keys: int
    """How many keys were typed into this process before."""
    megabytes: float
    files: int
    threads: int


@dataclass
class Figures:
    """What a soak comes to."""

    keys: int = 0
    strokes: Counter[str] = field(default_factory=Counter)
    quits: int = 0
    calm: int = 0
    slowest: float = 0.0
    """Seconds that the slowest answer to a change of size took."""
    opened: int = 0
    actions: int = 0
    painted: int = 0
    lives: list[list[Measure]] = field(default_factory=list)
    """The measures of each process, in order."""


class Soak:
    """One library, one row of random strokes, and the app on it, again and again."""

    def __init__(
        self,
        folder: Path,
        seed: int,
        *,
        quits: float = 0.0005,
        whole: bool = True,
        told: Callable[[Figures], None] | None = None,
    ) -> None:
        """`folder` is empty, and all that the app may write to; `quits` is the share of keys that quit it; `told` is
        called at each close look."""
        self.figures = Figures()
        self._folder = folder
        self._told = told
        self._path = folder / "library.db"
        shelf.fill(self._path, whole=whole)
        self._start = shelf.state(self._path)
        page = ROOT.joinpath("tui", "sample", "cards-nov-28.txt").read_text(encoding="utf-8")
        self._hands = Hands(seed, page, quits=quits)
        self._random = self._hands.random
        (folder / "here").mkdir()
        (folder / "here" / "page.txt").write_text(page, encoding="utf-8")
        self._browsed = folder / "browsed"
        self._script("browser", f'#!/bin/sh\necho "$# $*" >> "{self._browsed}"\n')
        self._script("editor", _EDITOR)
        self._last: deque[Stroke] = deque(maxlen=60)
        self._library = Library(self._path)
        self._open()

    def _script(self, name: str, text: str) -> None:
        (self._folder / name).write_text(text)
        (self._folder / name).chmod(0o700)

    def _open(self) -> None:
        folder = str(self._folder)
        environment = {
            "HOME": folder,
            "TMPDIR": folder,
            "SOAK_ROOT": os.path.realpath(folder),
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).with_name("fence")), str(ROOT)]),
            "BROWSER": f"{folder}/browser",
            "EDITOR": f"{folder}/editor",
        }
        columns, lines = self._hands.size
        self._screen = Screen(columns, lines)
        self._terminal = Terminal(
            "-m", "tui", "--db", str(self._path), home=self._folder, cwd=self._folder / "here",
            columns=columns, lines=lines, environment=environment,
        )  # fmt: skip
        settings = termios.tcgetattr(self._terminal.screen)
        settings[3] &= ~termios.ECHO  # what is typed while $EDITOR runs would come back as if it were painted
        termios.tcsetattr(self._terminal.screen, termios.TCSANOW, settings)
        self._typed = 0
        self.figures.lives.append([])
        self._until(lambda: self._screen.text.strip() != "", "the first paint")
        self._settle()

    def close(self) -> None:
        """End the app, as a closed terminal does."""
        with self._terminal:
            self._library.close()

    # Typing

    def run(self, keys: int, *, calm_every: int = 400) -> Figures:
        """Type `keys` random keys and look closely every `calm_every` of them. Raises AssertionError, saying all."""
        next_calm = calm_every
        strokes = iter(self._hands)
        try:
            while self.figures.keys < keys:
                for stroke in (next(strokes) for _ in range(self._random.randint(1, 12))):
                    self._do(stroke)
                    if not self._lives():
                        break
                self._settle(at_most=2.0)
                if not self._lives():
                    self._again()
                assert not (wrong := _WRONG.search(self._screen.text)), f"it says “{wrong[0]}”"
                if self.figures.keys >= next_calm:
                    next_calm += calm_every
                    self._mark_elsewhere()
                    self._look_closely()
            self._end()
        except AssertionError as error:
            raise AssertionError(f"{error}\n\n{self._scene()}") from error
        return self.figures

    def _do(self, stroke: Stroke) -> None:
        self._last.append(stroke)
        self.figures.strokes[stroke.kind] += stroke.keys
        self.figures.keys += stroke.keys
        self._typed += stroke.keys
        if stroke.kind == "resizes":
            for _ in range(10):
                self._resize(self._random.randint(10, 300), self._random.randint(5, 100))
        if stroke.size is not None:
            self._resize(*stroke.size)
        else:
            self._write(stroke.data)

    def _write(self, data: bytes) -> None:
        try:
            self._terminal.write(data)
        except OSError:
            assert not self._lives(), "the app has closed its terminal"
        self._take()

    def _resize(self, columns: int, lines: int) -> None:
        self._settle(at_most=0.5)
        self._hands.size = columns, lines
        self._screen.resize(columns, lines)
        self._terminal.resize(columns, lines)

    def _mark_elsewhere(self) -> None:
        """Another process marks a paper meanwhile."""
        paper = self._random.choice(self._library.ids())
        what = self._random.choice(
            (["mark", "--star"], ["mark", "--skip"], ["mark", "--unread"], ["tag", "--add", "x"])
        )
        command = [sys.executable, "-m", "tui", "--db", str(self._path), *what, str(paper)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)

    # Watching

    def _lives(self) -> bool:
        return self._terminal.app.poll() is None

    def _take(self) -> None:
        painted, self._terminal.painted = self._terminal.painted, b""
        self.figures.painted += len(painted)
        self._screen.feed(painted)

    def _settle(self, quiet: float = 0.05, at_most: float = ANSWER) -> None:
        self._terminal.settle(quiet, at_most)
        self._take()

    def _until(self, true: Callable[[], bool], what: str, within: float = ANSWER) -> float:
        """Wait for it; how many seconds it took."""
        start = time.monotonic()
        while not true():
            if not self._lives():
                raise Ended(f"the app ended before: {what}")
            assert time.monotonic() - start < within, f"not within {within:.0f} s: {what}"
            self._settle(0.02, 0.1)
        return time.monotonic() - start

    def _again(self) -> None:
        """The app has ended: as it should, and then it is opened again."""
        self._settle(at_most=1.0)
        outside = self._screen.outside.strip()
        assert self._terminal.app.returncode == 0, f"it ended with {self._terminal.app.returncode}: {outside[-3000:]}"
        assert not _WRONG.search(outside), f"it left behind: {outside[-3000:]}"
        self.figures.quits += 1
        self._terminal.__exit__()
        self._open()

    def _scene(self) -> str:
        strokes = " ".join(repr(stroke.size or stroke.data[:60]) for stroke in self._last)
        shown = "\n".join(row.rstrip() for row in self._screen.rows)
        said = self._screen.outside.strip()[-3000:]
        held = " ".join(f"{measure.megabytes:.0f}" for measure in self.figures.lives[-1])
        return (
            f"{self._account()}\n\nafter {self.figures.keys} keys, the last: {strokes}\n\n"
            f"On the screen:\n{shown}\n\nOutside: {said}\n\nMB at each close look: {held}"
        )

    def _account(self) -> str:
        """What the app says of itself: its threads, and what it waits for."""
        account = self._folder / "account"
        account.unlink(missing_ok=True)
        if self._lives():
            self._terminal.app.send_signal(signal.SIGUSR1)
            time.sleep(2)
        return account.read_text(errors="replace") if account.exists() else "The app says nothing of itself."

    # Calm moments

    def _look_closely(self) -> None:
        """Wait until all is done that was typed, and look; where one of those keys quits, begin again."""
        try:
            self._calm()
        except Ended:
            self._again()

    def _calm(self) -> None:
        """Leave every dialog, then hold what is seen against the library."""
        self._answers()
        self._come_back()
        self._echo()
        self.figures.calm += 1
        self._settle(0.5)  # a key that comes too soon after Escape is Alt and that key
        self._press("S")
        self._press("d")
        view = self._random.choice([View.ALL, View.INBOX, *View])
        self._press(_VIEWS[view])
        self._press("g")
        for _ in range(2):
            if len(self._tallies()) < len(_NAMES):  # the views pane is hidden, or scrolled
                self._come_back()
                self._press("h")
                self._press("g")
                self._press("l")
        self._agrees(view)
        self._press("j")
        self._clean()
        shelf.check(self._path)
        process = Path(f"/proc/{self._terminal.app.pid}")
        threads = int(process.joinpath("status").read_text().partition("Threads:")[2].split()[0])
        files = len([*process.joinpath("fd").iterdir()])
        self.figures.lives[-1].append(Measure(self._typed, self._terminal.memory(), files, threads))
        if self._told is not None:
            self._told(self.figures)

    def _press(self, keys: str) -> None:
        self._write(keys.encode())
        self._settle(0.15)

    def _answers(self) -> None:
        """A change of size is answered by a whole new painting: the app is not stuck."""
        self._write(b"\x1b[201~\x1b[I")
        # An app that ended in the middle of this is opened again at that width, and to be told of it changes nothing.
        self._paint_anew(CALM[0] - (2 if self._hands.size[0] == CALM[0] - 1 else 1))
        self._paint_anew(CALM[0])

    def _paint_anew(self, columns: int) -> None:
        """Change the width and wait until every cell has been painted."""
        self._resize(columns, CALM[1])
        self._screen.wipe()
        try:
            took = self._until(lambda: self._screen.is_covered, "the screen is painted anew")
        except AssertionError as error:
            raise AssertionError(f"{error}, {columns} wide, but for {self._screen.bare}") from error
        self.figures.slowest = max(self.figures.slowest, took)
        self._settle(0.2)

    def _echo(self) -> None:
        """Type what no key is bound to into the search box, until it is seen: then all before it has been done."""
        for _ in range(3):
            typed = "".join(self._random.choices("7890", k=12))
            self._write(f"/{typed}".encode())
            with suppress(AssertionError):
                took = self._until(lambda typed=typed: typed in self._screen.text, "typed keys are seen")  # type: ignore[misc]
                self.figures.slowest = max(self.figures.slowest, took)
                self._come_back()
                return
            self._come_back()
        raise AssertionError("what is typed is not seen")

    def _come_back(self) -> None:
        """Escape until the list has the keys."""
        deadline = time.monotonic() + 6 * ANSWER
        while time.monotonic() < deadline:
            self._settle(0.2)
            if self._is_calm():
                return
            if not self._lives():
                raise Ended("the app ended before it was calm")
            # The end of a paste is missed where its first byte comes long before the others; all else is pasted then.
            self._write(b"\x1b[201~")
            self._settle(0.15)
            asked = "This note is not saved." in self._screen.text
            self._write(self._random.choice((b"s", b"d", b"\x1b")) if asked else b"\x1b")
        raise AssertionError("Escape does not lead back to the list")

    def _is_calm(self) -> bool:
        footer = self._screen.rows[-1]
        return (
            "╭" not in self._screen.text
            and "keys" in footer
            and "Esc" not in footer
            and "to the list" not in footer
            and "keep the result" not in footer
        )

    def _clean(self) -> None:
        """What stands on the screen after thousands of small paintings is what one new painting gives."""
        before: Look = []
        while not before or "▌" in self._screen.rows[-2]:  # what comes late is told late
            self._until(lambda: "▌" not in self._screen.rows[-2], "the toast goes")
            before = self._at_rest()
        self._paint_anew(CALM[0] + 1)
        self._paint_anew(CALM[0])
        try:
            self._until(lambda: self._screen.look() == before, "the screen is as it was")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{_differing(before, self._screen.look())}") from error

    def _at_rest(self) -> Look:
        """The screen once nothing has changed on it for longer than the app waits between two looks at the library."""
        look, since = self._screen.look(), time.monotonic()
        while time.monotonic() - since < 1.5:
            self._settle(0.1, 0.5)
            if self._screen.look() != look:
                look, since = self._screen.look(), time.monotonic()
        return look

    # What the screen says and what the library has

    def _tallies(self) -> dict[str, int]:
        """The counts of the views pane."""
        found = re.finditer(r"^.\d (To read|\w+) +([\d,]+)", self._screen.text, re.MULTILINE)
        return {match[1]: int(match[2].replace(",", "")) for match in found if match[1] in _NAMES}

    def _agrees(self, view: View) -> None:
        """The views pane counts what the library counts, and the list shows the view's papers with their marks."""
        problem = ""

        def true() -> bool:
            nonlocal problem
            problem = self._tallies_differ() or self._list_differs(self._library.rows(self._library.ids(view)), view)
            return not problem

        try:
            self._until(true, "the screen agrees with the library")
        except AssertionError as error:
            raise AssertionError(f"{view.name}: {problem}") from error

    def _tallies_differ(self) -> str:
        counts, shown = self._library.counts(), self._tallies()
        right = dict(zip(_NAMES, (counts[view] for view in _VIEWS), strict=True))
        return "" if shown == right else f"the views pane says {shown}, the library {right}"

    def _list_differs(self, rows: list[Row], view: View) -> str:
        name = _NAMES[list(_VIEWS).index(view)]
        header = re.search(rf"(?<=[ │]){name}   ([\d,]+) papers?", self._screen.rows[1])
        if not rows:
            return ""  # words stand in its place, and the counts have been compared
        if header is None or int(header[1].replace(",", "")) != len(rows):
            return f"the header says “{self._screen.rows[1].strip()}”, the library has {len(rows)}"
        left = header.start() - 5
        # Wide characters are filled up, so that a column is an index.
        drawn = ["".join(cell[:1] or " " for cell, _ in line)[left:] for line in self._screen.look()[3:30]]
        wrong = [self._line_differs(drawn, rows, each) for each in (1, 2)]
        return "" if "" in wrong else wrong[0]

    @staticmethod
    def _line_differs(drawn: list[str], rows: list[Row], each: int) -> str:
        expected: list[Row | None] = []
        day: str | None = ""
        for row in rows[: len(drawn)]:
            if row.day != day:
                expected += [None] * (2 if expected else 1)
                day = row.day
            expected += [row, *[None] * (each - 1)]
        for line, row in zip(drawn, expected, strict=False):
            if row is None:
                continue
            title = row.title[:12] if row.title[:12].isprintable() and row.title[:12].isascii() else ""
            signs = ("★" if row.starred else "–" if row.skipped else " ") + ("✓" if row.read else " ")
            if line[1:3] != signs or not line[5:].startswith(title[:12].strip()):
                return f"the list shows “{line[:40]}” where “{signs} {row.title[:30]}” should be"
        return ""

    # The end

    def _end(self) -> None:
        """Quit, then see that what was opened was allowed, and that every action can be taken back."""
        self._look_closely()
        self._write(b"q")
        with suppress(Ended):
            self._until(lambda: False, "the app quits")
        self._again()
        for line in self._browsed.read_text().splitlines() if self._browsed.exists() else ():
            self.figures.opened += 1
            assert re.fullmatch(r"1 https?://[!-~]+", line), f"the browser was given {line}"
        self._library.close()
        self.figures.actions, left = shelf.undo_all(self._path, self._folder / "undone.db")
        differing = {
            paper: (self._start.get(paper), left.get(paper))
            for paper in self._start.keys() | left.keys()
            if self._start.get(paper) != left.get(paper)
        }
        assert not differing, f"after all was undone it is not as at the start: {str(differing)[:2000]}"


def _differing(before: Look, after: Look) -> str:
    """The first line that is not what it was, in words."""
    number = next(at for at, (old, new) in enumerate(zip(before, after, strict=True)) if old != new)
    old, new = before[number], after[number]
    columns = [at for at, cells in enumerate(zip(old, new, strict=True)) if cells[0] != cells[1]]
    shown = ["".join(cell for cell, _ in line) for line in (old, new)]
    return (
        f"line {number} was not drawn clean, in columns {columns[0]} to {columns[-1]}, "
        f"{old[columns[0]]} for {new[columns[0]]}:\n{shown[0]}\n{shown[1]}"
    )
