"""No traceback ever reaches a person: real processes in which something breaks that nobody foresaw."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from store.library import Library
from tests.store.making import digest

PAPERDECK = [sys.executable, "-m", "tui"]


class Breaking:
    """A person's machine on which paperdeck breaks in a chosen way."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("XDG", "PAPERDECK"))},
            "HOME": str(home),
            "PYTHONPATH": os.pathsep.join([str(home), str(Path.cwd())]),
        }

    @property
    def details(self) -> Path:
        return self.home / ".local" / "state" / "paperdeck" / "last-error.txt"

    def with_code(self, code: str) -> None:
        """Code that runs before paperdeck does."""
        (self.home / "sitecustomize.py").write_text(code)

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        ran = subprocess.run(
            [*PAPERDECK, *arguments], env=self.environment, capture_output=True, text=True, check=False
        )
        assert "Traceback" not in ran.stdout + ran.stderr
        return ran


@pytest.fixture
def broken(tmp_path: Path) -> Breaking:
    return Breaking(tmp_path)


def breaks_with(statement: str) -> str:
    """Code by which reading the tags comes to `statement`."""
    return (
        "import store.library\n"
        "def tags(self):\n"
        f"    {statement}\n"
        "store.library.Library.tags = tags\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("raise ValueError('the \\x1b[31m disk is a teapot')", "ValueError: the �[31m disk is a teapot"),
        ("raise KeyError", "nobody foresaw: KeyError."),
        ("raise MemoryError", "There was not enough memory."),
        ("tags(self)", "RecursionError: maximum recursion depth exceeded"),
        ("raise UnicodeDecodeError('utf-8', b'x', 0, 1, 'no')", "UnicodeDecodeError"),
        ("import sqlite3; raise sqlite3.ProgrammingError('our mistake')", "ProgrammingError: our mistake"),
    ],
)
def test_what_nobody_foresaw_is_one_sentence_and_a_file(broken: Breaking, statement: str, said: str) -> None:
    broken.with_code(breaks_with(statement))
    ran = broken.run("tags")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert said in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert str(broken.details) in ran.stderr
    assert "What was not said to be done was not changed." in ran.stderr
    assert stat.S_IMODE(broken.details.stat().st_mode) == 0o600
    assert "Traceback" in broken.details.read_text()


def test_details_that_cannot_be_written_are_no_second_accident(broken: Breaking) -> None:
    broken.with_code(breaks_with("raise KeyError"))
    (broken.home / ".local").mkdir()
    (broken.home / ".local" / "state").write_text("no folder")
    ran = broken.run("tags")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "The details could not be written (" in ran.stderr


def test_details_are_written_over_no_file_of_somebody_elses(broken: Breaking) -> None:
    broken.with_code(breaks_with("raise KeyError"))
    broken.details.parent.mkdir(parents=True)
    (broken.home / "theirs").write_text("kept")
    broken.details.symlink_to(broken.home / "theirs")
    assert broken.run("tags").returncode == 1
    assert (broken.home / "theirs").read_text() == "kept"
    assert not broken.details.is_symlink()


def test_without_a_home_folder_it_says_what_to_set(broken: Breaking) -> None:
    broken.with_code("import os, pwd\ndef no(_): raise KeyError\npwd.getpwuid = no\ndel os.environ['HOME']\n")
    for command in (["list"], ["config"], ["doctor"]):
        ran = broken.run(*command)
        assert (ran.returncode, ran.stdout) == (1, "")
        assert "set HOME" in ran.stderr
    assert broken.run("--help").returncode == 0
    assert broken.run("--db", str(broken.home / "x.db"), "list").returncode == 0


