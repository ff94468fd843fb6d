"""The dates of a page: read from a line, and the year of those that leave it out."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_MONTH: Final = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
# A count has at most twelve characters: Python reads no endless ones, and SQLite keeps none over 63 bits.
_LINE: Final = re.compile(
    rf"(?:{_MONTH} (?P<day>\d{{1,2}})|(?P<day_first>\d{{1,2}}) {_MONTH.replace('month', 'month_second')})"
    r"(?:(?:, ?| )(?P<year>(?:19|20)\d\d))?(?: (?P<count>\d[\d,]{0,11}))?",
    re.IGNORECASE,
)


class PrintedDate(NamedTuple):
    """A date as a page prints it."""

    year: int | None
    month: int
    day: int

    def in_year(self, year: int) -> date | None:
        """The date, in `year` where none is printed; None where that year has no such day."""
        try:
            return date(self.year or year, self.month, self.day)
        except ValueError:
            return None


def read_date(line: str) -> tuple[PrintedDate, int | None] | None:
    """The date that `line` consists of and the number after it, if any: `May 30, 2022 2`. None: it is no date."""
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    month = (match["month"] or match["month_second"])[:3].casefold()
    printed = PrintedDate(
        year=int(match["year"]) if match["year"] else None,
        month=_MONTHS.index(month) + 1,
        day=int(match["day"] or match["day_first"]),
    )
    if printed.in_year(2024) is None:  # a leap year: 29 Feb is a date, 31 Apr never is
        return None
    return printed, int(match["count"].replace(",", "")) if match["count"] else None


def year_of_copy(dates: Iterable[PrintedDate], today: date) -> int:
    """The year in which a page with these `dates` was copied: the year of those that print none.

    A page leaves the year out for the current one only, so it is the one after the newest year printed. Where none is
    printed, it is the newest in which no date would be after `today`. It has a 29 Feb where the page has one.
    """
    dates = list(dates)
    bare = [printed for printed in dates if printed.year is None]
    printed_years = [printed.year for printed in dates if printed.year is not None]

    def fits(year: int) -> bool:
        return all(printed.in_year(year) is not None for printed in bare)

    if printed_years:
        following = max(printed_years) + 1
        return next((year for year in range(following, following + 8) if fits(year)), following)
    years = range(today.year, today.year - 9, -1)
    latest = max(((printed.month, printed.day) for printed in bare), default=(1, 1))
    return next(
        (y for y in years if fits(y) and (y, *latest) <= (today.year, today.month, today.day)),
        today.year,
    )
