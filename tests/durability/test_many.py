"""Many processes on one library at once: none is refused, none loses what another wrote, and an app stays fluid."""

import os
import re
import sqlite3
import statistics
import time
from contextlib import ExitStack, closing
from pathlib import Path

from benchmarks.terminal import Terminal, percentile
from store import Library
from tests.durability.wholeness import assert_whole
from tests.durability.worker import Command, Worker
from tests.store.making import digest
from tests.tui.test_cli_import import page

LARGE = int(os.environ.get("PAPERDECK_LARGE_IMPORT", "20000" if "PAPERDECK_FUZZ" in os.environ else "8000"))
"""Papers of the file that is imported beside the app; `.ci/run` sets the second variable."""
FLUID = 150 if "PAPERDECK_LARGE_IMPORT" in os.environ else 1500
"""Milliseconds after which nine in ten keys have been answered: 150 on a machine that does nothing else."""


def test_eight_processes_open_a_library_that_does_not_exist_yet(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with ExitStack() as stack:
        workers = [stack.enter_context(Worker(path)) for _ in range(8)]
        for worker in workers:
            worker.ask([["tags"], ["log"]])
        assert [worker.until(2) for worker in workers] == [[0, 0]] * 8
        assert [worker.messages for worker in workers] == [""] * 8
    assert_whole(path)


def test_sixty_tags_five_imports_and_twenty_lines_of_eight_processes_are_all_there(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library(path) as library:
        library.import_digest(digest(*(f"Paper {number}" for number in range(10))))
    imports = []
    for number in range(5):
        file = tmp_path / f"page {number}.txt"
        file.write_bytes(page(*(f"Imported {number} {each}" for each in range(400))))
        imports.append(["import", str(file)])
    tags = [["tag", f"{number % 10 + 1}", "--add", f"tag {number}"] for number in range(60)]
    lines = [["note", "1", "--append", f"line {number}"] for number in range(20)]
    commands: list[Command] = [*imports, *tags, *lines]
    with ExitStack() as stack:
        workers = [stack.enter_context(Worker(path)) for _ in range(8)]
        shares = [commands[number::8] for number in range(8)]
        for worker, share in zip(workers, shares, strict=True):
            worker.ask(share)
        for worker, share in zip(workers, shares, strict=True):
            assert worker.until(len(share)) == [0] * len(share), worker.messages
    assert_whole(path)
    with Library(path) as library:
        assert {tag.tag for tag in library.tags()} == {f"tag {number}" for number in range(60)}
        assert sorted((library.entry(1).note or "").splitlines()) == sorted(f"line {number}" for number in range(20))
        assert len(library.ids()) == 10 + 5 * 400
        assert len(library.log()) == 80


def test_restores_at_once_keep_all_that_they_replace(tmp_path: Path) -> None:
    path, notes = tmp_path / "library.db", [["note", f"{paper}", "--text", f"note of {paper}"] for paper in range(1, 7)]
    with Library(path) as library:
        library.import_digest(digest(*(f"Paper {number}" for number in range(20))))
        backup = library.backup(tmp_path / "backup.db")
    with ExitStack() as stack:
        restoring = [stack.enter_context(Worker(path)) for _ in range(3)]
        writing = stack.enter_context(Worker(path))
        with closing(sqlite3.connect(path, isolation_level=None)) as lock:
            lock.execute("BEGIN IMMEDIATE")
            for worker in restoring:
                worker.ask([["restore", str(backup)]] * 2)
            writing.ask(notes)
            time.sleep(1)
        assert [worker.until(2) for worker in restoring] == [[0, 0]] * 3, [worker.messages for worker in restoring]
        assert writing.until(len(notes)) == [0] * len(notes)
        said = [kept for worker in restoring for kept in re.findall(r"is in (\S+\.db)\.", worker.messages)]
    kept = sorted(tmp_path.glob("library-*.db"))
    assert sorted(said) == [str(file) for file in kept]
    assert len(kept) == 6
    found = set()
    for file in (path, *kept):
        assert_whole(file)
        with Library(file) as library:
            found |= {entry.note for entry in library.list("has:note")}
    assert found == {f"note of {paper}" for paper in range(1, 7)}


def test_the_app_stays_fluid_while_another_process_imports_and_each_sees_the_others_changes(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library(path) as library:
        library.import_digest(digest(*(f"Paper {number}" for number in range(300))))
    large = tmp_path / "large.txt"
    large.write_bytes(page(*(f"Imported {number} of many" for number in range(LARGE))))
    with Worker(path) as worker, Terminal("-m", "tui", "--db", str(path), home=tmp_path) as terminal:
        terminal.shows("Paper 0")
        terminal.rest()
        worker.ask([["import", str(large)]])
        marked, times = 0, []
        while _digests(path) == 1:
            if len(times) % 20 == 0:
                terminal.press("s")
                marked += 1
            elapsed = terminal.first_paint("j" if len(times) % 2 else "k", within=60)
            assert elapsed is not None, f"a key that nothing was painted for, after {len(times)}"
            times.append(elapsed)
            terminal.settle(0.02, 0.1)
        assert worker.until(1) == [0], worker.messages
        assert len(times) > 5
        assert percentile(times, 0.9) < FLUID, statistics.quantiles(times, n=10)
        terminal.until(lambda: _starred(path) == marked, "the marks have arrived")
        terminal.press("g")
        terminal.settle()
        assert worker.do(["tag", "1", "--add", "seen elsewhere"]) == [0]
        terminal.shows("seen elsewhere")
    assert_whole(path)


def _digests(path: Path) -> int:
    with Library(path) as library:
        return len(library.digests())


def _starred(path: Path) -> int:
    with Library(path) as library:
        return len(library.ids("is:starred"))
