"""Answers kept between two runs, so that a service can say "unchanged". One file an address, in the cache folder.

Whatever is wrong with the folder or a file (damaged, not writable, gone), the answer is fetched anew, never refused.
"""

import json
import os
import threading
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from store.folders import make_private

ROOM: Final = 64 * 2**20
"""Bytes that all files together may take; those not asked for the longest go first."""


class Kept(NamedTuple):
    """An answer, and what the service knows it by."""

    data: bytes
    etag: str
    """As the service wrote it; empty: none."""
    modified: str
    """Its `Last-Modified`, as the service wrote it; empty: none."""


class Cache:
    """The answers in `folder` (default: `fetched` in the person's cache folder), at most `room` bytes of them."""

    def __init__(self, folder: Path | None = None, room: int = ROOM) -> None:
        if folder is None:
            from platformdirs import user_cache_path

            folder = user_cache_path("paperdeck") / "fetched"
        self._folder = folder
        self._room = room

    def get(self, url: str) -> Kept | None:
        """What is kept of `url`; None where that is nothing, or not to be trusted."""
        path = self._path(url)
        try:
            head, _, data = path.read_bytes().partition(b"\n")
            said = json.loads(head)
            kept = Kept(data, str(said["etag"]), str(said["modified"]))
            sound = said["seal"] == _seal(url, kept)
            os.utime(path)
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        return kept if sound else None

    def put(self, url: str, kept: Kept) -> None:
        """Keep the answer to `url`, if the service gave anything that it knows it by."""
        if not (kept.etag or kept.modified):
            return
        head = {"url": url, "etag": kept.etag, "modified": kept.modified, "seal": _seal(url, kept)}
        path = self._path(url)
        draft = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        with suppress(OSError):
            make_private(self._folder)
            try:
                with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                    file.write(json.dumps(head).encode() + b"\n" + kept.data)
                draft.replace(path)
            finally:
                draft.unlink(missing_ok=True)
            self._make_room()

    def _path(self, url: str) -> Path:
        return self._folder / sha256(url.encode()).hexdigest()

    def _make_room(self) -> None:
        """Remove the files that were not used for the longest, and what a killed process left."""
        with os.scandir(self._folder) as entries:
            files = [(status.st_mtime, status.st_size, entry.path) for entry in entries if (status := entry.stat())]
        room = self._room
        for _, size, path in sorted(files, reverse=True):
            room -= size
            if room < 0:
                Path(path).unlink(missing_ok=True)


def _seal(url: str, kept: Kept) -> str:
    """What tells that a file holds what was kept, to the letter."""
    return sha256("\n".join((url, kept.etag, kept.modified, "")).encode() + kept.data).hexdigest()
