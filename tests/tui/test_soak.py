"""A short soak; the long one is `python -m tests.soak --keys 20000`."""

from pathlib import Path

from tests.soak.soak import Soak


def test_hundreds_of_random_keys_leave_the_app_and_the_library_whole(tmp_path: Path) -> None:
    soak = Soak(tmp_path, seed=8, quits=0.003, whole=False)
    try:
        figures = soak.run(200, calm_every=100)
    finally:
        soak.close()
    assert figures.calm
    assert figures.actions
