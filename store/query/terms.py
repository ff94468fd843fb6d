"""What a query is made of: a small tree. `store.query` reads it from text, `database.select` answers it."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from store.query.when import When

State = Literal["inbox", "unread", "read", "starred", "toread", "skipped", "tagged"]
Part = Literal["note", "code", "abstract", "id"]
SortKey = Literal["day", "date", "title", "authors", "comments", "upvotes", "added", "relevance"]


@dataclass(frozen=True, slots=True)
class Word:
    """A plain word as typed; several tokens (`kv/cache`) stand one after another.

    With `prefix` the last token is also the beginning of a longer one, here and in `By` and `Org`.
    """

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one after another, each whole."""

    text: str


@dataclass(frozen=True, slots=True)
class Tag:
    """Papers with exactly this tag, spelt as tags are kept: lower case, white space folded."""

    tag: str


@dataclass(frozen=True, slots=True)
class Is:
    """Papers in this state. `inbox` is undecided, `toread` starred and not read."""

    state: State


@dataclass(frozen=True, slots=True)
class Has:
    """Papers of which this is known; `id` is an arXiv id, `code` a link to code."""

    part: Part


@dataclass(frozen=True, slots=True)
class By:
    """Papers with these words, one after another, among their authors."""

    name: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Org:
    """Papers with these words, one after another, in their organization."""

    name: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Published:
    """Papers with a publication date in the range."""

    when: When


@dataclass(frozen=True, slots=True)
class Listed:
    """Papers that a page of a day in the range listed."""

    when: When


@dataclass(frozen=True, slots=True)
class Added:
    """Papers that came into the library in the range."""

    when: When


@dataclass(frozen=True, slots=True)
class Not:
    """All papers but those."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All of these, two or more, in the order of the text."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these, two or more, in the order of the text."""

    parts: tuple["Node", ...]


Node: TypeAlias = Word | Phrase | Tag | Is | Has | By | Org | Published | Listed | Added | Not | And | Or


class Sort(NamedTuple):
    """An order of the list. Each key has its direction (newest, most, A first); `reverse` turns it round."""

    key: SortKey
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A query, understood. `root` is None where everything matches."""

    root: Node | None
    sort: Sort | None
    text: str

    @property
    def words(self) -> tuple[str, ...]:
        """The plain words that must all match, as typed and in order; the last is also a beginning."""
        return tuple(part.text for part in self._parts if isinstance(part, Word))

    @property
    def filter(self) -> Node | None:
        """All but `words`: fields, phrases, negations and groups; None if there are none."""
        rest = tuple(part for part in self._parts if not isinstance(part, Word))
        return And(rest) if len(rest) > 1 else rest[0] if rest else None

    @property
    def _parts(self) -> tuple[Node, ...]:
        if self.root is None:
            return ()
        return self.root.parts if isinstance(self.root, And) else (self.root,)
