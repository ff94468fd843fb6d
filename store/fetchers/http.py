"""The one HTTP client: patient with a service that stumbles, strict with what it sends, polite, and cancelled at once.

httpx is imported, and a connection made, when the first document is asked for.
"""

import asyncio
import random
import time
import zlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, TypeVar

from store.errors import FetchCancelled, FetchError, ServiceUnreachable
from store.fetchers import Progress
from store.fetchers.cache import Cache, Kept
from store.fetchers.faults import come_back, host_of, impassable, interrupted, no_address
from store.fetchers.pace import Pace
from store.text import safe

if TYPE_CHECKING:
    import ssl

    import httpx

T = TypeVar("T")

_REDIRECTS: Final = 5
_LOOK: Final = 0.1
"""Seconds between two looks at whether the person has cancelled."""
_SHUT_OUT: Final = (401, 403, 407, 451)
"""What a service answers, or what stands before it, that will answer so to everything."""


@dataclass(frozen=True)
class Patience:
    """How long a service is waited for, in seconds, how often it is asked, and how much it may send."""

    connect: float = 10.0
    """For a connection, the look-up of the name included. Not tried again: it is what being offline looks like."""
    read: float = 30.0
    """For the next bytes."""
    whole: float = 120.0
    """For a whole answer."""
    tries: int = 4
    backoff: float = 1.0
    """Before the second try; twice as long before each one after it, half of it more or less at random."""
    retry_after: float = 120.0
    """What a service may ask us to wait; for longer, the person is told when to come back."""
    size: int = 32 * 2**20
    """Bytes of an answer, unpacked: the largest known, 500 entries of arXiv's API, has about 1.2 MB."""


class Kind(NamedTuple):
    """What an answer has to be."""

    word: str
    """As a person reads it."""
    types: tuple[str, ...]
    """The media types that it may have, the one to ask for first."""


class Answer(NamedTuple):
    """The bytes of an answer, unpacked."""

    data: bytes
    unchanged: bool
    """Whether the service said that they are what it sent the last time."""


