"""A Daily Papers page as flat text: titles and abstracts in turn, a line each, below a banner or two.

It has no footers and no date. The first title is glued to the word `Subscribe`.
"""

import re
from itertools import pairwise, takewhile
from statistics import median
from typing import Final

from store.sources.lines import Line
from store.sources.papers import Page, tell_apart

_BANNER: Final = re.compile(
    r"get trending papers in your email inbox.*|subscribe|new|daily papers|by ?ak .*",
    re.IGNORECASE,
)
_SUBSCRIBE: Final = "Subscribe"
_WORD_WITH_SUBSCRIBE: Final = re.compile(r"Subscribe[rs]")
_LONGEST_TITLE: Final = 200
"""Characters; of 4,246 titles the longest has 168."""
_LONGEST_BANNER: Final = 8
"""Lines before the first title, none of them as long as an abstract."""
_STRAY: Final = 200
"""Lines not understood, besides two for each paper: a text with more is no page."""


def read_flat(lines: list[Line]) -> Page | None:
    """The papers of a flat page, also where it repeats its banner or has blank lines; None where it is no such page.

    It is one below its banner or, copied without it, by its shape alone.
    """
    first = _first_title(lines)
    if first is None and not _takes_turns(lines):
        return None
    page = Page(header=lines[: first or 0])
    content = []
    glued = {}
    for position in range(first or 0, len(lines)):
        line = lines[position]
        if _is_glued(lines, position, first=position == first):
            glued[line.number] = line
            content.append(line._replace(text=line.text.removeprefix(_SUBSCRIBE)))
        else:
            (page.header if _BANNER.fullmatch(line.text) else content).append(line)
    page.papers, rest = tell_apart(content, footer=False, blocks=False)
    page.unparsed = [glued.get(line.number, line) for line in rest]
    return page if len(page.unparsed) <= _STRAY + 2 * len(page.papers) else None


def _first_title(lines: list[Line]) -> int | None:
    """The index of the first title below a banner; None where there is no banner."""
    top = list(takewhile(lambda line: len(line.text) <= _LONGEST_TITLE, lines[:_LONGEST_BANNER]))
    for position in range(len(top)):
        if _is_glued(lines, position, first=True):
            return position
    banners = [position for position, line in enumerate(top) if _BANNER.fullmatch(line.text)]
    return banners[-1] + 1 if any(len(lines[position].text) > 12 for position in banners) else None


def _is_glued(lines: list[Line], position: int, *, first: bool) -> bool:
    """Whether this line is `Subscribe` and a title, as below a banner; `first`: below one that we need not know."""
    text = lines[position].text
    above = lines[position - 1].text if position else ""
    if not text.startswith(_SUBSCRIBE) or text[len(_SUBSCRIBE) :][:1] in ("", " "):
        return False
    if _BANNER.fullmatch(above):
        return above != _SUBSCRIBE  # else the button stands in a line of its own, and the title begins with the word
    return first and not _WORD_WITH_SUBSCRIBE.match(text)


def _takes_turns(lines: list[Line]) -> bool:
    """Whether title-like and abstract-like lines take turns, so clearly that it can be nothing else.

    Notes, articles and source code have headings of a word or two, marks before their lines, or paragraphs that
    are far from 700 to 1,900 characters, as nine in ten abstracts are.
    """
    titles = [line.text for line in lines if len(line.text) <= _LONGEST_TITLE]
    abstracts = [line.text for line in lines if len(line.text) > _LONGEST_TITLE]
    turns = sum(
        (len(one.text) > _LONGEST_TITLE) != (len(other.text) > _LONGEST_TITLE) for one, other in pairwise(lines)
    )
    like_titles = sum(title[-1] not in ".:;,{}" and title[0] not in "#-*>|<[{@\\" for title in titles)
    return (
        len(titles) >= 2
        and len(abstracts) >= 2
        and turns >= 0.9 * (len(lines) - 1)
        and like_titles >= 0.9 * len(titles)
        and median(len(title.split()) for title in titles) >= 4
        and 500 <= median(len(abstract) for abstract in abstracts) <= 2500
    )
