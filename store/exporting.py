"""Files that are replaced whole or not at all: exported documents, and what else a person must not lose."""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from errno import EACCES
from pathlib import Path
from stat import S_IMODE
from typing import TYPE_CHECKING, Final

from store.database.copies import HEAD, PARTS
from store.errors import ExportError

if TYPE_CHECKING:
    from store.entries import Entry
    from store.exports import ExportOptions, OwnTemplate
    from store.exports.in_place import InPlaceOptions, Report
    from store.library import Library

MOST_BYTES: Final = 100_000_000
"""Of a file that is brought up to date in place: some 45,000 papers."""

UNFINISHED: Final = ".paperdeck-{}.tmp"
"""What is being written, beside what it will replace; a killed process leaves it."""


def write_whole(path: Path, text: str, force: bool = False) -> None:
    """Write `text` as UTF-8 to `path`, so that at every moment the file is either the old one or the new one.

    A link is followed and stays one; an existing file keeps its mode; what is no regular file (a pipe, a terminal)
    is written to as it is. Raises ExportError, what stood there being untouched: also if the file exists, unless
    `force`, and if it is a database, such as the library.
    """
    data = text.encode("utf-8", "replace")
    with told(path):
        target = real(path)
        if target.is_dir():
            raise ExportError(f"{path} is a folder; name a file in it.")
        if target.exists() and not target.is_file():
            target.write_bytes(data)
            return
        if target.exists() and not force:
            raise ExportError(f"{path} exists already and was left as it was; --force replaces it.")
        if _is_database(target):
            raise ExportError(f"{path} is a database, or belongs to one, and was left as it was; name another file.")
        replace_file(target, data, S_IMODE(target.stat().st_mode) if target.exists() else None)


def _is_database(file: Path) -> bool:
    """Whether it is an SQLite file, or what SQLite keeps beside one: nobody means to have a document instead."""
    for end in PARTS:
        main = Path(f"{file}".removesuffix(end))
        if f"{file}".endswith(end) and main.is_file():
            with main.open("rb") as opened:
                if opened.read(len(HEAD)) == HEAD:
                    return True
    return False


def update_in_place(
    library: "Library", path: Path, entries: "Sequence[Entry]", options: "ExportOptions", how: "InPlaceOptions"
) -> "tuple[Report, bool]":
    """Bring the papers in the Markdown file at `path` up to date and add those that are new (`store.exports.in_place`).

    The file is replaced whole, or not touched at all where nothing is to be changed in it; it is made where there is
    none. Returns what was done, and whether anything changed. Raises ExportError, the file being untouched: also if it
    holds no marker, or changed meanwhile.
    """
    reports: list[Report] = []

    def updated(text: str | None) -> str:
        new, report = _in_place(text, library, path, entries, options=options, how=how)
        reports.append(report)
        return new

    with told(path):
        target = real(path)
        with alone_in(target.parent):
            changed = rewrite(target, updated)
    return reports[0], changed


def previewed_in_place(
    library: "Library", path: Path, entries: "Sequence[Entry]", options: "ExportOptions", how: "InPlaceOptions"
) -> str:
    """What `update_in_place` would make of the file as it is now. Nothing is written. Raises ExportError as it does."""
    with told(path):
        _, text = _text(real(path))
    return _in_place(text, library, path, entries, options=options, how=how)[0]


def _in_place(
    text: str | None,
    library: "Library",
    path: Path,
    entries: "Sequence[Entry]",
    *,
    options: "ExportOptions",
    how: "InPlaceOptions",
) -> "tuple[str, Report]":
    """What is made of the file's text (None: there is no file), and what was done. Raises ExportError."""
    from store.exports import markers, wanted
    from store.exports.in_place import Known, blank, unclaimed, update
    from store.naming import names

    listed = wanted(entries, options)
    marked = markers.read(blank(options.title) if text is None else text)
    if not marked.any:
        raise ExportError(
            f"{path} holds no marker and was left as it was. Put this line where new papers are to go, and export "
            f"again: {markers.place()}"
        )
    ids = library.named(unclaimed(marked, names(listed)))
    in_blocks = sorted({ids[block.name] for block in marked.blocks if block.name in ids})
    known = Known(ids, {entry.id: entry for entry in wanted(library.entries(in_blocks), options)})
    made = how._replace(group=how.group or options.group) if text is None else how
    return update(marked, listed, known, made)


def read_template(path: Path) -> "OwnTemplate":
    """A person's own template, for `ExportOptions.template`. Raises ExportError if the file cannot be read as text."""
    from store.exports import OwnTemplate
    from store.exports.custom import LARGEST

    try:
        with open(os.path.expanduser(path), encoding="utf-8") as file:  # noqa: PTH123, PTH111 (as in `real`)
            return OwnTemplate(str(path), file.read(LARGEST + 1))
    except OSError as error:
        raise ExportError(f"The template {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise ExportError(f"The template {path} cannot be read: it is no UTF-8 text.") from error


def rewrite(file: Path, change: Callable[[str | None], str]) -> bool:
    """Replace a text file's content by what `change` makes of it; its mode stays. Returns whether it was another one.

    `change` gets None where there is no file. Raises ExportError, the file being untouched, where it is no UTF-8 text,
    too long, or changed since it was read; OSError.
    """
    before, text = _text(file)
    after = change(text).encode()
    if after == before:
        return False
    if (file.read_bytes() if file.exists() else None) != before:
        raise ExportError(f"{file} was changed by another program meanwhile and left as it is; export again.")
    replace_file(file, after, S_IMODE(file.stat().st_mode) if before is not None else None)
    return True


def _text(file: Path) -> tuple[bytes | None, str | None]:
    """What a file holds, as bytes and as text; None where there is none. Raises ExportError as `rewrite`; OSError."""
    if file.exists() and not file.is_file():
        raise ExportError(f"{file} is no file that could be changed in place.")
    before = file.read_bytes() if file.exists() else None
    try:
        text = None if before is None else before.decode()
    except UnicodeDecodeError as error:
        raise ExportError(f"{file} is no UTF-8 text (byte {error.start:,}) and was left as it was.") from error
    if len(before or b"") > MOST_BYTES:
        raise ExportError(f"{file} is longer than {MOST_BYTES:,} bytes and was left as it was; export fewer papers.")
    return before, text


def real(path: Path) -> Path:
    """The path without `~` and without links."""
    return Path(os.path.realpath(os.path.expanduser(path)))  # noqa: PTH111 (Path's raises for an unknown ~name)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep other exports to files in this folder waiting meanwhile. Raises OSError where there is no such folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # some network file systems know no locks; that the file changed is still noticed
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """A file system's errors as ours."""
    try:
        yield
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror}. Nothing was changed there.") from error
    except ValueError as error:  # NUL, half surrogates
        raise ExportError(f"{path} cannot be written: no file can have this name.") from error


def replace_file(target: Path, data: bytes, mode: int | None = None) -> None:
    """Put a file with `data` in the place of `target`, by way of one beside it; it is on disk when this returns.

    `mode` are its permissions (default: those of a new file). Raises OSError, what stood there being untouched: also
    where that is a file that may not be written to, which its folder alone would not prevent.
    """
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(EACCES, os.strerror(EACCES), f"{target}")
    beside = target.parent / UNFINISHED.format(secrets.token_hex(6))
    made = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else 0o600)
    try:
        with open(made, "wb") as file:  # noqa: PTH123
            file.write(data)
            file.flush()
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
