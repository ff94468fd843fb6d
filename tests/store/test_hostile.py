"""Hostile text in the library: what the models let in, what queries answer, what is kept and what an export makes."""

import json
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.database import select
from store.errors import ExportError, InvalidSearchName, InvalidTag, QueryError, StoreError
from store.exporting import write_whole
from store.exports import ExportOptions, render
from store.fetching import unfinished
from store.harmless import harmless
from store.library import Library
from store.links import web_address
from store.models import Digest, FileReport, Listing, UnparsedLine
from store.query import MAX_LENGTH, MAX_TERMS, parse
from store.text import safe
from tests.hostile import LENGTH, OBEYED, TEXTS, foul, huge, kept, obeyed
from tests.store.making import digest, listing

EVERY = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
QUERIES = {
    "parentheses": "(" * 10_000,
    "both parentheses": "(" * 12 + "a" + ")" * 12,
    "words": "word " * 100_000,
    "alternatives": "a OR " * 399 + "b",
    "long word": "x" * 1_000_000,
    "open quote": 'say "when',
    "quotes": '"' * 100_001,
    "null": "a\0b",
    "surrogates": "\ud800 tag:\udfff \udc80",
    "near": "NEAR(a b, 2)",
    "first": "^a a* a + b {title} : x",
    "column": "title:x",
    "columns": '{title abstract} : "x"',
    "like": "tag:%_%",
    "quoted tag": 'tag:"a\\"b" tag:"a""b"',
    "no such month": "date:9999-99",
    "first year": "date:0000",
    "last day": "date:>9999-12-31",
    "before the calendar": "day:<0001-01-01",
    "age": "added:<99999999999d",
    "old age": "added:>9999y",
    "negations": "-" * 1000 + "a",
    "only operators": "OR AND NOT - ( ) sort:",
    "phrase": '"' + "of the " * 100_000 + '"',
    "parts": "by:" + "a-" * 50_000,
    "colons": ":" * 5000,
    "a million tags": "tag:x " * 166_666,
    "ranges": " ".join(f"day:{year}.." for year in range(1000, 1390)),
}


@pytest.fixture
def shelf(library: Library) -> Library:
    """A library of three papers."""
    library.import_digest(digest("Of the cache", "A word on walking", listing("Three", organization="X")))
    library.tag([1], add=["rl"])
    return library


def answered(library: Library, query: str) -> None:
    """Ask everywhere where a query may stand: a list or a QueryError has to come."""
    for ask in (library.ids, library.list, library.search, library.find, library.day_runs):
        with suppress(QueryError):
            ask(query)
    with suppress(QueryError):
        library.find("cache", within=query)
    with suppress(QueryError):
        library.save_search("kept", query, fuzzy=True)


# Models


@EVERY
def test_no_model_holds_what_a_terminal_obeys(text: str) -> None:
    text = kept(text)  # pydantic refuses half surrogates by itself
    models = [
        Listing(
            title=f"A {text}", abstract=text, organization=text, authors=(text,), code_url=text, project_url=text,
            arxiv_id=text,
        ),
        UnparsedLine(number=1, text=text),
        FileReport(name=text, error=text),
        Digest(format="cards", name=text, sha256="0", day=None, day_inferred=False, listings=()),
    ]  # fmt: skip
    assert [obeyed(str(model.model_dump())) for model in models] == [[]] * 4
    assert not [value for model in models for value in OBEYED.findall("".join(_texts(model.model_dump())))]


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, tuple | list):
        return [text for inner in value for text in _texts(inner)]
    return [value] if isinstance(value, str) else []


def test_a_title_of_nothing_that_can_be_seen_is_none() -> None:
    with pytest.raises(ValueError, match="title"):
        Listing(title=TEXTS["nothing seen"])


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "-rf", "--new-window", " https://x.y", "ftp://x.y",
        "https://", "https:// x", "https://x.y/\n-a", "https://x.y/\x1b]52;c;x\x07", "https://x.y/\u202e", "http:x",
        "https://good.example@evil.example/", "https://x.y/a b", 'https://x.y"z', "//x.y", "vbscript:x", "", "\ud800",
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_no_link(address: str) -> None:
    assert web_address(address) is None
    assert Listing(title="x", code_url=address, project_url=address).project_url is None


