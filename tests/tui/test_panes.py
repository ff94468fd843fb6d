"""Moving about, the views pane, the detail, and how the room is shared."""

import asyncio

import pytest

from store import Library
from store.models import Digest, Listing
from tests.tui.app_host import TITLES, Desk, desk, fill, titled

pytestmark = pytest.mark.usefixtures("home")

OLDER = ("An older paper", "Another older paper")


@pytest.fixture(autouse=True)
def _papers(library: Library) -> None:
    fill(library, TITLES, OLDER)


async def test_the_list_is_on_the_first_screen_with_its_days_and_what_is_left(library: Library) -> None:
    async with desk(library) as app:
        assert "Fri 28 Nov 2025 · 6 to decide of 6" in app.screen
        assert "Thu 27 Nov 2025 · 2 to decide of 2" in app.screen
        assert all(title in app.screen for title in (*TITLES, *OLDER))


@pytest.mark.parametrize(
    ("keys", "title"),
    [
        ("j", TITLES[1]),
        ("down", TITLES[1]),
        ("j j k", TITLES[1]),
        ("j down up", TITLES[1]),
        ("G", OLDER[1]),
        ("end", OLDER[1]),
        ("G g", TITLES[0]),
        ("G home", TITLES[0]),
        ("pagedown", OLDER[1]),
        ("G pageup", TITLES[0]),
        ("G ctrl+u", TITLES[0]),
        ("ctrl+d", OLDER[1]),
        ("]", OLDER[0]),
        ("G [", OLDER[0]),
        ("G [ [", TITLES[0]),
        ("k k k", TITLES[0]),
    ],
)
async def test_keys_move_the_cursor(library: Library, keys: str, title: str) -> None:
    async with desk(library) as app:
        await app.press(*({"[": "left_square_bracket", "]": "right_square_bracket"}.get(k, k) for k in keys.split()))
        assert app.title == title


@pytest.mark.parametrize("key", ["enter", "tab", "l", "right"])
async def test_keys_go_into_the_detail_and_back(library: Library, key: str) -> None:
    async with desk(library, (80, 24)) as app:
        assert "Sparse attention" in app.screen
        await app.press(key)
        assert "Sparse attention" not in app.screen
        assert "It works on every benchmark." in app.screen
        await app.press("h")
        assert "Sparse attention" in app.screen


async def test_deciding_from_the_detail_shows_the_next_paper_there(library: Library) -> None:
    async with desk(library, (80, 24)) as app:
        await app.press("enter", "s")
        assert "We study learning to walk" in app.screen
        assert library.entry(titled(library, TITLES[0])).starred


@pytest.mark.parametrize(
    ("key", "name", "marks"),
    [
        ("1", "Inbox", {}),
        ("2", "To read", {"starred": True}),
        ("3", "Starred", {"starred": True}),
        ("4", "Read", {"read": True}),
        ("5", "Skipped", {"skipped": True}),
        ("6", "All", {}),
    ],
)
async def test_number_keys_open_the_views(library: Library, key: str, name: str, marks: dict[str, bool]) -> None:
    paper = titled(library, TITLES[1])
    if marks:
        library.mark([paper], **marks)
    async with desk(library) as app:
        await app.press("6" if key == "1" else "1", key)
        assert TITLES[1] in app.titles
        assert app.main.places.place.name == name
        if marks:
            assert app.titles == [TITLES[1]]


@pytest.mark.parametrize("key", ["2", "3", "4", "5"])
async def test_an_empty_view_says_what_would_fill_it(library: Library, key: str) -> None:
    async with desk(library) as app:
        await app.press(key)
        assert "Nothing" in app.screen
        await app.press("s", "r", "d", "t", "e", "space", "enter", "o", "y", "n")
        assert not library.log()


