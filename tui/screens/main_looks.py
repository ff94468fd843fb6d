"""How things look: the order of the list, its lines, the theme; and the palette that finds all else."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.screens.main_hints import SORTS

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

_DEFAULT = "-"
"""Stands in the menu for the view's own order."""


class Looks:
    """Changes how the screen looks; the app remembers it."""

    def __init__(self, screen: "MainScreen") -> None:
        self._screen = screen

    def commands(self) -> dict[str, Callable[[], None]]:
        """What its keys do."""
        return {"sort": self.sort, "two_lines": self.two_lines, "theme": self.theme, "palette": self.palette}

    def sort(self) -> None:
        """Ask for an order; the cursor stays on its paper."""
        from tui.screens.menu import Choice, Menu

        screen = self._screen

        def chosen(sort: str | None) -> None:
            if sort is not None:
                screen.layout_now.sort = "" if sort == _DEFAULT else sort
                screen.places.reopen()

        choices = [Choice(key, label, sort or _DEFAULT) for key, sort, label in SORTS]
        screen.app.push_screen(Menu("Sort by", choices, screen.layout_now.sort or _DEFAULT), chosen)

    def two_lines(self) -> None:
        """One line a paper, or two."""
        self._screen.layout_now.two_lines = self._screen.papers.two_lines = not self._screen.papers.two_lines

    def theme(self) -> None:
        """Ask for a theme."""
        from tui.screens.menu import Choice, Menu

        app = self._screen.app

        def chosen(theme: str | None) -> None:
            if theme is not None:
                app.theme = theme

        names = sorted(app.available_themes, key=lambda name: (not name.startswith("paperdeck"), name))
        app.push_screen(Menu("Theme", [Choice("", name, name) for name in names], app.theme), chosen)

    def palette(self) -> None:
        """Find any action by name."""
        from tui.palette import Palette

        self._screen.app.push_screen(Palette())
