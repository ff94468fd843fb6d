"""Text in which links are written out, told apart into pieces: what is a link and where it leads, and what is none.

Three ways are known: Markdown's `[text](address)`; numbers that a list at the end explains, `[text][12]` or, as lynx
and w3m write it, `[12]text`; and an address in a line of its own below its text. A link may run over several lines.
"""

import re
from typing import Final, NamedTuple

from store.sources.dates import read_date
from store.sources.lines import Line
from store.text import safe


class Piece(NamedTuple):
    """A stretch of text that is one link, or none; without its heading marks."""

    number: int
    """The line, 1-based, in which it begins."""
    text: str
    target: str | None
    """Where the link leads; empty where nothing says so; None: it is no link."""
    heading: bool
    """Whether a heading begins with it."""
    joined: bool
    """Whether it stands right below another line, or within one."""


_ADDRESS: Final = r"<?(?P<address>(?:https?:|file:|mailto:|[/#?])[^\s<>()]*+(?:\([^\s<>()]*+\)[^\s<>()]*+)*+)>?"
_TITLE: Final = r"""(?:\ "[^"]*+")?+"""
_REFERENCE: Final = re.compile(rf"(?:\[(?P<n>\d{{1,6}})\]:?|(?P<m>\d{{1,6}})\.)\ {_ADDRESS}{_TITLE}", re.IGNORECASE)
_TOKEN: Final = re.compile(
    rf"""(?P<image>!\[[^\[\]]*+\]\([^()]*+\)) | (?P<close>\](?:\({_ADDRESS}{_TITLE}\ ?\)|\[(?P<n>\d{{1,6}})\]))
    | (?P<open>\[) | (?P<shut>\]) | \\(?P<escaped>[\[\]\\_*\#`()+!|<>{{}}])""",
    re.IGNORECASE | re.VERBOSE,
)
_NUMBERED: Final = re.compile(r"\[(\d{1,6})\]")
_NUMBER_FIRST: Final = re.compile(r"\W{0,3}\[\d{1,6}\][^\s\[(]")
_NUMBER_LAST: Final = re.compile(r"(?:#{1,6} \[.*)?\]\[\d{1,6}\]")
_MARKDOWN: Final = re.compile(r"#{1,6} \[.*\]\(")
_HEADING: Final = re.compile(r"#{1,6} ")
_ABROAD: Final = re.compile(
    r"(?!https?://(?:[\w-]+\.)*(?:huggingface\.co|hf\.co|hf-mirror\.com|arxiv\.org)(?:/|$))(?:https?|mailto):",
    re.IGNORECASE,
)
"""Addresses that a page has in its abstracts, too."""
_ADDRESS_ALONE: Final = re.compile(r"<?(https?://[^\s<>]+)>?", re.IGNORECASE)
_SMALL: Final = re.compile(r"\W{0,4}(?:\d[\d,]*(?: authors?)?)?", re.IGNORECASE)
_FULL_LINE: Final = 60
"""Characters: a line of a paragraph that was broken into lines has at least these, but for its last."""
_LONGEST_LINK: Final = 200
"""Lines; a bracket that is still open then was none of a link."""
_LARGEST_STEP: Final = 100
"""From the number of one link to that of the next."""


def pieces_of(lines: list[Line]) -> tuple[list[Piece], list[Line]]:
    """All of `lines` in order, but for the list of references; and the lines of a link that the end cuts off."""
    references: dict[str, str] = {}
    rest = []
    for line in lines:
        if reference := _REFERENCE.fullmatch(line.text):
            references[reference["n"] or reference["m"]] = reference["address"]
        else:
            rest.append(line)
    numbers_first = sum(_NUMBER_FIRST.match(line.text) is not None for line in rest)
    if references and numbers_first > sum("][" in line.text or "](" in line.text for line in rest):
        return _numbered(rest, references), []
    reader = _Brackets(
        references,
        is_markdown=any(_MARKDOWN.match(line.text) for line in rest),
        is_numbered=any(_NUMBER_LAST.fullmatch(line.text) for line in rest),
    )
    for line in rest:
        reader.read(line)
    return reader.pieces, [Line(piece.number, piece.text, piece.joined) for piece in reader.open if piece.text]


