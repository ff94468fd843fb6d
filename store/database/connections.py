"""One SQLite connection a thread, writes one after another, and the opening of a library file."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISDIR

from store.errors import LibraryBusy, LibraryUnusable

APPLICATION_ID = 0x7064636B
"""`pdck` in the file's header: what tells a library from anybody else's SQLite file."""

SCHEMA_VERSION = 1
"""The `user_version` of a library that needs no migration; `store.schema` is imported only for one that does."""

BUSY_SECONDS = 30.0
"""How long a write waits for another process's; an import of 100,000 papers is one transaction of some seconds."""

OPEN_SECONDS = 30.0
"""How long opening waits while another process makes or migrates the same library."""


class Connections:
    """The connections to one library file.

    `create` allows making a new library (its folder must exist). Raises LibraryUnusable where the file cannot be
    a library.
    """

    def __init__(self, path: Path, *, create: bool) -> None:
        self.path = path
        self._writing = threading.Lock()
        self._opening = threading.Lock()
        self._mine = threading.local()
        self._open: list[tuple[threading.Thread, sqlite3.Connection]] = []
        # A thread that comes later finds the same file, wherever the process has moved to.
        self._file = path.absolute()
        _check_place(path, create=create)
        self._prepare()

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection in a read transaction: all its statements see one and the same commit."""
        with self._translated():
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
        with self._translated(), self._writing:
            connection = self._of_this_thread()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                if not rehearse:
                    connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the connections of all threads; the object is of no use afterwards."""
        with self._opening:
            for _, connection in self._open:
                connection.close()
            self._open.clear()
            self._mine = threading.local()

    def _of_this_thread(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode."""
        connection: sqlite3.Connection | None = getattr(self._mine, "connection", None)
        if connection is None:
            connection = self._connect()
            self._mine.connection = connection
        return connection

    def _connect(self) -> sqlite3.Connection:
        # Other threads only ever close it: in `close`, or here once its own thread has ended.
        connection = sqlite3.connect(self._file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        with self._opening:
            ended = [pair for pair in self._open if not pair[0].is_alive()]
            for pair in ended:
                pair[1].close()
                self._open.remove(pair)
            self._open.append((threading.current_thread(), connection))
        return connection

    def _prepare(self) -> None:
        """Bring the file to this program's schema, whatever other processes do to it meanwhile."""
        with self.read() as connection:
            version = _user_version(connection)
            ours = _application_id(connection) == APPLICATION_ID
            empty = _is_empty(connection)
        if ours and version == SCHEMA_VERSION:
            return
        if ours and version > SCHEMA_VERSION:
            raise LibraryUnusable(
                f"{self.path} was made by a newer paperdeck (schema {version}, this one knows {SCHEMA_VERSION}): "
                "upgrade paperdeck."
            )
        if not ours and not empty:
            raise LibraryUnusable(
                f"{self.path} is an SQLite file of another program, not a paperdeck library: name another file."
            )
        with self._translated():
            _set_wal(self._of_this_thread())
        from sqlite_utils import Database

        from store.schema import migrations

        # The write lock of the file is what keeps two processes from migrating at once; the second finds it done.
        with self.write() as connection:
            if _user_version(connection) < SCHEMA_VERSION:
                migrations.apply(Database(connection, execute_plugins=False))
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """SQLite's errors as ours, with the file's name and what to do."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise LibraryBusy(
                    f"Another program is writing to {self.path}; nothing was changed. Try again when it is done."
                ) from error
            if _code(error) == sqlite3.SQLITE_ERROR:
                raise  # A mistake in our SQL: no advice would help.
            raise LibraryUnusable(_advice(self.path, error)) from error
        except sqlite3.DatabaseError as error:
            if _code(error) not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
                raise
            raise LibraryUnusable(_advice(self.path, error)) from error


def _check_place(path: Path, *, create: bool) -> None:
    """Raise LibraryUnusable where there can be no library, or is none that may be made."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        if not create:
            raise LibraryUnusable(f"There is no library at {path}.") from None
        return
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no file can have this name"
        raise LibraryUnusable(f"{path} cannot be used: {reason}.") from error
    if S_ISDIR(mode):
        raise LibraryUnusable(f"{path} is a folder; name the library's file in it, such as {path / 'library.db'}.")


def _advice(path: Path, error: sqlite3.Error) -> str:
    advice = {
        sqlite3.SQLITE_CANTOPEN: "its folder is missing or may not be written to; choose another place with --db",
        sqlite3.SQLITE_READONLY: "the file or its folder is read-only; change its permissions or choose another place",
        sqlite3.SQLITE_FULL: "the disk is full; make room and try again, nothing was changed",
        sqlite3.SQLITE_NOTADB: "it is not a library (not an SQLite file); name another file with --db",
        sqlite3.SQLITE_CORRUPT: "the file is damaged; put a copy of it aside before anything else",
        sqlite3.SQLITE_IOERR: "it cannot be read or written (is the disk full, or gone?); nothing was changed",
    }.get(_code(error), "")
    return f"{path} cannot be used: {advice or error}."


def _code(error: sqlite3.Error) -> int:
    """The primary result code: the extended one's low byte."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def _user_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _application_id(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA application_id").fetchone()[0])


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def _set_wal(connection: sqlite3.Connection) -> None:
    """Switch the file to write-ahead logging, which lasts. SQLite does not wait for a lock here, so we do."""
    deadline = time.monotonic() + OPEN_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
