"""Documents in, digests out: one module per input format, recognised by content. No database, no network."""

from datetime import date

from store.models import Digest


def parse(data: bytes, name: str, *, day: date | None = None, today: date | None = None) -> Digest:
    """Read a document as papers.

    `name` is what the person knows it by and only goes into messages. `day` is the day of the page as the person says
    it; without it, it is inferred, where need be from `today` (default: the day it is).

    Raises SourceError, whose message names the document and says what to do, where it is no page that we know.
    """
    raise NotImplementedError
