"""The import dialog: says what it found before it takes it in, and stops without losing what is in."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

import tui.sample
from store.errors import LibraryBusy
from store.importing import Import, import_text
from store.library import Library
from store.models import FileReport, ImportReport
from tests.tui.dialog_host import NASTY, Host, drawn
from tests.tui.waiting import PATIENCE, until
from tui.reports import found, imported
from tui.screens.import_dialog import ImportDialog, Run
from tui.widgets.hints import Hints

PAGES = Path(tui.sample.__file__).parent
CARDS = PAGES / "cards-nov-28.txt"


def dialog(library: Library, text: str | None = None, path: str | Path = "") -> ImportDialog:
    return ImportDialog(partial(Import, library), partial(import_text, library), text, str(path))


def report_of(app: Host) -> ImportReport:
    assert len(app.answers) == 1
    assert isinstance(app.answers[0], ImportReport)
    return app.answers[0]


async def test_a_named_file_is_looked_at_at_once_and_imported_on_enter(library: Library) -> None:
    app = Host(dialog(library, path=CARDS))
    async with app.run_test() as pilot:
        text = drawn(pilot)
        assert "papers of 28 Nov" in text
        assert "(year inferred) · " in text
        assert " new" in text
        assert len(library.ids()) == 0
        await pilot.press("enter")
        report = report_of(app)
        assert report.new == len(library.ids()) > 10


async def test_a_path_typed_and_entered_in_one_go_is_imported(library: Library, tmp_path: Path) -> None:
    page = tmp_path / "p.txt"
    page.write_bytes(CARDS.read_bytes())
    app = Host(dialog(library))
    async with app.run_test() as pilot:
        await pilot.press(*str(page), "enter")
        if not app.answers:
            await pilot.press("enter")
        assert report_of(app).new == len(library.ids())


async def test_a_pasted_page_is_looked_at_and_imported_on_enter(library: Library) -> None:
    app = Host(dialog(library, CARDS.read_text()))
    async with app.run_test() as pilot:
        assert "Import the pasted text" in drawn(pilot)
        assert "papers of 28 Nov" in drawn(pilot)
        await pilot.press("enter")
        assert report_of(app).files[0].name == "pasted text"


async def test_a_page_pasted_into_the_path_line_is_taken_as_a_page(library: Library) -> None:
    app = Host(dialog(library))
    async with app.run_test() as pilot:
        app.post_message(events.Paste(CARDS.read_text()))
        await pilot.pause()
        assert "papers of 28 Nov" in drawn(pilot)
        await pilot.press("enter")
        assert report_of(app).new > 10


async def test_another_day_is_given(library: Library) -> None:
    app = Host(dialog(library, path=CARDS))
    async with app.run_test() as pilot:
        app.screen.query_one("#day", Input).focus()
        await pilot.press(*"2024-11-2")
        await pilot.press("enter")
        assert "The day is no date" in drawn(pilot)
        await pilot.press("9")
        assert "papers of 29 Nov 2024 ·" in drawn(pilot)
        await pilot.press("enter")
        assert report_of(app).files[0].day == date(2024, 11, 29)


async def test_what_is_known_already_is_said(library: Library) -> None:
    list(Import(library, [CARDS]))
    app = Host(dialog(library, path=CARDS))
    async with app.run_test() as pilot:
        assert "all known, nothing" in drawn(pilot)


async def test_a_folder_is_looked_through_on_enter_and_imported_on_the_next(library: Library) -> None:
    app = Host(dialog(library, path=PAGES))
    async with app.run_test() as pilot:
        assert "Enter looks through it" in drawn(pilot)
        assert app.answers == []
        await pilot.press("enter")
        assert "4 pages, " in drawn(pilot)
        assert "passed over: no Daily Papers page" in drawn(pilot)
        assert len(library.ids()) == 0
        await pilot.press("enter")
        assert len(report_of(app).files) == 4


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_what_is_no_page_says_so_and_imports_nothing(
    library: Library, tmp_path: Path, size: tuple[int, int]
) -> None:
    file = tmp_path / "[bold] notes.txt"
    file.write_text("nothing of the kind")
    app = Host(dialog(library, path=file))
    async with app.run_test(size=size) as pilot:
        assert "✗" in drawn(pilot)
        await pilot.press("enter")
        assert app.answers == []
        await pilot.press("escape")
        assert app.answers == [None]


async def test_a_path_that_is_not_there_says_so(library: Library, tmp_path: Path) -> None:
    app = Host(dialog(library, path=tmp_path / NASTY.replace("/", "")))
    async with app.run_test() as pilot:
        await pilot.press("enter")
        assert "does not exist." in drawn(pilot).replace("\n", "")
        assert app.answers == []


async def test_escape_leaves_and_nothing_is_imported(library: Library) -> None:
    app = Host(dialog(library, path=CARDS))
    async with app.run_test() as pilot:
        await pilot.press("escape")
        assert app.answers == [None]
        assert len(library.ids()) == 0


async def test_the_hint_imports_by_mouse(library: Library) -> None:
    app = Host(dialog(library, path=CARDS))
    async with app.run_test() as pilot:
        await pilot.click(Hints, offset=(1, 0))
        assert report_of(app).new > 10


class Slow:
    """An import of a thousand documents that waits, after the third, until it is told to go on."""

    total = 1000
    looked_at = 0
    passed_over = 0

    def __init__(self) -> None:
        self.three = Event()
        self.go_on = Event()

    def __call__(self, paths: Sequence[str | Path], *, day: date | None, rehearse: bool) -> Run:  # noqa: ARG002
        return self

    def __iter__(self):  # type: ignore[no-untyped-def]
        for number in range(self.total):
            if number == 3:
                self.three.set()
                self.go_on.wait(PATIENCE)
            self.looked_at += 1
            yield FileReport(name=f"page {number}", format="flat", listed=1, new=1)


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
async def test_a_long_import_shows_progress_and_stops(library: Library, key: str) -> None:
    slow = Slow()
    app = Host(ImportDialog(slow, partial(import_text, library), None, str(PAGES)))
    async with app.run_test() as pilot:
        await Pilot.press(pilot, "enter", "enter")
        await until(pilot, slow.three.is_set)
        await Pilot.press(pilot, key)
        slow.go_on.set()
        await pilot.pause()
        assert "Stopped after " in drawn(pilot)
        assert "of 1,000 files; what was imported stays" in drawn(pilot)
        assert app.answers == []
        await pilot.press("enter")
        assert 0 < report_of(app).new < 1000


async def test_faults_among_many_are_listed_before_the_dialog_closes(library: Library, tmp_path: Path) -> None:
    class Mixed(Slow):
        total = 2

        def __iter__(self):  # type: ignore[no-untyped-def]
            yield FileReport(name="good", format="flat", listed=3, new=3)
            yield FileReport(name="bad", error=f"bad is no page {NASTY}")

    app = Host(ImportDialog(Mixed(), partial(import_text, library), None, str(tmp_path)))
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await pilot.press("enter")
        assert "Imported 3 papers: 3 new" in drawn(pilot)
        assert NASTY in drawn(pilot)
        await pilot.press("escape")
        assert report_of(app).failed == 1


async def test_an_error_of_the_library_is_said_as_it_is(library: Library, tmp_path: Path) -> None:
    def busy(paths: Sequence[str | Path], *, day: date | None, rehearse: bool) -> Run:  # noqa: ARG001
        raise LibraryBusy("Another paperdeck is writing: try again.")

    app = Host(ImportDialog(busy, partial(import_text, library), None, str(tmp_path)))
    async with app.run_test() as pilot:
        await pilot.press("enter")
        assert "Another paperdeck is writing: try again." in drawn(pilot)


def page(**values: object) -> FileReport:
    return FileReport.model_validate({"name": "page", "format": "cards", **values})


def test_what_was_found_in_words() -> None:
    day = date(2025, 11, 28)
    one = page(day=day, day_inferred=True, listed=25, new=21, updated=1, unchanged=3, unparsed=2)
    assert found([one]) == [
        "25 papers of 28 Nov 2025 (year inferred) · 21 new, 4 known (1 with something to add)",
        "2 lines not understood: kept with the document, to look at later",
    ]
    assert found([page(listed=1, new=1)]) == ["1 paper, day unknown · 1 new"]
    assert found([one, page(day=date(2025, 12, 1), listed=1, new=1)], 3)[0] == (
        "2 pages, 26 papers from 28 Nov 2025 to 1 Dec 2025 · up to 22 new, 4 known (1 with something to add)"
    )
    assert found([page(error="no page")]) == []


def test_what_was_imported_in_words() -> None:
    assert imported(ImportReport.of((page(listed=25, new=21, updated=1, unchanged=3),))) == (
        "Imported 25 papers: 21 new, 1 updated, 3 unchanged"
    )
    assert imported(ImportReport.of((page(listed=4, unchanged=4),))) == "Nothing new: 4 papers, all known"
    assert imported(ImportReport.of((page(error="x"),))) == "Nothing was imported"
