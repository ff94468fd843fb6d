"""All benchmarks in one run, told in `benchmarks/RESULTS.md` and in a plot.

python -m benchmarks                    100, 10,000 and 100,000 papers (some twenty minutes)
python -m benchmarks --with 1000000     and searching a million, without rivals
python -m benchmarks --small            everything once on small libraries, nothing written: does it still run?
"""

import argparse
import os
import platform
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from benchmarks import app, duplicates, exporting, importing, search
from benchmarks.libraries import corpus, library
from benchmarks.plot import Line, drawn

HERE = Path(__file__).parent
SIZES = (100, 10_000, 100_000)
PACKAGES = ("textual", "rapidfuzz", "pydantic", "sqlite-utils")


class Effort(NamedTuple):
    """How often each thing is done."""

    starts: int = app.STARTS
    presses: int = app.PRESSES
    blocked: float = app.BLOCKED
    session: int = app.SESSION
    queries: int = search.QUERIES
    rivals: int = search.RIVAL_QUERIES
    typed: int = 50
    versions: int = duplicates.SECOND_VERSIONS


SMALL = Effort(starts=1, presses=4, blocked=0.1, session=40, queries=8, rivals=2, typed=2, versions=2)


class Measured(NamedTuple):
    """All rows of one run."""

    starts: list[app.Start]
    keys: list[app.Latency]
    blocking: list[app.Latency]
    memory: list[app.Memory]
    quality: list[search.Quality]
    speed: list[search.Speed]
    imports: list[importing.Import]
    exports: list[exporting.Export]
    pairs: duplicates.Result
    passes: list[duplicates.Pass]


def measured(sizes: Sequence[int], searched: Sequence[int], effort: Effort) -> Measured:
    """Measure everything at these sizes, and searches at those."""
    for size in sorted({*sizes, *searched}):
        _say(f"library of {size:,} papers")
        library(size)
    _say("near duplicates")
    rows = Measured([], [], [], [], [], [], [], [], duplicates.quality(effort.versions), [])
    for size in sizes:
        _say(f"the app on {size:,} papers")
        rows.starts.append(app.start(size, starts=effort.starts))
        rows.keys.extend(app.keys(size, times_each=effort.presses))
        rows.blocking.extend(app.blocking(size, seconds=effort.blocked))
    for size in {sizes[0]: None, sizes[-1]: None}:
        _say(f"a long session on {size:,} papers")
        rows.memory.append(app.memory(size, session=effort.session))
    for size in searched:
        _say(f"searching {size:,} papers")
        rivals = effort.rivals if size in sizes else 0
        rows.quality.extend(search.quality(size, queries=effort.queries, rivals=rivals))
        rows.speed.extend(search.speed(size, queries=effort.typed))
    for size in sizes:
        _say(f"importing {size:,} papers")
        rows.imports.append(importing.importing(size))
        rows.exports.extend(exporting.exports(size))
        rows.passes.append(duplicates.passes(size))
    return rows


