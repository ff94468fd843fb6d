"""A library for the tests of its file."""

from pathlib import Path

import pytest

from tests.fixtures.make_library import make


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A library with every kind of state, closed."""
    make(tmp_path / "library.db")
    return tmp_path / "library.db"
