"""The name by which a document outside the library refers to a paper: the same in every library that knows the paper.

It follows from what identifies a paper (its arXiv id, else its title), not from its number here: a person may export
two libraries into one file, or make theirs anew.
"""

import re
from collections.abc import Collection, Iterable
from hashlib import sha256
from typing import Final

from store.entries import Entry
from store.links import arxiv_id
from store.text import title_key

NAME: Final = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7}|title:[0-9a-f]{16}")


def name_for(known: str) -> str:
    """The name for an arXiv id without version, or for a title's key."""
    if arxiv_id(known) == known:
        return known
    return f"title:{sha256(known.encode('utf-8', 'replace')).hexdigest()[:16]}"


def names(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The papers by name, in their order; no paper is left out."""
    named: dict[str, Entry] = {}
    for entry in entries:
        known = entry.arxiv_id and arxiv_id(entry.arxiv_id)
        key = known or title_key(entry.title)
        name, again = name_for(key), 1
        while name in named:  # only another program can have written two papers that are one
            again += 1
            name = name_for(f"{key}\n{again}")
        named[name] = entry
    return named


def bearers(wanted: Collection[str], identities: Iterable[tuple[int, str, bool]]) -> dict[str, int]:
    """The papers of these names, without names of no paper and names of several.

    `identities` are papers by what identifies them, and whether it does so now or did once: who has a name now comes
    before those who had it.
    """
    found: dict[tuple[str, bool], set[int]] = {}
    for paper, known, now in identities:
        name = name_for(known)
        if name in wanted:
            found.setdefault((name, bool(now)), set()).add(paper)
    papers = {name: found.get((name, True)) or found.get((name, False), set()) for name in wanted}
    return {name: next(iter(ids)) for name, ids in papers.items() if len(ids) == 1}
