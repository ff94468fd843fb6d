"""The main screen: views, list and detail, which pane has the keys, and how the room is shared among them.

What the keys do with papers is in the objects beside it: `Places` (what the list shows), `Triage` (marks, undo),
`Searching`, `Annotating` (tags, notes), `Exchange` (import, export, browser, clipboard).
"""

from collections.abc import Callable, Coroutine
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from store.entries import Entry, View
from store.errors import StoreError
from store.library import Library
from tui import messages
from tui.background import Reader, Writer
from tui.config import Configuration
from tui.deck import Deck, Place
from tui.keys import Keymap, bindings
from tui.layout import Layout
from tui.screens.main_annotating import Annotating
from tui.screens.main_exchange import Exchange
from tui.screens.main_fetching import Fetching
from tui.screens.main_guiding import Guiding
from tui.screens.main_hints import count_text, hints, makes_sense, order_name
from tui.screens.main_instead import Instead
from tui.screens.main_looks import Looks
from tui.screens.main_panes import Panes
from tui.screens.main_places import Places
from tui.screens.main_searching import Searching
from tui.screens.main_triage import Triage
from tui.timeline import timeline
from tui.widgets.hints import Hints
from tui.widgets.list_header import ListHeader
from tui.widgets.paper_list import PaperList
from tui.widgets.paper_view import PaperView
from tui.widgets.search_box import SearchBox
from tui.widgets.toast import StatusToast
from tui.widgets.views import STANDING, Contents, ViewsPane
from tui.wording import counted

if TYPE_CHECKING:
    from tui.app import PaperdeckApp
    from tui.widgets.note_editor import NoteEditor

SAMPLE = "sample"
"""What the app ends with when the person asks for the sample library."""
CHECK_AFTER, CHECKED = 2.0, 50_000_000
"""Seconds after the start at which the file is looked through for damage, and bytes that it may have for that."""
_VIEW_ACTIONS = {
    "inbox": View.INBOX,
    "to_read": View.TO_READ,
    "starred": View.STARRED,
    "read_view": View.READ,
    "skipped": View.SKIPPED,
    "all": View.ALL,
}


