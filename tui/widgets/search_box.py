"""The search box above the list, with a line below it for what was found or what is wrong with the query."""

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tui.messages import SearchKept, SearchTyped


class SearchInput(Input):
    """The line to type into. A page pasted here is left to the screen, which imports it."""

    DEFAULT_CSS = """
    SearchInput, SearchInput:focus {
        border: none;
        height: 1;
        padding: 0 1;
        background: $panel;
    }
    """

    def _on_paste(self, event: events.Paste) -> None:
        if len(event.text.strip().splitlines()) > 1:
            event.prevent_default()
        else:
            super()._on_paste(event)


class SearchBox(Vertical):
    """Says what is typed, and Enter; the screen answers with `found` or `wrong`."""

    DEFAULT_CSS = """
    SearchBox {
        height: auto;
        display: none;
        padding: 0 1;
        & > #search-line { height: 1; padding: 0 1; color: $foreground 55%; }
        &.-wrong > #search-line { color: $error; }
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
        self.say("")

    def close(self) -> None:
        """Go away."""
        self.remove_class("-open", "-wrong")

    def say(self, words: str) -> None:
        """What was found, in the line below."""
        self.remove_class("-wrong")
        self.query_one("#search-line", Static).update(Content(words))

    def wrong(self, words: str) -> None:
        """What is wrong with the query, in the line below."""
        self.add_class("-wrong")
        self.query_one("#search-line", Static).update(Content(words))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(SearchTyped(event.value))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(SearchKept())
