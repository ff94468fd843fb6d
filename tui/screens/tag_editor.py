"""The tags of the selected papers: seen as chips, completed as one types, put on and taken off with a key."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.style import Style
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from store.entries import TagCount
from tui.screens.dialog import Dialog
from tui.widgets.hints import QUIET, Hint, Hints
from tui.widgets.line import Line
from tui.widgets.options import Options
from tui.wording import cut

CHIPS = 200
"""The most tags of the papers that stand above the line."""

SHOWN = 200
"""Lines that the list holds at most: beyond these one types rather than scrolls."""


class TagChange(NamedTuple):
    """What is to happen to all selected papers. Both in alphabetical order; no tag is in both."""

    add: tuple[str, ...]
    remove: tuple[str, ...]


def split_tags(text: str) -> list[str]:
    """The tags in what a person typed: apart at commas, trimmed, lower case, each once, in order."""
    tags = (tag.strip().lower() for tag in text.split(","))
    return list(dict.fromkeys(tag for tag in tags if tag))


def completions(tags: Iterable[str], text: str) -> list[str]:
    """The tags that `text` may stand for, best first: the tag itself, then those that begin with it, those with a
    word that does, those that hold it, and those that hold its letters in this order. Otherwise as given."""
    return [tag for rank, tag in sorted(((_rank(tag, text), tag) for tag in tags), key=lambda x: x[0]) if rank < 5]


def _rank(tag: str, text: str) -> int:
    if tag == text:
        return 0
    if tag.startswith(text):
        return 1
    at = tag.find(text)
    while at > 0:
        if not tag[at - 1].isalnum():
            return 2
        at = tag.find(text, at + 1)
    if text in tag:
        return 3
    letters = iter(tag)
    return 4 if all(letter in letters for letter in text) else 5


class TagInput(Line):
    """A line that leaves Space, as long as it is empty, to the list below it: no tag begins with one."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a key is text for this line."""
        return (key != "space" or bool(self.value)) and super().check_consume_key(key, character)


