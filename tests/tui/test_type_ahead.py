"""Keys typed faster than the screen follows go where the person meant them to go."""

import asyncio
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input

from tests.tui.waiting import until
from tui.type_ahead import PATIENCE, TypeAheadApp


class Slow(ModalScreen[None]):
    """A dialog on a busy machine, with a key that Textual looks at before all others."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f5", "double", "", priority=True)]

    def compose(self) -> ComposeResult:
        yield Input()

    async def on_mount(self) -> None:
        await asyncio.sleep(3 * PATIENCE)

    def action_double(self) -> None:
        self.query_one(Input).insert_text_at_cursor("bb")


class Opening(TypeAheadApp[None]):
    BINDINGS: ClassVar[list[BindingType]] = [("o", "open", "")]

    def action_open(self) -> None:
        self.push_screen(Slow())


async def test_keys_wait_for_a_dialog_that_is_slow_to_open() -> None:
    app = Opening()
    async with app.run_test() as pilot:
        for key in ("o", "a", "f5"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: isinstance(app.screen, Slow))
        app.post_message(events.Key("c", "c"))  # and one while it is opening
        await until(pilot, lambda: [line.value for line in app.screen.query(Input)] == ["abbc"])
