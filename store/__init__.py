"""paperdeck's library: parse documents, keep papers and what the person says of them, find, export.

The public names are loaded when they are first used: the app shows its first list before pydantic is needed.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.entries import Entry, Pair, Row, View
    from store.errors import (
        BackupError,
        ExportError,
        FetchCancelled,
        FetchError,
        InvalidSearchName,
        InvalidTag,
        LibraryBusy,
        LibraryDamaged,
        LibraryUnusable,
        NothingToUndo,
        QueryError,
        ServiceUnreachable,
        SourceError,
        StoreError,
        TooManyPapers,
        UnknownDigest,
        UnknownPaper,
    )
    from store.library import Library
    from store.models import Digest, FileReport, ImportReport, Listing, UnparsedLine

_HOMES = {
    "store.entries": ("Entry", "Pair", "Row", "View"),
    "store.errors": (
        "BackupError",
        "ExportError",
        "FetchCancelled",
        "FetchError",
        "InvalidSearchName",
        "InvalidTag",
        "LibraryBusy",
        "LibraryDamaged",
        "LibraryUnusable",
        "NothingToUndo",
        "QueryError",
        "ServiceUnreachable",
        "SourceError",
        "StoreError",
        "TooManyPapers",
        "UnknownDigest",
        "UnknownPaper",
    ),
    "store.library": ("Library",),
    "store.models": ("Digest", "FileReport", "ImportReport", "Listing", "UnparsedLine"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [  # noqa: RUF022 (spelt out for type checkers, in the order of the modules)
    "Entry",
    "Pair",
    "Row",
    "View",
    "BackupError",
    "ExportError",
    "FetchCancelled",
    "FetchError",
    "InvalidSearchName",
    "InvalidTag",
    "LibraryBusy",
    "LibraryDamaged",
    "LibraryUnusable",
    "NothingToUndo",
    "QueryError",
    "ServiceUnreachable",
    "SourceError",
    "StoreError",
    "TooManyPapers",
    "UnknownDigest",
    "UnknownPaper",
    "Library",
    "Digest",
    "FileReport",
    "ImportReport",
    "Listing",
    "UnparsedLine",
]


def __getattr__(name: str) -> object:
    try:
        home = _HOME_OF[name]
    except KeyError:
        raise AttributeError(f"module 'store' has no attribute {name!r}") from None
    value: object = getattr(import_module(home), name)
    globals()[name] = value
    return value
