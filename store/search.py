"""Typo-tolerant search: words as typed -> the papers most likely meant, best first.

How it works. Each word typed is looked up in the vocabulary (`store.vocabulary`), which says what may have been
meant by it; FTS5 (`store.database.words`) says which papers have such words; the few hundred papers that come back
are scored. Four stages, each run only while there are not enough papers yet:

1. titles that have every word, exactly, as a beginning, or joined and apart (`kvcache`, `kv cache`);
2. titles that have every word, typos forgiven; and papers that have some of the words in their tags or note;
3. papers that have every word somewhere, first without typos, then with;
4. papers that lack one of the words: where no paper has all of them without a typo. They come below the others.

The score of a paper is the mean over the words typed of *where* times *how*, each word weighted by its rarity:

    where   title 1, tags and note 0.8, abstract, authors and organization 0.5
    how     exact 1, joined or apart 0.95, beginning 0.85, one typo 0.7, two 0.55, beginning with typos 0.52
    rarity  log(1 + titles / titles with the word)

to which a share of COVERAGE is added for the part of the title that the words cover. What is still equal stands
newest first.
"""

import math
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

from store.database import words as database
from store.database.words import Headline, Within
from store.entries import Found
from store.matching import BEGINNING, Term, Text, all_of, meant_by, quoted
from store.spelling import tokens
from store.vocabulary import Lexicon

if TYPE_CHECKING:
    from store.database.select import Condition

TITLE: Final = 1.0
MARKS: Final = 0.8
TEXT: Final = 0.5
COVERAGE: Final = 0.03

CANDIDATES: Final = 300
"""How many papers of one stage are looked at."""

TEXT_CANDIDATES: Final = 100
"""Likewise where abstracts have to be read."""

SIZES: Final = (range(1, 5), range(5, 7), range(7, 9), range(9, 12), range(12, 21))
"""Numbers of words in a title, to be asked for one after another: short titles are covered best."""

MOST_MARKED: Final = 3
"""Of how many words it is tried whether they stand in tags and notes."""

FEW_WORDS: Final = 5
ENOUGH: Final = 10
RECENT_WORDS: Final = 20_000
MOST_TERMS: Final = 512
MOST_WORDS: Final = 12
LONGEST_WORD: Final = 40

Reading = tuple[Term, ...]
"""One way to read what was typed: each word for itself, or two of them as one."""


class Scored(NamedTuple):
    """A paper and how well it fits."""

    headline: Headline
    missing: int
    """How many of the words typed it lacks."""
    sure: bool
    """Whether it has every word, none by a typo."""
    score: float


class Vocabulary(NamedTuple):
    """The words of one state of the library, and what has been looked up in them."""

    papers: tuple[Lexicon, ...]
    """The bulk of the words, and those that have come since."""
    marks: Lexicon
    generation: tuple[int, int, int]
    newest: int
    """The id of the newest word in `papers`; `bulk` of the newest one in the first lexicon."""
    bulk: int
    terms: dict[tuple[str, bool], Term]

    def term(self, text: str, *, last: bool) -> Term:
        """What may be meant by a word; the last one typed may be the misspelt beginning of a longer one."""
        key = (text, last)
        if key not in self.terms:
            if len(self.terms) >= MOST_TERMS:
                self.terms.clear()
            self.terms[key] = meant_by(text, (*self.papers, self.marks), beginnings=last)
        return self.terms[key]

    def in_marks(self, term: Term) -> bool:
        """Whether any tag or note may have what the term means."""
        return (
            self.marks.begins(term.text)
            or any(word in self.marks for word in term.spellings)
            or any(self.marks.begins(beginning) for beginning, _ in term.beginnings)
            or any(one in self.marks for one, _ in term.apart)
        )


