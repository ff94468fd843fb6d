"""What an app that is open all day keeps of the memory that it has used."""

import gc
import sys
from contextlib import suppress
from typing import Final

_ARENA_MAX: Final = -8
_MMAP_THRESHOLD: Final = -3
"""Of glibc's mallopt(3)."""


def keep_little() -> None:
    """Look for garbage from now on, but not in what is there at the start, and give freed memory back to the system.

    What is there at the start stays: going through it again and again would hold up keys. And glibc would keep what
    was freed, for each thread by itself: an export of everything would leave its size behind in several of them.
    """
    gc.freeze()
    gc.enable()
    if sys.platform == "linux":
        from ctypes import CDLL

        with suppress(OSError, AttributeError):  # another C library does without
            libc = CDLL(None)
            libc.mallopt(_ARENA_MAX, 2)
            libc.mallopt(_MMAP_THRESHOLD, 1 << 18)
