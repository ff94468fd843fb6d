"""Two rows that turn out to be one paper become one row, with the state of both."""

import json
import sqlite3

from store.database.changes import Change, apply, record
from store.merge import CONTESTED, LARGEST, merged


def unify(connection: sqlite3.Connection, stays: int, goes: int, now: str) -> None:
    """Move all that belongs to the paper `goes` to the paper `stays`, and remove `goes`.

    Where the person had said something of `goes`, the journal keeps what it was and what became of it, as a record
    that undo passes over: there is no second row any more to put it back to. Earlier entries on `goes` are entries on
    `stays` from now on, so that they can still be undone.
    """
    _merge_values(connection, stays, goes)
    _move_state(connection, stays, goes, now)
    for table in ("listings", "aliases"):
        connection.execute(f"UPDATE OR IGNORE {table} SET paper = ? WHERE paper = ?", (stays, goes))
        connection.execute(f"DELETE FROM {table} WHERE paper = ?", (goes,))
    connection.execute(
        "INSERT OR IGNORE INTO aliases (title_key, paper) SELECT gone.title_key, :stays FROM papers gone, papers kept "
        "WHERE gone.id = :goes AND kept.id = :stays AND gone.title_key != kept.title_key",
        {"stays": stays, "goes": goes},
    )
    connection.execute("DELETE FROM papers WHERE id = ?", (goes,))
    place_again(connection, [stays])


def place_again(connection: sqlite3.Connection, papers: list[int]) -> None:
    """Set the papers' newest listing (day, digest, position) from their listings."""
    connection.execute(
        """
        UPDATE papers SET (day, digest, position) = (
            SELECT d.day, d.id, l.position FROM listings l JOIN digests d ON d.id = l.digest
            WHERE l.paper = papers.id ORDER BY d.day DESC, d.id DESC LIMIT 1)
        WHERE id IN (SELECT value FROM json_each(?))
        """,
        (json.dumps(papers),),
    )


def _merge_values(connection: sqlite3.Connection, stays: int, goes: int) -> None:
    """Field by field the better origin's value; what only the row that goes knows fills a gap."""
    columns = ("title_key", "arxiv_id", "added_at", "origin", "origins", *CONTESTED, *LARGEST)
    select = f"SELECT {', '.join(columns)} FROM papers WHERE id = ?"
    kept, gone = (
        dict(zip(columns, connection.execute(select, (paper,)).fetchone(), strict=True)) for paper in (stays, goes)
    )
    origins = json.loads(gone["origins"] or "{}")
    changes = {}
    for field in (*CONTESTED, *LARGEST, "arxiv_id"):
        step = merged(kept, {field: gone[field]}, origins.get(field, gone["origin"]))
        kept.update(step)
        changes.update(step)
    if "title" in changes:
        changes["title_key"] = gone["title_key"]
        connection.execute(
            "INSERT OR IGNORE INTO aliases (title_key, paper) SELECT title_key, id FROM papers WHERE id = ?",
            (stays,),
        )
    connection.execute("UPDATE papers SET arxiv_id = NULL WHERE id = ?", (goes,))  # it is unique
    if changes:
        names = ", ".join(f"{column} = ?" for column in changes)
        connection.execute(f"UPDATE papers SET {names} WHERE id = ?", (*changes.values(), stays))


def _move_state(connection: sqlite3.Connection, stays: int, goes: int, now: str) -> None:
    """Give `stays` the state of both: every mark and tag, both notes. A star stands above a skip."""
    fields = ("read_at", "starred_at", "skipped_at", "note", "note_at")
    select = f"SELECT {', '.join(fields)} FROM states WHERE paper = ?"
    nothing = (None,) * len(fields)
    kept = dict(zip(fields, connection.execute(select, (stays,)).fetchone() or nothing, strict=True))
    gone = dict(zip(fields, connection.execute(select, (goes,)).fetchone() or nothing, strict=True))
    tags, own = (
        {tag for (tag,) in connection.execute("SELECT tag FROM tags WHERE paper = ?", (paper,))}
        for paper in (goes, stays)
    )
    had_anything = bool(tags) or any(value is not None for value in gone.values())
    if had_anything:
        both = {field: gone[field] if kept[field] is None else kept[field] for field in fields}
        if kept["note"] and gone["note"] and kept["note"] != gone["note"]:
            both["note"] = f"{kept['note'].rstrip()}\n\n{gone['note']}"
            both["note_at"] = max(kept["note_at"], gone["note_at"])
        if both["starred_at"]:
            both["skipped_at"] = None
        changes = [Change(goes, field, value, None) for field, value in gone.items() if value is not None]
        changes += [Change(goes, f"tag:{tag}", 1, None) for tag in sorted(tags)]
        changes += [Change(stays, field, kept[field], both[field]) for field in fields if kept[field] != both[field]]
        changes += [Change(stays, f"tag:{tag}", None, 1) for tag in sorted(tags - own)]
        title = connection.execute("SELECT title FROM papers WHERE id = ?", (stays,)).fetchone()[0]
    # Before the union itself is recorded, which names the row that goes. What the row that stays had of its own is
    # not taken from it when the other's mark is undone.
    held = [field for field in ("read_at", "starred_at", "skipped_at") if kept[field] is not None]
    held += [f"tag:{tag}" for tag in own]
    connection.execute(
        "UPDATE OR IGNORE changes SET paper = ? WHERE paper = ? AND field NOT IN (SELECT value FROM json_each(?))",
        (stays, goes, json.dumps(held)),
    )
    connection.execute("DELETE FROM changes WHERE paper = ?", (goes,))
    if had_anything:
        entry = record(connection, "unify", f"Joined two rows of “{title}”", changes, now, state="kept")
        apply(connection, entry)
