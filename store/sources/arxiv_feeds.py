"""arXiv's feeds: what its Atom API answers, and the announcements of a day, as RSS or Atom."""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from html import unescape
from io import BytesIO
from time import struct_time
from typing import Final, NamedTuple

from store.errors import SourceError
from store.links import arxiv_id
from store.models import Listing, UnparsedLine
from store.sources.arxiv_papers import authors_of, listing
from store.sources.lines import raw_lines
from store.sources.reading import Reading
from store.text import clean, safe

_PROLOG: Final = re.compile(
    r"(?:\s++|<\?[^>]*+>|<!--.*?-->|<!DOCTYPE[^\[>]*+(?:\[[^\]]*+\]\s*+)?>)*+", re.DOTALL | re.IGNORECASE
)
_ROOT: Final = re.compile(r"<(feed|rss|rdf:RDF)\b")
_HEAD: Final = 5000
"""Characters in which a feed of arXiv's names arxiv.org: it does in its second element."""
_ENTRY: Final = re.compile(r"<(/?)(?:entry|item)\b")
_REFERENCE: Final = re.compile(r"&#(?:x([0-9A-Fa-f]{1,6})|(\d{1,7}));|&#")
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONG_WORD: Final = re.compile(r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]{201,}")
_LONG_TAG: Final = re.compile(r"(<[A-Za-z:]{1,40})[^<>]{1001,}")
_ANNOUNCED: Final = re.compile(r"\s*arXiv:\S+\s+Announce Type:\s*[\w-]+\s*(?:Abstract:)?", re.IGNORECASE)
_OLD_TITLE_END: Final = re.compile(r"\.? ?\(arXiv:[^\s()]+ \[[^\[\]]*\][A-Z ]*\)$")
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]*>")
_SENSELESS: Final = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
"""What feedparser raises over elements in places where nobody has ever put them."""

_Fields = Mapping[str, object]
"""Of a feed or an entry, as feedparser names them. Nothing about their types is certain."""


class _Feed(NamedTuple):
    is_atom: bool
    announces: bool
    """Whether it lists what a day announces, rather than answers a question to the API."""
    day: date | None
    entries: Sequence[_Fields]


def recognises(text: str) -> bool:
    """Whether this is a feed, and arXiv's."""
    start = _after_prolog(text)
    return _ROOT.match(text, start) is not None and "arxiv.org" in text[start : start + _HEAD].lower()


def read(text: str, name: str) -> Reading:
    """The papers of a feed. Those that a day announces have that day; when they were published is not told.

    An answer of the API lists papers of many days and tells when each was published. A feed without papers is none
    that is wrong: arXiv announces nothing at week-ends. Raises SourceError where arXiv answers with an error, or the
    feed is cut off before its first paper ends.
    """
    start = _after_prolog(text)
    feed = _parse(text[start:], name)
    tags = list(_ENTRY.finditer(text, start))
    starts = [tag.start() for tag in tags if not tag[1]]
    cut = _is_cut(text, start, tags)
    listings = []
    failed = []
    for position, entry in enumerate(feed.entries):
        if "arxiv.org/api/errors" in _text(entry, "id"):
            raise SourceError(f"{name} holds no papers: arXiv answered “{safe(_text(entry, 'summary'))}”.")
        whole = not cut or position + 1 < len(starts)
        if whole and (paper := _listing(entry, feed)):
            listings.append(paper)
        else:
            failed.append(position)
    failed += range(len(feed.entries), len(starts))
    if cut and not listings:
        raise SourceError(f"{name} is cut off before the end of its first paper: fetch it again.")
    return Reading(
        format="arxiv-atom" if feed.is_atom else "arxiv-rss",
        listings=tuple(listings),
        day=feed.day,
        unparsed=tuple(_source(text, starts, failed)),
    )


def _after_prolog(text: str) -> int:
    """Where the first element begins, past the XML declaration, comments and the document type with its entities."""
    match = _PROLOG.match(text)
    return match.end() if match else 0


def _is_cut(text: str, start: int, tags: Sequence[re.Match[str]]) -> bool:
    """Whether the feed ends within an entry, or before its first one."""
    root = _ROOT.match(text, start)
    return root is not None and f"</{root[1]}" not in text and (not tags or not tags[-1][1])


