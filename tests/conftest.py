"""What all tests share: the real pages, where they are, and an empty library on disk."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest
from hypothesis import HealthCheck, settings

from store.library import Library

ROOT = Path(__file__).parent.parent

# No test depends on how fast the machine is.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# What is started here heeds signals, also where the tests run in the background or by `nohup`, which has them ignored.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real pages; they are not ours, so they are kept outside the repository."""
    folder = Path(os.environ.get("PAPERDECK_CORPUS", ROOT.parent / "shared" / "corpus"))
    if not folder.is_dir():
        pytest.skip(f"no corpus at {folder} (set PAPERDECK_CORPUS)")
    return folder


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a library in which nothing is, to be copied, which is faster than to make one."""
    path = tmp_path_factory.mktemp("empty") / "library.db"
    Library(path).close()
    return path


@pytest.fixture
def library(empty: Path, tmp_path: Path) -> Iterator[Library]:
    """An empty library in a real file."""
    with Library(copy(empty, tmp_path / "library.db")) as library:
        yield library
