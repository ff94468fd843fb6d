"""arXiv: its feed of the day, searches by category, day and words, and papers by their ids.

All requests take turns (`store.fetchers.pace`). Addresses and parameters: https://info.arxiv.org/help/rss.html and
https://info.arxiv.org/help/api/user-manual.html.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Final
from urllib.parse import urlencode

from store.errors import FetchError
from store.fetchers import Addresses, Fetched, Missed
from store.fetchers.faults import host_of
from store.fetchers.http import Client, Kind, Stumbled
from store.links import arxiv_id
from store.text import safe

PAGE: Final = 500
"""Entries of a search to ask for at once; arXiv is slow with more."""

MOST: Final = 2000
"""Papers of a search between two days, unless the caller says otherwise: a week of the largest categories."""

MOST_BY_WORDS: Final = 100
"""Papers of a search over all years, unless the caller says otherwise."""

IDS: Final = 50
"""Ids to ask for at once, which keeps the address short."""

_FEED: Final = Kind("a feed", ("application/atom+xml", "application/rss+xml", "application/xml", "text/xml"))
_CATEGORY: Final = re.compile(
    r"((?:[a-z]-)?[a-z]{2,8}(?:-[a-z]{2,3})?)(?:\.([a-z]{2}|[a-z]{3,5}-[a-z]{2,4}))?", re.IGNORECASE
)
_ID: Final = re.compile(
    r"(?:0[7-9]|1[0-4])(?:0[1-9]|1[0-2])\.\d{4}|(?:1[5-9]|[2-9]\d)(?:0[1-9]|1[0-2])\.\d{5}|[a-z-]+/\d\d(?:0[1-9]|1[0-2])\d{3}"
)
"""What `store.links.arxiv_id` gives, but only months that there are, with as many digits as they had."""
_EXPRESSION: Final = re.compile(
    r'\b(?:ti|au|abs|co|jr|cat|rn|id|all|submittedDate|lastUpdatedDate):|["()]|\b(?:AND|OR|ANDNOT)\b'
)
_TOTAL: Final = re.compile(rb"<opensearch:totalResults[^>]*>\s*(\d{1,9})\s*<")
_ENTRY: Final = re.compile(rb"<entry[\s>]")
_ENTRY_ID: Final = re.compile(rb"<id>\s*https?://arxiv\.org/abs/([^<\s]{1,40}?)(?:v\d+)?\s*</id>")
_FAULT: Final = re.compile(rb"arxiv\.org/api/errors#([^<]{0,200})")


def category(text: str) -> str:
    """A category or archive as arXiv writes it: `cs.CL` from `cs.cl`, `astro-ph`. Raises FetchError that names it."""
    match = _CATEGORY.fullmatch(text.strip())
    if not match:
        raise FetchError(
            f"{safe(text) or 'Nothing'} is no category of arXiv: write it as in cs.CL, astro-ph or math.AG."
        )
    archive, subject = match.groups()
    if not subject:
        return archive.lower()
    return f"{archive.lower()}.{subject.upper() if len(subject) == 2 else subject.lower()}"


def paper_ids(given: Sequence[str]) -> list[str]:
    """The arXiv ids, without version and each once, that a person gave as ids or addresses.

    Raises FetchError that names everything that is neither.
    """
    ids: dict[str, None] = {}
    wrong = []
    for text in given:
        named = arxiv_id(text.strip())
        if named is not None and _ID.fullmatch(plain := _plain(named)):
            ids[plain] = None
        else:
            wrong.append(safe(text) or "an empty word")
    if wrong:
        verb = "is no arXiv id" if len(wrong) == 1 else "are no arXiv ids"
        raise FetchError(f"{', '.join(wrong)} {verb}: write 2401.12345, hep-th/9901001 or a paper's address on arXiv.")
    return list(ids)


def new_submissions(
    client: Client, categories: Sequence[str], addresses: Addresses | None = None
) -> Iterator[Fetched | Missed]:
    """What arXiv announced today in `categories`: one RSS feed, which says its day itself and is empty at week-ends."""
    joined = "+".join(dict.fromkeys(map(category, categories)))
    if not joined:
        raise FetchError("No category of arXiv was named: write some, as in cs.CL cs.LG.")
    base = (addresses or Addresses()).arxiv_rss.rstrip("/")
    name, host = f"rss.arxiv.org/rss/{joined}", host_of(base)
    try:
        check = partial(_check_feed, b"rss", host, name)
        answer = client.get(f"{base}/rss/{joined}", _FEED, name, paced=True, check=check)
    except FetchError as error:
        if error.status not in {400, 404}:
            raise
        raise FetchError(f"{host} knows no such category: {joined} (HTTP {error.status}).", error.status) from error
    if not re.search(rb"<item[\s>]", answer.data):
        yield Missed(name, "empty", f"{host} announces nothing today in {joined}, as at week-ends and on holidays.")
    else:
        yield Fetched(name, answer.data, unchanged=answer.unchanged)


def search(
    client: Client,
    *,
    categories: Sequence[str] = (),
    first: date | None = None,
    last: date | None = None,
    words: str = "",
    most: int | None = None,
    addresses: Addresses | None = None,
) -> Iterator[Fetched | Missed]:
    """The papers that match, the newest first, in documents of up to 500 entries of Atom.

    `categories`: in any of them; `first` to `last`: the days (UTC) of their submission, both included; `words`: all of
    them anywhere, or an expression of arXiv's own (`ti:mamba AND au:gu`). `most` bounds the number of papers.
    """
    asked, name = _expression(categories, first, last, words)
    base = (addresses or Addresses()).arxiv_api
    most = most or (MOST if first or last else MOST_BY_WORDS)
    start, total = 0, 1
    seen: set[bytes] = set()
    while start < min(total, most):
        asked_for = min(PAGE, most - start)
        called = name if not start else f"{name} ({start + 1} to {start + asked_for})"
        parameters: dict[str, str | int] = {"search_query": asked, "start": start, "max_results": asked_for}
        parameters |= {"sortBy": "submittedDate", "sortOrder": "descending"}
        answer = _query(client, base, parameters, called, start)
        total, came = _total(answer.data), _ENTRY_ID.findall(answer.data)
        if not came:
            yield Missed(name, "empty", f"{host_of(base)} knows no papers for {name.removeprefix('arXiv: ')}.")
            return
        if seen.issuperset(came):  # while we asked, papers were added before these, or `start` is not understood
            break
        yield answer
        seen.update(came)
        start += len(came)
    if total > len(seen):
        words = f"{total:,} papers match {name.removeprefix('arXiv: ')}; the newest {len(seen):,} came."
        yield Missed(name, "more", words)


def papers(client: Client, ids: Sequence[str], addresses: Addresses | None = None) -> Iterator[Fetched | Missed]:
    """The papers with these ids or addresses, in documents of up to 50 entries of Atom; each unknown one is told."""
    wanted = paper_ids(ids)
    base = (addresses or Addresses()).arxiv_api
    for start in range(0, len(wanted), IDS):
        batch = wanted[start : start + IDS]
        name = f"arXiv: {batch[0]}" + (f" and {len(batch) - 1} more" if len(batch) > 1 else "")
        answer = _query(client, base, {"id_list": ",".join(batch), "max_results": len(batch)}, name)
        came = {_plain(found.decode(errors="replace").lower()) for found in _ENTRY_ID.findall(answer.data)}
        if came:
            yield answer
        for unknown in batch:
            if unknown not in came:
                yield Missed(f"arXiv: {unknown}", "unknown", f"{host_of(base)} knows no paper {unknown}.")


def _plain(named: str) -> str:
    """An old id without the subject that people write into it: `math/0309136` for `math.gt/0309136`."""
    return re.sub(r"\.[a-z]{2}/", "/", named)


def _expression(categories: Sequence[str], first: date | None, last: date | None, words: str) -> tuple[str, str]:
    """What to ask the API for, and what a person calls it."""
    parts, names = [], []
    if known := list(dict.fromkeys(map(category, categories))):
        any_of = " OR ".join(f"cat:{one}" if "." in one else f"cat:{one} OR cat:{one}.*" for one in known)
        parts.append(f"({any_of})")
        names.append(", ".join(known))
    if words := safe(words):
        plain = " AND ".join(f"all:{word}" for word in words.split())
        parts.append(f"({words})" if _EXPRESSION.search(words) else plain)
        names.append(f"“{words}”")
    if first or last:
        first, last = first or date(1991, 1, 1), last or date(9999, 12, 31)
        if first > last:
            raise FetchError(f"{first} is after {last}: no day lies between them.")
        parts.append(f"submittedDate:[{first:%Y%m%d}0000 TO {last:%Y%m%d}2359]")
        names.append(f"{first}" if first == last else f"{first} to {last}" if last.year < 9999 else f"since {first}")
    if not categories and not words:
        raise FetchError("Nothing to ask arXiv for: name categories, as in cs.CL cs.LG, or words.")
    return " AND ".join(parts), f"arXiv: {', '.join(names)}"


def _query(client: Client, base: str, parameters: dict[str, str | int], name: str, start: int | None = None) -> Fetched:
    """One answer of the API, checked; `start`: how many entries of a search came before."""
    host, url = host_of(base), f"{base.rstrip('/')}/api/query?{urlencode(parameters)}"
    try:
        answer = client.get(url, _FEED, name, paced=True, check=partial(_check_answer, host, name, start))
    except FetchError as error:
        if error.status != 400:
            raise
        raise FetchError(f"{host} does not understand what it was asked for (HTTP 400): {name}.", 400) from error
    return Fetched(name, answer.data, unchanged=answer.unchanged)


def _check_answer(host: str, name: str, start: int | None, data: bytes) -> None:
    _check_feed(b"feed", host, name, data)
    if fault := _FAULT.search(data):
        said = safe(fault[1].decode(errors="replace").replace("_", " "))
        raise FetchError(f"{host} does not understand what it was asked for ({said}): {name}.", 200)
    # Now and then the API sends a page of a search without entries where there are some.
    if start is not None and start < _total(data) and not _ENTRY.search(data):
        raise Stumbled("sent an empty page")


def _total(data: bytes) -> int:
    """How many papers match, as an answer of the API says; those that it holds where it does not."""
    match = _TOTAL.search(data)
    return int(match[1]) if match else len(_ENTRY.findall(data))


def _check_feed(root: bytes, host: str, name: str, data: bytes) -> None:
    """Raise FetchError unless `data` is a whole feed: what it holds is for `store.sources` to say."""
    if not data.strip():
        what = "nothing"
    elif not re.search(rb"<" + root + rb"[\s>]", data[:4096]):
        html = re.match(rb"\s*<(?:!doctype )?html", data, re.IGNORECASE)
        what = "a web page rather than a feed" if html else "no feed"
    elif not re.search(rb"</" + root + rb"\s*>\s*\Z", data[-4096:]):
        what = "a feed that is cut off"
    else:
        return
    raise FetchError(f"{host} sent {what}, asked for {name}.")
