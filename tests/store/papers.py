"""Papers for the tests of the exports, made without a library."""

from collections.abc import Sequence

from store.entries import Entry
from store.links import arxiv_page
from tests.hostile import TEXTS


def paper(number: int, title: str, **fields: object) -> Entry:
    """A paper of which only the title and `fields` are known."""
    unknown = Entry(
        number, title, None, None, None, (), None, None, None, None, None, None, None, (), False, True, False, (),
        None, "2025-11-28T00:00:00.000Z",
    )  # fmt: skip
    return unknown._replace(**fields)


WINDOW_KV = paper(
    700,
    "WindowKV: Task-Adaptive Group-Wise KV Cache Window Selection",
    abstract="We gain 10.8% & more.",
    published="2025-03-23",
    n_authors=2,
    authors=("Youhui Zuo", "Jan van der Berg"),
    organization="HKUST",
    comments=2,
    upvotes=5,
    arxiv_id="2503.17922",
    url=arxiv_page("2503.17922"),
    code_url="https://github.com/a/b",
    days=("2025-11-27", "2025-11-28"),
    tags=("kv_cache", "to cite"),
    note="**Read first:**\n\n- one\n\t- two",
)


def hostile() -> Sequence[Entry]:
    """Papers with every hostile text in every field that may hold text."""
    texts = list(TEXTS.values())
    return [
        paper(
            number,
            text,
            abstract=text,
            published=text if number % 3 else "2025-11-28",
            authors=(text, "Ada Lovelace", texts[number - 1]) if number % 2 else (text,) * (number % 4 == 0),
            organization=text,
            arxiv_id=f"2401.{number:05}" if number % 5 else None,
            url=arxiv_page(f"2401.{number:05}") if number % 5 else None,
            code_url=text,
            project_url=f"https://example.org/{text}",
            days=(text,),
            tags=(text.replace(",", " "), texts[number - 2].replace(",", " ")),
            note=text,
            added_at=text,
        )
        for number, text in enumerate(texts, start=1)
    ]
