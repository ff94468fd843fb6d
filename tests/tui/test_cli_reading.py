"""Commands that only look: what they print, field by field, for people, for pipes and as JSON."""

import json

import pytest

from store.library import Library
from tests.store.making import digest, listing
from tests.tui.conftest import Paperdeck
from tui.cli import paperdeck as command

ENTRY_FIELDS = [
    *("id", "title", "abstract", "published", "n_authors", "authors", "organization", "comments", "upvotes"),
    *("arxiv_id", "url", "code_url", "project_url", "days", "read", "starred", "skipped", "tags", "note", "added_at"),
]


@pytest.fixture(autouse=True)
def papers(library: Library) -> None:
    """Three papers of a day and one of the day before; the first is starred, tagged and noted."""
    library.import_digest(
        digest(listing("Older state spaces", published="2024-01-22", comments=2), day="2025-11-27", name="thursday.txt")
    )
    library.import_digest(
        digest(
            listing(
                "WindowKV: window selection",
                arxiv_id="2503.17922",
                authors=["Ada Lovelace", "B. Two"],
                n_authors=2,
                organization="Cohere Labs",
                comments=3,
                upvotes=40,
                published="2025-03-23",
                code_url="https://github.com/a/b",
                project_url="https://a.github.io/b",
            ),
            "State [/b] machines",
            "Émile — 中文标题",
            inferred=True,
            name="friday.txt",
            unparsed=((3, "what is this"), (107, "\x1b[31mred")),
        )
    )
    library.mark([2], starred=True)
    library.tag([2], add=["rl", "kv cache"])
    library.tag([1], add=["old"])
    library.note(2, "Read **this**\nsoon")


def test_an_entry_as_json_has_every_field(paperdeck: Paperdeck) -> None:
    shown = paperdeck("show", "2503.17922v2", "--json").json
    assert list(shown) == ENTRY_FIELDS
    added_at = shown.pop("added_at")
    assert added_at.startswith("20")
    assert added_at.endswith("Z")
    assert shown == {
        "id": 2,
        "title": "WindowKV: window selection",
        "abstract": "We study WindowKV: window selection.",
        "published": "2025-03-23",
        "n_authors": 2,
        "authors": ["Ada Lovelace", "B. Two"],
        "organization": "Cohere Labs",
        "comments": 3,
        "upvotes": 40,
        "arxiv_id": "2503.17922",
        "url": "https://arxiv.org/abs/2503.17922",
        "code_url": "https://github.com/a/b",
        "project_url": "https://a.github.io/b",
        "days": ["2025-11-28"],
        "read": False,
        "starred": True,
        "skipped": False,
        "tags": ["kv cache", "rl"],
        "note": "Read **this**\nsoon",
    }


def test_what_is_unknown_is_null_in_json(paperdeck: Paperdeck) -> None:
    shown = paperdeck("show", "3", "--json").json
    for field in ("published", "n_authors", "organization", "comments", "upvotes", "arxiv_id", "url", "note"):
        assert shown[field] is None
    assert shown["authors"] == shown["tags"] == []


def test_list_is_everything_newest_day_first_in_the_pages_order(paperdeck: Paperdeck) -> None:
    ran = paperdeck("list", "--json")
    assert [entry["id"] for entry in ran.json] == [2, 3, 4, 1]
    assert list(ran.json[0]) == ENTRY_FIELDS
    assert (ran.status, ran.err) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (["state"], [3, 1]),
        (["state", "spaces"], [1]),
        (["state spaces"], [1]),
        (["-tag:old"], [2, 3, 4]),
        (["state", "-tag:old"], [3]),
        (["--", "-tag:old"], [2, 3, 4]),
        (["-has:note"], [3, 4, 1]),
        (["-is:inbox"], [2]),
        (["--limit", "2", "-tag:rl"], [3, 4]),
        (["-tag:rl", "--limit", "1"], [3]),
        (["--sort", "title"], [4, 1, 3, 2]),
        (["--sort", "-title"], [2, 3, 1, 4]),
        (["is:starred", "OR", "tag:old", "--sort=day"], [2, 1]),
        (["day:2025-11-27"], [1]),
        (["windwkv"], []),
        ([""], [2, 3, 4, 1]),
    ],
)
def test_list_takes_a_query_of_several_arguments(paperdeck: Paperdeck, arguments: list[str], ids: list[int]) -> None:
    ran = paperdeck("list", "--json", *arguments)
    assert ran.status == 0, ran.err
    assert [entry["id"] for entry in ran.json] == ids


