"""Papers as notes in a folder, such as an Obsidian vault: brought up to date wherever the person has put them.

What was written there before is remembered in a file of the folder, `.paperdeck`: one name (`store.naming`) a line. So
that an export may be killed at any moment, new notes are first made under names that nobody sees, then remembered, then
put in their places: what is remembered is either there, still unseen, or was deleted by the person.
"""

import os
import re
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from errno import EEXIST
from pathlib import Path
from stat import S_IMODE
from typing import TYPE_CHECKING, Final, NamedTuple

from store.errors import ExportError
from store.exporting import UNFINISHED, alone_in, real, replace_file, told
from store.exports import ExportOptions, markers, obsidian, wanted
from store.exports.file_names import distinct, file_name, folded
from store.exports.in_place import InPlaceOptions, Report
from store.exports.markers import Marked
from store.naming import NAME, names

if TYPE_CHECKING:
    from store.entries import Entry
    from store.library import Library

MEMORY: Final = ".paperdeck"
_MEMORY_HEAD: Final = "# Written here by paperdeck. What is listed and gone was deleted by you, and stays away.\n"

_UNSEEN: Final = ".paperdeck-{}.new"
"""A note that has not come to its place yet."""

MOST_FILES: Final = 200_000
"""That a folder may hold, with all that is below it."""
_LONGEST: Final = 5_000_000
"""Bytes of a note that is looked into: ours have some thousand."""
_OURS: Final = b"<!-- paperdeck:"


class VaultReport(NamedTuple):
    """What was done to a folder of notes."""

    notes: Report
    changed: bool
    """Whether any file was."""
    failed: tuple[str, ...]
    """What could not be written, with the reason."""
    damaged: tuple[str, ...] = ()
    """The notes in which a marker is damaged, or has lost the other of its pair: that part of them was left."""


class _Note(NamedTuple):
    """A note that holds a paper's block, what is left of one, or the index."""

    path: Path
    data: bytes
    marked: Marked
    problem: str = ""
    """Why it cannot be read as a whole."""


def update_vault(
    library: "Library", folder: Path, entries: "Sequence[Entry]", options: ExportOptions, how: InPlaceOptions
) -> VaultReport:
    """Write a note for each paper into the folder, and bring those that are below it up to date; it is made if need be.

    Each note is replaced whole or not at all; what is no note of ours is never touched, and no link followed. Raises
    ExportError where nothing could be done.
    """
    with told(folder):
        root = real(folder)
        if root.exists() and not root.is_dir():
            raise ExportError(f"{folder} is no folder; name the one that the notes are to be in.")
        root.mkdir(parents=True, exist_ok=True)
        with alone_in(root):
            vault = _Vault(library, root, wanted(entries, options), options, how)
            vault.update()
    report = vault.report()
    if report.failed and not report.changed and not report.notes.unchanged:
        raise ExportError(f"{folder}: no note could be written. {report.failed[0]}")
    return report


