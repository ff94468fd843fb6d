"""Where a paper is found on the web: addresses made from its arXiv id or, where none is known, its title."""

import re
from typing import Final
from urllib.parse import quote, quote_plus

_ARXIV_ID: Final = re.compile(
    r"(?:arxiv: ?|(?:https?://)?(?:(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)|huggingface\.co/papers)/)?"
    r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?(?:/?(?:[?#]\S*)?)?",
    re.IGNORECASE,
)


def arxiv_id(text: str) -> str | None:
    """The arXiv id, without version, that `text` spells: alone, after `arXiv:`, or as its page's address."""
    match = _ARXIV_ID.fullmatch(text)
    return match[1].lower() if match else None


LONGEST_TITLE: Final = 500
"""Characters of a title that are searched for: servers refuse long addresses."""

_WEB: Final = re.compile(r"https?://[^\s/?#\\@\"'<>`]+(?:[/?#][!-~\u00a1-\ud7ff\ue000-\U0010ffff]*)?", re.IGNORECASE)


def web_address(text: str) -> str | None:
    """`text` where it is an address of the web, http or https, without a blank or a control character; else None."""
    return text if text.isprintable() and _WEB.fullmatch(text) else None


def arxiv_page(arxiv_id: str) -> str:
    """The paper's page on arXiv; `arxiv_id` without version, as `2401.12345` or `hep-th/9901001`."""
    return f"https://arxiv.org/abs/{quote(arxiv_id)}"


def arxiv_pdf(arxiv_id: str) -> str:
    """Its newest PDF."""
    return f"https://arxiv.org/pdf/{quote(arxiv_id)}"


def hugging_face_page(arxiv_id: str) -> str:
    """Its page on Hugging Face's Daily Papers."""
    return f"https://huggingface.co/papers/{quote(arxiv_id)}"


def title_search(title: str) -> str:
    """Hugging Face's papers whose title is like this one: for a paper whose arXiv id is unknown."""
    return f"https://huggingface.co/papers?q={quote_plus(title[:LONGEST_TITLE], errors='replace')}"
