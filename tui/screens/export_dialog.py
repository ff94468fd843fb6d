"""Export a list of papers: as what, where to or to the clipboard, and what it will look like."""

import os
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import ClassVar, NamedTuple, Protocol, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from store.errors import ExportError, StoreError
from store.exports import GROUPS, ExportOptions, Group
from tui.exporting import IN_PLACE, KINDS, MOST, TEMPLATE, renamed, size_text, suffix_of
from tui.screens.confirm import Confirm
from tui.screens.dialog import Dialog
from tui.widgets.choice_line import ChoiceLine
from tui.widgets.hints import Hint
from tui.widgets.path_input import PathInput
from tui.wording import cut

PREVIEWED = 40
"""Papers of which the preview is made, so that it is there at once whatever is exported."""
LINES, LONGEST = 400, 5000
"""Lines of the document that the preview shows, and characters of each."""
_GROUPED = {"tag": "by tag", "day": "by day", "none": "none"}
_LEFT_OUT = {"": "nothing", "abstracts": "abstracts", "notes": "notes", "abstracts notes": "both"}


class ExportRequest(NamedTuple):
    """What is to be written, and where. `force`: the file exists, and the person said to replace it."""

    kind: str
    """Of `tui.exporting.KINDS`."""
    options: ExportOptions
    path: Path
    template: Path | None = None
    """The person's own, where that is the kind."""
    force: bool = False


class Copied(NamedTuple):
    """What is in the clipboard now."""

    kind: str
    text: str


class Maker(Protocol):
    """Makes documents of the papers that are exported. Called in threads; raises StoreError."""

    papers: int
    """How many there are."""

    def preview(self, request: ExportRequest) -> str:
        """The document of the first `PREVIEWED` of them; in place: what the file will be."""

    def whole(self, request: ExportRequest) -> str:
        """The document of them all."""