class Searcher:
    """Searches one library for any thread; what it keeps in memory is the vocabulary, read by the first search."""

    def __init__(self) -> None:
        self._reading = Lock()
        self._vocabulary: Vocabulary | None = None

    def warm_up(self, connection: sqlite3.Connection) -> None:
        """Read the vocabulary, if it is not yet or no longer the library's."""
        self._current(connection)

    def find(
        self, connection: sqlite3.Connection, text: str, limit: int, condition: "Condition | None" = None
    ) -> Found:
        """The papers most likely meant by `text` (plain words), best first, at most `limit`.

        `condition` narrows the search: an SQL expression over `papers p LEFT JOIN states s ON s.paper = p.id`.
        """
        typed = [word[:LONGEST_WORD] for word in dict.fromkeys(tokens(text))]
        if len(typed) > MOST_WORDS:
            typed = sorted(sorted(typed, key=len)[-MOST_WORDS:], key=typed.index)
        if not typed or limit < 1:
            return Found((), ())
        vocabulary = self._current(connection)
        narrowed = database.within(connection, condition.sql, condition.parameters) if condition else Within()
        return _Search(connection, vocabulary, typed, limit, narrowed).run()

    def _current(self, connection: sqlite3.Connection) -> Vocabulary:
        """The vocabulary as of the last commit."""
        with self._reading:
            generation = database.generation(connection)
            if self._vocabulary is None or self._vocabulary.generation != generation:
                self._vocabulary = _read(connection, self._vocabulary, generation)
            return self._vocabulary


def _read(connection: sqlite3.Connection, former: Vocabulary | None, generation: tuple[int, int, int]) -> Vocabulary:
    """The library's vocabulary, with as much of the former one as still holds."""
    if former is None or generation[0] - former.bulk > RECENT_WORDS:
        words, newest = database.all_words(connection)
        lexicons: tuple[Lexicon, ...] = (Lexicon(words),)
        bulk = newest
    elif generation[:2] != former.generation[:2]:
        recent, newest = database.all_words(connection, after=former.bulk)
        unlearned = database.unlearned(connection)
        bulk = former.bulk
        lexicons = (former.papers[0], Lexicon(sorted(unlearned.union(recent))))
    else:
        lexicons, newest, bulk = former.papers, former.newest, former.bulk
    if former is None or generation[2] != former.generation[2]:
        marks = Lexicon(database.marks_words(connection))
    else:
        marks = former.marks
    return Vocabulary(lexicons, marks, generation, newest, bulk, {})


