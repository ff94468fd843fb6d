"""The small dialogs: confirm, menu and prompt answer with what was chosen, and draw outside text as it stands."""

import pytest
from rich.style import Style
from textual.app import ComposeResult
from textual.events import Click, Paste
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList

from tests.tui.dialog_host import NASTY, Host, answers, drawn
from tui.palette import PaletteList
from tui.screens.confirm import Confirm
from tui.screens.dialog import Dialog
from tui.screens.log import Log
from tui.screens.menu import Choice, Menu
from tui.screens.prompt import Prompt
from tui.screens.tag_editor import TagInput
from tui.widgets.hints import Hints
from tui.widgets.line import Line
from tui.widgets.options import Options
from tui.widgets.path_input import PathLine
from tui.widgets.search_box import SearchInput


def choices(*keys: str) -> list[Choice]:
    return [Choice(key, f"Label {key}", f"value {key}", "a hint") for key in keys]


@pytest.mark.parametrize(("key", "answer"), [("y", True), ("enter", True), ("n", False), ("escape", False)])
async def test_confirm_answers_to_its_keys(key: str, answer: bool) -> None:
    assert await answers(Confirm("Sure?", "All of it."), key) == [answer]


@pytest.mark.parametrize("key", ["x", "j", "down", "tab", "space", "ctrl+s", "1"])
async def test_confirm_ignores_other_keys(key: str) -> None:
    assert await answers(Confirm("Sure?"), key) == []


async def test_confirm_is_answered_by_the_mouse() -> None:
    app = Host(Confirm("Sure?", yes="Do it", no="Leave it"))
    async with app.run_test() as pilot:
        await pilot.click(Hints, offset=(1, 0))
        assert app.answers == [True]


async def test_a_click_beside_the_frame_leaves() -> None:
    app = Host(Confirm("Sure?"))
    async with app.run_test() as pilot:
        await pilot.click(offset=(1, 1))
        assert app.answers == [False]


async def test_a_double_click_beside_the_frame_leaves_the_dialog_and_not_what_is_below() -> None:
    app = Host(Confirm("Sure?"))
    async with app.run_test() as pilot:
        below = app.screen_stack[0]
        app.dialog.on_click(Click(app.dialog, 1, 1, 0, 0, 1, False, False, False))
        app.dialog.on_click(Click(app.dialog, 1, 1, 0, 0, 1, False, False, False))
        await pilot.pause()
        assert app.answers == [False]
        assert app.screen is below


async def test_menu_takes_a_choice_by_its_letter() -> None:
    assert await answers(Menu("Sort", choices("d", "t", "T")), "T") == ["value T"]


async def test_menu_takes_a_choice_by_arrows_and_enter() -> None:
    assert await answers(Menu("Sort", choices("d", "t", "T")), "down", "enter") == ["value t"]


async def test_menu_letters_j_and_k_move_unless_they_are_choices() -> None:
    assert await answers(Menu("Sort", choices("a", "b", "c")), "j", "j", "k", "enter") == ["value b"]
    assert await answers(Menu("Sort", choices("a", "k", "j")), "j") == ["value j"]


async def test_menu_starts_at_the_current_choice() -> None:
    assert await answers(Menu("Sort", choices("a", "b", "c"), current="value c"), "enter") == ["value c"]


async def test_menu_ignores_letters_that_choose_nothing_and_escape_leaves() -> None:
    assert await answers(Menu("Sort", choices("a", "b")), "x", "z", "1") == []
    assert await answers(Menu("Sort", choices("a", "b")), "escape") == [None]


async def test_menu_is_chosen_from_by_the_mouse() -> None:
    app = Host(Menu("Sort", choices("a", "b", "c")))
    async with app.run_test() as pilot:
        await pilot.click(OptionList, offset=(4, 1))
        assert app.answers == ["value b"]


async def test_prompt_returns_trimmed_text_or_none() -> None:
    assert await answers(Prompt("Name"), *"a b ", "enter") == ["a b"]
    assert await answers(Prompt("Name", "old"), "x", "escape") == [None]


