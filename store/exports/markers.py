"""Markers: HTML comments, which no reader of Markdown shows, by which a document knows what in it is ours.

    <!-- paperdeck:begin NAME DIGEST -->  …  <!-- paperdeck:end NAME -->    a paper's block, and what we wrote into it
    <!-- paperdeck:new papers go above this line -->                        a place; `new tag:rl`: that of a group
    <!-- paperdeck:written NAME NAME … -->                                  the papers that were ever written here

NAME is as in `store.naming`. Whatever does not look exactly like one of these is the person's, and is reported.
"""

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final, NamedTuple

from store.naming import NAME

DIGESTS: Final = r"[0-9a-f]{10}(?:,[0-9a-f]{10})*"
"""What may be written down beside a block's digest, under a name: nothing in which a person's word could hide."""

# A backslash makes text of a marker: so a title that holds one is none.
_OURS: Final = re.compile(r"<!--(?<!\\<!--)[ \t]*paperdeck:")  # begins with plain text, which is found fast
# What is read in a lookahead is not read again. A possessive repeat of a group would say so more plainly, but matches
# wrongly before Python 3.11.5 (https://github.com/python/cpython/issues/106052): no document would have a place.
_MARKER: Final = re.compile(
    rf"""<!--[ \t]*paperdeck:(?:
          begin[ \t]+(?P<begin>{NAME.pattern}|index)[ \t]+(?P<digest>[0-9a-f]{{16}})
          (?P<more>(?:[ \t]+[a-z]+={DIGESTS})*)
        | end[ \t]+(?P<end>{NAME.pattern}|index)
        | new\b(?=(?P<new>[^\r\n]*?)(?:-->|<!--|[\r\n]|\Z))(?P=new)
        | written(?P<written>(?:[ \t]+(?:{NAME.pattern}))*)
    )[ \t]*-->""",
    re.VERBOSE | re.ASCII,
)
_NAMES: Final = re.compile(rf"(?<!\S)(?:{NAME.pattern})")
_GROUP: Final = re.compile(r"[ \t]*((?:tag|day):[\w%.~-]*)", re.ASCII)
_REST: Final = re.compile(r"[^\r\n]*?(?=<!--|[\r\n]|\Z)")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_EMPTY: Final = " \t>"
"""What a line may hold that is empty within a list or a quotation."""


class Block(NamedTuple):
    """A paper's part of a document: what stands at `start:end` of its text, both markers included."""

    name: str
    digest: str
    """Of what we wrote into it."""
    more: Mapping[str, str]
    """What else we wrote down beside the digest (`DIGESTS`)."""
    start: int
    inside: int
    """Where the first marker ends."""
    end: int
    indent: str
    """What stands before each of its lines but the first: white space and `>`."""
    found: str | None
    """The digest of what it holds; None if there is no telling, its lines not being indented alike."""

    @property
    def untouched(self) -> bool:
        """Whether it holds just what we wrote."""
        return self.found == self.digest


class Marked(NamedTuple):
    """What the markers of a document say."""

    text: str
    blocks: tuple[Block, ...]
    places: Mapping[str, int]
    """Where new papers go: the group (`tag:rl`, `day:2025-11-28`, empty: any) and where its marker begins."""
    written: Mapping[str, None]
    """The names of the papers that were ever written here, in order."""
    lists: tuple[tuple[int, int], ...]
    """Where these names stand."""
    damaged: tuple[int, ...]
    """Where a marker begins that is no whole one, or has lost the other of its pair."""
    torn: frozenset[str]
    """The names in damaged markers: these papers are here, whole or in part."""

    @property
    def any(self) -> bool:
        """Whether there is a marker at all."""
        return bool(self.blocks or self.places or self.lists or self.torn)


