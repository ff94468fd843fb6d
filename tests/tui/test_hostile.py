"""Hostile text on the screen and in the terminal: every command, every screen, drawn as text and in bounded time."""

import io
import json
import os
import re
import sqlite3
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.strip import Strip

from store.errors import InvalidTag, StoreError
from store.library import Library
from tests.hostile import LENGTH, TEXTS, foul, huge, kept, obeyed
from tests.store.making import digest, listing
from tests.tui.app_host import Desk, desk
from tests.tui.conftest import Paperdeck
from tui import config, layout
from tui.harmless import Harmless
from tui.paths import read_folder, typed_path
from tui.wording import date_text, day_text, fit

pytestmark = pytest.mark.usefixtures("home")
EVERY = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
SIZES = ((170, 40), (100, 30), (61, 20), (20, 8))


def fill(library: Library) -> None:
    """A paper for each hostile text, in every field that a page and a person have; then raw, past all checks."""
    papers = [
        listing(f"{text} {number}", abstract=text, organization=text or None, authors=(text, text), comments=number)
        for number, text in enumerate(map(kept, TEXTS.values()))
    ]
    library.import_digest(digest(*papers, name=TEXTS["colour"], unparsed=((1, TEXTS["clipboard"]), (2, "x" * 9999))))
    for number, text in enumerate(TEXTS.values(), start=1):
        library.note(number, text)
        library.mark([number], starred=True)
        with suppress(InvalidTag):
            library.tag([number], add=[text, "rl"])
        with suppress(StoreError):
            library.save_search(text, '"x"', fuzzy=False)
    foul(library.path)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Such a library; tests copy it."""
    path = tmp_path_factory.mktemp("hostile") / "library.db"
    with Library(path) as library:
        fill(library)
    return path


@pytest.fixture
def fouled(hostile: Path, tmp_path: Path) -> Iterator[Library]:
    """A copy of it, open."""
    (tmp_path / "library.db").write_bytes(hostile.read_bytes())
    with Library(tmp_path / "library.db") as library:
        yield library


# Cells


@pytest.mark.parametrize("width", [1, 2, 3, 7, 40])
def test_a_text_in_a_column_has_its_width(width: int) -> None:
    from rich.cells import cell_len

    for name, text in TEXTS.items():
        assert cell_len(fit(text, width)) == width, name
        assert cell_len(fit(text, width, right=True)) == width, name


def test_what_a_terminal_obeys_is_left_out_of_a_line_that_keeps_its_width() -> None:
    black = Color(0, 0, 0)
    for text in TEXTS.values():
        (drawn,) = Harmless().apply([Segment(text)], black)
        assert drawn.cell_length == Segment(text).cell_length
        assert obeyed(drawn.text) == []
    (drawn,) = Harmless().apply([Segment("a" + "\u0301" * 1000)], black)
    assert len(drawn.text) < 10


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from([*"a 👩⚖❤☺1🏽🚀e字", "👩\u200d", "⚖\ufe0f\u200d", "\ufe0f", "\u20e3", "\u0301"]), max_size=12
    )
)
def test_a_line_can_be_cut_anywhere_and_each_part_has_the_width_that_is_drawn(parts: list[str]) -> None:
    line = Segment("".join(parts))
    drawn = Strip(Harmless().apply([line], Color(0, 0, 0)))
    assert drawn.cell_length == line.cell_length
    for cut in range(1, drawn.cell_length):
        for part in drawn.divide([cut, drawn.cell_length]):
            assert cell_len(part.text) == part.cell_length


def test_long_texts_fit_into_a_column_at_once() -> None:
    for name, text in huge(LENGTH).items():
        begun = time.process_time()
        fit(text, 80)
        assert time.process_time() - begun < 0.5, name


def test_odd_dates_are_drawn() -> None:
    for text in (*TEXTS.values(), "2025-13-45", "9999-99-99", "2025-02-31"):
        assert obeyed(date_text(text) + day_text(text)) == []


# The command line

COMMANDS: list[list[str]] = [
    ["list"], ["list", "--json"], ["list", "--sort", "title"], ["search", "the"], ["search", "the", "--json"], ["tags"],
    ["tags", "--json"], ["log"], ["log", "--json"], ["digests"], ["digests", "--json"], ["digests", "show", "1"],
    ["digests", "show", "1", "--json"], ["undo"], ["export", "", "--group", "none"], ["export", ""],
    ["tag", "1", "--add", "x"], ["mark", "--query", "rl", "--read"], ["stats"], ["stats", "--json"],
]  # fmt: skip


class Screen(io.TextIOWrapper):
    """Standard output or error as a terminal has it."""

    def isatty(self) -> bool:
        """A person looks at it."""
        return True


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("terminal", [False, True], ids=["pipe", "terminal"])
@pytest.mark.usefixtures("fouled")
def test_no_command_prints_what_a_terminal_obeys(
    paperdeck: Paperdeck, monkeypatch: pytest.MonkeyPatch, command: list[str], terminal: bool
) -> None:
    _check(paperdeck, monkeypatch, command, terminal)


@pytest.mark.parametrize("terminal", [False, True], ids=["pipe", "terminal"])
@pytest.mark.usefixtures("fouled")
def test_no_paper_shown_by_itself_prints_what_a_terminal_obeys(
    paperdeck: Paperdeck, monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    for number in range(1, len(TEXTS) + 1):
        for command in (["show", f"{number}"], ["show", f"{number}", "--json"], ["note", f"{number}", "--json"]):
            _check(paperdeck, monkeypatch, command, terminal)
        if terminal:
            _check(paperdeck, monkeypatch, ["note", f"{number}"], terminal)


def _check(paperdeck: Paperdeck, monkeypatch: pytest.MonkeyPatch, command: list[str], terminal: bool) -> None:
    out, err = (Screen(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with monkeypatch.context() as patched:
        if terminal:
            patched.setenv("NO_COLOR", "1")
            patched.setattr(sys, "stdout", out)
            patched.setattr(sys, "stderr", err)
        ran = paperdeck(*command)
    text, said = ((stream.seek(0), stream.read())[1] for stream in (out, err)) if terminal else (ran.out, ran.err)
    assert ran.status == 0, said
    for printed in (text, said):
        notes_too = command[0] == "export" and not terminal  # in a pipe a person's notes are as they wrote them
        assert notes_too or obeyed(printed, but="\n\t") == []
    if "--json" in command:
        assert json.loads(text) is not None


WRONG: list[Callable[[str], list[str]]] = [
    lambda text: [f"x{text}"],  # no option of ours, such as --db with a path
    lambda text: [f"--x{text}"],
    lambda text: ["show", text],
    lambda text: ["note", text],
    lambda text: ["list", text],
    lambda text: ["search", text],
    lambda text: ["mark", "--query", text, "--read"],
    lambda text: ["mark", text, "--read"],
    lambda text: ["tag", "1", "--add", text],
    lambda text: ["tag", "1", "--remove", text],
    lambda text: ["list", "--sort", text],
    lambda text: ["list", "--limit", text],
    lambda text: ["list", f"tag:{text}", f'"{text}"', f"date:{text}"],
    lambda text: ["digests", "show", text],
    lambda text: ["import", f"missing/{text.replace('/', '_')}"],
    lambda text: ["import", "x", "--date", text],
    lambda text: ["export", "--format", text],
    # Never a path as it stands: `../` in it would be followed, as a person who types it means it to be.
    lambda text: ["export", "--output", f"missing/{text.replace('/', '_')}"],
    lambda text: ["note", "1", text],
]


def test_what_is_given_to_a_command_is_answered_in_plain_text(
    library: Library, paperdeck: Paperdeck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    library.import_digest(digest("One", "Two"))
    for name, text in TEXTS.items():
        for wrong in WRONG:
            if "\ud800" in text:
                continue  # no system hands this on
            command = [argument.replace("\0", "") for argument in wrong(text)]
            if command[0] in {"import", "tag", "mark", "list", "search"} and len(text) > 100:
                continue
            ran = paperdeck(*command)
            assert ran.status in {0, 1, 2, 3}, (name, command)
            assert obeyed(ran.out + ran.err, but="\n\t") == [], (name, command)


@pytest.mark.usefixtures("fouled")
def test_a_field_of_a_pipe_never_holds_a_tab_or_a_line_end(paperdeck: Paperdeck) -> None:
    lines = paperdeck("list").out.removesuffix("\n").split("\n")
    assert len(lines) == len(TEXTS)
    assert {line.count("\t") for line in lines} == {5}


def test_a_note_is_whole_in_json_and_without_controls_in_a_pipe(library: Library, paperdeck: Paperdeck) -> None:
    library.import_digest(digest("One"))
    for text in TEXTS.values():
        library.note(1, text)
        assert paperdeck("note", "1", "--json").json["note"] == kept(text)
    library.note(1, "a \x1b[31mred\x1b[0m \u202e b")
    assert paperdeck("note", "1").out == "a \ufffd[31mred\ufffd[0m \u202e b\n"


def test_a_long_wrong_query_is_shown_where_it_goes_wrong(paperdeck: Paperdeck) -> None:
    ran = paperdeck("list", "word " * 150 + "(" + " more" * 150)
    assert ran.status == 2
    lines = ran.err.splitlines()
    assert len(lines) == 3
    assert max(map(len, lines)) < 120
    assert lines[1][lines[2].index("^")] == "("


# Settings and layout


@EVERY
def test_any_settings_leave_the_app_with_defaults_and_a_plain_message(text: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    quoted = json.dumps(kept(text))
    for written in (
        text, f"theme = {quoted}", f"{quoted} = 1", f"[keys]\n{quoted} = {quoted}", f"[keys]\nskip = {quoted}",
        f"[export]\nfolder = {quoted}", f"keys = {quoted}", f"[export.{quoted}]\nx = 1", f"advance = {quoted}",
    ):  # fmt: skip
        path.write_bytes(
            written.encode("utf-8", "surrogateescape" if "\udc80" in written else "replace")
            if "\ud800" not in written
            else kept(written).encode()
        )
        loaded = config.load(path)
        assert loaded.settings.advance is True
        assert [problem for problem in loaded.problems if obeyed(problem) or len(problem) > 400] == []


def test_damaged_settings_are_named_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    for written in (
        b"\xff\xfe\x00", b"\x00" * 100, b"advance = 99999999999999999999999", b"a = " + b"[" * 60_000,
        b"x" * 5_000_000,
        b"a.b." * 20_000 + b"c = 1", b"advance = 2025-01-01", b"theme = ['x']", b"keys = [1]", b"keys.skip = {a=1}",
        b"advance = inf", b"advance = " + b"9" * 10_000, b"a = '''" + b"x" * 900_000,
    ):  # fmt: skip
        path.write_bytes(written)
        begun = time.process_time()
        loaded = config.load(path)
        assert loaded.settings == config.Settings()
        assert loaded.problems
        assert [problem for problem in loaded.problems if obeyed(problem) or len(problem) > 400] == []
        assert time.process_time() - begun < 2


def test_settings_that_are_no_file_are_named_in_a_sentence(tmp_path: Path) -> None:
    folder, fifo, endless = tmp_path / "folder", tmp_path / "fifo", tmp_path / "endless"
    folder.mkdir()
    os.mkfifo(fifo)
    endless.symlink_to("/dev/zero")
    for path in (folder, fifo, endless, tmp_path / "file" / "config.toml", tmp_path / ("x" * 300)):
        if path.parent.name == "file":
            path.parent.write_text("no folder")
        loaded = config.load(path)
        assert loaded.settings == config.Settings()
        assert loaded.problems, path


def test_a_damaged_layout_never_keeps_the_app_from_opening(tmp_path: Path) -> None:
    path = tmp_path / "layout.json"
    for written in (
        b"\xff", b"[" * 100_000, b"{" * 5, b"1" * 100_000, b'{"views_width": 1e999}', b'{"views_width": -5}',
        b'{"views_width": 99999999999999999999}', b'{"list_share": 0}', b'{"theme": "\\u001b[31m"}',
        b'{"sort": "; DROP"}', b'{"views_width": ' + b"9" * 9999 + b"}",
        b'{"theme": "\\ud800", "sort": "\\ud800"}', b'{"two_lines": 1}', b"null", b"",
    ):  # fmt: skip
        path.write_bytes(written)
        assert 0 < layout.load(path).views_width < 200
        assert 0 < layout.load(path).list_share < 100
    path.unlink()
    path.mkdir()
    assert layout.load(path) == layout.Layout()


def test_the_layout_is_the_persons_alone(tmp_path: Path) -> None:
    os.umask(before := os.umask(0o022))
    os.umask(0o022)
    try:
        path = tmp_path / "state" / "paperdeck" / "layout.json"
        layout.save(layout.Layout(), path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_a_hostile_layout_and_settings_open_the_app(library: Library, home: Path) -> None:
    for folder, name, written in (
        ("state", "layout.json", '{"theme": "\\u001b]0;x", "sort": "nonsense", "views_width": 28, "list_share": 56}'),
        ("config", "config.toml", 'theme = "\\u001b]0;x"\n"[/b]" = 1\n[keys]\n"[@click=app.quit]" = "\\u001b"'),
    ):
        (home / folder / "paperdeck").mkdir(parents=True)
        (home / folder / "paperdeck" / name).write_text(written)
    library.import_digest(digest("One"))
    async with desk(library) as opened:
        assert "One" in opened.screen
        _look(opened)


# Paths


@EVERY
def test_any_text_is_a_path_to_look_at(text: str, tmp_path: Path) -> None:
    assert read_folder(str(typed_path(text))).error or typed_path(text)
    name = re.sub(r"[/\0]", "_", text)[:80]
    with suppress(OSError, ValueError):
        (tmp_path / name).write_text("x")
    assert [found.name for found in read_folder(str(tmp_path)).entries if obeyed(found.name)] == []


# The app


def _look(opened: Desk) -> None:
    """What is drawn has no control character, and every line is as wide as the screen."""
    width = opened.app.size.width
    strips = opened.app.screen._compositor.render_strips()
    for strip in strips:
        assert obeyed(strip.text) == []
        assert strip.cell_length == width
    for widget in (opened.main.papers, opened.main.query_one("PaperView"), opened.main.query_one("ViewsPane")):
        for y in range(widget.size.height):
            assert widget.render_line(y).cell_length == widget.size.width


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_list_and_the_detail_draw_hostile_papers_as_text(fouled: Library, size: tuple[int, int]) -> None:
    async with desk(fouled, size=size) as opened:
        await opened.press("6")
        for _ in range(len(TEXTS) if size == SIZES[0] else 3):
            await opened.press("j")
            _look(opened)
        for _ in range(6):
            await opened.press("pagedown")
            _look(opened)
        for keys in (["z", "g"], ["G"], ["enter"], ["G"], ["escape"]):
            await opened.press(*keys)
            _look(opened)


DIALOGS: dict[str, list[str]] = {
    "tags": ["t"], "rename": ["T"], "copy": ["y"], "note": ["e"], "export": ["x"], "digests": ["I"],
    "digest": ["I", "enter"], "log": ["L"], "help": ["?"], "palette": [":"], "saved": ["ctrl+s"], "sort": ["S"],
    "stats": ["C"],
    "search": ["slash", "left_square_bracket", "slash", "b", "right_square_bracket"],
    "wrong": ["slash", "left_parenthesis"],
    "import": ["i"], "skip": ["d"], "undo": ["d", "u"], "all": ["D"], "views": ["h", "G"], "narrow": ["f", "x"],
}  # fmt: skip


async def test_every_screen_draws_hostile_text_as_text(fouled: Library) -> None:
    async with desk(fouled, size=(110, 36)) as opened:
        below = opened.app.screen
        for name, keys in DIALOGS.items():
            await opened.press("6", "j")
            await opened.press(*keys)
            print(name)  # seen where it fails
            _look(opened)
            assert opened.app.is_running
            assert opened.app.faults == []
            await opened.press("escape", "escape", "escape")
            assert opened.app.screen is below


async def test_markup_in_a_title_is_read_as_it_stands(library: Library) -> None:
    title = "Reading [/b] and [@click=app.quit]press[/] [link=x]y[/link]"
    library.import_digest(digest(listing(title, organization="[red]X")))
    library.tag([1], add=["[b]tag[/b]"])
    library.note(1, title)
    async with desk(library) as opened:
        assert opened.screen.count("[@click=app.quit]press[/]") >= 2
        assert "[b]tag[/b]" in opened.screen
        await opened.press("L")
        assert "Noted “Reading [/b]" in opened.screen


async def test_a_notes_escape_sequences_are_seen_and_not_sent(library: Library) -> None:
    library.import_digest(digest("One"))
    library.note(1, TEXTS["colour"])
    async with desk(library) as opened:
        assert "�[31;1mRed�[0m alert" in opened.screen


async def test_a_note_that_the_editor_would_change_is_left_to_another(library: Library) -> None:
    library.import_digest(digest("One"))
    for note in ("a\rb\nc", "a\r\nb\nc", "a\x0bb", "a\u2028b", "x" * 30_000, "a b\n" * 30_000):
        library.note(1, note)
        async with desk(library) as opened:
            await opened.press("6", "e")
            assert "opens it in $EDITOR" in opened.screen
            assert not opened.main.query("NoteEditor")


async def test_a_note_of_any_characters_is_as_it_was_when_the_editor_is_left(library: Library) -> None:
    library.import_digest(digest("One"))
    for note in ("a\r\nb", f"{TEXTS['colour']} \0 \u202e \u200b", TEXTS["zalgo"], TEXTS["family"], "\n a\t\n\n"):
        library.note(1, note)
        async with desk(library) as opened:
            await opened.press("6", "e", "escape")
            assert not opened.main.query("NoteEditor")
        assert library.entry(1).note == note


async def test_long_texts_everywhere_hold_nothing_up(library: Library) -> None:
    """With PAPERDECK_HUGE=1000000 they are of a million characters, and the tags ten thousand."""
    texts = huge(LENGTH)
    papers = [listing(f"{number} {text}", abstract=text) for number, text in enumerate(texts.values())]
    library.import_digest(digest(*papers, content="huge"))
    with closing(sqlite3.connect(library.path)) as connection, connection:
        connection.execute("DROP TRIGGER marks_fts_tags_insert")  # it would index all of them anew with each
        tags = ["x" * LENGTH, *(f"tag {number}" for number in range(LENGTH // 100))]
        connection.executemany("INSERT INTO tags (paper, tag) VALUES (1, ?)", ((tag,) for tag in tags))
    for number, text in enumerate(texts.values(), start=1):
        library.note(number, text)
    library.save_search("n" * LENGTH, "x", fuzzy=False)
    async with desk(library) as opened:
        slow = {}
        for number, name in enumerate(texts):
            slow[f"moving to {name}"] = await _timed(opened, "j" if number else "6")
        for name in ("tags", "rename", "copy", "note", "export", "digest", "log", "saved", "search", "skip", "views"):
            keys = DIALOGS[name]
            slow[name] = await _timed(opened, "6", *keys)
            await opened.press("escape", "escape")
        _look(opened)
        assert {name: seconds for name, seconds in slow.items() if seconds > 2 + LENGTH / 50_000} == {}


async def _timed(opened: Desk, *keys: str) -> float:
    begun = time.process_time()
    await opened.press(*keys)
    return time.process_time() - begun
