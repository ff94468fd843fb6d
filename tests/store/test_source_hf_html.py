"""Saved web pages of Hugging Face: the data in them is found, and nothing that only looks like it."""

import html
import json
import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import SourceError, StoreError
from store.sources import hf_json
from store.sources.hf_html import read, recognises

FIXTURES = Path(__file__).parent.parent / "fixtures"
SEARCH = (FIXTURES / "hf_search.html").read_text(encoding="utf-8")
PAPER = (FIXTURES / "hf_paper.html").read_text(encoding="utf-8")
DAY = (FIXTURES / "hf_day.json").read_text(encoding="utf-8")
PROPS = json.dumps({"periodType": "day", "dateString": "2026-02-05", "dailyPapers": json.loads(DAY)})


def page(props: str = html.escape(PROPS), quote: str = '"') -> str:
    return (
        f"<html><body><div data-target={quote}DailyPapers{quote} data-props={quote}{props}{quote}></div></body></html>"
    )


def test_the_results_of_a_search_are_taken_and_not_the_day_beside_them() -> None:
    assert recognises(SEARCH)
    reading = read(SEARCH, "search.html")
    (knots,) = reading.listings
    assert (knots.title, knots.arxiv_id, knots.upvotes, knots.comments) == (
        "Knots &amp; Ropes: 2048 <Ways>",
        "2403.02048",
        65,
        6,
    )
    assert (reading.format, reading.day, knots.days) == ("hf-html", None, (date(2024, 3, 11),))


def test_a_papers_own_page_gives_the_paper() -> None:
    assert recognises(PAPER)
    reading = read(PAPER, "paper.html")
    (slow,) = reading.listings
    assert (slow.title, slow.authors) == ("Slow Looking: Reading Pages the Way People Don't", ("Ada", "Bo"))
    assert (slow.arxiv_id, slow.upvotes, slow.comments) == ("2602.00017", 118, 2)
    assert (slow.organization, slow.published) == ("Lowland AI Institute", date(2026, 2, 2))
    assert reading.day == date(2026, 2, 5)


@pytest.mark.parametrize(
    "document",
    [
        page(),
        page(PROPS.replace("&", "&amp;").replace("'", "&#39;"), "'"),
        page().replace("data-target", "\n\tclass='a>b' DATA-TARGET").replace("data-props=", "data-props = "),
        page().replace("&quot;", "&#34;").replace("\\n", "\\n  "),
        f"<!DOCTYPE html><!-- {page()} --><script>let x = '{page()}'</script><p a=\"b>c\">it's 1 < 2</p>{page()}",
        "\ufeff \n" + page(),
    ],
    ids=["double", "single", "spaced", "numeric", "decoys", "mark"],
)
def test_however_the_page_was_saved_its_papers_are_those_of_its_data(document: str) -> None:
    assert recognises(document.lstrip("\ufeff"))
    reading = read(document, "page.html")
    assert reading.listings == hf_json.read(DAY, "day.json").listings
    assert len(reading.unparsed) == 1
    assert reading.day == date(2026, 2, 5)


def test_the_day_of_a_page_is_the_one_that_it_names() -> None:
    undated = json.dumps({"dateString": "2024-05-27", "dailyPapers": [{"paper": {"title": "A"}}]})
    assert read(page(html.escape(undated)), "2024-05-28.html").day == date(2024, 5, 27)
    assert read(page(html.escape(undated.replace("dateString", "other"))), "2024-05-28.html").day == date(2024, 5, 28)


@pytest.mark.parametrize(
    "text", ["", "<html><body>Daily Papers</body></html>", DAY, "Subscribe", 'data-target="DailyPapers"']
)
def test_other_documents_are_not_recognised(text: str) -> None:
    assert not recognises(text)


@pytest.mark.parametrize("text", [page("{&quot;dailyPapers&quot;:[{"), page("")[:60], page("[" * 100_000)])
def test_a_damaged_page_is_refused_by_name(text: str) -> None:
    with pytest.raises(SourceError, match=r"^page\.html is a .* save it again"):
        read(text, "page.html")


@pytest.mark.parametrize(
    "text", ["<!--", "<a b='", '<a b="', "<", "<a ", "<a =", "<script>", "<p a = ", "&amp", page()]
)
def test_a_page_of_rubbish_is_read_once_and_not_from_each_of_its_tags(text: str) -> None:
    rubbish = text * (1_000_000 // len(text))  # minutes, if that took the square of the time
    try:
        read(f'<p data-target="DailyPapers">{rubbish}', "page.html")
    except SourceError:
        return
    assert text == page()


@given(
    st.lists(st.sampled_from([*"<>\"'=& /[{", "<!--", "-->", "<script>", "data-props", page()]) | st.text(), max_size=9)
)
def test_no_page_breaks_the_reader(splinters: list[str]) -> None:
    splinter = "".join(splinters)
    at = random.Random(splinter).randrange(len(SEARCH))
    for text in (splinter, SEARCH[:at] + splinter + SEARCH[at:], page(splinter)):
        recognises(text)
        try:
            read(text, "page.html")
        except StoreError:
            continue


def test_a_real_page_of_a_paper_gives_what_it_shows(corpus: Path) -> None:
    text = (corpus / "hf_pages" / "hf_paper_page_debug_upvote.html").read_text(encoding="utf-8")
    assert recognises(text)
    reading = read(text, "page.html")
    (paper,) = reading.listings
    assert (paper.arxiv_id, paper.upvotes, paper.comments, paper.n_authors) == ("2509.24002", 118, 2, 15)
    assert paper.title == "MCPMark: A Benchmark for Stress-Testing Realistic and Comprehensive MCP Use"
    assert (paper.organization, paper.published) == ("National University of Singapore", date(2025, 9, 28))
    assert (paper.code_url, paper.project_url) == ("https://github.com/eval-sys/mcpmark", "https://mcpmark.ai/")
    assert (reading.day, paper.days, reading.unparsed) == (date(2025, 10, 1), (date(2025, 10, 1),), ())


def test_a_real_day_is_the_same_as_a_page_and_as_json(corpus: Path) -> None:
    path = corpus / "hf_api" / "2025-06-30.json"
    text = path.read_text(encoding="utf-8")
    saved = page(html.escape(json.dumps({"dateString": "2025-06-30", "dailyPapers": json.loads(text)})))
    assert read(saved, "page.html").listings == hf_json.read(text, path.name).listings
