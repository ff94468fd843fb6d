"""The editor for a paper's note: Markdown, in the detail pane, and no way out that loses text without asking."""

import re
from time import monotonic
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static, TextArea

from tui.widgets.hints import Hint, Hints

PAUSE = 0.7
"""Seconds without a key after which what stands in the editor is offered as a draft."""

LONGEST = 2.0
"""Seconds of writing without a pause after which it is offered all the same."""

WRITING = (Hint("ctrl+s", "save", "save"), Hint("esc", "leave", "leave"))
ASKING = (Hint("s", "save", "save_and_leave"), Hint("d", "discard", "discard"), Hint("esc", "keep writing", "keep"))


MOST_CHARACTERS, MOST_LINES, LONGEST_LINE = 100_000, 5_000, 20_000
"""How long a note can be that is written here: with a longer one every key would wait."""


_ODD_LINE_ENDS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]|\r(?!\n)")
"""TextArea would write others in their place."""


def why_not(text: str) -> str:
    """Why a note cannot be written here and is for another editor, in words; empty if it can."""
    if _is_too_long(text):
        return "is too long to be written here"
    mixed = 0 < text.count("\r\n") < text.count("\n")
    return "has line ends that would not be kept here" if mixed or _ODD_LINE_ENDS.search(text) else ""


def _is_too_long(text: str) -> bool:
    lines = text.splitlines()
    return len(text) > MOST_CHARACTERS or len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines)


class NoteText(TextArea):
    """Where the note is written. A paste that would make it too long for that is left out, and told."""

    async def _on_paste(self, event: events.Paste) -> None:  # Textual calls the base class's as well
        if _is_too_long(self.text + event.text):
            event.prevent_default()
            self.post_message(NoteEditor.Refused())


class Question(Vertical, can_focus=True):
    """Asks what is to become of unsaved text. Takes every key while it is asked: none reaches what is below."""

    KEYS: ClassVar[dict[str, str]] = {
        "s": "save_and_leave",
        "y": "save_and_leave",
        "enter": "save_and_leave",
        "ctrl+s": "save_and_leave",
        "d": "discard",
        "n": "discard",
        "e": "keep",
        "escape": "keep",
    }

    def compose(self) -> ComposeResult:
        """The question and its answers."""
        yield Static("This note is not saved.", markup=False)
        yield Hints(ASKING)

    async def on_key(self, event: events.Key) -> None:
        """Answer; other keys do nothing."""
        event.stop()
        event.prevent_default()
        if action := self.KEYS.get(event.key):
            await self.app.run_action(action, self.parent)


