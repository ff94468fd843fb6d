"""Paperdeck's own JSON: what `list`, `show` and `export` print, as an array, as one object or as one on each line.

Its texts were made safe and rid of LaTeX when they were first read; they are not read as LaTeX again.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Final

from store.links import arxiv_id
from store.models import Listing, Said, UnparsedLine
from store.sources.lines import raw_lines
from store.sources.reading import EMPTY, Reading
from store.text import safe

_OURS: Final = frozenset(
    ("added_at", "arxiv_id", "n_authors", "organization", "days", "read", "starred", "skipped", "tags", "note")
)
_NOT_OURS: Final = frozenset(
    ("paper", "summary", "thumbnail", "submittedBy", "publishedAt", "submittedOnDailyAt", "discussionId")
)
"""Fields of Hugging Face's JSON."""
_DECODER: Final = json.JSONDecoder()
_START: Final = re.compile(r"\s*(?:\[\s*)?(?=\{)")
_BETWEEN: Final = re.compile(r"[\s,\[\]]*")
_ADDRESS: Final = re.compile(r"https?://[^\s/]\S*")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_LARGEST: Final = 2**63 - 1
"""Number that SQLite keeps."""


def recognises(text: str) -> bool:
    """Whether the first object is a paper as paperdeck prints it, or what a script has left of one."""
    start = _START.match(text)
    if start is None:
        return False
    try:
        first, _ = _DECODER.raw_decode(text, start.end())
    except (ValueError, RecursionError):
        return False
    return "title" in first and not _OURS.isdisjoint(first) and _NOT_OURS.isdisjoint(first)


def read(text: str, name: str) -> Reading:  # noqa: ARG001  (as every source)
    """The papers, with what the person had said of them. A field that is not understood leaves the others as they are.

    What is not understood has the number of its entry in an array, else of its line.
    """
    listings = []
    unparsed = []
    for number, value in _values(text):
        understood, rest = _told_apart(value) if isinstance(value, dict) else ({}, {})
        if "title" in understood:
            listings.append(_listing(understood))
            unparsed += [UnparsedLine(number=number, text=safe(f"{key}: {_shown(rest[key])}")) for key in rest]
        else:
            unparsed.append(UnparsedLine(number=number, text=safe(_shown(value)) or EMPTY))
    return Reading(format="paperdeck", listings=tuple(listings), unparsed=tuple(unparsed))


def _values(text: str) -> Iterator[tuple[int, object]]:
    """The numbered entries; what is no JSON as a string."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        for number, line in enumerate(raw_lines(text), start=1):
            yield from ((number, value) for value in _on_line(line))
    else:
        yield from enumerate(document if isinstance(document, list) else [document], start=1)


def _on_line(line: str) -> Iterator[object]:
    """The objects on a line of a document that is no JSON as a whole, and what is left of the line after them."""
    position = _after_commas(line, 0)
    while position < len(line):
        try:
            value, end = _DECODER.raw_decode(line, position)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            yield line[position:]
            return
        yield value
        position = _after_commas(line, end)


def _after_commas(line: str, position: int) -> int:
    between = _BETWEEN.match(line, position)
    return between.end() if between else position


def _told_apart(entry: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """The fields that are understood, as the models want them, and the others, as they stand."""
    understood: dict[str, object] = {}
    rest: dict[str, object] = {}
    for key, value in entry.items():
        if value is None or key in _GIVEN_BY_THE_LIBRARY:
            continue
        if (convert := _FIELDS.get(key)) and (converted := convert(value)) is not None:
            understood[key] = converted
        elif (each := _LISTS.get(key)) and isinstance(value, list):
            items = [(item, each(item)) for item in value]
            kept_ones = [kept for _, kept in items if kept is not None]
            # Two authors may have one name; a day and a tag are there or not.
            understood[key] = tuple(kept_ones if key == "authors" else dict.fromkeys(kept_ones))
            if wrong := [item for item, kept in items if kept is None]:
                rest[key] = wrong
        else:
            rest[key] = value
    if understood.get("starred") and understood.get("skipped"):
        rest["skipped"] = understood.pop("skipped")
    return understood, rest


def _listing(understood: Mapping[str, object]) -> Listing:
    said = {key: value for key, value in understood.items() if key in Said.model_fields and value}
    world = {key: value for key, value in understood.items() if key not in Said.model_fields}
    return Listing.model_validate(world | {"said": Said.model_validate(said) if said else None})


def _shown(value: object) -> str:
    try:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "brackets within brackets"


def _line(value: object) -> str | None:
    return safe(value) or None if isinstance(value, str) else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
    except ValueError:
        return None


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and len(value) < 40 else None
        return moment.astimezone(UTC) if moment is not None and moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _address(value: object) -> str | None:
    address = _line(value)
    return address if address and _ADDRESS.fullmatch(address) else None


def _arxiv_id(value: object) -> str | None:
    return arxiv_id(value) if isinstance(value, str) else None


def _tag(value: object) -> str | None:
    return None if not isinstance(value, str) or re.search("[,\n\r]", value) else safe(value.lower()) or None


def _note(value: object) -> str | None:
    """A note as it was written. Half surrogates are no text, and nothing but white space is no note."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) and value.strip() else None


_FIELDS: Final[Mapping[str, Callable[[object], object]]] = {
    "title": _line,
    "abstract": _line,
    "published": _day,
    "n_authors": _count,
    "organization": _line,
    "comments": _count,
    "upvotes": _count,
    "arxiv_id": _arxiv_id,
    "added_at": _moment,
    "code_url": _address,
    "project_url": _address,
    "read": _flag,
    "starred": _flag,
    "skipped": _flag,
    "note": _note,
}
_LISTS: Final[Mapping[str, Callable[[object], object]]] = {"authors": _line, "days": _day, "tags": _tag}
_GIVEN_BY_THE_LIBRARY: Final = frozenset(("id", "url"))
