"""The CSL-JSON export: items as the schema of Citation Style Language has them, which pandoc cites."""

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, TypeAdapter

from store.entries import Entry
from store.exports import ExportOptions, render
from store.exports.citing import citation_key
from store.exports.escaping import folded
from tests.hostile import obeyed
from tests.store.papers import WINDOW_KV, hostile, paper

TODAY = date(2026, 3, 1)
needs_pandoc = pytest.mark.skipif(shutil.which("pandoc") is None, reason="pandoc is not installed")


class Strict(BaseModel):
    """An object of these fields and no others, none of them null."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Name(Strict):
    """`name-variable` of the schema."""

    literal: str = ""
    family: str = ""
    given: str = ""
    suffix: str = ""
    non_dropping_particle: str = ""
    model_config = ConfigDict(alias_generator=lambda field: field.replace("_", "-"))


class Day(Strict):
    """`date-variable` of the schema, as whole dates."""

    date_parts: list[list[int]]
    model_config = ConfigDict(alias_generator=lambda field: field.replace("_", "-"))


class Item(Strict):
    """What we use of the schema's items (csl-data.json), which has no other fields than its own either."""

    id: str
    type: Literal["article"]
    title: str
    author: list[Name] = []
    issued: Day | None = None
    number: str = ""
    publisher: Literal["arXiv", ""] = ""
    URL: str = ""
    keyword: str = ""
    annote: str = ""
    abstract: str = ""


def document(*papers: Entry, **options: object) -> str:
    return render(papers, ExportOptions("csl-json", **options), today=TODAY)


def test_an_item_has_what_is_known_of_its_paper() -> None:
    assert json.loads(document(WINDOW_KV)) == [
        {
            "id": "windowkv-2503.17922",
            "type": "article",
            "title": WINDOW_KV.title,
            "author": [
                {"family": "Zuo", "given": "Youhui"},
                {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
            ],
            "issued": {"date-parts": [[2025, 3, 23]]},
            "number": "arXiv:2503.17922",
            "publisher": "arXiv",
            "URL": "https://arxiv.org/abs/2503.17922",
            "keyword": "kv_cache, to cite",
            "annote": WINDOW_KV.note,
            "abstract": "We gain 10.8% & more.",
        }
    ]
    bare = paper(3, "Only a title", organization="Cohere Labs")
    assert json.loads(document(bare, abstracts=False)) == [
        {"id": "only-3", "type": "article", "title": "Only a title", "author": [{"literal": "Cohere Labs"}]}
    ]


def test_every_hostile_text_stands_in_items_of_the_schema() -> None:
    papers = hostile()
    text = document(*papers)
    items = TypeAdapter(list[Item]).validate_json(text)
    assert [item.id for item in items] == [citation_key(one) for one in papers]
    assert [item.title for item in items] == [folded(one.title) for one in papers]
    assert obeyed(text, but="\n") == []


def test_nothing_is_an_empty_array() -> None:
    assert json.loads(document()) == []


@needs_pandoc
def test_pandoc_reads_every_item_and_cites_by_its_key(tmp_path: Path) -> None:
    file = tmp_path / "all.json"
    file.write_text(document(WINDOW_KV, *hostile()), encoding="utf-8")
    back = subprocess.run(["pandoc", "-f", "csljson", "-t", "csljson", file], capture_output=True, check=True).stdout
    assert [item["id"] for item in json.loads(back)] == [citation_key(one) for one in (WINDOW_KV, *hostile())]
    command = ["pandoc", "--citeproc", f"--bibliography={file}", "-t", "plain", "--wrap=none"]
    cited = subprocess.run(command, input="[@windowkv-2503.17922]", capture_output=True, text=True, check=True).stdout
    assert "(Zuo and van der Berg 2025)" in cited
    assert WINDOW_KV.title in cited
