"""Hugging Face's Daily Papers: which days to ask for, and whether what comes is the day that was asked for.

A week or a month is asked for day by day, though the service knows `week` and `month` too: only so does a paper keep
the day that listed it, which older entries do not say themselves, and one bad day does not cost the others.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final
from urllib.parse import urlencode

from store.errors import FetchCancelled, FetchError, ServiceUnreachable
from store.fetchers import Addresses, Fetched, Missed
from store.fetchers.faults import host_of
from store.fetchers.http import Client, Kind

FIRST_DAY: Final = date(2023, 5, 4)
"""The day on which Daily Papers began."""

PAGE: Final = 100
"""Papers to ask for at once, the most that the service gives; the longest day known has fewer."""

_JSON: Final = Kind("JSON", ("application/json",))
_PAGES: Final = 20
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_PRINTED_DAY: Final = re.compile(r"""["']submittedOnDailyAt["']: *["'](\d{4}-\d\d-\d\d)""")


def today() -> date:
    """The day that the service calls today: its days are those of UTC."""
    return datetime.now(UTC).date()


def days_since(first: date, until: date | None = None) -> list[date]:
    """Every day from `first` (or the first there was) to `until` (default: today), both included; none in between."""
    last = until or today()
    if first > last:
        raise FetchError(f"{first} is yet to come: the last day to ask for is {last}.")
    if last < FIRST_DAY:
        raise FetchError(f"{last} is too early: Daily Papers began on {FIRST_DAY}.")
    first = max(first, FIRST_DAY)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def days_of_week(week: str, until: date | None = None) -> list[date]:
    """The days of an ISO week, as in `2025-W20`, up to `until` (default: today). Raises FetchError."""
    if match := re.fullmatch(r"(\d{4})-?[Ww](\d\d?)", week.strip(), re.ASCII):
        try:
            monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
            return _days(monday, monday + timedelta(days=6), until)
        except (ValueError, OverflowError):
            pass
    raise FetchError(f"{week} is no week: write it as in 2025-W20.")


def days_of_month(month: str, until: date | None = None) -> list[date]:
    """The days of a month, as in `2025-05`, up to `until` (default: today). Raises FetchError."""
    if match := re.fullmatch(r"(\d{4})-(\d\d?)", month.strip(), re.ASCII):
        try:
            first = date(int(match[1]), int(match[2]), 1)
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            return _days(first, last, until)
        except (ValueError, OverflowError):
            pass
    raise FetchError(f"{month} is no month: write it as in 2025-05.")


def _days(first: date, last: date, until: date | None) -> list[date]:
    return days_since(first, min(last, until or today()))


def daily_papers(
    client: Client, days: Iterable[date], addresses: Addresses | None = None
) -> Iterator[Fetched | Missed]:
    """The papers of each of `days`, as JSON: a list of what the service holds of each paper.

    A day that fails costs no other. Two in a row for which the service had no answer of use end it: ServiceUnreachable.
    """
    addresses = addresses or Addresses()
    failed = 0
    for day in days:
        try:
            yield _of_day(client, day, addresses)
            failed = 0
        except (ServiceUnreachable, FetchCancelled):
            raise
        except FetchError as error:
            failed = failed + 1 if error.status is None or error.status >= 500 else 0
            if failed == 2:
                raise ServiceUnreachable(f"{error} It failed for the day before too: no other is asked for.") from error
            yield Missed(name_of(day), "failed", str(error), day)


def name_of(day: date) -> str:
    """What the page of a day is called."""
    return f"huggingface.co/papers/date/{day}"


def _of_day(client: Client, day: date, addresses: Addresses) -> Fetched | Missed:
    """All pages of a day, joined where there are several."""
    host = host_of(addresses.huggingface)
    pages: list[bytes] = []
    entries: dict[str, object] = {}
    unchanged = True
    for number in range(_PAGES):
        asked = {"date": day.isoformat(), "limit": PAGE} | ({"p": number} if number else {})
        url = f"{addresses.huggingface.rstrip('/')}/api/daily_papers?{urlencode(asked)}"
        try:
            answer = client.get(url, _JSON, name_of(day), check=partial(_read, host, day))
        except FetchError as error:
            if error.status != 400:
                raise
            if day > today():
                return Missed(name_of(day), "unpublished", f"{day} is yet to come.", day)
            raise FetchError(f"{host} knows no day {day} (HTTP 400).", 400) from error
        page, days = _read(host, day, answer.data)
        if not number and day not in days and days:
            return _another_day(host, day, max(days))
        known = len(entries)
        entries |= {_key(entry): entry for entry in page}
        if len(entries) == known:
            break
        pages.append(answer.data)
        unchanged &= answer.unchanged
        # A page may hold fewer than it could while others follow, but hardly less than half.
        if len(page) < PAGE // 2:
            break
    if not pages:
        return Missed(name_of(day), "empty", f"{host} lists no papers of {day}.", day)
    data = pages[0] if len(pages) == 1 else json.dumps(list(entries.values())).encode()
    return Fetched(name_of(day), data, day, unchanged)


def _another_day(host: str, day: date, newest: date) -> Missed:
    """What to say of a day for which the service showed another, as it does where it has none."""
    if day > newest:
        words = f"{day} is not published yet: the newest day of {host} is {newest}."
        return Missed(name_of(day), "unpublished", words, day, newest)
    if day.weekday() > 4:
        return Missed(name_of(day), "empty", f"{host} lists no papers of {day}.", day)
    raise FetchError(f"{host} sent the papers of {newest}, asked for those of {day}: not taken.", 200)


def _read(host: str, day: date, data: bytes) -> tuple[list[object], set[date]]:
    """The entries of an answer and the days that they name. Raises FetchError where it is nothing of the kind."""
    asked = f"asked for the papers of {day}"
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        start = data.lstrip()[:1]
        if start == b"<":
            raise FetchError(f"{host} sent a web page rather than JSON, {asked}.") from error
        what = "JSON that is cut off or damaged" if start in {b"[", b"{"} else "something else than JSON"
        raise FetchError(f"{host} sent {what if start else 'nothing'}, {asked}.", 200) from error
    days = set()
    if isinstance(found, dict) and isinstance(found.get("data"), list):  # so it was for some days of January 2025
        days |= _as_day(found.get("date"))
        found = found["data"]
    if not isinstance(found, list) or not all(isinstance(entry, dict | str) for entry in found):
        raise FetchError(f"{host} sent JSON that is no list of papers, {asked}.", 200)
    for entry in found:
        if isinstance(entry, str):
            days |= {known for printed in _PRINTED_DAY.findall(entry) for known in _as_day(printed)}
        elif isinstance(paper := entry.get("paper"), dict):
            days |= _as_day(paper.get("submittedOnDailyAt"))
    return found, days


def _as_day(value: object) -> set[date]:
    """The day that a value of JSON begins with; nothing where it is none."""
    if isinstance(value, str) and _DAY.match(value):
        try:
            return {date.fromisoformat(value[:10])}
        except ValueError:
            pass
    return set()


def _key(entry: object) -> str:
    """What two pages that list one paper twice have in common."""
    if isinstance(entry, dict) and isinstance(paper := entry.get("paper"), dict) and isinstance(paper.get("id"), str):
        return str(paper["id"])
    return json.dumps(entry)
