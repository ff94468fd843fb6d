"""What comes from outside: a signal that ends the app or stops it, or a terminal that is gone. It ends in order, and in
bounded time."""

import asyncio
import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread, Timer
from types import FrameType
from typing import TextIO

SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)

GRACE = 5.0
"""Seconds in which the app has to end once it is told to: a write may wait for another process, or the screen hang."""


@contextmanager
def told_to_end(end: Callable[[int], None]) -> Iterator[None]:
    """Call `end` with a signal's number in the running event loop when that signal comes, or SIGHUP when the terminal
    is gone. GRACE seconds later the process is over in any case, with 128 and the number as its status."""
    loop = asyncio.get_running_loop()
    is_told = False

    def told(number: int, _frame: FrameType | None = None) -> None:
        nonlocal is_told
        if not is_told:
            is_told = True
            # A thread, as the loop itself may be what hangs.
            last = Timer(GRACE, os._exit, [128 + number])
            last.daemon = True
            last.start()
            with suppress(RuntimeError):  # the loop has come to its end
                loop.call_soon_threadsafe(end, number)

    def watch() -> None:
        if _hangs_up(sys.__stdin__):
            # Textual would spin on the input and hang on the output (8.2).
            nowhere = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(nowhere, stream)
            told(signal.SIGHUP)

    before = {number: signal.signal(number, told) for number in SIGNALS}
    Thread(target=watch, name="paperdeck-terminal", daemon=True).start()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def stopped_between_events() -> None:
    """Be stopped (SIGTSTP) as Textual wants it, but from the running event loop.

    Textual (8.2) waits, in the signal's handler, until everything is painted: for ever, if the signal came while
    something was being handed over to be painted.
    """
    stop = signal.getsignal(signal.SIGTSTP)
    if callable(stop):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTSTP, stop, signal.SIGTSTP, None)


def _hangs_up(terminal: TextIO | None) -> bool:
    """Wait until the terminal is gone; False where that cannot be told."""
    if terminal is None:
        return False
    watched = select.poll()
    watched.register(terminal, 0)  # for nothing but what is always told: its end
    return any(event & (select.POLLHUP | select.POLLERR) for _, event in watched.poll())
