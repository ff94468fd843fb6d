"""What the person did, in words, and how it is taken back: marks, tags and notes as journal entries, undo and redo.

Functions take a connection in a write transaction; the SQL is in `store.database`.
"""

import re
import sqlite3
from collections.abc import Mapping, Sequence

from store.database import actions, changes, unify
from store.database.changes import Change
from store.entries import NOTHING_DONE, Done, JournalEntry, Undone
from store.errors import InvalidTag, NothingToUndo, UnknownPaper

_COLUMNS = {"read": "read_at", "starred": "starred_at", "skipped": "skipped_at"}
_WORDS = {
    ("read_at", True): "Marked read: ",
    ("read_at", False): "Marked unread: ",
    ("starred_at", True): "Starred ",
    ("starred_at", False): "Took the star off ",
    ("skipped_at", True): "Skipped ",
    ("skipped_at", False): "No longer skipped: ",
}
_LINE_ENDS = ("\n", "\r")
_FIRST_END = re.compile(r"\A(?:\r\n|\r|\n)")
SENTENCES = 5
"""Fields left alone by an undo that are named, at most; of the others only the number is said."""

_FIELD_WORDS = {
    "read_at": "the read mark",
    "starred_at": "the star",
    "skipped_at": "the skip",
    "note": "the note",
    "apart": "what it is kept apart from",
}
_NOTHING_LEFT = "Nothing of it was left: two rows became one paper since"


def clean_tag(tag: str) -> str:
    """A tag as it is kept: lower case and safe (`store.text`). Raises InvalidTag where it cannot be one."""
    if "," in tag or "\n" in tag or "\r" in tag:
        raise InvalidTag(f"“{tag}” cannot be a tag: a tag holds no comma and no line end.")
    from store.text import safe

    kept = safe(tag.lower())
    if not kept:
        raise InvalidTag("A tag cannot be empty.")
    return kept


def mark(connection: sqlite3.Connection, ids: Sequence[int], marks: Mapping[str, bool], now: str) -> Done:
    """Set or clear `read`, `starred`, `skipped` on the papers, as one entry."""
    _check(connection, ids)
    fields = {_COLUMNS[name]: value for name, value in marks.items()}
    entry = changes.begin(connection, "mark", now)
    counts = actions.put_marks(connection, entry, ids, fields, now)
    parts = [(_WORDS[field, fields[field]], count) for field, count in counts.items() if count]
    return _finish(connection, entry, parts)


def tag(
    connection: sqlite3.Connection, ids: Sequence[int], add: Sequence[str], remove: Sequence[str], now: str
) -> Done:
    """Put tags on the papers and take tags off them, as one entry; the tags are clean."""
    _check(connection, ids)
    entry = changes.begin(connection, "tag", now)
    counts = actions.put_tags(connection, entry, ids, add, remove)
    parts = [(f"Tagged with {names}: ", count) for names, count in _alike(counts, add)]
    parts += [(f"Took {names} off ", count) for names, count in _alike(counts, remove)]
    return _finish(connection, entry, parts)


def note(connection: sqlite3.Connection, paper: int, text: str | None, instead_of: str | None, now: str) -> Done:
    """Write the paper's note, or remove it with None.

    `instead_of` is the note that the writer began with (None: whichever there is). Where another has been written
    meanwhile, both are kept.
    """
    _check(connection, [paper])
    found = actions.note_of(connection, paper) or ""
    if instead_of is None or found in {"", instead_of, text or ""}:
        return _write_note(connection, paper, text, now)
    done = _write_note(connection, paper, _joined(text or "", found, instead_of), now)
    if done.entry is None:
        return done._replace(summary="The note had been changed elsewhere meanwhile and stays as it is")
    return done._replace(summary=f"{done.summary}. It had been changed elsewhere meanwhile: both texts are kept")


