"""How dates, counts and people are put into words, the same everywhere on the screen."""

import re
import unicodedata
from collections.abc import Collection, Iterator

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_WORD = re.compile(r"[^\W_]+")


def date_text(iso: str | None) -> str:
    """`2025-11-28` as `28 Nov 2025`; empty if unknown. Not left to the locale, so that columns keep their width."""
    if not iso:
        return ""
    year, month, day = iso[:10].split("-")
    return f"{int(day):>2} {_MONTHS[int(month) - 1]} {year}"


def day_text(iso: str | None) -> str:
    """`2025-11-28` as `Fri 28 Nov 2025`."""
    if not iso:
        return "No day"
    from datetime import date

    return f"{_WEEKDAYS[date.fromisoformat(iso).weekday()]} {date_text(iso).strip()}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 paper`, `2 papers`, `12,345 papers`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


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
