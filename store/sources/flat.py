"""A Daily Papers page as flat text: titles and abstracts in turn, a line each, below a banner or two.

It has no footers and no date. The first title is glued to the word `Subscribe`.
"""

import re
from statistics import median
from typing import Final

from store.sources.lines import Line
from store.sources.papers import Draft, Page, tell_apart

_BANNER: Final = re.compile(
    r"get trending papers in your email inbox.*|subscribe|new|daily papers|by ?ak .*",
    re.IGNORECASE,
)
_GLUED: Final = re.compile(r"Subscribe(?!rs?\b|d\b|s\b)(?=\S)")
_LONGEST_BANNER: Final = 8
"""Lines before the first title."""


def read_flat(lines: list[Line]) -> Page | None:
    """The papers of a flat page, also where it repeats its banner or has blank lines; None where it is no such page.

    It is one below its banner or, copied without it, by its shape alone.
    """
    first = _first_title(lines)
    if first is None and not _takes_turns(lines):
        return None
    lines = lines[first or 0 :]
    content = []
    after_banner = True
    for line in lines:
        if _BANNER.fullmatch(line.text):
            after_banner = True
            continue
        if after_banner and (glued := _GLUED.match(line.text)):
            content.append(line._replace(text=line.text[glued.end() :]))
        else:
            content.append(line)
        after_banner = False
    page = Page()
    papers, page.unparsed = (
        tell_apart(content, footer=False, blocks=False) if content else ([], [])
    )
    page.papers = [Draft(title.text, abstract) for title, abstract in papers]
    page.unparsed.sort()
    return page


def _first_title(lines: list[Line]) -> int | None:
    """The index of the first title below a banner; None where there is no banner."""
    top = lines[:_LONGEST_BANNER]
    for position, line in enumerate(top):
        if _GLUED.match(line.text):
            return position
    banners = [
        position for position, line in enumerate(top) if _BANNER.fullmatch(line.text)
    ]
    return (
        banners[-1] + 1
        if any(len(lines[position].text) > 12 for position in banners)
        else None
    )


def _takes_turns(lines: list[Line]) -> bool:
    """Whether title-like and abstract-like lines take turns, so clearly that it can be nothing else.

    Notes, articles and source code have headings of a word or two, marks before their lines, or paragraphs that
    are far from 700 to 1,900 characters, as nine in ten abstracts are.
    """
    titles = [line.text for line in lines[::2]]
    abstracts = [line.text for line in lines[1::2]]
    return (
        len(abstracts) >= 2
        and all(
            len(title) <= 200
            and title[-1] not in ".:;,{}"
            and title[0] not in "#-*>|<[{@\\\\"
            for title in titles
        )
        and all(250 <= len(abstract) <= 4000 for abstract in abstracts)
        and median(len(title.split()) for title in titles) >= 4
        and median(len(abstract) for abstract in abstracts) >= 500
    )
