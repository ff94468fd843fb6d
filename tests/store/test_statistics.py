"""Statistics: compared with a count by hand over random histories; what undo, zones and odd libraries do to them."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from store.errors import QueryError
from store.library import Library
from store.statistics import LONGEST, SPREAD, Period, Stats
from tests.hostile import TEXTS, kept
from tests.store.making import digest, listing

MARKS = ("read", "starred", "skipped")
ZONES = ("Europe/Berlin", "America/St_Johns", "Pacific/Apia")


class Past(NamedTuple):
    """What happened to a paper: moments in seconds before now (None: never), and what it is called by."""

    added: int
    read: int | None
    starred: int | None
    skipped: int | None
    listed: tuple[int, ...]
    """Days before today on which it was listed."""
    tags: frozenset[str]
    organization: str | None


YEAR = 400 * 86_400
MOMENTS = st.none() | st.integers(0, YEAR)
PASTS = st.builds(
    Past,
    added=st.integers(0, YEAR),
    read=MOMENTS,
    starred=MOMENTS,
    skipped=MOMENTS,
    listed=st.lists(st.integers(-2, 400), max_size=3, unique=True).map(tuple),
    tags=st.frozensets(st.sampled_from(["rl", "視覚", "kv cache"])),
    organization=st.sampled_from([None, "HKUST", "[/b]"]),
).map(lambda past: past._replace(skipped=None) if past.starred is not None else past)


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ZoneInfo]:
    """Such a zone as this machine's."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield ZoneInfo(request.param)
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """Tests that set the zone leave it as it was."""
    before = os.environ.get("TZ")
    yield
    if before is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = before
    time.tzset()


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write(path: Path, pasts: list[Past], now: datetime, today: date) -> None:
    """Make a library's papers have these pasts, whatever they had before."""

    def at(seconds: int | None) -> str | None:
        return None if seconds is None else stamp(now - timedelta(seconds=seconds))

    with closing(sqlite3.connect(path)) as connection, connection:
        for table in ("tags", "states", "listings", "papers", "digests"):
            connection.execute(f"DELETE FROM {table}")
        days = {back: number for number, back in enumerate(sorted({day for past in pasts for day in past.listed}), 1)}
        for back, number in days.items():
            day = (today - timedelta(days=back)).isoformat()
            connection.execute(
                "INSERT INTO digests VALUES (?, 'cards', 'x', ?, ?, 0, '', 0, 0, 0, 0, '[]')",
                (number, f"{number}", day),
            )
        for paper, past in enumerate(pasts, 1):
            newest = min(past.listed, default=None)
            day = None if newest is None else (today - timedelta(days=newest)).isoformat()
            connection.execute(
                "INSERT INTO papers (id, title, title_key, added_at, day, origin, organization)"
                " VALUES (?, 'A', 'a', ?, ?, '', ?)",
                (paper, at(past.added), day, past.organization),
            )
            marks = (at(past.read), at(past.starred), at(past.skipped))
            if any(marks):
                connection.execute(
                    "INSERT INTO states (paper, read_at, starred_at, skipped_at) VALUES (?, ?, ?, ?)", (paper, *marks)
                )
            connection.executemany("INSERT INTO tags VALUES (?, ?)", [(paper, tag) for tag in past.tags])
            connection.executemany(
                "INSERT INTO listings VALUES (?, ?, 1, NULL, NULL)", [(days[back], paper) for back in past.listed]
            )


class Life(NamedTuple):
    """A past on the clock of a zone."""

    past: Past
    added: datetime
    marks: dict[str, datetime]
    decided: datetime | None
    wait: float | None


def life(past: Past, now: datetime, zone: ZoneInfo, today: date) -> Life:
    """The past by hand: its moments on the local clock, and how long the paper waited."""

    def at(seconds: int) -> datetime:
        moment = now - timedelta(seconds=seconds)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000).astimezone(zone)

    added = at(past.added)
    marks = {mark: at(back) for mark in MARKS if (back := getattr(past, mark)) is not None}
    if not marks:
        return Life(past, added, marks, None, None)
    decided = max(added, min(marks.values(), key=datetime.timestamp), key=datetime.timestamp)
    wait = decided.timestamp() - added.timestamp()
    if past.listed:
        first = today - timedelta(days=max(past.listed))
        seen = decided.timestamp() - datetime(first.year, first.month, first.day, tzinfo=zone).timestamp()
        wait = min(wait, seen) if seen >= 0 else wait
    return Life(past, added, marks, decided, wait)


def counted(lives: list[Life], since: date, today: date) -> list[Period]:
    """The days of the range, each counted over all papers."""
    days = []
    for number in range((today - since).days + 1):
        day = since + timedelta(days=number)
        days.append(
            Period(
                day,
                sum(life.added.date() == day for life in lives),
                sum(life.decided is not None and life.decided.date() == day for life in lives),
                *(sum(mark in life.marks and life.marks[mark].date() == day for life in lives) for mark in MARKS),
                sum(life.added.date() <= day and (life.decided is None or life.decided.date() > day) for life in lives),
            )
        )
    return days


