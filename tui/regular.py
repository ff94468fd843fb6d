"""Files that may be anything by the time they are read: what is no regular file, or is too large, is left unread."""

import errno
import os
from pathlib import Path
from stat import S_ISREG


def read_regular(path: Path, most: int) -> bytes:
    """The bytes of a file. Raises OSError where it is none (a folder, a pipe, a device) or has more than `most`."""
    # A pipe without a writer would hold us up for ever, and a device would never end.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        status = os.fstat(file.fileno())
        if not S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is no file")
        data = file.read(most + 1) if status.st_size <= most else b""
    if max(len(data), status.st_size) > most:
        size = f"{most // 1024**2} MB" if most >= 1024**2 else f"{most // 1024} kB"
        raise OSError(errno.EFBIG, f"it is over {size}")
    return data
