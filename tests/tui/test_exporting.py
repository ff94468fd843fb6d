"""Exporting from the app, for real: every kind of document to a file or the clipboard, and what is remembered."""

import json
from pathlib import Path

import pytest
from textual.widgets import Static

from store import Library
from tests.hostile import TEXTS
from tests.tui.app_host import TITLES, Desk, desk, fill
from tui.exporting import IN_PLACE, KINDS, OBSIDIAN, SURE, TEMPLATE
from tui.screens.export_dialog import PREVIEWED
from tui.widgets.choice_line import ChoiceLine

KEYS = tuple(KINDS)


@pytest.fixture(autouse=True)
def _folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)


@pytest.fixture
def papers(library: Library) -> Library:
    fill(library, TITLES)
    return library


async def choose(app: Desk, kind: str) -> None:
    """Choose a format in the dialog, from whichever stands there; the format has the keys."""
    line = app.app.screen.query_one("#format", ChoiceLine)
    line.focus()
    await app.press(*["right"] * ((KEYS.index(kind) - KEYS.index(line.value)) % len(KEYS)))
    assert line.value == kind


def preview(app: Desk) -> str:
    return str(app.app.screen.query_one("#document", Static).visual)


async def test_the_format_is_remembered_in_the_next_session(papers: Library, home: Path) -> None:
    async with desk(papers) as app:
        await app.press("x")
        await choose(app, "bibtex")
        await app.press("enter")
        assert "Exported 6 papers" in app.screen
    assert (home / "inbox.bib").read_text().count("@misc{") == 6
    async with desk(papers) as app:
        await app.press("x")
        await choose(app, "csv")
        await app.press("escape", "x")
        assert app.app.screen.query_one("#format", ChoiceLine).value == "bibtex", "what was left was not the last"
        assert "inbox.bib" in app.screen
        assert "Preview" in app.screen


@pytest.mark.parametrize("remembered", ["no-such-format", ["markdown"], None])
async def test_a_format_that_there_is_not_any_more_is_markdown(papers: Library, home: Path, remembered: object) -> None:
    (home / "state" / "paperdeck").mkdir(parents=True)
    (home / "state" / "paperdeck" / "layout.json").write_text(json.dumps({"export_format": remembered}))
    async with desk(papers) as app:
        await app.press("x")
        assert app.app.screen.query_one("#format", ChoiceLine).value == "markdown"


async def test_it_is_copied_and_said_how_much(papers: Library, home: Path) -> None:
    async with desk(papers) as app:
        await app.press("x")
        await choose(app, "jsonl")
        await app.press("y")
        assert "Copied 6 papers as JSON Lines, 3 kB" in app.screen
        copied = [json.loads(line) for line in app.app.clipboard.splitlines()]
        assert [paper["title"] for paper in copied] == list(TITLES)
    assert not (home / "inbox.jsonl").exists()


async def test_what_some_terminals_do_not_take_is_said(library: Library) -> None:
    fill(library, [f"{number} {'long ' * 100}" for number in range(100)])
    async with desk(library) as app:
        await app.press("x", "ctrl+y")
        assert "write a file" in app.screen
        assert len(app.app.clipboard) > SURE


async def test_of_many_papers_only_the_first_are_read_for_the_preview(library: Library) -> None:
    fill(library, [f"paper number {number}" for number in range(1000)])
    async with desk(library) as app:
        await app.press("x")
        assert "1,000 papers · Inbox" in app.screen
        assert f"first {PREVIEWED} of 1,000 papers" in app.screen
        assert f"number {PREVIEWED - 1}" in preview(app)
        assert f"number {PREVIEWED}" not in preview(app)


async def test_in_place_what_a_person_wrote_stays_and_the_preview_shows_it(papers: Library, home: Path) -> None:
    file = home / "inbox.md"
    async with desk(papers) as app:
        await app.press("space", "x")
        await choose(app, IN_PLACE)
        await app.press("enter")
        assert "1 new" in app.screen
        file.write_text(f"My own words.\n\n{file.read_text()}")
        await app.press("escape", "space", "x")
        assert "My own words." in preview(app)
        await app.press("enter")
        assert "1 new" in app.screen
        assert "Replace the file?" not in app.screen
    text = file.read_text()
    assert text.startswith("My own words.")
    assert TITLES[1] in text


async def test_a_folder_gets_a_note_for_each_paper(papers: Library, home: Path) -> None:
    async with desk(papers) as app:
        await app.press("x")
        await choose(app, OBSIDIAN)
        assert "inbox" in app.screen
        assert preview(app).startswith("---\ntitle:")
        await app.press("enter")
        await app.until(lambda: "6 new" in app.screen)
    assert len(list((home / "inbox").glob("*.md"))) == 7


async def test_a_file_that_is_only_the_persons_is_not_touched_in_place(papers: Library, home: Path) -> None:
    (home / "inbox.md").write_text("Mine alone.")
    async with desk(papers) as app:
        await app.press("x")
        await choose(app, IN_PLACE)
        assert "holds no marker" in preview(app)
        await app.press("enter")
        assert "Export" in app.screen
        await app.press("escape")
    assert (home / "inbox.md").read_text() == "Mine alone."


async def test_ones_own_template_is_seen_written_and_told_where_it_is_wrong(papers: Library, home: Path) -> None:
    (home / "t.tex.jinja").write_text("{% for paper in papers %}[{{ paper.title }}]\n{% endfor %}")
    (home / "w.jinja").write_text("one\n{{ paper.titel }}")
    async with desk(papers) as app:
        await app.press("x")
        await choose(app, TEMPLATE)
        await app.press("tab")
        await app.type("w.jinja")
        assert "line 2" in preview(app)
        await app.press("enter")
        assert "Exported" not in app.screen
        await app.press("ctrl+u")
        await app.type("t.tex.jinja")
        assert preview(app).startswith(f"[{TITLES[0]}]")
        await app.press("enter")
        assert "Exported 6 papers" in app.screen
    assert (home / "inbox.tex").read_text().splitlines()[2] == f"[{TITLES[2]}]"


async def test_whatever_stands_in_papers_is_drawn_as_text_in_every_format(library: Library) -> None:
    fill(library, [f"A {text}" for text in TEXTS.values()])
    async with desk(library, (80, 24)) as app:
        await app.press("x")
        for kind in KEYS:
            await choose(app, kind)
            await app.settle()
            drawn = preview(app)
            assert drawn
            assert not any((sign < " " and sign != "\n") or "\x7f" <= sign < "\xa0" for sign in drawn)
        await app.press("escape")
        assert app.app.is_running


def test_no_two_kinds_are_called_the_same() -> None:
    assert len({kind.what for kind in KINDS.values()}) == len(KINDS)
