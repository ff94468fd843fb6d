"""Files that are replaced whole or not at all: exported documents, and what else a person must not lose."""

import os
import secrets
from pathlib import Path
from stat import S_IMODE

from store.errors import ExportError


def write_whole(path: Path, text: str, force: bool = False) -> None:
    """Write `text` as UTF-8 to `path`, so that at every moment the file is either the old one or the new one.

    A link is followed and stays one; an existing file keeps its mode; what is no regular file (a pipe, a terminal)
    is written to as it is. Raises ExportError, what stood there being untouched: also if the file exists, unless
    `force`.
    """
    data = text.encode("utf-8", "replace")
    try:
        target = Path(os.path.realpath(os.path.expanduser(path)))  # noqa: PTH111 (Path's raises for an unknown ~name)
        if target.is_dir():
            raise ExportError(f"{path} is a folder; name a file in it.")
        if target.exists() and not target.is_file():
            target.write_bytes(data)
            return
        if target.exists() and not force:
            raise ExportError(f"{path} exists already and was left as it is; --force replaces it.")
        replace_file(target, data, S_IMODE(target.stat().st_mode) if target.exists() else None)
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror}. Nothing was changed there.") from error
    except ValueError as error:  # NUL, half surrogates
        raise ExportError(f"{path} cannot be written: no file can have this name.") from error


def replace_file(target: Path, data: bytes, mode: int | None = None) -> None:
    """Put a file with `data` in the place of `target`, by way of one beside it; it is on disk when this returns.

    `mode` are its permissions (default: those of a new file). Raises OSError, what stood there being untouched.
    """
    beside = target.parent / f".paperdeck-{secrets.token_hex(6)}.tmp"
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
