"""A page of Daily Papers as text with its links written out, as programs save it that turn web pages into Markdown,
plain text or notes. What each link leads to says what it is; where no address stands, its place on the card does.
"""

import re
from datetime import timedelta
from typing import Final

from store.links import arxiv_id
from store.sources.dates import PrintedDate, read_date
from store.sources.lines import Line
from store.sources.organizations import resembles
from store.sources.papers import AUTHORS, Draft, Page
from store.sources.written_links import Piece, pieces_of
from store.text import links

_SIGN: Final = re.compile(r"/papers/\d{4}\.\d{4,5}|\]\[\d+\]|^\[\d+\]", re.IGNORECASE)
_HOST: Final = r"(?:https?://[\w.-]+|file://)?"
_ID: Final = r"(?P<id>\d{4}\.\d{4,5})(?:v\d+)?"
_PAPER: Final = re.compile(rf"{_HOST}/papers/{_ID}(?P<comments>#community)?")
_VOTE: Final = re.compile(rf"{_HOST}/login\?next=(?:%2F|/)papers(?:%2F|/){_ID}", re.IGNORECASE)
_ACCOUNT: Final = re.compile(
    r"(?:https?://(?:[\w-]+\.)*(?:huggingface\.co|hf\.co|hf-mirror\.com)|file://)?/(?P<slug>[\w.-]+)/?"
)
_COUNT: Final = re.compile(r"(?:\W|\[?[x ]\]|upvote)*?(?P<n>\d[\d,]{0,8}(?:\.\d{1,3})?k?|[-–—])", re.IGNORECASE)
_ALT_TEXT: Final = re.compile(r"\W{0,2}(?:\[[^\[\]]*\]\s*)+")
"""What stands for a picture: `[microsoft] Microsoft`."""
_BEFORE_DATE: Final = re.compile(r"^[\W_]*(?:published )?(?:on )?", re.IGNORECASE)
_SUBMITTED: Final = re.compile(r"submitted by(?P<who> .+)?", re.IGNORECASE)
_FURNITURE: Final = re.compile(
    r"subscribe|new|(?:daily|trending) papers|\W*(?:daily|weekly|monthly)|by|ak|(?:ak )?and the research community"
    r"|arxiv page|(?:visible |hidden )?(?:links|references):?|get trending papers in your email inbox.*",
    re.IGNORECASE,
)
_SHORTEST_ABSTRACT: Final = 60
"""Characters, of one that no link marks."""
_LONGEST_ABSTRACT: Final = 5000
_ISO_DATE: Final = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")


def read_linked(lines: list[Line]) -> Page | None:
    """The papers of such a page; None where it is none.

    What stands before the page's date is its header, whatever it says.
    """
    if not any(_SIGN.search(line.text) for line in lines):
        return None
    pieces, cut_off = pieces_of(lines)
    start, printed = _header(pieces)
    reader = _Reader()
    for position in range(start, len(pieces)):
        reader.read(pieces[position], pieces[position + 1] if position + 1 < len(pieces) else None)
    page = Page(reader.papers, unparsed=sorted([*reader.unparsed(), *cut_off]), printed=printed)
    if not _is_likely(page, reader.below_votes):
        return None
    _tell_years(page, pieces[:start])
    return page


def _is_likely(page: Page, below_votes: int) -> bool:
    """Whether this is a page rather than a text that links to papers: at least half of them are on cards."""
    dated = sum(paper.published is not None or paper.n_authors is not None for paper in page.papers)
    on_cards = max(dated, below_votes)
    return on_cards > 0 and 2 * on_cards >= len(page.papers) and len(page.unparsed) <= 20 + 4 * len(page.papers)


def _header(pieces: list[Piece]) -> tuple[int, PrintedDate | None]:
    """Where the header ends and the page's date; None where none stands above the first paper."""
    start, printed = 0, None
    for position, piece in enumerate(pieces):
        following = pieces[position + 1] if position + 1 < len(pieces) else None
        if _VOTE.fullmatch(piece.target or "") or _is_title(piece) or _are_votes(piece, following):
            break
        dated = read_date(piece.text) if piece.target is None else None
        if dated and dated[1] is None:
            start, printed = position + 1, dated[0]
    else:
        return 0, None
    return start, printed


def _is_title(piece: Piece) -> bool:
    """Whether this may be a title, as its link or its place says: abstracts and authors have the same link."""
    if piece.target is None or AUTHORS.fullmatch(piece.text) or not _without_pictures(piece.text):
        return False
    paper = _PAPER.fullmatch(piece.target)
    return paper is not None and not paper["comments"] if piece.target else piece.heading


