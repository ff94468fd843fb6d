"""What the tests of the library's file look at it with, and harm it by."""

from pathlib import Path

from store import Library
from store.doctor import Health, examine
from tests.fixtures.make_library import state

FIXTURES = Path(__file__).parent.parent / "fixtures"


def contents(path: Path) -> dict[str, object]:
    with Library(path, create=False) as library:
        return state(library)


def wrong(path: Path) -> list[str]:
    """What the doctor finds wrong."""
    return [f"{finding.about}: {finding.says}" for finding in examine(path) if finding.health is Health.WRONG]


def damaged(path: Path, share: int) -> None:
    """Write noise over a few pages, `share` percent into the file."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size * share // 100 // 4096 * 4096)
        file.write(bytes(range(1, 256)) * 80)
