"""arXiv from a server that replays real answers: what it is asked, what is taken, and what is told."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from store.errors import FetchError, ServiceUnreachable
from store.fetchers import Addresses, Fetched, Missed, arxiv
from store.fetchers.http import Client
from tests.fetching.service import Answer, Asked, Server, redirect

ATOM = "application/atom+xml; charset=utf-8"
RSS = "application/rss+xml"


def feed(*ids: str, total: int | None = None) -> Answer:
    """An answer of the API with these papers."""
    entries = "".join(f"<entry><id>http://arxiv.org/abs/{named}v2</id></entry>" for named in ids)
    total = len(ids) if total is None else total
    count = f"<opensearch:totalResults>{total}</opensearch:totalResults>"
    return Answer(f"<?xml version='1.0'?>\n<feed xmlns='x'>{count}{entries}</feed>\n".encode(), ATOM)


def rss(items: str = "<item></item>") -> Answer:
    return Answer(f"<?xml version='1.0'?><rss version='2.0'><channel>{items}</channel></rss>".encode(), RSS)


@pytest.fixture
def addresses(server: Server) -> Addresses:
    return Addresses(arxiv_api=server.url, arxiv_rss=server.url)


# Today's new submissions


def test_the_feed_of_the_day_comes_as_it_is(corpus: Path, server: Server, client: Client, addresses: Addresses) -> None:
    body = (corpus / "arxiv" / "arxiv_rss_new_format_20260924.xml").read_bytes()
    server.always(Answer(body, RSS))
    answers = list(arxiv.new_submissions(client, ["cs.CL", "cs.lg", "cs.CL"], addresses))
    assert answers == [Fetched("rss.arxiv.org/rss/cs.CL+cs.LG", body)]
    assert server.asked[0].path == "/rss/cs.CL+cs.LG"
    assert server.asked[0].headers["connection"] == "close"


def test_a_feed_without_papers_is_no_error(server: Server, client: Client, addresses: Addresses) -> None:
    server.always(rss(""))
    (answer,) = arxiv.new_submissions(client, ["cs.CL"], addresses)
    assert isinstance(answer, Missed)
    assert answer.reason == "empty"


CATEGORIES = """
    astro-ph astro-ph.CO cond-mat.dis-nn cond-mat.mes-hall cond-mat.quant-gas cond-mat.str-el cond-mat.supr-con cs cs.CL
    eess.IV gr-qc hep-th math-ph math.AG nlin.CD nucl-ex physics.acc-ph physics.app-ph physics.data-an q-bio.QM quant-ph
    stat.ML
