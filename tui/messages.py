"""What widgets say to the screen."""

from textual.message import Message

from tui.deck import Place


class CursorMoved(Message):
    """The list's cursor stands on another paper, or on none."""


class PaperOpened(Message):
    """A paper was double-clicked."""


class SelectionChanged(Message):
    """Another set of papers is selected."""


class PlaceChosen(Message):
    """A view, day, tag or saved search was chosen."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place


class LinkChosen(Message):
    """A link of the detail was clicked."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url


class SearchTyped(Message):
    """The search box holds another text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class SearchKept(Message):
    """Enter in the search box: what it found is the list now."""
