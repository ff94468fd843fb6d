"""From paths to bytes: finds the documents that a person's paths stand for, and reads one, whatever it turns out to be.

Nothing here waits for ever, goes round in a loop or takes in more than a document may have.
"""

import errno
import io
import os
import selectors
import stat
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from time import monotonic
from typing import BinaryIO, Final, NamedTuple

from store.sources.lines import MOST_BYTES, looks_binary, too_large
from store.text import safe

STANDARD_INPUT: Final = "-"
DEEPEST: Final = 100
"""Folders below one that is imported are looked into down to this depth."""
PATIENCE: Final = 30.0
"""Seconds within which a pipe that is named like a file has to end."""
_CHUNK: Final = 2**18


class Document(NamedTuple):
    """One document to look at, not yet read."""

    path: Path | None
    """None: standard input."""
    name: str
    """What reports call it: the path as the person gave it, or its folder as given and the path below."""
    folder: str | None = None
    """The folder it was found below, as given; None: it was named itself."""
    problem: str | None = None
    """Why it cannot be read, where that is known already."""


class Gathered(NamedTuple):
    """What a person's paths stand for, in their order; nothing has been read."""

    documents: tuple[Document, ...]
    empty_folders: tuple[str, ...]
    """Folders that hold no file at all."""


def gather(paths: Sequence[str | Path]) -> Gathered:
    """The documents that `paths` stand for, each once.

    A path is a file, a folder (all regular files below it, sorted, hidden ones left out, links to folders not
    followed) or `-`, standard input. What does not exist is a document too: reading it says what is wrong.
    """
    documents: dict[object, Document] = {}
    empty = []
    for given in map(str, paths):
        path = _expanded(given)
        if given == STANDARD_INPUT:
            documents.setdefault(given, Document(None, "standard input"))
        elif not os.path.isdir(path):  # noqa: PTH112 (Path.is_dir raises where a name is too long)
            documents.setdefault(_identity(path), Document(path, _shown(given)))
        else:
            below = list(_files_below(path, given))
            if not below:
                empty.append(_shown(given))
            for document in below:
                documents.setdefault(_identity(document.path), document)
    return Gathered(tuple(documents.values()), tuple(empty))


def _shown(path: str | Path) -> str:
    """A path as a report shows it; bytes that are no text are `�`."""
    return safe(os.fsencode(path).decode(errors="replace"))


def _expanded(given: str) -> Path:
    """The path that a person means; a shell has done this already, the app's prompt has not."""
    path = Path(given)
    if not given.startswith("~") or path.exists():
        return path
    try:
        return path.expanduser()
    except RuntimeError:  # no such user
        return path


def _identity(path: Path | None) -> object:
    """The same for two paths to one file."""
    try:
        status = os.stat(path or "")  # noqa: PTH116 (for the same reason)
    except (OSError, ValueError):
        return path
    return status.st_dev, status.st_ino


def _files_below(folder: Path, given: str) -> Iterator[Document]:
    """The regular files below `folder`, by name, those of a folder before those of its folders; and what is shut."""
    shut: list[Document] = []
    named = _shown(given)
    pending = [("", 0)]
    while pending:
        below, depth = pending.pop()
        here = _shown(Path(given, below))
        try:
            with os.scandir(folder / below) as listing:
                entries = sorted((entry for entry in listing if entry.name[0] != "."), key=lambda entry: entry.name)
        except OSError as error:
            shut.append(Document(folder / below, here, problem=error.strerror))
            continue
        folders = [entry.name for entry in entries if _is_folder(entry)]
        if folders and depth == DEEPEST:
            problem = f"what lies over {DEEPEST} folders deep is not looked at; import it by itself"
            shut.append(Document(folder / below, here, problem=problem))
        else:
            pending += [(os.path.join(below, name), depth + 1) for name in reversed(folders)]  # noqa: PTH118 (faster)
        prefix = "" if here == "." else here.rstrip("/") + "/"
        for entry in entries:
            if _is_file(entry):
                yield Document(Path(entry.path), prefix + _shown(entry.name), named)
    yield from shut


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link that leads round in a loop, or to where one may not look
        return False


def read(document: Document, stdin: BinaryIO | None) -> bytes:
    """The bytes of a document, of a binary one the beginning; `-` is `stdin`, or else a file of that name.

    Raises OSError where they cannot be had or are not those of one moment, SourceError where there are too many.
    """
    if document.problem is not None:
        raise OSError(errno.EACCES, document.problem)
    if document.path is None and stdin is not None:
        return _collected(iter(partial(stdin.read, _CHUNK), b""), document.name)
    path = document.path or Path(STANDARD_INPUT)
    try:
        _refuse_devices(os.stat(path))  # before it is opened, which may do something  # noqa: PTH116
    except ValueError:
        raise OSError(errno.EINVAL, "no file can have this name") from None
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)  # a pipe is not waited for
    try:
        return _read(descriptor, document.name)
    finally:
        os.close(descriptor)


def _refuse_devices(status: os.stat_result) -> None:
    if stat.S_ISCHR(status.st_mode) or stat.S_ISBLK(status.st_mode):
        raise OSError(errno.EINVAL, "it is a device, not a file")
    if stat.S_ISSOCK(status.st_mode):
        raise OSError(errno.EINVAL, "it is a socket, not a file")


def _read(descriptor: int, name: str) -> bytes:
    before = os.fstat(descriptor)
    _refuse_devices(before)
    if stat.S_ISFIFO(before.st_mode):
        return _collected(_from_pipe(descriptor), name)
    if before.st_size > MOST_BYTES:
        raise too_large(name)
    data = _collected(iter(partial(os.read, descriptor, _CHUNK), b""), name)
    after = os.fstat(descriptor)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise OSError(errno.EBUSY, "it changed while it was read; import it again when it is finished")
    return data


def _from_pipe(descriptor: int) -> Iterator[bytes]:
    """What is written into a pipe, until all who write have closed it."""
    end = monotonic() + PATIENCE
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while (left := end - monotonic()) > 0 and selector.select(left):
            chunk = os.read(descriptor, _CHUNK)
            if not chunk:
                return
            yield chunk
    raise OSError(errno.ETIMEDOUT, f"it is a pipe that did not end within {PATIENCE:g} seconds; save it as a file")


def _collected(chunks: Iterable[bytes], name: str) -> bytes:
    buffer = io.BytesIO()
    for chunk in chunks:
        binary = not buffer.tell() and looks_binary(chunk)
        if buffer.write(chunk) and buffer.tell() > MOST_BYTES:
            raise too_large(name)
        if binary:
            break
    return buffer.getvalue()
