"""The library against a simple model of it: whatever is done in whatever order, both say the same."""

import sqlite3
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from store.entries import View
from store.errors import NothingToUndo, UnknownDigest
from store.library import Library
from store.models import Listing
from tests.store.making import digest, listing

TITLES = ("Alpha", "Beta", "Gamma", "Delta", "Epsilon")
DAYS = (None, "2025-11-28", "2025-11-29", "2025-12-15", "2026-01-02")
TAGS = ("rl", "kv cache", "naïve")
CONTESTED = ("abstract", "n_authors", "organization")
LARGEST = ("comments", "upvotes")

few = st.one_of(st.none(), st.integers(0, 3))
words = st.sampled_from((None, "one", "two", "three"))
papers = st.sets(st.integers(0, len(TITLES) - 1), min_size=1, max_size=3)
tags = st.sets(st.sampled_from(TAGS), max_size=2)


@st.composite
def listings(draw: st.DrawFn) -> Listing:
    """A paper of the few there are; each has an arXiv id of its own, which not every page knows."""
    number = draw(st.integers(0, len(TITLES) - 1))
    return listing(
        TITLES[number],
        arxiv_id=f"2501.0000{number}" if draw(st.booleans()) else None,
        abstract=draw(words),
        n_authors=draw(few),
        organization=draw(words),
        comments=draw(few),
        upvotes=draw(few),
    )


pages = st.lists(listings(), min_size=1, max_size=4)


@dataclass
class Mine:
    """What the person says of a paper."""

    read: bool = False
    starred: bool = False
    skipped: bool = False
    tags: frozenset[str] = frozenset()
    note: str | None = None


@dataclass
class Page:
    """An imported document."""

    id: int
    content: str
    listings: list[Listing]
    day: str | None
    places: dict[str, int] = field(default_factory=dict)
    """Title -> position."""


@dataclass
class Known:
    """What the world says of a paper: the values, and the origin of each."""

    id: int
    arxiv_id: str | None = None
    values: dict[str, object] = field(default_factory=dict)
    origins: dict[str, tuple[bool, str]] = field(default_factory=dict)

    def merge(self, shown: Listing, day: str | None, replaced: tuple[bool, str] | None = None) -> bool:
        """Whether anything that a person sees has changed."""
        before = (self.arxiv_id, dict(self.values))
        origin = (shown.arxiv_id is not None, day or "")
        for name in CONTESTED:
            value = getattr(shown, name)
            held = self.origins.get(name)
            if value is not None and (held is None or held < origin or held == replaced):
                self.values[name], self.origins[name] = value, origin
        for name in LARGEST:
            value, largest = getattr(shown, name), self.values.get(name)
            if value is not None and (largest is None or value > largest):
                self.values[name] = value
        self.arxiv_id = self.arxiv_id or shown.arxiv_id
        return before != (self.arxiv_id, self.values)


