"""The JSON and JSON Lines exports: what `list --json` prints, and what an import takes back whole."""

import json
from datetime import date
from pathlib import Path

import pytest

from store.entries import Entry
from store.exports import ExportOptions, render
from store.library import Library
from store.sources import own_json
from tests.hostile import TEXTS, obeyed
from tests.store.making import digest
from tests.store.papers import WINDOW_KV, hostile

TODAY = date(2026, 3, 1)
BOTH = pytest.mark.parametrize("name", ["json", "jsonl"])


def read(name: str, document: str) -> list[dict[str, object]]:
    return json.loads(document) if name == "json" else [json.loads(line) for line in document.split("\n")[:-1]]


@BOTH
def test_an_entry_has_every_field_as_it_is(name: str) -> None:
    papers = [WINDOW_KV, *hostile()]
    document = render(papers, ExportOptions(name), today=TODAY)
    values = read(name, document)
    assert [list(value) for value in values] == [list(Entry._fields)] * len(papers)
    lists = ("authors", "days", "tags")
    assert [Entry(**value | {key: tuple(value[key]) for key in lists}) for value in values] == papers
    assert obeyed(document, but="\n") == []
    assert document.count("\n") == len(papers) + (2 if name == "json" else 0)


@BOTH
def test_nothing_is_an_empty_document(name: str) -> None:
    assert read(name, render([], ExportOptions(name), today=TODAY)) == []


@BOTH
def test_what_is_left_out_is_unknown(name: str) -> None:
    document = render([WINDOW_KV], ExportOptions(name, abstracts=False, notes=False), today=TODAY)
    value = read(name, document)[0]
    assert (value["abstract"], value["note"], value["title"]) == (None, None, WINDOW_KV.title)


@BOTH
def test_another_library_takes_everything_from_it(name: str, tmp_path: Path) -> None:
    note = "\n".join(text.encode("utf-8", "replace").decode() for text in TEXTS.values())
    with Library(tmp_path / "one.db") as one, Library(tmp_path / "two.db") as two:
        one.import_digest(digest("First", "Second", "Third"))
        first, second, _ = one.list()
        one.mark([first.id], starred=True)
        one.tag([first.id, second.id], add=["rl", "to cite"])
        one.note(first.id, note)
        document = render(one.list(), ExportOptions(name), today=TODAY)
        reading = own_json.read(document, "list.json")
        assert reading.unparsed == ()
        two.import_digest(digest(*reading.listings, day=None))
        taken = {entry.title: entry for entry in two.list()}
        assert taken == {entry.title: entry._replace(id=taken[entry.title].id) for entry in one.list()}
