"""Export a list of papers: how, where to, and what it will look like."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath
from typing import ClassVar, NamedTuple, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from store.errors import StoreError
from store.exports import FORMATS, GROUPS, ExportOptions, Group
from tui.screens.confirm import Confirm
from tui.screens.dialog import Dialog
from tui.widgets.choice_line import ChoiceLine
from tui.widgets.hints import Hint
from tui.widgets.path_input import PathInput
from tui.wording import cut

LINES, LONGEST = 400, 5000
"""Lines of the document that the preview shows, and characters of each."""

CALLED: Mapping[str, str] = {"markdown": "Markdown", "tag": "by tag", "day": "by day", "none": "none"}


class ExportRequest(NamedTuple):
    """What is to be written, and where. `force`: the file exists, and the person said to replace it."""

    options: ExportOptions
    path: Path
    force: bool


class ExportDialog(Dialog[ExportRequest | None]):
    """Asks how and where to export; the result is the request, which the caller writes, or None.

    `scope` says what is exported (`12 papers · Reading list`), `path` is the file's name offered at first, and
    `options` what is chosen at first; their title is kept. `render(options)` makes the document's text for the preview;
    it is called in a thread, again for each change, and may raise a StoreError. Its first lines are shown.
    """

    CSS_PATH: ClassVar[list[str | PurePath]] = ["dialog.tcss", "export_dialog.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "write", "Write", show=False)]
    HINTS = (
        Hint("enter", "write", "write"),
        Hint("esc", "close", "cancel"),
        Hint("tab", "next"),
        Hint("←→", "choose"),
    )

    class Rendered(Message):
        """What the document of these options looks like."""

        def __init__(self, options: ExportOptions, text: str, error: str = "") -> None:
            super().__init__()
            self.options = options
            self.text = text
            self.error = error

    def __init__(
        self,
        scope: str,
        path: str,
        render: Callable[[ExportOptions], str],
        options: ExportOptions = ExportOptions(),  # noqa: B008 (frozen)
    ) -> None:
        super().__init__("Export")
        self._scope = scope
        self._path = path
        self._render_text = render
        self._options = options

    def body(self) -> ComposeResult:
        """The scope, the file, the choices and the preview."""
        yield Static(Content(cut(self._scope)), id="scope")
        yield PathInput(self._path, "A file to write", id="path")
        formats = [(name, CALLED.get(name, name)) for name in FORMATS]
        yield ChoiceLine("Format", formats, self._options.format, id="format")
        yield ChoiceLine("Groups", [(group, CALLED[group]) for group in GROUPS], self._options.group, id="group")
        abstracts = "yes" if self._options.abstracts else "no"
        yield ChoiceLine("Abstracts", [("yes", "yes"), ("no", "no")], abstracts, id="abstracts")
        yield Static(classes="message -error")
        with VerticalScroll(id="preview") as preview:
            preview.border_title = Content("Preview")
            yield Static(id="document")

    def on_mount(self) -> None:
        """The name is selected, so that typing replaces it."""
        path = self.query_one(PathInput)
        path.line.focus()
        path.select_name()
        self._complain("")
        self._preview()

    @property
    def options(self) -> ExportOptions:
        """What is chosen."""
        chosen = {line.id: line.value for line in self.query(ChoiceLine)}
        return self._options._replace(
            format=chosen["format"], group=cast("Group", chosen["group"]), abstracts=chosen["abstracts"] == "yes"
        )

    # The preview.

    @on(ChoiceLine.Changed)
    def _preview(self) -> None:
        self._make(self.options)

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _make(self, options: ExportOptions) -> None:
        try:
            self.post_message(self.Rendered(options, self._render_text(options)))
        except StoreError as error:
            self.post_message(self.Rendered(options, "", str(error)))

    @on(Rendered)
    def _rendered(self, message: Rendered) -> None:
        if message.options != self.options:
            return
        lines = message.text.split("\n", LINES)
        if len(lines) > LINES:
            lines[LINES] = "…"
        text = "\n".join(cut(line.expandtabs(4), LONGEST) for line in lines).rstrip("\n")
        self.query_one("#document", Static).update(Content(message.error or text))

    @on(Worker.StateChanged)
    def _failed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR and event.worker.name == "_make":
            self._complain(f"The preview went wrong: {event.worker.error!r}")

    # Writing.

    def _complain(self, text: str) -> None:
        message = self.query_one(".message", Static)
        message.update(Content(text))
        message.display = bool(text)

    @on(PathInput.Changed)
    def _path_changed(self) -> None:
        self._complain("")

    @on(PathInput.Submitted)
    def action_write(self) -> None:
        """Answer with the request; ask first where a file would be replaced."""
        path = self.query_one(PathInput).path
        if path is None:
            self._complain("Name the file to write.")
        elif os.path.isdir(path):  # noqa: PTH112 (never raises)
            self._complain(f"{path} is a folder: add the name of a file.")
        elif not os.path.isdir(path.parent):  # noqa: PTH112
            self._complain(f"There is no folder {path.parent}.")
        elif os.path.lexists(path):
            self._ask(path)
        else:
            self.dismiss(ExportRequest(self.options, path, force=False))

    def _ask(self, path: Path) -> None:
        def answered(yes: bool | None) -> None:
            if yes:
                self.dismiss(ExportRequest(self.options, path, force=True))

        detail = f"{path} exists; what is in it would be lost."
        self.app.push_screen(Confirm("Replace the file?", detail, yes="Replace", no="Keep it"), answered)