class TagEditor(Dialog[TagChange | None]):
    """Changes the tags of `papers` selected papers; the result is a TagChange, or None if nothing is to change.

    `counts` says how many of the selected papers have each of their tags, `known` how many papers of the library.

    Typing narrows the list. Enter puts the highlighted tag on, or takes it off; what was typed and is no tag yet is
    added as a new one; several, with commas between them, at once. Enter with nothing typed or highlighted is done,
    as is Ctrl+s at any time. Backspace in the empty line takes the last chip off. Escape clears what was typed, then
    leaves; where that would drop changes it says so first.
    """

    CSS_PATH: ClassVar[list[str | PurePath]] = ["dialog.tcss", "tag_editor.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", show=False, priority=True),
        Binding("tab", "complete", "Complete", show=False),
        Binding("down,ctrl+n", "move(1)", "Down", show=False),
        Binding("up", "move(-1)", "Up", show=False),
        Binding("pagedown", "move(10)", "Page down", show=False),
        Binding("pageup", "move(-10)", "Page up", show=False),
        Binding("space", "toggle_highlighted", "Toggle", show=False, priority=True),
        Binding("backspace", "take_off_last", "Take off", show=False, priority=True),
    ]

    def __init__(self, papers: int, counts: Mapping[str, int], known: Sequence[TagCount]) -> None:
        super().__init__("Tags" if papers == 1 else f"Tags of {papers} papers")
        self._papers = papers
        self._had = dict(counts)
        self._of_all = {tag.tag: tag.papers for tag in known}
        others = sorted((tag for tag in self._of_all if tag not in self._had), key=lambda t: (-self._of_all[t], t))
        self._tags = [*sorted(self._had), *others]
        self._wished: dict[str, bool] = {}
        self._shown: list[str] = []
        self._warned = False

    def body(self) -> ComposeResult:
        """The chips, the line to type in, and the tags to choose from."""
        yield Static(id="chips")
        yield TagInput(placeholder="Type a tag; commas between several", select_on_focus=False)
        options = Options(markup=False)
        options.can_focus = False
        yield options
        yield Static(classes="message")

    def on_mount(self) -> None:
        """Show what there is."""
        self._show_tags()

    @property
    def change(self) -> TagChange:
        """What would happen if the editor were left now with Ctrl+s and nothing typed."""
        add = (tag for tag, on_all in self._wished.items() if on_all)
        remove = (tag for tag, on_all in self._wished.items() if not on_all)
        return TagChange(tuple(sorted(add)), tuple(sorted(remove)))

    @property
    def _typed(self) -> str:
        return self.query_one(Input).value

    @property
    def _last(self) -> str:
        """The tag being typed: what stands behind the last comma."""
        return self._typed.rpartition(",")[2].strip().lower()

    @property
    def _highlighted(self) -> str | None:
        index = self.query_one(OptionList).highlighted
        return None if index is None or index >= len(self._shown) else self._shown[index]

    def _sign(self, tag: str) -> str:
        """`[x]` on all selected papers, `[-]` on some, `[ ]` on none, counting what has been wished for."""
        wished = self._wished.get(tag)
        had = self._had.get(tag, 0)
        if wished is None:
            return "[ ]" if not had else "[x]" if had == self._papers else "[-]"
        return "[x]" if wished else "[ ]"

    def _toggle(self, tag: str) -> None:
        """On some: all, then none, then some again. Else on and off."""
        had = self._had.get(tag, 0)
        wished = self._wished.pop(tag, None)
        if wished is None:
            self._wished[tag] = had < self._papers
        elif wished and 0 < had < self._papers:
            self._wished[tag] = False

    def _wish(self, tag: str) -> None:
        if tag not in self._tags:
            self._tags.insert(0, tag)
        if self._had.get(tag, 0) == self._papers:
            self._wished.pop(tag, None)
        else:
            self._wished[tag] = True

    # What is on the screen.

    def _show_tags(self, keep: str | None = None) -> None:
        """Fill the list for what is typed, with the highlight on the best one, or on `keep`."""
        text = self._last
        self._shown = completions(self._tags, text) if text else list(self._tags)
        if text and text not in self._shown:
            # A tag that begins with the text is most likely meant; otherwise the text itself is.
            at = len(self._shown) if self._shown and self._shown[0].startswith(text) else 0
            self._shown.insert(at, text)
        more = len(self._shown) - SHOWN
        del self._shown[SHOWN:]
        width = min(max((cell_len(cut(tag)) for tag in self._shown), default=0), 36)
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(self._line(tag, width)) for tag in self._shown)
        if more > 0:
            options.add_option(Option(Content.styled(f"… {more} more: type to find them", QUIET), disabled=True))
        if keep in self._shown:
            options.highlighted = self._shown.index(keep)
        else:
            options.highlighted = 0 if text else None
        self._show_state()

    def _line(self, tag: str, width: int) -> Content:
        shown = cut(tag)
        if tag not in self._tags:
            return Content.assemble(("  + ", "$accent"), ("new tag ", QUIET), shown)
        sign = self._sign(tag)
        papers = self._of_all.get(tag)
        had = self._had.get(tag, 0)
        return Content.assemble(
            (sign, "$accent" if sign != "[ ]" else QUIET),
            " ",
            Content(shown).pad_right(max(0, width - cell_len(shown))),
            (f"  {papers:>5}" if papers else "    new", QUIET),
            (f"   on {had} of {self._papers} here" if sign == "[-]" else "", QUIET),
        )

    def _show_state(self) -> None:
        tags = [tag for tag in self._tags if tag in self._had or tag in self._wished]
        chips = [self._chip(tag) for tag in tags[:CHIPS]]
        if len(tags) > CHIPS:
            chips.append(Content.styled(f"and {len(tags) - CHIPS:,} more", QUIET))
        self.query_one("#chips", Static).update(
            Content(" ").join(chips) if chips else Content.styled("No tags yet", QUIET)
        )
        self._say("")
        cancel = Hint("esc", "clear" if self._typed.strip() else "cancel", "cancel")
        if self._typed.strip() or self._highlighted:
            tag = self._highlighted
            doing = "add" if tag is None or self._sign(tag) != "[x]" else "take off"
            hints = [Hint("enter", doing, "enter"), cancel, Hint("ctrl+s", "save", "save")]
            hints += [Hint("tab", "complete", "complete")] if self._typed.strip() else []
        else:
            hints = [Hint("enter", "save", "save"), cancel, Hint("↑↓", "choose"), Hint("⌫", "take off the last")]
        self.query_one(Hints).show(*hints)

    def _chip(self, tag: str) -> Content:
        """A tag as it will be: `+` to be added, struck out to be taken off, `2/5` on some."""
        had, wished = self._had.get(tag, 0), self._wished.get(tag)
        if wished is None:
            text = cut(tag) if had == self._papers else f"{cut(tag)} {had}/{self._papers}"
            style = "$text-accent on $accent 15%"
        elif wished:
            text, style = f"+{cut(tag)}", "bold $text-success on $success 15%"
        else:
            text, style = f"−{cut(tag)}", f"strike {QUIET} on $foreground 8%"
        return Content.styled(f" {text} ", style).stylize(Style.from_meta({"tag": tag}))

    def _say(self, text: str) -> None:
        self._warned = bool(text)
        message = self.query_one(".message", Static)
        message.update(Content(text))
        message.display = bool(text)

    # Keys and clicks.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Space and Backspace belong to the line as long as something stands in it."""
        allowed = super().check_action(action, parameters)
        if allowed and action == "toggle_highlighted":
            return not self._typed and self._highlighted is not None
        if allowed and action == "take_off_last":
            return not self._typed
        return allowed

    @on(Input.Changed)
    def _text_changed(self) -> None:
        self._show_tags()

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        self._show_state()

    @on(OptionList.OptionSelected)
    def _clicked(self) -> None:
        self._take(self._highlighted)

    @on(Input.Submitted)
    def action_enter(self) -> None:
        """Take what is highlighted or typed; with neither, save."""
        if split_tags(self._typed) or self._highlighted:
            self._take(self._highlighted)
        else:
            self.action_save()

    def _take(self, tag: str | None) -> None:
        """Add all that is typed but what stands last, for which `tag` stands, and toggle that."""
        before, _comma, _last = self._typed.rpartition(",")
        added = split_tags(before)
        for typed in added:
            self._wish(typed)
        if tag is not None and tag in self._tags and tag not in added:
            self._toggle(tag)
        elif tag is not None:
            self._wish(tag)
        entry = self.query_one(Input)
        if entry.value:
            # Without its message: the list is filled here, with nothing highlighted, so that Enter then saves.
            with self.prevent(Input.Changed):
                entry.clear()
            self._show_tags()
        else:
            self._show_tags(keep=tag)

    def action_move(self, by: int) -> None:
        """Move the highlight; upwards from the first tag goes back to the line."""
        options = self.query_one(OptionList)
        at = -1 if options.highlighted is None else options.highlighted
        to = min(at + by, len(self._shown) - 1)
        options.highlighted = to if to >= 0 else None
        self._show_state()

    def action_complete(self) -> None:
        """Put the highlighted tag into the line, to go on with a comma or Enter."""
        if self._typed.strip() and self._highlighted:
            before, comma, _last = self._typed.rpartition(",")
            entry = self.query_one(Input)
            entry.value = f"{before}{comma} {self._highlighted}" if comma else self._highlighted
            entry.cursor_position = len(entry.value)

    def action_toggle_highlighted(self) -> None:
        """Space: put the highlighted tag on, or take it off."""
        self._take(self._highlighted)

    @on(events.Click, "#chips")
    def _chip_clicked(self, event: events.Click) -> None:
        if tag := event.style.meta.get("tag"):
            self._toggle(tag)
            self._show_tags()

    def action_take_off_last(self) -> None:
        """Take the last chip off that is still on."""
        on_now = [tag for tag in self._tags if self._sign(tag) != "[ ]"]
        if on_now:
            had = self._had.get(on_now[-1], 0)
            self._wished.pop(on_now[-1], None)
            if had:
                self._wished[on_now[-1]] = False
            self._show_tags()

    def action_save(self) -> None:
        """Done: with what is in the line added as it stands."""
        for tag in split_tags(self._typed):
            self._wish(tag)
        change = self.change
        self.dismiss(change if change.add or change.remove else None)

    def action_cancel(self) -> None:
        """Clear the line, or leave; changes are dropped only when Escape is pressed again."""
        if self._typed:
            self.query_one(Input).clear()
        elif self._wished and not self._warned:
            self._say("Not saved yet: Ctrl+s saves, Esc again drops the changes")
        else:
            self.dismiss(None)
