"""Help, the journal, the imported documents and the welcome: what they show, and what their keys answer."""

import pytest
from textual.app import ComposeResult
from textual.widgets import OptionList

from store.entries import DigestDetail, DigestRecord, JournalEntry
from store.errors import UnknownDigest
from tests.tui.dialog_host import NASTY, Host, answers, drawn
from tests.tui.waiting import Tried
from tui import keys
from tui.screens.digests import Digests
from tui.screens.help import Help
from tui.screens.log import Log
from tui.widgets.welcome import Welcome

SIZES = [(120, 35), (80, 24), (40, 12)]


def help_screen() -> Help:
    keymap = keys.Keymap()
    return Help(
        {
            group: [(keymap.shown_all(action.id), action.help) for action in actions]
            for group, actions in keys.groups().items()
        }
    )


@pytest.mark.parametrize("key", ["escape", "q", "question_mark"])
async def test_help_closes(key: str) -> None:
    assert await answers(help_screen(), key) == [None]


@pytest.mark.parametrize("size", SIZES)
async def test_help_reaches_every_key_by_scrolling(size: tuple[int, int]) -> None:
    app = Host(help_screen())
    async with app.run_test(size=size) as pilot:
        seen = drawn(pilot)
        for _ in range(20):
            await pilot.press("ctrl+d")
            seen += drawn(pilot)
        for group in keys.groups():
            assert group in seen


async def test_help_finds_a_key_by_what_it_does() -> None:
    app = Host(help_screen())
    async with app.run_test() as pilot:
        await pilot.press("slash", *"undecided pap")
        assert "Next undecided paper" in drawn(pilot)
        assert "Half a page" not in drawn(pilot)
        await pilot.press(*" nothing like it")
        assert "No key does that" in drawn(pilot)
        await pilot.press("escape")
        assert "Half a page" in drawn(pilot)
        assert app.answers == []
        await pilot.press("escape")
        assert app.answers == [None]


async def test_help_draws_text_as_it_stands() -> None:
    app = Host(Help({"[b]Group": [("[", NASTY), ("a very long row of keys", "does it")]}))
    async with app.run_test() as pilot:
        assert NASTY in drawn(pilot)
        assert "[b]Group" in drawn(pilot)
        assert "a very long row of keys" in drawn(pilot)


def journal() -> list[JournalEntry]:
    return [
        JournalEntry(3, "2025-11-28T10:02:00+00:00", "mark", f"Starred {NASTY}", 1, "undone"),
        JournalEntry(2, "2025-11-28T10:01:00+00:00", "tag", "Tagged 3 papers: rl", 3, "done"),
        JournalEntry(1, "2025-11-28T10:00:00+00:00", "merge", "Two rows became one", 2, "kept"),
    ]


@pytest.mark.parametrize("size", SIZES)
async def test_the_journal_shows_what_was_done(size: tuple[int, int]) -> None:
    app = Host(Log(journal()))
    async with app.run_test(size=size) as pilot:
        text = drawn(pilot)
        assert "28 Nov" in text
        assert "undone  Starred" in text
        assert text.index("Starred") < text.index("Tagged")
        if size[0] >= 80:
            assert NASTY in text
            assert "Tagged 3 papers: rl  3 papers" not in text
            assert "Two rows became one  2 papers" in text


@pytest.mark.parametrize(("key", "answer"), [("u", "undo"), ("ctrl+r", "redo"), ("escape", None), ("q", None)])
async def test_the_journal_answers(key: str, answer: str | None) -> None:
    assert await answers(Log(journal()), key) == [answer]


async def test_other_keys_do_nothing_in_the_journal() -> None:
    assert await answers(Log(journal()), "j", "k", "enter", "d", "x", "space") == []


async def test_an_empty_journal_says_what_will_be_there() -> None:
    app = Host(Log([]))
    async with app.run_test() as pilot:
        assert "Nothing yet" in drawn(pilot)
        await pilot.press("j", "escape")
        assert app.answers == [None]


