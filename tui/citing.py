"""A paper as one copies it: its page, a Markdown link."""

from store.entries import Entry
from store.links import title_search


def page_url(entry: Entry) -> str:
    """The paper's page on arXiv, or a search for its title where no id is known."""
    return entry.url or title_search(entry.title)


def markdown_link(entry: Entry) -> str:
    """The title as a Markdown link to the paper's page."""
    from store.exports.escaping import escaped, link

    return link(escaped(entry.title), page_url(entry))
