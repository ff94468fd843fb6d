"""A library brought back from a copy, in place: other processes that have it open see the copy's contents at once."""

import fcntl
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from store.database.connections import BUSY_SECONDS, Connections, code, connect, translated
from store.database.copies import copy_beside, name_beside, name_twice, parts_of, put, scratch
from store.database.opening import APPLICATION_ID, SCHEMA_VERSION, check, check_kind, migrate, standing_of
from store.errors import LibraryBusy, LibraryDamaged, LibraryUnusable

_TRIES = 20
"""How often a copy is read that another process writes to."""


class Restored(NamedTuple):
    """What a restore did."""

    papers: int
    """How many papers the library has now."""
    kept: Path | None
    """Where what it replaced is; None where there was nothing."""


def restore(path: Path, copy: Path) -> Restored:
    """Make the library at `path` hold what `copy` holds, and keep what it held until now in a file beside it.

    The copy is checked first and stays as it is, with what is beside it; nobody in this process may have it open.
    Raises LibraryUnusable, having changed nothing, where it is no sound library; LibraryBusy where another process
    writes to the library, or the copy, for too long.
    """
    path, copy = Path(os.path.realpath(path)), copy.absolute()
    if not copy.is_file():
        raise LibraryUnusable(f"There is no library at {copy}; nothing was changed.")
    if path.exists() and copy.samefile(path):
        raise LibraryUnusable(f"{copy} is the library itself: name a copy of it. Nothing was changed.")
    kept: Path | None
    try:
        with _one_at_a_time(path), scratch(path.parent) as folder:
            fresh = folder / "restoring.db"
            _prepare(copy, fresh)
            if path.exists() and path.stat().st_size:
                try:
                    kept = _replace_contents(path, fresh)
                except (LibraryUnusable, sqlite3.Error) as error:
                    if not _is_damage(path, error):
                        raise
                    kept = _put_aside(path)
                    put(fresh, path)
            else:
                kept = _put_aside(path)  # a log without its library would be taken for the new one's
                put(fresh, path)
    except OSError as error:
        raise LibraryUnusable(
            f"{path} cannot be restored: {error.strerror} ({error.filename}). Nothing was changed."
        ) from error
    with closing(connect(path)) as connection, translated(path):
        return Restored(connection.execute("SELECT count(*) FROM papers").fetchone()[0], kept)


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Wait until no other process restores a library of this folder: each has to find what the one before it left.

    Raises LibraryBusy after BUSY_SECONDS; OSError.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        while True:
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise LibraryBusy(f"Another process restores {path}; nothing was changed.") from None
                time.sleep(0.1)
                continue
            except OSError:  # some network file systems know no locks
                pass
            break
        yield
    finally:
        os.close(folder)


def _prepare(copy: Path, fresh: Path) -> None:
    """A checked copy of the copy, brought to this program's schema, at `fresh`, and nothing beside it."""
    _copy_bytes(copy, fresh)
    with translated(copy), closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # its log can be read on every file system then
        standing = standing_of(connection)
        if standing.application != APPLICATION_ID:
            raise LibraryUnusable(f"{copy} is no paperdeck library; nothing was changed.")
        check_kind(copy, standing)
        check(copy, connection)
        connection.execute("PRAGMA journal_mode = DELETE")  # what was in its log comes into the file
    if standing.version < SCHEMA_VERSION:
        from store.schema import migrations

        connections = Connections(fresh)
        try:
            migrate(connections, migrations, SCHEMA_VERSION, copy=False)
        finally:
            connections.close()


def _copy_bytes(copy: Path, fresh: Path) -> None:
    """Copy a library and what is beside it, which SQLite would do away with. Raises LibraryBusy; OSError."""
    for _ in range(_TRIES):
        for part in parts_of(fresh).values():
            part.unlink()
        with suppress(FileNotFoundError, KeyError):  # another process put an end to its log
            before = _stamps(copy)
            for ending in before:
                target = Path(f"{fresh}{ending}")
                os.close(os.open(target, os.O_WRONLY | os.O_CREAT, 0o600))
                shutil.copyfile(parts_of(copy)[ending], target)
            if _stamps(copy) == before:
                return
        time.sleep(0.1)
    raise LibraryBusy(f"Another program is writing to {copy}; nothing was changed. Try again when it is done.")


