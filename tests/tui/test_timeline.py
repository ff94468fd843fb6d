"""When and where a paper was listed, in words."""

from store.entries import Appearance
from tui.timeline import MOST, timeline


def on(day: str | None, kind: str = "hf-json", name: str = "a page") -> Appearance:
    return Appearance(day, kind, name)


def test_days_come_with_their_sources_and_the_year_once() -> None:
    feed = "rss.arxiv.org/rss/cs.CL+cs.LG"
    assert timeline([on("2025-05-12"), on("2025-05-13", "arxiv-rss", feed), on("2026-01-02", "cards")]) == [
        "Mon 12 May 2025 Hugging Face",
        "Tue 13 May arXiv cs.CL cs.LG",
        "Fri 2 Jan 2026 Hugging Face",
    ]


def test_a_day_that_a_source_told_twice_stands_once() -> None:
    told = [on("2025-05-12", "cards"), on("2025-05-12"), on("2025-05-12", "arxiv-mail"), on("2025-05-12")]
    assert timeline(told) == ["Mon 12 May 2025 Hugging Face, arXiv"]


def test_what_told_no_day_comes_last() -> None:
    assert timeline([on("2025-05-12"), on(None, "arxiv-atom"), on(None, "bibtex")]) == [
        "Mon 12 May 2025 Hugging Face",
        "also arXiv, BibTeX",
    ]
    assert timeline([on(None, "bibtex")]) == ["BibTeX, no day"]
    assert timeline([]) == []


def test_of_many_days_the_first_and_the_last_are_shown() -> None:
    shown = timeline([on(f"2025-05-{day:02}") for day in range(1, 31)])
    assert len(shown) == MOST + 1
    assert shown[0] == "Thu 1 May 2025 Hugging Face"
    assert shown[4] == "22 more"
    assert shown[-1] == "Fri 30 May Hugging Face"
    assert len(timeline([on(f"2025-05-{day:02}") for day in range(1, MOST + 1)])) == MOST
