"""Folders for what is a person's own: their library, settings and state."""

from pathlib import Path


def make_private(folder: Path) -> None:
    """Make a folder where there is none, and those above it that are missing, each for its owner alone.

    `Path.mkdir` would give those above it what the umask leaves: under 000 anybody could write to `~/.config`. Raises
    OSError.
    """
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except FileNotFoundError:
        if folder.parent == folder:  # the folder that one was in is gone
            raise
        make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
