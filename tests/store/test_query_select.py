"""Queries against a real library file: which papers match, and in which order."""

import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from store.database.select import condition, order
from store.errors import QueryError
from store.query import (
    MAX_DEPTH,
    MAX_TERMS,
    PARTS,
    STATES,
    Added,
    And,
    By,
    Has,
    Is,
    Listed,
    Node,
    Not,
    Or,
    Org,
    Phrase,
    Published,
    Tag,
    Word,
    parse,
)
from store.query.when import Range, When
from store.schema import migrations

NOW = datetime(2025, 12, 5, 12, tzinfo=UTC)
DAYS = {1: "2025-11-27", 2: "2025-11-28", 3: None}


class Paper(NamedTuple):
    """A paper of the test library, with the person's state of it; `listed` are its digests, the last is its place."""

    id: int
    title: str
    abstract: str | None = None
    published: str | None = None
    authors: tuple[str, ...] = ()
    n_authors: int | None = None
    organization: str | None = None
    arxiv_id: str | None = None
    upvotes: int | None = None
    comments: int | None = None
    code_url: str | None = None
    added_at: str = "2025-11-28T09:00:00.000Z"
    listed: tuple[int, ...] = (3,)
    marks: str = ""
    """`r` read, `s` starred, `k` skipped."""
    note: str | None = None
    tags: tuple[str, ...] = ()


