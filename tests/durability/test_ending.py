"""The app told to end, or with its terminal gone: in bounded time, with the note that is being written kept."""

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from store import Library
from tests.durability.wholeness import assert_whole
from tests.store.making import digest
from tests.tui.test_cli_import import page

LEFT_AS_IT_WAS = ("\x1b[?2004l", "\x1b[?1000l", "\x1b[?1049l", "\x1b[?25h")
"""Bracketed paste and mouse off, the alternate screen left, the cursor shown."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A library with some papers."""
    with Library(tmp_path / "library.db") as library:
        library.import_digest(digest(*(f"Paper {number}" for number in range(50))))
    return tmp_path / "library.db"


def opened(path: Path, **environment: str) -> Terminal:
    """The app on the library, as far as its first list."""
    terminal = Terminal("-m", "tui", "--db", str(path), home=path.parent, environment=environment)
    terminal.shows("Paper 0")
    return terminal


def drafts(path: Path) -> list[str]:
    """What is kept of unsaved notes."""
    return [file.read_text() for file in path.parent.glob("*-drafts/*/*.md")]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=["TERM", "INT", "HUP"])
def test_a_signal_ends_the_app_in_order(path: Path, number: signal.Signals) -> None:
    with opened(path) as terminal:
        terminal.press("e")
        terminal.shows("save")
        terminal.press("half a thought")
        terminal.shows("half a thought")
        told = time.monotonic()
        terminal.app.send_signal(number)
        assert terminal.quits() == 128 + number
        assert time.monotonic() - told < 20  # five seconds, and what a busy machine makes of them
        terminal.settle()
        painted = terminal.painted.decode(errors="replace")
    assert all(sequence in painted for sequence in LEFT_AS_IT_WAS)
    assert "Traceback" not in painted
    assert drafts(path) == ["half a thought\n"]


def test_a_terminal_that_is_gone_ends_the_app(path: Path) -> None:
    with opened(path) as terminal:
        terminal.press("s")
        terminal.shows("Starred")
        terminal.press("e")
        terminal.shows("save")
        terminal.press("half a thought")
        terminal.shows("half a thought")
        os.close(terminal.screen)
        terminal.screen = os.open(os.devnull, os.O_RDWR)
        assert terminal.app.wait(60) == 128 + signal.SIGHUP
    assert drafts(path) == ["half a thought\n"]
    with Library(path) as library:
        assert len(library.ids("is:starred")) == 1


def test_what_was_pressed_before_a_signal_is_written(path: Path) -> None:
    with opened(path) as terminal:
        terminal.press("s" * 12)
        terminal.until(lambda: bool(_starred(path)), "the first star is in the file")
        terminal.app.send_signal(signal.SIGTERM)
        assert terminal.quits() == 143
    starred = _starred(path)
    assert starred == list(range(1, len(starred) + 1))
    assert_whole(path)


def test_a_terminal_that_nobody_reads_and_a_library_that_is_locked_end_it_all_the_same(path: Path) -> None:
    with opened(path) as terminal, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        terminal.press("s", *("jk" * 300))
        time.sleep(0.5)  # nothing of what is painted is read
        terminal.app.send_signal(signal.SIGTERM)
        assert terminal.app.wait(60) == 143
    assert_whole(path)
    assert _starred(path) == []


def test_a_signal_while_a_dialog_opens_shows_no_traceback(path: Path) -> None:
    with opened(path) as terminal:
        terminal.press("i")
        time.sleep(0.1)
        terminal.app.send_signal(signal.SIGTERM)
        assert terminal.quits() == 143
        terminal.settle()
        assert "Traceback" not in terminal.text


def test_stopped_and_continued_the_app_is_drawn_again(path: Path) -> None:
    with opened(path) as terminal:
        terminal.rest()
        terminal.press()
        terminal.app.send_signal(signal.SIGTSTP)
        terminal.until(lambda: b"\x1b[?1049l" in terminal.painted, "the alternate screen is left")
        os.waitid(os.P_PID, terminal.app.pid, os.WSTOPPED)
        terminal.press()
        terminal.app.send_signal(signal.SIGCONT)
        terminal.shows("Paper 0")
        terminal.press("s")
        terminal.shows("Starred")


def test_killed_while_writing_without_a_pause_two_seconds_are_lost_at_most(path: Path) -> None:
    with opened(path) as terminal:
        terminal.press("e")
        terminal.shows("save")
        written: list[tuple[float, str]] = []
        text, slowest = "", 0.0
        while not written or written[0][0] > time.monotonic() - 3.5 - slowest:
            text += f"{len(written) % 10}"
            pressed = time.monotonic()
            terminal.first_paint(text[-1], within=60)
            written.append((pressed, text))
            slowest = max(slowest, time.monotonic() - pressed)
            terminal.settle(0.05, 0.05)
        terminal.app.kill()
        terminal.app.wait()
        killed = time.monotonic()
    (kept,) = drafts(path)
    old_enough = [text for at, text in written if at < killed - 3 - slowest]  # a busy machine is late with this, too
    assert old_enough
    assert kept.strip().startswith(old_enough[-1])


