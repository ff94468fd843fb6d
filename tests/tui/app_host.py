"""The real app on a real library in a file, for the tests that press its keys."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import date, timedelta
from hashlib import sha256

from textual.pilot import Pilot

from store import Library
from store.models import Digest, Listing
from tests.tui.waiting import press, settle, until
from tui.app import PaperdeckApp
from tui.screens.main import MainScreen

FIRST_DAY = date(2025, 11, 28)
TITLES = (
    "WindowKV caches what matters",
    "Learning to walk without falling",
    "A title with [/b] and [@click=app.quit]traps[/]",
    "視覚言語モデルの効率的な推論",
    "Sparse attention at scale",
    "Agents that read papers",
)


def day(number: int) -> date:
    """The day of the `number`-th newest page."""
    return FIRST_DAY - timedelta(days=number)


def fill(library: Library, *days: Iterable[str], arxiv: bool = True) -> None:
    """Import a page a day, the newest first, with these titles."""
    for number, titles in enumerate(days):
        listings = tuple(
            Listing(
                title=title,
                abstract=f"We study {title.lower()}. It works on every benchmark.",
                published=day(number),
                n_authors=3,
                organization="Cohere Labs" if at % 2 else None,
                arxiv_id=f"25{11 - number:02d}.{at + 1:05d}" if arxiv else None,
                code_url="https://github.com/someone/something" if at == 0 else None,
                comments=at,
            )
            for at, title in enumerate(titles)
        )
        name = f"{day(number)}.txt"
        digest = Digest(
            format="cards", name=name, sha256=sha256(name.encode()).hexdigest(), day=day(number), day_inferred=False,
            listings=listings,
        )  # fmt: skip
        library.import_digest(digest)


def titled(library: Library, title: str) -> int:
    """The id of the paper whose title begins so."""
    return next(entry.id for entry in library.list() if entry.title.startswith(title))


class Desk:
    """The app as a person has it before them."""

    def __init__(self, app: PaperdeckApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot
        self.library = app.library

    @property
    def main(self) -> MainScreen:
        """The main screen, also below a dialog."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, MainScreen)
        return screen

    async def press(self, *keys: str) -> None:
        """Press keys and let everything that they set going come to its end."""
        await press(self.pilot, *keys)

    async def type(self, text: str) -> None:
        """Type a text."""
        await self.press(*("space" if sign == " " else sign for sign in text))

    async def settle(self) -> None:
        """Wait until nothing is under way any more."""
        await settle(self.pilot)

    async def until(self, true: Callable[[], object], what: str = "") -> None:
        """Wait until `true`, where nothing in the app says that it is still to come."""
        await until(self.pilot, true, what or self.screen)

    @property
    def screen(self) -> str:
        """What is on the screen, as text."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    @property
    def title(self) -> str:
        """The title under the cursor."""
        row = self.main.papers.row
        return row.title if row is not None else ""

    @property
    def titles(self) -> list[str]:
        """The titles of the list, in order."""
        return [row.title for row in self.library.rows(self.main.papers.deck.ids)]


@asynccontextmanager
async def desk(library: Library, size: tuple[int, int] = (150, 30), *, faults: bool = False) -> AsyncIterator[Desk]:
    """The app, opened on a library. What nobody foresaw fails the test, unless it is about such `faults`."""
    app = PaperdeckApp(library)
    async with app.run_test(size=size) as pilot:
        opened = Desk(app, pilot)
        await opened.settle()
        yield opened
    assert faults or not app.faults
