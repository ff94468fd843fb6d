"""How the command line prints: data to standard output (aligned for a terminal, tab-separated for a pipe, or JSON),
messages to standard error. Text from outside can neither move the cursor nor end a column."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Literal, NamedTuple, TextIO

Style = Literal["", "bold", "dim"]
_CODES = {"bold": "\x1b[1m", "dim": "\x1b[2m"}
_JOINERS = "\u200c\u200d"
"""Unprintable to Python, but a part of emoji and of some scripts' spelling."""


class Column(NamedTuple):
    """A column of a table in a terminal."""

    width: int
    """In cells; text that is wider is cut. 0: what the other columns leave (of one column only)."""
    right: bool = False
    """Whether it is aligned to the right."""


def shown(text: str) -> str:
    """Text on one line and without anything that a terminal would obey."""
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() or sign in _JOINERS else " " if sign.isspace() else "\N{REPLACEMENT CHARACTER}"
        for sign in text
    )


def shown_lines(text: str) -> str:
    """As `shown`, line by line, with tabs as spaces."""
    return "\n".join(shown(line.expandtabs(4)) for line in text.splitlines())


def say(message: str) -> None:
    """A message to the person, on standard error; that nobody reads it there changes nothing of what is done."""
    with suppress(OSError):
        print(shown_lines(message), file=sys.stderr, flush=True)


def complain(message: str) -> None:
    """Say what went wrong, on standard error, under the command's name."""
    say(f"paperdeck: {message}")


def write(text: str) -> None:
    """A line (or several) of data."""
    sys.stdout.write(f"{text}\n")


def local_minute(timestamp: str) -> str:
    """A time of the library (ISO 8601, UTC) on the clock of this machine, to the minute."""
    from datetime import datetime

    return f"{datetime.fromisoformat(timestamp).astimezone():%Y-%m-%d %H:%M}"


def to_terminal(stream: TextIO | None = None) -> bool:
    """Whether what is printed on `stream` (by default standard output) is read by a person on a screen."""
    return (stream or sys.stdout).isatty()


def styled(text: str, style: Style) -> str:
    """The text in a style; unchanged where no escape sequences are wanted (a pipe, NO_COLOR, a dumb terminal)."""
    if not style or not to_terminal() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"{_CODES[style]}{text}\x1b[0m"


def screen_width() -> int:
    """The terminal's width in cells."""
    import shutil

    return shutil.get_terminal_size().columns


def write_json(value: object) -> None:
    """One JSON object, indented."""
    write(_json(value, indent=2))


def write_json_array(values: Iterable[Mapping[str, object]]) -> None:
    """A JSON array, one object a line, written as the objects come."""
    separator = "["
    for value in values:
        sys.stdout.write(f"{separator}\n {_json(value)}")
        separator = ","
    write("[]" if separator == "[" else "\n]")


def _json(value: object, indent: int | None = None) -> str:
    import json

    utf_8 = (sys.stdout.encoding or "").lower().replace("_", "-") == "utf-8"
    return json.dumps(value, ensure_ascii=not utf_8, indent=indent)


def write_table(rows: Iterable[tuple[Style, Sequence[str]]], columns: Sequence[Column]) -> None:
    """Rows of text for a terminal, each in its style, in aligned columns two cells apart."""
    taken = sum(column.width for column in columns) + 2 * (len(columns) - 1)
    rest = max(screen_width() - taken, 10)
    for style, row in rows:
        cells = (
            fit(shown(text), column.width or rest, column.right) for text, column in zip(row, columns, strict=True)
        )
        write(styled("  ".join(cells).rstrip(), style))


def write_fields(rows: Iterable[Sequence[str]]) -> None:
    """Rows of text for a pipe: the fields whole and separated by tabs."""
    for row in rows:
        write("\t".join(map(shown, row)))


def write_rows(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
    """Rows that are few enough to measure: a table whose last column takes what is left, or fields for a pipe.

    `right`: the columns that are aligned to the right.
    """
    if not to_terminal():
        write_fields(rows)
        return
    from rich.cells import cell_len

    widths = [max(cell_len(shown(text)) for text in texts) for texts in zip(*rows, strict=True)]
    columns = [Column(width, index in right) for index, width in enumerate(widths[:-1])]
    write_table((("", row) for row in rows), [*columns, Column(0)])


def fit(text: str, width: int, right: bool = False) -> str:
    """The text in exactly `width` cells: cut with an ellipsis, or filled with spaces."""
    from rich.cells import cell_len, set_cell_size

    length = cell_len(text)
    if length > width:
        return f"{set_cell_size(text, width - 1).rstrip()}…".ljust(width) if width > 1 else "…"[:width]
    blank = " " * (width - length)
    return blank + text if right else text + blank
