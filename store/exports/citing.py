"""What bibliographies need of a paper: the key that it is cited by, and the names of its authors in their parts."""

import re
from typing import Final, NamedTuple

from store.entries import Entry
from store.text import title_key

_WORD: Final = re.compile(r"(?<![a-z0-9])(?=[0-9]*[a-z])[a-z0-9]{2,}")
_TELLS_NOTHING: Final = frozenset(
    (
        "an", "and", "are", "as", "at", "beyond", "by", "can", "do", "does", "for", "from", "how", "in", "is", "it",
        "of", "on", "or", "the", "to", "toward", "towards", "via", "we", "what", "when", "where", "why", "with",
    )
)  # fmt: skip
_DATE: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])-(\d\d)")
_MONTH: Final = re.compile(r"(?:[a-z.-]+/)?(\d\d)(0[1-9]|1[0-2])")
_SUFFIXES: Final = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))


def citation_key(entry: Entry) -> str:
    """`windowkv-2503.17922`: the title's first word that tells something, and the arXiv id, else the paper's number.

    The same paper has the same key whatever is exported with it, and no other paper has it. It is made of nothing that
    a library learns later, as authors, organizations and dates are, nor of accents and capitals.
    """
    words = (word for word in _WORD.findall(title_key(entry.title)) if word not in _TELLS_NOTHING)
    number = entry.arxiv_id.replace("/", "-") if entry.arxiv_id else f"{entry.id}"
    return f"{next(words, 'paper')}-{number}"


def issued(entry: Entry) -> tuple[int, ...]:
    """Year, month and day; year and month where only the arXiv id tells them; empty where nothing does."""
    if known := _DATE.fullmatch(entry.published or ""):
        return tuple(map(int, known.groups()))
    if known := _MONTH.match(entry.arxiv_id or ""):
        year, month = map(int, known.groups())
        return (1900 if year > 90 else 2000) + year, month
    return ()


class Name(NamedTuple):
    """A person's name in its parts; what it has not is empty."""

    given: str
    particle: str
    """`van der`: it stays with the family name."""
    family: str
    suffix: str


def parted(name: str) -> Name | None:
    """A name as people write it, first names first; None where it has no parts, as with a single word."""
    words = name.split()
    suffix = words.pop() if len(words) > 2 and words[-1].lower() in _SUFFIXES else ""
    if len(words) < 2 or "," in name:
        return None
    small = next((at for at, word in enumerate(words[1:-1], start=1) if word.islower()), len(words) - 1)
    family = next(at for at, word in enumerate(words) if at >= small and (at == len(words) - 1 or not word.islower()))
    return Name(" ".join(words[:small]), " ".join(words[small:family]), " ".join(words[family:]), suffix)
