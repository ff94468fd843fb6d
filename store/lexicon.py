"""The words of the library in memory: which of them a person may have meant by what was typed.

No SQL and no ranking: `store.database.words` reads the words, `store.search` weighs what they find.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from heapq import nsmallest
from typing import Final, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from store.spelling import UNSPACED, plain

_LAST: Final = chr(0x10FFFF)


def allowed_typos(word: str) -> int:
    """How many typos are forgiven in a word: one from 4 letters, two from 8."""
    return (len(word) >= 4) + (len(word) >= 8)


class Misspelling(NamedTuple):
    """What may have been meant, and how many typos away it is."""

    text: str
    typos: int


class Lexicon:
    """Different words, looked up by spelling. Never changed once made: any thread may use it.

    `words` are folded (`store.spelling.fold`), in alphabetical order, each with a number: the lower, the more common.
    """

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        self._words: list[str] = []
        self._numbers = array("q")
        self._alike: defaultdict[str, list[str]] = defaultdict(list)
        self._plain: defaultdict[str, list[str]] = defaultdict(list)
        self._unspaced: list[str] = []
        for word, number in words:
            self._words.append(word)
            self._numbers.append(number)
            self._alike[_start(word, len(word))].append(word)
            self._alike[_end(word, len(word))].append(word)
            if not word.isascii():
                self._plain[plain(word)].append(word)
                if UNSPACED.search(word):
                    self._unspaced.append(word)
        self._lines = "\n".join(("", *self._words, ""))
        self._letters = {letter for word in self._plain for letter in word if not UNSPACED.match(letter)}

    def __contains__(self, word: str) -> bool:
        at = bisect_left(self._words, word)
        return at < len(self._words) and self._words[at] == word

    def begins(self, beginning: str) -> bool:
        """Whether any word starts so."""
        at = bisect_left(self._words, beginning)
        return at < len(self._words) and self._words[at].startswith(beginning)

    def number(self, word: str) -> int:
        """The number of a word that there is."""
        return self._numbers[bisect_left(self._words, word)]

    def completions(self, beginning: str, limit: int) -> list[tuple[int, str]]:
        """The most common of the words that start so and go on, with their numbers."""
        low, high = self._range(beginning)
        low += low < high and self._words[low] == beginning
        return nsmallest(limit, zip(self._numbers[low:high], self._words[low:high], strict=True))

    def spelt_otherwise(self, word: str) -> list[str]:
        """The words that differ from this one in accents only, or contain it where a script has no spaces."""
        found = [other for other in self._plain.get(plain(word), ()) if other != word]
        if self._unspaced and UNSPACED.search(word):
            found += [other for other in self._unspaced if word in other and other != word]
        return found

    def misspelt(self, word: str) -> list[Misspelling]:
        """The words at most `allowed_typos` away, fewest typos first, but not the word itself.

        A typo is a letter too many, too few or wrong, or two neighbours swapped; a word of three letters may have lost
        one. Few words are compared: the first two letters are right, or the last two; or, with two typos and where
        that finds nothing, what is between.
        """
        typos = allowed_typos(word) or int(len(word) == 3)
        near: list[str] = []
        for size in range(max(len(word) - typos, 4), len(word) + typos + 1) if typos else ():
            near += self._alike.get(_start(word, size), ())
            near += self._alike.get(_end(word, size), ())
        if len(word) == 4 and (swapped := word[0] + word[2] + word[1] + word[3]) in self:
            near.append(swapped)
        close = _close(word, near, typos)
        if not close and typos == 2:
            close = _close(word, self._around(word[3:-3] if len(word) > 8 else word[2:-2]), typos)
        return close

    def misspelt_beginnings(self, word: str) -> list[Misspelling]:
        """The beginnings of words at most `allowed_typos` away, fewest typos first; none starts with another.

        The letter typed last is right, or swapped with the one before: `lear` is no misspelt beginning of `leave`,
        it may still become `learn`. Of typos in the first two letters one is forgiven.
        """
        typos = allowed_typos(word)
        if not typos:
            return []
        starting = self._starting(word[:2])
        found = {early: 1 for early in self._early_typos(word) if self.begins(early)}
        for size in range(len(word) - typos, len(word) + typos + 1):
            cut = {other[:size] for other in starting if len(other) >= size}
            for other, distance, _ in process.extract(word, cut, scorer=OSA.distance, score_cutoff=typos, limit=None):
                if distance and (other[-1] == word[-1] or other[-2:] == word[-1] + word[-2]):
                    found[other] = min(distance, found.get(other, typos))
        kept: list[Misspelling] = []
        for text, distance in sorted(found.items(), key=lambda item: (item[1], len(item[0]))):
            if not text.startswith((word, *(other.text for other in kept))):
                kept.append(Misspelling(text, distance))
        return kept

    def _range(self, beginning: str) -> tuple[int, int]:
        low = bisect_left(self._words, beginning)
        return low, bisect_right(self._words, beginning + _LAST, lo=low)

    def _starting(self, beginning: str) -> Sequence[str]:
        low, high = self._range(beginning)
        return self._words[low:high]

    def _around(self, middle: str) -> Iterable[str]:
        """The words that contain `middle`."""
        lines = self._lines
        at = lines.find(middle)
        while at >= 0:
            end = lines.index("\n", at)
            yield lines[lines.rindex("\n", 0, at) + 1 : end]
            at = lines.find(middle, end)

    def _early_typos(self, word: str) -> set[str]:
        """What the beginning may be if one of its first two letters is wrong, missing, too many or swapped."""
        one, two, rest = word[0], word[1], word[2:]
        letters: Iterable[str] = "abcdefghijklmnopqrstuvwxyz0123456789"
        if not word.isascii():
            letters = (letter for letter in self._letters if ord(letter) >> 8 == ord(word[-1]) >> 8)
        wrong = {two + rest, one + rest, two + one + rest, one + rest[0] + two + rest[1:]}
        for letter in letters:
            wrong |= {letter + two + rest, one + letter + rest, letter + word, one + letter + two + rest}
        return wrong - {word}


def _start(word: str, size: int) -> str:
    """What words of a size have in common that start as this one."""
    return f"{word[:2]} {size}"


def _end(word: str, size: int) -> str:
    """What words of a size have in common that end as this one."""
    return f"{size} {word[-2:]}"


def _close(word: str, others: Iterable[str], typos: int) -> list[Misspelling]:
    close = process.extract(word, list(others), scorer=OSA.distance, score_cutoff=typos, limit=None)
    return list(dict.fromkeys(Misspelling(other, distance) for other, distance, _ in close if distance))
