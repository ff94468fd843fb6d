"""Where the person's library is, and how the app is opened on it. Imports nothing that the app itself does not need."""

import gc
import os
import sys
from pathlib import Path

from store.errors import LibraryUnusable, StoreError
from store.folders import make_private
from tui.output import complain

BROWSER = "textual.drivers.web_driver:WebDriver"
"""What `TEXTUAL_DRIVER` says where a browser is keyboard and screen (`tui.serving`)."""


def place(given: str | None) -> Path:
    """The library's file: `given` (`--db`), else PAPERDECK_DB, else `library.db` in the person's data folder.

    Raises LibraryUnusable where nobody has the home folder that is named.
    """
    named = given or os.environ.get("PAPERDECK_DB")
    if named:
        try:
            return Path(named).expanduser()
        except RuntimeError as error:
            raise LibraryUnusable(f"{named} cannot be used: nobody here has this home folder.") from error
    from platformdirs import user_data_path

    return user_data_path("paperdeck", appauthor=False) / "library.db"


def library_path(given: str | None) -> Path:
    """The library's file, as `place` has it; its folder is made where there is none.

    Raises LibraryUnusable where that is impossible.
    """
    path = place(given)
    try:
        if not path.is_absolute():
            Path.cwd()  # raises where that folder is gone
        make_private(path.parent)
    except OSError as error:
        raise LibraryUnusable(
            f"The folder {path.parent} cannot be made ({error.strerror}); "
            "name another place for the library with --db or PAPERDECK_DB."
        ) from error
    return path


def open_app(given: str | None) -> int:
    """Open the app on the library (`given` as in `library_path`); the exit status is returned."""
    if not _at_a_terminal():
        return 2
    # A tenth of the start would go into looking for garbage among the modules; the app turns it on again.
    gc.disable()
    try:
        path = library_path(given)
        from tui.app import run

        return run(path)
    except StoreError as error:
        complain(str(error))
        return 1


def open_demo(*, guided: bool = False) -> int:
    """Open the app on the sample library, in a temporary folder that is gone afterwards.

    The guide is there the first time, and whenever it was asked for (`guided`).
    """
    if not _at_a_terminal():
        return 2
    from tempfile import TemporaryDirectory

    from tui.app import run
    from tui.sample import build

    try:
        with TemporaryDirectory(prefix="paperdeck-demo-") as folder:
            path = Path(folder) / "sample.db"
            build(path)
            return run(path, temporary=True, guided=guided)
    except StoreError as error:
        complain(str(error))
        return 1


def _at_a_terminal() -> bool:
    """Whether the app has a keyboard and a screen; complains if not."""
    if sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty():  # Textual draws on standard error
        _believe_the_terminal()
        return True
    if os.environ.get("TEXTUAL_DRIVER") == BROWSER:
        return True
    complain(
        "The app needs a terminal. `paperdeck --help` lists the commands for pipes and scripts, "
        "such as `paperdeck import -` for a page on standard input."
    )
    return False


def _believe_the_terminal() -> None:
    """Forget a size that the environment carries: it was the terminal's once, and would hold against every change."""
    if all(os.get_terminal_size(sys.stdout.fileno())):
        for name in ("COLUMNS", "LINES"):
            os.environ.pop(name, None)
