"""The CSV export: any reader gets the cells back, and no spreadsheet calculates one."""

import csv
import unicodedata
from datetime import date
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.entries import Entry
from store.exports import ExportOptions, render
from store.exports.csv import cell
from store.harmless import harmless_lines
from tests.store.papers import WINDOW_KV, hostile, paper

TODAY = date(2026, 3, 1)


def document(*papers: Entry, **options: object) -> str:
    return render(papers, ExportOptions("csv", **options), today=TODAY)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline=""), strict=True))


def test_a_paper_is_a_row_under_a_header() -> None:
    text = document(WINDOW_KV)
    assert text.startswith(f"{','.join(Entry._fields)}\r\n")
    assert text.endswith("\r\n")
    row = rows(text)[0]
    assert row["authors"] == "Youhui Zuo; Jan van der Berg"
    assert row["tags"] == "kv_cache, to cite"
    assert row["days"] == "2025-11-27, 2025-11-28"
    assert (row["starred"], row["read"], row["upvotes"]) == ("true", "false", "5")
    assert row["note"] == f"{WINDOW_KV.note}"
    assert rows(document(paper(1, "One")))[0]["abstract"] == ""
    assert document() == f"{','.join(Entry._fields)}\r\n"


def test_abstracts_and_notes_can_be_left_out() -> None:
    row = rows(document(WINDOW_KV, abstracts=False, notes=False))[0]
    assert (row["abstract"], row["note"]) == ("", "")


def test_every_hostile_text_comes_back_and_is_no_formula() -> None:
    papers = hostile()
    found = rows(document(*papers))
    for one, row in zip(papers, found, strict=True):
        for field in ("title", "abstract", "organization", "note", "code_url", "project_url"):
            text = harmless_lines(getattr(one, field))
            assert row[field] in {text, f"'{text}"}
        assert not any(map(calculated, row.values()))


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_no_cell_falls_apart_into_formulas_where_a_spreadsheet_splits_at_other_signs(separator: str) -> None:
    title = f"Hello{separator}=1+1{separator}x"
    text = document(paper(1, title))
    assert f',"{title}",' in text
    assert rows(text)[0]["title"] == title


def calculated(text: str) -> bool:
    """Whether a spreadsheet might take a cell for a formula."""
    seen = text.lstrip("".join(sign for sign in text if sign.isspace() or unicodedata.category(sign) in {"Cc", "Cf"}))
    return text[:1] in {"\t", "\r", "\n"} or unicodedata.normalize("NFKC", seen)[:1] in {*"=+-@\u2212"}


@pytest.mark.parametrize(
    "text",
    [
        *("=1", "+1", "-1", "@x", "\t1", "\r1", "\n1", " =1", "\u00a0=1", "\u3000+1", "\u200b=1", "\ufeff=1", "\0=1"),
        *("＝1", "＋1", "－1", "＠x", "﹦1"),
    ],
)
def test_what_a_spreadsheet_would_calculate_is_text(text: str) -> None:
    assert cell(text) == f"'{harmless_lines(text)}"


@pytest.mark.parametrize("text", ["a=1", "'=1", "1-2", "", "x\n=1", '"=1"', "π−1"])
def test_what_is_text_already_stays_as_it_is(text: str) -> None:
    assert cell(text) == text


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["", *"=+-@＝＋－＠\t\r\n \u00a0\u200b\0"]))
def test_no_cell_is_a_formula(text: str, before: str) -> None:
    found = rows(document(paper(1, before + text)))[0]["title"]
    assert not calculated(found)
    assert found.removeprefix("'") == harmless_lines(before + text).removeprefix("'")