PAPERS = (
    Paper(
        1, "WindowKV: A Cache for Long Contexts", "We evict keys; C++ code is state-of-the-art.", "2025-11-20",
        authors=("Ada Lovelace", "Li Wei"), n_authors=2, organization="HKUST", arxiv_id="2511.00001", upvotes=5,
        comments=2, code_url="https://github.com/a/b", added_at="2025-11-27T23:30:00.000Z", listed=(1, 2), marks="r",
    ),
    Paper(
        2, "Attention Transformers, Again", "A survey of attention.", "2025-01-31", authors=("Grace Hopper", "Liu Bo"),
        n_authors=9, organization="Cohere Labs", upvotes=9, listed=(1,), marks="s", note="compare with the window one",
        tags=("to cite", "rl"),
    ),
    Paper(
        3, "Naïve Müller Sampling", None, "2024-12-31", n_authors=1, organization="Google DeepMind", comments=0,
        listed=(2,), marks="sr", tags=("rl",),
    ),
    Paper(4, "Plain Diffusion", "Learning to learn.", None, listed=(2,), marks="k"),
    Paper(
        5, "a survey: OR gates NEAR logic", "Rewards \"quoted\"; DROP TABLE papers", "2024-02-29", n_authors=3,
        added_at="2025-12-05T11:00:00.000Z",
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """The test library."""
    path: Path = tmp_path_factory.mktemp("select") / "library.db"
    database = Database(path)
    migrations.apply(database)
    connection = database.conn
    assert connection is not None
    for digest, day in DAYS.items():
        connection.execute(
            "INSERT INTO digests VALUES (?, 'cards', 'page', ?, ?, 0, '2025-12-01', 0, 0, 0, 0, '[]')",
            (digest, str(digest), day),
        )
    for paper in PAPERS:
        put(connection, paper)
    connection.commit()
    yield connection
    connection.close()


def put(connection: sqlite3.Connection, paper: Paper) -> None:
    row = {
        "id": paper.id, "title": paper.title, "title_key": paper.title.casefold(), "abstract": paper.abstract,
        "published": paper.published, "n_authors": paper.n_authors,
        "authors": json.dumps(paper.authors, ensure_ascii=False) if paper.authors else None,
        "organization": paper.organization, "arxiv_id": paper.arxiv_id, "upvotes": paper.upvotes,
        "comments": paper.comments, "code_url": paper.code_url, "added_at": paper.added_at,
        "day": DAYS[paper.listed[-1]], "digest": paper.listed[-1], "position": 10 - paper.id, "origin": "",
    }  # fmt: skip
    names = ", ".join(row)
    connection.execute(f"INSERT INTO papers ({names}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))
    for digest in paper.listed:
        connection.execute(
            "INSERT INTO listings (digest, paper, position) VALUES (?, ?, ?)", (digest, paper.id, 10 - paper.id)
        )
    if paper.marks or paper.note:
        moments = ["2025-12-01" if mark in paper.marks else None for mark in "rsk"]
        connection.execute(
            "INSERT INTO states (paper, read_at, starred_at, skipped_at, note) VALUES (?, ?, ?, ?, ?)",
            (paper.id, *moments, paper.note),
        )
    connection.executemany("INSERT INTO tags (paper, tag) VALUES (?, ?)", [(paper.id, tag) for tag in paper.tags])


def answer(connection: sqlite3.Connection, node: Node | None, now: datetime = NOW) -> set[int]:
    where = condition(node, now=now)
    found = connection.execute(
        f"SELECT p.id FROM papers p LEFT JOIN states s ON s.paper = p.id WHERE {where.sql}", where.parameters
    )
    return {paper for (paper,) in found}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", {1, 2, 3, 4, 5}),
        ("transformers", {2}),
        ("transform", {2}),
        ("transform survey", set()),
        ("survey transform", {2}),
        ("survey transform is:starred", {2}),
        ("transform -rl", set()),
        ("transform -agai", {2}),
        ("attention", {2}),
        ("ATTENTION", {2}),
        ("naive muller", {3}),
        ("Mu\u0308ller", {3}),
        ("lovelace window", {1}),
        ("window lovelace", set()),
        ("hkust", {1}),
        ("again window", {2}),
        ("compare rl", {2}),
        ("attention cite", {2}),
        ("window OR naive", {2, 3}),
        ('"long contexts"', {1}),
        ('"long context"', set()),
        ('"contexts long"', set()),
        ("state-of-the-art", {1}),
        ("state-of-the-a", {1}),
        ("art-of-state", set()),
        ("C++", {1}),
        ("C++ evict", {1}),
        ("++", set()),
        ("++ evict", {1}),
        ("-++", {1, 2, 3, 4, 5}),
        ('""', set()),
        ("learn", {4}),
        ("-learn", {1, 2, 3, 5}),
        ("-(survey attention)", {1, 3, 4, 5}),
        ("-survey -diffusion", {1, 3}),
        ("survey (attention OR gates)", {2, 5}),
        ("survey attention OR gates", {2, 5}),
        ("diffusion OR survey -attention", {4, 5}),
        ("--survey", {2, 5}),
    ],
)
def test_words(papers: sqlite3.Connection, query: str, ids: set[int]) -> None:
    assert answer(papers, parse(query).root) == ids


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("is:inbox", {5}),
        ("is:unread", {2, 4, 5}),
        ("is:read", {1, 3}),
        ("is:starred", {2, 3}),
        ("is:toread", {2}),
        ("is:skipped", {4}),
        ("is:tagged", {2, 3}),
        ("-is:inbox", {1, 2, 3, 4}),
        ("-is:read", {2, 4, 5}),
        ("-is:skipped", {1, 2, 3, 5}),
        ("is:read OR is:skipped", {1, 3, 4}),
        ("is:read is:starred", {3}),
        ("tag:rl", {2, 3}),
        ("tag:r", set()),
        ('tag:"To  Cite"', {2}),
        ("-tag:rl", {1, 4, 5}),
        ("has:note", {2}),
        ("has:code", {1}),
        ("has:id", {1}),
        ("has:abstract", {1, 2, 4, 5}),
        ("-has:abstract", {3}),
        ("by:lovelace", {1}),
        ('by:"ada lovelace"', {1}),
        ('by:"lovelace ada"', set()),
        ("by:li", {1, 2}),
        ('by:"li"', {1}),
        ("-by:li", {2, 3, 4, 5}),
        ("by:hkust", set()),
        ("org:hkust", {1}),
        ("org:deepmind", {3}),
        ("org:deep", {3}),
        ("org:labs", {2}),
        ('org:"cohere labs"', {2}),
        ("org:&", set()),
    ],
)
def test_states_and_fields(papers: sqlite3.Connection, query: str, ids: set[int]) -> None:
    assert answer(papers, parse(query).root) == ids


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("date:2024", {3, 5}),
        ("-date:2024", {1, 2, 4}),
        ("date:2024-02", {5}),
        ("date:2025-01-31", {2}),
        ("date:>2025-01-31", {1}),
        ("date:>=2025-01-31", {1, 2}),
        ("date:<2024-12-31", {5}),
        ("date:<=2024", {3, 5}),
        ("date:2024-12..2025-01", {2, 3}),
        ("date:..2024-03", {5}),
        ("date:2025..", {1, 2}),
        ("date:<5w", {1}),
        ("date:>9000y", set()),
        ("date:<9000y", {1, 2, 3, 5}),
        ("day:2025-11-28", {1, 3, 4}),
        ("day:2025-11-27", {1, 2}),
        ("day:2025-11", {1, 2, 3, 4}),
        ("-day:2025-11-28", {2, 5}),
        ("day:<8d", {1, 3, 4}),
        ("day:<7d", set()),
        ("added:2025-11-27", {1}),
        ("added:2025-11", {1, 2, 3, 4}),
        ("added:>2025-11", {5}),
        ("added:<1d", {5}),
        ("added:>1d", {1, 2, 3, 4}),
        ("added:<9999y", {1, 2, 3, 4, 5}),
        ("added:0001..9999", {1, 2, 3, 4, 5}),
    ],
)
def test_dates(papers: sqlite3.Connection, query: str, ids: set[int]) -> None:
    assert answer(papers, parse(query).root) == ids


