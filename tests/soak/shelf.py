"""The library that is soaked, and what has to hold of it whatever was pressed."""

import sqlite3
from contextlib import closing, suppress
from datetime import date
from hashlib import sha256
from pathlib import Path

from store import Library
from store.errors import InvalidTag, NothingToUndo
from store.models import Digest, Listing
from store.text import safe
from tests.hostile import TEXTS, foul, huge, kept, tags
from tui.sample import build

State = dict[int, tuple[object, ...]]
"""What the person says of each paper that they said anything of: marks, note, tags."""


def fill(path: Path, *, whole: bool) -> None:
    """Make the library: the sample fouled in every column, hostile papers, and clean ones to recognise again.

    `whole`: with texts of a million characters too.
    """
    build(path)
    foul(path)
    with Library(path) as library:
        texts = [*TEXTS.values(), *(huge().values() if whole else ())]
        listings = tuple(
            Listing(
                title=kept(text) if safe(text) else "Nothing",
                abstract=kept(text),
                organization=kept(text)[:5000],
                authors=(kept(text)[:5000],),
            )
            for text in texts
        )
        clean = tuple(
            Listing(title=f"Paper {number:03} of those that are clean", abstract="All is well.")
            for number in range(150)
        )
        for at, papers in enumerate((listings, clean)):
            digest = Digest(
                format="cards", name=f"page {at}", sha256=sha256(str(at).encode()).hexdigest(),
                day=date(2025, 12, 1 + at), day_inferred=False, listings=papers,
            )  # fmt: skip
            library.import_digest(digest)
        ids = library.ids()
        for paper, text in zip(ids, texts, strict=False):
            library.note(paper, kept(text))
        for paper, tag in zip(ids[20:], tags(), strict=False):
            with suppress(InvalidTag):  # nothing of it can be seen
                library.tag([paper], add=[tag])
        library.mark(ids[40:70], read=True)
        library.mark(ids[50:90:2], starred=True)
        library.mark(ids[51:90:2], skipped=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in ("changes", "journal"):  # from here on all can be undone
            connection.execute(f"DELETE FROM {table}")


def state(path: Path) -> State:
    """What the person says of the papers, as it stands in the tables."""
    with closing(sqlite3.connect(path)) as connection:
        tagged: dict[int, list[str]] = {}
        for paper, tag in connection.execute("SELECT paper, tag FROM tags ORDER BY paper, tag"):
            tagged.setdefault(paper, []).append(tag)
        marks = {
            paper: (read, starred, skipped, note)
            for paper, read, starred, skipped, note in connection.execute(
                "SELECT paper, read_at, starred_at, skipped_at, note FROM states"
            )
        }
    nothing = (None, None, None, None)
    both = {paper: (*marks.get(paper, nothing), tuple(tagged.get(paper, ()))) for paper in marks.keys() | tagged.keys()}
    return {paper: said for paper, said in both.items() if any(said)}


def check(path: Path) -> None:
    """The file is whole, and no paper is both starred and skipped."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        both = "SELECT paper FROM states WHERE starred_at IS NOT NULL AND skipped_at IS NOT NULL"
        assert connection.execute(both).fetchall() == []


def undo_all(path: Path, copy: Path) -> tuple[int, State]:
    """How many actions a copy of the library has to undo, and what the person says once all are undone."""
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    undone = 0
    with Library(copy) as library:
        while True:
            try:
                left = library.undo()
            except NothingToUndo:
                break
            undone += 1
            assert not left.kept, f"undoing “{left.summary}” left something as it was: {left.kept}"
    return undone, state(copy)