class _Search:
    """One search while it runs: which papers were found, and where to look at them."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        vocabulary: Vocabulary,
        typed: Sequence[str],
        limit: int,
        narrowed: Within,
    ) -> None:
        self.connection = connection
        self.vocabulary = vocabulary
        self.limit = limit
        self.narrowed = narrowed
        self.base: Reading = tuple(
            vocabulary.term(word, last=place == len(typed)) for place, word in enumerate(typed, start=1)
        )
        self.readings = (self.base, *self._joined())
        self.rarity = self._rarity()
        self.found: set[int] = set()
        self.found_in_texts: set[int] = set()

    def run(self) -> Found:
        """All stages, as far as they are needed."""
        self._find_in_titles(typos=False)
        if self._lacking:
            self._find_in_titles(typos=True)
        self._find_in_marks()
        if self._lacking:
            self._find_in_texts(typos=False)
        if self._lacking:
            self._find_in_texts(typos=True)
        scored = self._score(self.found)
        if not any(paper.sure for paper in scored):
            scored += self._score(self._all_but_one())
        scored.sort(key=lambda paper: (-paper.missing, paper.score, paper.headline.newness), reverse=True)
        best = [paper.headline for paper in scored[: self.limit]]
        return Found(tuple(headline.id for headline in best), self._words(best))

    @property
    def _lacking(self) -> bool:
        return len(self.found) < self.limit

    def _joined(self) -> Iterator[Reading]:
        """The readings in which two neighbours are one word that the library has."""
        for place in range(len(self.base) - 1):
            one, other = self.base[place : place + 2]
            together = self.vocabulary.term(one.text + other.text, last=place == len(self.base) - 2)
            if together.exists:
                yield (*self.base[:place], replace(together, apart=(), span=2), *self.base[place + 2 :])

    def _rarity(self) -> dict[str, float]:
        """The weight of each word."""
        titles = database.count_titles(self.connection)
        known = database.in_titles(self.connection, {term.text for reading in self.readings for term in reading})
        return {
            term.text: math.log(1 + titles / (1 + known.get(term.text, 0)))
            for reading in self.readings
            for term in reading
        }

    def _find_in_titles(self, *, typos: bool) -> None:
        for reading in self.readings:
            self.found.update(self._titles(all_of(term.in_titles(typos=typos) for term in reading)))
            if not typos and len(self.found) >= CANDIDATES:
                self.found.update(self._titles(all_of(quoted(term.text) for term in reading)))

    def _titles(self, expression: str) -> list[int]:
        """Papers whose titles match: all of them, or, where they are many, those with the shortest titles."""
        most = max(CANDIDATES, self.limit)
        ids = database.matching_titles(self.connection, expression, most, self.narrowed)
        if len(ids) < most:
            return ids
        shortest: list[int] = []
        for sizes in SIZES:
            left = most - len(shortest)
            shortest += database.matching_titles(self.connection, expression, left, self.narrowed, sizes)
            if len(shortest) >= most:
                break
        return shortest

    def _find_in_texts(self, *, typos: bool) -> None:
        for reading in self.readings:
            expression = all_of(term.in_texts(typos=typos) for term in reading)
            most = max(TEXT_CANDIDATES, self.limit)
            ids = database.matching_texts(self.connection, expression, most, self.narrowed)
            self.found_in_texts.update(set(ids) - self.found)
            self.found.update(ids)

    def _find_in_marks(self) -> None:
        """Papers that have some words in tags or note, and the others in their text."""
        marked = [term for term in self.base if self.vocabulary.in_marks(term)]
        for number in range(1, len(marked) + 1):
            for some in combinations(marked[:MOST_MARKED], number):
                rest = [term.in_texts(typos=True) for term in self.base if term not in some]
                ids = database.matching_marks(
                    self.connection,
                    all_of(term.in_titles(typos=True) for term in some),
                    all_of(rest) if rest else None,
                    max(TEXT_CANDIDATES, self.limit),
                    self.narrowed,
                )
                self.found_in_texts.update(set(ids) - self.found)
                self.found.update(ids)

    def _all_but_one(self) -> set[int]:
        """Papers that lack one word, in titles if there are any, else anywhere."""
        if len(self.base) < 2:
            return set()
        without = [[*self.base[:place], *self.base[place + 1 :]] for place in range(len(self.base))]
        typos = len(self.base) <= FEW_WORDS
        ids: set[int] = set()
        for terms in without:
            ids.update(self._titles(all_of(term.in_titles(typos=typos) for term in terms)))
        if len(ids) < ENOUGH:
            for terms in without:
                expression = all_of(term.in_texts(typos=False) for term in terms)
                more = database.matching_texts(self.connection, expression, TEXT_CANDIDATES, self.narrowed)
                self.found_in_texts.update(set(more) - self.found - ids)
                ids.update(more)
        return ids - self.found

    def _score(self, ids: set[int]) -> list[Scored]:
        marked = any(self.vocabulary.in_marks(term) for term in self.base)
        marks = database.marks(self.connection, ids) if marked else {}
        texts = database.texts(self.connection, ids & self.found_in_texts)
        scored = []
        for headline in database.headlines(self.connection, ids):
            places = [(TITLE, Text(headline.title))]
            if headline.id in marks:
                places.append((MARKS, Text(marks[headline.id])))
            if headline.id in texts:
                places.append((TEXT, Text(texts[headline.id])))
            scored.append(max((self._fit(headline, reading, places) for reading in self.readings), key=_fitness))
        return scored

    def _fit(self, headline: Headline, reading: Reading, places: list[tuple[float, Text]]) -> Scored:
        """How well a paper fits one reading; `places` are its texts and what a word in each is worth."""
        total = weights = 0.0
        missing = covered = 0
        sure = True
        for term in reading:
            best = how = 0.0
            for where, text in places:
                if best < where:
                    here = term.how(text)
                    if here * where > best:
                        best, how = here * where, here
                        covered += where == TITLE
            weight = self.rarity[term.text]
            total += weight * best
            weights += weight
            missing += term.span * (not best)
            sure = sure and how >= BEGINNING
        coverage = min(1, covered / (len(places[0][1].words) or 1))
        return Scored(headline, missing, sure, total / weights + COVERAGE * coverage)

    def _words(self, best: Iterable[Headline]) -> tuple[str, ...]:
        """The words to highlight: those of the titles found, and what may stand in the other texts."""
        terms = {term.text: term for reading in self.readings for term in reading}.values()
        words = {term.text for term in terms}
        for headline in best:
            title = Text(headline.title)
            words.update(*(term.matched(title) for term in terms))
        if self.found_in_texts:
            words.update(*(term.spellings for term in terms), *(term.completions for term in terms))
        return tuple(sorted(words))


def _fitness(paper: Scored) -> tuple[int, float]:
    return -paper.missing, paper.score