def _are_votes(piece: Piece, following: Piece | None) -> bool:
    """Whether this is a number of votes, which stands right above a title; that of comments does not."""
    return (
        not piece.target
        and _COUNT.fullmatch(piece.text) is not None
        and following is not None
        and following.heading
        and _is_title(following)
    )


class _Reader:
    """Takes the pieces below the header in order."""

    def __init__(self) -> None:
        self.papers: list[Draft] = []
        self.below_votes = 0
        """How many of them stand below a number of votes, or a `-` in its place."""
        self._by_id: dict[str, Draft] = {}
        self._paper: Draft | None = None
        """The one whose card this is."""
        self._votes: tuple[Piece, str | None] | None = None
        """Those for the title that follows, and its id."""
        self._in_abstract = False
        """Whether the piece before was a line of an abstract that is no link."""
        self._submitter_follows = False
        self._lost: dict[int, str] = {}

    def unparsed(self) -> list[Line]:
        """What was not understood, so far."""
        self._lose_votes()
        return [Line(number, text, False) for number, text in self._lost.items()]

    def read(self, piece: Piece, following: Piece | None) -> None:
        """Take a piece, knowing the next."""
        in_abstract, self._in_abstract = self._in_abstract, False
        paper = _PAPER.fullmatch(piece.target or "")
        vote = _VOTE.fullmatch(piece.target or "")
        if vote or _are_votes(piece, following):
            self._read_votes(piece, vote["id"] if vote else None)
        elif _is_title(piece) and (piece.heading or (paper and paper["id"] not in self._by_id)):
            self._read_title(piece, paper["id"] if paper else None)
        elif self._submitter_follows and any(c.isalnum() for c in _without_pictures(piece.text)):
            self._submitter_follows = False
        elif paper:
            self._read_link(piece, self._by_id.get(paper["id"]), comments=paper["comments"] is not None)
        elif not self._read_footer(piece, following) and not self._is_furniture(piece):
            self._read_text(piece, in_abstract)

    def _read_votes(self, piece: Piece, paper_id: str | None) -> None:
        paper = self._by_id.get(paper_id or "")
        if paper is None:
            self._lose_votes()
            self._votes = piece, paper_id
        elif votes := _COUNT.fullmatch(piece.text):
            self._tell(piece, paper, upvotes=_number(votes["n"]))
        else:
            self._lose(piece)

    def _read_title(self, piece: Piece, paper_id: str | None) -> None:
        self._submitter_follows = False
        known = self._by_id.get(paper_id or "")
        if known is not None:  # the same card again, for narrow screens
            self._paper = known
            if piece.text != known.title:
                self._lose(piece)
            return
        self._paper = Draft(piece.text, None, arxiv_id=paper_id)
        self.papers.append(self._paper)
        if paper_id:
            self._by_id[paper_id] = self._paper
        if self._votes and self._votes[1] in (None, paper_id) and (votes := _COUNT.fullmatch(self._votes[0].text)):
            self._paper.upvotes = _number(votes["n"])
            self.below_votes += 1
            self._votes = None
        self._lose_votes()

    def _read_link(self, piece: Piece, paper: Draft | None, *, comments: bool) -> None:
        """What links to a paper's page and is no title."""
        if comments:
            count = _COUNT.fullmatch(piece.text)
            self._tell(piece, paper, comments=_number(count["n"]) if count else None)
        elif authors := AUTHORS.fullmatch(piece.text):
            self._tell(piece, paper, n_authors=_number(authors["n"]))
        elif not self._is_furniture(piece):
            self._tell(piece, paper, abstract=piece.text)

    def _read_footer(self, piece: Piece, following: Piece | None) -> bool:
        """Whether this was one of the things at the foot of a card, by its link or its form."""
        paper = self._paper
        if paper is None:
            return False
        account = _ACCOUNT.fullmatch(piece.target or "")
        unknown_link = piece.target == ""
        name = _without_pictures(piece.text) if piece.target is not None else ""
        above_dot = following is not None and not any(c.isalnum() for c in following.text) and following.text != "-"
        if authors := AUTHORS.fullmatch(piece.text):
            self._tell(piece, paper, n_authors=_number(authors["n"]))
        elif dated := read_date(_BEFORE_DATE.sub("", piece.text)):
            self._tell(piece, paper, published=dated[0], comments=dated[1])
        elif unknown_link and paper.published and (count := _COUNT.fullmatch(piece.text)):
            self._tell(piece, paper, comments=_number(count["n"]))
        elif name and (account or (unknown_link and (above_dot or name != piece.text))):
            if paper.published is not None and paper.organization is None:
                return False  # the menus below the last card
            self._tell(piece, paper, organization=_organization(name, account["slug"] if account else ""))
        elif unknown_link and paper.abstract is None and any(c.isalnum() for c in piece.text):
            self._tell(piece, paper, abstract=piece.text)
        elif piece.target and (code := links(piece.target)[0]):
            self._tell(piece, paper, code_url=code)
        elif piece.target and (identifier := arxiv_id(piece.target)):
            self._tell(piece, paper, arxiv_id=identifier)
        else:
            return False
        return True

    def _is_furniture(self, piece: Piece) -> bool:
        if submitted := _SUBMITTED.fullmatch(piece.text):
            self._submitter_follows = submitted["who"] is None
            return True
        if piece.target and self._paper is None and _ACCOUNT.fullmatch(piece.target):
            return True  # the menu of the site
        text = _without_pictures(piece.text)
        return not any(c.isalnum() for c in text) or _FURNITURE.fullmatch(text) is not None

    def _read_text(self, piece: Piece, in_abstract: bool) -> None:
        """What no link explains: an abstract stands below its title."""
        paper = self._paper
        if paper is None or piece.target is not None or len(paper.abstract or "") > _LONGEST_ABSTRACT:
            self._lose(piece)
        elif in_abstract and piece.joined:
            paper.abstract = f"{paper.abstract} {piece.text}"
            self._in_abstract = True
        elif paper.abstract is None and len(piece.text) >= _SHORTEST_ABSTRACT:
            paper.abstract = piece.text
            self._in_abstract = True
        elif piece.text not in (paper.abstract or ""):
            self._lose(piece)

    def _tell(self, piece: Piece, paper: Draft | None, **values: object) -> None:
        """Put `values` down for the paper, unless it is not known or says otherwise."""
        if paper is None or any(getattr(paper, field) not in (None, value) for field, value in values.items() if value):
            self._lose(piece)
            return
        for field, value in values.items():
            if value is not None:
                setattr(paper, field, value)

    def _lose(self, piece: Piece) -> None:
        lost = self._lost.get(piece.number)
        self._lost[piece.number] = " ".join(filter(None, (lost, piece.text))) or piece.target or ""

    def _lose_votes(self) -> None:
        if self._votes:
            self._lose(self._votes[0])
            self._votes = None


