"""Search: how often the paper meant is among the first ten, and how long a query takes; beside what others use.

    python -m benchmarks.search 100000

The rivals look at titles alone: a bare rapidfuzz scan, and fzf where it is installed, whose time includes its start.
"""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from rapidfuzz import fuzz, process

from benchmarks.libraries import library
from benchmarks.queries import KINDS, Kind, known_items
from store import Library

QUERIES = 1000
RIVAL_QUERIES = 100
SEED = 7
FIRST = 10

FREQUENT = (
    "l", "le", "lea", "lear", "learn", "learning", "model", "models", "a", "s", "the", "deep learning",
    "language model", "large language models", "for the", "with a", "image text data", "a survey of l",
)  # fmt: skip
"""What has most papers to choose from."""

Finder = Callable[[str], Sequence[int]]


class Quality(NamedTuple):
    """How well one way of searching finds known papers."""

    papers: int
    way: str
    kind: Kind
    found: float
    """Share of queries whose paper is among the first ten, 0 to 1."""
    queries: int
    median: float
    p95: float
    worst: float
    """Milliseconds a query."""


class Speed(NamedTuple):
    """How long queries take that are typed key by key, or that match very many papers."""

    papers: int
    what: str
    queries: int
    median: float
    p95: float
    worst: float
    """Milliseconds a query."""
    slowest: str


def quality(papers: int, *, queries: int = QUERIES, rivals: int = RIVAL_QUERIES) -> list[Quality]:
    """Known-item search in a library of that many papers; without `rivals` only ours."""
    path = library(papers)
    with Library(path) as opened:
        opened.warm_up()
        for kind in KINDS:  # a warm process: the pages of the file that searches read are in memory
            for item in known_items(path, kind, queries // 5, SEED + 1):
                opened.find(item.text, 50)
        rows = [_known(path, "paperdeck", kind, queries, lambda text: opened.find(text, 50).ids) for kind in KINDS]
    for way, find in _rivals(path) if rivals else ():
        rows += [_known(path, way, kind, rivals, find) for kind in KINDS]
    return [Quality(papers, *row) for row in rows]


def speed(papers: int, *, queries: int = 50) -> list[Speed]:
    """Queries key by key, and frequent words, in a warm process; and the first search of a cold one."""
    path = library(papers)
    with Library(path) as opened:
        cold = _milliseconds(opened.warm_up)
        typed = [
            item.text[:end]
            for kind in KINDS
            for item in known_items(path, kind, queries, SEED)
            for end in range(1, len(item.text) + 1)
        ]
        return [
            _timed(papers, "key by key", opened, typed),
            _timed(papers, "frequent words", opened, FREQUENT),
            Speed(papers, "reading the vocabulary", 1, cold, cold, cold, ""),
        ]


def table(rows: Sequence[Quality] | Sequence[Speed]) -> str:
    """The rows as a Markdown table."""
    times = ("median ms", "p95 ms", "worst ms")
    lines = []
    for row in rows:
        if isinstance(row, Quality):
            heads: tuple[str, ...] = ("papers", "way", "words of a title", "queries", "in the first ten", *times)
            cells = [f"{row.papers:,}", row.way, row.kind, f"{row.queries:,}", f"{row.found:.1%}"]
        else:
            heads = ("papers", "what", "queries", "slowest", *times)
            cells = [f"{row.papers:,}", row.what, f"{row.queries:,}", f"`{row.slowest}`" if row.slowest else ""]
        cells += [f"{milliseconds:.1f}" for milliseconds in (row.median, row.p95, row.worst)]
        lines.append(_line(cells))
    return "\n".join((_line(heads), _line("-" * len(head) for head in heads), *lines))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _known(
    path: Path, way: str, kind: Kind, queries: int, find: Finder
) -> tuple[str, Kind, float, int, float, float, float]:
    found = 0
    times = []
    for text, paper in known_items(path, kind, queries, SEED):
        start = perf_counter()
        ids = find(text)
        times.append((perf_counter() - start) * 1000)
        found += paper in ids[:FIRST]
    return way, kind, found / queries, queries, *_spread(times)


def _timed(papers: int, what: str, opened: Library, texts: Sequence[str]) -> Speed:
    times = [_milliseconds(lambda text=text: opened.find(text, 50)) for text in texts]
    slowest = texts[times.index(max(times))]
    return Speed(papers, what, len(texts), *_spread(times), slowest)


def _milliseconds(act: Callable[[], object]) -> float:
    start = perf_counter()
    act()
    return (perf_counter() - start) * 1000


def _spread(times: list[float]) -> tuple[float, float, float]:
    times = sorted(times)
    return times[len(times) // 2], times[int(len(times) * 0.95)], times[-1]


def _rivals(path: Path) -> Iterable[tuple[str, Finder]]:
    """The other ways to search the titles."""
    connection = sqlite3.connect(path)
    titles = dict(connection.execute("SELECT id, title FROM papers"))
    connection.close()
    lowered = {paper: title.lower() for paper, title in titles.items()}

    def scan(text: str) -> list[int]:
        return [paper for *_, paper in process.extract(text, lowered, scorer=fuzz.token_set_ratio, limit=FIRST)]

    yield "rapidfuzz", scan
    if fzf := shutil.which("fzf"):
        lines = "".join(f"{paper}\t{title}\n" for paper, title in titles.items())

        def filtered(text: str) -> list[int]:
            command = [fzf, "--filter", text, "--delimiter", "\t", "--nth", "2.."]
            done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False)
            return [int(line.partition("\t")[0]) for line in done.stdout.splitlines()[:FIRST]]

        yield "fzf", filtered


def main() -> None:
    """Measure libraries of the sizes given as arguments."""
    for size in map(int, sys.argv[1:] or ("100000",)):
        print(table(quality(size)))
        print()
        print(table(speed(size)))


if __name__ == "__main__":
    main()