def _stamps(library: Path) -> dict[str, tuple[int, int]]:
    """What there is of a library, but for the index of its log: the size of each part and when it was written last."""
    stats = {ending: part.stat() for ending, part in parts_of(library).items() if ending != "-shm"}
    return {ending: (status.st_size, status.st_mtime_ns) for ending, status in stats.items()}


def _replace_contents(path: Path, fresh: Path) -> Path | None:
    """Write the contents of `fresh` into the library, in one transaction of its own.

    Raises LibraryDamaged where the library cannot be read, which has changed nothing.
    """
    kept: Path | None = None
    deadline = time.monotonic() + BUSY_SECONDS
    with (
        translated(path),
        closing(connect(path)) as library,
        closing(connect(path)) as reader,
        closing(connect(fresh)) as source,
    ):
        check_kind(path, standing_of(library))
        check(path, library)  # a copy of what is damaged would leave out what cannot be read
        _go_on_counting(library, source)
        (mode,) = library.execute("PRAGMA journal_mode").fetchone()
        if mode != "wal":
            kept = copy_beside(reader, path, "replaced")

        def keep(status: int, remaining: int, _total: int) -> None:
            # After the first page nobody else can write, and readers still see what there was.
            nonlocal kept
            if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > deadline:
                raise LibraryBusy(f"Another program is writing to {path}; nothing was changed.")
            if status == sqlite3.SQLITE_OK and remaining and kept is None:
                kept = copy_beside(reader, path, "replaced")

        source.backup(library, pages=16, progress=keep)
    return kept


def _go_on_counting(library: sqlite3.Connection, fresh: sqlite3.Connection) -> None:
    """Raise the counters of the copy above those of the library, so that nobody takes the old for the new.

    These are what other processes watch to see a change (`generations`, the ids of words), and the numbers that are
    never given twice.
    """
    tables = {name for (name,) in library.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    fresh.execute("BEGIN")
    if "generations" in tables:
        for name, value in library.execute("SELECT name, value FROM generations").fetchall():
            fresh.execute("UPDATE generations SET value = max(value, ?) + 1 WHERE name = ?", (value, name))
    if "words" in tables:
        (last,) = library.execute("SELECT coalesce(max(id), 0) FROM words").fetchone()
        (own,) = fresh.execute("SELECT coalesce(max(id), 0) FROM words").fetchone()
        fresh.execute("UPDATE words SET id = -id")  # first out of the way: ids are unique at every moment
        fresh.execute("UPDATE words SET id = ? - id", (max(last, own),))
    for name, value in library.execute("SELECT name, seq FROM sqlite_sequence").fetchall():
        fresh.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (value, name))
    fresh.execute("COMMIT")


def _is_damage(path: Path, error: Exception) -> bool:
    """Whether the file that is to be replaced cannot be read as SQLite's, or not written although one may."""
    if isinstance(error, LibraryDamaged):
        return True
    cause = error if isinstance(error, sqlite3.Error) else error.__cause__
    if not isinstance(cause, sqlite3.Error):
        return False
    match code(cause):
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_ERROR:
            return True
        case sqlite3.SQLITE_READONLY:  # its header says so
            return os.access(path, os.W_OK)
        case sqlite3.SQLITE_FULL:  # of a size that it does not have
            return not _is_sound(path)
    return False


def _is_sound(path: Path) -> bool:
    try:
        with translated(path), closing(connect(path)) as connection:
            check(path, connection)
    except (LibraryUnusable, sqlite3.Error):
        return False
    return True


def _put_aside(path: Path) -> Path | None:
    """Give a library that cannot be read, and what SQLite keeps beside it, other names; the first of them, if any.

    The library keeps its own as well until another takes that: whoever looks meanwhile does not find none there.
    """
    parts = parts_of(path)
    file = parts.pop("", None)
    kept = name_twice(file, path, "damaged") if file and file.stat().st_size else None
    aside = kept or name_beside(path, "damaged")
    for ending, part in parts.items():
        target = aside.with_name(f"{aside.name}{ending}")
        part.rename(target)
        kept = kept or target
    return kept
