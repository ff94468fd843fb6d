r"""Text that means itself in Markdown: titles, abstracts and addresses escaped, notes kept within their quotation.

The reader may be CommonMark, GitHub (tables, `~~`, `$`, autolinks, `:emoji:`, footnotes) or Obsidian (`[[`, `#tag`,
`==`, `%%`, `^block`). What any of them would take for a sign of its own gets a backslash.
"""

import re
from typing import Final
from unicodedata import category
from urllib.parse import quote

from store.harmless import harmless

_SPACES: Final = re.compile("  +")

# Every alternative begins with a sign of its own: `re` then passes over all other text at a tenth of the cost.
_SIGNS: Final = re.compile(
    r"\\|`|\*|\[|\]|<|#|~|\$|\|"
    r"|&(?=#?\w+;)"
    # Within a word an underscore is a letter; two equal or per cent signs are Obsidian's.
    r"|_(?:(?<![^\W_]_)|(?![^\W_]))|=(?:(?==)|(?<===))|%(?:(?=%)|(?<=%%))"
    # What would become an emoji or, on GitHub, a link.
    r"|:(?=//|[\w+-]+:)|\.(?<=www\.)"
    # At the end, the name by which Obsidian links to a paragraph.
    r"|\^(?<!\S\^)(?=[\w-]+$)"
)
_AT_THE_START: Final = re.compile(r"^(?=>|[-+](?:\s|$)|-[- ]*$)|^(\d+)(?=[.)](?:\s|$))")


def folded(text: str) -> str:
    """The text on one line, without what a terminal would obey: somebody may look at the file with `cat`."""
    return _SPACES.sub(" ", harmless(text)).strip()


def escaped(text: str) -> str:
    """The text on one line, such that it means itself within a line, as in a heading."""
    return _SIGNS.sub(r"\\\g<0>", folded(text))


def paragraph(line: str) -> str:
    """A line of Markdown that begins with escaped text, as a paragraph and not as a list or a quotation."""
    return _AT_THE_START.sub(r"\1\\", line)


def code(text: str) -> str:
    """The text as a code span."""
    line = folded(text)
    longest = max(map(len, re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def link(label: str, url: str) -> str:
    """A link whose label is our own; empty for an address that is not of the web."""
    if not url.lower().startswith(("http://", "https://")):
        return ""
    # `%` stands for itself: what is encoded already stays as it is.
    safe = quote(url, safe="%/:?#@!&'*+,;=~-._", errors="replace").replace("&", "&amp;")
    return f"[{label}]({safe})"


class Anchors:
    """The names under which GitHub makes the headings of one document reachable, in the document's order."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def add(self, heading: str) -> str:
        """The anchor of the next heading, given as it is read (not escaped)."""
        text = folded(heading).lower()
        kept = _NOT_IN_ANCHORS.sub("", text) if text.isascii() else "".join(filter(_in_anchors, text))
        plain = anchor = kept.replace(" ", "-")
        while anchor in self._taken:
            self._taken[plain] += 1
            anchor = f"{plain}-{self._taken[plain]}"
        self._taken[anchor] = 0
        return anchor


_NOT_IN_ANCHORS: Final = re.compile("[^a-z0-9_ -]")


def _in_anchors(sign: str) -> bool:
    if sign in " -":
        return True
    kind = category(sign)
    return kind[0] in "LM" or kind in {"Nd", "Nl", "Pc"}


# Notes

_CODE: Final = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*(?:\n.*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)|\Z)"
    r"|(?<!`)(?P<span>`+)(?!`).+?(?<!`)(?P=span)(?!`)",
    re.MULTILINE | re.DOTALL,
)
_HTML: Final = re.compile(
    r"<!--.*?-->|<[A-Za-z][A-Za-z0-9+.-]+:[^\s<>]*>|<[^\s<>@]+@[^\s<>]+>"
    r"|<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?:\s[^<>]*?)?(?P<alone>/?)>"
    r"|(?P<cut>^[ \t]*<(?=[A-Za-z/!?]))",
    re.MULTILINE | re.DOTALL,
)
_VOID: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_HEADING: Final = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE)


def quoted(note: str) -> str:
    """A person's Markdown as they wrote it, in a block quotation: nothing in it reaches what follows.

    The quotation ends fences that are open; HTML that is open would still swallow the rest of the page in a browser,
    so its `<` is written as an entity.
    """
    lines = _closed(_lines(note)).strip("\n").split("\n")
    return "\n".join(f"> {line}" if line.strip() else ">" for line in lines)


def headings(note: str) -> list[str]:
    """The headings that a note has of its own: they have anchors, too."""
    return _HEADING.findall(_CODE.sub("", _lines(note)))


def _lines(note: str) -> str:
    return note.replace("\r\n", "\n").replace("\r", "\n")


def _closed(note: str) -> str:
    """The note without HTML that begins and does not end, or the reverse."""
    code_spans = [match.span() for match in _CODE.finditer(note)]
    open_tags: list[tuple[str, int]] = []
    loose: list[int] = []
    for match in _HTML.finditer(note):
        start = match.end() - 1 if match["cut"] else match.start()
        if any(begin <= start < end for begin, end in code_spans):
            continue
        name = (match["name"] or "").lower()
        if match["cut"]:
            loose.append(start)
        elif match["end"]:
            if open_tags and open_tags[-1][0] == name:
                open_tags.pop()
            else:
                loose.append(start)
        elif name and name not in _VOID and not match["alone"]:
            open_tags.append((name, start))
    for start in sorted([*loose, *(start for _, start in open_tags)], reverse=True):
        note = f"{note[:start]}&lt;{note[start + 1 :]}"
    return note