def _parse(text: str, name: str) -> _Feed:
    """What feedparser makes of a feed without its prolog, so that no entity is declared and none can be expanded.

    It is given bytes, because it takes a string for an address or a file's name and opens it. HTML is left as it is
    (see `_plain`): `a <b> c` in a title is no tag. It takes quadratic time over one word, as it looks for an e-mail
    address in each author, and over the attributes of one tag, so neither is left long.
    """
    from feedparser import parse  # type: ignore[import-untyped]

    text = _NOT_XML.sub("", _REFERENCE.sub(_sound, text))
    text = _LONG_TAG.sub(r"\1", text)
    text = _LONG_WORD.sub(lambda word: " ".join(re.findall(".{1,200}", word[0])), text)
    try:
        found = parse(
            BytesIO(text.encode()),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _SENSELESS as error:
        raise SourceError(f"{name} is a feed that makes no sense: fetch it again.") from error
    is_atom = str(found.get("version")).startswith("atom")
    about: _Fields = found["feed"]
    announces = not is_atom or "updates on arxiv.org" in _text(about, "title").lower()
    day = _day(about, "published_parsed") or _day(about, "updated_parsed") if announces else None
    return _Feed(is_atom, announces, day, found["entries"])


def _sound(reference: re.Match[str]) -> str:
    """A character reference, or nothing where it names no character of XML."""
    number = int(reference[1], 16) if reference[1] else int(reference[2] or 0)
    return reference[0] if number <= sys.maxunicode and not _NOT_XML.match(chr(number)) else ""


def _listing(entry: _Fields, feed: _Feed) -> Listing | None:
    arxiv = _arxiv_id(entry)
    if arxiv is None:
        return None
    summary = _text(entry, "summary")
    announced = _ANNOUNCED.match(summary)
    day = _day(entry, "published_parsed") or feed.day
    authors = _authors(entry, feed)
    found = listing(
        _OLD_TITLE_END.sub("", _text(entry, "title").strip()),
        summary[announced.end() :] if announced else _plain(summary),
        _text(entry, "arxiv_comment"),
        arxiv_id=arxiv,
        authors=authors,
        n_authors=len(authors),
        published=None if feed.announces else day,
        days=(day,) if feed.announces and day else (),
    )
    replaced = announced is not None and "replace" in announced[0].lower()
    return found.model_copy(update={"is_replacement": replaced}) if found and replaced else found


def _text(fields: _Fields, field: str) -> str:
    value = fields.get(field)
    return value if isinstance(value, str) else ""


def _arxiv_id(entry: _Fields) -> str | None:
    """From the entry's id (`http://arxiv.org/abs/2401.12345v1`, `oai:arXiv.org:2401.12345v1`), else its link."""
    return arxiv_id(_text(entry, "id").removeprefix("oai:arXiv.org:")) or arxiv_id(_text(entry, "link"))


def _authors(entry: _Fields, feed: _Feed) -> Sequence[str]:
    """The API has an element for each author; what is announced has one for all of them."""
    people = entry.get("authors")
    written = [_text(person, "name") for person in people] if isinstance(people, list) else []
    if feed.announces:
        return authors_of(_plain(", ".join(written)))[0]
    return [name for text in written if any(map(str.isalnum, name := clean(text)))]


def _plain(text: str) -> str:
    """Text without tags where it is HTML, as in arXiv's older feeds: paragraphs as abstracts, links as authors."""
    return unescape(_TAG.sub("", text)) if text.lstrip()[:3] in {"<p>", "<a "} else text


def _day(fields: _Fields, field: str) -> date | None:
    """The day by UTC: a day's papers are announced on the evening before it in New York, when it has begun by UTC."""
    moment = dict.get(fields, field) if isinstance(fields, dict) else None
    try:
        return date(*moment[:3]) if isinstance(moment, struct_time) else None
    except ValueError:
        return None


def _source(text: str, starts: Sequence[int], entries: Iterable[int]) -> Iterator[UnparsedLine]:
    """The lines of the `entries` (by position, ascending) that were not understood, as they stand in the document."""
    number, last = 1, 0
    for entry in entries:
        if entry >= len(starts):
            return
        start, end = starts[entry], starts[entry + 1] if entry + 1 < len(starts) else len(text)
        number, last = number + text.count("\n", last, start), start
        for offset, line in enumerate(raw_lines(text[start:end])):
            if shown := safe(line):
                yield UnparsedLine(number=number + offset, text=shown)
