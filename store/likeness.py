"""How likely two rows of the library are one paper, and why: titles, abstracts and the other facts compared.

Nothing is looked up here. The bounds were set on the 4,200 real papers of the corpus: abstracts of two papers, even of
the same people on the same subject, agree by 60 % at most, those of one paper in two versions by 80 % and more.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from store.text import title_key

SAME_ABSTRACT: Final = 0.8
NEARLY_SAME: Final = 0.9
SIMILAR_ABSTRACT: Final = 0.62
SAME_TITLE: Final = 0.9
SIMILAR_TITLE: Final = 0.75
"""From these shares of common text on (`rapidfuzz.fuzz.ratio`), 0 to 1."""

_ENOUGH: Final = 150
"""Characters that an abstract must have to tell one paper from another."""
_TITLE: Final = 1_000
_ABSTRACT: Final = 4_000
"""Characters that are compared, as it takes the square of their number: arXiv has at most 1,920 in an abstract."""
_FAR: Final = 400
"""Days between two publications from which on titles alone are no sign."""


def _words(text: str) -> list[str]:
    return text.split()


_NUMERALS: Final = frozenset(_words("i ii iii iv v vi vii viii ix x"))
_TELLING: Final = frozenset(
    _words(
        "comment comments reply response rebuttal erratum errata corrigendum correction addendum retraction revisited "
        "supplement supplementary appendix not no never without"
    )
)
"""Words that make a title that of another paper, however much else it shares."""
_SMALL: Final = frozenset(_words("a an and by for from in of on or the through to using via with"))
"""Words that a title may have or not."""
_LATEX: Final = re.compile(r"\\([a-zA-Z]+)|[$^_{}\\]")
_GREEK: Final = dict(
    zip(
        _words(
            "alpha beta gamma delta epsilon varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
            "upsilon phi varphi chi psi omega"
        ),
        "αβγδεεζηθικλμνξπρστυφφχψω",
        strict=True,
    )
)


class Known(NamedTuple):
    """What of a row is compared."""

    title: str
    title_key: str
    abstract: str | None
    published: str | None
    authors: tuple[str, ...]
    arxiv_id: str | None


class Likeness(NamedTuple):
    """How likely two rows are one paper."""

    score: float
    """0 to 1; a figure to sort by, no probability."""
    reason: str
    """In words: what agrees, then what does not."""


class Evidence(NamedTuple):
    """What two rows have in common."""

    title: float
    abstract: float | None
    """Shares of common text, 0 to 1; None where there is nothing to compare."""
    people: float | None
    """Which share of the shorter list of authors stands in the longer one; None where one is unknown."""
    days: int | None
    """Between the two publications."""
    told: bool
    """Whether numbers or a telling word make titles that are much alike those of two papers."""
    two_ids: bool
    spelling: bool
    """Whether the titles differ in the spelling of words only."""
    subtitle: bool
    """Whether one title is the other without its subtitle."""

    @property
    def supported(self) -> bool:
        """Whether the authors or the day of publication speak for one paper."""
        return bool(self.people) or self.days == 0

    @property
    def fits(self) -> bool:
        """Whether these may be one paper at all."""
        if self.two_ids:  # one that was withdrawn and submitted once more, perhaps under another title
            least = SAME_ABSTRACT if self.title >= SAME_TITLE else NEARLY_SAME
            return not self.told and (self.abstract or 0) >= least
        if self.abstract is None:
            against = self.told or self.people == 0 or (self.days or 0) > _FAR
            same = self.title >= SAME_TITLE and self.spelling
            return not against and (same or (self.supported and self.subtitle))
        if self.told:  # the second part of a series often begins as the first one does
            return self.abstract >= NEARLY_SAME
        if self.abstract >= SAME_ABSTRACT:
            return True
        kept = self.title >= SIMILAR_TITLE or (self.people or 0) >= 0.5
        return self.abstract >= SIMILAR_ABSTRACT and self.people != 0 and kept

    @property
    def score(self) -> float:
        """0 to 1, to sort by."""
        if self.abstract is None:
            agree = 0.75 * self.title + 0.15 * self.supported
        else:
            agree = 0.25 * self.title + 0.75 * self.abstract
        return round(max(0.0, agree - 0.1 * self.told - 0.1 * self.two_ids), 3)

    @property
    def reason(self) -> str:
        """All of it in words: what agrees, then what does not."""
        title, abstract, people = self.title, self.abstract, self.people
        agree = [
            "the same title" if title == 1 else "nearly the same title" if title >= SAME_TITLE else "",
            _abstracts(abstract),
            "" if not people else "the same authors" if people == 1 else "authors in common",
            "published on the same day" if self.days == 0 else "",
        ]
        differ = [
            "another title" if title < SIMILAR_TITLE else "a changed title" if title < SAME_TITLE else "",
            "no abstract to compare" if abstract is None else "",
            "other authors" if people == 0 else "",
            "the titles tell them apart" if self.told else "",
            "two arXiv ids" if self.two_ids else "",
        ]
        sentence = "; but ".join(filter(None, (", ".join(filter(None, parts)) for parts in (agree, differ))))
        return sentence[:1].upper() + sentence[1:]


def _abstracts(common: float | None) -> str:
    if common is None:
        return ""
    if common > 0.995:
        return "the same abstract"
    return f"{'nearly the same' if common >= NEARLY_SAME else 'a similar'} abstract ({common:.0%})"


def likeness(one: Known, other: Known) -> Likeness | None:
    """How likely these are one paper; None where they are rather two."""
    abstract = _common(one.abstract, other.abstract)
    if abstract is not None and abstract < SIMILAR_ABSTRACT:
        return None  # as nearly always: the rest would be work for nothing
    keys = plain_key(one.title, one.title_key), plain_key(other.title, other.title_key)
    title = max(fuzz.ratio(*keys), fuzz.ratio(*(key.replace(" ", "") for key in keys))) / 100
    evidence = Evidence(
        title=title,
        abstract=abstract,
        people=_in_common(one.authors, other.authors),
        days=_days_between(one.published, other.published),
        told=title >= SIMILAR_TITLE and _told_apart(*keys),
        two_ids=one.arxiv_id is not None and other.arxiv_id is not None,
        spelling=_spelt_alike(*keys),
        subtitle=head(one.title) == other.title_key or head(other.title) == one.title_key,
    )
    return Likeness(evidence.score, evidence.reason) if evidence.fits else None


def plain_key(title: str, key: str) -> str:
    """The title's key without what is LaTeX in it: `$\\alpha$-Bench` and `M$^3$` are `α bench` and `m3`.

    Of a title without end, the beginning.
    """
    title, key = title[:_TITLE], key[:_TITLE]
    if not _LATEX.search(title):
        return key
    return title_key(_LATEX.sub(lambda found: _GREEK.get((found[1] or "").lower(), ""), title)) or key


def _told_apart(one: str, other: str) -> bool:
    """Whether numbers or a telling word make these two titles (keys) those of two papers: `Part I`, `Reply to`."""
    return _numbers(one) != _numbers(other) or _words_of(one, _TELLING) != _words_of(other, _TELLING)


def head(title: str) -> str:
    """The key of what stands before the subtitle; empty where there is none."""
    before, colon, _ = title.partition(": ")
    return title_key(before) if colon else ""


def _numbers(key: str) -> list[str]:
    return sorted(re.findall(r"\d+", key)) + _words_of(key, _NUMERALS)


def _words_of(key: str, among: frozenset[str]) -> list[str]:
    return sorted(among.intersection(key.split()))


def _spelt_alike(one: str, other: str) -> bool:
    """Whether the words that only one of the titles has are other spellings of the other's, or hardly matter."""
    if one.replace(" ", "") == other.replace(" ", ""):
        return True
    mine, theirs = set(one.split()), set(other.split())
    return all(
        any(_same_word(word, candidate) for candidate in rest)
        for words, rest in ((mine - theirs, theirs - mine), (theirs - mine, mine - theirs))
        for word in words - _SMALL
    )


