"""The imported documents: kept, given another day, looked at, taken back."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from store.database.actions import said_changes
from store.database.changes import apply
from store.database.changes import record as record_changes
from store.database.intake import Intake
from store.database.unify import place_again
from store.entries import DigestDetail, DigestRecord
from store.errors import UnknownDigest
from store.merge import values_of
from store.text import title_key

if TYPE_CHECKING:
    from datetime import date

    from store.models import Digest, Listing

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
    unparsed = connection.execute(
        "SELECT json_extract(j.value, '$[0]'), json_extract(j.value, '$[1]') FROM digests, json_each(unparsed) j"
        " WHERE digests.id = ? AND j.type = 'array'",
        (digest,),
    ).fetchall()
    return DigestDetail(
        found,
        tuple(paper for (paper,) in papers),
        tuple(unparsed),
    )


def take_in(connection: sqlite3.Connection, document: "Digest", now: str) -> "Taken":
    """Take in a document. One that tells of several days is kept as a digest for each, oldest first.

    The same bytes again change nothing, but for a day that the person gives.
    """
    taken = Taken(Intake(connection, now=now))
    for day, listings in _by_day(document):
        known = with_bytes(connection, _sha256(document, day))
        if known is None:
            taken.records.append(_add(connection, taken, document, day, listings))
        else:
            taken.records.append(_again(connection, taken, known, document, now))
    _say(connection, taken, document, now)
    return taken


class Taken:
    """What taking a document in did."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.records: list[DigestRecord] = []
        self.again: set[int] = set()
        """The papers of digests that the library had, of the very same bytes."""
        self.moved: set[int] = set()
        """Those of them that were given another day."""
        self.said = 0
        """Of how many papers the document's marks, tags or notes were taken over."""

    @property
    def counts(self) -> dict[str, int]:
        """How many papers the document lists, and how many of them are new, updated and unchanged."""
        new = self.intake.new
        updated = (self.intake.updated | self.moved) - new
        listed = len(self.intake.listed | self.again)
        return {
            "listed": listed, "new": len(new), "updated": len(updated), "unchanged": listed - len(new) - len(updated)
        }  # fmt: skip


def _by_day(document: "Digest") -> list[tuple["date | None", list["Listing"]]]:
    """The document's papers by the days on which it says that they were listed, oldest first; no day comes last."""
    if document.day_given or not any(listing.days for listing in document.listings):
        return [(document.day, list(document.listings))]
    by_day: defaultdict[date | None, list[Listing]] = defaultdict(list)
    for listing in document.listings:
        for day in listing.days or (document.day,):
            by_day[day].append(listing)
    return sorted(by_day.items(), key=lambda item: (item[0] is None, item[0]))


def _sha256(document: "Digest", day: "date | None") -> str:
    """What tells this day of a document from its others, and the document from all others."""
    if day == document.day:
        return document.sha256
    return sha256(f"{document.sha256} {day or ''}".encode()).hexdigest()


def _add(
    connection: sqlite3.Connection, taken: Taken, document: "Digest", day: "date | None", listings: list["Listing"]
) -> DigestRecord:
    """Keep a day of a document that the library has not seen, with its papers."""
    intake = taken.intake
    # Lines belong to no day: they are kept once.
    lines = () if taken.records else document.unparsed
    unparsed = json.dumps([(line.number, line.text) for line in lines], ensure_ascii=False)
    iso = day.isoformat() if day else None
    inferred = document.day_inferred and day == document.day
    facts = (document.format, document.name, iso, _sha256(document, day), inferred, intake.now, unparsed)
    digest = _renewed(connection, facts) if document.supersedes else None
    if digest is None:
        cursor = connection.execute(
            "INSERT INTO digests (format, name, day, sha256, day_inferred, imported_at, unparsed, "
            "listed, new, updated, unchanged) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0)",
            facts,
        )
        digest = int(cursor.lastrowid or 0)
    before = len(intake.new), len(intake.updated)
    intake.open(digest, iso)
    intake.take_all(listings)
    new, updated = len(intake.new) - before[0], len(intake.updated) - before[1]
    connection.execute(
        "UPDATE digests SET listed = l.n, new = ?1, updated = ?2, unchanged = l.n - ?1 - ?2 "
        "FROM (SELECT count(*) AS n FROM listings WHERE digest = ?3) l WHERE id = ?3",
        (new, updated, digest),
    )
    return record(connection, digest)


def _renewed(connection: sqlite3.Connection, facts: Sequence[object]) -> int | None:
    """The digest that an earlier state of the same page made, with the facts of this one; None where there is none.

    What the page does not list any more stays listed: it was.
    """
    row = connection.execute(
        "SELECT max(id) FROM digests WHERE format = ? AND name = ? AND day IS ?", facts[:3]
    ).fetchone()
    connection.execute(
        "UPDATE digests SET sha256 = ?, day_inferred = ?, imported_at = ?, unparsed = ? WHERE id = ?",
        (*facts[3:], row[0]),
    )
    return None if row[0] is None else int(row[0])


def _again(
    connection: sqlite3.Connection, taken: Taken, known: DigestRecord, document: "Digest", now: str
) -> DigestRecord:
    """Take in a digest whose very bytes the library has: nothing changes, but for a day that the person gives."""
    places = dict(connection.execute("SELECT position, paper FROM listings WHERE digest = ?", (known.id,)).fetchall())
    taken.again.update(places.values())
    if document.day_given and document.day:
        day = document.day.isoformat()
        connection.execute("UPDATE digests SET day = ?, day_inferred = 0 WHERE id = ?", (day, known.id))
        if day != known.day:
            taken.moved.update(places.values())
            _move(connection, known, places, document, now)
        known = known._replace(day=day, day_inferred=False)
    return known


def _move(
    connection: sqlite3.Connection, known: DigestRecord, places: dict[int, int], document: "Digest", now: str
) -> None:
    """Bring a document's listings to the day that it has been given, and the dates that hang on its year."""
    intake = Intake(connection, now=now, moved_from=known.day or "")
    intake.open(known.id, document.day.isoformat() if document.day else None)
    intake.load(places.values())
    for position, listing in enumerate(document.listings, start=1):
        if position in places:
            intake.merge(places[position], position, values_of(listing), title_key(listing.title))
    intake.finish()
    place_again(connection, list(places.values()))


def _say(connection: sqlite3.Connection, taken: Taken, document: "Digest", now: str) -> None:
    """Give papers the marks, tags and notes that the document carries, where the person has said nothing there.

    One journal entry in all, which can be undone.
    """
    changes = [
        change for paper, said in taken.intake.said.items() for change in said_changes(connection, paper, said, now)
    ]
    if changes:
        papers = len({change.paper for change in changes})
        entry = record_changes(
            connection,
            "import",
            f"Took over what {document.name} says of {papers:,} paper{'s' if papers != 1 else ''}",
            changes,
            now,
        )
        apply(connection, entry)
        taken.said = papers


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
