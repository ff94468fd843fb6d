"""Daily Papers from a server that replays real days: which are asked for, what is taken, and what is told."""

import json
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from store.errors import FetchError, ServiceUnreachable
from store.fetchers import Addresses, Fetched, Missed
from store.fetchers.http import Client, Patience
from store.fetchers.huggingface import (
    FIRST_DAY,
    PAGE,
    daily_papers,
    days_of_month,
    days_of_week,
    days_since,
    today,
)
from tests.fetching.conftest import MakeClient
from tests.fetching.service import Answer, Asked, Server, cut, hang_up

MONDAY = date(2025, 5, 12)
WEEK = [MONDAY + timedelta(days=number) for number in range(7)]


def paper(number: int, day: date | None = MONDAY) -> dict[str, object]:
    """An entry of the service's, of a paper that it listed on `day`."""
    listed = {"submittedOnDailyAt": f"{day}T01:02:03.000Z"} if day else {}
    return {"paper": {"id": f"2505.{number:05d}", "title": f"Paper {number}"} | listed, "numComments": 1}


def json_answer(value: object) -> Answer:
    return Answer(json.dumps(value).encode())


@pytest.fixture
def fetch(server: Server, client: Client) -> Callable[[Sequence[date]], list[Fetched | Missed]]:
    """Fetches days from the server."""
    return lambda days: list(daily_papers(client, days, Addresses(huggingface=server.url + "/")))


Fetch = Callable[[Sequence[date]], list[Fetched | Missed]]


def test_a_week_comes_day_by_day_and_its_weekend_is_no_error(fetch: Fetch, archive: Path, server: Server) -> None:
    answers = fetch(days_of_week("2025-W20"))
    assert [answer.day for answer in answers] == WEEK
    assert [isinstance(answer, Fetched) for answer in answers] == [True] * 5 + [False] * 2
    for answer in answers[:5]:
        assert isinstance(answer, Fetched)
        assert answer.name == f"huggingface.co/papers/date/{answer.day}"
        assert answer.data == (archive / f"{answer.day}.json").read_bytes()
    assert answers[6] == Missed(
        "huggingface.co/papers/date/2025-05-18", "empty", f"{server.host} lists no papers of 2025-05-18.", WEEK[6]
    )


@pytest.mark.parametrize("day", [date(2024, 5, 27), date(2024, 12, 20), date(2025, 1, 10), date(2025, 5, 30)])
def test_the_days_of_every_epoch_are_taken_as_they_are(fetch: Fetch, archive: Path, day: date) -> None:
    assert fetch([day]) == [Fetched(f"huggingface.co/papers/date/{day}", (archive / f"{day}.json").read_bytes(), day)]


def test_the_pages_of_a_long_day_are_joined(fetch: Fetch, server: Server) -> None:
    entries = [paper(number) for number in range(230)]

    def service(asked: Asked) -> Answer:
        start = int(asked.query.get("p", "0")) * PAGE
        # One has moved down while we asked, and the service has one more than it shows.
        return json_answer(entries[max(start - 1, 0) : start + PAGE - 1])

    server.service = service
    (answer,) = fetch([MONDAY])
    assert isinstance(answer, Fetched)
    assert json.loads(answer.data) == entries
    assert [asked.query.get("p") for asked in server.asked] == [None, "1", "2"]
    assert {asked.query["limit"] for asked in server.asked} == {"100"}


def test_a_service_that_knows_no_pages_is_not_asked_for_ever(fetch: Fetch, server: Server) -> None:
    entries = [paper(number) for number in range(PAGE)]
    server.always(json_answer(entries))
    (answer,) = fetch([MONDAY])
    assert isinstance(answer, Fetched)
    assert json.loads(answer.data) == entries
    assert len(server.asked) == 2


def test_a_day_that_is_asked_for_again_is_unchanged(fetch: Fetch, server: Server) -> None:
    def service(asked: Asked) -> Answer:
        if asked.headers.get("if-none-match") == '"1"':
            return Answer(status=304)
        return Answer(json.dumps([paper(1)]).encode(), headers={"ETag": '"1"'})

    server.service = service
    first, second = fetch([MONDAY, MONDAY])
    assert isinstance(first, Fetched)
    assert second == first._replace(unchanged=True)


