"""`paperdeck config`: every setting is shown, explained and checked from the one table."""

import os
import re
import stat
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile import TEXTS, obeyed
from tests.tui.conftest import Paperdeck
from tui.config import SETTINGS, Settings, check, load
from tui.settings import VARIABLES, example, toml

pytestmark = pytest.mark.usefixtures("home")
ROOT = Path(__file__).parent.parent.parent


def file(home: Path) -> Path:
    return home / "config" / "paperdeck" / "config.toml"


def shown(paperdeck: Paperdeck) -> dict[str, tuple[object, str]]:
    return {each["name"]: (each["value"], each["origin"]) for each in paperdeck("config", "--json").json["settings"]}


def test_every_setting_is_shown_with_value_and_origin(
    paperdeck: Paperdeck, config: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shown(paperdeck).keys() == {setting.name for setting in SETTINGS}
    assert {origin for _, origin in shown(paperdeck).values()} == {"default"}
    config(
        'advance = false\n[keys]\nskip = "f5"\n[fetch]\narxiv = ["cs.CL"]\nhuggingface_url = "https://one.example"\n'
    )
    monkeypatch.setenv("PAPERDECK_HUGGINGFACE_URL", "https://two.example")
    now = shown(paperdeck)
    assert now["advance"] == (False, "config.toml")
    assert now["keys"] == ({"skip": "f5"}, "config.toml")
    assert now["fetch.arxiv"] == (["cs.CL"], "config.toml")
    assert now["fetch.huggingface_url"] == ("https://two.example", "PAPERDECK_HUGGINGFACE_URL")
    assert now["theme"] == ("", "default")
    lines = [line.split("\t") for line in paperdeck("config").out.splitlines()]
    assert ["advance", "false", "config.toml", "true"] in [line[:4] for line in lines]
    assert {line[0] for line in lines} == {setting.name for setting in SETTINGS} | set(VARIABLES)
    assert all(len(line) == 5 and line[4] for line in lines)


def test_a_wrong_setting_is_shown_as_the_default_that_holds(
    paperdeck: Paperdeck, config: Callable[[str], None]
) -> None:
    config('advance = "perhaps"\n[fetch]\narxiv = ["cs.CL", "nonsense!"]\narxiv_api_url = "ftp://x"\n')
    now = shown(paperdeck)
    assert now["advance"] == (True, "default")
    assert now["fetch.arxiv"] == (["cs.CL"], "config.toml")
    assert now["fetch.arxiv_api_url"] == ("", "default")


def test_a_check_names_each_mistake_and_what_to_do(paperdeck: Paperdeck, config: Callable[[str], None]) -> None:
    assert paperdeck("config", "--check").status == 0
    config('theme = "papredeck"\nadvanced = true\n[keys]\nskipp = "x"\nstar = "r"\n')
    ran = paperdeck("config", "--check")
    assert (ran.status, ran.out) == (1, "")
    for said in (
        "there is no theme “papredeck” (did you mean “paperdeck”?)",
        "advanced: there is no such setting (did you mean “advance”?)",
        "keys.skipp: there is no action of this name (did you mean “skip”?)",
        "keys.star: r is already the key of “read”",
        "4 things to see to",
        "`paperdeck config --edit`",
    ):
        assert said in ran.err
    checked = paperdeck("config", "--check", "--json")
    assert (checked.status, len(checked.json["problems"])) == (1, 4)


def test_a_wrong_address_in_the_environment_is_named(paperdeck: Paperdeck, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERDECK_ARXIV_API_URL", "ftp://x")
    ran = paperdeck("config", "--check")
    assert ran.status == 1
    assert ran.err.startswith("paperdeck: PAPERDECK_ARXIV_API_URL: must begin with https:// or http://\n")
    assert load().settings == Settings()


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://127.0.0.1:99999", "127.0.0.1:99999 is no address: its port has to be a number up to 65535"),
        ("http://u:secret@h:-1/x", "h:-1 is no address: its port has to be a number up to 65535"),
        (os.fsdecode(b"http://\xff"), "http://? is no address: it has bytes that are no text"),
        ("http://[::1", "http://[::1 is no address: it has to begin with https:// or http://"),
    ],
)
def test_an_address_that_can_be_none_is_named_with_its_setting(
    paperdeck: Paperdeck, config: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, url: str, problem: str
) -> None:
    monkeypatch.setenv("PAPERDECK_HUGGINGFACE_URL", url)
    assert paperdeck("config", "--check").err.startswith(f"paperdeck: PAPERDECK_HUGGINGFACE_URL: {problem}\n")
    monkeypatch.delenv("PAPERDECK_HUGGINGFACE_URL")
    if url.isprintable():
        config(f"[fetch]\nhuggingface_url = '{url}'\n")
        assert f"config.toml: fetch.huggingface_url: {problem}\n" in paperdeck("config", "--check").err
    assert load().settings == Settings()


