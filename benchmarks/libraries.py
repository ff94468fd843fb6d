"""Libraries of any size for the benchmarks: made from a seed, the same on each run, kept in `benchmarks/libraries/`.

    python -m benchmarks.libraries 100 10000 100000

The rows are written with plain SQL into the schema of the product, whose triggers index them: making a million papers
through `Library.import_digest` would take longer than all measurements. The last days of a library are undecided.
"""

import json
import os
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import NamedTuple

from benchmarks.wording import Wording
from store import Library
from store.database.words import learn
from store.text import title_key

FOLDER = Path(__file__).parent / "libraries"
SEED = 20_251_128
LAST_DAY = date(2025, 11, 28)
TAGS = ("rl", "vision", "kv cache", "agents", "theory", "to present", "diffusion", "evaluation", "long context", "3d")


class Paper(NamedTuple):
    """One made-up paper; `day` is that of its page, `position` its place there."""

    title: str
    abstract: str
    published: date
    authors: tuple[str, ...]
    organization: str | None
    arxiv_id: str
    upvotes: int
    comments: int
    day: date
    position: int


def corpus() -> Path | None:
    """The folder of real papers (PAPERDECK_CORPUS, else beside the repository), or None where there is none."""
    folder = Path(os.environ.get("PAPERDECK_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
    return folder if (folder / "hf_api").is_dir() else None


def library(papers: int, seed: int = SEED) -> Path:
    """The library of that many papers, made now if it does not exist."""
    path = FOLDER / f"{papers}-{seed}.db"
    if not path.exists():
        FOLDER.mkdir(exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        for rest in FOLDER.glob(f"{unfinished.name}*"):
            rest.unlink()
        make(unfinished, papers, seed)
        unfinished.rename(path)
    return path


def make(path: Path, papers: int, seed: int) -> None:
    """Write a new library of that many papers, with a person's marks, tags and notes on some of the older ones."""
    random = Random(seed)
    wording = Wording(random, corpus())
    Library(path).close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    days = list(days_of(random, papers))
    first_id = 1
    for number, page in enumerate(pages(random, wording, days), start=1):
        connection.execute("BEGIN")
        _write_page(connection, number, page, first_id)
        if number <= len(days) * 0.9:
            _write_marks(connection, random, wording, range(first_id, first_id + len(page)), page[0].day)
        learn(connection)
        connection.execute("COMMIT")
        first_id += len(page)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def pages(random: Random, wording: Wording, days: Sequence[tuple[date, int]]) -> Iterator[list[Paper]]:
    """The papers of these days (each with its number of papers), a page a day."""
    serial = 0
    for day, size in days:
        yield [_paper(random, wording, day, position, serial + position) for position in range(1, size + 1)]
        serial += size


def days_of(random: Random, papers: int) -> Iterator[tuple[date, int]]:
    """The days and the sizes of their pages, oldest first: 25 to 100 papers, in large libraries up to 1,000."""
    sizes = []
    most = 100 if papers <= 10_000 else 1000
    while (left := papers - sum(sizes)) > 0:
        sizes.append(min(left, random.randint(25, most)))
    for back, size in zip(reversed(range(len(sizes))), sizes, strict=True):
        yield LAST_DAY - timedelta(days=back), size


def _paper(random: Random, wording: Wording, day: date, position: int, serial: int) -> Paper:
    title = wording.title()
    return Paper(
        title=title,
        abstract=wording.abstract(title),
        published=day - timedelta(days=random.randint(0, 4)),
        authors=tuple(wording.people(random.randint(1, 12))),
        organization=wording.organization() if random.random() < 0.3 else None,
        arxiv_id=f"{day:%y%m}.{serial % 100_000:05}{'' if serial < 100_000 else serial // 100_000}",
        upvotes=int(random.expovariate(0.05)),
        comments=int(random.expovariate(0.4)),
        day=day,
        position=position,
    )


def _write_page(connection: sqlite3.Connection, number: int, page: list[Paper], first_id: int) -> None:
    day = page[0].day.isoformat()
    connection.execute(
        "INSERT INTO digests (id, format, name, sha256, day, day_inferred, imported_at, listed, new, updated,"
        " unchanged, unparsed) VALUES (?, 'cards', ?, ?, ?, 0, ?, ?, ?, 0, 0, '[]')",
        (number, f"{day}.txt", sha256(day.encode()).hexdigest(), day, f"{day}T07:00:00.000Z", len(page), len(page)),
    )
    connection.executemany(
        "INSERT INTO papers (id, title, title_key, abstract, published, n_authors, authors, organization, arxiv_id,"
        " upvotes, comments, added_at, day, digest, position, origin)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                serial, paper.title, title_key(paper.title), paper.abstract, paper.published.isoformat(),
                len(paper.authors), json.dumps(paper.authors), paper.organization, paper.arxiv_id, paper.upvotes,
                paper.comments, f"{day}T07:00:00.000Z", day, number, paper.position, f"1 {day}",
            )
            for serial, paper in enumerate(page, start=first_id)
        ),
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO listings (digest, paper, position, comments, upvotes) VALUES (?, ?, ?, ?, ?)",
        (
            (number, serial, paper.position, paper.comments, paper.upvotes)
            for serial, paper in enumerate(page, start=first_id)
        ),
    )


def _write_marks(connection: sqlite3.Connection, random: Random, wording: Wording, papers: range, day: date) -> None:
    """Decide most of a day's papers: 70 % skipped, 15 % read, 8 % starred; tags on some, a note on a few."""
    at = f"{day.isoformat()}T08:00:00.000Z"
    states = []
    tags = []
    for paper in papers:
        chance = random.random()
        skipped, read, starred = chance < 0.7, 0.7 <= chance < 0.85, 0.8 <= chance < 0.93
        note = wording.note() if random.random() < 0.01 else None
        if skipped or read or starred or note:
            marks = (at if mark else None for mark in (read, starred, skipped, note))
            states.append((paper, *marks, note))
        if random.random() < 0.05:
            tags += [(paper, tag) for tag in random.sample(TAGS, random.randint(1, 3))]
    connection.executemany(
        "INSERT INTO states (paper, read_at, starred_at, skipped_at, note_at, note) VALUES (?, ?, ?, ?, ?, ?)", states
    )
    connection.executemany("INSERT INTO tags (paper, tag) VALUES (?, ?)", tags)


def main() -> None:
    """Make the libraries of the sizes given as arguments."""
    for size in sys.argv[1:]:
        print(library(int(size)))


if __name__ == "__main__":
    main()