@pytest.mark.parametrize(
    "arguments",
    [
        ["list", "--nonsense"],
        ["list", "--limit", "0"],
        ["list", "--limit", "many"],
        ["list", "x", "--limit"],
        ["list", "--sort", "nonsense"],
        ["search"],
        ["show"],
        ["nonsense"],
        ["tags", "-x"],
        ["digests", "show", "x"],
        ["export", "--group", "week"],
        ["--nonsense"],
    ],
)
def test_wrong_usage_is_status_2_and_says_why(paperdeck: Paperdeck, arguments: list[str]) -> None:
    ran = paperdeck(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert "paperdeck: " in ran.err


@pytest.mark.parametrize("name", ["list", "search", "export"])
def test_a_wrong_query_is_shown_with_the_place(paperdeck: Paperdeck, name: str) -> None:
    ran = paperdeck(name, "中文", "tag:", "x")
    assert (ran.status, ran.out) == (2, "")
    message, query, caret = ran.err.splitlines()
    assert message.startswith("paperdeck: ")
    assert query == "  中文 tag: x"
    assert caret.strip() == "^"
    assert caret.index("^") in range(2 + len("zhwe tag:"), 2 + len("zhwe tag: x"))


def test_a_line_in_a_pipe_has_fields_between_tabs(paperdeck: Paperdeck) -> None:
    lines = [line.split("\t") for line in paperdeck("list").out.splitlines()]
    assert lines[0] == [
        "2", "starred,noted", "2025-11-28", "WindowKV: window selection", "Cohere Labs", "kv cache, rl",
    ]  # fmt: skip
    assert lines[1] == ["3", "", "2025-11-28", "State [/b] machines", "", ""]
    assert paperdeck("search", "windwkv").out.splitlines() == ["\t".join(lines[0])]


def test_search_forgives_typos_and_obeys_its_limit(paperdeck: Paperdeck) -> None:
    assert [entry["id"] for entry in paperdeck("search", "windwkv", "selction", "--json").json] == [2]
    found = paperdeck("search", "state", "--limit", "1", "--json").json
    assert len(found) == 1
    assert list(found[0]) == ENTRY_FIELDS
    assert [entry["id"] for entry in paperdeck("search", "state", "-tag:old", "--json").json] == [3]


def test_nothing_found_is_no_error_but_is_said(paperdeck: Paperdeck) -> None:
    assert paperdeck("list", "zebra") == (0, "", "No paper matches zebra\n")
    assert paperdeck("list", "zebra", "--json") == (0, "[]\n", "")


def test_show_has_all_that_is_known(paperdeck: Paperdeck) -> None:
    out = paperdeck("show", "2").out
    for part in (
        "WindowKV: window selection",
        "starred",
        "kv cache, rl",
        "28 Nov 2025",
        "Ada Lovelace, B. Two",
        "Cohere Labs",
        "https://arxiv.org/abs/2503.17922",
        "https://github.com/a/b",
        "Read **this**\nsoon",
        "We study WindowKV",
    ):
        assert part in out
    assert "State [/b] machines" in paperdeck("show", "3").out


@pytest.mark.parametrize(
    "arguments", [["show", "99"], ["show", "2401.99999"], ["show", "what"], ["digests", "show", "9"]]
)
def test_what_is_not_there_is_status_1(paperdeck: Paperdeck, arguments: list[str]) -> None:
    ran = paperdeck(*arguments)
    assert (ran.status, ran.out) == (1, "")
    assert arguments[-1] in ran.err


def test_tags_with_their_counts(paperdeck: Paperdeck, library: Library) -> None:
    library.tag([3, 4], add=["rl"])
    assert paperdeck("tags").out == "1\tkv cache\n1\told\n3\trl\n"
    assert paperdeck("tags", "--json").json == [
        {"tag": "kv cache", "papers": 1},
        {"tag": "old", "papers": 1},
        {"tag": "rl", "papers": 3},
    ]


def test_the_log_says_what_was_done_last_first(paperdeck: Paperdeck) -> None:
    entries = paperdeck("log", "--json").json
    assert [entry["action"] for entry in entries] == ["note", "tag", "tag", "mark"]
    assert list(entries[0]) == ["id", "at", "action", "summary", "papers", "state"]
    lines = paperdeck("log", "--limit", "1").out.splitlines()
    assert len(lines) == 1
    assert lines[0].endswith(entries[0]["summary"])


def test_digests_are_listed_and_shown_with_what_was_not_understood(paperdeck: Paperdeck) -> None:
    records = paperdeck("digests", "--json").json
    assert [(record["id"], record["name"], record["day"], record["unparsed"]) for record in records] == [
        (2, "friday.txt", "2025-11-28", 2),
        (1, "thursday.txt", "2025-11-27", 0),
    ]
    assert [line.split("\t")[-1] for line in paperdeck("digests").out.splitlines()] == ["friday.txt", "thursday.txt"]
    shown = paperdeck("digests", "show", "2", "--json").json
    assert shown["papers"] == [2, 3, 4]
    assert shown["unparsed_lines"][0] == {"number": 3, "text": "what is this"}
    out = paperdeck("digests", "show", "2").out
    assert "3 papers of 28 Nov 2025 (year inferred)" in out
    assert "  3  what is this\n107  \N{REPLACEMENT CHARACTER}[31mred\n" in out


def test_an_import_can_be_taken_back(paperdeck: Paperdeck, library: Library) -> None:
    ran = paperdeck("digests", "remove", "2")
    assert (ran.status, ran.out) == (0, "")
    assert "friday.txt" in ran.err
    assert "2 papers" in ran.err
    assert sorted(library.ids()) == [1, 2]


def test_json_is_one_document_and_nothing_else(paperdeck: Paperdeck) -> None:
    for arguments in (["list"], ["search", "state"], ["tags"], ["log"], ["digests"], ["list", "nothing"]):
        assert isinstance(json.loads(paperdeck(*arguments, "--json").out), list)


def test_every_command_has_help_and_no_short_option_but_h(paperdeck: Paperdeck) -> None:
    for name in command.commands:
        for option in ("-h", "--help"):
            ran = paperdeck(name, option)
            assert ran.status == 0
            assert ran.out.startswith(f"Usage: paperdeck {name}")
        options = [option for param in command.commands[name].params for option in (*param.opts, *param.secondary_opts)]
        assert not [option for option in options if option.startswith("-") and not option.startswith("--")]
    assert paperdeck("-h").out == paperdeck("--help").out


def test_the_version_is_printed(paperdeck: Paperdeck) -> None:
    assert paperdeck("--version").out.startswith("paperdeck ")
