"""What `paperdeck doctor` says of a person's settings and terminal."""

import locale
import os
import shutil
import sys
from collections.abc import Iterator

from store.doctor import Finding, Health
from tui.config import config_path, load
from tui.settings import problems

_NARROWEST, _LOWEST = 40, 12
"""Cells, lines: with less, the app works and shows little."""


def examine_settings() -> Iterator[Finding]:
    """Each mistake in `config.toml`."""
    path = config_path()
    found = problems(load(path))
    for problem in found:
        yield Finding("settings", Health.WRONG, f"{path}: {problem}. The default stands in for it.")
    if not found:
        yield Finding("settings", Health.GOOD, f"{path}" if path.exists() else f"The defaults; {path} may change them")


def examine_terminal() -> Iterator[Finding]:
    """What the terminal can show, as far as it says so itself."""
    if not sys.stdout.isatty():
        yield Finding("terminal", Health.NOTE, "Standard output is no terminal: not looked at")
        return
    name = os.environ.get("TERM", "")
    if name in {"", "dumb", "unknown"}:
        yield Finding("terminal", Health.WRONG, f"TERM is “{name}”: the app cannot draw here. Try TERM=xterm-256color.")
        return
    encoding = locale.getencoding()
    if encoding.lower().replace("-", "") != "utf8":
        yield Finding("terminal", Health.WRONG, f"Its encoding is {encoding}: set LANG to a UTF-8 locale, as C.UTF-8.")
    columns, lines = shutil.get_terminal_size()
    if columns < _NARROWEST or lines < _LOWEST:
        yield Finding("terminal", Health.NOTE, f"{columns} by {lines} cells leave little room; 80 by 24 is comfortable")
    colours = (
        "no colours (NO_COLOR)"
        if os.environ.get("NO_COLOR")
        else "16 million colours"
        if os.environ.get("COLORTERM", "") in {"truecolor", "24bit"}
        else "256 colours"
        if "256" in name
        else "16 colours or fewer"
    )
    yield Finding("terminal", Health.GOOD, f"{name}, {columns} by {lines}, {colours}")
