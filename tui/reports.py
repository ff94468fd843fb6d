"""What an import or a fetch found or did, in words: for the screen and for the command line."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.wording import counted, date_text, day_text

if TYPE_CHECKING:
    from store.fetchers import Progress
    from store.models import FileReport, ImportReport

_GAINED = {
    "arxiv_id": "an arXiv id",
    "day": "a day",
    "published": "a date",
    "authors": "authors",
    "n_authors": "a number of authors",
    "organization": "an organization",
    "code_url": "code",
    "project_url": "a project page",
    "abstract": "an abstract",
    "title": "a title",
}
"""What papers gain, or have another of, the most telling first."""
_TOLD = 4
"""Kinds of gains that are told at once."""
_ERRORS = 3
"""Errors that a toast tells."""


# What would happen


def found(reports: Sequence["FileReport"], passed_over: int = 0) -> list[str]:
    """What a rehearsed import found, a line each: the papers, then what was not understood or passed over.

    `25 papers of 28 Nov 2025 (year inferred) · 21 new, 4 known`. Documents without an error only; empty if none is.
    """
    pages = [report for report in reports if report.error is None]
    if not pages:
        return []
    listed = sum(page.listed for page in pages)
    what = counted(listed, "paper") if len(pages) == 1 else f"{len(pages):,} pages, {counted(listed, 'paper')}"
    lines = [f"{what}{_days(pages)} · {_news(pages)}"]
    if unparsed := sum(page.unparsed for page in pages):
        lines.append(f"{counted(unparsed, 'line')} not understood: kept with the document, to look at later")
    if passed_over:
        lines.append(f"{counted(passed_over, 'file')} passed over: no Daily Papers page")
    return lines


def _days(pages: Sequence["FileReport"]) -> str:
    if several := sum(page.days for page in pages if page.days > 1):
        return f" of {several:,} days"
    days = sorted({page.day for page in pages if page.day is not None})
    if not days:
        return ", day unknown"
    first, last = (date_text(day.isoformat()).strip() for day in (days[0], days[-1]))
    if first != last:
        return f" from {first} to {last}"
    return f" of {first}{' (year inferred)' if any(page.day_inferred for page in pages) else ''}"


def _news(pages: Sequence["FileReport"]) -> str:
    new = sum(page.new for page in pages)
    updated = sum(page.updated for page in pages)
    known = updated + sum(page.unchanged for page in pages)
    if not new and not updated:
        return "all known, nothing would change"
    # Each document was rehearsed for itself: a paper that two of them list counts as new in both.
    words = [f"{'up to ' if len(pages) > 1 and new else ''}{new:,} new", f"{known:,} known"]
    if updated:
        words[-1] += f" ({updated:,} with something to add)"
    return ", ".join(words if known else words[:1])


# What happened


def outcome(report: "FileReport") -> str:
    """What importing a file did: `25 papers of 28 Nov 2025 (year inferred): 21 new, 4 unchanged`."""
    if report.days > 1:
        day = f"of {report.days:,} days"
    elif report.day is None:
        day = "of no day (--date gives one)"
    else:
        inferred = " (year inferred)" if report.day_inferred else ""
        day = f"of {date_text(report.day.isoformat()).strip()}{inferred}"
    return f"{counted(report.listed, 'paper')} {day}: {_of_document(report)}"


def fetched(report: "FileReport") -> str:
    """What fetching a document did, or why it did nothing: `Mon 12 May 2025: 25 papers, 21 new, 4 unchanged`."""
    if report.error or report.notice:
        return report.error or report.notice or ""
    name = day_text(report.day.isoformat()) if report.day and report.format == "hf-json" else report.name
    return f"{name}: {counted(report.listed, 'paper')}, {_of_document(report)}"


def _of_document(report: "FileReport") -> str:
    changes = _changes([report])
    if not report.unparsed:
        return changes
    where = f" (digests show {report.digest})" if report.digest else ""
    return f"{changes}, {counted(report.unparsed, 'line')} not understood{where}"


def done_in_all(total: "ImportReport", done: str, document: str) -> str:
    """What was done in all; with `Imported` and `file`: `Imported 2 files: 50 papers, 21 new, 29 unchanged`."""
    whole = sum(file.error is None and file.notice is None for file in total.files)
    failed = f"; {counted(total.failed, document)} failed" if total.failed else ""
    papers = f": {counted(total.listed, 'paper')}, {_changes(total.files)}" if total.listed else ""
    return f"{done} {counted(whole, document)}{papers}{failed}"


def imported(total: "ImportReport") -> str:
    """What an import did, in one line for a toast: `Imported 25 papers: 21 new, 4 unchanged`."""
    if not total.listed:
        return "Nothing was imported"
    if not total.new and not total.updated and not any(file.said for file in total.files):
        return f"Nothing new: {counted(total.listed, 'paper')}, all known"
    return f"Imported {counted(total.listed, 'paper')}: {_changes(total.files)}"


def fetched_in_all(total: "ImportReport") -> str:
    """What a fetch did, in some lines for a toast: the papers, else why there are none, then what failed."""
    errors = [file.error for file in total.files if file.error]
    notices = [file.notice for file in total.files if file.notice]
    came = [file for file in total.files if not file.error and not file.notice]
    lines = [fetched(came[0])] if len(came) == 1 else [done_in_all(total, "Fetched", "document")] if came else []
    lines = [*notices[:1], *lines] if len(came) < 2 else lines
    more = [f"… and {len(errors) - _ERRORS:,} more"] if len(errors) > _ERRORS else []
    return "\n".join([*lines, *errors[:_ERRORS], *more])


def _changes(files: Sequence["FileReport"]) -> str:
    """`21 new, 4 updated (2 gained a date, comments +41), 3 unchanged`."""
    new, updated = sum(file.new for file in files), sum(file.updated for file in files)
    unchanged = sum(file.unchanged for file in files)
    said = sum(file.said for file in files)
    if not new and not updated and not said:
        return "nothing changed"
    words = [f"{new:,} new"] if new else []
    if updated:
        gains = _gains(files)
        words.append(f"{updated:,} updated{f' ({gains})' if gains else ''}")
    if unchanged:
        words.append(f"{unchanged:,} unchanged")
    if said:
        words.append(f"marks, tags and notes of {said:,} taken over")
    return ", ".join(words)


def _gains(files: Sequence["FileReport"]) -> str:
    """What known papers gained: `3 gained a day, 2 authors, comments +41, upvotes +120`."""
    papers: Counter[str] = Counter()
    for file in files:
        papers.update(file.gains.papers)
    if papers["authors"]:
        del papers["n_authors"]  # who they are says how many there are
    kinds = [f"{papers[kind]:,} {what}" for kind, what in _GAINED.items() if papers[kind]]
    if kinds:
        kinds[0] = kinds[0].replace(" ", " gained ", 1)
    if len(kinds) > _TOLD:
        kinds[_TOLD:] = ["and more"]
    rises = {
        "comments": sum(file.gains.comments for file in files), "upvotes": sum(file.gains.upvotes for file in files)
    }  # fmt: skip
    return ", ".join([*kinds, *(f"{what} +{by:,}" for what, by in rises.items() if by)])


# What is going on


def under_way(progress: "Progress", done: int, total: int | None) -> str:
    """What is being fetched: `Fetching huggingface.co, 3 of 7 … 12 kB`."""
    where = re.split("[/:]", progress.name)[0]
    number = f", {done + 1:,} of {total:,}" if total and total > 1 else ""
    size = (
        f"{progress.received / 1e6:.1f} MB" if progress.received >= 1e6 else f"{max(progress.received / 1e3, 1):.0f} kB"
    )
    return f"Fetching {where}{number} … {progress.waiting or size}"