class _Vault:
    """A folder that is being brought up to date."""

    def __init__(
        self,
        library: "Library",
        root: Path,
        entries: "Sequence[Entry]",
        options: ExportOptions,
        how: InPlaceOptions,
    ) -> None:
        self._root, self._options, self._how = root, options, how
        self._group = how.group or options.group
        self._listed = names(entries)
        self._name_of = {entry.id: name for name, entry in self._listed.items()}
        found = list(_notes(root))
        self._notes = [note for note in found if not note.problem]
        self._known = _remembered(root)
        """What the file of the folder says was written."""
        self._left_behind = list(root.glob(_UNSEEN.format("*")))
        """By an export that was killed."""
        unseen = {block.name for path in self._left_behind if (note := _note(path)) for block in note.marked.blocks}
        self._memory = {name: None for name in self._known if name not in unseen}
        folders = {root, *(note.path.parent for note in found)}
        self._left_behind += [path for folder in folders for path in folder.glob(UNFINISHED.format("*"))]
        self._unseen: dict[str, tuple[Path, Path]] = {}
        """The new notes, with their places."""
        self._pruned: list[_Note] = []
        here = {block.name for note in self._notes for block in note.marked.blocks}
        self._torn = {name for note in self._notes for name in note.marked.torn}
        self._ids = library.named((here | self._torn | set(self._memory)) - set(self._listed))
        others = library.entries(sorted({self._ids[name] for name in here if name in self._ids}))
        self._entries = {entry.id: entry for entry in (*wanted(others, options), *entries)}
        self._paths: dict[int, Path] = {}
        self._here: dict[str, None] = {}
        self._gone: set[str] = set()
        self._counts: Counter[str] = Counter()
        self._edited: list[str] = []
        self._twice: dict[int, str] = {}
        left = [note for note in found if note.problem]
        self._left = {
            name for note in left for name in (*(block.name for block in note.marked.blocks), *note.marked.torn)
        }
        """The names in notes that cannot be read as a whole."""
        self._failed = [f"{note.path.relative_to(root)} {note.problem} and was left as it is." for note in left]
        self._changed = False

    def update(self) -> None:
        """Bring all notes up to date, write those that are new, the index, and what is to be remembered."""
        indexes = []
        for note in self._notes:
            if any(block.name == obsidian.INDEX for block in note.marked.blocks):
                indexes.append(note)
            elif note.marked.blocks:
                self._bring_up_to_date(note)
        self._write_new()
        self._write_index(indexes)
        if self._remember():
            for path in self._left_behind:
                path.unlink(missing_ok=True)
        for name, (unseen, path) in self._unseen.items():
            self._show(name, unseen, path)
        for note in self._pruned:
            self._remove(note)

    def report(self) -> VaultReport:
        """What was done."""
        notes = Report.of(self._counts, self._edited, self._twice.values())
        damaged = tuple(f"{note.path.relative_to(self._root)}" for note in self._notes if note.marked.damaged)
        return VaultReport(notes, self._changed, tuple(self._failed), damaged)

    def _find(self, name: str) -> "tuple[str, Entry] | None":
        """The paper of this name, and what it is called now."""
        entry = self._listed.get(name) or self._entries.get(self._ids.get(name, 0))
        return entry and (self._name_of.get(entry.id) or next(iter(names([entry]))), entry)

    def _bring_up_to_date(self, note: _Note) -> None:
        brought = obsidian.brought(note.marked, self._find, restore=self._how.restore)
        papers = [pair for block in note.marked.blocks if (pair := self._find(block.name))]
        listed = any(entry.id in self._name_of for _, entry in papers)
        if self._how.prune and papers and not listed and brought.text == obsidian.note(*papers[0]):
            self._gone.add(papers[0][0])
            self._pruned.append(note)
            return
        same = brought.text == note.marked.text
        done = same or self._attempt(note.path, brought.text.encode(), note.data)
        old = {block.name for block in note.marked.blocks}
        now = old if same or not done else {block.name for block in markers.read(brought.text).blocks}
        self._here.update(dict.fromkeys(sorted(now)))
        self._gone |= old - now
        for _, entry in papers:
            if entry.id in self._paths:
                self._twice[entry.id] = entry.title
            self._paths.setdefault(entry.id, note.path)
        if not papers:
            self._counts["unknown"] += 1
            return
        self._counts["left"] += not listed
        if brought.edited:
            self._edited.append(papers[0][1].title)
        if done:
            self._counts["unchanged" if same else "updated"] += 1

    def _write_new(self) -> None:
        taken = {folded(name) for name in os.listdir(self._root)}  # noqa: PTH208 (names, not paths)
        removed = {self._ids.get(name) for name in self._memory}
        torn = {self._ids.get(name) for name in self._torn}
        for name, entry in self._listed.items():
            if entry.id in self._paths:
                continue
            if name in self._left or ((name in self._torn or entry.id in torn) and not self._how.restore):
                self._here.setdefault(name)
            elif (name in self._memory or entry.id in removed) and not self._how.restore:
                self._counts["deleted"] += 1
            else:
                self._write(name, entry, taken)

    def _write(self, name: str, entry: "Entry", taken: set[str]) -> None:
        """Make a new note, under a name that is not `taken`."""
        short = name.removeprefix("title:").replace("/", "-")
        path = self._root / f"{distinct(file_name(entry.title, short), short, taken)}.md"
        taken.add(folded(path.name))
        if self._make(name, path, obsidian.note(name, entry)):
            self._paths[entry.id] = path

    def _write_index(self, indexes: Sequence[_Note]) -> None:
        entries = [self._entries[paper] for paper in self._entries if paper in self._paths]
        entries.sort(key=lambda entry: entry.id not in self._name_of)
        for note in indexes:
            paths = self._from(note.path.parent)
            content = obsidian.listing(entries, paths, self._group)
            links = {*paths.values(), *(path.name for path in self._paths.values())}
            text, edited = obsidian.brought_index(note.marked, content, links)
            if edited:
                self._edited.append(note.path.stem)
            elif text != note.marked.text:
                self._attempt(note.path, text.encode(), note.data)
            self._here.setdefault(obsidian.INDEX)
        if indexes or (obsidian.INDEX in self._memory and not self._how.restore):
            return
        taken = {folded(name) for name in os.listdir(self._root)}  # noqa: PTH208
        taken |= {folded(path.name) for _, path in self._unseen.values()}
        name = distinct(file_name(self._options.title, "Papers"), "papers", taken)
        text = obsidian.index(self._options.title, obsidian.listing(entries, self._from(self._root), self._group))
        self._make(obsidian.INDEX, self._root / f"{name}.md", text)

    def _from(self, folder: Path) -> dict[int, str]:
        """The papers' notes, as paths from a folder."""
        return {paper: Path(os.path.relpath(path, folder)).as_posix() for paper, path in self._paths.items()}

    def _make(self, name: str, path: Path, text: str) -> bool:
        """Make a new note, which nobody sees before it is remembered; say so where it fails."""
        unseen = self._root / _UNSEEN.format(secrets.token_hex(6))
        try:
            unseen.write_bytes(text.encode())  # made anew at need, so it need not be on disk at once
        except OSError as error:
            unseen.unlink(missing_ok=True)
            self._failed.append(f"{path.name} cannot be written: {error.strerror}.")
            return False
        self._unseen[name] = unseen, path
        return True

    def _remember(self) -> bool:
        """Write down what is in the folder now or will be; whether that is on disk."""
        written = dict.fromkeys(name for name in self._memory if name not in self._gone or name in self._here)
        written |= {**self._here, **dict.fromkeys(self._unseen)}
        if written == self._known:
            return True
        text = "".join([_MEMORY_HEAD, *(f"{name}\n" for name in written)])
        return self._attempt(self._root / MEMORY, text.encode(), None)

    def _show(self, name: str, unseen: Path, path: Path) -> None:
        """Put a new note in its place; where that fails, the next export does."""
        try:
            if os.path.lexists(path):
                raise FileExistsError(EEXIST, os.strerror(EEXIST))
            unseen.rename(path)
        except OSError as error:
            self._failed.append(f"{path.name} cannot be written: {error.strerror}.")
            return
        self._changed = True
        self._counts["new"] += name != obsidian.INDEX

    def _attempt(self, path: Path, data: bytes, before: bytes | None) -> bool:
        """Write a file if it is still as it was (None: our own memory); say so where it fails."""
        name = path.relative_to(self._root)
        try:
            if before is not None and path.read_bytes() != before:
                self._failed.append(f"{name} was changed by another program meanwhile.")
                return False
            mode = None if before is None else S_IMODE(path.stat().st_mode)
            replace_file(path, data, mode)
        except OSError as error:
            self._failed.append(f"{name} cannot be written: {error.strerror}.")
            return False
        self._changed = True
        return True

    def _remove(self, note: _Note) -> None:
        try:
            note.path.unlink()
        except OSError as error:
            self._failed.append(f"{note.path.relative_to(self._root)} cannot be removed: {error.strerror}.")
            return
        self._changed = True
        self._counts["pruned"] += 1


