"""The opening of a library file: whether it is one and sound, made or brought to this program's schema if need be."""

import os
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path
from shlex import quote
from stat import S_ISDIR
from typing import TYPE_CHECKING, NamedTuple

from store.database.connections import Connections, code, damage, translated, way_back
from store.database.copies import copies, copy_beside, drop_old, parts_of, with_its_log
from store.errors import LibraryDamaged, LibraryUnusable

if TYPE_CHECKING:
    from sqlite_utils.migrations import Migrations

APPLICATION_ID = 0x7064636B
"""`pdck` in the file's header: what tells a library from anybody else's SQLite file."""

SCHEMA_VERSION = 2
"""The `user_version` of a library that needs no migration; `store.schema` is imported only for one that does."""

OPEN_SECONDS = 30.0
"""How long opening waits while another process makes or migrates the same library."""

CHECKED_AT_ONCE = 2_000_000
"""Bytes of a library up to which opening looks through all of it, which takes 4 ms a megabyte."""


_OF_INDEXES = ("row ", "wrong # of entries in index")
_OF_FTS5 = ("malformed inverted index", "unable to validate the inverted index")
"""How SQLite's lines begin on what `REINDEX` mends, and on an index that is dropped and made again."""

UNUSED = "never used"
"""How they end on pages that belong to nothing, as where a table was taken out of the schema."""


class Standing(NamedTuple):
    """What a file says of itself."""

    application: int
    version: int
    """Of its schema: as many migrations as it has had, or what its header says where that is newer."""
    empty: bool
    logged: bool
    """Whether it has a write-ahead log."""

    @property
    def is_current(self) -> bool:
        """Whether this is a library that needs no migration."""
        return self.application == APPLICATION_ID and self.version == SCHEMA_VERSION


def open_library(path: Path, *, create: bool) -> Connections:
    """The connections to the library at `path`, which is made where there is none, with `create`.

    Its folder must exist. Raises LibraryUnusable, having changed nothing, where the file cannot be a library or was
    made by a newer paperdeck; LibraryDamaged where it was one.
    """
    _check_place(path, create=create)
    connections = Connections(path)
    try:
        standing = _first_look(connections)
        if not standing.is_current:
            check_kind(path, standing)
        if not standing.logged:
            _prefer_wal(connections, standing)
        if not standing.is_current:
            from store.schema import migrations

            migrate(connections, migrations, SCHEMA_VERSION)
        _check_size(path, connections)
        connections.pin()
    except BaseException:
        connections.close()
        raise
    return connections


def standing_of(connection: sqlite3.Connection) -> Standing:
    """What the connection's file says of itself."""
    application, version = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("application_id", "user_version")
    )
    empty = connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    # The header's version is one number that anything may set, and so is the record of what was done; the tables
    # decide where the two differ. A newer paperdeck's number is believed.
    had = _migrations_had(connection)
    if application == APPLICATION_ID and version <= SCHEMA_VERSION and had != version:
        from store.database.derived import lost

        version = had or version if lost(connection) else SCHEMA_VERSION
    return Standing(application, version, empty, mode == "wal")


def _migrations_had(connection: sqlite3.Connection) -> int:
    """How many migrations are noted down as done; 0 where none are, or that table is not as it was made."""
    ours = "SELECT count(DISTINCT name) FROM _sqlite_migrations WHERE migration_set = 'paperdeck'"
    try:
        return int(connection.execute(ours).fetchone()[0])
    except sqlite3.OperationalError as error:
        if code(error) != sqlite3.SQLITE_ERROR:
            raise
        return 0


def check_kind(path: Path, standing: Standing) -> None:
    """Raise LibraryUnusable where the file is no library, nor may become one, or is of a newer paperdeck."""
    if standing.application != APPLICATION_ID and not standing.empty:
        raise LibraryUnusable(
            f"{path} is an SQLite file of another program, not a paperdeck library: name another file with --db. "
            f"If a library was here, first move {with_its_log(path)} to another folder. {way_back(path)}."
        )
    if standing.application == APPLICATION_ID and standing.version > SCHEMA_VERSION:
        raise LibraryUnusable(
            f"{path} was made by a newer paperdeck (schema {standing.version}, this one knows {SCHEMA_VERSION}): "
            "upgrade paperdeck. It was left as it is. To go back to a copy that this one knows, first move "
            f"{with_its_log(path)} to another folder. {way_back(path)}."
        )


def migrate(connections: Connections, migrations: "Migrations", version: int, *, copy: bool = True) -> None:
    """Bring a file to the schema `version`, the last of `migrations`, whatever other processes do to it meanwhile.

    A library that is not new is copied first (`store.database.copies`), unless `copy` is False. Raises
    LibraryUnusable, the file being as it was, where the copy or a migration fails.
    """
    from sqlite_utils import Database

    path = connections.path
    # The write lock of the file is what keeps two processes from migrating at once; the second finds it done.
    with connections.write() as connection:
        before = standing_of(connection)
        if before.version >= version:
            return
        made = _copy(connections, before.version) if copy and not before.empty else None
        try:
            migrations.apply(Database(connection, execute_plugins=False))
        except sqlite3.OperationalError as error:
            if made is not None:
                made.unlink(missing_ok=True)  # of what is as it was
            if code(error) != sqlite3.SQLITE_ERROR:
                raise
            raise LibraryUnusable(
                f"{path} could not be brought to schema {version} ({error}) and was left as it is. "
                "`paperdeck restore FILE` takes an earlier backup."
            ) from error
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {version}")
    if made is not None:
        drop_old(path, made)


