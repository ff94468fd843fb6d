"""Daily Papers pages as text, in each of their shapes, as models: years inferred, LaTeX resolved, links found."""

from datetime import date

from store.errors import SourceError
from store.models import Format, Listing, UnparsedLine
from store.sources.cards import read_cards
from store.sources.dates import PrintedDate, year_of_copy
from store.sources.flat import read_flat
from store.sources.foreign import has_links_written_out
from store.sources.lines import Line
from store.sources.linked import read_linked
from store.sources.papers import Draft, Page
from store.sources.reading import Reading
from store.text import links, without_latex


def read_page(lines: list[Line], name: str, *, day: date | None, today: date) -> Reading:
    """The papers of a page. Raises SourceError where it is none, or holds none.

    `day` is the page's as the person says it; without it, it is inferred, where need be from `today`.
    """
    kind, page = told_apart(lines, name)
    if not page.papers:
        raise SourceError(f"{name} holds no papers, only the top of a page: copy the whole page again.")
    year = _year(page, day, today)
    return Reading(
        format=kind,
        listings=tuple(_listing(paper, year, day) for paper in page.papers),
        day=page.printed.in_year(year) if page.printed else None,
        day_inferred=page.printed is not None and page.printed.year is None,
        unparsed=tuple(UnparsedLine(number=line.number, text=line.text) for line in page.unparsed),
    )


def told_apart(lines: list[Line], name: str) -> tuple[Format, Page]:
    """The papers of a page as they stand in it, before LaTeX is resolved and years are inferred; as `read_page`."""
    if linked := read_linked(lines):
        return "linked", linked
    if has_links_written_out(lines):
        raise SourceError(
            f"{name} is a page with its links written out in a way that is not known: select all in a browser, copy, "
            "and save that as plain text."
        )
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
        arxiv_id=paper.arxiv_id,
        upvotes=paper.upvotes,
        comments=paper.comments,
        code_url=paper.code_url or code_url,
        project_url=project_url,
    )


def _published(printed: PrintedDate, year: int, day: date | None) -> date | None:
    """The date of a paper; by a day that a person gave, no paper is newer than the page that lists it."""
    published = printed.in_year(year)
    if day is not None and printed.year is None and (published is None or published > day):
        return printed.in_year(year - 1)
    return published
