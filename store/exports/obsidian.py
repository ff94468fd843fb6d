"""A paper as a note for Obsidian: properties, and a block that is ours; and a note that lists all notes."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple
from unicodedata import category
from urllib.parse import quote, unquote

from store.entries import Entry
from store.exports import Group, front_matter, markers
from store.exports.escaping import escaped, folded
from store.exports.file_names import file_name
from store.exports.front_matter import Value
from store.exports.grouping import PaperGroup, grouped
from store.exports.markdown import paper
from store.exports.markers import Block, Marked
from store.links import arxiv_pdf

INDEX: Final = "index"
"""The name of the block that lists the notes."""


class Brought(NamedTuple):
    """A note brought up to date."""

    text: str
    edited: bool
    """Whether the person changed its block or a property of ours: that is left as it is."""


def note(name: str, entry: Entry) -> str:
    """A new note."""
    ours = properties(entry)
    return f"{front_matter.written(ours)}\n{markers.block(name, _content(entry), more=front_matter.known(ours))}\n"


def brought(marked: Marked, find: Callable[[str], tuple[str, Entry] | None], *, restore: bool) -> Brought:
    """The note with its papers' blocks up to date, and with the properties of the first of them."""
    text, edited = marked.text, False
    if (first := find(marked.blocks[0].name)) and text == note(*first):
        return Brought(text, edited)
    line_end = markers.line_end_of(text)
    replacements = []
    merged: front_matter.Merged | None = None
    for block in marked.blocks:
        if (found := find(block.name)) is None:
            continue
        name, entry = found
        more: Mapping[str, str] = block.more
        if more and merged is None:
            merged = front_matter.merge(text, properties(entry), more, line_end, restore=restore)
            more, edited = merged.known, edited or bool(merged.edited)
        instead = _renewed(text, block, name, _content(entry), more)
        edited = edited or instead is None
        replacements.append((block, instead or markers.begin(block.name, block.digest, more), instead is not None))
    # The front matter stands above the blocks, and is of another length now.
    shift = len(merged.text) - len(text) if merged else 0
    text = merged.text if merged else text
    for block, instead, whole in reversed(replacements):
        text = text[: block.start + shift] + instead + text[(block.end if whole else block.inside) + shift :]
    return Brought(text, edited)


def _renewed(text: str, block: Block, name: str, content: str, more: Mapping[str, str]) -> str | None:
    """What is to stand in the place of a block; None if the person changed it."""
    digest = markers.digest(content.split("\n"))
    if block.found == digest and (block.name, block.digest, block.more) == (name, digest, more):
        return text[block.start : block.end]
    if block.found != digest and not block.untouched:
        return None
    line_end = markers.line_end_of(text[block.start : block.end])
    return markers.block(name, content, indent=block.indent, line_end=line_end, more=more)


def _content(entry: Entry) -> str:
    return markers.harmless(paper(entry._replace(tags=()), "#"))


def properties(entry: Entry) -> dict[str, Value]:
    """A paper's properties, without what is unknown."""
    title = folded(entry.title)
    aliases = [title] if file_name(entry.title, "") != title else []
    known: dict[str, Value | None] = {
        "title": title,
        "aliases": [*aliases, *([f"arXiv:{entry.arxiv_id}"] if entry.arxiv_id else [])],
        "authors": [folded(author) for author in entry.authors],
        "organization": entry.organization and folded(entry.organization),
        "published": entry.published,
        "days": entry.days,
        "arxiv": entry.arxiv_id,
        "url": entry.url,
        "pdf": arxiv_pdf(entry.arxiv_id) if entry.arxiv_id else None,
        "code": entry.code_url,
        "project": entry.project_url,
        "upvotes": entry.upvotes,
        "comments": entry.comments,
        "tags": list(dict.fromkeys(tag for tag in map(obsidian_tag, entry.tags) if tag)),
        "read": entry.read,
        "starred": entry.starred,
        "skipped": entry.skipped,
    }
    return {key: value for key, value in known.items() if value is not None and value not in ((), [], "")}


_SLASHES: Final = re.compile(r"-*/[-/]*")


def obsidian_tag(tag: str) -> str:
    """The tag as Obsidian takes it: letters, digits, `_`, `-` and `/` for levels, at least one no digit; or empty."""
    letters = "".join(sign if sign in "_-/" or _in_tags(sign) else "-" for sign in folded(tag))
    made = _SLASHES.sub("/", re.sub("-{2,}", "-", letters)).strip("-/")
    return f"_{made}" if made and all(sign.isdigit() or sign == "/" for sign in made) else made


def _in_tags(sign: str) -> bool:
    return sign.isalnum() or category(sign)[0] == "M" or category(sign) == "So"


# The index


def index(title: str, content: str) -> str:
    """A new note that lists the others; `content` is what `listing` gives."""
    block = markers.block(INDEX, content, more=_links(content.split("\n")))
    return f"# {markers.harmless(escaped(title))}\n\n{block}\n"


def brought_index(marked: Marked, content: str, links: Collection[str]) -> Brought:
    """The note that lists the others, up to date; `links` are the addresses that lead to notes."""
    text = marked.text
    block = next(block for block in marked.blocks if block.name == INDEX)
    inner = markers.inner(text, block)
    # Obsidian writes addresses anew where the person renames or moves a note.
    moved = inner is not None and block.more == _links(inner) and all(to in links for to in _addresses(inner))
    if inner is not None and "\n".join(inner).strip("\n") == content:
        return Brought(text, edited=False)
    if not block.untouched and not moved:
        return Brought(text, edited=True)
    line_end = markers.line_end_of(text[block.start : block.end])
    made = markers.block(INDEX, content, indent=block.indent, line_end=line_end, more=_links(content.split("\n")))
    return Brought(text[: block.start] + made + text[block.end :], edited=False)


def listing(entries: Sequence[Entry], paths: Mapping[int, str], group: Group) -> str:
    """Links to the notes of these papers: `paths` from the index, by paper."""
    groups = grouped(entries, group)
    lines: list[str] = []
    for heading, papers in groups or [PaperGroup("", list(entries))]:
        lines += [f"## {escaped(heading)}", ""] if heading else []
        lines += [f"- [{escaped(entry.title)}]({_address(paths[entry.id])})" for entry in papers]
        lines.append("")
    return markers.harmless("\n".join(lines).strip("\n"))


def _address(path: str) -> str:
    return quote(path, errors="surrogateescape")  # a name need not be text


_ADDRESS: Final = re.compile(r"(?<=\]\()[^()\r\n]*(?=\)[ \t]*$)")


def _links(lines: Sequence[str]) -> dict[str, str]:
    """What tells the lines from others but for the addresses in them."""
    return {"links": markers.digest(_ADDRESS.sub("", line) for line in lines)[:10]}


def _addresses(lines: Sequence[str]) -> Iterator[str]:
    return (unquote(found[0], errors="surrogateescape") for line in lines if (found := _ADDRESS.search(line)))
