"""The app as a whole: notes, export, import, clipboard, browser, palette, settings, other processes."""

import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import ClassVar

import pytest
from textual import events
from textual.binding import BindingType
from textual.command import CommandList
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input

from store import Library
from tests.store.making import digest, listing
from tests.tui.app_host import TITLES, desk, fill, titled
from tests.tui.test_cli_import import page
from tui.drafts import Drafts
from tui.keys import ACTIONS, BY_ID, Keymap, bindings, split_keys
from tui.palette import Actions, Palette
from tui.screens.menu import Menu

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def papers(library: Library) -> Library:
    fill(library, TITLES, ["An older paper", "Another older paper"])
    return library


# Notes


async def test_a_note_is_written_in_place_and_saved(papers: Library) -> None:
    async with desk(papers) as app:
        await app.press("e")
        await app.type("so good")
        await app.press("ctrl+s", "escape")
        assert papers.entry(titled(papers, TITLES[0])).note == "so good"
        assert "✎" in app.screen
        assert "so good" in app.screen
        await app.press("u")
        assert papers.entry(titled(papers, TITLES[0])).note is None
        assert "so good" not in app.screen


async def test_what_is_pasted_into_a_note_is_not_offered_for_import(papers: Library) -> None:
    async with desk(papers) as app:
        await app.press("e")
        for text in ("one\ntwo\n", "x" * 20_001, "a line\n" * 5_001, "three"):
            app.app.post_message(events.Paste(text))
            await app.settle()
            assert app.app.screen is app.main
            assert len(text) < 20_000 or "E writes the note in $EDITOR" in app.screen
        await app.press("escape")
        app.app.post_message(events.Paste("asked meanwhile"))
        await app.press("s")
        assert [entry.note for entry in papers.list("has:note")] == ["one\ntwo\nthree"]


async def test_leaving_a_note_asks_before_text_is_lost(papers: Library) -> None:
    async with desk(papers) as app:
        await app.press("e")
        await app.type("half")
        await app.press("escape")
        assert "not saved" in app.screen
        await app.press("d")
        assert papers.entry(titled(papers, TITLES[0])).note is None
        await app.press("j")
        assert app.title == TITLES[1]


async def test_a_half_written_note_outlives_the_app(papers: Library) -> None:
    async with desk(papers) as app:
        await app.press("e")
        await app.type("half")
        await app.press("ctrl+q")
    async with desk(papers) as app:
        assert f"Your note on “{TITLES[0]}” is not saved yet" in app.screen
        await app.press("e")
        assert "half" in app.screen
        await app.press("ctrl+s", "escape")
    async with desk(papers) as app:
        assert "not saved yet" not in app.screen


async def test_a_half_written_note_is_offered_by_whichever_link_the_library_is_opened(papers: Library) -> None:
    link = papers.path.parent / "elsewhere" / "link.db"
    link.parent.mkdir()
    link.symlink_to(papers.path)
    with Library(link) as linked:
        async with desk(linked) as app:
            await app.press("e")
            await app.type("so far")
            await app.press("ctrl+q")
    async with desk(papers) as app:
        assert "not saved yet" in app.screen


async def test_escape_leads_back_into_a_note_that_a_click_led_out_of(papers: Library) -> None:
    async with desk(papers) as app:
        await app.press("e", "a")
        await app.pilot.click("PaperList", offset=(8, 3))
        await app.settle()
        await app.press("d", "u")
        assert app.main.annotating.is_left
        assert "Esc to the note" in app.screen
        await app.press("escape", "b", "ctrl+s", "escape")
        assert [entry.note for entry in papers.list("has:note")] == ["ab"]
        assert app.main.focused is app.main.papers


async def test_what_a_note_asked_is_not_asked_once_a_click_led_elsewhere(papers: Library) -> None:
    async with desk(papers) as app:
        await app.press("e", "a", "escape")
        assert "This note is not saved" in app.screen
        await app.pilot.click("PaperList", offset=(8, 3))
        await app.settle()
        assert "This note is not saved" not in app.screen
        await app.press("escape", "s")
        assert "This note is not saved" not in app.screen, "it is written on"
        await app.press("escape", "s")
        assert [entry.note for entry in papers.list("has:note")] == ["as"]


