"""Pages by the million: pieces of real ones and of our own, and documents of other formats, changed as no person would
and as every copy might."""

import json
import os
from collections.abc import Callable, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.hostile import TEXTS

ROOT: Final = Path(__file__).parent.parent.parent
_CORPUS: Final = Path(os.environ.get("PAPERDECK_CORPUS", ROOT.parent / "shared" / "corpus"))
_DOCUMENT: Final = 120
"""Lines of a document of another format."""
_OWN: Final = [
    {
        "id": 12, "title": "Keeping What Matters", "abstract": "We keep it.", "published": "2025-11-27", "n_authors": 2,
        "authors": ["Ada Lovelace", "Kurt Gödel"], "organization": "HKUST", "comments": 3, "upvotes": 41,
        "arxiv_id": "2511.00001", "url": "https://arxiv.org/abs/2511.00001", "code_url": "https://github.com/a/b",
        "project_url": None, "days": ["2025-11-28", "2025-11-30"], "read": False, "starred": True, "skipped": False,
        "tags": ["rl", "to cite"], "note": "Read it again.\nAnd again.", "added_at": "2025-11-28T07:00:00.000Z",
    },
    {"id": 13, "title": "Walking Without Falling", "tags": [], "note": None, "authors": [], "days": []},
]  # fmt: skip
CARDS_HEADER: Final = [
    "new",
    "",
    "Subscribe",
    "",
    "Daily Papers",
    "",
    "byAK and the research community",
    "",
    "Nov 3",
    "",
]
FLAT_HEADER: Final = ["Get trending papers in your email inbox once a day!", "Get trending papers in your email inbox!"]

_VALUES: Final = (
    None, True, 0, -1, 2.5, 1e400, 10**30, "", " ", "0", "12", [], {}, [[]], {"": ""}, [None, 1, ""], "2025-99-99",
    "2025-11-28", "2025-11-28T00:00:00+99:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "2511.00001v7",
    "https://arxiv.org/abs/2511.00001", "javascript:alert(1)", "\ud800", "a" * 5000, [{"name": "A"}, {"name": None}],
)  # fmt: skip

_LINES: Final = (
    "", "·", "•", "-", "—", "12", "999", "3 authors", "  • 3 authors", "  • 99999999999 authors", "1,024+ authors",
    f"{'9' * 5000} authors", "HKUST", "CohereLabs Cohere Labs", "A Title", "1984", "May 4", "May 4, 2023 2",
    f"May 4, 2023 {'7' * 5000}", "Feb 30, 9999", "Feb 29", "ſep 4, 2020", "31 December 1999", "Nov 31", "٤ May",
    "Subscribe", "SubscribeGlued", "Subscribers Wanted", "Daily Papers", "Get trending papers in your email inbox!",
    "A · May 4", "new", "Trending Papers", "Models", "Datasets", "* * *", "<!-- <!-- --> x", "{", "[", '{"a": 1',
    "@misc{a", "Title: b", "\\\\", "[12][12]", "[a](https://a.org)", "http://http://a.org", "({[<", "%PDF-1.7",
    "<html>", "x" * 3000, "Introduction",
)  # fmt: skip
_WORDS: Final = (
    r"{\it word}", r"{\it {\bf {\em deep}}}", r"\textit{a {b} c}", r"{\it " * 12, "}" * 12, r"\url{https://a.org/b_c}",
    r"\url{\%}", r"\href{https://a.org}{the \'e page}", r"Milenkovi\'c", r"\'{\"u}x", r"Fran\c cois", r"\H{o}", r"\v{",
    r"\\'e", r"84.7\%", r"\$\$", "~", "a~b", "~(x)", "https://a.edu/~b/~c", "http://http://a.b.c", "github.com/a/b)",
    "www.a.org(b", "https://a@b.org/", "x.github.io", "https://user:pw@evil.example/", "·", "…", ".", ":", '."',
    "e\u0301", "\u0344" * 40, "\u0323\u0301" * 40, "ﾊ" + "\uff9e" * 40, "\u200d", "\ufeff", "\x1b[31m", "\x00",
    "\ud800", "\u202e", "\x85", "\u2028",
)  # fmt: skip


@cache
def seeds() -> tuple[list[str], ...]:
    """The lines of all pages that there are: ours, the app's sample, and the corpus where it is present."""
    paths = [*(ROOT / "tests" / "fixtures").glob("*.txt"), *(ROOT / "tui" / "sample").glob("*.txt")]
    paths += (_CORPUS / "seeds").glob("*.txt")
    return tuple(path.read_text(encoding="utf-8").split("\n") for path in sorted(paths))


@cache
def documents() -> tuple[list[str], ...]:
    """The lines of small documents of the other formats: ours, and the beginnings of arXiv's where they are present."""
    fixtures = ROOT / "tests" / "fixtures"
    texts = [(fixtures / name).read_text(encoding="utf-8") for name in ("references.bib", "linked_markdown.md")]
    texts += [json.dumps(papers, indent=0) for papers in _arrays()]
    texts += [path.read_text(encoding="utf-8").replace("><", ">\n<") for path in sorted(fixtures.glob("hf_*.html"))]
    arxiv = _CORPUS / "arxiv"
    texts += [path.read_text(encoding="utf-8") for path in sorted([*arxiv.glob("*.xml"), *arxiv.glob("*digest*.txt")])]
    return tuple(text.split("\n")[:_DOCUMENT] for text in texts)


