"""What went wrong on the way to a service, in words: from httpx's errors and what caused them to ends of sentences."""

import os
import socket
import ssl
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from store import clock
from store.text import safe

if TYPE_CHECKING:
    import httpx


def host_of(url: str) -> str:
    """The host that an address names, with its port where that is an unusual one."""
    try:
        return safe(urlsplit(url).netloc.rpartition("@")[2]) or safe(url)
    except ValueError:
        return safe(url)


def no_address(url: str) -> str:
    """Why `url` cannot be the address of a service, as the end of a sentence; empty if it can."""
    try:
        url.encode()
        parts = urlsplit(url)
        known = parts.scheme in {"http", "https"} and parts.hostname
    except UnicodeEncodeError:
        return "it has bytes that are no text"
    except ValueError:
        known = None
    if not known:
        return "it has to begin with https:// or http://"
    try:
        fits = parts.port != -1  # raises ValueError as well
    except ValueError:
        fits = False
    return "" if fits else "its port has to be a number up to 65535"


def impassable(error: "httpx.TransportError", url: str) -> str:
    """Why no connection could be made to where `url` is."""
    import httpx

    through = " (through the proxy that the environment names)" if _behind_proxy(url) else ""
    if isinstance(error, httpx.ConnectTimeout):
        return f"no connection in time{through}"
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return f"its name cannot be looked up (is this computer online?){through}"
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate cannot be trusted ({safe(cause.verify_message)}){through}"
        if isinstance(cause, ssl.SSLError):
            return f"no secure connection ({safe(cause.reason or 'broken off')}){through}"
        if isinstance(cause, OSError) and cause.errno:
            return f"{os.strerror(cause.errno).lower()}{through}"  # asyncio's own words hold the address too
    return f"{safe(str(error)) or 'no connection'}{through}"


def interrupted(error: "httpx.TransportError", seconds: float) -> str:
    """What became of a connection that was made: the end of a sentence that the host's name begins."""
    import httpx

    if isinstance(error, httpx.TimeoutException):
        return f"sent nothing for {seconds:g} seconds"
    if isinstance(error, httpx.NetworkError | httpx.RemoteProtocolError):
        return "broke off in the middle"
    return f"cannot be understood ({safe(str(error))})"


def come_back(seconds: float) -> str:
    """When to try again, as the person's clock will show it."""
    now = clock.now()
    try:
        when = now + timedelta(seconds=seconds)
    except OverflowError:
        return "it does not want to be asked again."
    return f"come back after {when:%H:%M}." if when.date() == now.date() else f"come back after {when:%d %b %Y, %H:%M}."


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and what it came from, the nearest first, within groups too."""
    waiting: list[BaseException] = [error]
    while waiting:
        cause = waiting.pop(0)
        yield cause
        if isinstance(cause, BaseExceptionGroup):
            waiting += cause.exceptions
        elif before := cause.__cause__ or cause.__context__:
            waiting.append(before)


def _behind_proxy(url: str) -> bool:
    from urllib.request import getproxies, proxy_bypass

    proxies, address = getproxies(), urlsplit(url)
    return bool(proxies.get(address.scheme) or proxies.get("all")) and not proxy_bypass(address.netloc)
