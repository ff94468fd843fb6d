"""Two rows that are one paper become one row, with the state of both; and what a person merged is parted again."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from store.database.changes import STATE_FIELDS, Change, apply, put_down, record
from store.errors import LibraryDamaged
from store.merge import CONTESTED, LARGEST, merged, origins_of, parted

OWNED: Final = {"listings": "digest, position, comments, upvotes", "aliases": "title_key", "apart": "other"}
"""The tables of what belongs to a paper beside its row and the person's state, with what identifies it first."""
_PARENTS: Final = {"listings": "digests", "apart": "papers"}

_OF_MERGE: Final = ("before", "gone", "after")

Facts = dict[str, Any]
"""A row of `papers` by column, under `paper`, and its rows in the tables of `OWNED`, under their names."""


def is_merge(found: object) -> bool:
    """Whether this is what is kept of a merge: both papers before it, and the one after."""
    return isinstance(found, dict) and all(
        isinstance(facts := found.get(name), dict)
        and isinstance(facts.get("paper"), dict)
        and all(isinstance(facts.get(table), list) for table in OWNED)
        for name in _OF_MERGE
    )


def unify(connection: sqlite3.Connection, stays: int, goes: int, now: str) -> None:
    """Move all that belongs to the paper `goes` to the paper `stays`, and remove `goes`: an import shows it to be one.

    Where the person had said something of `goes`, the journal keeps what it was and what became of it, as a record
    that undo passes over: there is no second row any more to put it back to. Earlier entries on `goes` are entries on
    `stays` from now on, so that they can still be undone.
    """
    changes = _joint_state(connection, stays, goes)
    _merge_values(connection, stays, goes)
    _hand_journal_on(connection, stays, goes)
    if changes:
        title = connection.execute("SELECT title FROM papers WHERE id = ?", (stays,)).fetchone()[0]
        entry = record(connection, "unify", f"Joined two rows of “{title}”", changes, now, state="kept")
        apply(connection, entry)
    _move(connection, stays, goes)


def merge(connection: sqlite3.Connection, entry: int, stays: int, goes: int) -> None:
    """Make two rows one because the person says that they are one paper, as a journal entry that `part` takes back.

    Earlier entries on `goes` wait as they are: nobody can undo them before this one.
    """
    before, gone = _facts(connection, stays), _facts(connection, goes)
    changes = [Change(stays, "merge", None, goes), Change(goes, "merge", None, stays)]
    put_down(connection, entry, [*changes, *_joint_state(connection, stays, goes)])
    apply(connection, entry)
    _merge_values(connection, stays, goes)
    _move(connection, stays, goes)
    was = {"before": before, "gone": gone, "after": _facts(connection, stays)}
    connection.execute(
        "INSERT OR REPLACE INTO merges (entry, stays, goes, was) VALUES (?, ?, ?, ?)",
        (entry, stays, goes, json.dumps(was, ensure_ascii=False)),
    )


