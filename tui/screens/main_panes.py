"""Which pane has the keys, moving about in it, and how the room is shared among views, list and detail."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from tui.layout import LIST_SHARE, VIEWS_WIDTH, within
from tui.widgets.paper_list import PaperList
from tui.widgets.paper_view import PaperView
from tui.widgets.views import ViewsPane

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

WIDE = 160
"""Columns from which views, list and detail stand side by side."""
MEDIUM = 110
"""Columns from which list and detail do; below, they take turns."""
NARROW = 60
"""Columns below which the views pane takes the whole width."""
LOW = 20
"""Lines below which the air above the panes goes."""

Pane = PaperList | PaperView | ViewsPane


class Panes:
    """Moves the keys and the dividers among the panes of the main screen."""

    def __init__(self, screen: "MainScreen") -> None:
        self._screen = screen

    def commands(self) -> dict[str, Callable[[], None]]:
        """What its keys do."""
        return {
            "down": partial(self._step, 1),
            "up": partial(self._step, -1),
            "top": lambda: self.current.to_end(last=False),
            "bottom": self._to_bottom,
            "half_down": lambda: self.current.page(0.5),
            "half_up": lambda: self.current.page(-0.5),
            "page_down": lambda: self.current.page(1),
            "page_up": lambda: self.current.page(-1),
            "open": self.open,
            "next_pane": partial(self._go, 1),
            "previous_pane": partial(self._go, -1),
            "views": self.toggle_views,
            "divider_left": partial(self._move_divider, -1),
            "divider_right": partial(self._move_divider, 1),
        }

    @property
    def current(self) -> Pane:
        """The pane that the keys move in: the list, unless another has the focus.

        A views pane that has just been hidden may have it for a moment still.
        """
        focused = self._screen.focused
        if isinstance(focused, PaperView) or (isinstance(focused, ViewsPane) and self._screen.has_class("-views")):
            return focused
        return self._screen.papers

    @property
    def take_turns(self) -> bool:
        """Whether list and detail are not on the screen together."""
        return self._screen.has_class("-turns")

    def focus(self, pane: Pane) -> None:
        """Give a pane the keys, and the room where panes take turns."""
        screen = self._screen
        screen.set_class(pane is screen.paper_view, "-reading")
        if pane is not screen.views and self.take_turns:
            screen.remove_class("-views")
        pane.focus()
        screen.show_detail_soon()

    def open(self) -> None:
        """From the views pane, open what the cursor stands on; from the list, go into the detail."""
        screen = self._screen
        if self.current is screen.views:
            screen.views.choose()
        elif screen.papers.paper is not None:
            self.focus(screen.paper_view)

    def _to_bottom(self) -> None:
        pane = self.current
        if pane is self._screen.papers:
            self._screen.places.when_whole(lambda: pane.to_end(last=True))
        else:
            pane.to_end(last=True)

    def _step(self, by: int) -> None:
        if not self._screen.back_to_papers():
            self.current.step(by)

    def _go(self, by: int) -> None:
        screen = self._screen
        panes: list[Pane] = [screen.papers, screen.paper_view]
        if screen.has_class("-views"):
            panes.insert(0, screen.views)
        at = panes.index(self.current) + by
        nothing_to_read = screen.papers.paper is None or screen.places.finished is not None
        if 0 <= at < len(panes) and not (panes[at] is screen.paper_view and nothing_to_read):
            self.focus(panes[at])
        elif at < 0 and not screen.has_class("-views"):
            self.toggle_views()

    def toggle_views(self) -> None:
        """Show or hide the views pane; where there is room for it, that is remembered."""
        screen = self._screen
        shown = not screen.has_class("-views")
        screen.set_class(shown, "-views")
        if screen.has_class("-wide"):
            screen.layout_now.views = shown
        if shown and not screen.has_class("-wide"):
            screen.views.focus()
        elif not shown and screen.focused in (screen.views, None):
            self.focus(screen.papers)
        self._share_width()

    def _move_divider(self, by: int) -> None:
        layout = self._screen.layout_now
        if self.current is self._screen.views:
            layout.views_width = within(VIEWS_WIDTH, layout.views_width + 2 * by)
        else:
            layout.list_share = within(LIST_SHARE, layout.list_share + 3 * by)
        self._share_width()

    def share_room(self) -> None:
        """Fit the panes to the terminal: all side by side, without the views, or list and detail in turn."""
        screen = self._screen
        width, height = screen.app.size
        fit = (width >= WIDE, width < MEDIUM, width < NARROW)
        if fit != (screen.has_class("-wide"), self.take_turns, screen.has_class("-narrow")) or not screen.is_mounted:
            for name, value in zip(("-wide", "-turns", "-narrow"), fit, strict=True):
                screen.set_class(value, name)
            screen.set_class(width >= WIDE and screen.layout_now.views, "-views")
            if screen.focused is screen.views and not screen.has_class("-views"):
                screen.papers.focus()
        screen.set_class(height < LOW, "-low")
        self._share_width()

    def _share_width(self) -> None:
        screen = self._screen
        layout, width = screen.layout_now, screen.app.size.width
        screen.views.styles.width = "1fr" if width < NARROW else layout.views_width
        rest = width - (layout.views_width if screen.has_class("-views") else 0)
        detail = rest * (100 - layout.list_share) // 100
        screen.detail_pane.styles.width = "1fr" if self.take_turns else detail