def read(text: str) -> Marked:
    """Find the markers of a document. Takes time that grows with its length alone."""
    blocks: list[Block] = []
    places: dict[str, int] = {}
    lists: list[re.Match[str]] = []
    damaged: list[int] = []
    torn: list[str] = []
    opened: re.Match[str] | None = None
    since = (0, 0)  # how many places and lists there were when the open block began: within a block, none counts

    def damage(at: int) -> None:
        damaged.append(at)
        if rest := _REST.match(text, at + 1):
            torn.extend(_NAMES.findall(rest[0]))

    for ours in _OURS.finditer(text):
        marker = _MARKER.match(text, ours.start())
        if marker is None:
            damage(ours.start())
        elif marker["begin"]:
            if opened:
                damage(opened.start())
            opened, since = marker, (len(places), len(lists))
        elif marker["end"]:
            if opened and opened["begin"] == marker["end"]:
                while len(places) > since[0]:
                    places.popitem()
                del lists[since[1] :]
                while damaged and damaged[-1] > opened.start():
                    damaged.pop()
                blocks.append(_block(text, opened, marker))
                opened = None
            else:
                damage(marker.start())
        elif marker["written"] is not None:
            lists.append(marker)
        else:
            group = _GROUP.match(marker["new"])
            places.setdefault(group[1] if group else "", marker.start())
    if opened:
        damage(opened.start())
    written = dict.fromkeys(name for listed in lists for name in listed["written"].split())
    spans = tuple(listed.span() for listed in lists)
    return Marked(text, tuple(blocks), places, written, spans, tuple(sorted(damaged)), frozenset(torn))


def _block(text: str, begin: re.Match[str], end: re.Match[str]) -> Block:
    indent = _LINE_END.split(text[begin.end() : end.start()])[-1]
    inner = _inner(text[begin.end() : end.start()])
    found = None if inner is None else digest(inner)
    more = dict(pair.split("=", 1) for pair in begin["more"].split())
    return Block(begin["begin"], begin["digest"], more, begin.start(), begin.end(), end.end(), indent, found)


def inner(text: str, block: Block) -> list[str] | None:
    """The lines in a block, without what stands before each of them; None where one lacks it."""
    return _inner(text[block.inside : text.rindex("<!--", block.inside, block.end)])


def _inner(between: str) -> list[str] | None:
    first, *lines = _LINE_END.split(between)
    indent = lines.pop() if lines else first
    if first.strip() or indent.strip(_EMPTY):
        return None
    found = []
    for line in lines:
        if line.startswith(indent):
            found.append(line[len(indent) :])
        elif line.strip(_EMPTY):
            return None
        else:
            found.append("")
    return found


def digest(lines: Iterable[str]) -> str:
    """What tells lines from other lines, but for white space at their ends and empty lines before and after them."""
    kept = "\n".join(line.rstrip(" \t") if line.strip(_EMPTY) else "" for line in lines)
    return sha256(kept.strip("\n").encode("utf-8", "replace")).hexdigest()[:16]


def harmless(content: str) -> str:
    """Markdown as a file can hold it, in which no marker is one: for what goes into a block."""
    return _OURS.sub(lambda ours: f"&lt;{ours[0][1:]}", content.encode("utf-8", "replace").decode())


def block(
    name: str,
    content: str,
    *,
    indent: str = "",
    line_end: str = "\n",
    more: Mapping[str, str] | None = None,
) -> str:
    """A paper's block, from marker to marker: `content` is Markdown that is `harmless`, its lines ended by `\\n`."""
    lines = content.split("\n")
    rest = ["", *lines, "", f"<!-- paperdeck:end {name} -->"]
    indented = (f"{indent}{line}" if line else indent.rstrip(" \t") for line in rest)
    return line_end.join([begin(name, digest(lines), more or {}), *indented])


def begin(name: str, written: str, more: Mapping[str, str]) -> str:
    """The marker with which a block begins; `written` is the digest of what we wrote."""
    beside = "".join(f" {key}={value}" for key, value in more.items())
    return f"<!-- paperdeck:begin {name} {written}{beside} -->"


def listed(written: Iterable[str]) -> str:
    """The marker that remembers which papers were written."""
    return f"<!-- paperdeck:{' '.join(['written', *written])} -->"


def place(group: str = "") -> str:
    """The marker above which new papers go, or those of a group."""
    return f"<!-- paperdeck:new {group or 'papers go above this line'} -->"


def line_end_of(text: str) -> str:
    """The document's line end: its first one."""
    found = _LINE_END.search(text)
    return found[0] if found else "\n"


def line_start(text: str, at: int) -> int:
    """Where the line begins that `at` is in."""
    start = text.rfind("\n", 0, at) + 1
    return max(start, text.rfind("\r", start, at) + 1)
