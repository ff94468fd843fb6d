"""Library: the one door to the data. It may be used from any thread; what it returns never changes."""

import re
import sqlite3
import threading
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from store import clock
from store.database import reading
from store.database.opening import check, open_library
from store.database.standing import BY_DAY, condition_of
from store.entries import (
    NOTHING_DONE,
    Appearance,
    DayCount,
    DigestDetail,
    DigestRecord,
    Done,
    Entry,
    Found,
    Generations,
    JournalEntry,
    Pair,
    Row,
    SavedSearch,
    TagCount,
    Undone,
    View,
)
from store.errors import BackupError, InvalidSearchName, LibraryUnusable, UnknownPaper

if TYPE_CHECKING:
    from store.database.restoring import Restored
    from store.models import Digest, FileReport
    from store.query import Node, Sort
    from store.search import Searcher
    from store.statistics import Stats

_NO_LIMIT = 2**63 - 1
"""SQLite's largest integer."""


class Library:
    """A person's papers, in one SQLite file that is opened, or made with `create`, at `path`.

    Reading shows the last commit of any process. A write is durable when the method returns, is one transaction and
    one journal entry (none if it changed nothing), and either happens whole or not at all.

    Raises LibraryUnusable where the file cannot be a library; every method may raise that too (disk full, gone), and
    a write LibraryBusy where another process holds the library for too long.
    """

    def __init__(self, path: str | Path, *, create: bool = True) -> None:
        try:
            self.path = Path(path).expanduser()
        except RuntimeError as error:
            raise LibraryUnusable(f"{path} cannot be used: nobody here has this home folder.") from error
        self._connections = open_library(self.path, create=create)
        self._making_searcher = threading.Lock()
        self._searcher: Searcher | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file in all threads."""
        self._connections.close()

    # Reading

    def resolve(self, refs: Iterable[int | str]) -> list[int]:
        """The papers' ids for ids (numbers, or their digits) and arXiv ids (with or without version), in order.

        Raises UnknownPaper, naming those that the library does not have.
        """
        with self._connections.read() as connection:
            return _resolved(connection, refs)

    def entry(self, ref: int | str) -> Entry:
        """The paper of an id or arXiv id. Raises UnknownPaper."""
        with self._connections.read() as connection:
            return reading.entries(connection, _resolved(connection, [ref]))[0]

    def entries(self, ids: Sequence[int]) -> list[Entry]:
        """The papers of these ids, in this order; unknown ids are left out."""
        with self._connections.read() as connection:
            return reading.entries(connection, ids)

    def named(self, names: Collection[str]) -> dict[str, int]:
        """The papers that have, or had, these names (`store.naming`), without names of none and names of several."""
        from store.naming import bearers

        with self._connections.read() as connection:
            return bearers(names, reading.identities(connection)) if names else {}

    def names(self, paper: int) -> list[str]:
        """The names that a paper has, or had, the one of now first; none for an unknown one."""
        from store.naming import name_for

        with self._connections.read() as connection:
            return [name_for(known) for known in reading.known_as(connection, paper)]

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """The papers of these ids as lines of the list, in this order; unknown ids are left out."""
        with self._connections.read() as connection:
            return reading.rows(connection, ids)

    def appearances(self, paper: int) -> Sequence[Appearance]:
        """The documents that listed a paper, oldest day first; none for an unknown one."""
        with self._connections.read() as connection:
            return reading.appearances(connection, paper)

    def ids(self, query: str = "", *, sort: str | None = None, limit: int | None = None) -> list[int]:
        """The ids of the papers that match the query exactly, in its order, else in that of `sort`.

        `sort` is a sort key as in `sort:KEY`, with `-` before it to turn it round. Raises QueryError.
        """
        standing = condition_of(query) if sort is None else None
        if standing is not None:
            with self._connections.read() as connection:
                return reading.select_ids(connection, standing, (), BY_DAY, _at_most(limit))
        from store.database.select import in_time
        from store.query import parse, parse_sort

        parsed = parse(query)
        order = parsed.sort or (parse_sort(sort) if sort else None)
        with self._connections.read() as connection, in_time(connection):
            return _select(connection, parsed.root, order, limit)

    def list(self, query: str = "", limit: int | None = None, sort: str | None = None) -> list[Entry]:
        """The papers that match the query exactly: newest day first and in the page's order, or as sorted.

        Raises QueryError.
        """
        return self.entries(self.ids(query, sort=sort, limit=limit))

    def search(self, text: str, limit: int = 50) -> Sequence[Entry]:
        """The papers that fit the text best, best first, typos forgiven (`store.search`).

        The text may hold filters of the query language; without a word it is an exact query. An arXiv id, or its
        page's address, finds its paper. Raises QueryError.
        """
        return self.entries(self.find(text, limit).ids)

    def find(self, text: str, limit: int = 50, within: str = "") -> Found:
        """As `search`, but ids, and the words that made the papers match; `within` is a query to narrow to."""
        from store.database.select import condition, in_time
        from store.links import arxiv_id
        from store.query import And, parse

        if not within and (named := arxiv_id(text.strip())):
            with self._connections.read() as connection:
                paper = reading.paper_with(connection, "arxiv_id", named)
            if paper is not None:
                return Found((paper,)[: _at_most(limit)], ())

        query, narrowing = parse(text), parse(within)
        fuzzy = bool(query.words) and query.sort is None
        parts = tuple(node for node in (query.filter if fuzzy else query.root, narrowing.root) if node is not None)
        root = And(parts) if parts else None
        with self._connections.read() as connection, in_time(connection):
            if not fuzzy:
                return Found(tuple(_select(connection, root, query.sort or narrowing.sort, limit)), ())
            where = condition(root, now=clock.now()) if root else None
            return self._search().find(connection, " ".join(query.words), _at_most(limit), where)

    def warm_up(self) -> None:
        """Read what the first search would have to read."""
        with self._connections.read() as connection:
            self._search().warm_up(connection)

    def counts(self) -> dict[View, int]:
        """How many papers each standing view holds."""
        with self._connections.read() as connection:
            return reading.counts(connection)

    def days(self) -> Sequence[DayCount]:
        """The days that listed papers, newest first."""
        with self._connections.read() as connection:
            return reading.days(connection)

    def day_runs(self, query: str = "") -> Sequence[tuple[str | None, int]]:
        """How the papers that match the query exactly, in the order of their days, divide into these days.

        A day (that of a paper's newest listing; None where there is none) and its number of papers, newest first.
        Raises QueryError.
        """
        from store.database.select import condition, in_time
        from store.query import parse

        where = condition(parse(query).root, now=clock.now())
        with self._connections.read() as connection, in_time(connection):
            return reading.day_runs(connection, where.sql, where.parameters)

    def tags(self) -> Sequence[TagCount]:
        """All tags in alphabetical order."""
        with self._connections.read() as connection:
            return reading.tags(connection)

    def searches(self) -> Sequence[SavedSearch]:
        """The saved searches by name."""
        with self._connections.read() as connection:
            return reading.searches(connection)

    def digests(self) -> Sequence[DigestRecord]:
        """The imported documents, the last one first."""
        from store.database import digests

        with self._connections.read() as connection:
            return digests.records(connection)

    def digest(self, digest: int) -> DigestDetail:
        """An imported document with its papers and the lines that were not understood. Raises UnknownDigest."""
        from store.database import digests

        with self._connections.read() as connection:
            return digests.detail(connection, digest)

    def log(self, limit: int | None = None) -> Sequence[JournalEntry]:
        """What the person did, the last action first."""
        from store import journal

        with self._connections.read() as connection:
            return journal.log(connection, _at_most(limit))

    def duplicates(self, limit: int | None = None) -> Sequence[Pair]:
        """The papers that may be one under two titles, most likely first; takes seconds at 100,000 papers.

        Those that were kept apart are not among them.
        """
        from store import duplicates

        with self._connections.read() as connection:
            found = duplicates.find(connection)[: _at_most(limit)]
            entries = reading.entries(connection, list({paper for near in found for paper in near[:2]}))
        by_id = {entry.id: entry for entry in entries}
        return [Pair(by_id[near.one], by_id[near.other], near.score, near.reason) for near in found]

    def stats(self, query: str = "", *, since: date | None = None, days: int | None = None) -> "Stats":
        """What came in, what was decided and how soon, and the inbox over time (`store.statistics`).

        Of the papers that match the query exactly, up to today on the local calendar: from the day `since`, or so many
        `days`, else from the first day that is known of them. Takes some 0.5 s at 100,000 papers. Raises QueryError.
        """
        from store.database import statistics
        from store.database.select import condition, in_time
        from store.query import parse
        from store.statistics import LONGEST

        now = clock.now()
        where = condition(parse(query).root, now=now)
        if days is not None:
            since = now.date() - timedelta(days=min(days, LONGEST) - 1)
        with self._connections.read() as connection, in_time(connection):
            return statistics.stats(connection, query, where, since, now.date())

    def generations(self) -> Generations:
        """Counters that rise with what any process commits: cheap to ask for every second."""
        with self._connections.read() as connection:
            return reading.generations(connection)

    # Writing

    def mark(
        self,
        ids: Iterable[int],
        *,
        read: bool | None = None,
        starred: bool | None = None,
        skipped: bool | None = None,
    ) -> Done:
        """Set (True) or clear (False) marks on the papers. Starring clears a skip, skipping a star.

        Raises UnknownPaper, having changed nothing; ValueError for both star and skip.
        """
        from store import journal

        if starred and skipped:
            raise ValueError("a paper cannot be starred and skipped")
        given = {"read": read, "starred": starred, "skipped": skipped}
        marks = {name: value for name, value in given.items() if value is not None}
        try:
            with self._connections.write() as connection:
                return journal.mark(connection, _distinct(ids), marks, _timestamp())
        except journal.NothingChanged:
            return NOTHING_DONE

    def tag(self, ids: Iterable[int], *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Done:
        """Put tags on the papers and take tags off. Raises InvalidTag and UnknownPaper, having changed nothing."""
        from store import journal

        added = list(dict.fromkeys(map(journal.clean_tag, add)))
        removed = [tag for tag in dict.fromkeys(map(journal.clean_tag, remove)) if tag not in added]
        try:
            with self._connections.write() as connection:
                return journal.tag(connection, _distinct(ids), added, removed, _timestamp())
        except journal.NothingChanged:
            return NOTHING_DONE

    def note(self, paper: int, text: str | None, *, instead_of: str | None = None, named: str | None = None) -> Done:
        """Write the paper's note as it is given; None, or nothing but white space, removes it. Raises UnknownPaper.

        `instead_of` is the note that the writer began with ("": none). If another is found there, both are kept: ours
        and the lines that were added to it meanwhile, else ours and theirs. Without it, what is found is replaced.
        `named` is a name of the paper that the writer means (`names`), and that gets the note: after a merge it has
        another number, and after a `restore` its number may be another's.
        """
        from store import journal
        from store.naming import bearers, name_for

        before = instead_of and (_note(instead_of) or "")
        with self._connections.write() as connection:
            if named is not None and named not in map(name_for, reading.known_as(connection, paper)):
                found = bearers([named], reading.identities(connection))
                if named not in found:
                    raise UnknownPaper("The paper of this note is not in the library any more; nothing was changed.")
                paper = found[named]
            return journal.note(connection, paper, _note(text), before, _timestamp())

    def append_note(self, paper: int, text: str) -> Done:
        """Add `text` to the paper's note, beginning on a line of its own. Raises UnknownPaper."""
        from store import journal

        with self._connections.write() as connection:
            return journal.append_note(connection, paper, _note(text), _timestamp())

    def rename_tag(self, old: str, new: str) -> Done:
        """Rename a tag everywhere; one that exists already is merged with it. Raises InvalidTag."""
        from store import journal

        before, after = journal.clean_tag(old), journal.clean_tag(new)
        with self._connections.write() as connection:
            return journal.rename_tag(connection, before, after, _timestamp())

    def merge(self, stays: int, goes: int) -> Done:
        """Make two papers one, which has the id of `stays`, what both sources say of them, and the state of both.

        What imports bring of either goes to it from now on. Raises UnknownPaper.
        """
        from store import journal

        with self._connections.write() as connection:
            return journal.merge(connection, stays, goes, _timestamp())

    def keep_apart(self, one: int, other: int) -> Done:
        """Remember that two papers are not the same, so that they are not offered again. Raises UnknownPaper."""
        from store import journal

        with self._connections.write() as connection:
            return journal.keep_apart(connection, one, other, _timestamp())

    def undo(self) -> Undone:
        """Take back the last action, whichever process did it. Raises NothingToUndo."""
        from store import journal

        with self._connections.write() as connection:
            return journal.undo(connection)

    def redo(self) -> Undone:
        """Do again what was undone last. Raises NothingToUndo."""
        from store import journal

        with self._connections.write() as connection:
            return journal.redo(connection)

    def save_search(self, name: str, query: str, *, fuzzy: bool) -> None:
        """Keep a search under a name, in place of the one that has it. Raises InvalidSearchName, QueryError."""
        from store.query import parse
        from store.text import safe

        kept = safe(name)
        if not kept or "\n" in name or "\r" in name:
            raise InvalidSearchName("A saved search needs a name of one line.")
        parse(query)
        with self._connections.write() as connection:
            reading.save_search(connection, SavedSearch(kept, _text(query), fuzzy), _timestamp())

    def remove_search(self, name: str) -> None:
        """Forget a saved search; a name that there is not is no error."""
        with self._connections.write() as connection:
            reading.remove_search(connection, name)

    def import_digest(self, digest: "Digest", *, rehearse: bool = False) -> "FileReport":
        """Take in a parsed document: its papers, merged with what is known of them, in one transaction.

        The person's marks, tags and notes are not touched. The same bytes again change nothing, but for a day that
        was given (`--date`). With `rehearse` the report says what would happen, and nothing does.
        """
        from store.database import digests
        from store.models import FileReport, Gains

        with self._connections.write(rehearse=rehearse) as connection:
            taken = digests.take_in(connection, digest, _timestamp())
        first, *others = taken.records
        gains = taken.intake.gains
        return FileReport(
            name=digest.name,
            format=digest.format,
            day=None if others else first.day,
            day_inferred=first.day_inferred and not others,
            days=len(taken.records),
            unparsed=first.unparsed,
            digest=None if rehearse and not taken.again else first.id,
            gains=Gains(papers=gains.papers, **gains.rises),
            said=taken.said,
            **taken.counts,
        )

    def remove_digest(self, digest: int) -> int:
        """Take an import back: its listings, and its papers that nothing else lists and the person never touched.

        Returns how many papers went. Raises UnknownDigest.
        """
        from store.database import digests

        with self._connections.write() as connection:
            return digests.remove(connection, digest)

    # The file

    def check(self) -> None:
        """Look through the whole file for damage, which takes 4 ms a megabyte. Raises LibraryDamaged."""
        with self._connections.read() as connection:
            check(self.path, connection)

    def backup(self, target: str | Path, *, force: bool = False) -> Path:
        """Write the library as it is now to one file, whole or not at all, while others may be using it.

        A folder as `target` gets a file named by the date. Returns the file's path. Raises BackupError, what stood
        there being untouched: also if the file exists, unless `force`.
        """
        from store.database.copies import backup

        if target == "":
            raise BackupError("An empty name names no file: name the file for the backup, or a folder.")
        with self._connections.alone() as connection:
            return backup(connection, self.path, Path(target), force=force)

    @staticmethod
    def restore(path: str | Path, copy: str | Path) -> "Restored":
        """Make the library at `path`, which may be damaged or open elsewhere, hold what a backup of it holds.

        What it held until now is kept in a file beside it. Raises LibraryUnusable or LibraryBusy, having changed
        nothing.
        """
        from store.database.restoring import restore

        if copy == "":
            raise LibraryUnusable("An empty name names no file: name the backup. Nothing was changed.")
        return restore(Path(path), Path(copy))

    def _search(self) -> "Searcher":
        with self._making_searcher:
            if self._searcher is None:
                from store.search import Searcher

                self._searcher = Searcher()
            return self._searcher


def _distinct(ids: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(ids))


def _timestamp() -> str:
    """Now, as the tables keep it: UTC, ISO 8601, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _at_most(limit: int | None) -> int:
    """A limit as SQLite takes it."""
    return _NO_LIMIT if limit is None else max(0, min(limit, _NO_LIMIT))


def _note(text: str | None) -> str | None:
    """A note as it is kept: None where there is nothing but white space."""
    return _text(text) if text and not text.isspace() else None


def _text(text: str) -> str:
    """What a person wrote, as SQLite can keep it: without the half surrogates of bytes that are no UTF-8."""
    return text.encode("utf-8", "replace").decode()


def _resolved(connection: sqlite3.Connection, refs: Iterable[int | str]) -> list[int]:
    found, unknown = [], []
    for ref in (f"{ref}".strip() for ref in refs):
        paper = _paper(connection, ref)
        if paper is None:
            unknown.append(f"{ref[:40]}…" if len(ref) > 40 else ref or "“”")
        else:
            found.append(paper)
    if unknown:
        named = ", ".join(unknown[:5]) + (" …" if len(unknown) > 5 else "")
        raise UnknownPaper(f"The library has no paper {named}. An ID is a paper's number or its arXiv id.")
    return found


def _paper(connection: sqlite3.Connection, ref: str) -> int | None:
    """The paper that an id or arXiv id names."""
    if re.fullmatch("[0-9]{1,18}", ref):
        return reading.paper_with(connection, "id", int(ref))
    from store.links import arxiv_id

    named = arxiv_id(ref)
    return reading.paper_with(connection, "arxiv_id", named) if named else None


def _select(connection: sqlite3.Connection, root: "Node | None", sort: "Sort | None", limit: int | None) -> list[int]:
    from store.database.select import condition, order

    where = condition(root, now=clock.now())
    ordering = order(sort, root)
    return reading.select_ids(
        connection, where.sql, (*where.parameters, *ordering.parameters), ordering.sql, _at_most(limit)
    )
