"""The vocabulary of a library as of its last commit, in memory, and what has been looked up in it."""

import math
import sqlite3
from bisect import bisect_right
from itertools import accumulate
from typing import Final

from store.database import words as database
from store.database.words import Learned
from store.lexicon import Lexicon
from store.matching import Term

MOST_RECENT: Final = 20_000
"""New words that are kept beside the bulk of the vocabulary; with more, all of it is read again."""

MOST_TERMS: Final = 512
"""Looked-up words that are kept: a person types the same ones key by key."""

LONGEST_TITLE: Final = 20
"""Words of a title from which on the index tells no more apart (`store.schema`)."""


class Vocabulary:
    """The words of one state of the library, and what has been looked up in them."""

    def __init__(self, bulk: Lexicon, recent: Lexicon, first: int, learned: Learned) -> None:
        self.bulk = bulk
        self.first = first
        """The id of the newest word in `bulk`; all newer ones are in the second lexicon."""
        self.learned = learned
        self._lexicons = (bulk, recent)
        self._terms: dict[tuple[str, bool, int], Term] = {}
        self._rarity: dict[str, float] = {}
        self._shares: list[float] = []

    @classmethod
    def read(cls, connection: sqlite3.Connection, learned: Learned, former: "Vocabulary | None") -> "Vocabulary":
        """The library's vocabulary, with as much of the former one as still holds."""
        if former is None or learned.word - former.first > MOST_RECENT:
            bulk, first = Lexicon(database.all_words(connection, learned.word)), learned.word
        else:
            bulk, first = former.bulk, former.first
        return cls(bulk, Lexicon(database.recent_words(connection, first, learned.word)), first, learned)

    def term(self, text: str, *, last: bool, span: int = 1) -> Term:
        """What may be meant by a word; the last one typed may be the misspelt beginning of a longer one."""
        key = (text, last, span)
        if key not in self._terms:
            if len(self._terms) >= MOST_TERMS:
                self._terms.clear()
            self._terms[key] = Term(text, self._lexicons, last=last, span=span)
        return self._terms[key]

    def rarity(self, connection: sqlite3.Connection, words: set[str]) -> dict[str, float]:
        """The weight of each word: more for one in few titles."""
        known = self._rarity if len(self._rarity) < MOST_TERMS else {}
        if unknown := words - known.keys():
            titles = database.count_titles(connection)
            counts = database.in_titles(connection, unknown)
            known |= {word: math.log(1 + titles / (1 + counts.get(word, 0))) for word in unknown}
        self._rarity = known
        return {word: known[word] for word in words}

    def sizes(self, connection: sqlite3.Connection, share: float) -> range:
        """Which numbers of words the titles have that are no more than this share of all, the shortest ones."""
        if not self._shares:
            counts = database.in_titles(connection, (f"n{size}" for size in range(1, LONGEST_TITLE + 1)))
            running = accumulate(counts.get(f"n{size}", 0) for size in range(1, LONGEST_TITLE + 1))
            self._shares = [titles / database.count_titles(connection) for titles in running]
        return range(1, max(2, bisect_right(self._shares, share) + 2))
