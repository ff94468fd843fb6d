"""The guided first run on the screen: when it begins, what it notices, and that it comes once."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_state_path
from textual.content import Content

from store.errors import StoreError
from store.folders import make_private
from tui.keys import ACTIONS

if TYPE_CHECKING:
    from tui.screens.main import MainScreen
    from tui.widgets.guide_card import GuideCard

GUIDE = "guide"
"""What the app ends with when the person asks for the guide, which is over the sample library."""
LOOKED_AT = 200
"""Entries of the journal, the newest: of what is done between two looks one is enough."""


def guided_path() -> Path:
    """A file that says that the guide has been there. No part of the layout: another process's would replace it."""
    return user_state_path("paperdeck") / "guided"


class Guiding:
    """Leads through the steps of `tui.guide`."""

    def __init__(self, screen: "MainScreen") -> None:
        self._screen = screen
        self._library = screen.library
        self._card: GuideCard | None = None
        self._step = 0
        self._begun = 0
        """The newest entry of the journal when the guide began."""
        self._found = self._searched = self._exported = False

    def commands(self) -> dict[str, Callable[[], None]]:
        """What its key does."""
        return {"guide": self.toggle}

    @property
    def is_on(self) -> bool:
        """Whether it is on the screen."""
        return self._card is not None

    def on_start(self) -> None:
        """Begin over the sample library, where it was asked for or never was before."""
        screen = self._screen
        if screen.temporary and (screen.app.guided or not os.path.lexists(guided_path())):
            self._begin()

    def toggle(self) -> None:
        """Leave the guide; begin it; or, over a person's own library, go to the sample for it."""
        screen = self._screen
        if self.is_on:
            self.close()
            screen.say(f"The palette ({screen.keymap.shown('palette')}) has the guide whenever you want it")
        elif screen.temporary:
            self._begin()
        else:
            from tui.screens.confirm import Confirm

            detail = f"The guide is over a library of its own; {screen.keymap.shown('quit')} comes back to yours."
            screen.app.push_screen(Confirm("Open the sample library?", detail, yes="Open it"), self._go)

    def _go(self, yes: bool | None) -> None:
        if not yes:
            return
        if problem := self._screen.annotating.quitting():
            self._screen.say(problem, error=True)
        else:
            self._screen.leave_for(GUIDE)

    def _begin(self) -> None:
        from tui.widgets.guide_card import GuideCard

        try:
            self._begun = max((entry.id for entry in self._library.log(1)), default=0)
        except StoreError as error:
            self._screen.complain(error)
            return
        self._step = 0
        self._found = self._searched = self._exported = False
        self._card = GuideCard(id="guide")
        self._screen.mount(self._card, before="#panes")
        self._show()

    def close(self) -> None:
        """It is finished, skipped or left with the sample: it does not come by itself again."""
        if self._card is None:
            return
        self._card.remove()
        self._card = None
        _remember()

    # What is noticed

    def exported(self) -> None:
        """A document was written or copied."""
        self._exported = True
        self.look()

    def look(self) -> None:
        """See what has been done, and go on to what has not."""
        if self._card is None:
            return
        from tui.guide import STEPS, Seen, actions_since, reached

        screen = self._screen
        if screen.is_searching:
            self._found = screen.searching.shows_result and len(screen.papers.deck) > 0
        elif self._found:
            self._searched = True
        try:
            log = self._library.log(LOOKED_AT)
        except StoreError as error:
            screen.complain(error)
            return
        self._step = reached(self._step, Seen(actions_since(log, self._begun), self._searched, self._exported))
        if self._step == len(STEPS):
            _remember()
        self._show()

    def _show(self) -> None:
        if self._card is None:
            return
        from tui.guide import END, NO_PAPER, STEPS

        key = self._screen.keymap.shown("guide")
        if self._step == len(STEPS):
            self._card.show(("", ""), END.name, self._worded(END.press), self._worded(END.why), (f"{key} closes",) * 2)
            return
        step = STEPS[self._step]
        press = NO_PAPER if step.paper and not self._has_paper() else step.press
        leave = f"{key} skips the guide", f"{key} skips"
        places = f"{self._step + 1} of {len(STEPS)}  ", f"{self._step + 1}/{len(STEPS)}  "
        self._card.show(places, step.name, self._worded(press), self._worded(step.why), leave)

    def _has_paper(self) -> bool:
        screen = self._screen
        return bool(len(screen.papers.deck)) and (screen.places.finished is None or screen.is_searching)

    def _worded(self, text: str) -> Content:
        from tui.guide import worded

        keys = {action.id: self._screen.keymap.shown(action.id) for action in ACTIONS}
        return Content.assemble(*((words, "bold $accent") if key else words for words, key in worded(text, keys)))


def _remember() -> None:
    """Where the state cannot be kept, the guide comes again, which is no error."""
    path = guided_path()
    with suppress(OSError):
        make_private(path.parent)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
