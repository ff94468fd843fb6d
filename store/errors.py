"""What can go wrong in the library, as a small tree of errors whose messages a person can act on."""


class StoreError(Exception):
    """Anything that the library refuses or cannot do; the message says what happened, to what, and what to do."""


class SourceError(StoreError):
    """A document cannot be read as papers; nothing was imported from it."""


class TooManyPapers(SourceError):
    """A document is a page, but holds more papers than one may; nothing was imported from it."""


class QueryError(StoreError):
    """A query cannot be understood.

    `position` is the index into the query's text (0-based, in characters) at which it goes wrong.
    """

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


class UnknownPaper(StoreError):
    """No paper of the library has this id; nothing was changed."""


class UnknownDigest(StoreError):
    """No digest of the library has this id; nothing was changed."""


class InvalidTag(StoreError):
    """A tag is empty or holds a comma or a line end; nothing was changed."""


class InvalidSearchName(StoreError):
    """A saved search's name is empty or holds a line end; nothing was changed."""


class NothingToUndo(StoreError):
    """The journal holds nothing that could be undone, or redone."""


class LibraryUnusable(StoreError):
    """The file cannot be opened as a library: no folder, no permission, not SQLite, or made by a newer paperdeck."""


class LibraryDamaged(LibraryUnusable):
    """The file is a library, or was one, and cannot be read rightly; it has been left as it is."""


class LibraryBusy(StoreError):
    """Another process held the library's write lock for longer than we wait; nothing was changed."""


class ExportError(StoreError):
    """An export was not written; what stood in its place is untouched."""


class BackupError(StoreError):
    """A backup was not written; what stood in its place is untouched."""


class FetchError(StoreError):
    """A document could not be fetched or is not what was asked for; nothing of it was given.

    `status` is the HTTP status that the service answered with; None: there was no answer, or hardly one of its own.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class ServiceUnreachable(FetchError):
    """Offline, shut out, asked to come back later, or failing again and again: asking for more is of no use now."""


class FetchCancelled(FetchError):
    """The person ended a fetch; what came before stands."""
