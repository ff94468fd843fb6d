"""What arXiv's feeds and e-mails have in common: how they write a list of authors, and a paper's text as a listing."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from store.models import Listing
from store.text import clean, links, safe

_PARENTHESES: Final = re.compile(r"\([^()]*\)")
_DEEPEST: Final = 4
_NOT_SHOWN: Final = re.compile(r"\((\d{1,6}) additional authors? not shown\)")
_SEPARATOR: Final = re.compile(r",|;| and | & |:(?= |$)")
_NO_NAME: Final = frozenset(("", "and", "et al", "et al."))
_SUFFIX: Final = frozenset(("Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"))


def authors_of(text: str) -> tuple[tuple[str, ...], int]:
    """The names in `A. Name, B. Name (1 and 2) and C. Name ((1) Here, (2) There)`, and how many authors there are.

    These are more than the names where the list is cut: `et al. (84 additional authors not shown)`.
    """
    text = safe(text)
    hidden = _NOT_SHOWN.search(text)
    for _ in range(_DEEPEST):
        text = _PARENTHESES.sub("", text)
    names: list[str] = []
    for part in _SEPARATOR.split(text):
        name = part.strip()
        if name in _SUFFIX and names:
            names[-1] += f" {name}"
        elif name not in _NO_NAME and (name := clean(name)) and any(map(str.isalnum, name)):
            names.append(name)
    return tuple(names), len(names) + (int(hidden[1]) if hidden else 0)


def listing(
    title: str,
    abstract: str,
    comment: str,
    *,
    arxiv_id: str,
    authors: Sequence[str],
    n_authors: int,
    published: date | None = None,
    days: tuple[date, ...] = (),
) -> Listing | None:
    """The paper, its texts made safe and its links found in the abstract and the authors' comment.

    An empty text is an unknown one; None where there is no title.
    """
    title = clean(title) or safe(title)
    if not title:
        return None
    abstract = clean(abstract)
    code_url, project_url = links(f"{abstract} {clean(comment)}")
    return Listing(
        title=title,
        abstract=abstract or None,
        published=published,
        n_authors=n_authors or None,
        authors=tuple(authors),
        arxiv_id=arxiv_id,
        code_url=code_url,
        project_url=project_url,
        days=days,
    )
