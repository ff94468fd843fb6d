"""Text as strangers write it, a library full of it, and what may never reach a terminal: shared by all hostile tests.

`TEXTS` are short enough to stand in every field of every test; `huge()` are long. Whatever a test
does with them must do no harm where it succeeds: no path in them leads to a folder that there is.
"""

import os
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

ESC: Final = "\x1b"
FAMILY: Final = "👨\u200d👩\u200d👧\u200d👦"

TEXTS: Final[Mapping[str, str]] = {
    "closing markup": "Reading [/b] closely [/] and [/link]",
    "action markup": "[@click=app.quit]Press[/] [@click='app.bell']here[/] [link=file:///etc/passwd]link[/link]",
    "open markup": "[bold red on blue]Loud [not closed [b][i][[x]] [$accent]",
    "markup escapes": r"\[b] \\[/b] [[ ]] [0] [x=1] [ ] []",
    "colour": f"{ESC}[31;1mRed{ESC}[0m alert",
    "cursor": f"{ESC}[2J{ESC}[H{ESC}[10;10Hmoved{ESC}[?1049l{ESC}[?25l{ESC}c",
    "title": f"{ESC}]0;owned\x07 and {ESC}]2;owned{ESC}\\ set",
    "clipboard": f"{ESC}]52;c;b3duZWQ=\x07copied",
    "hyperlink": f"{ESC}]8;;file:///etc/passwd{ESC}\\click{ESC}]8;;{ESC}\\",
    "open sequence": f"never closed {ESC}]0;owned and {ESC}P q{ESC}[",
    "device strings": f"{ESC}P+q544e{ESC}\\{ESC}_Gi=1;AAAA{ESC}\\{ESC}^pm{ESC}\\{ESC}Xsos{ESC}\\answers",
    "eight-bit controls": "\x9b31mred\x9b0m \x9d0;owned\x9c \x90q\x9c \x85next",
    "control characters": "".join(map(chr, range(32))) + "all of C0\x7f",
    "upper controls": "".join(map(chr, range(0x80, 0xA0))) + "all of C1",
    "null": "before\0after\0",
    "backspaces": "good\b\b\b\bevil\rover\x0b\x0c",
    "lines": "one\ntwo\r\nthree\rfour\x85five\u2028six\u2029seven\x1ceight",
    "tabs": "a\tb\t\tc",
    "bidi override": "safe \u202egnp.exe\u202c \u202dx \u202bRLE\u202c",
    "bidi isolates": "\u2066a\u2069 \u2067b\u2069 \u2068c \u200e\u200f\u061c",
    "unclosed bidi": "\u202e\u2067\u2068 never ended",
    "right to left": "שלום עולם مرحبا بالعالم mixed",
    "zero width": "z\u200be\u200br\u2060o\ufeff w\u00adi\u180edth\u034f",
    "nothing seen": "\u200b\u2060\ufeff",
    "fillers": "\u115f\u1160\u3164\uffa0 Hangul fillers \u2800",
    "tag characters": "flag\U000e0067\U000e0062\U000e007f\U000e0001",
    "variation selectors": "a\ufe00b\ufe0fc\U000e0100 ☺\ufe0e ☺\ufe0f",
    "noncharacters": "\ufffe\uffff\ufdd0\U0010ffff private \ue000\U000f0000",
    "interlinear": "\ufff9a\ufffab\ufffb\ufffc",
    "wide": "視覚言語モデルの効率的な推論ｆｕｌｌｗｉｄｔｈ",
    "combining": "e\u0301a\u0308 Vie\u0323\u0302t \u0301alone",
    "zalgo": "Z" + "\u0300\u0316\u0333\u0489" * 50 + "algo",
    "a thousand marks": "a" + "\u0301" * 1000,
    "devanagari": "क्षत्रिय न्\u200dयाय தமிழ் ไทยกำ",
    "jamo": "\u1112\u1161\u11ab\u1100\u1173\u11af",
    "family": f"{FAMILY} and {FAMILY}{FAMILY}",
    "joiners": "\u200d\u200d\u200c" + "👩\u200d" * 40,
    "flags": "🇫🇷🇩🇪🇯🇵 🇫 🇦🇧🇨 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "skin": "👍🏽👩🏿\u200d🚀 🏽 keycap 1\ufe0f\u20e3 ❤\ufe0f",
    "ambiguous": "① ± × ÷ … ─ █ ° § ␛",
    "lone surrogates": "half \ud800 and \udfff and \udc80",
    "bytes that are no text": b"caf\xe9 \xff\xfe".decode("utf-8", "surrogateescape"),
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)><!-- <b>&lt;&amp;&#27;",
    "markdown": "# h\n\n> q\n- [x](javascript:alert(1)) ![i](http://x/y.png) `c` **b** ~~~\n```\n$$\\x$$ | a |",
    "obsidian": "[[link]] #tag ==x== %%hidden%% ^block {{template}} <%tp%>",
    "front matter": "---\ntitle: owned\n---\n",
    "formula": "=HYPERLINK(\"http://evil.example/\",\"x\")",
    "formulas": "+1-1@SUM(A1) -2+3 =cmd|' /C calc'!A0 \t=1",
    "bibtex": "} @misc{owned, title={x} \\input{/etc/passwd} % $ \\write18{id}",
    "shell": "$(touch owned) `touch owned` ; touch owned | sh && ' \" \\ *",
    "sql": "'; DROP TABLE papers; -- \" ) OR 1=1",
    "fts": "NEAR(a b, 2) title:x ^a a* \"b\" AND OR NOT {title} : (c) + -",
    "path up": "../../../../nowhere/owned",
    "path": "/nowhere/owned",
    "home": "~nobody/owned",
    "windows": "C:\\CON\\NUL:aux.txt ",
    "option": "--db=/nowhere/owned -rf --help",
    "percent": "%s %d %n {0} {name} {0.__class__} %(x)s",
    "links": "javascript:alert(1) file:///etc/passwd data:text/html,x http://a@b/ https://x.y/\u202e",
    "white space": " \u00a0\u2003\u3000 a \u1680\u205f ",
    "long word": "x" * 5000,
    "long wide word": "字" * 2500,
    "long words": "lorem ipsum " * 400,
    "many lines": "line\n" * 300,
    "emptyish": "\u3164",
    "one sign": "[",
}  # fmt: skip


