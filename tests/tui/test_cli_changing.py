"""Commands that change the person's marks, tags and notes, and those that take it back."""

import sys
from pathlib import Path

import pytest

from store.library import Library
from tests.store.making import digest, listing
from tests.tui.conftest import Paperdeck
from tui.drafts import Drafts


@pytest.fixture(autouse=True)
def papers(library: Library) -> None:
    library.import_digest(digest(listing("One", arxiv_id="2401.00001"), "Two", "Three"))


def state(library: Library, paper: int) -> tuple[bool, bool, bool]:
    entry = library.entry(paper)
    return entry.read, entry.starred, entry.skipped


def test_mark_by_ids_of_both_kinds_is_one_action(paperdeck: Paperdeck, library: Library) -> None:
    ran = paperdeck("mark", "2401.00001v3", "2", "--read", "--star")
    assert (ran.status, ran.out) == (0, "")
    assert "2 papers" in ran.err
    assert [state(library, paper) for paper in (1, 2, 3)] == [(True, True, False)] * 2 + [(False, False, False)]
    assert len(library.log()) == 1


def test_marks_are_taken_off(paperdeck: Paperdeck, library: Library) -> None:
    paperdeck("mark", "1", "--read", "--star")
    paperdeck("mark", "2", "--skip")
    paperdeck("mark", "1", "--unread", "--unstar")
    paperdeck("mark", "2", "--unskip")
    assert {state(library, paper) for paper in (1, 2)} == {(False, False, False)}


def test_mark_by_query_is_exact(paperdeck: Paperdeck, library: Library) -> None:
    paperdeck("mark", "--query", "-one is:inbox", "--skip")
    assert [library.entry(paper).skipped for paper in (1, 2, 3)] == [False, True, True]
    assert "No paper matches" in paperdeck("mark", "--query", "thre one", "--read").err
    assert not library.entry(3).read


def test_marking_again_changes_nothing_and_is_no_error(paperdeck: Paperdeck, library: Library) -> None:
    paperdeck("mark", "1", "--star")
    assert paperdeck("mark", "1", "--star").status == 0
    assert len(library.log()) == 1


@pytest.mark.parametrize("command", [["mark", "--star"], ["tag", "--add", "x"]])
def test_an_unknown_id_changes_nothing(paperdeck: Paperdeck, library: Library, command: list[str]) -> None:
    ran = paperdeck(*command, "1", "99", "2405.55555")
    assert (ran.status, ran.out) == (1, "")
    assert "99" in ran.err
    assert "2405.55555" in ran.err
    assert not library.log()