def test_a_day_of_adding_is_a_day_where_the_person_is(papers: sqlite3.Connection) -> None:
    here = NOW.astimezone(timezone(timedelta(hours=8)))
    assert answer(papers, parse("added:2025-11-27").root, here) == set()
    assert answer(papers, parse("added:2025-11-28").root, here) == {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("'; DROP TABLE papers; --x", set()),
        ('"; DROP TABLE papers"', {5}),
        ("drop table papers", {5}),
        ("*", set()),
        ("sur*", set()),
        ("NEAR(logic)", {5}),
        ("NEAR logic", {5}),
        ("^survey", {2, 5}),
        ("{title} + x", set()),
        ("title:", set()),
        ('"title : survey"', set()),
        ("Title:survey", set()),
        ("evict\x00\ud800", {1}),
        ("%", set()),
        ("_", set()),
        ("?1 :a @b", set()),
        ('by:"x\' OR 1=1"', set()),
        ("tag:'", set()),
        ("org:title:survey", set()),
    ],
)
def test_no_text_becomes_sql_or_full_text_syntax(papers: sqlite3.Connection, query: str, ids: set[int]) -> None:
    assert answer(papers, parse(query).root) == ids
    assert answer(papers, None) == {1, 2, 3, 4, 5}


@given(text=st.text(alphabet=st.one_of(st.sampled_from("\"*()^:{}+-,'%;\x00 aà"), st.characters()), max_size=12))
def test_whatever_can_be_typed_can_be_asked(papers: sqlite3.Connection, text: str) -> None:
    for query in (text, f'"{text}"', f'a OR by:"{text}"', f'-tag:"{text}"'):
        with suppress(QueryError):
            answer(papers, parse(query).root)


@pytest.mark.parametrize(
    "query",
    [
        "a " * MAX_TERMS,
        "a OR " * (MAX_TERMS - 1) + "a",
        "(a OR -(" * (MAX_DEPTH // 3) + "a b" + "))" * (MAX_DEPTH // 3),
        "-" * MAX_DEPTH + "a",
        "".join(f"(w{n} OR x{n} " for n in range(MAX_DEPTH)) + "a OR b" + ")" * MAX_DEPTH,
    ],
)
def test_the_largest_query_is_answered(papers: sqlite3.Connection, query: str) -> None:
    root = parse(query).root
    answer(papers, And((Is("unread"), Not(root))) if root else None)


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        ("", [4, 3, 1, 2, 5]),
        ("day", [4, 3, 1, 2, 5]),
        ("-day", [2, 4, 3, 1, 5]),
        ("date", [1, 2, 3, 5, 4]),
        ("-date", [5, 3, 2, 1, 4]),
        ("title", [5, 2, 3, 4, 1]),
        ("-title", [1, 4, 3, 2, 5]),
        ("authors", [2, 5, 1, 3, 4]),
        ("-authors", [3, 1, 5, 2, 4]),
        ("comments", [1, 3, 4, 2, 5]),
        ("-comments", [3, 1, 4, 2, 5]),
        ("upvotes", [2, 1, 4, 3, 5]),
        ("-upvotes", [1, 2, 4, 3, 5]),
        ("added", [5, 2, 3, 4, 1]),
        ("-added", [1, 2, 3, 4, 5]),
        ("relevance", [4, 3, 1, 2, 5]),
    ],
)
def test_orders(papers: sqlite3.Connection, sort: str, ids: list[int]) -> None:
    assert ordered(papers, f"sort:{sort}" if sort else "") == ids


def test_relevance_puts_titles_with_all_words_first(papers: sqlite3.Connection) -> None:
    assert ordered(papers, "survey sort:day") == [2, 5]
    assert ordered(papers, "survey sort:relevance") == [5, 2]
    assert ordered(papers, "survey -sort:relevance") == [2, 5]
    assert ordered(papers, "sort:relevance a survey") == [5, 2]
    assert ordered(papers, "++ sort:relevance") == []


def test_the_list_is_read_off_an_index(papers: sqlite3.Connection) -> None:
    plan = papers.execute(
        "EXPLAIN QUERY PLAN SELECT p.id FROM papers p LEFT JOIN states s ON s.paper = p.id "
        f"WHERE {condition(None, now=NOW).sql} ORDER BY {order(None).sql}"
    )
    assert [step for *_, step in plan] == ["SCAN p USING COVERING INDEX papers_day"]


