"""What this person fetches, by their settings: the errands of `paperdeck fetch` and of the app's key."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from store.fetchers import Addresses
from store.fetching import Errand, announced, newest_papers, papers_of, submitted

if TYPE_CHECKING:
    from store.library import Library
    from tui.config import Fetching


def addresses(settings: "Fetching") -> Addresses:
    """Where the services are: as the settings say, else where they usually are."""
    usual = Addresses()
    return Addresses(
        settings.huggingface_url or usual.huggingface,
        settings.arxiv_api_url or usual.arxiv_api,
        settings.arxiv_rss_url or usual.arxiv_rss,
    )


def newest(library: "Library", settings: "Fetching") -> list[Errand]:
    """What the person's sources have new."""
    where = addresses(settings)
    errands = {
        "huggingface": lambda: newest_papers(library, where),
        "arxiv": lambda: announced(settings.arxiv, where),
    }
    return [errands[source]() for source in settings.sources]


def between(days: Sequence[date], wanted: Sequence[date], settings: "Fetching") -> list[Errand]:
    """What the person's sources have of `days`, which follow each other; of Daily Papers only those of `wanted`."""
    where = addresses(settings)
    errands = {
        "huggingface": lambda: papers_of(wanted, where),
        "arxiv": lambda: submitted(where, categories=settings.arxiv, first=days[0], last=days[-1]),
    }
    return [errands[source]() for source in settings.sources]
