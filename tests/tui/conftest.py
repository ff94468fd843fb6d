"""The command line, run within the process as its entry point runs it, on a library of its own."""

import io
import json
import sys
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

from tui.cli import run


class Ran(NamedTuple):
    """What a run of the command line left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Paperdeck = Callable[..., Ran]


@pytest.fixture
def paperdeck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Paperdeck:
    """Runs `paperdeck ARGUMENTS…`, with `stdin` on standard input, on the library of the fixture `library`."""
    monkeypatch.setenv("PAPERDECK_DB", str(tmp_path / "library.db"))

    def paperdeck(*arguments: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capfd.readouterr()
        status = run([str(argument) for argument in arguments])
        return Ran(status, *capfd.readouterr())

    return paperdeck


@pytest.fixture(scope="session", autouse=True)
def styles_parsed_once() -> Iterator[None]:
    """All apps of a process have the same style sheets, which Textual parses anew for each app and each dialog."""
    parse = Stylesheet._parse_rules
    parsed: dict[object, list[RuleSet]] = {}

    def once(sheet: Stylesheet, *source: Hashable, **more: Hashable) -> list[RuleSet]:
        key = (source, *more.values(), frozenset(sheet._variables.items()))
        if key not in parsed:
            parsed[key] = parse(sheet, *source, **more)  # type: ignore[arg-type]
        return parsed[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Stylesheet, "_parse_rules", once)
        yield


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's folders for settings and state, empty."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


@pytest.fixture
def config(home: Path) -> Callable[[str], None]:
    """Writes the person's `config.toml`."""

    def write(text: str) -> None:
        folder = home / "config" / "paperdeck"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.toml").write_text(text)

    return write
