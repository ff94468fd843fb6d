"""Pages in, papers out: both shapes with their traps, whatever a copy has done to them, and what is no page at all."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import SourceError
from store.models import Digest, Listing
from store.sources import parse
from store.sources.organizations import organization_name
from tests.fuzz.promises import hold

FIXTURES = Path(__file__).parent.parent / "fixtures"
CARDS = (FIXTURES / "cards.txt").read_text(encoding="utf-8")
FLAT = (FIXTURES / "flat.txt").read_text(encoding="utf-8")
TODAY = date(2026, 2, 1)

HEADER = "new\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n\nNov 3\n\n"
ABSTRACT = "We count what nobody has counted and find that there is more of it than anybody thought. " * 5


def read(text: str, day: date | None = None, today: date = TODAY) -> Digest:
    return parse(text.encode(), "page.txt", day=day, today=today)


def card(title: str, footer: str = "  • 3 authors\n·\nMay 4, 2023", abstract: str = ABSTRACT) -> str:
    return "\n\n".join(part for part in (title, abstract, footer) if part) + "\n\n"


def test_a_page_of_cards_is_read_with_every_field() -> None:
    digest = read(CARDS)
    assert (digest.format, digest.day, digest.day_inferred) == (
        "cards",
        date(2025, 11, 3),
        True,
    )
    assert digest.unparsed == ()
    slow, lazy, four, harbour, knots = digest.listings
    assert slow.title == "Slow Looking: Reading Pages the Way People Do"
    assert slow.abstract is not None
    assert "9.5% better" in slow.abstract
    assert (slow.n_authors, slow.published, slow.comments) == (8, date(2022, 5, 30), 2)
    assert slow.code_url == "https://github.com/example-lab/slow-looking"
    assert (lazy.n_authors, lazy.published, lazy.comments) == (
        1,
        date(2025, 10, 11),
        None,
    )
    assert lazy.abstract is not None
    assert "Milenković" in lazy.abstract
    assert (four.n_authors, four.organization, four.published) == (None, None, None)
    assert four.project_url == "https://four-layers.github.io/"
    assert (harbour.organization, harbour.comments) == ("Lowland AI Institute", 14)
    assert (knots.title, knots.organization) == ("2048 Ways to Tie a Knot", "QUAY")
    assert all(paper.upvotes is None and paper.arxiv_id is None for paper in digest.listings)


def test_a_flat_page_is_read_in_turns() -> None:
    digest = read(FLAT)
    assert (digest.format, digest.day, digest.day_inferred) == ("flat", None, False)
    assert [paper.title for paper in digest.listings] == [
        "Counting Birds by Ear: A Benchmark Without Pictures",
        "why do ferries leave late?",
        "7 Habits of Highly Effective Embeddings",
    ]
    assert digest.listings[2].code_url == "https://github.com/example-lab/seven-habits"
    assert digest.unparsed == ()


@pytest.mark.parametrize("page", [CARDS, FLAT], ids=["cards", "flat"])
@pytest.mark.parametrize(
    "change",
    [
        lambda page: page.replace("\n", "\r\n").encode(),
        lambda page: page.replace("\n", "\r").encode(),
        lambda page: page.encode("utf-8-sig"),
        lambda page: page.encode("utf-16"),
        lambda page: page.encode("cp1252"),
        lambda page: page.encode("latin-1", errors="replace"),
        lambda page: page.replace("\n", "  \n\t").encode(),
        lambda page: page.replace("\n", "\n\n").encode(),
        lambda page: re.sub(r"\n+", "\n", page).encode(),
        lambda page: page.replace("  • ", "\u00a0\u2022\u2003").replace("·", " · ").encode(),
        lambda page: page.replace("  • ", "* ").encode(),
        lambda page: page.replace("  • ", "  •\n  •\n  • ").encode(),
        lambda page: page.replace("\n·\n", " · ").encode(),
        lambda page: page.replace("Subscribe", "\u200bSubscribe\x1b[0m").encode(),
        lambda page: page.strip().encode(),
    ],
    ids=[
        "crlf",
        "cr",
        "bom",
        "utf16",
        "cp1252",
        "latin1",
        "spaces",
        "doubled",
        "single",
        "nbsp",
        "stars",
        "avatars",
        "one-line",
        "unseen",
        "stripped",
    ],
)
def test_what_copying_and_saving_do_to_a_page_changes_nothing(page: str, change: object) -> None:
    assert callable(change)
    assert parse(change(page), "page.txt", today=TODAY).listings == read(page).listings


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Nov 3\n\n",
        "Daily Papers\n\nNov 3\n\n",
        "Hugging Face\n\nSomething quite new!\n\nDaily Papers\n\n- Daily\n\n- Weekly\n\nNov 3\n\n",
    ],
)
def test_the_header_may_be_missing_or_another(header: str) -> None:
    body = CARDS.split("Nov 3\n\n")[1]
    digest = read(header + body)
    assert digest.listings == read(CARDS).listings
    assert digest.unparsed == ()
    assert digest.day == (date(2025, 11, 3) if header else None)


def test_the_year_left_out_follows_the_newest_one_printed_whatever_today_is() -> None:
    page = HEADER + card("A Title", "  • 2 authors\n·\nOct 6 2") + card("Another")
    for today in (date(2020, 1, 1), date(2024, 2, 1), date(2031, 1, 1)):
        digest = read(page, today=today)
        assert (digest.day, digest.day_inferred) == (date(2024, 11, 3), True)
        assert digest.listings[0].published == date(2024, 10, 6)
        assert digest.listings[0].comments == 2


def test_without_a_printed_year_the_page_is_of_the_last_such_day() -> None:
    page = HEADER + card("A Title", "  • 2 authors\n·\nOct 6")
    assert read(page, today=date(2025, 11, 3)).day == date(2025, 11, 3)
    assert read(page, today=date(2025, 11, 2)).day == date(2024, 11, 3)
    assert read(page, today=date(2025, 11, 2)).listings[0].published == date(2024, 10, 6)


def test_a_leap_day_tells_the_year() -> None:
    page = HEADER.replace("Nov 3", "Mar 1") + card("A", "HKUST\n·\nFeb 29") + card("B", "HKUST\n·\nMay 4, 2021")
    assert read(page).listings[0].published == date(2024, 2, 29)
    assert read(page).day == date(2024, 3, 1)


def test_a_given_day_is_the_day_and_no_paper_is_newer() -> None:
    page = HEADER + card("A Title", "  • 2 authors\n·\nOct 6") + card("Another")
    digest = read(page, day=date(2026, 1, 5))
    assert (digest.day, digest.day_inferred) == (date(2026, 1, 5), False)
    assert digest.listings[0].published == date(2025, 10, 6)
    assert digest.listings[1].published == date(2023, 5, 4)
    assert read(FLAT, day=date(2026, 1, 5)).day == date(2026, 1, 5)


@pytest.mark.parametrize("missing", [0, 1, 2, (0, 1), (1, 2), (0, 1, 2)])
def test_footers_may_be_missing_anywhere(missing: int | tuple[int, ...]) -> None:
    gone = (missing,) if isinstance(missing, int) else missing
    page = HEADER + "".join(card(f"The {n}th Title", *([""] if n in gone else [])) for n in range(3))
    papers = read(page).listings
    assert [paper.title for paper in papers] == [
        "The 0th Title",
        "The 1th Title",
        "The 2th Title",
    ]
    assert [paper.n_authors for paper in papers] == [None if n in gone else 3 for n in range(3)]
    assert all(paper.abstract == ABSTRACT.strip() for paper in papers)


def test_upvotes_stand_before_titles_and_comments_after_dates() -> None:
    page = (
        HEADER
        + "101\n\n"
        + card("A Title", "HKUST\n·\nMay 4, 2023 7")
        + "-\n\n"
        + card("Another")
        + "5\n\n"
        + card("Last", "")
    )
    assert [(p.title, p.upvotes, p.comments) for p in read(page).listings] == [
        ("A Title", 101, 7),
        ("Another", None, None),
        ("Last", 5, None),
    ]


@pytest.mark.parametrize(
    "title",
    [
        "1984",
        "May 4",
        "8 Ways",
        "Is it?",
        "lower case",
        "new",
        "May 4, 2023",
        "Subscribe to Everything",
    ],
)
def test_titles_may_look_like_something_else(title: str) -> None:
    digest = read(HEADER + card("First") + card(title) + card("Last"))
    assert [paper.title for paper in digest.listings] == ["First", title, "Last"]
    assert digest.unparsed == ()


def test_a_card_without_abstract_is_a_paper() -> None:
    papers = read(HEADER + card("A Title", abstract="") + card("Another")).listings
    assert [(paper.title, paper.abstract is None) for paper in papers] == [
        ("A Title", True),
        ("Another", False),
    ]


def test_an_abstract_of_several_paragraphs_is_one_abstract() -> None:
    page = HEADER + card("A Title", abstract=f"{ABSTRACT}\n\nIn short, more.\n\n{ABSTRACT}") + card("Another")
    assert [paper.title for paper in read(page).listings] == ["A Title", "Another"]
    assert read(page).listings[0].abstract == f"{ABSTRACT}In short, more. {ABSTRACT}".strip()


def test_two_pages_in_one_file_are_read_as_one() -> None:
    assert [p.title for p in read(CARDS + "\n\n" + CARDS).listings] == [p.title for p in read(CARDS).listings] * 2
    assert len(read(FLAT + FLAT).listings) == 6


def test_menus_below_the_papers_are_kept_as_not_understood() -> None:
    digest = read(CARDS + "\n\nPrevious\n\nNext\n\nPrivacy\n\nJobs\n")
    assert digest.listings == read(CARDS).listings
    assert [line.text for line in digest.unparsed] == [
        "Previous",
        "Next",
        "Privacy",
        "Jobs",
    ]
    first = digest.unparsed[0].number
    assert (CARDS + "\n\nPrevious").splitlines()[first - 1] == "Previous"


def test_a_line_too_many_in_a_flat_page_shifts_nothing() -> None:
    lines = FLAT.splitlines()
    digest = read("\n".join([*lines[:4], "A Title Without Its Abstract", *lines[4:]]))
    assert digest.listings == read(FLAT).listings
    assert [(line.number, line.text) for line in digest.unparsed] == [(5, "A Title Without Its Abstract")]


def test_a_flat_page_without_its_banner_is_known_by_its_shape() -> None:
    lines = FLAT.splitlines()
    lines[2] = lines[2].removeprefix("Subscribe")
    long = [line + " " + ABSTRACT if position % 2 else line for position, line in enumerate(lines[2:])]
    assert [paper.title for paper in read("\n".join(long)).listings] == [p.title for p in read(FLAT).listings]


def test_tiny_flat_pages_are_read_in_turns_below_their_banner() -> None:
    digest = read("Get trending papers in your email inbox!\nSubscribeOne\nIt is short.\nTwo\nIt is short, too.\n")
    assert [(paper.title, paper.abstract) for paper in digest.listings] == [
        ("One", "It is short."),
        ("Two", "It is short, too."),
    ]


@pytest.mark.parametrize("page", [CARDS, FLAT], ids=["cards", "flat"])
def test_of_a_page_cut_off_anywhere_the_whole_papers_are_kept(page: str) -> None:
    whole = read(page).listings
    data = page.encode()
    for size in range(len(data)):
        try:
            digest = parse(data[:size], "page.txt", today=TODAY)
        except SourceError:
            continue
        kept = data[:size].decode(errors="ignore")
        expected = [paper for paper in whole if paper.abstract is not None and paper.abstract[-25:] in kept]
        titles = [paper.title for paper in digest.listings]
        assert titles[: len(expected)] == [paper.title for paper in expected]
        assert [p.abstract for p in digest.listings][: len(expected)] == [paper.abstract for paper in expected]
        assert len(titles) <= len(expected) + 1  # cut at the end of a sentence


def test_an_unfinished_paper_at_the_end_is_kept_as_lines() -> None:
    digest = read(HEADER + card("A Title") + "Another\n\nWe count what")
    assert [paper.title for paper in digest.listings] == ["A Title"]
    assert [line.text for line in digest.unparsed] == ["Another", "We count what"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"%PDF-1.7 ...", "no text file"),
        (b"\x89PNG\r\n\x1a\n\0\0", "no text file"),
        (b"PK\x03\x04zip", "no text file"),
        (b"text with\0a nul", "no text file"),
        (b"<!DOCTYPE html><html><body>3 authors</body></html>", "web page"),
        (b'<?xml version="1.0"?><feed/>', "feed"),
        (b'[{"name": "something else"}]', "JSON"),
        (HEADER.encode(), "no papers"),
        (b"Get trending papers in your email inbox!\nSubscribe\n", "no papers"),
        (b"import os\n\n\ndef main():\n    return os\n", "no Daily Papers page"),
        (
            b"# Notes\n\nSome prose about 3 authors.\n\n- a list\n",
            "no Daily Papers page",
        ),
        (b"title,url,tags\nA paper,https://a.org,x|y\n", "no Daily Papers page"),
        ((ABSTRACT + "\n").encode() * 6, "no Daily Papers page"),
        (
            f"Introduction\n{ABSTRACT}\nMethods\n{ABSTRACT}\nResults\n{ABSTRACT}\n".encode(),
            "no Daily Papers page",
        ),
        (
            b"### [A](https://a.org)\n[B](https://b.org)\n[C](https://c.org)\n\xc2\xb7\nMay 4\n",
            "links written out",
        ),
    ],
)
def test_what_is_no_page_is_refused_with_its_name_and_what_to_do(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=f"^page.txt .*{message}.*: .*(copy|save|open)"):
        parse(data, "page.txt", today=TODAY)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("HKUST", "HKUST"),
        ("CohereLabs Cohere Labs", "Cohere Labs"),
        ("AQ-MedAI AQ", "AQ"),
        ("uwmadison University of Wisconsin-Madison", "University of Wisconsin-Madison"),
        ("BIT Beijing Institute of Technology", "Beijing Institute of Technology"),
        ("zju Zhejiang University", "Zhejiang University"),
        ("Hong Kong Polytechnic University", "Hong Kong Polytechnic University"),
        ("MIT HAN Lab", "MIT HAN Lab"),
        ("École Polytechnique", "École Polytechnique"),
        ("QUAY -", "QUAY"),
        ("* *", None),
    ],
)
def test_an_organization_is_shown_by_its_name(line: str, name: str | None) -> None:
    assert organization_name(line) == name
    assert read(HEADER + card("A Title", f"{line}\n·\nMay 4, 2023")).listings[0].organization == name


# Whole papers, rendered as the dumpers do, come back as they were.

_WORDS = st.text(
    st.sampled_from("abcdefghijklmnopqrstuvwxyzABCDEFGH0123456789éßПж中"),
    min_size=1,
    max_size=12,
)
_TITLES = (
    st.lists(_WORDS, min_size=2, max_size=14).map(" ".join).flatmap(lambda t: st.sampled_from([t, t + "?", t + "!"]))
)
_ABSTRACTS = st.lists(_WORDS, min_size=5, max_size=30).map(lambda words: (" ".join(words) + ". ") * 6).map(str.strip)
_PAPERS = st.builds(
    Listing,
    title=_TITLES,
    abstract=_ABSTRACTS,
    published=st.dates(date(1995, 1, 1), date(2024, 12, 31)),
    n_authors=st.integers(1, 3000),
    comments=st.none() | st.integers(0, 999),
)


@given(
    st.lists(_PAPERS, min_size=1, max_size=6),
    st.booleans(),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(1, 3),
)
def test_any_papers_as_cards_come_back_identical(papers: list[Listing], header: bool, end: str, blanks: int) -> None:
    blocks = [HEADER.strip()] if header else []
    for paper in papers:
        assert paper.published is not None
        day = f"{paper.published:%b} {paper.published.day}, {paper.published.year}"
        comments = "" if paper.comments is None else f" {paper.comments}"
        blocks += [
            paper.title,
            paper.abstract or "",
            f"  • {paper.n_authors} authors\n·\n{day}{comments}",
        ]
    digest = read(("\n" + "\n" * blanks).join(blocks).replace("\n", end))
    assert list(digest.listings) == papers
    assert digest.unparsed == ()


@given(st.lists(_PAPERS, min_size=1, max_size=8))
def test_any_papers_as_flat_text_come_back_identical(papers: list[Listing]) -> None:
    lines = [line for paper in papers for line in (paper.title, paper.abstract)]
    digest = read("Get trending papers in your email inbox!\nSubscribe" + "\n".join(map(str, lines)))
    assert [(paper.title, paper.abstract) for paper in digest.listings] == [(p.title, p.abstract) for p in papers]
    assert digest.unparsed == ()


_LINES = st.sampled_from(
    [
        "",
        "·",
        "•",
        "-",
        "12",
        "3 authors",
        "  • 3 authors",
        "HKUST",
        "A Title",
        "May 4",
        "May 4, 2023 2",
        "Nov 31",
        ABSTRACT,
        "Subscribe",
        "SubscribeGlued",
        "Daily Papers",
        "Get trending papers in your email inbox!",
        "A · May 4",
        "\x1b[1m",
        r"{\it }",
    ]
)


@given(
    st.binary()
    | st.text().map(str.encode)
    | st.lists(_LINES, max_size=30).map(lambda lines: "\n".join(lines).encode())
    | st.lists(_LINES, max_size=12).map(lambda lines: (CARDS[:1500] + "\n".join(lines)).encode())
)
def test_no_document_breaks_a_promise(data: bytes) -> None:
    hold(data)
