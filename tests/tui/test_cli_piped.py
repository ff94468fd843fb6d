"""IDs on standard input: one command's output is the next one's papers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from store.library import Library
from tests.hostile import TEXTS, obeyed
from tests.store.making import digest, listing
from tests.tui.conftest import Paperdeck

COMMANDS = (
    ["mark", "-", "--star"], ["tag", "-", "--add", "x"], ["note", "-", "--text", "x"], ["show", "-"],
    ["duplicates", "merge", "-"], ["duplicates", "apart", "-"],
)  # fmt: skip


@pytest.fixture(autouse=True)
def papers(library: Library) -> None:
    library.import_digest(digest(listing("One", arxiv_id="2401.00001"), "Two", "Three", "Agents"))


def starred(library: Library) -> list[int]:
    return [entry.id for entry in library.list("is:starred")]


@pytest.mark.parametrize(
    "given",
    [
        b"1 3", b"3\n1\n", b"1\r\n3\r\n", b"\xef\xbb\xbf1\n\n 3 ", b"2401.00001v2 3", b"arxiv.org/abs/2401.00001\n3",
        b"1\t3", b"1\tread\t2025-11-28\tTwo 2\tX\n3\t\t\tThree\t\t\n", b"[1, 3]", b'["2401.00001", "3"]', b"1 3 1",
        b'{"id": 1}\n{"id": 3}\n', b'[{"id": 1, "title": "x"}, {"id": "3"}]', b'\n "1" [3]\n',
    ],
)  # fmt: skip
def test_ids_are_words_lines_of_list_or_json(paperdeck: Paperdeck, library: Library, given: bytes) -> None:
    ran = paperdeck("mark", "-", "--star", stdin=given)
    assert (ran.status, ran.out, ran.err) == (0, "", "Starred 2 papers.\n")
    assert starred(library) == [1, 3]
    assert len(library.log()) == 1


@pytest.mark.parametrize("command", [["list", "-two"], ["search", "one", "OR", "three", "OR", "agents"]])
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_what_a_command_prints_the_next_one_takes(
    paperdeck: Paperdeck, library: Library, command: list[str], form: list[str]
) -> None:
    printed = paperdeck(*command, *form)
    assert paperdeck("tag", "-", "--add", "x", stdin=printed.out.encode()).status == 0
    assert [entry.id for entry in library.list("tag:x")] == [1, 3, 4]


def test_a_real_pipe_of_the_shell_works(library: Library) -> None:
    library.tag([2, 4], add=["rl"])
    environment = {**os.environ, "PAPERDECK_DB": str(library.path)}
    line = "paperdeck list tag:rl | grep -i agent | paperdeck mark - --star"
    shell = f'paperdeck() {{ "{sys.executable}" -m tui "$@"; }}; {line}'
    subprocess.run(["sh", "-c", shell], env=environment, check=True)
    assert starred(library) == [4]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_any_input_is_ids_or_a_message(paperdeck: Paperdeck, text: str) -> None:
    for given in (text, f"1\t{text}", f"[{json.dumps(text)}]", f"[{text}"):
        ran = paperdeck("mark", "-", "--skip", stdin=given.encode("utf-8", "surrogatepass"))
        assert ran.status in {0, 1}
        assert ran.out == ""
        assert obeyed(ran.err, but="\n") == []


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_unknown_id_changes_nothing(paperdeck: Paperdeck, library: Library, command: list[str]) -> None:
    ran = paperdeck(*command, stdin=b"99" if command[0] == "note" else b"1 99")
    assert (ran.status, ran.out) == (1, "")
    assert "no paper 99" in ran.err
    assert not library.log()


@pytest.mark.parametrize("command", [command for command in COMMANDS if command[0] != "duplicates"], ids=" ".join)
@pytest.mark.parametrize("given", [b"", b" \n\n", b"[]"])
def test_no_ids_are_nothing_to_do_and_said(
    paperdeck: Paperdeck, library: Library, command: list[str], given: bytes
) -> None:
    ran = paperdeck(*command, stdin=given)
    assert (ran.status, ran.out) == (0, "")
    assert "No IDs on standard input" in ran.err
    assert not library.log()


@pytest.mark.parametrize(
    "given", [b"[1, ", b'{"title": "x"}', b"[true]", b"[1.5]", b"[[1]]", b"[" * 100_000, b"[null]"]
)
def test_json_that_holds_no_ids_is_told_and_changes_nothing(
    paperdeck: Paperdeck, library: Library, given: bytes
) -> None:
    ran = paperdeck("mark", "-", "1", "--star", stdin=given)
    assert (ran.status, ran.out) == (1, "")
    assert "cannot be read as IDs" in ran.err
    assert not library.log()


def test_ids_of_both_kinds_stand_together(paperdeck: Paperdeck, library: Library) -> None:
    assert paperdeck("mark", "2", "-", "4", "--star", stdin=b"3").status == 0
    assert starred(library) == [2, 3, 4]
    ran = paperdeck("mark", "-", "-", "--star", stdin=b"1")
    assert (ran.status, "once" in ran.err) == (2, True)
    assert paperdeck("mark", "-", "--query", "one", "--star", stdin=b"1").status == 2


def test_a_note_tells_its_id_from_its_text(paperdeck: Paperdeck, library: Library) -> None:
    assert paperdeck("note", "1", "-", stdin=b"text").status == 0
    assert library.entry(1).note == "text"
    assert paperdeck("note", "-", "--append", "more", stdin=b"1\t\t\tOne\t\t\n").status == 0
    assert paperdeck("note", "-", stdin=b"1").out == "text\nmore\n"
    assert paperdeck("note", "-", "--json", stdin=b"1").json == {"id": 1, "note": "text\nmore"}
    for both in (["-", "-"], ["-", "--edit"]):
        ran = paperdeck("note", *both, stdin=b"1")
        assert (ran.status, "Standard input cannot be both" in ran.err) == (2, True)
    ran = paperdeck("note", "-", "--text", "x", stdin=b"1 2")
    assert (ran.status, "2 IDs" in ran.err) == (1, True)
    assert [library.entry(paper).note for paper in (1, 2)] == ["text\nmore", None]


def test_show_of_one_id_is_an_object_and_of_more_an_array(paperdeck: Paperdeck) -> None:
    assert paperdeck("show", "1", "--json").json["id"] == 1
    assert [entry["id"] for entry in paperdeck("show", "2", "1", "--json").json] == [2, 1]
    assert [entry["id"] for entry in paperdeck("show", "-", "--json", stdin=b"1").json] == [1]
    assert paperdeck("show", "-", "--json").json == []
    assert paperdeck("show", "2", "1").out.startswith("Two\n")


def test_two_papers_are_merged_by_what_duplicates_prints(paperdeck: Paperdeck, library: Library) -> None:
    assert paperdeck("duplicates", "merge", "-", stdin=b"3 2").status == 0
    assert library.ids() == [1, 2, 4]
    for given in (b"", b"1", b"1 2 4"):
        assert paperdeck("duplicates", "merge", "-", stdin=given).status == 2


def test_an_export_has_the_papers_that_come_in_and_their_order(paperdeck: Paperdeck, tmp_path: Path) -> None:
    ran = paperdeck("export", "-", "--format", "json", stdin=b"4 1 4")
    assert [entry["id"] for entry in ran.json] == [4, 1]
    ran = paperdeck("export", "-", "--output", str(tmp_path / "x.md"))
    assert (ran.status, ran.out, "No IDs on standard input" in ran.err) == (0, "", True)
    assert not (tmp_path / "x.md").exists()
    assert paperdeck("export", "-", stdin=b"99").status == 1


def test_an_input_that_cannot_be_read_is_told(library: Library) -> None:
    shell = f'"{sys.executable}" -m tui mark - --star < /proc/self/mem'
    environment = {**os.environ, "PAPERDECK_DB": str(library.path)}
    ran = subprocess.run(["sh", "-c", shell], env=environment, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == "paperdeck: Standard input cannot be read (Input/output error); nothing was changed.\n"
