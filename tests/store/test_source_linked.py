"""Pages of Daily Papers with their links written out, in each of the ways that programs have of writing them."""

import json
import random
import re
import textwrap
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import SourceError, StoreError
from store.models import Digest
from store.sources import parse
from store.text import clean

FIXTURES = Path(__file__).parent.parent / "fixtures"
MARKDOWN = (FIXTURES / "linked_markdown.md").read_text(encoding="utf-8")
OTHERS = {name: (FIXTURES / name).read_text() for name in ("linked_numbers.txt", "linked_lynx.txt", "linked_notes.txt")}
TODAY: Final = date(2031, 1, 1)
HF: Final = "https://huggingface.co"


def read(text: str) -> Digest:
    return parse(text.encode(), "page.md", today=TODAY)


def test_markdown_gives_every_field_that_stands_there() -> None:
    digest = read(MARKDOWN)
    assert (digest.format, digest.day, digest.unparsed) == ("linked", date(2026, 3, 5), ())
    slow, newspapers, bare = digest.listings
    assert slow.title == "Slow Looking: Reading Pages the Way People Do"
    assert slow.abstract is not None
    assert slow.abstract.startswith(
        "We look at pages slowly and find that [most of] them are read in two passes, as M. Mile"
    )
    assert "Milenković" in slow.abstract
    assert "9.5% better over the interval [0, 1) than" in slow.abstract
    assert slow.code_url == "https://github.com/example-lab/slow-looking"
    assert (slow.arxiv_id, slow.upvotes, slow.comments) == ("2602.00017", 1204, 6)
    assert (slow.organization, slow.n_authors, slow.published) == ("Lowland AI Institute", None, date(2026, 2, 2))
    assert (newspapers.title, newspapers.upvotes, newspapers.n_authors) == ("1984", None, 3)
    assert newspapers.abstract == "Newspapers of one year are counted, and nobody has counted them before."
    assert (bare.abstract, bare.upvotes, bare.n_authors, bare.arxiv_id) == (None, 2, 1, "2510.00042")


@pytest.mark.parametrize("name", OTHERS)
def test_numbers_and_addresses_below_say_the_same_as_markdown(name: str) -> None:
    digest = read(OTHERS[name])
    assert (digest.format, digest.day, digest.unparsed) == ("linked", date(2026, 6, 29), ())
    ferries, knots = digest.listings
    assert ferries.title.endswith("Longer Than a Line of Eighty Characters")
    assert ferries.abstract is not None
    assert ferries.abstract.endswith("as others found [3][4] for the half-open interval [0, 1) of a day.")
    assert (ferries.arxiv_id, ferries.upvotes, ferries.comments) == ("2605.30001", None, None)
    assert (ferries.n_authors, ferries.published) == (3, date(2026, 5, 30))
    assert (knots.title, knots.arxiv_id, knots.upvotes, knots.comments) == ("Knots: 2048 Ways", "2403.02048", 65, 6)
    assert (knots.organization, knots.published) == ("QUAY Institute of Rope", date(2024, 3, 8))
    assert knots.project_url == "https://knots.example.org/list"


def test_without_the_list_of_references_only_the_ids_are_missing() -> None:
    text = OTHERS["linked_numbers.txt"]
    without = read(text[: text.index("\n[29]:")])
    whole = read(text)
    assert without.unparsed == ()
    assert [one.model_copy(update={"arxiv_id": None}) for one in whole.listings] == [
        one.model_copy(update={"published": two.published})
        for one, two in zip(without.listings, whole.listings, strict=True)
    ]
    assert (without.day, without.day_inferred) == (date(2025, 6, 29), True)  # one more than the newest year there is


def test_a_trending_page_that_shows_each_card_twice_gives_each_paper_once() -> None:
    card = f"""[[Picture]]({HF}/papers/2610.00001)

Submitted by

[Picture]

someone

### [Two Cards,
One Paper]({HF}/papers/2610.00001)

An abstract that is no link stands below the title and has enough of words,
in two lines.

[[Picture: quay] QUAY]({HF}/quay) · {{}}Oct 4, 2026

[Upvote

117]({HF}/login?next=%2Fpapers%2F2610.00001)

[GitHub 1.1k](https://github.com/quay/cards) [arXiv Page](https://arxiv.org/abs/2610.00001)

"""
    digest = read("# Trending Papers\n\n" + card.format("Published on ") + card.format(""))
    (paper,) = digest.listings
    assert (paper.title, paper.upvotes, paper.organization) == ("Two Cards, One Paper", 117, "QUAY")
    assert paper.abstract == "An abstract that is no link stands below the title and has enough of words, in two lines."
    assert (paper.code_url, paper.published) == ("https://github.com/quay/cards", date(2026, 10, 4))
    assert digest.unparsed == ()


