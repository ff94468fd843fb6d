"""What imports do to papers: identity, merging, days, and what they never touch."""

import itertools

import pytest

from store.errors import UnknownDigest
from store.library import Library
from tests.store.making import digest, listing


def only(library: Library):
    (entry,) = library.entries(range(1, 100))
    return entry


def test_the_same_bytes_again_change_nothing(library: Library) -> None:
    page = digest("Alpha", "Beta")
    first = library.import_digest(page)
    assert (first.listed, first.new, first.updated, first.unchanged) == (2, 2, 0, 0)
    before = library.entries([1, 2])
    again = library.import_digest(page)
    assert (again.listed, again.new, again.updated, again.unchanged) == (2, 0, 0, 2)
    assert library.entries([1, 2]) == before
    assert len(library.digests()) == 1


def test_reimport_keeps_stars_notes_and_tags(library: Library) -> None:
    library.import_digest(digest("Alpha", "Beta"))
    library.mark([1], starred=True, read=True)
    library.note(1, "keep me")
    library.tag([1], add=["rl"])
    log = library.log()
    library.import_digest(digest(listing("Alpha", comments=3), "Beta", "Gamma", day="2025-11-29"))
    entry = library.entry(1)
    assert (entry.starred, entry.read, entry.note, entry.tags) == (True, True, "keep me", ("rl",))
    assert entry.days == ("2025-11-28", "2025-11-29")
    assert library.log() == log


def test_a_paper_that_gains_a_day_is_updated_and_one_that_gains_nothing_is_not(library: Library) -> None:
    library.import_digest(digest("Alpha"))
    same_day = library.import_digest(digest("Alpha", content="another copy"))
    assert (same_day.updated, same_day.unchanged) == (0, 1)
    next_day = library.import_digest(digest("Alpha", day="2025-11-29"))
    assert (next_day.updated, next_day.unchanged) == (1, 0)


def test_the_same_title_in_other_case_accents_and_punctuation_is_the_same_paper(library: Library) -> None:
    library.import_digest(digest("Naïve Bayes: A Study"))
    library.import_digest(digest("naive bayes  a study", day="2025-11-29"))
    assert only(library).days == ("2025-11-28", "2025-11-29")


def test_the_same_title_with_two_ids_is_two_papers_and_a_page_without_ids_belongs_to_the_later(
    library: Library,
) -> None:
    library.import_digest(digest(listing("Alpha", arxiv_id="2501.00001"), day="2025-01-01"))
    library.import_digest(digest(listing("Alpha", arxiv_id="2502.00002"), day="2025-02-01"))
    library.import_digest(digest(listing("Alpha", comments=9), day="2025-03-01"))
    first, second = library.entries([1, 2])
    assert first.comments is None
    assert second.comments == 9
    assert second.days == ("2025-02-01", "2025-03-01")


def test_a_paper_without_id_gets_the_id_of_a_later_page(library: Library) -> None:
    library.import_digest(digest("Alpha"))
    library.import_digest(digest(listing("Alpha", arxiv_id="2501.00001"), day="2025-12-01"))
    assert only(library).arxiv_id == "2501.00001"
    assert library.entry("arXiv:2501.00001v3").id == 1


def test_gaps_are_filled_and_nothing_is_overwritten_with_nothing(library: Library) -> None:
    library.import_digest(digest(listing("Alpha", n_authors=3, published="2025-01-01")))
    library.import_digest(digest(listing("Alpha", abstract=None, organization="HKUST"), day="2025-12-01"))
    entry = only(library)
    assert (entry.n_authors, entry.published, entry.organization) == (3, "2025-01-01", "HKUST")
    assert entry.abstract == "We study Alpha."


def test_the_newer_day_wins_and_an_id_wins_over_days_in_any_order_of_import(tmp_path) -> None:
    pages = [
        digest(listing("Alpha", abstract="old", organization="Old"), day="2025-01-01"),
        digest(listing("Alpha", abstract="new", n_authors=4), day="2025-12-01"),
        digest(listing("Alpha", abstract=None, n_authors=2, organization="Middle"), day="2025-06-01"),
        digest(listing("Alpha", abstract="with id", arxiv_id="2501.00001"), day="2025-03-01"),
        digest(listing("Alpha", abstract="undated"), day=None),
    ]
    for number, order in enumerate(itertools.permutations(pages)):
        if number % 5:
            continue
        with Library(tmp_path / f"{number}.db") as library:
            for page in order:
                library.import_digest(page)
            entry = only(library)
            assert (entry.abstract, entry.n_authors, entry.organization) == ("with id", 4, "Middle"), order


def test_comments_and_upvotes_are_the_largest_seen(library: Library) -> None:
    library.import_digest(digest(listing("Alpha", comments=5, upvotes=10)))
    library.import_digest(digest(listing("Alpha", comments=2, upvotes=40), day="2025-12-01"))
    assert (only(library).comments, only(library).upvotes) == (5, 40)


def test_a_retitled_paper_is_still_found_by_its_old_title(library: Library) -> None:
    library.import_digest(digest(listing("Alpha", arxiv_id="2501.00001"), day="2025-01-01"))
    library.import_digest(digest(listing("Alpha Reloaded", arxiv_id="2501.00001"), day="2025-02-01"))
    assert only(library).title == "Alpha Reloaded"
    library.import_digest(digest("Alpha", "Alpha Reloaded", day="2025-03-01"))
    assert only(library).days == ("2025-01-01", "2025-02-01", "2025-03-01")


