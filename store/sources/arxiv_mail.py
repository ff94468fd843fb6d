r"""arXiv's daily e-mail: new, cross-listed and replaced papers, each a record that lines of `\\` part into its fields,
its abstract and its address."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from store.links import arxiv_id
from store.models import Listing, UnparsedLine
from store.sources.arxiv_papers import authors_of, listing
from store.sources.lines import Line, raw_lines
from store.sources.reading import Reading, refuse_too_many
from store.text import safe

_SPACE: Final = r"[> \t]{0,9}"
_END: Final = r"[ \t]{0,9}(?:\r\n|\r|\n)"
_RECORD: Final = re.compile(
    rf"^({_SPACE})\\\\{_END}(?:{_SPACE}{_END}){{0,3}}{_SPACE}(?:arXiv|Paper)[^\r\n]{{0,40}}\d",
    re.MULTILINE,
)
_PAPER: Final = re.compile(r"(?:arXiv|Paper(?: \([^()]*\))?): ?([^\s()]+)(?: \([^()]*\))?")
_RULE: Final = re.compile(r"[-%]{20,}")
_LAST_RULE: Final = "%%%---"
_FIELD: Final = re.compile(r"([A-Z][\w-]{2,20}(?: \([^()]*\))?): ?(.*)")
_SIZE: Final = re.compile(r"\(\d+kb.*")
_FOOTER: Final = re.compile(r"For (?:subscribe|help) .*|e-mail To: .*")
_MOMENT: Final = re.compile(r"\d{1,2} +[A-Z][a-z]{2} +\d{2,4} +\d\d:\d\d(?::\d\d)?(?: +(?:[A-Z]{2,4}\b|[+-]\d{4}))?")
_HEADER_DATE: Final = re.compile(r"Date: (.*)")
_RECEIVED: Final = re.compile(r"received from .* to (.*)")
_QUOTE: Final = re.compile(r"^[ \t]*(?:> ?)+")
_ESCAPED: Final = re.compile(r"(?:=[0-9A-F]{2})+")


@dataclass
class _Record:
    """A paper's record as it stands."""

    arxiv_id: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    head: list[Line] = field(default_factory=list)
    abstract: list[Line] = field(default_factory=list)
    in_abstract: bool = False
    whole: bool = False
    """Whether it ends before the e-mail does."""

    def add(self, line: Line, indented: bool) -> None:
        if self.in_abstract:
            self.abstract.append(line)
            return
        self.head.append(line)
        named = None if indented else _FIELD.fullmatch(line.text)
        if named:
            self.fields.setdefault(named[1].rstrip("s"), []).append(named[2])
        elif self.fields and not _SIZE.fullmatch(line.text):
            next(reversed(self.fields.values())).append(line.text)

    def text_of(self, name: str) -> str:
        return " ".join(self.fields.get(name, ()))


@dataclass
class _Mail:
    """What stands above the records of an e-mail, and these."""

    header: list[Line] = field(default_factory=list)
    records: list[_Record] = field(default_factory=list)


def recognises(text: str) -> bool:
    """Whether it holds a record of such an e-mail."""
    return _RECORD.search(text) is not None


