"""Keys typed faster than the screen follows go where the person meant them to go."""

import asyncio
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tests.tui.waiting import PATIENCE as AT_MOST
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


class Reading(TypeAheadApp[None]):
    """An app in which there is nothing to focus."""

    BINDINGS: ClassVar[list[BindingType]] = [("j", "step", "")]
    steps = 0

    def compose(self) -> ComposeResult:
        yield Static("A text")

    def action_step(self) -> None:
        self.steps += 1


async def test_a_key_that_is_held_does_not_pile_up_where_nothing_has_the_focus() -> None:
    held = int(2 * AT_MOST / PATIENCE)
    app = Reading()
    async with app.run_test() as pilot:
        for _ in range(held):
            app.post_message(events.Key("j", "j"))
        await until(pilot, lambda: app.steps == held)


async def test_a_click_beyond_the_screen_leaves_the_focus_where_it_is() -> None:
    app = Opening()
    async with app.run_test() as pilot:
        await app.mount(Input())
        app.screen.query_one(Input).focus()
        await until(pilot, lambda: app.focused is not None)
        for at in (5000, -3):
            app.post_message(events.MouseDown(None, at, at, 0, 0, 1, False, False, False, at, at))
        app.post_message(events.Key("a", "a"))
        await until(pilot, lambda: app.screen.query_one(Input).value == "a")
        assert app.focused is not None