async def test_days_tags_and_saved_searches_open_from_the_views_pane(library: Library) -> None:
    library.tag([titled(library, TITLES[2])], add=["rl [/b]"])
    library.save_search("Agents", "agents", fuzzy=True)
    async with desk(library) as app:
        assert "rl [/b]" in app.screen
        await app.press("h", *["j"] * 6, "enter")
        assert app.titles == [TITLES[5]]
        await app.press("h", *["j"] * 1, "enter")
        assert app.titles == [TITLES[2]]
        await app.press("h", "G", "enter")
        assert app.titles == list(OLDER)


async def test_views_pane_goes_and_comes(library: Library) -> None:
    async with desk(library, (170, 40)) as app:
        assert "To read" in app.screen
        await app.press("b")
        assert "To read" not in app.screen
    async with desk(library, (170, 40)) as app:  # and that is remembered
        assert "To read" not in app.screen
        await app.press("b")
        assert "To read" in app.screen


async def test_views_pane_is_there_for_the_asking_on_a_small_terminal(library: Library) -> None:
    async with desk(library, (80, 24)) as app:
        assert "To read" not in app.screen
        await app.press("b")
        assert "To read" in app.screen
        await app.press("G", "enter")
        assert "To read" not in app.screen
        assert app.titles == list(OLDER)


async def test_dividers_move_and_stay_where_they_were_put(library: Library) -> None:
    async with desk(library) as app:
        before = app.main.papers.size.width
        await app.press("greater_than_sign", "greater_than_sign")
        wider = app.main.papers.size.width
        assert wider > before
    async with desk(library) as app:
        assert app.main.papers.size.width == wider
        await app.press("less_than_sign")
        assert app.main.papers.size.width < wider


async def test_two_lines_a_paper_keep_the_cursor_and_are_remembered(library: Library) -> None:
    async with desk(library) as app:
        await app.press("j", "z")
        assert app.title == TITLES[1]
        assert "28 Nov 2025 · Cohere Labs · 1 comment" in app.screen
    async with desk(library) as app:
        assert "28 Nov 2025 · Cohere Labs · 1 comment" in app.screen


async def test_sorting_keeps_the_cursor_on_its_paper_and_is_remembered(library: Library) -> None:
    async with desk(library) as app:
        await app.press("j", "S", "t")
        assert app.title == TITLES[1]
        assert app.titles[0] == "A title with [/b] and [@click=app.quit]traps[/]"
        assert "title, A to Z" in app.screen
    async with desk(library) as app:
        assert app.titles[0] == "A title with [/b] and [@click=app.quit]traps[/]"


async def test_titles_are_drawn_as_they_stand(library: Library) -> None:
    async with desk(library) as app:
        await app.press("j", "j")
        assert app.screen.count("A title with [/b] and [@click=app.quit]traps[/]") == 2


@pytest.mark.parametrize("size", [(160, 45), (120, 35), (80, 24), (60, 15), (40, 12), (20, 6)])
async def test_every_size_draws_and_takes_keys(library: Library, size: tuple[int, int]) -> None:
    async with desk(library, size) as app:
        await app.press("j", "enter", "j", "escape", "z", "z", "b", "j", "enter", "s", "slash", "a", "escape", "u")
        assert app.screen.count("\n") == size[1] - 1


async def test_resizing_keeps_the_place(library: Library) -> None:
    async with desk(library) as app:
        await app.press("j", "j", "j")
        for width, height in [(80, 24), (40, 8), (170, 40)]:
            await app.pilot.resize_terminal(width, height)
            await app.settle()
            assert app.title == TITLES[3]
            assert TITLES[3] in app.screen


async def test_clicks_move_and_open(library: Library) -> None:
    async with desk(library, (80, 24)) as app:
        await click_title(app, TITLES[4])
        assert app.title == TITLES[4]
        await click_title(app, TITLES[1], times=2)
        assert "We study learning to walk" in app.screen


