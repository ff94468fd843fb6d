"""`paperdeck import`: what is reported, and what an exit status says."""

import io
import sys
from pathlib import Path

import pytest

from store.library import Library
from tests.tui.app_host import TITLES, fill
from tests.tui.conftest import Paperdeck

REPORT_FIELDS = ["name", "format", "day", "day_inferred", "listed", "new", "updated", "unchanged", "unparsed", "error"]


def page(*titles: str, day: str = "Nov 28", comments: int = 0) -> bytes:
    """A Daily Papers page in cards, as it is copied."""
    number = f" {comments}" if comments else ""
    cards = (f"{title}\n\nWe study {title.lower()}.\n\n  • 8 authors\n·\nMay 30, 2024{number}\n" for title in titles)
    head = f"new\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n\n{day}\n"
    return "\n".join((head, *cards)).encode()


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder with two pages, one in a folder of its own, and a file that is none."""
    folder = tmp_path / "pages"
    (folder / "below").mkdir(parents=True)
    (folder / "friday.txt").write_bytes(page("State spaces", "Window selection", "Cache eviction"))
    (folder / "below" / "thursday.txt").write_bytes(page("Window selection", "Diffusion", day="Nov 27"))
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\0")
    return folder


def test_a_page_is_reported_in_a_line(paperdeck: Paperdeck, pages: Path) -> None:
    file = str(pages / "friday.txt")
    ran = paperdeck("import", file)
    assert ran == (0, f"{file}: 3 papers of 28 Nov 2025 (year inferred): 3 new\n", "")
    assert paperdeck("import", file).out == f"{file}: 3 papers of 28 Nov 2025 (year inferred): nothing changed\n"


def test_a_report_as_json_has_every_field(paperdeck: Paperdeck, pages: Path) -> None:
    paperdeck("import", str(pages / "friday.txt"))
    file = str(pages / "below" / "thursday.txt")
    ran = paperdeck("import", file, "--json")
    assert (ran.status, ran.err) == (0, "")
    assert list(ran.json) == ["files", "listed", "new", "updated", "unchanged", "unparsed", "failed"]
    (report,) = ran.json["files"]
    assert list(report) == REPORT_FIELDS
    assert report == {
        "name": file,
        "format": "cards",
        "day": "2025-11-27",
        "day_inferred": True,
        "listed": 2,
        "new": 1,
        "updated": 1,
        "unchanged": 0,
        "unparsed": 0,
        "error": None,
    }
    assert (ran.json["listed"], ran.json["new"], ran.json["updated"], ran.json["failed"]) == (2, 1, 1, 0)


def test_a_folder_is_read_with_what_is_below_it(paperdeck: Paperdeck, pages: Path, library: Library) -> None:
    ran = paperdeck("import", str(pages))
    assert ran.status == 0
    assert len(ran.out.splitlines()) == 2
    assert "2 files" in ran.err
    assert "1 file passed over" in ran.err
    assert len(library.ids()) == 4


def test_a_page_from_standard_input(paperdeck: Paperdeck, library: Library) -> None:
    ran = paperdeck("import", "-", stdin=page("State spaces"))
    assert ran.out == "standard input: 1 paper of 28 Nov 2025 (year inferred): 1 new\n"
    assert library.entry(1).title == "State spaces"


def test_the_day_can_be_given(paperdeck: Paperdeck, pages: Path) -> None:
    report = paperdeck("import", str(pages / "friday.txt"), "--date", "2024-11-28", "--json").json["files"][0]
    assert (report["day"], report["day_inferred"]) == ("2024-11-28", False)


def test_an_empty_name_is_wrong_usage_and_not_the_folder_one_is_in(
    paperdeck: Paperdeck, pages: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pages)
    ran = paperdeck("import", "")
    assert (ran.status, ran.out) == (2, "")
    assert "an empty one names no file" in ran.err
    assert not library.digests()


@pytest.mark.parametrize("day", ["2024-13-01", "2024-02-30", "28 Nov", "20241128", "2024-W01-1", ""])
def test_a_day_that_is_none_is_wrong_usage(paperdeck: Paperdeck, pages: Path, library: Library, day: str) -> None:
    ran = paperdeck("import", str(pages / "friday.txt"), "--date", day)
    assert (ran.status, ran.out) == (2, "")
    assert "--date" in ran.err
    assert not library.ids()


def test_all_files_that_can_be_are_imported_and_the_others_named(paperdeck: Paperdeck, pages: Path) -> None:
    bad = [str(pages / "picture.png"), str(pages / "missing.txt")]
    good = str(pages / "friday.txt")
    ran = paperdeck("import", bad[0], good, bad[1])
    assert ran.status == 3
    assert ran.out.startswith(f"{good}: 3 papers")
    assert all(name in ran.err for name in bad)
    assert "2 files failed" in ran.err
    ran = paperdeck("import", bad[0], good, "--json")
    assert ran.status == 3
    assert [report["error"] is None for report in ran.json["files"]] == [False, True]
    assert ran.json["failed"] == 1


@pytest.mark.parametrize("name", ["picture.png", "missing.txt", "empty"])
def test_nothing_imported_is_status_1(paperdeck: Paperdeck, pages: Path, library: Library, name: str) -> None:
    (pages / "empty").mkdir()
    ran = paperdeck("import", str(pages / name))
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.count(name) == 1
    assert not library.digests()


def test_a_name_cannot_move_the_cursor(paperdeck: Paperdeck, tmp_path: Path) -> None:
    file = tmp_path / "page\x1b[2J\n.txt"
    file.write_bytes(page("State spaces"))
    ran = paperdeck("import", str(file), str(tmp_path / "missing\x1b[2J"))
    assert ran.status == 3
    assert "\x1b" not in ran.out + ran.err
    assert len(ran.out.splitlines()) == 1


class Screen(io.StringIO):
    """A terminal that remembers what was drawn on it."""

    def isatty(self) -> bool:
        return True


def test_a_long_import_shows_how_far_it_is(paperdeck: Paperdeck, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.commands.taking_in.PATIENCE", 0)
    monkeypatch.setattr(sys, "stderr", screen := Screen())
    ran = paperdeck("import", *(str(pages / name) for name in ("friday.txt", "below/thursday.txt")))
    assert len(ran.out.splitlines()) == 2
    bars = [line for line in screen.getvalue().split("\r\x1b[K") if line]
    assert bars[0] == f"Importing {'━' * 15}{'─' * 15} 1 of 2 files"
    assert bars[-1].startswith("Imported 2 files")


def test_what_a_document_says_for_the_person_is_told(paperdeck: Paperdeck, library: Library, tmp_path: Path) -> None:
    fill(library, TITLES)
    library.mark(library.ids()[:2], starred=True)
    (tmp_path / "mine.json").write_text(paperdeck("list", "--json").out)
    library.undo()
    told = paperdeck("import", str(tmp_path / "mine.json"))
    assert "marks, tags and notes of 2 taken over" in told.out + told.err
    assert len(library.ids("is:starred")) == 2
