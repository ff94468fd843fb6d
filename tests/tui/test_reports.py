"""What imports and fetches say of themselves."""

from datetime import date

import pytest

from store.fetchers import Progress
from store.models import FileReport, Gains, ImportReport
from tui.reports import done_in_all, fetched, fetched_in_all, imported, outcome, under_way


def page(**values: object) -> FileReport:
    counts = {"format": "hf-json", "day": date(2025, 5, 12), "listed": 25, "new": 21, "updated": 4}
    return FileReport.model_validate({"name": "huggingface.co/papers/date/2025-05-12"} | counts | values)


GAINS = Gains(
    papers={"comments": 4, "upvotes": 4, "arxiv_id": 2, "n_authors": 3, "authors": 3}, comments=41, upvotes=120
)
EMPTY = page(listed=0, new=0, updated=0, format=None, notice="example.org lists no papers of 2025-05-17.")
FAILED = page(listed=0, new=0, updated=0, format=None, error="example.org has no such page (HTTP 404).")


def test_one_document() -> None:
    assert fetched(page()) == "Mon 12 May 2025: 25 papers, 21 new, 4 updated"
    assert fetched(page(gains=GAINS)) == (
        "Mon 12 May 2025: 25 papers, 21 new, 4 updated (2 gained an arXiv id, 3 authors, comments +41, upvotes +120)"
    )
    assert fetched(page(format="arxiv-rss", name="a feed", unparsed=2, digest=7)) == (
        "a feed: 25 papers, 21 new, 4 updated, 2 lines not understood (digests show 7)"
    )
    assert fetched(page(new=0, updated=0, unchanged=25)).endswith("25 papers, nothing changed")
    took = page(new=0, updated=0, unchanged=25, said=2)
    assert fetched(took).endswith("25 papers, 25 unchanged, marks, tags and notes of 2 taken over")
    assert imported(ImportReport.of((took,))).endswith("25 unchanged, marks, tags and notes of 2 taken over")
    assert (fetched(EMPTY), fetched(FAILED)) == (EMPTY.notice, FAILED.error)
    assert outcome(page(gains=Gains(upvotes=3))) == "25 papers of 12 May 2025: 21 new, 4 updated (upvotes +3)"
    assert outcome(page(day=None, days=3)) == "25 papers of 3 days: 21 new, 4 updated"


def test_of_many_gains_the_most_telling_are_told() -> None:
    kinds = dict.fromkeys(["day", "published", "organization", "code_url", "abstract", "title"], 1)
    assert fetched(page(gains=Gains(papers=kinds))).endswith(
        "4 updated (1 gained a day, 1 a date, 1 an organization, 1 code, and more)"
    )


def test_several_documents() -> None:
    total = ImportReport.of((page(gains=GAINS), EMPTY, page(gains=GAINS), FAILED))
    gains = "4 gained an arXiv id, 6 authors, comments +82, upvotes +240"
    words = f"Fetched 2 documents: 50 papers, 42 new, 8 updated ({gains}); 1 document failed"
    assert done_in_all(total, "Fetched", "document") == words
    assert fetched_in_all(total) == f"{words}\n{FAILED.error}"
    assert imported(total) == f"Imported 50 papers: 42 new, 8 updated ({gains})"
    assert fetched_in_all(ImportReport.of((EMPTY, page()))) == f"{EMPTY.notice}\n{fetched(page())}"
    assert fetched_in_all(ImportReport.of((EMPTY,))) == EMPTY.notice
    assert fetched_in_all(ImportReport.of((FAILED,) * 5)).splitlines() == [*[FAILED.error] * 3, "… and 2 more"]


@pytest.mark.parametrize(
    ("progress", "total", "words"),
    [
        (Progress("huggingface.co/papers/date/2025-05-12", 12_345), 7, "Fetching huggingface.co, 3 of 7 … 12 kB"),
        (Progress("arXiv: cs.CL", 1_234_567), None, "Fetching arXiv … 1.2 MB"),
        (
            Progress("rss.arxiv.org/rss/cs.CL", waiting="trying again in 2 s"),
            1,
            "Fetching rss.arxiv.org … trying again in 2 s",
        ),
    ],
)
def test_what_is_going_on(progress: Progress, total: int | None, words: str) -> None:
    assert under_way(progress, 2 if total == 7 else 0, total) == words
