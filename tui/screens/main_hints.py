"""What makes sense on the main screen now, and what it says around its papers: footer, empty lists, orders."""

from typing import TYPE_CHECKING

from store.entries import View
from tui.deck import Deck, Place
from tui.reading import FOUND
from tui.widgets.hints import Hint
from tui.wording import counted

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

SORTS = (
    ("d", "", "Day, newest first"),
    ("D", "-day", "Day, oldest first"),
    ("p", "date", "Published, newest first"),
    ("P", "-date", "Published, oldest first"),
    ("t", "title", "Title, A to Z"),
    ("T", "-title", "Title, Z to A"),
    ("a", "authors", "Authors, most first"),
    ("c", "comments", "Comments, most first"),
    ("u", "upvotes", "Upvotes, most first"),
    ("n", "added", "Added, newest first"),
)
"""The letter in the menu, the sort key, and how a person calls it."""


_TYPING = {"down", "up", "page_down", "page_up", "next_pane", "previous_pane", "back", "save_search", "palette"}
"""What can be done while the search box has the keys."""
_ON_PAPERS = {
    *("read", "star", "skip", "read_all", "skip_all", "next_undecided", "previous_undecided"),
    *("tag", "note", "note_editor", "select", "select_range", "select_all", "browse", "pdf", "copy", "open"),
}
"""What needs papers in sight: not while the screen says that the inbox is done."""


def makes_sense(screen: "MainScreen", action: str) -> bool:
    """Whether an action of the table can be done now."""
    if action == "guide" and screen.guiding.is_on:
        return True
    if screen.box.has_focus_within:
        return action in _TYPING
    if screen.places.finished is not None and action in _ON_PAPERS:
        return False
    if action in {"divider_left", "divider_right"}:
        return not screen.panes.take_turns or screen.panes.current is screen.views
    if action in {"previous_day", "next_day"}:
        return bool(screen.papers.deck.runs)
    return not screen.annotating.is_writing or action in {"palette", "help", "back"}


def order_name(place: Place, sort: str, deck: Deck) -> str:
    """How the list is ordered, in words."""
    if place.fuzzy and not sort:
        return "best match first"
    if not sort and not deck.runs and len(deck):
        return ""
    names = {key: label for _, key, label in SORTS}
    return names.get(sort, sort)[:1].lower() + names.get(sort, sort)[1:]


def count_text(screen: "MainScreen") -> str:
    """How many papers the list has, in words; empty while they are being counted, and once the inbox is done."""
    deck, places = screen.papers.deck, screen.places
    if deck.place != places.place or not places.whole or places.finished is not None:
        return ""
    return f"the {FOUND} best" if deck.place.fuzzy and len(deck) == FOUND else counted(len(deck), "paper")


def empty_text(screen: "MainScreen") -> str:
    """What to say, and what to do next, where a list is empty."""
    key = screen.keymap.shown
    place = screen.places.place
    if screen.is_searching:
        return "Nothing found. Fewer or other words may find it; typos are forgiven."
    counts = screen.places.contents.counts
    nothing = {
        View.TO_READ: f"Nothing to read. Star a paper with {key('star')} and it waits here until you mark it read.",
        View.STARRED: f"Nothing starred yet. {key('star')} stars a paper: this is your reading list.",
        View.READ: f"Nothing read yet. {key('read')} marks a paper read.",
        View.SKIPPED: f"Nothing skipped. {key('skip')} skips a paper that is not for you.",
        View.INBOX: "The inbox is empty.",
        View.ALL: f"The library is empty. Press {key('fetch')} to fetch the day's papers, or paste a page right here.",
    }
    if place.fuzzy or place.query not in nothing:
        return f"No paper is here now. {key('inbox')} goes to the inbox, {key('search')} searches the whole library."
    view = View(place.query)
    if not counts.get(View.ALL, 1):
        view = View.ALL
    return nothing[view]


def hints(screen: "MainScreen") -> list[Hint]:
    """The keys that matter now, the most needed first."""
    row = screen.papers.row

    def hint(action: str, label: str = "") -> Hint:
        from tui.keys import BY_ID

        return Hint(screen.keymap.shown(action), label or BY_ID[action].label, f"perform('{action}')")

    if screen.is_searching:
        return [
            Hint("Enter", "keep the result"),
            hint("back", "back to the list"),
            Hint("↑↓", "move"),
            hint("save_search", "save"),
        ]
    if screen.annotating.is_writing:
        return [hint("back", "to the note")] if screen.annotating.is_left else []
    if screen.focused is screen.views:
        return [
            hint("open"),
            hint("next_pane", "to the list"),
            hint("views", "hide"),
            hint("search"),
            hint("help", "all keys"),
        ]
    if screen.papers.selection:
        many = [hint("read"), hint("star"), hint("skip"), hint("tag"), hint("export")]
        return [*many, hint("back", "select none"), hint("select_range", "end range"), hint("undo")]
    if screen.places.finished is not None:
        kept = [hint("export"), hint("to_read")] if screen.places.contents.counts.get(View.STARRED) else []
        return [*kept, hint("undo"), hint("fetch"), hint("import"), hint("search"), hint("help", "all keys")]
    if screen.places.is_empty:
        return [hint("fetch"), hint("import"), hint("palette", "all actions"), hint("help", "all keys"), hint("quit")]
    if row is None:
        return [
            hint("fetch"),
            hint("import"),
            hint("inbox"),
            hint("all", "all papers"),
            hint("search"),
            hint("undo"),
            hint("help", "keys"),
        ]
    decide = [
        hint("read", "not read" if row.read else ""),
        hint("star", "unstar" if row.starred else ""),
        hint("skip", "unskip" if row.skipped else ""),
    ]
    if screen.focused is screen.paper_view:
        shown = [*decide, hint("back", "list"), hint("tag"), hint("note"), hint("browse")]
    else:
        shown = [*decide, hint("undo"), hint("tag"), hint("note"), hint("search")]
    if screen.has_class("-narrow"):  # where not all of them fit, the way to the others is among the first
        return [*shown[:3], hint("help", "keys"), *shown[3:]]
    return [*shown, hint("help", "all keys")]
