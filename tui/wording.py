"""How dates, counts and people are put into words, and cut to their columns, the same everywhere on the screen."""

import re
import unicodedata
from collections.abc import Collection, Iterator

from store.harmless import harmless

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_WORD = re.compile(r"[^\W_]+")
_DATE = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])-([0-3][0-9])")
_JOINERS = "\u200c\u200d"
"""At either end of a text they would join what stands beside it."""
_SIGNS = 8
"""Characters that are looked at for a column: more of them stand in it only as marks on one another."""


def date_text(iso: str | None) -> str:
    """`2025-11-28` as `28 Nov 2025`; empty if unknown. Not left to the locale, so that columns keep their width."""
    if not iso:
        return ""
    date = _DATE.match(iso)
    return f"{int(date[3]):>2} {_MONTHS[int(date[2]) - 1]} {date[1]}" if date else harmless(iso[:11])


def day_text(iso: str | None) -> str:
    """`2025-11-28` as `Fri 28 Nov 2025`."""
    if not iso:
        return "No day"
    from datetime import date

    try:
        weekday = _WEEKDAYS[date.fromisoformat(iso).weekday()]
    except ValueError:  # only another program can have written it
        return date_text(iso).strip()
    return f"{weekday} {date_text(iso).strip()}"


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Text in exactly `width` columns, cut with an ellipsis or padded; wide characters are counted as such.

    However long it is, only what may be drawn of it is measured.
    """
    from rich.cells import cell_len, set_cell_size

    if width <= 0:
        return ""
    looked_at = text[: _SIGNS * width].strip(_JOINERS)
    length = cell_len(looked_at)
    if length > width or len(text) > _SIGNS * width:
        looked_at = set_cell_size(looked_at, min(length, width - 1)).rstrip(f" {_JOINERS}") + "…"
        length = cell_len(looked_at)
    blank = " " * (width - length)
    return blank + looked_at if right else looked_at + blank


def cut(text: str, most: int = 300) -> str:
    """Text as far as a line needs it, without anything that a terminal would obey."""
    return harmless(text if len(text) <= most else f"{text[:most]} …")


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 paper`, `2 papers`, `12,345 papers`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def closest(name: str, known: Collection[str]) -> str:
    """What a message adds on a name that does not exist: ` (did you mean “star”?)`; empty if none is close."""
    from difflib import get_close_matches

    close = get_close_matches(name, known, 1)
    return f" (did you mean “{close[0]}”?)" if close else ""


def who(organization: str | None, authors: tuple[str, ...], n_authors: int | None) -> str:
    """Who wrote a paper, in short: the organization, else its first author, else how many there are."""
    if organization:
        return organization
    total = n_authors or len(authors)
    if authors:
        return authors[0] if total <= 1 else f"{authors[0]} et al."
    return counted(total, "author") if total else ""


def fold(text: str) -> str:
    """Text as the search index spells it: lower case, without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(sign))


def matches(text: str, words: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where the words of `text` that are among `words` (folded) begin and end."""
    if not words:
        return
    for found in _WORD.finditer(text):
        if fold(found.group()) in words:
            yield found.span()
