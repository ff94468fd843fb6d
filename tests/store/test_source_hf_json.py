"""Hugging Face's JSON: every real day field by field, what archives and time do to it, and what nobody should send."""

import ast
import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import SourceError, StoreError
from store.models import Listing
from store.sources import parse
from store.sources.hf_json import day_in_name, read, recognises
from store.text import clean

DAY = (Path(__file__).parent.parent / "fixtures" / "hf_day.json").read_text(encoding="utf-8")
ENTRIES: Final[list[dict[str, Any]]] = json.loads(DAY)


def only(entry: object) -> Listing:
    """The one paper of a document that holds this entry."""
    (listing,) = read(json.dumps([entry]), "page.json").listings
    return listing


def test_a_day_gives_every_field() -> None:
    assert recognises(DAY)
    reading = read(DAY, "page.json")
    assert (reading.format, reading.day) == ("hf-json", date(2026, 2, 5))
    slow, newspapers = reading.listings
    assert slow == Listing(
        title="Slow Looking: Reading Pages the Way People Do",
        abstract="We look at pages slowly, which is 9.5% better. See https://slow.example.org/ and "
        "https://github.com/example-lab/other.",
        published=date(2026, 2, 2),
        n_authors=2,
        authors=("Ada Milenković", "Bo Lund"),
        organization="Lowland AI Institute",
        arxiv_id="2602.00017",
        upvotes=24,
        comments=6,
        code_url="https://github.com/example-lab/slow-looking",
        project_url="https://example.org/slow",
        days=(date(2026, 2, 5),),
    )
    assert (newspapers.title, newspapers.upvotes, newspapers.comments) == ("1984", 0, 0)
    assert newspapers.code_url == "https://github.com/example-lab/newspapers"


def test_an_entry_without_a_title_is_kept_with_its_line() -> None:
    (line,) = read(DAY, "page.json").unparsed
    assert json.loads(line.text) == ENTRIES[2]
    assert (
        DAY.splitlines()[line.number - 1].strip() == '{"paper": {"id": "2602.00099", "upvotes": 3}, "numComments": 1}'
    )


@pytest.mark.parametrize(
    "document",
    [
        ENTRIES,
        [entry["paper"] | {"numComments": entry["numComments"]} for entry in ENTRIES],
        {"dailyPapers": ENTRIES},
        {"searchResults": ENTRIES, "dailyPapers": [{"paper": {"title": "Of another day"}}]},
        {"status": "success", "date": "2026-02-05", "count": 3, "data": ENTRIES},
        [repr(entry) for entry in ENTRIES],
        {"status": "success", "data": [repr(entry) for entry in ENTRIES]},
        [[entry] for entry in ENTRIES],
    ],
    ids=["as it is", "bare papers", "props", "search", "wrapped", "as text", "wrapped text", "nested"],
)
def test_however_the_entries_are_wrapped_the_papers_are_the_same(document: object) -> None:
    text = json.dumps(document)
    assert recognises(text)
    reading = read(text, "page.json")
    assert reading.listings == read(DAY, "page.json").listings
    assert len(reading.unparsed) == 1


def test_a_paper_that_has_lost_its_date_is_not_taken_for_our_own_json() -> None:
    lone = {field: ENTRIES[0]["paper"][field] for field in ("id", "title", "summary", "upvotes", "organization")}
    digest = parse(json.dumps([lone]).encode(), "page.json")
    assert (digest.format, digest.listings[0].arxiv_id) == ("hf-json", "2602.00017")


@pytest.mark.parametrize("form", ["lines", "one object", "python", "two arrays"])
def test_other_ways_to_save_an_answer_are_read(form: str) -> None:
    text = {
        "lines": "\n".join(map(json.dumps, ENTRIES[:2])),
        "one object": json.dumps(ENTRIES[0]["paper"] | {"numComments": 6}),
        "python": repr(ENTRIES[:2]),
        "two arrays": f"{json.dumps(ENTRIES[:1])}\n{json.dumps(ENTRIES[1:2])}",
    }[form]
    assert recognises(text)
    expected = read(DAY, "page.json").listings
    assert read(text, "page.json").listings == (expected[:1] if form == "one object" else expected)