def ordered(connection: sqlite3.Connection, text: str) -> list[int]:
    query = parse(text)
    where, ordering = condition(query.root, now=NOW), order(query.sort, query.root)
    found = connection.execute(
        f"SELECT p.id FROM papers p LEFT JOIN states s ON s.paper = p.id WHERE {where.sql} ORDER BY {ordering.sql}",
        (*where.parameters, *ordering.parameters),
    )
    return [paper for (paper,) in found]


def tokens(text: str | None) -> list[str]:
    bare = "".join(char for char in unicodedata.normalize("NFD", text or "") if not unicodedata.combining(char))
    return re.findall(r"[^\W_]+", bare.lower())


def holds(text: str | None, wanted: str, *, prefix: bool) -> bool:
    """Whether the tokens of `wanted` stand one after another in `text`."""
    have, want = tokens(text), tokens(wanted)
    for start in range(len(have) - len(want) + 1):
        piece = have[start : start + len(want)]
        if want and piece[:-1] == want[:-1] and (piece[-1].startswith(want[-1]) if prefix else piece == want):
            return True
    return False


def matches(paper: Paper, node: Node) -> bool:
    """What `condition` says, said over again without a database."""
    match node:
        case And(parts):
            return all(matches(paper, part) for part in parts)
        case Or(parts):
            return any(matches(paper, part) for part in parts)
        case Not(part):
            return not matches(paper, part)
        case Word() | Phrase():
            prefix = isinstance(node, Word) and node.prefix
            texts = (paper.title, paper.abstract, " ".join(paper.authors), paper.organization, paper.note)
            return any(holds(text, node.text, prefix=prefix) for text in (*texts, " ".join(sorted(paper.tags))))
        case By(name, prefix):
            return holds(" ".join(paper.authors), name, prefix=prefix)
        case Org(name, prefix):
            return holds(paper.organization, name, prefix=prefix)
        case Tag(tag):
            return tag in paper.tags
        case Is(state):
            read, starred, skipped = (mark in paper.marks for mark in "rsk")
            return {
                "inbox": not (read or starred or skipped), "unread": not read, "read": read, "starred": starred,
                "toread": starred and not read, "skipped": skipped, "tagged": bool(paper.tags),
            }[state]  # fmt: skip
        case Has(part_known):
            known = {"note": paper.note, "code": paper.code_url, "abstract": paper.abstract, "id": paper.arxiv_id}
            return known[part_known] is not None
        case Published(when):
            return within(paper.published, when)
        case Listed(when):
            return any(within(DAYS[digest], when) for digest in paper.listed)
        case Added(when):
            return within(paper.added_at[:10], when)


def within(day: str | None, when: When) -> bool:
    assert isinstance(when, Range)
    if day is None:
        return False
    known = date.fromisoformat(day)
    return (when.first is None or when.first <= known) and (when.last is None or known <= when.last)


TEXTS = st.sampled_from(
    ["survey", "attention", "a", "wind", "window", "rl", "to cite", "naive", "li wei", "ada", "hkust", "learning to",
     "++", "labs", "art", "state-of"]
)  # fmt: skip
SPANS = st.builds(
    Range,
    st.none() | st.dates(date(2024, 1, 1), date(2025, 11, 1)),
    st.dates(date(2025, 11, 1), date(2025, 12, 31)),
)
TERMS: st.SearchStrategy[Node] = st.one_of(
    st.builds(Word, TEXTS, st.booleans()),
    st.builds(Phrase, TEXTS),
    st.builds(By, TEXTS, st.booleans()),
    st.builds(Org, TEXTS, st.booleans()),
    st.builds(Tag, TEXTS),
    st.builds(Is, st.sampled_from(STATES)),
    st.builds(Has, st.sampled_from(PARTS)),
    st.builds(Published, SPANS),
    st.builds(Listed, SPANS),
    st.builds(Added, SPANS),
)
NODES: st.SearchStrategy[Node] = st.recursive(
    TERMS,
    lambda nodes: st.one_of(
        st.builds(Not, nodes),
        st.builds(And, st.lists(nodes, min_size=2, max_size=4).map(tuple)),
        st.builds(Or, st.lists(nodes, min_size=2, max_size=4).map(tuple)),
    ),
    max_leaves=8,
)


@settings(max_examples=300)
@given(node=NODES)
def test_sql_says_what_the_tree_says(papers: sqlite3.Connection, node: Node) -> None:
    assert answer(papers, node) == {paper.id for paper in PAPERS if matches(paper, node)}
