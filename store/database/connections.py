"""One SQLite connection a thread, writes one after another, and SQLite's errors in a person's words."""

import os
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from shlex import quote

from store.database.copies import copies, with_its_log
from store.errors import LibraryBusy, LibraryDamaged, LibraryUnusable

BUSY_SECONDS = 120.0
"""How long a write waits for another process's: an import of 200,000 papers is one transaction of half a minute."""

SEARCHED = ("papers_fts", "titles_fts", "titles_words", "marks_fts")
"""The virtual tables that searches need."""

DERIVED_TABLES = (*SEARCHED, "words", "unlearned")
"""The tables that `store.database.derived` makes anew from the others."""

_OF_DERIVED = (
    r"vtable constructor failed|invalid fts5 file format|(SQL logic error|constraint failed)$"
    rf"|.*\b({'|'.join(DERIVED_TABLES)})(\b|_)"
)
"""What SQLite says, from its beginning, where one of those is missing, or not as it was left. It has words of its own
for whatever is a mistake in our SQL; only FTS5 comes with the bare ones."""

_TURN_MILLISECONDS = 300


class Connections:
    """The connections to one library file, which is there already (`store.database.opening`)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writing = threading.Lock()
        self._opening = threading.Lock()
        self._mine = threading.local()
        self._open: list[tuple[threading.Thread, sqlite3.Connection]] = []
        # A thread that comes later finds the same file, wherever the process has moved to.
        self._file = path.absolute()
        self._pinned: tuple[int, int] | None = None
        """The device and inode of the file that was opened, once it is known to be the library."""

    def pin(self) -> None:
        """From now on the file at the path has to be the one that is open.

        What is written after it was moved, deleted or replaced would go where nobody looks again, or its write-ahead
        log would end up in the new file: SQLite does not see it (sqlite.org/howtocorrupt.html).
        """
        found = os.stat(self._file)  # noqa: PTH116 (a path that is looked at for each read)
        self._pinned = found.st_dev, found.st_ino

    def _check(self) -> None:
        """Raise LibraryUnusable where the path names another file than the one that is open, or none."""
        if self._pinned is None:
            return
        try:
            found = os.stat(self._file)  # noqa: PTH116
        except OSError:
            is_same = False
        else:
            is_same = (found.st_dev, found.st_ino) == self._pinned
        if not is_same:
            raise LibraryUnusable(
                f"{self.path} was moved, deleted or replaced while it was open here: nothing was changed. Quit, and "
                "open the library where it is now. What was done last may be in the -wal file left at its old place."
            )

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection in a read transaction: all its statements see one and the same commit."""
        with translated(self.path):
            self._check()
            connection = self._of_this_thread()
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextmanager
    def write(self, *, rehearse: bool = False) -> Iterator[sqlite3.Connection]:
        """This thread's connection in a write transaction, committed and synced to disk when the block ends.

        Any exception rolls it back whole, and so does `rehearse` in the end. Raises LibraryBusy where another process
        holds the lock for longer than BUSY_SECONDS, LibraryUnusable where the disk is full, gone or read-only.
        """
        with translated(self.path), self._writing:
            self._check()
            connection = self._of_this_thread()
            try:
                _begin(connection)
                try:
                    yield connection
                    self._check()
                    if not rehearse:
                        connection.execute("COMMIT")
                finally:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
            except sqlite3.OperationalError as error:
                if code(error) == sqlite3.SQLITE_READONLY:
                    self._let_go(connection)  # SQLite would take it for read-only for ever
                raise

    @contextmanager
    def alone(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own in no transaction, for what cannot run in one; it is closed with the block."""
        with translated(self.path):
            connection = connect(self._file)
            try:
                yield connection
            finally:
                connection.close()

    def close(self) -> None:
        """Close the connections of all threads; one that reads or writes afterwards gets a new one."""
        with self._opening:
            for _, connection in self._open:
                connection.close()
            self._open.clear()
            self._mine = threading.local()

    def _of_this_thread(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode."""
        connection: sqlite3.Connection | None = getattr(self._mine, "connection", None)
        if connection is None:
            connection = connect(self._file)
            with self._opening:
                ended = [pair for pair in self._open if not pair[0].is_alive()]
                for pair in ended:
                    pair[1].close()
                    self._open.remove(pair)
                self._open.append((threading.current_thread(), connection))
            self._mine.connection = connection
        return connection

    def _let_go(self, connection: sqlite3.Connection) -> None:
        """Close this thread's connection; the next time it gets a new one."""
        with self._opening:
            self._open = [pair for pair in self._open if pair[1] is not connection]
            self._mine.connection = None
        connection.close()


def connect(file: Path) -> sqlite3.Connection:
    """A connection in autocommit mode that waits for others and syncs every commit."""
    # Threads other than its own only ever close it: in `Connections.close`, or once its own thread has ended.
    connection = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    # Bytes that are no text, which only another program can have written, are read as signs for them.
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
    except (sqlite3.Error, UnicodeDecodeError):
        connection.close()  # it may hold a lock
        raise
    return connection


def _begin(connection: sqlite3.Connection) -> None:
    """Begin a write transaction. SQLite's own wait would be deaf to Ctrl+C, so it is done in short turns."""
    deadline = time.monotonic() + BUSY_SECONDS
    connection.execute(f"PRAGMA busy_timeout = {_TURN_MILLISECONDS}")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """SQLite's errors as ours, with the file's name and what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if (told := _told(path, error)) is None:
            raise  # A mistake in our SQL: no advice would help.
        raise told from error
    except UnicodeDecodeError as error:  # SQLite quotes the schema, and Python cannot read that
        raise damage(path, "its schema is no text") from error


def damage(path: Path, what: str, *, may_be_mended: bool = False) -> LibraryDamaged:
    """The error for a library that cannot be read rightly, with the way back to its newest copy."""
    way = f"{way_back(path)}, and keeps the damaged file."
    if not copies(path):
        way += f" Before anything else, copy {with_its_log(path)} to another folder."
    if may_be_mended:
        way = f"`paperdeck doctor` says whether --fix mends it. {way}"
    return LibraryDamaged(f"{path} is damaged ({what}) and was left as it is. {way}")


def _index_damage(path: Path) -> LibraryDamaged:
    return LibraryDamaged(f"The search index of {path} is damaged: `paperdeck doctor --fix` makes it anew.")


def way_back(path: Path) -> str:
    """How to bring a library's newest copy back: the beginning of a sentence."""
    found = copies(path)
    if not found:
        return "No copy is known here; `paperdeck restore FILE` brings back a backup that you have"
    at = found[0].at[:16].replace("T", " ")
    return f"`paperdeck restore {quote(f'{found[0].path}')}` brings back the copy of {at}Z"


def code(error: sqlite3.Error) -> int:
    """The primary result code: the extended one's low byte."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def _told(path: Path, error: sqlite3.DatabaseError) -> LibraryUnusable | LibraryBusy | None:
    """The error in a person's words; None where nothing that a person could do would help."""
    match code(error):
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return LibraryBusy(f"Another program is writing to {path}; nothing was changed. Try again when it is done.")
        case sqlite3.SQLITE_CORRUPT if getattr(error, "sqlite_errorname", "") == "SQLITE_CORRUPT_VTAB":
            return _index_damage(path)
        case sqlite3.SQLITE_ERROR | sqlite3.SQLITE_CONSTRAINT if re.match(_OF_DERIVED, f"{error}"):
            return _index_damage(path)
        case sqlite3.SQLITE_CORRUPT:
            return damage(path, f"{error}")
        case sqlite3.SQLITE_NOTADB if copies(path):
            return damage(path, "it is no SQLite file any more")
        case sqlite3.SQLITE_ERROR if f"{error}".startswith(("no such table", "no such column", "malformed JSON")):
            return damage(path, f"another program changed it: {error}")
        case sqlite3.SQLITE_ERROR if f"{error}".startswith("unsupported"):
            return damage(path, f"{error}")
    advice = {
        sqlite3.SQLITE_CANTOPEN: "its folder is missing or may not be written to; choose another place with --db",
        sqlite3.SQLITE_READONLY: "it, its -wal or -shm file or its folder is read-only; change that or take another",
        sqlite3.SQLITE_FULL: "the disk is full; make room and try again, nothing was changed",
        sqlite3.SQLITE_NOTADB: "it is not a library (not an SQLite file); name another file with --db",
        sqlite3.SQLITE_IOERR: "it cannot be read or written (is the disk full, or gone?); nothing was changed",
    }.get(code(error))
    if advice is None and (code(error) == sqlite3.SQLITE_ERROR or not isinstance(error, sqlite3.OperationalError)):
        return None
    return LibraryUnusable(f"{path} cannot be used: {advice or error}.")
