"""What a module that reads a whole format gives: papers that are models already, in the document's order."""

from datetime import date
from typing import Final, NamedTuple

from store.errors import TooManyPapers
from store.models import Format, Listing, UnparsedLine

MOST_PAPERS: Final = 200_000
"""Documents with more are refused: the largest page known has 134."""

EMPTY: Final = "(empty)"
"""Stands for a value that was not understood and in which there is nothing to show."""


class Reading(NamedTuple):
    """A document, read. What was not understood is in `unparsed`, never dropped."""

    format: Format
    listings: tuple[Listing, ...]
    day: date | None = None
    """The day of the whole document where it says one; a listing's own `days` stand above it."""
    unparsed: tuple[UnparsedLine, ...] = ()
    day_inferred: bool = False
    """Whether the year of `day` was inferred rather than printed."""


def refuse_too_many(papers: int, name: str) -> None:
    """Raise TooManyPapers where a document holds, or seems to hold, more than MOST_PAPERS."""
    if papers > MOST_PAPERS:
        raise TooManyPapers(f"{name} holds {papers:,} papers, more than {MOST_PAPERS:,}: split it.")