def test_a_damaged_answer_is_not_kept(fetch: Fetch, server: Server) -> None:
    server.always(
        Answer(b'[{"paper":', headers={"ETag": '"1"'}), Answer(json.dumps([paper(1)]).encode(), headers={"ETag": '"1"'})
    )
    first, second = fetch([MONDAY, MONDAY])
    assert isinstance(first, Missed)
    assert isinstance(second, Fetched)
    assert "if-none-match" not in server.asked[1].headers


# Another day than asked


def test_a_day_that_is_not_published_yet_is_recognised(fetch: Fetch, server: Server) -> None:
    server.always(json_answer([paper(1, MONDAY), paper(2, MONDAY - timedelta(days=3))]))
    assert fetch([WEEK[1]]) == [
        Missed(
            "huggingface.co/papers/date/2025-05-13",
            "unpublished",
            f"2025-05-13 is not published yet: the newest day of {server.host} is 2025-05-12.",
            WEEK[1],
            MONDAY,
        )
    ]


def test_the_papers_of_another_day_are_not_taken(fetch: Fetch, server: Server) -> None:
    server.always(json_answer([paper(1, WEEK[3])]))
    (answer,) = fetch([MONDAY])
    assert isinstance(answer, Missed)
    assert answer.reason == "failed"
    assert answer.message.endswith("sent the papers of 2025-05-15, asked for those of 2025-05-12: not taken.")


def test_the_papers_of_another_day_on_a_weekend_mean_that_there_are_none(fetch: Fetch, server: Server) -> None:
    server.always(json_answer([paper(1, WEEK[6] + timedelta(days=1))]))
    (answer,) = fetch([WEEK[5]])
    assert isinstance(answer, Missed)
    assert answer.reason == "empty"


def test_entries_written_as_python_tell_their_day_too(fetch: Fetch, server: Server) -> None:
    server.always(json_answer([repr(paper(1, MONDAY))]))
    same, other = fetch([MONDAY, WEEK[1]])
    assert isinstance(same, Fetched)
    assert isinstance(other, Missed)
    assert other.reason == "unpublished"


def test_tomorrow_is_not_published_whatever_the_service_says(fetch: Fetch, server: Server) -> None:
    server.always(Answer(b'{"error":"Invalid date"}', status=400))
    tomorrow = today() + timedelta(days=1)
    (answer,) = fetch([tomorrow])
    assert isinstance(answer, Missed)
    assert (answer.reason, answer.message) == ("unpublished", f"{tomorrow} is yet to come.")


# What is no list of papers


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (Answer(status=400), "knows no day 2025-05-12 (HTTP 400)."),
        (Answer(b"<!doctype html><title>Log in</title>"), "sent a web page rather than JSON"),
        (Answer(b"<html>", "text/html"), "sent a web page rather than JSON"),
        (Answer(b""), "sent nothing"),
        (Answer(b" \n"), "sent nothing"),
        (Answer(b"Service unavailable"), "sent something else than JSON"),
        (Answer(json.dumps([paper(1)]).encode()[:-9]), "sent JSON that is cut off or damaged"),
        (Answer(b"[" * 100_000), "sent JSON that is cut off or damaged"),
        (Answer(b'["\xff\xfe"]'), "sent JSON that is cut off or damaged"),
        (Answer(b"null"), "sent JSON that is no list of papers"),
        (Answer(b'{"error": "no"}'), "sent JSON that is no list of papers"),
        (Answer(b"[1, 2]"), "sent JSON that is no list of papers"),
        (Answer(b"[null]"), "sent JSON that is no list of papers"),
    ],
)  # fmt: skip
def test_nothing_is_given_of_what_is_no_list_of_papers(fetch: Fetch, server: Server, answer: Answer, what: str) -> None:
    server.always(answer)
    (missed,) = fetch([MONDAY])
    assert isinstance(missed, Missed)
    assert missed.reason == "failed"
    assert what in missed.message
    assert "2025-05-12" in missed.message


@pytest.mark.parametrize(
    "entries",
    [
        [{"paper": {"id": "2505.00001"}}],
        [{"title": "No paper"}],
        [paper(1) | {"brand_new": {"deep": [1]}}],
        [{"paper": {"submittedOnDailyAt": 5}}],
        [{"paper": {"submittedOnDailyAt": "soon"}}, {"paper": {"submittedOnDailyAt": "2025-99-99"}}],
        [{"paper": None}, {}, "text"],
    ],
)
def test_fields_gone_or_added_are_for_the_parser(fetch: Fetch, server: Server, entries: object) -> None:
    server.always(json_answer(entries))
    (answer,) = fetch([MONDAY])
    assert isinstance(answer, Fetched)
    assert json.loads(answer.data) == entries


