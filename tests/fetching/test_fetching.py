"""Fetching into a library, from a server that replays days and has every fault that a network has."""

import json
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from store import Library
from store.fetchers import Addresses, huggingface
from store.fetching import Fetch, announced, newest_papers, papers_named, papers_of, submitted, unfinished
from store.importing import Import
from store.models import FileReport
from tests.fetching.conftest import HASTY, QUICK, MakeClient
from tests.fetching.service import Answer, Asked, Fault, Server, cut, hang_up, redirect, reset, silence, zeros

MONDAY = date(2025, 5, 12)
WEEK = [MONDAY + timedelta(days=number) for number in range(7)]


def entries(day: date, papers: int = 3, upvotes: int = 1, listed: date | None = None) -> list[dict[str, object]]:
    """What the service lists of a day."""
    return [
        {
            "paper": {
                "id": f"{day:%y%m}.{day.day * 100 + number:05d}",
                "title": f"Paper {number} of {day}",
                "upvotes": upvotes,
                "submittedOnDailyAt": f"{listed or day}T01:02:03.000Z",
            },
            "numComments": upvotes,
        }
        for number in range(papers)
    ]


class Days:
    """A service that has these days, and answers as it does: the newest one for a day that is to come, else nothing."""

    def __init__(self, *days: date) -> None:
        self.listed = {day: entries(day) for day in days}
        self.faults: dict[date, Answer | Fault] = {}
        self.asked: list[date] = []

    def __call__(self, asked: Asked) -> Answer | Fault:
        day = date.fromisoformat(asked.query["date"])
        self.asked.append(day)
        if day in self.faults:
            return self.faults[day]
        newest = max(self.listed, default=day)
        return Answer(json.dumps(self.listed.get(min(day, newest), [])).encode())


@pytest.fixture
def days(server: Server) -> Days:
    """The working days of a week, on the server."""
    server.service = days = Days(*WEEK[:5])
    return days


@pytest.fixture
def where(server: Server) -> Addresses:
    return Addresses(server.url, server.url, server.url)


@pytest.fixture
def fetch(library: Library, make_client: MakeClient) -> Callable[..., list[FileReport]]:
    """Runs errands."""
    return lambda *errands: list(Fetch(library, errands, make_client()))


FetchAll = Callable[..., list[FileReport]]


def titles(library: Library) -> set[str]:
    return {entry.title for entry in library.list()}


def test_a_week_comes_and_its_weekend_is_told_and_no_error(
    fetch: FetchAll, library: Library, server: Server, where: Addresses
) -> None:
    server.service = Days(*WEEK[:5])
    reports = fetch(papers_of(WEEK, where))
    assert [(report.day, report.new) for report in reports[:5]] == [(day, 3) for day in WEEK[:5]]
    assert [report.error for report in reports] == [None] * 6
    assert "not published yet" in (reports[5].notice or "")
    assert "the day after it" in (reports[5].notice or "")
    assert [day.day for day in library.days()] == [f"{day}" for day in reversed(WEEK[:5])]


def test_a_gap_in_a_week_is_filled(fetch: FetchAll, library: Library, days: Days, where: Addresses) -> None:
    days.faults[WEEK[2]] = Answer(status=404)
    reports = fetch(papers_of(WEEK[:5], where))
    assert [report.error is None for report in reports] == [True, True, False, True, True]
    assert reports[2].day == WEEK[2]
    assert "404" in (reports[2].error or "")
    assert len(library.ids()) == 12

    del days.faults[WEEK[2]]
    days.asked.clear()
    left = unfinished(library, WEEK[:5])
    assert left == [WEEK[2]]
    (report,) = fetch(papers_of(left, where))
    assert (report.day, report.new) == (WEEK[2], 3)
    assert days.asked == [WEEK[2]]
    assert unfinished(library, WEEK[:5]) == []
    assert len(library.ids()) == 15
    assert not [report for report in fetch(papers_of(WEEK[:5], where)) if report.new or report.updated]


