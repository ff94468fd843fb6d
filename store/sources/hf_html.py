"""Saved web pages of Hugging Face: their papers are in the page as JSON, in an attribute, and `hf_json` reads them."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from store.errors import SourceError
from store.sources.hf_json import reading_of
from store.sources.reading import Reading

_TARGETS: Final = r"(?:\w*Papers|PaperContent)"
"""What `data-target` says of the elements that hold papers: those of a day or a search, or the one of its own page."""
_ELEMENT: Final = re.compile(rf"\bdata-target\s*=\s*[\"']?{_TARGETS}\b", re.IGNORECASE)
_HTML: Final = re.compile(r"\s*<")

# Start tags as browsers read them: a quotation mark means something after `=` only. What is begun and never ended goes
# up to the end, so that one pass does; `html.parser` looks for the end anew from each `<!--`, for hours in a bad page.
_TAG: Final = re.compile(
    r"""<!--.*?(?:-->|\Z) | <(?P<raw>script|style|textarea)\b.*?(?:</(?P=raw)|\Z)
    | <[a-z](?P<attributes>(?:[^=>]++|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))?+)*+)(?:>|\Z)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(r"""([^\s=/"']++)(?:\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?+""")


def recognises(text: str) -> bool:
    """Whether `text` is such a page; one whose papers are only drawn, or that is none of Hugging Face's, is not."""
    return bool(_HTML.match(text) and _ELEMENT.search(text))


def read(text: str, name: str) -> Reading:
    """The papers of a page of a day or a search, or of a paper's own, with the day that it names.

    Raises SourceError where their data is missing or broken.
    """
    values: list[tuple[int, object]] = []
    for line, data in _data(text):
        try:
            values.append((line, json.loads(data)))
        except (ValueError, RecursionError) as error:
            raise SourceError(f"{name} is a damaged web page (line {line}): save it again.") from error
    if not values:
        raise SourceError(f"{name} is a web page without its papers' data: save it again, as HTML.")
    return reading_of("hf-html", values, name)


def _data(text: str) -> Iterator[tuple[int, str]]:
    """The line and the JSON of each element that holds papers."""
    line, counted = 1, 0
    for tag in _TAG.finditer(text):
        if tag["attributes"] and _ELEMENT.search(tag["attributes"]):
            attributes = {
                key.lower(): unescape("".join(value)) for key, *value in _ATTRIBUTE.findall(tag["attributes"])
            }
            if attributes.get("data-props") and re.fullmatch(_TARGETS, attributes.get("data-target", "")):
                line, counted = line + text.count("\n", counted, tag.start()), tag.start()
                yield line, attributes["data-props"]
