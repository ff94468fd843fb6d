"""BibTeX: entries as papers, keywords as tags, annotations as notes.

bibtexparser takes the document apart and names into their parts. What LaTeX there is in a value is resolved as
everywhere (`store.text`): bibtexparser's own decoder drops text after a bare `%`.
"""

import logging
import re
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from store.errors import SourceError
from store.latex import JOINS_NAMES, without_signs
from store.links import arxiv_id
from store.models import Listing, Said, UnparsedLine
from store.sources.lines import raw_lines
from store.sources.reading import Reading, refuse_too_many
from store.text import clean, links, safe, without_latex

if TYPE_CHECKING:
    from bibtexparser.model import Block, Entry

_BLOCK: Final = re.compile(
    r"(?:^|\r)[ \t]{0,20}@(?:(?:string|preamble|comment)[ \t]{0,9}[{(]"
    r"|[a-z]{2,30}[ \t]{0,9}[{(]\s{0,9}[^\s,={}\"]{0,300}\s{0,9},)",
    re.MULTILINE | re.IGNORECASE,
)
_NO_PAPERS: Final = frozenset(
    ("proceedings", "mvproceedings", "collection", "mvcollection", "periodical", "set", "xdata")
)
"""What holds papers and is none, for entries to refer to."""
_MOST_ABOVE: Final = 20
"""Lines of text above the first entry: what made the file, a licence. More are a page that quotes one."""
_LONGEST_ABBREVIATION: Final = 300
"""Characters of an @string: each that refers to others can be many times as long as they are."""
_LONGEST_ENTRY: Final = 2_000_000
"""Characters, with what follows up to the next one; an abstract has 1,920."""
_MARK: Final = re.compile(r'(?<!\\)[{}"]')
_BARE: Final = re.compile(r'[^\s#{"]+')
_TOKEN: Final = re.compile(r"\\[A-Za-z]+\*?|\\.|\$|[{}]|[^\\${}]+|\\")
_ARXIV: Final = re.compile(
    r"(?:arxiv[:.] ?|arxiv\.org/\w{2,6}/|huggingface\.co/papers/|(?<![\w/])abs/)"
    r"(\d{4}\.\d{4,5}|[a-z-]{2,12}(?:\.[a-z]{2})?/\d{7})(?!\d)",
    re.IGNORECASE,
)
_NAMING_ARXIV: Final = ("doi", "url", "journal", "journaltitle", "volume", "eid", "pages", "howpublished")
_KEYWORD: Final = re.compile(r"(?:\{(?:[^{}]|\{[^{}]*\})*+\}|[^,;\n])+")
_JOINT: Final = re.compile(r"\\.|[{}]| and(?= )", re.IGNORECASE)
_LONE: Final = re.compile(r"\{((?:[^{}]|\{[^{}]*\})*)\}")
_DATES: Final = ("date", "year", "month", "day")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_Fields = Mapping[str, str]
"""Of an entry, by their names in lower case, without the braces or quotes around them."""


def recognises(text: str) -> bool:
    """Whether an entry begins in its first lines, or what may stand above one: further down it may be quoted."""
    first = _BLOCK.search(text)
    above = text[: first.start()].splitlines() if first else []
    return first is not None and sum(line.strip()[:1] not in {"", "%"} for line in above) <= _MOST_ABOVE