def test_the_last_two_days_are_never_taken_for_finished(
    fetch: FetchAll, library: Library, server: Server, where: Addresses
) -> None:
    today = huggingface.today()
    last = [today - timedelta(days=number) for number in (3, 2, 1, 0)]
    server.service = Days(*last)
    fetch(papers_of(last, where))
    assert unfinished(library, last) == last[2:]


def test_a_page_that_was_imported_by_hand_is_fetched_all_the_same(
    fetch: FetchAll, library: Library, server: Server, where: Addresses, tmp_path: Path
) -> None:
    server.service = Days(MONDAY)
    file = tmp_path / "2025-05-12.json"
    file.write_text(json.dumps(entries(MONDAY, papers=1)))
    assert [report.new for report in Import(library, [file])] == [1]
    assert unfinished(library, [MONDAY]) == [MONDAY]
    (report,) = fetch(papers_of([MONDAY], where))
    assert (report.new, report.unchanged) == (2, 1)


def test_what_papers_gained_is_told(fetch: FetchAll, days: Days, where: Addresses) -> None:
    fetch(papers_of([MONDAY], where))
    days.listed[MONDAY] = entries(MONDAY, papers=4, upvotes=11)
    (report,) = fetch(papers_of([MONDAY], where))
    assert (report.new, report.updated) == (1, 3)
    assert (report.gains.comments, report.gains.upvotes) == (30, 30)


