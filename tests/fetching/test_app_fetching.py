"""Fetching in the app, from a server of this machine: beside everything else, stopped at will, told in words."""
# ruff: noqa: F811 (fixtures of another folder)

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest

from store import Library
from store.fetchers.huggingface import today
from tests.fetching.service import Answer, Asked, Server, send
from tests.fetching.test_cli_fetching import only_here  # noqa: F401
from tests.fetching.test_fetching import Days, entries
from tests.tui.app_host import TITLES, Desk, desk, fill, titled
from tests.tui.conftest import config, home  # noqa: F401
from tui.app import PaperdeckApp
from tui.widgets.hints import Hints


@pytest.fixture
def days(server: Server) -> Days:
    """Today's page."""
    server.service = days = Days(today())
    return days


@pytest.fixture
def hold(days: Days) -> threading.Event:
    """Today's page comes once this is set."""
    gate = threading.Event()
    page = days(asked_for_today())

    def held(handler: BaseHTTPRequestHandler) -> None:
        gate.wait(120)
        assert isinstance(page, Answer)
        send(handler, page)

    days.faults[today()] = held
    return gate


def asked_for_today() -> Asked:
    return Asked("", {"date": f"{today()}"}, {}, "")


async def fetched(opened: Desk) -> None:
    """Let a fetch, and all that follows it, come to its end."""
    await opened.until(lambda: not opened.main.fetching.is_on)
    await opened.settle()


def line_of(opened: Desk, title: str) -> int:
    """The line of the screen on which a title stands in the list, which the detail is on the right of."""
    return next(number for number, line in enumerate(opened.screen.splitlines()) if f"  {title} " in line[:90])


async def test_the_list_grows_and_nothing_moves(library: Library, hold: threading.Event) -> None:
    fill(library, [f"Title {number} of many" for number in range(60)])
    async with desk(library) as opened:
        await opened.press("j", "j")
        at = opened.title
        line = line_of(opened, at)
        await opened.pilot.press("F")
        await opened.until(lambda: "Fetching huggingface.co … waiting" in opened.screen)
        assert "F stops it" in opened.screen
        await opened.pilot.press("j", "s", "k", "k")  # nothing else waits
        assert (opened.title, line_of(opened, at)) == (at, line)
        hold.set()
        await fetched(opened)
        assert (opened.title, line_of(opened, at)) == (at, line)
        assert len(opened.titles) == 63
        assert opened.titles[0].startswith("Paper 0 of")
        assert "3 papers, 3 new" in opened.screen
        assert "Fetching" not in opened.screen


@pytest.mark.parametrize("key", ["F", "escape"])
async def test_a_fetch_can_be_stopped(library: Library, hold: threading.Event, key: str) -> None:
    fill(library, TITLES[:4])
    async with desk(library) as opened:
        await opened.pilot.press("F")
        await opened.until(lambda: "waiting for an answer" in opened.screen)
        await opened.pilot.press(key)
        await fetched(opened)
        assert "Stopped." in opened.screen
        assert len(library.ids()) == 4
        hold.set()
        await opened.pilot.press("F")
        await fetched(opened)
        assert len(library.ids()) == 7


async def test_offline_is_one_clear_sentence_and_the_app_goes_on(library: Library, server: Server) -> None:
    server.close()
    fill(library, TITLES[:4])
    async with desk(library) as opened:
        await opened.pilot.press("F")
        await fetched(opened)
        said = " ".join(opened.screen.replace("▌", " ").split())
        assert f"{server.host} cannot be reached: connection refused. The library is as it" in said
        await opened.press("s")
        assert library.entry(titled(library, TITLES[0])).starred


async def test_at_the_start_it_comes_by_itself_and_nothing_moves(
    library: Library, hold: threading.Event, config: Callable[[str], None]
) -> None:
    config("fetch_on_start = true")
    fill(library, TITLES[:4])
    app = PaperdeckApp(library)
    async with app.run_test(size=(170, 40)) as pilot:  # `desk` would wait for what is held back
        opened = Desk(app, pilot)
        await opened.until(lambda: "Fetching huggingface.co" in opened.screen)
        await pilot.press("j", "j")
        at = opened.title
        hold.set()
        await fetched(opened)
        assert opened.title == at
        assert len(opened.titles) == 7
        assert "3 papers, 3 new" in opened.screen


async def test_at_the_start_nothing_new_is_not_said(
    library: Library, days: Days, config: Callable[[str], None]
) -> None:
    async with desk(library) as opened:
        await opened.pilot.press("F")
        await fetched(opened)
    config("fetch_on_start = true")
    days.asked.clear()
    async with desk(library) as opened:
        await opened.until(lambda: bool(days.asked))
        await fetched(opened)
        assert "nothing changed" not in opened.screen


async def test_an_empty_library_offers_to_fetch(library: Library, days: Days) -> None:
    async with desk(library, size=(100, 30)) as opened:
        assert "F  fetch the day's papers" in opened.screen
        await opened.pilot.press("F")
        await fetched(opened)
        assert opened.title.startswith("Paper 0 of")
        assert len(opened.titles) == len(days.listed[today()])


async def test_what_came_while_searching_is_in_the_list_afterwards(library: Library, hold: threading.Event) -> None:
    fill(library, TITLES[:4])
    async with desk(library) as opened:
        await opened.pilot.press("F")
        await opened.until(lambda: "waiting for an answer" in opened.screen)
        await opened.pilot.press("slash", *"walk")
        hold.set()
        await fetched(opened)
        assert opened.titles == [TITLES[1]]
        await opened.pilot.press("escape")
        await opened.until(lambda: len(opened.titles) == 7)


async def test_leaving_the_app_ends_a_fetch_at_once(library: Library, hold: threading.Event) -> None:
    fill(library, TITLES[:4])
    async with desk(library) as opened:
        await opened.pilot.press("F")
        await opened.until(lambda: "waiting for an answer" in opened.screen)
        began = time.monotonic()
        await opened.pilot.press("q")
    assert time.monotonic() - began < 60  # far from the two minutes for which the answer is held back
    assert not hold.is_set()
    assert len(library.ids()) == 4


async def test_a_day_of_before_is_told_with_what_it_gained(library: Library, server: Server) -> None:
    yesterday = today() - timedelta(days=1)
    server.service = days = Days(yesterday)
    async with desk(library) as opened:
        await opened.pilot.press("F")
        await fetched(opened)
        days.listed[yesterday] = entries(yesterday, papers=4, upvotes=11)
        await opened.pilot.press("F")
        await fetched(opened)
        said = " ".join(opened.screen.split())
        assert f"{today()} is not published yet" in said
        assert "4 papers, 1 new, 3 updated (comments +30, upvotes +30)" in said


@pytest.mark.usefixtures("days")
async def test_the_detail_shows_when_and_where_a_paper_was_listed(library: Library) -> None:
    async with desk(library) as opened:
        await opened.pilot.press("F")
        await fetched(opened)
        assert " Hugging Face" in opened.screen
        assert f"Listed {today():%a} {today().day}" in opened.screen


async def test_the_footer_has_room_for_what_is_going_on(library: Library) -> None:
    fill(library, TITLES[:4])
    async with desk(library, size=(60, 20)) as opened:
        opened.main.query_one("#key-bar", Hints).show_status("Fetching " + "x" * 200)
        await opened.pilot.pause()
        assert "r read" in opened.screen.splitlines()[-1]
        assert "…" in opened.screen.splitlines()[-1]
