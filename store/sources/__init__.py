"""Documents in, digests out: one module per input format, recognised by content. No database, no network."""

import re
from datetime import date
from hashlib import sha256
from importlib import import_module
from typing import Final, Protocol, cast

from store import clock
from store.errors import SourceError
from store.models import Digest
from store.sources.foreign import what_else
from store.sources.lines import Encoding, encoding_of, head_of, lines_of, text_of
from store.sources.pages import read_page
from store.sources.reading import Reading, refuse_too_many

_MARKED_UP: Final = ("own_json", "hf_json", "hf_html", "arxiv_feeds")
"""Modules for documents that begin with a bracket. Each is imported when a document may be its own."""
_WRITTEN: Final = ("arxiv_mail", "bibtex")
"""Modules for documents whose beginning looks like any text's."""
_BRACKET: Final = re.compile(r"\s*+[\[{<]")


class _Source(Protocol):
    """A module that reads a whole format."""

    def recognises(self, text: str) -> bool:
        """Whether a document is its own; never raises."""

    def read(self, text: str, name: str) -> Reading:
        """Its papers. Raises SourceError."""


def parse(data: bytes, name: str, *, day: date | None = None, today: date | None = None) -> Digest:
    """Read a document as papers.

    `name` is what the person knows it by and only goes into messages. `day` is the day of all its papers as the person
    says it; without it, the document says it, or it is inferred, where need be from `today` (default: the day it is).

    Raises SourceError, whose message names the document and says what to do, where it is nothing that we know or
    beyond the limits (those of `store.sources.reading` and `store.sources.lines`).
    """
    checksum = sha256(data).hexdigest()
    encoding = encoding_of(data, name)
    source = _source_of(data, encoding)
    if source:
        text = text_of(data, encoding)
        del data  # half a gigabyte, it may be
        reading = source.read(text, name)
    else:
        if other := what_else(head_of(data, encoding)):
            raise SourceError(f"{name} {other}")
        lines = lines_of(data, encoding, name)
        del data
        reading = read_page(lines, name, day=day, today=today or clock.now().date())
    refuse_too_many(len(reading.listings), name)
    return Digest(
        format=reading.format,
        name=name,
        sha256=checksum,
        day=day or reading.day,
        day_inferred=day is None and reading.day_inferred,
        day_given=day is not None,
        listings=reading.listings,
        unparsed=reading.unparsed,
    )


def _source_of(data: bytes, encoding: Encoding) -> _Source | None:
    """The module that reads a document of a format of its own; None where it is a page, or nothing that we know."""
    text = head_of(data, encoding)
    modules: tuple[str, ...] = _WRITTEN
    if _BRACKET.match(text):
        text, modules = text_of(data, encoding), _MARKED_UP + _WRITTEN
    for module in modules:
        source = cast(_Source, import_module(f"store.sources.{module}"))
        if source.recognises(text):
            return source
    return None
