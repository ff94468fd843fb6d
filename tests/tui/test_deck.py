"""The arithmetic of the list, against a plain model of it."""

from hypothesis import given
from hypothesis import strategies as st

from tui.deck import Deck, Place, Spot, runs_of

PLACE = Place("All", "")
Paper = tuple[int, str | None]


def deck(papers: list[Paper]) -> Deck:
    return Deck(PLACE, [paper for paper, _ in papers], lambda _: [], runs_of(day for _, day in papers))


def papers(draw_from: range = range(60)) -> st.SearchStrategy[list[Paper]]:
    """Papers of a library in which an id is always of the same day, newest day first."""
    days = st.sets(st.sampled_from(draw_from)).map(sorted)
    return days.map(lambda ids: [(paper, f"day {9 - paper // 10}") for paper in ids])


@given(papers(), st.sampled_from([1, 2]))
def test_every_line_is_a_paper_a_heading_or_a_gap(listed: list[Paper], each: int) -> None:
    lines: list[Spot] = []
    runs = runs_of(day for _, day in listed)
    for number, run in enumerate(runs):
        end = runs[number + 1].start if number + 1 < len(runs) else len(listed)
        lines += [Spot(number, -2)] * (number > 0) + [Spot(number, -1)]
        lines += [Spot(index, part) for index in range(run.start, end) for part in range(each)]
    shown = deck(listed)
    assert shown.height(each) == len(lines)
    assert [shown.spot(line, each) for line in range(len(lines))] == lines
    assert shown.spot(len(lines), each) is None
    for index in range(len(listed)):
        assert lines[shown.line(index, each)] == Spot(index, 0)


@given(papers(), papers())
def test_what_stays_keeps_its_place_and_its_day(before: list[Paper], now: list[Paper]) -> None:
    stay = {paper for paper, _ in before}
    fresh = deck(now)
    merged = deck(before).renewed(fresh.ids, fresh.runs, stay)
    everything = sorted({*before, *now})
    assert sorted(merged.ids) == [paper for paper, _ in everything]
    day_of = dict(everything)
    for index, paper in enumerate(merged.ids):
        assert merged.runs[merged.run_of(index)].day == day_of[paper]
    kept = [paper for paper in merged.ids if paper in dict(now)]
    assert kept == fresh.ids
    old = [paper for paper in merged.ids if paper in stay]
    assert old == [paper for paper, _ in before]


@given(papers(), papers(), st.sets(st.sampled_from(range(60))))
def test_what_neither_is_there_nor_stays_goes(before: list[Paper], now: list[Paper], stay: set[int]) -> None:
    fresh = deck(now)
    merged = deck(before).renewed(fresh.ids, fresh.runs, stay)
    assert set(merged.ids) == set(fresh.ids) | ({paper for paper, _ in before} & stay)