def _same_word(one: str, other: str) -> bool:
    """`model` and `models`, `colour` and `color`; not `supervised` and `unsupervised`."""
    return not (one.endswith(other) or other.endswith(one)) and fuzz.ratio(one, other) >= 75


def _common(one: str | None, other: str | None) -> float | None:
    """What two abstracts have in common, 0 to 1 (0 if little); of one that is cut off, with the other's beginning.

    None where there is nothing to compare.
    """
    if one is None or other is None:
        return None
    short, long = sorted((one[:_ABSTRACT].casefold(), other[:_ABSTRACT].casefold()), key=len)
    if len(short) < _ENOUGH or (len(short) < 400 and "withdrawn" in short):
        return None
    least = 100 * SIMILAR_ABSTRACT
    return max(fuzz.ratio(short, part, score_cutoff=least) for part in (long, long[: len(short)])) / 100


def _in_common(one: tuple[str, ...], other: tuple[str, ...]) -> float | None:
    """As `Evidence.people`, by last names."""
    mine, theirs = _last_names(one), _last_names(other)
    return len(mine & theirs) / min(len(mine), len(theirs)) if mine and theirs else None


def _last_names(names: Iterable[str]) -> set[str]:
    return {key.rpartition(" ")[2] for name in names if (key := title_key(name))}


def _days_between(one: str | None, other: str | None) -> int | None:
    if not one or not other:
        return None
    try:
        return abs((date.fromisoformat(one) - date.fromisoformat(other)).days)
    except (TypeError, ValueError):  # only another program can have written it
        return None