@pytest.mark.parametrize(
    "address",
    ["https://github.com/a/b", "HTTP://x.y", "https://x.y:80/~a?b=c&d=(e)#f", "https://x.y/視覚", "http://[::1]/"],
)
def test_addresses_of_the_web_are_links(address: str) -> None:
    assert web_address(address) == address


@EVERY
def test_what_is_drawn_keeps_its_places_and_loses_its_power(text: str) -> None:
    drawn = harmless(text)
    assert len(drawn) == len(text)
    assert obeyed(drawn) == []
    assert obeyed(safe(text)) == []
    assert safe(safe(text)) == safe(text)


@given(st.text(st.characters()))
def test_any_text_is_made_safe_and_harmless(text: str) -> None:
    assert obeyed(safe(text)) == obeyed(harmless(text)) == []


def test_long_texts_are_safe_within_a_second() -> None:
    for name, text in huge(LENGTH).items():
        begun = time.process_time()
        assert obeyed(Listing(title=f"x{text}").title) == []
        assert time.process_time() - begun < 2, name


# Queries


def test_nasty_queries_are_answered_or_refused_in_time(shelf: Library) -> None:
    for name, query in QUERIES.items():
        begun = time.process_time()
        answered(shelf, query)
        assert time.process_time() - begun < 3, name


def test_any_hostile_text_is_a_query_or_none(shelf: Library) -> None:
    for text in TEXTS.values():
        answered(shelf, text)
        for query in (f'"{text}"', f"tag:{text}", f"by:{text}", f"date:{text}", f"is:{text}", f"sort:{text}"):
            with suppress(QueryError):
                shelf.ids(query)


_PIECES = st.sampled_from(
    ["tag:", "by:", "org:", "date:", "day:", "added:", "is:", "has:", "sort:", '"', "(", ")", "-", " ", "OR", "AND",
     "NOT", "..", "<", ">=", "2025", "7d", "*", "^", "NEAR", ":", "'", "\\", "\0", "\ud800", "a", "é", "字", ","]
)  # fmt: skip


def test_any_string_is_answered_or_refused(tmp_path: Path) -> None:
    with Library(tmp_path / "any.db") as library:
        library.import_digest(digest("Of the cache", "a é 字"))

        @given(st.lists(_PIECES, max_size=12).map("".join) | st.text(st.characters(), max_size=30))
        def asked(query: str) -> None:
            answered(library, query)
            with suppress(QueryError):
                library.ids("", sort=query)

        asked()


def test_the_limits_of_queries_are_far_from_what_a_person_types() -> None:
    parse("x" * MAX_LENGTH)
    parse("w " * MAX_TERMS)
    with pytest.raises(QueryError, match="200,000 characters"):
        parse("x" * (MAX_LENGTH + 1))
    with pytest.raises(QueryError, match="400 words"):
        parse(f'"{"w " * MAX_TERMS}" w')


def test_messages_repeat_only_the_beginning_of_what_was_wrong() -> None:
    for query in (
        "date:" + "9" * 9000,
        "is:" + "x" * 9000,
        "sort:" + "x" * 9000,
        "x" * 9000 + ":y",
        f"tag:{'x' * 9000},y",
    ):
        with pytest.raises(QueryError) as caught:
            parse(query)
        assert len(str(caught.value)) < 400


