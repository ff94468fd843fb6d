"""The person's state as it is written: changes put down in the journal, then applied from it.

Nothing else writes to `states` and `tags`, so the journal and the state cannot disagree.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

STATE_FIELDS = ("read_at", "starred_at", "skipped_at", "note", "note_at")
_OTHER = "CAST(substr(field, 7) AS INTEGER)"
"""The id in `apart:ID`."""


class Change(NamedTuple):
    """One field of one paper: a column of `states`, or `tag:` and the tag, with None for absent and 1 for present.

    `apart:` and the id of another paper likewise says that the two were told apart. `merge` and `apart` alone put down
    that the other paper, whose id is `after`, was a part of that.
    """

    paper: int
    field: str
    before: str | int | None
    after: str | int | None


def record(
    connection: sqlite3.Connection,
    action: str,
    summary: str,
    changes: Iterable[Change],
    now: str,
    *,
    state: str = "done",
) -> int:
    """Put down one journal entry with its changes, and apply nothing yet; returns the entry's id."""
    entry = begin(connection, action, now, state=state)
    put_down(connection, entry, changes)
    finish(connection, entry, summary)
    return entry


def begin(connection: sqlite3.Connection, action: str, now: str, *, state: str = "done") -> int:
    """Open a journal entry whose changes the caller inserts himself; a new action ends what could be redone."""
    if state == "done":
        connection.execute("UPDATE journal SET state = 'dropped' WHERE state = 'undone'")
    cursor = connection.execute(
        "INSERT INTO journal (at, action, summary, papers, state) VALUES (?, ?, '', 0, ?)",
        (now, action, state),
    )
    return int(cursor.lastrowid or 0)


def put_down(connection: sqlite3.Connection, entry: int, changes: Iterable[Change]) -> None:
    """Add changes to an entry; nothing is applied yet."""
    connection.executemany(
        "INSERT INTO changes (entry, paper, field, before, after) VALUES (?, ?, ?, ?, ?)",
        ((entry, *change) for change in changes),
    )


def finish(connection: sqlite3.Connection, entry: int, summary: str) -> None:
    """Write an entry's summary and count its papers."""
    connection.execute(
        "UPDATE journal SET summary = :summary, "
        "papers = (SELECT count(DISTINCT paper) FROM changes WHERE entry = :entry) WHERE id = :entry",
        {"summary": summary, "entry": entry},
    )


def turn(connection: sqlite3.Connection, entry: int, state: str) -> None:
    """Put down that an entry is `done`, or `undone`."""
    connection.execute("UPDATE journal SET state = ? WHERE id = ?", (state, entry))


def apply(
    connection: sqlite3.Connection, entry: int, *, back: bool = False, leave: Sequence[Change] = ()
) -> tuple[int, ...]:
    """Bring the fields that an entry changes to their later value, or `back` to their earlier one.

    The changes in `leave` are passed over. Returns the papers changed, ascending.
    """
    target = "before" if back else "after"
    left = json.dumps([f"{change.paper} {change.field}" for change in leave])
    chosen = (
        "FROM changes WHERE entry = :entry AND paper || ' ' || field NOT IN (SELECT value FROM json_each(:left))"
        if leave
        else "FROM changes WHERE entry = :entry"
    )
    values: dict[str, str | int] = {"entry": entry, "left": left}
    # What is cleared comes first: a paper must never be starred and skipped, not even for a moment.
    for is_set in ("IS NULL", "IS NOT NULL"):
        for field in STATE_FIELDS:
            connection.execute(
                f"INSERT INTO states (paper, {field}) "
                f"SELECT paper, {target} {chosen} AND field = :field AND {target} {is_set} "
                f"ON CONFLICT (paper) DO UPDATE SET {field} = excluded.{field}",
                {**values, "field": field},
            )
    connection.execute(
        f"DELETE FROM states WHERE paper IN (SELECT paper {chosen}) AND "
        + " AND ".join(f"{field} IS NULL" for field in STATE_FIELDS),
        values,
    )
    tagged = f"{chosen} AND field LIKE 'tag:%' AND {target}"
    connection.execute(
        f"DELETE FROM tags WHERE (paper, tag) IN (SELECT paper, substr(field, 5) {tagged} IS NULL)", values
    )
    connection.execute(
        f"INSERT OR IGNORE INTO tags (paper, tag) SELECT paper, substr(field, 5) {tagged} IS NOT NULL", values
    )
    told = f"{chosen} AND field LIKE 'apart:%' AND {target}"
    connection.execute(
        f"WITH told AS (SELECT paper, {_OTHER} AS other {told} IS NULL) DELETE FROM apart "
        "WHERE (paper, other) IN (SELECT paper, other FROM told UNION SELECT other, paper FROM told)",
        values,
    )
    connection.execute(
        f"WITH told AS (SELECT paper, {_OTHER} AS other {told} IS NOT NULL) INSERT OR IGNORE INTO apart (paper, other) "
        "SELECT paper, other FROM told UNION SELECT other, paper FROM told",
        values,
    )
    papers = connection.execute(f"SELECT DISTINCT paper {chosen} ORDER BY paper", values)
    return tuple(paper for (paper,) in papers)


