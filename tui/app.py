"""The Textual app: themes, keymap and the one main screen."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual import events
from textual._context import active_message_pump
from textual.binding import BindingType
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.filter import LineFilter
from textual.screen import Screen
from textual.widget import MountError
from textual.worker import WorkerFailed, active_worker

from store.library import Library
from tui import layout
from tui.config import Configuration, load
from tui.ending import stopped_between_events, told_to_end
from tui.harmless import Harmless
from tui.keys import Keymap
from tui.memory import keep_little
from tui.output import complain
from tui.screens.main import SAMPLE, MainScreen
from tui.screens.main_guiding import GUIDE
from tui.screens.main_hints import SORTS
from tui.theme import THEMES
from tui.type_ahead import TypeAheadApp
from tui.typed import read_safely
from tui.widgets.line import is_page

if TYPE_CHECKING:
    from textual.actions import ActionParseResult

HARMLESS = Harmless()


class PaperdeckApp(TypeAheadApp[str]):
    """paperdeck on one library."""

    TITLE = "paperdeck"
    ENABLE_COMMAND_PALETTE = False
    # Here and not on the screen: Textual does not load the CSS of a default screen (8.2).
    CSS_PATH = "screens/main.tcss"
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        library: Library,
        configuration: Configuration | None = None,
        *,
        temporary: bool = False,
        guided: bool = False,
    ) -> None:
        """`temporary`: the library is thrown away afterwards, which the app says. `guided`: the person asked for the
        guide, which otherwise comes once."""
        super().__init__()
        # A list that slides is a list that waits. (Textual sets this from the environment in its own `__init__`.)
        self.animation_level = "none"
        self.library = library
        self.configuration = configuration or load()
        self.temporary = temporary
        self.guided = guided
        self.faults: list[BaseException] = []
        """Errors that nobody foresaw, one that ended the app before others, to be told once it has ended."""
        self._missed = False
        """Whether a painting fell into a batch of updates."""
        self.layout_now = layout.load()
        if self.layout_now.sort not in {sort for _, sort, _ in SORTS}:
            self.layout_now.sort = ""
        self.keymap = Keymap(self.configuration.settings.keys)
        for theme in THEMES:
            self.register_theme(theme)
        wanted = self.configuration.settings.theme or self.layout_now.theme
        self._unknown_theme = wanted if wanted not in self.available_themes else ""
        self.theme = "paperdeck" if self._unknown_theme else wanted
        self.set_keymap(self.keymap.overrides)

    def get_default_screen(self) -> MainScreen:
        """The main screen."""
        configuration = self.configuration
        if self._unknown_theme and self.configuration.settings.theme:
            problem = f"theme: there is no theme “{self._unknown_theme}”"
            configuration = Configuration(configuration.settings, (*configuration.problems, problem))
        return MainScreen(self.library, configuration, self.layout_now, self.keymap, temporary=self.temporary)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every line goes through before it is drawn."""
        return (*super().get_line_filters(), HARMLESS)

    def on_ready(self) -> None:
        """What can wait until the first painting."""
        keep_little()
        stopped_between_events()
        # Back from Ctrl+z and `fg` the terminal's screen is empty, which Textual leaves at that (8.2).
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))

    @property
    def main(self) -> MainScreen | None:
        """The main screen, also below a dialog; None before the start and after the end."""
        main = self.screen_stack[0] if self.screen_stack else None
        return main if isinstance(main, MainScreen) else None

    async def on_event(self, event: events.Event) -> None:
        """A page can be pasted anywhere: it is for the main screen where a dialog has no use for it."""
        if isinstance(event, events.Paste) and not event.is_forwarded and self.main is not None:
            is_elsewhere = self.screen is not self.main and not getattr(self.screen, "takes_pages", False)
            if is_elsewhere and is_page(event.text):
                self.main.exchange.pasted(event.text)
                return
        await super().on_event(event)

    async def action_quit(self) -> None:
        """Leave as `q` does: what is written and not saved is kept."""
        if self.main is not None:
            self.main.quit()

    def on_exit_app(self) -> None:
        """Leave because the page is closed that showed the app, or the like: what is written and not saved is kept."""
        self._exit = True  # Textual knows that only of an app which ends itself; what still comes now comes late
        if self.main is not None:
            self.main.annotating.quitting()

    def end(self, number: int) -> None:
        """Leave because of a signal: what is written and not saved is kept."""
        problem = self.main.annotating.quitting() if self.main is not None else ""
        self.exit(return_code=128 + number, message=Text(problem) if problem else None)

    # Textual (8.2) leaves out what is to be painted during a batch of updates, and does not come back to it.

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        self._missed |= renderable is not None and self._batch_count > 0
        super()._display(screen, renderable)

    def _end_batch(self) -> None:
        super()._end_batch()
        if self._missed and not self._batch_count and self.screen_stack:
            self._missed = False
            self.screen.refresh()

    # What nobody foresaw

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do what a key asks for, Textual's own widgets included; where that fails, say so and go on."""
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except Exception as error:  # noqa: BLE001 (Textual would end the app, whatever it is)
            if not self._came_late(error):
                self.went_wrong(error)
            return True

    def went_wrong(self, error: BaseException) -> None:
        """Tell of an error that nobody foresaw, after which the app goes on."""
        if len(self.faults) < 5:
            self.faults.append(error)
        if self.main is not None:
            self.main.say(f"This went wrong: {error!r}. More is said when you quit.", error=True)

    def _handle_exception(self, error: Exception) -> None:
        """Textual ends the app over anything else: what is written and not saved is kept first."""
        if self._came_late(error):
            return
        if self.main is not None:
            self.main.annotating.quitting()
        self.faults.insert(0, error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Textual would print a traceback, and what all variables hold; ours is told when the app has ended."""
        self._close_messages_no_wait()

    def _came_late(self, error: Exception) -> bool:
        """Whether it is about something on its way to a screen that was left meanwhile, or to an app that was told to
        end, and found it half taken down."""
        cause = error.error if isinstance(error, WorkerFailed) else error
        worker = active_worker.get(None) if isinstance(error, WorkerFailed) else None
        pump = worker.node if worker is not None else active_message_pump.get(None)
        if not isinstance(cause, NoMatches | MountError) or not isinstance(pump, DOMNode):
            return False
        screen = next((node for node in pump.ancestors_with_self if isinstance(node, Screen)), None)
        return self._exit or (pump is not self and screen not in self.screen_stack)

    def on_unmount(self) -> None:
        """Remember how the person left the app."""
        self.layout_now.theme = self.theme
        try:
            layout.save(self.layout_now)
        except OSError:
            self.log.warning("the layout could not be kept")


def run(library_path: Path, *, temporary: bool = False, guided: bool = False) -> int:
    """Open the app on a library, which is made if there is none; the exit status. Raises LibraryUnusable.

    Whoever leaves it for the sample library comes back to it afterwards.
    """
    # A thread that reads or writes gives way to the screen after this many seconds (Python's own choice is 0.005).
    sys.setswitchinterval(0.001)
    read_safely()
    while True:
        with Library(library_path) as library:
            app = PaperdeckApp(library, temporary=temporary, guided=guided)
            ended_with = asyncio.run(_run(app))
        if app.faults:
            from tui.last_defence import account

            complain(account(*app.faults))
        if ended_with not in {SAMPLE, GUIDE}:
            return app.return_code or 0
        from tui.start import open_demo

        if status := open_demo(guided=ended_with == GUIDE):
            return status


async def _run(app: PaperdeckApp) -> str | None:
    with told_to_end(app.end):
        return await app.run_async()
