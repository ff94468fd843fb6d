"""Statistics as a person sees them: charts of any width, the command in a pipe and on a terminal, the app's screen."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from store.library import Library
from store.statistics import Period, Stats, Tally, Wait
from tests.hostile import TEXTS, kept, obeyed
from tests.store.making import digest, listing
from tests.tui.app_host import desk
from tests.tui.conftest import Paperdeck
from tests.tui.test_cli_process import in_terminal
from tui.charts import bar, columns, shares
from tui.statistics import duration, lines

COUNTS = st.integers(0, 30)


@st.composite
def some_stats(draw: st.DrawFn) -> Stats:
    """Numbers of any library, with names as strangers write them."""
    until = date(2025, 11, 28)
    number = draw(st.integers(1, 400))
    values = draw(st.lists(COUNTS, min_size=1, max_size=9))
    days = [
        Period(until - timedelta(days=number - 1 - at), *(values[(at + field) % len(values)] for field in range(6)))
        for at in range(number)
    ]

    def tally(name: str) -> Tally:
        read, starred, skipped, undecided = (draw(COUNTS) for _ in range(4))
        return Tally(name, read + starred + skipped + undecided, undecided, read, starred, skipped)

    names = draw(st.lists(st.sampled_from([kept(text) for text in TEXTS.values()]), max_size=14))
    spread = tuple(draw(COUNTS) for _ in range(5))
    waits = Wait(sum(spread), (1.0, 4000.5, 1e7) if sum(spread) else None, spread)
    tallies = tuple(sorted(map(tally, names), key=lambda tally: -tally.papers))
    return Stats(
        names[0] if names else "", days[0].begins, until, 9, tally(""), tuple(days), tallies, tallies[::-1], waits
    )


@given(some_stats(), st.integers(1, 220))
def test_charts_fit_any_width_and_hold_nothing_that_a_terminal_obeys(stats: Stats, width: int) -> None:
    for line in lines(stats, width):
        text = "".join(span.text for span in line)
        assert cell_len(text) <= width
        assert obeyed(text) == []


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=5), st.integers(0, 60))
def test_shares_fill_a_bar_and_forget_nobody(values: list[int], cells: int) -> None:
    given = shares(values, cells)
    assert sum(given) == (cells if any(values) else 0)
    if cells >= len(values):
        assert all(bool(part) == bool(value) for part, value in zip(given, values, strict=True))
        assert all(
            abs(part - cells * value / (sum(values) or 1)) < len(values)
            for part, value in zip(given, values, strict=True)
        )


def test_columns_and_bars_are_as_high_and_long_as_their_values() -> None:
    assert columns([0, 1, 4, 8, 16], 16, 2) == ["    █", " ▁▄██"]
    assert columns([1, 2], 2, 1, cells=3) == ["▄▄ ██ "]
    assert columns([0.001, 0], 1000, 1) == ["▁ "]
    assert [bar(value, 8, 2) for value in (0, 1, 4, 8)] == ["", "▎", "█", "██"]
    assert columns([0, 0], 0, 1) == ["  "]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59, "59 s"), (600, "10 min"), (3600, "1 h"), (12_000, "3 h 20 min"), (187_200, "2 days 4 h"),
     (86_400, "1 day"), (86_399, "1 day"), (2_000_000, "23 days")],
)  # fmt: skip
def test_durations_are_put_in_the_units_that_matter(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.fixture
def history(library: Library) -> Library:
    """Four papers of ten days ago: one starred after a day and read yesterday, one skipped, one read, one left."""
    names = ("視覚研究所", "[/b] Org\x1b[31m", None, "HKUST")
    library.import_digest(digest(*(listing(f"Paper {at}", organization=name) for at, name in enumerate(names))))
    library.mark([1], starred=True, read=True)
    library.mark([2], skipped=True)
    library.mark([3], read=True)
    library.tag([1, 2], add=["視覚 言語"])
    library.tag([4], add=["[/link] x"])

    def at(days: int) -> str:
        return (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    with closing(sqlite3.connect(library.path)) as connection, connection:
        connection.execute("UPDATE papers SET added_at = ?", (at(10),))
        connection.execute("UPDATE states SET starred_at = ?, read_at = ? WHERE paper = 1", (at(9), at(1)))
        connection.execute("UPDATE states SET skipped_at = ? WHERE paper = 2", (at(8),))
        connection.execute("UPDATE states SET read_at = ? WHERE paper = 3", (at(10),))
    return library


@pytest.mark.usefixtures("history")
def test_json_has_the_documented_shape(paperdeck: Paperdeck) -> None:
    found = paperdeck("stats", "--json").json
    assert (found["query"], found["papers"], found["inbox"]) == ("", 4, 1)
    assert found["range"] == {"papers": 4, "decided": 3, "read": 2, "starred": 1, "skipped": 1, "undecided": 1}
    assert len(found["days"]) == 11
    assert found["days"][0] == {
        "day": found["since"], "added": 4, "decided": 1, "read": 1, "starred": 0, "skipped": 0, "inbox": 3,
    }  # fmt: skip
    assert found["days"][-1]["day"] == found["until"]
    assert set(found["weeks"][0]) == {"week", "added", "decided", "read", "starred", "skipped", "inbox"}
    assert sum(week["added"] for week in found["weeks"]) == 4
    assert found["tags"][0] == {
        "name": "視覚 言語", "papers": 2, "decided": 2, "read": 1, "starred": 1, "skipped": 1, "undecided": 0,
    }  # fmt: skip
    assert {tally["name"] for tally in found["organizations"]} == {"視覚研究所", "[/b] Org", "HKUST"}
    assert found["wait"] == {
        "papers": 3, "lower_quartile": 43_200, "median": 86_400, "upper_quartile": 129_600,
        "within": {"hour": 1, "day": 1, "week": 1, "month": 0, "longer": 0},
    }  # fmt: skip


@pytest.mark.usefixtures("history")
def test_a_range_and_a_query_narrow_it(paperdeck: Paperdeck) -> None:
    found = paperdeck("stats", "--days", "3", "--json").json
    assert (found["papers"], found["inbox"], len(found["days"])) == (4, 1, 3)
    assert found["range"] == {"papers": 1, "decided": 1, "read": 1, "starred": 0, "skipped": 0, "undecided": 0}
    since = (date.fromisoformat(found["until"]) - timedelta(days=2)).isoformat()
    assert paperdeck("stats", "--since", since, "--json").json == found
    assert paperdeck("stats", "-is:read", "--json").json["papers"] == 2
    assert paperdeck("stats", "tag:視覚", "is:starred", "--json").json["query"] == "tag:視覚 is:starred"


@pytest.mark.parametrize(
    "wrong",
    [("--days", "0"), ("--days", "x"), ("--since", "soon"), ("--since", "9999-01-01"), ("is:strred",),
     ("--since", "2025-01-01", "--days", "3")],
)  # fmt: skip
def test_wrong_usage_is_said(paperdeck: Paperdeck, wrong: tuple[str, ...]) -> None:
    ran = paperdeck("stats", *wrong)
    assert (ran.status, ran.out) == (2, "")
    assert "paperdeck: " in ran.err


@pytest.mark.usefixtures("history")
def test_a_pipe_gets_fields(paperdeck: Paperdeck) -> None:
    rows = [line.split("\t") for line in paperdeck("stats").out.splitlines()]
    assert rows[0][0] == "range"
    assert rows[0][2:] == ["4", "3", "2", "1", "1", "1"]
    assert [row[0] for row in rows].count("day") == 11
    assert ["wait", "median", "86400"] in rows
    assert ["tag", "視覚 言語", "2", "2", "1", "1", "1", "0"] in rows
    assert {len(row) for row in rows if row[0] != "wait"} == {8}


@pytest.mark.usefixtures("library")
def test_an_empty_library_is_told_what_to_do(paperdeck: Paperdeck, tmp_path: Path) -> None:
    assert paperdeck("stats").status == 0
    assert paperdeck("stats", "--json").json["wait"]["median"] is None
    environment = {"PAPERDECK_DB": str(tmp_path / "library.db"), "TERM": "xterm-256color", "HOME": str(tmp_path)}
    assert "There are no papers yet" in in_terminal(["stats"], environment)


def test_a_terminal_gets_charts_in_its_width_with_colour_or_without(history: Library, tmp_path: Path) -> None:
    environment = {"PAPERDECK_DB": str(history.path), "TERM": "xterm-256color", "HOME": str(tmp_path)}
    for columns_ in (60, 200):
        drawn = in_terminal(["stats"], environment, columns_)
        assert "\x1b[36m" in drawn
        plain = re.sub(r"\x1b\[\d+m", "", drawn)
        assert max(map(cell_len, plain.splitlines())) <= columns_
        assert obeyed(plain, but="\n") == []
        for words in ("Papers a day", "Papers a week", "Inbox", "Time to decision", "視覚 言語", "[/b] Org"):
            assert words in plain
    assert in_terminal(["stats"], environment | {"NO_COLOR": "1"}, 200) == plain


async def test_the_app_shows_them_and_its_keys_choose_the_days(history: Library) -> None:
    async with desk(history, (150, 60)) as opened:
        await opened.press("C")
        assert "4 papers · 1 undecided" in opened.screen
        assert "11 days" in opened.screen
        assert "[/b] Org" in opened.screen
        await opened.press("w")
        assert "7 days" in opened.screen
        await opened.press("y")
        assert "365 days" in opened.screen
        await opened.pilot.resize_terminal(60, 20)
        await opened.press("a", "G")
        assert "Organizations" in opened.screen
        await opened.press("q", "s")
        assert opened.library.entry(4).starred


async def test_an_empty_library_says_so_in_the_app_too(library: Library) -> None:
    async with desk(library, (80, 24)) as opened:
        await opened.press("C")
        assert "There are no papers yet" in opened.screen
        await opened.press("escape")


async def test_the_palette_finds_them(history: Library) -> None:
    async with desk(history, (100, 40)) as opened:
        await opened.press("colon")
        await opened.type("statis")
        await opened.press("enter")
        assert "Papers a day" in opened.screen
