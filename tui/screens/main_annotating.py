"""Tags and notes: the tag editor, the note here or in the person's own editor, renaming and merging tags."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from store.entries import Done, TagCount
from store.errors import StoreError
from tui.drafts import Drafts

if TYPE_CHECKING:
    from tui.screens.main import MainScreen
    from tui.screens.tag_editor import TagChange
    from tui.widgets.note_editor import NoteEditor


class Annotating:
    """What the person writes on papers."""

    def __init__(self, screen: "MainScreen") -> None:
        self._screen = screen
        self._library = screen.library
        self._drafts = Drafts(screen.library.path)
        self._editor: NoteEditor | None = None

    def commands(self) -> dict[str, Callable[[], None]]:
        """What its keys do."""
        return {"tag": self.tag, "note": self.note, "note_editor": self.note_editor, "rename_tag": self.rename_tag}

    @property
    def is_writing(self) -> bool:
        """Whether a note is being written in the detail."""
        return self._editor is not None

    # Tags

    def tag(self) -> None:
        """Edit the tags of the selection, or of the cursor's paper."""
        screen = self._screen
        papers = screen.papers.selected or ([screen.papers.paper] if screen.papers.paper is not None else [])
        if papers:
            screen.work(self._tag(papers), group="tags", exclusive=True)

    async def _tag(self, papers: list[int]) -> None:
        from tui.screens.tag_editor import TagEditor

        def read() -> tuple[Counter[str], list[TagCount]]:
            counts = Counter(tag for row in self._library.rows(papers) for tag in row.tags)
            return counts, list(self._library.tags())

        try:
            found = await self._screen.reader.latest(read)
        except StoreError as error:
            self._screen.complain(error)
            return
        if found is None:
            return
        counts, known = found

        def changed(change: "TagChange | None") -> None:
            if change is not None and (change.add or change.remove):
                self._screen.triage.write(partial(self._library.tag, papers, add=change.add, remove=change.remove))

        self._screen.app.push_screen(TagEditor(len(papers), counts, known), changed)

    def rename_tag(self) -> None:
        """Ask for a tag and its new name; an existing name merges the two."""
        from tui.screens.menu import Choice, Menu
        from tui.screens.prompt import Prompt

        screen = self._screen
        tags = screen.places.contents.tags
        if not tags:
            screen.say(f"There are no tags yet. {screen.keymap.shown('tag')} tags a paper.")
            return

        def renamed(old: str, new: str | None) -> None:
            if new and new.strip():
                screen.triage.write(partial(self._library.rename_tag, old, new))

        def chosen(old: str | None) -> None:
            if old is not None:
                note = "another tag's name merges the two"
                screen.app.push_screen(Prompt(f"Rename “{old}” to", old, note), partial(renamed, old))

        choices = [Choice("", count.tag, count.tag, f"{count.papers:,}") for count in tags]
        screen.app.push_screen(Menu("Rename or merge a tag", choices), chosen)

    # Notes

    def note(self) -> None:
        """Open the note editor in the detail, with what an earlier session left unsaved."""
        entry = self._screen.entry()
        if entry is None or self._editor is not None:
            return
        from tui.widgets.note_editor import NoteEditor

        screen = self._screen
        screen.panes.focus(screen.paper_view)
        self._editor = NoteEditor(entry.id, entry.note or "", self._drafts.find(entry.id), id="note-editor")
        screen.detail_pane.mount(self._editor)
        screen.add_class("-writing")
        screen.show_hints()

    def save_note(self, paper: int, text: str) -> None:
        """Keep a note that was written here; a text that cannot be saved stays in the editor or as a draft."""

        def failed() -> None:
            if self._editor is not None and self._editor.paper == paper:
                self._editor.not_saved()
            self.draft(paper, text)

        self._screen.triage.write(
            partial(self._library.note, paper, text),
            lambda done: done.summary if done.entry is not None else "The note is as it was",
            done=partial(self.draft, paper, None),
            failed=failed,
        )

    def draft(self, paper: int, text: str | None) -> None:
        """Keep what is written and not saved; None: nothing is."""
        try:
            if text is None:
                self._drafts.drop(paper)
            else:
                self._drafts.keep(paper, text)
        except OSError as error:
            self._screen.say(f"A draft of the note cannot be kept: {error.strerror}", error=True)

    def remind(self) -> None:
        """Say which notes an earlier session left unsaved."""
        try:
            left = self._library.entries(self._drafts.papers())
        except StoreError as error:
            self._screen.complain(error)
            return
        if left:
            what = f"Your note on “{left[0].title}” is" if len(left) == 1 else f"Your notes on {len(left)} papers are"
            papers = "" if len(left) == 1 else ": " + ", ".join(f"“{entry.title}”" for entry in left)
            key = self._screen.keymap.shown("note")
            self._screen.say(f"{what} not saved yet{papers}. {key} on the paper goes on with it.")

    def leave_note(self) -> None:
        """The note editor is done with."""
        if self._editor is not None:
            self._editor.remove()
            self._editor = None
            self._screen.remove_class("-writing")
            self._screen.panes.focus(self._screen.papers)

    def quitting(self) -> None:
        """The app ends: what is written and not saved is kept as a draft."""
        if self._editor is not None and self._editor.dirty:
            self.draft(self._editor.paper, self._editor.text)

    def note_editor(self) -> None:
        """Write the note in the person's own editor."""
        from tui.editor import EditorFailed, edited

        screen = self._screen
        entry = screen.entry()
        if entry is None:
            return
        before = entry.note or ""
        failure: EditorFailed | None = None
        done = Done(None, "The note is as it was", ())
        try:
            # `suspend` does not resume the screen if its block raises: nothing may leave the block.
            with screen.app.suspend():
                try:
                    with edited(before, f"note-{entry.id}") as text:
                        done = self._library.note(entry.id, text) if text != before else done
                except EditorFailed as error:
                    failure = error
        except SuspendNotSupported:
            here = screen.keymap.shown("note")
            screen.say(f"This terminal cannot be handed to another program; {here} writes a note here.", error=True)
            return
        if failure is not None:
            screen.complain(failure)
        else:
            screen.triage.wrote(done)