"""


@pytest.mark.parametrize("known", CATEGORIES.split())
def test_categories_are_known_by_their_shape(known: str) -> None:
    assert {arxiv.category(known), arxiv.category(f" {known.lower()} "), arxiv.category(known.upper())} == {known}


@pytest.mark.parametrize(
    "written", ["", "cs.", "cs.CL+cs.LG", "cs/CL", "computation and language", "../x", "cs.CL?a=b"]
)
def test_what_is_no_category_is_named(written: str, server: Server, client: Client, addresses: Addresses) -> None:
    with pytest.raises(FetchError, match="is no category of arXiv: write it as in") as caught:
        list(arxiv.new_submissions(client, ["cs.LG", written], addresses))
    assert written in str(caught.value)
    assert not server.asked


@pytest.mark.parametrize("status", [400, 404])
def test_a_category_that_arxiv_does_not_know_is_named(
    server: Server, client: Client, addresses: Addresses, status: int
) -> None:
    server.always(Answer(status=status))
    with pytest.raises(FetchError, match=rf"knows no such category: cs\.ZZ \(HTTP {status}\)"):
        list(arxiv.new_submissions(client, ["cs.ZZ"], addresses))


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (Answer(b"<html>", "text/html"), "sent a web page rather than a feed"),
        (Answer(b"<!DOCTYPE html><html>", "application/xml"), "sent a web page rather than a feed"),
        (Answer(b"{}", "application/json"), "sent application/json rather than a feed"),
        (Answer(b"{}", "text/xml"), "sent no feed"),
        (Answer(b"", "text/xml"), "sent nothing"),
        (Answer(rss().body[:-20], RSS), "sent a feed that is cut off"),
        (Answer(feed("2401.00001").body, ATOM), "sent no feed"),
    ],
)
def test_what_is_no_feed_is_told(
    server: Server, client: Client, addresses: Addresses, answer: Answer, what: str
) -> None:
    server.always(answer)
    with pytest.raises(FetchError, match=re.escape(what)):
        list(arxiv.new_submissions(client, ["cs.CL"], addresses))


# Searches


def test_a_search_asks_for_categories_and_days(
    corpus: Path, server: Server, client: Client, addresses: Addresses
) -> None:
    body = (corpus / "arxiv" / "arxiv_atom_api_query_100.xml").read_bytes()
    server.always(Answer(body, ATOM))
    found = arxiv.search(
        client, categories=["cs.CL", "hep-th"], first=date(2025, 5, 12), last=date(2025, 5, 14), most=100,
        addresses=addresses,
    )  # fmt: skip
    document, rest = found
    name = "arXiv: cs.CL, hep-th, 2025-05-12 to 2025-05-14"
    assert document == Fetched(name, body)
    assert isinstance(rest, Missed)
    assert rest.reason == "more"
    assert rest.message == f"214,881 papers match {name[7:]}; the newest 100 came."
    (asked,) = server.asked
    assert asked.path == "/api/query"
    assert asked.query == {
        "search_query": "(cat:cs.CL OR cat:hep-th OR cat:hep-th.*) AND submittedDate:[202505120000 TO 202505142359]",
        "start": "0",
        "max_results": "100",
        "sortBy": "submittedDate",
        "sortOrder": "descending",
    }


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("state-space models", "all:state-space AND all:models"),
        ("ti:mamba ANDNOT au:gu", "(ti:mamba ANDNOT au:gu)"),
        ('"state space"', '("state space")'),
        ("mamba OR rwkv", "(mamba OR rwkv)"),
    ],
)
def test_words_are_all_looked_for_and_expressions_left_as_they_are(
    server: Server, client: Client, addresses: Addresses, words: str, asked: str
) -> None:
    server.always(feed("2401.00001"))
    (answer,) = arxiv.search(client, words=words, addresses=addresses)
    assert answer.name == f"arXiv: “{words}”"
    assert server.asked[0].query["search_query"] == asked
    assert server.asked[0].query["max_results"] == "100"


def test_all_pages_of_a_search_come(server: Server, client: Client, addresses: Addresses) -> None:
    ids = [f"2505.{number:05d}" for number in range(1203)]

    def service(asked: Asked) -> Answer:
        start, most = int(asked.query["start"]), int(asked.query["max_results"])
        return feed(*ids[start : start + min(most, 450)], total=len(ids))  # fewer than it was asked for

    server.service = service
    answers = list(arxiv.search(client, categories=["cs.CL"], first=date(2025, 5, 1), addresses=addresses))
    assert all(isinstance(answer, Fetched) for answer in answers)
    assert [answer.name for answer in answers] == [
        "arXiv: cs.CL, since 2025-05-01",
        "arXiv: cs.CL, since 2025-05-01 (451 to 950)",
        "arXiv: cs.CL, since 2025-05-01 (901 to 1400)",
    ]


def test_a_page_that_is_empty_by_mistake_is_asked_for_again(
    server: Server, client: Client, addresses: Addresses
) -> None:
    server.always(feed(total=1), feed("2401.00001"))
    (answer,) = arxiv.search(client, words="mamba", addresses=addresses)
    assert isinstance(answer, Fetched)
    assert answer.data == feed("2401.00001").body


def test_a_service_that_knows_no_pages_is_not_asked_for_ever(
    server: Server, client: Client, addresses: Addresses
) -> None:
    server.always(feed("2401.00001", total=50))
    document, rest = arxiv.search(client, words="mamba", addresses=addresses)
    assert isinstance(document, Fetched)
    assert isinstance(rest, Missed)
    assert rest.message == "50 papers match “mamba”; the newest 1 came."
    assert len(server.asked) == 2


def test_a_search_that_finds_nothing_is_no_error(server: Server, client: Client, addresses: Addresses) -> None:
    server.always(feed())
    (answer,) = arxiv.search(client, words="zzzz", addresses=addresses)
    assert answer == Missed("arXiv: “zzzz”", "empty", f"{server.host} knows no papers for “zzzz”.")


@pytest.mark.parametrize("answer", [Answer(status=400), "error entry"])
def test_an_expression_that_arxiv_refuses_is_told(
    server: Server, client: Client, addresses: Addresses, answer: Answer | str
) -> None:
    fault = b"<feed><entry><id>http://arxiv.org/api/errors#incorrect_query</id></entry></feed>"
    server.always(answer if isinstance(answer, Answer) else Answer(fault, ATOM))
    with pytest.raises(FetchError, match=r"does not understand what it was asked for .*: arXiv: “ti:”") as caught:
        list(arxiv.search(client, words="ti:", addresses=addresses))
    assert ("incorrect query" in str(caught.value)) == isinstance(answer, str)


@pytest.mark.parametrize(
    ("wanted", "what"),
    [
        ({}, "Nothing to ask arXiv for"),
        ({"first": date(2025, 1, 1)}, "Nothing to ask arXiv for"),
        ({"words": "x", "first": date(2025, 2, 1), "last": date(2025, 1, 1)}, "2025-02-01 is after 2025-01-01"),
    ],
)
def test_a_search_for_nothing_asks_nobody(
    server: Server, client: Client, addresses: Addresses, wanted: dict[str, date], what: str
) -> None:
    with pytest.raises(FetchError, match=what):
        list(arxiv.search(client, **wanted, addresses=addresses))  # type: ignore[arg-type]
    assert not server.asked


# Papers by their ids


def test_papers_come_by_ids_and_addresses(corpus: Path, server: Server, client: Client, addresses: Addresses) -> None:
    body = (corpus / "arxiv" / "arxiv_atom_api_old_id.xml").read_bytes()
    server.always(Answer(body, ATOM))
    given = ["astro-ph/0601001v1", "https://arxiv.org/abs/astro-ph/0601001"]
    assert list(arxiv.papers(client, given, addresses)) == [Fetched("arXiv: astro-ph/0601001", body)]
    assert server.asked[0].query == {"id_list": "astro-ph/0601001", "max_results": "1"}


def test_papers_that_arxiv_does_not_know_are_told_one_by_one(
    corpus: Path, server: Server, client: Client, addresses: Addresses
) -> None:
    server.always(feed("2401.00001", total=3))
    document, *missed = arxiv.papers(client, ["2401.00001", "2401.99999", "math.GT/0309136"], addresses)
    assert document.name == "arXiv: 2401.00001 and 2 more"
    assert missed == [
        Missed(f"arXiv: {named}", "unknown", f"{server.host} knows no paper {named}.")
        for named in ("2401.99999", "math/0309136")
    ]
    server.always(Answer((corpus / "arxiv" / "arxiv_atom_api_empty.xml").read_bytes(), ATOM))
    (alone,) = arxiv.papers(client, ["0808.05394".replace("05394", "5394")], addresses)
    assert isinstance(alone, Missed)


def test_many_ids_are_asked_for_fifty_at_a_time(server: Server, client: Client, addresses: Addresses) -> None:
    ids = [f"2505.{number:05d}" for number in range(120)]
    server.service = lambda asked: feed(*asked.query["id_list"].split(","))
    answers = list(arxiv.papers(client, ids, addresses))
    assert [type(answer) for answer in answers] == [Fetched] * 3
    assert [asked.query["max_results"] for asked in server.asked] == ["50", "50", "20"]
    assert ",".join(asked.query["id_list"] for asked in server.asked) == ",".join(ids)


def test_ids_are_checked_before_anything_is_asked(server: Server, client: Client, addresses: Addresses) -> None:
    with pytest.raises(FetchError) as caught:
        list(arxiv.papers(client, ["2401.00001", "hello", "2413.00001", "2401.0001", ""], addresses))
    assert str(caught.value).startswith(
        "hello, 2413.00001, 2401.0001, an empty word are no arXiv ids: write 2401.12345"
    )
    assert not server.asked


Call = Callable[[Client, Addresses], object]


@pytest.mark.parametrize(
    "call",
    [
        lambda client, addresses: list(arxiv.papers(client, ["2401.00001"], addresses)),
        lambda client, addresses: list(arxiv.search(client, words="x", addresses=addresses)),
        lambda client, addresses: list(arxiv.new_submissions(client, ["cs.CL"], addresses)),
    ],
    ids=["papers", "search", "feed"],
)
def test_offline_is_one_sentence(server: Server, client: Client, addresses: Addresses, call: Call) -> None:
    server.close()
    with pytest.raises(ServiceUnreachable) as caught:
        call(client, addresses)
    assert str(caught.value) == f"{server.host} cannot be reached: connection refused. The library is as it was."


def test_a_redirect_takes_its_turn_too(server: Server, client: Client, addresses: Addresses) -> None:
    server.service = lambda asked: redirect("/elsewhere") if asked.path.startswith("/rss") else rss()
    list(arxiv.new_submissions(client, ["cs.CL"], addresses))
    (first, second) = server.spans
    assert second[0] - first[0] >= 0.05


@pytest.mark.parametrize(
    "given",
    [
        *("2401.12345", " 2401.12345v3 ", "arXiv:2401.12345", "arXiv: 2401.12345v1", "arxiv.org/abs/2401.12345"),
        *("https://www.arxiv.org/pdf/2401.12345v2.pdf", "http://export.arxiv.org/abs/2401.12345?context=cs#x"),
        *("https://arxiv.org/html/2401.12345v1#S1", "https://huggingface.co/papers/2401.12345/"),
    ],
)
def test_an_id_is_known_in_every_spelling(given: str) -> None:
    assert arxiv.paper_ids([given, "2401.12345"]) == ["2401.12345"]
