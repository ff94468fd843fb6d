"""The HTML export: one page by itself, in which all text means itself, read by a parser and drawn by a browser."""

import re
import struct
import zlib
from base64 import b64encode
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from store.entries import Entry
from store.exports import ExportOptions, render
from store.exports.escaping import folded
from store.harmless import harmless_lines
from store.links import web_address
from tests.hostile import TEXTS, obeyed
from tests.store.browsing import chromium, needs_chromium
from tests.store.papers import WINDOW_KV, hostile, paper

TODAY = date(2026, 3, 1)
PAPERS = (*hostile(), WINDOW_KV)


def page(*papers: Entry, **options: object) -> str:
    return render(papers, ExportOptions("html", **options), today=TODAY)


class Read(HTMLParser):
    """The elements of a page: (tag, attributes, text within, own whitespace kept)."""

    VOID = frozenset(("meta", "br"))

    def __init__(self, document: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.open: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.feed(document)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = (tag, dict(attrs), [])
        self.elements.append(element)
        if tag not in self.VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, _, texts in self.open:
            texts.append(data)

    def all(self, tag: str, kind: str | None = None) -> list[str]:
        found = (("".join(texts), attributes) for name, attributes, texts in self.elements if name == tag)
        return [text for text, attributes in found if kind is None or attributes.get("class") == kind]


def test_a_paper_stands_with_all_that_is_known_of_it() -> None:
    read = Read(page(WINDOW_KV))
    assert read.all("h3") == [WINDOW_KV.title]
    assert read.all("p", "facts") == ["23 Mar 2025 · Youhui Zuo, Jan van der Berg · HKUST · 2 comments"]
    assert read.all("p", "links")[0].split("\n")[1:-1] == ["arXiv:2503.17922", "PDF", "Hugging Face", "Code"]
    assert read.all("ul", "tags") == ["kv_cacheto cite"]
    assert read.all("div", "note") == [WINDOW_KV.note]
    assert read.all("p", "abstract") == [WINDOW_KV.abstract]
    assert read.all("p", "count") == ["1 Mar 2026 · 1 paper"]


def test_abstracts_and_notes_can_be_left_out() -> None:
    read = Read(page(WINDOW_KV, abstracts=False, notes=False))
    assert read.all("p", "abstract") + read.all("div", "note") == []


@pytest.mark.parametrize("group", ["tag", "day", "none"])
def test_every_hostile_text_means_itself(group: str) -> None:
    document = page(*PAPERS, group=group, title=TEXTS["html"])
    read = Read(document)
    assert {tag for tag, _, _ in read.elements} <= {
        *(
            "html",
            "head",
            "meta",
            "title",
            "style",
            "body",
            "header",
            "h1",
            "h2",
            "h3",
            "nav",
            "ol",
            "ul",
            "li",
            "main",
        ),
        *("section", "article", "p", "div", "a"),
    }
    assert sorted(read.all("h3")) == sorted(folded(one.title) for one in PAPERS)
    assert sorted(read.all("div", "note")) == sorted(harmless_lines(one.note) for one in PAPERS if one.note.strip())
    assert read.all("h1") == read.all("title") == [folded(TEXTS["html"])]
    assert obeyed(document, but="\n\t\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") == []


def test_links_lead_to_the_web_or_to_what_is_in_the_page() -> None:
    document = page(*PAPERS)
    targets = [attributes["href"] for tag, attributes, _ in Read(document).elements if tag == "a"]
    ids = re.findall(' id="([^"]*)"', document)
    assert len(ids) == len(set(ids))
    assert {target[1:] for target in targets if target.startswith("#")} == set(ids)
    assert all(web_address(target) for target in targets if not target.startswith("#"))


def test_the_page_is_allowed_its_own_style_and_nothing_else() -> None:
    document = page(WINDOW_KV)
    policy = next(attributes["content"] for tag, attributes, _ in Read(document).elements if "http-equiv" in attributes)
    style = re.search("<style>(.*)</style>", document, re.DOTALL)[1]
    own = b64encode(sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{own}'; base-uri 'none'; form-action 'none'"
    assert not re.search(r"url\(|@import|<link|<script|<img| src=| style=", style + document.replace(style, ""))


def pixels(png: bytes) -> list[bytes]:
    """The lines of a screenshot (8 bits a channel, not interlaced), filtered as they stand in the file."""
    width, _, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert depth == 8
    data, at = b"", 8
    while at < len(png):
        (size,), name = struct.unpack(">I", png[at : at + 4]), png[at + 4 : at + 8]
        data += png[at + 8 : at + 8 + size] if name == b"IDAT" else b""
        at += size + 12
    raw = zlib.decompress(data)
    stride = width * {2: 3, 6: 4}[kind] + 1
    return [raw[start : start + stride] for start in range(0, len(raw), stride)]


@needs_chromium
def test_a_browser_draws_and_prints_it_and_finds_nothing_to_run(tmp_path: Path) -> None:
    file, shot, printed = tmp_path / "page.html", tmp_path / "page.png", tmp_path / "page.pdf"
    file.write_text(page(WINDOW_KV, *hostile()), encoding="utf-8", errors="replace")
    tree = chromium(tmp_path / "one", f"--screenshot={shot}", "--window-size=1000,1200", "--dump-dom", file.as_uri())
    assert "<script" not in tree
    assert tree.count("<article") == len(TEXTS) + 1
    # Text has been drawn with the page's own style: the picture has many lines that are neither alike nor blank.
    lines = pixels(shot.read_bytes())
    assert len(lines) == 1200
    assert len(set(lines)) > 300
    chromium(tmp_path / "two", "--no-pdf-header-footer", f"--print-to-pdf={printed}", file.as_uri())
    assert printed.read_bytes().startswith(b"%PDF")


def test_contents_are_for_more_than_one_paper() -> None:
    assert Read(page(WINDOW_KV)).all("nav") == []
    assert Read(page(WINDOW_KV, paper(8, "Two"))).all("nav") != []
    assert "0 papers" in page()
