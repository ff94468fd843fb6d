"""From services to reports: fetches documents, parses them one by one and hands them to the library.

The command line and the app call this. Only `Library` is written to, and each document is one transaction. What to ask
for is an `Errand`: `newest_papers`, `papers_of`, `announced`, `submitted`, `papers_named`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from store.errors import FetchCancelled, SourceError, StoreError
from store.fetchers import Addresses, Fetched, Missed, arxiv, huggingface
from store.fetchers.faults import host_of
from store.importing import imported
from store.models import FileReport
from store.sources import parse

if TYPE_CHECKING:
    from store.fetchers.http import Client
    from store.library import Library

_DAY: Final = timedelta(days=1)
_LOOK_BACK: Final = 7
"""Days before today in which the newest page is looked for, and a page that was still growing is asked for again."""
_NO_FAULT: Final = ("empty", "unpublished", "more")


class Errand(NamedTuple):
    """One service to be asked for something."""

    service: str
    """Its host, which reports name where nothing can come."""
    answers: "Callable[[Client], Iterator[Fetched | Missed]]"
    total: int | None = None
    """How many answers there will be; None: that is not known before."""


class Fetch:
    """Errands run one after another: iterate, and get a `FileReport` for each document, in the order they come.

        with Client(cancelled=event.is_set, progress=show) as client:
            for report in Fetch(library, errands, client):  # every report stands for a finished transaction
                ...

    Stop whenever: what was reported as fetched stays. What could not be had, or is no document of papers, has a report
    with its `error`; what there is not (a day without papers, one that is not published yet) has one with a `notice`.
    A service that cannot be reached ends its errand with an `error` under the service's name, and the next errand
    begins. The person's own wish ends them all: then `cancelled` is true. No StoreError is raised while it runs.
    """

    def __init__(self, library: "Library", errands: "Sequence[Errand]", client: "Client") -> None:
        """Nothing is asked for yet."""
        self._library = library
        self._errands = errands
        self._client = client
        self.cancelled = False
        """Whether `client` was told that the person does not want to go on."""
        totals = [errand.total for errand in errands]
        self.total = sum(total or 0 for total in totals) if None not in totals else None
        """How many answers there will be; None where that is not known before."""
        self.done = 0
        """How many of them have come, or are known not to."""

    def __iter__(self) -> Iterator[FileReport]:
        for errand in self._errands:
            try:
                for answer in errand.answers(self._client):
                    report = self._report(answer)
                    self.done += 1
                    yield report
            except FetchCancelled:
                self.cancelled = True
                return
            except StoreError as error:
                yield FileReport(name=errand.service, error=str(error))

    def _report(self, answer: Fetched | Missed) -> FileReport:
        if isinstance(answer, Missed):
            told = "notice" if answer.reason in _NO_FAULT else "error"
            return FileReport(name=answer.name, day=answer.day, **{told: answer.message})
        try:
            # Not `day=`: what an entry says itself of its day stands, and the name says it for those that do not.
            digest = parse(answer.data, answer.name)
        except SourceError as error:
            return FileReport(name=answer.name, day=answer.day, error=str(error))
        if any(listing.is_replacement for listing in digest.listings):  # today's submissions are asked for
            submitted = tuple(listing for listing in digest.listings if not listing.is_replacement)
            digest = digest.model_copy(update={"listings": submitted})
        report = imported(self._library, digest.model_copy(update={"supersedes": True}))
        return report if report.day else report.model_copy(update={"day": answer.day})


# Hugging Face


def newest_papers(library: "Library", addresses: Addresses) -> Errand:
    """Today's Daily Papers or, before they are out, the newest, unless the library has all of them already.

    And those of the last days that were fetched on the day itself, when they had not all been listed.
    """
    return Errand(host_of(addresses.huggingface), partial(_newest_papers, library, addresses))


def papers_of(days: Sequence[date], addresses: Addresses) -> Errand:
    """The Daily Papers of these days, which are in order."""
    return Errand(host_of(addresses.huggingface), partial(_papers_of, days, addresses), len(days))


def unfinished(library: "Library", days: Iterable[date]) -> list[date]:
    """Those of `days` whose Daily Papers the library may not have all of: all but those fetched on a later day.

    Papers are added to a page, and to that of the day before, for some time: the last two days are never finished.
    Raises StoreError.
    """
    fetched, today = _fetched(library), huggingface.today()
    return [day for day in days if not _is_finished(day, fetched, today)]


def _is_finished(day: date, fetched: dict[date, date], today: date) -> bool:
    return day < today - _DAY and fetched.get(day, day) > day


def _fetched(library: "Library") -> dict[date, date]:
    """The days whose Daily Papers were fetched, each with the day (UTC) on which they changed last."""
    fetched: dict[date, date] = {}
    for record in library.digests():
        try:
            day = date.fromisoformat(record.day) if record.day else None
            imported_on = date.fromisoformat(record.imported_at[:10])
        except (TypeError, ValueError):  # only another program can have written it
            continue
        if day is not None and record.name == huggingface.name_of(day):
            fetched[day] = max(fetched.get(day, day), imported_on)
    return fetched


def _papers_of(days: Sequence[date], addresses: Addresses, client: "Client") -> Iterator[Fetched | Missed]:
    """Days that are not published yet come last, as one answer; with a later day before them, they are none."""
    host = host_of(addresses.huggingface)
    unpublished: list[Missed] = []
    for answer in huggingface.daily_papers(client, days, addresses):
        if isinstance(answer, Missed) and answer.reason == "unpublished":
            unpublished.append(answer)
            continue
        if isinstance(answer, Fetched):
            for missed in unpublished:
                words = f"{host} sent the papers of {missed.newest}, asked for those of {missed.day}: not taken."
                yield missed._replace(reason="failed", message=words)
            unpublished.clear()
        yield answer
    if unpublished:
        first, others = unpublished[0], len(unpublished) - 1
        more = f"Nor are the {others} days after it." if others > 1 else "Nor is the day after it." if others else ""
        yield first._replace(message=f"{first.message} {more}".rstrip())


def _newest_papers(library: "Library", addresses: Addresses, client: "Client") -> Iterator[Fetched | Missed]:
    fetched, today = _fetched(library), huggingface.today()
    day, first = today, None
    for _ in range(_LOOK_BACK + 1):
        (answer,) = huggingface.daily_papers(client, [day], addresses)
        if isinstance(answer, Fetched) or answer.reason not in _NO_FAULT:
            yield from [first, answer] if first else [answer]
            break
        first = first or answer
        day = answer.newest if answer.newest and answer.newest < day else day - _DAY
        if _is_finished(day, fetched, today):
            yield first._replace(message=f"{first.message} The library has all of that day.")
            break
    else:
        yield first or answer
    growing = [each for each in fetched if today - _LOOK_BACK * _DAY <= each < day]
    yield from huggingface.daily_papers(
        client, [each for each in growing if not _is_finished(each, fetched, today)], addresses
    )


# arXiv


def announced(categories: Sequence[str], addresses: Addresses) -> Errand:
    """What arXiv announces today in these categories."""
    ask = partial(arxiv.new_submissions, categories=categories, addresses=addresses)
    return Errand(host_of(addresses.arxiv_rss), ask, 1)


def submitted(
    addresses: Addresses,
    *,
    categories: Sequence[str] = (),
    first: date | None = None,
    last: date | None = None,
    words: str = "",
    most: int | None = None,
) -> Errand:
    """The papers that a search of arXiv's finds, as in `store.fetchers.arxiv.search`."""
    ask = partial(
        arxiv.search, categories=categories, first=first, last=last, words=words, most=most, addresses=addresses
    )
    return Errand(host_of(addresses.arxiv_api), ask)


def papers_named(ids: Sequence[str], addresses: Addresses) -> Errand:
    """The papers of these arXiv ids or addresses."""
    return Errand(host_of(addresses.arxiv_api), partial(arxiv.papers, ids=ids, addresses=addresses))
