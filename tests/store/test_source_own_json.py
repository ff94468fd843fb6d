"""Paperdeck's own JSON: what it printed comes back as it was, and what others made of it is understood in part."""

import json
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.library import Library
from store.models import Listing, Said
from store.sources import parse
from store.sources.own_json import read, recognises
from tests.store.making import digest, listing

FIXTURES = Path(__file__).parent.parent / "fixtures"
ENTRY: dict[str, object] = {
    "id": 7,
    "title": r"Knots: \emph{not} resolved again, a <b> c [/b]",
    "abstract": r"We tie 10.8% of {them}, $\alpha$ and Milenkovi\'c~5.",
    "published": "2024-01-02",
    "n_authors": 86,
    "authors": ["Ada Byron", "Kurt Gödel"],
    "organization": "Quay & Harbour",
    "comments": 3,
    "upvotes": 41,
    "arxiv_id": "2401.00017",
    "url": "https://arxiv.org/abs/2401.00017",
    "code_url": "https://github.com/example-lab/knots",
    "project_url": "http://knots.example.org/~ada",
    "days": ["2024-01-03", "2024-01-05"],
    "read": True,
    "starred": True,
    "skipped": False,
    "tags": ["rl", "to cite: §3; maybe"],
    "note": "  # Heading\n\n\\'e  stays\t\r\n",
    "added_at": "2024-01-03T08:00:00.000Z",
}
PAPER = Listing(
    added_at=datetime(2024, 1, 3, 8, tzinfo=UTC),
    title=r"Knots: \emph{not} resolved again, a <b> c [/b]",
    abstract=r"We tie 10.8% of {them}, $\alpha$ and Milenkovi\'c~5.",
    published=date(2024, 1, 2),
    n_authors=86,
    authors=("Ada Byron", "Kurt Gödel"),
    organization="Quay & Harbour",
    comments=3,
    upvotes=41,
    arxiv_id="2401.00017",
    code_url="https://github.com/example-lab/knots",
    project_url="http://knots.example.org/~ada",
    days=(date(2024, 1, 3), date(2024, 1, 5)),
    said=Said(read=True, starred=True, tags=("rl", "to cite: §3; maybe"), note="  # Heading\n\n\\'e  stays\t\r\n"),
)
LINE = json.dumps(ENTRY)


@pytest.mark.parametrize(
    "text",
    [
        f"[\n {LINE},\n {LINE}\n]\n",
        f"{LINE}\n{LINE}\n",
        f"{LINE}\r\n\r\n{LINE}",
        json.dumps([ENTRY, ENTRY], indent=2, ensure_ascii=False),
        f"{LINE} {LINE}",
    ],
    ids=["as printed", "lines", "lines of windows", "indented", "one after the other"],
)
def test_arrays_and_lines_are_read_alike(text: str) -> None:
    assert recognises(text)
    reading = read(text, "library.json")
    assert (reading.format, reading.day, reading.unparsed) == ("paperdeck", None, ())
    assert reading.listings == (PAPER, PAPER)


def test_a_single_object_and_what_a_script_left_of_one_are_read() -> None:
    assert read(json.dumps(ENTRY, indent=2), "paper.json").listings == (PAPER,)
    left = '[{"title": "Knots", "tags": []}, {"title": "More", "arxiv_id": null}]'
    assert recognises(left)
    assert read(left, "left.json").listings == (Listing(title="Knots"), Listing(title="More"))


def test_a_whole_library_comes_back_as_it_was(library: Library) -> None:
    for name in ("cards.txt", "flat.txt"):
        library.import_digest(parse((FIXTURES / name).read_bytes(), name, today=date(2026, 2, 1)))
    hard = listing(
        r"Na\"ive ~ 10% \emph{x}", abstract=None, authors=("Ada",), upvotes=3, arxiv_id="hep-th/9901001", n_authors=2
    )
    library.import_digest(digest(hard, "Plain", day="2025-11-04"))
    library.import_digest(digest(hard, day="2025-11-05"))
    ids = [entry.id for entry in library.list()]
    library.mark(ids[:3], read=True)
    library.mark(ids[2:4], starred=True)
    library.mark(ids[4:5], skipped=True)
    library.tag(ids[1:3], add=["to cite", "ünsorted"])
    library.note(ids[0], "a \\'e\n\n  b \x1b[31m <x>\n")
    entries = library.list()
    text = json.dumps([entry._asdict() for entry in entries])
    assert recognises(text)
    reading = read(text, "library.json")
    assert reading.unparsed == ()
    for entry, paper in zip(entries, reading.listings, strict=True):
        said = paper.said or Said()
        back = json.loads(paper.model_dump_json(exclude={"said", "added_at", "is_replacement"})) | json.loads(
            said.model_dump_json()
        )
        was = json.loads(json.dumps(entry._asdict()))
        assert back == {key: value for key, value in was.items() if key not in {"id", "url", "added_at"}}
        assert paper.added_at == datetime.fromisoformat(entry.added_at)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("published", "2024-1-2"),
        ("published", "2024-02-30"),
        ("published", 2024),
        ("n_authors", -1),
        ("n_authors", True),
        ("n_authors", 2**63),
        ("comments", "3"),
        ("upvotes", 1.5),
        ("organization", ["x"]),
        ("arxiv_id", "24.1"),
        ("code_url", "javascript:alert(1)"),
        ("project_url", "file:///etc/passwd"),
        ("authors", "Ada Byron"),
        ("days", {"2024-01-03": 1}),
        ("read", "yes"),
        ("tags", "rl"),
        ("note", 5),
        ("colour", "red"),
        ("abstract", [[[["deep"]]]]),
    ],
)
def test_a_field_that_is_not_understood_is_kept_and_the_others_are_read(field: str, wrong: object) -> None:
    reading = read(json.dumps([ENTRY, ENTRY | {field: wrong}]), "library.json")
    assert reading.listings[0] == PAPER
    assert reading.listings[1].title == PAPER.title
    assert reading.listings[1].upvotes == (None if field == "upvotes" else 41)
    (line,) = reading.unparsed
    assert line.number == 2
    assert line.text.startswith(f"{field}: ")


