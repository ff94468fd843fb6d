"""The query language: text -> `Query`, a small tree that says what is meant. No SQL, no database, no clock.

    words            each stands somewhere in the paper: title, abstract, authors, organization, tags or note
    "exact phrase"   these words, one after another
    -x  NOT x        not x, which is any term or a group
    x OR y           either; binds less tightly than standing side by side (an `AND` may be written there)
    ( … )            a group
    name:value       a field; a value with spaces stands in quotes, and a quote within them is written twice

Words match whole words and the last one beginnings too, whatever filters follow it; so does the last word of
an unquoted `by:` or `org:`. What is negated is whole words: nobody would miss what `-rl` hid for its RLHF.
A word such as `state-of-the-art` or `kv/cache` is its parts, one after another. One with no letter or digit
(`+`, `&`) is passed over; where there is nothing else, nothing matches.
"""

from dataclasses import replace
from typing import Final, NoReturn, TypeVar, cast, get_args
from unicodedata import category, normalize

from store.errors import QueryError
from store.query.terms import (
    Added,
    And,
    By,
    Has,
    Is,
    Listed,
    Node,
    Not,
    Or,
    Org,
    Part,
    Phrase,
    Published,
    Query,
    Sort,
    SortKey,
    State,
    Tag,
    Word,
)
from store.query.tokens import Token, cut, listed, tokens
from store.query.when import parse_when
from store.spelling import tokens as words

__all__ = [
    "Added", "And", "By", "Has", "Is", "Listed", "Node", "Not", "Or", "Org", "Phrase", "Published", "Query", "Sort",
    "Tag", "Word", "parse", "parse_sort",
]  # fmt: skip

STATES: Final[tuple[State, ...]] = get_args(State)
PARTS: Final[tuple[Part, ...]] = get_args(Part)
SORT_KEYS: Final[tuple[SortKey, ...]] = get_args(SortKey)

# A query becomes one SQL expression, whose size SQLite limits, and each word is looked up; nobody types this much.
MAX_LENGTH: Final = 200_000
"""Characters: a tag may be long."""
MAX_TERMS: Final = 400
"""Words, those of phrases and names too, and other terms."""
MAX_DEPTH: Final = 12