def forget_joined(connection: sqlite3.Connection, entry: int) -> None:
    """Take out of an entry that two papers were told apart, where an import has shown since that they are one."""
    connection.execute(
        "DELETE FROM changes WHERE entry = ?1 AND EXISTS (SELECT 1 FROM changes WHERE entry = ?1 AND "
        f"((field = 'apart' AND after = paper) OR (field LIKE 'apart:%' AND {_OTHER} = paper)))",
        (entry,),
    )


def conflicts(connection: sqlite3.Connection, entry: int, *, back: bool) -> list[Change]:
    """The changes of an entry whose field no longer has the value that it left (or that it found, going forward).

    Undo and redo leave those fields alone. Also among them: a star that would come back to a paper that is skipped and
    stays so, and the reverse; the time of a note that is left alone; all of a paper that is gone.
    """
    expected, target = ("after", "before") if back else ("before", "after")
    found: list[tuple[int, str, str | int | None, str | int | None]] = []
    gone = "NOT EXISTS (SELECT 1 FROM papers p WHERE p.id = c.paper)"
    for field in STATE_FIELDS:
        # A note and its time are one thing: the note decides.
        changed = (
            f"EXISTS (SELECT 1 FROM changes n WHERE n.entry = c.entry AND n.paper = c.paper AND n.field = 'note' "
            f"AND n.{expected} IS NOT s.note)"
            if field == "note_at"
            else f"s.{field} IS NOT c.{expected}"
        )
        rival = {"starred_at": "skipped_at", "skipped_at": "starred_at"}.get(field)
        clash = (
            f"OR (c.{target} IS NOT NULL AND s.{rival} IS NOT NULL AND NOT EXISTS ("
            f"SELECT 1 FROM changes o WHERE o.entry = c.entry AND o.paper = c.paper AND o.field = '{rival}' "
            f"AND o.{expected} IS s.{rival}))"
            if rival
            else ""
        )
        found += connection.execute(
            f"SELECT c.paper, c.field, c.before, c.after FROM changes c LEFT JOIN states s ON s.paper = c.paper "
            f"WHERE c.entry = ? AND c.field = ? AND ({changed} {clash} OR {gone})",
            (entry, field),
        )
    found += connection.execute(
        f"SELECT c.paper, c.field, c.before, c.after FROM changes c "
        f"LEFT JOIN tags t ON t.paper = c.paper AND t.tag = substr(c.field, 5) "
        f"WHERE c.entry = ? AND c.field LIKE 'tag:%' AND ((t.tag IS NULL) = (c.{expected} IS NOT NULL) OR {gone})",
        (entry,),
    )
    found += connection.execute(
        f"SELECT c.paper, c.field, c.before, c.after FROM changes c "
        f"LEFT JOIN apart a ON a.paper = c.paper AND a.other = {_OTHER} "
        f"WHERE c.entry = ? AND c.field LIKE 'apart:%' AND ((a.other IS NULL) = (c.{expected} IS NOT NULL) OR {gone} "
        f"OR NOT EXISTS (SELECT 1 FROM papers p WHERE p.id = {_OTHER}))",
        (entry,),
    )
    return [Change(*row) for row in found]