def read(text: str, name: str) -> Reading:
    """The papers of a bibliography; all entries that have a title, whatever their type, but whole proceedings.

    Entries may share a key, which means nothing outside the document. What lies outside of entries is a comment, unless
    it is the rest of an entry that could not be understood.
    """
    from bibtexparser.model import Entry, ImplicitComment, ParsingFailedBlock, String
    from bibtexparser.splitter import Splitter

    _refuse_endless(text, name)
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # it would write its warnings onto the screen
    strings: dict[str, str] = {}
    entries: list[tuple[str, range, _Fields]] = []
    volumes: dict[str, _Fields] = {}
    unparsed: set[int] = set()
    broken = False
    if "\r" in text:
        text = "\n".join(raw_lines(text))
    blocks = Splitter(text).split().blocks[::-1]
    while blocks:  # each is let go once it was read: a large document stands in them twice
        block = blocks.pop()
        whole = block.ignore_error_block if isinstance(block, ParsingFailedBlock) else block
        if isinstance(whole, String):
            value = _value(whole.value, strings)
            if len(value) <= _LONGEST_ABBREVIATION:
                strings[whole.key.lower()] = value
        elif isinstance(whole, Entry):
            fields = volumes[whole.key.lower()] = _fields(whole, strings)
            entries.append((whole.entry_type, _lines(whole), fields))
        elif whole is None or (broken and isinstance(whole, ImplicitComment)):
            unparsed.update(_lines(block))
        broken = whole is None
    listings = []
    for kind, place, fields in entries:
        if kind in _NO_PAPERS:
            continue
        paper = _listing(fields, volumes.get(fields.get("crossref", "").lower(), {}))
        if paper is None:
            unparsed.update(place)
        else:
            listings.append(paper)
    lines = raw_lines(text) if unparsed else []
    return Reading(
        format="bibtex",
        listings=tuple(listings),
        unparsed=tuple(
            UnparsedLine(number=number + 1, text=shown) for number in sorted(unparsed) if (shown := safe(lines[number]))
        ),
    )


def _refuse_endless(text: str, name: str) -> None:
    """What is never closed is parsed again from where it began, and one value may take thirty times its size."""
    starts = [block.start() for block in _BLOCK.finditer(text)]
    refuse_too_many(len(starts), name)
    for start, end in pairwise([*starts, len(text)]):
        if end - start > _LONGEST_ENTRY:
            line = text.count("\n", 0, start) + 1
            raise SourceError(
                f"{name}: the entry that begins in line {line:,} has over {_LONGEST_ENTRY:,} characters: "
                "it may never be closed, or something else follows it. Mend it, or take it out."
            )


def _lines(block: "Block") -> range:
    """The lines, counted from 0, that a block begins, holds or ends."""
    start = block.start_line or 0
    return range(start, start + (block.raw or "").count("\n") + 1)


def _fields(entry: "Entry", strings: Mapping[str, str]) -> _Fields:
    """The fields that say something; of two with one name, the first."""
    fields: dict[str, str] = {}
    for field in entry.fields:
        if value := _value(field.value, strings).strip():
            fields.setdefault(field.key.lower(), value)
    return fields


def _value(written: str, strings: Mapping[str, str]) -> str:
    """The text of `{a value}`, `"a value"`, an abbreviation or number, or of several of these joined by `#`."""
    parts = []
    position = 0
    while position < len(written):
        sign = written[position]
        if sign in '{"':
            end = _closing(written, position)
            parts.append(written[position + 1 : end])
            position = end + 1
        elif bare := _BARE.match(written, position):
            parts.append(strings.get(bare[0].lower(), bare[0]))
            position = bare.end()
        else:
            position += 1
    return "".join(parts)


def _closing(written: str, start: int) -> int:
    """Where the brace or quote closes that opens at `start`; the end of the text where none does."""
    quoted = written[start] == '"'
    depth = 0
    for mark in _MARK.finditer(written, start + 1):
        if mark[0] == "{":
            depth += 1
        elif depth == 0 and mark[0] == ('"' if quoted else "}"):
            return mark.start()
        elif mark[0] == "}":
            depth -= 1
    return len(written)


def _listing(fields: _Fields, volume: _Fields) -> Listing | None:
    """The paper that an entry describes; its date may be that of the volume that holds it."""
    title = _text(": ".join(fields[part] for part in ("title", "subtitle") if part in fields))
    if not title:
        return None
    abstract = _text(fields.get("abstract", "")) or None
    organization = _organization(fields.get("author", ""))
    names, n_authors = ((), None) if organization else _authors(fields.get("author", ""))
    url = clean(fields.get("url", ""))
    code_url, project_url = links(f"{'' if _ARXIV.search(url) else url} {abstract or ''}")
    return Listing(
        title=title,
        abstract=abstract,
        published=_published(fields if any(part in fields for part in _DATES) else volume),
        n_authors=n_authors,
        authors=names,
        organization=organization,
        arxiv_id=_arxiv_id(fields),
        code_url=code_url,
        project_url=project_url,
        said=_said(fields),
    )


