"""How the index spells words: what is a word in a text, and when two spellings are the same."""

import re
from typing import Final
from unicodedata import normalize

_WORD: Final = re.compile(r"[^\W_]+")

# Runs without spaces between words: Chinese, Japanese, Thai, Lao, Khmer, Burmese.
UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)

_SPECIAL: Final = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"}


class _Folding(dict[int, str]):
    """What `str.translate` does to lower-case letters, worked out on their first use.

    As FTS5's `unicode61 remove_diacritics 2` has it: accents go from Latin letters only, combining ones from all.
    """

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if 0x300 <= code <= 0x36F:
            folded = ""
        else:
            base = normalize("NFD", char)[0]
            folded = base if base.isascii() else char
        self[code] = folded
        return folded


_FOLDING: Final = _Folding({ord("ς"): "σ"})


def fold(text: str) -> str:
    """`text` as the index spells it: lower case, without accents."""
    lowered = text.lower()
    return lowered if lowered.isascii() else lowered.translate(_FOLDING)


def tokens(text: str) -> list[str]:
    """The words of `text` as the index has them: runs of letters and digits, folded."""
    return _WORD.findall(fold(text))


def plain(word: str) -> str:
    """`word` without any accent, in any script."""
    bare = normalize("NFKD", "".join(_SPECIAL.get(char, char) for char in word))
    return "".join(char for char in bare if not "\u0300" <= char <= "\u036f")
