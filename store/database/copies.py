"""Copies of a library: how one is written, where those beside it are, and which backups were made elsewhere."""

import fcntl
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from store.errors import BackupError

MIGRATIONS_KEPT = 5
"""Copies made before migrations that are kept; older ones go when a new one is made."""

BACKUPS_REMEMBERED = 20

PARTS = ("", "-wal", "-shm", "-journal")
"""The names of a library and of what SQLite keeps beside it, after its own."""

HEAD = b"SQLite format 3\0"
"""What every file of SQLite's begins with."""

_SCRATCH = r"\.paperdeck-[0-9a-f]{12}\.part"

_NAME = r"-(?P<kind>v\d+|replaced)-(?P<at>\d{4}-\d\d-\d\d-\d{6})(?:-\d+)?"


class Copy(NamedTuple):
    """A copy of a library, which `paperdeck restore` takes."""

    at: str
    """When it was made: ISO 8601, UTC, to the second."""
    path: Path


def write_copy(connection: sqlite3.Connection, target: Path) -> None:
    """Write what the last commit holds to `target`, in place of what is there: whole and synced, or not at all.

    The connection must be in no transaction. Raises OSError and sqlite3.Error.
    """
    with scratch(target.parent) as folder:
        put(_written(connection, folder), target)


def copy_beside(connection: sqlite3.Connection, library: Path, kind: str) -> Path:
    """Write what the last commit holds beside the library, as `write_copy` does, and return where."""
    library = _real(library)
    with scratch(library.parent) as folder:
        return name_twice(_written(connection, folder), library, kind)


def _written(connection: sqlite3.Connection, folder: Path) -> Path:
    part = folder / "copy.db"
    # An empty file is as good as none to SQLite, and nobody else can read what comes into this one.
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    # A path may hold bytes that are no text, which a parameter cannot.
    connection.execute("VACUUM INTO CAST(? AS TEXT)", (os.fsencode(part),))
    _sync(part)
    return part


def put(part: Path, target: Path) -> None:
    """Give a file of `scratch`, synced, the place of `target`. Raises OSError."""
    _sync(part)
    part.replace(target)
    _sync(target.parent)


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """A folder in `folder` for what is not whole yet, which goes with the block; what dead processes left goes first.

    It is locked as long as its process lives. Raises OSError.
    """
    left_behind(folder, remove=True)
    path, descriptor = folder, None
    try:  # from here on, as a signal may end us at any step
        while descriptor is None:
            path = folder / f".paperdeck-{os.urandom(6).hex()}.part"
            descriptor = _made_and_locked(path)
        yield path
    finally:
        if path != folder:
            _remove(path)
        if descriptor is not None:
            os.close(descriptor)


def _remove(path: Path) -> None:
    try:
        shutil.rmtree(path, ignore_errors=True)
    except BaseException:  # told to end in the middle of it
        shutil.rmtree(path, ignore_errors=True)
        raise


def _made_and_locked(path: Path) -> int | None:
    """The descriptor of a new folder; None where another process took it for left behind before it was locked."""
    path.mkdir(0o700)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return None
    with suppress(OSError):  # some network file systems know no locks; there nothing is taken for left behind
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    if path.exists():
        return descriptor
    os.close(descriptor)
    return None


def left_behind(folder: Path, *, remove: bool = False) -> list[Path]:
    """What `scratch` made in this folder, and processes that were killed left there; removed with `remove`."""
    found = []
    for path in folder.glob(".paperdeck-*.part"):
        if re.fullmatch(_SCRATCH, path.name):
            with suppress(OSError):  # it is no folder of ours, or a process that lives has it locked
                descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if remove:
                        shutil.rmtree(path)
                    found.append(path)
                finally:
                    os.close(descriptor)
    return found


