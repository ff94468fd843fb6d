"""What is typed, before Textual sees it: bytes that are no UTF-8, and keys that hide in a paste."""

from codecs import getincrementaldecoder

from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START
from textual.drivers import linux_driver


def read_safely() -> None:
    """Have the terminal's driver decode with `Typed`. Textual (8.2) offers no other way than to put it there."""
    setattr(linux_driver, "getincrementaldecoder", lambda _encoding: Typed)  # noqa: B010


class Typed:
    """Decodes what a terminal sends, as `codecs.IncrementalDecoder` does.

    Bytes that are no UTF-8 (a paste from elsewhere, an old mouse report, a Meta key of eight bits) are read as �:
    Textual decodes strictly and ends the app over them. Within a paste Escape is left out, as most terminals do, but
    not all: Textual (8.2) takes what follows one for keys, and a page that somebody copied would mark papers.
    """

    def __init__(self) -> None:
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._is_pasted = False
        self._held = ""
        """Within a paste: what may be the beginning of its end."""
        self._before = ""
        """Otherwise: the last characters, which may be those of a paste's beginning. They have been given already."""

    def decode(self, data: bytes, final: bool = False) -> str:
        """The text of `data`, which goes on where the last call ended; nothing is kept back if it is `final`."""
        text = self._held + self._decode(data, final)
        self._held = ""
        given = []
        while text:
            part, text = self._pasted(text, final) if self._is_pasted else self._plain(text)
            given.append(part)
        return "".join(given)

    def _plain(self, text: str) -> tuple[str, str]:
        """What is before a paste, its beginning included, and what is left."""
        seen = self._before + text
        at = seen.find(BRACKETED_PASTE_START)
        if at < 0:
            self._before = seen[1 - len(BRACKETED_PASTE_START) :]
            return text, ""
        self._before, self._is_pasted = "", True
        end = at + len(BRACKETED_PASTE_START) - (len(seen) - len(text))
        return text[:end], text[end:]

    def _pasted(self, text: str, final: bool) -> tuple[str, str]:
        """What is pasted, its end included, and what is left."""
        pasted, end, left = text.partition(BRACKETED_PASTE_END)
        if end:
            self._is_pasted = False
        elif not final:
            lengths = range(len(BRACKETED_PASTE_END) - 1, 0, -1)
            held = next((length for length in lengths if pasted.endswith(BRACKETED_PASTE_END[:length])), 0)
            pasted, self._held = pasted[: len(pasted) - held], pasted[len(pasted) - held :]
        return pasted.replace("\x1b", "") + end, left
