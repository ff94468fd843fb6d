"""Typo-tolerant search: words as typed -> the papers most likely meant, best first.

Each word typed is looked up in the vocabulary (`store.lexicon`), which says what may be meant by it; FTS5
(`store.database.words`) says which papers have such words; the few hundred papers that come back are scored. No step
looks at all papers. The steps, each taken only as far as there are too few papers yet:

1. titles, or title, tags and note together, that have every word: exactly, as a beginning, or joined and apart
   (`kvcache`, `kv cache`). Where very many do, the shortest titles are taken, those with exactly these words first;
2. the same with typos forgiven;
3. papers that have every word anywhere, first without typos, then with;
4. papers that lack one of the words, where no title has them all and no paper has them without a typo. They come
   below all others.

The score of a paper is the mean, over the words typed, of *where* times *how*, in which a word weighs its *rarity*:

    where   title 1, tags and note 0.8, abstract, authors and organization 0.5
    how     exact 1, joined or apart 0.95, a beginning 0.85, one typo 0.7, two 0.55, a beginning with typos 0.52, 0.4
    rarity  log(1 + titles / (1 + titles with the word))

To this are added 0.03 times the share of the title's words that are covered, and 0.004 times the share of the words
that stand side by side as they were typed. Of equals the newer comes first. The weights were set with
`benchmarks/search.py`.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

from store.database import words as database
from store.database.words import Headline, Within
from store.entries import Found
from store.matching import BEGINNING, JOINED, Term, Text, all_of, quoted
from store.spelling import tokens
from store.vocabulary import Vocabulary

if TYPE_CHECKING:
    from store.database.select import Condition

TITLE: Final = 1.0
MARKS: Final = 0.8
TEXT: Final = 0.5
COVERAGE: Final = 0.03
NEIGHBOURS: Final = 0.004

CANDIDATES: Final = 120
"""How many papers of one stage are looked at."""

TEXT_CANDIDATES: Final = 60
"""Likewise where abstracts have to be read."""

FREQUENT: Final = 0.15
"""The share of a library's papers among which there are CANDIDATES if there are too many among all to be compared."""

ENOUGH: Final = 3
"""With so many papers found that have every word as typed, none are looked for that have it but for typos."""

A_PAGE: Final = 10
"""With so many titles that lack one word, no abstracts are looked at."""

FEW_WORDS: Final = 5
"""Up to so many words typed, it is tried whether neighbours are one word, and with typos which one is too many."""

