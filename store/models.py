"""What crosses the edges of the library: parsed documents on the way in, reports on the way out.

These are pydantic models, checked once where outside data enters. What the app reads while it runs (an entry, a
line of the list) is in `store.entries`: light tuples, so that neither costs time at start or per row.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from store.harmless import harmless
from store.links import web_address
from store.text import safe

Safe = Annotated[str, AfterValidator(safe)]
"""Outside text, safe to draw whoever makes the model: another program's may hold anything."""

Drawn = Annotated[str, AfterValidator(harmless)]
"""A file's name, or what nobody understood: it stays as it is but for what a terminal would obey."""

Link = Annotated[str, AfterValidator(web_address)] | None
"""An address of the web; any other (`javascript:`, `file:`) counts as unknown."""

Format = Literal[
    "cards", "flat", "linked", "hf-json", "hf-html", "arxiv-atom", "arxiv-rss", "arxiv-mail", "bibtex", "paperdeck"
]


class Model(BaseModel):
    """A frozen model that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Said(Model):
    """What a person had said of a paper, where a document carries it (our JSON, BibTeX's keywords)."""

    read: bool = False
    starred: bool = False
    skipped: bool = False
    tags: tuple[str, ...] = ()
    note: str | None = None


class Listing(Model):
    """One paper as one digest shows it. None is unknown."""

    title: Annotated[Safe, Field(min_length=1)]
    abstract: Safe | None = None
    published: date | None = None
    n_authors: int | None = Field(default=None, ge=0)
    authors: tuple[Safe, ...] = ()
    organization: Safe | None = None
    arxiv_id: Safe | None = None
    """Without version: `2401.12345` or `hep-th/9901001`."""
    upvotes: int | None = Field(default=None, ge=0)
    comments: int | None = Field(default=None, ge=0)
    code_url: Link = None
    project_url: Link = None
    days: tuple[date, ...] = ()
    """The days on which it was listed, where the document says it paper by paper; else the document's day holds."""
    said: Said | None = None
    is_replacement: bool = False
    """Whether what the document announces is a newer version of a paper that was announced before."""
    added_at: datetime | None = None
    """When another library took it in (UTC): a paper that is new here keeps that."""


class UnparsedLine(Model):
    """A line that the parser did not understand: `number` is 1-based in the document."""

    number: int = Field(ge=1)
    text: Drawn


class Digest(Model):
    """One document, parsed: its papers in the page's order and the lines that were not understood."""

    format: Format
    name: Drawn
    """What the person knows the document by: a file's path as given, or `standard input`, or `pasted text`."""
    sha256: str
    """Of the document's bytes, lower-case hexadecimal."""
    day: date | None
    """The day whose page this is."""
    day_inferred: bool
    """Whether the year of `day` was inferred rather than printed or given."""
    day_given: bool = False
    """Whether the person said that `day` is the day, whatever the page says."""
    supersedes: bool = False
    """Whether it takes the place of the digest that has its format, name and day: a page that was fetched again."""
    listings: tuple[Listing, ...]
    unparsed: tuple[UnparsedLine, ...] = ()


class Gains(Model):
    """What papers that were known before gained by a document."""

    papers: dict[str, int] = {}
    """How many papers gained, or had changed: `day`, `arxiv_id`, `title`, `abstract`, `authors` …"""
    comments: int = 0
    """By how many the comments rose, over all papers; so with upvotes."""
    upvotes: int = 0


class FileReport(Model):
    """What importing one document did. `listed = new + updated + unchanged`; with an `error`, nothing was changed."""

    name: Drawn
    format: Format | None = None
    day: date | None = None
    day_inferred: bool = False
    listed: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    unparsed: int = 0
    """How many lines were not understood."""
    error: Drawn | None = None
    notice: Drawn | None = Field(default=None, exclude=True)
    """What to tell a person where there is nothing to report and nothing is wrong: a day that lists no papers."""
    digest: int | None = Field(default=None, exclude=True)
    """The id under which the document is kept (the first of its days), for `Library.digest`."""
    days: int = Field(default=1, exclude=True)
    """How many days the document tells of; with several, `day` is None."""
    gains: Gains = Field(default=Gains(), exclude=True)
    said: int = Field(default=0, exclude=True)
    """Of how many papers the document's marks, tags or notes were taken over."""


class ImportReport(Model):
    """What an import of several documents did: a report for each file, and the totals."""

    files: tuple[FileReport, ...]
    listed: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    unparsed: int = 0
    failed: int = 0

    @classmethod
    def of(cls, files: tuple[FileReport, ...]) -> "ImportReport":
        """The report on `files`, with the totals added up."""
        return cls(
            files=files,
            listed=sum(file.listed for file in files),
            new=sum(file.new for file in files),
            updated=sum(file.updated for file in files),
            unchanged=sum(file.unchanged for file in files),
            unparsed=sum(file.unparsed for file in files),
            failed=sum(file.error is not None for file in files),
        )
