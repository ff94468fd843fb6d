"""Markdown (CommonMark) that reads well on GitHub and in Obsidian: a title, contents by group, and each paper once."""

from collections.abc import Iterator, Sequence
from datetime import date

from store.entries import Entry
from store.exports import ExportOptions
from store.exports.escaping import Anchors, code, escaped, folded, headings, link, paragraph, quoted
from store.links import arxiv_pdf, hugging_face_page, title_search

UNTAGGED = "Untagged"
DAYLESS = "No day"
MOST_AUTHORS = 10
"""How many authors are named; of more, the first ones and how many there are."""


def render(entries: Sequence[Entry], options: ExportOptions, today: date) -> str:
    """The papers as a Markdown document.

    A paper stands under its first tag, or its newest day; groups of tags are in alphabetical order, days from the
    newest, what has none at the end, papers within a group in the order given.
    """
    count = f"{len(entries):,} paper{'' if len(entries) == 1 else 's'}"
    blocks = [f"# {escaped(options.title)}", f"{written_day(today.isoformat())} · {count}"]
    groups = _grouped(entries, options.group)
    if groups is None:
        for entry in entries:
            blocks += paper(entry, "##")
    else:
        blocks += ["## Contents", _contents(groups, options.title)]
        for heading, papers in groups:
            blocks.append(f"## {escaped(heading)}")
            for entry in papers:
                blocks += paper(entry, "###")
    return "\n\n".join(blocks) + "\n"


Groups = list[tuple[str, list[Entry]]]


def _grouped(entries: Sequence[Entry], by: str) -> Groups | None:
    """The groups with their headings; None where there is nothing to group by."""
    if by == "none":
        return None
    keyed: dict[str, list[Entry]] = {}
    for entry in entries:
        key = entry.tags[:1] if by == "tag" else entry.days[-1:]
        keyed.setdefault(key[0] if key else "", []).append(entry)
    rest = keyed.pop("", [])
    if not keyed:
        return None
    if by == "tag":
        groups = [(tag, keyed[tag]) for tag in sorted(keyed)]
    else:
        groups = [(written_day(day), keyed[day]) for day in sorted(keyed, reverse=True)]
    return [*groups, (UNTAGGED if by == "tag" else DAYLESS, rest)] if rest else groups


def _contents(groups: Groups, title: str) -> str:
    """Links to all groups and papers, as a list of lists."""
    anchors = Anchors()
    anchors.add(title)
    anchors.add("Contents")
    lines = []
    for heading, papers in groups:
        lines.append(f"- [{escaped(heading)}](#{anchors.add(heading)})")
        for entry in papers:
            lines.append(f"  - [{escaped(entry.title)}](#{anchors.add(entry.title)})")
            for own in headings(entry.note or ""):
                anchors.add(own)
    return "\n".join(lines)


def paper(entry: Entry, level: str) -> Iterator[str]:
    """The blocks of one paper."""
    yield f"{level} {escaped(entry.title)}"
    yield paragraph(" · ".join(part for part in (*_facts(entry), *_links(entry)) if part))
    if entry.tags:
        yield f"Tags: {', '.join(map(code, entry.tags))}"
    if entry.note and not entry.note.isspace():
        yield quoted(entry.note)
    if entry.abstract:
        yield paragraph(escaped(entry.abstract))


def _facts(entry: Entry) -> Iterator[str]:
    if entry.published:
        yield escaped(written_day(entry.published))
    if len(entry.authors) > MOST_AUTHORS:
        named = ", ".join(map(escaped, entry.authors[:MOST_AUTHORS]))
        yield f"{named} and {len(entry.authors) - MOST_AUTHORS} more"
    elif entry.authors:
        yield ", ".join(map(escaped, entry.authors))
    elif entry.n_authors:
        yield f"{entry.n_authors} author{'' if entry.n_authors == 1 else 's'}"
    if entry.organization:
        yield escaped(entry.organization)
    if entry.comments:
        yield f"{entry.comments:,} comment{'' if entry.comments == 1 else 's'}"


def _links(entry: Entry) -> Iterator[str]:
    if entry.arxiv_id and entry.url:
        yield link("arXiv", entry.url)
        yield link("PDF", arxiv_pdf(entry.arxiv_id))
        yield link("Hugging Face", hugging_face_page(entry.arxiv_id))
    else:
        yield link("Search on Hugging Face", title_search(folded(entry.title)))
    if entry.code_url:
        yield link("Code", entry.code_url)
    if entry.project_url:
        yield link("Project", entry.project_url)


def written_day(iso: str) -> str:
    try:
        day = date.fromisoformat(iso)
    except ValueError:  # only another program can have written it
        return iso
    return f"{day.day} {day:%b %Y}"