class LibraryMachine(RuleBasedStateMachine):
    """Imports, marks, tags, notes, undo and redo in any order, by a library and by the model."""

    @initialize(shown=pages, day=st.sampled_from(DAYS))
    def open(self, shown: list[Listing], day: str | None) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.library = Library(Path(self.folder.name) / "library.db")
        self.contents = count()
        self.pages: list[Page] = []
        self.last_digest = self.last_paper = 0
        self.world: dict[str, Known] = {}
        self.touched: set[str] = set()
        self.mine: dict[str, Mine] = {}
        self.done: list[tuple[dict[str, Mine], dict[str, Mine]]] = []
        self.undone: list[tuple[dict[str, Mine], dict[str, Mine]]] = []
        self.import_page(shown, day, rehearsed=False)

    # What the world says

    @rule(shown=pages, day=st.sampled_from(DAYS), rehearsed=st.booleans())
    def import_page(self, shown: list[Listing], day: str | None, rehearsed: bool) -> None:
        content = f"page {next(self.contents)}"
        document = digest(*shown, day=day, content=content)
        if rehearsed:
            before = self.library.generations(), self.library.digests(), self.library.list()
            rehearsal = self.library.import_digest(document, rehearse=True)
            assert (self.library.generations(), self.library.digests(), self.library.list()) == before
        report = self.library.import_digest(document)
        page = Page(self.last_digest + 1, content, shown, day)
        self.last_digest = page.id
        listed: dict[str, str] = {}
        for position, one in enumerate(shown, start=1):
            known = self.world.get(one.title)
            if known is None:
                self.last_paper += 1
                known = self.world[one.title] = Known(self.last_paper)
                known.merge(one, day)
                listed[one.title] = "new"
            else:
                new_day = day is not None and day not in self.days(one.title) and one.title not in listed
                changed = known.merge(one, day) or new_day
                if listed.get(one.title, "unchanged") == "unchanged":
                    listed[one.title] = "updated" if changed else "unchanged"
            page.places.setdefault(one.title, position)
        self.pages.append(page)
        counts = [list(listed.values()).count(kind) for kind in ("new", "updated", "unchanged")]
        assert [report.new, report.updated, report.unchanged] == counts
        assert report.listed == len(listed)
        if rehearsed:
            assert rehearsal == report.model_copy(update={"digest": None})

    @precondition(lambda self: self.pages)
    @rule(data=st.data(), day=st.sampled_from(DAYS))
    def import_the_same_bytes(self, data: st.DataObject, day: str | None) -> None:
        """Without a day they are all unchanged; with another one the document moves there."""
        page = data.draw(st.sampled_from(self.pages))
        document = digest(*page.listings, day=day or "2020-01-01", given=day is not None, content=page.content)
        report = self.library.import_digest(document)
        moved = day is not None and day != page.day
        assert report.listed == len(page.places)
        assert (report.new, report.updated) == (0, len(page.places) if moved else 0)
        assert (str(report.day) if report.day else None) == (day or page.day)
        if moved:
            for position, one in enumerate(page.listings, start=1):
                if page.places[one.title] == position:
                    self.world[one.title].merge(one, day, (one.arxiv_id is not None, page.day or ""))
            page.day = day

    @precondition(lambda self: self.pages)
    @rule(data=st.data())
    def remove_digest(self, data: st.DataObject) -> None:
        page = data.draw(st.sampled_from(self.pages))
        self.pages.remove(page)
        listed = {title for other in self.pages for title in other.places}
        gone = set(page.places) - listed - self.touched
        assert self.library.remove_digest(page.id) == len(gone)
        for title in gone:
            del self.world[title]
        with pytest.raises(UnknownDigest):
            self.library.remove_digest(page.id)

    # What the person says

    @precondition(lambda self: self.world)
    @rule(chosen=papers, read=st.none() | st.booleans(), decided=st.sampled_from((None, "star", "skip", "neither")))
    def mark(self, chosen: set[int], read: bool | None, decided: str | None) -> None:
        starred, skipped = {None: (None, None), "star": (True, None), "skip": (None, True), "neither": (False, False)}[
            decided
        ]
        after = self.copy()
        for title in self.titles(chosen):
            mine = after[title]
            mine.read = mine.read if read is None else read
            if starred is not None or skipped:
                mine.starred = bool(starred)
            if skipped is not None or starred:
                mine.skipped = bool(skipped)
        done = self.library.mark(self.ids(chosen), read=read, starred=starred, skipped=skipped)
        self.did(done.entry, after)

    @precondition(lambda self: self.world)
    @rule(chosen=papers, add=tags, remove=tags)
    def tag(self, chosen: set[int], add: set[str], remove: set[str]) -> None:
        after = self.copy()
        for title in self.titles(chosen):
            after[title].tags = after[title].tags - remove | add
        self.did(self.library.tag(self.ids(chosen), add=add, remove=remove).entry, after)

    @rule(old=st.sampled_from(TAGS), new=st.sampled_from(TAGS))
    def rename_tag(self, old: str, new: str) -> None:
        after = self.copy()
        for mine in after.values():
            if old in mine.tags:
                mine.tags = mine.tags - {old} | {new}
        self.did(self.library.rename_tag(old, new).entry, after)

    @precondition(lambda self: self.world)
    @rule(chosen=papers, text=st.sampled_from((None, " ", "a note", "*another*\n")))
    def note(self, chosen: set[int], text: str | None) -> None:
        for title in self.titles(chosen)[:1]:
            after = self.copy()
            after[title].note = text.strip(" ") or None if text else None
            self.did(self.library.note(self.world[title].id, text).entry, after)

    @rule()
    def undo(self) -> None:
        if not self.done:
            with pytest.raises(NothingToUndo):
                self.library.undo()
            return
        assert self.library.undo().kept == ()
        self.undone.append(self.done.pop())
        self.mine = self.undone[-1][0]

    @rule()
    def redo(self) -> None:
        if not self.undone:
            with pytest.raises(NothingToUndo):
                self.library.redo()
            return
        assert self.library.redo().kept == ()
        self.done.append(self.undone.pop())
        self.mine = self.done[-1][1]

    # What must hold

    @invariant()
    def both_say_the_same(self) -> None:
        entries = {entry.title: entry for entry in self.library.list()}
        assert set(entries) == set(self.world)
        for title, known in self.world.items():
            entry, mine = entries[title], self.mine.get(title, Mine())
            assert (entry.id, entry.arxiv_id) == (known.id, known.arxiv_id)
            assert {name: getattr(entry, name) for name in known.values} == known.values
            assert all(getattr(entry, name) is None for name in {*CONTESTED, *LARGEST} - known.values.keys())
            assert entry.days == tuple(sorted(self.days(title)))
            assert Mine(entry.read, entry.starred, entry.skipped, frozenset(entry.tags), entry.note) == mine
        by_place = sorted(self.world, key=lambda title: (*self.place(title), self.world[title].id))
        by_place.sort(key=lambda title: self.newest(title) or "", reverse=True)
        assert list(entries) == by_place
        runs = [self.newest(title) for title in by_place]
        assert self.library.day_runs() == [(day, runs.count(day)) for day in dict.fromkeys(runs)]

    @invariant()
    def views_and_counts_agree(self) -> None:
        for view, papers_in_it in self.library.counts().items():
            assert len(self.library.ids(view.value)) == papers_in_it
        undecided = set(self.library.ids(View.INBOX.value))
        for day, in_all, in_inbox in self.library.days():
            listed = self.library.ids(f"day:{day}")
            assert (len(listed), len(undecided & set(listed))) == (in_all, in_inbox)
        for tag, tagged in self.library.tags():
            assert len(self.library.ids(f'tag:"{tag}"')) == tagged
        assert len(self.library.ids("has:note")) == sum(mine.note is not None for mine in self.mine.values())

    def teardown(self) -> None:
        if not hasattr(self, "library"):
            return
        sound(self.library)
        before = stated(self.library)
        for _ in self.done:
            assert self.library.undo().kept == ()
        assert stated(self.library) == ([], [], [])
        for _ in self.done:
            assert self.library.redo().kept == ()
        assert stated(self.library) == before
        self.library.close()
        self.folder.cleanup()

    def copy(self) -> dict[str, Mine]:
        return {title: Mine(**vars(self.mine.get(title, Mine()))) for title in self.world}

    def did(self, entry: int | None, after: dict[str, Mine]) -> None:
        before = self.copy()
        assert (entry is not None) == (after != before)
        if entry is not None:
            self.touched |= {title for title in after if after[title] != before[title]}
            self.done.append((before, after))
            self.undone.clear()
            self.mine = after

    def titles(self, chosen: set[int]) -> list[str]:
        return [TITLES[number] for number in sorted(chosen) if TITLES[number] in self.world]

    def ids(self, chosen: set[int]) -> list[int]:
        return [self.world[title].id for title in self.titles(chosen)]

    def days(self, title: str) -> set[str]:
        return {page.day for page in self.pages if title in page.places and page.day}

    def last_page(self, title: str) -> Page | None:
        """The page that listed it last: of the newest day, then imported last."""
        return max(
            (page for page in self.pages if title in page.places),
            key=lambda page: (page.day or "", page.id),
            default=None,
        )

    def newest(self, title: str) -> str | None:
        page = self.last_page(title)
        return page.day if page else None

    def place(self, title: str) -> tuple[int, int]:
        page = self.last_page(title)
        return (page.id, page.places[title]) if page else (0, 0)