LENGTH: Final = int(os.environ.get("PAPERDECK_HUGE", "20000"))
"""Characters of long texts in the suite; the figures in the README are of a million."""


def huge(length: int = 1_000_000) -> Mapping[str, str]:
    """Texts of so many characters each."""
    patterns = {
        "word": "x",
        "words": "word ",
        "wide": "字",
        "marks": "\u0301",
        "families": FAMILY,
        "brackets": "[",
        "markup": "[/b]",
        "escapes": f"{ESC}]0;",
        "lines": "a\n",
        "tabs": "\t",
        "stars": "*",
        "quotes": '"',
        "fences": "```\n",
        "tags": "<a ",
        "ticks": "` `` ",
        "zero width": "\u200b",
    }
    return {name: pattern * (length // len(pattern)) for name, pattern in patterns.items()}


OBEYED: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What no cell of a screen may hold: a terminal acts on it, reorders the line by it or cannot encode it."""


def obeyed(text: str, but: str = "") -> list[str]:
    """The characters of `text` that a terminal would act on, each with what stands around it; `but` are allowed."""
    found = (match for match in OBEYED.finditer(text) if match[0] not in but)
    return [f"{match[0]!r} in {text[max(0, match.start() - 20) : match.end() + 20]!r}" for match in found]


def kept(text: str) -> str:
    """`text` as a file or SQLite can hold it: half surrogates are no text."""
    return text.encode("utf-8", "replace").decode()


def tags() -> Iterator[str]:
    """The texts as tags: without what no tag may hold."""
    for text in TEXTS.values():
        tag = re.sub(r"[,\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", " ", kept(text)).strip()
        if tag and not tag.isspace():
            yield tag


def foul(path: Path) -> None:
    """Write the texts into every text column of a library, past all that checks them, as another program may have."""
    columns = {
        "papers": ("title", "abstract", "organization", "code_url", "project_url"),
        "states": ("note",),
        "digests": ("name",),
        "searches": ("name", "query"),
        "journal": ("summary",),
    }
    texts = [kept(text) for text in TEXTS.values()]
    with closing(sqlite3.connect(path)) as connection, connection:
        for table, names in columns.items():
            for name in names:
                for at, (row,) in enumerate(connection.execute(f"SELECT rowid FROM {table}").fetchall()):
                    text = texts[at % len(texts)]
                    connection.execute(f"UPDATE OR IGNORE {table} SET {name} = ? WHERE rowid = ?", (text, row))