def test_a_query_that_takes_too_long_is_given_up(shelf: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(select, "PATIENCE", -1.0)
    many = digest(*(f"word {number}" for number in range(3000)), content="many")
    shelf.import_digest(many)
    with pytest.raises(QueryError, match="too long"):
        shelf.ids(" ".join(f"day:{year}.." for year in range(1000, 1200)))
    assert shelf.ids("is:inbox")


# What a person writes


def test_notes_keep_every_character(shelf: Library) -> None:
    for text in TEXTS.values():
        shelf.note(1, text)
        assert shelf.entry(1).note == kept(text)
    assert shelf.find("cache").ids


def test_tags_are_kept_in_their_safe_form_or_refused(shelf: Library) -> None:
    for text in TEXTS.values():
        with suppress(InvalidTag):
            shelf.tag([1], add=[text])
    assert len(shelf.entry(1).tags) > len(TEXTS) / 2
    assert [tag for tag in shelf.entry(1).tags if obeyed(tag)] == []


def test_every_tag_can_be_asked_for(shelf: Library) -> None:
    for tag in ('5" disk', '"', 'a""b', "a\\b", "-x", "(", "tag:x", "%", "*", "x" * 100_000, "字" * 9):
        shelf.tag([2], add=[tag])
        doubled = tag.replace('"', '""')
        assert shelf.ids(f'tag:"{doubled}"') == [2]


def test_the_names_of_saved_searches_are_safe(shelf: Library) -> None:
    for text in TEXTS.values():
        with suppress(InvalidSearchName, QueryError):
            shelf.save_search(text, text, fuzzy=False)
    assert shelf.searches()
    assert [name for name in shelf.searches() if obeyed(name.name)] == []


# Exports


@pytest.fixture
def fouled(library: Library) -> Library:
    """A paper for each hostile text, in every field, as another program may have written them into the file."""
    library.import_digest(digest(*(f"Paper {number}" for number in range(len(TEXTS)))))
    for number, text in enumerate(TEXTS.values(), start=1):
        library.note(number, text)
        with suppress(InvalidTag):
            library.tag([number], add=[text])
    library.save_search("x", "y", fuzzy=True)
    foul(library.path)
    return library


def test_an_export_holds_no_control_character_but_those_of_notes(fouled: Library) -> None:
    entries = [entry._replace(note=None) for entry in fouled.list()]
    for group in ("tag", "day", "none"):
        document = render(entries, ExportOptions(group=group, title=TEXTS["colour"]), today=date(2025, 11, 28))  # type: ignore[arg-type]
        assert obeyed(document, but="\n") == []
        assert not re.search(r"(?<!\\)\]\((?!https?://|#)", document)


def test_an_export_keeps_every_character_of_a_note(shelf: Library) -> None:
    note = f"mine: {TEXTS['colour']} \u202e\u200b\0"
    shelf.note(1, note)
    assert note in render(shelf.list(), ExportOptions(), today=date(2025, 11, 28))


def test_long_texts_are_exported_within_seconds(shelf: Library) -> None:
    for name, text in huge(LENGTH).items():
        entry = shelf.entry(1)._replace(title=safe(text) or "x", abstract=safe(text), note=text)
        begun = time.process_time()
        render([entry], ExportOptions(), today=date(2025, 11, 28))
        assert time.process_time() - begun < 6, name


def test_any_name_of_a_file_is_written_or_refused(tmp_path: Path) -> None:
    for name in (*TEXTS.values(), "x" * 300, "~nobody", "-rf", "", ".."):
        with suppress(ExportError):
            write_whole(tmp_path / name.replace("/", "_"), "x")
    assert len(list(tmp_path.iterdir())) > len(TEXTS) / 2
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".tmp")] == []


# What another program wrote


def _asked(library: Library) -> list[Callable[[], object]]:
    return [
        library.list, library.counts, library.days, library.tags, library.searches, library.digests, library.log,
        library.generations, library.warm_up, library.day_runs, lambda: library.search("cache"),
        lambda: library.digest(1), lambda: library.rows(library.ids()),
    ]  # fmt: skip


def test_odd_rows_are_read_or_refused(fouled: Library) -> None:
    for ask in _asked(fouled):
        ask()