async def test_a_note_that_somebody_else_changed_meanwhile_keeps_both_texts(papers: Library) -> None:
    paper = titled(papers, TITLES[0])
    async with desk(papers) as app:
        await app.press("e")
        await app.type("mine")
        papers.note(paper, "theirs")
        await app.press("ctrl+s")
        assert papers.entry(paper).note == "mine\n\ntheirs"
        assert "both texts are kept" in app.screen
        assert "theirs" in app.screen
        await app.type("!")
        await app.press("ctrl+s", "escape")
        assert papers.entry(paper).note == "mine!\n\ntheirs"
        await app.press("u", "u")
        assert papers.entry(paper).note == "theirs"


async def test_a_draft_of_a_paper_that_is_gone_says_where_it_is(papers: Library) -> None:
    drafts = Drafts(papers.path)
    drafts.keep("2511.99999", "half", "")
    drafts.keep("999", "half", "")  # of an earlier version
    drafts.keep(papers.names(titled(papers, TITLES[1]))[0], "", "")  # as it is in the library: nothing to remind of
    drafts.close()
    async with desk(papers) as app:
        assert "A note that fits no paper any more is kept in" in app.screen
        assert "not saved yet" not in app.screen
    assert {file.name for file in papers.path.parent.rglob("*.md")} == {"999.md", "2511.99999.md"}


async def test_a_note_does_not_go_to_the_paper_that_a_restore_gave_the_number_to(
    papers: Library, tmp_path: Path
) -> None:
    with Library(tmp_path / "other.db") as other:
        other.import_digest(digest(*(f"Other {number}" for number in range(9))))
    async with desk(papers) as app:
        await app.press("e")
        await app.type("on the first")
        paper = app.main.annotating._editor.paper
        Library.restore(papers.path, tmp_path / "other.db")
        await app.press("ctrl+s")
        assert "The paper of this note is not in the library any more" in app.screen
        assert "on the first" in app.screen
    assert papers.entry(paper).title.startswith("Other")
    assert papers.entry(paper).note is None
    async with desk(papers) as app:
        assert "A note that fits no paper any more is kept in" in app.screen
        await app.press("e")
        assert "on the first" not in app.screen


async def test_a_draft_is_not_offered_on_another_paper_of_the_same_title(papers: Library) -> None:
    papers.import_digest(digest(listing("Editorial")))
    first = titled(papers, "Editorial")
    drafts = Drafts(papers.path)
    drafts.keep(papers.names(first)[0], "on the first", "")
    drafts.close()
    for number in (1, 2):
        papers.import_digest(digest(listing("Editorial", arxiv_id=f"2511.9999{number}"), name=f"{number}"))
    (second,) = (entry for entry in papers.list() if entry.arxiv_id == "2511.99992")
    assert Drafts(papers.path).take(Drafts(papers.path).names(papers, second)) is None
    async with desk(papers) as app:
        assert "A note that fits no paper any more is kept in" in app.screen


async def test_a_note_goes_where_its_paper_was_merged_into_meanwhile(papers: Library) -> None:
    async with desk(papers) as app:
        await app.press("e")
        await app.type("on the second")
        goes = app.main.annotating._editor.paper
        stays = next(paper for paper in papers.ids() if paper != goes)
        papers.note(stays, "on the first")
        papers.merge(stays, goes)
        await app.press("ctrl+s")
        assert "both texts are kept" in app.screen
    assert papers.entry(stays).note == "on the second\n\non the first"
    assert not list(papers.path.parent.rglob("*-drafts"))


async def test_a_draft_is_found_again_once_its_paper_has_another_name(papers: Library) -> None:
    papers.import_digest(digest(listing("Without an id")))
    paper = titled(papers, "Without an id")
    drafts = Drafts(papers.path)
    drafts.keep(papers.names(paper)[0], "half", "")
    drafts.close()
    papers.import_digest(digest(listing("Without an id", arxiv_id="2511.99998")))
    assert papers.names(paper)[0] == "2511.99998"
    async with desk(papers) as app:
        assert "not saved yet" in app.screen
        await app.press("g")
        while app.main.papers.paper != paper:
            await app.press("j")
        await app.press("e", "ctrl+s")
    assert papers.entry(paper).note == "half"
    assert not list(papers.path.parent.rglob("*-drafts"))


