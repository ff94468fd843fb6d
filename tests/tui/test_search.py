"""The search box: results as one types, back to where one was, kept results, saved searches, wrong queries."""

import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from textual import events
from textual.widgets import Input

from store import Library
from store.doctor import repair
from tests.tui.app_host import TITLES, desk, fill, titled
from tui.deck import PAGE

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture(autouse=True)
def _papers(library: Library) -> None:
    fill(library, TITLES, ["An older paper", "Another older paper"])


async def test_typos_are_forgiven_as_one_types(library: Library) -> None:
    async with desk(library) as app:
        await app.press("slash")
        await app.type("windwkv cahes")
        assert app.titles[0] == TITLES[0]


async def test_a_line_that_is_pasted_into_the_box_is_there_once(library: Library) -> None:
    async with desk(library) as app:
        await app.press("slash")
        app.app.post_message(events.Paste("agents"))
        await app.settle()
        assert app.app.screen.query_one(Input).value == "agents"


async def test_escape_brings_the_list_and_the_place_back(library: Library) -> None:
    async with desk(library) as app:
        await app.press("j", "j", "slash")
        await app.type("agents")
        assert app.titles[0] == TITLES[5]
        await app.press("escape")
        assert len(app.titles) == 8
        assert app.title == TITLES[2]
        assert app.main.places.place.name == "Inbox"


async def test_emptying_the_box_brings_the_list_back_and_goes_on(library: Library) -> None:
    async with desk(library) as app:
        await app.press("slash", "a", "g", "backspace", "backspace")
        assert len(app.titles) == 8
        await app.type("agents")
        assert app.titles[0] == TITLES[5]


async def test_enter_keeps_the_result_and_escape_then_leaves_it(library: Library) -> None:
    async with desk(library) as app:
        await app.press("j", "slash")
        await app.type("sparse")
        await app.press("enter", "s")
        assert library.entry(titled(library, TITLES[4])).starred
        await app.press("escape")
        assert app.title == TITLES[1]
        assert len(app.titles) == 8


async def test_enter_before_anything_is_found_keeps_what_will_be(library: Library) -> None:
    disk_has_time = Event()
    async with desk(library) as app:
        app.main.work(app.main.searching._reader.run(disk_has_time.wait), group="test")
        await app.pilot.press("slash", *"sparse", "enter")
        assert app.title == TITLES[0]
        disk_has_time.set()
        await app.settle()
        assert app.title == TITLES[4]
        assert not app.main.is_searching
        await app.press("s")
        assert library.entry(titled(library, TITLES[4])).starred


async def test_enter_before_a_wrong_query_is_known_as_one_lets_it_be_mended(library: Library) -> None:
    disk_has_time = Event()
    async with desk(library) as app:
        app.main.work(app.main.searching._reader.run(disk_has_time.wait), group="test")
        await app.pilot.press("slash", *"is:nonsense", "enter")
        disk_has_time.set()
        await app.settle()
        assert app.main.box.is_wrong
        await app.press(*["backspace"] * 11, *"sparse", "enter")
        assert app.title == TITLES[4]


async def test_a_wrong_query_is_said_under_the_box_and_the_list_stays(library: Library) -> None:
    async with desk(library) as app:
        await app.press("slash")
        await app.type("is:nonsense")
        assert len(app.titles) == 8
        assert "nonsense" in app.screen.split("nonsense", 1)[1]
        await app.press("escape")
        assert len(app.titles) == 8


async def test_filters_alone_find_exactly(library: Library) -> None:
    library.tag([titled(library, TITLES[3])], add=["vision"])
    async with desk(library) as app:
        await app.press("slash")
        await app.type("tag:vision")
        assert app.titles == [TITLES[3]]


async def test_narrowing_looks_only_in_the_view(library: Library) -> None:
    library.mark([titled(library, "An older")], starred=True)
    async with desk(library) as app:
        await app.press("3", "f")
        await app.type("older")
        assert app.titles == ["An older paper"]
        await app.press("escape")
        assert app.main.places.place.name == "Starred"


async def test_narrowing_a_result_narrows_it_further(library: Library) -> None:
    async with desk(library) as app:
        await app.press("slash")
        await app.type("older")
        await app.press("enter", "f")
        await app.type("another")
        assert app.titles[0] == "Another older paper"


async def test_nothing_found_says_what_to_do(library: Library) -> None:
    async with desk(library) as app:
        await app.press("slash")
        await app.type("zzzzqqqq")
        assert "Nothing found" in app.screen


async def test_arrows_move_in_the_result_while_one_types(library: Library) -> None:
    async with desk(library) as app:
        await app.press("slash")
        await app.type("older")
        first = app.title
        await app.press("down")
        assert app.title != first


