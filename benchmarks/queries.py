"""Known-item queries: three words of a paper's title, as they are, misspelt, or cut short.

Whoever types them has one paper in mind; the question is whether it is among the first ten.
"""

import sqlite3
import string
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final, Literal, NamedTuple, get_args

from store.spelling import tokens

Kind = Literal["clean", "one typo", "a typo in every word", "word beginnings"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

WORDS: Final = 3
SHORTEST: Final = 4
"""Letters of the shortest word taken: shorter ones say nothing about a paper."""


class KnownItem(NamedTuple):
    """A query and the paper that it is for."""

    text: str
    paper: int


def known_items(path: Path, kind: Kind, number: int, seed: int) -> Iterator[KnownItem]:
    """That many queries for papers of the library at `path`, drawn at random."""
    random = Random(f"{seed} {kind}")
    connection = sqlite3.connect(path)
    last = connection.execute("SELECT max(id) FROM papers").fetchone()[0]
    while number:
        paper = random.randint(1, last)
        row = connection.execute("SELECT title FROM papers WHERE id = ?", (paper,)).fetchone()
        words = [word for word in dict.fromkeys(tokens(row[0] if row else "")) if len(word) >= SHORTEST]
        if len(words) < WORDS:
            continue
        chosen = sorted(random.sample(range(len(words)), WORDS))
        yield KnownItem(" ".join(_spoilt(random, kind, [words[place] for place in chosen])), paper)
        number -= 1
    connection.close()


def _spoilt(random: Random, kind: Kind, words: list[str]) -> list[str]:
    if kind == "one typo":
        place = random.randrange(len(words))
        words[place] = with_typo(random, words[place])
    elif kind == "a typo in every word":
        words = [with_typo(random, word) for word in words]
    elif kind == "word beginnings":
        words = [word[: max(SHORTEST, round(len(word) * random.uniform(0.5, 0.8)))] for word in words]
    return words


def with_typo(random: Random, word: str) -> str:
    """The word with one letter too many, too few or wrong, or two neighbours swapped: anywhere, the first included."""
    while True:
        at = random.randrange(len(word))
        letter = random.choice(string.ascii_lowercase)
        typo = random.choice(
            (
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
            )
        )
        if typo != word:
            return typo