MOST_WORDS: Final = 12
LONGEST_WORD: Final = 40
"""Of more words the longest are taken, and of longer ones the beginning: nobody means more."""

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
        database.make_room(connection)
        with self._reading:
            learned = database.learned(connection)
            if self._vocabulary is None or self._vocabulary.learned != learned:
                self._vocabulary = Vocabulary.read(connection, learned, self._vocabulary)
            return self._vocabulary


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
        self.most = max(CANDIDATES, limit)
        self.narrowed = narrowed
        self.base: Reading = tuple(
            vocabulary.term(word, last=place == len(typed)) for place, word in enumerate(typed, start=1)
        )
        self.together = list(self._together()) if len(typed) <= FEW_WORDS else []
        self.readings = [self.base, *(reading for term, reading in self.together if term.exists)]
        self.typos = False
        self.found: set[int] = set()
        self.found_in_texts: set[int] = set()

    def run(self) -> Found:
        """All stages, as far as they are needed."""
        self._find_in_titles()
        self._find_in_marks()
        self.typos = self._few
        if self.typos:
            self._find_in_titles()
        if not self.found:
            self._find_in_marks()
        in_titles = bool(self.found)
        if len(self.found) < self.limit:
            self._find_in_texts(typos=False)
        if self._few:
            self._find_in_texts(typos=True)
        if not self.found:
            self._find_in_marks_and_texts()
        scored = self._score(self.found)
        if not in_titles and not any(paper.sure for paper in scored):
            scored += self._score(self._all_but_one())
        scored.sort(key=lambda paper: (-paper.missing, paper.score, paper.headline.newness), reverse=True)
        best = [paper.headline for paper in scored[: self.limit]]
        return Found(tuple(headline.id for headline in best), self._words(best))

    @property
    def _few(self) -> bool:
        return len(self.found) < ENOUGH

    def _together(self) -> Iterator[tuple[Term, Reading]]:
        """The readings in which two neighbours are one word."""
        for place in range(len(self.base) - 1):
            one, other = self.base[place : place + 2]
            term = self.vocabulary.term(one.text + other.text, last=place == len(self.base) - 2, span=2)
            yield term, (*self.base[:place], term, *self.base[place + 2 :])

    @cached_property
    def _rarity(self) -> dict[str, float]:
        """The weight of each word."""
        words = {term.text for reading in self.readings for term in reading}
        return self.vocabulary.rarity(self.connection, words)

    def _find_in_titles(self) -> None:
        for reading in self.readings:
            every = all_of(term.in_titles(typos=self.typos) for term in reading)
            if self._add_titles(every):
                continue
            # Too many to look at all: the best are those with exactly these words, best of all side by side.
            words = [term.text for term in reading]
            if len(words) > 1:
                self._add_titles(quoted(*words))
            if self._add_titles(all_of(map(quoted, words)), shortest=True):
                self._add_titles(every, shortest=True)
        if self.typos and not self.found:
            guesses = [reading for term, reading in self.together if not term.exists and term.misspelt]
            self.readings += guesses
            for reading in guesses:
                self._add_titles(all_of(term.in_titles(typos=True) for term in reading))

    def _add_titles(self, expression: str, *, shortest: bool = False) -> bool:
        """Find papers by title; False if there are more than can be looked at.

        The newest are found then, or, with `shortest`, those with the shortest titles.
        """
        ids = database.matching_titles(self.connection, expression, self.most, self.narrowed)
        if shortest and len(ids) == self.most:
            # As many as are looked at were among the newest papers: that says how many there are among all.
            newest = database.count_titles(self.connection)
            share = (newest - ids[-1] + 1) / newest
            sizes = self.vocabulary.sizes(self.connection, 2 * share) if share < FREQUENT else None
            some = database.matching_titles(self.connection, expression, 8 * self.most, self.narrowed, sizes)
            ids = [*database.shortest(self.connection, some, self.most), *ids[: self.limit]]
        self.found.update(ids)
        return len(ids) < self.most

    def _find_in_texts(self, *, typos: bool) -> None:
        for reading in self.readings:
            expression = all_of(term.in_texts(typos=typos) for term in reading)
            most = max(TEXT_CANDIDATES, self.limit)
            ids = database.matching_texts(self.connection, expression, most, self.narrowed)
            self.found_in_texts.update(set(ids) - self.found)
            self.found.update(ids)

    def _find_in_marks(self) -> None:
        """Papers that have words in tags or note, and the others in the title."""
        for reading in self.readings:
            self.found.update(
                database.matching_marks(
                    self.connection,
                    all_of(term.in_titles(typos=self.typos) for term in reading),
                    self.most,
                    self.narrowed,
                )
            )

    def _find_in_marks_and_texts(self) -> None:
        """Papers that have one of the words in tags or note, and the others in their text."""
        for term in self.base if len(self.base) > 1 else ():
            ids = database.matching_marks_and_texts(
                self.connection,
                term.in_titles(typos=self.typos),
                all_of(other.in_texts(typos=self.typos) for other in self.base if other is not term),
                TEXT_CANDIDATES,
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
            expression = all_of(term.in_titles(typos=typos) for term in terms)
            ids.update(database.matching_titles(self.connection, expression, self.most, self.narrowed))
        if len(ids) < A_PAGE:
            for terms in without:
                expression = all_of(term.in_texts(typos=False) for term in terms)
                more = database.matching_texts(self.connection, expression, TEXT_CANDIDATES, self.narrowed)
                self.found_in_texts.update(set(more) - self.found - ids)
                ids.update(more)
        return ids - self.found

    def _score(self, ids: set[int]) -> list[Scored]:
        marks = database.marks(self.connection, ids)
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
                    here = term.how(text, typos=self.typos) * (JOINED if term.span > 1 else 1)
                    if here * where > best:
                        best, how = here * where, here
                        covered += where == TITLE
            weight = self._rarity[term.text]
            total += weight * best
            weights += weight
            missing += term.span * (not best)
            sure = sure and how >= BEGINNING
        title = places[0][1]
        neighbours = sum(f" {one.text} {other.text}" in title.line for one, other in pairwise(reading))
        score = total / weights + COVERAGE * min(1, covered / (len(title.words) or 1))
        return Scored(headline, missing, sure, score + NEIGHBOURS * neighbours / len(reading))

    def _words(self, best: Iterable[Headline]) -> tuple[str, ...]:
        """The words to highlight: those of the titles found, and what may stand in the other texts."""
        terms = {term.text: term for reading in self.readings for term in reading}.values()
        words = {term.text for term in terms}
        for headline in best:
            title = Text(headline.title)
            words.update(*(term.matched(title, typos=self.typos) for term in terms))
        if self.found_in_texts:
            for term in terms:
                words.update(term.completions, term.spelt_otherwise, term.misspelt if self.typos else ())
        return tuple(sorted(words))


def _fitness(paper: Scored) -> tuple[int, float]:
    return -paper.missing, paper.score
