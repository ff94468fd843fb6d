"""One line of text, asked for: a name, a tag."""

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from tui.screens.dialog import Dialog
from tui.widgets.hints import Hint
from tui.widgets.line import Line


class Prompt(Dialog[str | None]):
    """Asks for a line of text under `title`; the result is what was typed, without white space around it, or None.

    `check` is given that text on Enter and returns what is wrong with it, or None to accept it; what is wrong is
    shown below the line, and the dialog stays.
    """

    HINTS = (Hint("enter", "done", "submit"), Hint("esc", "cancel", "cancel"))

    def __init__(
        self,
        title: str,
        value: str = "",
        placeholder: str = "",
        check: Callable[[str], str | None] | None = None,
    ) -> None:
        super().__init__(title)
        self._value = value
        self._placeholder = placeholder
        self._check = check

    def body(self) -> ComposeResult:
        """The line, and room for what is wrong with it."""
        yield Line(self._value, placeholder=self._placeholder)
        yield Static(classes="message -error")

    @on(Input.Changed)
    def _typed(self) -> None:
        self.query_one(".message", Static).update("")

    @on(Input.Submitted)
    async def action_submit(self) -> None:
        """Accept the text, or say what is wrong with it."""
        text = self.query_one(Input).value.strip()
        wrong = self._check(text) if self._check else None
        if wrong is None:
            self.dismiss(text)
        else:
            self.query_one(".message", Static).update(Content(wrong))
