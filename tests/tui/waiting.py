"""Waiting for an app to come to rest, or for what it is to come to: by what it does, never by the clock."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic

from textual import events
from textual.app import App
from textual.keys import _character_to_key, key_to_character
from textual.pilot import Pilot

PATIENCE = 60.0
"""Seconds that anything may take on a busy machine; nothing waits longer than it has to."""
_HOPS = 20
"""Rounds of the event loop: messages that lead to messages that lead to messages."""


async def settle(pilot: Pilot[None]) -> None:
    """Wait until nothing is under way any more: no worker, no message, no key, nothing to be done after a painting."""
    await _rest(pilot.app)
    await pilot._wait_for_screen()
    await _rest(pilot.app)


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys as `Pilot.press` does, each once all that the one before it set going has come to its end."""
    for name in keys:
        key = _character_to_key(name) if len(name) == 1 else name
        pilot.app.post_message(events.Key(key, name if len(name) == 1 else key_to_character(key)))
        await _rest(pilot.app)
    await settle(pilot)


async def _rest(app: App[None]) -> None:
    """Let the event loop go round until there is nothing left to do, and paint."""
    deadline = monotonic() + PATIENCE
    quiet = 0
    while quiet < 2:
        assert monotonic() < deadline, f"never at rest: {[*app.workers]}"
        for _ in range(_HOPS):
            await asyncio.sleep(0)
        if app._exit or app._exception is not None or not app.screen_stack:
            return  # it has come to its end
        app.screen._on_timer_update()
        if _is_busy(app):
            quiet = 0
            await asyncio.sleep(0.002)  # threads need some time for themselves
        else:
            quiet += 1


def _is_busy(app: App[None]) -> bool:
    nodes = [app, *(node for screen in app.screen_stack for node in screen.walk_children(with_self=True))]
    return (
        any(not worker.is_finished for worker in app.workers)
        or any(node.message_queue_size for node in nodes)
        or bool(app.screen._callbacks)
        or app._batch_count > 0  # a dialog has just gone, and nothing is painted yet
        or app.screen._layout_required
        or app.animator._animations != {}
        or bool(getattr(app, "_typed", ()))  # keys that wait for their turn
    )


async def until(pilot: Pilot[None], true: Callable[[], object], what: str = "") -> None:
    """Wait until `true`, whatever else is under way."""
    deadline = monotonic() + PATIENCE
    while not true():
        assert monotonic() < deadline, f"never: {what}"
        await Pilot.pause(pilot)


class Patient(Pilot[None]):
    """A pilot that waits, after all that it does, until nothing is under way."""

    async def press(self, *keys: str) -> None:
        await press(self, *keys)

    async def click(self, *where: object, **how: object) -> bool:
        hit = await super().click(*where, **how)  # type: ignore[arg-type]
        await settle(self)
        return hit

    async def pause(self, delay: float | None = None) -> None:
        if delay is not None:
            await super().pause(delay)
        await settle(self)


class Tried(App[None]):
    """An app that is tried by a patient pilot; by `Pilot(app)` where something is to stay under way."""

    @asynccontextmanager
    async def run_test(self, *, size: tuple[int, int] | None = (80, 24)) -> AsyncIterator[Patient]:  # type: ignore[override]
        """The app, opened and at rest."""
        async with super().run_test(size=size):
            patient = Patient(self)
            await settle(patient)
            yield patient
