"""A short list of things to choose from, by letter or with the arrows."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from store.harmless import harmless
from tui.screens.dialog import Dialog
from tui.widgets.hints import QUIET, Hint, Hints
from tui.widgets.options import Options
from tui.wording import cut, fit

WIDEST = 100
"""Columns of a label at most."""


class Choice(NamedTuple):
    """One line of a menu: the character that picks it, its label, what it stands for, and a word on it."""

    key: str
    label: str
    value: str
    hint: str = ""


class Menu(Dialog[str | None]):
    """Offers `choices`; the result is the value of the one chosen, or None.

    A choice's key takes it at once. The choice whose value is `current` is marked and highlighted at first. `j` and
    `k` move like the arrows, unless they are a choice's key.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "move(1)", "Down", show=False),
        Binding("k", "move(-1)", "Up", show=False),
        Binding("q", "cancel", "Close", show=False),
    ]

    def __init__(self, title: str, choices: Sequence[Choice], current: str | None = None) -> None:
        super().__init__(title)
        self._choices = tuple(choices)
        self._current = current

    def body(self) -> ComposeResult:
        """The choices, one a line."""
        width = min(max((cell_len(choice.label[:WIDEST]) for choice in self._choices), default=0), WIDEST)
        options = Options(*(Option(self._line(choice, width)) for choice in self._choices), markup=False)
        values = [choice.value for choice in self._choices]
        options.highlighted = values.index(self._current) if self._current in values else 0
        yield options

    def on_mount(self) -> None:
        """Say how to choose."""
        by_letter = any(choice.key for choice in self._choices)
        arrows = Hint("↑↓", "or a letter" if by_letter else "move")
        self.query_one(Hints).show(Hint("enter", "choose", "choose"), Hint("esc", "close", "cancel"), arrows)

    def _line(self, choice: Choice, width: int) -> Content:
        chosen = choice.value == self._current
        label = Content(fit(harmless(choice.label), width))
        return Content.assemble(
            (choice.key.ljust(2), "$accent"),
            ("● " if chosen else "  ", "$accent"),
            label.stylize("bold") if chosen else label,
            ("   " + cut(choice.hint) if choice.hint else "", QUIET),
        )

    def on_key(self, event: events.Key) -> None:
        """Take the choice whose key this is."""
        for choice in self._choices:
            if choice.key in (event.character, event.key):
                event.stop()
                event.prevent_default()
                self.dismiss(choice.value)
                return

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[event.option_index].value)

    def action_choose(self) -> None:
        """Take the highlighted choice."""
        self.query_one(OptionList).action_select()

    def action_move(self, by: int) -> None:
        """Move the highlight by one line."""
        options = self.query_one(OptionList)
        if by > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()
