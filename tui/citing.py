"""A paper as one copies it: its page, a Markdown link, a BibTeX entry."""

import re

from store.entries import Entry
from store.links import title_search
from tui.wording import fold

# A backslash first, or it would be escaped again.
_LATEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def page_url(entry: Entry) -> str:
    """The paper's page on arXiv, or a search for its title where no id is known."""
    return entry.url or title_search(entry.title)


def markdown_link(entry: Entry) -> str:
    """The title as a Markdown link to the paper's page."""
    from store.exports.escaping import escaped, link

    return link(escaped(entry.title), page_url(entry))


def bibtex(entry: Entry) -> str:
    """The paper as a BibTeX `@misc` entry, of what is known of it."""
    fields = {"title": f"{{{_latex(entry.title)}}}"}
    if entry.authors:
        others = " and others" if (entry.n_authors or 0) > len(entry.authors) else ""
        fields["author"] = " and ".join(map(_latex, entry.authors)) + others
    elif entry.organization:
        fields["author"] = f"{{{_latex(entry.organization)}}}"
    if entry.published:
        fields["year"] = entry.published[:4]
    if entry.arxiv_id:
        fields |= {"eprint": entry.arxiv_id, "archivePrefix": "arXiv"}
    if entry.url:
        fields["url"] = entry.url
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{_key(entry)},", *lines, "}"])


def _key(entry: Entry) -> str:
    """The first author's last name, the year and the title's first word, in ASCII letters and digits."""
    first = entry.authors[0].split()[-1:] if entry.authors else [entry.organization or ""]
    words = [first[0] if first else "", (entry.published or "")[:4], next(iter(re.findall(r"\w{3,}", entry.title)), "")]
    key = re.sub("[^a-z0-9]", "", fold("".join(words)))
    return key or f"paper{entry.id}"


def _latex(text: str) -> str:
    return "".join(_LATEX.get(sign, sign) for sign in text)
