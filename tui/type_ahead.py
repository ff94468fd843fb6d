"""Keys typed faster than the screen follows: `/` and a query, written in one go, are a search and no commands.

Textual forwards each key at once to the widget that has the focus; a key that moves the focus or opens a dialog has
not been carried out by then, and what was typed after it would go to the wrong place.
"""

from collections import deque
from functools import partial
from time import monotonic

from textual import events
from textual.app import App, ReturnType
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

PATIENCE = 0.25
"""Seconds after which a key no longer waits for the one before it."""
OPENING = 5.0
"""Seconds after which it no longer waits for a dialog that is on its way in, on a busy machine."""


class KeyDone(Message):
    """Follows a key on its way up from the widget that got it: once it is here, so was the key."""

    def __init__(self, number: int) -> None:
        """`number`: of the key, in the order in which they were looked at."""
        super().__init__()
        self.number = number


class TypeAheadApp(App[ReturnType]):
    """An app in which each key is carried out before the next one is looked at."""

    def __init__(self) -> None:
        super().__init__()
        self._typed: deque[events.Key] = deque()
        self._number = 0
        """Of the key that is being carried out, or was last."""
        self._under_way = 0.0
        """Since when it is being carried out; 0: it is done."""
        self._is_watched = False
        self._bare: tuple[Screen[object], float] | None = None
        """The screen in which nothing has the focus, and since when."""

    def hold_keys(self) -> None:
        """Take the focus away until what is to have it is there: keys that are typed ahead wait for that."""
        self._bare = None
        self.set_focus(None)

    async def on_event(self, event: events.Event) -> None:
        """Keep a key back while another one is under way."""
        if isinstance(event, events.MouseDown) and not self.size.region.contains(event.x, event.y):
            return  # of before the terminal shrank: Textual (8.2) would take the focus away
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        self._typed.append(event)
        if not self._waits():
            await self._forward()

    def _waits(self) -> bool:
        return monotonic() - self._under_way < self._patience()

    def _patience(self) -> float:
        return OPENING if self.screen_stack and not self.screen.is_mounted else PATIENCE

    def _awaits_focus(self) -> bool:
        """Whether something is about to get the focus, such as a dialog on its way in.

        What has been without it for a while goes on without: a wait for each key would pile them up.
        """
        if self.focused is not None:
            self._bare = None
            return False
        if self._bare is None or self._bare[0] is not self.screen:
            self._bare = self.screen, monotonic()
        return monotonic() - self._bare[1] < self._patience()

    async def _forward(self) -> None:
        if not self._typed:
            return
        self._under_way = monotonic()
        self._number += 1
        number = self._number
        target: Widget = self.focused or self.screen
        await super().on_event(self._typed.popleft())
        if not target.post_message(KeyDone(number)):
            self.call_later(self._release, number)
        self._watch()

    def _watch(self) -> None:
        """Look after a while whether the widget was gone before its key could come back up."""
        if self._typed and not self._is_watched:
            self._is_watched = True
            self.set_timer(PATIENCE, self._forward_late)

    def on_key_done(self, event: KeyDone) -> None:
        """What the key asked for has begun: let what that set off, such as a change of focus, come first."""
        event.stop()
        self.call_later(self._release, event.number)

    async def _release(self, number: int) -> None:
        if number != self._number:  # it took too long: the next one is under way
            return
        if self._typed and self._awaits_focus():
            self.set_timer(0.01, partial(self._release, number))
            return
        self._under_way = 0.0
        await self._forward()

    async def _forward_late(self) -> None:
        self._is_watched = False
        if self._waits():
            self._watch()
        else:
            await self._forward()
