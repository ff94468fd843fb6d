"""A Daily Papers page as cards: title, abstract and footer in blocks, below a header that ends with the page's date."""

import re
from typing import Final, NamedTuple

from store.sources.dates import PrintedDate, read_date
from store.sources.lines import Line
from store.sources.organizations import organization_name
from store.sources.papers import AUTHORS, Page, Run, tell_apart

_SIGNS: Final = re.compile(r"[^\w\s]{1,3}")
_DOT: Final = re.compile(r"[·•∙⋅・‧●∘]")
_BULLET: Final = re.compile(r"^[•·*◦-] ")
_UPVOTES: Final = re.compile(r"\d{1,5}|[-–—]")
_LONGEST_OWNER: Final = 150
"""Characters: an organization's name has at most 79."""
_LONGEST_HEADER: Final = 200
"""Lines, with all the menus of the site."""
_HEADER: Final = re.compile(
    r"new|subscribe|get trending papers in your email inbox.*|(?:daily|trending) papers|by ?ak\b.*|.*research community"
    r"|\W*(?:daily|weekly|monthly)|trending|hugging face|models|datasets|spaces|docs|community|enterprise|pricing"
    r"|log in|sign up",
    re.IGNORECASE,
)


class Footer(NamedTuple):
    """The end of a card: whose paper it is, a dot, its date and how many comments it has."""

    start: int
    end: int
    """Lines `start:end` of the page's; a lone date has no owner."""
    owner: str | None
    printed: PrintedDate | None
    comments: int | None

    @property
    def is_sure(self) -> bool:
        """Whether it is one by its shape, and not just by a line that happens to look like its first."""
        return self.printed is not None and self.owner is not None


def read_cards(lines: list[Line]) -> Page | None:
    """The papers of a page of cards; None where these are no cards: no footer by its shape, nor a header with its date.

    What stands before the page's date is its header, whatever it says.
    """
    page = Page()
    footers = _footers(lines)
    start, page.printed = _header(lines, footers)
    page.header = lines[:start]
    if page.printed is None and not any(footer.is_sure for footer in footers):
        return None
    for footer in footers:
        if footer.start >= start:
            _read_card(
                page,
                lines[start : footer.start],
                footer,
                lines[footer.start : footer.end],
            )
            start = _below_header(lines, footer.end)
            page.header += lines[footer.end : start]
    _read_card(page, lines[start:], None, [])
    page.unparsed.sort()
    return page if _is_likely(page) else None


def _is_likely(page: Page) -> bool:
    """Whether this is a page rather than a text about such pages, which quotes some of one."""
    with_footer = sum(paper.published is not None or paper.n_authors is not None for paper in page.papers)
    # The menus that are copied with a page are fewer lines than this.
    understood = len(page.unparsed) <= 20 + 2 * len(page.papers)
    return understood and (page.printed is not None or 2 * with_footer >= len(page.papers))


def _read_card(page: Page, lines: list[Line], footer: Footer | None, footer_lines: list[Line]) -> None:
    """Read what stands between two footers: one paper, or several whose own footers are missing."""
    size = len(lines)
    while footer and size and _SIGNS.fullmatch(lines[size - 1].text):  # the authors' pictures
        size -= 1
    footer_lines = lines[size:] + footer_lines
    runs, rest = _runs(lines[:size])
    before = page.papers[-1] if page.papers else None
    found = Run([], [])
    for count, run in runs:
        found = tell_apart(run, footer=footer is not None and run is runs[-1][1], blocks=True)
        page.papers += found.papers
        rest += found.rest
        if count is None:
            continue
        if found.papers:
            found.papers[0].upvotes = int(count.text) if count.text.isdecimal() else None
            found.papers[0].lines.append(count)
        elif not run and before and before.comments is None and count.text.isdecimal():
            before.comments = int(count.text)  # two numbers: the comments in a line of their own, then the upvotes
            before.lines.append(count)
        else:
            rest.append(count)
    if footer and found.papers:
        paper = found.papers[-1]
        paper.lines += footer_lines
        paper.published, paper.comments = footer.printed, footer.comments
        if authors := AUTHORS.fullmatch(footer.owner or ""):
            paper.n_authors = int(authors["n"].replace(",", ""))
        elif footer.owner:
            paper.organization = organization_name(footer.owner)
    else:
        rest += footer_lines
    page.unparsed += rest


