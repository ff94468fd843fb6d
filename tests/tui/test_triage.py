"""Deciding with single keys: what is marked, where the cursor goes, what can be taken back."""

import resource
from collections.abc import Callable

import pytest

from store import Library
from tests.tui.app_host import TITLES, desk, fill, titled

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture(autouse=True)
def _papers(library: Library) -> None:
    fill(library, TITLES, ["An older paper", "Another older paper"])


@pytest.mark.parametrize(("key", "mark"), [("r", "read"), ("s", "starred"), ("d", "skipped")])
async def test_a_key_decides_and_moves_on(library: Library, key: str, mark: str) -> None:
    async with desk(library) as app:
        await app.press(key)
        assert getattr(library.entry(titled(library, TITLES[0])), mark)
        assert app.title == TITLES[1]
        assert "u undoes" in app.screen


@pytest.mark.parametrize(("key", "mark"), [("r", "read"), ("s", "starred"), ("d", "skipped")])
async def test_the_same_key_on_a_marked_paper_takes_the_mark_off_and_stays(
    library: Library, key: str, mark: str
) -> None:
    async with desk(library) as app:
        await app.press(key, "k", key)
        assert not getattr(library.entry(titled(library, TITLES[0])), mark)
        assert app.title == TITLES[0]


async def test_quick_keys_reach_the_papers_that_were_seen(library: Library) -> None:
    async with desk(library) as app:
        await app.press("s", "j", "r", "j", "d")
        marked = {entry.title: (entry.starred, entry.read, entry.skipped) for entry in library.list("-is:inbox")}
        assert marked == {
            TITLES[0]: (True, False, False),
            TITLES[2]: (False, True, False),
            TITLES[4]: (False, False, True),
        }


async def test_a_paper_that_could_not_be_marked_is_named(library: Library) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    async with desk(library) as app:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))  # as on a full disk
        try:
            await app.press("s")
            assert f"Not marked: “{TITLES[0]}”." in app.screen
            await app.press("d")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert app.title == TITLES[2]
        assert f"Not marked: “{TITLES[0]}” and 1 more." in app.screen
        await app.press("k", "k", "s")
        assert [entry.title for entry in library.list("-is:inbox")] == [TITLES[0]]


async def test_moving_marks_nothing(library: Library) -> None:
    async with desk(library) as app:
        await app.press(*"jjkkGg", "enter", "j", "escape", "n", "N", "ctrl+d", "ctrl+u", "pagedown", "pageup")
        assert len(library.ids("is:inbox")) == 8
        assert not library.log()


async def test_a_decided_paper_keeps_its_place_until_the_view_is_opened_again(library: Library) -> None:
    async with desk(library) as app:
        await app.press("s")
        assert app.titles[0] == TITLES[0]
        await app.press("1")
        assert TITLES[0] not in app.titles


async def test_starring_a_skipped_paper_clears_the_skip_in_one_step(library: Library) -> None:
    async with desk(library) as app:
        await app.press("d", "k", "s")
        entry = library.entry(titled(library, TITLES[0]))
        assert (entry.starred, entry.skipped) == (True, False)
        await app.press("u")
        entry = library.entry(titled(library, TITLES[0]))
        assert (entry.starred, entry.skipped) == (False, True)


async def test_undo_goes_back_to_the_paper_and_says_what_it_undid(library: Library) -> None:
    async with desk(library) as app:
        await app.press("s", "j", "j", "u")
        assert app.title == TITLES[0]
        assert not library.entry(titled(library, TITLES[0])).starred
        assert "Undid: Starred" in app.screen
        await app.press("ctrl+r")
        assert library.entry(titled(library, TITLES[0])).starred
        assert "Did again: Starred" in app.screen


async def test_undo_brings_a_paper_back_into_a_view_that_it_has_left(library: Library) -> None:
    async with desk(library) as app:
        await app.press("s", "1", "u")
        assert app.title == TITLES[0]


async def test_undo_with_nothing_to_undo_says_so(library: Library) -> None:
    async with desk(library) as app:
        await app.press("u")
        assert "othing" in app.screen


@pytest.mark.parametrize(("key", "mark"), [("A", "read"), ("D", "skipped")])
async def test_the_whole_view_is_marked_at_once_and_comes_back_at_once(library: Library, key: str, mark: str) -> None:
    async with desk(library) as app:
        await app.press("s", key)
        assert len(library.ids(f"is:{mark}")) == 7
        assert "7 papers" in app.screen
        await app.press("u")
        assert len(library.ids("is:inbox")) == 7


async def test_a_selection_is_marked_together(library: Library) -> None:
    async with desk(library) as app:
        await app.press("space", "space", "j", "space", "s")
        assert {entry.title for entry in library.list("is:starred")} == {TITLES[0], TITLES[1], TITLES[3]}
        assert len(library.log()) == 1


async def test_a_range_is_marked_together(library: Library) -> None:
    async with desk(library) as app:
        await app.press("V", "j", "j", "d")
        assert len(library.ids("is:skipped")) == 3


async def test_everything_can_be_selected_and_let_go(library: Library) -> None:
    async with desk(library) as app:
        await app.press("ctrl+a")
        assert "8 selected" in app.screen
        await app.press("escape")
        assert "selected" not in app.screen
        await app.press("ctrl+a", "r")
        assert len(library.ids("is:read")) == 8


async def test_moving_on_can_be_switched_off(library: Library, config: Callable[[str], None]) -> None:
    config("advance = false")
    async with desk(library) as app:
        await app.press("s")
        assert app.title == TITLES[0]
        assert library.entry(titled(library, TITLES[0])).starred
        await app.press("s", "s", "s")
        assert library.entry(titled(library, TITLES[0])).starred is False


async def test_next_and_previous_undecided_pass_over_the_rest(library: Library) -> None:
    async with desk(library) as app:
        await app.press("j", "s", "s", "g", "n")
        assert app.title == TITLES[3]
        await app.press("N")
        assert app.title == TITLES[0]


async def test_a_finished_inbox_says_so_and_what_was_kept(library: Library) -> None:
    async with desk(library) as app:
        await app.press("s", "A")
        assert "Inbox done" in app.screen
        assert "1 starred, 7 read" in app.screen
        assert TITLES[0] in app.screen
        assert "export the reading list" in app.screen
        await app.press("s")  # nothing is marked on papers that are out of sight
        assert len(library.ids("is:starred")) == 1
        await app.press("u")
        assert "Inbox done" not in app.screen
        assert TITLES[1] in app.screen


async def test_a_finished_inbox_offers_no_reading_list_where_nothing_was_kept(library: Library) -> None:
    async with desk(library) as app:
        await app.press("D")
        assert "0 starred, 0 read, 8 skipped" in app.screen
        assert "export" not in app.screen
        assert "We study" not in app.screen  # the last paper's abstract: its keys do nothing now
        await app.press("tab", "escape")
        assert "We study" in app.screen


async def test_the_keys_of_a_finished_inbox_stand_apart_from_their_words(
    library: Library, config: Callable[[str], None]
) -> None:
    config('[keys]\nimport = "ctrl+o"\n')
    async with desk(library) as app:
        await app.press("D")
        assert "Ctrl+o import more" in app.screen


async def test_a_failed_write_is_said_and_loses_nothing(library: Library) -> None:
    async with desk(library) as app:
        for digest in library.digests():
            library.remove_digest(digest.id)
        await app.press("s")
        assert "nothing was changed" in app.screen.lower() or "no paper" in app.screen.lower()