def backup(connection: sqlite3.Connection, library: Path, target: Path, *, force: bool) -> Path:
    """Write a copy of the library to `target`, or into that folder, and note down where. Raises BackupError."""
    try:
        target = target.expanduser()
        if target.is_dir():
            target /= f"{library.stem}-{datetime.now(UTC):%Y-%m-%d-%H%M%S}{library.suffix}"
        if any(os.path.realpath(target) == f"{os.path.realpath(library)}{ending}" for ending in PARTS):
            raise BackupError(f"{target} is the library itself, or a part of it: name another file.")
        if os.path.lexists(target):
            if library.samefile(target):
                raise BackupError(f"{target} is the library itself: name another file.")
            if not target.is_file():
                raise BackupError(f"{target} is no regular file: name another.")
            if not force:
                raise BackupError(f"{target} exists already and was left as it is; --force replaces it.")
        write_copy(connection, target)
    except (OSError, ValueError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise BackupError(f"{target} cannot be written: {reason}. Nothing was changed there.") from error
    remember(library, target.absolute())
    return target


def parts_of(library: Path) -> dict[str, Path]:
    """The library and what SQLite keeps beside it, as far as they are there, by what their names end with."""
    real = os.path.realpath(library)
    named = {ending: Path(f"{real}{ending}") for ending in PARTS}
    return {ending: part for ending, part in named.items() if part.is_file()}


def with_its_log(library: Path) -> str:
    """What there is to move, or to copy, of a library, in words: its log may go any moment, or come."""
    real = os.path.realpath(library)
    return f"{real}, and with it {real}-wal if that is there,"


def name_twice(file: Path, library: Path, kind: str) -> Path:
    """Give a file a name beside the library (`name_beside`), besides its own. Raises OSError."""
    library = _real(library)
    while True:
        name = name_beside(library, kind)
        with suppress(FileExistsError):  # another process was faster
            _link(file, name)
            _sync(library.parent)
            return name


def _link(file: Path, name: Path) -> None:
    """Give a file another name, or a copy of it that where there are no links. Raises FileExistsError; OSError."""
    try:
        name.hardlink_to(file)
    except FileExistsError:
        raise
    except OSError:
        with name.open("xb"):
            pass
        shutil.copy2(file, name)


def name_beside(library: Path, kind: str) -> Path:
    """A path for a copy beside the library that no file has: `library-v1-2026-11-22-073000.db` for the kind `v1`."""
    library = _real(library)
    base = f"{library.stem}-{kind}-{datetime.now(UTC):%Y-%m-%d-%H%M%S}"
    names = (f"{base}{f'-{number}' if number else ''}{library.suffix}" for number in range(1000))
    return next(path for path in map(library.with_name, names) if not os.path.lexists(path))


def copies(library: Path) -> list[Copy]:
    """The copies of a library that are still there, the newest first: those beside it, and backups made elsewhere."""
    found = {copy.path: copy for copy in (*sorted(_beside(library)), *_remembered(library))}
    # Of two that were made within a second, the one that was noted down later is the newer.
    there = [copy for copy in reversed(found.values()) if _may_be_one(copy.path)]
    return sorted(there, key=lambda copy: copy.at, reverse=True)


def _may_be_one(path: Path) -> bool:
    """Whether a file begins as SQLite's do."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return file.read(len(HEAD)) == HEAD
    except OSError:
        return False


def drop_old(library: Path, made: Path) -> None:
    """Remove all but the newest copies that were made before migrations, and the one that was `made` just now: by a
    clock that was put back it may look old."""
    others = [copy for copy in _beside(library, "v") if copy.path.name != made.name]
    for copy in sorted(others, reverse=True)[MIGRATIONS_KEPT - 1 :]:
        copy.path.unlink(missing_ok=True)


def remember(library: Path, backup: Path) -> None:
    """Note down where a backup was written, so that it can be named when the library is damaged."""
    at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    known = [copy for copy in _remembered(library) if copy.path != backup]
    lines = [json.dumps([at, str(path)]) for at, path in [*known, Copy(at, backup)][-BACKUPS_REMEMBERED:]]
    # A library in a folder that cannot be written to can be backed up all the same.
    with suppress(OSError):
        descriptor = os.open(_record(library), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="ascii") as file:  # noqa: PTH123
            file.writelines(f"{line}\n" for line in lines)


def _record(library: Path) -> Path:
    library = _real(library)
    return library.with_name(f"{library.name}-backups")


def _real(library: Path) -> Path:
    """The library's own path, by whichever link it was opened."""
    return Path(os.path.realpath(library))


def _remembered(library: Path) -> list[Copy]:
    try:
        lines = _record(library).read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        with suppress(ValueError, TypeError):
            at, path = json.loads(line)
            found.append(Copy(f"{at}", Path(path)))
    return found


def _beside(library: Path, kind: str = "") -> Iterator[Copy]:
    library = _real(library)
    pattern = re.compile(f"{re.escape(library.stem)}{_NAME}{re.escape(library.suffix)}")
    with suppress(OSError):
        for path in library.parent.iterdir():
            if (match := pattern.fullmatch(path.name)) and match["kind"].startswith(kind):
                with suppress(ValueError):
                    at = datetime.strptime(match["at"], "%Y-%m-%d-%H%M%S").isoformat()  # noqa: DTZ007
                    yield Copy(f"{at}Z", path)


def _sync(path: Path) -> None:
    """Have the disk keep what a file or folder holds."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
