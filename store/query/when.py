"""Dates and ages as a query spells them: text -> `Range` or `Age`. No clock: what answers them has one."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias, cast

from store.errors import QueryError
from store.query.tokens import cut

Comparison = Literal["<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Range:
    """From the first day to the last, both included; None is open."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Age:
    """How long ago: `<` is less than so many days, and so on."""

    comparison: Comparison
    days: int


When: TypeAlias = Range | Age

_AGE: Final = re.compile(r"([<>]=?)([0-9]{1,4})([dwmy])", re.IGNORECASE)
_COMPARED: Final = re.compile(r"[<>]=?")
_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_DAYS: Final = {"d": 1, "w": 7, "m": 30, "y": 365}


def parse_when(text: str, at: int) -> When:
    """The days that `text` spells: `2024`, `2025-03`, `2025-03-01`, `a..b`, `..b`, `a..`, `>a`, `>=a`, `<a`,
    `<=a`; or an age in days, weeks, months (of 30 days) or years (of 365): `<7d`, `>=2w`.

    A year or a month is all of its days: `>2024` starts with 2025. `at` is where `text` stands in the query.
    Raises QueryError.
    """
    if age := _AGE.fullmatch(text):
        comparison, number, unit = age.groups()
        return Age(cast(Comparison, comparison), int(number) * _DAYS[unit.lower()])
    if sign := _COMPARED.match(text):
        return _compared(sign[0], text[sign.end() :], at + sign.end())
    if ".." in text:
        return _from_to(text, at)
    return Range(*_days(text, at))


def _compared(sign: str, text: str, at: int) -> Range:
    first, last = _days(text, at)
    try:
        match sign:
            case "<":
                return Range(None, first - timedelta(days=1))
            case "<=":
                return Range(None, last)
            case ">":
                return Range(last + timedelta(days=1), None)
            case _:
                return Range(first, None)
    except OverflowError:
        raise QueryError(f"the calendar ends at {text}", at) from None


def _from_to(text: str, at: int) -> Range:
    left, _, right = text.partition("..")
    if not left and not right:
        raise QueryError("a range has one end at least: 2024..2025, 2024.. or ..2025", at)
    first = _days(left, at)[0] if left else None
    last = _days(right, at + len(left) + 2)[1] if right else None
    if first and last and first > last:
        raise QueryError(f"the range ends before it starts; did you mean {right}..{left}?", at)
    return Range(first, last)


def _days(text: str, at: int) -> tuple[date, date]:
    """The first and the last day of a year, a month or a day."""
    found = _DATE.fullmatch(text)
    if found is None:
        said = f"{cut(text)} is no date" if text else "here a date is missing"
        raise QueryError(f"{said}: write 2025, 2025-03, 2025-03-01, a range 2024..2025, or an age <7d", at)
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        raise QueryError(f"there is no {text} in the calendar", at) from None
    if day:
        return first, first
    if month and month < 12:
        return first, date(year, month + 1, 1) - timedelta(days=1)
    return first, date(year, 12, 31)
