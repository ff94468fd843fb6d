"""Statistics as lines of text for any width, the same in the app and on the command line."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import zip_longest
from typing import Literal, NamedTuple

from rich.cells import cell_len

from store.harmless import harmless
from store.statistics import Period, Stats, Tally
from tui.charts import bar, column_width, columns, resampled, shares
from tui.wording import counted, cut, date_text, fit

Tone = Literal["", "heading", "quiet", "added", "decided", "inbox", "starred", "read", "skipped", "undecided"]
"""What a piece of text is; each interface has a style for it. Nothing is told by its tone alone."""


class Span(NamedTuple):
    """A piece of a line."""

    text: str
    tone: Tone = ""


Line = list[Span]

GAP = 4
"""Cells between two columns of blocks."""
_COLUMN = 52
"""Cells that a block needs to stand beside another."""
_WIDEST = 76
_NAMES = 10
"""Tags, or organizations, that are shown."""
_SIGNS: dict[Tone, tuple[str, str]] = {
    "starred": ("█", "starred"),
    "read": ("▓", "only read"),
    "skipped": ("▒", "skipped"),
    "undecided": ("░", "undecided"),
}
"""What the parts of a bar are drawn with, and how they are called."""

_SPREAD = ("within 1 h", "1 to 24 h", "1 to 7 days", "7 to 30 days", "longer")
"""The parts of `Wait.spread`."""


def lines(stats: Stats, width: int) -> list[Line]:
    """All statistics in lines of at most `width` cells, in one, two or three columns."""
    number = max(1, min(3, (width + GAP) // (_COLUMN + GAP)))
    room = min(_WIDEST, (width + GAP) // number - GAP)
    blocks = {1: [[0, 1, 2, 3, 4, 5, 6]], 2: [[0, 1, 2, 4], [3, 5, 6]], 3: [[0, 1, 2], [3, 4], [5, 6]]}[number]
    makers: list[Callable[[Stats, int], list[Line]]] = [
        _days,
        _weeks,
        _inbox,
        _decided,
        _wait,
        lambda stats, room: _tallies("Tags", stats.tags, room),
        lambda stats, room: _tallies("Organizations", stats.organizations, room),
    ]
    stacks = [_stacked([makers[at](stats, room) for at in block]) for block in blocks]
    return [_clipped(line, width) for line in [*_summary(stats, width), [], *_beside(stacks, room)]]


def _summary(stats: Stats, width: int) -> list[Line]:
    """Which papers, and which days: on one line where there is room."""
    text = f"{counted(stats.papers, 'paper')} · {stats.days[-1].inbox:,} undecided"
    if stats.query:
        text += f" · {cut(stats.query)}"
    days = f"{_date(stats.since)} – {_date(stats.until)} · {counted(len(stats.days), 'day')}"
    if cell_len(text) + 3 + cell_len(days) <= width:
        return [[Span(text, "heading"), Span(f" · {days}", "quiet")]]
    return [[Span(text, "heading")], [Span(days, "quiet")]]


def _days(stats: Stats, room: int) -> list[Line]:
    return _flow("day", 1, stats.days, stats, room)


def _weeks(stats: Stats, room: int) -> list[Line]:
    return _flow("week", 7, stats.weeks, stats, room)


def _flow(unit: str, length: int, periods: Sequence[Period], stats: Stats, room: int) -> list[Line]:
    """What came in and what was decided in each period of so many days, the latest that there is room for.

    Both are drawn on one scale.
    """
    shown = periods[-room:]
    most = max(max(period.added, period.decided) for period in shown)
    cells = column_width(len(shown), room)
    which = f"the last {len(shown)} of {len(periods):,}" if len(shown) < len(periods) else counted(len(shown), unit)
    block = [_heading(f"Papers a {unit}", which, room)]
    days = (stats.until - max(stats.since, shown[0].begins)).days + 1
    tones: tuple[tuple[str, Tone, list[int]], ...] = (
        ("came in", "added", [period.added for period in shown]),
        ("decided", "decided", [period.decided for period in shown]),
    )
    for words, tone, values in tones:
        average = sum(values) / max(1, days / length)
        block.append([Span(words, tone), Span(f"  {average:,.1f} on average, {max(values):,} at most", "quiet")])
        block += [[Span(line, tone)] for line in columns(values, most, 2, cells)]
    return [*block, _axis(shown[0].begins, shown[-1].begins, len(shown) * cells, room)]


def _inbox(stats: Stats, room: int) -> list[Line]:
    values = resampled([day.inbox for day in stats.days], room)
    cells = column_width(len(values), room)
    low, high = (f(day.inbox for day in stats.days) for f in (min, max))
    return [
        _heading("Inbox", f"{stats.days[-1].inbox:,} now, from {low:,} to {high:,}", room),
        *([Span(line, "inbox")] for line in columns(values, high, 3, cells)),
        _axis(stats.since, stats.until, len(values) * cells, room),
    ]


def _decided(stats: Stats, room: int) -> list[Line]:
    tally = stats.all
    parts: list[tuple[str, Tone, int]] = [
        ("★ starred", "starred", tally.starred),
        ("✓ read", "read", tally.read),
        ("– skipped", "skipped", tally.skipped),
        ("  undecided", "undecided", tally.undecided),
    ]
    digits = max(len(f"{number:,}") for _, _, number in parts)
    width = room - 11 - 2 - digits - 7
    block = [_heading("Decided", f"{tally.decided:,} of {counted(tally.papers, 'paper')}", room)]
    for words, tone, number in parts:
        share = f"{number / tally.papers:.0%}" if tally.papers else ""
        block.append(
            [
                Span(f"{words:<11}  {number:>{digits},} "),
                Span(f"{share:>4}  ", "quiet"),
                Span(bar(number, tally.papers, width), tone),
            ]
        )
    both = tally.starred + tally.read + tally.skipped - tally.decided
    if both:
        words = f"{counted(both, 'paper')} read as well as starred or skipped"
        block.append([Span(fit(words, min(cell_len(words), room)), "quiet")])
    return block


def _wait(stats: Stats, room: int) -> list[Line]:
    wait = stats.wait
    block = [_heading("Time to decision", f"of {counted(wait.papers, 'paper')}", room)]
    if wait.quartiles is None:
        return [*block, [Span("Nothing was decided.", "quiet")]]
    lower, median, upper = map(duration, wait.quartiles)
    block.append([Span(f"median {median}"), Span(f"  quartiles {lower}, {upper}", "quiet")])
    digits = len(f"{wait.papers:,}")
    for words, number in zip(_SPREAD, wait.spread, strict=True):
        drawn = Span(bar(number, wait.papers, room - 16 - digits), "decided")
        block.append([Span(f"{words:<12}  {number:>{digits},}  "), drawn])
    return block


def _tallies(heading: str, tallies: Sequence[Tally], room: int) -> list[Line]:
    """The names with the most papers, each with a bar of what was done with these."""
    shown = tallies[:_NAMES]
    which = f"the first {len(shown)} of {len(tallies):,}" if len(shown) < len(tallies) else ""
    if not shown:
        return [_heading(heading, "", room), [Span("None.", "quiet")]]
    names = min(max(cell_len(cut(tally.name, room)) for tally in shown), room // 3)
    digits = len(f"{shown[0].papers:,}")
    width = room - names - digits - 4
    legend = [(Span(sign, tone), Span(f" {words}  ", "quiet")) for tone, (sign, words) in _SIGNS.items()]
    block = [_heading(heading, which, room), [span for pair in legend for span in pair]]
    for tally in shown:
        length = max(1, round(width * tally.papers / max(1, shown[0].papers)))
        parts = (tally.starred, tally.only_read, tally.skipped, tally.undecided)
        cells = shares(parts, length)
        bars = [Span(sign * part, tone) for part, (tone, (sign, _)) in zip(cells, _SIGNS.items(), strict=True) if part]
        block.append([Span(f"{fit(harmless(tally.name), names)}  {tally.papers:>{digits},}  "), *bars])
    return block


def duration(seconds: float) -> str:
    """A time in the one or two units that matter: `40 s`, `12 min`, `3 h 20 min`, `2 days 4 h`, `23 days`."""
    minutes = round(seconds / 60)
    if seconds < 60:
        return f"{round(seconds)} s"
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(round(seconds / 3600), 24)
    return f"{counted(days, 'day')} {hours} h" if hours and days < 7 else counted(days, "day")


# How it is laid out


def _heading(words: str, about: str, room: int) -> Line:
    """A heading, and at the right end of the line what belongs to it."""
    gap = room - cell_len(words) - cell_len(about)
    return [Span(words, "heading"), *_if(gap >= 2 and bool(about), Span(" " * gap + about, "quiet"))]


def _axis(first: date, last: date, length: int, room: int) -> Line:
    """The first and the last day below columns that take `length` cells."""
    left, right = _date(first), _date(last)
    if first == last:
        return [Span(left, "quiet")]
    gap = max(3, min(length, room) - len(left) - len(right))
    return [Span(f"{left}{' ' * gap}{right}", "quiet")]


def _date(day: date) -> str:
    return date_text(day.isoformat()).strip()


def _stacked(blocks: Iterable[list[Line]]) -> list[Line]:
    return [line for number, block in enumerate(blocks) for line in (*([[]] if number else []), *block)]


def _beside(stacks: Sequence[list[Line]], room: int) -> list[Line]:
    """The stacks beside each other, each `room` cells wide."""
    found = []
    for row in zip_longest(*stacks, fillvalue=[]):
        line: Line = []
        for at, part in enumerate(row):
            line += part
            if any(row[at + 1 :]):
                line.append(Span(" " * (room + GAP - sum(cell_len(span.text) for span in part))))
        found.append(line)
    return found


def _clipped(line: Line, width: int) -> Line:
    """The line as far as there is room, without blanks at its end."""
    kept: Line = []
    for text, tone in line:
        room = width - sum(cell_len(span.text) for span in kept)
        kept.append(Span(text if cell_len(text) <= room else fit(text, room), tone))
    while kept and not kept[-1].text.strip(" "):
        kept.pop()
    return [*kept[:-1], Span(kept[-1].text.rstrip(" "), kept[-1].tone)] if kept else []


def _if(wanted: bool, span: Span) -> list[Span]:
    return [span] if wanted else []
