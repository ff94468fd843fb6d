"""Bytes to lines: which encoding it is, where lines end, and what is no text at all."""

import re
from typing import Final, NamedTuple

from store.errors import SourceError
from store.text import safe

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
_MULTIBYTE: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
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


def decode(data: bytes, name: str) -> str:
    """The text of a document: UTF-8, UTF-16 or UTF-32 with a mark, else Windows' or ISO's Latin-1.

    Raises SourceError where it is empty or no text.
    """
    if not data.strip():
        raise SourceError(f"{name} is empty: copy the page again and save its text.")
    if looks_binary(data):
        raise SourceError(f"{name} is no text file: copy the page's text and save it as plain text.")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, errors="replace")
            break
    else:
        text = _without_mark(data)
    if not text.strip():
        raise SourceError(f"{name} is empty: copy the page again and save its text.")
    if "\0" in text or text.count("\ufffd") > len(text) // 10:
        raise SourceError(f"{name} is no text file: copy the page's text and save it as plain text.")
    return text


def _without_mark(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        # A few bad bytes in UTF-8 (cut within a letter, two files joined) do not make it Latin-1.
        text = data.decode(errors="replace")
        if text.count("\ufffd") <= len(_MULTIBYTE.findall(data)):
            return text
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def lines_of(text: str) -> list[Line]:
    """The lines of `text` that are not blank."""
    lines = []
    joined = False
    for number, raw in enumerate(raw_lines(text), start=1):
        if line := safe(raw):
            lines.append(Line(number, line, joined))
        joined = bool(line)
    return lines


def raw_lines(text: str) -> list[str]:
    """All lines of `text` as they stand. Line ends are those of Unix, Windows and old Macs, and nothing else."""
    return _LINE_END.split(text) if "\r" in text else text.split("\n")
