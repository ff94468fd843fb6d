"""The app in a browser, for the person at this machine and nobody else.

textual-serve starts an app for each page and carries its keys and its screen over a websocket, but takes whatever page
of the browser asks for one, and loads a font from elsewhere. So requests must come from this machine's own browser
(the loopback address, and the same user where the system tells), be meant for this server by its own name (or a site
could have its name resolve to this address), and come from its own page: any page may open a websocket to anywhere.
"""

import asyncio
import logging
import os
import secrets
import shlex
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from string import Template

from aiohttp import web
from aiohttp.typedefs import Handler
from textual_serve.server import Server, to_int

from tui.ending import GRACE, SIGNALS

HOST = "127.0.0.1"
_PAGE = Path(__file__).with_suffix(".html")
_START = "import sys; sys.path.append(sys.argv.pop(1)); from tui.__main__ import main; sys.exit(main())"
"""The app without what happens to lie in the working folder, and also where it is not installed."""


def listening(port: int) -> socket.socket:
    """A socket on the loopback address; `port` 0 is any that is free. Raises OSError where it cannot be had."""
    found = socket.socket()
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((HOST, port))
    except OSError:
        found.close()
        raise
    return found


def serve(library: Path, listener: socket.socket, ready: Callable[[str], None]) -> None:
    """Serve the app on a library until a signal comes; then let the apps end. `ready` is told the address."""
    for name in ("textual-serve", "aiohttp"):  # they would print tracebacks
        logging.getLogger(name).addHandler(logging.NullHandler())
        logging.getLogger(name).propagate = False
    asyncio.run(_serve(AppServer(library, listener.getsockname()[1]), listener, ready))


async def _serve(server: "AppServer", listener: socket.socket, ready: Callable[[str], None]) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, told.set)
    runner = web.AppRunner(await server.application(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        ready(server.public_url + "/")
        await told.wait()
        loop.remove_signal_handler(signal.SIGINT)  # a second Ctrl+C waits for nothing
    finally:
        await runner.cleanup()


class AppServer(Server):
    """Serves the app on a library to this machine's own browser."""

    def __init__(self, library: Path, port: int) -> None:
        root = Path(__file__).parents[1]
        app = [sys.executable, "-P", "-c", _START, str(root), "--db", str(library.absolute())]
        super().__init__(f"exec {shlex.join(app)}", HOST, port, "paperdeck")
        self._hosts = {f"{name}:{port}" for name in (HOST, "localhost")}
        if port == 80:
            self._hosts |= {HOST, "localhost"}
        self._sessions: set[asyncio.Task[object]] = set()

    async def application(self) -> web.Application:
        """What answers requests."""
        application = await self._make_app()
        application.middlewares.append(self._only_ours)
        application.on_response_prepare.append(self._add_headers)
        return application

    @web.middleware
    async def _only_ours(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if request.host not in self._hosts or (
            origin is not None and origin.removeprefix("http://") not in self._hosts
        ):
            raise web.HTTPForbidden(text="paperdeck answers its own page only.")
        if is_strangers(request.transport):
            raise web.HTTPForbidden(text="paperdeck answers the person only who started it.")
        return await handler(request)

    async def _add_headers(self, _request: web.Request, response: web.StreamResponse) -> None:
        """No page may put ours into a frame, and ours loads nothing from anywhere else."""
        response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"

    async def handle_index(self, request: web.Request) -> web.Response:
        """The page, which is ours: textual-serve's loads a font from elsewhere."""
        nonce = secrets.token_urlsafe()
        page = Template(_PAGE.read_text(encoding="utf-8")).substitute(
            host=request.host, nonce=nonce, size=to_int(request.query.get("fontsize", ""), 16)
        )
        policy = (
            f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src data:; "
            f"font-src 'self'; connect-src ws://{request.host}; base-uri 'none'; frame-ancestors 'none'"
        )
        return web.Response(
            text=page,
            content_type="text/html",
            headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"},
        )

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Start an app for the page, and stay between the two until one of them ends."""
        session = asyncio.current_task()
        assert session is not None
        self._sessions.add(session)
        try:
            return await super().handle_websocket(request)
        finally:
            self._sessions.discard(session)

    async def on_startup(self, app: web.Application) -> None:
        """Nothing: the command says what there is to say."""

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002 (textual-serve's signature)
        """Let the apps end. One that hangs ends by itself a little later, as its standard input is gone."""
        for session in self._sessions:
            session.cancel()
        if self._sessions:
            await asyncio.wait(self._sessions, timeout=GRACE)


def is_strangers(transport: asyncio.BaseTransport | None) -> bool:
    """Whether the other end of a loopback connection is another user's, as far as the system tells (Linux does)."""
    if transport is None:
        return True
    ends = [
        f"{_hexadecimal(host)}:{port:04X}" for host, port in map(transport.get_extra_info, ("peername", "sockname"))
    ]
    with suppress(OSError), Path("/proc/net/tcp").open(encoding="ascii") as table:
        for line in table:
            _, local, remote, *_, uid = line.split()[:8]
            if [local, remote] == ends:
                return int(uid) not in {os.getuid(), 0}
    return False


def _hexadecimal(address: str) -> str:
    """An IPv4 address as the kernel writes it."""
    return f"{int.from_bytes(socket.inet_aton(address), sys.byteorder):08X}"