def _joined(ours: str, theirs: str, before: str) -> str:
    """Two notes made of `before`: where `theirs` is that and more lines, only these are added to ours."""
    for stem in (before, before.rstrip()):
        added = theirs.removeprefix(stem)
        if stem and added != theirs and (stem.endswith(_LINE_ENDS) or added.startswith(_LINE_ENDS)):
            return _with_line(ours, added if stem.endswith(_LINE_ENDS) else _FIRST_END.sub("", added))
    return f"{ours.rstrip()}\n\n{theirs}" if ours else theirs


def _with_line(note: str, text: str) -> str:
    """A note, all of it as it is, and `text` from the beginning of a line, which is ended as the note's lines are."""
    if not note or note.endswith(_LINE_ENDS):
        return f"{note}{text}"
    end = "\r\n" if 0 < note.count("\r\n") == note.count("\n") else "\n"
    return f"{note}{end}{text}"


def append_note(connection: sqlite3.Connection, paper: int, text: str | None, now: str) -> Done:
    """Add text to the paper's note, on a line of its own; None adds nothing."""
    _check(connection, [paper])
    before = actions.note_of(connection, paper)
    return _write_note(connection, paper, _with_line(before, text) if before and text else text or before, now)


def _write_note(connection: sqlite3.Connection, paper: int, text: str | None, now: str) -> Done:
    changed = actions.note_changes(connection, paper, text, now)
    if not changed:
        return NOTHING_DONE
    verb = "Removed the note from" if text is None else "Changed the note on" if changed[0].before else "Noted"
    return _done(connection, "note", f"{verb} “{actions.title_of(connection, paper)}”", changed, now)


def rename_tag(connection: sqlite3.Connection, old: str, new: str, now: str) -> Done:
    """Rename a tag on all papers; where the new one exists, the two become one. Both are clean."""
    changed = actions.rename_changes(connection, old, new) if old != new else []
    if not changed:
        return NOTHING_DONE
    papers = len({change.paper for change in changed})
    return _done(connection, "rename", f"Renamed the tag {old} to {new} ({counted(papers)})", changed, now)


def merge(connection: sqlite3.Connection, stays: int, goes: int, now: str) -> Done:
    """Make two papers one, with the state of both."""
    _check(connection, [stays, goes])
    if stays == goes:
        return NOTHING_DONE
    entry = changes.begin(connection, "merge", now)
    unify.merge(connection, entry, stays, goes)
    summary = f"Merged two papers into “{actions.title_of(connection, stays)}”"
    changes.finish(connection, entry, summary)
    return Done(entry, summary, (stays, goes))


def keep_apart(connection: sqlite3.Connection, one: int, other: int, now: str) -> Done:
    """Remember that two papers are not the same."""
    _check(connection, [one, other])
    changed = actions.apart_changes(connection, one, other) if one != other else []
    if not changed:
        return NOTHING_DONE
    titles = " and ".join(f"“{actions.title_of(connection, paper)}”" for paper in (one, other))
    return _done(connection, "apart", f"Kept apart {titles}", changed, now)


def undo(connection: sqlite3.Connection) -> Undone:
    """Take back the newest action that has not been taken back. Raises NothingToUndo."""
    row = connection.execute(
        "SELECT id, action, summary FROM journal WHERE state = 'done' ORDER BY id DESC LIMIT 1"
    ).fetchone()
    if row is None:
        raise NothingToUndo("There is nothing to undo.")
    entry, action, summary = row
    if action == "merge":
        unify.part(connection, entry)
    return _replay(connection, entry, summary, back=True)._replace(merged=action == "merge")


def redo(connection: sqlite3.Connection) -> Undone:
    """Do again what was undone last. Raises NothingToUndo, also where a new action came after the undo."""
    row = connection.execute(
        "SELECT id, action, summary FROM journal WHERE state = 'undone' ORDER BY id LIMIT 1"
    ).fetchone()
    if row is None:
        raise NothingToUndo("There is nothing to redo.")
    entry, action, summary = row
    if action == "merge":
        return _merge_again(connection, entry, summary)
    return _replay(connection, entry, summary, back=False)