def test_items_that_are_not_understood_are_kept_and_the_others_are_read() -> None:
    odd = {"title": "Knots", "tags": ["rl", "a,b", "RL", 5], "authors": ["Ada", None], "days": ["2024-01-03", "soon"]}
    reading = read(json.dumps([odd]), "library.json")
    (paper,) = reading.listings
    assert paper.said == Said(tags=("rl",))
    assert (paper.authors, paper.days) == (("Ada",), (date(2024, 1, 3),))
    assert [line.text for line in reading.unparsed] == ['tags: ["a,b", 5]', "authors: [null]", 'days: ["soon"]']


def test_a_paper_is_starred_or_skipped_not_both() -> None:
    reading = read(json.dumps([ENTRY | {"skipped": True}]), "library.json")
    assert reading.listings == (PAPER,)
    assert [line.text for line in reading.unparsed] == ["skipped: true"]


def test_what_is_no_paper_is_kept_with_its_number() -> None:
    reading = read(json.dumps([5, ENTRY, {"tags": ["rl"]}, ENTRY | {"title": " \u200b"}, "words"]), "library.json")
    assert reading.listings == (PAPER,)
    assert [line.number for line in reading.unparsed] == [1, 3, 4, 5]
    assert reading.unparsed[1].text == '{"tags": ["rl"]}'


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (f"[\n {LINE},\n {LINE},\n {LINE[:-40]}", [4]),
        (f"[{LINE}, {LINE}, {LINE[:-40]}", [1]),
        (f"{LINE}\nwords\n{LINE}\n[{{\n", [2, 4]),
    ],
    ids=["as printed", "on one line", "lines"],
)
def test_of_a_file_that_is_cut_off_or_damaged_the_whole_entries_arrive(text: str, numbers: list[int]) -> None:
    assert recognises(text)
    reading = read(text, "library.json")
    assert reading.listings == (PAPER, PAPER)
    assert [line.number for line in reading.unparsed] == numbers


def test_texts_are_made_safe() -> None:
    text = json.dumps([ENTRY | {"title": "Kn\x1b[31mots\n\u202e", "note": "half \ud800", "authors": ["\x07Ada"]}])
    (paper,) = read(text, "library.json").listings
    assert (paper.title, paper.authors) == ("Knots", ("Ada",))
    assert paper.said is not None
    assert paper.said.note == "half ?"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "[5]",
        "words",
        "{",
        '{"title": "x"}',
        "[" * 100_000,
        '[{"title": ' * 50_000,
        '[{"title": "x", "n_authors": ' + "9" * 5000 + "}]",
        '[{"paper": {"id": "2401.00017"}, "title": "x", "organization": {}, "numComments": 1}]',
    ],
    ids=["empty", "no entry", "number", "words", "cut", "bare", "brackets", "deep", "digits", "hugging face"],
)
def test_other_texts_are_not_recognised(text: str) -> None:
    assert not recognises(text)
    read(text, "text")


def test_hostile_files_take_no_more_time_than_long_ones() -> None:
    started = time.process_time()
    for hostile in (f"{LINE}\n" + "{\n" * 20_000, f"{LINE}," * 1_000 + "{", f"{LINE}\n" + "[" * 200_000):
        assert recognises(hostile)
        assert read(hostile, "library.json").listings
    assert time.process_time() - started < 10


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(ENTRY)), _JSON), st.integers(0, 200))
def test_any_values_anywhere_are_read(values: dict[str, object], cut: int) -> None:
    text = json.dumps([ENTRY, ENTRY | values])
    for changed in (text, text[: len(text) - cut], text.replace("}, {", "}\n{")):
        assert recognises(changed)
        assert read(changed, "library.json").listings[0] == PAPER


def test_two_authors_of_one_name_are_two(library: Library) -> None:
    library.import_digest(digest(listing("Knots", authors=("Yang Yue", "Ada", "Yang Yue"))))
    (paper,) = read(json.dumps([entry._asdict() for entry in library.list()]), "library.json").listings
    assert paper.authors == ("Yang Yue", "Ada", "Yang Yue")


def test_a_paper_keeps_when_another_library_took_it_in(library: Library) -> None:
    library.import_digest(digest(listing("Knots").model_copy(update={"added_at": PAPER.added_at})))
    assert library.list()[0].added_at == "2024-01-03T08:00:00.000Z"
