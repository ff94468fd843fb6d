"""Papers as documents: one module per format, text out. No database and no files."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final, Literal, NamedTuple

from store.entries import Entry

Group = Literal["tag", "day", "none"]
GROUPS: Final[tuple[Group, ...]] = ("tag", "day", "none")


class ExportOptions(NamedTuple):
    """What a document is to be like."""

    format: str = "markdown"
    group: Group = "tag"
    abstracts: bool = True
    title: str = "Reading list"


Render = Callable[[Sequence[Entry], ExportOptions, date], str]


def _markdown(entries: Sequence[Entry], options: ExportOptions, today: date) -> str:
    from store.exports.markdown import render

    return render(entries, options, today)


FORMATS: Final[Mapping[str, Render]] = {"markdown": _markdown}

_TITLES: Final = {
    "": "All papers",
    "is:inbox": "Inbox",
    "is:toread": "To read",
    "is:starred": "Reading list",
    "is:read": "Read",
    "is:skipped": "Skipped",
}


def title_of(query: str) -> str:
    """What a list is called: the reading list (what is starred), a view's name, else the query itself."""
    return _TITLES.get(query.strip(), query.strip())


def render(entries: Sequence[Entry], options: ExportOptions, *, today: date) -> str:
    """The papers, in their order, as a document that ends with a line end. `today` is the date that it bears."""
    return FORMATS[options.format](entries, options, today)
