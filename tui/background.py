"""Work that must not hold up the screen: writes one after another, and reads of which only the newest counts."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from store.errors import StoreError

T = TypeVar("T")


class Writer:
    """Runs writes one after another, in the order in which they were asked for, in a thread of their own."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(1, f"paperdeck-{name}")

    def submit(self, write: Callable[[], T]) -> "asyncio.Future[T]":
        """Do `write` after all that was asked for before it; what is awaited returns or raises what it does.

        Who no longer awaits it (the app ends) does not call it off: what a person asked for is written.
        """
        return asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, write))

    def wait(self, write: Callable[[], T]) -> T:
        """As `submit`, and wait for it here: for what is short."""
        return self._thread.submit(write).result()

    def close(self) -> None:
        """Wait until everything asked for is written."""
        self._thread.shutdown(wait=True)


class Reader:
    """Runs reads in a thread of their own; a read that a newer one has overtaken is dropped."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(1, f"paperdeck-{name}")
        self._number = 0

    async def latest(self, read: Callable[[], T]) -> T | None:
        """What `read` returns, or None if a newer read was asked for before it ended.

        One that is overtaken before it starts is not run at all. Raises what the newest read raises.
        """
        self._number += 1
        number = self._number

        def unless_overtaken() -> T | None:
            return read() if number == self._number else None

        try:
            result = await asyncio.get_running_loop().run_in_executor(self._thread, unless_overtaken)
        except StoreError:
            if number == self._number:
                raise
            return None
        return result if number == self._number else None

    async def run(self, read: Callable[[], T]) -> T:
        """What `read` returns, in its turn: not numbered."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, read)

    def drop(self) -> None:
        """Forget what is under way."""
        self._number += 1

    def close(self) -> None:
        """Let the thread end; what it has not begun is no longer wanted. The library is closed only after that."""
        self._number += 1
        self._thread.shutdown(wait=True, cancel_futures=True)
