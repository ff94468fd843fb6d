"""The sample library of `paperdeck demo`: pages in both shapes, and what a person did with them by Friday morning.

Every paper, person and organization in the pages is invented. They are imported as anyone's pages are.
"""

from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from store import Library
from store.sources import parse
from tui.sample.marks import SEARCHES, STEPS


class Page(NamedTuple):
    """A bundled page; `day` is given for the one shape that prints none."""

    name: str
    day: date | None = None


PAGES = (
    Page("flat.txt", date(2025, 11, 25)),
    Page("cards-nov-26.txt"),
    Page("cards-nov-27.txt"),
    Page("cards-nov-28.txt"),
)


def build(path: Path) -> None:
    """Make the sample library at `path`, where there is no file yet; StoreErrors pass through."""
    folder = files("tui.sample")
    with Library(path) as library:
        for page in PAGES:
            digest = parse(folder.joinpath(page.name).read_bytes(), page.name, day=page.day)
            library.import_digest(digest)
        titles = {entry.title: entry.id for entry in library.list()}
        for step in STEPS:
            papers = [_paper(titles, start) for start in step.papers]
            if step.read or step.star or step.skip:
                library.mark(
                    papers,
                    read=True if step.read else None,
                    starred=True if step.star else None,
                    skipped=True if step.skip else None,
                )
            if step.tags:
                library.tag(papers, add=step.tags)
            if step.note:
                for paper in papers:
                    library.note(paper, step.note)
        for search in SEARCHES:
            library.save_search(search.name, search.query, fuzzy=search.fuzzy)


def _paper(titles: dict[str, int], start: str) -> int:
    """The id of the one paper whose title begins with `start`."""
    [found] = [paper for title, paper in titles.items() if title.startswith(start)]
    return found
