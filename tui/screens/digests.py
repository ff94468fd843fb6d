"""The imported documents, with what was not understood in them."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import PurePath
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from store.entries import DigestDetail, DigestRecord
from store.errors import StoreError
from tui.screens.confirm import Confirm
from tui.screens.dialog import Dialog
from tui.widgets.hints import QUIET, Hint, Hints
from tui.widgets.options import Options
from tui.wording import counted, cut, date_text

LINES, LONGEST = 2000, 1000
"""Lines not understood that are shown at most, and characters of each."""


class Digests(Dialog[int | None]):
    """Lists `records`. Enter shows a document's unparsed lines, which `load(id)` fetches in a thread (it may raise a
    StoreError); `d` or Delete asks whether to remove it, and the result then is its id, else None."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["dialog.tcss", "lists.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d,delete", "remove", "Remove", show=False),
        Binding("enter", "open", "Open", show=False),
        Binding("j", "move(1)", "Down", show=False),
        Binding("k", "move(-1)", "Up", show=False),
        Binding("q,I", "close", "Close", show=False),
    ]

    class Loaded(Message):
        """A document, or why it cannot be shown."""

        def __init__(self, digest: int, detail: DigestDetail | None, error: str = "") -> None:
            super().__init__()
            self.digest = digest
            self.detail = detail
            self.error = error

    def __init__(self, records: Sequence[DigestRecord], load: Callable[[int], DigestDetail]) -> None:
        super().__init__("Imported documents")
        self._records = records
        self._load = load
        self._opened: DigestRecord | None = None

    def body(self) -> ComposeResult:
        """The documents; in their place, once opened, one of them."""
        if not self._records:
            yield Static("Nothing is imported yet.", classes="message")
        yield Options(*(Option(_line(record)) for record in self._records), markup=False)
        with Vertical(id="document"):
            yield Static(id="about")
            with VerticalScroll(id="lines"):
                yield Static(id="unparsed")

    def on_mount(self) -> None:
        """The list first."""
        self._show(None)

    def _show(self, record: DigestRecord | None) -> None:
        self._opened = record
        self._fit()
        options = self.query_one(OptionList)
        options.display = record is None and bool(self._records)
        self.query_one("#document").display = record is not None
        remove = Hint("d", "remove", "remove")
        if record is not None:
            self.query_one(Hints).show(Hint("esc", "back", "cancel"), remove, Hint("↑↓", "scroll"))
            self.query_one("#lines").focus()
        else:
            some = (Hint("enter", "what was not understood", "open"), remove) if self._records else ()
            self.query_one(Hints).show(Hint("esc", "close", "close"), *some)
            options.focus()

    def _fit(self) -> None:
        lines = len(self._records) if self._opened is None else self._opened.unparsed
        self.set_class(lines > self.size.height - 12, "-long")

    def on_resize(self) -> None:
        """A list that does not fit takes the room there is."""
        self._fit()

    @property
    def _chosen(self) -> DigestRecord | None:
        at = self.query_one(OptionList).highlighted
        return self._opened or (None if at is None else self._records[at])

    @on(OptionList.OptionSelected)
    def action_open(self) -> None:
        """Show the highlighted document."""
        record = self._chosen
        if record is None or self._opened is not None:
            return
        self.query_one("#about", Static).update(_about(record))
        self.query_one("#unparsed", Static).update("")
        self._show(record)
        self._fetch(record.id)

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _fetch(self, digest: int) -> None:
        try:
            self.post_message(self.Loaded(digest, self._load(digest)))
        except StoreError as error:
            self.post_message(self.Loaded(digest, None, str(error)))

    @on(Loaded)
    def _loaded(self, message: Loaded) -> None:
        if self._opened is None or message.digest != self._opened.id:
            return
        if message.detail is None:
            text = Content.styled(message.error, "$text-error")
        elif not message.detail.unparsed:
            text = Content.styled("Every line of it was understood.", QUIET)
        else:
            text = _unparsed(message.detail.unparsed)
        self.query_one("#unparsed", Static).update(text)

    def action_remove(self) -> None:
        """Ask whether the document is to be taken back."""
        record = self._chosen
        if record is not None:
            detail = (
                f"{cut(record.name)}\n\nIts papers go too, but for those that another document lists or that you have "
                "marked, tagged or noted. Importing it again brings them back."
            )
            answered = partial(self._removed, record.id)
            self.app.push_screen(Confirm("Remove this document?", detail, yes="Remove", no="Keep it"), answered)

    def _removed(self, digest: int, yes: bool | None) -> None:
        if yes:
            self.dismiss(digest)

    def action_move(self, by: int) -> None:
        """Move the highlight, or scroll."""
        if self._opened is not None:
            self.query_one("#lines").scroll_relative(y=by, animate=False)
        elif by > 0:
            self.query_one(OptionList).action_cursor_down()
        else:
            self.query_one(OptionList).action_cursor_up()

    def action_cancel(self) -> None:
        """Back to the list, then out."""
        if self._opened is not None:
            self._show(None)
        else:
            self.dismiss(None)

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)


def _line(record: DigestRecord) -> Content:
    day = date_text(record.day) or "no day"
    left_over = f"{record.unparsed:,} not understood" if record.unparsed else ""
    return Content.assemble(
        f"{day:<11}",
        (f"  {counted(record.listed, 'paper'):>10}  {record.format:<5}  ", QUIET),
        (f"{left_over}  " if left_over else "", "$text-warning"),
        (cut(PurePath(record.name).name or record.name), ""),
    )


def _about(record: DigestRecord) -> Content:
    inferred = " (year inferred)" if record.day_inferred else ""
    counts = [
        f"{number:,} {word}"
        for number, word in ((record.new, "new"), (record.updated, "updated"), (record.unchanged, "known"))
        if number
    ]
    day = f"{date_text(record.day).strip()}{inferred}" if record.day else "no day"
    about = f"\n{day} · {counted(record.listed, 'paper')}: {', '.join(counts) or 'none'}"
    left_over = f"\n{counted(record.unparsed, 'line')} not understood" if record.unparsed else ""
    return Content.assemble((cut(record.name), "bold"), (about, QUIET), (left_over, "$text-warning"))


def _unparsed(lines: Sequence[tuple[int, str]]) -> Content:
    width = len(str(lines[-1][0]))
    shown = [Content.assemble((f"{number:>{width}}  ", QUIET), cut(text, LONGEST)) for number, text in lines[:LINES]]
    if len(lines) > LINES:
        shown.append(Content.styled(f"… and {len(lines) - LINES:,} more", QUIET))
    return Content("\n").join(shown)
