"""What goes in and out: import, paste, export, browser, clipboard, the imported documents, the journal, help."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from store.entries import Entry, View
from tui.widgets.views import STANDING

if TYPE_CHECKING:
    from store.models import ImportReport
    from tui.screens.main import MainScreen


class Exchange:
    """Carries papers between the library and the world."""

    def __init__(self, screen: "MainScreen") -> None:
        self._screen = screen
        self._library = screen.library

    def commands(self) -> dict[str, Callable[[], None]]:
        """What its keys do."""
        return {
            "browse": self.browse,
            "pdf": self.pdf,
            "copy": self.copy,
            "import": self.import_,
            "export": self.export,
            "digests": self.digests,
            "log": self.log,
            "help": self.help,
        }

    # Out

    def browse(self) -> None:
        """Open the paper's page, or a search for its title where no page is known."""
        entry = self._screen.entry()
        if entry is not None:
            self._screen.app.open_url(page_url(entry))
            self._screen.say("Opened in the browser")

    def pdf(self) -> None:
        """Open the paper's PDF."""
        entry = self._screen.entry()
        if entry is None:
            return
        if entry.arxiv_id is None:
            self._screen.say(
                f"No PDF is known of this paper. {self._screen.keymap.shown('browse')} looks for its title."
            )
            return
        self._screen.app.open_url(f"https://arxiv.org/pdf/{entry.arxiv_id}")
        self._screen.say("Opened the PDF in the browser")

    def copy(self) -> None:
        """Ask what to copy of the paper, and hand it to the terminal's clipboard."""
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
            Choice(what[0].lower(), what[:1].upper() + what[1:], what, texts[what].splitlines()[0][:60])
            for what in texts
        ]
        self._screen.app.push_screen(Menu("Copy", choices), chosen)

    def export(self) -> None:
        """Export the selection, or what the list shows."""
        self._screen.say("Export is not there yet")

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

        dialog = ImportDialog(partial(Import, self._library), partial(import_text, self._library), text)
        self._screen.app.push_screen(dialog, self._imported)

    def _imported(self, report: "ImportReport | None") -> None:
        """Show the inbox if an import brought anything new."""
        from tui.screens.import_words import imported

        if report is None:
            return
        self._screen.say(imported(report), error=bool(report.failed))
        self._screen.places.recount()
        if report.new:
            self._screen.places.open(STANDING[View.INBOX])
        else:
            self._screen.places.look_again()

    # What was done

    def digests(self) -> None:
        """Show the imported documents."""
        self._screen.say("Not there yet")

    def log(self) -> None:
        """Show the journal."""
        self._screen.say("Not there yet")

    def help(self) -> None:
        """Show all keys."""
        self._screen.say("Not there yet")


def page_url(entry: Entry) -> str:
    """The paper's page, or a search for its title where none is known."""
    return entry.url or f"https://www.google.com/search?q={quote_plus(entry.title)}"


def markdown_link(entry: Entry) -> str:
    """The title as a Markdown link."""
    title = "".join(f"\\{sign}" if sign in "\\[]*_`<>" else sign for sign in entry.title)
    return f"[{title}]({page_url(entry)})"


def bibtex(entry: Entry) -> str:
    """The paper as a BibTeX entry."""
    return entry.title