class MainScreen(Screen[None]):
    """Views, list and detail over one library."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    AUTO_FOCUS = "PaperList"
    app: "PaperdeckApp"

    def __init__(
        self, library: Library, configuration: Configuration, layout: Layout, keymap: Keymap, *, temporary: bool = False
    ) -> None:
        super().__init__()
        self.library = library
        self.settings = configuration.settings
        self.layout_now = layout
        self.keymap = keymap
        self.temporary = temporary
        self.writer = Writer("writes")
        self.reader = Reader("reads")
        self.checker = Reader("check")
        self.papers = PaperList(id="papers")
        self.paper_view = PaperView(id="paper-view")
        self.detail_pane = Vertical(id="detail-pane")
        self.box = SearchBox(id="search-box")
        keys = {view: keymap.shown(action) for action, view in _VIEW_ACTIONS.items()}
        self.views = ViewsPane("paperdeck · sample" if temporary else "paperdeck", keys, id="views")
        self.panes = Panes(self)
        self.looks = Looks(self)
        self.instead = Instead(self)
        self.places = Places(self)
        self.triage = Triage(self)
        self.searching = Searching(self)
        self.annotating = Annotating(self)
        self.exchange = Exchange(self)
        self.fetching = Fetching(self)
        self.guiding = Guiding(self)
        self._problems = configuration.problems
        self._commands = self._own_commands() | {
            action: command
            for part in (
                self.panes,
                self.looks,
                self.triage,
                self.searching,
                self.annotating,
                self.exchange,
                self.fetching,
                self.guiding,
            )
            for action, command in part.commands().items()
        }
        self._last_key = 0.0
        self._detail_waits = False

    def compose(self) -> ComposeResult:
        """The panes, the footer and the toast."""
        self.panes.share_room()  # before anything is styled: a class of the screen restyles all that is below it
        with Horizontal(id="panes"):
            yield self.views
            with Vertical(id="list-pane"):
                yield ListHeader(id="list-header")
                yield self.box
                yield Static("", id="instead", markup=False)
                yield self.papers
            with self.detail_pane:
                yield self.paper_view
        yield StatusToast(id="toast")
        yield Hints(id="key-bar")

    def on_mount(self) -> None:
        """Show the inbox, then what is wrong with the settings."""
        self.papers.two_lines = self.layout_now.two_lines
        self.places.start()
        if self.temporary:
            self.say("This is a sample: try everything, nothing here is kept")
        if self._problems:
            self.say("\n".join(["In config.toml:", *self._problems]), error=True)
        else:
            self.call_after_refresh(self.annotating.remind)
        self.fetching.on_start()
        self.guiding.on_start()
        self.set_timer(CHECK_AFTER, lambda: self.work(self._check_file(), "check"))

    async def _check_file(self) -> None:
        """Tell of damage that no key has come upon yet; a file that would take long is left to `paperdeck doctor`."""
        try:
            if self.library.path.stat().st_size <= CHECKED:
                await self.checker.run(self.library.check)
        except StoreError as error:
            self.complain(error)
        except OSError:
            self.say(f"The library is gone: there is no {self.library.path} any more.", error=True)

    def on_unmount(self) -> None:
        """Let every write end before the library is closed."""
        self.guiding.close()
        self.fetching.close()
        self.writer.close()
        self.annotating.close()
        self.exchange.close()
        self.reader.close()
        self.checker.close()
        self.places.close()
        self.searching.close()

    # Commands

    def _own_commands(self) -> dict[str, Callable[[], None]]:
        def opens(view: View) -> Callable[[], None]:
            return lambda: self.places.open(STANDING[view])

        return {
            "previous_day": lambda: self.papers.step_day(-1),
            "next_day": lambda: self.places.when_whole(lambda: self.papers.step_day(1)),
            "back": self.back,
            "select": self.papers.toggle,
            "select_range": self.papers.range,
            "select_all": lambda: self.places.when_whole(self._select_all),
            "quit": self.quit,
            **{action: opens(view) for action, view in _VIEW_ACTIONS.items()},
        }

    def action_perform(self, action: str) -> None:
        """Do what a key or the palette asks for, by the id of the table."""
        self._last_key = monotonic()
        self._commands[action]()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What makes no sense now is not done, and the key does nothing."""
        if action != "perform":
            return True
        return makes_sense(self, str(parameters[0]))

    def quit(self) -> None:
        """Leave; what is written and not saved is kept, and where that is impossible the app stays."""
        if problem := self.annotating.quitting():
            self.say(problem, error=True)
        else:
            self.app.exit()

    # What the parts beside it tell it

    def show_deck(self, deck: Deck, cursor: int | None = None, top: float | None = None) -> None:
        """Show a deck in the list."""
        self.papers.show(deck, cursor, top=top)
        self.instead.show()

    def renew_deck(self, deck: Deck) -> None:
        """Show newer contents of the same place."""
        self.papers.renew(deck)
        self.instead.show()
        self.show_detail_soon()

    def papers_changed(self, papers: tuple[int, ...]) -> None:
        """Papers are in the library otherwise than they are on the screen: draw them again."""
        self.papers.changed(papers)
        if self.papers.paper in papers:
            self.show_detail_soon()

    def _select_all(self) -> None:
        """Select all that belongs to the place: what was decided since it was opened stays in sight, but does not."""
        place = self.places.place
        try:
            self.papers.select_all(None if place.fuzzy else self.library.ids(place.query))
        except StoreError as error:
            self.complain(error)

    def place_chosen(self, place: Place) -> None:
        """Another place is about to be shown."""
        self.views.opened(place)
        self.show_header()

    def show_counts(self, contents: Contents) -> None:
        """Counts, tags, days or saved searches may be others now."""
        self.views.fill(contents)
        self.papers.count_days(contents.days)
        self.instead.show()

    def show_header(self) -> None:
        """Bring the line above the list and the footer up to date."""
        place = self.places.place
        order = "" if self.places.finished else order_name(place, self.layout_now.sort, self.papers.deck)
        self.query_one(ListHeader).show(place.name, count_text(self), len(self.papers.selection), order)
        self.show_hints()
        self.guiding.look()

    def show_hints(self) -> None:
        """Bring the footer up to date."""
        self.query_one("#key-bar", Hints).show(*hints(self))

    def say(self, words: str, *, error: bool = False) -> None:
        """Tell the person, in a toast."""
        self.query_one(StatusToast).say(words, error=error)

    def complain(self, error: StoreError) -> None:
        """Say what went wrong, as the library puts it."""
        self.say(str(error), error=True)

    def say_new(self, number: int) -> None:
        """Another process brought papers into the view; what a fetch brings is said once it is done."""
        if not self.fetching.is_on and not self.query_one(StatusToast).tells_of_error:
            self.say(f"{counted(number, 'new paper')} in {self.places.place.name}")

    def seconds_idle(self) -> float:
        """How long ago the last key did something."""
        return monotonic() - self._last_key

    @property
    def is_searching(self) -> bool:
        """Whether the search box is open: the list then shows what is typed."""
        return self.box.is_open

    def work(self, work: Coroutine[None, None, None], group: str, *, exclusive: bool = False) -> None:
        """Run `work`; if it fails in a way that nobody foresaw, that is said, and the app goes on."""
        self.run_worker(work, group=group, exclusive=exclusive, exit_on_error=False)

    @on(Worker.StateChanged)
    def _went_wrong(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.app.went_wrong(event.worker.error)

    # The detail

    def show_detail_soon(self) -> None:
        """Show the cursor's paper after the list has been painted; many wishes at once are one."""
        if not self._detail_waits:
            self._detail_waits = True
            self.call_after_refresh(self._show_detail)

    def _show_detail(self) -> None:
        self._detail_waits = False
        if not self.detail_pane.display:
            return
        entry = self.entry() if self.places.finished is None else None
        self.paper_view.show(entry, self.papers.deck.words, self._listed(entry))
        self.show_hints()

    def entry(self) -> Entry | None:
        """The cursor's paper with all that is known of it."""
        paper = self.papers.paper
        try:
            entries = self.library.entries([paper]) if paper is not None else []
        except StoreError as error:
            self.complain(error)
            return None
        return entries[0] if entries else None

    def _listed(self, entry: Entry | None) -> list[str]:
        try:
            return timeline(self.library.appearances(entry.id)) if entry is not None else []
        except StoreError as error:
            self.complain(error)
            return []

    def back_to_papers(self) -> bool:
        """Leave the words that stand for a finished inbox; whether they were there."""
        if not self.places.leave_finished():
            return False
        self.instead.show()
        self.papers.focus()
        return True

    def back(self) -> None:
        """One step back, the innermost first."""
        if self.searching.cancel() or self.annotating.go_on() or self.back_to_papers():
            return
        if self.panes.current is not self.papers:
            self.panes.focus(self.papers)
        elif not self.papers.clear_selection() and not self.searching.leave_result():
            self.fetching.stop()

    @on(events.ScreenResume)
    def _resumed(self) -> None:
        """What was to be called after a refresh went with a dialog, if there was one (Textual 8.2)."""
        self._detail_waits = False
        self.show_detail_soon()

    @on(events.Resize)
    def _resized(self) -> None:
        self.panes.share_room()
        self.show_detail_soon()

    # Messages

    @on(messages.CursorMoved)
    def _cursor_moved(self) -> None:
        self.show_detail_soon()

    @on(messages.SelectionChanged)
    def _selection_changed(self) -> None:
        self.show_header()

    @on(messages.PaperOpened)
    def _paper_opened(self) -> None:
        self.panes.open()

    @on(messages.PlaceChosen)
    def _place_chosen(self, message: messages.PlaceChosen) -> None:
        self.panes.focus(self.papers)
        self.places.open(message.place)

    @on(messages.LinkChosen)
    def _link_chosen(self, message: messages.LinkChosen) -> None:
        self.exchange.open(message.url)

    @on(messages.SearchTyped)
    def _search_typed(self, message: messages.SearchTyped) -> None:
        self.searching.typed(message.text)

    @on(messages.SearchKept)
    def _search_kept(self) -> None:
        self.searching.keep()

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        if self.is_mounted:
            self.annotating.focus_moved()
            self.show_hints()

    # Named, not `@on`: the editor's module is loaded when the first note is written.

    def on_note_editor_saved(self, message: "NoteEditor.Saved") -> None:
        """Keep the note."""
        self.annotating.save_note(message.paper, message.text, message.before)

    def on_note_editor_drafted(self, message: "NoteEditor.Drafted") -> None:
        """Keep what is not saved yet."""
        self.annotating.draft(message.text, message.before)

    def on_welcome_import(self) -> None:
        """Import a file or folder."""
        self.exchange.import_()

    def on_welcome_fetch(self) -> None:
        """Fetch the day's papers."""
        self.action_perform("fetch")

    def on_welcome_sample(self) -> None:
        """Leave this library for the sample."""
        self.leave_for(SAMPLE)

    def leave_for(self, sample: str) -> None:
        """Leave this library for the sample in one of its ways; what a browser shows is one app only."""
        if self.app.is_web:
            self.say("The sample library opens in a terminal: `paperdeck demo`")
        else:
            self.app.exit(sample)

    def on_note_editor_refused(self) -> None:
        """Say how a text of that length can become a note."""
        self.annotating.too_long()

    def on_note_editor_left(self) -> None:
        """Take the editor away."""
        self.annotating.leave_note()

    @on(events.Paste)
    def _pasted(self, event: events.Paste) -> None:
        self.exchange.pasted(event.text)
