"""CSL-JSON, which reference managers and `pandoc --citeproc` read: of each paper what is known of it.

https://docs.citationstyles.org/en/stable/specification.html, schema csl-data.json.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from store.entries import Entry
from store.exports import ExportOptions
from store.exports.citing import citation_key, issued, parted
from store.exports.escaping import folded
from store.exports.json import array
from store.harmless import harmless_lines


def render(entries: Sequence[Entry], options: ExportOptions, today: date) -> str:  # noqa: ARG001 (as every format)
    """The papers as an array of items, under the same keys as in BibTeX."""
    return array(dict(_fields(entry)) for entry in entries)


def _fields(entry: Entry) -> Iterator[tuple[str, object]]:
    yield "id", citation_key(entry)
    yield "type", "article"  # a preprint
    yield "title", folded(entry.title)
    if entry.authors:
        yield "author", [_name(folded(author)) for author in entry.authors]
    elif entry.organization:
        yield "author", [{"literal": folded(entry.organization)}]
    if date_parts := issued(entry):
        yield "issued", {"date-parts": [date_parts]}
    if entry.arxiv_id:
        yield "number", f"arXiv:{folded(entry.arxiv_id)}"
        yield "publisher", "arXiv"
    if entry.url:
        yield "URL", entry.url
    if entry.tags:
        yield "keyword", ", ".join(map(folded, entry.tags))
    if entry.note:
        # Not `note`, which bibliographies print.
        yield "annote", harmless_lines(entry.note)
    if entry.abstract:
        yield "abstract", folded(entry.abstract)


def _name(author: str) -> dict[str, str]:
    name = parted(author)
    if name is None:
        return {"literal": author}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: text for part, text in parts.items() if text}
