"""Values of JSON that are not of the shape in which they are read: another program left them so."""

import json
import sqlite3
from collections.abc import Callable, Iterator

from store.database.unify import is_merge

_MOST = 5
"""Of the rows that are named."""


def garbled(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Each column, as `table.column`, that holds such values, and the ids of its rows that do, in words."""
    for name, is_sound in _SHAPES.items():
        table, column = name.split(".")
        rows = connection.execute(f"SELECT rowid, {column} FROM {table} WHERE {column} IS NOT NULL")
        if ids := [f"{row}" for row, value in rows if not _has(value, is_sound)]:
            yield name, ", ".join(ids[:_MOST]) + (f" and {len(ids) - _MOST:,} more" if len(ids) > _MOST else "")


def _has(value: object, is_sound: Callable[[object], bool]) -> bool:
    try:
        return isinstance(value, str) and is_sound(json.loads(value))
    except (ValueError, RecursionError):
        return False


def _is_texts(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(each, str) for each in found)


def _is_texts_by_name(found: object) -> bool:
    return isinstance(found, dict) and _is_texts(list(found.values()))


def _is_lines(found: object) -> bool:
    """Whether these are the numbers of lines, each with its text."""
    return isinstance(found, list) and all(
        isinstance(pair, list) and [type(each) for each in pair] == [int, str] for pair in found
    )


_SHAPES: dict[str, Callable[[object], bool]] = {
    "papers.authors": _is_texts,
    "papers.origins": _is_texts_by_name,
    "digests.unparsed": _is_lines,
    "merges.was": is_merge,
}
