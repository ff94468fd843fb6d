"""What the page parsers share: a paper as it stands on a page, and which of a run of lines are titles."""

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from store.sources.dates import PrintedDate
from store.sources.lines import Line

AUTHORS: Final = re.compile(r"\W*(?P<n>\d[\d,]{0,11})\+? authors?", re.IGNORECASE)
"""How many authors a card says that its paper has."""


@dataclass(slots=True)
class Draft:
    """A paper as a page shows it: safe to draw, LaTeX and all, its date perhaps without a year."""

    title: str
    abstract: str | None
    lines: list[Line] = field(default_factory=list)
    """All of the page that is this paper: its title, what its abstract was joined from, its counts and its footer."""
    n_authors: int | None = None
    organization: str | None = None
    published: PrintedDate | None = None
    comments: int | None = None
    upvotes: int | None = None
    arxiv_id: str | None = None
    code_url: str | None = None


@dataclass
class Page:
    """A page, read: its papers in order, its date as printed and the lines that were not understood.

    Every line of the page is in just one of a paper's `lines`, `header` and `unparsed`.
    """

    papers: list[Draft] = field(default_factory=list)
    header: list[Line] = field(default_factory=list)
    """What belongs to the page and to no paper: its header, banners, the headers of pages pasted below it."""
    unparsed: list[Line] = field(default_factory=list)
    printed: PrintedDate | None = None


class Run(NamedTuple):
    """Lines told apart: papers, and the lines that are none, in order."""

    papers: list[Draft]
    rest: list[Line]


# What a line may be, and what it costs to take it for that. Measured on 4,246 papers: titles have 8 to 168 characters
# and none ends in a full stop, comma or colon; abstracts have 165 to 1,923.
_TITLE, _ABSTRACT, _PARAGRAPH, _NEITHER = range(4)
_FORBIDDEN: Final = 1e9
_SURE_TITLE: Final = 150
_SURE_ABSTRACT: Final = 350
_LONGEST_ABSTRACT: Final = 2200
"""Of several lines: arXiv takes 1,920 characters."""


def tell_apart(lines: list[Line], *, footer: bool, blocks: bool) -> Run:
    """Titles and abstracts in `lines`, which begin with a title and end before a footer or the end of a document.

    A paper is a title and the abstract after it. Where that does not come out even (an abstract of several lines, a
    footer that is missing, a line too many), the cheapest reading of all lines is taken. With `blocks`, blank lines
    mean something: no title stands right below another line. Only the paper before a `footer` may lack its abstract,
    and at the end of a document it has to be whole.
    """
    if not lines:
        return Run([], [])
    if len(lines) == 2 and footer:
        return Run([Draft(lines[0].text, lines[1].text, lines)], [])
    roles = _turns(lines) or _cheapest_roles(lines, footer, blocks)
    found: list[list[Line]] = []
    rest = []
    length = 0
    for line, role in zip(lines, roles, strict=True):
        if role == _TITLE:
            found.append([line])
            length = 0
        elif role == _ABSTRACT or (role == _PARAGRAPH and length + len(line.text) <= _LONGEST_ABSTRACT):
            found[-1].append(line)
            length += len(line.text)
        else:
            rest.append(line)
    papers = []
    for paper in found:
        abstract = " ".join(line.text for line in paper[1:])
        last = paper[-1] is lines[-1]
        if (footer and last) or (_is_whole(abstract) if last else _is_abstract(abstract)):
            papers.append(Draft(paper[0].text, abstract or None, paper))
        else:
            rest += paper
    return Run(papers, sorted(rest))


_QUOTES: Final = "\"'”’»"
_SENTENCE_ENDS: Final = tuple(".!?…。！？")
_BRACKETS: Final = tuple(")]}$")
_HOST_END: Final = re.compile(r"\w\.(?:com|org|net|io|ai|co|edu)$")


def _is_whole(abstract: str) -> bool:
    """Whether the end of the document has not cut it off: all but one in 300 end with a full stop or a link."""
    last_word = abstract[abstract.rfind(" ") + 1 :]
    return _is_sentence(abstract) or "/" in last_word or bool(_HOST_END.search(last_word[-5:]))


def _is_sentence(text: str) -> bool:
    return text.endswith(_BRACKETS) or text.rstrip(_QUOTES).endswith(_SENTENCE_ENDS)


def _is_abstract(text: str) -> bool:
    return len(text) >= 100 or _is_sentence(text)


def _turns(lines: list[Line]) -> list[int] | None:
    """The roles where titles and abstracts take turns for all that one can see; None where they do not."""
    for title, abstract in zip(lines[::2], lines[1::2], strict=False):
        longer = len(abstract.text) > len(title.text) and _is_sentence(abstract.text)
        if _title_cost(title.text) or not (len(abstract.text) >= _SURE_ABSTRACT or longer):
            return None
    return [_TITLE, _ABSTRACT] * (len(lines) // 2) if len(lines) % 2 == 0 else None


def _title_cost(text: str) -> float:
    return max(0, len(text) - _SURE_TITLE) / 20 + (6 if text[-1] in ".:;," else 0)


def _cheapest_roles(lines: list[Line], footer: bool, blocks: bool) -> list[int]:
    """The roles with the least cost in all (Viterbi), over steps from each line to the next."""
    blocks = blocks and any(not line.joined for line in lines[1:])
    costs = [_FORBIDDEN] * 4
    ends, bodies = bytearray(), bytearray()  # for each line: whence one gets to a role after an end, or to _PARAGRAPH
    for line in lines:
        cut = line is lines[-1] and not footer
        abstract = 0.0 if cut else max(0, _SURE_ABSTRACT - len(line.text)) / 35
        within = blocks and line.joined
        title = _title_cost(line.text) + (8 if within else 3 if blocks else 0)
        second, third = (1, 1) if within else (7, 1) if blocks else (10, 10)
        if not within and len(line.text) <= _SURE_TITLE and not _is_whole(line.text):
            second = third = 13
        if line is lines[0]:
            costs = [_title_cost(line.text), _FORBIDDEN, _FORBIDDEN, 9.0]
            continue
        ended = min((_ABSTRACT, _PARAGRAPH, _NEITHER), key=costs.__getitem__)
        further, body = min((costs[_ABSTRACT] + second, _ABSTRACT), (costs[_PARAGRAPH] + third, _PARAGRAPH))
        ends.append(ended)
        bodies.append(body)
        costs = [costs[ended] + title, costs[_TITLE] + abstract, further, costs[ended] + 9]
    costs[_TITLE] += 6 if footer else 3
    if footer:  # it is some paper's
        costs[_NEITHER] += 9
    role = min(range(4), key=costs.__getitem__)
    roles = [role]
    for ended, body in zip(reversed(ends), reversed(bodies), strict=True):
        role = (ended, _TITLE, body, ended)[role]
        roles.append(role)
    return roles[::-1]
