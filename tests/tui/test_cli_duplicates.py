"""`duplicates`: what is listed, and what merging two papers and keeping them apart says."""

import pytest

from store.library import Library
from tests.store.making import digest
from tests.store.test_duplicates import OTHER, paper
from tests.tui.conftest import Paperdeck

TITLES = ("WindowKV: Keeping what matters", "WindowKV: Keep What Matters \x1b[31m[/b]")


@pytest.fixture(autouse=True)
def papers(library: Library) -> None:
    library.import_digest(digest(paper(TITLES[0]), paper("Walking", abstract=OTHER), day=None))
    library.import_digest(digest(paper(TITLES[1], arxiv_id="2501.00001")))


def test_a_pipe_gets_a_line_a_pair(paperdeck: Paperdeck) -> None:
    ran = paperdeck("duplicates")
    assert ran.status == 0
    one, other, percent, *titles, reason = ran.out.rstrip("\n").split("\t")
    assert (one, other) == ("1", "3")
    assert 80 < int(percent) <= 100
    assert titles == [TITLES[0], "WindowKV: Keep What Matters [/b]"]
    assert reason == "Nearly the same title, the same abstract"


def test_json_is_an_array_of_both_papers_with_score_and_reason(paperdeck: Paperdeck, library: Library) -> None:
    (pair,) = paperdeck("duplicates", "--json").json
    assert set(pair) == {"one", "other", "score", "reason"}
    assert (pair["one"]["id"], pair["other"]["arxiv_id"]) == (1, "2501.00001")
    library.keep_apart(1, 3)
    ran = paperdeck("duplicates", "--json")
    assert (ran.json, ran.err) == ([], "")


def test_nothing_to_decide_is_said(paperdeck: Paperdeck, library: Library) -> None:
    library.keep_apart(1, 3)
    ran = paperdeck("duplicates")
    assert (ran.status, ran.out, ran.err) == (0, "", "No two papers look like one.\n")


def test_limit_bounds_the_list(paperdeck: Paperdeck, library: Library) -> None:
    library.import_digest(digest(paper("WindowKV: Kept what mattered"), day="2025-12-01"))
    assert len(paperdeck("duplicates").out.splitlines()) == 3
    assert len(paperdeck("duplicates", "--limit", "2").out.splitlines()) == 2
    assert paperdeck("duplicates", "--limit", "0").status == 2


def test_the_older_paper_stays_and_undo_parts_them(paperdeck: Paperdeck, library: Library) -> None:
    ran = paperdeck("duplicates", "merge", "2501.00001", "1")
    assert (ran.status, ran.out) == (0, "")
    assert ran.err == "Merged two papers into “WindowKV: Keep What Matters [/b]”, which is paper 1.\n"
    assert sorted(library.ids()) == [1, 2]
    assert "Merged two papers" in paperdeck("undo").err
    assert sorted(library.ids()) == [1, 2, 3]


def test_apart_is_remembered(paperdeck: Paperdeck) -> None:
    assert paperdeck("duplicates", "apart", "3", "1").err.startswith("Kept apart “WindowKV")
    assert paperdeck("duplicates").out == ""
    assert paperdeck("duplicates", "apart", "1", "3").err == "Nothing to change.\n"
    assert "apart" in paperdeck("log").out


@pytest.mark.parametrize("what", ["merge", "apart"])
def test_it_takes_two_papers(paperdeck: Paperdeck, library: Library, what: str) -> None:
    assert paperdeck("duplicates", what, "1", "99").status == 1
    assert paperdeck("duplicates", what, "3", "2501.00001").status == 2
    assert paperdeck("duplicates", what, "1").status == 2
    assert not library.log()
