"""The app in a real terminal, as a process of its own: what keys do is on disk, whatever happens to the process."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from store import Library
from tui.sample import build


def opened(library: Path, columns: int = 160, lines: int = 45) -> Terminal:
    """The app on a library, in a pseudo-terminal; its settings and state are beside the library."""
    return Terminal("-m", "tui", "--db", str(library), home=library.parent, columns=columns, lines=lines)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """The sample library, open beside the app as another process would have it."""
    build(tmp_path / "library.db")
    with Library(tmp_path / "library.db") as library:
        yield library


def test_what_was_decided_survives_kill_9_and_undo_takes_the_last_back(library: Library) -> None:
    inbox = library.list("is:inbox")
    starred, read, skipped = inbox[0], inbox[2], inbox[4]

    with opened(library.path) as terminal:
        terminal.shows(starred.title[:30])
        terminal.press("s", "j", "r", "j", "d")
        terminal.until(lambda: library.entry(skipped.id).skipped, "the last key's mark is in the file")
        terminal.app.send_signal(signal.SIGKILL)
        terminal.app.wait()

    assert library.entry(starred.id).starred
    assert library.entry(read.id).read
    left = [entry.id for entry in inbox if entry.id not in {starred.id, read.id, skipped.id}]
    assert library.ids("is:inbox") == left

    with opened(library.path) as terminal:
        terminal.shows(inbox[1].title[:30])
        terminal.press("u")
        terminal.until(lambda: not library.entry(skipped.id).skipped, "the skip is taken back in the file")
    assert library.entry(starred.id).starred
    assert library.entry(read.id).read


def test_keys_that_hide_in_a_paste_are_no_keys(library: Library) -> None:
    done = len(library.log())
    with opened(library.path) as terminal:
        terminal.shows(library.list("is:inbox")[0].title[:30])
        for read in (b"\x1b[200~\x1bd\x1b[2J\x1bs\x1b", b"[201~", b"\x1b[200~one \x1bd line\x1b[201~"):
            terminal.write(read)
            terminal.rest(0.3)
        terminal.escape()
        terminal.escape()
        terminal.press("q")
        assert terminal.quits() == 0
    assert len(library.log()) == done


def test_a_search_with_typos_finds_its_paper_and_quitting_ends_well(library: Library) -> None:
    with opened(library.path) as terminal:
        terminal.shows(library.list("is:inbox")[0].title[:30])
        terminal.press("/", *"windwosil cahe")  # at once: what is typed ahead is no command
        terminal.shows("WindowSill")
        terminal.escape()
        terminal.press("q")
        assert terminal.quits() == 0


def test_a_page_pasted_into_an_empty_library_becomes_its_inbox(tmp_path: Path) -> None:
    page = Path(__file__).parents[2].joinpath("tui", "sample", "cards-nov-28.txt").read_text(encoding="utf-8")
    with opened(tmp_path / "new.db", 80, 24) as terminal:
        terminal.shows("aste")
        terminal.press(f"\x1b[200~{page}\x1b[201~")
        terminal.shows("22 papers")
        terminal.press("\r")
        terminal.until(lambda: _papers(tmp_path / "new.db") == 22, "the papers are in the file")


def _papers(path: Path) -> int:
    with Library(path) as library:
        return len(library.ids())


def test_a_size_that_the_shell_exported_does_not_hold_against_the_terminals(library: Library) -> None:
    environment = {"COLUMNS": "80", "LINES": "24"}
    with Terminal(
        "-m", "tui", "--db", str(library.path), home=library.path.parent, environment=environment
    ) as terminal:
        terminal.until(lambda: b"\x1b[45;" in terminal.painted, "its last line of 45 is painted")
        terminal.resize(160, 50)
        terminal.until(lambda: b"\x1b[50;" in terminal.painted, "the last of the 50 that it has now is painted")


def test_bytes_that_are_no_text_are_no_end(library: Library) -> None:
    first = library.list("is:inbox")[0]
    with opened(library.path) as terminal:
        terminal.shows(first.title[:30])
        for typed in (b"\xff", b"\xed\xa0\x80", b"\x1b[200~caf\xe9 and \xff\xfe\x1b[201~", b"\x1b[M \xb4\xd2", b"\xc3"):
            terminal.write(typed)
            terminal.rest(0.2)
        terminal.escape()
        terminal.press("s")
        terminal.until(lambda: library.entry(first.id).starred, "the key's mark is in the file")


def test_damage_that_no_key_has_come_upon_is_told(library: Library) -> None:
    large = library.path.with_name("large.db")
    library.note(1, "so large that it is not looked through when it is opened " * 50_000)
    library.backup(large)
    with large.open("r+b") as file:
        file.seek(large.stat().st_size // 2)
        file.write(b"noise" * 2000)
    with opened(large) as terminal:
        terminal.shows("damaged")  # a long path leaves the line to it
        terminal.press("q")
        assert terminal.quits() == 0
