"""Headless Chromium, spoken to over its DevTools protocol."""

import asyncio
import base64
import json
import shutil
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.terminal import PATIENCE

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-port=0",
    "--window-size=1360,820",
)  # fmt: skip


async def until(true: Callable[[], object], what: str) -> None:
    """Wait until `true` says so."""
    for _ in range(int(PATIENCE / 0.02)):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"never: {what}")


class Page:
    """A page of the browser: what it asked the network for, and what came over its websockets."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self.requested: list[str] = []
        self.received = b""

    async def listen(self) -> None:
        """Take in what the browser tells, until it is closed."""
        async for message in self._socket:
            told = message.json()
            parameters = told.get("params", {})
            match told.get("method"):
                case None:
                    self._answers.pop(told["id"]).set_result(told.get("result", told.get("error")))
                case "Network.requestWillBeSent":
                    self.requested.append(parameters["request"]["url"])
                case "Network.webSocketFrameReceived" if parameters["response"]["opcode"] == 2:
                    self.received += base64.b64decode(parameters["response"]["payloadData"])

    async def do(self, method: str, **parameters: object) -> Any:
        """What the browser answers to a command."""
        self._number += 1
        answer = self._answers[self._number] = asyncio.get_running_loop().create_future()
        await self._socket.send_str(json.dumps({"id": self._number, "method": method, "params": parameters}))
        return await asyncio.wait_for(answer, PATIENCE)

    async def run(self, script: str) -> Any:
        """The value of a script, awaited."""
        result = await self.do("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        return result["result"].get("value")

    async def press(self, key: str) -> None:
        """Press a letter."""
        await self.do("Input.dispatchKeyEvent", type="keyDown", key=key, text=key)
        await self.do("Input.dispatchKeyEvent", type="keyUp", key=key)

    async def picture(self) -> bytes:
        """The page as PNG."""
        return base64.b64decode((await self.do("Page.captureScreenshot", format="png"))["data"])


@asynccontextmanager
async def page(profile: Path) -> AsyncIterator[Page]:
    """An empty page of a browser of its own."""
    assert CHROMIUM is not None
    browser = await asyncio.create_subprocess_exec(
        CHROMIUM, *_FLAGS, f"--user-data-dir={profile}", "about:blank", stdout=DEVNULL, stderr=DEVNULL
    )
    port = profile / "DevToolsActivePort"
    try:
        await until(lambda: port.exists() and "\n" in port.read_text(encoding="ascii"), "the browser listens")
        address = f"http://127.0.0.1:{port.read_text(encoding='ascii').split()[0]}/json/list"
        async with aiohttp.ClientSession() as session:
            async with session.get(address) as response:
                target = next(target for target in await response.json() if target["type"] == "page")
            async with session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                opened = Page(socket)
                listening = asyncio.create_task(opened.listen())
                for domain in ("Page", "Network", "Runtime"):
                    await opened.do(f"{domain}.enable")
                yield opened
                listening.cancel()
                with suppress(asyncio.CancelledError):
                    await listening
    finally:
        browser.terminate()
        await browser.wait()
