"""Papers as documents: one module per format, text out. No database and no files."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib import import_module
from typing import Final, Literal, NamedTuple

from store.entries import Entry

Group = Literal["tag", "day", "none"]
GROUPS: Final[tuple[Group, ...]] = ("tag", "day", "none")


class OwnTemplate(NamedTuple):
    """A person's Jinja2 template, and what they know it by: its file's name, which also says whether it is HTML."""

    name: str
    text: str


class ExportOptions(NamedTuple):
    """What a document is to be like."""

    format: str = "markdown"
    group: Group = "tag"
    """Without a meaning where the format has no groups."""
    abstracts: bool = True
    title: str = "Reading list"
    notes: bool = True
    template: OwnTemplate | None = None
    """What makes the document instead of the format."""


Render = Callable[[Sequence[Entry], ExportOptions, date], str]


class Format(NamedTuple):
    """A kind of document."""

    suffix: str
    """Of its files' names: `.md`."""
    what: str
    """What people call it."""
    render: Render
    grouped: bool = False
    """Whether papers stand under headings in it."""


def _made_by(module: str) -> Render:
    """`render` of one of our modules, which is imported when it is first used."""

    def render(entries: Sequence[Entry], options: ExportOptions, today: date) -> str:
        made: Render = import_module(f"store.exports.{module}").render
        return made(entries, options, today)

    return render


FORMATS: Final[Mapping[str, Format]] = {
    "markdown": Format(".md", "Markdown", _made_by("markdown"), grouped=True),
    "bibtex": Format(".bib", "BibTeX", _made_by("bibtex")),
    "csl-json": Format(".json", "CSL-JSON", _made_by("csl_json")),
    "csv": Format(".csv", "CSV", _made_by("csv")),
    "json": Format(".json", "JSON", _made_by("json")),
    "jsonl": Format(".jsonl", "JSON Lines", _made_by("json_lines")),
    "html": Format(".html", "HTML", _made_by("html"), grouped=True),
}

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
    """The papers, in their order, as a document; `today` is the date that it bears.

    Raises ExportError if the person's own template is wrong.
    """
    if options.template is not None:
        from store.exports import custom

        return custom.render(options.template, wanted(entries, options), options, today)
    return FORMATS[options.format].render(wanted(entries, options), options, today)


def wanted(entries: Sequence[Entry], options: ExportOptions) -> Sequence[Entry]:
    """The papers with what is to be told of them: what is to be left out is unknown to every format."""
    if not options.abstracts:
        entries = [entry._replace(abstract=None) for entry in entries]
    if not options.notes:
        entries = [entry._replace(note=None) for entry in entries]
    return entries
