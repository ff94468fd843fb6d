"""A document's listings matched with the library's papers, merged into them and written.

Nothing of what the person says is touched here, except where two rows turn out to be one paper (`unify`).
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from store.database.unify import unify
from store.database.words import learn
from store.merge import Gains, Values, gained, merged, origin_of, values_of
from store.text import title_key

if TYPE_CHECKING:
    from datetime import datetime

    from store.models import Listing, Said

COLUMNS = (
    "id", "title", "title_key", "abstract", "published", "n_authors", "authors", "organization", "arxiv_id",
    "upvotes", "comments", "code_url", "project_url", "added_at", "day", "digest", "position", "origin", "origins",
)  # fmt: skip
_INSERT = f"INSERT INTO papers ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"

Paper = dict[str, Any]
"""A row of `papers` by column, held only while a document is matched."""


class Intake:
    """Takes in the listings of one document, digest by digest (`open`); `finish` writes what is still pending.

    `connection` is in a write transaction and `now` the time to write, as ISO text. `moved_from` is the day that the
    same document had until now (`""` for none), where it is given another one: what the document said under that day
    gives way.
    """

    def __init__(self, connection: sqlite3.Connection, *, now: str, moved_from: str | None = None) -> None:
        self.listed: set[int] = set()
        self.new: set[int] = set()
        self.updated: set[int] = set()
        self.gains = Gains()
        self.said: dict[int, Said] = {}
        """What the document has the person say of papers."""
        self._connection = connection
        self._digest = 0
        self._day: str | None = None
        self._here: set[int] = set()
        self.now = now
        self._moved_from = moved_from
        self._papers: dict[int, Paper] = {}
        self._by_arxiv: dict[str | int, int] = {}
        self._by_key: defaultdict[str, list[int]] = defaultdict(list)
        self._known_days: dict[int, set[str]] = {}
        self._joined: dict[int, int] = {}
        """What became of rows that turned out to be another's paper."""
        self._next_id = _next_paper_id(connection)
        self._to_insert: list[Paper] = []
        self._to_update: dict[int, Values] = {}
        self._to_list: list[tuple[Any, ...]] = []
        self._aliases: list[tuple[str, int]] = []

    def open(self, digest: int, day: str | None) -> None:
        """What follows is listed by this digest, whose row is there already, on this day."""
        self._digest, self._day = digest, day
        self._here.clear()

    def take_all(self, listings: Iterable["Listing"]) -> None:
        """Take in the listings of the digest that is open, in the page's order, and write them."""
        listings = tuple(listings)
        incoming = [(values_of(listing), title_key(listing.title)) for listing in listings]
        self._look_up([values for values, _ in incoming], [key for _, key in incoming])
        for position, (listing, (values, key)) in enumerate(zip(listings, incoming, strict=True), start=1):
            paper, same = self._match(values["arxiv_id"], key)
            if paper is None:
                paper = self._add(position, values, key, listing.added_at)
            else:
                if same is not None:
                    paper = self._join(paper, same)
                self.merge(paper, position, values, key)
            if listing.said is not None:
                self.said.setdefault(paper, listing.said)
        self.finish()

    def merge(self, paper_id: int, position: int, values: Values, key: str) -> None:
        """Merge what a listing shows into a paper that the library has, and list it. Written by the next flush."""
        paper = self._papers[paper_id]
        replaced = None if self._moved_from is None else origin_of(values["arxiv_id"], self._moved_from)
        changes = merged(paper, values, origin_of(values["arxiv_id"], self._day), replaced=replaced)
        old_key = paper["title_key"]
        if "title" in changes:
            changes["title_key"] = key
        if key != old_key:
            self._aliases.append((old_key if "title" in changes else key, paper_id))
        new_day = self._day is not None and self._day not in self._known_days.setdefault(paper_id, set())
        if self._day is not None:
            self._known_days[paper_id].add(self._day)
        if paper_id not in self.new and (gained(changes) or new_day):
            self.updated.add(paper_id)
            self.gains.count(paper, changes, new_day=new_day)
        if paper_id not in self._here and _place(paper) <= (self._day or "", self._digest):
            changes |= {"day": self._day, "digest": self._digest, "position": position}
        if changes:
            paper.update(changes)
            self._to_update.setdefault(paper_id, {}).update(changes)
        self._list(paper_id, position, values)
        self._index(paper)

    def load(self, paper_ids: Iterable[int]) -> None:
        """Read papers of the library, to be matched or merged into."""
        ids = json.dumps(list(paper_ids))
        rows = self._connection.execute(
            f"SELECT {', '.join(COLUMNS)} FROM papers WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
            (ids,),
        )
        for row in rows:
            paper = dict(zip(COLUMNS, row, strict=True))
            self._papers[paper["id"]] = paper
            self._index(paper)
        days = self._connection.execute(
            "SELECT l.paper, d.day FROM listings l JOIN digests d ON d.id = l.digest "
            "WHERE l.paper IN (SELECT value FROM json_each(?)) AND d.day IS NOT NULL AND d.id IS NOT ?",
            (ids, None if self._moved_from is None else self._digest),
        )
        for paper_id, day in days:
            self._known_days.setdefault(paper_id, set()).add(day)
        aliases = self._connection.execute(
            "SELECT title_key, paper FROM aliases WHERE paper IN (SELECT value FROM json_each(?))", (ids,)
        )
        for key, paper_id in aliases:
            self._by_key[key].append(paper_id)
            self._by_arxiv.setdefault(key, paper_id)  # it may be a second arXiv id, which no title's key looks like

    def _look_up(self, incoming: list[Values], keys: list[str]) -> None:
        """Read every paper that one of the listings may belong to, in one statement."""
        found = self._connection.execute(
            """
            SELECT p.id FROM json_each(:arxiv_ids) JOIN papers p ON p.arxiv_id = value
            UNION SELECT p.id FROM json_each(:keys) JOIN papers p ON p.title_key = value
            UNION SELECT a.paper FROM json_each(:keys) JOIN aliases a ON a.title_key = value
            UNION SELECT a.paper FROM json_each(:arxiv_ids) JOIN aliases a ON a.title_key = value
            """,
            {
                "arxiv_ids": json.dumps([values["arxiv_id"] for values in incoming if values["arxiv_id"]]),
                "keys": json.dumps(keys),
            },
        )
        self.load(paper_id for (paper_id,) in found.fetchall())

    def _index(self, paper: Paper) -> None:
        if paper["id"] not in self._by_key[paper["title_key"]]:
            self._by_key[paper["title_key"]].append(paper["id"])
        if paper["arxiv_id"] is not None:
            self._by_arxiv[paper["arxiv_id"]] = paper["id"]

    def _match(self, arxiv_id: str | int | None, key: str) -> tuple[int | None, int | None]:
        """The paper that a listing belongs to, and another row that the listing shows to be the same paper.

        With an id: the paper of that id, else one of that title whose id is unknown. Without: of the papers of that
        title the one that was listed last.
        """
        same_title = [self._papers[paper] for paper in self._by_key.get(key, ()) if paper in self._papers]
        if arxiv_id is None:
            last = max(same_title, key=lambda paper: (*_place(paper), paper["position"] or 0), default=None)
            return (last["id"] if last else None), None
        nameless = next((paper["id"] for paper in same_title if paper["arxiv_id"] is None), None)
        known = self._by_arxiv.get(arxiv_id)
        while known in self._joined:
            known = self._joined[known]
        return (nameless, None) if known is None else (known, nameless)

    def _add(self, position: int, values: Values, key: str, added_at: "datetime | None") -> int:
        before = added_at.isoformat(timespec="milliseconds") if added_at else self.now
        paper: Paper = {
            **values, "id": self._next_id, "title_key": key, "day": self._day,
            "added_at": min(before.replace("+00:00", "Z"), self.now),
            "digest": self._digest, "position": position,
            "origin": origin_of(values["arxiv_id"], self._day), "origins": None,
        }  # fmt: skip
        self._next_id += 1
        self._papers[paper["id"]] = paper
        self._known_days[paper["id"]] = {self._day} if self._day else set()
        self._to_insert.append(paper)
        self.new.add(paper["id"])
        self._list(paper["id"], position, values)
        self._index(paper)
        return int(paper["id"])

    def _list(self, paper_id: int, position: int, values: Values) -> None:
        self.listed.add(paper_id)
        self._here.add(paper_id)
        self._to_list.append((self._digest, paper_id, position, values["comments"], values["upvotes"]))

    def _join(self, one: int, other: int) -> int:
        """Make two rows one; returns the id that stays."""
        self.finish()
        stays, goes = min(one, other), max(one, other)
        unify(self._connection, stays, goes, self.now)
        del self._papers[goes]
        self._joined[goes] = stays
        self.new.discard(goes)
        if goes in self.said:
            self.said.setdefault(stays, self.said.pop(goes))
        for group in (self.listed, self._here, self.updated):
            if goes in group:
                group.discard(goes)
                group.add(stays)
        self._known_days.pop(goes, None)
        self._known_days.pop(stays, None)
        self.load([stays])
        if stays not in self.new:
            self.updated.add(stays)
        return stays

    def finish(self) -> None:
        """Write what is pending, papers before what refers to them."""
        execute_many = self._connection.executemany
        execute_many(_INSERT, ([paper[column] for column in COLUMNS] for paper in self._to_insert))
        inserted = {paper["id"] for paper in self._to_insert}
        for paper_id, changes in self._to_update.items():
            if paper_id not in inserted:  # else the row was inserted with them
                columns = ", ".join(f"{column} = ?" for column in changes)
                self._connection.execute(f"UPDATE papers SET {columns} WHERE id = ?", (*changes.values(), paper_id))
        # A paper that stands twice in one page keeps its first place in it.
        execute_many(
            "INSERT INTO listings (digest, paper, position, comments, upvotes) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET comments = coalesce(excluded.comments, comments), "
            "upvotes = coalesce(excluded.upvotes, upvotes)",
            self._to_list,
        )
        execute_many("INSERT OR IGNORE INTO aliases (title_key, paper) VALUES (?, ?)", self._aliases)
        for pending in (self._to_insert, self._to_update, self._to_list, self._aliases):
            pending.clear()
        learn(self._connection)


def _place(paper: Paper) -> tuple[str, int]:
    """Where a paper was listed last: papers are compared by day, then by the digest's age."""
    return paper["day"] or "", paper["digest"] or 0


def _next_paper_id(connection: sqlite3.Connection) -> int:
    """The first id never used: AUTOINCREMENT remembers the highest, also of papers that are gone."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'papers'").fetchone()
    return (int(row[0]) if row else 0) + 1
