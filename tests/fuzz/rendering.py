"""A digest as the two shapes of page, and which digests such a page can carry.

A page says some things by shape alone, so it cannot carry everything: a title that looks like a date, a footer or a
banner is one; comments stand behind a date; a paper without a footer ends only where the next title is sure to be one.
"""

import re
from typing import Final
from unicodedata import combining

from store.models import Digest, Listing

_FURNITURE: Final = re.compile(
    r"\W*\d[\d,]*\+? authors?|[^\w\s]{1,3}|\d{1,5}|.*·.*|(?:subscribe|new|get trending|(?:by ?ak|daily|trending)\b).*"
    r"|.*research community|\W*(?:daily|weekly|monthly)|hugging face|models|datasets|spaces|docs|community|enterprise"
    r"|pricing|log in|sign up|(?:\d{1,2} )?(?:jan|feb|mar|apr|may|jun|jul|aug|[sſ]ep|oct|nov|dec)\w*\.?(?: [\d, ]+)?",
    re.IGNORECASE,
)
"""Lines that mean something else on a page than a title or an abstract."""
_OTHER_FORMAT: Final = re.compile(r".{0,6}\[|https?:|\\\\|arXiv:|Title: |@\w+ *[{(]")
"""Beginnings of lines of which a few make a document one that is imported in another way, or not at all."""


def as_cards(digest: Digest) -> str:
    """A page of cards that holds the papers of a digest, all years printed and all organizations with an account."""
    blocks = ["new", "Subscribe", "Daily Papers", "byAK and the research community"]
    if digest.day:
        blocks.append(f"{digest.day:%b} {digest.day.day}, {digest.day.year}")
    for paper in digest.listings:
        blocks += [f"{paper.upvotes}"] if paper.upvotes is not None else []
        blocks += [paper.title, *([paper.abstract] if paper.abstract else [])]
        footer = [f"  • {paper.n_authors} authors"] if paper.n_authors is not None else []
        footer += [f"org0 {paper.organization}"] if paper.organization else []
        if paper.published:
            comments = f" {paper.comments}" if paper.comments is not None else ""
            footer += ["·", f"{paper.published:%b} {paper.published.day}, {paper.published.year}{comments}"]
        blocks += ["\n".join(footer)] if footer else []
    return "\n\n".join(blocks) + "\n"


def as_flat(digest: Digest) -> str:
    """A flat page that holds the titles and abstracts of a digest."""
    lines = [text for paper in digest.listings for text in (paper.title, paper.abstract or "")]
    return "Get trending papers in your email inbox!\nSubscribe" + "\n".join(lines) + "\n"


def is_plain_cards(digest: Digest) -> bool:
    """Whether a page of cards can carry the papers of a digest."""
    years = [day.year for day in (digest.day, *(paper.published for paper in digest.listings)) if day]
    previous = [None, *digest.listings]
    return (
        _has_plain_texts(digest)
        and all(1900 <= year < 2100 for year in years)
        and any(paper.published and (paper.n_authors is not None or paper.organization) for paper in digest.listings)
        and all(_has_plain_footer(paper) for paper in digest.listings)
        and all(
            (paper.published and (before is None or before.published)) or _is_sure(paper)
            for before, paper in zip(previous, digest.listings, strict=False)
        )
    )


def is_plain_flat(digest: Digest) -> bool:
    """Whether a flat page can carry the titles and abstracts of a digest."""
    glued = not combining(digest.listings[0].title[0])  # else the mark goes to the word before it
    return glued and _has_plain_texts(digest) and all(_is_sure(paper) for paper in digest.listings)


def _has_plain_texts(digest: Digest) -> bool:
    texts = [text for paper in digest.listings for text in (paper.title, paper.abstract) if text]
    return not any(_FURNITURE.fullmatch(text) for text in texts) and not any(map(_OTHER_FORMAT.match, texts))


def _has_plain_footer(paper: Listing) -> bool:
    if paper.published is None:
        return paper.n_authors is None and paper.organization is None and paper.comments is None
    if paper.n_authors is None and paper.organization is None:
        return paper.abstract is not None and paper.abstract[-1] in ".!?"  # else it is taken for the owner
    named = paper.organization is None or re.fullmatch(r"(?=.*\w)[^·]{1,140}", paper.organization)
    return bool(named) and (paper.abstract is not None or len(paper.title) <= 150)


def _is_sure(paper: Listing) -> bool:
    """Whether title and abstract are told apart by themselves."""
    return (
        len(paper.title) <= 150
        and paper.title[-1] not in ".:;,"
        and paper.abstract is not None
        and len(paper.abstract) > len(paper.title)
        and paper.abstract[-1] in ".!?"
    )