def test_the_day_is_what_the_papers_say_else_the_answer_else_the_name() -> None:
    undated = [{"paper": {"id": "2405.15738", "title": "A"}}]
    assert read(DAY, "2024-05-27.json").day == date(2026, 2, 5)
    assert read(json.dumps(undated), "papers/2024-05-27.json").day == date(2024, 5, 27)
    assert read(json.dumps({"date": "2024-05-26", "data": undated}), "2024-05-27.json").day == date(2024, 5, 26)
    assert read(json.dumps(undated), "2024-05-27/page.json").day is None
    assert (
        read(json.dumps({"periodType": "week", "dateString": "2024-W22", "dailyPapers": undated}), "p.json").day is None
    )
    assert read(json.dumps({"searchResults": undated}), "2024-05-27.json").day is None
    two = [{"date": f"2024-05-{day}", "data": [repr(undated[0])]} for day in (26, 27)]
    both = read("\n".join(map(json.dumps, two)), "both.json")
    assert [listing.days for listing in both.listings] == [(date(2024, 5, 26),), (date(2024, 5, 27),)]


def test_names_tell_a_day_only_where_it_is_sure() -> None:
    assert day_in_name("https://huggingface.co/api/daily_papers?date=2024-05-27") == date(2024, 5, 27)
    assert day_in_name(r"C:\papers\hf-2024-05-27 (1).json") == date(2024, 5, 27)
    for name in ("page.json", "2024-05-27_2024-05-28.json", "2024-02-30.json", "12024-05-27.json", "2405.15738.json"):
        assert day_in_name(name) is None


def test_a_day_without_papers_is_a_day() -> None:
    for text in ("[]", " [\n]\n", '{"date": "2024-05-27", "data": [], "dailyPapers": []}'):
        assert recognises(text)
        reading = read(text, "2024-05-27.json")
        assert (reading.listings, reading.unparsed, reading.day) == ((), (), date(2024, 5, 27))


def test_a_search_that_found_nothing_does_not_give_the_papers_beside_it() -> None:
    assert read('{"q": "x", "searchResults": [], "dailyPapers": [{"paper": {"title": "A"}}]}', "p.json").listings == ()


@pytest.mark.parametrize(
    "junk", [None, True, -1, 1.5, "", " \n", "\ud800\x1b[2J", [], [None], {}, {"name": None}, 10**18]
)
def test_a_field_of_the_wrong_type_costs_only_itself(junk: object) -> None:
    whole = only(ENTRIES[0])
    names = {
        "id": "arxiv_id",
        "summary": "abstract",
        "publishedAt": "published",
        "upvotes": "upvotes",
        "githubRepo": "code_url",
        "projectPage": "project_url",
        "submittedOnDailyAt": "days",
        "organization": "organization",
    }
    for field in [*ENTRIES[0]["paper"], "later"]:
        paper = ENTRIES[0]["paper"] | {field: junk}
        listing = only(ENTRIES[0] | {"paper": paper})
        changed = {name for name in Listing.model_fields if getattr(listing, name) != getattr(whole, name)}
        assert changed <= {names.get(field, ""), *(("authors", "n_authors") if field == "authors" else ())}
    assert only(ENTRIES[0] | {"paper": junk, "id": "2602.00017"}).title == whole.title


def test_authors_are_taken_in_any_form() -> None:
    authors = [None, {"name": ""}, {"name": "Ada"}, "Bo", {"user": {"fullname": "Cy"}}, {"name": None, "user": None}, 3]
    listing = only({"title": "A", "numComments": 1, "authors": authors})
    assert (listing.authors, listing.n_authors) == (("Ada", "Bo", "Cy"), 3)


