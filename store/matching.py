"""One word as typed: what may be meant by it, how to ask FTS5 for that, and how well a text has it."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from heapq import nsmallest
from itertools import islice
from typing import Final

from store.lexicon import Lexicon
from store.spelling import tokens

EXACT: Final = 1.0
JOINED: Final = 0.95
BEGINNING: Final = 0.85
TYPOS: Final = (BEGINNING, 0.7, 0.55)
BEGINNING_TYPOS: Final = (BEGINNING, 0.52, 0.4)
"""How good a word is as an answer to the one typed, the last two by the number of typos."""

MOST_SPELLINGS: Final = 48
MOST_BEGINNINGS: Final = 16
MOST_COMPLETIONS: Final = 10
"""How many words, or beginnings, are looked for in place of one."""


class Text:
    """A text to be matched: its words, and all of them as one string with spaces around each."""

    def __init__(self, text: str) -> None:
        self.words = tokens(text)
        self.line = f" {' '.join(self.words)} "


class Term:
    """What may be meant by a word as typed, or by two that may be one. Worked out when it is asked for, and kept.

    `span` is how many of the words typed this is; `last` whether the last of them, which may go on.
    """

    def __init__(self, text: str, lexicons: Sequence[Lexicon], *, last: bool, span: int = 1) -> None:
        self.text = text
        self.span = span
        self._last = last
        self._lexicons = lexicons

    @property
    def exists(self) -> bool:
        """Whether it is a word, or the beginning of one."""
        return any(lexicon.begins(self.text) for lexicon in self._lexicons)

    @cached_property
    def spelt_otherwise(self) -> tuple[str, ...]:
        """The words that are the same but for accents, or have it in a script without spaces."""
        found = (other for lexicon in self._lexicons for other in lexicon.spelt_otherwise(self.text))
        return tuple(islice(found, MOST_SPELLINGS))

    @cached_property
    def misspelt(self) -> dict[str, float]:
        """The words that may be meant if there are typos, and how good each is."""
        found = (
            (other.typos, lexicon.number(other.text), other.text)
            for lexicon in self._lexicons
            for other in lexicon.misspelt(self.text)
        )
        return {other: TYPOS[typos] for typos, _, other in nsmallest(MOST_SPELLINGS, found)}

    @cached_property
    def beginnings(self) -> dict[str, float]:
        """Likewise the beginnings of longer words, of the last word typed only."""
        if not self._last:
            return {}
        found = sorted(
            (other.typos, other.text) for lexicon in self._lexicons for other in lexicon.misspelt_beginnings(self.text)
        )
        return {other: BEGINNING_TYPOS[typos] for typos, other in reversed(found[:MOST_BEGINNINGS])}

    @cached_property
    def apart(self) -> tuple[tuple[str, str], ...]:
        """The ways to write it as two of the library's words: `kvcache` as `kv cache`, `gpt4` as `gpt 4`."""
        return () if self.span > 1 else tuple(self._cuts())

    @cached_property
    def completions(self) -> tuple[str, ...]:
        """The most common words that begin so, unless it is a word itself and not the last one typed."""
        if not self._last and self._has(self.text):
            return ()
        found = (other for lexicon in self._lexicons for other in lexicon.completions(self.text, MOST_COMPLETIONS))
        return tuple(word for _, word in nsmallest(MOST_COMPLETIONS, found))

    def how(self, text: Text, *, typos: bool) -> float:
        """How well the text has the word, from 1 (exactly) to 0 (not at all)."""
        line = text.line
        if f" {self.text}" in line:
            if f" {self.text} " in line:
                return EXACT
            if not self.apart:
                return BEGINNING
        for one, other in self.apart:
            if f" {one} {other}" in line:
                return JOINED
        if f" {self.text}" in line:
            return BEGINNING
        for other in self.spelt_otherwise:
            if f" {other} " in line:
                return BEGINNING
        best = 0.0
        if typos:
            misspelt = self.misspelt
            for word in text.words:
                if word in misspelt and misspelt[word] > best:
                    best = misspelt[word]
            for beginning, how in self.beginnings.items():
                if how > best and f" {beginning}" in line:
                    best = how
        return best

    def matched(self, text: Text, *, typos: bool) -> set[str]:
        """The words of the text that have it in any way."""
        starts = (self.text, *(self.beginnings if typos else ()))
        same = {*self.spelt_otherwise, *(self.misspelt if typos else ())}
        found = {word for word in text.words if word in same or word.startswith(starts)}
        for one, other in self.apart:
            if f" {one} {other}" in text.line:
                found |= {one, *(word for word in text.words if word.startswith(other))}
        return found

    def in_titles(self, *, typos: bool) -> str:
        """The FTS5 expression for it over short texts."""
        parts = [f"{quoted(word)} *" for word in (self.text, *(self.beginnings if typos else ()))]
        parts += [f"{quoted(*pair)} *" if self._last else quoted(*pair) for pair in self.apart]
        parts += map(quoted, (*self.spelt_otherwise, *(self.misspelt if typos else ())))
        return f"({' OR '.join(parts)})"

    def in_texts(self, *, typos: bool) -> str:
        """The same over abstracts, where a beginning stands in too many: the most common words that begin so."""
        words = [self.text, *self.completions, *self.spelt_otherwise, *(self.misspelt if typos else ())]
        parts = [*map(quoted, words), *(quoted(*pair) for pair in self.apart if self._has(pair[1]))]
        return f"({' OR '.join(parts)})"

    def _has(self, word: str) -> bool:
        return any(word in lexicon for lexicon in self._lexicons)

    def _cuts(self) -> Iterator[tuple[str, str]]:
        for cut in range(1, len(self.text)):
            one, other = self.text[:cut], self.text[cut:]
            # A single letter is no half of a word, except beside a digit.
            if min(len(one), len(other)) < 2 and one[-1].isdigit() == other[0].isdigit():
                continue
            begins = self._last and any(lexicon.begins(other) for lexicon in self._lexicons)
            if self._has(one) and (begins or self._has(other)):
                yield one, other


def all_of(expressions: Iterable[str]) -> str:
    """The FTS5 expression for what matches all of these."""
    return " AND ".join(expressions)


def quoted(*words: str) -> str:
    """A string or phrase of FTS5's; words are letters and digits only, so nothing in them needs escaping."""
    return f'"{" ".join(words)}"'
