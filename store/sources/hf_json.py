"""Hugging Face's JSON of papers: what its API answers to `daily_papers` and `papers`, and what archives made of it.

An entry is `{"paper": {…}, "numComments": …}` or the paper alone. Fields come and go with the years, so that each is
taken where it stands and has the right type, and an entry is a paper as soon as it has a title.
"""

import json
import re
from ast import literal_eval
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final, NamedTuple, TypeVar

from store.errors import SourceError
from store.links import arxiv_id
from store.models import Format, Listing, UnparsedLine
from store.sources.lines import raw_lines
from store.sources.reading import EMPTY, Reading
from store.text import clean, links, safe

_START: Final = re.compile(r"\s*[\[{]")
_NO_PAPERS: Final = re.compile(r"\s*\[\s*\]\s*")
_MARK: Final = re.compile(
    r"""(?<!\\)"(?:paper|dailyPapers|searchResults|submittedOnDailyAt|submittedBy|discussionId|numComments|ai_summary)"\s*:
    | "id"\s*:\s*"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7}) | \[\s*"?\{\s*'\w+'\s*:""",
    re.VERBOSE,
)
_LISTS: Final = ("dailyPapers", "trendingPapers", "papers", "data")
"""Where an object holds its entries, but for the results of a search."""
_VALUE: Final = re.compile(r"[^\s,\[\]]")
"""The beginning of the next value of an array, or of the next line of JSON Lines."""

# Literals without any operator: what `ast` has to nest is then bounded by the brackets, of which it takes 200.
_LITERAL: Final = re.compile(
    r"""(?:'(?:[^'\\\n]|\\.)*+'|"(?:[^"\\\n]|\\.)*+"|[\[\]{},:\s]|(?:True|False|None|-?\d+(?:\.\d+)?)(?=\s*+[,\]}:]))*+"""
)
_LONGEST_LITERAL: Final = 1_000_000
"""Characters: `ast` needs a hundred times their size in memory, and the longest real entry has 40,000."""

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_DAY_IN_NAME: Final = re.compile(r"(?<!\d)20\d\d-\d\d-\d\d(?!\d)")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]{3,2000}", re.IGNORECASE)
_COUNT: Final = re.compile(r"\d{1,9}", re.ASCII)

_T = TypeVar("_T")


def recognises(text: str) -> bool:
    """Whether `text` is such JSON; also an empty array, a day without papers."""
    return bool(_START.match(text) and (_MARK.search(text) or _NO_PAPERS.fullmatch(text)))


def read(text: str, name: str) -> Reading:
    """The papers of one or several answers; of one that was cut off, those that are whole.

    Its day is the one that the answer or all its papers name, else that of a `name` such as `2024-05-27.json`. A day
    without papers gives no listings. Raises SourceError where not even its beginning is JSON.
    """
    values: list[tuple[int, object]] = []
    rest: list[UnparsedLine] = []
    decoder = json.JSONDecoder(parse_int=_integer)
    position, line = 0, 1
    while start := _VALUE.search(text, position):
        line += text.count("\n", position, start.start())
        try:
            value, end = decoder.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            if not values:
                values = [(line, _whole_literal(text, name, line))]
            else:
                lost = enumerate(map(safe, raw_lines(text[start.start() :])), start=line)
                rest = [UnparsedLine(number=number, text=words) for number, words in lost if words]
            break
        values.append((line, value))
        line += text.count("\n", start.start(), end)
        position = end
    reading = reading_of("hf-json", values, name)
    return reading._replace(unparsed=(*reading.unparsed, *rest))


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) < 20 else None  # `int` itself refuses what has over 4,300 digits


def _whole_literal(text: str, name: str, line: int) -> object:
    value = _literal(text)
    if value is None:
        raise SourceError(f"{name} is broken JSON (line {line}): download it again.")
    return value


class _Batch(NamedTuple):
    """Entries that stand together, and what is said of all of them."""

    entries: list[object]
    day: date | None
    is_search: bool


def reading_of(kind: Format, values: Iterable[tuple[int, object]], name: str) -> Reading:
    """The papers of decoded `values`, each with its line: an entry, an object around entries, or a list of either."""
    found: list[tuple[date | None, Listing]] = []
    unparsed = []
    days = set()
    is_search = False
    for line, value in values:
        batch = _batch(value)
        for number, entry in enumerate(batch.entries if batch else [value], start=1):
            listing = _listing(entry)
            if listing is None:
                unparsed.append(UnparsedLine(number=number if batch else line, text=safe(_as_text(entry)) or EMPTY))
            else:
                found.append((batch.day if batch else None, listing))
        days.add(batch.day if batch else None)
        is_search = is_search or (batch is not None and batch.is_search)
    if len(days) > 1:  # several answers in one document: each paper has the day of its own
        found = [(day, _on(day, listing)) for day, listing in found]
    listings = tuple(listing for _, listing in found)
    said = days.pop() if len(days) == 1 else None
    day = None if is_search else said or _only_day(listings) or day_in_name(name)
    return Reading(kind, listings, day, tuple(unparsed))