def read(text: str, name: str) -> Reading:
    """The papers of an e-mail, also one that is forwarded (`> `) or saved as it travelled (quoted-printable).

    Of several e-mails in one document, each paper has the day of its own. A replaced paper has no abstract, and its
    date is the new version's. Of a record that the end of the document cuts off, the abstract is not taken, and without
    an abstract nothing is. Raises TooManyPapers.
    """
    refuse_too_many(sum(1 for _ in _RECORD.finditer(text)), name)
    mails, unparsed = _split(_lines(text))
    days = [_day(mail.header) for mail in mails]
    listings = []
    for mail, day in zip(mails, days, strict=True):
        for record in mail.records:
            paper = _listing(record, (day,) if day and len(mails) > 1 else ())
            if paper is None:
                unparsed += record.head
            else:
                listings.append(paper)
            if paper is None or not record.whole:
                unparsed += record.abstract
    return Reading(
        format="arxiv-mail",
        listings=tuple(listings),
        day=days[0] if len(days) == 1 else None,
        unparsed=tuple(UnparsedLine(number=line.number, text=line.text) for line in sorted(unparsed)),
    )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The numbered lines as they were sent."""
    first = _RECORD.search(text)
    start = first.start() if first else 0
    lines: Iterable[tuple[int, str]] = enumerate(raw_lines(text), start=1)
    if first and ">" in first[1]:
        lines = ((number, _QUOTE.sub("", line)) for number, line in lines)
    return _decoded(lines) if "quoted-printable" in text[:start].lower() else iter(lines)


def _decoded(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Lines of quoted-printable text: one that ends with `=` goes on in the next."""
    parts: list[str] = []
    for number, line in lines:
        soft = line.endswith("=")
        parts.append(line[:-1] if soft else line)
        if not soft:
            whole = "".join(parts)
            yield number + 1 - len(parts), _ESCAPED.sub(_bytes, whole) if "=" in whole else whole
            parts.clear()
    if parts:
        yield number + 1 - len(parts), "".join(parts)


def _bytes(escaped: re.Match[str]) -> str:
    return bytes.fromhex(escaped[0].replace("=", "")).decode("utf-8", "replace")


def _split(lines: Iterable[tuple[int, str]]) -> tuple[list[_Mail], list[Line]]:
    """The e-mails of a document that have records, and what stands between and below these and is not known."""
    mails: list[_Mail] = []
    rest: list[Line] = []
    above: list[Line] | None = []
    record: _Record | None = None
    opened = False
    for number, raw in lines:
        line = Line(number, safe(raw), joined=False)
        if not line.text:
            continue
        rule = _RULE.fullmatch(line.text) is not None
        separates = rule or line.text == "\\\\" or line.text.startswith("\\\\ (")
        if record and line.text == "\\\\" and not record.in_abstract:
            record.in_abstract = True
            continue
        if record and separates:
            record.whole = True
            record = None
        elif record:
            record.add(line, indented=raw[0] in " \t")
        elif opened and (paper := _PAPER.fullmatch(line.text)) and (arxiv := arxiv_id(paper[1])):
            if above is not None:
                mails.append(_Mail(above))
                above = None
            record = _Record(arxiv, head=[line])
            mails[-1].records.append(record)
        elif not (separates or _FOOTER.fullmatch(line.text)):
            (rest if above is None else above).append(line)
        if rule and mails and line.text.startswith(_LAST_RULE):
            above = []
        opened = line.text == "\\\\"
    return mails, rest + (above or [] if mails else [])


def _listing(record: _Record, days: tuple[date, ...]) -> Listing | None:
    if not record.whole and not record.in_abstract:
        return None
    names, n_authors = authors_of(record.text_of("Author"))
    return listing(
        record.text_of("Title"),
        " ".join(line.text for line in record.abstract) if record.whole else "",
        record.text_of("Comment"),
        arxiv_id=record.arxiv_id,
        authors=names,
        n_authors=n_authors,
        published=_date(record.text_of("Date")),
        days=days,
    )


def _day(header: Iterable[Line]) -> date | None:
    """The day, by UTC, on which the e-mail was sent: a forwarded one has its own date below that of the forwarding.

    Where no date is left, it is the working day after the last one whose papers it holds.
    """
    day = None
    received = None
    for line in header:
        if dated := _HEADER_DATE.fullmatch(line.text):
            day = _date(dated[1]) or day
        elif until := _RECEIVED.fullmatch(line.text):
            received = _date(until[1])
    if day is None and received is not None and received.year < 9999:
        day = received + timedelta(days={4: 3, 5: 2}.get(received.weekday(), 1))
    return day


def _date(text: str) -> date | None:
    """The day, by UTC, of the moment that `text` names, as in `Fri, 17 Mar 23 00:31:14 GMT   (243kb,D)`."""
    moment = _MOMENT.search(text)
    if moment is None:
        return None
    try:
        when = parsedate_to_datetime(moment[0])
        return (when.astimezone(UTC) if when.tzinfo else when).date()
    except (ValueError, OverflowError):
        return None
