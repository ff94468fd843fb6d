"""The line above the list: what it shows, how many papers, how many are selected, in which order."""

from rich.cells import cell_len
from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from store.harmless import harmless
from tui.wording import fit


class ListHeader(Widget):
    """One line: the place's name, its counts, and at the right the order."""

    DEFAULT_CSS = """
    ListHeader { height: 1; padding: 0 1 0 5; background: $background; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._facts = ("", "", 0, "")

    def show(self, name: str, papers: str, selected: int, order: str) -> None:
        """Show these; `papers` says how many, and is empty while they are being counted."""
        facts = (name, papers, selected, order)
        if facts != self._facts:
            self._facts = facts
            self.refresh()

    def render(self) -> RenderResult:
        """The facts that fit: the order gives way first, the name is cut last."""
        name, papers, selected, order = self._facts
        width = self.content_size.width
        count = f"   {papers}" if papers else ""
        chosen = f"   {selected:,} selected" if selected else ""
        room = width - cell_len(count + chosen)
        title = Content(fit(harmless(name), max(1, room)).rstrip())
        gap = width - title.cell_length - cell_len(count + chosen) - cell_len(order)
        return Content.assemble(
            title.stylize("bold"),
            (count, "$foreground 55%"),
            (chosen, "bold $accent"),
            (" " * gap + order if gap >= 3 else "", "$foreground 45%"),
        )