def parse(text: str) -> Query:
    """The query that `text` spells.

    Raises QueryError, which says where and why, for a text that is none; nothing else for any text.
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(f"the query is too long: it may have {MAX_LENGTH:,} characters", MAX_LENGTH)
    parser = _Parser(text)
    root = parser.query()
    return Query(root and (_open_last(root) or root), parser.sort, text)


def parse_sort(text: str) -> Sort:
    """The order that `text` names: `title`, or `-title` for the other way round. Raises QueryError."""
    return _sort(text, 0)


class _Parser:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str) -> None:
        self.tokens = tokens(text)
        self.at = 0
        self.terms = 0
        self.negated = False
        self.sort: Sort | None = None

    def query(self) -> Node | None:
        if not self.tokens:
            return None
        root = self._either(0)
        if token := self._peek():
            raise QueryError("this ) closes nothing: its ( is missing", token.start)
        return root

    def _peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _either(self, depth: int) -> Node | None:
        """Alternatives. None if there is nothing but a sort."""
        parts = [self._all(depth)]
        while (token := self._peek()) and token.kind == "OR":
            self.at += 1
            parts.append(self._all(depth))
            if None in parts:
                self._one_sided(token)
        nodes = [part for part in parts if part is not None]
        if len(nodes) < 2:
            return nodes[0] if nodes else None
        return Or(_flat(nodes, Or))

    def _all(self, depth: int) -> Node | None:
        """Terms side by side, at least one."""
        parts: list[Node] = []
        wanting: Token | None = None
        first = self.at
        while (token := self._peek()) and token.kind not in {"OR", ")"}:
            if token.kind == "AND":
                if wanting or self.at == first:
                    self._one_sided(token)
                wanting, self.at = token, self.at + 1
                continue
            wanting = None
            if part := self._term(depth):
                parts.append(part)
        if wanting:
            self._one_sided(wanting)
        if self.at == first:
            if token is None or token.kind == ")":
                token = self.tokens[self.at - 1] if self.at else token
            assert token
            self._one_sided(token)
        parts = [part for part in parts if not _says_nothing(part)] or parts[:1]
        if len(parts) < 2:
            return parts[0] if parts else None
        return And(_flat(parts, And))

    def _one_sided(self, token: Token) -> NoReturn:
        if token.kind == "(":
            raise QueryError("there is nothing in these parentheses", token.start)
        if token.kind == ")":
            raise QueryError("this ) closes nothing: its ( is missing", token.start)
        raise QueryError(
            f'{token.kind} needs something on both sides; for the word itself, write "{token.kind}"',
            token.start,
        )

    def _term(self, depth: int) -> Node | None:
        """One term, group or negation. None for a sort, which is kept apart."""
        token = self.tokens[self.at]
        self.at += 1
        self.terms += 1 if token.kind == "tag" else max(1, len(words(token.value)))
        if self.terms > MAX_TERMS:
            raise QueryError(f"the query is too long: it may have {MAX_TERMS} words", token.start)
        if depth > MAX_DEPTH:
            raise QueryError(f"the query is nested too deeply: {MAX_DEPTH} levels may be", token.start)
        match token.kind:
            case "(":
                return self._group(token, depth)
            case "-":
                return self._negation(token, depth)
            case "sort":
                self._keep_sort(token, depth, turned=False)
                return None
            case "":
                return Word(normalize("NFC", token.value))
            case '"':
                return Phrase(normalize("NFC", token.value))
            case _:
                return _field(token, self.negated)

    def _group(self, opening: Token, depth: int) -> Node | None:
        inside = self._either(depth + 1)
        closing = self._peek()
        if closing is None:
            raise QueryError("the ( is not closed", opening.start)
        self.at += 1
        return inside

    def _negation(self, sign: Token, depth: int) -> Node | None:
        following = self._peek()
        if following is None or following.kind in {")", "OR", "AND"}:
            raise QueryError(f"{sign.value or '-'} needs something right after it, as in -survey", sign.start)
        if following.kind == "sort":
            self.at += 1
            self._keep_sort(following, depth, turned=True)
            return None
        before, self.negated = self.negated, True
        part = self._term(depth + 1)
        self.negated = before
        return part and Not(part)

    def _keep_sort(self, token: Token, depth: int, *, turned: bool) -> None:
        if depth:
            raise QueryError("sort: orders the whole list: it cannot stand in a group", token.start)
        if self.sort:
            raise QueryError("there are two sort: where one can be", token.start)
        key, reverse = _sort(token.value, token.value_start)
        self.sort = Sort(key, reverse != turned)


_Branch = TypeVar("_Branch", And, Or)


def _flat(parts: list[Node], kind: type[_Branch]) -> tuple[Node, ...]:
    """`parts`, with those of the same kind opened up."""
    return tuple(inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,)))


def _says_nothing(node: Node) -> bool:
    """Whether this is a word of punctuation alone, which no text can be searched for."""
    if isinstance(node, Not):
        return _says_nothing(node.part)
    return isinstance(node, Word | Phrase) and not any(char.isalnum() for char in node.text)


def _open_last(node: Node) -> Node | None:
    """`node` with its last word open to longer ones; None if it has no word that is not negated."""
    if isinstance(node, Word):
        return replace(node, prefix=_is_open(node.text))
    if isinstance(node, And | Or):
        for i in reversed(range(len(node.parts))):
            if opened := _open_last(node.parts[i]):
                return replace(node, parts=(*node.parts[:i], opened, *node.parts[i + 1 :]))
    return None


def _is_open(word: str) -> bool:
    """Whether `word` may go on; after punctuation it may not, or `C++` would find all that begins with c."""
    return category(word[-1])[0] in "LNM"


def _field(token: Token, negated: bool) -> Node:
    """The term of a field other than sort."""
    value = normalize("NFC", token.value.strip())
    at = token.value_start
    prefix = not (token.quoted or negated) and _is_open(value)
    match token.kind:
        case "tag":
            if "," in value:
                first, _, rest = (part.strip() for part in value.partition(","))
                raise QueryError(f"a tag has no comma: write tag:{cut(first)} tag:{cut(rest)}", at)
            return Tag(" ".join(value.lower().split()))
        case "is":
            return Is(cast(State, _choice(token, STATES)))
        case "has":
            return Has(cast(Part, _choice(token, PARTS)))
        case "by":
            return By(value, prefix)
        case "org":
            return Org(value, prefix)
        case "date":
            return Published(parse_when(value, at))
        case "day":
            return Listed(parse_when(value, at))
        case _:
            return Added(parse_when(value, at))


def _choice(token: Token, choices: tuple[str, ...]) -> str:
    value = token.value.strip().lower()
    if value not in choices:
        raise QueryError(f"there is no {token.kind}:{cut(value)} (there are {listed(choices)})", token.value_start)
    return value


def _sort(text: str, at: int) -> Sort:
    name = text.strip().lower()
    key = name.removeprefix("-")
    if key not in SORT_KEYS:
        raise QueryError(f"there is no sort:{cut(key)} (there are {listed(SORT_KEYS)})", at)
    return Sort(key, name.startswith("-"))
