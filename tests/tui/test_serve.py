"""The app in a browser: what is seen and pressed there, who is answered, and how it ends."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.parse import unquote

import pytest

from benchmarks.terminal import PATIENCE
from store.library import Library
from tests.tui.conftest import Paperdeck
from tui.sample import build

aiohttp = pytest.importorskip("aiohttp")
pytest.importorskip("textual_serve")

from tests.tui.browser import CHROMIUM, page, until  # noqa: E402 (needs aiohttp)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """The sample library, in a folder whose name a shell would read, open beside the app."""
    folder = tmp_path / 'it\'s $(touch owned) "here"; &'
    folder.mkdir()
    build(folder / "library.db")
    with Library(folder / "library.db") as library:
        yield library


def is_there(process: int) -> bool:
    """Whether a process lives."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


class Serving:
    """`paperdeck serve` as a process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        assert process.stdout is not None
        self.address = process.stdout.readline().strip().removesuffix("/")
        self.port = int(self.address.rpartition(":")[2] or 0)

    @asynccontextmanager
    async def app(self, host: str = "127.0.0.1") -> AsyncIterator["Screen"]:
        """An app, as its page has it."""
        here = f"{host}:{self.port}"
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"ws://{here}/ws?width=120&height=40", origin=f"http://{here}") as connection,
        ):
            yield Screen(connection)

    def apps(self) -> list[int]:
        """The processes of the apps."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(child) for child in path.read_text(encoding="ascii").split()]

    def end(self, number: int = signal.SIGINT) -> int:
        """Send a signal, and wait for the end; the exit status."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


class Screen:
    """The websocket of an app."""

    def __init__(self, connection: "aiohttp.ClientWebSocketResponse") -> None:
        self._connection = connection
        self._seen = b""

    async def shows(self, text: str) -> None:
        """Wait until that was drawn since the last key."""
        async with asyncio.timeout(PATIENCE):
            while text.encode() not in self._seen:
                message = await self._connection.receive()
                assert message.type in {aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT}, f"ended before: {text}"
                self._seen += message.data if isinstance(message.data, bytes) else b""

    async def type(self, text: str) -> None:
        """Type it."""
        self._seen = b""
        await self._connection.send_str(json.dumps(["stdin", text]))

    async def ended(self) -> bool:
        """Wait until the connection is closed."""
        async with asyncio.timeout(PATIENCE):
            while not self._connection.closed:
                await self._connection.receive()
        return True


@contextmanager
def serving(library: Path, *arguments: str) -> Iterator[Serving]:
    """The library, served on any free port."""
    home = library.parents[1]
    environment = os.environ | {f"XDG_{kind}_HOME": str(home / kind) for kind in ("CONFIG", "STATE", "DATA", "CACHE")}
    process = subprocess.Popen(
        [sys.executable, "-m", "tui", "--db", str(library), "serve", "--port", "0", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True,
    )  # fmt: skip
    try:
        yield Serving(process)
    finally:
        process.kill()
        process.communicate()


async def test_a_key_pressed_over_the_websocket_marks_a_paper_and_ctrl_c_ends_it_all(library: Library) -> None:
    first = library.list("is:inbox")[0]
    with serving(library.path) as served:
        async with served.app() as screen, served.app("localhost") as other:
            await screen.shows(first.title[:30])
            await other.shows(first.title[:30])
            await screen.type("s")
            await screen.shows("undoes")
            assert library.entry(first.id).starred
            assert len(served.apps()) == 2
            apps = served.apps()
            status, *_ = await asyncio.gather(asyncio.to_thread(served.end), screen.ended(), other.ended())
            assert status == 0
        assert not any(map(is_there, apps))
        assert served.process.stderr is not None
        assert served.process.stderr.read() == "Ctrl+C ends it.\n"


@pytest.mark.parametrize("end", ["page", "server", "kill"])
async def test_a_note_being_written_is_kept_however_it_ends(library: Library, end: str) -> None:
    first = library.list("is:inbox")[0]
    with serving(library.path) as served:
        async with served.app() as screen:
            await screen.shows(first.title[:30])
            await screen.type("e")
            await screen.shows("save")
            await screen.type("A thought.")
            await screen.shows("thought")
            (app,) = served.apps()
            if end != "page":
                number = signal.SIGTERM if end == "server" else signal.SIGKILL
                await asyncio.gather(asyncio.to_thread(served.end, number), screen.ended())
        await until(lambda: not is_there(app), "the app ends with it")
    (draft,) = library.path.parent.rglob("*-drafts/*/*.md")
    assert unquote(draft.stem) == library.names(first.id)[0]
    assert draft.read_text(encoding="utf-8") == "A thought.\n"


async def test_a_page_that_is_closed_while_the_app_starts_leaves_no_error(library: Library) -> None:
    with serving(library.path) as served:
        for each in range(6):
            async with served.app():
                await asyncio.sleep(each * 0.1)
        await until(lambda: not served.apps(), "the apps end")
        assert served.end() == 0
    assert not [*library.path.parents[1].rglob("last-error.txt")]


async def test_only_its_own_page_is_answered(library: Library) -> None:
    with serving(library.path) as served:
        async with aiohttp.ClientSession() as session:
            for path in ("/", "/ws", "/static/js/textual.js", "/download/x"):
                for headers in (
                    {"Host": "evil.example"},
                    {"Host": f"evil.example:{served.port}"},
                    {"Host": f"127.0.0.1:{served.port + 1}"},
                    {"Origin": "https://evil.example"},
                    {"Origin": "null"},
                    {"Origin": f"https://127.0.0.1:{served.port}"},
                    {"Origin": f"http://127.0.0.1:{served.port}.evil.example"},
                ):
                    upgrade = {
                        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
                        "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw==",
                    }  # fmt: skip
                    async with session.get(
                        f"{served.address}{path}", headers=headers | (upgrade if path == "/ws" else {})
                    ) as response:
                        assert response.status == 403, (path, headers)
            async with session.get(served.address) as response:
                assert response.status == 200
                assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
                text = await response.text()
            assert "//" not in text.replace(f"ws://127.0.0.1:{served.port}/ws", "").replace("// The keys", "")
        assert served.apps() == []


@pytest.mark.skipif(
    os.getuid() != 0 or not Path("/proc/net/tcp").exists() or not shutil.which("curl"),
    reason="only root can be another user, who needs curl",
)
def test_another_user_of_the_machine_is_refused(library: Library) -> None:
    with serving(library.path) as served:
        asked = ["curl", "--silent", "--output", os.devnull, "--write-out", "%{http_code}", f"{served.address}/"]
        for user, status in ((65534, "403"), (None, "200")):
            ran = subprocess.run(asked, capture_output=True, text=True, check=True, user=user)
            assert ran.stdout == status


def test_it_listens_on_the_loopback_address_alone(library: Library) -> None:
    with serving(library.path) as served:
        assert served.address == f"http://127.0.0.1:{served.port}"
        table = [
            line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()
        ]
        listening = [row[1] for row in table if row[3] == "0A" and row[1].endswith(f":{served.port:04X}")]
        assert listening == [f"0100007F:{served.port:04X}"]


def test_a_taken_port_and_a_wrong_library_are_told(library: Library, paperdeck: Paperdeck, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = f"{taken.getsockname()[1]}"
        ran = paperdeck("--db", str(library.path), "serve", "--port", port)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith(f"paperdeck: Port {port} of 127.0.0.1 is in use")
    assert len(ran.err.splitlines()) == 1
    (tmp_path / "no.db").write_text("no library" * 1000)
    ran = paperdeck("--db", str(tmp_path / "no.db"), "serve", "--port", "0")
    assert (ran.status, ran.out) == (1, "")
    assert paperdeck("serve", "--port", "65536").status == 2


def test_without_the_extra_it_says_how_to_install_it(library: Library) -> None:
    # A Python that finds no textual-serve.
    hidden = (
        "import importlib.util as u, sys; find = u.find_spec;"
        "u.find_spec = lambda name, *rest: None if name == 'textual_serve' else find(name, *rest);"
        "from tui.cli import run; sys.exit(run(sys.argv[1:]))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", hidden, "--db", str(library.path), "serve"], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "paperdeck[serve]" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
async def test_the_list_is_seen_in_a_browser_and_its_keys_decide(library: Library, tmp_path: Path) -> None:
    first = library.list("is:inbox")[0]
    with serving(library.path) as served:
        async with page(tmp_path / "profile") as browser:
            refused = """new Promise(done => {
                const socket = new WebSocket('ws://127.0.0.1:%d/ws');
                socket.onopen = () => done('opened'); socket.onerror = () => done('refused');
            })"""
            assert await browser.run(refused % served.port) == "refused"
            browser.requested.clear()

            await browser.do("Page.navigate", url=served.address)
            await until(lambda: first.title[:20].encode() in browser.received, "the list is drawn")
            await until(lambda: b"all keys" in browser.received, "the keys are drawn")
            await browser.press("s")  # without a click before it
            await until(lambda: library.entry(first.id).starred, "the key's mark is in the library")
            picture = await browser.picture()
            assert len(picture) > 50_000  # an empty page has 8,000 bytes
            tmp_path.joinpath("browser.png").write_bytes(picture)
            assert all(url.startswith((served.address, "data:")) for url in browser.requested)
            assert await browser.run("document.fonts.check('16px \"Roboto Mono\"')")
            await browser.press("q")
            ended = "getComputedStyle(document.querySelector('.ended')).display"
            assert await browser.run(f"""new Promise(done => {{
                const look = () => {ended} == 'flex' ? done(true) : setTimeout(look, 20); look();
            }})""")