def part(connection: sqlite3.Connection, entry: int) -> None:
    """Bring the row back that a merge took in, and take from the other what came from it; not the person's state.

    What was changed since, and what later imports brought, stays with the row that stayed.
    """
    stays, goes, was = connection.execute("SELECT stays, goes, was FROM merges WHERE entry = ?", (entry,)).fetchone()
    if was is None:
        return
    try:
        found = json.loads(was)
    except ValueError:
        found = None
    if not is_merge(found):
        raise LibraryDamaged(
            "What the undo of this merge needs was garbled by another program; nothing was changed. "
            "`paperdeck restore FILE` brings a copy of the library back."
        )
    before, gone, after = (found[name] for name in _OF_MERGE)
    if _exists(connection, stays):
        _update(connection, stays, parted(_facts(connection, stays)["paper"], before["paper"], after["paper"]))
    row = {**gone["paper"], "id": goes}
    columns = ", ".join(row)
    connection.execute(f"INSERT INTO papers ({columns}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))
    for table, columns in OWNED.items():
        had = [values[0] for values in before[table]]
        came = [(stays, values[0]) for values in after[table] if values[0] not in had]
        connection.executemany(f"DELETE FROM {table} WHERE paper = ? AND {columns.partition(',')[0]} = ?", came)
    _mirror_apart(connection, stays)
    for table, columns in OWNED.items():
        there = f"WHERE EXISTS (SELECT 1 FROM {_PARENTS[table]} WHERE id = ?2)" if table in _PARENTS else ""
        marks = ", ".join(f"?{number}" for number in range(1, len(columns.split(",")) + 2))
        connection.executemany(
            f"INSERT OR IGNORE INTO {table} (paper, {columns}) SELECT {marks} {there}",
            [(goes, *values) for values in gone[table]],
        )
    _mirror_apart(connection, goes)
    place_again(connection, [stays, goes])
    connection.execute("UPDATE merges SET was = NULL WHERE entry = ?", (entry,))


def merge_again(connection: sqlite3.Connection, entry: int) -> tuple[int, ...]:
    """Do a merge again that was undone. Returns the two papers; none where there are not two of them any more."""
    stays, goes = connection.execute("SELECT stays, goes FROM merges WHERE entry = ?", (entry,)).fetchone()
    connection.execute("DELETE FROM changes WHERE entry = ?", (entry,))
    if stays == goes or not (_exists(connection, stays) and _exists(connection, goes)):
        put_down(connection, entry, [Change(stays, "merge", None, goes)])
        return ()
    merge(connection, entry, stays, goes)
    return stays, goes


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


def _exists(connection: sqlite3.Connection, paper: int) -> bool:
    """Whether the row is there: another program may have taken it out."""
    return connection.execute("SELECT 1 FROM papers WHERE id = ?", (paper,)).fetchone() is not None


def _facts(connection: sqlite3.Connection, paper: int) -> Facts:
    """All that belongs to a paper but the person's state; what another program put into it as text and numbers."""
    cursor = connection.execute("SELECT * FROM papers WHERE id = ?", (paper,))
    columns = [column for column, *_ in cursor.description]
    values = [value.decode(errors="replace") if isinstance(value, bytes) else value for value in cursor.fetchone()]
    row = dict(zip(columns, values, strict=True))
    facts: Facts = {"paper": row | {column: None for column in LARGEST if not isinstance(row[column], int)}}
    for table, owned in OWNED.items():
        facts[table] = connection.execute(f"SELECT {owned} FROM {table} WHERE paper = ?", (paper,)).fetchall()
    return facts


def _merge_values(connection: sqlite3.Connection, stays: int, goes: int) -> None:
    """Field by field the better origin's value; what only the row that goes knows fills a gap."""
    kept, gone = (_facts(connection, paper)["paper"] for paper in (stays, goes))
    old_key = kept["title_key"]
    origins = origins_of(gone)
    changes: dict[str, str | int | None] = {}
    for field in (*CONTESTED, *LARGEST, "arxiv_id"):
        step = merged(kept, {field: gone[field]}, origins.get(field, gone["origin"]))
        kept.update(step)
        changes.update(step)
    if "title" in changes:
        changes["title_key"] = gone["title_key"]
    # By the other title, and by a second arXiv id, the paper is still found.
    aliases = {old_key, gone["title_key"]} - {changes.get("title_key", old_key)}
    if gone["arxiv_id"] and kept["arxiv_id"] != gone["arxiv_id"]:
        aliases.add(gone["arxiv_id"])
    _add_aliases(connection, stays, sorted(aliases))
    connection.execute("UPDATE papers SET arxiv_id = NULL WHERE id = ?", (goes,))  # it is unique
    _update(connection, stays, changes)


def _add_aliases(connection: sqlite3.Connection, paper: int, aliases: Sequence[str]) -> None:
    connection.executemany(
        "INSERT OR IGNORE INTO aliases (title_key, paper) VALUES (?, ?)", [(alias, paper) for alias in aliases]
    )


def _update(connection: sqlite3.Connection, paper: int, changes: dict[str, str | int | None]) -> None:
    if changes:
        names = ", ".join(f"{column} = ?" for column in changes)
        connection.execute(f"UPDATE papers SET {names} WHERE id = ?", (*changes.values(), paper))


def _move(connection: sqlite3.Connection, stays: int, goes: int) -> None:
    """Give `stays` what belongs to `goes`, and remove `goes`, of which nothing is left."""
    for table in OWNED:
        connection.execute(f"UPDATE OR IGNORE {table} SET paper = ? WHERE paper = ?", (stays, goes))
    connection.execute("DELETE FROM papers WHERE id = ?", (goes,))
    _mirror_apart(connection, stays)
    place_again(connection, [stays])


def _mirror_apart(connection: sqlite3.Connection, paper: int) -> None:
    """Let those that a paper was told apart from say the same."""
    connection.execute("DELETE FROM apart WHERE paper = ?1 AND other = ?1", (paper,))
    connection.execute(
        "DELETE FROM apart WHERE other = ?1 AND paper NOT IN (SELECT other FROM apart WHERE paper = ?1)", (paper,)
    )
    connection.execute(
        "INSERT OR IGNORE INTO apart (paper, other) SELECT other, paper FROM apart WHERE paper = ?", (paper,)
    )


def _joint_state(connection: sqlite3.Connection, stays: int, goes: int) -> list[Change]:
    """The changes that give `stays` the state of both: every mark and tag, both notes. A star stands above a skip."""
    kept, gone = (_state(connection, paper) for paper in (stays, goes))
    own, tags = (_tags(connection, paper) for paper in (stays, goes))
    if not tags and all(value is None for value in gone.values()):
        return []
    both = {field: gone[field] if kept[field] is None else kept[field] for field in STATE_FIELDS}
    if kept["note"] and gone["note"] and kept["note"] != gone["note"]:
        both["note"] = f"{kept['note'].rstrip()}\n\n{gone['note']}"
        both["note_at"] = max(kept["note_at"], gone["note_at"])
    if both["starred_at"]:
        both["skipped_at"] = None
    changes = [Change(goes, field, value, None) for field, value in gone.items() if value is not None]
    changes += [Change(goes, f"tag:{tag}", 1, None) for tag in sorted(tags)]
    changes += [Change(stays, field, kept[field], both[field]) for field in STATE_FIELDS if kept[field] != both[field]]
    changes += [Change(stays, f"tag:{tag}", None, 1) for tag in sorted(tags - own)]
    return changes


def _state(connection: sqlite3.Connection, paper: int) -> dict[str, Any]:
    """The paper's row in `states` by column, but for its id."""
    select = f"SELECT {', '.join(STATE_FIELDS)} FROM states WHERE paper = ?"
    row = connection.execute(select, (paper,)).fetchone() or (None,) * len(STATE_FIELDS)
    return dict(zip(STATE_FIELDS, row, strict=True))


def _tags(connection: sqlite3.Connection, paper: int) -> set[str]:
    return {tag for (tag,) in connection.execute("SELECT tag FROM tags WHERE paper = ?", (paper,))}


def _hand_journal_on(connection: sqlite3.Connection, stays: int, goes: int) -> None:
    """Make what earlier entries say of `goes` say it of `stays`.

    What the row that stays had of its own is not taken from it when the other's mark is undone.
    """
    state = _state(connection, stays)
    held = [field for field in ("read_at", "starred_at", "skipped_at") if state[field] is not None]
    held += [f"tag:{tag}" for tag in _tags(connection, stays)]
    held += [f"apart:{other}" for (other,) in connection.execute("SELECT other FROM apart WHERE paper = ?", (stays,))]
    connection.execute(
        "UPDATE OR IGNORE changes SET field = 'apart:' || :stays WHERE field = 'apart:' || :goes "
        "AND paper IN (SELECT paper FROM apart WHERE other = :goes)",
        {"stays": stays, "goes": goes},
    )
    connection.execute(
        "UPDATE OR IGNORE changes SET paper = ? WHERE paper = ? AND field NOT IN (SELECT value FROM json_each(?))",
        (stays, goes, json.dumps(held)),
    )
    connection.execute("DELETE FROM changes WHERE paper = ?", (goes,))
    connection.execute("UPDATE merges SET stays = ? WHERE stays = ?", (stays, goes))
    connection.execute("UPDATE merges SET goes = ? WHERE goes = ?", (stays, goes))