def test_an_app_that_breaks_says_so_when_it_has_ended(broken: Breaking) -> None:
    with Library(broken.home / "library.db") as library:
        library.import_digest(digest("One"))
    broken.with_code(
        "import sys\n"
        "if 'pytest' not in sys.modules:\n"
        "    from tui.widgets.paper_list import PaperList\n"
        "    def render_line(self, y): raise ValueError('a teapot')\n"
        "    PaperList.render_line = render_line\n"
    )
    environment = {**broken.environment, "XDG_STATE_HOME": str(broken.home / ".local" / "state")}
    with Terminal(
        "-m", "tui", "--db", str(broken.home / "library.db"), home=broken.home, environment=environment
    ) as terminal:
        assert terminal.quits() == 1
        assert "ValueError: a teapot" in terminal.text
        assert "Traceback" not in terminal.text
    assert "a teapot" in broken.details.read_text()


@pytest.mark.parametrize(
    "setting",
    [
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"TERM": "nonsense", "COLUMNS": "-5", "LINES": "x"},
        {"TZ": "nowhere/at/all"},
        {"TZ": "AAA-25:99"},
        {"HOME": "/dev/null"},
        {"XDG_STATE_HOME": "/proc/no", "XDG_CONFIG_HOME": "/proc/no"},
    ],
    ids=lambda setting: "=".join(next(iter(setting.items()))),
)
@pytest.mark.parametrize(
    "command", ["list", "show 1", "config", "log", "--help", "mark 1 --star", "stats", "list added:<7d"]
)
def test_an_odd_environment_is_no_accident(broken: Breaking, setting: dict[str, str], command: str) -> None:
    with Library(broken.home / "library.db") as library:
        library.import_digest(digest("Über 中文 ✓"))
    broken.environment |= {"PAPERDECK_DB": str(broken.home / "library.db"), **setting}
    ran = broken.run(*command.split())
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        [b"list", b"\xff\xfe"], [b"list", b"--\xff"], [b"\xff"], [b"show", b"\xff"], [b"--db", b"\xff/\xff/x", b"list"],
        [b"tag", b"1", b"--add", b"\xff"], [b"note", b"1", b"--text", b"\xff"], [b"import", b"\xff"],
        [b"mark", b"1" * 100_000, b"--star"], [b"list", b"(" * 100_000], [b"list", b"--limit", b"9" * 100_000],
        [b"digests", b"show", b"9" * 5000], [b"export", b"--format", b"\xff"], [b"config", b"\xff"],
        [b"completions", b"\xff"],
    ],
    ids=lambda arguments: b" ".join(arguments)[:20].decode("latin-1"),
)  # fmt: skip
def test_arguments_that_are_no_text_or_without_end_are_no_accident(broken: Breaking, arguments: list[bytes]) -> None:
    with Library(broken.home / "library.db") as library:
        library.import_digest(digest("One"))
    broken.environment["PAPERDECK_DB"] = str(broken.home / "library.db")
    ran = subprocess.run(
        [*PAPERDECK, *arguments], env=broken.environment, capture_output=True, cwd=broken.home, check=False
    )
    assert ran.returncode in {0, 1, 2}
    assert b"Traceback" not in ran.stderr
    assert b"nobody foresaw" not in ran.stderr
    assert not broken.details.exists()


def test_too_little_memory_is_said(broken: Breaking) -> None:
    broken.environment["PAPERDECK_DB"] = str(broken.home / "library.db")
    with (broken.home / "ids").open("wb") as ids:
        ids.truncate(400 * 1024 * 1024)
    shell = 'ulimit -v 300000; exec "$@" < "$HOME/ids"'
    ran = subprocess.run(
        ["sh", "-c", shell, "sh", *PAPERDECK, "mark", "-", "--star"],
        env=broken.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "There was not enough memory" in ran.stderr


def test_a_folder_that_is_gone_is_said(broken: Breaking) -> None:
    shell = 'mkdir "$HOME/gone" && cd "$HOME/gone" && rmdir "$HOME/gone" && exec "$@"'
    ran = subprocess.run(
        ["sh", "-c", shell, "sh", *PAPERDECK, "--db", "x.db", "list"],
        env=broken.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "paperdeck: The folder . cannot be made (No such file or directory)" in ran.stderr