@pytest.mark.parametrize(
    "junk",
    ["", "x", "0000-01-01", "-4713-01-01", "2025", 5, -1e9, b"\xff", "9999-12-31T23:59:59Z", "2025-13-45", "now"],
)
@pytest.mark.parametrize(
    "column",
    ["papers.added_at", "papers.day", "papers.published", "digests.day", "digests.imported_at", "states.read_at"],
)
def test_a_date_that_is_none_is_unknown(library: Library, column: str, junk: object) -> None:
    library.import_digest(
        digest(
            *(
                listing(title, authors=("A B",), published="2024-01-01")
                for title in ("Windows for caches of keys", "Windows for caches of key")
            )
        )
    )
    library.mark([1], read=True)
    table, _, name = column.partition(".")
    with closing(sqlite3.connect(library.path)) as connection, connection:
        connection.execute(f"UPDATE {table} SET {name} = ?", (junk,))
    (pair,) = library.duplicates()
    assert (pair.one.id, pair.other.id) == (1, 2)
    for days in (None, 30):
        assert library.stats(days=days).papers == 2
    assert unfinished(library, [date(2025, 11, 28)]) == [date(2025, 11, 28)]


def test_bytes_that_are_no_text_are_read_or_refused(shelf: Library) -> None:
    shelf.note(1, "mine")
    with closing(sqlite3.connect(shelf.path)) as connection, connection:
        connection.execute("UPDATE papers SET title = CAST(x'ff41' AS TEXT), abstract = CAST(x'eda080' AS TEXT)")
        connection.execute("UPDATE states SET note = CAST(x'c3' AS TEXT)")
    for ask in _asked(shelf):
        with suppress(StoreError):
            ask()
    assert json.dumps(shelf.entry(1).title)


JUNK = ("", "x", "a\0b", "[1]", '{"title": 1}', "x" * 1_000_000, b"\xff\xfe", b"7", 1.5, -3, 2**62, float("inf"))
COLUMNS = (
    "title", "title_key", "abstract", "published", "n_authors", "authors", "organization", "arxiv_id", "upvotes",
    "comments", "code_url", "project_url", "added_at", "day", "digest", "position", "origin", "origins",
)  # fmt: skip


@pytest.mark.parametrize("column", COLUMNS)
def test_whatever_stands_in_a_paper_it_is_read_compared_and_merged(library: Library, column: str) -> None:
    abstract = "Caches keep the windows of keys that a model attends to, and what they leave out is little. " * 3
    library.import_digest(
        digest(listing("Windows: Keep What Matters", arxiv_id="2501.00001", abstract=abstract, upvotes=3))
    )
    library.import_digest(digest(listing("Windows: Keeping What Matters", abstract=abstract), day="2025-11-29"))
    for junk in JUNK:
        with closing(sqlite3.connect(library.path)) as connection, connection:
            connection.execute(f"UPDATE papers SET {column} = ? WHERE id = 2", (junk,))
        for ask in (*_asked(library), library.duplicates, lambda: library.search("windows")):
            ask()
        assert json.dumps([entry._asdict() for entry in library.list()])
        assert library.merge(1, 2).entry
        library.undo()


@pytest.mark.parametrize("authors", ["{", "[1, null]", '{"a": 1}', "7", b"\xff\x00"])
def test_authors_that_another_program_garbled_are_not_known(tmp_path: Path, authors: str | bytes) -> None:
    with Library(tmp_path / "library.db") as library:
        listing = Listing(title="One", authors=("A. Uthor",))
        library.import_digest(
            Digest(format="cards", name="x", sha256="0" * 64, day=None, day_inferred=False, listings=(listing,))
        )
        with closing(sqlite3.connect(library.path)) as other, other:
            other.execute("UPDATE papers SET authors = ?", (authors,))
        assert [row.authors for row in library.rows(library.ids())] == [()]
        assert [entry.authors for entry in library.list()] == [()]