def test_of_an_answer_that_was_cut_off_the_whole_papers_are_kept() -> None:
    whole = read(DAY, "page.json").listings
    first = DAY.index("\n  },") + len("\n  }")
    for size in range(first, len(DAY)):
        reading = read(DAY[:size], "page.json")
        assert reading.listings == whole[: len(reading.listings)]
        lost = " ".join(line.text for line in reading.unparsed)
        assert " ".join(DAY[first:size].split()).removeprefix(", ").startswith(lost) or len(reading.listings) == 2
    for size in range(1 + DAY.index("{"), first):
        with pytest.raises(SourceError, match=r"^page\.json is broken JSON"):
            read(DAY[:size], "page.json")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1, 2]",
        "{}",
        '{"name": "package", "version": "1.0"}',
        '[{"id": 12, "title": "A", "arxiv_id": "2401.00001", "note": "{\\"paper\\": 1}", "tags": []}]',
        "Daily Papers\n",
        '<div data-target="DailyPapers">',
    ],
)
def test_other_documents_are_not_recognised(text: str) -> None:
    assert not recognises(text)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"paper":' * 100_000,
        '[{"paper": {"title": "A"}}, ' + "[" * 100_000,
        json.dumps(["{'paper': " + "-" * 100_000 + "1}"]),
        json.dumps(["{'paper': " + "1 -" * 100_000 + "1}"]),
        json.dumps(["{'paper': " + "{'a': " * 5_000 + "1" + "}" * 5_001]),
        json.dumps(["{'paper': " + "'" * 100_001 + "}"]),
        json.dumps(["{'paper': __import__('os').getcwd()}", "{[]: 1}", "{'paper': {1, 2}}", "{'title': 'A' * 9}"]),
        '[{"paper": {"title": "A"}, "numComments": ' + "9" * 10_000 + "}]",
        json.dumps([{"paper": {"id": "a-" * 500_000, "title": "[/b] " * 200_000, "projectPage": "/a.io" * 200_000}}]),
    ],
    ids=["arrays", "objects", "after", "signs", "sums", "nested", "quotes", "code", "number", "long"],
)
def test_nothing_but_papers_or_a_refusal_comes_of_hostile_input(text: str) -> None:
    try:
        reading = read(text, "page.json")
    except StoreError:
        return
    assert all(listing.title for listing in reading.listings)
    assert reading.listings or reading.unparsed or text.startswith("[[")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("2026-02-05"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*ENTRIES[0], *ENTRIES[0]["paper"], "dailyPapers", "name", "user"]), inner, max_size=5
        )
    ),
    max_leaves=25,
)


@given(_JSON, st.text(max_size=30), st.randoms())
def test_no_document_breaks_the_reader(value: object, splinter: str, chance: random.Random) -> None:
    at = chance.randrange(len(DAY))
    for text in (json.dumps([value]), json.dumps(repr(value)), DAY[:at] + splinter + DAY[at + 1 :]):
        recognises(text)
        try:
            reading = read(text, "page.json")
        except StoreError:
            continue
        for safe in [line.text for line in reading.unparsed] + [listing.title for listing in reading.listings]:
            assert not any(ord(character) < 32 or "\ud800" <= character <= "\udfff" for character in safe)


# The real days, read in another way: each field as it stands in the JSON.


def _days(corpus: Path) -> Iterator[tuple[Path, list[dict[str, Any]]]]:
    for path in sorted((corpus / "hf_api").glob("*.json")):
        document = json.loads(path.read_bytes())
        entries = document["data"] if isinstance(document, dict) else document
        yield path, [ast.literal_eval(entry) if isinstance(entry, str) else entry for entry in entries]


def test_every_paper_of_every_real_day_arrives_with_every_field(corpus: Path) -> None:
    days = papers = listed = owned = 0
    for path, entries in _days(corpus):
        text = path.read_text(encoding="utf-8")
        assert recognises(text)
        reading = read(text, path.name)
        assert (reading.day, reading.unparsed) == (date.fromisoformat(path.stem), ())
        for listing, entry in zip(reading.listings, entries, strict=True):
            paper = entry["paper"]
            assert listing.arxiv_id == paper["id"]
            assert listing.title == clean(paper["title"])
            assert listing.abstract == clean(paper["summary"])
            assert listing.authors == tuple(clean(author["name"]) for author in paper["authors"])
            assert listing.n_authors == len(paper["authors"])
            assert (listing.upvotes, listing.comments) == (paper["upvotes"], entry["numComments"])
            assert str(listing.published) == paper["publishedAt"][:10]
            assert [str(day) for day in listing.days] == ([path.stem] if "submittedOnDailyAt" in paper else [])
            if "githubRepo" in paper:
                assert listing.code_url == paper["githubRepo"]
            if "projectPage" in paper:
                assert listing.project_url == paper["projectPage"].strip()
            listed += bool(listing.days)
            owned += listing.organization is not None
        days, papers = days + 1, papers + len(entries)
    assert (days, papers, listed, owned) == (284, 4024, 1220, 0)
