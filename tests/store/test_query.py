"""The query language: what is typed and what is understood, and what a wrong query is told."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.errors import QueryError
from store.query import (
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
    Query,
    Sort,
    Tag,
    Word,
    parse,
    parse_sort,
)
from store.query.when import Age, Range


def a_word(text: str) -> Word:
    return Word(text, prefix=False)


def last(text: str) -> Word:
    return Word(text, prefix=True)


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_an_empty_query_is_everything(text: str) -> None:
    query = parse(text)
    assert (query.root, query.sort, query.words, query.filter) == (None, None, (), None)


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("attention", last("attention")),
        ("kv cache", And((a_word("kv"), last("cache")))),
        ("kv AND cache", And((a_word("kv"), last("cache")))),
        ('"kv cache"', Phrase("kv cache")),
        ("“kv cache”", Phrase("kv cache")),
        ("-survey", Not(a_word("survey"))),
        ("NOT survey", Not(a_word("survey"))),
        ("--survey", Not(Not(a_word("survey")))),
        ('-"a survey"', Not(Phrase("a survey"))),
        ("-(a b)", Not(And((a_word("a"), a_word("b"))))),
        ("cats OR dogs", Or((a_word("cats"), last("dogs")))),
        ("a OR b c", Or((a_word("a"), And((a_word("b"), last("c")))))),
        ("(a OR b) c", And((Or((a_word("a"), a_word("b"))), last("c")))),
        ("a OR b OR c", Or((a_word("a"), a_word("b"), last("c")))),
        ("((a b) (c))", And((a_word("a"), a_word("b"), last("c")))),
        ("a or b and not c", And((a_word("a"), a_word("or"), a_word("b"), a_word("and"), a_word("not"), last("c")))),
        ('"OR"', Phrase("OR")),
        ("tag:rl", Tag("rl")),
        ("TAG:RL", Tag("rl")),
        ('tag:"Two  words "', Tag("two words")),
        ("-tag:old", Not(Tag("old"))),
        ("is:inbox", Is("inbox")),
        ("is:ToRead", Is("toread")),
        ("has:code", Has("code")),
        ("by:lovelace", By("lovelace", prefix=True)),
        ('by:"Ada Lovelace"', By("Ada Lovelace", prefix=False)),
        ("-by:li", Not(By("li", prefix=False))),
        ("org:HKUST", Org("HKUST", prefix=True)),
        ("state-of-the-art", last("state-of-the-art")),
        ("C++", a_word("C++")),
    ],
)
def test_what_is_typed_is_understood(text: str, root: Node) -> None:
    assert parse(text).root == root


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("transf tag:rl", And((last("transf"), Tag("rl")))),
        ("attention -rl", And((last("attention"), Not(a_word("rl"))))),
        ('kv "a phrase"', And((last("kv"), Phrase("a phrase")))),
        ("kv cache ", And((a_word("kv"), last("cache")))),
        ("(a OR b) is:read", And((Or((a_word("a"), last("b"))), Is("read")))),
    ],
)
def test_the_last_word_is_a_beginning_whatever_follows_it(text: str, root: Node) -> None:
    assert parse(text).root == root


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2024", Range(date(2024, 1, 1), date(2024, 12, 31))),
        ("2024-02", Range(date(2024, 2, 1), date(2024, 2, 29))),
        ("2024-12", Range(date(2024, 12, 1), date(2024, 12, 31))),
        ("2025-3", Range(date(2025, 3, 1), date(2025, 3, 31))),
        ("2025-03-01", Range(date(2025, 3, 1), date(2025, 3, 1))),
        ("2025-03..2025-06", Range(date(2025, 3, 1), date(2025, 6, 30))),
        ("2024-02-28..2025", Range(date(2024, 2, 28), date(2025, 12, 31))),
        ("..2024", Range(None, date(2024, 12, 31))),
        ("2024..", Range(date(2024, 1, 1), None)),
        (">2024-01-31", Range(date(2024, 2, 1), None)),
        (">2024", Range(date(2025, 1, 1), None)),
        (">=2024", Range(date(2024, 1, 1), None)),
        ("<2024", Range(None, date(2023, 12, 31))),
        ("<=2024-02", Range(None, date(2024, 2, 29))),
        ("<7d", Age("<", 7)),
        (">=2w", Age(">=", 14)),
        ("<=3M", Age("<=", 90)),
        (">1y", Age(">", 365)),
    ],
)
def test_dates_ranges_and_ages(text: str, when: Range | Age) -> None:
    assert parse(f"date:{text}").root == Published(when)
    assert parse(f"day:{text}").root == Listed(when)
    assert parse(f'added:"{text}"').root == Added(when)


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("sort:title", Sort("title")),
        ("-sort:title", Sort("title", reverse=True)),
        ("sort:-title", Sort("title", reverse=True)),
        ("-sort:-title", Sort("title")),
        ("NOT sort:date", Sort("date", reverse=True)),
        ("sort:Comments", Sort("comments")),
    ],
)
def test_a_sort_stands_anywhere_and_a_minus_turns_it_round(text: str, sort: Sort) -> None:
    assert (parse(text).root, parse(text).sort) == (None, sort)
    for query in (f"{text} kv", f"kv {text}"):
        assert (parse(query).root, parse(query).sort) == (last("kv"), sort)


def test_a_sort_alone_is_named_as_in_a_query() -> None:
    assert parse_sort("title") == Sort("title")
    assert parse_sort("-upvotes") == Sort("upvotes", reverse=True)
    with pytest.raises(QueryError, match="there is no sort:size"):
        parse_sort("size")


def test_words_are_told_from_the_rest_for_searching() -> None:
    query = parse("kv tag:rl (a OR b) cache -old sort:date")
    assert query.words == ("kv", "cache")
    assert query.filter == And((Tag("rl"), Or((a_word("a"), a_word("b"))), Not(a_word("old"))))
    assert parse("cats OR dogs").words == ()
    assert parse("cats OR dogs").filter == parse("cats OR dogs").root
    assert parse("cats").filter is None
    assert parse("is:read cats").filter == Is("read")


@pytest.mark.parametrize(
    "text", ["Mamba:", "Mamba: linear", "LoRA:Low-Rank", "https://arxiv.org", "std::vector", "3:1"]
)
def test_a_title_with_a_colon_is_text(text: str) -> None:
    assert parse(text).words == tuple(text.split())


def test_a_word_without_letters_is_passed_over() -> None:
    assert parse("vision & language").words == ("vision", "language")
    assert parse("a – b ++").words == ("a", "b")
    assert parse("++").root == a_word("++")


@pytest.mark.parametrize(
    ("text", "position", "why"),
    [
        ("kv foo:bar", 3, "there is no field foo:"),
        ("tga:rl", 0, "did you mean tag:"),
        ("tags:rl", 0, "did you mean tag:"),
        ("dte:2024", 0, "did you mean date:"),
        ('author:"Ada"', 0, "there are tag, is, has, by, org, date, day, added and sort"),
        ("kv is:foo", 6, "there are inbox, unread, read, starred, toread, skipped and tagged"),
        ("has:pdf", 4, "there are note, code, abstract and id"),
        ("sort:size", 5, "there are day, date, title"),
        ("sort:-size", 5, "there is no sort:size"),
        ("tag:", 4, "tag: needs a value right after it, as in tag:rl"),
        ("tag: rl", 4, "tag: needs a value"),
        ('kv by:""', 6, "by: needs a value"),
        ("tag:rl,nlp", 4, "a tag has no comma: write tag:rl tag:nlp"),
        ("date:2025-13", 5, "there is no 2025-13 in the calendar"),
        ("date:2025-02-30", 5, "there is no 2025-02-30"),
        ("date:0000", 5, "there is no 0000"),
        ("date:>", 6, "here a date is missing"),
        ("date:yesterday", 5, "yesterday is no date: write 2025"),
        ("date:2024..x", 11, "x is no date"),
        ("date:..", 5, "a range has one end at least"),
        ("date:2025..2024", 5, "did you mean 2024..2025?"),
        ("date:>9999", 6, "the calendar ends at 9999"),
        ("added:7d", 6, "an age <7d"),
        ('kv "exact', 3, 'the quote " is not closed'),
        ('tag:"two', 4, 'the quote " is not closed'),
        ("(kv", 0, "the ( is not closed"),
        ("a (b (c)", 2, "the ( is not closed"),
        ("kv)", 2, "this ) closes nothing"),
        (")", 0, "this ) closes nothing"),
        ("a ()", 2, "there is nothing in these parentheses"),
        ("a OR", 2, "OR needs something on both sides"),
        ("OR a", 0, "OR needs something on both sides"),
        ("a OR OR b", 5, "OR needs something on both sides"),
        ("(a OR) b", 3, "OR needs something on both sides"),
        ("sort:day OR a", 9, "OR needs something on both sides"),
        ("a AND", 2, "AND needs something on both sides"),
        ("a AND OR b", 2, "AND needs something on both sides"),
        ("a -", 2, "- stands alone"),
        ("a - b", 2, "- stands alone"),
        ("(-)", 1, "- stands alone"),
        ("-OR a", 0, "- needs something right after it"),
        ("a NOT", 2, "NOT needs something right after it"),
        ("sort:day sort:title", 9, "there are two sort:"),
        ("(a sort:day)", 3, "it cannot stand in a group"),
        ("-(-sort:day)", 3, "it cannot stand in a group"),
        ("(" * 50 + "a" + ")" * 50, 13, "nested too deeply"),
        ("-" * 50 + "a", 13, "nested too deeply"),
        ("a " * 401, 800, "too long"),
    ],
)
def test_a_wrong_query_is_told_where_and_why(text: str, position: int, why: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert why in str(caught.value)
    assert caught.value.position == position


PIECES = st.sampled_from(
    ["kv", "cache", "OR", "AND", "NOT", "-", "(", ")", '"', " ", "  ", "tag:", "is:", "inbox", "date:", "2024", "..",
     "<", "7d", "sort:", "title", ":", "++", "\x00", "\ud800", "é", "“", "foo:"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES, max_size=25).map("".join)))
@example("(" * 5000)
@example("-" * 5000)
@example("((a OR b) " * 3000)
def test_any_text_is_a_query_or_a_query_error(text: str) -> None:
    said: Query | QueryError
    try:
        said = parse(text)
    except QueryError as error:
        said = error
    if isinstance(said, QueryError):
        assert str(said)
        assert 0 <= said.position <= len(text)
    else:
        assert said.text == text
        assert (said.root is None) == (not said.words and said.filter is None)


@given(st.lists(st.text(alphabet="abcé", min_size=1, max_size=5), min_size=1, max_size=8))
def test_plain_words_are_words(words: list[str]) -> None:
    assert parse(" ".join(words)).words == tuple(words)