class NoteEditor(Vertical):
    """Edits the note of one paper. Ctrl+s saves and stays, Escape leaves; with unsaved text it asks first.

    `text` is the note as saved ("" for none), `draft` what an earlier session left unsaved (`tui.drafts`): the editor
    then opens with it, as unsaved text; `before` is the note that this was begun with. What the screen has to do, and
    may rely on:

    - `Saved(paper, text, before)`: save it in place of `before`. The editor counts it as saved; call `saved()` when it
      is, `not_saved()` if saving fails.
    - `Left(paper)`: take the editor away. It comes after `Saved` where the answer was to save.
    - `Refused()`: say that what was pasted is too long for this editor, and that there is another.
    - `Drafted(paper, text, before)`: after each pause in writing, and every two seconds without one: keep this as a
      draft. With None: there is nothing unsaved any more, drop the draft.
    - `dirty`, `text` and `before`, at any time: when the app quits, keep `text` as a draft while `dirty`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority: TextArea makes Escape move the focus, and the screen has its own Ctrl+s and Ctrl+r.
        Binding("ctrl+s", "save", "Save", show=False, priority=True),
        Binding("escape", "leave", "Leave", show=False, priority=True),
        Binding("ctrl+r", "redo_text", "Redo", show=False),
        Binding("shift+tab", "nothing", show=False),
    ]
    DEFAULT_CSS = """
    NoteEditor {
        height: 1fr;
        min-height: 6;
        border: round $accent 50%;
        border-title-color: $accent;
        border-subtitle-color: $text-muted;
        padding: 0 1;

        TextArea, TextArea:focus {
            height: 1fr;
            max-width: 92;
            border: none;
            padding: 0;
            background: transparent;
            background-tint: transparent;
        }

        Question {
            display: none;
            height: auto;
        }

        Question Static {
            color: $text-warning;
            text-style: bold;
        }

        &.-asking Question {
            display: block;
        }

        &.-asking #keys {
            display: none;
        }
    }
    """

    class Saved(Message):
        """The person asks to save this text as the paper's note, which was `before`; blank text takes it away."""

        def __init__(self, paper: int, text: str, before: str) -> None:
            super().__init__()
            self.paper = paper
            self.text = text
            self.before = before

    class Refused(Message):
        """What was pasted is too long to be written here."""

    class Left(Message):
        """The person is done: nothing is unsaved, or it was discarded."""

        def __init__(self, paper: int) -> None:
            super().__init__()
            self.paper = paper

    class Drafted(Message):
        """What is written and not saved; None when nothing is."""

        def __init__(self, paper: int, text: str | None, before: str) -> None:
            super().__init__()
            self.paper = paper
            self.text = text
            self.before = before

    def __init__(
        self, paper: int, text: str = "", draft: str | None = None, before: str | None = None, *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.paper = paper
        self.before = text if before is None else before
        """The note that what stands in the editor was made of."""
        self._saved: str | None = text
        """The text as it was last saved; None: saving failed."""
        self._begun = text if draft is None else draft
        self._recovered = draft is not None and draft != text
        self._pause: Timer | None = None
        self._since = 0.0
        """When the first key came that no draft has yet."""
        self.border_title = Content("Note")

    def compose(self) -> ComposeResult:
        """The text, the keys, and the question, out of sight until it is asked."""
        area = NoteText(
            self._begun,
            language="markdown",  # plain text where tree-sitter is not installed
            soft_wrap=True,
            tab_behavior="indent",
            placeholder="Markdown. What is it good for, what is new, what to try?",
            highlight_cursor_line=False,
        )
        area.move_cursor(area.document.end)
        yield area
        keys = Hints(WRITING)
        keys.id = "keys"
        yield keys
        yield Question()

    def on_mount(self) -> None:
        """Write at once."""
        self._area.focus()
        self._show_state()

    @property
    def _area(self) -> TextArea:
        return self.query_one(TextArea)

    @property
    def text(self) -> str:
        """What stands in the editor now."""
        return self._area.text if self.is_mounted else self._begun

    @property
    def dirty(self) -> bool:
        """Whether `text` holds anything that is not saved."""
        return self.text != self._saved

    def saved(self, text: str, kept: str) -> None:
        """`text` has been saved, and the note is `kept`: more than that where somebody else wrote on it meanwhile."""
        if kept != text and text.strip() and self.text == text:
            self._saved = self.before = kept
            cursor = self._area.cursor_location
            self._area.load_text(kept)
            self._area.move_cursor(cursor)

    def not_saved(self, before: str) -> None:
        """Saving failed, the note is still `before`: what is in the editor counts as unsaved again."""
        self._saved = None
        self.before = before
        self._show_state()

    def focus_text(self) -> None:
        """Put the focus where one writes, or on the question while it is asked."""
        (self.query_one(Question) if self.has_class("-asking") else self._area).focus()

    def unask(self) -> None:
        """Take the question back without an answer: the person goes on elsewhere."""
        self.remove_class("-asking")

    def _show_state(self) -> None:
        words = "recovered, not saved yet" if self._recovered else "not saved yet"
        self.border_subtitle = Content(words if self.dirty else "")

    @on(events.Paste)
    def _pasted(self, event: events.Paste) -> None:
        event.stop()  # the screen would offer to import it

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._show_state()
        now = monotonic()
        if self._pause is None:
            self._since = now
        else:
            self._pause.stop()
        self._pause = self.set_timer(max(0.001, min(PAUSE, self._since + LONGEST - now)), self._offer_draft)

    def _offer_draft(self) -> None:
        self._no_pause()
        self.post_message(self.Drafted(self.paper, self.text if self.dirty else None, self.before))

    def _no_pause(self) -> None:
        if self._pause is not None:
            self._pause.stop()
            self._pause = None

    def _ask(self, asking: bool) -> None:
        self.set_class(asking, "-asking")
        self.focus_text()

    def action_save(self) -> None:
        """Save and go on writing; while it is asked what to do, leave as well."""
        if self.has_class("-asking"):
            self.action_save_and_leave()
        else:
            self._save()

    def _save(self) -> None:
        self._no_pause()
        self._recovered = False
        if self.dirty:
            self.post_message(self.Saved(self.paper, self.text, self.before))
            self._saved = self.before = self.text
        self._show_state()

    def action_leave(self) -> None:
        """Leave, or ask first; while it is asked, Escape goes back to writing."""
        if self.has_class("-asking"):
            self._ask(False)
        elif self.dirty:
            self._offer_draft()
            self._ask(True)
        else:
            self.post_message(self.Left(self.paper))

    def action_keep(self) -> None:
        """Go on writing."""
        self._ask(False)

    def action_save_and_leave(self) -> None:
        """Save, then leave."""
        self._save()
        self.post_message(self.Left(self.paper))

    def action_discard(self) -> None:
        """Leave without what is unsaved."""
        self._no_pause()
        self._saved = self.text
        self.post_message(self.Drafted(self.paper, None, self.before))
        self.post_message(self.Left(self.paper))

    def action_redo_text(self) -> None:
        """Redo in the text: the screen's own redo must not be reached while one writes."""
        self._area.action_redo()

    def action_nothing(self) -> None:
        """Nothing: a key that would lead out of the editor."""
