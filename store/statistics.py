"""What a library's history says in numbers: the models that `Library.stats` returns, and weeks made of days.

Counted is what stands now. What was undone, or taken off again, never happened; a skip that became a star is a star,
and dates from then.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

LONGEST = 36_525
"""Days of a range, at most: a hundred years, whatever dates a document brings along."""


class Period(NamedTuple):
    """A day, or a week from its Monday: what came in, what was done, and what was left."""

    begins: date
    added: int
    """Papers that came into the library."""
    decided: int
    """Papers that left the inbox, each once: on the first of its marks."""
    read: int
    """Papers marked read, also those that were starred before; so with the next two."""
    starred: int
    skipped: int
    inbox: int
    """Papers that were undecided at its end."""


class Tally(NamedTuple):
    """Papers of a range, which came in or were marked within it, and what was done with them then."""

    name: str
    """Of the tag or the organization; empty for all."""
    papers: int
    undecided: int
    """Came in within the range, and are undecided now."""
    read: int
    """A paper that was starred and read counts as both."""
    starred: int
    skipped: int

    @property
    def decided(self) -> int:
        """Papers that were marked within the range, in whatever way."""
        return self.papers - self.undecided

    @property
    def only_read(self) -> int:
        """Papers that were read and neither starred nor skipped: with these two and the undecided ones, it is all."""
        return self.decided - self.starred - self.skipped


class Wait(NamedTuple):
    """How long papers waited for their decision, in seconds, of those decided within the range.

    A paper waits from when it could first be decided: when it came into the library or, where that is later and not
    after its decision, from the beginning of the first day that listed it. So an archive waits from its import.
    """

    papers: int
    quartiles: tuple[float, float, float] | None
    """The lower quartile, the median and the upper quartile; None of no papers."""
    spread: tuple[int, ...]
    """How many papers waited no longer than each of `SPREAD`, and longer than the one before; last, longer than all."""


SPREAD = (3_600, 86_400, 7 * 86_400, 30 * 86_400)
"""An hour, a day, a week and 30 days, in seconds."""


class Stats(NamedTuple):
    """The papers that match a query, over the local days from `since` to `until` (today)."""

    query: str
    since: date
    until: date
    papers: int
    """All that match the query, whenever they came in."""
    all: Tally
    days: tuple[Period, ...]
    """Each day of the range, oldest first, those without papers too."""
    tags: tuple[Tally, ...]
    """The most papers first, then by name; so with the organizations. Papers of no known organization are left out."""
    organizations: tuple[Tally, ...]
    wait: Wait

    @property
    def weeks(self) -> tuple[Period, ...]:
        """The weeks of the range, oldest first: the first and the last may be cut off by its ends."""
        return weeks(self.days)

    @property
    def added(self) -> int:
        """Papers that came in within the range."""
        return sum(day.added for day in self.days)

    @property
    def left(self) -> int:
        """Papers that left the inbox within the range."""
        return sum(day.decided for day in self.days)


def weeks(days: Sequence[Period]) -> tuple[Period, ...]:
    """The weeks of consecutive days, each with its Monday."""
    found = []
    for monday, group in groupby(days, key=lambda day: day.begins - timedelta(days=day.begins.weekday())):
        each = list(group)
        found.append(
            Period(
                begins=monday,
                added=sum(day.added for day in each),
                decided=sum(day.decided for day in each),
                read=sum(day.read for day in each),
                starred=sum(day.starred for day in each),
                skipped=sum(day.skipped for day in each),
                inbox=each[-1].inbox,
            )
        )
    return tuple(found)
