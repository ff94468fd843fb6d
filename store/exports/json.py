"""JSON: an array of the papers as `paperdeck list --json` prints them, one on a line; `paperdeck import` reads it."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date

from store.entries import Entry
from store.exports import ExportOptions
from store.harmless import OBEYED


def render(entries: Sequence[Entry], options: ExportOptions, today: date) -> str:  # noqa: ARG001 (as every format)
    """The papers as an array of objects."""
    return array(entry._asdict() for entry in entries)


def array(values: Iterable[object]) -> str:
    """JSON values as an array, each on a line of its own."""
    lines = ",\n ".join(map(written, values))
    return f"[\n {lines}\n]\n" if lines else "[]\n"


def written(value: object) -> str:
    """A JSON value on one line, without anything that a terminal would obey."""
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else OBEYED.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
