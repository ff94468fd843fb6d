"""Killed at random moments, some twenty times here and hundreds of times in `python -m tests.durability`."""

import os
from pathlib import Path
from random import Random

import pytest

from tests.durability.killing import Apps, Commands, Imports

TIMES = int(os.environ.get("PAPERDECK_KILLS", "1"))
"""How many times as often as usual."""


@pytest.mark.parametrize(
    ("kind", "kills"), [(Commands, 12), (Imports, 4), (Apps, 3)], ids=["commands", "imports", "app"]
)
def test_what_was_acknowledged_survives_kill_9_and_nothing_is_half_done(
    tmp_path: Path, kind: type[Commands | Imports | Apps], kills: int
) -> None:
    killing = Imports(tmp_path, Random(), papers=800) if kind is Imports else kind(tmp_path, Random())
    for _ in range(kills * TIMES):
        figures = killing.kill()
    assert figures.kills == kills * TIMES
