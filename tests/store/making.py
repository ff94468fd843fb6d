"""Documents for the store's tests, made without a parser."""

import hashlib
from datetime import date

from store.models import Digest, Listing, UnparsedLine


def listing(title: str, **values: object) -> Listing:
    """A paper as a page shows it."""
    return Listing.model_validate({"title": title, "abstract": f"We study {title}.", **values})


def digest(
    *listings: Listing | str,
    day: str | None = "2025-11-28",
    inferred: bool = False,
    given: bool = False,
    name: str = "page.txt",
    unparsed: tuple[tuple[int, str], ...] = (),
    content: str | None = None,
) -> Digest:
    """A parsed page; `content` stands for its bytes, which otherwise follow from what it holds and its day.

    The day was printed with its year, unless it is `inferred`, or `given` by the person.
    """
    papers = tuple(listing(one) if isinstance(one, str) else one for one in listings)
    text = content or repr((papers, day, unparsed))
    return Digest(
        format="cards",
        name=name,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        day=date.fromisoformat(day) if day else None,
        day_inferred=inferred,
        day_given=given,
        listings=papers,
        unparsed=tuple(UnparsedLine(number=number, text=text) for number, text in unparsed),
    )
