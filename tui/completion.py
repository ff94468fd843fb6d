"""What can be typed next on the command line: commands and options (click knows them), tags, queries, saved searches.

Nothing here is said to the person, and no library is made: where something fails, there is nothing to offer.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem, ShellComplete

from store.errors import StoreError
from store.harmless import harmless
from tui.wording import counted, cut

if TYPE_CHECKING:
    from store.library import Library

DAYS = 60
"""Days that are offered, the newest."""

_LAST_TERM = re.compile(r'(?:[^\s"]|"(?:[^"]|"")*(?:"|$))*$')
_BARE = re.compile(r'[^\s()"“”„‟]+')
_FIELDS = ("tag", "is", "has", "by", "org", "date", "day", "added", "sort")

Items = list["CompletionItem[str]"]


def candidates(command: click.Command, words: Sequence[str]) -> Items:
    """What can stand in place of the last of `words`, which follow the command's name; those of a kind `file` or `dir`
    are any file or folder. None holds what a shell or a terminal would obey on a line of its own."""
    *before, last = words or [""]
    option = re.match("--[^=]*=", last)
    try:
        items = ShellComplete(command, {}, "paperdeck", "").get_completions(before, last)
    except (click.ClickException, StoreError):
        return []
    return [
        CompletionItem(
            f"{option[0] if option and item.type == 'plain' else ''}{item.value}", item.type, cut(item.help or "", 60)
        )
        for item in items
        if item.type != "plain" or (item.value and harmless(item.value) == item.value)
    ]


# What parameters are completed with: click's `shell_complete`


def files(_context: click.Context, _parameter: click.Parameter, typed: str) -> Items:
    """Any file."""
    return [CompletionItem(typed, type="file")]


def tag_names(context: click.Context, _parameter: click.Parameter, typed: str) -> Items:
    """The tags that begin so."""
    with _library(context) as library:
        tags = library.tags() if library else ()
        beginning = typed.lower()
        return [_item(tag, counted(papers, "paper")) for tag, papers in tags if tag.startswith(beginning)]


def digest_ids(context: click.Context, _parameter: click.Parameter, typed: str) -> Items:
    """The imported documents, the last first."""
    with _library(context) as library:
        records = library.digests() if library else ()
        return [_item(f"{record.id}", record.name) for record in records if f"{record.id}".startswith(typed)]


def sort_keys(_context: click.Context, _parameter: click.Parameter, typed: str) -> Items:
    """The orders of a list, and those turned round."""
    from store.query import SORT_KEYS

    return [_item(key) for key in (*SORT_KEYS, *(f"-{key}" for key in SORT_KEYS)) if key.startswith(typed)]


def queries(context: click.Context, _parameter: click.Parameter | None, typed: str) -> Items:
    """How the last term of a query can go on, and the saved searches that begin with what there is of it."""
    found = _LAST_TERM.search(typed)
    term = found[0] if found else ""
    sign = term[: len(term) - len(term.lstrip("-("))]
    name, colon, value = term.removeprefix(sign).partition(":")
    before = typed.removesuffix(term) + sign
    with _library(context) as library:
        if colon:
            return [_item(f"{before}{name}:{text}", what) for text, what in _values(library, name.lower(), value)]
        fields = [_item(f"{before}{field}:") for field in _FIELDS if field.startswith(name)]
        saved = library.searches() if library and not sign else ()
        is_search = context.command.name == "search"
        return fields + [
            _item(search.query, search.name)
            for search in saved
            if search.query.startswith(typed) and (is_search or not search.fuzzy)
        ]


def is_open(item: "CompletionItem[str]") -> bool:
    """Whether more has to follow at once: a field wants its value."""
    return item.value.endswith(":")


def _values(library: "Library | None", field: str, typed: str) -> Iterator[tuple[str, str]]:
    """The values of a field that begin so, as a query spells them, each with what to say of it."""
    from store.query import PARTS, SORT_KEYS, STATES

    beginning = typed.removeprefix('"').removesuffix('"').replace('""', '"').lower()
    for value in {"is": STATES, "has": PARTS, "sort": (*SORT_KEYS, *(f"-{key}" for key in SORT_KEYS))}.get(field, ()):
        if value.startswith(beginning):
            yield value, ""
    if library and field == "day":
        for day in [day for day in library.days() if day.day.startswith(beginning)][:DAYS]:
            yield day.day, f"{counted(day.papers, 'paper')}, {day.undecided:,} undecided"
    if library and field == "tag":
        for tag, papers in library.tags():
            if tag.startswith(beginning) and (spelt := _spelt(tag)):
                yield spelt, counted(papers, "paper")


def _spelt(tag: str) -> str:
    """A tag as a query asks for it; empty where it cannot: curly quotes count as straight ones there."""
    if _BARE.fullmatch(tag):
        return tag
    return "" if re.search("[“”„‟]", tag) else '"{}"'.format(tag.replace('"', '""'))


def _item(value: str, what: str = "") -> "CompletionItem[str]":
    return CompletionItem(value, help=what)


@contextmanager
def _library(context: click.Context) -> Iterator["Library | None"]:
    """The library that the command would open, if there is one."""
    from store.library import Library
    from tui.start import place

    path = place(context.find_root().params.get("db"))
    if not path.is_file():
        yield None
        return
    with Library(path, create=False) as library:
        yield library
