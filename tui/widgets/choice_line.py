"""A choice among a few words on one line, all of them in sight."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

from tui.widgets.hints import QUIET


class ChoiceLine(Widget, can_focus=True):
    """One of `choices` is chosen: with left and right, Space, or a click. `choices`: (value, what it is called)."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,l,space", "choose(1)", "Next", show=False),
        Binding("left,h", "choose(-1)", "Previous", show=False),
        Binding("down,j", "app.focus_next", "Down", show=False),
        Binding("up,k", "app.focus_previous", "Up", show=False),
    ]
    DEFAULT_CSS = "ChoiceLine { height: 1; width: 1fr; }"

    class Changed(Message):
        """Another value is chosen."""

    def __init__(self, label: str, choices: Sequence[tuple[str, str]], value: str, *, id: str) -> None:
        super().__init__(id=id)
        self._label = label
        self._choices = tuple(choices)
        self._values = [chosen for chosen, _words in choices]
        self._at = self._values.index(value)

    @property
    def value(self) -> str:
        """What is chosen."""
        return self._values[self._at]

    def render(self) -> RenderResult:
        """The label and the words, the chosen one with a filled sign; where not all fit, those around the chosen."""
        parts = [Content.styled(self._label.ljust(11), "bold $accent" if self.has_focus else self._quiet)]
        room = self.content_size.width - cell_len(parts[0].plain)
        wide = sum(cell_len(words) + 5 for _value, words in self._choices) <= room
        first, last = (0, len(self._choices)) if wide else self._in_sight(room)
        parts += [self._choice(first - 1, "‹ ")] if first else []
        for at in range(first, last):
            chosen = at == self._at
            sign = ("● " if chosen else "○ ") if wide else ("●" if chosen else " ")
            parts += [self._choice(at, sign, self._choices[at][1]), Content("   " if wide else " ")]
        parts += [self._choice(last, "›")] if last < len(self._choices) else []
        return Content("").join(parts)

    @property
    def _quiet(self) -> str:
        return "$foreground 30%" if self.disabled else QUIET

    def _choice(self, at: int, sign: str, words: str = "") -> Content:
        chosen = at == self._at and not self.disabled
        style = ("bold on $accent 30%" if self.has_focus else "bold") if chosen else self._quiet
        part = Content.assemble((sign, "$accent" if chosen else self._quiet), (words, style))
        return part.stylize(Style.from_meta({"choice": at}))

    def _in_sight(self, room: int) -> tuple[int, int]:
        """The first of the choices that are shown close together, and the one after the last."""
        widths = [cell_len(words) + 2 for _value, words in self._choices]
        first, last = 0, self._at + 1
        while first < self._at and sum(widths[first:last]) + 3 > room:
            first += 1
        while last < len(widths) and sum(widths[first : last + 1]) + 3 <= room:
            last += 1
        return first, last

    def _take(self, at: int) -> None:
        if at != self._at:
            self._at = at
            self.refresh()
            self.post_message(self.Changed())

    def on_click(self, event: events.Click) -> None:
        """Choose what is clicked."""
        at = event.style.meta.get("choice")
        if isinstance(at, int):
            self._take(at)

    def action_choose(self, by: int) -> None:
        """Choose the next or the one before, round and round."""
        self._take((self._at + by) % len(self._choices))
