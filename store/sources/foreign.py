"""Documents that people take for a page's text but that are something else: what they are, and what to do."""

import json
import re
from typing import Final

from store.sources.lines import Line

_HTML: Final = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body|div|\?xml|rss|feed)\b",
    re.IGNORECASE | re.DOTALL,
)
_LINKED: Final = re.compile(
    r"(?:#+ |[-*] )?\[.*\]\(https?://\S*\)?|\]\[\d+\].*|https?://huggingface\.co/(?:papers|login)\S*|\[ ?\d+\]\[\d+\]"
    r"|(?:[*+o-] )?\[\d+\][^\s\[(]"
)
_BIBTEX: Final = re.compile(r"\s*@\w+\s*\{", re.IGNORECASE)
_ARXIV_MAIL: Final = re.compile(r"^(?:\\\\|arXiv:\S+|Title: )", re.MULTILINE)

_ENOUGH: Final = 400
"""Lines to look at."""


def what_else(text: str, lines: list[Line]) -> str | None:
    """What a document is instead of a page's text, as the end of a sentence that its name begins; None: who knows."""
    if _HTML.match(text):
        return "is a saved web page or feed: open it in a browser, select all, copy, and save that as plain text."
    if text.lstrip()[:1] in "{[" and _is_json(text):
        return "is JSON, which cannot be imported: save the page's text instead."
    if _BIBTEX.match(text):
        return "is BibTeX, which cannot be imported: save the page's text instead."
    if sum(bool(_LINKED.match(line.text)) for line in lines[:_ENOUGH]) >= 3:
        return "is a page in another format, with its links written out: select all in a browser, copy, and save that."
    if len(_ARXIV_MAIL.findall(text[: 100 * _ENOUGH])) >= 3:
        return "is an e-mail from arXiv, which cannot be imported: save a Daily Papers page's text instead."
    return None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