async def test_a_search_is_saved_under_a_name_and_is_then_a_view(library: Library) -> None:
    async with desk(library) as app:
        await app.press("slash")
        await app.type("agents")
        await app.press("enter", "ctrl+s", *["backspace"] * 10)
        await app.type("Mine")
        await app.press("enter")
        assert [(search.name, search.query) for search in library.searches()] == [("Mine", "agents")]
        assert "Mine" in app.screen
        await app.press("1", "h", *["j"] * 6, "enter")
        assert app.titles[0] == TITLES[5]


async def test_matched_words_are_set_off(library: Library) -> None:
    async with desk(library) as app:
        await app.press("slash")
        await app.type("sparse")
        assert "sparse" in app.main.papers.deck.words


async def test_letters_in_the_box_do_nothing_else(library: Library) -> None:
    async with desk(library) as app:
        await app.press("slash", *"srduADtexyq123")
        assert not library.log()
        assert app.app.is_running


async def test_escape_leaves_narrowed_results_one_by_one(library: Library) -> None:
    async with desk(library) as app:
        await app.press("j", "slash")
        await app.type("paper")
        await app.press("enter", "f")
        await app.type("older")
        await app.press("enter")
        assert len(app.titles) == 2
        await app.press("escape")
        assert app.main.places.place.name == "“paper”"
        await app.press("escape")
        assert app.main.places.place.name == "Inbox"
        assert app.title == TITLES[1]


async def test_a_kept_search_is_there_to_be_changed_when_the_box_opens_again(library: Library) -> None:
    async with desk(library) as app:
        await app.press("slash")
        await app.type("day:2025-11-27")
        await app.press("enter", "slash")
        assert app.main.box.text == "day:2025-11-27"
        await app.type("agents")  # what stood there is selected
        assert app.titles[0] == TITLES[5]
        await app.press("escape")
        assert app.main.places.place.name == "Inbox"


async def test_enter_on_a_wrong_query_leaves_it_to_be_mended(library: Library) -> None:
    async with desk(library) as app:
        await app.press("slash")
        await app.type("agents is:nonsense")
        await app.press("enter")
        assert app.main.box.text == "agents is:nonsense"
        assert "there is no is:nonsense" in app.screen
        await app.press(*["backspace"] * 12)
        await app.press("enter")
        assert app.titles[0] == TITLES[5]
        assert not app.main.is_searching


@pytest.mark.parametrize("size", [(170, 40), (50, 16)])
async def test_a_wrong_query_is_shown_where_it_goes_wrong_and_why_in_full(
    library: Library, size: tuple[int, int]
) -> None:
    async with desk(library, size) as app:
        await app.press("slash")
        await app.type("a is:nonsense")
        lines = app.screen.splitlines()
        at = next(number for number, line in enumerate(lines) if "a is:nonsense" in line)
        assert lines[at + 1].index("↑") == lines[at].index("nonsense")
        assert "tagged)" in app.screen


async def test_the_number_of_papers_found_is_said_once(library: Library) -> None:
    async with desk(library) as app:
        await app.press("slash")
        await app.type("sparse")
        assert app.screen.count("1 paper") == 1


async def test_a_list_left_for_a_search_before_it_was_whole_is_whole_afterwards(tmp_path: Path) -> None:
    disk_has_time = Event()

    class Slow(Library):
        def day_runs(self, query: str) -> list[tuple[str | None, int]]:
            disk_has_time.wait(10)
            return super().day_runs(query)

    with Slow(tmp_path / "long.db") as library:
        fill(library, [f"Paper {number}" for number in range(3 * PAGE)])
        disk_has_time.set()
        async with desk(library) as app:
            disk_has_time.clear()
            await app.pilot.press("6")
            await app.until(lambda: len(app.main.papers.deck) == PAGE)
            await app.pilot.press("slash", *"paper")
            await app.until(lambda: "“paper”" in app.screen)
            await app.pilot.press("escape")
            await app.until(lambda: len(app.main.papers.deck) == PAGE)
            assert "papers" not in app.screen.split("\n")[1]
            await app.pilot.press("ctrl+a")
            disk_has_time.set()
            await app.settle()
            assert f"All   {3 * PAGE} papers   {3 * PAGE} selected" in app.screen


@pytest.mark.parametrize("table", ["papers_fts", "titles_fts", "marks_fts"])
async def test_a_broken_index_is_told_with_what_to_do_and_mended_while_the_app_is_open(
    library: Library, table: str
) -> None:
    with closing(sqlite3.connect(library.path)) as connection:
        connection.execute(f"UPDATE {table}_config SET v = 99")
        connection.commit()
    async with desk(library) as app:
        await app.press("slash")
        await app.type("agents")
        await app.until(lambda: "doctor --fix" in app.screen, "the advice")
        await app.press("escape")

        repair(library.path)

        await app.press("slash")
        await app.type("agents")
        assert app.titles[0] == TITLES[5]
