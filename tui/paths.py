"""Paths as a person types them, and what there is to complete them with. Nothing here raises for a bad folder."""

import os
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

READ = 20_000
"""Entries of one folder that are looked at, at most."""


class Found(NamedTuple):
    """One entry of a folder."""

    name: str
    folder: bool

    @property
    def text(self) -> str:
        """The name, with the slash that tells a folder."""
        return f"{self.name}/" if self.folder else self.name


class Listing(NamedTuple):
    """What a folder holds: folders first, each in alphabetical order; or why that cannot be said."""

    folder: str
    entries: tuple[Found, ...] = ()
    cut: bool = False
    """Whether it holds more than `READ` entries."""
    error: str = ""


def _drawable(name: str) -> bool:
    """Whether a name can be put on a screen: control characters and undecodable bytes cannot."""
    return all(sign.isprintable() or unicodedata.category(sign) == "Zs" for sign in name)


def read_folder(folder: str) -> Listing:
    """What `folder` holds, as far as it may be read. Never raises: what is wrong is in the result."""
    found: list[Found] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if len(found) == READ:
                    break
                try:
                    is_folder = entry.is_dir()
                except OSError:
                    is_folder = False
                if _drawable(entry.name):
                    found.append(Found(entry.name, is_folder))
            cut = next(entries, None) is not None
    except OSError as error:
        return Listing(folder, error=error.strerror or "It cannot be read")
    except ValueError:  # NUL, half surrogates
        return Listing(folder, error="No folder can have this name")
    found.sort(key=lambda entry: (not entry.folder, entry.name.casefold(), entry.name))
    return Listing(folder, tuple(found), cut)


def matching(entries: Sequence[Found], beginning: str) -> list[Found]:
    """The entries whose names begin so, in either case if none does exactly; hidden ones only after a dot."""
    seen = [entry for entry in entries if beginning.startswith(".") or not entry.name.startswith(".")]
    exact = [entry for entry in seen if entry.name.startswith(beginning)]
    return exact or [entry for entry in seen if entry.name.casefold().startswith(beginning.casefold())]


def common_beginning(names: Sequence[str]) -> str:
    """What all the names begin with."""
    first, last = min(names), max(names)
    for at, sign in enumerate(first):
        if sign != last[at : at + 1]:
            return first[:at]
    return first


def typed_path(text: str) -> Path:
    """The path that a person means: `~` is their home; quotes and `file://`, which terminals put around a dropped
    file, are taken off, and so are backslashes where only that makes it exist."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    if text.startswith("file://"):
        from urllib.parse import unquote

        text = unquote(text.removeprefix("file://").removeprefix("localhost"))
    path = Path(os.path.expanduser(text))  # noqa: PTH111 (Path.expanduser raises for an unknown ~name)
    if "\\" in text and not os.path.lexists(path):
        plain = Path(os.path.expanduser(text.replace("\\", "")))  # noqa: PTH111
        return plain if os.path.lexists(plain) else path
    return path