def _runs(lines: list[Line]) -> tuple[list[tuple[Line | None, list[Line]]], list[Line]]:
    """`lines` parted at those that hold nothing but a number of upvotes (or `-` for none); and the lone signs.

    A part is such a line, or None for the first where there is none, and what follows it.
    """
    runs: list[tuple[Line | None, list[Line]]] = []
    signs = []
    for position, line in enumerate(lines):
        if _UPVOTES.fullmatch(line.text) and _begins_a_title(lines[position + 1 : position + 3]):
            runs.append((line, []))
        elif _SIGNS.fullmatch(line.text):
            signs.append(line)
        elif runs:
            runs[-1][1].append(line)
        else:
            runs.append((None, [line]))
    return runs, signs


def _begins_a_title(lines: list[Line]) -> bool:
    """Whether a title stands first in `lines`: a number before it is no title (`1984`) itself."""
    return len(lines) > 1 or (len(lines) == 1 and len(lines[0].text) <= 150)


def _header(lines: list[Line], footers: list[Footer]) -> tuple[int, PrintedDate | None]:
    """Where the header ends and the page's date; None where it prints none."""
    end = footers[0].start if footers else len(lines)
    known = False
    for position, line in enumerate(lines[: min(end, _LONGEST_HEADER)]):
        known = known or bool(_HEADER.fullmatch(line.text))
        dated = read_date(line.text)
        if dated is None or dated[1] is not None:
            continue
        # A title may look like a date, but then its abstract follows and no title.
        if known or (dated[0].year is None and footers and _begins_a_title(lines[position + 1 : end])):
            return position + 1, dated[0]
    start = 0
    while start < end and _HEADER.fullmatch(lines[start].text):
        start += 1
    return start, None


def _below_header(lines: list[Line], start: int) -> int:
    """`start`, or where the header of another page ends that was pasted below the first, there."""
    end = start
    while end < len(lines) and _HEADER.fullmatch(lines[end].text):
        end += 1
    if end - start < 2:
        return start
    return end + 1 if end < len(lines) and read_date(lines[end].text) else end


def _footers(lines: list[Line]) -> list[Footer]:
    """All footers in order. What one of them lacks is None: the end of a page may be cut off within it."""
    footers: list[Footer] = []
    position = start = 0
    while position < len(lines):
        footer = _footer_at(lines, position, start)
        if footer is not None:
            footers.append(footer)
            position = start = footer.end
        else:
            position += 1
    return footers


def _footer_at(lines: list[Line], position: int, start: int) -> Footer | None:
    """The footer whose authors, or else whose dot, are line `position` of a card that begins at line `start`."""
    text = lines[position].text
    if len(text) > _LONGEST_OWNER + 30:
        return None
    if AUTHORS.fullmatch(text):
        date_at = position + (2 if _is_dot(lines, position + 1) else 1)
        dated = read_date(lines[date_at].text) if date_at < len(lines) else None
        return Footer(position, date_at + 1, text, *dated) if dated else Footer(position, date_at, text, None, None)
    if not _is_dot(lines, position):
        before, dot, after = text.rpartition("·")
        dated = read_date(after.strip()) if dot else None
        return Footer(position, position + 1, before.strip() or None, *dated) if dated else None
    owned = position > start and _is_owner(lines, position - 1, start)
    first = position - 1 if owned else position
    owner = _BULLET.sub("", lines[first].text) if owned else None
    if position + 1 < len(lines) and (dated := read_date(lines[position + 1].text)):
        return Footer(first, position + 2, owner, *dated)
    return Footer(first, position + 1, owner, None, None) if owned and lines[position].joined else None


def _is_dot(lines: list[Line], position: int) -> bool:
    """Whether this is the dot between owner and date; other signs may stand for it where it was lost in a copy."""
    if position >= len(lines):
        return False
    if _DOT.fullmatch(lines[position].text):
        return True
    following = lines[position + 1] if position + 1 < len(lines) else None
    return bool(
        lines[position].joined
        and _SIGNS.fullmatch(lines[position].text)
        and (following is None or (following.joined and read_date(following.text)))
    )


def _is_owner(lines: list[Line], position: int, start: int) -> bool:
    """Whether this line above a dot is an organization, and not the end of an abstract."""
    line = lines[position]
    if len(line.text) > _LONGEST_OWNER or _SIGNS.fullmatch(line.text):
        return False
    if lines[position + 1].joined and not line.joined:
        return True
    return position - start >= 2 and line.text[-1] not in ".!?"
