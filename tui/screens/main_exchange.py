"""What goes in and out: import, paste, browser, clipboard, the imported documents, the journal, help."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from textual.screen import Screen

from store.entries import View
from store.errors import StoreError
from tui.keys import groups
from tui.screens.main_exporting import Exporting
from tui.widgets.views import STANDING
from tui.wording import counted

if TYPE_CHECKING:
    from store.models import ImportReport
    from store.statistics import Stats
    from tui.screens.main import MainScreen

T = TypeVar("T")
R = TypeVar("R")


class Exchange:
    """Carries papers between the library and the world."""

    def __init__(self, screen: "MainScreen") -> None:
        self._screen = screen
        self._library = screen.library
        self._exporting = Exporting(screen)
        self._pasted: list[str] | None = None
        """While something is being imported: the texts that were pasted meanwhile and wait their turn."""

    def close(self) -> None:
        """Let every export end that was asked for."""
        self._exporting.close()

    def commands(self) -> dict[str, Callable[[], None]]:
        """What its keys do."""
        return {
            "browse": self.browse,
            "pdf": self.pdf,
            "copy": self.copy,
            "import": self.import_,
            "export": self._exporting.export,
            "duplicates": self.duplicates,
            "digests": self.digests,
            "log": self.log,
            "stats": self.stats,
            "help": self.help,
        }

    # Out

    def browse(self) -> None:
        """Open the paper's page, or a search for its title where no page is known."""
        from tui.citing import page_url

        entry = self._screen.entry()
        if entry is not None:
            self.open(page_url(entry))

    def pdf(self) -> None:
        """Open the paper's PDF."""
        from store.links import arxiv_pdf

        entry = self._screen.entry()
        if entry is None:
            return
        if entry.arxiv_id is None:
            browse = self._screen.keymap.shown("browse")
            self._screen.say(f"No PDF of this paper is known; {browse} looks for its title.")
        else:
            self.open(arxiv_pdf(entry.arxiv_id))

    def open(self, url: str) -> None:
        """Open an address in the browser."""
        from store.links import web_address

        if web_address(url) is None:
            self._screen.say(f"Not opened, for it is no address of the web: {url}", error=True)
            return
        self._screen.app.open_url(url)
        self._screen.say(f"Opened {url}")

    def copy(self) -> None:
        """Ask what to copy of the paper, and hand it to the terminal's clipboard."""
        from store.exports.bibtex import bibtex
        from tui.citing import markdown_link, page_url
        from tui.screens.menu import Choice, Menu

        entry = self._screen.entry()
        if entry is None:
            return
        texts = {
            "title": entry.title,
            "link": page_url(entry),
            "Markdown": markdown_link(entry),
            "BibTeX": bibtex(entry),
        }

        def chosen(what: str | None) -> None:
            if what is not None:
                self._screen.app.copy_to_clipboard(texts[what])
                self._screen.say(f"Copied the {what}")

        choices = [
            Choice(what[0].lower(), what[:1].upper() + what[1:], what, text[:1000].partition("\n")[0])
            for what, text in texts.items()
        ]
        self._screen.app.push_screen(Menu("Copy", choices), chosen)

    # In

    def import_(self) -> None:
        """Ask for a file or folder to import."""
        self._import(None)

    def pasted(self, text: str) -> None:
        """A page was pasted somewhere in the app: offer to import it."""
        if text.strip():
            self._import(text)

    def _import(self, text: str | None) -> None:
        from store.importing import Import, import_text
        from tui.screens.import_dialog import ImportDialog

        if self._pasted is not None:
            self._pasted += [text] if text is not None else []
            return
        self._pasted = []
        library = self._library
        dialog = ImportDialog(partial(Import, library), partial(import_text, library), text, later=self.pasted)
        self._screen.app.push_screen(dialog, self._imported)

    def _imported(self, report: "ImportReport | None") -> None:
        """Show the inbox if an import brought anything new; then what was pasted meanwhile has its turn."""
        waiting, self._pasted = self._pasted or [], None
        self._told(report)
        for text in waiting:
            self._import(text)

    def _told(self, report: "ImportReport | None") -> None:
        from tui.reports import imported

        if report is None:
            return
        self._screen.say(imported(report), error=bool(report.failed))
        self._screen.places.recount()
        if report.new:
            self._screen.places.open(STANDING[View.INBOX])
        else:
            self._screen.places.look_again()

    # What is in

    def duplicates(self) -> None:
        """Go through the papers that may be one."""
        from tui.screens.duplicates import Duplicates

        self._screen.app.push_screen(Duplicates(self._library), self._decided)

    def _decided(self, anything: bool | None) -> None:
        if anything:
            self._screen.places.recount()
            self._screen.places.look_again()
            self._screen.show_detail_soon()

    def digests(self) -> None:
        """Show the imported documents; one of them can be removed there."""
        from tui.screens.digests import Digests

        self._show(self._library.digests, lambda records: Digests(records, self._library.digest), self._remove)

    def _remove(self, digest: int | None) -> None:
        if digest is None:
            return

        async def remove() -> None:
            try:
                papers = await self._screen.writer.submit(partial(self._library.remove_digest, digest))
            except StoreError as error:
                self._screen.complain(error)
                return
            self._screen.places.recount()
            self._screen.places.look_again()
            self._screen.say(f"Removed the document and {counted(papers, 'paper')} that nothing else lists")

        self._screen.work(remove(), group="writes")

    def log(self) -> None:
        """Show the journal."""
        from tui.screens.log import Log

        self._show(partial(self._library.log, 1000), Log, self._answered)

    def _answered(self, answer: str | None) -> None:
        if answer is not None:
            self._screen.action_perform(answer)

    def _show(
        self,
        read: Callable[[], Sequence[T]],
        dialog: Callable[[Sequence[T]], Screen[R]],
        then: Callable[[R | None], None],
    ) -> None:
        async def show() -> None:
            try:
                found = await self._screen.reader.run(read)
            except StoreError as error:
                self._screen.complain(error)
            else:
                self._screen.app.push_screen(dialog(found), then)

        self._screen.work(show(), group="dialogs", exclusive=True)

    def stats(self) -> None:
        """Show the statistics."""
        from tui.screens.statistics import Statistics

        def read(days: int | None) -> Awaitable["Stats"]:
            return self._screen.reader.run(partial(self._library.stats, days=days))

        self._screen.app.push_screen(Statistics(read))

    def help(self) -> None:
        """Show all keys, as they are now."""
        from tui.screens.help import Help

        keymap = self._screen.keymap
        table = {
            group: [(keymap.shown_all(action.id) or "palette", action.help) for action in actions]
            for group, actions in groups().items()
        }
        self._screen.app.push_screen(Help(table))
