"""The states of a paper and the order of the list as SQL over `papers p LEFT JOIN states s ON s.paper = p.id`.

They stand apart from `select`, which answers whole queries, so that the app's first list needs no query language.
"""

from typing import Final

# What is usually rare is looked up by its partial index; the rest is tested on the joined row, in the list's order,
# which saves the sorting.
STATES: Final = {
    "inbox": "s.read_at IS NULL AND s.starred_at IS NULL AND s.skipped_at IS NULL",
    "unread": "s.read_at IS NULL",
    "read": "s.read_at IS NOT NULL",
    "starred": "p.id IN (SELECT paper FROM states WHERE starred_at IS NOT NULL)",
    "toread": "p.id IN (SELECT paper FROM states WHERE starred_at IS NOT NULL AND read_at IS NULL)",
    "skipped": "s.skipped_at IS NOT NULL",
    "tagged": "p.id IN (SELECT paper FROM tags)",
}

BY_DAY: Final = "p.day DESC, p.digest, p.position, p.id"
"""Newest day first, in the page's order within a day: all of it is read off the index papers_day."""


def condition_of(query: str) -> str | None:
    """The condition of a standing view's query, `is:inbox` for one, or of none at all; None for any other query."""
    if not query:
        return "TRUE"
    return STATES.get(query.removeprefix("is:")) if query.startswith("is:") else None
