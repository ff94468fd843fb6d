"""A line for the path of a file or folder, with what is there offered below it and completed with Tab."""

import os
from pathlib import Path
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.input import Selection
from textual.widgets.option_list import Option

from tui.paths import Found, Listing, common_beginning, matching, read_folder, typed_path
from tui.widgets.hints import QUIET
from tui.widgets.line import Line, is_page
from tui.widgets.options import Options

SHOWN = 100
"""Entries that are listed at most: beyond these one types rather than scrolls."""


class PathLine(Line):
    """The line itself. The list below it is moved through with the line's own arrow keys."""

    def _on_paste(self, event: events.Paste) -> None:
        """Several lines are no path: hand them on."""
        if is_page(event.text):
            event.stop()
            event.prevent_default()
            self.post_message(PathInput.Pasted(event.text))


class PathInput(Vertical):
    """A path with completion.

    Tab, or the right arrow at the end, completes as far as there is one way to go on; where there are several, Tab
    goes through them, as the arrows do, and Enter takes the one that is highlighted. Tab leaves the line when nothing
    is left to complete. Enter without a highlight posts `Submitted`. Folders are read in a thread.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority: the line's own right arrow would be first otherwise; `check_action` leaves it what is its.
        Binding("tab", "complete(True)", "Complete", show=False, priority=True),
        Binding("right", "complete(False)", "Complete", show=False, priority=True),
        Binding("down,ctrl+n", "move(1)", "Down", show=False),
        Binding("up", "move(-1)", "Up", show=False),
        Binding("pagedown", "move(8)", "Page down", show=False),
        Binding("pageup", "move(-8)", "Page up", show=False),
    ]
    DEFAULT_CSS = """
    PathInput {
        height: auto;

        OptionList {
            display: none;
            max-height: 8;
        }

        &:focus-within OptionList.-filled {
            display: block;
        }
    }
    """

    class Changed(Message):
        """The text is another."""

        def __init__(self, control: "PathInput", value: str) -> None:
            super().__init__()
            self.path_input = control
            self.value = value

        @property
        def control(self) -> "PathInput":
            """For the `on` decorator."""
            return self.path_input

    class Submitted(Message):
        """Enter was pressed, with nothing in the list highlighted."""

        def __init__(self, control: "PathInput", path: Path) -> None:
            super().__init__()
            self.path_input = control
            self.path = path

        @property
        def control(self) -> "PathInput":
            """For the `on` decorator."""
            return self.path_input

    class Pasted(Message):
        """Several lines were pasted: surely no path."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class FolderRead(Message):
        """What a folder holds, from the thread that read it."""

        def __init__(self, listing: Listing) -> None:
            super().__init__()
            self.listing = listing

    def __init__(self, value: str = "", placeholder: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._begun = value
        self._placeholder = placeholder
        self._listing: Listing | None = None
        self._reading: str | None = None
        self._matching: list[Found] = []
        self._complete_when_read = False
        self._shown_for: str | None = None

    def compose(self) -> ComposeResult:
        """The line, and the list below it."""
        yield PathLine(self._begun, placeholder=self._placeholder, select_on_focus=False)
        options = Options(markup=False)
        options.can_focus = False
        yield options

    def on_mount(self) -> None:
        """Look at the first folder."""
        self._look()

    @property
    def line(self) -> PathLine:
        """The line, to focus it."""
        return self.query_one(PathLine)

    @property
    def value(self) -> str:
        """The text, as typed."""
        return self.line.value if self.is_mounted else self._begun

    @value.setter
    def value(self, value: str) -> None:
        self.line.value = value
        self.line.cursor_position = len(value)

    def select_name(self) -> None:
        """Select what stands after the last slash, so that typing replaces it and keeps the folder."""
        self.line.selection = Selection(self.value.rfind("/") + 1, len(self.value))

    @property
    def path(self) -> Path | None:
        """What the text means; None if there is none."""
        return typed_path(self.value) if self.value.strip() else None

    @property
    def _options(self) -> OptionList:
        return self.query_one(OptionList)

    def _folder(self) -> str:
        """The folder that the text has got to."""
        head, _slash, _beginning = self.value.rpartition("/")
        if "/" not in self.value:
            return "~" if self.value == "~" else "."
        return os.path.expanduser(head) or "/"  # noqa: PTH111

    @property
    def _beginning(self) -> str:
        """What of a name is typed, after the last slash."""
        return self.value.rpartition("/")[2]

    # Reading folders.

    def _look(self) -> None:
        folder = self._folder()
        if self._listing is not None and self._listing.folder == folder:
            self._reading = None
            self._show()
        elif self._reading != folder:
            self._reading = folder
            self._read(folder)

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _read(self, folder: str) -> None:
        self.post_message(self.FolderRead(read_folder(folder)))

    @on(FolderRead)
    def _folder_read(self, message: FolderRead) -> None:
        message.stop()
        if message.listing.folder != self._reading:
            return
        self._reading = None
        self._listing = message.listing
        self._show()
        if self._complete_when_read:
            self._complete_when_read = False
            self.action_complete(False)

    def _show(self) -> None:
        """List what the text may become."""
        listing = self._listing
        self._shown_for = self.value
        self._matching = matching(listing.entries, self._beginning) if listing else []
        if self._beginning and [found.text for found in self._matching] == [self._beginning]:
            # There is nothing to choose any more.
            self._matching = []
        options = self._options
        options.clear_options()
        options.add_options(
            Option(Content.styled(found.text, "$accent" if found.folder else "")) for found in self._matching[:SHOWN]
        )
        more = len(self._matching) - SHOWN
        if listing is not None and listing.error and "/" in self.value:
            self._say(f"{listing.error}: {listing.folder}")
        elif more > 0:
            self._say(f"… {more:,}{'+' if listing and listing.cut else ''} more: type to narrow")
        options.set_class(options.option_count > 0, "-filled")

    def _say(self, text: str) -> None:
        self._options.add_option(Option(Content.styled(text, QUIET), disabled=True))

    # Keys and clicks.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The right arrow completes only at the end of the text."""
        if action == "complete" and parameters == (False,):
            line = self.line
            return line.has_focus and line.selection.is_empty and line.cursor_at_end and bool(self._matching)
        return super().check_action(action, parameters)

    @on(Input.Changed)
    def _text_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._shown_for != event.value:
            self._look()
        self.post_message(self.Changed(self, event.value))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if not self._take_highlighted() and (path := self.path) is not None:
            self.post_message(self.Submitted(self, path))

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._take_highlighted()
        self.line.focus()

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()

    def _take_highlighted(self) -> bool:
        at = self._options.highlighted
        if at is None or at >= len(self._matching):
            return False
        self._replace(self._matching[at].text)
        return True

    def _replace(self, name: str) -> None:
        head, slash, _beginning = self.value.rpartition("/")
        self.value = f"{head}{slash}{name}"

    def action_move(self, by: int) -> None:
        """Move through the list; upwards from its first line, back to typing."""
        options = self._options
        last = min(len(self._matching), SHOWN) - 1
        to = min((-1 if options.highlighted is None else options.highlighted) + by, last)
        options.highlighted = to if to >= 0 else None

    def action_complete(self, leave: bool) -> None:
        """Complete as far as there is one way to go on; with `leave` (Tab), then go through the ways, or leave."""
        if self._shown_for != self.value:
            # The key came before the list could follow the text.
            self._look()
        if self._reading is not None:
            self._complete_when_read = True
        elif self._options.highlighted is not None and len(self._matching) == 1:
            self._take_highlighted()
        elif self._matching and self._complete_together():
            return
        elif self._matching and leave:
            last = min(len(self._matching), SHOWN) - 1
            at = self._options.highlighted
            self._options.highlighted = 0 if at is None or at == last else at + 1
        elif leave:
            self.screen.focus_next()

    def _complete_together(self) -> bool:
        """Type what all the matching names begin with; False if that is typed already."""
        together = common_beginning([found.text for found in self._matching])
        if together == self._beginning or (len(together) <= len(self._beginning) and len(self._matching) > 1):
            return False
        self._replace(together)
        return True