@pytest.mark.parametrize("place", ["### [1984]", "[- 1 authors]", "Oct 1, 2025\n"])
def test_what_is_not_understood_is_kept(place: str) -> None:
    before, after = MARKDOWN.split(place)
    digest = read(
        f"{before}{place}\n\nSomething else.\n\n{after}" if place[0] == "O" else f"{before}Else.\n\n{place}{after}"
    )
    assert [line.text for line in digest.unparsed] == ["Something else." if place[0] == "O" else "Else."]
    assert [paper.title for paper in digest.listings] == [paper.title for paper in read(MARKDOWN).listings]
    assert digest.listings == read(MARKDOWN).listings


@pytest.mark.parametrize("text", [MARKDOWN, *OTHERS.values()], ids=["markdown", *OTHERS])
def test_of_a_page_cut_off_anywhere_no_half_abstract_is_kept(text: str) -> None:
    whole = {(paper.title, paper.abstract) for paper in read(text).listings}
    references = re.search(r"^References|^\[29\]:", text, re.MULTILINE)
    for size in range(0, references.start() if references else len(text), 7):
        try:
            papers = read(text[:size]).listings
        except SourceError:
            continue
        for paper in papers[:-1]:
            assert (paper.title, paper.abstract) in whole


@pytest.mark.parametrize(
    "text",
    [
        f"# Slow Looking\n\nThe code of [our paper]({HF}/papers/2602.00017), see [arXiv](https://arxiv.org/abs/2602.00017).\n",
        "# Reading list\n\n" + "".join(f"- [Number {n}]({HF}/papers/2602.0001{n})\n" for n in range(5)),
        "[One][1]\n[Two][2]\n[Three][3]\n\n[1]: https://a.org\n[2]: https://b.org\n[3]: https://c.org\n",
    ],
)
def test_a_text_that_only_links_to_papers_is_no_page(text: str) -> None:
    with pytest.raises(SourceError):
        read(text)


def test_a_number_of_thousands_of_digits_breaks_nothing() -> None:
    many = "9" * 5000
    for text in (MARKDOWN.replace("[6](", f"[{many}]("), MARKDOWN.replace("3 authors", f"{many} authors")):
        assert len(read(text).listings) == 3
    assert len(read(MARKDOWN.replace("Apr 16, 2020", f"Apr 16, 2020 {many}")).unparsed) == 1


# Real papers as these programs would have written them.


def _date(paper: dict[str, Any]) -> str:
    day = date.fromisoformat(paper["publishedAt"][:10])
    return f"{day:%b} {day.day}" + ("" if day.year == 2025 else f", {day.year}")


def _is_owned(paper: dict[str, Any]) -> bool:
    return bool(paper["upvotes"] % 3 == 0)


def as_markdown(papers: list[dict[str, Any]]) -> str:
    def escaped(text: str) -> str:
        return re.sub(r"([\[\]\\_*])", r"\\\1", text)

    parts = [f"# Daily Papers\n\n## by [![]({HF}/x.png)AK]({HF}/akhaliq) and the research community\n\nNov 28"]
    for paper in papers:
        page = f"{HF}/papers/{paper['id']}"
        abstract = escaped(paper["summary"].strip()).replace("\n", "\\\\\n")
        title = escaped(" ".join(paper["title"].splitlines()))
        owner = f"[![acme-ai](https://a.b/x.png)Acme AI Lab]({HF}/acme-ai)"
        authors = f"[- ![](https://a.b/x.jpeg)\\\\\n- {len(paper['authors'])} authors]({page})"
        parts += [
            f"[{paper['upvotes'] or '-'}]({HF}/login?next=%2Fpapers%2F{paper['id']})\n\n### [{title}]({page})",
            f"[{abstract}]({page})\n\n{owner if _is_owned(paper) else authors}\n\n·",
            _date(paper) + f"[7]({page}#community)",
        ]
    return "\n\n".join(parts)


def as_notes(papers: list[dict[str, Any]]) -> str:
    parts = ["Subscribe", f"{HF}/login?next=%2Fpapers", "Daily Papers", f"{HF}/papers/date/2025-11-27", "Nov 28"]
    for paper in papers:
        page = f"{HF}/papers/{paper['id']}"
        parts += [f" [-] {paper['upvotes'] or '-'}", f"{HF}/login?next=%2Fpapers%2F{paper['id']}"]
        parts += [" ".join(paper["title"].split()), page, " ".join(paper["summary"].split()), page]
        authors = [f"[\n\n{len(paper['authors'])} authors]({page})"]
        parts += [" ", page, " Acme AI Lab", f"{HF}/acme-ai"] if _is_owned(paper) else authors
        parts += ["·", _date(paper), "7", f"{page}#community"]
    return "\n\n".join(parts)


