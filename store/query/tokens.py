"""The first step of reading a query: text -> tokens. What is written, not yet what it means."""

import re
from typing import Final, NamedTuple
from unicodedata import category

from store.errors import QueryError

# The fields, each as it is meant to be written.
_FIELDS: Final = {
    "tag": 'tag:rl or tag:"two words"',
    "is": "is:unread",
    "has": "has:note",
    "by": 'by:Lovelace or by:"Ada Lovelace"',
    "org": "org:HKUST",
    "date": "date:2024, date:2025-03..2025-06 or date:>2024-01-31",
    "day": "day:2025-11-28",
    "added": "added:<7d",
    "sort": "sort:title",
}


class Token(NamedTuple):
    """One piece of a query's text."""

    kind: str
    """A sign (`(`, `)`, `-`, `OR`, `AND`), `"` for a phrase, nothing for a word, else the name of a field."""
    start: int
    """Where it stands, 0-based, in characters; `value_start` likewise."""
    value: str = ""
    """The word, the phrase or the field's value; for a sign, how it was written."""
    quoted: bool = False
    value_start: int = 0


SHOWN: Final = 60
"""Characters of a query that a message repeats at most."""

_IN_QUOTES: Final = re.compile(r'"((?:[^"]|"")*+)"')
_QUOTES: Final = {ord(quote): '"' for quote in "“”„‟"}
_FIELD_NAME = re.compile(r"([^\W\d_]{2,}):(?!:|//)")


def tokens(text: str) -> list[Token]:
    """The pieces of `text`, in order. Raises QueryError for an open quote, a lone `-`, and wrong fields."""
    text = _readable(text)
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token, at = _token(text, at)
        found.append(token)
    return found


def _readable(text: str) -> str:
    """`text`, as long as before, with spaces for control characters and straight quotes."""
    kept = (" " if category(char) in {"Cc", "Cs"} else char for char in text)
    return "".join(kept).translate(_QUOTES)


def _token(text: str, at: int) -> tuple[Token, int]:
    """The piece that begins at `at`, and where it ends."""
    sign = text[at]
    if sign == "-" and text[at + 1 : at + 2].strip(" )") == "":
        raise QueryError("- stands alone: put what is not wanted right after it, as in -survey", at)
    if sign in "()-":
        return Token(sign, at, sign), at + 1
    if sign == '"':
        value, end = _quoted(text, at)
        return Token('"', at, value, quoted=True), end
    return _word(text, at)


def _quoted(text: str, at: int) -> tuple[str, int]:
    """What stands in the quotes that open at `at`, and where they end. A quote within them is written twice."""
    found = _IN_QUOTES.match(text, at)
    if found is None:
        raise QueryError('the quote " is not closed', at)
    return found[1].replace('""', '"'), found.end()


def _word(text: str, at: int) -> tuple[Token, int]:
    """The word, operator or field at `at`, and where it ends."""
    end = next((i for i in range(at, len(text)) if text[i].isspace() or text[i] in '()"'), len(text))
    word = text[at:end]
    if word in {"OR", "AND", "NOT"}:
        return Token("-" if word == "NOT" else word, at, word), end
    field = _FIELD_NAME.match(word)
    if field is None:
        return Token("", at, word), end
    name, start = field[1].lower(), at + field.end()
    quoted = start < len(text) and text[start] == '"'
    if name not in _FIELDS:
        if quoted or start < end:
            _check_unknown(field[1], at)
        return Token("", at, word), end
    if quoted:
        value, end = _quoted(text, start)
    else:
        value = text[start:end]
    if not value.strip():
        if name != field[1]:  # `IS: a title`
            return Token("", at, word), at + len(word)
        raise QueryError(f"{name}: needs a value right after it, as in {_FIELDS[name]}", start)
    return Token(name, at, value, quoted, start), end


def _check_unknown(name: str, at: int) -> None:
    """Refuses what was meant as a field; `Mamba:Linear` or `arXiv:2401` are the text of a title."""
    if not name.islower():
        return
    near = next((field for field in _FIELDS if _one_edit_apart(name, field)), None)
    hint = f"did you mean {near}:?" if near else f"there are {listed(tuple(_FIELDS))}"
    raise QueryError(f"there is no field {cut(name)}: ({hint}); to find it as text, put it in quotes", at)


def _one_edit_apart(one: str, other: str) -> bool:
    """Whether one letter more, less or other, or two neighbours swapped, make one of the other."""
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 3:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return True
    rest, others = one[start:], other[start:]
    swapped = rest[:2] == others[:2][::-1] and rest[2:] == others[2:]
    return swapped or rest[1:] == others or rest == others[1:] or rest[1:] == others[1:]


def cut(text: str) -> str:
    """What a person wrote, as far as a message repeats it."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def listed(names: tuple[str, ...]) -> str:
    """The names as a sentence has them: `a, b and c`."""
    return f"{', '.join(names[:-1])} and {names[-1]}"
