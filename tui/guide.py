"""The guided first run, over the sample library: its five steps, what each of them says, and when it is done.

Nothing here draws or reads: the steps are done by what a person has done, not by the keys that were pressed.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from string import Formatter
from typing import NamedTuple

from store.entries import JournalEntry


class Seen(NamedTuple):
    """What has been done since the guide began."""

    actions: Set[str] = frozenset()
    """Of the journal (`mark`, `tag`, `note` …), but for what was taken back."""
    searched: bool = False
    """A search found papers, and was kept or left."""
    exported: bool = False
    """A document was written or copied."""


class Step(NamedTuple):
    """One thing to do. In its texts `{star}` stands for the key of the action `star`."""

    name: str
    press: str
    why: str
    """Left out where there is little room; one line of 80 columns."""
    done: Callable[[Seen], bool]
    paper: bool = True
    """Whether it takes a paper under the cursor."""


STEPS = (
    Step(
        "Decide",
        "{star} stars this paper, {skip} skips it",
        "A star says “I will read it”, a skip “not for me”; {undo} takes either back.",
        lambda seen: "mark" in seen.actions,
    ),
    Step(
        "Tag",
        "{tag} tags a paper: type a word, then Enter twice",
        "A tag brings papers of many days together, and completes as you type.",
        lambda seen: "tag" in seen.actions,
    ),
    Step(
        "Note",
        "{note} opens a note: write a line, Ctrl+s saves, Esc leaves",
        "Markdown, beside the abstract. A search finds what you wrote, too.",
        lambda seen: "note" in seen.actions,
    ),
    Step(
        "Search",
        "{search} searches: type memroy cahe, then Enter",
        "All days at once, while you type, typos forgiven. {back} leads back.",
        lambda seen: seen.searched,
        paper=False,
    ),
    Step(
        "Export",
        "{export} exports the list: Enter writes a file, Ctrl+y copies",
        "For your notes, your paper, your scripts: seen before it is written.",
        lambda seen: seen.exported,
    ),
)
NO_PAPER = "No paper is here: {all} shows them all"
"""What comes before a step that takes a paper where there is none."""
END = Step(
    "That is all",
    "{quit} leaves the sample; then paste a Daily Papers page, {fetch} fetches, {import} imports",
    "The sample is thrown away, what you exported stays. {help} shows all keys.",
    lambda _: False,
    paper=False,
)


def actions_since(log: Iterable[JournalEntry], begun: int) -> frozenset[str]:
    """What was done after the journal's entry `begun` (0: since the beginning) and not taken back."""
    return frozenset(entry.action for entry in log if entry.id > begun and entry.state == "done")


def reached(step: int, seen: Seen) -> int:
    """The step after `step` and all that follow it at once because they are done; what was done stays done."""
    while step < len(STEPS) and STEPS[step].done(seen):
        step += 1
    return step


def worded(text: str, keys: Mapping[str, str]) -> list[tuple[str, bool]]:
    """The pieces of a step's text, and whether each is a key: `keys` says how a person reads that of each action."""
    pieces: list[tuple[str, bool]] = []
    for words, action, _, _ in Formatter().parse(text):
        pieces += [(words, False)] if words else []
        pieces += [(keys[action], True)] if action else []
    return pieces
