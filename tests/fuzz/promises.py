"""What holds for every document, whatever it is: `hold` raises an AssertionError where one does not."""

import re
from datetime import date
from typing import Final
from unicodedata import combining, normalize

from store.errors import StoreError
from store.links import web_address
from store.models import Digest, Listing
from store.sources import parse
from store.sources.lines import Line, encoding_of, lines_of
from store.sources.pages import told_apart
from store.sources.papers import Draft, Page
from store.text import safe
from tests.fuzz.rendering import as_cards, as_flat, is_plain_cards, is_plain_flat
from tests.hostile import OBEYED

TODAY: Final = date(2026, 2, 1)

# Letters that no accent or command of LaTeX takes in, nor the name of one.
_WORD: Final = re.compile(r"(?<![A-Za-z\\])(?<!\\.)(?<!\\[vHck] )(?<!\\[vHck]{)[A-Za-z]{2,}")


def hold(data: bytes) -> str:
    """What was made of a document (`cards`, `flat`, `refused`, and `… again`: its papers rendered were read again)."""
    try:
        digest = parse(data, "page.txt", today=TODAY)
    except StoreError:
        return "refused"
    if digest.format not in {"cards", "flat"}:
        _all_text_is_safe(digest)
        return digest.format
    lines = lines_of(data, encoding_of(data, ""), "")
    _, page = told_apart(lines, "page.txt")
    _nothing_vanishes(lines, page)
    for draft, listing in zip(page.papers, digest.listings, strict=True):
        _no_word_is_lost(draft, listing)
    _all_text_is_safe(digest)
    return digest.format + _is_the_same_again(digest)


def _nothing_vanishes(lines: list[Line], page: Page) -> None:
    """Every line is in one paper, in the header or among the unparsed, and what it says is in the paper."""
    kept = [line for paper in page.papers for line in paper.lines] + page.header + page.unparsed
    assert sorted(line.number for line in kept) == [line.number for line in lines]
    texts = {line.number: line.text for line in lines}
    assert all(texts[line.number] == line.text for line in page.header + page.unparsed)
    assert page.unparsed == sorted(page.unparsed)
    for paper in page.papers:
        title, *rest = paper.lines
        assert paper.title in (title.text, texts[title.number])
        body = " ".join(line.text for line in rest)
        assert body.startswith(paper.abstract or "")
        for line in _below(rest, paper.abstract or ""):
            assert _is_told(line.text, paper), line


def _below(lines: list[Line], abstract: str) -> list[Line]:
    """`lines` without those of the abstract."""
    while abstract:
        abstract = abstract[len(lines[0].text) + 1 :]
        lines = lines[1:]
    return lines


def _is_told(line: str, paper: Draft) -> bool:
    """Whether a paper says what a line of its footer says: no sign needs to be told, nor that there are no upvotes."""
    told = [
        paper.organization or "",
        *(str(n) for n in (paper.n_authors, paper.upvotes, paper.comments) if n is not None),
    ]
    if paper.published:
        told += [str(paper.published.day), str(paper.published.year)]
    if paper.organization and line.endswith(paper.organization):
        return True
    words = re.findall(r"\w+", re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", line))
    return not words or any(word in part or str(_number(word)) == part for part in told if part for word in words)


def _number(word: str) -> int | None:
    return int(word) if word.isdecimal() and len(word) < 20 else None


def _no_word_is_lost(draft: Draft, listing: Listing) -> None:
    pairs = (
        (draft.title, listing.title),
        (draft.abstract, listing.abstract),
        (draft.organization, listing.organization),
    )
    for written, shown in pairs:
        plain = "".join(sign for sign in normalize("NFD", shown or "") if not combining(sign))
        for word in set(_WORD.findall(written or "")):
            assert word in plain, f"{word} of {written!r} is lost in {shown!r}"


def _all_text_is_safe(digest: Digest) -> None:
    texts = [line.text for line in digest.unparsed]
    for paper in digest.listings:
        texts += [
            text for text in (paper.title, paper.abstract, paper.organization, *paper.authors) if text is not None
        ]
        assert all(web_address(url) for url in (paper.code_url, paper.project_url) if url is not None)
        assert all(n is None or n < 2**63 for n in (paper.n_authors, paper.upvotes, paper.comments))
    for text in texts:
        assert text
        assert safe(text) == text
        assert not OBEYED.search(text)


def _is_the_same_again(digest: Digest) -> str:
    """Reading the papers as they are rendered gives the same ones, where the shape can carry them."""
    again = ""
    if is_plain_cards(digest):
        cards = parse(as_cards(digest).encode(), "page.txt", today=TODAY)
        assert (cards.format, cards.day, cards.listings) == ("cards", digest.day, digest.listings)
        assert not cards.unparsed
        again = " again"
    if is_plain_flat(digest):
        flat = parse(as_flat(digest).encode(), "page.txt", today=TODAY)
        told = [(paper.title, paper.abstract) for paper in digest.listings]
        assert (flat.format, [(paper.title, paper.abstract) for paper in flat.listings]) == ("flat", told)
        assert not flat.unparsed
        again = " again"
    return again