def test_two_rows_that_are_one_paper_become_one_with_the_state_of_both(library: Library) -> None:
    library.import_digest(digest("Alpha: old title", day="2025-01-01"))
    library.import_digest(digest(listing("Alpha", arxiv_id="2501.00001"), day="2025-02-01"))
    library.mark([1], read=True)
    library.note(1, "first")
    library.tag([1], add=["a", "b"])
    library.mark([2], starred=True)
    library.note(2, "second")
    library.tag([2], add=["b", "c"])
    library.import_digest(digest(listing("Alpha: old title", arxiv_id="2501.00001"), day="2025-03-01"))
    entry = only(library)
    assert entry.id == 1
    assert entry.arxiv_id == "2501.00001"
    assert (entry.read, entry.starred, entry.note) == (True, True, "first\n\nsecond")
    assert entry.tags == ("a", "b", "c")
    assert entry.days == ("2025-01-01", "2025-02-01", "2025-03-01")
    assert library.log(1)[0].state == "kept"
    assert library.undo().summary.startswith("Tagged")
    assert only(library).tags == ("a", "b")
    assert library.ids("second") == [1]


def test_a_star_stands_above_a_skip_when_rows_become_one(library: Library) -> None:
    library.import_digest(digest("Alpha: old title", day="2025-01-01"))
    library.import_digest(digest(listing("Alpha", arxiv_id="2501.00001"), day="2025-02-01"))
    library.mark([1], skipped=True)
    library.mark([2], starred=True)
    library.import_digest(digest(listing("Alpha: old title", arxiv_id="2501.00001"), day="2025-03-01"))
    assert (only(library).starred, only(library).skipped) == (True, False)
    library.undo()
    undone = library.undo()
    assert undone.kept == ("“Alpha: old title”: the skip has changed since and stays as it is",)


def test_another_date_moves_the_digest_and_its_listings(library: Library) -> None:
    inferred = digest(listing("Alpha", published="2025-10-06"), day="2025-11-28", inferred=True, content="page")
    library.import_digest(inferred)
    moved = digest(listing("Alpha", published="2024-10-06"), day="2024-11-28", given=True, content="page")
    report = library.import_digest(moved)
    assert (report.updated, report.unchanged, str(report.day)) == (1, 0, "2024-11-28")
    assert only(library).days == ("2024-11-28",)
    assert only(library).published == "2024-10-06"
    assert library.rows([1])[0].day == "2024-11-28"
    without_date = library.import_digest(inferred)
    assert (without_date.unchanged, str(without_date.day)) == (1, "2024-11-28")


def test_a_day_that_is_given_and_is_the_inferred_one_only_settles_it(library: Library) -> None:
    library.import_digest(digest("Alpha", inferred=True, content="page"))
    report = library.import_digest(digest("Alpha", given=True, content="page"))
    assert (report.updated, report.unchanged, report.day_inferred) == (0, 1, False)
    assert not library.digests()[0].day_inferred


def test_a_day_that_was_given_outlives_the_one_that_the_page_prints(library: Library) -> None:
    printed = digest("Alpha", day="2025-11-28", content="page")
    library.import_digest(printed)
    library.import_digest(digest("Alpha", day="2025-11-27", given=True, content="page"))
    again = library.import_digest(printed)
    assert (again.unchanged, str(again.day)) == (1, "2025-11-27")
    assert only(library).days == ("2025-11-27",)


def test_a_row_that_turns_out_to_be_known_is_not_counted_as_new(library: Library) -> None:
    library.import_digest(digest(listing("Alpha", arxiv_id="2501.00001")))
    report = library.import_digest(digest("Alpha reloaded", listing("Alpha reloaded", arxiv_id="2501.00001"), day=None))
    assert (report.listed, report.new, report.updated) == (1, 0, 1)
    assert only(library).id == 1


def test_a_rehearsal_reports_and_changes_nothing(library: Library) -> None:
    library.import_digest(digest("Alpha"))
    before = library.generations()
    report = library.import_digest(digest("Alpha", "Beta", day="2025-12-01"), rehearse=True)
    assert (report.new, report.updated) == (1, 1)
    assert library.generations() == before
    assert len(library.digests()) == 1


def test_a_paper_that_stands_twice_in_a_page_counts_once(library: Library) -> None:
    report = library.import_digest(digest("Alpha", listing("Alpha", comments=2), "Beta"))
    assert (report.listed, report.new, report.updated) == (2, 2, 0)
    assert library.entry(1).comments == 2


def test_removing_a_digest_takes_its_untouched_papers_and_no_others(library: Library) -> None:
    library.import_digest(digest("Alpha", "Beta", "Gamma"))
    library.import_digest(digest("Beta", day="2025-11-29"))
    library.note(3, "mine")
    assert library.remove_digest(1) == 1
    assert [entry.title for entry in library.entries([1, 2, 3])] == ["Beta", "Gamma"]
    assert library.entry(2).days == ("2025-11-29",)
    assert library.entry(3).days == ()
    with pytest.raises(UnknownDigest, match="no digest 1"):
        library.remove_digest(1)
    library.import_digest(digest("Delta", day="2025-11-30"))
    assert library.ids("delta") == [4], "an id is never used again"


def test_unparsed_lines_are_kept_with_their_numbers(library: Library) -> None:
    report = library.import_digest(digest("Alpha", unparsed=((7, "???"), (9, "[/b]"))))
    assert report.unparsed == 2
    assert report.digest is not None
    assert library.digest(report.digest).unparsed == ((7, "???"), (9, "[/b]"))
