"""The papers of a place as a deck: its first page, or all of it. For threads, but for the first page at the start."""

from collections.abc import Sequence

from store.library import Library
from tui.deck import PAGE, Deck, Place, Run, runs_of
from tui.widgets.views import STANDING

FOUND = 200
"""How many papers a search that forgives typos lists."""


def is_by_day(place: Place, sort: str) -> bool:
    """Whether the papers of an exact place come in the order of their days, newest first."""
    if sort and sort != "day":
        return False
    if place in STANDING.values():
        return True  # without the query language, which the first paint need not wait for
    from store.query import parse

    return not place.fuzzy and parse(place.query).sort is None


def read_first(library: Library, place: Place, sort: str) -> Deck:
    """The first page of a place, with its rows: often all of it. Raises StoreError."""
    if place.fuzzy:
        return read_whole(library, place, sort)
    ids = library.ids(place.query, sort=sort or None, limit=PAGE)
    rows = library.rows(ids)
    runs = runs_of(row.day for row in rows) if is_by_day(place, sort) else ()
    deck = Deck(place, ids, library.rows, runs, whole=len(ids) < PAGE)
    deck.keep(rows)
    return deck


def read_whole(library: Library, place: Place, sort: str) -> Deck:
    """All that a place holds, without rows (but for a search, which is short). Raises StoreError."""
    if place.fuzzy:
        text = f"{place.query} sort:{sort}" if sort else place.query
        found = library.find(text, FOUND, place.within)
        deck = Deck(place, found.ids, library.rows, words=found.words)
        deck.keep(library.rows(found.ids[:PAGE]))
        return deck
    by_day = is_by_day(place, sort)
    for _ in range(3):
        ids = library.ids(place.query, sort=sort or None)
        runs = _runs(library.day_runs(place.query)) if by_day else []
        if not by_day or (runs[-1].start < len(ids) if runs else not ids):
            break
    return Deck(place, ids, library.rows, runs)


def _runs(days: Sequence[tuple[str | None, int]]) -> list[Run]:
    runs: list[Run] = []
    start = 0
    for day, papers in days:
        runs.append(Run(start, day))
        start += papers
    return runs
