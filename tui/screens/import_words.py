"""What an import found or did, in words for the screen."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.wording import counted, date_text

if TYPE_CHECKING:
    from store.models import FileReport, ImportReport


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


def imported(report: "ImportReport") -> str:
    """What an import did, in one line for a toast: `Imported 25 papers: 21 new, 4 known`."""
    if not report.listed:
        return "Nothing was imported"
    if not report.new and not report.updated:
        return f"Nothing new: {counted(report.listed, 'paper')}, all known"
    words = [f"{report.new:,} new"]
    if report.updated:
        words.append(f"{report.updated:,} updated")
    if report.unchanged:
        words.append(f"{report.unchanged:,} known")
    return f"Imported {counted(report.listed, 'paper')}: {', '.join(words)}"
