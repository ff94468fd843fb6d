"""An app that opens one dialog and keeps its answer, for the tests of the dialogs."""

from textual.pilot import Pilot
from textual.screen import Screen

from tests.tui.waiting import Tried

NASTY = "[/b] [@click=app.bell]x[/] [bold"
"""Text that would be read as markup, were it not drawn as it stands."""


class Host(Tried):
    """An app that opens one dialog and keeps what it answered."""

    def __init__(self, dialog: Screen[object]) -> None:
        super().__init__()
        self.dialog = dialog
        self.answers: list[object] = []

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self.answers.append)


async def answers(dialog: Screen[object], *keys: str, size: tuple[int, int] = (80, 24)) -> list[object]:
    """What the dialog answers to these keys; empty if it is still open."""
    app = Host(dialog)
    async with app.run_test(size=size) as pilot:
        await pilot.press(*keys)
        return list(app.answers)


def drawn(pilot: Pilot[None]) -> str:
    """What is on the screen, as text."""
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())