def report(rows: Measured) -> str:
    """The rows as a Markdown page, ratios first."""
    return "\n".join(
        (
            "# Results",
            "",
            f"Written by `make bench` on {datetime.now(UTC).date()}. Times differ between machines; ratios hold.",
            "",
            *(f"- {line}" for line in _machine()),
            "",
            "## Start, against a bare Textual app",
            "",
            "From the start of the process to the first list on the screen (the bare app: to its one line), in a"
            " pseudo-terminal, in turns; the ratio is the median of the pairs'.",
            "",
            _table(
                ("papers", "ratio", "paperdeck", "bare app"),
                ((f"{r.papers:,}", f"{r.ratio:.2f}", f"{r.app:.2f} s", f"{r.bare:.2f} s") for r in rows.starts),
            ),
            "",
            "## A key to its paint",
            "",
            "Milliseconds from the key's write to the first byte painted, seen from the terminal.",
            "",
            _latencies(rows.keys),
            "",
            "## A move while something heavy runs",
            "",
            "The key that begins it, then `j` after `j` for two seconds.",
            "",
            _latencies(rows.blocking),
            "",
            "## Memory",
            "",
            f"Resident, after the start and the first search, and after a session of {app.SESSION:,} keys.",
            "",
            _table(
                ("papers", "at the start", "after the session", "bare app"),
                ((f"{r.papers:,}", *(f"{v:.0f} MB" for v in (r.start, r.after, r.bare))) for r in rows.memory),
            ),
            "",
            "## Search: is the paper meant among the first ten?",
            "",
            "Three words of a title, as they are, misspelt or cut short. The rivals look at titles alone; fzf's time"
            " includes its start.",
            "",
            search.table(rows.quality),
            "",
            "## Search: time a query",
            "",
            search.table(rows.speed),
            "",
            "## Import, against a bare `executemany`",
            "",
            "The same rows into the same tables, full-text indexes included, a transaction a page.",
            "",
            _table(
                ("papers", "ratio", "paperdeck", "bare"),
                ((f"{r.papers:,}", f"{r.ratio:.2f}", f"{r.ours:.2f} s", f"{r.bare:.2f} s") for r in rows.imports),
            ),
            "",
            "## Export",
            "",
            "All papers, read beforehand; `template` is the Markdown one as a person's own, in a process of its own.",
            "",
            _table(
                ("papers", "format", "time", "characters"),
                ((f"{r.papers:,}", r.format, f"{r.seconds:.2f} s", f"{r.size:.1f} M") for r in rows.exports),
            ),
            "",
            "## Near duplicates",
            "",
            "Second versions of papers that come in under a changed title: how many are joined by their keys at once,"
            " and how many of the others are offered. No paper has an arXiv id.",
            "",
            duplicates.table(rows.pairs),
            "",
            "Looking through a whole library:",
            "",
            _table(
                ("papers", "all with arXiv ids", "none with one"),
                ((f"{r.papers:,}", f"{r.with_ids:.1f} s", f"{r.without_ids:.1f} s") for r in rows.passes),
            ),
            "",
        )
    )


def picture(rows: Measured) -> str:
    """Start, keys and search over the number of papers."""
    typed = [(row.papers, row.p95) for row in rows.speed if row.what == "key by key"]
    moves = [(row.papers, row.p95) for row in rows.keys if row.keys == "move"]
    return drawn(
        "Cost over size",
        (
            Line("start (median)", [(row.papers, row.app * 1000) for row in rows.starts]),
            Line("a key to its paint (p95)", moves),
            Line("a search, key by key (p95)", typed),
        ),
    )


def _latencies(rows: Iterable[app.Latency]) -> str:
    return _table(
        ("papers", "keys", "median ms", "p95 ms", "worst ms"),
        ((f"{r.papers:,}", r.keys, f"{r.median:.1f}", f"{r.p95:.1f}", f"{r.worst:.1f}") for r in rows),
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])


def _machine() -> Iterable[str]:
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        )
        if Path("/proc/cpuinfo").exists()
        else (),
        platform.processor() or platform.machine(),
    )
    yield f"{cpu}, {os.cpu_count()} cores, {platform.system()}"
    yield f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, " + ", ".join(
        f"{package} {version(package)}" for package in PACKAGES
    )
    yield "words drawn from real papers as well as made up" if corpus() else "made-up words only"


def _say(what: str) -> None:
    print(what, "…", file=sys.stderr, flush=True)


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="Measure paperdeck, beside what others do.")
    parser.add_argument("sizes", nargs="*", type=int, help="papers of the libraries (default: 100, 10000, 100000)")
    parser.add_argument("--with", dest="extra", type=int, action="append", default=[], help="only searched")
    parser.add_argument("--small", action="store_true", help="everything once, on small libraries; write nothing")
    given = parser.parse_args()
    if given.small:
        report(small := measured((100,), (100,), SMALL))
        picture(small)
        print("benchmarks: all of them run")
        return
    sizes = given.sizes or SIZES
    rows = measured(sizes, (*sizes, *given.extra), Effort())
    page = report(rows)
    print(page)
    (HERE / "RESULTS.md").write_text(page, encoding="utf-8")
    (HERE / "cost-over-size.svg").write_text(picture(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
