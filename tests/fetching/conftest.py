"""A server that plays the services, and a client that is as patient as a test can wait."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.fetchers.cache import Cache
from store.fetchers.http import Client, Patience
from store.fetchers.pace import Pace
from tests.fetching.service import Answer, Asked, Server

QUICK = Patience(connect=60.0, read=60.0, whole=120.0, backoff=0.01)
"""Waits for whatever a busy machine takes, but no time between two tries."""
HASTY = Patience(read=0.3, backoff=0.01)
"""For servers that say nothing."""
PAUSE = 0.05
"""Seconds between two requests to arXiv in tests that are not about that."""


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders of this test's own, and no proxy but those that it names."""
    for name in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name}_proxy".upper(), raising=False)
    for name in ("CACHE", "STATE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that knows nothing until a test says what."""
    server = Server()
    yield server
    server.close()


MakeClient = Callable[..., Client]


@pytest.fixture
def make_client() -> Iterator[MakeClient]:
    """Makes clients that share a cache and a pace, as a person's do, and closes them."""
    clients = []

    def make(**wanted: object) -> Client:
        usual = {"patience": QUICK, "cache": Cache(), "pace": Pace(seconds=PAUSE)}
        client = Client(**(usual | wanted))  # type: ignore[arg-type]
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def client(make_client: MakeClient) -> Client:
    """A client as most tests need it."""
    return make_client()


@pytest.fixture
def archive(corpus: Path, server: Server) -> Path:
    """The real days of Daily Papers, which the server replays; an empty list where there is none."""
    folder = corpus / "hf_api"

    def replay(asked: Asked) -> Answer:
        assert asked.path == "/api/daily_papers"
        file = folder / f"{asked.query['date']}.json"
        entries = file.read_bytes() if file.exists() else b"[]"
        return Answer(entries if asked.query.get("p", "0") == "0" else b"[]")

    server.service = replay
    return folder
