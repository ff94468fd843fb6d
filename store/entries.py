"""What the app and the command line see of the library: light, immutable tuples, made from rows.

Nothing here is validated (it comes from our own tables) and nothing is imported for it, so that the app can show its
first list without pydantic. Dates are ISO 8601 text as they stand in the file; None is unknown.
"""

from enum import StrEnum
from typing import NamedTuple


class Entry(NamedTuple):
    """A paper with all that the library knows of it: its state, tags and days."""

    id: int
    title: str
    abstract: str | None
    published: str | None
    n_authors: int | None
    authors: tuple[str, ...]
    organization: str | None
    comments: int | None
    upvotes: int | None
    arxiv_id: str | None
    url: str | None
    """The paper's page on arXiv; None where no id is known."""
    code_url: str | None
    project_url: str | None
    days: tuple[str, ...]
    """The days that listed it, oldest first."""
    read: bool
    starred: bool
    skipped: bool
    tags: tuple[str, ...]
    """In alphabetical order."""
    note: str | None
    added_at: str

    @property
    def decided(self) -> bool:
        """Whether the person has read, starred or skipped it: what is undecided is the inbox."""
        return self.read or self.starred or self.skipped


class Row(NamedTuple):
    """A paper as one line of the list: of an endless title or name, the beginning."""

    id: int
    title: str
    day: str | None
    """The newest day that listed it."""
    published: str | None
    n_authors: int | None
    authors: tuple[str, ...]
    """At most the first two."""
    organization: str | None
    comments: int | None
    upvotes: int | None
    read: bool
    starred: bool
    skipped: bool
    noted: bool
    tags: tuple[str, ...]

    @property
    def decided(self) -> bool:
        """As `Entry.decided`."""
        return self.read or self.starred or self.skipped


class Pair(NamedTuple):
    """Two papers that may be one."""

    one: Entry
    """The one with the older id."""
    other: Entry
    score: float
    """0 to 1, most likely first; a figure to sort by, no probability."""
    reason: str
    """In words: what the two have in common, then what speaks against it."""


class Appearance(NamedTuple):
    """A document that listed a paper."""

    day: str | None
    format: str
    name: str


class View(StrEnum):
    """The six standing views, each named by its query."""

    INBOX = "is:inbox"
    TO_READ = "is:toread"
    STARRED = "is:starred"
    READ = "is:read"
    SKIPPED = "is:skipped"
    ALL = ""


class DayCount(NamedTuple):
    """A day, how many papers it listed and how many of them are undecided."""

    day: str
    papers: int
    undecided: int


class TagCount(NamedTuple):
    """A tag and how many papers have it."""

    tag: str
    papers: int


class SavedSearch(NamedTuple):
    """A search under a name. With `fuzzy`, typos are forgiven and the best come first, as in the search box."""

    name: str
    query: str
    fuzzy: bool


class Found(NamedTuple):
    """What a search found: ids, best first, and the words of the papers that made them match (to highlight)."""

    ids: tuple[int, ...]
    words: tuple[str, ...]
    """Lower case, without accents, as the index spells them."""


class Done(NamedTuple):
    """What an action did: its journal entry (None if it changed nothing), in words, and the papers it changed."""

    entry: int | None
    summary: str
    """Plain words, past tense, no full stop: `Starred 3 papers`, `Nothing to change`."""
    changed: tuple[int, ...]


NOTHING_DONE = Done(None, "Nothing to change", ())
"""What an action returns that found everything as it was to be."""


class Undone(NamedTuple):
    """What an undo or redo did."""

    entry: int
    summary: str
    """Of the action undone or redone: `Starred 3 papers`."""
    changed: tuple[int, ...]
    kept: tuple[str, ...]
    """Plain sentences on the fields left alone because they have changed since; usually empty."""
    merged: bool = False
    """Whether it was a merge, so that one of the papers has come back, or is gone again."""


class JournalEntry(NamedTuple):
    """One action of the person."""

    id: int
    at: str
    action: str
    """`mark`, `tag`, `note`, `rename`, `merge`, `apart` …"""
    summary: str
    papers: int
    state: str
    """`done`, `undone` (can be redone), `dropped` (undone, and a later action ended the redo) or `kept` (a record that
    undo passes over: two rows became one paper)."""


class DigestRecord(NamedTuple):
    """An imported document as the library keeps it."""

    id: int
    format: str
    name: str
    sha256: str
    day: str | None
    day_inferred: bool
    imported_at: str
    listed: int
    new: int
    updated: int
    unchanged: int
    unparsed: int
    """How many lines were not understood."""


class DigestDetail(NamedTuple):
    """A digest with its papers' ids in the page's order and the (number, text) of each line not understood."""

    record: DigestRecord
    papers: tuple[int, ...]
    unparsed: tuple[tuple[int, str], ...]


class Generations(NamedTuple):
    """Counters that triggers raise: what another process changed shows as a higher number."""

    text: int
    """Papers, digests and listings."""
    state: int
    """Read, starred, skipped, notes."""
    tags: int
    searches: int
    """Saved searches."""