class Stumbled(Exception):
    """What another try may mend: `what` ends a sentence that the host's name begins."""

    def __init__(self, what: str, *, wait: float | None = None, status: int | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.wait = wait
        """Seconds that the service asked us to wait."""
        self.status = status


class Client:
    """Asks services for documents, one after another, from the thread that made the first request.

    `cancelled` is asked several times a second, whatever is waited for, and may tell of another thread's wish;
    `progress` is called from the thread that fetches. Proxies are those that the environment names.
    """

    def __init__(
        self,
        *,
        cancelled: Callable[[], bool] = lambda: False,
        progress: Callable[[Progress], None] = lambda _: None,
        patience: Patience | None = None,
        cache: Cache | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._cancelled = cancelled
        self._progress = progress
        self._patience = patience or Patience()
        self._cache = cache or Cache()
        self._pace = pace or Pace()
        self._runner: asyncio.Runner | None = None
        self._http: httpx.AsyncClient | None = None
        self._answered = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; from the thread that fetched."""
        if self._runner is not None:
            if self._http is not None:
                self._runner.run(self._http.aclose())
            self._runner.close()
        self._runner = self._http = None

    def get(
        self, url: str, kind: Kind, name: str, *, paced: bool = False, check: Callable[[bytes], object] = lambda _: None
    ) -> Answer:
        """The answer to GET `url`, which progress calls `name`.

        `paced`: a request of arXiv's, of which this computer makes one in three seconds. `check` raises FetchError for
        an answer that is of no use, or Stumbled where another try may mend it; what it refuses is not kept either.
        Raises ServiceUnreachable, FetchCancelled, or FetchError where only this document cannot be had.
        """
        _check_address(url)
        if self._runner is None:
            from store.fetchers.loop import Loop

            self._runner = asyncio.Runner(loop_factory=Loop)
        try:
            answer = self._runner.run(self._watched(self._get(url, kind, name, paced, check)))
        except ServiceUnreachable as error:
            if self._answered:
                raise
            raise ServiceUnreachable(f"{error} The library is as it was.", error.status) from error
        self._answered = True
        return answer

    async def _watched(self, work: Coroutine[Any, Any, T]) -> T:
        """What `work` gives, unless the person cancels: then nothing is waited for any longer."""
        task = asyncio.ensure_future(work)
        try:
            while not task.done():
                if self._cancelled():
                    raise FetchCancelled("The fetch was cancelled.")
                await asyncio.wait({task}, timeout=_LOOK)
            return task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _get(self, url: str, kind: Kind, name: str, paced: bool, check: Callable[[bytes], object]) -> Answer:
        kept = self._cache.get(url)
        for tried in range(1, self._patience.tries + 1):
            try:
                got = await self._try(url, kind, name, kept, paced)
                check(got.data)
            except Stumbled as stumble:
                await self._recover(stumble, url, name, tried)
            else:
                if got is not kept:
                    self._cache.put(url, got)
                return Answer(got.data, unchanged=got is kept)
        raise AssertionError("the last try gives an answer or raises")

    async def _recover(self, stumble: Stumbled, url: str, name: str, tried: int) -> None:
        """Wait until it is time for another try. Raises where there is none."""
        host, patience = host_of(url), self._patience
        if stumble.wait is not None and stumble.wait > patience.retry_after:
            raise ServiceUnreachable(f"{host} {stumble.what}: {come_back(stumble.wait)}", stumble.status)
        if tried == patience.tries:
            often = f", {tried} times in a row" if tried > 1 else ""
            if stumble.status == 429:
                raise ServiceUnreachable(f"{host} {stumble.what}{often}: wait some minutes.", stumble.status)
            raise FetchError(f"{host} {stumble.what}{often}: try again later.", stumble.status)
        seconds = patience.backoff * 2 ** (tried - 1) * random.uniform(0.5, 1.5)
        seconds = max(seconds, stumble.wait or 0)
        self._progress(Progress(name, waiting=f"trying again in {max(seconds, 1):.0f} s ({host} {stumble.what})"))
        await asyncio.sleep(seconds)

    async def _try(self, url: str, kind: Kind, name: str, kept: Kept | None, paced: bool) -> Kept:
        """One try, over as many addresses as the service sends us to. `kept` itself where nothing has changed."""
        import httpx

        http = self._client()
        headers = {"Accept": ", ".join(kind.types)}
        if kept is not None:
            headers |= {"If-None-Match": kept.etag} if kept.etag else {}
            headers |= {"If-Modified-Since": kept.modified} if kept.modified else {}
        if paced:
            headers["Connection"] = "close"
        try:
            request = http.build_request("GET", url, headers=headers)
            for _ in range(_REDIRECTS + 1):
                async with self._turn(name, paced), asyncio.timeout(self._patience.whole):
                    response = await http.send(request, stream=True)
                    try:
                        if response.next_request is None:
                            return await self._taken(response, url, kind, name, kept)
                        request = redirected(request, response.next_request, url)
                    finally:
                        await response.aclose()
        except httpx.InvalidURL as error:
            raise FetchError(f"{host_of(url)} leads to an address that is none ({safe(str(error))}).") from error
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise ServiceUnreachable(f"{host_of(url)} cannot be reached: {impassable(error, url)}.") from error
        except httpx.TransportError as error:
            raise Stumbled(interrupted(error, self._patience.read)) from error
        except TimeoutError as error:
            raise FetchError(
                f"{host_of(url)} did not send all of {name} within {self._patience.whole:g} seconds."
            ) from error
        raise FetchError(f"{host_of(url)} sends us from one address to the next without end, asked for {name}.")

    @asynccontextmanager
    async def _turn(self, name: str, paced: bool) -> AsyncIterator[None]:
        if paced:
            async with self._pace.turn(lambda why: self._progress(Progress(name, waiting=why))):
                self._progress(Progress(name, waiting="waiting for an answer"))
                yield
        else:
            self._progress(Progress(name, waiting="waiting for an answer"))
            yield

    async def _taken(self, response: "httpx.Response", url: str, kind: Kind, name: str, kept: Kept | None) -> Kept:
        """The answer, checked; `kept` itself where it has not changed."""
        status, host = response.status_code, host_of(url)
        if status == 304 and kept is not None:
            return kept
        if status == 429 or status >= 500:
            what = "has had too many requests" if status == 429 else "is out of order"
            raise Stumbled(f"{what} (HTTP {status})", wait=_retry_after(response), status=status)
        if status in _SHUT_OUT:
            raise ServiceUnreachable(f"{host} refuses to answer (HTTP {status}).", status)
        if status != 200:
            what = "has no such page" if status in {404, 410} else "did not take the request"
            raise FetchError(f"{host} {what} (HTTP {status}): {name}.", status)
        came_as = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if came_as and came_as not in kind.types:
            what = "a web page" if "html" in came_as else safe(came_as)
            raise FetchError(f"{host} sent {what} rather than {kind.word}, asked for {name}.")
        data = await self._body(response, host, name)
        etag, modified = (response.headers.get(header, "") for header in ("etag", "last-modified"))
        return Kept(data, etag if etag.isascii() else "", modified if modified.isascii() else "")

    async def _body(self, response: "httpx.Response", host: str, name: str) -> bytes:
        """The bytes of an answer, never more than may be, however small they were packed."""
        limit = self._patience.size
        too_large = FetchError(f"{host} sent over {limit / 2**20:.3g} MB for {name}: that is no page of papers.")
        packing = response.headers.get("content-encoding", "identity").strip().lower()
        if packing not in {"identity", "gzip", "x-gzip", ""}:
            raise FetchError(f"{host} sent {name} packed in a way that was not asked for ({safe(packing)}).")
        length = response.headers.get("content-length", "")
        total = int(length) if length.isdecimal() else None
        if total is not None and total > limit:
            raise too_large
        # httpx would unpack all that has come, a thousand times its size, before we could say no.
        unpacker = zlib.decompressobj(wbits=31) if "gzip" in packing else None
        body = bytearray()
        received = 0
        async for chunk in response.aiter_raw():
            received += len(chunk)
            try:
                body += unpacker.decompress(chunk, limit + 1 - len(body)) if unpacker else chunk
            except zlib.error as error:
                raise Stumbled("sent something damaged") from error
            if max(len(body), received) > limit:
                raise too_large
            self._progress(Progress(name, received, total))
        if unpacker and not unpacker.eof and received:
            raise Stumbled("broke off in the middle")
        return bytes(body)

    def _client(self) -> "httpx.AsyncClient":
        if self._http is None:
            import httpx

            timeout = httpx.Timeout(self._patience.read, connect=self._patience.connect)
            headers = {"User-Agent": _user_agent(), "Accept-Encoding": "gzip"}
            try:
                self._http = httpx.AsyncClient(timeout=timeout, headers=headers, verify=_certificates())
            except (ValueError, httpx.InvalidURL, OSError) as error:
                # A proxy, or a file of certificates, that the environment names.
                raise ServiceUnreachable(
                    f"No connection can be made with what the environment says of proxies and certificates"
                    f" (HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE): {safe(str(error))}."
                ) from error
        return self._http


@cache
def _certificates() -> "ssl.SSLContext":
    """What connections trust; httpx would read the certificates anew for each client and each proxy."""
    import httpx

    return httpx.create_ssl_context()


def _check_address(url: str) -> None:
    if why := no_address(url):
        raise FetchError(f"{safe(url.encode('utf-8', 'replace').decode())} is no address of a service: {why}.")


def redirected(request: "httpx.Request", target: "httpx.Request", url: str) -> "httpx.Request":
    """Where a service sends us to, if that is somewhere on the web that is no less private."""
    where = f"{host_of(url)} sends us to {safe(str(target.url))}"
    if target.url.scheme not in {"http", "https"} or no_address(str(target.url)):
        raise FetchError(f"{where}, which is no web address: not followed.")
    if request.url.scheme == "https" and target.url.scheme == "http":
        raise FetchError(f"{where}, where anybody could read along: not followed.")
    return target


def _retry_after(response: "httpx.Response") -> float | None:
    """The seconds that `Retry-After` asks for, as a number or a date; None: it asks for nothing that we understand."""
    asked = response.headers.get("retry-after", "").strip()
    if asked.isdecimal() and asked.isascii():
        return float(asked[:9])
    try:
        return max(parsedate_to_datetime(asked).timestamp() - time.time(), 0.0)
    except (ValueError, OverflowError):
        return None


def _user_agent() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"paperdeck/{version('paperdeck')}"
    except PackageNotFoundError:  # run from a folder, not installed
        return "paperdeck"
