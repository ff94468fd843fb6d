"""Markdown that is brought up to date in place: papers in blocks between markers, all other words are the person's.

No block is moved, one that the person changed is left as it is, and one that they removed stays away. What was written
before is remembered in the document itself, so that it can be moved, synced and shared by several libraries.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import NamedTuple, Self
from urllib.parse import quote

from store.entries import Entry
from store.exports import Group, markers
from store.exports.escaping import escaped
from store.exports.grouping import DAYLESS, UNTAGGED, written_day
from store.exports.markdown import paper
from store.exports.markers import Block, Marked
from store.naming import names


class InPlaceOptions(NamedTuple):
    """How a document is brought up to date."""

    group: Group | None = None
    """What new papers stand under; None: what the document's markers say."""
    restore: bool = False
    """Whether what the person removed is written again."""
    prune: bool = False
    """Whether blocks of papers that are no longer in the list are removed, unless the person changed them."""


class Known(NamedTuple):
    """What the library says of the names in a document that are not those of the papers to be written."""

    ids: Mapping[str, int]
    """The papers that have, or had, these names; without those that no paper or several have."""
    entries: Mapping[int, Entry]
    """Those of them that are in a block."""


class Report(NamedTuple):
    """What was done to a document, in numbers of papers unless it says otherwise."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    """Of the list, but the person removed their blocks."""
    edited: tuple[str, ...] = ()
    """The titles of those whose blocks the person changed: these were left as they are."""
    twice: tuple[str, ...] = ()
    """The titles of those that have several blocks."""
    left: int = 0
    """Not in the list any more; their blocks stay."""
    pruned: int = 0
    unknown: int = 0
    """Not in the library; their blocks stay as they are."""
    damaged: tuple[int, ...] = ()
    """The numbers of the lines (from 1) in which a marker is damaged, or has lost the other of its pair."""

    @classmethod
    def of(cls, counts: Counter[str], edited: Iterable[str], twice: Iterable[str], lines: Iterable[int] = ()) -> Self:
        """A report with these counts, by the names of its fields."""
        return cls(
            new=counts["new"],
            updated=counts["updated"],
            unchanged=counts["unchanged"],
            deleted=counts["deleted"],
            edited=tuple(edited),
            twice=tuple(twice),
            left=counts["left"],
            pruned=counts["pruned"],
            unknown=counts["unknown"],
            damaged=tuple(lines),
        )


def blank(title: str) -> str:
    """A document without papers."""
    return f"# {markers.harmless(escaped(title))}\n\n{markers.place()}\n"


def unclaimed(marked: Marked, listed: Collection[str]) -> set[str]:
    """The names in a document that are not among those of the papers to be written: `Known` is about them."""
    return {block.name for block in marked.blocks}.union(marked.written, marked.torn).difference(listed)


def update(marked: Marked, entries: Sequence[Entry], known: Known, options: InPlaceOptions) -> tuple[str, Report]:
    """The document with these papers in it, and what was done.

    All that is outside of our blocks and lists of names comes back as it was, but for empty lines beside what is
    removed; what the person changed within them, too.
    """
    return _Update(marked, entries, known, options).done()


class _Update:
    """One bringing up to date: what is to be replaced, collected, then done."""

    def __init__(self, marked: Marked, entries: Sequence[Entry], known: Known, options: InPlaceOptions) -> None:
        self._marked = marked
        self._text = marked.text
        self._options = options
        self._listed = names(entries)
        self._name_of = {entry.id: name for name, entry in self._listed.items()}
        self._ids = known.ids
        self._entries = {**known.entries, **{entry.id: entry for entry in self._listed.values()}}
        self._here: dict[str, None] = {}
        """The names of the papers that are written here from now on."""
        self._gone: set[str] = set()
        """The names of blocks that are removed, or have another name from now on."""
        self._replacements: list[tuple[int, int, str]] = []
        self._end: list[str] = []
        """What is put at the end of the document."""
        self._line_end = markers.line_end_of(marked.text)
        self._counts: Counter[str] = Counter()
        self._edited: list[str] = []
        self._blocks: Counter[int] = Counter()
        """How many blocks a paper has."""

    def done(self) -> tuple[str, Report]:
        pruned = [block for block in self._marked.blocks if not self._stays(block)]
        for block in pruned:
            self._replacements.append((*_whole_lines(self._text, block.start, block.end), ""))
        places: dict[str, list[str]] = {}
        for place, parts in self._placed(list(self._new())):
            places.setdefault(place, []).extend(parts)
        for place, parts in places.items():
            self._put(place, parts)
        self._remember()
        text = self._replaced()
        lines = _lines(text, markers.read(text).damaged) if self._marked.damaged else ()
        twice = tuple(self._entries[paper].title for paper, blocks in self._blocks.items() if blocks > 1)
        self._counts["pruned"] = len(pruned)
        return text, Report.of(self._counts, self._edited, twice, lines)

    def _stays(self, block: Block) -> bool:
        """Bring a block up to date and return True, or False where it is to be removed."""
        entry = self._listed.get(block.name) or self._entries.get(self._ids.get(block.name, 0))
        if entry is None:
            self._counts["unknown"] += 1
            self._here.setdefault(block.name)
            return True
        listed = entry.id in self._name_of
        name = self._name_of.get(entry.id) or next(iter(names([entry])))
        text = content(entry)
        digest = markers.digest(text.split("\n"))
        ours = block.untouched or block.found == digest
        if ours:
            self._gone.add(block.name)
        if ours and not listed and self._options.prune:
            return False
        self._here.setdefault(name if ours else block.name)
        self._blocks[entry.id] += 1
        self._counts["left"] += not listed
        if not ours:
            self._edited.append(entry.title)
            return True
        self._counts["unchanged" if block.found == digest else "updated"] += 1
        if (block.name, block.digest, block.found) != (name, digest, digest):
            line_end = markers.line_end_of(self._text[block.start : block.end])
            made = markers.block(name, text, indent=block.indent, line_end=line_end, more=block.more)
            self._replacements.append((block.start, block.end, made))
        return True

    def _new(self) -> Iterator[tuple[str, Entry]]:
        """The papers of the list that are to get a block."""
        torn = {self._ids.get(name) for name in self._marked.torn}
        removed = {self._ids.get(name) for name in self._marked.written}
        for name, entry in self._listed.items():
            if entry.id in self._blocks:
                continue
            if name in self._marked.torn or entry.id in torn:
                self._here.setdefault(name)
            elif (name in self._marked.written or entry.id in removed) and not self._options.restore:
                self._counts["deleted"] += 1
            else:
                self._counts["new"] += 1
                self._here.setdefault(name)
                yield name, entry

    def _placed(self, new: Sequence[tuple[str, Entry]]) -> Iterator[tuple[str, list[str]]]:
        """The new papers' blocks, by the place where they go."""
        by: str = self._options.group or next((group[:3] for group in self._marked.places if group), "none")
        grouped = by != "none" and (self._has(by) or any(self._groups(entry, by)[0][1] for _, entry in new))
        if not grouped:
            yield "", [markers.block(name, content(entry)) for name, entry in new]
            return
        placed: dict[tuple[str, str], list[str]] = {}
        for name, entry in new:
            groups = self._groups(entry, by)
            group = next((group for group in groups if group[0] in self._marked.places), groups[0])
            placed.setdefault(group, []).append(markers.block(name, content(entry)))
        for (place, heading), papers in sorted(placed.items(), key=_group_order):
            if place in self._marked.places:
                yield place, papers
            else:
                title = heading or (UNTAGGED if by == "tag" else DAYLESS)
                yield "", [f"## {markers.harmless(escaped(title))}", *papers, markers.place(place)]

    def _has(self, by: str) -> bool:
        return any(group.startswith(by) for group in self._marked.places)

    def _groups(self, entry: Entry, by: str) -> list[tuple[str, str]]:
        """The groups to which a paper belongs, best first: the name in the marker, the heading (empty: none)."""
        if by == "tag":
            return [(f"tag:{_quoted(tag)}", tag) for tag in entry.tags] or [("tag:", "")]
        return [(f"day:{_quoted(day)}", written_day(day)) for day in entry.days[-1:]] or [("day:", "")]

    def _put(self, place: str, parts: Sequence[str]) -> None:
        """Put parts above a marker, indented as it is; without one at the end."""
        at = self._marked.places.get(place)
        if at is None:
            self._end += parts
            return
        start = markers.line_start(self._text, at)
        line = self._text[start:at]
        indent = line[: len(line) - len(line.lstrip("\ufeff \t>"))].lstrip("\ufeff")
        start += line.startswith("\ufeff")
        empty = indent.rstrip(" \t") + self._line_end
        before = empty if _above(self._text, start).strip("\ufeff \t>") else ""
        if any(block.start < start < block.end for block in self._marked.blocks):  # the marker stands behind one
            start, before = at, 2 * self._line_end
        lines = (line for part in parts for line in [*part.split("\n"), ""])
        inserted = "".join(f"{indent}{line}{self._line_end}" if line else empty for line in lines)
        self._replacements.append((start, start, before + inserted))

    def _remember(self) -> None:
        """Bring the list of names up to date; it becomes one where it is several."""
        lists, before = self._marked.lists, self._marked.written
        written = dict.fromkeys(name for name in before if name not in self._gone or name in self._here) | self._here
        if written == before and len(lists) == bool(written):
            return
        if lists:
            self._replacements.append((*lists[0], markers.listed(written)))
            self._replacements += [(*_whole_lines(self._text, *span), "") for span in lists[1:]]
        else:
            self._end.append(markers.listed(written))

    def _replaced(self) -> str:
        parts, position = [], 0
        for start, end, instead in sorted(self._replacements, key=itemgetter(0, 1)):
            parts += [self._text[position:start], instead]
            position = end
        text = "".join([*parts, self._text[position:]])
        if not self._end:
            return text
        line_end, after = self._line_end, ""
        if not text or text == "\ufeff" or text.endswith(("\n", "\r")):
            after = line_end
        before = "" if not text or text.endswith(2 * line_end) else line_end if after else 2 * line_end
        added = "\n\n".join(self._end).replace("\n", line_end)
        return f"{text}{before}{added}{after}"


