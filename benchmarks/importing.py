"""Importing: a library's papers through `Library.import_digest`, beside a bare `executemany` of the same rows.

    python -m benchmarks.importing 100000

The bare way writes the finished rows into the same tables, full-text indexes and triggers included, in one
transaction for each page like ours: no matching, no merging. Both write files that are synced to disk.
"""

import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from time import perf_counter
from typing import NamedTuple

from benchmarks.libraries import SEED, corpus, days_of, pages
from benchmarks.wording import Wording
from store import Digest, Library, Listing

_TABLES = ("digests", "papers", "listings")


class Import(NamedTuple):
    """Seconds that importing takes, and the bare writing of the same rows."""

    papers: int
    ours: float
    bare: float
    ratio: float


def importing(papers: int) -> Import:
    """Import that many made-up papers, a page a day, and write the rows that came out once more without us."""
    digests = list(_digests(papers))
    with tempfile.TemporaryDirectory(prefix="paperdeck-benchmark-") as folder:
        made, copied = Path(folder) / "made.db", Path(folder) / "copied.db"
        with Library(made) as library:
            start = perf_counter()
            for digest in digests:
                library.import_digest(digest)
            ours = perf_counter() - start
        Library(copied).close()
        bare = _write_bare(made, copied)
    return Import(papers, ours, bare, ours / bare)


def _digests(papers: int) -> Iterator[Digest]:
    """The pages of a benchmark library, as a parser would return them."""
    random = Random(SEED)
    wording = Wording(random, corpus())
    for number, page in enumerate(pages(random, wording, list(days_of(random, papers)))):
        listings = [
            Listing(
                title=paper.title,
                abstract=paper.abstract,
                published=paper.published,
                n_authors=len(paper.authors),
                authors=paper.authors,
                organization=paper.organization,
                arxiv_id=paper.arxiv_id,
                upvotes=paper.upvotes,
                comments=paper.comments,
            )
            for paper in page
        ]
        yield Digest(
            format="cards", name=f"{page[0].day}.txt", sha256=f"{number:064x}", day=page[0].day,
            day_inferred=False, listings=tuple(listings),
        )  # fmt: skip


def _write_bare(made: Path, copied: Path) -> float:
    """Write the rows of one library into another, page by page; seconds, without the reading."""
    with closing(sqlite3.connect(made)) as source, closing(sqlite3.connect(copied, isolation_level=None)) as target:
        target.execute("PRAGMA synchronous = FULL")
        pages = source.execute("SELECT id FROM digests ORDER BY id").fetchall()
        seconds = 0.0
        for page in pages:
            rows = {
                "digests": source.execute("SELECT * FROM digests WHERE id = ?", page).fetchall(),
                "papers": source.execute("SELECT * FROM papers WHERE digest = ?", page).fetchall(),
                "listings": source.execute("SELECT * FROM listings WHERE digest = ?", page).fetchall(),
            }
            start = perf_counter()
            target.execute("BEGIN")
            for table in _TABLES:
                marks = ", ".join("?" * len(rows[table][0]))
                target.executemany(f"INSERT INTO {table} VALUES ({marks})", rows[table])
            target.execute("COMMIT")
            seconds += perf_counter() - start
    return seconds


def main() -> None:
    """Measure imports of the sizes given as arguments."""
    for papers in map(int, sys.argv[1:] or ("100000",)):
        print(importing(papers))


if __name__ == "__main__":
    main()
