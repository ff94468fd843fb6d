"""Documents that people take for a page's text but that are something else: what they are, and what to do."""

import re
from typing import Final

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
_BIBTEX: Final = re.compile(r"\s*+@\w+\s*\{", re.IGNORECASE)
_LINKED: Final = re.compile(
    r"(?:#+ |[-*] )?\[.*\]\(https?://\S*\)?|\]\[\d+\].*|https?://huggingface\.co/(?:papers|login)\S*|\[ ?\d+\]\[\d+\]"
)
_ARXIV_MAIL: Final = re.compile(r"\\\\|arXiv:\S|Title: ")

_ENOUGH: Final = 400
"""Lines to look at, blank ones left out."""


def what_else(head: str) -> str | None:
    """What a document that begins so is instead of a page's text, as the end of a sentence that its name begins.

    None: who knows.
    """
    if _HTML.match(head):
        return "is a saved web page or feed: open it in a browser, select all, copy, and save that as plain text."
    if _JSON.match(head):
        return "is JSON, which cannot be imported: save the page's text instead."
    if _BIBTEX.match(head):
        return "is BibTeX, which cannot be imported: save the page's text instead."
    first = [line.strip() for line in head.splitlines() if line.strip()][:_ENOUGH]
    if sum(bool(_LINKED.match(text)) for text in first) >= 3:
        return "is a page in another format, with its links written out: select all in a browser, copy, and save that."
    if sum(bool(_ARXIV_MAIL.match(text)) for text in first) >= 3:
        return "is an e-mail from arXiv, which cannot be imported: save a Daily Papers page's text instead."
    return None