@pytest.mark.parametrize(
    "arguments",
    [
        ["mark", "--star"],
        ["mark", "1"],
        ["mark", "1", "--query", "x", "--star"],
        ["mark", "1", "--star", "--skip"],
        ["mark", "--query", "tag:", "--star"],
        ["mark", "1", "--mark"],
        ["tag", "1"],
        ["tag", "--add", "x"],
        ["tag", "1", "--query", "x", "--add", "x"],
        ["note"],
        ["note", "1", "text"],
        ["note", "1", "-", "--text", "x"],
        ["note", "1", "--append", "x", "--edit"],
    ],
)
def test_wrong_usage_changes_nothing(paperdeck: Paperdeck, library: Library, arguments: list[str]) -> None:
    ran = paperdeck(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err
    assert not library.log()


def test_tags_are_added_and_removed_any_number_at_once(paperdeck: Paperdeck, library: Library) -> None:
    paperdeck("tag", "1", "2", "--add", "RL", "--add", "kv cache")
    assert library.entry(1).tags == library.entry(2).tags == ("kv cache", "rl")
    paperdeck("tag", "--query", "tag:rl one", "--remove", "rl", "--remove", "kv cache", "--add", "-new")
    assert library.entry(1).tags == ("-new",)
    assert len(library.log()) == 2


def test_a_tag_that_is_none_is_refused(paperdeck: Paperdeck, library: Library) -> None:
    assert paperdeck("tag", "1", "--add", "a,b").status == 1
    assert not library.log()


def test_notes_are_written_appended_read_and_removed(paperdeck: Paperdeck, library: Library) -> None:
    assert paperdeck("note", "1", "--text", "First").status == 0
    paperdeck("note", "1", "--append", "-second")
    assert paperdeck("note", "1").out == "First\n-second\n"
    assert paperdeck("note", "1", "--json").json == {"id": 1, "note": "First\n-second"}
    paperdeck("note", "1", "-", stdin=b"# From a pipe\r\n\r\n\xc3\xa9\n")
    assert library.entry(1).note == "# From a pipe\r\n\r\né"
    paperdeck("note", "1", "--text", "")
    assert library.entry(1).note is None
    assert paperdeck("note", "1").out == ""
    assert paperdeck("note", "2", "--append", "only").status == 0
    assert library.entry(2).note == "only"


@pytest.mark.parametrize(
    "note", ["a\rb", "a\r\nb", "a\r\nb\r\n", "a\n\n", "a\r", "\ufeffa\tb ", "a\x0b\x85\u2028b\nc\r\n", " a\0b"]
)
def test_an_editor_that_changes_nothing_leaves_every_character_of_a_note(
    paperdeck: Paperdeck, library: Library, monkeypatch: pytest.MonkeyPatch, note: str
) -> None:
    library.note(1, note)
    monkeypatch.setenv("VISUAL", "true")
    ran = paperdeck("note", "1", "--edit")
    assert (ran.status, library.entry(1).note) == (0, note)
    assert "Nothing to change" in ran.err


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_an_edited_note_keeps_its_line_ends(
    paperdeck: Paperdeck, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    library.note(1, f"one{end}two")
    monkeypatch.setenv("VISUAL", editor(tmp_path, 'sed -i "s/one/1/" "$2"'))
    assert paperdeck("note", "1", "--edit").status == 0
    assert library.entry(1).note == f"1{end}two"


@pytest.mark.parametrize("text", ["\ufeffone\r\ntwo", "one\rtwo\n", "one\r\n\r\n"])
def test_a_note_from_standard_input_keeps_every_character_but_the_line_end_that_closes_it(
    paperdeck: Paperdeck, library: Library, text: str
) -> None:
    assert paperdeck("note", "1", "-", stdin=f"{text}\n".encode()).status == 0
    assert library.entry(1).note == text


@pytest.mark.parametrize(
    ("note", "end"), [("one\r\n", ""), ("one\r\ntwo", "\r\n"), ("one  ", "\n"), ("one\n\n", ""), ("one\r", "")]
)
def test_appending_keeps_what_there_is_and_begins_a_line(
    paperdeck: Paperdeck, library: Library, note: str, end: str
) -> None:
    library.note(1, note)
    assert paperdeck("note", "1", "--append", "more").status == 0
    assert library.entry(1).note == f"{note}{end}more"
    library.note(1, f"!{note}", instead_of=note)  # written by one who had begun before that
    assert library.entry(1).note == f"!{note}{end}more"


@pytest.mark.parametrize(
    "left", ["mkfifo $2", "ln -s /dev/zero $2", "mkdir $2", "truncate -s 513M $2", "ln -s gone $2"]
)
def test_what_an_editor_leaves_in_place_of_a_note_is_not_read_and_does_not_stay_in_the_way(
    paperdeck: Paperdeck, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: str
) -> None:
    library.note(1, "Before")
    monkeypatch.setenv("VISUAL", editor(tmp_path, f'rm "$2"; {left}'))
    ran = paperdeck("note", "1", "--edit")
    assert (ran.status, library.entry(1).note) == (1, "Before")
    assert "it is over 512 MB" in ran.err if "truncate" in left else "Nothing was changed." in ran.err
    if "mkdir" in left:
        assert Path(ran.err.strip().rsplit(" ", 1)[1]).is_dir()
    if "truncate" not in left:
        monkeypatch.setenv("VISUAL", editor(tmp_path, 'echo more >> "$2"'))
        assert paperdeck("note", "1", "--edit").status == 0
        assert library.entry(1).note == "Before\nmore"


def test_what_is_in_the_way_of_a_draft_is_named(
    paperdeck: Paperdeck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (in_the_way := tmp_path / "library.db-drafts").write_text("")
    monkeypatch.setenv("VISUAL", "true")
    ran = paperdeck("note", "1", "--edit")
    assert ran.status == 1
    assert f"{in_the_way} is in the way: move it elsewhere" in ran.err


def test_a_note_that_is_no_text_is_refused(paperdeck: Paperdeck, library: Library) -> None:
    library.note(1, "kept")
    ran = paperdeck("note", "1", "-", stdin=b"\xff\xfe\x00")
    assert (ran.status, ran.out) == (1, "")
    assert library.entry(1).note == "kept"


def editor(folder: Path, script: str) -> str:
    """A program that edits the file it is given, as $EDITOR names it."""
    program = folder / "an editor"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return f"'{program}' --wait"


def test_the_editor_gets_the_note_and_what_it_saves_is_kept(
    paperdeck: Paperdeck, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.note(1, "Before")
    monkeypatch.setenv("EDITOR", "false")
    monkeypatch.setenv("VISUAL", editor(tmp_path, 'test "$1" = --wait && echo "after ✓" >> "$2"'))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    assert paperdeck("note", "1", "--edit").status == 0
    assert library.entry(1).note == "Before\nafter ✓"
    assert not list((tmp_path / "temporary").iterdir())


@pytest.mark.parametrize("script", ["echo mine >> $2; exit 3", "echo mine >> $2; kill -9 $$", "echo '\\377' >> $2"])
def test_a_failing_editor_loses_nothing(
    paperdeck: Paperdeck, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    library.note(1, "Before")
    monkeypatch.setenv("VISUAL", editor(tmp_path, script.replace("echo '\\377'", "printf 'mine\\377'")))
    ran = paperdeck("note", "1", "--edit")
    assert ran.status == 1
    assert library.entry(1).note == "Before"
    kept = Path(ran.err.strip().rsplit(" ", 1)[1])
    assert kept.read_bytes().startswith(b"Before\nmine")


@pytest.mark.parametrize(
    "command", ["true; touch HACKED", "true && touch HACKED", "true $(touch HACKED) | touch HACKED #"]
)
def test_no_shell_reads_the_editor_or_the_name_of_the_file(
    paperdeck: Paperdeck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VISUAL", command)
    paperdeck("note", "1", "--edit")
    named = tmp_path / "-c $(touch HACKED); touch 'HACKED' &"
    named.mkdir()
    with Library(named / "library.db") as hostile:
        hostile.import_digest(digest("Alpha"))
    monkeypatch.setenv("VISUAL", editor(tmp_path, 'echo mine > "$2"'))
    assert paperdeck("--db", str(named.relative_to(tmp_path) / "library.db"), "note", "1", "--edit").status == 0
    with Library(named / "library.db") as hostile:
        assert hostile.entry(1).note == "mine"
    assert not list(tmp_path.rglob("HACKED"))


@pytest.mark.parametrize("named", [" ", "'"])
def test_an_editor_of_no_words_runs_nothing(paperdeck: Paperdeck, monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv("VISUAL", named)
    monkeypatch.setenv("EDITOR", "false")
    ran = paperdeck("note", "1", "--edit")
    assert ran.status == 1
    assert "false ended" in ran.err or "cannot be read as a command" in ran.err


def test_what_another_process_wrote_while_the_editor_ran_is_kept(
    paperdeck: Paperdeck, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.note(1, "Before")
    append = f"{sys.executable} -m tui note 1 --append theirs"
    monkeypatch.setenv("VISUAL", editor(tmp_path, f'echo mine >> "$2"; {append} 2>/dev/null'))
    ran = paperdeck("note", "1", "--edit")
    assert "It had been changed elsewhere meanwhile: both texts are kept." in ran.err
    assert library.entry(1).note == "Before\nmine\ntheirs"


def test_a_draft_is_gone_on_with(
    paperdeck: Paperdeck, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = Drafts(library.path)
    drafts.keep(library.names(1)[0], "half a thought", "")
    drafts.close()
    library.note(1, "theirs")
    monkeypatch.setenv("VISUAL", editor(tmp_path, 'echo "and the rest" >> "$2"'))
    assert paperdeck("note", "1", "--edit").status == 0
    assert library.entry(1).note == "half a thought\nand the rest\n\ntheirs"
    assert not list(tmp_path.glob("*-drafts"))


def test_an_editor_that_there_is_not_is_named(paperdeck: Paperdeck, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "no-such-editor -f")
    ran = paperdeck("note", "1", "--edit")
    assert ran.status == 1
    assert "no-such-editor" in ran.err


def test_three_undos_bring_back_the_start_and_redo_goes_forward_again(paperdeck: Paperdeck, library: Library) -> None:
    before = library.entries([1, 2, 3])
    paperdeck("mark", "1", "--star")
    paperdeck("tag", "1", "--add", "rl")
    paperdeck("note", "1", "--text", "Mine")
    after = library.entries([1, 2, 3])
    summaries = [entry.summary for entry in library.log()]
    for summary in summaries:
        ran = paperdeck("undo")
        assert ran.status == 0
        assert summary in ran.err
    assert library.entries([1, 2, 3]) == before
    assert paperdeck("undo").status == 1
    for summary in reversed(summaries):
        assert summary in paperdeck("redo").err
    assert library.entries([1, 2, 3]) == after
    assert paperdeck("redo").status == 1


def test_export_is_the_reading_list_unless_a_query_says_otherwise(paperdeck: Paperdeck, library: Library) -> None:
    library.mark([2], starred=True)
    ran = paperdeck("export")
    assert ran.out.startswith("# Reading list\n")
    assert [line for line in ran.out.splitlines() if line.startswith("##")] == ["## Two"]
    everything = paperdeck("export", "").out
    assert everything.startswith("# All papers\n")
    assert [line for line in everything.splitlines() if line.startswith("##")] == ["## One", "## Two", "## Three"]
    chosen = paperdeck("export", "-is:starred", "one", "--no-abstracts").out
    assert chosen.startswith("# -is:starred one\n")
    assert "We study" not in chosen


def test_export_writes_a_file_whole_and_replaces_one_only_with_force(
    paperdeck: Paperdeck, library: Library, tmp_path: Path
) -> None:
    file = tmp_path / "list.md"
    ran = paperdeck("export", "", "--output", str(file), "--group", "day")
    assert (ran.status, ran.out) == (0, "")
    assert "3 papers" in ran.err
    first = file.read_bytes()
    assert b"## 28 Nov 2025\n" in first
    library.mark([1], starred=True)
    refused = paperdeck("export", "--output", str(file))
    assert (refused.status, refused.out) == (1, "")
    assert "--force" in refused.err
    assert file.read_bytes() == first
    assert paperdeck("export", "--output", str(file), "--force").status == 0
    assert file.read_text().startswith("# Reading list\n")


def test_a_note_reaches_a_pipe_without_controls_and_json_whole(paperdeck: Paperdeck, library: Library) -> None:
    note = "red \x1b[31m bell \x07 title \x9d0;x\x9c\ttab\r\nnext line \u202e[/b]"
    library.note(1, note)
    shown = "red \ufffd[31m bell \ufffd title \ufffd0;x\ufffd\ttab\r\nnext line \u202e[/b]"
    assert paperdeck("note", "1").out == f"{shown}\n"
    assert paperdeck("note", "1", "--json").json["note"] == note
    assert "\x1b" not in paperdeck("export", "").out
