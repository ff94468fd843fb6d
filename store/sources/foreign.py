"""Documents that people take for a page's text but that are something else: what they are, and what to do."""

import re
from collections.abc import Sequence
from typing import Final

from store.sources.lines import Line

# Atomic groups and possessive repeats: what they have read is not read again, however a text was made up.
_HTML: Final = re.compile(
    r"\s*+(?:<!--(?>.*?-->)\s*+)*+<(?:!doctype|html|head|body|div|\?xml|rss|feed)\b",
    re.IGNORECASE | re.DOTALL,
)
_STRING: Final = r'"(?:[^"\\]|\\.)*+'
_JSON: Final = re.compile(
    rf'\s*+(?:\{{\s*+{_STRING}(?:"\s*+:|\Z)|\[\s*+{_STRING}(?:"\s*+,|"\s*+\]\s*+\Z|\Z)'
    r'|\[\s*+\{\s*+["}]|\{\s*+\}\s*+\Z|\[\s*+\]\s*+\Z)',
    re.DOTALL,
)
_LINKED: Final = re.compile(
    r"(?:#+ |[-*] )?\[.*\]\(https?://\S*\)?|\]\[\d+\].*|https?://huggingface\.co/(?:papers|login)\S*|\[ ?\d+\]\[\d+\]"
    r"|(?:[*+o-] )?\[\d+\][^\s\[(]"
)

_ENOUGH: Final = 400
"""Lines to look at, blank ones left out."""


def what_else(head: str) -> str | None:
    """What a document that begins so is instead of a page's text, as the end of a sentence that its name begins.

    None: who knows.
    """
    if _HTML.match(head):
        return (
            "is a web page or feed that holds no papers of Hugging Face or arXiv: open it in a browser, select all, "
            "copy, and save that as plain text."
        )
    if _JSON.match(head):
        return "is JSON, but neither of Hugging Face nor of paperdeck: save the page's text instead."
    return None


def has_links_written_out(lines: Sequence[Line]) -> bool:
    """Whether a page's links stand in its text, in a way that `store.sources.linked` does not know."""
    return sum(bool(_LINKED.match(line.text)) for line in lines[:_ENOUGH]) >= 3
