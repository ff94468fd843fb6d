"""What stands in place of the list: an empty view, the end of an inbox, the welcome to an empty library."""

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from tui.screens.main_finished import finished_text
from tui.screens.main_hints import empty_text

if TYPE_CHECKING:
    from tui.screens.main import MainScreen


class Instead:
    """Shows the list, or what has to be said instead."""

    def __init__(self, screen: "MainScreen") -> None:
        self._screen = screen

    def show(self) -> None:
        """See what is to be shown now, and show it."""
        screen = self._screen
        self._welcome()
        words = self._words() if screen.places.is_known else None
        instead = screen.query_one("#instead", Static)
        if words is not None:
            instead.update(words)
        if instead.has_class("-shown") != (words is not None):
            screen.show_detail_soon()
        instead.set_class(words is not None, "-shown")
        screen.papers.set_class(words is not None, "-hidden")
        screen.show_header()

    def _words(self) -> Content | None:
        screen = self._screen
        finished = screen.places.finished
        if finished is not None and not screen.is_searching:
            return finished_text(screen, finished, screen.query_one("#list-pane").size.width - 12)
        return None if len(screen.papers.deck) else Content(empty_text(screen))

    def _welcome(self) -> None:
        screen = self._screen
        shown = screen.query("#welcome")
        if screen.places.is_empty and not shown:
            from tui.widgets.welcome import Welcome

            welcome = Welcome(screen.keymap.shown("fetch"), screen.keymap.shown("import"), id="welcome")
            screen.query_one("#panes").mount(welcome, before=0)
            screen.add_class("-welcome")
            screen.call_after_refresh(welcome.focus)
        elif not screen.places.is_empty and shown:
            shown.remove()
            screen.remove_class("-welcome")
            screen.papers.focus()
