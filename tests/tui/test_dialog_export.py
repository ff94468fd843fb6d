"""The export dialog: shows what the file will be, never replaces one without asking, and copies instead."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from store.errors import ExportError, LibraryBusy
from store.exports import FORMATS, ExportOptions
from tests.tui.dialog_host import NASTY, Host, drawn
from tui.exporting import IN_PLACE, KINDS, MOST, OBSIDIAN, TEMPLATE, renamed, size_text, suffix_of
from tui.screens.export_dialog import PREVIEWED, Copied, ExportDialog, ExportRequest
from tui.widgets.choice_line import ChoiceLine


class Papers:
    """Documents that say how they were asked for."""

    def __init__(self, papers: int = 12, preview: Callable[[ExportRequest], str] | None = None) -> None:
        self.papers = papers
        self.asked: list[ExportRequest] = []
        self._preview = preview

    def preview(self, request: ExportRequest) -> str:
        self.asked.append(request)
        return self._preview(request) if self._preview else self.whole(request)

    def whole(self, request: ExportRequest) -> str:
        options = request.options
        said = f"{request.kind} {options.format} {options.group} {options.abstracts} {options.notes} {NASTY}"
        return f"# {options.title}\n\n{said}\n"


def dialog(path: Path | str, papers: Papers | None = None, kind: str = "markdown") -> ExportDialog:
    return ExportDialog("12 papers · Reading list", str(path), papers or Papers(), kind)


def request(path: Path, kind: str = "markdown", **options: object) -> ExportRequest:
    return ExportRequest(kind, ExportOptions(**options), path)  # type: ignore[arg-type]


def write(path: Path, text: str) -> None:
    path.write_text(text)


def holds(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def document(pilot: Pilot[None]) -> str:
    """The preview."""
    return str(pilot.app.screen.query_one("#document", Static).visual)


def message(pilot: Pilot[None]) -> str:
    """What is said above the preview."""
    return str(pilot.app.screen.query_one(".message", Static).visual)


async def test_enter_writes_what_is_offered(tmp_path: Path) -> None:
    app = Host(dialog(tmp_path / "list.md"))
    async with app.run_test() as pilot:
        await pilot.press("enter")
        assert app.answers == [request(tmp_path / "list.md")]


async def test_typing_replaces_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = Host(dialog("list.md"))
    async with app.run_test() as pilot:
        await pilot.press(*"my list.md", "enter")
        assert app.answers == [request(Path("my list.md"))]


async def test_typing_replaces_the_name_and_keeps_the_folder(tmp_path: Path) -> None:
    app = Host(dialog(tmp_path / "list.md"))
    async with app.run_test() as pilot:
        await pilot.press(*"other.md", "enter")
        assert app.answers == [request(tmp_path / "other.md")]


@pytest.mark.parametrize("size", [(170, 45), (80, 24), (60, 20), (40, 12)])
async def test_the_preview_follows_the_choices(tmp_path: Path, size: tuple[int, int]) -> None:
    app = Host(dialog(tmp_path / "list.md"))
    async with app.run_test(size=size) as pilot:
        assert "markdown markdown tag True True [/b]" in document(pilot)
        assert "# Reading list" in drawn(pilot)
        await pilot.press("tab", "tab", "right", "tab", "space")
        assert "markdown markdown day False True [/b]" in document(pilot)
        await pilot.press("space", "space")
        assert "markdown markdown day False False" in document(pilot)
        await pilot.press("enter")
        wanted = request(tmp_path / "list.md", group="day", abstracts=False, notes=False)
        assert app.answers == [wanted]


@pytest.mark.parametrize("size", [(170, 45), (40, 12)])
async def test_every_format_can_be_chosen_and_seen_and_the_name_follows_it(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = Host(dialog(tmp_path / "list.md"))
    async with app.run_test(size=size) as pilot:
        await pilot.press("tab")
        for kind in [*list(KINDS)[1:], "markdown"]:
            await pilot.press("right")
            assert KINDS[kind].what in drawn(pilot)
            assert app.dialog.request.kind == kind  # type: ignore[attr-defined]
            assert app.dialog.request.path == tmp_path / f"list{suffix_of(kind) or ''}"  # type: ignore[attr-defined]
            assert app.screen.query_one("#group", ChoiceLine).disabled is not KINDS[kind].grouped
            assert app.screen.query_one("#frame").size.height <= size[1]
    assert [KINDS[name].what for name in FORMATS] == [form.what for form in FORMATS.values()]


async def test_a_suffix_of_ones_own_stays(tmp_path: Path) -> None:
    app = Host(dialog(tmp_path / "list.md"))
    async with app.run_test() as pilot:
        await pilot.press(*"my.txt", "tab", "right")
        assert app.dialog.request.path == tmp_path / "my.txt"  # type: ignore[attr-defined]


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
        assert app.answers == [request(path)._replace(force=True)]


@pytest.mark.parametrize(
    ("path", "wrong"),
    [("", "Name the file to write"), ("{}", "is a folder"), ("{}/[b]none[b]/list.md", "There is no folder")],
)
async def test_what_cannot_be_written_is_said_before(tmp_path: Path, path: str, wrong: str) -> None:
    app = Host(dialog(path.format(tmp_path)))
    async with app.run_test() as pilot:
        app.screen.query_one("#group").focus()
        await pilot.press("enter")
        assert wrong in message(pilot)
        assert app.answers == []


async def test_escape_leaves(tmp_path: Path) -> None:
    app = Host(dialog(tmp_path / "list.md"))
    async with app.run_test() as pilot:
        await pilot.press("escape")
        assert app.answers == [None]


async def test_a_document_of_any_length_is_previewed_by_its_beginning(tmp_path: Path) -> None:
    app = Host(dialog(tmp_path / "x", Papers(preview=lambda _: "line\n" * 100_000)))
    async with app.run_test() as pilot:
        assert document(pilot).count("line") == 400


async def test_of_many_papers_the_first_are_previewed_and_it_says_so(tmp_path: Path) -> None:
    app = Host(dialog(tmp_path / "x.md", Papers(100_000)))
    async with app.run_test(size=(80, 24)) as pilot:
        assert f"the first {PREVIEWED} of 100,000 papers" in drawn(pilot)


async def test_a_page_is_previewed_from_where_it_says_something(tmp_path: Path) -> None:
    page = "<style>\n" + "p {}\n" * 500 + "</style>\n<body>\n<h1>Reading"
    app = Host(dialog(tmp_path / "x.html", Papers(preview=lambda _: page), "html"))
    async with app.run_test() as pilot:
        assert document(pilot).startswith("<body>")


async def test_a_preview_that_fails_says_why(tmp_path: Path) -> None:
    def busy(_: ExportRequest) -> str:
        raise LibraryBusy("Another paperdeck is writing.")

    app = Host(dialog(tmp_path / "x", Papers(preview=busy)))
    async with app.run_test() as pilot:
        assert "Another paperdeck is writing." in drawn(pilot)


@pytest.mark.parametrize(
    ("name", "wrong"), [("vault", ""), ("new", ""), ("file", "is a file: name a folder"), ("", "Name the folder")]
)
async def test_notes_go_into_a_folder_whether_it_is_there_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, wrong: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "vault").mkdir()
    (tmp_path / "file").write_text("mine")
    app = Host(dialog(name, kind=OBSIDIAN))
    async with app.run_test() as pilot:
        app.screen.query_one("#format").focus()
        await pilot.press("enter")
        assert app.answers == ([] if wrong else [request(Path(name), OBSIDIAN)])
        assert not wrong or wrong in message(pilot)


# In place, and with one's own template


async def test_in_place_an_existing_file_is_no_question_and_one_without_markers_no_answer(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("mine")

    def preview(asked: ExportRequest) -> str:
        if "marker" not in asked.path.read_text():
            raise ExportError("It holds no marker [/b].")
        return "as it will be"

    app = Host(dialog(path, Papers(preview=preview), IN_PLACE))
    async with app.run_test() as pilot:
        assert "It holds no marker [/b]." in document(pilot)
        await pilot.press("enter")
        assert "It holds no marker [/b]." in message(pilot)
        await pilot.press("ctrl+y")
        assert "choose Markdown to copy" in message(pilot)
        (tmp_path / "other.md").write_text("marker")
        await pilot.press(*"other.md")
        assert document(pilot) == "as it will be"
        await pilot.press("enter")
        assert app.answers == [request(tmp_path / "other.md", IN_PLACE)]


async def test_a_template_is_named_in_a_line_of_its_own_and_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    template = Path("x.tex.j2")
    app = Host(dialog("list.md", kind=TEMPLATE))
    async with app.run_test() as pilot:
        assert "Name the file of your template" in document(pilot)
        app.screen.query_one("#format").focus()
        await pilot.press("enter")
        assert "Name the file of your template." in message(pilot)
        await pilot.press("tab", *str(template), "ctrl+y")
        assert "There is no file" in message(pilot)
        write(template, "{{ title }}")
        app.screen.query_one("#format").focus()
        await pilot.press("enter")
        options = ExportOptions()
        assert app.answers == [ExportRequest(TEMPLATE, options, Path("list.tex"), template)]


# The clipboard


@pytest.mark.parametrize("key", ["ctrl+y", "y"])
async def test_it_is_copied_instead(tmp_path: Path, key: str) -> None:
    papers = Papers()
    app = Host(dialog(tmp_path / "list.csv", papers, "csv"))
    async with app.run_test() as pilot:
        app.screen.query_one("#format").focus()
        await pilot.press(key)
        assert app.answers == [Copied("csv", papers.whole(request(tmp_path, "csv", format="csv")))]
    assert not holds(tmp_path)


async def test_what_no_terminal_takes_is_not_copied_and_what_to_do_is_said(tmp_path: Path) -> None:
    class Long(Papers):
        def whole(self, request: ExportRequest) -> str:  # noqa: ARG002
            return "é" * MOST if self.papers < PREVIEWED else "never made"

    for many, said in ((20, "1.5 MB"), (100_000, "about 1,000.0 MB")):
        app = Host(dialog(tmp_path / "x.md", Long(many, preview=lambda _: "x" * 400_000)))
        async with app.run_test() as pilot:
            await pilot.press("ctrl+y")
            assert f"Not copied: this is {said}" in message(pilot)
            assert "Enter writes a file" in message(pilot)
            assert app.answers == []


def test_sizes_are_read_by_people() -> None:
    assert [size_text(size) for size in (0, 999, 1000, 74_994, 999_499, 1_234_567)] == [
        "0 B", "999 B", "1 kB", "75 kB", "999 kB", "1.2 MB",
    ]  # fmt: skip


def test_a_files_name_keeps_what_is_no_suffix_of_a_document() -> None:
    assert renamed("v1.2", ".bib", ".md") == "v1.2"
    assert renamed("a.jsonl", ".json", ".jsonl") == "a.json"
    assert renamed("a.tex", ".md", ".tex") == "a.md"
    assert renamed(".md", ".bib", ".md") == ".md"
    assert renamed("a.md", None, ".md") == "a.md"
    assert renamed("a.md", "", ".md") == "a", "a folder"
    assert renamed("a", ".bib", "") == "a.bib"
    assert renamed("a.b", ".bib", "") == "a.b"
    assert renamed("", ".bib", "") == ""
    assert suffix_of(TEMPLATE, Path("x.html.j2")) == ".html"
    assert suffix_of(TEMPLATE, Path("x.txt")) == ".txt"
    assert suffix_of(TEMPLATE) is None
