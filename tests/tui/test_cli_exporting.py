"""`paperdeck export`: formats, templates, and what goes to the file, to the pipe and to the person."""

import csv
import io
import json
from pathlib import Path

import pytest

from store.exports import FORMATS
from store.library import Library
from tests.store.making import digest
from tests.tui.conftest import Paperdeck


@pytest.fixture(autouse=True)
def three_papers(library: Library) -> None:
    library.import_digest(digest("One", "Two", "Three"))


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_goes_to_a_file_as_to_a_pipe(paperdeck: Paperdeck, tmp_path: Path, name: str) -> None:
    file = tmp_path / f"list{FORMATS[name].suffix}"
    printed = paperdeck("export", "", "--format", name)
    assert (printed.status, printed.err) == (0, "")
    assert paperdeck("export", "", "--format", name, "--output", str(file)).status == 0
    assert file.read_bytes().decode() == printed.out
    assert all(title in printed.out for title in ("One", "Two", "Three"))


def test_json_is_what_list_prints_and_import_reads(paperdeck: Paperdeck, library: Library, tmp_path: Path) -> None:
    library.tag([1], add=["rl"])
    file = tmp_path / "list.json"
    paperdeck("export", "", "--format", "json", "--output", str(file))
    assert json.loads(file.read_text()) == paperdeck("list", "--json").json
    assert (
        "3 known" in paperdeck("import", str(file)).err or paperdeck("import", str(file), "--json").json["listed"] == 3
    )


def test_what_a_format_has_no_place_for_is_said(paperdeck: Paperdeck) -> None:
    ran = paperdeck("export", "", "--format", "csv", "--group", "day")
    assert (ran.status, ran.err) == (0, "There are no groups in CSV: --group changes nothing.\n")
    assert len(list(csv.reader(io.StringIO(ran.out)))) == 4
    assert paperdeck("export", "", "--format", "csv", "--group", "none").err == ""


def test_abstracts_and_notes_can_be_left_out_of_every_format(paperdeck: Paperdeck, library: Library) -> None:
    library.note(1, "Mine alone")
    for name in FORMATS:
        whole = paperdeck("export", "", "--format", name).out
        assert "We study One." in whole
        assert "Mine alone" in whole
        short = paperdeck("export", "", "--format", name, "--no-abstracts", "--no-notes").out
        assert "We study One." not in short
        assert "Mine alone" not in short


def test_our_template_is_where_ones_own_begins(paperdeck: Paperdeck, tmp_path: Path) -> None:
    for name, file in (("markdown", tmp_path / "mine.md.jinja"), ("html", tmp_path / "mine.html.jinja")):
        file.write_text(paperdeck("export", "--format", name, "--show-template").out)
        ours = paperdeck("export", "", "--format", name).out
        assert paperdeck("export", "", "--template", str(file)).out == ours
    assert paperdeck("export", "--show-template").out == (tmp_path / "mine.md.jinja").read_text()


def test_a_template_that_is_wrong_is_a_sentence_and_writes_nothing(paperdeck: Paperdeck, tmp_path: Path) -> None:
    file, output = tmp_path / "mine.md.jinja", tmp_path / "out.md"
    file.write_text("{% for paper in papers %}\n{{ paper.titel }}\n{% endfor %}\n")
    ran = paperdeck("export", "", "--template", str(file), "--output", str(output))
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == f"paperdeck: {file}, line 2: a paper has no titel.\n"
    assert not output.exists()
    file.write_bytes(b"\xff")
    assert "it is no UTF-8 text" in paperdeck("export", "", "--template", str(file)).err
    missing = paperdeck("export", "", "--template", str(tmp_path / "none"))
    assert (missing.status, "No such file" in missing.err) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [("--template", "x", "--format", "csv"), ("--show-template", "--format", "csv"), ("--format", "docx")],
)
def test_what_does_not_go_together_is_wrong_usage(paperdeck: Paperdeck, arguments: tuple[str, ...]) -> None:
    ran = paperdeck("export", "", *arguments)
    assert (ran.status, ran.out) == (2, "")


def test_an_export_of_nothing_says_so(paperdeck: Paperdeck) -> None:
    assert paperdeck("export", "tag:nope", "--format", "bibtex")[::2] == (0, "No paper matches.\n")
    assert paperdeck("export", "--format", "bibtex").err == "Nothing is starred yet: that is the reading list.\n"


def test_a_library_without_a_name_is_wrong_usage(paperdeck: Paperdeck) -> None:
    ran = paperdeck("--db", "", "list")
    assert ran.status == 2
    assert "'--db': it names no file" in ran.err
