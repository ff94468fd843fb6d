"""BibTeX that biblatex, the old BibTeX and `paperdeck import` read alike: UTF-8, of each paper what is known of it."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from store.entries import Entry
from store.exports import ExportOptions
from store.exports.citing import citation_key, issued
from store.exports.escaping import folded
from store.harmless import harmless_lines
from store.latex import JOINS_NAMES, latex

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ARCHIVE: Final = re.compile(r"([a-z-]+)(?:\.([a-z]{2}))?/")
_NOT_IN_ADDRESSES: Final = re.compile(r"[^!-~]|[{}\\]")


def render(entries: Sequence[Entry], options: ExportOptions, today: date) -> str:  # noqa: ARG001 (as every format)
    """The papers as entries set apart by blank lines."""
    return "\n".join(map(bibtex, entries))


def bibtex(entry: Entry) -> str:
    """The paper as an `@misc` entry, which ends with a line end."""
    fields = "".join(f"  {name} = {value},\n" for name, value in _fields(entry))
    return f"@misc{{{citation_key(entry)},\n{fields}}}\n"


def _fields(entry: Entry) -> Iterator[tuple[str, str]]:
    # The second braces keep the title's capitals, in whatever case a style sets titles.
    yield "title", f"{{{{{_line(entry.title)}}}}}"
    if entry.authors:
        others = ["others"] if (entry.n_authors or 0) > len(entry.authors) else []
        yield "author", f"{{{' and '.join([*map(_person, entry.authors), *others])}}}"
    elif entry.organization:
        yield "author", f"{{{_organization(entry.organization)}}}"
    # In the three fields of old, which biblatex reads, too.
    if date_parts := issued(entry):
        year, month, *day = date_parts
        yield "year", f"{{{year}}}"
        yield "month", _MONTHS[month - 1]
        if day:
            yield "day", f"{{{day[0]}}}"
    if entry.arxiv_id:
        yield "eprint", f"{{{_line(entry.arxiv_id)}}}"
        yield "archivePrefix", "{arXiv}"
        if archive := _ARCHIVE.match(entry.arxiv_id):
            yield "primaryClass", f"{{{archive[1]}{f'.{archive[2].upper()}' if archive[2] else ''}}}"
    if entry.url:
        yield "url", f"{{{_address(entry.url)}}}"
    if entry.tags:
        yield "keywords", f"{{{', '.join(map(_keyword, entry.tags))}}}"
    if entry.note:
        # Not `note`, which bibliographies print.
        yield "annote", f"{{{latex(harmless_lines(entry.note))}}}"
    if entry.abstract:
        yield "abstract", f"{{{_line(entry.abstract)}}}"


def _line(text: str) -> str:
    return latex(folded(text))


def _person(name: str) -> str:
    """A name among others; in braces where it would be taken for several, or for parts of one."""
    return f"{{{_line(name)}}}" if JOINS_NAMES.search(name) else _line(name)


def _organization(name: str) -> str:
    """A name that has no parts. What would join names is in braces of its own, by which our import knows a lone
    organization from a lone person."""
    inner = JOINS_NAMES.sub(r"{\g<0>}", _line(name))
    return f"{{{inner}}}"


def _keyword(tag: str) -> str:
    """A tag; other programs have keywords set apart by semicolons."""
    return f"{{{_line(tag)}}}" if ";" in tag else _line(tag)


def _address(url: str) -> str:
    """Not escaped: readers take the field as it stands."""
    return _NOT_IN_ADDRESSES.sub(
        lambda sign: "".join(f"%{byte:02X}" for byte in sign[0].encode("utf-8", "replace")), url
    )
