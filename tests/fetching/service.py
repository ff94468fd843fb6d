"""A real HTTP server on this machine that plays the services, and every fault that a network has."""

import socket
import struct
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit


class Asked(NamedTuple):
    """One request that came."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    """By lower-case name."""
    target: str
    """As the request's first line names it: a whole address where we are a proxy."""


Fault = Callable[[BaseHTTPRequestHandler], None]
"""Answers in its own way, on the bare connection."""


class Answer(NamedTuple):
    """An answer in good order."""

    body: bytes = b""
    type: str | None = "application/json"
    status: int = 200
    headers: dict[str, str] = {}  # noqa: RUF012 (never changed)


Service = Callable[[Asked], Answer | Fault]


class Server:
    """Answers with what `service` makes of each request; `service` may be exchanged at any time."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.spans: list[tuple[float, float]] = []
        """When each request came and when its answer was about to leave, by the clock that all processes share."""
        self.service: Service = lambda _: Answer(status=404)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._http = _Http(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._http.block_on_close = False
        self.host = f"127.0.0.1:{self._http.server_port}"
        self.url = f"http://{self.host}"
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stop listening: from here on, connections are refused."""
        self._http.shutdown()
        self._http.server_close()

    def always(self, *answers: Answer | Fault) -> None:
        """Give these answers in their order, and the last one for ever."""
        left = list(answers)
        self.service = lambda _: left.pop(0) if len(left) > 1 else left[0]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        came = time.monotonic()
        address = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        headers = {name.lower(): value for name, value in handler.headers.items()}
        asked = Asked(address.path, query, headers, handler.path)
        self.asked.append(asked)
        answer = self.service(asked)
        self.spans.append((came, time.monotonic()))
        try:
            if isinstance(answer, Answer):
                send(handler, answer)
            else:
                answer(handler)
                handler.close_connection = True
        except OSError:  # the client has hung up, as it may
            handler.close_connection = True


class _Http(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Silent about clients that hang up in the middle, as ours may."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


def send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    """An answer as it should be."""
    handler.send_response(answer.status)
    if answer.type is not None:
        handler.send_header("Content-Type", answer.type)
    for name, value in answer.headers.items():
        handler.send_header(name, value)
    if answer.status != 304:
        handler.send_header("Content-Length", str(len(answer.body)))
    handler.end_headers()
    handler.wfile.write(answer.body)


def redirect(to: str, status: int = 302) -> Answer:
    """Somewhere else."""
    return Answer(status=status, headers={"Location": to})


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """The connection ends before there is an answer."""
    handler.connection.shutdown(socket.SHUT_RDWR)


def reset(handler: BaseHTTPRequestHandler) -> None:
    """The connection is torn down."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.rfile.close()
    handler.connection.close()


def cut(body: bytes) -> Fault:
    """An answer that says how long it is and ends in the middle."""

    def fault(handler: BaseHTTPRequestHandler) -> None:
        _head(handler, f"Content-Length: {len(body)}")
        handler.wfile.write(body[: len(body) // 2])

    return fault


def cut_chunks(body: bytes) -> Fault:
    """An answer in chunks whose last one never comes."""

    def fault(handler: BaseHTTPRequestHandler) -> None:
        _head(handler, "Transfer-Encoding: chunked")
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(body), body))

    return fault


def silence(seconds: float) -> Fault:
    """Nothing at all for so long, and then the end."""
    return lambda _: time.sleep(seconds)


def drip(body: bytes, pause: float) -> Fault:
    """A byte at a time."""

    def fault(handler: BaseHTTPRequestHandler) -> None:
        _head(handler, f"Content-Length: {len(body)}")
        for byte in body:
            handler.wfile.write(bytes([byte]))
            time.sleep(pause)

    return fault


def zeros(size: int, *headers: str) -> Fault:
    """So many zeros, with these headers beside the type."""

    def fault(handler: BaseHTTPRequestHandler) -> None:
        _head(handler, *headers)
        for _ in range(size // 2**20):
            handler.wfile.write(bytes(2**20))

    return fault


def packed(size: int) -> Iterator[bytes]:
    """So many zeros, as small as gzip makes them."""
    packer = zlib.compressobj(9, wbits=31)
    for _ in range(size // 2**20):
        yield packer.compress(bytes(2**20))
    yield packer.flush()


def bomb(size: int) -> Fault:
    """An answer of that, in pieces."""

    def fault(handler: BaseHTTPRequestHandler) -> None:
        _head(handler, "Content-Encoding: gzip", "Connection: close")
        for piece in packed(size):
            handler.wfile.write(piece)

    return fault


def _head(handler: BaseHTTPRequestHandler, *headers: str, type: str = "application/json") -> None:
    head = ["HTTP/1.1 200 OK", f"Content-Type: {type}", *headers, "", ""]
    handler.wfile.write("\r\n".join(head).encode())