async def test_a_note_is_saved_for_its_paper_although_the_cursor_has_moved(papers: Library) -> None:
    async with desk(papers) as app:
        await app.press("e")
        await app.type("mine")
        app.main.papers.step(2)
        await app.press("ctrl+s")
        assert papers.entry(titled(papers, TITLES[0])).note == "mine"


def editor(folder: Path, script: str) -> str:
    """An editor that does this with the file that it is given."""
    file = folder / "editor.sh"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


# Tags


async def test_tags_are_edited_for_the_selection(papers: Library) -> None:
    async with desk(papers) as app:
        await app.press("space", "space", "t")
        await app.type("rl")
        await app.press("enter", "enter")
        assert [entry.title for entry in papers.list("tag:rl")] == [TITLES[0], TITLES[1]]


async def test_a_tag_is_renamed_from_its_key(papers: Library) -> None:
    papers.tag([titled(papers, TITLES[0])], add=["rl"])
    async with desk(papers) as app:
        await app.press("T", "enter", *["backspace"] * 5)
        await app.type("learning")
        await app.press("enter")
        assert papers.entry(titled(papers, TITLES[0])).tags == ("learning",)


# In and out


async def test_the_page_or_a_search_for_the_title_opens_in_the_browser(
    papers: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(papers) as app:
        opened: list[str] = []
        monkeypatch.setattr(app.app, "open_url", opened.append)
        await app.press("o", "O")
        assert opened == ["https://arxiv.org/abs/2511.00001", "https://arxiv.org/pdf/2511.00001"]


@pytest.mark.parametrize(
    ("key", "copied"),
    [
        ("t", TITLES[0]),
        ("l", "https://arxiv.org/abs/2511.00001"),
        ("m", f"[{TITLES[0]}](https://arxiv.org/abs/2511.00001)"),
        ("b", "eprint = {2511.00001}"),
    ],
)
async def test_copying_puts_it_on_the_clipboard(papers: Library, key: str, copied: str) -> None:
    async with desk(papers) as app:
        await app.press("y", key)
        assert copied in app.app.clipboard


async def test_the_view_is_exported_to_a_file(papers: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with desk(papers) as app:
        await app.press("s", "s", "3", "x")
        assert "2 papers · Reading list" in app.screen
        await app.press("enter")
        assert "Exported 2 papers" in app.screen
    text = (tmp_path / "reading-list.md").read_text()
    assert text.startswith("# Reading list")
    assert TITLES[0] in text
    assert TITLES[2] not in text


async def test_a_long_export_holds_nothing_else_up(
    papers: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    disk_has_time = Event()
    async with desk(papers) as app:
        app.main.exchange._exporting._writer.submit(disk_has_time.wait)
        await app.press("x")
        await app.pilot.press("enter", "L")
        await app.until(lambda: "What did I do" in app.screen)
        assert "Exported" not in app.screen
        disk_has_time.set()
        await app.press("escape")
        assert "Exported 8 papers" in app.screen


async def test_a_selection_is_exported_alone(papers: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with desk(papers) as app:
        await app.press("j", "space", "x", "enter")
    text = (tmp_path / "inbox.md").read_text()
    assert TITLES[1] in text
    assert TITLES[0] not in text


async def test_a_pasted_page_is_imported_on_enter(library: Library, corpus: Path) -> None:
    page = next(file for file in sorted((corpus / "seeds").rglob("*.txt")) if file.stat().st_size > 5000)
    async with desk(library) as app:
        app.app.post_message(events.Paste(page.read_text()))
        await app.settle()
        assert "papers" in app.screen
        await app.press("enter")
        assert library.ids()
        assert "to decide of" in app.screen


async def test_pages_that_are_pasted_while_one_is_offered_wait_their_turn(library: Library) -> None:
    async with desk(library) as app:
        for title in ("First", "Second"):
            app.app.post_message(events.Paste(page(title).decode()))
        await app.settle()
        app.app.post_message(events.Paste(page("Third").decode()))  # which goes to the line of the day
        await app.settle()
        assert "1 more page offered next" in app.screen
        assert app.app.screen.query_one("#day", Input).value == ""
        for left in (3, 2, 1):
            assert len(app.app.screen_stack) == 2
            assert "1 paper" in app.screen
            await app.press("escape" if left == 2 else "enter")
        assert len(app.app.screen_stack) == 1
        assert sorted(entry.title for entry in library.list()) == ["First", "Third"]


@pytest.mark.parametrize("key", [":", "t", "S", "question_mark"])
async def test_a_page_can_be_pasted_while_a_dialog_is_open(papers: Library, key: str) -> None:
    async with desk(papers) as app:
        await app.press(key)
        app.app.post_message(events.Paste(page("Pasted there").decode()))
        await app.settle()
        assert "Import the pasted text" in app.screen
        await app.press("enter")
        assert len(app.app.screen_stack) == 2
    assert "Pasted there" in {entry.title for entry in papers.list()}


# What was done


async def test_the_journal_shows_what_was_done(papers: Library) -> None:
    async with desk(papers) as app:
        await app.press("s", "L")
        assert "What did I do" in app.screen
        assert "Starred" in app.screen
        await app.press("u")
        assert not papers.ids("is:starred")


async def test_an_import_can_be_taken_back(papers: Library) -> None:
    async with desk(papers) as app:
        await app.press("I", "d", "y")
        assert len(papers.digests()) == 1


# Finding one's way


async def test_help_shows_the_keys_as_they_are(papers: Library, config: Callable[[str], None]) -> None:
    config('[keys]\nstar = "f5"')
    async with desk(papers, (120, 60)) as app:
        await app.press("question_mark")
        assert "f5" in app.screen.lower()
        assert BY_ID["skip"].help[:20] in app.screen


async def test_the_palette_has_every_action(papers: Library) -> None:
    async with desk(papers) as app:
        await app.press("colon")
        offered = [hit.text async for hit in Actions(app.main).discover()]
        assert {action.help for action in ACTIONS if action.id != "palette"} <= set(offered)
        await app.type("choose theme")
        await app.press("enter")
        assert "paperdeck-light" in app.screen


@pytest.mark.parametrize("size", [(10, 5), (20, 6), (40, 12)])
async def test_the_palette_can_be_used_in_a_tiny_terminal(papers: Library, size: tuple[int, int]) -> None:
    async with desk(papers, size=size) as app:
        await app.press("colon")
        await app.type("theme")
        assert "theme" in app.screen
        assert app.app.screen.query_one(CommandList).scrollable_content_region
        await app.press("enter")
        assert isinstance(app.app.screen, Menu)


async def test_what_nobody_foresaw_is_said_and_the_app_goes_on(papers: Library) -> None:
    async def fail() -> None:
        raise RuntimeError("the [/b] disk is a teapot")

    async with desk(papers, faults=True) as app:
        app.main.work(fail(), group="writes")
        await app.settle()
        assert "the [/b] disk is a teapot" in app.screen
        assert [str(fault) for fault in app.app.faults] == ["the [/b] disk is a teapot"]
        await app.press("s")
        assert papers.entry(titled(papers, TITLES[0])).starred


@pytest.mark.parametrize("key", ["colon", "ctrl+p"])
async def test_the_palette_marks_a_paper(papers: Library, key: str) -> None:
    async with desk(papers) as app:
        await app.press(key)
        await app.type("not for me")
        await app.press("enter")
        assert papers.entry(titled(papers, TITLES[0])).skipped


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("skip", "Skip (“not for me”) and move on; again takes it off"),
        ("choose theme", "Choose a theme"),
        ("mr", "Mark read and move on; again takes it off"),
        ("move div right", "Move the divider to the right"),
        ("jrnl", "What did I do: the journal"),
        ("café", "Go to #cafe"),
        ("xxxxxxxxxxxxxxxxx y", ""),  # in no time
    ],
)
async def test_the_palette_finds_by_parts_of_names(papers: Library, typed: str, name: str) -> None:
    papers.tag([1], add=["cafe", "x" * 5000 + "y"])
    async with desk(papers) as app:
        found = [hit async for hit in Actions(app.main).search(typed)]
        best = max(found, key=lambda hit: hit.score, default=None)
        assert (best.text if best else "") == name


async def test_names_from_outside_are_safe_in_the_palette(papers: Library) -> None:
    papers.tag([titled(papers, TITLES[0])], add=["[/b] odd"])
    async with desk(papers) as app:
        await app.press("colon")
        await app.type("odd")
        assert "[/b] odd" in app.screen


async def test_every_action_can_be_done_and_every_key_is_its_own() -> None:
    keys = [key for action in ACTIONS for key in split_keys(action.keys)]
    assert len(keys) == len(set(keys))
    assert {binding.id for binding in bindings()} == {action.id for action in ACTIONS}


async def test_every_action_of_the_table_has_something_to_do(papers: Library) -> None:
    async with desk(papers) as app:
        assert {action.id for action in ACTIONS} == set(app.main._commands)


async def test_quit_ends_the_app_with_every_write_done(papers: Library) -> None:
    async with desk(papers) as app:
        await app.pilot.press("s", "s", "s", "q")
    assert len(papers.ids("is:starred")) == 3


# Settings


async def test_keys_are_remapped(papers: Library, config: Callable[[str], None]) -> None:
    config('[keys]\nstar = "m, f5"\nread = "s"\n')
    async with desk(papers) as app:
        await app.press("s", "m", "f5", "r")
        marked = {entry.title: (entry.read, entry.starred) for entry in papers.list("-is:inbox")}
        assert marked == {TITLES[0]: (True, False), TITLES[1]: (False, True), TITLES[2]: (False, True)}
        assert "m star" in app.screen


async def test_what_has_no_key_can_be_given_one(papers: Library, config: Callable[[str], None]) -> None:
    config('[keys]\ntheme = "f3"\nremove_search = "X"\n')
    async with desk(papers) as app:
        await app.press("f3")
        assert "paperdeck-light" in app.screen
        await app.press("escape", "X")
        assert "There is no saved search" in app.screen


async def test_every_wrong_setting_is_said_however_many_there_are(
    papers: Library, config: Callable[[str], None]
) -> None:
    config("".join(f"setting{number} = 1\n" for number in range(8)))
    async with desk(papers, (80, 24)) as app:
        assert all(f"setting{number}: there is no such setting" in app.screen for number in range(8))


async def test_wrong_settings_are_said_by_name_and_the_app_opens(
    papers: Library, config: Callable[[str], None]
) -> None:
    config('theme = "no-such-theme"\nadvanced = true\n[keys]\nstar = "r"\n')
    async with desk(papers, (100, 30)) as app:
        assert TITLES[0] in app.screen
        for word in ("advanced", "keys.star", "theme"):
            assert word in app.screen
        await app.press("s")
        assert papers.ids("is:starred")


async def test_a_theme_is_remembered(papers: Library) -> None:
    async with desk(papers) as app:
        app.app.theme = "paperdeck-light"
    async with desk(papers) as app:
        assert app.app.theme == "paperdeck-light"


async def test_a_damaged_layout_file_is_no_obstacle(papers: Library, home: Path) -> None:
    (home / "state" / "paperdeck").mkdir(parents=True)
    (home / "state" / "paperdeck" / "layout.json").write_text('{"views_width": "wide", "list_share": ')
    async with desk(papers) as app:
        assert TITLES[0] in app.screen


# An empty library


async def test_an_empty_library_offers_a_beginning(library: Library) -> None:
    async with desk(library, (80, 24)) as app:
        assert "paste" in app.screen
        assert "sample" in app.screen
        fill(library, TITLES)
        await app.until(lambda: TITLES[0] in app.screen)


# Other processes


async def test_a_star_set_elsewhere_shows_and_the_cursor_stays(papers: Library) -> None:
    async with desk(papers) as app:
        await app.press("j")
        with Library(papers.path) as other:
            other.mark([titled(papers, TITLES[2])], starred=True)
        await app.until(lambda: "★" in app.screen)
        assert app.title == TITLES[1]
        assert TITLES[2] in app.titles


async def test_papers_imported_elsewhere_come_in_and_nothing_jumps(papers: Library) -> None:
    async with desk(papers) as app:
        await app.press("6", "G")
        with Library(papers.path) as other:
            fill(other, [], [], ["A paper of another process"])
        await app.until(lambda: "A paper of another process" in app.titles)
        assert app.title == "Another older paper"


async def test_an_import_taken_back_elsewhere_leaves_the_list(papers: Library) -> None:
    async with desk(papers) as app:
        with Library(papers.path) as other:
            for digest in other.digests():
                if digest.listed == 2:
                    other.remove_digest(digest.id)
        await app.until(lambda: app.titles == list(TITLES))


async def test_what_could_not_be_read_is_read_once_it_can_be(papers: Library) -> None:
    async with desk(papers) as app:
        with closing(sqlite3.connect(papers.path)) as other:
            other.execute("ALTER TABLE states RENAME TO elsewhere")
            await app.pilot.press("4")
            await app.until(lambda: "no such table: states" in app.screen)
            other.execute("ALTER TABLE elsewhere RENAME TO states")
        await app.until(lambda: "Nothing read yet" in app.screen)
        await app.until(lambda: "Read   0 papers" in app.screen)


def test_keys_are_shown_as_people_read_them() -> None:
    keymap = Keymap({"star": "f5"})
    assert keymap.shown("search") == "/"
    assert keymap.shown_all("down") == "j ↓"
    assert keymap.shown("redo") == "Ctrl+r"
    assert keymap.shown("star") == "F5"


async def test_a_key_that_fails_in_a_dialog_is_told_and_nothing_is_lost(papers: Library) -> None:
    class Broken(ModalScreen[None]):
        BINDINGS: ClassVar[list[BindingType]] = [("j", "fail(1)", ""), ("k", "fail(2)", ""), ("escape", "dismiss", "")]

        def action_fail(self, number: int) -> None:
            raise KeyError(number)

    async with desk(papers, faults=True) as app:
        await app.press("e", "a", "b")
        app.app.push_screen(Broken())
        await app.press("j", "k", "escape")
        assert [repr(fault) for fault in app.app.faults] == ["KeyError(1)", "KeyError(2)"]
        assert "This went wrong: KeyError(2)" in app.screen
        await app.press("c", "ctrl+s")
        assert app.main.entry().note == "abc"


async def test_what_ends_the_app_leaves_a_draft_of_the_note(papers: Library) -> None:
    async def end() -> None:
        async with desk(papers) as app:
            await app.press("e")
            await app.press("h", "a", "l", "f")
            app.main.call_later(lambda: 1 // 0)
            await app.settle()

    with pytest.raises(ZeroDivisionError):
        await end()
    async with desk(papers) as app:
        await app.press("e")
        assert "half" in app.screen


async def test_what_comes_too_late_for_a_dialog_is_no_end(papers: Library) -> None:
    class Busy(ModalScreen[None]):
        class Ticked(Message):
            pass

        def on_busy_ticked(self) -> None:
            self.query_one("#progress")

    async with desk(papers) as app:
        for _ in range(3):
            dialog = Busy()
            app.app.push_screen(dialog)
            await app.settle()
            dialog.dismiss(None)
            dialog.post_message(Busy.Ticked())
            await app.settle()
        await app.press("s")
        assert papers.entry(titled(papers, TITLES[0])).starred


async def test_a_search_of_the_palette_that_begins_too_late_is_no_end(papers: Library) -> None:
    async with desk(papers) as app:
        await app.press(":")
        palette = app.app.screen
        assert isinstance(palette, Palette)
        await palette.dismiss()
        palette._gather_commands("star")
        await app.settle()
        await app.press("s")
        assert papers.ids("is:starred")


async def test_what_a_dialog_lacks_while_it_is_there_is_told(papers: Library) -> None:
    class Wrong(ModalScreen[None]):
        BINDINGS: ClassVar[list[BindingType]] = [("j", "fail", "")]

        def action_fail(self) -> None:
            self.query_one("#progress")

    async with desk(papers, faults=True) as app:
        app.app.push_screen(Wrong())
        await app.press("j")
        assert len(app.app.faults) == 1
