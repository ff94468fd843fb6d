"""The export dialog: shows what the file will be, and never replaces one without asking."""

from pathlib import Path

import pytest
from textual.widgets import Static

from store.errors import LibraryBusy
from store.exports import ExportOptions
from tests.tui.dialog_host import NASTY, Host, drawn
from tui.screens.export_dialog import ExportDialog, ExportRequest
from tui.widgets.choice_line import ChoiceLine


def render(options: ExportOptions) -> str:
    """A document that says how it was asked for."""
    return f"# {options.title}\n\n{options.format} {options.group} {options.abstracts} {NASTY}\n"


def dialog(path: Path | str) -> ExportDialog:
    return ExportDialog("12 papers · Reading list", str(path), render)


async def test_enter_writes_what_is_offered(tmp_path: Path) -> None:
    app = Host(dialog(tmp_path / "list.md"))
    async with app.run_test() as pilot:
        await pilot.press("enter")
        assert app.answers == [ExportRequest(ExportOptions(), tmp_path / "list.md", force=False)]


async def test_typing_replaces_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = Host(dialog("list.md"))
    async with app.run_test() as pilot:
        await pilot.press(*"my list.md", "enter")
        assert app.answers == [ExportRequest(ExportOptions(), Path("my list.md"), force=False)]


async def test_typing_replaces_the_name_and_keeps_the_folder(tmp_path: Path) -> None:
    app = Host(dialog(tmp_path / "list.md"))
    async with app.run_test() as pilot:
        await pilot.press(*"other.md", "enter")
        assert app.answers == [ExportRequest(ExportOptions(), tmp_path / "other.md", force=False)]


@pytest.mark.parametrize("size", [(120, 35), (80, 24), (40, 12)])
async def test_the_preview_follows_the_choices(tmp_path: Path, size: tuple[int, int]) -> None:
    app = Host(dialog(tmp_path / "list.md"))
    async with app.run_test(size=size) as pilot:
        assert "markdown tag True [/b]" in str(app.screen.query_one("#document", Static).visual)
        assert "# Reading list" in drawn(pilot)
        await pilot.press("tab", "tab", "right", "tab", "space")
        assert "markdown day False [/b]" in str(app.screen.query_one("#document", Static).visual)
        await pilot.press("enter")
        options = ExportOptions(group="day", abstracts=False)
        assert app.answers == [ExportRequest(options, tmp_path / "list.md", force=False)]


async def test_a_choice_is_made_by_the_mouse(tmp_path: Path) -> None:
    app = Host(dialog(tmp_path / "list.md"))
    async with app.run_test() as pilot:
        await pilot.click("#group", offset=(35, 0))
        assert app.screen.query_one("#group", ChoiceLine).value == "none"


async def test_an_existing_file_is_replaced_only_when_confirmed(tmp_path: Path) -> None:
    path = tmp_path / "list.md"
    path.write_text("mine")
    app = Host(dialog(path))
    async with app.run_test() as pilot:
        await pilot.press("enter")
        assert "Replace the file?" in drawn(pilot)
        await pilot.press("n")
        assert app.answers == []
        await pilot.press("enter")
        await pilot.press("y")
        assert app.answers == [ExportRequest(ExportOptions(), path, force=True)]


@pytest.mark.parametrize(
    ("path", "wrong"),
    [("", "Name the file to write"), ("{}", "is a folder"), ("{}/[b]none[b]/list.md", "There is no folder")],
)
async def test_what_cannot_be_written_is_said_before(tmp_path: Path, path: str, wrong: str) -> None:
    app = Host(dialog(path.format(tmp_path)))
    async with app.run_test() as pilot:
        app.screen.query_one("#group").focus()
        await pilot.press("enter")
        assert wrong in str(app.screen.query_one(".message", Static).visual)
        assert app.answers == []


async def test_escape_leaves(tmp_path: Path) -> None:
    app = Host(dialog(tmp_path / "list.md"))
    async with app.run_test() as pilot:
        await pilot.press("escape")
        assert app.answers == [None]


async def test_a_document_of_any_length_is_previewed_by_its_beginning(tmp_path: Path) -> None:
    app = Host(ExportDialog("many", str(tmp_path / "x"), lambda _: "line\n" * 100_000))
    async with app.run_test():
        assert str(app.screen.query_one("#document", Static).visual).count("line") == 400


async def test_a_preview_that_fails_says_why(tmp_path: Path) -> None:
    def busy(_: ExportOptions) -> str:
        raise LibraryBusy("Another paperdeck is writing.")

    app = Host(ExportDialog("many", str(tmp_path / "x"), busy))
    async with app.run_test() as pilot:
        assert "Another paperdeck is writing." in drawn(pilot)
