"""HTML: one page that reads and prints well by itself, without scripts and without anything from elsewhere.

What it looks like is said in `templates/page.html.jinja`.
"""

from collections.abc import Sequence
from datetime import date

from store.entries import Entry
from store.exports import ExportOptions, templating


def render(entries: Sequence[Entry], options: ExportOptions, today: date) -> str:
    """The papers as a page."""
    return templating.render(templating.built_in("html"), entries, options, today)
