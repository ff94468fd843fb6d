"""From paths to reports: finds the documents, reads and parses them one by one and hands them to the library.

The command line and the app's dialogs call this. Only `Library` is written to, and each document is one transaction.
"""

import os
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from store.errors import SourceError, StoreError
from store.models import Digest, FileReport
from store.sources import parse

if TYPE_CHECKING:
    from store.library import Library

LIMIT = 64 * 1024 * 1024
"""Documents over this many bytes are refused: the longest page known is 0.2 MB."""

STANDARD_INPUT = "-"


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
    raise NotImplementedError


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
        self.total: int = 0
        """How many documents there are to look at."""
        self.looked_at: int = 0
        """How many of them are done, with those passed over."""
        self.passed_over: int = 0
        """How many files of folders were no pages, so far."""

    def __iter__(self) -> Iterator[FileReport]:
        raise NotImplementedError


def import_text(
    library: "Library",
    text: str,
    *,
    day: date | None = None,
    today: date | None = None,
    rehearse: bool = False,
) -> FileReport:
    """Import a page that was pasted; the report is called `pasted text` and has an `error` where it is none."""
    raise NotImplementedError
