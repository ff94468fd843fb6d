"""The note editor and the drafts: text is saved, asked about or kept, never lost."""

import os
from pathlib import Path

import pytest
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.widgets import TextArea

from tests.tui.dialog_host import NASTY, drawn
from tests.tui.waiting import Tried, until
from tui.drafts import Drafts
from tui.widgets import note_editor
from tui.widgets.note_editor import NoteEditor

ONE = "2511.12345"
"""A paper's name."""


class Desk(Tried):
    """An app with the editor in it and keys of its own, which must not be reached while one writes."""

    BINDINGS = [  # noqa: RUF012
        Binding("r,s,d,u,ctrl+s,ctrl+r,escape,tab,shift+tab,j,x,1", "reached")
    ]

    def __init__(self, text: str = "", draft: str | None = None) -> None:
        super().__init__()
        self.editor = NoteEditor(7, text, draft)
        self.heard: list[tuple[str, ...]] = []
        self.reached = 0

    def compose(self) -> ComposeResult:
        yield self.editor

    def action_reached(self) -> None:
        self.reached += 1

    def on_note_editor_saved(self, message: NoteEditor.Saved) -> None:
        assert message.paper == 7
        self.heard.append(("saved", message.text))

    def on_note_editor_left(self) -> None:
        self.heard.append(("left",))

    def on_note_editor_drafted(self, message: NoteEditor.Drafted) -> None:
        self.heard.append(("drafted", str(message.text)))

    @property
    def said(self) -> list[tuple[str, ...]]:
        return [words for words in self.heard if words[0] != "drafted"]


async def test_ctrl_s_saves_and_stays() -> None:
    app = Desk("old")
    async with app.run_test() as pilot:
        await pilot.press("!", "ctrl+s")
        assert app.said == [("saved", "old!")]
        assert not app.editor.dirty
        await pilot.press("?")
        assert app.editor.dirty
        assert app.editor.text == "old!?"


async def test_escape_leaves_at_once_when_all_is_saved() -> None:
    app = Desk("old")
    async with app.run_test() as pilot:
        await pilot.press("escape")
        assert app.said == [("left",)]


async def test_escape_with_unsaved_text_asks_and_keeps_writing_on_escape() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        await pilot.press("h", "i", "escape")
        assert app.said == []
        assert "This note is not saved." in drawn(pilot)
        await pilot.press("r", "x", "j", "1", "tab", "ctrl+r")
        await pilot.press("escape", "!")
        assert app.said == []
        assert app.editor.text == "hi!"
        assert app.reached == 0


@pytest.mark.parametrize("key", ["s", "enter", "y", "ctrl+s"])
async def test_the_question_answered_with_save(key: str) -> None:
    app = Desk()
    async with app.run_test() as pilot:
        await pilot.press("h", "i", "escape", key)
        assert app.said == [("saved", "hi"), ("left",)]


async def test_the_question_answered_with_discard_drops_the_draft_too() -> None:
    app = Desk("old")
    async with app.run_test() as pilot:
        await pilot.press("h", "escape", "d")
        assert app.heard[-2:] == [("drafted", "None"), ("left",)]
        assert not app.editor.dirty


async def test_keys_of_the_screen_are_not_reached_while_one_writes() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        await pilot.press("r", "s", "d", "u", "tab", "j", "x", "1", "ctrl+r", "shift+tab", "ctrl+s")
        assert app.reached == 0
        assert app.editor.text.startswith("rsdu")
        assert isinstance(app.focused, TextArea)


async def test_a_pause_in_writing_offers_a_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(note_editor, "PAUSE", 0.01)
    app = Desk("old")
    async with app.run_test() as pilot:
        await pilot.press("!")
        await until(pilot, lambda: app.heard == [("drafted", "old!")])
        await pilot.press("backspace")
        await until(pilot, lambda: app.heard[-1] == ("drafted", "None"))


async def test_a_draft_is_taken_up_as_unsaved_text() -> None:
    app = Desk("old", draft="old and more")
    async with app.run_test() as pilot:
        assert app.editor.dirty
        assert "recovered, not saved yet" in drawn(pilot)
        await pilot.press("escape", "s")
        assert app.said == [("saved", "old and more"), ("left",)]


async def test_a_save_that_failed_is_unsaved_again() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        await pilot.press("a", "ctrl+s")
        app.editor.not_saved("old")
        assert app.editor.dirty
        await pilot.press("escape")
        assert app.said == [("saved", "a")]