def _text(value: str) -> str:
    """A value as one reads it: without LaTeX, and without the braces that only keep its capitals."""
    return without_signs(without_latex(_without_braces(clean(value))))


def _without_braces(text: str) -> str:
    """`text` without braces, but for those of formulas and of what a command is given."""
    if "{" not in text and "}" not in text:
        return text
    parts = []
    kept = []
    formula = after_command = False
    for token in _TOKEN.findall(text):
        keeps = True
        if token == "{":
            keeps = formula or after_command
            kept.append(keeps)
        elif token == "}":
            keeps = kept.pop() if kept else formula
        elif token == "$":
            formula = not formula
        after_command = token[0] == "\\" and len(token) > 1 if token != "}" else keeps
        if keeps:
            parts.append(token)
    return "".join(parts)


def _persons(value: str) -> list[str]:
    """The names that `and` joins outside of braces. bibtexparser's own loses words that begin with a backslash."""
    value = " ".join(value.split())
    depth, starts, ends = 0, [0], []
    for mark in _JOINT.finditer(value):
        depth += {"{": 1, "}": -1}.get(mark[0], 0)
        if depth <= 0 and mark[0][0] == " ":
            ends.append(mark.start())
            starts.append(mark.end())
    return [name for start, end in zip(starts, [*ends, len(value)], strict=True) if (name := value[start:end].strip())]


def _organization(value: str) -> str | None:
    """The author where it is a single one without parts, all of it in braces: `{Cohere Labs}`."""
    lone = _LONE.fullmatch(" ".join(value.split()))
    if lone is None or JOINS_NAMES.search(re.sub(r"\{[^{}]*\}", "", lone[1])):
        return None
    return _text(lone[1]) or None


def _authors(value: str) -> tuple[tuple[str, ...], int | None]:
    """The names, first names first, and how many authors there are: unknown where the list ends with `others`."""
    from bibtexparser.middlewares.names import parse_single_name_into_parts

    names = []
    more = False
    for written in _persons(value):
        name = _text(written)
        if "," in written:
            parts = parse_single_name_into_parts(written, strict=False)
            name = _text(" ".join(parts.first + parts.von + parts.last + parts.jr))
        if name.lower() in {"others", "et al.", "et al"}:
            more = True
        elif any(map(str.isalnum, name)):
            names.append(name)
    return tuple(names), None if more else len(names) or None


def _published(fields: _Fields) -> date | None:
    """The date where it is known to the day: a year alone is no first of January."""
    full = re.match(r"\d{4}-\d\d-\d\d", fields.get("date", ""))
    month = clean(fields.get("month", "")).lower()
    number = _MONTHS.index(month[:3]) + 1 if month[:3] in _MONTHS else month
    try:
        return date.fromisoformat(full[0]) if full else date(*map(int, (fields["year"], number, fields["day"])))
    except (KeyError, ValueError, OverflowError):
        return None


def _arxiv_id(fields: _Fields) -> str | None:
    """From its own field, whatever the archive is called there, else from where else people write it."""
    archive = fields.get("archiveprefix", fields.get("eprinttype", "arxiv")).lower()
    for field in ("eprint", "arxivid", "arxiv"):
        if (field != "eprint" or archive == "arxiv") and (found := arxiv_id(clean(fields.get(field, "")))):
            return found
    for field in _NAMING_ARXIV:
        if found_in := _ARXIV.search(clean(fields.get(field, ""))):
            return found_in[1].lower()
    return None


def _said(fields: _Fields) -> Said | None:
    keywords = ",".join(fields.get(field, "") for field in ("keywords", "keyword", "mendeley-tags"))
    tags = tuple(dict.fromkeys(tag for word in _KEYWORD.findall(keywords) if (tag := _text(word).lower())))
    annotation = fields.get("annote") or fields.get("annotation") or ""
    note = "\n".join(map(_text, annotation.split("\n"))).strip() or None
    return Said(tags=tags, note=note) if tags or note else None