def test_an_editor_gets_the_signal_and_what_it_wrote_is_offered_again(path: Path) -> None:
    editor = path.with_name("editor.sh")
    editor.write_text(
        '#!/bin/sh\ntrap "" TERM\necho "a thought" >> "$1"\necho THE EDITOR RUNS\nsleep 60 & wait $!\nsleep 60\n'
    )
    editor.chmod(0o755)
    with opened(path, EDITOR=str(editor)) as terminal:
        terminal.press("E")
        terminal.shows("THE EDITOR RUNS")
        told = time.monotonic()
        terminal.app.send_signal(signal.SIGTERM)
        assert terminal.quits() == 143
        assert time.monotonic() - told < 30  # long before the editor
        assert "Traceback" not in terminal.text
    with opened(path) as terminal:
        terminal.shows("is not saved yet")
        terminal.press("e")
        terminal.shows("a thought")
        terminal.press("\x13")
        terminal.shows("Noted")
    with Library(path) as library:
        assert [entry.note for entry in library.list("has:note")] == ["a thought"]
    assert drafts(path) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL], ids=["TERM", "HUP", "KILL"])
def test_a_command_that_is_ended_while_the_editor_runs_leaves_the_draft(path: Path, number: signal.Signals) -> None:
    editor = path.with_name("editor.sh")
    editor.write_text('#!/bin/sh\necho "a thought" >> "$1"\necho RUNS\nexec sleep 20\n')
    editor.chmod(0o755)
    command = [sys.executable, "-m", "tui", "--db", str(path), "note", "1", "--edit"]
    environment = os.environ | {"VISUAL": str(editor)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as ran:
        assert ran.stdout is not None
        assert ran.stdout.readline() == b"RUNS\n"
        ran.send_signal(number)
        assert ran.wait(60) == (-number if number == signal.SIGKILL else 128 + number)
        assert ran.stderr is not None
        ran.stderr.close()
    assert drafts(path) == ["a thought\n"]
    editor.write_text('#!/bin/sh\necho "and more" >> "$1"\n')
    subprocess.run(command, env=environment, check=True)
    with Library(path) as library:
        assert library.entry(1).note == "a thought\nand more"
    assert drafts(path) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["TERM", "HUP"])
def test_an_import_that_is_told_to_end_keeps_what_it_reported(tmp_path: Path, number: signal.Signals) -> None:
    pages, last = tmp_path / "pages", tmp_path / "last"
    pages.mkdir()
    for file in range(100):
        (pages / f"{file:03}.txt").write_bytes(page(*(f"Paper {file} {each}" for each in range(30))))
    os.mkfifo(last)  # which is waited for, so that no machine is done before it is told to end
    path = tmp_path / "library.db"
    command = [sys.executable, "-m", "tui", "--db", str(path), "import", str(pages), str(last)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as ran:
        assert ran.stdout is not None
        assert ran.stderr is not None
        first = ran.stdout.readline()
        time.sleep(0.05)
        ran.send_signal(number)
        rest, messages = ran.stdout.read(), ran.stderr.read()
    assert ran.returncode in {-number, 128 + number}
    assert "Traceback" not in messages
    assert_whole(path)
    with Library(path) as library:
        assert 0 <= len(library.digests()) - len((first + rest).splitlines()) <= 1


def _starred(path: Path) -> list[int]:
    with Library(path) as library:
        return sorted(library.ids("is:starred"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["TERM", "HUP"])
def test_a_copy_that_is_told_to_end_leaves_nothing_half_done(tmp_path: Path, number: signal.Signals) -> None:
    path, copy = tmp_path / "library.db", tmp_path / "copy.db"
    with Library(path) as library:
        library.import_digest(digest(*(f"Paper {each} {'and its long title ' * 20}" for each in range(2000))))
        library.backup(copy)
    begun = re.compile(r"\.paperdeck-[0-9a-f]+\.part|library-.*")
    for command in (["restore", str(copy)], ["backup", str(tmp_path)]) * 2:
        before = set(tmp_path.iterdir())
        with subprocess.Popen([sys.executable, "-m", "tui", "--db", str(path), *command]) as ran:
            while ran.poll() is None and not any(begun.fullmatch(file.name) for file in tmp_path.iterdir()):
                time.sleep(0.001)
            time.sleep(random.uniform(0, 0.05))
            ran.send_signal(number)
        assert ran.returncode in {0, 128 + number, -number}  # the last once Python itself ends
        made = {file.name for file in set(tmp_path.iterdir()) - before}
        assert all(re.fullmatch(r"library-(replaced-)?[0-9-]+\.db|.*-(wal|shm)", name) for name in made), made
        for file in tmp_path.glob("*.db"):
            assert_whole(file)
        for file in tmp_path.glob("library-*"):
            file.unlink()
