"""One word as typed: what may be meant by it, how to ask FTS5 for that, and how well a text has it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from store.spelling import tokens
from store.vocabulary import Lexicon, Misspelling

EXACT: Final = 1.0
JOINED: Final = 0.95
BEGINNING: Final = 0.85
TYPOS: Final = (BEGINNING, 0.7, 0.55)
"""By the number of typos; without any, another spelling of the same word: other accents."""
BEGINNING_TYPOS: Final = (BEGINNING, 0.52, 0.4)

MOST_SPELLINGS: Final = 64
MOST_BEGINNINGS: Final = 24
MOST_COMPLETIONS: Final = 24


class Text:
    """A text to be matched: its words, and all of them as one string with spaces around each."""

    def __init__(self, text: str) -> None:
        self.words = tokens(text)
        self.line = f" {' '.join(self.words)} "


@dataclass(frozen=True, slots=True)
class Term:
    """What may be meant by a word as typed, or by two that may be one."""

    text: str
    spellings: dict[str, float]
    """Words that may be meant, and how good each is."""
    beginnings: tuple[tuple[str, float], ...]
    """Likewise beginnings of words."""
    apart: tuple[tuple[str, str], ...]
    """Pairs of words that make `text`; the second may be a beginning."""
    completions: tuple[str, ...]
    """Some words that begin with `text`, for where FTS5 would take too long to find them all."""
    span: int = 1
    """How many of the words typed this is."""
    exists: bool = True
    """Whether any word of the library is this one, begins so, or is but a typo away."""

    def how(self, text: Text) -> float:
        """How well the text has the word, from 1 (exactly) to 0 (not at all)."""
        line = text.line
        if f" {self.text} " in line:
            return EXACT
        if any(f" {one} {other}" in line for one, other in self.apart):
            return JOINED
        if f" {self.text}" in line:
            return BEGINNING
        best = max((self.spellings[word] for word in self.spellings.keys() & set(text.words)), default=0.0)
        for beginning, how in self.beginnings:
            if how > best and f" {beginning}" in line:
                best = how
        return best

    def matched(self, text: Text) -> set[str]:
        """The words of the text that have it in any way."""
        starts = (self.text, *(beginning for beginning, _ in self.beginnings))
        found = {word for word in text.words if word in self.spellings or word.startswith(starts)}
        for one, other in self.apart:
            if f" {one} {other}" in text.line:
                found |= {one, *(word for word in text.words if word.startswith(other))}
        return found

    def in_titles(self, *, typos: bool) -> str:
        """The FTS5 expression for it over short texts; with `typos` all that may be meant."""
        parts = [f"{quoted(self.text)} *", *(f"{quoted(one, other)} *" for one, other in self.apart)]
        parts += self._others(typos=typos)
        if typos:
            parts += [f"{quoted(beginning)} *" for beginning, _ in self.beginnings]
        return f"({' OR '.join(parts)})"

    def in_texts(self, *, typos: bool) -> str:
        """The same over abstracts, where a beginning has too many papers: some of the words that begin so."""
        parts = [quoted(word) for word in (self.text, *self.completions)]
        parts += [quoted(one, other) for one, other in self.apart]
        parts += self._others(typos=typos)
        return f"({' OR '.join(parts)})"

    def _others(self, *, typos: bool) -> Iterable[str]:
        return [quoted(word) for word, how in self.spellings.items() if typos or how >= BEGINNING]


def meant_by(text: str, lexicons: Sequence[Lexicon], *, beginnings: bool) -> Term:
    """What may be meant by a word; with `beginnings`, also typos in the beginning of a longer one."""
    spellings: dict[str, float] = {}
    starts: dict[str, float] = {}
    completions: set[str] = set()
    misspelt: list[Misspelling] = []
    for lexicon in lexicons:
        spellings |= dict.fromkeys(lexicon.spelt_otherwise(text)[:MOST_SPELLINGS], BEGINNING)
        completions.update(lexicon.completions(text, MOST_COMPLETIONS))
        misspelt += lexicon.misspelt(text)
        if beginnings:
            starts |= {other: BEGINNING_TYPOS[typos] for other, typos in lexicon.misspelt_beginnings(text)}
    for other, typos in sorted(misspelt, key=lambda other: other.typos)[:MOST_SPELLINGS]:
        spellings.setdefault(other, TYPOS[typos])
    best = sorted(starts.items(), key=lambda start: -start[1])
    return Term(
        text,
        spellings,
        tuple(best[:MOST_BEGINNINGS]),
        tuple(_apart(text, lexicons)),
        tuple(sorted(completions - {text}, key=len)[:MOST_COMPLETIONS]),
        exists=bool(spellings or completions or _has(lexicons, text)),
    )


def _apart(text: str, lexicons: Sequence[Lexicon]) -> Iterable[tuple[str, str]]:
    """The ways to write a word as two of the library's: `kvcache` as `kv cache`, `gpt4` as `gpt 4`."""
    for cut in range(1, len(text)):
        one, other = text[:cut], text[cut:]
        if (len(one) < 2 or len(other) < 2) and one[-1].isdigit() == other[0].isdigit():
            continue
        if _has(lexicons, one) and any(lexicon.begins(other) for lexicon in lexicons):
            yield one, other


def _has(lexicons: Sequence[Lexicon], word: str) -> bool:
    return any(word in lexicon for lexicon in lexicons)


def all_of(expressions: Iterable[str]) -> str:
    """The FTS5 expression for what matches all of these."""
    return " AND ".join(expressions)


def quoted(*words: str) -> str:
    """A string or phrase of FTS5's; words are letters and digits only, so nothing in them needs escaping."""
    return f'"{" ".join(words)}"'
