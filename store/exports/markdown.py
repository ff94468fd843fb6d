"""Markdown (CommonMark) that reads well on GitHub and in Obsidian: a title, contents by group, and each paper once.

What it looks like is said in `templates/markdown.md.jinja`.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Protocol, cast

from store.entries import Entry
from store.exports import ExportOptions, templating


def render(entries: Sequence[Entry], options: ExportOptions, today: date) -> str:
    """The papers as a Markdown document."""
    return templating.render(templating.built_in("markdown"), entries, options, today)


def paper(entry: Entry, level: str) -> str:
    """One paper of it, under a heading that begins with `level` (`##`), without a line end after it."""
    return _paper()(entry, level).rstrip("\n")


class _Macro(Protocol):
    def __call__(self, entry: Entry, level: str) -> str: ...


@cache
def _paper() -> _Macro:
    module = templating.built_in("markdown").make_module(templating.context((), ExportOptions(), date.min))
    return cast("_Macro", module.paper)  # type: ignore[attr-defined]
