"""How what several documents say of one paper becomes one row: which value stands, and where it came from.

Pure values, no database. `store.database.intake` reads and writes the rows.
"""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from store.models import Listing

CONTESTED = (
    "title",
    "abstract",
    "published",
    "n_authors",
    "authors",
    "organization",
    "code_url",
    "project_url",
)
"""Columns of which one source's value stands: the better origin's. A gap is filled from any origin."""

LARGEST = ("comments", "upvotes")
"""Columns of which the largest value ever seen stands."""

SEEN = (*CONTESTED, *LARGEST, "arxiv_id")
"""Columns whose change a person is told of."""

Value = str | int | None
Values = dict[str, Value]


def origin_of(arxiv_id: Value, day: str | date | None) -> str:
    """Where a value came from, as text that sorts: `1 2025-11-28` stands above `0 2025-12-15` above `0 `.

    A source that knows the paper's arXiv id comes before one that does not, then the newer day.
    """
    return f"{int(arxiv_id is not None)} {day or ''}"


def values_of(listing: "Listing") -> Values:
    """The listing's columns of `papers`, as SQLite keeps them: dates as ISO text, authors as a JSON list."""
    return {
        "title": listing.title,
        "abstract": listing.abstract,
        "published": listing.published.isoformat() if listing.published else None,
        "n_authors": listing.n_authors if listing.n_authors is not None else (len(listing.authors) or None),
        "authors": json.dumps(listing.authors, ensure_ascii=False) if listing.authors else None,
        "organization": listing.organization,
        "arxiv_id": listing.arxiv_id,
        "upvotes": listing.upvotes,
        "comments": listing.comments,
        "code_url": listing.code_url,
        "project_url": listing.project_url,
    }


def merged(row: Mapping[str, Any], values: Values, origin: str, *, replaced: str | None = None) -> Values:
    """What of `row` (a row of `papers`) changes when a source of that `origin` shows `values`.

    A value is never overwritten with nothing; between two values the better origin's stands, and the one already
    there on a tie. `replaced` is an origin that no longer counts: the same document's, before it was given another
    day. Returns the changed columns only, `origin` and `origins` included where they change.
    """
    origins = _origins(row)
    changes: Values = {}
    for field in CONTESTED:
        value = values.get(field)
        if value is None:
            continue
        held = origins.get(field)
        if held is None or held < origin or held == replaced:
            origins[field] = origin
            if row[field] != value:
                changes[field] = value
    for field in LARGEST:
        value, held_count = values.get(field), row[field]
        if value is not None and (held_count is None or value > held_count):
            changes[field] = value
    if row["arxiv_id"] is None and values.get("arxiv_id") is not None:
        changes["arxiv_id"] = values["arxiv_id"]
    return changes | _moved_origins(row, origins)


def parted(row: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> Values:
    """What of `row` changes when it goes back to `before`, having been `after`: every field that has not changed since.

    Returns the changed columns only, as `merged` does.
    """
    origins, old, new = (_origins(each) for each in (row, before, after))
    changes: Values = {}
    for field in (*CONTESTED, *LARGEST, "arxiv_id"):
        if row[field] != after[field]:
            continue
        if before[field] != after[field]:
            changes[field] = before[field]
        elif origins.get(field) != new.get(field):
            continue  # shown again since, by a better source
        if field in old:
            origins[field] = old[field]
        else:
            origins.pop(field, None)
    if "title" in changes:
        changes["title_key"] = before["title_key"]
    return changes | _moved_origins(row, origins)


def gained(changes: Values) -> bool:
    """Whether `changes` hold anything that a person would see, and not only where values came from."""
    return any(field not in ("origin", "origins") for field in changes)


class Gains:
    """What papers that were known already gained by a document: how many of them what, and how far counts rose."""

    def __init__(self) -> None:
        self.papers: Counter[str] = Counter()
        """Papers by what they gained or had changed: a column, or `day`."""
        self.rises: Counter[str] = Counter()
        """By how much `comments` and `upvotes` rose, over all papers."""

    def count(self, before: Mapping[str, Any], changes: Values, *, new_day: bool) -> None:
        """Count what `changes` give to the row that was `before`."""
        seen = [field for field in changes if field in SEEN]
        self.papers.update([*seen, "day"] if new_day else seen)
        for field in LARGEST:
            after = changes.get(field)
            if isinstance(after, int):
                self.rises[field] += after - (before[field] or 0)


def _origins(row: Mapping[str, Any]) -> dict[str, str]:
    """Where each contested value of a row came from."""
    exceptions = origins_of(row)
    return {field: exceptions.get(field, row["origin"]) for field in CONTESTED if row[field] is not None}


def origins_of(row: Mapping[str, Any]) -> dict[str, str]:
    """The origins of those fields that come from elsewhere than the rest; none where another program garbled them."""
    try:
        found = json.loads(row["origins"] or "{}")
    except (TypeError, ValueError):
        return {}
    return {field: f"{origin}" for field, origin in found.items()} if isinstance(found, dict) else {}


def _moved_origins(row: Mapping[str, Any], origins: Mapping[str, str]) -> Values:
    """The columns `origin` and `origins` where these origins make them other than they are."""
    default, exceptions = _compact(origins, row["origin"])
    new = {"origin": default, "origins": exceptions}
    return {column: value for column, value in new.items() if value != row[column]}


def _compact(origins: Mapping[str, str], fallback: str) -> tuple[str, str | None]:
    """The title's origin, and as JSON those of the fields that come from elsewhere (None: no field does)."""
    default = origins.get("title", fallback)
    exceptions = {field: origin for field, origin in origins.items() if origin != default}
    return default, json.dumps(exceptions) if exceptions else None