def as_numbers(papers: list[dict[str, Any]], *, first: bool) -> str:
    """With the number before the text as lynx writes it if `first`, else in brackets behind it."""
    addresses: list[str] = []

    def linked(text: str, address: str, head: str = "") -> str:
        addresses.append(f"{HF}/{address}")
        number = f"[{len(addresses)}]"
        return f"{number}{text}" if first else f"{head}[{text}]{number}"

    def wrapped(text: str) -> str:
        return textwrap.fill(" ".join(text.split()), 110, break_on_hyphens=False, break_long_words=False)

    parts = ["Daily Papers", f"by {linked('AK', 'akhaliq')} and the research community", "Nov 28"]
    for paper in papers:
        page = f"papers/{paper['id']}"
        votes = str(paper["upvotes"] or "-")
        parts.append(linked(votes if first else f"\n{votes}\n", f"login?next=%2Fpapers%2F{paper['id']}"))
        parts.append(linked(wrapped(paper["title"]), page, "### ").replace("\n", "\n" if first else "\n### "))
        abstract = wrapped(paper["summary"])
        owner = "acme-ai Acme AI Lab" if first else "[acme-ai] Acme AI Lab"
        authors = f"* {len(paper['authors'])} authors" if first else f"\n* {len(paper['authors'])} authors\n"
        parts.append(
            linked(abstract if first else f"\n\n{abstract}\n\n", page)
            + ("\n" + linked(owner, "acme-ai") if _is_owned(paper) else "\n" + linked(authors, page))
            + f"\n·\n{_date(paper)} "
            + linked("7", f"{page}#community")
        )
    form = "{}. {}" if first else "[{}]: {}"
    return "\n\n".join([*parts, "\n".join(form.format(n, address) for n, address in enumerate(addresses, start=1))])


_WAYS: Final[dict[str, Callable[[list[dict[str, Any]]], str]]] = {
    "markdown": as_markdown,
    "notes": as_notes,
    "lynx": lambda papers: as_numbers(papers, first=True),
    "numbers": lambda papers: as_numbers(papers, first=False),
}


@pytest.mark.parametrize("way", _WAYS)
def test_real_papers_come_back_from_each_way_of_writing_them(corpus: Path, way: str) -> None:
    for path in sorted((corpus / "hf_api").glob("*.json"))[::12]:
        papers = [entry["paper"] for entry in json.loads(path.read_bytes()) if isinstance(entry, dict)]
        digest = read(_WAYS[way](papers)) if papers else None
        if digest is None:
            continue
        assert (digest.day, digest.unparsed) == (date(2025, 11, 28), ())
        assert [
            (
                one.title,
                one.abstract,
                one.arxiv_id,
                one.upvotes,
                one.comments,
                one.n_authors,
                one.organization,
                one.published,
            )
            for one in digest.listings
        ] == [
            (
                clean(paper["title"]),
                clean(paper["summary"]),
                paper["id"],
                paper["upvotes"] or None,
                7,
                None if _is_owned(paper) else len(paper["authors"]),
                "Acme AI Lab" if _is_owned(paper) else None,
                date.fromisoformat(paper["publishedAt"][:10]),
            )
            for paper in papers
        ]


def test_the_real_dumps_give_what_stands_in_them(corpus: Path) -> None:
    def papers(name: str) -> list[tuple[object, ...]]:
        digest = read((corpus / "hf_pages" / f"hf_search_page_dump_{name}").read_text(encoding="utf-8"))
        assert digest.format == "linked"
        assert len(digest.unparsed) <= 1  # the line that says where the excerpt is from
        assert all(one.abstract for one in digest.listings)
        return [
            (one.arxiv_id, one.upvotes, one.comments, one.n_authors, one.organization, str(one.published))
            for one in digest.listings
        ]

    assert papers("firecrawl_md.md") == [
        ("2606.00683", 101, 6, None, "OCC", "2026-05-29"),
        ("2502.20581", None, None, 3, None, "2025-02-27"),
        ("1902.06006", None, None, 1, None, "2020-04-16"),
    ]
    assert papers("notebooklm.txt") == [
        ("2409.02326", 19, 2, 3, None, "2024-09-03"),
        ("2510.21057", 5, 1, None, "Google", "2025-10-23"),
    ]
    assert papers("text_links.txt") == [
        (None, None, None, 3, None, "2026-05-30"),
        (None, 65, 6, 671, None, "2024-03-08"),
        (None, 24, 3, None, "Microsoft", "2026-03-13"),
    ]


_SPLINTERS = st.sampled_from(
    [
        "](",
        "][3]",
        "[4]",
        "### ",
        "![",
        "\n\n",
        "Text ",
        "3 authors",
        "May 4",
        "Submitted by",
        "1. https://a.b",
        "9" * 5000,
    ]
) | st.sampled_from([*'[])-·7"\\\n', f"{HF}/papers/2602.00017", f"{HF}/login?next=%2Fpapers%2F2602.00017"])


@given(st.lists(_SPLINTERS, max_size=40).map("".join), st.sampled_from([MARKDOWN, *OTHERS.values()]), st.randoms())
def test_no_page_breaks_the_parser(splinters: str, page: str, chance: random.Random) -> None:
    at = chance.randrange(len(page))
    for text in (splinters, page[:at] + splinters + page[at:], page[at:] + splinters):
        try:
            digest = read(text)
        except StoreError:
            continue
        assert digest.listings
        numbers = [line.number for line in digest.unparsed]
        assert numbers == sorted(set(numbers))
