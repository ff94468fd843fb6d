"""Done with the inbox: what was kept, and what can follow."""

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from store.entries import View
from store.library import Library
from tui.widgets.paper_line import STARRED
from tui.wording import counted, cut

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

_LISTED = 10


class Finished(NamedTuple):
    """What became of the papers of an inbox that is empty now."""

    decided: int
    """How many papers there were; 0 if the inbox was opened empty."""
    kept: int
    """How many of them are starred; of an inbox opened empty: how many papers wait to be read."""
    titles: tuple[str, ...]
    """Of the first of those."""
    read: int
    skipped: int


def read_finished(library: Library, papers: Collection[int]) -> Finished:
    """What became of these papers. Raises StoreError."""
    if not papers:
        waiting = library.ids("is:toread")
        titles = tuple(row.title for row in library.rows(waiting[:_LISTED]))
        return Finished(0, len(waiting), titles, 0, 0)
    among = set(papers)
    starred = [paper for paper in library.ids("is:starred") if paper in among]
    read = among.intersection(library.ids("is:read")).difference(starred)
    skipped = among.intersection(library.ids("is:skipped")).difference(read)
    titles = tuple(row.title for row in library.rows(starred[:_LISTED]))
    decided = len(starred) + len(read) + len(skipped)  # some of the papers may be gone
    return Finished(decided, len(starred), titles, len(read), len(skipped))


def finished_text(screen: "MainScreen", finished: Finished, width: int) -> Content:
    """The screen that says so, with the keys that go on from here."""
    key = screen.keymap.shown
    lines: list[Content] = [Content("Inbox done").stylize("bold $accent"), Content()]
    if finished.decided:
        became = f"{finished.kept:,} starred, {finished.read:,} read, {finished.skipped:,} skipped"
        lines.append(Content(f"{counted(finished.decided, 'paper')} decided: {became}."))
    else:
        lines.append(Content("Every paper of the library is decided."))
    if finished.kept:
        lines += [
            Content(),
            Content("You kept:" if finished.decided else "Waiting to be read:").stylize("$foreground 60%"),
        ]
        for title in finished.titles:
            line = Content.assemble((f"{STARRED} ", "$accent"), cut(title))
            lines.append(line.truncate(max(8, width), ellipsis=True))
        if finished.kept > len(finished.titles):
            lines.append(Content(f"  and {finished.kept - len(finished.titles):,} more").stylize("$foreground 60%"))
    lines.append(Content())
    counts = screen.places.contents.counts
    offers = [(key("export"), "export the reading list")] if counts.get(View.STARRED) else []
    offers += [(key("to_read"), "to read")] if counts.get(View.TO_READ) else []
    offers += [(key("fetch"), "fetch the day's papers"), (key("import"), "import more")]
    if finished.decided:
        offers += [(key("undo"), "undo the last decision"), (key("back"), "back to the papers")]
    wide = max(len(shown) for shown, _ in offers)
    for shown, label in offers:
        lines.append(Content.assemble((f"{shown:<{wide}} ", "$accent"), (label, "$foreground 80%")))
    return Content("\n").join(lines)