FAULTS: dict[str, Answer | Fault] = {
    "not found": Answer(status=404),
    "out of order": Answer(status=500),
    "too many requests": Answer(status=429, headers={"Retry-After": "3600"}),
    "forbidden": Answer(status=403),
    "a web page": Answer(b"<!doctype html><title>Log in</title>", "text/html"),
    "a web page said to be JSON": Answer(b"<!doctype html><title>Log in</title>"),
    "no list": Answer(b'{"error": "no"}'),
    "cut off": cut(b"[" + b" " * 4000),
    "damaged": Answer(b'[{"paper": {"id"'),
    "another day": Answer(json.dumps(entries(WEEK[1])).encode()),
    "no papers in it": Answer(b'["nothing of the kind"]'),
    "no page of papers": zeros(300 * 2**20, f"Content-Length: {300 * 2**20}"),
    "a file": redirect("file:///etc/passwd"),
    "round and round": redirect("/api/daily_papers?date=2025-05-12"),
    "hung up": hang_up,
    "torn down": reset,
    "silent": silence(60),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_changes_nothing_and_is_told(
    library: Library, days: Days, where: Addresses, make_client: MakeClient, fault: Answer | Fault
) -> None:
    list(Fetch(library, [papers_of(WEEK[1:3], where)], make_client()))
    before, generations = library.list(), library.generations()
    days.faults[MONDAY] = fault
    client = make_client(patience=HASTY if fault is FAULTS["silent"] else QUICK)
    reports = list(Fetch(library, [papers_of([MONDAY], where)], client))
    told = [report.error or report.notice or f"{report.unparsed} lines" for report in reports]
    assert len(told) == 1
    assert told[0] != "0 lines"
    assert "\n" not in told[0]
    assert library.list() == before
    if fault is not FAULTS["no papers in it"]:  # a document of which nothing was understood is kept, to look at
        assert library.generations() == generations


def test_a_day_that_shows_another_between_days_that_are_there_is_a_fault(
    fetch: FetchAll, library: Library, days: Days, where: Addresses
) -> None:
    days.faults[WEEK[2]] = Answer(json.dumps(entries(WEEK[1])).encode())
    reports = fetch(papers_of(WEEK[:4], where))
    assert [report.day for report in reports if report.error] == [WEEK[2]]
    assert "the papers of 2025-05-13, asked for those of 2025-05-14" in next(r.error for r in reports if r.error)
    assert f"{WEEK[2]}" not in {day.day for day in library.days()}


def test_offline_is_one_sentence_and_the_next_service_is_asked(
    fetch: FetchAll, library: Library, server: Server, where: Addresses
) -> None:
    gone = Server()
    gone.close()
    server.service = lambda _: Answer(RSS, "application/rss+xml")
    reports = fetch(papers_of(WEEK, Addresses(gone.url)), announced(["cs.CL"], where))
    assert [report.name for report in reports] == [gone.host, "rss.arxiv.org/rss/cs.CL"]
    assert reports[0].error == (f"{gone.host} cannot be reached: connection refused. The library is as it was.")
    assert reports[1].new == 1
    assert len(library.ids()) == 1


# Today


@pytest.mark.parametrize("back", [1, 3])
def test_before_today_is_published_the_newest_day_comes(
    fetch: FetchAll, library: Library, server: Server, where: Addresses, back: int
) -> None:
    newest = huggingface.today() - timedelta(days=back)
    server.service = days = Days(newest)
    told, came = fetch(newest_papers(library, where))
    assert f"the newest day of {server.host} is {newest}" in (told.notice or "")
    assert (came.day, came.new) == (newest, 3)
    assert len(days.asked) == 2

    again = fetch(newest_papers(library, where))
    if back == 1:  # papers may still be added to it
        assert [report.day for report in again] == [huggingface.today(), newest]
    else:
        assert [(report.notice or "")[-32:] for report in again] == ["The library has all of that day."]


def test_where_today_is_empty_the_days_before_are_looked_at(
    fetch: FetchAll, library: Library, server: Server, where: Addresses, tmp_path: Path
) -> None:
    friday = huggingface.today() - timedelta(days=2)

    def service(asked: Asked) -> Answer:
        return Answer(json.dumps(entries(friday) if asked.query["date"] == f"{friday}" else []).encode())

    server.service = service
    told, came = fetch(newest_papers(library, where))
    assert told.notice == f"{server.host} lists no papers of {huggingface.today()}."
    assert (came.day, came.new) == (friday, 3)

    server.always(Answer(b"[]"))
    with Library(tmp_path / "new.db") as new:
        assert [report.notice for report in fetch(newest_papers(new, where))] == [told.notice]


def test_a_day_that_was_fetched_while_it_grew_is_asked_for_again(
    fetch: FetchAll, library: Library, server: Server, where: Addresses
) -> None:
    today = huggingface.today()
    yesterday = today - timedelta(days=1)
    server.service = days = Days(yesterday, today)
    fetch(papers_of([yesterday], where))
    days.listed[yesterday] = entries(yesterday, papers=5)
    (before,) = library.digests()
    library.mark([library.ids()[0]], starred=True)
    reports = fetch(newest_papers(library, where))
    assert [(report.day, report.new, report.updated) for report in reports] == [(today, 3, 0), (yesterday, 2, 0)]

    renewed = next(record for record in library.digests() if record.day == f"{yesterday}")
    assert (renewed.id, renewed.listed, renewed.new, renewed.unchanged) == (before.id, 5, 2, 3)
    assert renewed.sha256 != before.sha256
    days.listed[yesterday] = entries(yesterday, papers=4)  # one has been taken off the page; it was listed all the same
    fetch(papers_of([yesterday], where))
    assert [record.listed for record in library.digests() if record.day == f"{yesterday}"] == [5]
    assert [len(library.entry(paper).days) for paper in library.ids()] == [1] * 8
    for record in library.digests():
        library.remove_digest(record.id)
    assert len(library.ids()) == 1  # the starred one


# arXiv

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>cs.CL updates on arXiv.org</title>
<link>http://rss.arxiv.org/rss/cs.CL</link><pubDate>Mon, 12 May 2025 00:00:00 -0400</pubDate><item>
<title>State spaces</title><link>https://arxiv.org/abs/2505.00001</link>
<description>arXiv:2505.00001v1 Announce Type: new
Abstract: We study states.</description></item></channel></rss>"""


def atom(*ids: str, total: int = 1) -> bytes:
    """An answer of arXiv's API."""
    papers = "".join(
        f"<entry><id>http://arxiv.org/abs/{paper}v2</id><title>Paper {paper}</title><summary>About it.</summary>"
        f"<published>2025-05-12T01:02:03Z</published><author><name>Ada Lovelace</name></author></entry>"
        for paper in ids
    )
    return (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><id>http://arxiv.org/api/x</id>'
        '<opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        f"{total}</opensearch:totalResults>{papers}</feed>"
    ).encode()


def test_papers_are_added_by_id_and_unknown_ones_are_named(
    fetch: FetchAll, library: Library, server: Server, where: Addresses
) -> None:
    server.always(Answer(atom("2505.00001", "2505.00002"), "application/atom+xml"))
    came, unknown = fetch(papers_named(["2505.00001", "https://arxiv.org/abs/2505.00002v3", "2505.99999"], where))
    assert (came.listed, came.new) == (2, 2)
    assert unknown.error == f"{server.host} knows no paper 2505.99999."
    assert library.entry("2505.00002").authors == ("Ada Lovelace",)


def test_a_feed_and_a_search_and_the_daily_page_make_one_paper(
    fetch: FetchAll, library: Library, server: Server, where: Addresses
) -> None:
    def service(asked: Asked) -> Answer:
        if asked.path == "/api/query":
            return Answer(atom("2505.00001", total=7), "application/atom+xml")
        if asked.path == "/rss/cs.CL":
            return Answer(RSS, "application/rss+xml")
        paper = {"id": "2505.00001", "title": "State spaces", "submittedOnDailyAt": f"{WEEK[1]}T00:00:00Z"}
        return Answer(json.dumps([{"paper": paper}]).encode())

    server.service = service
    reports = fetch(announced(["cs.CL"], where), papers_of([WEEK[1]], where), submitted(where, words="states", most=1))
    assert [report.new for report in reports] == [1, 0, 0, 0]
    assert "7 papers match" in (reports[3].notice or "")
    (entry,) = library.list()
    assert entry.days == (f"{MONDAY}", f"{WEEK[1]}")
    shown = [(listed.day, listed.format) for listed in library.appearances(entry.id)]
    assert shown == [(f"{MONDAY}", "arxiv-rss"), (f"{WEEK[1]}", "hf-json"), (None, "arxiv-atom")]


# Stopping


def test_a_fetch_can_be_left_after_any_document(
    library: Library, days: Days, where: Addresses, make_client: MakeClient
) -> None:
    for report in Fetch(library, [papers_of(WEEK[:5], where)], make_client()):
        if report.day == WEEK[1]:
            break
    assert len(library.ids()) == 6
    assert days.asked == WEEK[:2]


def test_a_fetch_that_is_cancelled_keeps_what_came(
    library: Library, days: Days, where: Addresses, make_client: MakeClient
) -> None:
    stop = threading.Event()

    def silent(_: BaseHTTPRequestHandler) -> None:
        began.append(time.monotonic())
        stop.set()
        time.sleep(60)

    days.faults[WEEK[2]] = silent
    began: list[float] = []
    run = Fetch(library, [papers_of(WEEK[:5], where)], make_client(cancelled=stop.is_set))
    reports = list(run)
    assert time.monotonic() - began[0] < 30
    assert run.cancelled
    assert [report.day for report in reports] == WEEK[:2]
    assert (run.done, run.total) == (2, 5)
    assert len(library.ids()) == 6


@pytest.mark.usefixtures("archive")
def test_the_real_days_come_as_they_were(fetch: FetchAll, library: Library, where: Addresses) -> None:
    real = [date(2024, 5, 27), date(2024, 12, 20), date(2025, 1, 10), *WEEK[:5]]
    reports = fetch(papers_of(real, where))
    assert [(report.day, report.error, report.unparsed) for report in reports] == [(day, None, 0) for day in real]
    assert {day.day for day in library.days()} == {f"{day}" for day in real}


def test_of_what_arxiv_announces_only_submissions_are_fetched(
    server: Server, library: Library, fetch: Callable[..., list[FileReport]], where: Addresses
) -> None:
    item = RSS[RSS.index(b"<item>") : RSS.index(b"</channel>")]
    newer = item.replace(b"2505.00001", b"2401.00009").replace(b"Type: new", b"Type: replace-cross")
    server.service = lambda _: Answer(RSS.replace(b"</channel>", newer + b"</channel>"), "application/rss+xml")
    (report,) = fetch(announced(["cs.CL"], where))
    assert (report.listed, report.new) == (1, 1)
    assert [entry.arxiv_id for entry in library.list()] == ["2505.00001"]
