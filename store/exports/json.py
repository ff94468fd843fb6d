"""JSON: an array of the papers as `paperdeck list --json` prints them, one on a line; `paperdeck import` reads it."""

import json
import re
from collections.abc import Sequence
from datetime import date

from store.entries import Entry
from store.exports import ExportOptions
from store.harmless import OBEYED


def render(entries: Sequence[Entry], options: ExportOptions, today: date) -> str:  # noqa: ARG001 (as every format)
    """The papers as an array of objects."""
    papers = ",\n ".join(map(written, entries))
    return f"[\n {papers}\n]\n" if entries else "[]\n"


def written(entry: Entry) -> str:
    """The paper as an object on one line, without anything that a terminal would obey."""
    text = json.dumps(entry._asdict(), ensure_ascii=False)
    return text if text.isprintable() else OBEYED.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
