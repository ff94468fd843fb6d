"""Random hands at the keyboard: keys of the whole table and all that a terminal can send beside them."""

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.hostile import TEXTS, huge
from tui.keys import ACTIONS, split_keys

_SENT = {
    "down": "\x1b[B", "up": "\x1b[A", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
    "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "enter": "\r", "tab": "\t", "shift+tab": "\x1b[Z", "escape": "\x1b",
    "space": " ", "slash": "/", "question_mark": "?", "colon": ":", "left_square_bracket": "[",
    "right_square_bracket": "]", "less_than_sign": "<", "greater_than_sign": ">",
}  # fmt: skip
QUITTING = ("q", "\x11")
_ELSEWHERE = ("guide", "\x07")
"""What leads from the library that is soaked to the sample."""


def sent(key: str) -> str:
    """What a terminal sends for a key of the table."""
    if key.startswith("ctrl+"):
        return chr(ord(key[-1]) & 31)
    return _SENT.get(key, key)


_TABLE = [sent(key) for action in ACTIONS for key in split_keys(action.keys) if action.id not in {"quit", *_ELSEWHERE}]
_EDITING = [
    *("\r", "\r", "\x1b", "\x1b", "\t", "\x1b[Z", "\x7f", "\x1b[3~", "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"),
    *("\x1b[H", "\x1b[F", "\x1b[5~", "\x1b[6~", "\x1b[1;2C", "\x1b[1;5D", "\x1b[1;2B", "\x1b[1;6A", " ", "y", "n"),
]
_CONTROL = [chr(number) for number in range(1, 32) if chr(number) not in (*QUITTING, *_ELSEWHERE)]
_FUNCTION = [f"\x1b[{number}~" for number in (11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24, 25, 34)] + [
    *("\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[1;5P", "\x1b[97;5u", "\x1b[27;2;13~", "\x1b[57414u", "\x1b[2~"),
]
_UNKNOWN = [
    *("\x1b[99~", "\x1b[?1;2c", "\x1b[>41;320;0c", "\x1b]11;rgb:0000/0000/0000\x07", "\x1bP1$r0m\x1b\\", "\x1b[3;4R"),
    *(
        "\x1b[?2026;2$y",
        "\x1b[?2048;0$y",
        "\x1b[1;2;3;4;5;6Z",
        "\x1b[",
        "\x1bO",
        "\x1b[<",
        "\x1b[<1;2",
        "\x1b_G;OK\x1b\\",
    ),
    *("\x1bj", "\x1bx", "\x1b[M !!", "\x1b[M\x60\x7f\x7f", "\x1b[200", "\x1b[201~", "\x7f\x00", "\x1b\x1b\x1b"),
    *("\xff", "\x80", "\x9b31m", "\xc3", "\U0010ffff", "\u202e", "\u200b", "\ufeff", "\u0301"),
]
_WORDS = [
    *(
        "tag:rl",
        "is:starred",
        "is:",
        "by:smith",
        "window cache",
        "windwosil",
        "-tag:old",
        '"open',
        "(a OR",
        "day:2025-11-28",
    ),
    *(
        "date:>2024",
        "sort:title",
        "agents",
        "old, new",
        "a note of mine",
        "e\u0301te\u0301",
        "視覚",
        "👩‍👩‍👧",
        "../x",
        "~/x",
    ),
    *("x.md", "2025-11-28", "9999-99-99", "[/b]", "*", "NEAR(", "\\", "%s", "ЯЖ", "مرحبا", "/etc/passwd", "/"),
]
_INVALID = [b"\xff", b"\x80\x80", b"\xc3(", b"\xf0\x9f\x91", b"caf\xe9 ", b"\x1b[M \xb4\xd2", b"\xed\xa0\x80"]
"""No UTF-8: a paste from elsewhere, an old mouse report, Meta keys of eight bits."""


class Stroke(NamedTuple):
    """One thing that the hands do: bytes to send, or another size for the terminal, or more of both."""

    kind: str
    data: bytes = b""
    size: tuple[int, int] | None = None
    keys: int = 1


class Hands:
    """An endless row of strokes, the same for the same seed."""

    def __init__(self, seed: int, page: str, *, quits: float) -> None:
        """`page`: a Daily Papers page to paste; `quits`: which share of the keys quits the app."""
        self.random = random.Random(seed)
        self._page = page
        self._quits = quits
        self.size = (170, 40)

    def __iter__(self) -> Iterator[Stroke]:
        kinds = {
            self._key: 60, self._edit: 16, self._word: 5, self._control: 3, self._function: 2, self._unknown: 1.5,
            self._mouse: 6, self._focus: 2, self._paste: 1.2, self._resize: 2, self._burst: 0.2, self._invalid: 0.3,
        }  # fmt: skip
        while True:
            if self.random.random() < self._quits:
                yield Stroke("quit", self._one(QUITTING).encode())
            else:
                [kind] = self.random.choices(list(kinds), list(kinds.values()))
                yield kind()

    def _one(self, among: Sequence[str]) -> str:
        return self.random.choice(among)

    def _key(self) -> Stroke:
        return Stroke("key", self._one(_TABLE).encode())

    def _edit(self) -> Stroke:
        return Stroke("edit", self._one(_EDITING).encode())

    def _word(self) -> Stroke:
        word = self._one(_WORDS)
        return Stroke("word", word.encode(), keys=len(word))

    def _control(self) -> Stroke:
        return Stroke("control", self._one(_CONTROL).encode())

    def _function(self) -> Stroke:
        return Stroke("function", self._one(_FUNCTION).encode())

    def _unknown(self) -> Stroke:
        return Stroke("unknown", self._one(_UNKNOWN).encode())

    def _invalid(self) -> Stroke:
        return Stroke("no UTF-8", self.random.choice(_INVALID))

    def _focus(self) -> Stroke:
        return Stroke("focus", self._one(("\x1b[I", "\x1b[O", "\x1b[O\x1b[I")).encode())

    def _mouse(self) -> Stroke:
        columns, lines = self.size
        x, y = self.random.randint(1, columns), self.random.randint(1, lines)
        to_x, to_y = self.random.randint(1, columns), self.random.randint(1, lines)
        far = self.random.choice((0, 5000, -3))
        reports = (
            f"\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m",
            f"\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m" * 2,
            f"\x1b[<0;{x};{y}M\x1b[<32;{to_x};{to_y}M\x1b[<0;{to_x};{to_y}m",
            f"\x1b[<35;{x};{y}M",
            f"\x1b[<64;{x};{y}M" * 3,
            f"\x1b[<65;{x};{y}M" * 3,
            f"\x1b[<2;{x};{y}M\x1b[<2;{x};{y}m",
            f"\x1b[<0;{far};{far}M",
        )
        return Stroke("mouse", self._one(reports).encode())

    def _paste(self) -> Stroke:
        pasted = self.random.choices(
            (
                self._page,
                self._page[: self.random.randint(1, 4000)],
                self._one([*TEXTS.values()]),
                "one line",
                self._far(),
            ),
            (2, 3, 8, 2, 0.5),
        )[0]
        # A terminal takes Escape out of what it pastes, or else the paste would end where its text says so.
        text = pasted.replace("\x1b", "").encode(errors="replace")
        return Stroke("paste", b"\x1b[200~" + text + (b"\x1b[201~" if self.random.random() < 0.9 else b""))

    def _far(self) -> str:
        return self._one([*huge(100_000).values()])

    def _resize(self) -> Stroke:
        self.size = (self.random.randint(10, 300), self.random.randint(5, 100))
        if self.random.random() < 0.5:  # sizes that people have
            self.size = self.random.choice(((80, 24), (120, 30), (170, 40), (59, 19), (160, 20), (110, 60)))
        return Stroke("resize", size=self.size)

    def _burst(self) -> Stroke:
        return Stroke("resizes", size=(self.random.randint(10, 300), self.random.randint(5, 100)), keys=10)
