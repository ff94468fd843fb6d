"""The network: bytes from a service, checked and handed to `store.sources`. No database, no parsing of papers.

`huggingface` and `arxiv` say what to ask for, and `http.Client` asks. Each iterates over documents as they come:

    with Client(cancelled=event.is_set, progress=show) as client:
        for answer in huggingface.daily_papers(client, huggingface.days_of_week("2025-W20")):
            ...  # a Fetched, to be parsed and imported, or a Missed, to be told

Both raise FetchError where nothing more can come, of which ServiceUnreachable is being offline or shut out, and
FetchCancelled what the person asked for. httpx is imported when the first document is asked for, not before.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple


@dataclass(frozen=True)
class Addresses:
    """Where the services are: what begins every address that is asked for, `https://` or `http://` included."""

    huggingface: str = "https://huggingface.co"
    arxiv_api: str = "https://export.arxiv.org"
    arxiv_rss: str = "https://rss.arxiv.org"


class Fetched(NamedTuple):
    """A document that came, whole and of the right kind; whether it holds papers is for `store.sources` to say."""

    name: str
    """What a person knows it by, such as `huggingface.co/papers/date/2025-11-28`. The same at every fetch."""
    data: bytes
    day: date | None = None
    """The day that was asked for and whose papers these are; None: the document says it itself, or has none."""
    unchanged: bool = False
    """Whether the service said that nothing has changed since this computer asked the last time."""


class Missed(NamedTuple):
    """A document that did not come, while others may."""

    name: str
    reason: Literal["empty", "unpublished", "more", "unknown", "failed"]
    """`empty`: the service has nothing there, as at week-ends; `unpublished`: not yet; `more`: more papers match than
    came; `unknown`: there is no such paper; `failed`: anything else. The first two are no errors."""
    message: str
    """The sentence to show: what happened, and what to do where that is not plain."""
    day: date | None = None
    """The day that was asked for."""
    newest: date | None = None
    """Of what is `unpublished`: the newest day that the service has."""


class Progress(NamedTuple):
    """How far one document is."""

    name: str
    received: int = 0
    """Bytes, as they came over the network."""
    total: int | None = None
    """Bytes; None where the service did not say."""
    waiting: str = ""
    """What is waited for before anything more can come, as in `trying again in 2 s (…)`; empty while bytes come."""
