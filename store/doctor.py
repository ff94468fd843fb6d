"""Whether a library is sound: the file, what it holds, and what is derived from that, which can be made anew."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from stat import S_IMODE
from typing import NamedTuple

from store.database.connections import Connections, damage
from store.database.copies import copies, left_behind
from store.database.derived import faults, lost, rebuild
from store.database.garbled import garbled
from store.database.opening import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    UNUSED,
    check_kind,
    check_lost,
    is_mendable,
    standing_of,
    troubles,
)
from store.errors import LibraryUnusable, StoreError

MOST_LINES = 10
"""Of what SQLite finds wrong with a file."""

_FIX = "`paperdeck doctor --fix` mends it."
_RESTORE = "`paperdeck restore FILE` brings a copy back."

_LEAST_FREE = 50_000_000
"""Bytes: SQLite writes what it changes twice before it can let go of the first."""


class Health(StrEnum):
    """What a finding means."""

    GOOD = "good"
    NOTE = "note"
    """Nothing is wrong, and a person may want to know."""
    WRONG = "wrong"


class Finding(NamedTuple):
    """One thing that was looked at."""

    about: str
    """One or two words: `file`, `search`."""
    health: Health
    says: str
    """What was found, and where it is wrong what to do."""


def examine(path: Path) -> Iterator[Finding]:
    """Look at everything in the library at `path`, and change nothing. It is not migrated, either.

    What is wrong is in the findings; nothing is raised. With 100,000 papers it takes some seconds.
    """
    try:
        check_lost(path)  # to open it would throw its log away
    except StoreError as error:
        yield Finding("library", Health.WRONG, str(error))
        return
    if not path.is_file():
        yield Finding("library", Health.WRONG, f"There is no library at {path}; opening the app there makes one.")
        return
    yield from _file(path)
    connections = Connections(path)
    try:
        yield from _contents(connections)
    except StoreError as error:
        yield Finding("library", Health.WRONG, str(error))
    except sqlite3.Error as error:  # as another program left it
        yield Finding("library", Health.WRONG, str(damage(path, f"{error}")))
    finally:
        connections.close()
    yield _copies(path)
    for left in left_behind(path.absolute().parent):
        says = f"{left} is of a process that was killed; `paperdeck doctor --fix`, or the next copy, removes it."
        yield Finding("leftovers", Health.NOTE, says)


def repair(path: Path) -> None:
    """Make all that is derived anew, in one transaction: indexes, triggers, the vocabulary, where papers stand.

    Pages that belong to nothing are given back after it. Raises StoreError where the library cannot be read or written,
    or is damaged beyond that; it is as it was then.
    """
    check_lost(path)
    left_behind(path.absolute().parent, remove=True)
    connections = Connections(path)
    try:
        with connections.write() as connection:
            standing = standing_of(connection)
            check_kind(path, standing)
            left = []
            if standing.version == SCHEMA_VERSION and not lost(connection):
                found = troubles(connection)
                left = _rebuilt(connection) if is_mendable(found) else found
            if not _are_unused(left):
                raise damage(path, left[0])
        if left:
            with connections.alone() as connection:
                connection.execute("VACUUM")
    except sqlite3.Error as error:  # what is there is so far from what it should be
        raise damage(path, f"its search indexes cannot be made anew: {error}") from error
    finally:
        connections.close()


def _rebuilt(connection: sqlite3.Connection) -> list[str]:
    """Make all that is derived anew; what SQLite still finds wrong with the file then."""
    rebuild(connection)
    return troubles(connection)


def _are_unused(lines: list[str]) -> bool:
    return all(line.endswith(UNUSED) for line in lines)


def _mends(connections: Connections) -> bool:
    """Whether `repair` would leave nothing wrong: it is done, looked at, and taken back."""
    try:
        with connections.write(rehearse=True) as connection:
            return _are_unused(_rebuilt(connection)) and not any(faults(connection))
    except (sqlite3.Error, LibraryUnusable):
        return False


def _file(path: Path) -> Iterator[Finding]:
    status = path.stat()
    size, free = status.st_size, shutil.disk_usage(path.absolute().parent).free
    yield Finding("library", Health.GOOD, f"{path}, {size / 1e6:,.1f} MB")
    needed = max(_LEAST_FREE, size)
    yield (
        Finding("disk", Health.GOOD, f"{free / 1e9:,.1f} GB are free")
        if free >= needed
        else Finding(
            "disk", Health.WRONG, f"Only {free / 1e6:,.0f} MB are free; make room for at least {needed / 1e6:,.0f} MB."
        )
    )
    if not os.access(path, os.W_OK) or not os.access(path.absolute().parent, os.W_OK):
        yield Finding("access", Health.WRONG, "It, its -wal or -shm file or its folder is read-only; change that.")
    elif S_IMODE(status.st_mode) & 0o077:
        mode = f"{S_IMODE(status.st_mode):o}"
        yield Finding(
            "access", Health.NOTE, f"Others on this machine may read it (mode {mode}); `chmod 600` ends that."
        )
    else:
        yield Finding("access", Health.GOOD, "Only you can read and write it")


def _contents(connections: Connections) -> Iterator[Finding]:
    """What the file holds. Raises StoreError where it cannot be read."""
    with connections.read() as connection:
        standing = standing_of(connection)
        check_kind(connections.path, standing)
        current = standing.version == SCHEMA_VERSION
        broken = troubles(connection)
        missing = lost(connection) if current else []
        spoilt = list(garbled(connection)) if current and not missing else []
        strays = len(connection.execute("PRAGMA foreign_key_check").fetchall())
    if standing.application != APPLICATION_ID:
        yield Finding("schema", Health.NOTE, "The file is empty; opening the app makes a library of it.")
        return
    yield (
        Finding("schema", Health.GOOD, f"Version {SCHEMA_VERSION}, SQLite {sqlite3.sqlite_version}")
        if current
        else Finding(
            "schema",
            Health.NOTE,
            f"Version {standing.version} of {SCHEMA_VERSION}: copied and brought up to date when it is opened next",
        )
    )
    if not standing.logged:
        yield Finding("journal", Health.NOTE, "No write-ahead log on this file system: others wait while one writes")
    mendable = current and not missing and is_mendable(broken)
    if broken:
        mendable = mendable and _mends(connections)
        yield Finding("integrity", Health.WRONG, f"{'; '.join(broken[:MOST_LINES])}. {_FIX if mendable else _RESTORE}")
    else:
        yield Finding("integrity", Health.GOOD, "Every page is sound")
    if missing:
        yield Finding("tables", Health.WRONG, f"Missing: {', '.join(missing)}. {_RESTORE}")
        return
    yield (
        Finding("references", Health.WRONG, f"{strays:,} rows refer to what is not there. Restore a copy.")
        if strays
        else Finding("references", Health.GOOD, "Every row refers to what is there")
    )
    for name, rows in spoilt:
        yield Finding("values", Health.WRONG, f"Another program garbled {name} of {rows}. {_RESTORE}")
    if current:
        with connections.write(rehearse=True) as connection:
            found = list(faults(connection))
        if found and not broken:
            mendable = _mends(connections)
        for fault in found:
            way = _FIX if mendable else _RESTORE
            yield Finding("search", Health.WRONG, f"{fault[:1].upper()}{fault[1:]}. {way}")
        if not found:
            yield Finding("search", Health.GOOD, "Indexes and vocabulary are in step with the papers")


def _copies(path: Path) -> Finding:
    found = copies(path)
    if not found:
        return Finding("copies", Health.NOTE, "No copy is known; `paperdeck backup FILE` makes one.")
    at = found[0].at[:16].replace("T", " ")
    return Finding("copies", Health.GOOD, f"{len(found)}, the newest of {at}Z: {found[0].path}")