def content(entry: Entry) -> str:
    """What a paper's block holds."""
    return markers.harmless(paper(entry, "###"))


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="replace").replace("--", "%2D%2D")


def _group_order(group: tuple[tuple[str, str], object]) -> tuple[bool, str | tuple[int, ...]]:
    """Tags in alphabetical order, days from the newest, what has neither at the end."""
    (name, heading), _ = group
    if name.startswith("tag:"):
        return not heading, heading
    return not heading, tuple(-ord(sign) for sign in name)


def _whole_lines(text: str, start: int, end: int) -> tuple[int, int]:
    """`start:end` of the text with the whole of its lines, and an empty one below, where they hold nothing else."""
    first = markers.line_start(text, start)
    line_end = markers.line_end_of(text[end : end + 2])
    if text[first:start].strip(" \t>") or not text.startswith(line_end, end):
        return start, end
    end += len(line_end)
    return first, end + len(line_end) if text.startswith(line_end, end) and not _above(text, first).strip() else end


def _above(text: str, start: int) -> str:
    """The line above the one that begins at `start`, without its end; empty above the first."""
    end = start - text.endswith("\n", 0, start)
    end -= text.endswith("\r", 0, end)
    return text[markers.line_start(text, end) : end] if end < start else ""


def _lines(text: str, places: Iterable[int]) -> tuple[int, ...]:
    """The numbers of the lines in which these places of the text are."""
    counts = [text.count("\n", start, end) for start, end in pairwise([0, *places])]
    return tuple(1 + before for before in accumulate(counts))
