"""Half-written notes on disk, beside the library, so that they outlive a lost terminal or a failed save."""

import os
from pathlib import Path


class Drafts:
    """What was written and not saved, a file for each paper in `<library>-drafts`, a folder that is there only while it
    holds something. Writing one costs well under a millisecond; it is replaced whole, so it is never half there."""

    def __init__(self, library: Path) -> None:
        """`library`: the library's file."""
        self._folder = library.with_name(f"{library.name}-drafts")

    def _file(self, paper: int) -> Path:
        return self._folder / f"{paper}.md"

    def papers(self) -> list[int]:
        """The papers of which there are drafts, in no order."""
        return [int(file.stem) for file in self._folder.glob("*.md") if file.stem.isdigit()]

    def find(self, paper: int) -> str | None:
        """The draft of this paper's note, if there is one that can be read."""
        try:
            return self._file(paper).read_bytes().decode(errors="replace")
        except OSError:
            return None

    def keep(self, paper: int, text: str) -> None:
        """Keep `text` as the draft. Raises OSError where it cannot be written."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        file = self._file(paper)
        part = file.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(text.encode(errors="surrogatepass"))
        part.replace(file)

    def drop(self, paper: int) -> None:
        """The draft is saved or discarded. Raises OSError where it cannot be removed."""
        self._file(paper).unlink(missing_ok=True)
        try:
            self._folder.rmdir()
        except OSError:
            # It holds other drafts, or never was.
            return