def log(connection: sqlite3.Connection, limit: int) -> list[JournalEntry]:
    """The newest entries first, at most `limit`."""
    rows = connection.execute(
        "SELECT id, at, action, summary, papers, state FROM journal ORDER BY id DESC LIMIT ?",
        (limit,),
    )
    return [JournalEntry(*row) for row in rows]


def counted(papers: int) -> str:
    """`1 paper`, `3 papers`."""
    return f"{papers:,} paper{'s' if papers != 1 else ''}"


def _check(connection: sqlite3.Connection, ids: Sequence[int]) -> None:
    unknown = actions.unknown_papers(connection, ids)
    if unknown:
        named = ", ".join(map(str, unknown[:5])) + (" …" if len(unknown) > 5 else "")
        raise UnknownPaper(f"The library has no paper {named}; nothing was changed.")


def _finish(connection: sqlite3.Connection, entry: int, parts: Sequence[tuple[str, int]]) -> Done:
    """Apply an entry whose changes have been put down; one that changes nothing leaves no trace."""
    if not parts:
        raise NothingChanged
    papers = changes.apply(connection, entry)
    summary = "; ".join(_said(connection, words, count, papers) for words, count in parts)
    changes.finish(connection, entry, summary)
    return Done(entry, summary, papers)


class NothingChanged(Exception):
    """Rolls the transaction back, the entry that was begun and what it dropped from the redo stack included."""


def _said(connection: sqlite3.Connection, words: str, count: int, papers: Sequence[int]) -> str:
    one = count == 1 and len(papers) == 1
    return words + (f"“{actions.title_of(connection, papers[0])}”" if one else counted(count))


def _done(connection: sqlite3.Connection, action: str, summary: str, changed: Sequence[Change], now: str) -> Done:
    entry = changes.record(connection, action, summary, changed, now)
    return Done(entry, summary, changes.apply(connection, entry))


def _replay(connection: sqlite3.Connection, entry: int, summary: str, *, back: bool) -> Undone:
    changes.forget_joined(connection, entry)
    left = changes.conflicts(connection, entry, back=back)
    papers = changes.apply(connection, entry, back=back, leave=left)
    changes.turn(connection, entry, "undone" if back else "done")
    fields = [change for change in left if change.field != "note_at"]  # it goes with the note
    kept = [_kept(connection, change) for change in fields[:SENTENCES]]
    if len(fields) > SENTENCES:
        kept.append(f"As many as {len(fields) - SENTENCES:,} more have changed since and stay as they are")
    if not papers and not fields:
        kept.append(_NOTHING_LEFT)
    return Undone(entry, summary, papers, tuple(kept))


def _merge_again(connection: sqlite3.Connection, entry: int, summary: str) -> Undone:
    """Merge two papers as they are now: imports may have brought them more since the merge was undone."""
    papers = unify.merge_again(connection, entry)
    changes.turn(connection, entry, "done")
    return Undone(entry, summary, papers, () if papers else (_NOTHING_LEFT,), merged=True)


def _kept(connection: sqlite3.Connection, change: Change) -> str:
    field = _FIELD_WORDS.get(change.field.partition(":")[0]) or f"the tag {change.field.removeprefix('tag:')}"
    return f"“{actions.title_of(connection, change.paper)}”: {field} has changed since and stays as it is"


def _alike(counts: Mapping[str, int], tags: Sequence[str]) -> list[tuple[str, int]]:
    """The tags in words, those that changed equally many papers together; one that changed none is left out."""
    named: dict[int, list[str]] = {}
    for tag in tags:
        named.setdefault(counts[tag], []).append(f"“{tag}”" if " " in tag else tag)
    return [(", ".join(names), count) for count, names in named.items() if count]
