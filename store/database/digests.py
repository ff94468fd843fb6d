"""The imported documents: kept, given another day, looked at, taken back."""

import json
import sqlite3
from typing import TYPE_CHECKING

from store.database.intake import Intake
from store.database.unify import place_again
from store.entries import DigestDetail, DigestRecord
from store.errors import UnknownDigest
from store.merge import values_of
from store.text import title_key

if TYPE_CHECKING:
    from store.models import Digest

_RECORD = (
    "SELECT id, format, name, sha256, day, day_inferred, imported_at, listed, new, updated, unchanged, "
    "json_array_length(unparsed) FROM digests"
)


def records(connection: sqlite3.Connection) -> list[DigestRecord]:
    """All digests, the one imported last first."""
    return [_record(row) for row in connection.execute(f"{_RECORD} ORDER BY id DESC").fetchall()]


def record(connection: sqlite3.Connection, digest: int) -> DigestRecord:
    """The digest of this id. Raises UnknownDigest."""
    # As text, which SQLite compares as a number: a person may type one that is no integer to it.
    row = connection.execute(f"{_RECORD} WHERE id = ?", (f"{digest}",)).fetchone()
    if row is None:
        raise UnknownDigest(f"The library has no digest {digest}; `paperdeck digests` lists them.")
    return _record(row)


def with_bytes(connection: sqlite3.Connection, sha256: str) -> DigestRecord | None:
    """The digest made of these very bytes, if there is one."""
    row = connection.execute(f"{_RECORD} WHERE sha256 = ?", (sha256,)).fetchone()
    return _record(row) if row else None


def detail(connection: sqlite3.Connection, digest: int) -> DigestDetail:
    """The digest of this id with its papers and unparsed lines. Raises UnknownDigest."""
    found = record(connection, digest)
    papers = connection.execute("SELECT paper FROM listings WHERE digest = ? ORDER BY position", (digest,)).fetchall()
    unparsed = connection.execute("SELECT unparsed FROM digests WHERE id = ?", (digest,)).fetchone()[0]
    return DigestDetail(
        found,
        tuple(paper for (paper,) in papers),
        tuple((number, text) for number, text in json.loads(unparsed)),
    )


def add(connection: sqlite3.Connection, digest: "Digest", now: str) -> DigestRecord:
    """Keep a document that the library has not seen, with its papers."""
    unparsed = json.dumps([(line.number, line.text) for line in digest.unparsed], ensure_ascii=False)
    day = digest.day.isoformat() if digest.day else None
    cursor = connection.execute(
        "INSERT INTO digests (format, name, sha256, day, day_inferred, imported_at, listed, new, updated, unchanged, "
        "unparsed) VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, 0, ?)",
        (digest.format, digest.name, digest.sha256, day, digest.day_inferred, now, unparsed),
    )
    digest_id = int(cursor.lastrowid or 0)
    intake = Intake(connection, digest=digest_id, day=day, now=now)
    intake.take_all(digest.listings)
    listed, new, updated = len(intake.listed), len(intake.new), len(intake.updated)
    connection.execute(
        "UPDATE digests SET listed = ?, new = ?, updated = ?, unchanged = ? WHERE id = ?",
        (listed, new, updated, listed - new - updated, digest_id),
    )
    return record(connection, digest_id)


def again(connection: sqlite3.Connection, known: DigestRecord, digest: "Digest", now: str) -> DigestRecord:
    """Take in a document whose very bytes the library has: nothing changes, but for a day that the person gives.

    Returns its record, with the counts of this time.
    """
    updated = 0
    if digest.day_given and digest.day:
        day = digest.day.isoformat()
        connection.execute("UPDATE digests SET day = ?, day_inferred = 0 WHERE id = ?", (day, known.id))
        updated = _move(connection, known, digest, now) if day != known.day else 0
        known = known._replace(day=day, day_inferred=False)
    return known._replace(new=0, updated=updated, unchanged=known.listed - updated)


def _move(connection: sqlite3.Connection, known: DigestRecord, digest: "Digest", now: str) -> int:
    """Bring a document's listings to the day that it has been given, and the dates that hang on its year.

    Returns how many of its papers changed: all of them.
    """
    places = dict(connection.execute("SELECT position, paper FROM listings WHERE digest = ?", (known.id,)).fetchall())
    day = digest.day.isoformat() if digest.day else None
    intake = Intake(connection, digest=known.id, day=day, now=now, moved_from=known.day or "")
    intake.load(places.values())
    for position, listing in enumerate(digest.listings, start=1):
        if position in places:
            intake.merge(places[position], position, values_of(listing), title_key(listing.title))
    intake.finish()
    place_again(connection, list(places.values()))
    return len(places)


def remove(connection: sqlite3.Connection, digest: int) -> int:
    """Take a digest back: its listings, and those of its papers that nothing else lists and the person never touched.

    Returns how many papers went with it. Raises UnknownDigest.
    """
    record(connection, digest)
    papers = [paper for (paper,) in connection.execute("SELECT paper FROM listings WHERE digest = ?", (digest,))]
    connection.execute("DELETE FROM digests WHERE id = ?", (digest,))
    cursor = connection.execute(
        """
        DELETE FROM papers WHERE id IN (SELECT value FROM json_each(?))
            AND NOT EXISTS (SELECT 1 FROM listings WHERE paper = papers.id)
            AND NOT EXISTS (SELECT 1 FROM states WHERE paper = papers.id)
            AND NOT EXISTS (SELECT 1 FROM tags WHERE paper = papers.id)
            AND NOT EXISTS (SELECT 1 FROM changes WHERE paper = papers.id)
        """,
        (json.dumps(papers),),
    )
    place_again(connection, papers)
    return cursor.rowcount


def _record(row: tuple[object, ...]) -> DigestRecord:
    record = DigestRecord._make(row)
    return record._replace(day_inferred=bool(record.day_inferred))