def _notes(root: Path) -> Iterator[_Note]:
    """The notes below a folder that hold a block of ours, those in hidden folders and behind links left out."""
    folders, seen = [root], 0
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            if folder == root:
                raise
            continue  # nothing in it is known, so nothing in it is touched
        for entry in entries:
            seen += 1
            if seen > MOST_FILES:
                raise ExportError(
                    f"{root} holds more than {MOST_FILES:,} files; name a folder of it. Nothing was written."
                )
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(Path(entry.path))
            elif entry.name.lower().endswith(".md") and (note := _note(Path(entry.path))):
                yield note


def _note(path: Path) -> _Note | None:
    """The note, if it holds a block of ours and can be read, and is not a document with papers in place."""
    try:
        with open(path, "rb", opener=_opened) as file:
            data = file.read(_LONGEST + 1)
    except OSError:
        return None
    if _OURS not in data:
        return None
    try:
        marked, problem = markers.read(data.decode()), ""
    except UnicodeDecodeError:
        marked, problem = markers.read(data.decode("utf-8", "replace")), "is no text in UTF-8"
    if len(data) > _LONGEST:
        problem = f"has more than {_LONGEST // 1_000_000} MB"
    if (marked.lists or marked.places) and not any(block.more for block in marked.blocks):
        return None
    return _Note(path, data, marked, problem) if marked.blocks or marked.torn else None


def _opened(path: str, flags: int) -> int:
    """Open a file, but neither a link nor (waiting for who writes into it) a pipe."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _remembered(root: Path) -> dict[str, None]:
    """The names of what was ever written into the folder."""
    path = root / MEMORY
    if path.is_symlink() or not path.is_file():
        return {}
    lines = re.split(r"\s+", path.read_bytes().decode("utf-8", "replace"))
    return dict.fromkeys(line for line in lines if line == obsidian.INDEX or NAME.fullmatch(line))