@given(st.lists(PASTS, max_size=8), st.none() | st.integers(0, 420))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_numbers_are_those_of_a_count_by_hand(
    library: Library, zone: ZoneInfo, pasts: list[Past], back: int | None
) -> None:
    now = datetime.now(UTC)
    today = now.astimezone(zone).date()
    write(library.path, pasts, now, today)
    since = None if back is None else today - timedelta(days=back)
    stats = library.stats(since=since)
    assume(datetime.now(zone).date() == today)

    lives = [life(past, now, zone, today) for past in pasts]
    begins = since or min((min([one.added, *one.marks.values()]).date() for one in lives), default=today)
    assert (stats.since, stats.until, stats.papers) == (begins, today, len(pasts))
    assert list(stats.days) == counted(lives, begins, today)

    in_range = [one for one in lives if any(day.date() >= begins for day in (one.added, *one.marks.values()))]
    for tally, name, of in (
        (stats.all, "", in_range),
        *((tally, tally.name, [one for one in in_range if tally.name in one.past.tags]) for tally in stats.tags),
        *(
            (tally, tally.name, [one for one in in_range if one.past.organization == tally.name])
            for tally in stats.organizations
        ),
    ):
        marked = [sum(mark in one.marks and one.marks[mark].date() >= begins for one in of) for mark in MARKS]
        assert tally == (name, len(of), sum(not one.marks for one in of), *marked)
        assert tally.only_read + tally.starred + tally.skipped + tally.undecided == tally.papers
    assert {tally.name for tally in stats.tags} == {tag for one in in_range for tag in one.past.tags}
    assert {tally.name for tally in stats.organizations} == {one.past.organization for one in in_range} - {None}
    for tallies in (stats.tags, stats.organizations):
        assert list(tallies) == sorted(tallies, key=lambda tally: (-tally.papers, tally.name))

    waits = sorted(one.wait or 0 for one in lives if one.decided is not None and one.decided.date() >= begins)
    assert stats.wait.papers == len(waits) == sum(stats.wait.spread)
    expected = [pytest.approx(by_hand(waits, share), abs=1.1) for share in (0.25, 0.5, 0.75)] if waits else []
    assert list(stats.wait.quartiles or ()) == expected


def by_hand(waits: list[float], share: float) -> float:
    """A quantile: the values stand at equal distances, and between two of them is a straight line."""
    return next(
        (
            low + (high - low) * (share * (len(waits) - 1) - at)
            for at, (low, high) in enumerate(pairwise(waits))
            if at <= share * (len(waits) - 1) <= at + 1
        ),
        waits[0],
    )


def test_weeks_begin_on_mondays_and_add_up(library: Library) -> None:
    library.import_digest(digest("One", "Two", "Three"))
    library.mark([1], starred=True)
    today = library.stats().until
    stats = library.stats(since=today - timedelta(days=30))
    assert [week.begins.weekday() for week in stats.weeks] == [0] * len(stats.weeks)
    assert 5 <= len(stats.weeks) <= 6
    for field in range(1, 6):
        assert sum(week[field] for week in stats.weeks) == sum(day[field] for day in stats.days)
    assert stats.weeks[-1] == (today - timedelta(days=today.weekday()), 3, 1, 0, 1, 0, 2)


def inbox(stats: Stats) -> int:
    return stats.days[-1].inbox


def test_what_is_undone_never_happened_and_redone_happened_then(library: Library) -> None:
    library.import_digest(digest("One", "Two"))
    before = library.stats()
    library.mark([1, 2], skipped=True)
    done = library.stats()
    assert (inbox(before), inbox(done)) == (2, 0)
    library.undo()
    assert library.stats() == before
    library.redo()
    assert library.stats() == done
    library.mark([1, 2], skipped=False)
    assert library.stats() == before


def test_a_paper_decided_twice_left_the_inbox_once_and_at_first(library: Library) -> None:
    library.import_digest(digest("Starred, then read", "Skipped, then starred"))
    today = library.stats().until
    at = [stamp(datetime.now(UTC) - timedelta(days=back)) for back in range(40)]
    library.mark([1], read=True, starred=True)
    library.mark([2], skipped=True)
    library.mark([2], starred=True)
    with closing(sqlite3.connect(library.path)) as connection, connection:
        connection.execute("UPDATE papers SET added_at = ?", (at[30],))
        connection.execute("UPDATE states SET starred_at = ?, read_at = ? WHERE paper = 1", (at[20], at[3]))
        connection.execute("UPDATE states SET starred_at = ? WHERE paper = 2", (at[10],))
    days = {day.begins: day for day in library.stats().days}
    assert [days[today - timedelta(days=back)].inbox for back in (30, 21, 20, 11, 10, 0)] == [2, 2, 1, 1, 0, 0]
    assert [days[today - timedelta(days=back)].decided for back in (20, 10, 3)] == [1, 1, 0]
    this_week = library.stats(since=today - timedelta(days=6))
    assert this_week.all == ("", 1, 0, 1, 0, 0)
    assert (this_week.left, this_week.wait.papers) == (0, 0)