async def test_prompt_typing_replaces_the_given_value() -> None:
    assert await answers(Prompt("Name", "old"), "n", "enter") == ["n"]
    assert await answers(Prompt("Name", "old"), "enter") == ["old"]


async def test_prompt_stays_and_says_what_is_wrong() -> None:
    app = Host(Prompt("Name", check=lambda text: None if text == "ok" else f"{NASTY} is wrong"))
    async with app.run_test() as pilot:
        await pilot.press("x", "enter")
        assert app.answers == []
        assert f"{NASTY} is wrong" in drawn(pilot)
        await pilot.press("backspace", "o", "k", "enter")
        assert app.answers == ["ok"]


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
@pytest.mark.parametrize(
    "dialog",
    [
        lambda: Confirm(NASTY, NASTY, NASTY, NASTY),
        lambda: Menu(NASTY, [Choice("a", NASTY, "a", NASTY)]),
        lambda: Prompt(NASTY, NASTY, NASTY),
    ],
)
async def test_text_that_looks_like_markup_is_drawn_as_it_stands(dialog: type, size: tuple[int, int]) -> None:
    app = Host(dialog())
    async with app.run_test(size=size) as pilot:
        assert "[/b] [@click" in drawn(pilot)
        assert isinstance(app.screen, Dialog)


async def test_the_keys_at_the_foot_are_cut_whole_where_room_is_short() -> None:
    app = Host(Menu("Sort", choices("a")))
    async with app.run_test(size=(30, 10)) as pilot:
        text = drawn(pilot)
        assert "enter choose" in text
        assert "or a" not in text
        assert app.screen.query_one(Hints).region.bottom <= 10


async def test_a_prompt_can_be_typed_into_at_once() -> None:
    app = Host(Prompt("Name"))
    async with app.run_test():
        assert isinstance(app.focused, Input)


async def test_pages_of_a_menu_without_room_are_no_error() -> None:
    app = Host(Menu("Sort", choices(*"abcdefgh")))
    async with app.run_test(size=(10, 3)) as pilot:
        await pilot.press("pagedown", "pageup", "end", "home", "down", "escape")
        assert app.answers == [None]


@pytest.mark.parametrize("kind", [Options, PaletteList])
async def test_a_click_on_an_option_that_has_just_gone_does_nothing(kind: type[Options]) -> None:
    class Listed(ModalScreen[None]):
        def compose(self) -> ComposeResult:
            yield kind("one", "two")

    app = Host(Listed())
    async with app.run_test() as pilot:
        options = app.screen.query_one(OptionList)
        gone = Style(meta={"option": 2})
        options.post_message(Click(options, 1, 1, 0, 0, 1, False, False, False, style=gone))
        options.clear_options()
        await pilot.click(OptionList, offset=(1, 1))
        assert app.screen is app.dialog


@pytest.mark.parametrize("kind", [SearchInput, TagInput, PathLine, Line])
async def test_a_line_takes_no_more_than_can_be_typed_on(kind: type[Line]) -> None:
    class Typing(ModalScreen[None]):
        def compose(self) -> ComposeResult:
            yield kind()

    app = Host(Typing())
    async with app.run_test() as pilot:
        line = app.screen.query_one(Input)
        for pasted, kept in (("字" * 1_000_000, 0), ("字" * 9_000, 9_000), ("字" * 2_000, 9_000)):
            line.post_message(Paste(pasted))
            await pilot.pause()
            assert len(line.value) == kept


async def test_keys_that_come_before_a_dialog_is_whole_or_after_it_was_left_do_nothing() -> None:
    app = Host(Confirm("Sure?"))
    async with app.run_test() as pilot:
        late = Log([])
        assert not late.check_action("move", (1,))
        app.push_screen(late)
        await app.run_action("move(1)", late)  # not composed yet
        await pilot.pause()
        assert late.check_action("move", (1,))
        late.dismiss(None)
        assert not late.check_action("move", (1,))
        await pilot.press("y")
        assert app.answers == [True]
