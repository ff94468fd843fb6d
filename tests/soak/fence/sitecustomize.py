"""Imported by Python at its start where this folder is on the path: random keys reach nothing beyond the soak.

Whoever presses keys at random may type any path into a dialog and confirm, or fetch. What is refused here is an OSError
to the app, as where the person may not write, or is not on line.
"""

import faulthandler
import gc
import os
import signal
import sys
from pathlib import Path

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


def _tell(*_: object) -> None:
    """Write down where all threads are and what the app waits for, for whoever has to find out why it is stuck."""
    with Path(_ROOT, "account").open("w", encoding="utf-8") as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.flush()
        for app in [thing for thing in gc.get_objects() if type(thing).__name__ == "PaperdeckApp"]:
            pumps = [app, *(node for screen in app.screen_stack for node in screen.walk_children(with_self=True))]
            held = {f"{pump!r}": pump.message_queue_size for pump in pumps if pump.message_queue_size}
            print(f"screens {app.screen_stack}, focused {app.focused}, typed {len(app._typed)}", file=file)
            print(f"messages that wait {held}", file=file)
            print(f"workers {[*app.workers]}, faults {app.faults}", file=file)
            print(f"mounted {app.screen.is_mounted}, active {app.screen.is_active}", file=file)
            for task in __import__("asyncio").all_tasks(app._loop):
                task.print_stack(limit=3, file=file)
            main = app.main
            if main is not None:
                places = main.places
                print(f"place {places.place}, deck of {main.papers.deck.place}, {vars(places)}", file=file)


sys.addaudithook(_watch)
signal.signal(signal.SIGUSR1, _tell)
