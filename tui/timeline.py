"""When and where a paper was listed, as a line of a few words for each day."""

import re
from collections.abc import Sequence
from itertools import groupby

from store.entries import Appearance
from tui.wording import day_text

MOST = 8
"""Days that are shown; of more, the first and the last ones."""
_LAST = 4

_SOURCES = {
    "cards": "Hugging Face",
    "flat": "Hugging Face",
    "linked": "Hugging Face",
    "hf-json": "Hugging Face",
    "hf-html": "Hugging Face",
    "arxiv-atom": "arXiv",
    "arxiv-rss": "arXiv",
    "arxiv-mail": "arXiv",
    "bibtex": "BibTeX",
    "paperdeck": "paperdeck",
}
_FEED = re.compile(r"rss\.arxiv\.org/rss/([\w.+-]{1,200})")


def timeline(appearances: Sequence[Appearance]) -> list[str]:
    """The days that listed a paper, each with its sources: `Mon 12 May 2025 Hugging Face`, `Tue 13 May arXiv cs.CL`.

    The year stands where it is another than before. What told no day comes last: `also BibTeX`.
    """
    parts: list[str] = []
    year = ""
    for day, group in groupby(appearances, key=lambda appearance: appearance.day):
        sources = ", ".join(dict.fromkeys(map(_source, group)))
        if day is None:
            parts.append(f"also {sources}" if parts else f"{sources}, no day")
            continue
        words = day_text(day)
        parts.append(f"{words.removesuffix(f' {year}')} {sources}")
        year = words[-4:]
    if len(parts) > MOST:
        left_out = slice(MOST - _LAST, -_LAST)
        parts[left_out] = [f"{len(parts[left_out]):,} more"]
    return parts


def _source(appearance: Appearance) -> str:
    source = _SOURCES.get(appearance.format, appearance.format)
    feed = _FEED.fullmatch(appearance.name)
    return f"{source} {feed[1].replace('+', ' ')}" if feed else source
