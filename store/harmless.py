"""What a terminal would obey, and text without it: for every screen, whatever the text is and wherever it is from.

Apart from `store.text`, which takes 20 ms to import: the app draws with this before anything else.
"""

import re
from typing import Final

# What a terminal acts on, what turns the order of a line round, and what no encoding has. All but half surrogates take
# no column: to leave them out moves nothing.
OBEYED: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def harmless(text: str) -> str:
    """`text` on one line, for a screen: a sign, or a space, in place of each character that a terminal would obey.

    Unlike `safe` it takes nothing away, and the places of all characters stay: it is for what a person wrote, and for
    what may not have come through here.
    """
    return text if text.isprintable() else OBEYED.sub(_sign, text)


_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def harmless_lines(text: str) -> str:
    """A person's text for a file: all its lines, ended as Unix does it, without controls other than tabs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isprintable() else _CONTROLS.sub(_sign, text)


def _sign(match: re.Match[str]) -> str:
    return " " if match[0].isspace() else "\N{REPLACEMENT CHARACTER}"
