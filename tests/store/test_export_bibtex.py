"""The BibTeX export: keys that stay, and text that biber, bibtexparser, pandoc and our own import read as it is."""

import json
import random
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import bibtexparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.entries import Entry
from store.exports import ExportOptions, render
from store.exports.bibtex import bibtex
from store.exports.citing import citation_key, issued, parted
from store.sources import bibtex as source
from store.text import safe
from tests.hostile import TEXTS, kept
from tests.store.papers import WINDOW_KV, hostile, paper

TODAY = date(2026, 3, 1)
needs_biber = pytest.mark.skipif(shutil.which("biber") is None, reason="biber is not installed")
needs_pandoc = pytest.mark.skipif(shutil.which("pandoc") is None, reason="pandoc is not installed")


def document(*papers: Entry, **options: object) -> str:
    return render(papers, ExportOptions("bibtex", **options), today=TODAY)


def test_an_entry_has_what_is_known_of_its_paper() -> None:
    assert document(WINDOW_KV) == (
        "@misc{windowkv-2503.17922,\n"
        "  title = {{WindowKV: Task-Adaptive Group-Wise KV Cache Window Selection}},\n"
        "  author = {Youhui Zuo and Jan van der Berg},\n"
        "  year = {2025},\n  month = mar,\n  day = {23},\n"
        "  eprint = {2503.17922},\n  archivePrefix = {arXiv},\n"
        "  url = {https://arxiv.org/abs/2503.17922},\n"
        "  keywords = {kv\\_cache, to cite},\n"
        "  annote = {**Read first:**\n\n- one\n\t- two},\n"
        "  abstract = {We gain 10.8\\% \\& more.},\n"
        "}\n"
    )
    assert document(paper(3, "Only a title")) == "@misc{only-3,\n  title = {{Only a title}},\n}\n"
    assert document() == ""


def test_abstracts_and_notes_can_be_left_out() -> None:
    assert not re.search("abstract|annote", document(WINDOW_KV, abstracts=False, notes=False))


@pytest.mark.parametrize(
    ("title", "arxiv_id", "key"),
    [
        ("On the Théorie of π", "2401.00001", "theorie-2401.00001"),
        ("ON THE THEORIE OF X", "2401.00001", "theorie-2401.00001"),
        ("3D Gaussian Splatting in 2024", None, "3d-12"),
        ("2024: a year", "hep-th/9901001", "year-hep-th-9901001"),
        ("A C++ story", None, "story-12"),
        ("中文标题", "2401.00001", "paper-2401.00001"),
        ("{}\\%#~,\"'", None, "paper-12"),
    ],
)
def test_a_key_is_the_first_telling_word_and_the_id(title: str, arxiv_id: str | None, key: str) -> None:
    assert citation_key(paper(12, title, arxiv_id=arxiv_id)) == key


def test_a_key_does_not_depend_on_what_else_is_exported_nor_on_what_is_learned_later() -> None:
    papers = [paper(n, "The same title", arxiv_id=f"2401.{n:05}" if n % 2 else None) for n in range(1, 60)]
    keys = {one.id: citation_key(one) for one in papers}
    assert len(set(keys.values())) == len(papers)
    for _ in range(5):
        some = random.sample(papers, 20)
        assert re.findall("@misc{(.*),", document(*some)) == [keys[one.id] for one in some]
    for one in papers:
        learned = one._replace(
            title="Thé  Same TITLE", authors=("Ada Lovelace",), n_authors=1, organization="X", published="2020-01-01"
        )
        assert citation_key(learned) == keys[one.id]


def test_names_stay_whole() -> None:
    names = ("Ludwig van Beethoven", "John Smith, Jr.", "Research and Development", "Others", "DeepSeek-AI")
    text = bibtex(paper(1, "One", authors=names, n_authors=9))
    assert (
        "author = {Ludwig van Beethoven and {John Smith, Jr.} and {Research and Development} and {Others} and "
        "DeepSeek-AI and others}" in text
    )
    assert "author = {{Cohere Labs}}" in bibtex(paper(1, "One", organization="Cohere Labs"))
    assert parted("Jan van der Berg Jr.") == ("Jan", "van der", "Berg", "Jr.")
    assert parted("Madonna") is None


@pytest.mark.parametrize(("arxiv_id", "archive"), [("hep-th/9901001", "hep-th"), ("math.gt/0309136", "math.GT")])
def test_an_id_of_the_old_style_names_its_archive(arxiv_id: str, archive: str) -> None:
    assert f"primaryClass = {{{archive}}}" in bibtex(paper(1, "One", arxiv_id=arxiv_id))


