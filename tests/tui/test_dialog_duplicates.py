"""The screen of papers that may be one: what it shows of a pair, and what its keys do."""

from collections.abc import Sequence
from threading import Event

import pytest
from textual.app import App

from store.entries import Done, Entry, Pair, Undone
from store.errors import LibraryBusy
from store.library import Library
from tests.store.making import digest
from tests.store.test_duplicates import ABSTRACT, OTHER, paper
from tests.tui.app_host import desk
from tests.tui.dialog_host import NASTY, Host, drawn
from tests.tui.waiting import settle, until
from tui.screens.duplicates import Duplicates


@pytest.fixture
def pairs(library: Library) -> Library:
    """Papers 1 and 3, and 2 and 4, may be one."""
    library.import_digest(digest(paper("WindowKV: Keeping what matters"), paper("Walking", abstract=OTHER), day=None))
    walked = paper(f"Walked {NASTY}", abstract=OTHER.replace("three days", "a week"))
    library.import_digest(digest(paper("WindowKV: Keep What Matters", arxiv_id="2501.00001"), walked))
    library.mark([1], starred=True)
    library.tag([1], add=["kv cache"])
    library.note(3, f"Read {NASTY}")
    return library


@pytest.mark.parametrize("size", [(150, 40), (80, 30)])
async def test_both_papers_are_shown_with_the_reason_and_what_the_person_said(
    pairs: Library, size: tuple[int, int]
) -> None:
    async with Host(Duplicates(pairs)).run_test(size=size) as pilot:
        seen = drawn(pilot)
        for words in (
            "1 of 2", "the same abstract", "Keeping what matters", "Keep What Matters", "arxiv.org/abs/2501.00001",
            "No arXiv id", "Fri 28 Nov 2025", "starred", "kv cache", f"Read {NASTY}", "Caches of keys and values",
        ):  # fmt: skip
            assert words in seen
        beside = any("Keeping what" in line and "Keep What" in line for line in seen.splitlines())
        assert beside == (size[0] == 150)
        await pilot.press("j")
        assert f"Walked {NASTY}" in drawn(pilot)
        await pilot.press("j")
        assert "1 of 2" in drawn(pilot)


async def test_what_is_merged_or_kept_apart_is_gone_and_undo_brings_it_back(pairs: Library) -> None:
    app = Host(Duplicates(pairs))
    async with app.run_test(size=(150, 40)) as pilot:
        await pilot.press("m")
        assert sorted(pairs.ids()) == [1, 2, 4]
        assert "u undoes" in drawn(pilot)
        await pilot.press("n")
        assert "All of them are decided" in drawn(pilot)
        await pilot.press("u")
        assert f"Walked {NASTY}" in drawn(pilot)
        await pilot.press("u")
        assert "Keeping what matters" in drawn(pilot)
        assert sorted(pairs.ids()) == [1, 2, 3, 4]
        await pilot.press("u")  # nothing was decided here before
        assert len([entry for entry in pairs.log() if entry.state == "done"]) == 3
        await pilot.press("escape")
        assert app.answers == [True]


async def test_later_decides_nothing(pairs: Library) -> None:
    app = Host(Duplicates(pairs))
    async with app.run_test() as pilot:
        await pilot.press("s", "space", "up", "escape")
        assert app.answers == [False]
    assert len(pairs.duplicates()) == 2


async def test_three_of_a_kind_are_merged_one_after_another(library: Library) -> None:
    for number, title in enumerate(("Keeping what matters", "Keep what matters", "Keeping what mattered")):
        library.import_digest(digest(paper(f"WindowKV: {title}"), day=f"2025-11-2{number}"))
    async with Host(Duplicates(library)).run_test(size=(150, 40)) as pilot:
        assert "1 of 3" in drawn(pilot)
        await pilot.press("m")
        assert "1 of 1" in drawn(pilot)
        await pilot.press("m")
        assert library.ids() == [1]


async def test_nothing_to_decide_is_said(library: Library) -> None:
    app = Host(Duplicates(library))
    async with app.run_test() as pilot:
        assert "Nothing to decide" in drawn(pilot)
        await pilot.press("m", "n", "j", "u", "q")
        assert app.answers == [False]


class Slow:
    """A library that takes its time, and then cannot be written to."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.enough = Event()

    def duplicates(self) -> Sequence[Pair]:
        self.enough.wait(60)
        return self._library.duplicates()

    def entries(self, ids: Sequence[int]) -> Sequence[Entry]:
        return self._library.entries(ids)

    def merge(self, stays: int, goes: int) -> Done:
        raise LibraryBusy(f"Another program is writing; {stays} and {goes} were not changed.")

    keep_apart = merge

    def undo(self) -> Undone:
        return self._library.undo()


async def test_waiting_and_failing_are_said(pairs: Library) -> None:
    slow = Slow(pairs)
    app = Host(Duplicates(slow))
    async with App.run_test(app, size=(150, 40)) as pilot:
        await until(pilot, lambda: "Comparing titles and abstracts" in drawn(pilot))
        slow.enough.set()
        await settle(pilot)
        await pilot.press("m")
        await settle(pilot)
        assert "1 and 3 were not changed" in drawn(pilot)
        assert "1 of 2" in drawn(pilot)


async def test_long_abstracts_are_scrolled(library: Library) -> None:
    long = " ".join(f"{ABSTRACT} Sentence {number}." for number in range(20))
    library.import_digest(digest(paper("Keeping what matters", abstract=long), day=None))
    library.import_digest(digest(paper("Keep what matters", abstract=f"{long} The end.")))
    async with Host(Duplicates(library)).run_test(size=(100, 24)) as pilot:
        assert "The end." not in drawn(pilot)
        await pilot.press(*["pagedown"] * 20)
        assert "The end." in drawn(pilot)


async def test_the_app_opens_it_and_its_list_follows(pairs: Library) -> None:
    async with desk(pairs) as opened:
        await opened.press("6")
        await opened.press("M")
        await opened.press("m")
        await opened.press("escape")
        assert sorted(opened.main.papers.deck.ids) == [1, 2, 4]
        await opened.press("u")
        assert sorted(opened.main.papers.deck.ids) == [1, 2, 3, 4]


@pytest.mark.parametrize("first", [True, False])
async def test_a_look_that_was_asked_for_is_not_lost_to_the_one_of_every_second(pairs: Library, first: bool) -> None:
    async with desk(pairs) as opened:
        await opened.press("6")
        merged = pairs.merge(1, 3)
        places = opened.main.places
        places.wrote(pairs.generations())  # our own, at which it would look once the keys pause
        if first:
            places._tick()
        places.look_again(find=merged.changed)
        places._tick()
        await opened.settle()
        assert sorted(opened.main.papers.deck.ids) == [1, 2, 4]
