"""The person's actions as changes for the journal: what a mark, a tag or a note would change, and only that."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from store.database.changes import Change

if TYPE_CHECKING:
    from store.models import Said

_RIVALS = {"starred_at": "skipped_at", "skipped_at": "starred_at"}


def unknown_papers(connection: sqlite3.Connection, ids: Sequence[int]) -> list[int]:
    """Those of the ids that no paper has."""
    rows = connection.execute(
        "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM papers)", (json.dumps(ids),)
    )
    return [value for (value,) in rows]


def put_marks(
    connection: sqlite3.Connection, entry: int, ids: Sequence[int], marks: Mapping[str, bool], now: str
) -> dict[str, int]:
    """Put down what setting or clearing `marks` (columns of `states`) changes on the papers, as changes of `entry`.

    A paper that has a mark already keeps its time. Starring clears a skip and the reverse. Returns how many papers
    each column changes, the cleared rivals apart. In SQL throughout: ten thousand papers are marked at once.
    """
    wanted = dict(marks)
    for field, rival in _RIVALS.items():
        if marks.get(field):
            wanted.setdefault(rival, False)
    changed = {}
    for field, is_set in wanted.items():
        cursor = connection.execute(
            f"""
            INSERT INTO changes (entry, paper, field, before, after)
            SELECT DISTINCT :entry, j.value, :field, s.{field}, :after
            FROM json_each(:ids) j LEFT JOIN states s ON s.paper = j.value
            WHERE (s.{field} IS NULL) = :is_set
            """,
            {
                "entry": entry,
                "field": field,
                "after": now if is_set else None,
                "ids": json.dumps(ids),
                "is_set": is_set,
            },
        )
        if field in marks:
            changed[field] = cursor.rowcount
    return changed


def put_tags(
    connection: sqlite3.Connection, entry: int, ids: Sequence[int], add: Iterable[str], remove: Iterable[str]
) -> dict[str, int]:
    """Put down what adding and removing tags changes; returns how many papers each tag is put on or taken off."""
    changed = {}
    for tag, present in [(tag, False) for tag in remove] + [(tag, True) for tag in add]:
        cursor = connection.execute(
            """
            INSERT INTO changes (entry, paper, field, before, after)
            SELECT DISTINCT :entry, j.value, 'tag:' || :tag, iif(:present, NULL, 1), iif(:present, 1, NULL)
            FROM json_each(:ids) j
            WHERE EXISTS (SELECT 1 FROM tags t WHERE t.paper = j.value AND t.tag = :tag) != :present
            """,
            {"entry": entry, "tag": tag, "ids": json.dumps(ids), "present": present},
        )
        changed[tag] = cursor.rowcount
    return changed


def note_changes(connection: sqlite3.Connection, paper: int, text: str | None, now: str) -> list[Change]:
    """What writing `text` as the paper's note changes; None removes it."""
    row = connection.execute("SELECT note, note_at FROM states WHERE paper = ?", (paper,)).fetchone()
    before, before_at = row or (None, None)
    if before == text:
        return []
    return [Change(paper, "note", before, text), Change(paper, "note_at", before_at, now if text else None)]


def note_of(connection: sqlite3.Connection, paper: int) -> str | None:
    """The paper's note."""
    row = connection.execute("SELECT note FROM states WHERE paper = ?", (paper,)).fetchone()
    return row[0] if row else None


def rename_changes(connection: sqlite3.Connection, old: str, new: str) -> list[Change]:
    """What renaming a tag changes; a paper that has both keeps one."""
    rows = connection.execute(
        "SELECT paper, EXISTS (SELECT 1 FROM tags o WHERE o.paper = t.paper AND o.tag = ?) FROM tags t WHERE tag = ?",
        (new, old),
    )
    changes = []
    for paper, has_new in rows.fetchall():
        changes.append(Change(paper, f"tag:{old}", 1, None))
        if not has_new:
            changes.append(Change(paper, f"tag:{new}", None, 1))
    return changes


def apart_changes(connection: sqlite3.Connection, one: int, other: int) -> list[Change]:
    """What telling two papers apart changes; nothing where they are apart already."""
    if connection.execute("SELECT 1 FROM apart WHERE paper = ? AND other = ?", (one, other)).fetchone():
        return []
    return [Change(one, f"apart:{other}", None, 1), Change(other, "apart", None, one)]


def title_of(connection: sqlite3.Connection, paper: int) -> str:
    """The paper's title; for one that another program took out of the library, its number."""
    row = connection.execute("SELECT title FROM papers WHERE id = ?", (paper,)).fetchone()
    return str(row[0]) if row else f"paper {paper}"


def said_changes(connection: sqlite3.Connection, paper: int, said: "Said", now: str) -> list[Change]:
    """What a document has the person say of a paper, where they have said nothing of the kind themselves."""
    row = connection.execute(
        "SELECT read_at, starred_at, skipped_at, note FROM states WHERE paper = ?", (paper,)
    ).fetchone()
    read_at, starred_at, skipped_at, note = row or (None,) * 4
    changes = []
    if said.read and read_at is None:
        changes.append(Change(paper, "read_at", None, now))
    if starred_at is None and skipped_at is None and (said.starred or said.skipped):
        changes.append(Change(paper, "starred_at" if said.starred else "skipped_at", None, now))
    if said.note and note is None:
        changes += [Change(paper, "note", None, said.note), Change(paper, "note_at", None, now)]
    if said.tags and connection.execute("SELECT 1 FROM tags WHERE paper = ?", (paper,)).fetchone() is None:
        changes += [Change(paper, f"tag:{tag}", None, 1) for tag in dict.fromkeys(said.tags)]
    return changes
