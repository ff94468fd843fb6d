"""The papers of one view, in order: their ids, where each day begins, and the rows that have been read so far.

A deck holds ids for all of its papers and rows only for those that were on the screen lately, so that 100,000 papers
cost what 100 cost. It knows the arithmetic of lines but draws nothing.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence, Set
from typing import NamedTuple

from store.entries import Row, View

PAGE = 200
"""How many rows are read at once."""
_KEPT = 2_000
"""How many rows are kept in memory before those far from the screen are let go."""

Fetch = Callable[[Sequence[int]], list[Row]]
"""Reads rows by id, in the order asked for, leaving out ids that are gone."""


class Place(NamedTuple):
    """What a list shows: a view, a day, a tag or a search."""

    name: str
    query: str
    fuzzy: bool = False
    """Whether the query is a search that forgives typos, best first."""
    within: str = ""
    """For a fuzzy search: the query that it narrows."""

    @property
    def whole_days(self) -> bool:
        """Whether it shows all that is left to decide on its days, so that headings may count it."""
        return not self.fuzzy and (self.query in {View.INBOX, View.ALL} or self.query.startswith("day:"))


class Run(NamedTuple):
    """Papers of one day that stand together in a list: the index of the first, and the day."""

    start: int
    day: str | None


class Spot(NamedTuple):
    """What stands on a line: one of a paper's lines (`part` 0 or 1), a run's heading (-1) or the gap above it (-2)."""

    at: int
    """The index of the paper; of the run where `part` is negative."""
    part: int


class Deck:
    """The papers of `place`, in order."""

    def __init__(
        self,
        place: Place,
        ids: Sequence[int],
        fetch: Fetch,
        runs: Sequence[Run] = (),
        words: Sequence[str] = (),
        *,
        whole: bool = True,
    ) -> None:
        """`runs`: where each day begins, if the order is by day; `words`: what a search matched, to highlight; `whole`:
        whether these are all papers of the place, and not only the first of them."""
        self.place = place
        self.whole = whole
        self.ids = list(ids)
        self.runs = list(runs)
        self.words = frozenset(words)
        self._fetch = fetch
        self._rows: dict[int, Row] = {}

    def __len__(self) -> int:
        return len(self.ids)

    # Rows

    def row(self, index: int) -> Row | None:
        """The row at `index` if it has been read."""
        return self._rows.get(self.ids[index])

    def known(self, paper: int) -> Row | None:
        """The row of a paper if it has been read."""
        return self._rows.get(paper)

    def load(self, first: int, last: int) -> bool:
        """Read the rows from `first` up to `last` (excluded) that are not there; whether any had to be read."""
        first, last = max(0, first), min(last, len(self.ids))
        missing = [paper for paper in self.ids[first:last] if paper not in self._rows]
        if not missing:
            return False
        if len(self._rows) > _KEPT:
            near = set(self.ids[max(0, first - PAGE) : last + PAGE])
            self._rows = {paper: row for paper, row in self._rows.items() if paper in near}
        self.keep(self._fetch(missing))
        return True

    def keep(self, rows: Iterable[Row]) -> None:
        """Hold rows that were read elsewhere."""
        for row in rows:
            self._rows[row.id] = row

    def reread(self, papers: Collection[int], first: int, last: int) -> None:
        """Papers have changed: read those between `first` and `last` again, forget the others."""
        for paper in papers if len(papers) < len(self._rows) else set(self._rows) & set(papers):
            self._rows.pop(paper, None)
        self.load(first, last)

    def forget(self) -> None:
        """Forget all rows: anything may have changed."""
        self._rows.clear()

    # Order

    def index(self, paper: int | None) -> int | None:
        """Where a paper stands, or None."""
        try:
            return self.ids.index(paper) if paper is not None else None
        except ValueError:
            return None

    def run_of(self, index: int) -> int:
        """The number of the run in which a paper stands; -1 where there are no runs."""
        return bisect_right(self.runs, index, key=lambda run: run.start) - 1

    def run_end(self, run: int) -> int:
        """The index after the last paper of a run."""
        return self.runs[run + 1].start if run + 1 < len(self.runs) else len(self.ids)

    # Lines: a run has a heading, and a gap above it unless it is the first

    def height(self, each: int) -> int:
        """How many lines the list has with `each` lines a paper."""
        return len(self.ids) * each + max(0, 2 * len(self.runs) - 1)

    def line(self, index: int, each: int) -> int:
        """The first line of the paper at `index`."""
        if not self.runs:
            return index * each
        return index * each + 2 * self.run_of(index) + 1

    def spot(self, line: int, each: int) -> Spot | None:
        """What stands on `line`; None below the end."""
        if not 0 <= line < self.height(each):
            return None
        if not self.runs:
            return Spot(*divmod(line, each))
        number = bisect_right(range(len(self.runs)), line, key=lambda run: self.heading_line(run, each)) - 1
        below = line - self.heading_line(number, each) - 1
        if below < 0:
            return Spot(number, -1)
        index, part = divmod(below, each)
        index += self.runs[number].start
        return Spot(number + 1, -2) if index >= self.run_end(number) else Spot(index, part)

    def heading_line(self, run: int, each: int) -> int:
        """The line of a run's heading."""
        return self.runs[run].start * each + 2 * run

    # Fresh contents

    def renewed(self, ids: Sequence[int], runs: Sequence[Run], stay: Set[int]) -> "Deck":
        """This deck with what the view holds now, keeping the papers of `stay` where they stand.

        `ids` and `runs` are as they would be if the view were opened now. A paper of `stay` that they lack keeps its
        neighbour above; the others go.
        """
        fresh = set(ids)
        after: dict[int | None, list[int]] = {}  # the papers that stay, by the nearest one above that the view holds
        anchor: int | None = None
        for index, paper in enumerate(self.ids):
            if paper in fresh:
                anchor = paper
            elif paper in stay:
                after.setdefault(anchor, []).append(index)
        if not after:
            return self._like(ids, runs)
        merged = _Merged()
        self._insert(after.get(None, ()), merged)
        anchors = [index for index, paper in enumerate(ids) if paper in after]
        for run, end in zip(runs or [Run(0, None)], [*(run.start for run in runs[1:]), len(ids)], strict=True):
            start = run.start
            for index in anchors[bisect_left(anchors, start) : bisect_left(anchors, end)]:
                merged.extend(ids[start : index + 1], run.day)
                self._insert(after[ids[index]], merged)
                start = index + 1
            merged.extend(ids[start:end], run.day)
        return self._like(merged.ids, merged.runs if runs or self.runs else ())

    def _insert(self, indexes: Iterable[int], merged: "_Merged") -> None:
        for index in indexes:
            merged.extend(self.ids[index : index + 1], self.runs[self.run_of(index)].day if self.runs else None)

    def _like(self, ids: Sequence[int], runs: Sequence[Run]) -> "Deck":
        deck = Deck(self.place, ids, self._fetch, runs, tuple(self.words))
        deck._rows = self._rows
        return deck


def runs_of(days: Iterable[str | None]) -> list[Run]:
    """The runs of papers with these days, in order."""
    runs: list[Run] = []
    for index, day in enumerate(days):
        if not runs or runs[-1].day != day:
            runs.append(Run(index, day))
    return runs


class _Merged:
    """A list of papers that grows by stretches of one day each."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.runs: list[Run] = []

    def extend(self, ids: Sequence[int], day: str | None) -> None:
        """Add a stretch."""
        if ids and (not self.runs or self.runs[-1].day != day):
            self.runs.append(Run(len(self.ids), day))
        self.ids.extend(ids)
