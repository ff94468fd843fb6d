"""Half-written notes on disk, beside the library, so that they outlive a lost terminal, a crash or a failed save."""

import fcntl
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote

from tui.regular import read_regular

if TYPE_CHECKING:
    from store.entries import Entry
    from store.library import Library

MOST_BYTES = 512 * 1024 * 1024
"""Of a note that is written in another program, as of one on standard input."""


class Draft(NamedTuple):
    """A note that was written and not saved."""

    text: str
    before: str | None
    """The note that its writer began with; None: nobody knows."""


class Drafts:
    """What was written and not saved: `<library>-drafts` has a folder for each process that writes a note, with a file
    for each paper, by its name (`store.naming`). It is locked while the process lives, so that nobody takes from it
    what is still being written; the folders are gone when they are empty. A file is replaced whole, and on disk when
    `keep` returns: some milliseconds.

    One call after another, from whichever thread.
    """

    def __init__(self, library: Path) -> None:
        """`library`: the library's file."""
        library = Path(os.path.realpath(library))  # by whichever link it was opened
        self._folder = library.with_name(f"{library.name}-drafts")
        self._own: Path | None = None
        self._lock = -1

    def names(self, library: "Library", entry: "Entry") -> list[str]:
        """What drafts of a paper's note are called: by its name as it is shown, then by those that it had and no other.

        They mean the same paper in every library, unlike the number by which earlier versions called them.
        """
        from store.naming import names

        (shown,) = names([entry])
        if not self._folder.is_dir():
            return [shown]
        had = [name for name, paper in library.named(library.names(entry.id)).items() if paper == entry.id]
        return [*dict.fromkeys([shown, *had, f"{entry.id}"])]

    def left(self) -> dict[str, Path]:
        """By name the newest draft that a process left behind which is no more."""
        found: dict[str, Path] = {}
        with suppress(OSError):  # what cannot be read cannot be offered
            for folder in self._left_folders():
                named = {file: unquote(file.stem) for file in folder.glob("*.md") if file.is_file()}
                drafts = {file: name for file, name in named.items() if _is_name(name)}
                for file, name in drafts.items():
                    other = found.get(name)
                    if other is None or other.stat().st_mtime < file.stat().st_mtime:
                        found[name] = file
                if not drafts:
                    self._leave(folder)
        return found

    def take(self, names: Sequence[str]) -> Draft | None:
        """The draft of the note of the paper of these names: our own, else one that was left behind. It is ours from
        now on, by the first of the names."""
        own = [file for name in names if self._own is not None and (file := self.file(name)).exists()]
        left = self.left() if not own else {}
        found = [*own, *(left[name] for name in names if name in left)]
        if not found:
            return None
        file = self._adopted(found[0], names[0])
        try:
            return Draft(text_of(file), _text(_before(file)))
        except OSError:
            return None

    def _adopted(self, draft: Path, name: str) -> Path:
        try:
            file = self.file(name)
            if file != draft:
                with suppress(FileNotFoundError):
                    _before(draft).rename(_before(file))
                draft.rename(file)
        except OSError:
            return draft  # it is read where it is
        if draft.parent != file.parent:
            self._leave(draft.parent)
        return file

    def keep(self, name: str, text: str, before: str) -> None:
        """Keep `text`, whose writer began with the note `before`. Raises OSError where it cannot be written."""
        from store.exporting import replace_file

        file = self.file(name)
        for path, content in ((_before(file), before), (file, text)):
            if _text(path) != content:
                replace_file(path, (content and f"{content}\n").encode(errors="replace"), 0o600)

    def drop(self, name: str, text: str | None = None) -> None:
        """The draft is saved or discarded; with `text` only if it is that. Raises OSError where it stays."""
        file = self.file(name) if self._own is not None else None
        if file is None or (text is not None and _text(file) != text):
            return
        file.unlink(missing_ok=True)
        _before(file).unlink(missing_ok=True)
        if self._leave(file.parent):
            self.close()

    def close(self) -> None:
        """Leave what there is to whoever comes next."""
        if self._own is not None:
            os.close(self._lock)
            self._own = None

    def file(self, name: str) -> Path:
        """Where this process keeps the draft of this paper's note. Raises OSError where there can be none."""
        while self._own is None:
            from tempfile import mkdtemp

            self._folder.mkdir(mode=0o700, exist_ok=True)
            with suppress(FileNotFoundError):  # another process has just removed a folder that was still empty
                own = Path(mkdtemp(prefix=f"{os.getpid()}-", dir=self._folder))
                self._lock = os.open(own, os.O_RDONLY)
                with suppress(OSError):  # a file system without locks
                    fcntl.flock(self._lock, fcntl.LOCK_EX)
                if own.exists():
                    self._own = own
                else:
                    os.close(self._lock)
        return self._own / f"{quote(name, safe='')}.md"

    def _left_folders(self) -> Iterator[Path]:
        """The folders in which no process writes; each stays so until the next is asked for."""
        # The first version kept its drafts in the folder itself.
        for folder in (self._folder, *self._folder.glob("*/")):
            lock = os.open(folder, os.O_RDONLY)
            try:
                if folder != self._own and _lock_shared(lock):
                    yield folder
            finally:
                os.close(lock)

    def _leave(self, folder: Path) -> bool:
        """Remove a folder that holds nothing any more, and with the last one that of them all; whether it is gone."""
        with suppress(OSError):
            for unfinished in folder.glob(".paperdeck-*.tmp"):
                unfinished.unlink(missing_ok=True)
            if folder != self._folder:
                folder.rmdir()
            self._folder.rmdir()
        return not folder.exists()


def _is_name(name: str) -> bool:
    """Whether it is that of a paper, or a paper's number."""
    from store.naming import NAME  # late: the app starts without it

    return re.fullmatch(rf"{NAME.pattern}|[0-9]{{1,18}}", name) is not None


def _before(draft: Path) -> Path:
    """The file with the note that a draft's writer began with."""
    return draft.with_name(f"{draft.name.removesuffix('.md')}.before")


def text_of(file: Path) -> str:
    """The text of a draft's file, without the line end that closes it. Raises OSError."""
    return bytes_of(file).decode(errors="replace").removesuffix("\n")


def bytes_of(file: Path) -> bytes:
    """What a draft's file holds. Raises OSError, also where an editor has put something else than a file there."""
    return read_regular(file, MOST_BYTES)


def why_none(error: OSError) -> str:
    """Why there can be no draft, for the person: what stands in its way is named."""
    in_the_way = error.filename2 or error.filename
    if in_the_way and isinstance(error, FileExistsError | IsADirectoryError | NotADirectoryError):
        return f"{in_the_way} is in the way: move it elsewhere"
    return error.strerror or f"{error}"


def _text(file: Path) -> str | None:
    try:
        return text_of(file)
    except OSError:
        return None


def _lock_shared(folder: int) -> bool:
    try:
        fcntl.flock(folder, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        pass
    return True