class ExportDialog(Dialog[ExportRequest | Copied | None]):
    """Asks how and where to export. The result is the request, which the caller writes, or what was copied instead.

    `scope` says what is exported (`12 papers · Reading list`), `path` is the file's name offered at first, `kind` and
    `options` are what is chosen at first; the options' title is kept.
    """

    CSS_PATH: ClassVar[list[str | PurePath]] = ["dialog.tcss", "export_dialog.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "write", "Write", show=False),
        Binding("ctrl+y,y", "copy", "Copy", show=False),
    ]
    HINTS = (
        Hint("enter", "write", "write"),
        Hint("ctrl+y", "copy", "copy"),
        Hint("esc", "cancel", "cancel"),
        Hint("tab", "next"),
        Hint("←→", "choose"),
    )

    class Made(Message):
        """A document, or why there is none; a preview, or one for the clipboard."""

        def __init__(self, request: ExportRequest, text: str, error: StoreError | None, *, copy: bool) -> None:
            super().__init__()
            self.request = request
            self.text = text
            self.error = error
            self.copy = copy

    def __init__(
        self,
        scope: str,
        path: str,
        maker: Maker,
        kind: str = "markdown",
        options: ExportOptions = ExportOptions(),  # noqa: B008 (frozen)
    ) -> None:
        super().__init__("Export")
        self._scope = scope
        self._path = path
        self._maker = maker
        self._kind = kind
        self._options = options
        self._suffix = suffix_of(kind)
        self._wrong = ""
        """Why what is chosen cannot be written, as its preview says."""
        self._bytes = 0
        """Of the preview's whole document, in bytes."""

    def body(self) -> ComposeResult:
        """The scope, the file, the choices and the preview."""
        options = self._options
        left_out = " ".join(name for name in ("abstracts", "notes") if not getattr(options, name))
        yield Static(Content(cut(self._scope)), id="scope")
        yield PathInput(self._path, "A file to write", id="path")
        yield ChoiceLine("Format", [(name, kind.what) for name, kind in KINDS.items()], self._kind, id="format")
        yield PathInput("", "The file of your own template", id="template")
        yield ChoiceLine("Groups", [(group, _GROUPED[group]) for group in GROUPS], options.group, id="group")
        yield ChoiceLine("Leave out", list(_LEFT_OUT.items()), left_out, id="abstracts")
        yield Static(classes="message")
        with VerticalScroll(id="preview") as preview:
            preview.border_title = Content("Preview")
            yield Static(id="document")

    def on_mount(self) -> None:
        """The name is selected, so that typing replaces it."""
        path = self._line("path")
        path.line.focus()
        path.select_name()
        self._say("")
        self._kind_chosen()

    def _line(self, name: str) -> PathInput:
        return self.query_one(f"#{name}", PathInput)

    def _chosen(self, name: str) -> str:
        return self.query_one(f"#{name}", ChoiceLine).value

    @property
    def request(self) -> ExportRequest:
        """What is chosen."""
        kind, left_out = self._chosen("format"), self._chosen("abstracts")
        options = self._options._replace(
            format=KINDS[kind].format,
            group=cast("Group", self._chosen("group")),
            abstracts="abstracts" not in left_out,
            notes="notes" not in left_out,
        )
        template = self._line("template").path if kind == TEMPLATE else None
        return ExportRequest(kind, options, self._line("path").path or Path(), template)

    # What is chosen

    @on(ChoiceLine.Changed)
    def _kind_chosen(self) -> None:
        kind = self._chosen("format")
        self.query_one("#group", ChoiceLine).disabled = not KINDS[kind].grouped
        self._line("template").display = kind == TEMPLATE
        self._rename()
        self._preview()

    @on(PathInput.Changed)
    def _path_changed(self, message: PathInput.Changed) -> None:
        self._say("")
        if message.path_input.id == "template":
            self._rename()
        if message.path_input.id == "template" or self._chosen("format") == IN_PLACE:
            self._preview()

    def _rename(self) -> None:
        """The file's name follows the format, unless the person gave it a suffix of their own."""
        line, template = self._line("path"), self._line("template").path
        suffix = suffix_of(self._chosen("format"), template)
        head, slash, name = line.value.rpartition("/")
        if (new := renamed(name, suffix, self._suffix)) != name:
            line.value = f"{head}{slash}{new}"
        self._suffix = self._suffix if suffix is None else suffix

    # The preview

    def _preview(self) -> None:
        request = self.request
        self._wrong = ""
        if request.kind == TEMPLATE and request.template is None:
            self._show_preview("", "Name the file of your template above.")
        else:
            self._make(request, self._maker.preview, copy=False)

    @work(thread=True, exit_on_error=False)
    def _make(self, request: ExportRequest, make: Callable[[ExportRequest], str], *, copy: bool) -> None:
        try:
            self.post_message(self.Made(request, make(request), None, copy=copy))
        except StoreError as error:
            self.post_message(self.Made(request, "", error, copy=copy))

    @on(Made)
    def _made(self, message: Made) -> None:
        if message.request._replace(path=Path()) != (now := self.request)._replace(path=Path()) or (
            now.kind == IN_PLACE and message.request.path != now.path
        ):
            return
        if message.copy:
            self._copy(message)
            return
        self._wrong = str(message.error) if isinstance(message.error, ExportError) else ""
        self._show_preview(message.text, str(message.error or ""))

    def _show_preview(self, text: str, wrong: str = "") -> None:
        self._bytes = len(text.encode("utf-8", "replace"))
        all_of_it = self._maker.papers <= PREVIEWED
        said = size_text(self._bytes) if all_of_it else f"the first {PREVIEWED} of {self._maker.papers:,} papers"
        self.query_one("#preview").border_title = Content("Preview" if wrong else f"Preview · {said}")
        if self._chosen("format") == "html":  # what stands before is how it looks
            text = text[max(0, text.find("<body")) :]
        lines = text.split("\n", LINES)
        if len(lines) > LINES:
            lines[LINES] = "…"
        text = "\n".join(cut(line.expandtabs(4), LONGEST) for line in lines).rstrip("\n")
        document = self.query_one("#document", Static)
        document.set_class(bool(wrong), "-wrong")
        document.update(Content(cut(wrong, LONGEST) or text))

    @on(Worker.StateChanged)
    def _failed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR and event.worker.name == "_make":
            self._say(f"That went wrong: {event.worker.error!r}", error=True)

    def _say(self, text: str, *, error: bool = False) -> None:
        message = self.query_one(".message", Static)
        message.set_class(error, "-error")
        message.update(Content(cut(text, LONGEST)))
        message.display = bool(text)

    # The clipboard

    def action_copy(self) -> None:
        """Copy the document instead of writing it, unless it is more than a terminal takes."""
        request = self.request
        if KINDS[request.kind].updates:
            self._say("What is kept up to date stays where it is: choose Markdown to copy.", error=True)
        elif wrong := self._wrong_template(request):
            self._say(wrong, error=True)
        elif (size := self._bytes * self._maker.papers // PREVIEWED) > 2 * MOST and self._maker.papers > PREVIEWED:
            self._too_large(f"about {size_text(size)}")
        else:
            self._say("Making the document …")
            self._make(request, self._maker.whole, copy=True)

    def _copy(self, made: Made) -> None:
        size = len(made.text.encode("utf-8", "replace"))
        if made.error is not None:
            self._say(str(made.error), error=True)
        elif size > MOST:
            self._too_large(size_text(size))
        else:
            self.dismiss(Copied(made.request.kind, made.text))

    def _too_large(self, size: str) -> None:
        most = size_text(MOST)
        self._say(f"Not copied: this is {size}, and terminals take {most} at most. Enter writes a file.", error=True)

    # The file

    @on(PathInput.Submitted)
    def action_write(self) -> None:
        """Answer with the request; ask first where a file would be replaced."""
        if wrong := self._wrong_path() or self._wrong_template(self.request) or self._wrong:
            self._say(wrong, error=True)
        elif not KINDS[self.request.kind].updates and os.path.lexists(self.request.path):
            self._ask()
        else:
            self.dismiss(self.request)

    def _wrong_path(self) -> str:
        path, folder = self._line("path").path, KINDS[self._chosen("format")].suffix == ""
        if path is None:
            return f"Name the {'folder for the notes' if folder else 'file to write'}."
        if folder and os.path.isfile(path):  # noqa: PTH113 (never raises)
            return f"{path} is a file: name a folder for the notes."
        if not folder and os.path.isdir(path):  # noqa: PTH112
            return f"{path} is a folder: add the name of a file."
        return "" if os.path.isdir(path.parent) else f"There is no folder {path.parent}."  # noqa: PTH112

    @staticmethod
    def _wrong_template(request: ExportRequest) -> str:
        if request.kind != TEMPLATE:
            return ""
        if request.template is None:
            return "Name the file of your template."
        return "" if os.path.isfile(request.template) else f"There is no file {request.template}."  # noqa: PTH113

    def _ask(self) -> None:
        request = self.request._replace(force=True)

        def answered(yes: bool | None) -> None:
            if yes:
                self.dismiss(request)

        detail = f"{request.path} exists; what is in it would be lost."
        self.app.push_screen(Confirm("Replace the file?", detail, yes="Replace", no="Keep it"), answered)
