"""How the command line prints: data to standard output (aligned for a terminal, tab-separated for a pipe, or JSON),
messages to standard error. Text from outside can neither move the cursor nor end a column."""

import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from errno import EBADF
from typing import Literal, NamedTuple, TextIO

from store.harmless import OBEYED, harmless
from tui.wording import fit

Style = Literal["", "bold", "dim", "green", "yellow", "blue", "magenta", "cyan"]
_CODES = {"bold": 1, "dim": 2, "green": 32, "yellow": 33, "blue": 34, "magenta": 35, "cyan": 36}
"""The colours are the terminal's own."""


WIDEST = 10_000
"""Cells that a line is drawn for, at most."""
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)")


class Column(NamedTuple):
    """A column of a table in a terminal."""

    width: int
    """In cells; text that is wider is cut. 0: what the other columns leave (of one column only)."""
    right: bool = False
    """Whether it is aligned to the right."""


def shown(text: str) -> str:
    """Text on one line and without anything that a terminal would obey."""
    return harmless(text)


def shown_lines(text: str) -> str:
    """As `shown`, line by line, with tabs as spaces."""
    return "\n".join(shown(line.expandtabs(4)) for line in text.splitlines())


def printed(text: str) -> str:
    """A document for standard output: as a screen shows it on a terminal, and for a pipe, which may lead to one, with
    all its characters but the controls."""
    return shown_lines(text) if to_terminal() else _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)


def say(message: str) -> None:
    """A message to the person, on standard error; that nobody reads it there changes nothing of what is done."""
    with suppress(OSError):
        print(shown_lines(message), file=sys.stderr, flush=True)


def complain(message: str) -> None:
    """Say what went wrong, on standard error, under the command's name."""
    say(f"paperdeck: {message}")


class Unreported(Exception):
    """Something was done whose report could not be written to standard output."""


def write(text: str) -> None:
    """A line (or several) of data."""
    sys.stdout.write(f"{text}\n")


def write_report(text: str) -> None:
    """A line (or several) on what has been done, written at once. Raises Unreported where that cannot be.

    Whatever is printed after that, or after nobody read this any more, goes nowhere.
    """
    try:
        print(text, flush=True)
    except OSError as error:
        print_nowhere()
        if not isinstance(error, BrokenPipeError):
            raise Unreported(
                f"It was done, but the report on it could not be written to standard output: {reason(error)}."
            ) from error


def print_nowhere() -> None:
    """Let standard output, and what it still holds, go nowhere: it cannot be written to."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def reason(error: OSError) -> str:
    """Why standard output cannot be written to."""
    return "it is closed" if error.errno == EBADF else f"{error.strerror}"


def local_minute(timestamp: str) -> str:
    """A time of the library (ISO 8601, UTC) on the clock of this machine, to the minute."""
    from datetime import datetime

    from store import clock

    try:
        return f"{clock.local(datetime.fromisoformat(timestamp)):%Y-%m-%d %H:%M}"
    except ValueError:  # only another program can have written it
        return shown(timestamp)


def to_terminal(stream: TextIO | None = None) -> bool:
    """Whether what is printed on `stream` (by default standard output) is read by a person on a screen."""
    return (stream or sys.stdout).isatty()


def styled(text: str, style: Style) -> str:
    """The text in a style; unchanged where no escape sequences are wanted (a pipe, NO_COLOR, a dumb terminal)."""
    if not style or not to_terminal() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m"


def screen_width() -> int:
    """The terminal's width in cells."""
    import shutil

    return min(shutil.get_terminal_size().columns, WIDEST)  # COLUMNS may say anything


def write_json(value: object) -> None:
    """One JSON object, indented."""
    write(_json(value, indent=2))


def write_json_report(value: object) -> None:
    """One JSON object on what has been done, as `write_report` has it."""
    write_report(_json(value, indent=2))


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
    text = json.dumps(value, ensure_ascii=not utf_8, indent=indent)
    # What is left of them stands within strings, where it may be written like this as well; but for the line ends.
    return text if text.isprintable() else OBEYED.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return match[0] if match[0] == "\n" else f"\\u{ord(match[0]):04x}"


def write_table(rows: Iterable[tuple[Style, Sequence[str]]], columns: Sequence[Column]) -> None:
    """Rows of text for a terminal, each in its style, in aligned columns two cells apart."""
    taken = sum(column.width for column in columns) + 2 * (len(columns) - 1)
    rest = max(screen_width() - taken, 10)
    for style, row in rows:
        cells = (
            fit(shown(text), column.width or rest, right=column.right)
            for text, column in zip(row, columns, strict=True)
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
