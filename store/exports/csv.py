"""CSV for spreadsheets (RFC 4180): a header, a row for each paper, and no cell that a spreadsheet would calculate.

UTF-8 without a byte order mark: it would become part of the first column's name for all that read CSV but spreadsheets,
and of these only Excel needs it, and only for a file that is opened rather than brought in by Data > From Text/CSV.
"""

import re
from collections.abc import Sequence
from datetime import date
from io import StringIO
from typing import Final

from store.entries import Entry
from store.exports import ExportOptions
from store.harmless import harmless_lines

# What spreadsheets take for the beginning of a formula, the full-width and small forms included, after whatever they
# may pass over; https://owasp.org/www-community/attacks/CSV_Injection.
_FORMULA: Final = re.compile(
    "[\t\r\n]|[\\s\x00-\x1f\x7f-\xa0\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufffd]*"
    "[=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212]"
)

# csv.writer leaves a cell with a semicolon or a tab without quotes: what stands after it would be a cell, and perhaps a
# formula, for a spreadsheet that splits there as well.
_SPLIT: Final = re.compile(r"""[",;|\t\r\n]|\A\s|\s\Z""")


def render(entries: Sequence[Entry], options: ExportOptions, today: date) -> str:  # noqa: ARG001 (as every format)
    """The papers with all their fields, as columns named like those of our JSON.

    Authors are joined by semicolons, tags and days by commas; what is unknown is an empty cell.
    """
    lines = StringIO(newline="")
    for row in (Entry._fields, *map(_cells, entries)):
        lines.write(",".join(map(_quoted, row)) + "\r\n")
    return lines.getvalue()


def _quoted(text: str) -> str:
    return '"{}"'.format(text.replace('"', '""')) if _SPLIT.search(text) else text


def _cells(entry: Entry) -> list[str]:
    joined = {"authors": "; ".join(entry.authors), "days": ", ".join(entry.days), "tags": ", ".join(entry.tags)}
    return [cell(value) for value in (entry._asdict() | joined).values()]


def cell(value: object) -> str:
    """A value as a cell: text that would be a formula gets an apostrophe before it, by which spreadsheets know text."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case str():
            text = harmless_lines(value)
            return f"'{text}" if _FORMULA.match(text) else text
    return str(value)
