"""The smallest Textual app, which paints one line: what starting costs before there is anything of ours."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class BareApp(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        """The line that the benchmark waits for."""
        yield Static("bare and painted")


if __name__ == "__main__":
    BareApp().run()
