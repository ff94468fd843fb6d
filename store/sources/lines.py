"""Bytes to lines: which encoding it is, where lines end, and what is no text at all or more than is read.

A document may be half a gigabyte, and four times that as one string: it is decoded in pieces and kept as lines alone.
"""

import codecs
import io
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from store.errors import SourceError
from store.text import safe

MOST_BYTES: Final = 512 * 2**20
"""Larger documents are refused: the longest page known has 0.2 MB."""
MOST_LINES: Final = 5_000_000
"""25 for each of the papers that a document may have."""
LONGEST_LINE: Final = 10_000_000
"""Characters: arXiv takes abstracts of 1,920."""

_PIECE: Final = 2**20
_HEAD: Final = 2**18
_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_BINARY: Final = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"BZh",
    b"{\\rtf",
)


_LINE_END: Final = re.compile(r"\r\n|\r|\n")


class Line(NamedTuple):
    """A line that is not blank, safe to draw."""

    number: int
    """1-based, in the document."""
    text: str
    joined: bool
    """Whether it follows the line before it without a blank one between."""


def looks_binary(head: bytes) -> bool:
    """Whether a document that begins with these bytes is no text."""
    return head.startswith(_BINARY) or (b"\0" in head and not head.startswith(tuple(mark for mark, _ in _BOMS)))


class Encoding(NamedTuple):
    """How a document's bytes are text."""

    name: str
    start: int
    """How many bytes the mark before the text has."""


def encoding_of(data: bytes, name: str) -> Encoding:
    """The encoding of a document: UTF-8, UTF-16 or UTF-32 with a mark, else UTF-8, Windows' or ISO's Latin-1.

    Raises SourceError where the document is empty, too large or no text.
    """
    if len(data) > MOST_BYTES:
        raise too_large(name)
    if not data or data.isspace():
        raise _empty(name)
    marked = next((Encoding(encoding, len(mark)) for mark, encoding in _BOMS if data.startswith(mark)), None)
    if looks_binary(data) or (marked and _is_noise(data, marked)):
        raise SourceError(f"{name} is no text file: copy the page's text and save it as plain text.")
    return marked or Encoding(_unmarked(data), 0)


def too_large(name: str) -> SourceError:
    """The error for a document of more than MOST_BYTES, which need not be read to be refused."""
    return SourceError(f"{name} is over {MOST_BYTES // 2**20} MB, which no page is: split it, or copy the page again.")


def _empty(name: str) -> SourceError:
    return SourceError(f"{name} is empty: copy the page again and save its text.")


def _pieces(data: bytes, encoding: Encoding, errors: str = "replace") -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding.name)(errors)
    for position in range(encoding.start, len(data), _PIECE):
        yield decoder.decode(data[position : position + _PIECE], position + _PIECE >= len(data))


def _is_noise(data: bytes, encoding: Encoding) -> bool:
    """Whether this cannot be text in that encoding, whatever its mark says."""
    length = bad = 0
    for piece in _pieces(data, encoding):
        if "\0" in piece:
            return True
        length += len(piece)
        bad += piece.count("\ufffd")
    return bad > length // 10


def _unmarked(data: bytes) -> str:
    utf_8 = Encoding("utf-8", 0)
    if _decodes(data, utf_8):
        return utf_8.name
    # A few bad bytes in UTF-8 (cut within a letter, two files joined) do not make it Latin-1.
    bad = good = 0
    for piece in _pieces(data, utf_8):
        bad += piece.count("\ufffd")
        good += len(piece) - len(piece.encode("ascii", "ignore"))
    if 2 * bad <= good:
        return utf_8.name
    return "cp1252" if _decodes(data, Encoding("cp1252", 0)) else "latin-1"


def _decodes(data: bytes, encoding: Encoding) -> bool:
    try:
        for _ in _pieces(data, encoding, "strict"):
            pass
    except UnicodeDecodeError:
        return False
    return True


def head_of(data: bytes, encoding: Encoding) -> str:
    """The beginning of a document, as it stands."""
    return data[encoding.start : _HEAD].decode(encoding.name, errors="replace")


def text_of(data: bytes, encoding: Encoding) -> str:
    """All of a document, as it stands."""
    return data[encoding.start :].decode(encoding.name, errors="replace")


def lines_of(data: bytes, encoding: Encoding, name: str) -> list[Line]:
    """The lines that are not blank. Line ends are those of Unix, Windows and old Macs, and nothing else.

    Raises SourceError where there are too many, or none, or one is too long.
    """
    stream = io.BytesIO(data)  # shares the bytes
    stream.seek(encoding.start)
    text = io.TextIOWrapper(stream, encoding.name, errors="replace")
    lines = []
    joined = False
    number = 0
    while raw := text.readline(LONGEST_LINE + 1):
        number += 1
        if len(raw) > LONGEST_LINE:
            raise SourceError(f"{name} is no page: line {number} has over {LONGEST_LINE:,} characters; copy it again.")
        if number > MOST_LINES:
            raise SourceError(f"{name} has over {MOST_LINES:,} lines, which no page has: split it, or copy it again.")
        if line := safe(raw.strip()):
            lines.append(Line(number, line, joined))
        joined = bool(line)
    if not lines:
        raise _empty(name)
    return lines


def raw_lines(text: str) -> list[str]:
    """All lines of `text` as they stand. Line ends are those of Unix, Windows and old Macs, and nothing else."""
    return _LINE_END.split(text) if "\r" in text else text.split("\n")
