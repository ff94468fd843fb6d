"""Exporting from the main screen: what is exported, its document in threads, and to a file or the clipboard."""

from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from store.entries import Entry, View
from store.errors import StoreError
from store.library import Library
from tui.background import Writer
from tui.paths import typed_path
from tui.widgets.views import STANDING
from tui.wording import counted, fold

if TYPE_CHECKING:
    from tui.screens.export_dialog import Copied, ExportRequest
    from tui.screens.main import MainScreen

LARGE = 1_000_000
"""Bytes of a file in place of which there is no preview."""
MANY = 5_000
"""Papers that take so long that it is said that they are being exported."""


class Papers:
    """The papers that are exported, and their documents (`tui.screens.export_dialog.Maker`)."""

    def __init__(self, library: Library, ids: list[int]) -> None:
        self._library = library
        self._ids = ids
        self.papers = len(ids)

    def preview(self, request: "ExportRequest") -> str:
        """What the first papers look like; of a file in place, what it will be."""
        from tui.exporting import IN_PLACE, OBSIDIAN, size_text
        from tui.screens.export_dialog import PREVIEWED

        entries = self._library.entries(self._ids[:PREVIEWED])
        if request.kind == IN_PLACE:
            from store.exporting import previewed_in_place
            from store.exports.in_place import InPlaceOptions

            with suppress(OSError):
                if (size := request.path.stat().st_size) > LARGE:
                    return f"{request.path} has {size_text(size)} and is shown when it is written."
            return previewed_in_place(self._library, request.path, entries, request.options, InPlaceOptions())
        if request.kind == OBSIDIAN:
            from store.exports import wanted
            from store.exports.obsidian import note
            from store.naming import names

            return "\n".join(note(name, entry) for name, entry in names(wanted(entries, request.options)).items())
        return self._document(entries, request)

    def whole(self, request: "ExportRequest") -> str:
        """The document of all papers."""
        return self._document(self._library.entries(self._ids), request)

    def write(self, request: "ExportRequest") -> str:
        """Write the file, or bring what is there up to date; what was done, in words."""
        from store.exporting import write_whole
        from tui.exporting import KINDS

        if KINDS[request.kind].updates:
            return "\n".join(self._update(request))
        write_whole(request.path, self.whole(request), request.force)
        return f"Exported {counted(self.papers, 'paper')} to {request.path.absolute()}"

    def _update(self, request: "ExportRequest") -> list[str]:
        from store.exports.in_place import InPlaceOptions
        from tui.commands.in_place import NAMED, told
        from tui.exporting import IN_PLACE

        what = self._library, request.path, self._library.entries(self._ids), request.options, InPlaceOptions()
        where = str(request.path.absolute())
        if request.kind == IN_PLACE:
            from store.exporting import update_in_place

            report, changed = update_in_place(*what)
            return [*told(report, where, changed, command="paperdeck export ")]
        from store.vaults import update_vault

        done = update_vault(*what)
        said = told(done.notes, where, done.changed, "note", "paperdeck export ")
        return [*said, *done.failed[:NAMED]]

    def _document(self, entries: list[Entry], request: "ExportRequest") -> str:
        from store.exports import render

        options = request.options
        if request.template is not None:
            from store.exporting import read_template

            options = options._replace(template=read_template(request.template))
        return render(entries, options, today=date.today())  # noqa: DTZ011 (the person's day)


class Exporting:
    """Asks how to export, and does it."""

    def __init__(self, screen: "MainScreen") -> None:
        self._screen = screen
        self._writer = Writer("exports")
        """A thread of its own: an export of everything takes a while, and nothing else waits for it."""

    def close(self) -> None:
        """Let every export end that was asked for."""
        self._writer.close()

    def export(self) -> None:
        """Export the selection, or all that the list shows; of a finished inbox, the reading list."""
        if self._screen.papers.selection or self._screen.places.finished is not None:
            self._ask()
        else:
            self._screen.places.when_whole(self._ask)

    def _ask(self) -> None:
        from store.exports import ExportOptions, title_of
        from tui.exporting import KINDS, suffix_of
        from tui.screens.export_dialog import ExportDialog

        screen = self._screen
        place, ids = screen.places.place, screen.papers.selected
        chosen = bool(screen.papers.selection) and screen.places.finished is None
        if screen.places.finished is not None:
            place, ids = STANDING[View.STARRED], screen.library.ids(View.STARRED)
        elif not ids:
            ids = list(screen.papers.deck.ids)
        if not ids:
            screen.say("There is nothing to export here.")
            return
        title = title_of(place.query) if place in STANDING.values() else place.name
        papers = Papers(screen.library, ids)
        scope = f"{counted(len(ids), 'paper')} · {'selected' if chosen else title}"
        kind = screen.layout_now.export_format
        kind = kind if kind in KINDS else "markdown"
        folder = typed_path(screen.settings.export.folder) if screen.settings.export.folder else Path()
        suffix = suffix_of(kind)
        path = str(folder / f"{_file_name(title)}{'.md' if suffix is None else suffix}")
        options = ExportOptions(title=title)
        screen.app.push_screen(ExportDialog(scope, path, papers, kind, options), partial(self._answered, papers))

    def _answered(self, papers: Papers, answer: "ExportRequest | Copied | None") -> None:
        from tui.screens.export_dialog import Copied

        if answer is None:
            return
        self._screen.layout_now.export_format = answer.kind
        if isinstance(answer, Copied):
            self._copied(papers, answer)
        else:
            self._screen.work(self._write(papers, answer), group="export")

    def _copied(self, papers: Papers, copied: "Copied") -> None:
        from tui.exporting import KINDS, SURE, size_text

        text = copied.text.encode("utf-8", "replace")
        self._screen.app.copy_to_clipboard(text.decode())
        said = f"Copied {counted(papers.papers, 'paper')} as {KINDS[copied.kind].what}, {size_text(len(text))}"
        if len(text) > SURE:
            said += f". Not every terminal takes more than {size_text(SURE)}: if nothing can be pasted, write a file"
        self._screen.say(said)
        self._screen.guiding.exported()

    async def _write(self, papers: Papers, request: "ExportRequest") -> None:
        if papers.papers > MANY:
            self._screen.say(f"Exporting {counted(papers.papers, 'paper')} …")
        try:
            said = await self._writer.submit(partial(papers.write, request))
        except StoreError as error:
            self._screen.complain(error)
        else:
            self._screen.say(said)
            self._screen.guiding.exported()


def _file_name(title: str) -> str:
    """A title as a file's name: `Reading list` becomes `reading-list`."""
    words = "".join(sign if sign.isalnum() else " " for sign in fold(title[:300])).split()
    return "-".join(words)[:60] or "papers"
