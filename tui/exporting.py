"""How papers can be exported from the app: the kinds of documents, their files' names, and what a clipboard takes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from store.exports import FORMATS

IN_PLACE, TEMPLATE = "in-place", "template"
"""The kinds that are no format of their own."""

SURE, MOST = 74_994, 750_000
"""Bytes that go to a clipboard through any terminal that has one (100,000 of OSC 52, as xterm and others have it), and
through one at all: tmux drops what is longer than a megabyte in base64."""


class Kind(NamedTuple):
    """A way to export."""

    what: str
    """What people call it."""
    suffix: str
    """Of its files' names; empty where the person's own template says it."""
    grouped: bool = False
    """Whether papers stand under headings in it."""
    format: str = "markdown"
    """The format that it is written in."""


KINDS: Final[Mapping[str, Kind]] = {
    **{name: Kind(form.what, form.suffix, form.grouped, name) for name, form in FORMATS.items()},
    IN_PLACE: Kind("In place", ".md", grouped=True),
    TEMPLATE: Kind("Template", "", grouped=True),
}
"""By the name under which the app remembers the last one."""

_SUFFIXES: Final = {kind.suffix for kind in KINDS.values() if kind.suffix}


def suffix_of(kind: str, template: Path | None = None) -> str:
    """How the names of a kind's files end; of a template's as its own, as in `x.tex.jinja`: `.tex`."""
    if kind != TEMPLATE:
        return KINDS[kind].suffix
    stem = Path(template.stem) if template and template.suffix in {".jinja", ".jinja2", ".j2"} else template
    return stem.suffix if stem else ""


def renamed(name: str, suffix: str, before: str) -> str:
    """A file's name for another suffix, where it has that of a document, or the one that was offered `before`."""
    for known in {*_SUFFIXES, before} - {""}:
        if suffix and name.endswith(known) and name != known:
            return name.removesuffix(known) + suffix
    return name


def size_text(size: int) -> str:
    """Bytes as a person reads them: `812 B`, `34 kB`, `1.2 MB`."""
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:,.0f} kB" if size < 999_500 else f"{size / 1_000_000:,.1f} MB"