async def test_a_note_that_was_saved_can_be_emptied_even_after_a_failed_save() -> None:
    app = Desk("old")
    async with app.run_test() as pilot:
        await pilot.press("backspace", "backspace", "backspace", "ctrl+s")
        app.editor.not_saved("old")
        assert app.editor.dirty
        assert app.said == [("saved", "")]


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_pasted_text_is_kept_as_it_stands(size: tuple[int, int]) -> None:
    app = Desk()
    async with app.run_test(size=size) as pilot:
        app.post_message(events.Paste(f"{NASTY}\n\n- [ ] ü 论文"))
        await pilot.pause()
        assert app.editor.text == f"{NASTY}\n\n- [ ] ü 论文"
        assert NASTY[:20] in drawn(pilot)


async def test_messages_name_the_paper() -> None:
    messages: list[Message] = [NoteEditor.Saved(3, "x", ""), NoteEditor.Left(3), NoteEditor.Drafted(3, None, "")]
    assert all(getattr(message, "paper", None) == 3 for message in messages)


async def test_writing_without_a_pause_is_offered_as_a_draft_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(note_editor, "PAUSE", 5.0)
    monkeypatch.setattr(note_editor, "LONGEST", 0.2)
    app = Desk()
    async with app.run_test() as pilot:
        for _ in range(15):
            await pilot.press("a")
            await pilot.pause(0.03)
        drafts = [words[1] for words in app.heard]
        assert drafts
        assert drafts[0] in "a" * 14


async def test_a_note_that_was_changed_elsewhere_is_shown_as_it_is_kept() -> None:
    app = Desk("old")
    async with app.run_test() as pilot:
        await pilot.press("!", "ctrl+s")
        app.editor.saved("old!", "old!\ntheirs")
        assert app.editor.text == "old!\ntheirs"
        assert not app.editor.dirty
        await pilot.press("?", "ctrl+s", "x")
        app.editor.saved("old!?\ntheirs", "something else")
        assert app.editor.text == "old!?x\ntheirs"
        assert (app.editor.before, app.editor.dirty) == ("old!?\ntheirs", True)


def test_a_draft_is_kept_found_and_dropped(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "library.db")
    assert drafts.take([ONE]) is None
    drafts.keep(ONE, "half a thought\r\n", "")
    drafts.keep("math.GT/0309136", "other", "before")
    drafts.keep(ONE, "a whole thought\n", "")
    assert drafts.take([ONE]) == ("a whole thought\n", "")
    drafts.drop(ONE, "half a thought\r\n")
    assert drafts.take([ONE]) is not None
    drafts.drop(ONE, "a whole thought\n")
    assert drafts.take([ONE]) is None
    assert drafts.take(["math.GT/0309136"]) == ("other", "before")
    drafts.drop("math.GT/0309136")
    drafts.drop("math.GT/0309136")
    assert list(tmp_path.iterdir()) == []


def test_drafts_are_for_their_owner_alone(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "library.db")
    drafts.keep(ONE, "mine", "")
    made = list((tmp_path / "library.db-drafts").rglob("*"))
    assert {file.stat().st_mode & 0o777 for file in made if file.is_file()} == {0o600}
    assert {file.stat().st_mode & 0o777 for file in [made[0].parent, *made] if file.is_dir()} == {0o700}


def test_a_draft_is_offered_once_its_writer_is_gone_and_each_of_two_survives(tmp_path: Path) -> None:
    library = tmp_path / "library.db"
    one, two, later = Drafts(library), Drafts(library), Drafts(library)
    one.keep(ONE, "of one", "before one")
    two.keep(ONE, "of two", "before two")
    assert (later.left(), later.take([ONE])) == ({}, None)
    os.utime(one.file(ONE), (1, 1))
    one.close()
    two.close()
    assert later.take([ONE]) == ("of two", "before two")
    later.drop(ONE)
    assert later.take([ONE]) == ("of one", "before one")
    assert Drafts(library).take([ONE]) is None
    later.drop(ONE)
    assert list(tmp_path.iterdir()) == []


def test_a_draft_of_the_first_version_is_still_found(tmp_path: Path) -> None:
    folder = tmp_path / "library.db-drafts"
    folder.mkdir()
    (folder / "1.md").write_text("of old")
    (folder / "x.md").write_text("somebody's own")
    assert Drafts(tmp_path / "library.db").take([ONE, "1"]) == ("of old", None)
    assert (folder / "x.md").exists()


def test_what_was_half_written_when_its_process_died_is_cleared_away(tmp_path: Path) -> None:
    dead = tmp_path / "library.db-drafts" / "1-dead"
    dead.mkdir(parents=True)
    (dead / ".paperdeck-0.tmp").write_text("ha")
    assert Drafts(tmp_path / "library.db").left() == {}
    assert list(tmp_path.iterdir()) == []


def test_drafts_of_two_libraries_in_one_folder_are_apart(tmp_path: Path) -> None:
    Drafts(tmp_path / "one.db").keep(ONE, "one", "")
    assert Drafts(tmp_path / "two.db").take([ONE]) is None
