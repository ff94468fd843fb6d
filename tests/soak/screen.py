"""A terminal's screen, as strict as a terminal is lax: what it is sent is drawn, or it is an error.

It knows the few sequences that Textual sends and no other, so that whatever else gets through is noticed. The width of
a character is what Textual takes it for: whether a terminal agrees is another question.
"""

import re
from codecs import getincrementaldecoder

from rich.cells import split_graphemes

from tests.hostile import obeyed

_MODES = {
    f"\x1b[?{number}{switch}" for number in (7, 25, 1000, 1003, 1004, 1006, 1015, 1049, 2004, 2026) for switch in "hl"
}
_PLAIN = {"\r", "\n", "\x07", "\x1b[?2026$p", "\x1b[?2048$p", "\x1b[>25u", "\x1b[<u"}
_TOKEN = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f]+)|(?P<style>\x1b\[[\d;]*m)|\x1b\[(?P<line>\d+);(?P<column>\d+)H|"
    r"(?P<clipboard>\x1b\]52;c;[A-Za-z0-9+/=]*\x07)|(?P<pointer>\x1b\]22;[a-z-]+\x07)|"
    r"(?P<mode>\x1b\[[?<>]?[\d$]*[a-z])|(?P<plain>[\r\n\x07])"
)

Look = list[list[tuple[str, str]]]
"""Every cell of a screen: what stands in it, and the sequence that gave it its style."""


class Unexpected(AssertionError):
    """The terminal was sent something that the app has no reason to send."""


class Screen:
    """What a terminal of `columns` x `lines` shows after all that it was `feed`."""

    def __init__(self, columns: int, lines: int) -> None:
        self.outside = ""
        """What was written while the app had not taken the whole screen."""
        self.copied = 0
        """How many times the clipboard was written."""
        self._taken = False
        self._x = self._y = 0
        self._style = ""
        self._decode = getincrementaldecoder("utf-8")().decode
        self._rest = ""
        self._cells: list[list[str]] = []
        self._styles: list[list[str]] = []
        self.resize(columns, lines)

    def resize(self, columns: int, lines: int) -> None:
        """Cut or widen it, as a terminal does before the program paints anew."""
        self.columns, self.lines = columns, lines
        for grid, blank in ((self._cells, " "), (self._styles, "")):
            grid[:] = [(row + [blank] * columns)[:columns] for row in grid[:lines]]
            grid.extend([blank] * columns for _ in range(lines - len(grid)))

    def wipe(self) -> None:
        """Take everything off, so that what is not painted again is missed."""
        self._cells[:] = [[" "] * self.columns for _ in range(self.lines)]
        self._styles[:] = [[""] * self.columns for _ in range(self.lines)]

    @property
    def is_covered(self) -> bool:
        """Whether every cell has been painted since it was wiped; also a blank one has its colours."""
        return all(map(all, self._styles))

    @property
    def bare(self) -> str:
        """The cells that have not been painted since it was wiped, in words."""
        missing = [(y, [x for x, style in enumerate(row) if not style]) for y, row in enumerate(self._styles)]
        return "; ".join(f"line {y}: {len(xs)} cells of {xs[0]} to {xs[-1]}" for y, xs in missing if xs)

    @property
    def rows(self) -> list[str]:
        """Its lines as text."""
        return ["".join(row) for row in self._cells]

    @property
    def text(self) -> str:
        """All of it as text."""
        return "\n".join(self.rows)

    def look(self) -> Look:
        """All of it as it looks."""
        return [list(zip(*lines, strict=True)) for lines in zip(self._cells, self._styles, strict=True)]

    def feed(self, data: bytes) -> None:
        """Take what was painted. Raises Unexpected."""
        text = self._rest + self._decode(data)
        at = 0
        while at < len(text):
            token = _TOKEN.match(text, at)
            if token is None:
                if _may_go_on(text[at:]):
                    break
                raise Unexpected(f"the terminal was sent {text[at : at + 60]!r}")
            if self._taken and token["text"] is not None and token.end() == len(text):
                break  # more of the same cell may follow
            self._take(token)
            at = token.end()
        self._rest = text[at:]

    def _take(self, token: re.Match[str]) -> None:
        if token["text"] is not None:
            self._put(token["text"])
        elif token["style"] is not None:
            self._style = "" if token["style"] == "\x1b[0m" else token["style"]
        elif token["line"] is not None:
            self._y, self._x = int(token["line"]) - 1, int(token["column"]) - 1
        elif token["clipboard"] is not None:
            self.copied += 1
        elif token["plain"] is not None:
            self._plain(token["plain"])
        elif token["mode"] is not None:
            if token["mode"] not in _MODES | _PLAIN:
                raise Unexpected(f"the terminal was sent {token['mode']!r}")
            if token["mode"].startswith("\x1b[?1049"):
                self._taken = token["mode"].endswith("h")

    def _plain(self, sign: str) -> None:
        if not self._taken:
            self.outside += sign
        elif sign == "\r":
            self._x = 0
        elif sign == "\n":
            self._y += 1
            if self._y >= self.lines:
                self._y = self.lines - 1
                for grid, blank in ((self._cells, " "), (self._styles, "")):
                    del grid[0]
                    grid.append([blank] * self.columns)

    def _put(self, text: str) -> None:
        if found := obeyed(text):
            raise Unexpected(f"drawn as it is: {found[0]}")
        if not self._taken:
            self.outside += text
            return
        if not 0 <= self._y < self.lines:
            return  # painted for the size before this one
        if text.isascii():
            self._write(list(text))
        else:
            for start, end, width in split_graphemes(text)[0]:
                if width:
                    self._write([text[start:end], *[""] * (width - 1)])
                elif 0 < self._x <= self.columns:
                    self._cells[self._y][self._x - 1] += text[start:end]

    def _write(self, cells: list[str]) -> None:
        row, styles, start = self._cells[self._y], self._styles[self._y], self._x
        end = min(start + len(cells), self.columns)
        self._x += len(cells)
        if start >= self.columns:
            return
        if row[start] == "":  # the other half of a wide character that is written over
            at = start - 1
            while at >= 0 and row[at] == "":
                row[at], at = " ", at - 1
            if at >= 0:
                row[at] = " "
        at = end
        while at < self.columns and row[at] == "":
            row[at], at = " ", at + 1
        row[start:end] = cells[: end - start]
        styles[start:end] = [self._style] * (end - start)


def _may_go_on(text: str) -> bool:
    """Whether this may be the beginning of a sequence that has not come whole."""
    return re.fullmatch(r"\x1b(?:\[[?<>]?[\d;$]*|\]\d*|\](?:22|52);[A-Za-z0-9+/=;-]*)?", text) is not None