def test_an_archive_waits_from_its_import_and_a_paper_known_early_from_its_listing(library: Library) -> None:
    library.import_digest(digest("Of an archive", day="2024-03-01"))
    today = library.stats().until
    yesterday = today - timedelta(days=1)
    library.import_digest(digest("Known early", day=yesterday.isoformat()))
    library.import_digest(digest("Known early", day=today.isoformat()))
    library.mark([1, 2], read=True)
    with closing(sqlite3.connect(library.path)) as connection, connection:
        ago = stamp(datetime.now(UTC) - timedelta(days=50))
        connection.execute("UPDATE papers SET added_at = ? WHERE id = 2", (ago,))
    assert library.stats("archive").wait.quartiles == pytest.approx((0, 0, 0), abs=60)
    _, waited, _ = library.stats("known").wait.quartiles or (0, 0, 0)
    midnight = datetime(yesterday.year, yesterday.month, yesterday.day).astimezone()
    assert waited == pytest.approx((datetime.now(UTC) - midnight).total_seconds(), abs=60)


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Europe/Berlin", "2025-03-29T22:59:59.999Z", date(2025, 3, 29)),  # winter still
        ("Europe/Berlin", "2025-03-29T23:00:00.000Z", date(2025, 3, 30)),
        ("Europe/Berlin", "2025-03-30T22:00:00.000Z", date(2025, 3, 31)),  # summer by now
        ("Europe/Berlin", "2025-10-26T22:59:59.999Z", date(2025, 10, 26)),
        ("Asia/Kathmandu", "2025-06-01T18:15:00.000Z", date(2025, 6, 2)),
        ("Pacific/Kiritimati", "2025-06-01T10:00:00.000Z", date(2025, 6, 2)),
    ],
)
def test_days_are_local_summer_time_included(
    library: Library, monkeypatch: pytest.MonkeyPatch, zone: str, moment: str, day: date
) -> None:
    library.import_digest(digest("One"))
    with closing(sqlite3.connect(library.path)) as connection, connection:
        connection.execute("UPDATE papers SET added_at = ?", (moment,))
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    stats = library.stats()
    assert stats.days[0] == (day, 1, 0, 0, 0, 0, 1)


def test_an_empty_library_has_a_day_of_nothing(library: Library) -> None:
    stats = library.stats()
    assert (stats.papers, stats.all, stats.tags, stats.organizations) == (0, ("", 0, 0, 0, 0, 0), (), ())
    assert stats.days == (Period(stats.until, 0, 0, 0, 0, 0, 0),)
    assert stats.wait == (0, None, (0,) * (len(SPREAD) + 1))


def test_a_query_chooses_the_papers_and_a_wrong_one_is_refused(library: Library) -> None:
    library.import_digest(digest("Caches", "Walking", "Caches again"))
    library.mark([2, 3], read=True)
    stats = library.stats("caches")
    assert (stats.query, stats.papers, stats.all) == ("caches", 2, ("", 2, 1, 1, 0, 0))
    assert library.stats("is:read caches").papers == 1
    with pytest.raises(QueryError):
        library.stats("is:strred")


def test_clocks_that_were_wrong_make_no_endless_range(library: Library) -> None:
    library.import_digest(digest("Ancient", "Future", "Neither", "Never"))
    library.mark([1, 2, 3], starred=True)
    moments = {1: "0001-01-01T00:00:00.000Z", 2: "9999-12-31T23:59:59.999Z", 3: TEXTS["colour"], 4: ""}
    with closing(sqlite3.connect(library.path)) as connection, connection:
        for paper, moment in moments.items():
            connection.execute("UPDATE papers SET added_at = ? WHERE id = ?", (moment, paper))
            connection.execute("UPDATE states SET starred_at = ? WHERE paper = ?", (moment, paper))
    for since in (None, date.min, date.max):
        stats = library.stats(since=since)
        assert len(stats.days) <= LONGEST
        assert stats.papers == 4
        assert stats.days[-1].begins == stats.until
        assert inbox(stats) == 1
        assert stats.days[-1].added == 1  # the future is today


def test_names_stay_as_they_are(library: Library) -> None:
    texts = [kept(text) for text in TEXTS.values()]
    library.import_digest(digest(*(listing(f"Paper {at}", organization=text) for at, text in enumerate(texts))))
    library.tag([1], add=["視覚", "rl"])
    stats = library.stats()
    assert {tally.name for tally in stats.organizations} == {entry.organization for entry in library.list()} - {None}
    assert [tally.name for tally in stats.tags] == ["rl", "視覚"]