def _copy(connections: Connections, version: int) -> Path:
    """Copy the library beside itself; where the copy is. Raises LibraryUnusable."""
    try:
        with connections.alone() as connection:
            return copy_beside(connection, connections.path, f"v{version}")
    except OSError as error:
        raise LibraryUnusable(
            f"{connections.path} has to be brought to a newer schema, and no copy of it could be made before "
            f"({error.strerror}): make room in its folder and try again. It was left as it is."
        ) from error


def _first_look(connections: Connections) -> Standing:
    """What the file's header says; a library that cannot have its log here any more gets another kind of journal."""
    try:
        return _standing(connections)
    except LibraryUnusable as error:
        if not _lacks_shared_memory(error.__cause__):
            raise
    connections.close()  # it holds a lock
    _leave_wal(connections.path)
    return _standing(connections)


def _standing(connections: Connections) -> Standing:
    with connections.read() as connection:
        return standing_of(connection)


def _check_place(path: Path, *, create: bool) -> None:
    """Make the file where there is none, for nobody else to read; LibraryUnusable where there can be no library."""
    check_lost(path)
    try:
        status = path.stat()
        if S_ISDIR(status.st_mode):
            raise LibraryUnusable(f"{path} is a folder; name the library's file in it, such as {path / 'library.db'}.")
        if status.st_size == 0 and copies(path):
            raise damage(path, "it is empty")
    except FileNotFoundError:
        if not create:
            raise LibraryUnusable(f"There is no library at {path}.") from None
        with suppress(OSError):  # SQLite says what is wrong with the folder, or another process was faster
            os.close(os.open(os.path.realpath(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no file can have this name"
        raise LibraryUnusable(f"{path} cannot be used: {reason}.") from error


def check_lost(path: Path) -> None:
    """Raise LibraryDamaged where there is a log without its library, which SQLite would throw away."""
    try:
        wal = parts_of(path).get("-wal")
        if wal is None or not wal.stat().st_size:
            return
        # In this order: a process that makes a library gives the file its contents before the log.
        library = parts_of(path).get("")
        if library and library.stat().st_size:
            return
    except (OSError, ValueError):  # no file can have this name, or nobody may look: that is told elsewhere
        return
    raise LibraryDamaged(
        f"{path} is {'empty' if library else 'gone'}, and what was written to it last is in {wal}, which was left as "
        "it is. If the library was moved, move it back to that: they belong together. If it is lost, first make a "
        f"copy: `cp {quote(f'{wal}')} FOLDER`. {way_back(path)}, and keeps {wal.name} under another name."
    )


def _check_size(path: Path, connections: Connections) -> None:
    """Raise LibraryDamaged where the file's end is missing, or a small file is damaged anywhere.

    The file is asked for through SQLite alone: closing it would take away the locks of its other connections.
    """
    with connections.read() as connection:
        (pages,), (size,) = (connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
        status = path.stat()
        wal = parts_of(path).get("-wal")
        if status.st_size < pages * size and not (wal and wal.stat().st_size):
            raise damage(path, f"its end is missing: it has {status.st_size:,} bytes of {pages * size:,}")
        if status.st_size <= CHECKED_AT_ONCE:
            check(path, connection)


def check(path: Path, connection: sqlite3.Connection) -> None:
    """Look through the whole file, indexes against tables apart. Raises LibraryDamaged."""
    if found := troubles(connection, "quick_check"):
        raise damage(path, found[0], may_be_mended=is_mendable(found))


def troubles(connection: sqlite3.Connection, check: str = "integrity_check") -> list[str]:
    """What SQLite finds wrong with the file, a line each, the first thousand."""
    rows = connection.execute(f"PRAGMA {check}(1000)").fetchall()
    lines = [line for (text,) in rows for line in text.splitlines() if not line.startswith("***")]
    return [] if lines == ["ok"] else lines


def is_mendable(found: list[str]) -> bool:
    """Whether no more is wrong than what can be made anew of the tables; but whether all these are there is not seen.

    With rows of a table that are missing in its index, pages that belong to nothing may be a part of that table.
    """
    unused = [line for line in found if line.endswith(UNUSED)]
    allowed = _OF_FTS5 if unused else (*_OF_INDEXES, *_OF_FTS5)
    return all(line in unused or line.startswith(allowed) for line in found)


def _lacks_shared_memory(error: BaseException | None) -> bool:
    """Whether SQLite could not share memory with other processes, which write-ahead logging needs."""
    return getattr(error, "sqlite_errorname", "").startswith("SQLITE_IOERR_SHM")


def _can_share_memory(folder: Path) -> bool:
    """Whether files of this folder can be shared as memory; those of some network file systems cannot."""
    import mmap
    from tempfile import TemporaryFile

    try:
        with TemporaryFile(dir=folder, prefix=".paperdeck-") as file:
            file.truncate(mmap.PAGESIZE)
            mmap.mmap(file.fileno(), mmap.PAGESIZE).close()
    except OSError:
        return False
    return True


def _prefer_wal(connections: Connections, standing: Standing) -> None:
    """Switch the file to write-ahead logging, which lasts, where its file system allows it.

    SQLite does not wait for a lock here, so we do. A library that cannot be switched now can be used all the same.
    """
    if not _can_share_memory(connections.path.absolute().parent):
        return
    deadline = time.monotonic() + (OPEN_SECONDS if standing.empty else 1)
    with connections.alone() as connection:
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    if not standing.empty:
                        return
                    raise
                time.sleep(0.02)


def _leave_wal(path: Path) -> None:
    """Switch a library to a rollback journal that has come to a file system without shared memory."""
    with translated(path), closing(sqlite3.connect(path.absolute(), timeout=OPEN_SECONDS)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # the log's index is then in memory of our own
        connection.execute("PRAGMA journal_mode = DELETE")