LibraryMachine.TestCase.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
TestLibraryModel = LibraryMachine.TestCase


def sound(library: Library) -> None:
    """The file keeps what SQLite and FTS5 promise, and every index of texts has just the papers' texts."""
    connection = sqlite3.connect(library.path, isolation_level=None)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.execute("INSERT INTO papers_fts (papers_fts) VALUES ('integrity-check')")
    noted = "SELECT paper FROM states WHERE note IS NOT NULL UNION SELECT paper FROM tags ORDER BY 1"
    assert connection.execute("SELECT rowid FROM marks_fts").fetchall() == connection.execute(noted).fetchall()
    undoable = "SELECT paper FROM changes JOIN journal ON journal.id = entry WHERE state != 'kept'"
    there = "SELECT id FROM papers UNION SELECT goes FROM merges WHERE was IS NOT NULL"
    assert connection.execute(f"{undoable} AND paper NOT IN ({there})").fetchall() == []
    for word in TITLES:
        title = f"SELECT count(*) FROM {{}} WHERE {{}} MATCH 'title : {word}'"
        in_titles, in_papers = (
            connection.execute(title.format(table, table)).fetchone()[0] for table in ("titles_fts", "papers_fts")
        )
        assert in_titles == in_papers
    connection.close()


def stated(library: Library) -> tuple[list[object], ...]:
    """Everything that the person said, to the letter and the second."""
    connection = sqlite3.connect(library.path)
    found = tuple(connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in ("states", "tags"))
    marks = connection.execute("SELECT rowid, note, tags FROM marks_fts ORDER BY 1").fetchall()
    connection.close()
    return (*found, marks)