async def click_title(app: Desk, title: str, times: int = 1) -> None:
    """Click on a title of the list."""
    lines = app.screen.splitlines()
    y = next(number for number, line in enumerate(lines) if title in line)
    await app.pilot.click(offset=(lines[y].index(title[:3]), y), times=times)
    await app.settle()


@pytest.mark.parametrize(("key", "asked"), [("G", "cursor"), ("ctrl+a", "selection")])
async def test_a_key_for_the_whole_list_waits_until_all_of_it_is_read(library: Library, key: str, asked: str) -> None:
    fill(library, TITLES, [], [f"Paper {number}" for number in range(450)])
    async with desk(library) as app:
        papers = app.main.papers
        app.main.action_perform("all")
        app.main.action_perform("bottom" if key == "G" else "select_all")
        await app.settle()
        assert len(papers.deck) > 450
        assert (papers.cursor + 1 if asked == "cursor" else len(papers.selection)) == len(papers.deck)


async def test_all_of_the_inbox_is_what_is_undecided_although_the_rest_stays_in_sight(library: Library) -> None:
    fill(library, TITLES)
    async with desk(library) as app:
        await app.press("s", "s", "ctrl+a")
        assert len(app.main.papers.selection) == len(library.ids()) - 2
        await app.press("d")
        assert len(library.list("is:starred")) == 2
        assert len(library.list("is:skipped")) == len(library.ids()) - 2


async def test_a_title_takes_the_room_of_columns_that_have_nothing_to_say(library: Library) -> None:
    title = "A title that is long enough to reach into the column of those who wrote it"
    listings = (Listing(title=title), Listing(title=f"Second {title}", n_authors=3))
    library.import_digest(
        Digest(format="flat", name="flat.txt", sha256="0" * 64, day=None, day_inferred=False, listings=listings)
    )
    async with desk(library, (85, 24)) as app:
        await app.press("6", "G")
        assert title in app.screen
        assert f"Second {title}" not in app.screen
        assert "3 authors" in app.screen


@pytest.mark.parametrize("width", [40, 50, 80, 170])
async def test_the_way_to_all_keys_is_in_sight_at_every_width(library: Library, width: int) -> None:
    async with desk(library, (width, 16)) as app:
        assert "? " in app.screen.splitlines()[-1]
        await app.press("enter")
        assert "? " in app.screen.splitlines()[-1]


@pytest.mark.parametrize("step", ["next_pane", "previous_pane", "down", "divider_left", "open"])
async def test_a_key_right_after_the_views_pane_was_hidden_does_not_move_in_it(library: Library, step: str) -> None:
    async with desk(library, size=(80, 24)) as app:
        await app.press("b")
        app.main.action_perform("views")
        app.main.action_perform(step)  # the focus has not moved yet
        await app.settle()
        assert app.main.panes.current is not app.main.views or app.main.has_class("-views")


async def test_a_paper_can_be_read_in_ten_columns(library: Library) -> None:
    async with desk(library, size=(10, 5)) as app:
        await app.press("enter")
        assert "Window" in app.screen
        await app.press("G", "g", "j", "escape", "d")
        assert library.list("is:skipped")


async def test_the_detail_follows_the_cursor_whatever_dialog_went_meanwhile(library: Library) -> None:
    async with desk(library) as app:
        for index in range(6):
            await app.press("question_mark")
            app.main.papers.go(index)
            app.app.screen.refresh()  # what is called after a refresh now waits for the dialog's
            await asyncio.sleep(0.003 * index)
            app.app.screen.dismiss(None)
            await app.settle()
            assert app.main.paper_view.entry == app.main.entry()


async def test_what_falls_into_a_batch_of_updates_is_painted_after_it(library: Library) -> None:
    async with desk(library) as app:
        with app.app.batch_update():
            app.app._display(app.main, app.main._compositor.render_full_update())
            assert not app.main._repaint_required
        assert app.main._repaint_required
        with app.app.batch_update():
            app.main._repaint_required = False
        assert not app.main._repaint_required
