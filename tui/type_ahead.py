"""Keys typed faster than the screen follows: `/` and a query, written in one go, are a search and no commands.

Textual forwards each key at once to the widget that has the focus; a key that moves the focus or opens a dialog has
not been carried out by then, and what was typed after it would go to the wrong place.
"""

from collections import deque
from time import monotonic

from textual import events
from textual.app import App, ReturnType
from textual.message import Message
from textual.widget import Widget

PATIENCE = 0.25
"""Seconds after which a key no longer waits for the one before it."""
OPENING = 5.0
"""Seconds after which it no longer waits for a dialog that is on its way in, on a busy machine."""


class KeyDone(Message):
    """Follows a key on its way up from the widget that got it: once it is here, so was the key."""


class TypeAheadApp(App[ReturnType]):
    """An app in which each key is carried out before the next one is looked at."""

    def __init__(self) -> None:
        super().__init__()
        self._typed: deque[events.Key] = deque()
        self._under_way = 0.0
        """Since when a key is being carried out; 0: none is."""

    async def on_event(self, event: events.Event) -> None:
        """Keep a key back while another one is under way."""
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        self._typed.append(event)
        if not self._waits():
            await self._forward()

    def _waits(self) -> bool:
        is_opening = bool(self.screen_stack) and not self.screen.is_mounted
        return monotonic() - self._under_way < (OPENING if is_opening else PATIENCE)

    async def _forward(self) -> None:
        if not self._typed:
            return
        self._under_way = monotonic()
        target: Widget = self.focused or self.screen
        await super().on_event(self._typed.popleft())
        if not target.post_message(KeyDone()):
            self.call_later(self._release)
        if self._typed:
            self.set_timer(PATIENCE, self._forward_late)

    def on_key_done(self, event: KeyDone) -> None:
        """What the key asked for has begun: let what that set off, such as a change of focus, come first."""
        event.stop()
        self.call_later(self._release)

    async def _release(self) -> None:
        if self.focused is None and self._waits() and self._typed:  # a dialog is on its way in
            self.set_timer(0.01, self._release)
            return
        self._under_way = 0.0
        await self._forward()

    async def _forward_late(self) -> None:
        """For a widget that was gone before its key could come back up."""
        if not self._waits():
            await self._forward()
        elif self._typed:
            self.set_timer(PATIENCE, self._forward_late)
