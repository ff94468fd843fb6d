"""From paths to reports: finds the documents, reads and parses them one by one and hands them to the library.

The command line and the app's dialogs call this. Only `Library` is written to, and each document is one transaction.
"""

import os
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from store.errors import SourceError, StoreError
from store.models import Digest, FileReport
from store.sources import parse
from store.sources.lines import looks_binary
from store.text import safe

if TYPE_CHECKING:
    from store.library import Library

LIMIT: Final = 64 * 1024 * 1024
"""Documents over this many bytes are refused: the longest page known has 0.2 MB."""

STANDARD_INPUT: Final = "-"
_HEAD: Final = 8192


class Document(NamedTuple):
    """One document to look at, not yet read."""

    path: Path | None
    """None: standard input."""
    name: str
    """What reports call it: the path as the person gave it, or its folder as given and the path below."""
    folder: str | None = None
    """The folder it was found below, as given; None: it was named itself."""


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
            documents.setdefault(_identity(path), Document(path, safe(given)))
        else:
            below = list(_files_below(path, given))
            if not below:
                empty.append(safe(given))
            for document in below:
                documents.setdefault(_identity(document.path), document)
    return Gathered(tuple(documents.values()), tuple(empty))


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
    shut: list[OSError] = []
    for root, folders, files in os.walk(folder, onerror=shut.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(root, name)
            if not name.startswith(".") and path.is_file():
                yield Document(path, safe(str(Path(given) / path.relative_to(folder))), safe(given))
    for error in shut:
        yield Document(Path(error.filename), safe(str(error.filename)))


class Import:
    """An import of documents, one at each step: iterate over it and get a `FileReport` for each, in order.

        run = Import(library, paths)
        for report in run:          # every report stands for a finished transaction
            bar.update(run.looked_at, run.total)

    Stop whenever: what was reported as imported stays. A file that was named and cannot be read as papers has a
    report with its `error`; a folder's files that are no pages make no report and are counted in `passed_over`; a
    folder without any page makes one report with an `error` under the folder's own name. No StoreError is raised while
    it runs. With `rehearse`, the reports say what an import would do and nothing is changed (each document is taken
    for itself: a paper that two of them list is new in both).
    """

    def __init__(
        self,
        library: "Library",
        paths: Sequence[str | Path],
        *,
        day: date | None = None,
        today: date | None = None,
        stdin: BinaryIO | None = None,
        rehearse: bool = False,
    ) -> None:
        """Find the documents (nothing is read yet).

        `day` is the day of all these pages, as the person says; `today` what a page's year is inferred from where it
        prints none (default: the day it is); `stdin` is what `-` reads: without it, `-` is a file of that name.
        """
        self._library = library
        self._day = day
        self._today = today
        self._stdin = stdin
        self._rehearse = rehearse
        self._gathered = gather(paths)
        self.total = len(self._gathered.documents)
        """How many documents there are to look at."""
        self.looked_at = 0
        """How many of them are done, with those passed over."""
        self.passed_over = 0
        """How many files of folders were no pages, so far."""

    def __iter__(self) -> Iterator[FileReport]:
        for folder, documents in groupby(self._gathered.documents, key=lambda document: document.folder):
            reported = passed_over = 0
            for document in documents:
                report = self._import(document)
                self.looked_at += 1
                if report is None:
                    passed_over += 1
                    self.passed_over += 1
                else:
                    reported += 1
                    yield report
            if folder is not None and not reported:
                files = "its file is none" if passed_over == 1 else f"none of its {passed_over} files is one"
                yield FileReport(name=folder, error=f"{folder} holds no Daily Papers page: {files}.")
        for folder in self._gathered.empty_folders:
            yield FileReport(name=folder, error=f"{folder} holds no Daily Papers page: it has no files.")

    def _import(self, document: Document) -> FileReport | None:
        """The report on one document; None: it is no page, and nobody said that it was."""
        name = document.name
        try:
            data = self._read(document)
        except FileNotFoundError:
            return FileReport(name=name, error=f"{name} does not exist.")
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "no file can have this name"
            return FileReport(name=name, error=f"{name} cannot be read: {reason}.")
        try:
            if len(data) > LIMIT:
                raise SourceError(f"{name} is over {LIMIT // 2**20} MB: that is no Daily Papers page.")
            digest = parse(data, name, day=self._day, today=self._today)
        except SourceError as error:
            return FileReport(name=name, error=str(error)) if document.folder is None else None
        return _imported(self._library, digest, rehearse=self._rehearse)

    def _read(self, document: Document) -> bytes:
        """The bytes of a document, of an overlong or binary one the beginning; OSError where they cannot be had."""
        if document.path is not None:
            with document.path.open("rb") as file:
                return _bounded(file)
        if self._stdin is not None:
            return _bounded(self._stdin)
        with Path(STANDARD_INPUT).open("rb") as file:
            return _bounded(file)


def _bounded(file: BinaryIO) -> bytes:
    data = file.read(_HEAD)
    return data if looks_binary(data) else data + file.read(LIMIT + 1 - len(data))


def _imported(library: "Library", digest: Digest, *, rehearse: bool) -> FileReport:
    try:
        return library.import_digest(digest, rehearse=rehearse)
    except StoreError as error:
        return FileReport(name=digest.name, error=str(error))


def import_text(
    library: "Library",
    text: str,
    *,
    day: date | None = None,
    today: date | None = None,
    rehearse: bool = False,
) -> FileReport:
    """Import a page that was pasted; the report is called `pasted text` and has an `error` where it is none."""
    name = "pasted text"
    try:
        digest = parse(text.encode(errors="replace"), name, day=day, today=today)
    except SourceError as error:
        return FileReport(name=name, error=str(error))
    return _imported(library, digest, rehearse=rehearse)
