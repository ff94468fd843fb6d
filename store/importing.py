"""From paths to reports: reads documents, parses them one by one and hands them to the library.

The command line and the app's dialogs call this. Only `Library` is written to, and each document is one transaction.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from store.documents import Document, gather, read
from store.errors import SourceError, StoreError, TooManyPapers
from store.models import Digest, FileReport
from store.sources import parse

if TYPE_CHECKING:
    from store.library import Library


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
            digest = parse(read(document, self._stdin), name, day=self._day, today=self._today)
        except FileNotFoundError:
            return FileReport(name=name, error=f"{name} does not exist.")
        except OSError as error:
            return FileReport(name=name, error=f"{name} cannot be read: {error.strerror}.")
        except SourceError as error:
            named = document.folder is None or isinstance(error, TooManyPapers)
            return FileReport(name=name, error=str(error)) if named else None
        return imported(self._library, digest, rehearse=self._rehearse)


def imported(library: "Library", digest: Digest, *, rehearse: bool = False) -> FileReport:
    """The report on a parsed document that the library has taken in; with its `error` where it could not."""
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
    return imported(library, digest, rehearse=rehearse)
