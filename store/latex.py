"""Text as LaTeX that prints it as it is, and back. All but LaTeX's own signs stays Unicode, which every TeX of today
reads."""

import re
from typing import Final

# A brace that is merely escaped counts for BibTeX, which would end the field at it.
_WRITTEN: Final = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
    "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
}  # fmt: skip
# What Unicode keeps for itself: biber refuses a whole file for one of them.
_NO_CHARACTERS: Final = "\ufdd0-\ufdef" + "".join(
    chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
)
_SIGN: Final = re.compile(rf"[\\{{}}~^<>|&%$#_{_NO_CHARACTERS}]")
_READ: Final = {written[1:-2]: sign for sign, written in _WRITTEN.items() if written.endswith("{}")}
_COMMAND: Final = re.compile(rf"\\({'|'.join(_READ)})(?![A-Za-z])(?:\{{\}}| )?")

JOINS_NAMES: Final = re.compile(r",|(?<!\S)(?:and|others)(?!\S)", re.IGNORECASE)
"""What BibTeX takes for the end of a name, or of a part of one, unless it is in braces."""


def latex(text: str) -> str:
    """`text` such that LaTeX prints it and BibTeX finds its end."""
    return _SIGN.sub(lambda sign: _WRITTEN.get(sign[0], "\N{REPLACEMENT CHARACTER}"), text)


def without_signs(text: str) -> str:
    r"""`text` with the signs themselves in place of the commands that print them: `\textasciitilde{}` becomes `~`.

    To be done last: what comes out is no LaTeX any more.
    """
    return _COMMAND.sub(lambda command: _READ[command[1]], text) if "\\text" in text else text
