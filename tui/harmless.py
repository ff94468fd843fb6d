"""The last thing that every line of the app goes through: what a terminal would obey is not on it any more.

Widgets draw what the library gives, which is safe already (`store.text.safe`), and what a person wrote, as
`store.harmless` has it. This is for what comes to the screen in any other way.
"""

import re
from typing import Final

from rich.cells import cell_len, split_graphemes
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from store.harmless import OBEYED

_MARK: Final = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_MARKS: Final = re.compile(f"({_MARK}{{6}}){_MARK}+")
"""More marks on one letter than any script puts there: they would run over the lines above and below."""


_FILLERS: Final = re.compile("[\u3164\uffa0]")
"""No column to Rich, and two or one to a terminal: the rest of the line would be moved."""


_JOINS: Final = re.compile("[\u200d\ufe0f]")
_EMOJI: Final = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff]")


class Harmless(LineFilter):
    """Leaves out of a line what a terminal would obey, and what terminals give another width than Textual. What is left
    has the width of all: a sign stands in for half a surrogate, a space for what an emoji would be wider. So no line
    grows or shrinks."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 (Textual's signature)
        """The segments of a line, each with text that can be sent to the terminal."""
        if all(text.isascii() and text.isprintable() for text, _, _ in segments):
            return segments
        return [Segment(_drawn(text), style, control) for text, style, control in segments]


def _drawn(text: str) -> str:
    text = _MARKS.sub(r"\1", _FILLERS.sub("", OBEYED.sub(_sign, text)))
    if not _JOINS.search(text):
        return text
    return "".join(_alone(text[start:end], width) for start, end, width in split_graphemes(text)[0])


def _alone(sign: str, width: int) -> str:
    """A sign without what selects an emoji's picture, and the first of the emoji that are joined to one, such as a
    family. Terminals disagree on how wide these are, and where a dialog's edge cuts one, Textual (8.2) sends a part of
    it that is wider than it thinks. Spaces fill the place up.
    """
    first = sign.partition("\u200d")[0] if _EMOJI.match(sign) else sign
    plain = first.replace("\ufe0f", "")
    return plain + " " * (width - cell_len(plain))


def _sign(match: re.Match[str]) -> str:
    return "\N{REPLACEMENT CHARACTER}" if "\ud800" <= match[0] <= "\udfff" else ""
