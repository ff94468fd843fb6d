"""Processes killed at random moments, again and again on the same library, and what they had acknowledged held against
it: the command line, imports, and the app in a pseudo-terminal."""

import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from benchmarks.terminal import Terminal
from store import Library
from tests.durability.wholeness import State, assert_whole, state_of
from tests.durability.worker import Command, Worker
from tests.store.making import digest
from tests.tui.test_cli_import import page

PAPERS = 40
MOST = 25
"""Commands that a process may get done before it is killed."""

NOTHING = (False, False, False, (), None)
_TOAST = {"r": "Read · u undoes", "s": "Starred · u undoes", "d": "Skipped · u undoes"}


class Figures(NamedTuple):
    """What one way of killing came to."""

    kills: int
    acknowledged: int
    """Actions, or imports, that a process had acknowledged before it was killed."""
    written: int
    """Kills after which what was under way turned out to be in the library, whole."""


class Commands:
    """The command line: `mark`, `tag`, `note`, `undo`, `redo`; the states that they lead to are kept here as well."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.path = folder / "commands.db"
        self._random = random
        self._states: list[State] = [{}]
        self._at = 0
        self._figures = Figures(0, 0, 0)
        with Library(self.path) as library:
            library.import_digest(digest(*(f"Paper {number}" for number in range(PAPERS))))

    def kill(self) -> Figures:
        """Have commands done, kill the process, and look."""
        random = self._random
        commands = [self._command() for _ in range(MOST + 5)]
        with Worker(self.path) as worker:
            worker.ask(commands)
            worker.until(random.randrange(MOST))
            time.sleep(random.uniform(0, 0.02))
            statuses = worker.kill()
        for command, status in zip(commands, statuses, strict=False):
            if status == 0:
                self._follow(command)
        assert_whole(self.path)
        found, written = state_of(self.path), 0
        if found != self._states[self._at]:
            self._follow(commands[len(statuses)])  # what was under way: all of it, or nothing
            assert found == self._states[self._at], f"{commands[: len(statuses) + 1]}"
            written = 1
        kills, acknowledged, before = self._figures
        self._figures = Figures(kills + 1, acknowledged + statuses.count(0), before + written)
        return self._figures

    def _command(self) -> Command:
        random = self._random
        papers = [str(paper) for paper in random.sample(range(1, PAPERS + 1), random.choice((1, 1, 3)))]
        match random.randrange(8):
            case 0 | 1:
                return ["mark", *papers, random.choice(("--read", "--unread", "--star", "--unstar", "--skip"))]
            case 2 | 3:
                return ["tag", *papers, random.choice(("--add", "--remove")), random.choice(("a", "b", "c"))]
            case 4 | 5:
                return ["note", papers[0], "--append", f"line {random.random()}"]
            case 6:
                return ["undo"]
            case _:
                return ["redo"]

    def _follow(self, command: Command) -> None:
        """Do the command here."""
        if command[0] in {"undo", "redo"}:
            self._at = min(max(self._at + (1 if command[0] == "redo" else -1), 0), len(self._states) - 1)
            return
        state = dict(self._states[self._at])
        if command[0] == "note":
            _change(state, command[1], *command[2:])
        else:
            words = 1 if command[0] == "mark" else 2
            for paper in command[1:-words]:
                _change(state, paper, *command[-words:])
        if state != self._states[self._at]:
            self._states[self._at + 1 :] = [state]
            self._at += 1


def _change(state: dict[int, tuple[bool, bool, bool, tuple[str, ...], str | None]], ref: str, *what: str) -> None:
    read, starred, skipped, tags, note = state.get(int(ref), NOTHING)
    match what:
        case ("--read" | "--unread",):
            read = what[0] == "--read"
        case ("--star" | "--unstar",):
            starred = what[0] == "--star"
            skipped = skipped and not starred
        case ("--skip",):
            starred, skipped = False, True
        case ("--add", tag):
            tags = tuple(sorted({*tags, tag}))
        case ("--remove", tag):
            tags = tuple(each for each in tags if each != tag)
        case ("--append", line):
            note = f"{note}\n{line}" if note else line
    state[int(ref)] = (read, starred, skipped, tags, note)
    if state[int(ref)] == NOTHING:
        del state[int(ref)]


class Imports:
    """Imports of files of some thousand papers."""

    def __init__(self, folder: Path, random: Random, papers: int = 2000) -> None:
        self.path = folder / "imports.db"
        self._folder = folder
        self._random = random
        self._papers = papers
        self._number = 0
        self._seconds = 1.0
        self._figures = Figures(0, 0, 0)
        Library(self.path).close()

    def kill(self) -> Figures:
        """Have files imported, kill the process, and look."""
        files = [self._file() for _ in range(3)]
        before = self._digests()
        with Worker(self.path) as worker:
            started = time.perf_counter()
            worker.ask([["import", str(file)] for file in files])
            worker.until(self._random.randrange(2))
            if worker.statuses:
                self._seconds = time.perf_counter() - started
            time.sleep(self._random.uniform(0, self._seconds))
            statuses = worker.kill()
        assert not any(statuses), worker.messages
        assert_whole(self.path)
        written = self._digests() - before - len(statuses)
        assert written in {0, 1}
        with Library(self.path) as library:
            assert len(library.ids()) == self._digests() * self._papers
        kills, acknowledged, under_way = self._figures
        self._figures = Figures(kills + 1, acknowledged + len(statuses), under_way + written)
        return self._figures

    def _digests(self) -> int:
        with Library(self.path) as library:
            return len(library.digests())

    def _file(self) -> Path:
        self._number += 1
        file = self._folder / f"page {self._number}.txt"
        file.write_bytes(page(*(f"Paper {self._number} {number}" for number in range(self._papers))))
        return file


class Apps:
    """The app: keys that mark, and notes that are written and saved. What the screen has said has happened."""

    def __init__(self, folder: Path, random: Random, papers: int = 400) -> None:
        self.path = folder / "app.db"
        self._folder = folder
        self._random = random
        self._figures = Figures(0, 0, 0)
        with Library(self.path) as library:
            library.import_digest(digest(*(f"Paper {number}" for number in range(papers))))
            self._left = library.ids()

    def kill(self) -> Figures:
        """Press keys, kill the app, and look."""
        random = self._random
        keys = self._keys(random.randrange(1, 15))
        papers = self._left
        with Terminal("-m", "tui", "--db", str(self.path), home=self._folder, columns=120, lines=40) as terminal:
            with Library(self.path) as library:
                terminal.shows(library.entry(papers[0]).title)
            for key, paper in zip(keys[:-1], papers, strict=False):
                for pressed, shown in _presses(key, paper):
                    terminal.press(pressed)
                    terminal.shows(shown)
                if key == "e":
                    terminal.press("r")  # which moves on
                    terminal.shows(_TOAST["r"])
            for pressed, _ in _presses(keys[-1], papers[len(keys) - 1]):
                terminal.press(pressed)
            time.sleep(random.uniform(0, 0.05))
            terminal.app.send_signal(signal.SIGKILL)
            terminal.app.wait()
        self._look(keys)
        return self._figures

    def _keys(self, number: int) -> list[str]:
        """Keys of which no two in a row end with the same toast: one is painted more than once, and its last painting
        must not pass for the next one's."""
        keys = [self._random.choice("rsde")]
        while len(keys) < number:
            before = "r" if keys[-1] == "e" else keys[-1]
            keys.append(self._random.choice([key for key in "rsde" if key != before]))
        return keys

    def _look(self, keys: Sequence[str]) -> None:
        assert_whole(self.path)
        state = state_of(self.path)
        for key, paper in zip(keys[:-1], self._left, strict=False):
            assert state[paper] == _expected(key, paper), (key, paper)
        last = self._left[len(keys) - 1]
        assert state.get(last, NOTHING) in {
            NOTHING,
            (False, False, False, (), f"note of {last}"),
            _expected(keys[-1], last),
        }
        kills, acknowledged, written = self._figures
        self._figures = Figures(kills + 1, acknowledged + len(keys) - 1, written + (last in state))
        self._left = [paper for paper in self._left if not any(state.get(paper, NOTHING)[:3])]


def _presses(key: str, paper: int) -> Iterator[tuple[str, str]]:
    """Keys, each with what the screen then shows."""
    if key != "e":
        yield key, _TOAST[key]
        return
    yield "e", "save"
    yield f"note of {paper}", f"note of {paper}"
    yield "\x13", "Noted"
    yield "\x1b", "s star"


def _expected(key: str, paper: int) -> tuple[bool, bool, bool, tuple[str, ...], str | None]:
    return (key in "re", key == "s", key == "d", (), f"note of {paper}" if key == "e" else None)
