"""The path line: completion as a shell's, over any folder, without ever failing on one."""

import os
from pathlib import Path

import pytest
from textual import events
from textual.app import ComposeResult
from textual.widgets import Input, OptionList

from tests.tui.dialog_host import drawn
from tests.tui.waiting import Tried, until
from tui.paths import matching, read_folder, typed_path
from tui.widgets.path_input import PathInput


class Shelf(Tried):
    """An app with a path line and another line after it."""

    def __init__(self, value: str = "") -> None:
        super().__init__()
        self.line = PathInput(value)
        self.submitted: list[Path] = []
        self.pasted: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.line
        yield Input(id="after")

    def on_mount(self) -> None:
        self.line.line.focus()

    def on_path_input_submitted(self, message: PathInput.Submitted) -> None:
        self.submitted.append(message.path)

    def on_path_input_pasted(self, message: PathInput.Pasted) -> None:
        self.pasted.append(message.text)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder, and home, with a few files and folders."""
    for name in ["pages", "page two", ".hidden"]:
        (tmp_path / name).mkdir()
    for name in ["page-1.txt", "page-2.txt", "[b]old[b].txt", "ärger 论文.txt", ".secret", "pages/monday.txt"]:
        (tmp_path / name).write_text("x")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "keys", "completed"),
    [
        ("pages/m", ["tab"], "pages/monday.txt"),
        ("pages/m", ["right"], "pages/monday.txt"),
        ("p", ["tab"], "page"),
        ("page-", ["tab"], "page-"),
        ("page ", ["tab"], "page two/"),
        ("~/pages/", ["tab"], "~/pages/monday.txt"),
        ("~", ["tab"], "~"),
        ("PAGES", ["tab"], "pages/"),
        (".s", ["tab"], ".secret"),
        ("ä", ["tab"], "ärger 论文.txt"),
        ("[b", ["tab"], "[b]old[b].txt"),
        ("nothing", ["tab"], "nothing"),
        ("page-", ["tab", "tab", "enter"], "page-2.txt"),
        ("page-", ["down", "down", "enter"], "page-2.txt"),
        ("page-", ["down", "up", "right"], "page-"),
    ],
)
@pytest.mark.usefixtures("folder")
async def test_completion(typed: str, keys: list[str], completed: str) -> None:
    app = Shelf()
    async with app.run_test() as pilot:
        await pilot.press(*typed)
        await pilot.press(*keys)
        assert app.line.value == completed


@pytest.mark.usefixtures("folder")
async def test_tab_pressed_before_the_folder_is_read_completes_when_it_is() -> None:
    app = Shelf()
    async with app.run_test() as pilot:
        app.line.value = "pages/m"
        app.line.action_complete(True)
        # The first look at a folder is given up for this one, so its thread cannot be waited for.
        await until(pilot, lambda: app.line.value == "pages/monday.txt", app.line.value)


async def test_enter_submits_what_is_typed(folder: Path) -> None:
    app = Shelf()
    async with app.run_test() as pilot:
        await pilot.press("enter", *"~/pages", "enter")
        assert app.submitted == [folder / "pages"]


@pytest.mark.usefixtures("folder")
async def test_tab_leaves_when_nothing_is_left_to_complete() -> None:
    app = Shelf()
    async with app.run_test() as pilot:
        await pilot.press(*"page-1.txt")
        await pilot.press("tab")
        assert app.focused is app.query_one("#after")


@pytest.mark.usefixtures("folder")
async def test_folders_come_first_with_a_slash_and_hidden_ones_not_at_all() -> None:
    app = Shelf()
    async with app.run_test() as pilot:
        text = drawn(pilot)
        assert text.index("page two/") < text.index("pages/") < text.index("[b]old[b].txt")
        assert "secret" not in text
        assert "hidden" not in text


@pytest.mark.usefixtures("folder")
async def test_a_click_takes_an_entry() -> None:
    app = Shelf()
    async with app.run_test() as pilot:
        await pilot.click(OptionList, offset=(5, 2))
        assert app.line.value == "pages/"
        assert "monday.txt" in drawn(pilot)


async def test_thousands_of_entries_are_cut_and_it_says_so(tmp_path: Path) -> None:
    for number in range(3000):
        (tmp_path / f"file {number:04}.txt").touch()
    app = Shelf(f"{tmp_path}/")
    async with app.run_test() as pilot:
        options = app.query_one(OptionList)
        assert options.option_count == 101
        assert options.get_option_at_index(100).prompt.plain == "… 2,900 more: type to narrow"
        await pilot.press("end", *"file 29")
        assert options.option_count == 100
        await pilot.press("9", "9", "tab")
        assert app.line.value.endswith("/file 2999.txt")


async def test_a_folder_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    app = Shelf()
    async with app.run_test() as pilot:
        await pilot.press(*f"{tmp_path}/none/")
        assert "No such file or directory" in drawn(pilot)
        app.line.value = f"{tmp_path}/file/"
        await pilot.pause()
        assert "Not a directory" in drawn(pilot)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_locked_folder_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0)
    try:
        assert read_folder(str(tmp_path)).error == "Permission denied"
    finally:
        tmp_path.chmod(0o700)


def test_names_that_no_screen_can_show_are_left_out(tmp_path: Path) -> None:
    for name in [b"good", b"bad\xff", b"esc\x1b[31m", b"line\nend"]:
        (tmp_path / os.fsdecode(name)).touch()
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert [found.name for found in read_folder(str(tmp_path)).entries] == ["gone", "good", "loop"]
    assert matching(read_folder(str(tmp_path)).entries, "x") == []


@pytest.mark.usefixtures("folder")
async def test_several_pasted_lines_are_handed_on() -> None:
    app = Shelf()
    async with app.run_test() as pilot:
        app.post_message(events.Paste("one\ntwo"))
        await pilot.pause()
        assert app.pasted == ["one\ntwo"]
        assert app.line.value == ""
        app.post_message(events.Paste("page-1.txt\n"))
        await pilot.pause()
        assert app.line.value == "page-1.txt"


def test_paths_as_terminals_drop_them(folder: Path) -> None:
    file = folder / "page two"
    assert typed_path(f"'{file}' ") == file
    assert typed_path(str(file).replace(" ", "\\ ")) == file
    assert typed_path(f"file://{folder}/page%20two") == file
    assert typed_path("~/pages") == folder / "pages"
    assert typed_path("~nobody-of-this-name/x") == Path("~nobody-of-this-name/x")
