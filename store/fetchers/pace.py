"""Turns: one request at a time, and a pause after it, for all processes of a person on this machine together.

arXiv asks for at most one request in three seconds and one connection (https://info.arxiv.org/help/api/tou.html).
"""

import asyncio
import fcntl
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from store.errors import FetchError
from store.folders import make_private

SECONDS: Final = 3.0
_LOOK_AGAIN: Final = 0.05
"""Seconds between two looks at whether the turn is ours."""


class Pace:
    """Turns that begin at least `seconds` after the turn before ended, whichever process had it.

    The file `arxiv.lock` in `folder` (default: the person's state folder) is locked during a turn, which a process
    that dies gives back, and holds when the last request began or ended, in seconds since 1970.
    """

    def __init__(self, folder: Path | None = None, seconds: float = SECONDS) -> None:
        if folder is None:
            from platformdirs import user_state_path

            folder = user_state_path("paperdeck")
        self._path = folder / "arxiv.lock"
        self._seconds = seconds

    @asynccontextmanager
    async def turn(self, tell: Callable[[str], None]) -> AsyncIterator[None]:
        """Wait for a turn, telling `tell` why, and have it. Raises FetchError where the file cannot be locked."""
        try:
            make_private(self._path.parent)
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise self._unusable(error) from error
        try:
            if not self._locked(file):
                tell("another request to arXiv is under way: one at a time")
                while not self._locked(file):  # noqa: ASYNC110 (another process gives no event)
                    await asyncio.sleep(_LOOK_AGAIN)
            if (pause := self._pause(file)) > 0:
                tell(f"arXiv takes one request in {self._seconds:g} seconds")
                await asyncio.sleep(pause)
            self._note(file)
            try:
                yield
            finally:
                self._note(file)
        finally:
            os.close(file)

    def _locked(self, file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise self._unusable(error) from error
        return True

    def _pause(self, file: int) -> float:
        """Seconds to wait. Never more than one pause, so that a clock that was turned back stops nobody."""
        try:
            last = float(os.pread(file, 64, 0))
        except ValueError:
            return 0.0
        return min(last + self._seconds - time.time(), self._seconds)

    def _note(self, file: int) -> None:
        try:
            os.ftruncate(file, os.pwrite(file, f"{time.time():.3f}\n".encode(), 0))
        except OSError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: OSError) -> FetchError:
        return FetchError(
            f"{self._path} cannot be used: {error.strerror}. It keeps to arXiv's rule of one request in"
            f" {self._seconds:g} seconds, without which arXiv is not asked."
        )
