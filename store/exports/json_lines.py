"""JSON Lines: one paper on each line, as in our JSON; `paperdeck import` reads it."""

from collections.abc import Sequence
from datetime import date

from store.entries import Entry
from store.exports import ExportOptions
from store.exports.json import written


def render(entries: Sequence[Entry], options: ExportOptions, today: date) -> str:  # noqa: ARG001 (as every format)
    """The papers as objects on lines of their own."""
    return "".join(f"{written(entry._asdict())}\n" for entry in entries)
