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
_SIGN: Final = re.compile(r"[\\{}~^<>|&%$#_]")
_READ: Final = {written[1:-2]: sign for sign, written in _WRITTEN.items() if written.endswith("{}")}
_COMMAND: Final = re.compile(rf"\\({'|'.join(_READ)})(?![A-Za-z])(?:\{{\}}| )?")


def latex(text: str) -> str:
    """`text` such that LaTeX prints it and BibTeX finds its end."""
    return _SIGN.sub(lambda sign: _WRITTEN[sign[0]], text)


def without_signs(text: str) -> str:
    r"""`text` with the signs themselves in place of the commands that print them: `\textasciitilde{}` becomes `~`.

    To be done last: what comes out is no LaTeX any more.
    """
    return _COMMAND.sub(lambda command: _READ[command[1]], text) if "\\text" in text else text
