"""Keys typed faster than the screen follows go where the person meant them to go."""

import asyncio
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.screen import ModalScreen

from tui.type_ahead import PATIENCE, TypeAheadApp


class Slow(ModalScreen[None]):
    """A dialog on a busy machine."""

    BINDINGS: ClassVar[list[BindingType]] = [("x", "choose", "")]
    chosen = ready = False

    async def on_mount(self) -> None:
        await asyncio.sleep(3 * PATIENCE)
        self.ready = True

    def action_choose(self) -> None:
        assert self.ready, "a key came before the dialog was whole"
        self.chosen = True


class Opening(TypeAheadApp[None]):
    BINDINGS: ClassVar[list[BindingType]] = [("o", "open", ""), ("x", "miss", "")]
    missed = False

    def __init__(self) -> None:
        super().__init__()
        self.dialog = Slow()

    def action_open(self) -> None:
        self.push_screen(self.dialog)

    def action_miss(self) -> None:
        self.missed = True


async def test_keys_wait_for_a_dialog_that_is_slow_to_open() -> None:
    app = Opening()
    async with app.run_test() as pilot:
        for key in "ox":
            app.post_message(events.Key(key, key))
        await pilot.pause(2 * PATIENCE)
        app.post_message(events.Key("x", "x"))  # and one while it is opening
        await pilot.pause(3 * PATIENCE)
        assert app.dialog.chosen
        assert not app.missed
