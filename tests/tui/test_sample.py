"""The sample library shows the app at its best: papers of both page shapes, several days, and all kinds of state."""

from pathlib import Path

import pytest

from store import Library
from store.entries import View
from tui.sample import PAGES, build


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "sample.db"
    build(path)
    return path


def test_its_pages_are_understood_to_the_last_line_in_both_shapes(sample: Path) -> None:
    with Library(sample) as library:
        digests = library.digests()
    assert {digest.format for digest in digests} == {"cards", "flat"}
    assert [digest.day for digest in digests] == ["2025-11-28", "2025-11-27", "2025-11-26", "2025-11-25"]
    assert [digest.day_inferred for digest in digests] == [page.day is None for page in reversed(PAGES)]
    assert [digest.listed for digest in digests] == [22, 18, 20, 12]
    assert sum(digest.unparsed for digest in digests) == 0


def test_it_has_sixty_papers_and_more_whose_texts_are_whole(sample: Path) -> None:
    with Library(sample) as library:
        entries = library.list()
    assert len(entries) == 71
    assert all(entry.abstract and len(entry.abstract.split()) > 40 for entry in entries)
    assert sum(entry.organization is not None for entry in entries) > 30
    assert sum(entry.n_authors is not None for entry in entries) > 10
    assert any(len(entry.days) == 2 for entry in entries)
    assert any(entry.code_url for entry in entries)
    assert any(entry.project_url for entry in entries)
    assert any("Milenković" in (entry.abstract or "") for entry in entries)


def test_every_view_holds_something_and_the_newest_day_is_mostly_undecided(sample: Path) -> None:
    with Library(sample) as library:
        counts, days = library.counts(), library.days()
        assert len(library.tags()) >= 8
        assert len(library.ids("has:note")) >= 5
        assert all(library.ids(search.query) for search in library.searches())
    assert all(counts[view] for view in View)
    assert days[0].undecided > days[0].papers / 2
    assert all(day.undecided < day.papers / 2 for day in days[1:])


def test_the_last_steps_can_be_undone(sample: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(sample.read_bytes())
    with Library(copy) as library:
        before = library.counts()
        library.undo()
        library.undo()
        assert library.counts() != before
