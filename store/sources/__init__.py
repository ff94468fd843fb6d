"""Documents in, digests out: one module per input format, recognised by content. No database, no network."""

from datetime import date, datetime
from hashlib import sha256
from typing import Final

from store.errors import SourceError, TooManyPapers
from store.models import Digest, Format, Listing, UnparsedLine
from store.sources.cards import read_cards
from store.sources.dates import PrintedDate, year_of_copy
from store.sources.flat import read_flat
from store.sources.foreign import what_else
from store.sources.lines import encoding_of, head_of, lines_of
from store.sources.papers import Draft, Page
from store.text import links, without_latex

MOST_PAPERS: Final = 200_000
"""Documents with more are refused: the largest page known has 134."""


def parse(data: bytes, name: str, *, day: date | None = None, today: date | None = None) -> Digest:
    """Read a document as papers.

    `name` is what the person knows it by and only goes into messages. `day` is the day of the page as the person says
    it; without it, it is inferred, where need be from `today` (default: the day it is).

    Raises SourceError, whose message names the document and says what to do, where it is no page that we know or one
    that is beyond the limits (MOST_PAPERS, and those of `store.sources.lines`).
    """
    checksum = sha256(data).hexdigest()
    kind, page = read(data, name)
    del data  # half a gigabyte, it may be
    if len(page.papers) > MOST_PAPERS:
        raise TooManyPapers(f"{name} holds {len(page.papers):,} papers, more than {MOST_PAPERS:,}: split it.")
    if not page.papers:
        raise SourceError(f"{name} holds no papers, only the top of a page: copy the whole page again.")
    year = _year(page, day, today or datetime.now().astimezone().date())
    printed_day = page.printed.in_year(year) if page.printed else None
    return Digest(
        format=kind,
        name=name,
        sha256=checksum,
        day=day or printed_day,
        day_inferred=day is None and page.printed is not None and page.printed.year is None,
        day_given=day is not None,
        listings=tuple(_listing(paper, year, day) for paper in page.papers),
        unparsed=tuple(UnparsedLine(number=line.number, text=line.text) for line in page.unparsed),
    )


def read(data: bytes, name: str) -> tuple[Format, Page]:
    """The papers of a document as they stand in it, before LaTeX is resolved and years are inferred; as `parse`."""
    encoding = encoding_of(data, name)
    if other := what_else(head_of(data, encoding)):
        raise SourceError(f"{name} {other}")
    lines = lines_of(data, encoding, name)
    if cards := read_cards(lines):
        return "cards", cards
    if flat := read_flat(lines):
        return "flat", flat
    raise SourceError(
        f"{name} is no Daily Papers page: open huggingface.co/papers, select all, copy, and save it as plain text."
    )


def _year(page: Page, day: date | None, today: date) -> int:
    """The year of the dates that print none: that of the day where a person gives it."""
    if day is not None:
        return day.year
    dates = [paper.published for paper in page.papers if paper.published is not None]
    if page.printed is not None:
        if page.printed.year is not None:
            return page.printed.year
        dates.append(page.printed)
    return year_of_copy(dates, today)


def _listing(paper: Draft, year: int, day: date | None) -> Listing:
    abstract = without_latex(paper.abstract) if paper.abstract else None
    code_url, project_url = links(abstract) if abstract else (None, None)
    return Listing(
        title=without_latex(paper.title) or paper.title,
        abstract=abstract or None,
        published=_published(paper.published, year, day) if paper.published else None,
        n_authors=paper.n_authors,
        organization=without_latex(paper.organization) or None if paper.organization else None,
        upvotes=paper.upvotes,
        comments=paper.comments,
        code_url=code_url,
        project_url=project_url,
    )


def _published(printed: PrintedDate, year: int, day: date | None) -> date | None:
    """The date of a paper; by a day that a person gave, no paper is newer than the page that lists it."""
    published = printed.in_year(year)
    if day is not None and printed.year is None and (published is None or published > day):
        return printed.in_year(year - 1)
    return published