def _organization(name: str, account: str) -> str:
    """The name without the account before it, which may stand for the logo."""
    rest = name.removeprefix(account).strip()
    return rest if account and rest and resembles(account, rest) else name


def _without_pictures(text: str) -> str:
    return _ALT_TEXT.sub("", text, count=1) if "[" in text[:3] else text


def _number(text: str) -> int | None:
    """A count as cards have it: `1,204`, `1.2k`, and `-` for none."""
    digits = text.replace(",", "").lower()
    if not digits[0].isdecimal():
        return None
    return round(float(digits.removesuffix("k")) * (1000 if digits.endswith("k") else 1))


def _tell_years(page: Page, header: list[Piece]) -> None:
    """Give the dates without a year theirs, where the header names a day close to the page's, or the papers' ids tell.

    It is one for all of them, that of the copy: years are left out for the current one only.
    """
    year = _year_of_header(page.printed, header) or _year_of_ids(page.papers)
    if year is None:
        return
    if page.printed is not None and page.printed.year is None:
        page.printed = page.printed._replace(year=year)
    for paper in page.papers:
        if paper.published is not None and paper.published.year is None:
            paper.published = paper.published._replace(year=year)


def _year_of_header(printed: PrintedDate | None, header: list[Piece]) -> int | None:
    """From what programs write above a page (when it was saved), or a link in it to the day before."""
    if printed is None:
        return None
    for piece in header:
        for year, month, day in _ISO_DATE.findall(f"{piece.text} {piece.target}"):
            named = PrintedDate(int(year), int(month), int(day)).in_year(int(year))
            for near in (int(year), int(year) + 1) if named else ():
                page_day = printed.in_year(near)
                if named and page_day and abs(page_day - named) <= timedelta(days=3):
                    return near
    return None


def _year_of_ids(papers: list[Draft]) -> int | None:
    """Papers get their ids, which begin with year and month, within days of their date."""
    years = [
        2000 + int(paper.arxiv_id[:2]) - (paper.published.month > int(paper.arxiv_id[2:4]))
        for paper in papers
        if paper.arxiv_id and paper.arxiv_id[:4].isdecimal() and paper.published and paper.published.year is None
    ]
    return max(years, default=None)
