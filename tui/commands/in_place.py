"""What `export` says of files and folders that it brought up to date in place: what is new, and what it left alone."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tui.wording import counted, cut

if TYPE_CHECKING:
    from store.exports.in_place import Report

NAMED = 5
"""How many titles, or lines, are named; of more, how many there are."""


def told(report: "Report", where: str, changed: bool, block: str = "block") -> Iterator[str]:
    """What was done to `where`, and whether anything changed in it, in plain sentences.

    `block` is what a paper has there.
    """
    counts = {"new": report.new, "updated": report.updated, "removed": report.pruned, "unchanged": report.unchanged}
    if changed:
        yield f"{where}: {', '.join(f'{count:,} {what}' for what, count in counts.items() if count) or 'no paper'}."
    else:
        yield f"{where}: nothing changed ({counted(report.unchanged, 'paper')})."
    if report.deleted:
        it, them = ("stays", "it") if report.deleted == 1 else ("stay", "them")
        yield f"{counted(report.deleted, block)} that you deleted {it} away; --restore brings {them} back."
    if report.edited:
        yield f"{_were(len(report.edited), block)} edited by hand and left as {_it_is(len(report.edited))}: " + _titles(
            report.edited
        )
    if report.twice:
        yield f"{counted(len(report.twice), 'paper')} with more than one {block}, all kept: {_titles(report.twice)}"
    if report.left:
        are, stays = ("is", f"its {block} stays") if report.left == 1 else ("are", f"their {block}s stay")
        yield f"{counted(report.left, 'paper')} {are} no longer in the list; {stays} (--prune removes the unedited)."
    if report.unknown:
        of = "of a paper" if report.unknown == 1 else "of papers"
        yield f"{_were(report.unknown, block)} left as {_it_is(report.unknown)}, {of} that this library does not have."
    if report.damaged:
        lines = _some([f"{line:,}" for line in report.damaged])
        word = "marker" if len(report.damaged) == 1 else "markers"
        yield (
            f"Damaged {word} (line {lines}): nothing there was touched. Delete what is left of the {block}, "
            "and --restore writes it anew."
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
