"""Draws the README's pictures from the sample library: `make.py` writes them beside itself, `--check` compares.

The clock stands still, nothing blinks and the sizes are fixed, so that each run writes the same bytes. The snapshot
tests play the same scenes.
"""

import asyncio
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, chdir, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, Self
from unittest.mock import patch

from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from store import Library
from tui.app import PaperdeckApp
from tui.config import Configuration, Settings
from tui.sample import build

FOLDER = Path(__file__).parent
NOW = datetime(2025, 11, 28, 8, 12, tzinfo=UTC)
"""A Friday morning."""


class Friday(date):
    """Dates of which `NOW`'s is today."""

    @classmethod
    def today(cls) -> Self:
        """That Friday."""
        return cls(NOW.year, NOW.month, NOW.day)


class Scene(NamedTuple):
    """A state of the app that is worth a picture, and the keys that lead to it from its start."""

    name: str
    size: tuple[int, int]
    """Columns and lines of the terminal."""
    keys: tuple[str, ...] = ()
    theme: str = "paperdeck"
    empty: bool = False
    """Whether the library is a new one."""
    guided: bool = False
    """Whether the guide is there."""


WIDE = (172, 42)
HALF = (110, 32)
SCENES = (
    Scene("main", WIDE, ("6", *"jjjjjj")),
    Scene("light", WIDE, ("6", "z", "j", "j"), theme="paperdeck-light"),
    Scene("narrow", (80, 24), ("j",)),
    Scene("search", HALF, ("slash", *"memroy cahe")),
    Scene("tags", HALF, ("j", "j", "t", *"re")),
    Scene("note", HALF, ("3", "j", "e")),
    Scene("export", HALF, ("3", "x")),
)


@contextmanager
def still(folder: Path) -> Iterator[None]:
    """The same time, place and settings wherever and whenever this runs; what the app remembers goes to `folder`."""
    homes = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("CONFIG", "STATE", "DATA")}
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, {**homes, "HOME": str(folder), "TZ": "UTC"}))
        for name in ("NO_COLOR", "TEXTUAL_THEME", "TEXTUAL"):
            os.environ.pop(name, None)
        time.tzset()
        stack.callback(time.tzset)
        stack.enter_context(patch("store.clock.now", return_value=NOW))
        stack.enter_context(patch("tui.screens.main_exporting.date", Friday))
        stack.enter_context(patch.multiple("tui.widgets.toast", READ=0.001, AT_MOST=3600.0))  # what is said stays
        stack.enter_context(chdir(folder))
        yield


def app_for(scene: Scene, folder: Path) -> PaperdeckApp:
    """The app of `scene`, on a library of its own in `folder`; to be run within `still`."""
    path = folder / f"{scene.name}.db"
    if not scene.empty:
        build(path)
    return PaperdeckApp(Library(path), Configuration(Settings(theme=scene.theme)), temporary=scene.guided)


async def play(scene: Scene, pilot: Pilot[None]) -> None:
    """Press the scene's keys, and wait until nothing changes any more."""
    await _settle(pilot)
    for key in scene.keys:
        await pilot.press(key)
        await _settle(pilot)
    for field in pilot.app.screen.query("Input, TextArea"):
        if isinstance(field, Input | TextArea):
            field.cursor_blink = False
    await _settle(pilot)


async def _settle(pilot: Pilot[None]) -> None:
    """Wait until the work behind the screen is done, or looks as if it waited for a person, and nothing changes."""
    before, same = None, 0
    while same < (2 if all(worker.is_finished for worker in pilot.app.workers) else 15):
        await pilot.pause(0.02)
        now = pilot.app.screen._compositor.render_strips()
        same = same + 1 if now == before else 0
        before = now


async def draw(scene: Scene, folder: Path) -> str:
    """The picture of `scene` as SVG."""
    app = app_for(scene, folder)
    async with app.run_test(size=scene.size) as pilot:
        await play(scene, pilot)
        picture = app.export_screenshot(title="paperdeck")
    app.library.close()
    return _PADDED.sub(_unpadded, picture)


_COLUMN = 12.2
"""How wide Rich draws a column."""
_SPACES = r"((?:&#160;|\xa0)*)"
_PADDED = re.compile(rf'x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"([^>]*)>{_SPACES}([^<]*?){_SPACES}</text>')


def _unpadded(text: re.Match[str]) -> str:
    """A piece of text without the spaces around it: not every program that draws SVG gives them their room."""
    x, y, length, rest, before, words, after = text.groups()
    left, right = (len(spaces.replace("&#160;", " ")) for spaces in (before, after))
    x = f"{float(x) + left * _COLUMN:.10g}"
    length = f"{float(length) - (left + right) * _COLUMN:.10g}"
    return f'x="{x}" y="{y}" textLength="{length}"{rest}>{words}</text>'


def main(arguments: list[str]) -> int:
    """Write the pictures, or with `--check` compare them (names given: only those); the exit status is returned."""
    check = "--check" in arguments
    names = [argument for argument in arguments if argument != "--check"]
    stale = []
    for scene in SCENES:
        if names and scene.name not in names:
            continue
        with TemporaryDirectory() as folder, still(Path(folder)):  # what the app remembers of one is not in another
            picture = asyncio.run(draw(scene, Path(folder)))
        file = FOLDER / f"{scene.name}.svg"
        if not check:
            file.write_text(picture, encoding="utf-8")
        elif not file.exists() or file.read_text(encoding="utf-8") != picture:
            stale.append(file.name)
    if stale:
        print(f"out of date: {', '.join(stale)}; run `make screenshots` and look at them", file=sys.stderr)
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