def _batch(value: object) -> _Batch | None:
    """The entries that `value` holds; None where it is an entry itself."""
    if isinstance(value, str):
        value = _literal(value)
    if isinstance(value, list):
        return _Batch(value, None, False)
    if not isinstance(value, dict) or isinstance(value.get("paper"), dict):
        return None
    results = value.get("searchResults")
    # The papers beside the results of a search are those of the latest day, whatever was searched for.
    if isinstance(results, list) and (results or any(value.get(key) for key in ("q", "query", "searchQuery"))):
        return _Batch(results, None, True)
    entries = next((value[key] for key in _LISTS if isinstance(value.get(key), list)), None)
    if entries is None:
        return None
    of_a_day = value.get("periodType") in (None, "day", "daily")
    return _Batch(entries, _either(_day, value.get("dateString"), value.get("date")) if of_a_day else None, False)


def _on(day: date | None, listing: Listing) -> Listing:
    return listing if day is None or listing.days else listing.model_copy(update={"days": (day,)})


def _only_day(listings: tuple[Listing, ...]) -> date | None:
    """The day that every one of them names."""
    days = {listing.days for listing in listings}
    return next(iter(days.pop()), None) if len(days) == 1 else None


def day_in_name(name: str) -> date | None:
    """The day in the last part of a path or address: `2024-05-27.json`, `daily_papers?date=2024-05-27`."""
    days = {_day(found) for found in _DAY_IN_NAME.findall(re.split(r"[/\\]", name)[-1])}
    return days.pop() if len(days) == 1 else None


def _listing(entry: object) -> Listing | None:
    """The paper of an entry; None where it has no title."""
    if isinstance(entry, str):
        entry = _literal(entry)
    if not isinstance(entry, dict):
        return None
    inner = entry.get("paper")
    paper: Mapping[object, object] = inner if isinstance(inner, dict) else entry
    title = _either(_title, paper.get("title"), entry.get("title"))
    if title is None:
        return None
    abstract = _either(_prose, paper.get("summary"), entry.get("summary"))
    code_url, project_url = links(abstract) if abstract else (None, None)
    authors = _either(_authors, paper.get("authors"), entry.get("authors")) or ()
    organizations = paper.get("organization"), entry.get("organization"), entry.get("submitterOrganization")
    day = _either(_day, paper.get("submittedOnDailyAt"), entry.get("submittedOnDailyAt"))
    return Listing(
        title=title,
        abstract=abstract,
        published=_either(_day, paper.get("publishedAt"), entry.get("publishedAt")),
        n_authors=len(authors) or None,
        authors=authors,
        organization=_either(_organization, *organizations),
        arxiv_id=_either(_arxiv_id, paper.get("id"), paper.get("arxivId"), entry.get("id")),
        upvotes=_either(_count, paper.get("upvotes"), entry.get("upvotes")),
        comments=_either(_count, entry.get("numComments"), paper.get("numComments"), entry.get("comments")),
        code_url=_address(paper.get("githubRepo")) or code_url,
        project_url=_address(paper.get("projectPage")) or project_url,
        days=() if day is None else (day,),
    )


def _either(read: Callable[[object], _T | None], *values: object) -> _T | None:
    """What `read` makes of the first of `values` of which it makes anything."""
    return next((found for found in map(read, values) if found is not None), None)


def _prose(value: object) -> str | None:
    return clean(value) or None if isinstance(value, str) else None


def _title(value: object) -> str | None:
    return _prose(value) or (safe(value) or None if isinstance(value, str) else None)


def _authors(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list):
        return None
    return tuple(author for author in map(_author, value) if author is not None) or None


def _author(value: object) -> str | None:
    if not isinstance(value, dict):
        return _prose(value)
    user = value.get("user")
    return _either(_prose, value.get("name"), user.get("fullname") if isinstance(user, dict) else None)


def _organization(value: object) -> str | None:
    return _either(_prose, value.get("fullname"), value.get("name")) if isinstance(value, dict) else _prose(value)


def _arxiv_id(value: object) -> str | None:
    return arxiv_id(safe(value)) if isinstance(value, str) else None


def _count(value: object) -> int | None:
    """A number of votes or comments, also where the comments themselves are given."""
    if isinstance(value, list):
        return len(value)
    text = str(value) if type(value) in (int, str) else ""
    return int(text) if _COUNT.fullmatch(text) else None


def _address(value: object) -> str | None:
    """A web address; what else stands in its place may hold one."""
    if not isinstance(value, str):
        return None
    address = safe(value)
    if _ADDRESS.fullmatch(address):
        return address
    code, project = links(address)
    return code or project


def _day(value: object) -> date | None:
    """The date of a time stamp, which is in UTC."""
    match = _DAY.match(value) if isinstance(value, str) else None
    try:
        return date.fromisoformat(match[0]) if match else None
    except ValueError:
        return None


def _literal(text: str) -> object:
    """The value of a Python literal, as archives wrote entries that they took for text; None where it is none."""
    if len(text) > _LONGEST_LITERAL or not _LITERAL.fullmatch(text):
        return None
    try:
        value: object = literal_eval(text.strip())
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return None
    return value


def _as_text(entry: object) -> str:
    try:
        return entry if isinstance(entry, str) else json.dumps(entry, ensure_ascii=False)
    except RecursionError:
        return "(nested too deeply)"
