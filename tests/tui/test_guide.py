"""The guided first run: five things to do over the sample library, noticed when they are done, and shown once."""

import stat
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import copy

import pytest

from benchmarks.terminal import Terminal
from store import Library
from store.entries import JournalEntry
from tests.tui.app_host import TITLES, Desk, desk, fill
from tui.app import PaperdeckApp
from tui.guide import END, NO_PAPER, STEPS, Seen, actions_since, reached, worded
from tui.keys import BY_ID, Keymap
from tui.sample import build
from tui.screens.main_guiding import GUIDE, guided_path
from tui.widgets.guide_card import GuideCard

KEYS = {action: Keymap().shown(action) for action in BY_ID}


@pytest.fixture(autouse=True)
def _home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "sample.db"
    build(path)
    return path


@pytest.fixture
def sample(tmp_path: Path, built: Path) -> Iterator[Library]:
    copy(built, tmp_path / "sample.db")
    with Library(tmp_path / "sample.db") as library:
        yield library


@asynccontextmanager
async def demo(library: Library, size: tuple[int, int] = (80, 24), *, guided: bool = False) -> AsyncIterator[Desk]:
    """The app as `paperdeck demo` opens it."""
    app = PaperdeckApp(library, temporary=True, guided=guided)
    async with app.run_test(size=size) as pilot:
        opened = Desk(app, pilot)
        await opened.settle()
        yield opened
    assert not app.faults


def step(app: Desk) -> str:
    """The name of the step that the card shows; empty without a card."""
    for card in app.main.query(GuideCard):
        head = str(card.render()).partition("\n")[0]
        assert head in app.screen
        return next(step.name for step in (*STEPS, END) if step.name in head)
    return ""


async def search(app: Desk) -> None:
    """Search as the guide says."""
    await app.press("slash")
    await app.type("cahe")
    await app.press("enter")


# What the steps are


def test_the_steps_are_those_of_a_morning_in_their_order() -> None:
    assert [step.name for step in STEPS] == ["Decide", "Tag", "Note", "Search", "Export"]


def test_each_step_is_done_by_what_was_done_and_not_by_another() -> None:
    does = [
        Seen(frozenset({"mark"})),
        Seen(frozenset({"tag"})),
        Seen(frozenset({"note"})),
        Seen(searched=True),
        Seen(exported=True),
    ]
    for at, step in enumerate(STEPS):
        assert [step.done(seen) for seen in does] == [at == other for other in range(len(STEPS))]
    everything = Seen(frozenset({"mark", "tag", "note"}), searched=True, exported=True)
    assert reached(0, everything) == len(STEPS)
    assert reached(0, Seen(frozenset({"tag"}))) == 0
    assert reached(1, Seen()) == 1, "what was done stays done"
    assert not END.done(everything)


def test_what_was_taken_back_or_done_before_does_not_count() -> None:
    log = [
        JournalEntry(4, "", "tag", "", 1, "undone"),
        JournalEntry(3, "", "mark", "", 1, "done"),
        JournalEntry(2, "", "note", "", 1, "done"),
    ]
    assert actions_since(log, 2) == {"mark"}


def test_every_text_names_keys_that_there_are_and_fits_its_line() -> None:
    for step in (*STEPS, END):
        for text in (step.press, step.why, NO_PAPER):
            words = "".join(words for words, _ in worded(text, KEYS))
            assert len(words) <= 76
            assert "{" not in words
    assert worded("{star} stars", KEYS) == [("s", True), (" stars", False)]
    assert worded("{star} {skip}", KEYS | {"star": "{", "skip": "[/b]"})[0] == ("{", True)


# Going through it


