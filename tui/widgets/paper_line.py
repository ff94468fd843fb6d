"""One paper drawn as one or two lines: signs, title, and columns that give way one by one as the room narrows."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from store.entries import DayCount, Row
from tui.wording import counted, date_text, day_text, fit, matches, who

SIGNS = 5
"""Columns before the title: cursor or selection, star or skip, read, note, a space."""

STARRED, SKIPPED, READ, NOTED, SELECTED, CURSOR = "★", "–", "✓", "✎", "●", "▌"


class Look(NamedTuple):
    """The styles of a line's parts, from the theme."""

    base: Style
    cursor: Style
    cursor_blurred: Style
    selected: Style
    undecided: Style
    decided: Style
    muted: Style
    accent: Style
    tag: Style
    match: Style
    heading: Style


class State(NamedTuple):
    """What the list, not the paper, says of a line."""

    cursor: bool
    selected: bool
    focused: bool


class Columns(NamedTuple):
    """How wide the columns right of the title are; 0 where one has given way."""

    tags: int
    who: int
    comments: int
    date: int


def columns(width: int) -> Columns:
    """The columns for a list of this width: the date gives way first, then comments, who, and tags last."""
    return Columns(
        tags=min(30, width // 4) if width >= 60 else 0,
        who=min(24, max(16, width // 6)) if width >= 72 else 0,
        comments=5 if width >= 92 else 0,
        date=11 if width >= 104 else 0,
    )


def signs(row: Row) -> str:
    """The three signs of a paper: star or skip, read, note."""
    return (
        (STARRED if row.starred else SKIPPED if row.skipped else " ")
        + (READ if row.read else " ")
        + (NOTED if row.noted else " ")
    )


def paper_strips(
    row: Row, width: int, look: Look, state: State, words: Collection[str], *, two_lines: bool
) -> list[Strip]:
    """The lines of a paper, each `width` columns."""
    background = look.base
    if state.cursor:
        background = look.base + (look.cursor if state.focused else look.cursor_blurred)
    elif state.selected:
        background = look.base + look.selected
    title = background + (look.decided if row.decided else look.undecided)
    muted, accent = background + look.muted, background + look.accent
    match = title + look.match
    first = SELECTED if state.selected else CURSOR if state.cursor else " "
    left = [Segment(first, accent), Segment(signs(row), accent if row.starred else muted), Segment(" ", title)]
    room = max(0, width - SIGNS - 1)
    if two_lines:
        top = [*left, *_words(fit(row.title, room), words, title, match), Segment(" ", title)]
        below = [
            Segment(CURSOR if state.cursor else " ", accent),
            Segment(" " * (SIGNS - 1), title),
            *_facts(row, room, muted, background + look.tag),
            Segment(" ", title),
        ]
        return [_strip(top, width), _strip(below, width)]
    wide = columns(width)
    right: list[Segment] = []
    for text, size, at_right in (
        (who(row.organization, row.authors, row.n_authors), wide.who, False),
        (f"{row.comments:,}" if row.comments else "", wide.comments, True),
        (date_text(row.published), wide.date, True),
    ):
        if size and (text or right or row.tags):  # an empty column beside the title is the title's
            right.append(Segment("  " + fit(text, size, right=at_right), muted))
            room -= size + 2
    tags = _tags(row, min(wide.tags, room // 2))
    room -= cell_len(tags)
    line = [*left, *_words(fit(row.title, room), words, title, match), Segment(tags, background + look.tag), *right]
    return [_strip([*line, Segment(" ", title)], width)]


def heading_strip(day: str | None, papers: int, count: DayCount | None, width: int, look: Look) -> Strip:
    """A day's heading with what is left to decide; `count` is of the whole day, `papers` of the list's part of it."""
    if count is None:
        facts = counted(papers, "paper")
    elif count.undecided:
        facts = f"{count.undecided:,} to decide of {count.papers:,}"
    else:
        facts = f"{counted(count.papers, 'paper')}, all decided"
    name = day_text(day)
    room = max(0, width - SIGNS - 1)
    return _strip(
        [
            Segment(" " * SIGNS, look.base),
            Segment(fit(name, min(room, cell_len(name))), look.base + look.heading),
            Segment(fit(f" · {facts}", max(0, room - cell_len(name))), look.base + look.muted),
            Segment(" ", look.base),
        ],
        width,
    )


def _tags(row: Row, width: int) -> str:
    """The tags that fit, with `+n` for those that do not, and two columns of air before them."""
    if not row.tags or width < 6:
        return ""
    shown: list[str] = []
    for number, tag in enumerate(tag[: 8 * width] for tag in row.tags):
        more = f" +{len(row.tags) - number}"
        if cell_len("  " + ", ".join([*shown, tag])) > width - (len(more) if number + 1 < len(row.tags) else 0):
            return "  " + (", ".join(shown) + more if shown else fit(tag, width - 2).rstrip())
        shown.append(tag)
    return "  " + ", ".join(shown)


def _facts(row: Row, width: int, muted: Style, tag: Style) -> list[Segment]:
    """The second line of a paper: date, who, comments, upvotes, tags."""
    facts = [
        date_text(row.published).strip(),
        who(row.organization, row.authors, row.n_authors),
        counted(row.comments, "comment") if row.comments else "",
        counted(row.upvotes, "upvote") if row.upvotes else "",
    ]
    text = " · ".join(fact for fact in facts if fact)
    tags = ", ".join(row.tags[:width])
    if not tags:
        return [Segment(fit(text, width), muted)]
    text = fit(text, min(cell_len(text[: 8 * width]), max(0, width * 2 // 3)))
    gap = "   " if text else ""
    return [Segment(text + gap, muted), Segment(fit(tags, max(0, width - cell_len(text + gap))), tag)]


def _words(text: str, words: Collection[str], plain: Style, match: Style) -> list[Segment]:
    """Text with the words that a search matched set off."""
    segments: list[Segment] = []
    end = 0
    for start, stop in matches(text, words):
        if start > end:
            segments.append(Segment(text[end:start], plain))
        segments.append(Segment(text[start:stop], match))
        end = stop
    segments.append(Segment(text[end:], plain))
    return segments


def _strip(segments: Sequence[Segment], width: int) -> Strip:
    return Strip(segments).adjust_cell_length(width, segments[-1].style)
