"""The real pages: every field as the reference has it, and the rest of the corpus refused."""

import json
import random
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from store.errors import SourceError
from store.sources import parse
from store.sources.lines import encoding_of, lines_of
from store.sources.organizations import organization_name
from store.sources.pages import told_apart
from store.sources.papers import Page
from store.text import clean

SEEDS = (
    "000_65c080ede1d113ce.txt",
    "001_f1b2f55f73128ff7.txt",
    "002_2d248bde7bb969c3.txt",
)


def reference(corpus: Path, seed: str) -> dict[str, Any]:
    pages: dict[str, dict[str, Any]] = json.loads((corpus / "seeds" / "reference.json").read_bytes())["files"]
    return pages[seed]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("today", [date(2025, 3, 1), date(2031, 1, 1)])
def test_every_field_of_the_real_pages_is_met(corpus: Path, seed: str, today: date) -> None:
    data = (corpus / "seeds" / seed).read_bytes()
    expected = reference(corpus, seed)
    digest = parse(data, seed, today=today)
    assert digest.format == expected["kind"]
    assert (digest.day.isoformat() if digest.day else None) == expected["page_date_iso"]
    assert digest.day_inferred is (expected["page_date_iso"] is not None)
    assert digest.unparsed == ()
    assert [
        (
            paper.title,
            paper.abstract,
            paper.n_authors,
            paper.organization,
            paper.published.isoformat() if paper.published else None,
            paper.comments,
        )
        for paper in digest.listings
    ] == [
        (
            clean(paper["title"]),
            clean(paper["abstract"]),
            paper["n_authors"],
            paper["organization"],
            paper["date_iso"],
            paper["trailing_count"],
        )
        for paper in expected["papers"]
    ]


def page_of(data: bytes) -> Page:
    """What stands on a page."""
    _, page = told_apart(lines_of(data, encoding_of(data, ""), ""), "")
    return page


@pytest.mark.parametrize("seed", SEEDS)
def test_text_is_as_the_page_has_it_before_accents_are_resolved(corpus: Path, seed: str) -> None:
    page = page_of((corpus / "seeds" / seed).read_bytes())
    papers = reference(corpus, seed)["papers"]
    assert [(paper.title, paper.abstract) for paper in page.papers] == [(p["title"], p["abstract"]) for p in papers]
    inferred = [paper.published.year is None if paper.published else None for paper in page.papers]
    assert inferred == [paper["year_inferred"] for paper in papers]


@pytest.mark.parametrize("seed", SEEDS)
def test_of_a_real_page_cut_off_the_whole_papers_are_kept(corpus: Path, seed: str) -> None:
    data = (corpus / "seeds" / seed).read_bytes()
    papers = reference(corpus, seed)["papers"]
    chance = random.Random(7)
    for _ in range(40):
        cut = data[: chance.randrange(4000, len(data))]
        page = page_of(cut)
        lines = cut.count(b"\n")
        whole = [(paper["title"], paper["abstract"]) for paper in papers if paper["line_abstract"] <= lines]
        assert [(paper.title, paper.abstract) for paper in page.papers][: len(whole)] == whole
        assert len(page.papers) <= len(whole) + 1


def test_organizations_are_told_from_their_accounts(corpus: Path) -> None:
    pairs = json.loads((corpus / "hf_pages" / "hf_org_slug_fullname_pairs.json").read_bytes())
    pairs = [(account, " ".join(name.split())) for account, name in pairs]
    split = sum(organization_name(f"{account} {name}") == name for account, name in pairs)
    alone = sum(organization_name(name) == name for _, name in pairs)
    assert split / len(pairs) >= 0.998
    assert alone / len(pairs) >= 0.92


def test_every_document_of_the_corpus_is_taken_for_what_it_is(corpus: Path) -> None:
    formats: defaultdict[str, set[str]] = defaultdict(set)
    for path in corpus.rglob("*.*"):
        if path.is_file():
            try:
                formats[str(parse(path.read_bytes(), path.name).format)].add(path.name)
            except SourceError:
                formats["none"].add(path.name)
    assert len(formats.pop("hf-json")) == 284
    assert {kind: len(names) for kind, names in formats.items()} == {
        "arxiv-atom": 3, "arxiv-mail": 2, "arxiv-rss": 1, "cards": 2, "flat": 1, "hf-html": 1, "linked": 3, "none": 5
    }  # fmt: skip
    assert {name.rpartition(".")[2] for name in formats["none"]} == {"md", "json"}


def test_no_word_of_a_real_abstract_is_lost(corpus: Path) -> None:
    for path in sorted((corpus / "hf_api").glob("2025-0*.json"))[:60]:
        days = json.loads(path.read_bytes())
        for paper in days if isinstance(days, list) else days.get("data", []):
            if isinstance(paper, dict):
                before, after = (
                    paper["paper"]["summary"],
                    clean(paper["paper"]["summary"]),
                )
                assert len(after) >= 0.97 * len(" ".join(before.split()))
                assert clean(after) == after
