"""How papers can be exported from the app: the kinds of documents, their files' names, and what a clipboard takes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from store.exports import FORMATS

IN_PLACE, OBSIDIAN, TEMPLATE = "in-place", "obsidian", "template"
"""The kinds that are no format of their own."""

SURE, MOST = 74_994, 750_000
"""Bytes that go to a clipboard through any terminal that has one (100,000 of OSC 52, as xterm and others have it), and
through one at all: tmux drops what is longer than a megabyte in base64."""


class Kind(NamedTuple):
    """A way to export."""

    what: str
    """What people call it."""
    suffix: str | None
    """Of its files' names; empty for a folder, None where the person's own template says it."""
    grouped: bool = False
    """Whether papers stand under headings in it."""
    format: str = "markdown"
    """The format that it is written in."""
    updates: bool = False
    """Whether what is there is brought up to date, and not replaced."""


KINDS: Final[Mapping[str, Kind]] = {
    **{name: Kind(form.what, form.suffix, form.grouped, name) for name, form in FORMATS.items()},
    IN_PLACE: Kind("In place", ".md", grouped=True, updates=True),
    OBSIDIAN: Kind("Obsidian", "", grouped=True, updates=True),
    TEMPLATE: Kind("Template", None, grouped=True),
}
"""By the name under which the app remembers the last one."""

_SUFFIXES: Final = {kind.suffix for kind in KINDS.values() if kind.suffix}


def suffix_of(kind: str, template: Path | None = None) -> str | None:
    """As `Kind.suffix`; of a template's files it is its own, as in `x.tex.jinja`: `.tex`."""
    if kind != TEMPLATE:
        return KINDS[kind].suffix
    stem = Path(template.stem) if template and template.suffix in {".jinja", ".jinja2", ".j2"} else template
    return (stem.suffix if stem else "") or None


def renamed(name: str, suffix: str | None, before: str | None) -> str:
    """A name for another suffix, unless the person gave it one of their own; `before` is the suffix that it had."""
    if suffix is None or not name:
        return name
    for known in {*_SUFFIXES, before or ""} - {""}:
        if name.endswith(known) and name != known:
            return name.removesuffix(known) + suffix
    return name + suffix if before == "" and not Path(name).suffix else name


def size_text(size: int) -> str:
    """Bytes as a person reads them: `812 B`, `34 kB`, `1.2 MB`."""
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:,.0f} kB" if size < 999_500 else f"{size / 1_000_000:,.1f} MB"
