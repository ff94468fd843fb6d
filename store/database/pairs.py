"""The SQL of near duplicates: what is compared, and which pairs a person has told apart."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from typing import NamedTuple

from store.database.reading import names, texts
from store.likeness import Known


class Heading(NamedTuple):
    """A paper by its title."""

    id: int
    title: str
    title_key: str
    has_id: bool
    """Whether its arXiv id is known."""


def headings(connection: sqlite3.Connection) -> list[Heading]:
    """All papers by their titles."""
    rows = connection.execute(f"SELECT id, {texts('title, title_key')}, arxiv_id IS NOT NULL FROM papers p ORDER BY id")
    return [Heading._make(row) for row in rows]


def abstracts(connection: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    """The papers that have an abstract, with it."""
    yield from connection.execute(
        f"SELECT id, {texts('abstract')} FROM papers p WHERE abstract IS NOT NULL ORDER BY id"
    )


def known(connection: sqlite3.Connection, papers: Collection[int]) -> dict[int, Known]:
    """What of these papers is compared."""
    rows = connection.execute(
        f"SELECT p.id, {texts('title, title_key, abstract, published, authors, arxiv_id')}"
        " FROM json_each(?) j CROSS JOIN papers p ON p.id = j.value",
        (json.dumps(list(papers)),),
    )
    return {
        paper: Known(title, key, abstract, published, names(authors), arxiv_id)
        for paper, title, key, abstract, published, authors, arxiv_id in rows
    }


def apart(connection: sqlite3.Connection) -> set[tuple[int, int]]:
    """The pairs of which the person said that they are two papers, the smaller id first."""
    return set(connection.execute("SELECT paper, other FROM apart WHERE paper < other").fetchall())
