"""Errors that nobody foresaw: the details go into a file for whoever mends them, the person gets a sentence."""

import os
import sys
from pathlib import Path

from store.folders import make_private
from store.harmless import harmless

_LONGEST = 200
"""Characters of an error's own words that the sentence repeats."""


def details_path() -> Path:
    """Where the details of the last such error are kept."""
    from platformdirs import user_state_path

    return user_state_path("paperdeck") / "last-error.txt"


def account(*errors: BaseException) -> str:
    """Keep the details of the errors, for their owner alone; the sentence to tell of them. Never raises."""
    if os.path.expanduser("~") == "~":  # noqa: PTH111 (Path's raises, which is what went wrong)
        return "Nobody knows of a home folder here: set HOME to a folder that you may write to."
    first = errors[0]
    words = harmless(f"{first}"[:_LONGEST])
    what = (
        "There was not enough memory"
        if isinstance(first, MemoryError)
        else f"Something went wrong that nobody foresaw: {type(first).__name__}{f': {words}' if words else ''}"
    )
    return f"{what}. What was not said to be done was not changed. {_keep(errors)}"


def _keep(errors: tuple[BaseException, ...]) -> str:
    try:
        path = details_path()
        make_private(path.parent)
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(_details(errors).encode("utf-8", "replace"))
    except OSError as error:
        return f"The details could not be written ({error.strerror})."
    except (MemoryError, RuntimeError):  # too deep, or no folder for it
        return "The details could not be written."
    return f"The details are in {path}; please add them to a report."


def _details(errors: tuple[BaseException, ...]) -> str:
    import platform
    import time
    from importlib.metadata import PackageNotFoundError, version
    from traceback import format_exception

    try:
        ours = version("paperdeck")
    except PackageNotFoundError:
        ours = "from its source folder"
    head = f"{time.strftime('%Y-%m-%d %H:%M:%S %z')}\npaperdeck {ours}, Python {platform.python_version()}, " + (
        f"{platform.platform()}\n{sys.argv}\n"
    )
    return "\n".join([head, *("".join(format_exception(error)) for error in errors)])
