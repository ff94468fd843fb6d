"""Tags and notes: the tag editor, the note here or in the person's own editor, renaming and merging tags."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from store.entries import NOTHING_DONE, Done, Entry, TagCount
from store.errors import StoreError
from tui.background import Writer
from tui.drafts import Draft, Drafts, text_of, why_none

if TYPE_CHECKING:
    from tui.screens.main import MainScreen
    from tui.screens.tag_editor import TagChange
    from tui.widgets.note_editor import NoteEditor

NAMED = 3
"""Unsaved notes that the app names at its start, at most."""

_AS_IT_WAS = "The note is as it was"


class Annotating:
    """What the person writes on papers."""

    def __init__(self, screen: "MainScreen") -> None:
        self._screen = screen
        self._library = screen.library
        self._drafts = Drafts(screen.library.path)
        self._disk = Writer("drafts")
        self._editor: NoteEditor | None = None
        self._name = ""
        """That of the paper whose note is, or was last, in the editor: a `restore` may give its number to another."""

    def commands(self) -> dict[str, Callable[[], None]]:
        """What its keys do."""
        return {"tag": self.tag, "note": self.note, "note_editor": self.note_editor, "rename_tag": self.rename_tag}

    @property
    def is_writing(self) -> bool:
        """Whether a note is being written in the detail."""
        return self._editor is not None

    @property
    def is_left(self) -> bool:
        """Whether a note is being written and something else has the keys, such as a pane that was clicked on."""
        return self._editor is not None and not self._editor.has_focus_within

    def go_on(self) -> bool:
        """Give the note that is being written the keys again; whether it had lost them."""
        if self._editor is None or not self.is_left:
            return False
        self._editor.focus_text()
        return True

    def focus_moved(self) -> None:
        """What the note asked is not asked any more once something else has the keys: they would not answer it."""
        if self._editor is not None and self.is_left:
            self._editor.unask()

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
        from tui.widgets.note_editor import NoteEditor, why_not

        screen = self._screen
        if why := why_not(entry.note or ""):
            screen.say(f"This note {why}; {screen.keymap.shown('note_editor')} opens it in $EDITOR.")
            return
        try:
            names = self._drafts.names(self._library, entry)
        except StoreError as error:
            screen.complain(error)
            return
        screen.panes.focus(screen.paper_view)
        # Keys that are typed ahead belong to the editor: they wait until something has the focus again.
        screen.app.call_later(screen.app.hold_keys)  # after the pane above, which gets it later, too
        draft = self._disk.wait(partial(self._drafts.take, names)) or Draft(entry.note or "", None)
        self._name = names[0]
        self._editor = NoteEditor(entry.id, entry.note or "", *draft, id="note-editor")
        screen.detail_pane.mount(self._editor)
        screen.add_class("-writing")
        screen.show_hints()

    def too_long(self) -> None:
        """What was pasted into the note is for the other editor."""
        other = self._screen.keymap.shown("note_editor")
        self._screen.say(f"This text is too long to be pasted here; {other} writes the note in $EDITOR.", error=True)

    def save_note(self, paper: int, text: str, before: str) -> None:
        """Keep a note that was written here, in place of `before`; until it is saved it is a draft."""
        kept, name = text, self._name

        def act() -> Done:
            nonlocal kept
            done = self._library.note(paper, text, instead_of=before, named=name)
            for entry in self._library.entries(done.changed or [paper]):
                kept = entry.note or ""
            return done

        def saved() -> None:
            self._keep(partial(self._drafts.drop, name, text))
            if self._editor is not None and self._editor.paper == paper:
                self._editor.saved(text, kept)

        def failed() -> None:
            if self._editor is not None and self._editor.paper == paper:
                self._editor.not_saved(before)

        self.draft(text, before)
        self._screen.triage.write(
            act,
            lambda done: done.summary if done != NOTHING_DONE else _AS_IT_WAS,
            done=saved,
            failed=failed,
        )

    def draft(self, text: str | None, before: str) -> None:
        """Keep what is written and not saved, begun with the note `before`; None: nothing is."""
        drafts = self._drafts
        self._keep(partial(drafts.drop, self._name) if text is None else partial(drafts.keep, self._name, text, before))

    def _keep(self, act: Callable[[], None]) -> None:
        keeping = self._disk.submit(act)

        async def finish() -> None:
            try:
                await keeping
            except OSError as error:
                self._screen.say(_no_draft(error), error=True)

        self._screen.work(finish(), group="drafts")

    def remind(self) -> None:
        """Say which notes an earlier session left unsaved."""
        left = self._drafts.left()
        try:
            papers = self._library.named(left)
            papers |= {name: int(name) for name in left if name.isdecimal()}  # of earlier versions
            entries = {entry.id: entry for entry in self._library.entries([*papers.values()])}
        except StoreError as error:
            self._screen.complain(error)
            return
        found = {
            paper: entry
            for name, paper in papers.items()
            if (entry := entries.get(paper)) is not None and not self._is_saved(entry, name, left.pop(name))
        }
        unsaved = [*found.values()]
        said = []
        if unsaved:
            what = (
                f"Your note on “{unsaved[0].title}” is"
                if len(unsaved) == 1
                else f"Your notes on {len(unsaved)} papers are"
            )
            which = "" if len(unsaved) == 1 else ": " + ", ".join(f"“{entry.title}”" for entry in unsaved[:NAMED])
            more = " …" if len(unsaved) > NAMED else ""
            key = self._screen.keymap.shown("note")
            said.append(f"{what} not saved yet{which}{more}. {key} on the paper goes on with it.")
        said += [f"A note that fits no paper any more is kept in {file}" for file in list(left.values())[:NAMED]]
        if said:
            self._screen.say("\n".join(said))

    def _is_saved(self, entry: Entry, name: str, file: Path) -> bool:
        """Whether a draft is the note as it is: its process ended before it could be dropped."""
        try:
            if text_of(file) != (entry.note or ""):
                return False
            self._drafts.take([name])
            self._drafts.drop(name)
        except OSError:
            return False
        return True

    def leave_note(self) -> None:
        """The note editor is done with."""
        if self._editor is not None:
            self._editor.remove()
            self._editor = None
            self._screen.remove_class("-writing")
            self._screen.panes.focus(self._screen.papers)

    def quitting(self) -> str:
        """The app ends: what is written and not saved is kept as a draft. Returns why it is not; usually nothing."""
        editor = self._editor
        if editor is not None and editor.dirty:
            try:
                self._disk.wait(partial(self._drafts.keep, self._name, editor.text, editor.before))
            except OSError as error:
                return _no_draft(error)
        return ""

    def close(self) -> None:
        """Wait until the drafts are on disk, and leave them to the next session."""
        self._disk.close()
        self._drafts.close()

    def note_editor(self) -> None:
        """Write the note in the person's own editor."""
        from tui.editor import edited

        screen = self._screen
        entry = screen.entry()
        if entry is None:
            return
        self._disk.wait(lambda: None)  # a draft that is on its way
        failure: StoreError | None = None
        done = NOTHING_DONE
        try:
            # `suspend` does not resume the screen if its block raises: nothing may leave the block.
            with screen.app.suspend():
                try:
                    names = self._drafts.names(self._library, entry)
                    with edited(self._drafts, names, entry.note or "") as edit:
                        done = self._library.note(entry.id, edit.text, instead_of=edit.before, named=names[0])
                except StoreError as error:
                    failure = error
        except SuspendNotSupported:
            here = screen.keymap.shown("note")
            screen.say(f"This terminal cannot be handed to another program; {here} writes a note here.", error=True)
            return
        if failure is not None:
            screen.complain(failure)
        else:
            screen.triage.wrote(done if done != NOTHING_DONE else done._replace(summary=_AS_IT_WAS))


def _no_draft(error: OSError) -> str:
    return f"A draft of the note cannot be kept: {why_none(error)}"
