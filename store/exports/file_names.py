"""Names for files that Linux, macOS, Windows and Obsidian all take, made of titles."""

import re
from collections.abc import Collection
from typing import Final
from unicodedata import category, normalize

from store.text import safe

MOST_BYTES: Final = 120
"""Of a name in UTF-8, so that there is room for a folder before it and what tells it from others behind it."""

_REFUSED: Final = re.compile(r'[/\\:*?"<>|#^\[\]\x00-\x1f\x7f]+')
# Devices on Windows, whatever stands behind a full stop.
_RESERVED: Final = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\..*)?", re.IGNORECASE
)


def file_name(title: str, otherwise: str) -> str:
    """The title as a file's name, without a suffix; `otherwise` where nothing of it can stand in one."""
    name = safe(title.encode("utf-8", "replace").decode()).replace(": ", " - ").replace("/", "-")
    name = _REFUSED.sub(" ", name)
    if not name.isprintable():  # what has no meaning everywhere: some file systems refuse it
        name = "".join(sign for sign in name if category(sign)[0] != "C" or sign == "\u200d")
    name = _cut(" ".join(name.split()).strip(" .-~"), MOST_BYTES)
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    return name or otherwise


def distinct(name: str, otherwise: str, taken: Collection[str]) -> str:
    """The name, with `otherwise` behind it, and a number, if it is among those `taken` (as `folded` gives them)."""
    tried, number = name, 1
    while folded(f"{tried}.md") in taken:
        tried = f"{name} ({otherwise})" if number == 1 else f"{name} ({otherwise} {number})"
        number += 1
    return tried


def folded(name: str) -> str:
    """What names have in common that are one to some file system."""
    return normalize("NFC", normalize("NFC", name).casefold())


def _cut(name: str, most: int) -> str:
    """The name in at most so many bytes, at the end of a word if one is near."""
    data = name.encode()
    if len(data) <= most:
        return name
    cut = data[:most].decode("utf-8", "ignore")
    word = cut.rpartition(" ")[0]
    return (word if len(word) > len(cut) * 0.7 else cut).rstrip(" .-\u200d")
