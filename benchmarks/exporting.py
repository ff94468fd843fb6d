"""Exporting: all papers of a library in each format, and with the Markdown template as a person's own.

    python -m benchmarks.exporting 10000

Papers are read beforehand; every third has tags and a note.
"""

import sys
from datetime import date
from time import perf_counter
from typing import NamedTuple

from benchmarks.libraries import library
from store import Library
from store.exports import FORMATS, ExportOptions, OwnTemplate, render
from store.exports.templating import source

OWN = "template"


class Export(NamedTuple):
    """Seconds that an export takes, and the size of its document in millions of characters."""

    papers: int
    format: str
    seconds: float
    size: float


def exports(papers: int) -> list[Export]:
    """Export a library of that many papers in every format, the best of three runs of each."""
    with Library(library(papers)) as shelf:
        entries = shelf.list()
    for at in range(0, papers, 3):
        entries[at] = entries[at]._replace(tags=("rl", "to read"), note="**Why:** a note\n\n- of two\n- lines")
    template = OwnTemplate("mine.md.jinja", source("markdown"))
    choices = {name: ExportOptions(name) for name in FORMATS} | {OWN: ExportOptions(template=template)}
    measured = []
    for name, options in choices.items():
        runs = []
        for _ in range(3):
            start = perf_counter()
            document = render(entries, options, today=date(2025, 11, 28))
            runs.append(perf_counter() - start)
        measured.append(Export(papers, name, min(runs), len(document) / 1e6))
    return measured


if __name__ == "__main__":
    for row in exports(int(sys.argv[1])):
        print(f"{row.papers:,} papers as {row.format:10} {row.seconds:.2f} s, {row.size:.1f} M characters")