@pytest.mark.parametrize("size", [(120, 30), (30, 8)])
async def test_five_key_presses_lead_through_it(sample: Library, home: Path, size: tuple[int, int]) -> None:
    async with demo(sample, size) as app:
        assert step(app) == "Decide"
        await app.press("s")
        assert step(app) == "Tag"
        await app.press("t")
        await app.type("x")
        await app.press("enter", "enter")
        assert step(app) == "Note"
        await app.press("e")
        await app.type("x")
        await app.press("ctrl+s", "escape")
        assert step(app) == "Search"
        await search(app)
        assert step(app) == "Export"
        assert not guided_path().exists()
        await app.press("x", "enter")
        assert step(app) == END.name
        assert (home / "cahe.md").exists()
        assert guided_path().exists(), "it is finished"
        shown = " ".join(str(app.main.query_one(GuideCard).render()).split())
        for words in ("q leaves", "paste", "F fetches", "i imports"):
            assert words in shown
        await app.press("ctrl+g")
        assert step(app) == ""
    async with demo(sample) as app:
        assert step(app) == "", "never twice"


async def test_a_key_that_changed_nothing_is_not_enough(sample: Library) -> None:
    async with demo(sample) as app:
        await app.press("j", "u")
        assert step(app) == "Decide"
        await app.press("ctrl+r")
        assert step(app) == "Decide", "redoing what the sample's person did decides nothing"
        before = sample.counts()
        await app.press("d", "u")
        assert step(app) == "Tag", "undo takes back what was done, and leads nobody back"
        assert sample.counts() == before
        await app.press("t", "enter")
        assert step(app) == "Tag"
        await app.press("t")
        await app.type("x")
        await app.press("enter", "enter", "e", "ctrl+s", "escape")
        assert step(app) == "Note"
        await app.press("e")
        await app.type("x")
        await app.press("escape", "d")
        assert step(app) == "Note", "a note that was discarded"
        await app.press("e")
        await app.type("x")
        await app.press("ctrl+s", "escape", "slash", "q", "q", "q", "q", "escape")
        assert step(app) == "Search", "a search that found nothing"
        await search(app)
        await app.press("x", "escape")
        assert step(app) == "Export"


async def test_what_was_done_before_its_turn_counts(sample: Library) -> None:
    async with demo(sample) as app:
        await app.press("t")
        await app.type("x")
        await app.press("enter", "enter")
        await search(app)
        assert step(app) == "Decide"
        await app.press("escape", "escape", "r")
        assert step(app) == "Note"
        await app.press("escape", "e")
        await app.type("x")
        await app.press("ctrl+s", "escape")
        assert step(app) == "Export"


async def test_a_search_that_found_something_and_was_left_was_one(sample: Library) -> None:
    async with demo(sample) as app:
        await app.press("s", "t")
        await app.type("x")
        await app.press("enter", "enter", "e")
        await app.type("x")
        await app.press("ctrl+s", "escape", "slash")
        await app.type("cahe")
        assert step(app) == "Search", "not while it is being typed"
        await app.press("escape")
        assert step(app) == "Export"


async def test_a_step_that_takes_a_paper_says_where_there_are_some(sample: Library) -> None:
    async with demo(sample) as app:
        await app.press("A")
        assert "6 shows them all" in app.screen
        await app.press("6")
        assert "t tags a paper" in app.screen


# Its keys


async def test_it_names_the_persons_own_keys(sample: Library, config: Callable[[str], None]) -> None:
    config('[keys]\nstar = "f5"\nguide = "f9"\nundo = "["\nprevious_day = "z"\ntwo_lines = "f6"')
    async with demo(sample) as app:
        assert "F5 stars this paper, d skips it" in app.screen
        assert "[ takes either back" in app.screen
        assert "F9 skips the guide" in app.screen
        await app.press("s")
        assert step(app) == "Decide"
        await app.press("f5")
        assert step(app) == "Tag"
        await app.press("f9")
        assert step(app) == ""


@pytest.mark.parametrize("keys", [("slash", "m"), ("e", "m")])
async def test_it_can_be_skipped_at_any_time_and_stays_away(sample: Library, keys: tuple[str, ...]) -> None:
    async with demo(sample) as app:
        await app.press(*keys)
        assert "Ctrl+g skips the guide" in app.screen
        await app.press("ctrl+g")
        assert step(app) == ""
        assert stat.S_IMODE(guided_path().stat().st_mode) == 0o600
    async with demo(sample) as app:
        assert step(app) == ""