@pytest.mark.parametrize(
    "text", ["a." * 32_000 + "b=1", f"[{'a.' * 32_000}b]", "x = {" + "a." * 32_000 + "b=1}", "a=" + "[" * 60_000]
)
def test_a_file_that_is_nested_too_deeply_is_left_unread(
    paperdeck: Paperdeck, config: Callable[[str], None], text: str
) -> None:
    config(text)
    began = time.process_time()
    ran = paperdeck("config", "--check")
    assert time.process_time() - began < 5
    assert "config.toml: it is" in ran.err
    assert "nested too deeply" in ran.err
    assert load().settings == Settings()


def test_the_example_names_every_setting_with_its_default_and_changes_none(paperdeck: Paperdeck) -> None:
    written = paperdeck("config", "--example").out
    assert written == example()
    assert check(tomllib.loads(written)).settings == Settings()
    freed = check(tomllib.loads(re.sub(r"^#(?=[a-z_]+ = )", "", written, flags=re.MULTILINE)))
    assert freed.problems == ()
    assert freed.origins.keys() == {setting.name for setting in SETTINGS}
    assert all(setting.of(freed.settings) == setting.default for setting in SETTINGS if setting.name != "keys")


def test_a_file_is_begun_once_and_for_its_owner_alone(paperdeck: Paperdeck, home: Path) -> None:
    assert paperdeck("config", "--path").out == f"{file(home)}\n"
    assert paperdeck("config", "--init").status == 0
    assert stat.S_IMODE(file(home).stat().st_mode) == 0o600
    assert file(home).read_text() == example()
    file(home).write_text("advance = false\n")
    ran = paperdeck("config", "--init")
    assert (ran.status, "exists and was left as it is" in ran.err) == (1, True)
    assert file(home).read_text() == "advance = false\n"


def test_a_folder_that_cannot_be_written_is_told(paperdeck: Paperdeck, home: Path) -> None:
    (home / "config").write_text("no folder")
    ran = paperdeck("config", "--init")
    assert (ran.status, "cannot be written" in ran.err) == (1, True)


def test_the_editor_opens_the_file_and_what_it_wrote_is_checked(
    paperdeck: Paperdeck, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "an editor"
    editor.write_text('#!/bin/sh\ntest -s "$1" && echo "fetch_on_strat = true" > "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", f"'{editor}'")
    ran = paperdeck("config", "--edit")
    assert (ran.status, "did you mean “fetch_on_start”?" in ran.err) == (1, True)
    assert file(home).read_text() == "fetch_on_strat = true\n"
    monkeypatch.setenv("VISUAL", "no-such-editor; touch HACKED")
    assert paperdeck("config", "--edit").status == 1


@pytest.mark.parametrize("arguments", [["--example", "--json"], ["--edit", "--json"], ["--chek"], ["theme"]])
def test_wrong_usage_is_told(paperdeck: Paperdeck, arguments: list[str]) -> None:
    ran = paperdeck("config", *arguments)
    assert (ran.status, ran.out) == (2, "")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_any_value_is_shown_as_toml_and_harmless(text: str) -> None:
    written = toml({"a": (text, True)})
    assert obeyed(written) == []
    if text.isascii():
        assert tomllib.loads(f"x = {written}") == {"x": {"a": [text, True]}}


def test_a_proxys_password_is_not_shown(paperdeck: Paperdeck, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:secret@proxy.example:8080")
    ran = paperdeck("config")
    assert "//…@proxy.example:8080" in ran.out
    assert "secret" not in ran.out


def test_every_variable_that_is_read_is_listed() -> None:
    code = "\n".join(path.read_text() for folder in ("tui", "store") for path in (ROOT / folder).rglob("*.py"))
    read = set(re.findall(r"""environ(?:\.get\(|\[)["']([A-Z_]+)""", code))
    assert read - {"TERM", "COLORTERM", "TEXTUAL_DRIVER"} <= set(VARIABLES)
