"""What `export` does to files and folders that are brought up to date in place, and what it says of it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tui.output import say
from tui.wording import counted, cut

if TYPE_CHECKING:
    from store.entries import Entry
    from store.exports import ExportOptions
    from store.exports.in_place import InPlaceOptions, Report
    from store.library import Library

NAMED = 5
"""How many titles, or lines, are named; of more, how many there are."""


def update(
    library: "Library",
    file: str | None,
    folder: str | None,
    entries: "Sequence[Entry]",
    *,
    options: "ExportOptions",
    how: "InPlaceOptions",
) -> int:
    """Bring a Markdown file up to date, or else a folder of notes; say what was done, and return the exit status."""
    if file is not None:
        from store.exporting import update_in_place

        report, changed = update_in_place(library, Path(file), entries, options, how)
        say("\n".join(told(report, file, changed)))
        return 0
    from store.vaults import update_vault

    done = update_vault(library, Path(folder or "."), entries, options, how)
    say("\n".join(told(done.notes, f"{folder}", done.changed, "note")))
    if done.damaged:
        say(
            f"Damaged markers (in {_some(done.damaged)}): nothing there was touched. Delete what is left of the block, "
            "and --restore writes it anew."
        )
    if not done.failed:
        return 0
    more = f" … and {len(done.failed) - NAMED:,} more." if len(done.failed) > NAMED else ""
    say(f"Not everything was written: {' '.join(done.failed[:NAMED])}{more}")
    return 3


def told(report: "Report", where: str, changed: bool, block: str = "block", command: str = "") -> Iterator[str]:
    """What was done to `where`, and whether anything changed in it, in plain sentences.

    `block` is what a paper has there; `command` goes before its options where a person may not think of it.
    """
    counts = {"new": report.new, "updated": report.updated, "removed": report.pruned, "unchanged": report.unchanged}
    if changed:
        yield f"{where}: {', '.join(f'{count:,} {what}' for what, count in counts.items() if count) or 'no paper'}."
    else:
        yield f"{where}: nothing changed ({counted(report.unchanged, 'paper')})."
    if report.deleted:
        it, them = ("stays", "it") if report.deleted == 1 else ("stay", "them")
        yield f"{counted(report.deleted, block)} that you deleted {it} away; {command}--restore brings {them} back."
    if report.edited:
        yield f"{_were(len(report.edited), block)} edited by hand and left as {_it_is(len(report.edited))}: " + _titles(
            report.edited
        )
    if report.twice:
        yield f"{counted(len(report.twice), 'paper')} with more than one {block}, all kept: {_titles(report.twice)}"
    if report.left:
        are, stays = ("is", f"its {block} stays") if report.left == 1 else ("are", f"their {block}s stay")
        prune = f"({command}--prune removes the unedited)"
        yield f"{counted(report.left, 'paper')} {are} no longer in the list; {stays} {prune}."
    if report.unknown:
        of = "of a paper" if report.unknown == 1 else "of papers"
        yield f"{_were(report.unknown, block)} left as {_it_is(report.unknown)}, {of} that this library does not have."
    if report.damaged:
        lines = _some([f"{line:,}" for line in report.damaged])
        word, line = ("marker", "line") if len(report.damaged) == 1 else ("markers", "lines")
        yield (
            f"Damaged {word} ({line} {lines}): nothing there was touched. Delete what is left of the {block}, "
            f"and {command}--restore writes it anew."
        )


def _were(count: int, noun: str) -> str:
    return f"{counted(count, noun)} {'was' if count == 1 else 'were'}"


def _it_is(count: int) -> str:
    return "it is" if count == 1 else "they are"


def _titles(titles: Sequence[str]) -> str:
    return f"{_some([f'“{cut(title, 60)}”' for title in titles])}."


def _some(texts: Sequence[str]) -> str:
    """The first of them, and how many more there are."""
    more = f" and {len(texts) - NAMED:,} more" if len(texts) > NAMED else ""
    return ", ".join(texts[:NAMED]) + more
