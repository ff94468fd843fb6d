"""The Markdown export: pandoc reads back what was written, whatever titles and notes hold."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.entries import Entry
from store.exports import ExportOptions, render, title_of
from store.exports.escaping import Anchors, folded
from tests.store.papers import paper

TODAY = date(2026, 3, 1)
needs_pandoc = pytest.mark.skipif(shutil.which("pandoc") is None, reason="pandoc is not installed")

NASTY = [
    "# Not a heading #",
    "C# and F## ##",
    "- not a list",
    "1. Not a number",
    "12) Nor this",
    "+ plus",
    "> quoted",
    "=== under",
    "--- rule",
    "*stars* and **bold** and _under_ __dunder__ snake_case_name",
    "[b]bold[/b] [@click=app.quit]x[/]",
    "[link](https://example.org) ![image](x.png) [ref][1] [^1] ^[inline]",
    "<script>alert(1)</script> <b> a<b>c <!-- comment",
    "AT&T &amp; &lt;tag&gt; &#65; &copy; R&D",
    "`code` ``two`` ```fence",
    "~~~ fence ~~gone~~ ~sub~",
    "Costs $5 and $x^2$ or $$y$$",
    "a | b | c",
    "| --- | --- |",
    "[[Wiki link]] #tag ==marked== %%hidden%% ^block-id",
    ":smile: and :+1: at 10:30:45",
    "https://example.org/a_b www.example.org me@example.org @someone",
    "back\\slash \\* at the end \\",
    "trailing spaces   and\ttabs",
    "Ünïcödé 中文标题 العربية 🎉",
    "\"quotes\" -- and --- dashes ... 'single'",
    "!",
    "!!![x]",
    "\\",
    "_",
    "#",
    "1.",
    "WindowKV: Task-Adaptive Group-Wise KV Cache Window Selection",
]


def markdown(*papers: Entry, **options: object) -> str:
    return render(papers, ExportOptions(**options), today=TODAY)


def parsed(document: str, dialect: str) -> list[dict]:
    """The blocks that pandoc reads in a document."""
    run = subprocess.run(
        ["pandoc", "-f", dialect, "-t", "json"], input=document.encode(), capture_output=True, check=True
    )
    return json.loads(run.stdout)["blocks"]


def plain(node: object) -> str:
    """What a person reads of a pandoc node."""
    if isinstance(node, list):
        return "".join(map(plain, node))
    match node:
        case {"t": "Str", "c": text}:
            return text
        case {"t": "Space" | "SoftBreak" | "LineBreak"}:
            return " "
        case {"t": "Code", "c": [_, text]} | {"t": "Math", "c": [_, text]} | {"t": "RawInline", "c": [_, text]}:
            return f"<{node['t']} {text}>"
        case {"t": "Link" | "Span", "c": [_, inner, *_]}:
            return plain(inner)
        case {"t": kind, "c": inner}:
            return f"<{kind} {plain(inner)}>"
    return ""


def headers(blocks: list[dict]) -> Iterator[tuple[int, str, str]]:
    """(level, anchor, text) of each heading of the document itself."""
    for block in blocks:
        if block["t"] == "Header":
            level, (anchor, _, _), inner = block["c"]
            yield level, anchor, plain(inner)


def targets(node: object) -> Iterator[str]:
    """The addresses of all links."""
    if isinstance(node, list):
        for item in node:
            yield from targets(item)
    elif isinstance(node, dict):
        if node.get("t") == "Link":
            yield node["c"][2][0]
        yield from targets(node.get("c", []))


@needs_pandoc
@pytest.mark.parametrize("dialect", ["commonmark", "gfm"])
@pytest.mark.parametrize("group", ["none", "tag", "day"])
def test_pandoc_reads_back_the_titles(dialect: str, group: str) -> None:
    papers = [paper(n, title, tags=("a",), days=("2025-11-28",)) for n, title in enumerate(NASTY)]
    level = 2 if group == "none" else 3
    read = [text for at, _, text in headers(parsed(markdown(*papers, group=group), dialect)) if at == level]
    assert read == [folded(title) for title in NASTY]


@needs_pandoc
def test_pandoc_reads_back_the_titles_of_real_pages(corpus: Path) -> None:
    pages = json.loads((corpus / "seeds" / "reference.json").read_text())["files"].values()
    papers = [
        paper(number, entry["title"], abstract=entry["abstract"])
        for number, entry in enumerate(entry for page in pages for entry in page["papers"])
    ]
    for dialect in ("commonmark", "gfm"):
        blocks = parsed(markdown(*papers, group="none"), dialect)
        assert [text for level, _, text in headers(blocks) if level == 2] == [entry.title for entry in papers]
        paragraphs = {plain(block["c"]) for block in blocks if block["t"] == "Para"}
        assert {" ".join(entry.abstract.split()) for entry in papers if entry.abstract} <= paragraphs


markdown_signs = st.sampled_from([*"#*_-+=<>&;:`~[]()!|\\$^%@./ 1aé中", "www.", "://", "&amp;", "<b>"])
titles = st.one_of(
    st.lists(markdown_signs, min_size=1, max_size=20).map("".join),
    st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"]), min_size=1, max_size=30),
)
titles = titles.map(lambda title: normalize("NFC", title)).filter(folded)


@needs_pandoc
@given(st.lists(titles, min_size=15, max_size=40))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_titles_tags_and_abstracts_come_back(made: list[str]) -> None:
    papers = [paper(n, title, abstract=title, organization=title) for n, title in enumerate(made)]
    document = markdown(*papers, group="none")
    for dialect in ("commonmark", "gfm"):
        blocks = parsed(document, dialect)
        expected = [" ".join(folded(title).split(" ")) for title in made]
        assert [text for level, _, text in headers(blocks) if level == 2] == expected
        assert [block["t"] for block in blocks] == ["Header", "Para"] + ["Header", "Para", "Para"] * len(made)
        assert [plain(block["c"]) for block in blocks[4::3]] == expected


@needs_pandoc
def test_contents_lead_to_the_headings_also_where_titles_repeat() -> None:
    papers = [
        paper(1, "Same title", tags=("rl",), note="# Same title\n\n## Contents"),
        paper(2, "Same title", tags=("rl", "zz")),
        paper(3, "Same *title*", tags=("same title",)),
        paper(4, "What? Why, & how: a C++/C# “survey” – état de l'art 中文 snake_case 🎉!", tags=("kv cache",)),
        paper(5, "Contents"),
    ]
    blocks = parsed(markdown(*papers, group="tag"), "gfm")
    anchors = {anchor for _, anchor, _ in headers(blocks)}
    links = [target.removeprefix("#") for target in targets(blocks) if target.startswith("#")]
    assert set(links) <= anchors
    assert len(links) == len(set(links)) == 4 + len(papers)


def test_an_anchor_never_names_two_headings() -> None:
    anchors = Anchors()
    assert [anchors.add(heading) for heading in ("A b!", "a B", "a b 1", "A b", "É – é")] == [
        "a-b", "a-b-1", "a-b-1-1", "a-b-2", "é--é",
    ]  # fmt: skip


def test_a_paper_stands_once_under_its_first_tag_with_all_of_them_named() -> None:
    document = markdown(paper(1, "One", tags=("b", "c")), paper(2, "Two", tags=("a",)), paper(3, "Three"))
    assert [line for line in document.split("\n") if line.startswith("#")] == [
        "# Reading list", "## Contents", "## a", "### Two", "## b", "### One", "## Untagged", "### Three",
    ]  # fmt: skip
    assert "Tags: `b`, `c`" in document


def test_days_come_newest_first_and_name_the_newest_listing() -> None:
    papers = [paper(1, "Old", days=("2025-11-01",)), paper(2, "Back again", days=("2025-11-01", "2025-11-28"))]
    document = markdown(*papers, paper(3, "Flat"), group="day")
    assert [line for line in document.split("\n") if line.startswith("## ")] == [
        "## Contents", "## 28 Nov 2025", "## 1 Nov 2025", "## No day",
    ]  # fmt: skip


def test_without_anything_to_group_by_there_are_no_groups() -> None:
    document = markdown(paper(1, "One"), paper(2, "Two"), group="tag")
    assert "Contents" not in document
    assert "Untagged" not in document


def test_a_document_says_what_it_is_when_it_was_made_and_how_many_papers_it_has() -> None:
    assert markdown(title="tag:kv_cache #1").startswith("# tag:kv_cache \\#1\n\n1 Mar 2026 · 0 papers\n")
    assert "1 Mar 2026 · 1 paper\n" in markdown(paper(1, "One"))
    assert title_of("is:starred") == "Reading list"
    assert title_of("") == "All papers"
    assert title_of(" tag:rl -is:read ") == "tag:rl -is:read"


def test_a_paper_has_its_meta_line_with_links() -> None:
    document = markdown(
        paper(
            1,
            "One",
            arxiv_id="2401.12345",
            url="https://arxiv.org/abs/2401.12345",
            published="2024-01-22",
            authors=("Ada *Lovelace*", "B. Two"),
            organization="Cohere [Labs]",
            comments=2,
            code_url="https://github.com/a/b_(c)?x=1&copy=2",
            project_url="https://x.org/ü ü",
        )
    )
    assert (
        "22 Jan 2024 · Ada \\*Lovelace\\*, B. Two · Cohere \\[Labs\\] · 2 comments · "
        "[arXiv](https://arxiv.org/abs/2401.12345) · [PDF](https://arxiv.org/pdf/2401.12345) · "
        "[Hugging Face](https://huggingface.co/papers/2401.12345) · "
        "[Code](https://github.com/a/b_%28c%29?x=1&amp;copy=2) · [Project](https://x.org/%C3%BC%20%C3%BC)\n"
    ) in document


def test_a_paper_without_an_id_is_searched_for_by_its_title() -> None:
    document = markdown(paper(1, "R&D (50%)", n_authors=8))
    assert "8 authors · [Search on Hugging Face](https://huggingface.co/papers?q=R%26D+%2850%25%29)\n" in document


def test_an_address_that_is_not_of_the_web_is_no_link() -> None:
    assert "javascript" not in markdown(paper(1, "One", code_url="javascript:alert(1)"))


def test_abstracts_can_be_left_out() -> None:
    one = paper(1, "One", abstract="An abstract.")
    assert "\n\nAn abstract.\n" in markdown(one)
    assert "An abstract." not in markdown(one, abstracts=False)


def test_a_note_stands_as_it_was_written() -> None:
    note = "**Read this** because $x$:\n\n- one\n- [[two]] #tag\n\n```py\nif a < b: pass\n```\n<b>bold</b> `<i>`"
    document = markdown(paper(1, "One", note=note))
    assert "\n".join(f"> {line}" if line else ">" for line in note.split("\n")) in document


@needs_pandoc
@pytest.mark.parametrize(
    "note",
    [
        "# Heading\n\nSetext\n===",
        "```python\nnever closed",
        "~~~",
        "<!-- never closed",
        "<div>\n\nopen",
        "</blockquote>",
        "<script>",
        "<table",
        "text <details><summary>x</summary>",
        "    indented code",
        "- list\n  - deeper",
        "> quoted\n> > twice",
        "[x]: https://example.org\n[^1]: foot",
        "| a |\n| - |",
        "line\r\nline\rline",
        "\n\n\n",
        "$$\nopen math",
        "%%",
        "ends with \\",
    ],
)
def test_no_note_reaches_beyond_its_place(note: str) -> None:
    document = markdown(paper(1, "One", note=note, abstract="First."), paper(2, "Two"), group="none")
    for dialect in ("commonmark", "gfm"):
        blocks = parsed(document, dialect)
        assert [text for _, _, text in headers(blocks)] == ["Reading list", "One", "Two"]
        assert "First." in [plain(block["c"]) for block in blocks if block["t"] == "Para"]
    to_html = ["pandoc", "-f", "gfm", "-t", "html"]
    html = subprocess.run(to_html, input=document.encode(), capture_output=True, check=True).stdout
    for raw in (b"<!--", b"<div>", b"<script>", b"<table\n", b"<details>"):
        assert raw not in html
    assert html.count(b"<blockquote>") == html.count(b"</blockquote>")