def record(number: int, unparsed: int = 0) -> DigestRecord:
    name = f"/pages/[b]{number}.txt"
    return DigestRecord(number, "cards", name, "0", "2025-11-28", True, "2025-11-29", 25, 21, 1, 3, unparsed)


def load(digest: int) -> DigestDetail:
    if digest == 3:
        raise UnknownDigest("No imported document has the number 3.")
    return DigestDetail(record(digest, 2), (), ((7, NASTY), (12, "other")) if digest == 2 else ())


@pytest.mark.parametrize("size", SIZES)
async def test_a_document_shows_what_was_not_understood_in_it(size: tuple[int, int]) -> None:
    app = Host(Digests([record(1), record(2, 2), record(3)], load))
    async with app.run_test(size=size) as pilot:
        assert "28 Nov 2025" in drawn(pilot)
        await pilot.press("down", "enter")
        assert "/pages/[b]2.txt" in drawn(pilot)
        assert f" 7  {NASTY}"[:30] in drawn(pilot)
        await pilot.press("escape")
        assert app.answers == []
        assert isinstance(app.focused, OptionList)
        await pilot.press("escape")
        assert app.answers == [None]


async def test_a_document_that_was_understood_and_one_that_is_gone_say_so() -> None:
    app = Host(Digests([record(1), record(3)], load))
    async with app.run_test() as pilot:
        await pilot.press("enter")
        assert "Every line of it was understood." in drawn(pilot)
        await pilot.press("escape", "j", "enter")
        assert "No imported document has the number 3." in drawn(pilot)


@pytest.mark.parametrize("key", ["d", "delete"])
async def test_removing_a_document_is_asked_about(key: str) -> None:
    app = Host(Digests([record(1), record(2)], load))
    async with app.run_test() as pilot:
        await pilot.press("down", key)
        assert "Remove this document?" in drawn(pilot)
        await pilot.press("n")
        assert app.answers == []
        await pilot.press("enter", key, "y")
        assert app.answers == [2]


async def test_no_documents_say_so() -> None:
    app = Host(Digests([], load))
    async with app.run_test() as pilot:
        assert "Nothing is imported yet." in drawn(pilot)
        await pilot.press("d", "enter", "j", "escape")
        assert app.answers == [None]


class Empty(Tried):
    """An app that shows the welcome."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def compose(self) -> ComposeResult:
        yield Welcome()

    def on_welcome_fetch(self) -> None:
        self.heard.append("fetch")

    def on_welcome_import(self) -> None:
        self.heard.append("import")

    def on_welcome_sample(self) -> None:
        self.heard.append("sample")


@pytest.mark.parametrize("size", SIZES)
async def test_the_welcome_says_what_this_is_and_what_comes_first(size: tuple[int, int]) -> None:
    app = Empty()
    async with app.run_test(size=size) as pilot:
        text = drawn(pilot)
        for words in ["Go through the day's papers", "paste  a copied", "F  fetch the", "i  import a", "d  open the"]:
            assert words in text


@pytest.mark.parametrize(
    ("pressed", "heard"),
    [
        (["i"], ["import"]),
        (["d"], ["sample"]),
        (["enter"], []),
        (["down", "enter"], ["fetch"]),
        (["j", "j", "j", "enter"], ["sample"]),
        (["down", "down", "up", "down", "enter"], ["import"]),
        (["x", "r", "s", "space"], []),
    ],
)
async def test_the_welcome_begins_by_key(pressed: list[str], heard: list[str]) -> None:
    app = Empty()
    async with app.run_test() as pilot:
        await pilot.press(*pressed)
        assert app.heard == heard


async def test_the_welcome_begins_by_click() -> None:
    app = Empty()
    async with app.run_test(size=(80, 24)) as pilot:
        for at, line in enumerate(drawn(pilot).splitlines()):
            if "import a file" in line:
                await pilot.click(offset=(line.index("import"), at))
        assert app.heard == ["import"]
