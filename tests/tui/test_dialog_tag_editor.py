"""The tag editor: completion, several papers at once, and nothing dropped or changed by surprise."""

import pytest
from textual.widgets import Input, OptionList, Static

from store.entries import TagCount
from tests.tui.dialog_host import NASTY, Host, answers, drawn
from tui.screens.tag_editor import TagChange, TagEditor, completions, split_tags

KNOWN = [TagCount("agents", 112), TagCount("rl", 64), TagCount("rlhf", 12), TagCount("world models", 9)]


def editor(papers: int = 1, **counts: int) -> TagEditor:
    return TagEditor(papers, counts, KNOWN)


async def test_a_new_tag_is_typed_and_saved_with_enter_enter() -> None:
    assert await answers(editor(), *"To Discuss", "enter", "enter") == [TagChange(("to discuss",), ())]


async def test_enter_with_nothing_typed_and_nothing_changed_changes_nothing() -> None:
    assert await answers(editor(rl=1), "enter") == [None]


async def test_a_beginning_completes_to_an_existing_tag() -> None:
    assert await answers(editor(), *"wor", "enter", "enter") == [TagChange(("world models",), ())]


async def test_letters_in_order_find_a_tag_but_what_was_typed_comes_first() -> None:
    assert await answers(editor(), *"agt", "enter", "enter") == [TagChange(("agt",), ())]
    assert await answers(editor(), *"agt", "down", "enter", "enter") == [TagChange(("agents",), ())]


async def test_the_very_tag_wins_over_longer_ones_and_the_new_one_is_offered_below() -> None:
    assert await answers(editor(), *"rl", "enter", "enter") == [TagChange(("rl",), ())]
    assert await answers(editor(), *"ag", "down", "enter", "enter") == [TagChange(("ag",), ())]


async def test_tab_completes_and_a_comma_goes_on() -> None:
    keys = ["w", "tab", "comma", "n", "e", "w", "comma", "r", "l", "h", "tab", "enter", "enter"]
    assert await answers(editor(), *keys) == [TagChange(("new", "rlhf", "world models"), ())]


async def test_several_tags_at_once_with_commas() -> None:
    assert await answers(editor(), *"B, a ,, B", "enter", "enter") == [TagChange(("a", "b"), ())]


async def test_enter_on_a_tag_that_is_on_takes_it_off() -> None:
    assert await answers(editor(rl=1), *"rl", "enter", "enter") == [TagChange((), ("rl",))]


async def test_arrows_and_space_toggle() -> None:
    assert await answers(editor(rl=1), "down", "space", "down", "space", "ctrl+s") == [TagChange(("agents",), ("rl",))]


async def test_space_is_text_once_something_is_typed() -> None:
    assert await answers(editor(), *"a b", "enter", "enter") == [TagChange(("a b",), ())]


async def test_backspace_in_the_empty_line_takes_the_last_chip_off() -> None:
    assert await answers(editor(agents=1, rl=1), "backspace", "enter") == [TagChange((), ("rl",))]
    assert await answers(editor(rl=1), "x", "backspace", "enter") == [None]


async def test_ctrl_s_saves_what_is_still_in_the_line() -> None:
    assert await answers(editor(), *"rl, half", "ctrl+s") == [TagChange(("half", "rl"), ())]


async def test_ctrl_s_never_takes_off_what_is_typed() -> None:
    assert await answers(editor(rl=1), *"rl", "ctrl+s") == [None]


async def test_a_tag_on_some_papers_cycles_through_all_none_and_some() -> None:
    assert await answers(editor(5, rl=2), "down", "space", "ctrl+s") == [TagChange(("rl",), ())]
    assert await answers(editor(5, rl=2), "down", "space", "space", "ctrl+s") == [TagChange((), ("rl",))]
    assert await answers(editor(5, rl=2), "down", "space", "space", "space", "ctrl+s") == [None]


async def test_a_tag_on_some_papers_shows_on_how_many() -> None:
    app = Host(editor(5, rl=2, agents=5))
    async with app.run_test() as pilot:
        assert "[-] rl" in drawn(pilot)
        assert "on 2 of 5 here" in drawn(pilot)
        assert "rl 2/5" in drawn(pilot)
        assert "[x] agents" in drawn(pilot)
        assert "[ ] world models" in drawn(pilot)


async def test_escape_clears_the_line_then_warns_then_leaves() -> None:
    app = Host(editor(rl=1))
    async with app.run_test() as pilot:
        await pilot.press("backspace", "x", "escape")
        assert app.answers == []
        assert pilot.app.screen.query_one(Input).value == ""
        await pilot.press("escape")
        assert app.answers == []
        assert "Not saved yet" in drawn(pilot)
        await pilot.press("escape")
        assert app.answers == [None]


async def test_escape_leaves_at_once_when_nothing_was_changed() -> None:
    assert await answers(editor(rl=1), "escape") == [None]
    assert await answers(editor(rl=1), "backspace", "down", "space", "escape") == [None]


async def test_a_click_toggles_a_tag_and_a_chip() -> None:
    app = Host(editor(rl=1))
    async with app.run_test() as pilot:
        await pilot.click(OptionList, offset=(6, 1))
        await pilot.click("#chips", offset=(2, 0))
        await pilot.press("ctrl+s")
        assert app.answers == [TagChange(("agents",), ("rl",))]


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_tags_that_look_like_markup_are_drawn_as_they_stand(size: tuple[int, int]) -> None:
    app = Host(TagEditor(1, {"[/b]": 1}, [TagCount("[/b]", 1), TagCount("[@click=app.bell]", 1)]))
    async with app.run_test(size=size) as pilot:
        assert " [/b] " in drawn(pilot)
        assert "[x] [/b]" in drawn(pilot)
        assert "[ ] [@click=app.bell]" in drawn(pilot)
        app.screen.query_one(Input).value = NASTY.lower()
        await pilot.press("enter", "ctrl+s")
        assert app.answers == [TagChange((NASTY.lower(),), ())]


async def test_a_thousand_tags_are_narrowed_by_typing() -> None:
    app = Host(TagEditor(1, {}, [TagCount(f"tag {number}", number) for number in range(1000)]))
    async with app.run_test() as pilot:
        options = app.screen.query_one(OptionList)
        assert options.option_count == 201
        await pilot.press(*"tag 999")
        assert options.option_count == 1
        await pilot.press("enter", "enter")
        assert app.answers == [TagChange(("tag 999",), ())]


async def test_chips_show_what_will_be_added_and_taken_off() -> None:
    app = Host(editor(rl=1))
    async with app.run_test() as pilot:
        await pilot.press("backspace", *"new", "enter")
        chips = str(app.screen.query_one("#chips", Static).visual)
        assert "+new" in chips
        assert "−rl" in chips


def test_tags_are_lower_case_trimmed_and_each_once() -> None:
    assert split_tags(" RL , rl,, World Models ,ÄÖ") == ["rl", "world models", "äö"]
    assert split_tags(" , ") == []


def test_completions_come_best_first() -> None:
    tags = ["verl", "r-l", "model rl", "rlhf", "rl", "none"]
    assert completions(tags, "rl") == ["rl", "rlhf", "model rl", "verl", "r-l"]
