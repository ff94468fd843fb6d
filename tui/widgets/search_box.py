"""The search box above the list, with room below it for what is wrong with the query."""

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tui.messages import SearchKept, SearchTyped
from tui.widgets.line import Line, is_page


class SearchInput(Line):
    """The line to type into. A page pasted here is left to the screen, which imports it."""

    DEFAULT_CSS = """
    SearchInput, SearchInput:focus {
        border: none;
        height: 1;
        padding: 0 1;
        background: $panel;
    }
    """

    def _on_paste(self, event: events.Paste) -> None:  # Textual calls the base class's as well
        if is_page(event.text):
            event.prevent_default()


class SearchBox(Vertical):
    """Says what is typed, and Enter; the screen answers with `clear` or `wrong`."""

    DEFAULT_CSS = """
    SearchBox {
        height: auto;
        display: none;
        padding: 0 1;
        & > #search-line { height: auto; min-height: 1; max-height: 4; padding: 0 1; color: $error; }
        &.-open { display: block; }
    }
    """

    def compose(self) -> ComposeResult:
        """The input and the line below it."""
        yield SearchInput(id="search-input", compact=True)
        yield Static("", id="search-line", markup=False)

    @property
    def _input(self) -> SearchInput:
        return self.query_one(SearchInput)

    @property
    def text(self) -> str:
        """What is typed."""
        return self._input.value

    @property
    def is_wrong(self) -> bool:
        """Whether the query cannot be understood."""
        return self.has_class("-wrong")

    @property
    def is_open(self) -> bool:
        """Whether it is on the screen."""
        return self.has_class("-open")

    def open(self, placeholder: str, text: str = "") -> None:
        """Appear, ready to be typed into."""
        self.add_class("-open")
        box = self._input
        box.placeholder = placeholder
        with self.prevent(Input.Changed):
            box.value = text
        box.cursor_position = len(text)
        box.focus()
        self.clear()

    def focus_line(self) -> None:
        """Give the line the keys."""
        self._input.focus()

    def close(self) -> None:
        """Go away."""
        self.clear()
        self.remove_class("-open")

    def clear(self) -> None:
        """Nothing is wrong with the query."""
        if self.is_wrong:
            self.remove_class("-wrong")
            self.query_one("#search-line", Static).update("")

    def wrong(self, words: str, position: int) -> None:
        """What is wrong with the query, below the character `position` of it."""
        self.add_class("-wrong")
        line = self.query_one("#search-line", Static)
        before = cell_len(self.text[:position])
        room = line.content_size.width
        if before + cell_len(words) + 2 <= room:
            words = f"{' ' * before}↑ {words}"
        elif before < room:
            words = f"{' ' * before}↑\n{words}"
        line.update(Content(words))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(SearchTyped(event.value))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(SearchKept())
