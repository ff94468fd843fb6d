"""The help: examples that are true, lines that fit, and the closest name for what does not exist."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from store.library import Library
from tests.store.making import digest, listing
from tests.tui.conftest import Paperdeck
from tests.tui.test_cli_import import page
from tests.tui.test_cli_json import COMMANDS
from tui.commands.command import Command, Group
from tui.sample import build

NOT_RUN = {
    "fetch": "it needs the network",
    "fetch arxiv": "it needs the network",
    "add": "it needs the network",
    "demo": "it opens the app",
    "serve": "it runs until it is ended",
}
"""Commands whose examples are not run here, and why."""

ROOT = Path(__file__).parent.parent.parent


def examples(path: str) -> tuple[str, ...]:
    command = COMMANDS[path]
    assert isinstance(command, Command | Group)
    return command.examples


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the examples have it: the sample library in it, its paper 12 with an id, a page and a backup."""
    folder = tmp_path_factory.mktemp("place")
    build(folder / "library.db")
    with Library(folder / "library.db") as library:
        title = library.entry(12).title
        library.import_digest(digest(listing(title, arxiv_id="2401.12345"), name="ids.txt"))
        library.backup(folder / "copy.db")
    (folder / "page.txt").write_bytes(page("A title", "Another title"))
    (folder / "pages").mkdir()
    (folder / "pages" / "page.txt").write_bytes(page("A third title"))
    (folder / "thoughts.md").write_text("Thoughts.\n")
    (folder / "backups").mkdir()
    program = folder / "bin" / "paperdeck"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m tui "$@"\n')
    program.chmod(0o755)
    # What is not installed everywhere takes what it is given.
    for name in ("jq", "less"):
        (program.parent / name).write_text("#!/bin/sh\nexec cat\n")
        (program.parent / name).chmod(0o755)
    return folder


@pytest.mark.parametrize("path", COMMANDS)
def test_the_help_of_every_command_has_examples_and_fits(paperdeck: Paperdeck, path: str) -> None:
    text = paperdeck(*path.split(), "--help").out
    assert "\nExamples:\n  paperdeck " in text or "\nExamples:\n  eval" in text
    assert max(map(len, text.splitlines())) <= 80
    assert "..." not in text.partition("\nCommands:\n")[2]
    assert examples(path)


@pytest.mark.parametrize(
    ("path", "example"), [(path, example) for path in COMMANDS if path not in NOT_RUN for example in examples(path)]
)
def test_every_example_works(place: Path, tmp_path: Path, path: str, example: str) -> None:
    subprocess.run(["cp", "-R", f"{place}/.", str(tmp_path)], check=True)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("XDG")},
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "PAPERDECK_DB": str(tmp_path / "library.db"),
    }
    if path == "redo":
        subprocess.run(["paperdeck", "undo"], env=environment, capture_output=True, check=True)
    ran = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", example],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, "No paper matches" in ran.stderr) == (0, False), ran.stderr
    assert "Usage:" not in ran.stderr


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["lst"], "'list'"), (["duplicate"], "'duplicates'"), (["digests", "shw"], "'show'"),
        (["list", "--limt", "3"], "'--limit'"), (["mark", "1", "--starr"], "'--star'"), (["--vresion"], "'--version'"),
        (["export", "--formt", "csv"], "'--format'"), (["config", "--chek"], "'--check'"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_does_not_exist_is_told_with_what_was_meant(paperdeck: Paperdeck, typed: list[str], meant: str) -> None:
    ran = paperdeck(*typed)
    assert (ran.status, ran.out) == (2, "")
    assert "ou mean" in ran.err
    assert meant in ran.err