async def test_it_is_skipped_by_a_click_on_the_words(sample: Library) -> None:
    async with demo(sample) as app:
        await app.pilot.click(GuideCard, offset=(30, 0))
        await app.settle()
        assert step(app) == "Decide"
        await app.pilot.click(GuideCard, offset=(75, 0))
        await app.settle()
        assert step(app) == ""


async def test_a_dialog_opens_on_top_of_it_and_its_keys_are_the_dialogs(sample: Library) -> None:
    async with demo(sample, (80, 24)) as app:
        await app.press("question_mark", "ctrl+g", "escape", "x", "ctrl+g", "escape")
        assert step(app) == "Decide"


@pytest.mark.parametrize("size", [(80, 24), (30, 8)])
async def test_it_leaves_room_for_the_list(sample: Library, size: tuple[int, int]) -> None:
    async with demo(sample, size) as app:
        card = app.main.query_one(GuideCard)
        assert card.size.height <= max(2, size[1] // 6 if size[1] > 12 else 3)
        assert app.main.papers.region.y >= card.region.bottom
        assert app.main.papers.size.height >= 3


# Once


async def test_whoever_left_in_the_middle_is_not_led_again_unless_it_is_asked_for(sample: Library) -> None:
    async with demo(sample) as app:
        await app.press("s", "q")
    async with demo(sample) as app:
        assert step(app) == ""
        await app.press("colon")
        await app.type("guide")
        await app.press("enter")
        assert step(app) == "Decide"
    async with demo(sample, guided=True) as app:
        assert step(app) == "Decide"


async def test_a_state_folder_that_cannot_be_written_is_no_error(sample: Library, home: Path) -> None:
    (home / "state").write_text("no folder")
    for _ in range(2):
        async with demo(sample) as app:
            assert step(app) == "Decide"
            await app.press("ctrl+g")
            assert step(app) == ""


async def test_what_another_process_remembers_is_not_forgotten(sample: Library, tmp_path: Path) -> None:
    copy(sample.path, tmp_path / "other.db")
    with Library(tmp_path / "other.db") as other:
        async with demo(sample) as app:
            await app.press("ctrl+g")
            async with demo(other) as second:
                assert step(second) == ""
    assert guided_path().exists()


# Where it is


async def test_over_a_persons_own_library_it_asks_and_goes_to_the_sample(library: Library) -> None:
    fill(library, TITLES)
    async with desk(library) as app:
        assert not app.main.query(GuideCard)
        await app.press("ctrl+g")
        assert "Open the sample library?" in app.screen
        await app.press("n")
        assert app.app.is_running
        await app.press("ctrl+g", "y")
        assert app.app.return_value == GUIDE
    assert not library.ids("is:starred")


def test_a_new_person_comes_to_the_sample_is_led_and_comes_back_to_their_own_library(tmp_path: Path) -> None:
    own, root = tmp_path / "own.db", Path(__file__).parents[2]
    with Terminal("-m", "tui", "--db", str(own), home=tmp_path, columns=100, lines=30, cwd=root) as terminal:

        def has_the_keys() -> bool:
            terminal.press("j")
            terminal.settle(0.2)
            return "› " in terminal.text

        terminal.until(has_the_keys, "the welcome's keys move among its ways")
        terminal.press("d")
        terminal.shows("1 of 5")
        terminal.press("s")
        terminal.shows("2 of 5")
        terminal.press("\x07")
        terminal.shows("The palette")
        terminal.press("q")
        terminal.shows("or folder")
        terminal.press("q")
        assert terminal.quits() == 0
    assert not list(tmp_path.glob("**/paperdeck-demo-*"))
    with Library(own) as library:
        assert not library.ids()