@settings(max_examples=15, deadline=None)
@given(
    shown=st.permutations(DAYS).flatmap(lambda days: st.tuples(*(st.tuples(st.just(day), pages) for day in days[:3]))),
    data=st.data(),
)
def test_the_order_of_imports_does_not_matter(
    shown: tuple[tuple[str | None, list[Listing]], ...], data: st.DataObject
) -> None:
    def merged(order: list[tuple[str | None, list[Listing]]]) -> list[tuple[object, ...]]:
        with tempfile.TemporaryDirectory() as folder, Library(Path(folder) / "library.db") as library:
            for day, page in order:
                unique = list({one.title: one for one in page}.values())
                library.import_digest(digest(*unique, day=day, content=f"{day}"))
            entries = sorted(library.list(), key=lambda entry: entry.title)
            return [entry._replace(id=0, added_at="")[1:] for entry in entries]

    assert merged(list(shown)) == merged(data.draw(st.permutations(shown)))


@st.composite
def confusing(draw: st.DrawFn) -> Listing:
    """A paper that comes under several titles and ids, so that rows turn out to be one."""
    return listing(
        draw(st.sampled_from(("Alpha", "alpha!", "Beta", "Gamma"))),
        arxiv_id=draw(st.sampled_from((None, None, "2501.00001", "2501.00002"))),
        comments=draw(few),
    )


step = st.one_of(
    st.tuples(st.just("import"), st.lists(confusing(), min_size=1, max_size=3), st.sampled_from(DAYS)),
    st.tuples(st.just("again"), st.integers(0, 9), st.sampled_from(DAYS)),
    st.tuples(st.just("remove"), st.integers(0, 9)),
    st.tuples(st.sampled_from(("star", "skip", "read", "unstar", "tag", "untag", "note")), st.integers(0, 9)),
    st.tuples(st.sampled_from(("undo", "redo"))),
)


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(step, min_size=6, max_size=25))
def test_rows_that_become_one_lose_nothing_and_undo_never_fails(steps: list[tuple]) -> None:
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder) / "library.db") as library:
        documents = []
        largest = 0
        for number, (what, *rest) in enumerate(steps):
            stars = marked(library)
            ids = library.ids()
            match what:
                case "import":
                    document = digest(*rest[0], day=rest[1], content=f"{number}")
                    documents.append(document)
                    report = library.import_digest(document)
                    assert report.listed == report.new + report.updated + report.unchanged
                    assert report.listed == len(library.digest(report.digest or 0).papers)
                    assert report.new == len([paper for paper in library.ids() if paper > largest])
                    assert marked(library) >= stars
                    assert library.import_digest(document).unchanged == report.listed
                case "again" if documents:
                    document = documents[rest[0] % len(documents)]
                    library.import_digest(
                        document.model_copy(
                            update={"day": rest[1] and date.fromisoformat(rest[1]), "day_given": bool(rest[1])}
                        )
                    )
                    assert marked(library) >= stars
                case "remove" if library.digests():
                    library.remove_digest(library.digests()[rest[0] % len(library.digests())].id)
                    assert marked(library) == stars
                case "undo" | "redo":
                    with suppress(NothingToUndo):
                        getattr(library, what)()
                case _ if ids and what not in ("again", "remove"):
                    act(library, what, ids[rest[0] % len(ids)])
            assert not library.ids("is:starred is:skipped")
            largest = max([largest, *library.ids()])
        sound(library)
        for replay in (library.undo, library.redo):
            with suppress(NothingToUndo):
                while replay():
                    assert not library.ids("is:starred is:skipped")
            sound(library)


def act(library: Library, what: str, paper: int) -> None:
    match what:
        case "star" | "unstar":
            library.mark([paper], starred=what == "star")
        case "skip":
            library.mark([paper], skipped=True)
        case "read":
            library.mark([paper], read=True)
        case "tag" | "untag":
            library.tag([paper], **{"add" if what == "tag" else "remove": ["rl"]})
        case "note":
            library.note(paper, f"note on {paper}")


def marked(library: Library) -> set[str]:
    """What is starred and tagged, and every line noted: none of it is lost when rows become one."""
    said = set()
    if library.ids("is:starred"):
        said.add("starred")
    if library.ids("tag:rl"):
        said.add("tagged")
    for entry in library.list("has:note"):
        said |= set((entry.note or "").splitlines()) - {""}
    return said
