"""Markdown in place against all that a person may do to the file: whatever they do, every word of theirs stays."""

import random
import re
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

import pytest

from store.entries import Entry
from store.errors import ExportError, NothingToUndo
from store.exporting import update_in_place
from store.exports import ExportOptions, markers
from store.exports.in_place import InPlaceOptions, Report, content
from store.library import Library
from tests.hostile import TEXTS, kept
from tests.store.making import digest, listing

WORD = re.compile(r"w\d{4}w")
SIGNS = re.compile(r"\w+|[^\s\w>]")


class Person:
    """Somebody at an editor, who does what comes to mind; each of their words is one of a kind."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._words = 0

    def word(self) -> str:
        self._words += 1
        return f"w{self._words:04}w"

    def edit(self, text: str) -> str:
        edits = [
            self.types_anywhere, self.types_anywhere, self.types_a_line, self.types_a_line, self.types_inside,
            self.types_at_the_end, self.types_at_the_top, self.moves_a_block, self.deletes_a_block,
            self.indents_a_block, self.makes_a_callout, self.lists_a_block, self.duplicates_a_block,
            self.nests_a_block, self.cuts_a_marker, self.deletes_a_marker, self.deletes_the_list,
            self.renames_headings, self.changes_line_ends, self.trims_lines, self.leaves_spaces, self.joins_lines,
            self.pastes_strange_text, self.turns_lines_round,
        ]  # fmt: skip
        return self._chance.choice(edits)(text)

    def _block(self, text: str) -> tuple[int, int]:
        blocks = markers.read(text).blocks
        if not blocks:
            return 0, 0
        block = self._chance.choice(blocks)
        return block.start, block.end

    def _line(self, text: str) -> int:
        return self._chance.choice([0, len(text), *(match.end() for match in re.finditer("\n", text))])

    def types_anywhere(self, text: str) -> str:
        at = self._chance.randint(0, len(text))
        return f"{text[:at]}{self._chance.choice(['', ' '])}{self.word()} {text[at:]}"

    def types_a_line(self, text: str) -> str:
        at = self._line(text)
        return f"{text[:at]}{self._chance.choice(['', '- ', '## ', '> ', '  '])}{self.word()}\n{text[at:]}"

    def types_inside(self, text: str) -> str:
        start, end = self._block(text)
        at = self._chance.randint(start, end)
        return f"{text[:at]}{self.word()}{text[at:]}"

    def types_at_the_end(self, text: str) -> str:
        return text + self.word()

    def types_at_the_top(self, text: str) -> str:
        return f"\ufeff{self.word()}\n{text}" if not text.startswith("\ufeff") else text

    def moves_a_block(self, text: str) -> str:
        start, end = self._block(text)
        block, rest = text[start:end], text[:start] + text[end:]
        at = self._line(rest)
        return f"{rest[:at]}\n{block}\n{rest[at:]}"

    def deletes_a_block(self, text: str) -> str:
        start, end = self._block(text)
        return text[:start] + text[end:]

    def _each_line(self, text: str, change: Callable[[int, str], str]) -> str:
        start, end = self._block(text)
        lines = text[start:end].split("\n")
        return text[:start] + "\n".join(change(at, line) for at, line in enumerate(lines)) + text[end:]

    def indents_a_block(self, text: str) -> str:
        by = self._chance.choice(["  ", "    ", "\t"])
        blank = self._chance.choice([by, ""])
        return self._each_line(text, lambda _, line: (by if line.strip() else blank) + line)

    def makes_a_callout(self, text: str) -> str:
        sign = self._chance.choice(["> ", ">"])
        return self._each_line(text, lambda at, line: f"{'' if at else '> [!note]'}\n{sign}{line}"[bool(at) :])

    def lists_a_block(self, text: str) -> str:
        return self._each_line(text, lambda at, line: f"{'  ' if at else f'- {self.word()} '}{line}")

    def duplicates_a_block(self, text: str) -> str:
        start, end = self._block(text)
        at = self._line(text)
        return f"{text[:at]}{text[start:end]}\n{text[at:]}"

    def nests_a_block(self, text: str) -> str:
        start, end = self._block(text)
        block, rest = text[start:end], text[:start] + text[end:]
        at = self._chance.randint(*self._block(rest))
        return f"{rest[:at]}\n{block}\n{rest[at:]}"

    def _marker(self, text: str, what: str = "") -> tuple[int, int]:
        found = [match.span() for match in re.finditer(f"<!-- paperdeck:{what}.*?-->", text)]
        return self._chance.choice(found or [(0, 0)])

    def cuts_a_marker(self, text: str) -> str:
        start, end = self._marker(text)
        at = self._chance.randint(start, end)
        return text[:start] + text[at:] if self._chance.random() < 0.5 else text[:at] + text[end:]

    def deletes_a_marker(self, text: str) -> str:
        start, end = self._marker(text)
        return text[:start] + text[end:]

    def deletes_the_list(self, text: str) -> str:
        start, end = self._marker(text, "written")
        return text[:start] + text[end:]

    def renames_headings(self, text: str) -> str:
        return re.sub(r"(?m)^## .*?(?=\r?$)", lambda _: f"# {self.word()}", text, count=1)

    def changes_line_ends(self, text: str) -> str:
        plain = text.replace("\r\n", "\n").replace("\r", "\n")
        return plain.replace("\n", self._chance.choice(["\n", "\r\n", "\r\n", "\r"]))

    def trims_lines(self, text: str) -> str:
        return re.sub(r"[ \t]+(?=\r?$)", "", text, flags=re.MULTILINE).rstrip("\r\n")

    def leaves_spaces(self, text: str) -> str:
        return re.sub(r"(?<=\w)$", "  ", text, flags=re.MULTILINE)

    def joins_lines(self, text: str) -> str:
        ends = [match.span() for match in re.finditer(r"\r?\n", text)]
        start, end = self._chance.choice(ends or [(0, 0)])
        return text[:start] + text[end:]

    def pastes_strange_text(self, text: str) -> str:
        at = self._line(text)
        return f"{text[:at]}{kept(self._chance.choice(list(TEXTS.values())))} {self.word()}\n{text[at:]}"

    def turns_lines_round(self, text: str) -> str:
        lines = text.split("\n")
        at = self._chance.randint(0, len(lines))
        return "\n".join([*lines[at:], *lines[:at]])


class Shelf:
    """A library in which things happen."""

    def __init__(self, chance: random.Random, library: Library) -> None:
        self._chance = chance
        self.library = library
        self._papers = 0

    def happen(self) -> None:
        chance, library = self._chance, self.library
        ids = library.ids()
        some = chance.sample(ids, min(len(ids), chance.randint(1, 3)))
        match chance.randint(0, 9) if ids else 0:
            case 0 | 1 | 2:
                self._import()
            case 3 | 4:
                library.mark(some, starred=True)
            case 5:
                library.mark(some, starred=False)
            case 6:
                library.tag(some, add=[chance.choice(["rl", "kv cache", "a--b", "naïve <!-- -->"])])
            case 7:
                library.note(some[0], kept(chance.choice(list(TEXTS.values()))))
            case 8 if len(ids) > 1:
                library.merge(*chance.sample(ids, 2))
            case _:
                with suppress(NothingToUndo):
                    library.undo()

    def _import(self) -> None:
        texts = list(TEXTS.values())
        papers = []
        for _ in range(self._chance.randint(1, 3)):
            self._papers += 1
            number = self._chance.randint(1, self._papers)  # a new one, or one that is known
            title = f"Paper {number} {kept(texts[number % len(texts)])[:200]}"
            known = f"2501.{number:05}" if self._chance.random() < 0.6 else None
            papers.append(listing(title, arxiv_id=known, abstract=kept(self._chance.choice(texts))[:500]))
        self.library.import_digest(digest(*papers, day=f"2025-11-{self._papers % 28 + 1:02}"))
        self.library.mark(self.library.ids(), starred=True)


def exported(library: Library, file: Path, how: InPlaceOptions) -> tuple[list[Entry], Report]:
    entries = library.list("is:starred")
    return entries, update_in_place(library, file, entries, ExportOptions(), how)[0]


def read(file: Path) -> str:
    return file.read_bytes().decode()


@pytest.mark.parametrize("seed", range(30))
def test_every_word_of_the_person_survives_whatever_they_do(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    person, file = Person(chance), tmp_path / "reading.md"
    with Library(tmp_path / "library.db") as library:
        shelf = Shelf(chance, library)
        for _ in range(14):
            for _ in range(chance.randint(0, 2)):
                shelf.happen()
            before = read(file) if file.exists() else ""
            for _ in range(chance.randint(0, 3)):
                before = person.edit(before)
            if before:
                file.write_bytes(before.encode())
            how = InPlaceOptions(
                chance.choice([None, None, "tag", "day", "none"]), chance.random() < 0.1, chance.random() < 0.2
            )
            marked = markers.read(before)
            if before and not marked.any:
                with pytest.raises(ExportError, match="holds no marker"):
                    exported(library, file, how)
                assert read(file) == before
                file.unlink()
                continue
            entries, report = exported(library, file, how)
            after = read(file)
            assert WORD.findall(after) == WORD.findall(before)
            assert_kept(before, after, library, report.pruned)
            assert len(entries) >= report.new + report.deleted
            if not how.restore:
                gone = of(library, marked.written) - of(library, names_here(marked)) - of(library, marked.torn)
                assert not gone & of(library, names_here(markers.read(after)))
            while report.pruned and marked.damaged:  # a block may have stood between the halves of another
                _, report = exported(library, file, how._replace(restore=False))
                after = read(file)
            stamp = file.stat().st_mtime_ns
            exported(library, file, how._replace(restore=False))
            assert (read(file), file.stat().st_mtime_ns) == (after, stamp)


def names_here(marked: markers.Marked) -> set[str]:
    return {block.name for block in marked.blocks}


def of(library: Library, names: Collection[str]) -> set[int]:
    """The papers that bear these names."""
    return set(library.named(names).values())


def outside(text: str, ours: Collection[str]) -> list[str]:
    """What stands outside of lists of names and of blocks that hold just what we wrote, or would write (`ours`)."""
    marked = markers.read(text)
    blocks = ((block.start, block.end) for block in marked.blocks if block.untouched or block.found in ours)
    parts, position = [], 0
    for start, end in sorted([*blocks, *marked.lists]):
        parts.append(text[position:start])
        position = end
    return SIGNS.findall(" ".join([*parts, text[position:]]))


def assert_kept(before: str, after: str, library: Library, pruned: int) -> None:
    """All that was outside of our blocks is there still, in its order; what came between it is new groups' headings."""
    ours = {markers.digest(content(entry).split("\n")) for entry in library.list()}
    there = iter(SIGNS.findall(after))
    assert not [sign for sign in outside(before, ours) if sign not in there]
    assert after.startswith("\ufeff") == before.startswith("\ufeff")
    if before and not pruned:
        assert after.endswith(("\n", "\r")) == before.endswith(("\n", "\r"))
    if "\r\n" in before and not re.search(r"(?<!\r)\n|\r(?!\n)", before):
        assert not re.search(r"(?<!\r)\n|\r(?!\n)", after)
