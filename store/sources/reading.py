"""What a module that reads a whole format gives: papers that are models already, in the document's order."""

from datetime import date
from typing import NamedTuple

from store.models import Format, Listing, UnparsedLine


class Reading(NamedTuple):
    """A document, read. What was not understood is in `unparsed`, never dropped."""

    format: Format
    listings: tuple[Listing, ...]
    day: date | None = None
    """The day of the whole document where it says one; a listing's own `days` stand above it."""
    unparsed: tuple[UnparsedLine, ...] = ()
    day_inferred: bool = False
    """Whether the year of `day` was inferred rather than printed."""
