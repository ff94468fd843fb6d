"""From paths to reports: what is imported, what is passed over, what is said of the rest."""

import io
import os
from datetime import date
from pathlib import Path

import pytest

from store import Library
from store.documents import gather
from store.importing import Import, import_text
from store.sources.lines import MOST_BYTES

FIXTURES = Path(__file__).parent.parent / "fixtures"
CARDS = FIXTURES / "cards.txt"
FLAT = FIXTURES / "flat.txt"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two pages, one of them below, and what else lies about in one."""
    folder = tmp_path / "pages"
    (folder / "below").mkdir(parents=True)
    (folder / "below" / "a.txt").write_bytes(FLAT.read_bytes())
    (folder / "b.txt").write_bytes(CARDS.read_bytes())
    (folder / "notes.md").write_text("# Notes\n\nNo page.\n")
    (folder / "film.mp4").write_bytes(b"\0" * 100_000)
    (folder / ".hidden.txt").write_bytes(CARDS.read_bytes())
    (folder / ".git").mkdir()
    (folder / ".git" / "c.txt").write_bytes(CARDS.read_bytes())
    return folder


def test_files_are_imported_in_the_order_given(library: Library) -> None:
    run = Import(library, [FLAT, CARDS])
    assert (run.total, run.looked_at) == (2, 0)
    reports = list(run)
    assert [(report.name, report.format, report.new) for report in reports] == [
        (str(FLAT), "flat", 3),
        (str(CARDS), "cards", 5),
    ]
    assert (run.looked_at, run.passed_over) == (2, 0)
    assert len(library.ids()) == 8


def test_a_folder_gives_its_pages_and_passes_over_the_rest(library: Library, folder: Path) -> None:
    run = Import(library, [folder])
    assert [report.name for report in run] == [
        str(folder / "b.txt"),
        str(folder / "below" / "a.txt"),
    ]
    assert (run.total, run.passed_over) == (4, 2)


def test_a_folder_without_pages_is_an_error_that_names_it(library: Library, tmp_path: Path) -> None:
    empty, prose = tmp_path / "empty", tmp_path / "prose"
    empty.mkdir()
    prose.mkdir()
    (prose / "a.txt").write_text("No page.")
    (prose / "b.txt").write_text("No page either.")
    run = Import(library, [empty, prose, CARDS])
    reports = {report.name: report for report in run}
    assert "no files" in (reports[str(empty)].error or "")
    assert "none of its 2 files" in (reports[str(prose)].error or "")
    assert reports[str(CARDS)].new == 5


def test_every_bad_file_is_named_and_the_others_are_imported(library: Library, tmp_path: Path) -> None:
    bad = {
        "missing.txt": None,
        "empty.txt": b"",
        "picture.png": b"\x89PNG\r\n\x1a\n\0",
        "prose.txt": b"Once upon a time there was a page.",
    }
    for name, data in bad.items():
        if data is not None:
            (tmp_path / name).write_bytes(data)
    reports = list(Import(library, [*(tmp_path / name for name in bad), CARDS, "\0", "x" * 5000]))
    errors = [report.error for report in reports]
    for name, error in zip(bad, errors, strict=False):
        assert str(tmp_path / name) in (error or "")
    assert [report.new for report in reports if not report.error] == [5]
    assert len(reports) == len(bad) + 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_reported(library: Library, tmp_path: Path) -> None:
    shut = tmp_path / "shut.txt"
    shut.write_bytes(CARDS.read_bytes())
    shut.chmod(0)
    for paths in ([shut], [tmp_path]):
        (report,) = Import(library, paths)
        assert report.error == f"{shut} cannot be read: Permission denied."


def test_files_too_large_to_be_a_page_are_refused_unread(library: Library, tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.write(CARDS.read_bytes() * 4)
        file.truncate(MOST_BYTES + 1)
    (report,) = Import(library, [large])
    assert report.error == f"{large} is over 512 MB, which no page is: split it, or copy the page again."


def test_standard_input_is_a_document(library: Library) -> None:
    (report,) = Import(library, ["-"], stdin=io.BytesIO(CARDS.read_bytes()), day=date(2025, 11, 4))
    assert (report.name, report.day, report.day_inferred, report.new) == (
        "standard input",
        date(2025, 11, 4),
        False,
        5,
    )


def test_pasted_text_is_a_document(library: Library) -> None:
    text = CARDS.read_text(encoding="utf-8")
    assert import_text(library, text, rehearse=True).new == 5
    assert library.ids() == []
    assert import_text(library, text).name == "pasted text"
    assert len(library.ids()) == 5
    assert import_text(library, "Good morning \ud800").error is not None


def test_a_rehearsal_says_what_an_import_would_do_and_changes_nothing(library: Library, folder: Path) -> None:
    assert [report.new for report in Import(library, [folder], rehearse=True)] == [5, 3]
    assert library.ids() == []
    assert library.digests() == []


def test_importing_again_changes_nothing(library: Library) -> None:
    list(Import(library, [CARDS]))
    (report,) = Import(library, [CARDS])
    assert (report.listed, report.new, report.updated, report.unchanged) == (5, 0, 0, 5)


def test_an_import_that_is_stopped_keeps_what_it_reported(library: Library) -> None:
    run = iter(Import(library, [CARDS, FLAT]))
    assert next(run).new == 5
    del run
    assert len(library.ids()) == 5


def test_a_file_is_looked_at_once_however_it_is_named(folder: Path) -> None:
    (folder / "link.txt").symlink_to(folder / "b.txt")
    (folder / "below" / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "broken").symlink_to(folder / "nowhere")
    gathered = gather([folder, folder / "b.txt", str(folder) + "/", folder / "below"])
    assert [document.name for document in gathered.documents] == [
        str(folder / name)
        for name in ("b.txt", "film.mp4", "link.txt", "notes.md", "below/a.txt")
        if name != "link.txt"
    ]
    assert gathered.empty_folders == ()


def test_a_home_folder_is_understood(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("HOME", str(folder))
    (document,) = gather(["~/b.txt"]).documents
    assert (document.path, document.name) == (folder / "b.txt", "~/b.txt")
