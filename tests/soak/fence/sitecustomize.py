"""Imported by Python at its start where this folder is on the path: random keys reach nothing beyond the soak.

Whoever presses keys at random may type any path into a dialog and confirm, or fetch. What is refused here is an OSError
to the app, as where the person may not write, or is not on line.
"""

import faulthandler
import os
import signal
import sys
from pathlib import Path
from types import FrameType

_ROOT = os.environ["SOAK_ROOT"] + os.sep
_READABLE = (_ROOT, sys.prefix + os.sep, sys.base_prefix + os.sep, *(path + os.sep for path in sys.path if path))
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_PATHS = {"os.rename": 2, "os.mkdir": 1, "os.rmdir": 1, "os.remove": 1, "os.link": 2, "os.symlink": 2, "os.chmod": 1}


def _refuse(path: object) -> None:
    raise PermissionError(13, "Permission denied", os.fsdecode(path) if isinstance(path, bytes | str) else None)


def _outside(path: object, roots: tuple[str, ...] = (_ROOT, "/dev/")) -> bool:
    if not isinstance(path, str | bytes | os.PathLike):
        return False  # an open file
    return not (os.path.realpath(os.fsdecode(path)) + os.sep).startswith(roots)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        path, _, flags = arguments
        if isinstance(flags, int) and flags & _WRITES and _outside(path):
            _refuse(path)
    elif event in ("os.listdir", "os.scandir"):
        if _outside(arguments[0] or ".", _READABLE):
            _refuse(arguments[0])
    elif event in _PATHS:
        for path in arguments[: _PATHS[event]]:
            if _outside(path):
                _refuse(path)
    elif event in ("socket.connect", "socket.getaddrinfo"):
        raise ConnectionRefusedError(111, "Connection refused")
    elif event == "subprocess.Popen" and _outside(arguments[0]):
        _refuse(arguments[0])


def _tell(_number: int, frame: FrameType | None) -> None:
    """Write down where all threads are and what the app waits for, for whoever has to find out why it is stuck."""
    with Path(_ROOT, "account").open("w", encoding="utf-8") as file:
        faulthandler.dump_traceback(file, all_threads=True)
        while frame is not None and not (frame.f_code.co_name == "run" and "app" in frame.f_locals):
            frame = frame.f_back
        if frame is None:
            return
        app = frame.f_locals["app"]
        nodes = [app, *(node for screen in app.screen_stack for node in screen.walk_children(with_self=True))]
        for name, value in {
            "screens": app.screen_stack,
            "focused": app.focused,
            "the screen is mounted": app.screen.is_mounted,
            "keys that wait": len(app._typed),
            "messages that wait": {f"{node!r}": size for node in nodes if (size := node.message_queue_size)},
            "workers": [*app.workers],
            "faults": app.faults,
            "places": vars(app.main.places) if app.main is not None else None,
        }.items():
            print(f"{name}: {value}"[:2000], file=file)


sys.addaudithook(_watch)
signal.signal(signal.SIGUSR1, _tell)