class _Brackets:
    """Reads lines of `[text](address)` and `[text][12]`."""

    def __init__(self, references: dict[str, str], *, is_markdown: bool, is_numbered: bool) -> None:
        self.pieces: list[Piece] = []
        self._references = references
        self._is_markdown = is_markdown
        self._is_numbered = is_numbered
        self._last = 0
        self.open: list[Piece] = []
        """The lines of a link that began in an earlier line and has not ended."""

    def read(self, line: Line) -> None:
        text = _HEADING.sub("", line.text, count=1) if line.text[0] == "#" else line.text
        heading = text is not line.text
        if line.text[-1] == "\\":
            text = text.rstrip("\\ ")
        if not self.open and (alone := _ADDRESS_ALONE.fullmatch(text)) and not _ABROAD.match(alone[1]):
            self._put_address(alone[1], line)
            return
        parts: list[str] = []
        brackets: list[int] = []
        blank = 0  # so many of `parts` hold no word
        position = 0
        for token in _TOKEN.finditer(text):
            parts.append(text[position : token.start()])
            position = token.end()
            target = self._target(token) if token["close"] else None
            while blank < len(parts) and _is_empty(parts[blank : blank + 1]):
                blank += 1
            within = bool(self.open) or not brackets or blank < brackets[-1]
            if target and token["n"] is None and within and _ABROAD.match(target):
                target = None
            if target is not None and brackets:
                start = brackets[0] if _is_empty(parts[: brackets[0]]) else brackets[-1]
                self.give_up()
                self._put(line, parts[:start], None, heading)
                self._put(line, parts[start + 1 :], target, heading)
                parts, brackets, blank = [], [], 0
            elif target is not None and self.open:
                self._close(parts, target)
                parts, blank = [], 0
            elif token["open"]:
                brackets.append(len(parts))
                parts.append("[")
            elif token["shut"] or token["close"]:
                if brackets:
                    brackets.pop()
                parts.append(token[0])
            else:
                parts.append(" " if token["image"] else token["escaped"] if self._is_markdown else token[0])
        parts.append(text[position:])
        self._end_line(line, parts, brackets, heading)

    def give_up(self) -> None:
        """Take the lines of a link that never ended for what they look like."""
        self.pieces += (piece for piece in self.open if piece.text)
        self.open = []

    def _target(self, token: re.Match[str]) -> str | None:
        """Where a link leads that ends here; None where this is no such end, but two citations side by side."""
        if token["n"] is None:
            return token["address"]
        number = int(token["n"])
        if not self._is_numbered or not _follows(self._last, number):
            return None
        self._last = number
        return self._references.get(token["n"], "")

    def _put(self, line: Line, parts: list[str], target: str | None, heading: bool) -> None:
        text = safe("".join(parts))
        if text or target is not None:
            begins = not self.pieces or self.pieces[-1].number != line.number
            self.pieces.append(Piece(line.number, text, target, heading and begins, line.joined or not begins))

    def _close(self, parts: list[str], target: str) -> None:
        first = self.open[0]
        text = safe(" ".join([*(piece.text for piece in self.open), "".join(parts)]))
        self.pieces.append(first._replace(text=text, target=target))
        self.open = []

    def _end_line(self, line: Line, parts: list[str], brackets: list[int], heading: bool) -> None:
        if brackets and _is_empty(parts[: brackets[0]]) and not (self.open and line.joined):
            self.give_up()
            text = safe("".join(parts[brackets[0] + 1 :]))
            self.open = [Piece(line.number, text, None, heading, line.joined)]
        elif self.open:
            self.open.append(Piece(line.number, safe("".join(parts)), None, False, line.joined))
            if len(self.open) > _LONGEST_LINK:
                self.give_up()
        else:
            self._put(line, parts, None, heading)

    def _put_address(self, address: str, line: Line) -> None:
        """An address belongs to the paragraph above it, unless that has one."""
        start = len(self.pieces)
        while start and self.pieces[start - 1].target is None:
            start -= 1
            first, above = self.pieces[start], self.pieces[start - 1] if start else None
            if not first.joined or _is_small(first.text) or above is None or len(above.text) < _FULL_LINE:
                break
        paragraph = self.pieces[start:] or [Piece(line.number, "", None, False, line.joined)]
        text = " ".join(piece.text for piece in paragraph)
        self.pieces[start:] = [paragraph[0]._replace(text=text, target=address)]


def _follows(last: int, number: int) -> bool:
    """Whether this is the number of the link after that one (0: of the first), and no citation."""
    return last == 0 or last < number <= last + _LARGEST_STEP


def _is_empty(parts: list[str]) -> bool:
    """Whether there is no word in it, but at most the mark of a list."""
    return not any(character.isalnum() for part in parts for character in part)


def _numbered(lines: list[Line], references: dict[str, str]) -> list[Piece]:
    """The pieces of lines in which `[12]` stands before the text of a link, and nothing behind it."""
    pieces: list[Piece] = []
    last = 0
    below = False
    """Whether the line above ends within a link."""
    for line in lines:
        position = 0
        target: str | None = None
        joined = line.joined
        for mark in [*_NUMBERED.finditer(line.text), None]:
            if mark is not None and not (_follows(last, int(mark[1])) and mark[1] in references):
                continue
            text = line.text[position : mark.start() if mark else None].strip()
            if text and below and target is None and line.joined and not _is_small(text):
                pieces[-1] = pieces[-1]._replace(text=f"{pieces[-1].text} {text}")
            elif text or target is not None:
                pieces.append(Piece(line.number, text, target, False, joined))
                below = target is not None and not _is_small(text)
                joined = True
            if mark:
                last, target, position = int(mark[1]), references[mark[1]], mark.end()
    return pieces


def _is_small(text: str) -> bool:
    """Whether this is one of the things that stand in a line of their own at the foot of a card."""
    return _SMALL.fullmatch(text) is not None or read_date(text) is not None
