"""Completion in real shells: typed into bash, zsh and fish on a pseudo-terminal, read back as the shell reads it."""

import fcntl
import os
import pty
import re
import select
import shutil
import stat
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from store.errors import InvalidTag
from store.library import Library
from tests.hostile import obeyed, tags
from tests.store.making import digest
from tests.tui.conftest import Paperdeck

PATIENCE = 60.0
SHELLS = {
    "bash": ("bash --norc --noprofile -i", "PS1='$ '; source <(paperdeck completions bash)"),
    "zsh": (
        "zsh -f -i",
        "PS1='$ '; autoload -Uz compinit; compinit -D -u; source <(paperdeck completions zsh)",
    ),
    "fish": ("fish --no-config -i", "paperdeck completions fish | source"),
}
INSTALLED = [
    pytest.param(name, marks=pytest.mark.skipif(not shutil.which(name), reason=f"no {name}")) for name in SHELLS
]
every_shell = pytest.mark.parametrize("shell", INSTALLED)
in_every_shell = pytest.mark.parametrize("shell", INSTALLED, indirect=True)


@pytest.fixture
def home(tmp_path: Path, library: Library) -> Path:
    """A folder with a command `paperdeck` on a library, in which the shell's person is."""
    library.import_digest(digest("One", "Two"))
    library.tag([1], add=["kv cache", "robotics"])
    library.save_search("Reading group", "day:2025-11-28 tag:robotics", fuzzy=False)
    program = tmp_path / "bin" / "paperdeck"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{Path.cwd()}" exec "{sys.executable}" -m tui "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "a page.txt").write_text("x")
    return tmp_path


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG", "PAPERDECK"))}
    path = f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return kept | {
        "PAPERDECK_DB": str(home / "library.db"), "HOME": str(home), "PATH": path, "TERM": "dumb", "LC_ALL": "C.UTF-8",
        "HISTFILE": "/dev/null",
    }  # fmt: skip


class Shell:
    """An interactive shell in which completion is set up."""

    def __init__(self, name: str, home: Path) -> None:
        command, setup = SHELLS[name]
        self.screen, other = pty.openpty()
        self.process = subprocess.Popen(
            command.split(), stdin=other, stdout=other, stderr=other, cwd=home, env=environment(home),
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY),  # noqa: PLW1509
        )  # fmt: skip
        os.close(other)
        self._type(f"{setup}; printf '%s%s\\n' RE ADY\r", "READY")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.screen)

    def completed(self, typed: str) -> list[str]:
        """The words of the line that Tab makes of `typed`, as the shell understands them."""
        # To the line's beginning, and a command in front that shows each word; nothing waits for anything.
        seen = self._type(f"{typed}\t\x01printf '<%s>\\n' \x05\r printf '%s%s\\n' EN D\r", "END")
        return re.findall(r"^<(.*)>\r?$", seen, re.MULTILINE)

    def _type(self, keys: str, until: str) -> str:
        seen = b""
        deadline = time.monotonic() + PATIENCE
        os.write(self.screen, keys.encode())
        while not re.search(rf"^{until}\r?$".encode(), seen, re.MULTILINE):
            assert time.monotonic() < deadline, seen
            if select.select([self.screen], [], [], 1)[0]:
                seen += os.read(self.screen, 65536)
        return seen.decode()


@pytest.fixture
def shell(request: pytest.FixtureRequest, home: Path) -> Iterator[Shell]:
    started = Shell(request.param, home)
    yield started
    started.close()


@in_every_shell
def test_tab_completes_what_a_person_types(shell: Shell) -> None:
    assert shell.completed("paperdeck dupl") == ["paperdeck", "duplicates"]
    assert shell.completed("paperdeck mark 1 --unst")[-1] == "--unstar"
    assert shell.completed("paperdeck list is:sta")[-1] == "is:starred"
    assert shell.completed("paperdeck list -tag:rob")[-1] == "-tag:robotics"
    assert shell.completed("paperdeck list tag:kv")[-1] == 'tag:"kv cache"'
    assert shell.completed("paperdeck tag 1 --add 'kv")[-1] == "kv cache"
    assert shell.completed('paperdeck tag 1 --add "kv c')[-1] == "kv cache"
    assert shell.completed("paperdeck tag 1 --remove=rob")[-1] == "--remove=robotics"
    assert shell.completed("paperdeck mark --query is:unr")[-1] == "is:unread"
    assert shell.completed("paperdeck export --format csl")[-1] == "csl-json"
    assert shell.completed("paperdeck list day:2025-11-28\\ tag:ro")[-1] == "day:2025-11-28 tag:robotics"
    assert shell.completed("paperdeck import a\\ pa")[-1] == "a page.txt"
    assert shell.completed("paperdeck completions f")[-1] == "fish"


