"""Papers under headings: by their first tag, or by the newest day that listed them."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from store.entries import Entry

UNTAGGED: Final = "Untagged"
DAYLESS: Final = "No day"


class PaperGroup(NamedTuple):
    """Papers in the order given, and what they stand under."""

    heading: str
    papers: list[Entry]


def grouped(entries: Sequence[Entry], by: str) -> list[PaperGroup]:
    """The groups by `tag`, in alphabetical order, or by `day`, newest first; what has none is the last of them.

    Empty where there is nothing to group by.
    """
    if by == "none":
        return []
    keyed: dict[str, list[Entry]] = {}
    for entry in entries:
        key = entry.tags[:1] if by == "tag" else entry.days[-1:]
        keyed.setdefault(key[0] if key else "", []).append(entry)
    rest = keyed.pop("", [])
    if not keyed:
        return []
    if by == "tag":
        groups = [PaperGroup(tag, keyed[tag]) for tag in sorted(keyed)]
    else:
        groups = [PaperGroup(written_day(day), keyed[day]) for day in sorted(keyed, reverse=True)]
    return [*groups, PaperGroup(UNTAGGED if by == "tag" else DAYLESS, rest)] if rest else groups


def written_day(iso: str) -> str:
    """`2025-11-28` as `28 Nov 2025`."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:  # only another program can have written it
        return iso
    return f"{day.day} {day:%b %Y}"
