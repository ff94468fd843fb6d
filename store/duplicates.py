"""Near duplicates: which rows of a library are worth comparing, and those that may be one paper, most likely first.

Never all with all: two rows are compared where they share something that few papers have. Rows with two arXiv ids are
two papers unless their abstracts say otherwise, so they are compared only where those have a part in common.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, groupby
from typing import Final, NamedTuple
from zlib import crc32

from rapidfuzz import fuzz

from store.database import pairs as database
from store.likeness import head, likeness, plain_key

MOST_SHARING: Final = 30
"""What more papers than this have in common tells nothing of any two of them."""

_PARTS: Final = 6
"""Of the sentences of an abstract, and their parts between commas: those whose checksums are the smallest, so that two
versions of it are likely to share one."""
_ENDS: Final = 16
"""Letters at the beginning and at the end of a title."""
_RARE_WORDS: Final = 4
_WORTH_IT: Final = 65
"""Of 100: titles that have less in common are not looked at further."""
_SHORTEST: Final = 30
"""Letters of such a part."""
_AT_ONCE: Final = 500
"""Pairs that are read and compared together."""
_SHELVES: Final = 64

Pair = tuple[int, int]
Sign = tuple[int, int]
"""The checksum of something that papers may have in common, and a paper that has it."""


class Near(NamedTuple):
    """Two papers that may be one; `one` is the older id."""

    one: int
    other: int
    score: float
    reason: str


def find(connection: sqlite3.Connection) -> list[Near]:
    """All pairs of papers that may be one, most likely first, but for those that the person told apart."""
    candidates = sorted((_by_abstracts(connection) | _by_titles(connection)) - database.apart(connection))
    found = []
    for start in range(0, len(candidates), _AT_ONCE):
        batch = candidates[start : start + _AT_ONCE]
        known = database.known(connection, {paper for pair in batch for paper in pair})
        for one, other in batch:
            if like := likeness(known[one], known[other]):
                found.append(Near(one, other, *like))
    return sorted(found, key=lambda near: (-near.score, near.one, near.other))


def _by_abstracts(connection: sqlite3.Connection) -> set[Pair]:
    """The pairs that share a part of their abstracts."""

    def signs() -> Iterator[Sign]:
        for paper, abstract in database.abstracts(connection):
            parts = abstract.lower().replace(", ", ". ").split(". ")
            for sign in sorted({crc32(part.encode()) for part in parts if len(part) > _SHORTEST})[:_PARTS]:
                yield sign, paper

    return set(_sharing(signs()))


def _by_titles(connection: sqlite3.Connection) -> set[Pair]:
    """The pairs whose titles have a rare part, and much on the whole, in common; one at least has no arXiv id."""
    headings = database.headings(connection)
    nameless = {heading.id for heading in headings if not heading.has_id}
    if not nameless:
        return set()
    titles = {heading.id: plain_key(heading.title, heading.title_key) for heading in headings}
    found = set(_sharing(_signs((heading.id, head(heading.title) or heading.title_key) for heading in headings)))
    for signs in (
        _signs((paper, key.replace(" ", "")[:_ENDS]) for paper, key in titles.items()),
        _signs((paper, key.replace(" ", "")[-_ENDS:]) for paper, key in titles.items()),
        _signs(_rare_words(titles)),
    ):
        for one, other in _sharing(signs):
            if (one in nameless or other in nameless) and fuzz.ratio(titles[one], titles[other]) >= _WORTH_IT:
                found.add((one, other))
    return {pair for pair in found if not nameless.isdisjoint(pair)}


def _rare_words(titles: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    """Each paper with every two of the rarest words of its title that stand in another title, too."""
    counts = Counter(word for key in titles.values() for word in set(key.split()))
    for paper, key in titles.items():
        words = sorted((counts[word], word) for word in set(key.split()) if counts[word] > 1)[:_RARE_WORDS]
        for (_, one), (_, other) in combinations(words, 2):
            yield paper, f"{one} {other}" if one < other else f"{other} {one}"


def _signs(texts: Iterable[tuple[int, str]]) -> Iterator[Sign]:
    return ((crc32(text.encode()), paper) for paper, text in texts)


def _sharing(signs: Iterable[Sign]) -> Iterator[Pair]:
    """The pairs of papers that have a sign in common which few have, the smaller id first; some come again."""
    # Each sign and its paper as one number, a third of the memory of tuples; sorted bit by bit, for as long as a sort
    # lasts no other thread gets a turn.
    shelves: list[list[int]] = [[] for _ in range(_SHELVES)]
    for sign, paper in signs:
        shelves[sign % _SHELVES].append(sign << 32 | paper)
    for shelf in shelves:
        shelf.sort()
        for _, group in groupby(shelf, key=lambda both: both >> 32):
            papers = [both & 0xFFFFFFFF for both in group]
            if 1 < len(papers) <= MOST_SHARING:
                yield from combinations(papers, 2)