@cache
def _arrays() -> tuple[list[Any], ...]:
    """What there is as JSON: papers of Hugging Face's and our own."""
    return json.loads((ROOT / "tests" / "fixtures" / "hf_day.json").read_bytes()), _OWN


def _json(chance: Random) -> bytes:
    """Papers as JSON that is whole, with other values in it than anybody expects."""
    papers = deepcopy(chance.choice(_arrays()))
    for _ in range(chance.choice((0, 1, 1, 2, 3, 5, 9))):
        inner: Any = papers
        while True:
            at = chance.choice([*inner] if isinstance(inner, dict) else [*range(len(inner))])
            if not isinstance(inner[at], dict | list) or not inner[at] or chance.random() < 0.15:
                break
            inner = inner[at]
        if chance.random() < 0.2 and inner is not papers:
            del inner[at]
        else:
            others = (*_VALUES, chance.choice(list(TEXTS.values())), inner[at], [inner[at]], papers[0])
            inner[at] = deepcopy(chance.choice(others))
    return json.dumps(papers, ensure_ascii=chance.random() < 0.5).encode(errors="surrogatepass")


def page(seed: int, number: int) -> bytes:
    """The page of this number: the same ever after."""
    chance = Random(f"{seed} {number}")
    if chance.random() < 0.05:
        return _json(chance)
    lines = _piece(chance)
    for _ in range(chance.choice((0, 1, 1, 2, 2, 3, 5, 8, 20))):
        chance.choice(_CHANGES)(lines, chance)
    end = chance.choice(("\n",) * 9 + ("\r\n", "\r", "\n\n", "\x85"))
    text = end.join(lines)
    if chance.random() < 0.95:  # one is enough to be no text
        text = text.replace("\0", "")
    encoding = chance.choice(("utf-8",) * 8 + ("utf-8-sig", "utf-16", "utf-32", "cp1252", "latin-1"))
    data = text.encode(
        encoding, errors=chance.choice(("replace", "ignore", "surrogatepass" if "utf" in encoding else "replace"))
    )
    for _ in range(chance.choice((0, 0, 0, 0, 1, 2, 9))):
        data = _with_bytes_changed(data, chance)
    return data


def _piece(chance: Random) -> list[str]:
    """Some papers of a seed, below a header more often than not; now and then a document of another format."""
    if chance.random() < 0.15:
        return list(chance.choice(documents()))
    lines = chance.choice(seeds())
    start = chance.randrange(len(lines))
    flat = not any(line.endswith(" authors") for line in lines)
    header = [] if chance.random() < 0.2 else FLAT_HEADER if flat else CARDS_HEADER
    return header + lines[start : start + chance.choice((2, 9, 20, 20, 40))]


def _at(lines: Sequence[str], chance: Random) -> int:
    return chance.randrange(len(lines)) if lines else 0


def _delete(lines: list[str], chance: Random) -> None:
    at = _at(lines, chance)
    del lines[at : at + chance.choice((1, 1, 2, 6))]


def _repeat(lines: list[str], chance: Random) -> None:
    at = _at(lines, chance)
    lines[at:at] = lines[at : at + chance.choice((1, 1, 3, 9))] * chance.choice((1, 1, 2, 30))


def _move(lines: list[str], chance: Random) -> None:
    at = _at(lines, chance)
    moved = lines[at : at + chance.choice((1, 1, 2, 5))]
    del lines[at : at + len(moved)]
    at = _at(lines, chance)
    lines[at:at] = moved


def _insert(lines: list[str], chance: Random) -> None:
    lines.insert(_at(lines, chance), chance.choice(_LINES))


def _insert_hostile(lines: list[str], chance: Random) -> None:
    lines.insert(_at(lines, chance), chance.choice(list(TEXTS.values())))


def _join(lines: list[str], chance: Random) -> None:
    at = _at(lines, chance)
    lines[at : at + 2] = [chance.choice(("", " ", " · ")).join(lines[at : at + 2])]


def _within(lines: list[str], chance: Random) -> None:
    """Put something into a line, in place of nothing or of some of it."""
    if lines:
        at = _at(lines, chance)
        start = chance.randrange(len(lines[at]) + 1)
        new = chance.choice(_WORDS if chance.random() < 0.8 else list(TEXTS.values()))
        space = chance.choice(("", " "))
        lines[at] = lines[at][:start] + space + new + space + lines[at][start + chance.choice((0, 0, 1, 7, 400)) :]


def _cut(lines: list[str], chance: Random) -> None:
    if lines:
        at = _at(lines, chance)
        start = chance.randrange(len(lines[at]) + 1)
        lines[at : at + 1] = [lines[at][:start], lines[at][start:]][: chance.choice((1, 2))]


def _splice(lines: list[str], chance: Random) -> None:
    del lines[_at(lines, chance) :]
    lines += _piece(chance)


_CHANGES: Final[tuple[Callable[[list[str], Random], None], ...]] = (
    _delete, _repeat, _move, _insert, _insert, _insert_hostile, _join, _within, _within, _cut, _splice,
)  # fmt: skip


def _with_bytes_changed(data: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    size = chance.choice((1, 1, 2, 30))
    new = chance.choice((b"", chance.randbytes(1), chance.randbytes(3), b"\0", b"\xff", data[at : at + size] * 2))
    return data[:at] + new + data[at + size :]
