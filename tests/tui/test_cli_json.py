"""What a script reads: every command that prints has `--json`, and then prints one JSON value and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from store.library import Library
from tests.store.making import digest, listing
from tests.tui.conftest import Paperdeck
from tests.tui.test_cli_import import page
from tui.cli import paperdeck as command_line

NO_JSON = {
    "": "it opens the app",
    "demo": "it opens the app",
    "serve": "it prints an address and goes on",
    "completions": "it prints a script for a shell",
    "export": "it prints a document, and JSON with --format json",
}
"""Commands without `--json`, and why."""

RUNS: dict[str, tuple[list[str], set[str]]] = {
    "import": (["page.txt"], {"files", "listed", "new", "updated", "unchanged", "unparsed", "failed"}),
    "fetch": ([], {"files", "failed"}),
    "fetch arxiv": (["cs.CL"], {"files", "failed"}),
    "add": (["2401.00009"], {"files", "failed"}),
    "digests": ([], set()),
    "digests show": (["1"], {"id", "name", "papers", "unparsed_lines"}),
    "digests remove": (["1"], {"id", "name", "papers_removed"}),
    "list": ([], set()),
    "search": (["one"], set()),
    "show": (["1"], {"id", "title", "tags", "note"}),
    "mark": (["1", "--star"], {"entry", "summary", "papers", "changed"}),
    "tag": (["1", "--add", "x"], {"entry", "summary", "papers", "changed"}),
    "tags": ([], set()),
    "note": (["1"], {"id", "note"}),
    "duplicates": ([], set()),
    "duplicates merge": (["1", "2"], {"entry", "summary", "papers", "changed", "stays"}),
    "duplicates apart": (["1", "2"], {"entry", "summary", "papers", "changed"}),
    "undo": ([], {"entry", "summary", "changed", "kept"}),
    "redo": ([], {"entry", "summary", "changed", "kept"}),
    "log": ([], set()),
    "backup": (["copy.db"], {"file"}),
    "restore": (["before.db"], {"file", "papers", "kept"}),
    "doctor": ([], {"wrong", "findings"}),
    "stats": ([], {"papers", "inbox", "days"}),
    "config": ([], {"path", "settings", "problems"}),
}
"""How each is run, and what is in the object that it prints; an array where that is empty."""


def every(group: click.Command = command_line, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """All commands, each with its words after `paperdeck`."""
    yield path, group
    if isinstance(group, click.Group):
        for name, command in group.commands.items():
            yield from every(command, f"{path} {name}".strip())


COMMANDS = dict(every())


@pytest.mark.parametrize("path", COMMANDS)
def test_a_command_prints_json_or_says_why_not(path: str) -> None:
    has_json = any("--json" in parameter.opts for parameter in COMMANDS[path].params)
    assert has_json == (path not in NO_JSON), path
    assert not has_json or path in RUNS, f"add to RUNS how `{path} --json` is run"


@pytest.mark.parametrize("path", RUNS)
@pytest.mark.usefixtures("home")
def test_json_is_all_that_is_printed(
    paperdeck: Paperdeck, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for service in ("HUGGINGFACE", "ARXIV_API", "ARXIV_RSS"):
        monkeypatch.setenv(f"PAPERDECK_{service}_URL", "http://127.0.0.1:9")  # nobody answers there
    library.import_digest(digest(listing("One", arxiv_id="2401.00001"), "Two"))
    library.mark([2], read=True)
    library.tag([2], add=["rl"])
    library.undo()
    library.backup(tmp_path / "before.db")
    (tmp_path / "page.txt").write_bytes(page("A title"))
    arguments, keys = RUNS[path]
    ran = paperdeck(*path.split(), *arguments, "--json")
    assert ran.status == int(path in {"fetch", "fetch arxiv", "add"}), ran.err
    if keys:
        assert keys <= ran.json.keys()
    else:
        assert isinstance(ran.json, list)


def test_what_was_changed_is_told_as_numbers(paperdeck: Paperdeck, library: Library) -> None:
    library.import_digest(digest("One", "Two", "Three"))
    library.mark([1], starred=True)
    done = {"entry": 2, "summary": "Starred “Two”", "papers": [1, 2], "changed": [2]}
    assert paperdeck("mark", "1", "2", "1", "--star", "--json").json == done
    nothing = {"entry": None, "summary": "Nothing to change", "papers": [1], "changed": []}
    assert paperdeck("mark", "1", "--star", "--json").json == nothing
    assert paperdeck("mark", "--query", "tag:none", "--star", "--json").json == nothing | {"papers": []}
    undone = paperdeck("undo", "--json").json
    assert (undone["entry"], undone["changed"], undone["kept"]) == (2, [2], [])
    for write in (["--text", "a"], ["--append", "b"]):
        assert paperdeck("note", "3", *write, "--json").json["changed"] == [3]


def test_a_failure_prints_no_json(paperdeck: Paperdeck) -> None:
    for arguments in (["show", "9"], ["mark", "9", "--star"], ["undo"], ["digests", "show", "9"], ["restore", "no.db"]):
        ran = paperdeck(*arguments, "--json")
        assert (ran.status, ran.out) == (1, "")
        assert ran.err.startswith("paperdeck: ")