# Several days, some of them bad


@pytest.mark.parametrize("fault", [Answer(status=404), Answer(status=500), cut(b"[]"), hang_up, Answer(b"<html>")])
def test_a_week_with_one_bad_day_gives_the_others(fetch: Fetch, server: Server, fault: Answer) -> None:
    def service(asked: Asked) -> Answer:
        day = date.fromisoformat(asked.query["date"])
        return fault if day == WEEK[2] else json_answer([paper(day.day, day)])

    server.service = service
    answers = fetch(WEEK)
    assert [answer.day for answer in answers] == WEEK
    (missed,) = [answer for answer in answers if isinstance(answer, Missed)]
    assert (missed.day, missed.reason) == (WEEK[2], "failed")


def test_a_service_that_is_down_is_not_asked_for_every_day(server: Server, make_client: MakeClient) -> None:
    server.always(Answer(status=503))
    client = make_client(patience=Patience(backoff=0.001))
    answers = daily_papers(client, WEEK, Addresses(huggingface=server.url))
    first = next(answers)
    assert isinstance(first, Missed)
    assert first.message == f"{server.host} is out of order (HTTP 503), 4 times in a row: try again later."
    with pytest.raises(ServiceUnreachable, match="It failed for the day before too: no other is asked for"):
        next(answers)
    assert len(server.asked) == 8


def test_bad_days_that_are_apart_do_not_end_it(fetch: Fetch, server: Server) -> None:
    faults = [Answer(b"<html>"), Answer(status=404), Answer(b"<html>"), json_answer([]), Answer(b"<html>")]
    server.always(*faults, json_answer([]))
    assert [answer.day for answer in fetch(WEEK)] == WEEK


def test_many_days_that_the_service_does_not_have_do_not_end_it(fetch: Fetch, server: Server) -> None:
    server.always(Answer(status=404))
    assert [answer.day for answer in fetch(WEEK)] == WEEK


def test_offline_is_one_sentence_and_not_seven(fetch: Fetch, server: Server) -> None:
    server.close()
    with pytest.raises(ServiceUnreachable) as caught:
        fetch(WEEK)
    assert str(caught.value) == f"{server.host} cannot be reached: connection refused. The library is as it was."


# Days, weeks and months


def test_days_since_are_all_of_them() -> None:
    assert days_since(MONDAY, WEEK[6]) == WEEK
    assert days_since(MONDAY, MONDAY) == [MONDAY]
    assert days_since(date(1999, 1, 1), FIRST_DAY) == [FIRST_DAY]
    assert days_since(today())[-1] == today()


def test_weeks_and_months_have_their_days_up_to_today() -> None:
    assert days_of_week("2025-W20") == WEEK
    assert days_of_week("2025-w20", until=WEEK[1]) == WEEK[:2]
    assert days_of_week("2026-W53", until=date(2027, 2, 1))[-1] == date(2027, 1, 3)
    assert days_of_month("2025-02") == [date(2025, 2, day) for day in range(1, 29)]
    assert days_of_month("2024-12")[-1] == date(2024, 12, 31)
    assert days_of_month("2025-05", until=MONDAY)[-1] == MONDAY


@pytest.mark.parametrize("week", ["2025-W54", "2025-W00", "2025-20", "W20", "", "2025-W20-1", "0000-W01", "last"])
def test_what_is_no_week_is_told(week: str) -> None:
    with pytest.raises(FetchError, match=r"is no week: write it as in 2025-W20\."):
        days_of_week(week)


@pytest.mark.parametrize("month", ["2025-13", "2025-00", "2025", "May", "", "2025-05-01", "0000-01", "9999-12"])
def test_what_is_no_month_is_told(month: str) -> None:
    with pytest.raises(FetchError, match=r"is no month: write it as in 2025-05\."):
        days_of_month(month)


def test_days_to_come_and_days_before_the_first_are_told() -> None:
    with pytest.raises(FetchError, match="2025-05-18 is yet to come: the last day to ask for is 2025-05-12"):
        days_since(WEEK[6], MONDAY)
    with pytest.raises(FetchError, match="2025-06-02 is yet to come"):
        days_of_week("2025-W23", until=MONDAY)
    with pytest.raises(FetchError, match="Daily Papers began on 2023-05-04"):
        days_of_month("2022-01")
