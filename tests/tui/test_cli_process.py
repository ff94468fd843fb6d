"""The command as a process: pipes, terminals, signals, its exit status and what it does not import."""

import json
import os
import pty
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from store.library import Library
from tests.hostile import obeyed
from tests.store.making import digest
from tests.tui.test_cli_import import page

PAPERDECK = [sys.executable, "-m", "tui"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment in which the library is this test's."""
    kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLUMNS", "LINES"}}
    return kept | {"PAPERDECK_DB": str(tmp_path / "library.db"), "TERM": "xterm-256color", "HOME": str(tmp_path)}


def in_terminal(arguments: list[str], environment: dict[str, str], columns: int = 80) -> str:
    """What a command draws on a terminal of its own."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*PAPERDECK, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment | {"COLUMNS": str(columns), "LINES": "24"},
    )
    os.close(theirs)
    drawn = b""
    try:
        while read := os.read(ours, 65536):
            drawn += read
    except OSError:
        # The other end is closed: Linux calls that an error.
        pass
    process.wait()
    os.close(ours)
    return drawn.decode().replace("\r\n", "\n")


def test_a_pipe_whose_reader_is_gone_ends_it_quietly(library: Library, environment: dict[str, str]) -> None:
    library.import_digest(digest(*(f"Paper {number} {'x' * 200}" for number in range(1000))))
    command = subprocess.Popen(
        [*PAPERDECK, "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True
    )
    assert command.stdout is not None
    assert command.stderr is not None
    assert command.stdout.readline().startswith("1\t")
    command.stdout.close()
    assert command.stderr.read() == ""
    assert command.wait() == 0


@pytest.mark.parametrize("arguments", ["list", "list --json", "export ''", "mark 1 --read", "import -", "demo"])
def test_closed_streams_are_no_accident(library: Library, environment: dict[str, str], arguments: str) -> None:
    library.import_digest(digest("Alpha"))
    shell = f'"$@" {arguments} <&- >&- 2>"$HOME/said"'
    subprocess.run(["sh", "-c", shell, "sh", *PAPERDECK], env=environment, check=False)
    assert "Traceback" not in Path(environment["HOME"], "said").read_text()


UNWRITABLE = {">/dev/full": "No space left on device", ">&-": "it is closed"}


def to(where: str, arguments: str, environment: dict[str, str], **given: Any) -> "subprocess.CompletedProcess[str]":
    """A command whose standard output the shell leads somewhere."""
    shell = ["sh", "-c", f'"$@" {where}', "sh", *PAPERDECK, *shlex.split(arguments)]
    return subprocess.run(shell, stderr=subprocess.PIPE, env=environment, text=True, check=False, **given)


@pytest.mark.parametrize("where", UNWRITABLE)
@pytest.mark.parametrize("arguments", ["list", "list --json", "show 1", "note 1 --json", "export ''", "--help"])
def test_what_cannot_be_printed_is_said(
    library: Library, environment: dict[str, str], arguments: str, where: str
) -> None:
    library.import_digest(digest("One"))
    ran = to(where, arguments, environment)
    assert ran.returncode == 1
    assert ran.stderr == f"paperdeck: Standard output cannot be written to: {UNWRITABLE[where]}.\n"


@pytest.mark.parametrize("where", UNWRITABLE)
@pytest.mark.parametrize(
    "arguments",
    [
        "mark 1 --star --json",
        "tag 1 --add rl --json",
        "note 1 --text Mine --json",
        "undo --json",
        "duplicates apart 1 2 --json",
        "digests remove 1 --json",
        "backup copy.db --json",
        "config --init --json",
        "import pages",
        "import pages --json",
    ],
)
def test_what_was_done_is_done_where_its_report_cannot_be_printed(
    library: Library, environment: dict[str, str], tmp_path: Path, arguments: str, where: str
) -> None:
    library.import_digest(digest("One", "Two"))
    library.mark([1], read=True)
    (tmp_path / "pages").mkdir()
    for name in ("a", "b"):
        (tmp_path / "pages" / f"{name}.txt").write_bytes(page(f"Paper {name}"))
    before = whole(library)
    ours = environment | {"PYTHONPATH": str(Path.cwd()), "XDG_CONFIG_HOME": str(tmp_path)}
    ran = to(where, arguments, ours, cwd=tmp_path)
    assert ran.returncode == 3
    said = f"It was done, but the report on it could not be written to standard output: {UNWRITABLE[where]}.\n"
    assert ran.stderr.endswith(f"paperdeck: {said}")
    if "backup" in arguments or "config" in arguments:
        assert (tmp_path / ("copy.db" if "backup" in arguments else "paperdeck/config.toml")).exists()
    else:
        assert whole(library) != before
    if "import" in arguments:
        assert {"Paper a", "Paper b"} <= {entry.title for entry in library.list()}


def whole(library: Library) -> object:
    """All that a person has in a library."""
    return library.list(), library.log(), library.digests()


def test_a_terminal_gets_aligned_lines_of_its_width(library: Library, environment: dict[str, str]) -> None:
    library.import_digest(digest("Short", "A title that is longer than the terminal is wide " * 3, "中文标题" * 20))
    library.mark([1], starred=True)
    drawn = in_terminal(["list"], environment)
    lines = drawn.splitlines()
    assert len(lines) == 3
    assert all(line.endswith("28 Nov 2025\x1b[0m") for line in lines)
    assert lines[0].startswith("\x1b[2m1  ★")
    assert lines[1].startswith("\x1b[1m2   ")
    plain = in_terminal(["list"], environment | {"NO_COLOR": "1"}).splitlines()
    assert "\x1b" not in "".join(plain)
    assert [len(line) for line in plain[:2]] == [80, 80]
    assert "…" in plain[1]


@pytest.mark.parametrize("columns", [10**20, 10**9])
def test_no_width_that_the_environment_names_is_too_much(
    library: Library, environment: dict[str, str], columns: int
) -> None:
    library.import_digest(digest("Short"))
    assert "Short" in in_terminal(["list"], environment, columns)


def test_where_the_settings_are_is_shown_without_what_a_terminal_obeys(environment: dict[str, str]) -> None:
    drawn = in_terminal(["config"], environment | {"XDG_CONFIG_HOME": "/tmp/\x1b]0;x\a\u202e", "NO_COLOR": "1"})
    assert obeyed(drawn, but="\n") == []
    assert "/tmp/\ufffd]0;x\ufffd\ufffd/paperdeck/config.toml (there is none" in drawn


def test_text_in_a_pipe_has_no_escape_sequences(library: Library, environment: dict[str, str]) -> None:
    library.import_digest(digest("One"))
    for name in ("list", "show 1", "digests", "--help"):
        ran = subprocess.run([*PAPERDECK, *name.split()], capture_output=True, env=environment, check=True)
        assert b"\x1b" not in ran.stdout + ran.stderr


def test_output_is_not_lost_where_the_locale_knows_no_unicode(library: Library, environment: dict[str, str]) -> None:
    library.import_digest(digest("中文 Émile"))
    latin = environment | {"PYTHONIOENCODING": "ascii"}
    ran = subprocess.run([*PAPERDECK, "list", "--json"], capture_output=True, env=latin, check=True)
    assert json.loads(ran.stdout)[0]["title"] == "中文 Émile"
    ran = subprocess.run([*PAPERDECK, "export", ""], capture_output=True, env=latin, check=True)
    assert "中文 Émile" in ran.stdout.decode("utf-8")


def test_ctrl_c_stops_an_import_and_what_was_reported_stays(tmp_path: Path, environment: dict[str, str]) -> None:
    for number in range(100):
        (tmp_path / f"{number:03}.txt").write_bytes(page(*(f"Paper {number} {each}" for each in range(20))))
    os.mkfifo(tmp_path / "last")  # which is waited for, so that no machine is done before it is told to stop
    command = subprocess.Popen(
        [*PAPERDECK, "import", *map(str, sorted(tmp_path.glob("*.txt"))), str(tmp_path / "last")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
    )
    assert command.stdout is not None
    first = command.stdout.readline()
    time.sleep(0.05)
    command.send_signal(signal.SIGINT)
    rest, messages = command.communicate()
    assert command.returncode == 130
    reported = (first + rest).splitlines()
    told = re.search(r"Stopped\. Imported (\d+) file", messages)
    assert told is not None, messages
    assert int(told[1]) in {len(reported), len(reported) + 1}  # of the last it may not have come to print the report
    assert "Traceback" not in messages
    with Library(tmp_path / "library.db") as library:
        assert len(library.digests()) in {int(told[1]), int(told[1]) + 1}


def test_the_library_is_where_it_is_said_to_be(tmp_path: Path, environment: dict[str, str]) -> None:
    given = tmp_path / "given" / "mine.db"
    subprocess.run([*PAPERDECK, "--db", str(given), "tags"], env=environment, check=True)
    subprocess.run([*PAPERDECK, "tags"], env=environment, check=True)
    del environment["PAPERDECK_DB"]
    data = environment | {"XDG_DATA_HOME": str(tmp_path / "data")}
    subprocess.run([*PAPERDECK, "tags"], env=data, check=True)
    made = {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*.db")}
    assert made == {"given/mine.db", "library.db", "data/paperdeck/library.db"}


def test_folders_that_are_made_are_the_persons_alone(tmp_path: Path, environment: dict[str, str]) -> None:
    """Those above paperdeck's own, too, where the umask takes nothing away."""
    ours = {name: value for name, value in environment.items() if not name.startswith(("XDG_", "PAPERDECK_"))}
    for arguments in (["list"], ["config", "--init"]):
        ran = subprocess.run([*PAPERDECK, *arguments], env=ours, umask=0, capture_output=True, check=False)
        assert ran.returncode == 0
    made = {folder.relative_to(tmp_path).as_posix(): folder.stat().st_mode for folder in tmp_path.rglob("*/")}
    assert {".config", ".config/paperdeck", ".local", ".local/share", ".local/share/paperdeck"} <= made.keys()
    assert {name for name, mode in made.items() if mode & 0o077} == set()


def test_a_place_where_no_library_can_be_is_status_1(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "file").write_text("not a folder")
    for place in (tmp_path / "file" / "library.db", tmp_path, tmp_path / "file"):
        ran = subprocess.run(
            [*PAPERDECK, "--db", str(place), "list"], capture_output=True, env=environment, text=True, check=False
        )
        assert (ran.returncode, ran.stdout) == (1, "")
        assert str(place if place.name == "file" else place.parent) in ran.stderr
        assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("arguments", [[], ["--db", "x.db"], ["demo"]])
def test_without_a_terminal_the_app_says_so(arguments: list[str], environment: dict[str, str], tmp_path: Path) -> None:
    ran = subprocess.run(
        [*PAPERDECK, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment | {"PYTHONPATH": str(Path.cwd())},
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "terminal" in ran.stderr
    assert not list(tmp_path.glob("*.db"))


def imported_by(code: str) -> set[str]:
    """The modules that a Python program has loaded in the end."""
    program = f"{code}\nimport sys; print(*sys.modules, sep='\\n')"
    return set(
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    )


def test_opening_the_app_waits_for_nothing_that_it_does_not_need() -> None:
    loaded = imported_by("import tui.__main__, tui.start")
    assert not loaded & {
        "click",
        "pydantic",
        "sqlite_utils",
        "rapidfuzz",
        "platformdirs",
        "rich",
        "json",
        "store.models",
    }


def test_a_command_loads_only_what_it_works_with() -> None:
    loaded = imported_by("import tui.cli")
    assert not loaded & {"textual", "pydantic", "sqlite_utils", "rapidfuzz", "rich", "store.models", "store.library"}