@in_every_shell
def test_hostile_tags_run_nothing(shell: Shell, library: Library, home: Path) -> None:
    hostile = [
        "qa $(touch HACKED) `touch HACKED`", "qb; touch HACKED & touch HACKED #", "qc 'x\" \\", "qd*?[a]{b..c} !! !$",
        "qe ~ $HOME ${PATH}", "qf | touch HACKED > HACKED <(touch HACKED)", "qg:a=b:c d", "ql\\",
    ]  # fmt: skip
    library.tag([1], add=hostile)
    for tag in map(str.lower, hostile):
        assert shell.completed(f"paperdeck tag 1 --add {tag[:2]}")[-1] == tag
    for tag in map(str.lower, hostile[:3]):
        spelt = tag.replace('"', '""')
        assert shell.completed(f"paperdeck list tag:{tag[:2]}")[-1] == f'tag:"{spelt}"'
    assert not list(home.rglob("HACKED"))


@every_shell
def test_a_script_is_accepted_by_its_shell(shell: str, home: Path) -> None:
    script = subprocess.run(
        ["paperdeck", "completions", shell], env=environment(home), capture_output=True, check=True
    ).stdout
    checked = subprocess.run([shell, "-n"], input=script, capture_output=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, b"")


def values(paperdeck: Paperdeck, *words: str) -> list[str]:
    """What is offered for the last of the words."""
    ran = paperdeck("completions", "zsh", *words)
    assert (ran.status, ran.err) == (0, "")
    return [line.split("\t")[0] for line in ran.out.splitlines()[1:]]


@pytest.mark.usefixtures("home")
def test_tags_views_and_saved_searches_are_offered(paperdeck: Paperdeck) -> None:
    assert values(paperdeck, "list", "tag:") == ['tag:"kv cache"', "tag:robotics"]
    assert "is:inbox" in values(paperdeck, "list", "is:")
    assert "day:2025-11-28 tag:robotics" in values(paperdeck, "export", "")
    assert values(paperdeck, "list", "(tag:ro") == ["(tag:robotics"]
    assert values(paperdeck, "mark", "--query", "is:inbox tag:ro") == ["is:inbox tag:robotics"]
    assert values(paperdeck, "digests", "show", "") == ["1"]
    assert values(paperdeck, "list", "day:2025") == ["day:2025-11-28"]
    assert "--json" in values(paperdeck, "list", "tag:x", "--")
    assert values(paperdeck, "list", "nonsense:") == []


def test_without_a_library_nothing_is_offered_nor_made(paperdeck: Paperdeck, tmp_path: Path) -> None:
    for words in (
        ["--db", str(tmp_path / "new" / "x.db"), "list", "tag:"],
        ["tag", "--add", ""],
        ["digests", "show", ""],
    ):
        assert values(paperdeck, *words) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", [b"no library", b"", b"SQLite format 3\0" + b"x" * 5000])
def test_a_damaged_library_is_no_noise(paperdeck: Paperdeck, tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "library.db").write_bytes(damage)
    assert values(paperdeck, "list", "tag:") == []


def test_no_candidate_has_what_a_terminal_obeys(paperdeck: Paperdeck, library: Library) -> None:
    library.import_digest(digest("One"))
    for tag in tags():
        with suppress(InvalidTag):
            library.tag([1], add=[tag])
    for words in (["list", "tag:"], ["tag", "--add", ""]):
        for shell in SHELLS:
            typed = ["paperdeck " + " ".join(words), ""] if shell == "bash" else words
            ran = paperdeck("completions", shell, *typed)
            assert (ran.status, ran.err) == (0, "")
            assert obeyed(ran.out, but="\n\t") == []


def test_bash_functions_called_by_hand_complete_too(home: Path) -> None:
    script = """
        source <(paperdeck completions bash)
        COMP_WORDS=(paperdeck list tag:ro); COMP_CWORD=2
        _paperdeck; printf '<%s>' "${COMPREPLY[@]}"
    """
    ran = subprocess.run(["bash", "-c", script], env=environment(home), capture_output=True, text=True, check=True)
    assert ran.stdout == "<tag:robotics>"
