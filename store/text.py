r"""Outside text made safe and comparable, once, where it enters: control characters, LaTeX leftovers, keys, links.

The LaTeX left in abstracts is a handful of accents and commands (`Milenkovi\'c`, `{\it word}`, `84.7\%`). A table and
Unicode's combining characters resolve them, and everything else stays as it is. A LaTeX library was tried on real
abstracts and loses words: a bare `%` is a comment to it, so that `10.8% and 4.73%` became `10.8`.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final
from unicodedata import category, combining, is_normalized, normalize

# Escape sequences of a terminal: those that hold a string (a window's title, a link), those with parameters, the rest.
_ESCAPE: Final = re.compile(
    r"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f\r\n]*(?:\x07|\x1b\\|\x9c)"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|\x1b[ -/]*[0-Z^-~]"
)

# What is never seen and can only deceive: controls that are no white space, bidi marks, overrides and isolates,
# zero-width characters, fillers, half surrogates, tags. The joiners have a rule of their own.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Of these, what Python takes for printable. Some terminals give it a column and others none.
_BLANK: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0d\uffa0\U000e0100-\U000e01ef]"
)
# A joiner is spelling in the scripts of Arabic, India and South-East Asia, and holds emoji together.
_JOINING: Final = "\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc"
_EMOJI: Final = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_IDLE_JOINER: Final = re.compile(f"(?<![{_JOINING}])\u200c|(?<![{_JOINING}{_EMOJI}])\u200d")


def safe(text: str) -> str:
    """`text` in NFC without anything that a terminal acts on or an eye cannot see, its white space folded.

    Whole escape sequences go, then control characters, bidi overrides and zero-width characters, and of combining
    marks in a row all but the first thirty. LaTeX stays.
    """
    if not text.isprintable() or (not text.isascii() and _BLANK.search(text)):
        text = _UNSEEN.sub("", _ESCAPE.sub("", text))
        if "\u200c" in text or "\u200d" in text:
            text = _IDLE_JOINER.sub("", text)
        text = " ".join(text.split())
    elif "  " in text or text[:1] == " " or text[-1:] == " ":
        text = " ".join(text.split())
    if not text.isascii() and _MANY_MARKS.search(text):
        marks = _stacked_marks()
        text = marks.sub(r"\1", normalize("NFC", marks.sub(r"\1", text)))
    return text if is_normalized("NFC", text) else normalize("NFC", text)


# Half of thirty: in NFC some marks are two.
_MANY_MARKS: Final = re.compile("[^\x00-\u02ff]{16}")


@cache
def _stacked_marks() -> re.Pattern[str]:
    """More than thirty combining marks in a row, the first thirty as group 1.

    No language needs more (UAX #15, Stream-Safe Text), and to bring them into their order takes quadratic time.
    """
    # Five characters are no marks but become some when they are decomposed. A class of so many characters is quick only
    # as far as U+FFFF, so the rest is looked up only where it may be.
    marks = "".join(filter(combining, map(chr, range(0x300, 0x10000)))) + "\u0f73\u0f75\u0f81\uff9e\uff9f"
    upper = "".join(filter(combining, map(chr, range(0x10000, 0x20000))))
    mark = f"(?:[{marks}]|(?=[{upper[0]}-{upper[-1]}])[{upper}])"
    return re.compile(f"(?=[{marks}{upper[0]}-{upper[-1]}])({mark}{{30}}){mark}++")


def clean(text: str) -> str:
    r"""`text` as `safe` gives it, with LaTeX's accents as letters and its few commands resolved. No word is lost.

    `Milenkovi\'c` becomes Milenković, `{\it word}` word, `\%` %, `\url{x}` x and a `~` between words a space.
    Macros that are not known stay as they stand.
    """
    return without_latex(safe(text))


def without_latex(text: str) -> str:
    """The second half of `clean`, for text that is safe already.

    What is resolved already stays as it is. So does what is nested more than a few levels deep: nobody wrote that.
    """
    if "\\" not in text and "~" not in text:
        return text
    resolved = text
    for _ in range(_PASSES):
        before, resolved = resolved, _resolved_once(resolved)
        if resolved == before:
            return resolved
    return text


_PASSES: Final = 8


_COMBINING: Final = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331",
}  # fmt: skip
_LETTERS: Final = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ", "th": "þ", "TH": "Þ", "deg": "°", "i": "ı",
}  # fmt: skip

# Each begins with the backslash itself, whatever stands before it, so that a search jumps from one to the next.
_COMMAND: Final = re.compile(
    r"""\\(?:
      [^\w'"`^~=.%&\#$\ ]                                           # `\[`, `\\`: stays, and so does what follows
    | (?<=/\\)(?P<home>~)                                            # x.edu/\~name
    | (?<=[A-Za-z]\\)(?P<apostrophe>')(?=(?:s|t|d|m|re|ll|ve)\b)     # the query\'s feature: escaped, no accent
    | (?<![A-Za-z]\\)(?P<quote>["'])(?P<quoted>[^"'\\{}]+)\\(?P=quote)(?![A-Za-z{\\])
    | (?P<accent>[`'^~=."uvHcdkbr])
        (?: \{\ ?(?:\\(?=[ij]\ ?\}))?(?P<braced>[A-Za-z])\ ?\}       # \"{u}  \'{\i}  \v{c}
          | (?<=[`'^~=."])\\(?P<dotless>[ij])(?![A-Za-z])            # \'\i
          | (?<=[`'^~="])(?P<bare>[A-Za-z]) | (?<=\.)(?P<dotted>[eEgGIzZ])     # \'c  \.z
          | (?<=[vHck])\ (?P<spaced>[A-Za-z]) )                      # Fran\c cois
    | (?P<letter>ss|oe|OE|ae|AE|aa|AA|dh|DH|dj|DJ|th|TH|o|O|l|L|i|deg)(?![A-Za-z])(?P<after>\{\}|\ (?=[a-z]))?
    | (?P<symbol>[%&\#$_\ ]|["'](?![A-Za-z{\\]))
    | url\ ?\{(?P<url>[^{}]*)\}
    | href\ ?\{(?P<target>[^{}]*)\}\ ?\{(?P<anchor>[^{}]*)\}
    )""",
    re.VERBOSE,
)
_LETTER_IN_BRACES: Final = re.compile(r"\{([^\x00-\x7f])\}")
_STYLED: Final = (
    re.compile(
        r"\{ ?\\(?:it|em|bf|sl|sc|tt|rm|sf|itshape|slshape|scshape|bfseries|ttfamily|rmfamily|sffamily)"
        r"(?![A-Za-z]) ?([^{}]*?)(?:\\/)?\}"
    ),
    re.compile(r"\\(?:textit|textbf|textsl|textsc|texttt|textrm|textsf|text|emph|underline) ?\{([^{}]*)\}"),
)
# `Models~(LLMs)`, `e.g.~fine`, `Mamba~2`; not `~5`, `7~8`, nor anything within a link.
_TIE: Final = re.compile(
    r"""(https?://\S+)|(?:(?<=[^\W_])|(?<=[)\]}.,:;%$"'”’]))~(?=[A-Za-z(\[{\\$"“‘])|(?<=[^\W\d_])~(?=\d)"""
)


def _resolved_once(text: str) -> str:
    """`text` with all that holds nothing else resolved: the innermost of what is nested."""
    if "\\" in text:
        text = _LETTER_IN_BRACES.sub(r"\1", _COMMAND.sub(_resolve, text))
        for styled in _STYLED:
            text = styled.sub(r"\1", text)
        text = safe(text)
    return _TIE.sub(lambda match: match[1] or " ", text) if "~" in text else text


def _resolve(match: re.Match[str]) -> str:
    if accent := match["accent"]:
        base = match["braced"] or match["dotless"] or match["bare"] or match["dotted"] or match["spaced"]
        letter = normalize("NFC", base + _COMBINING[accent])
        # Unbraced, only letters of European languages: `\"H` is rather a quotation mark before a word.
        known = len(letter) == 1 and (letter < "\u0250" or match["braced"] is not None)
        return letter if known else match[0]
    if letter := match["letter"]:
        before = match.string[match.start() - 1 : match.start()]
        # LaTeX swallows the space after a command: `J\o rgensen`, but not that of a lone `\o and`.
        joined = match["after"] == "{}" or (letter != "deg" and (before.isalpha() or letter.isupper()))
        return _LETTERS[letter] + ("" if joined else match["after"] or "")
    if match["target"] is not None:
        same = match["anchor"] == match["target"] or not match["anchor"]
        return match["target"] if same else f"{match['anchor']} ({match['target']})"
    if match["quoted"]:
        return match["quote"] + match["quoted"] + match["quote"]
    for name in ("home", "apostrophe", "symbol", "url"):
        if (value := match[name]) is not None:
            return value
    return match[0]


_APOSTROPHES: Final = str.maketrans(dict.fromkeys("'’‘ʼ`´", None))
_STROKES: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"})
_ACCENTS: Final = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_SEPARATORS: Final = re.compile(r"[^a-z0-9+#\x80-\U0010ffff]+")
_SIGNS_ALONE: Final = re.compile(r"(?<!\S)[+#]+")


def title_key(title: str) -> str:
    """What two spellings of one title have in common: lower case, no accents, one space between the words.

    NFKC and case folding; punctuation and symbols separate words, but for apostrophes, which vanish, and a `+` or `#`
    at the end of a word (`C++` and `C#` are two languages). A title without a letter or digit is its own key.
    """
    folded = normalize("NFKC", title.translate(_APOSTROPHES)).casefold()
    if not folded.isascii():
        folded = normalize("NFKC", _ACCENTS.sub("", normalize("NFKD", folded)).translate(_STROKES))
        # Not by `\w`, which has no place for the vowel signs of India.
        folded = "".join(c if c.isascii() or c.isalnum() or category(c)[0] == "M" else " " for c in folded)
    words = _SIGNS_ALONE.sub(" ", _SEPARATORS.sub(" ", folded)).split()
    return " ".join(words or normalize("NFKC", title).casefold().split())


_CODE_HOSTS: Final = (
    ".github.com", ".gitlab.com", ".bitbucket.org", ".codeberg.org", ".sourceforge.net", ".gitee.com", ".sr.ht",
    ".4open.science", ".githubusercontent.com",
)  # fmt: skip
_LINK: Final = re.compile(
    r"""
    (?: (?P<scheme>https?://) (?P<host>(?:[a-z0-9-]+\.)+[a-z]{2,})(?![\w@-])(?!:\S{0,99}@)(?P<port>:\d+)?
      | (?<![\w@./:-])(?P<bare>
            (?:[a-z0-9-]+\.)+(?:com|org|net|io|ai|edu|gov|dev|co|app|me|ly|page|site|info|cn|uk|de|fr|ch|jp|kr)(?=/)
          | (?:[a-z0-9-]+\.)+(?:github|gitlab)\.io(?![\w@-]) | www\.(?:[a-z0-9-]+\.)+[a-z]{2,}(?![\w@-]) )
    )
    (?P<path> [/?\#] [a-z0-9\-._~:/?\#\[\]@!$&'()*+,;=%]{0,2000} )?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_SEARCHED: Final = 100_000
_NEXT_LINK: Final = re.compile(r"https?://", re.IGNORECASE)


def links(text: str) -> tuple[str | None, str | None]:
    """The first link to a host of code and the first to any other host: `(code_url, project_url)`.

    `text` is as `clean` gives it. Only http and https; a link that lacks its scheme (`github.com/x/y`, `x.github.io`)
    gets `https://`. It ends where the sentence goes on: at a closing bracket that it did not open, before punctuation
    at its end. GitHub Pages, Hugging Face and all else that shows rather than holds source are no hosts of code. Only
    the first 100,000 characters are looked through.
    """
    code = project = None
    if len(text) > _SEARCHED:
        text = text[: text.rfind(" ", 0, _SEARCHED) + 1]
    for word in _words_like_links(text):
        position = 0
        while not (code and project) and (match := _LINK.search(word, position)):
            host, path = match["host"] or match["bare"], _path(match["path"] or "")
            position = match.end() if match["path"] is None else match.start("path") + len(path)
            url = f"{match['scheme'] or 'https://'}{host}{match['port'] or ''}{path}"
            if not _is_code_host(host.lower()):
                project = project or url
            elif path.strip("/"):
                code = code or url
    return code, project


def _words_like_links(text: str) -> Iterator[str]:
    """The words that may hold a link, in order; found without looking at all the others."""
    spans = set()
    for sign in ("/", ".io", "www."):
        at = text.find(sign)
        while at >= 0:
            end = text.find(" ", at)
            spans.add((text.rfind(" ", 0, at) + 1, end if end >= 0 else len(text)))
            at = text.find(sign, end) if end >= 0 else -1
    return (text[start:end] for start, end in sorted(spans))


def _is_code_host(host: str) -> bool:
    return host.startswith("gitlab.") or f".{host}".endswith(_CODE_HOSTS)


def _path(path: str) -> str:
    """`path` up to where the sentence goes on."""
    expected = []
    for position, character in enumerate(path):
        if character in "([":
            expected.append(")" if character == "(" else "]")
        elif character in ")]" and (not expected or expected.pop() != character):
            path = path[:position]
            break
    if following := _NEXT_LINK.search(path):
        path = path[: following.start()]
    return path.rstrip(".,;:!?'*~&$([")