@pytest.mark.parametrize(
    ("arxiv_id", "date_parts"),
    [
        ("2503.17922", (2025, 3)),
        ("0704.0001", (2007, 4)),
        ("hep-th/9901001", (1999, 1)),
        ("2599.00001", ()),
        (None, ()),
    ],
)
def test_an_id_tells_the_month_where_no_date_is_known(arxiv_id: str, date_parts: tuple[int, ...]) -> None:
    assert issued(paper(1, "One", arxiv_id=arxiv_id)) == date_parts
    assert issued(paper(1, "One")) == ()
    assert issued(paper(1, "One", arxiv_id=arxiv_id, published="2020-02-01")) == (2020, 2, 1)
    assert "  year = {2025},\n  month = mar,\n  eprint" in bibtex(paper(1, "One", arxiv_id="2503.17922"))


@needs_biber
def test_biber_takes_every_hostile_text(tmp_path: Path) -> None:
    file = tmp_path / "all.bib"
    file.write_text(document(*hostile()), encoding="utf-8", errors="replace")
    command = ["biber", "--tool", "--validate-datamodel", f"--output-file={tmp_path / 'out.bib'}", file.name]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    # A paper's date may be unknown, and there are characters on which its Perl has an opinion.
    told = [line for line in ran.stdout.splitlines() if re.match("WARN|ERROR", line)]
    assert [line for line in told if "Missing mandatory field - one of 'date, year'" not in line] == []
    assert (tmp_path / "out.bib").read_text(encoding="utf-8").count("@MISC{") == len(TEXTS)


def test_bibtexparser_reads_every_entry_and_field() -> None:
    papers = hostile()
    library = bibtexparser.parse_string(document(*papers))
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries] == [citation_key(one) for one in papers]
    assert all({"title", "annote", "keywords"} <= entry.fields_dict.keys() for entry in library.entries)


@needs_pandoc
def test_pandoc_reads_the_titles_and_names() -> None:
    ran = subprocess.run(
        ["pandoc", "-f", "biblatex", "-t", "csljson"],
        input=document(WINDOW_KV),
        capture_output=True,
        text=True,
        check=True,
    )
    item = json.loads(ran.stdout)[0]
    assert item["id"] == "windowkv-2503.17922"
    assert re.sub("<[^>]*>", "", item["title"]) == WINDOW_KV.title
    assert item["issued"]["date-parts"] == [[2025, 3, 23]]
    assert [name["family"] for name in item["author"]] == ["Zuo", "Berg"]


def back(*papers: Entry) -> list[tuple[object, ...]]:
    """What our import makes of the export: titles, authors, ids, tags."""
    reading = source.read(document(*papers), "x.bib")
    assert reading.unparsed == ()
    return [
        (one.title, one.authors, one.organization, one.arxiv_id, one.said.tags if one.said else (), one.published)
        for one in reading.listings
    ]


def test_our_import_reads_it_back() -> None:
    assert back(WINDOW_KV) == [
        (WINDOW_KV.title, WINDOW_KV.authors, None, "2503.17922", WINDOW_KV.tags, date(2025, 3, 23))
    ]
    named = "Institute for Research, Development and Others"
    assert back(paper(1, "One", organization=named))[0][1:3] == ((), named)
    assert back(paper(1, "One", authors=(named,)))[0][1:3] == ((named,), None)


texts = st.one_of(
    st.lists(
        st.sampled_from([*r"""\{}~^<>|&%$#_"'`=,;:@()[] aé中""", r"\'e", r"\textit{x}", "{x}", "$x$", " and ", "--"]),
        min_size=1,
        max_size=12,
    ).map("".join),
    st.sampled_from([kept(text) for name, text in TEXTS.items() if name != "noncharacters" and len(text) < 500]),
).map(safe)


@given(
    title=texts.filter(bool),
    authors=st.lists(texts.filter(lambda name: any(map(str.isalnum, name))), max_size=4),
    tags=st.sets(texts.map(lambda tag: safe(tag.replace(",", " ")).lower()).filter(bool), max_size=3),
)
@settings(max_examples=100, deadline=None)
def test_whatever_stands_in_a_paper_comes_back(title: str, authors: list[str], tags: set[str]) -> None:
    given_paper = paper(1, title, authors=tuple(authors), tags=tuple(sorted(tags)), arxiv_id="2401.00001")
    assert back(given_paper) == [(title, tuple(authors), None, "2401.00001", tuple(sorted(tags)), None)]
