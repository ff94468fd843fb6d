"""Marks, tags and notes as the person set them, and how each is taken back."""

import sqlite3

import pytest

from store.entries import View
from store.errors import InvalidTag, NothingToUndo, UnknownPaper
from store.library import Library
from tests.store.making import digest, listing


@pytest.fixture
def library(library: Library) -> Library:
    library.import_digest(digest("Alpha", "Beta", "Gamma"))
    return library


def state(library: Library) -> list[tuple[object, ...]]:
    return [(e.read, e.starred, e.skipped, e.tags, e.note) for e in library.entries([1, 2, 3])]


def test_three_undos_after_a_mark_a_tag_and_a_note_bring_back_the_start(library: Library) -> None:
    start, counts = library.entries([1, 2, 3]), library.counts()
    library.mark([1, 2], starred=True)
    library.tag([1], add=["rl"])
    library.note(1, "hello")
    undone = [library.undo().summary for _ in range(3)]
    assert undone == ["Noted “Alpha”", "Tagged with rl: “Alpha”", "Starred 2 papers"]
    assert library.entries([1, 2, 3]) == start
    assert library.counts() == counts
    with pytest.raises(NothingToUndo):
        library.undo()


def test_redo_does_it_again_and_a_new_action_ends_it(library: Library) -> None:
    library.mark([1], read=True)
    library.note(2, "note")
    after = state(library)
    library.undo()
    library.undo()
    library.redo()
    library.redo()
    assert state(library) == after
    library.undo()
    library.mark([3], skipped=True)
    with pytest.raises(NothingToUndo):
        library.redo()
    assert [entry.state for entry in library.log()] == ["done", "dropped", "done"]


def test_what_changes_nothing_makes_no_entry_and_keeps_the_redo(library: Library) -> None:
    library.mark([1], starred=True)
    library.mark([2], starred=True)
    library.undo()
    assert library.mark([1], starred=True).entry is None
    assert library.tag([1], remove=["absent"]).summary == "Nothing to change"
    assert library.note(1, "  \n").entry is None
    assert len(library.log()) == 2
    assert library.redo().changed == (2,)


def test_starring_and_skipping_exclude_each_other_in_one_entry(library: Library) -> None:
    library.mark([1], skipped=True)
    library.mark([1, 2], starred=True)
    assert [(e.starred, e.skipped) for e in library.entries([1, 2])] == [(True, False), (True, False)]
    library.undo()
    assert [(e.starred, e.skipped) for e in library.entries([1, 2])] == [(False, True), (False, False)]
    library.redo()
    library.mark([2], skipped=True)
    assert (library.entry(2).starred, library.entry(2).skipped) == (False, True)


def test_undo_leaves_what_another_process_changed_since_and_says_so(library: Library) -> None:
    library.note(1, "mine")
    library.note(2, "other")
    with Library(library.path) as other, other._connections.write() as connection:
        connection.execute("UPDATE states SET note = 'theirs' WHERE paper = 2")
    undone = library.undo()
    assert undone.kept == ("“Beta”: the note has changed since and stays as it is",)
    assert library.entry(2).note == "theirs"


def test_a_note_and_its_time_are_put_back_or_left_together(library: Library) -> None:
    def times() -> list[tuple[object, ...]]:
        with library._connections.read() as connection:
            return connection.execute("SELECT note, note_at IS NULL FROM states ORDER BY paper").fetchall()

    library.note(1, "mine")
    with Library(library.path) as other, other._connections.write() as connection:
        connection.execute("UPDATE states SET note = 'theirs'")
    library.undo()
    assert times() == [("theirs", 0)]
    library.note(2, "mine")
    with Library(library.path) as other, other._connections.write() as connection:
        connection.execute("UPDATE states SET note_at = '2027' WHERE paper = 2")
    assert library.undo().kept == ()
    assert times() == [("theirs", 0)]


def test_undoing_a_renamed_tag_leaves_the_old_one_that_was_put_on_again(library: Library) -> None:
    library.tag([1, 2], add=["old"])
    library.rename_tag("old", "new")
    with Library(library.path) as other, other._connections.write() as connection:
        connection.execute("INSERT INTO tags (paper, tag) VALUES (1, 'old')")
    assert library.undo().kept == ("“Alpha”: the tag old has changed since and stays as it is",)
    assert [(tag.tag, tag.papers) for tag in library.tags()] == [("old", 2)]
    with Library(library.path) as other, other._connections.write() as connection:
        connection.execute("DELETE FROM tags WHERE paper = 2")
    assert library.redo().kept == ("“Beta”: the tag old has changed since and stays as it is",)
    assert [entry.tags for entry in library.entries([1, 2])] == [("new",), ("new",)]


def test_fields_left_alone_are_counted_where_they_are_many(library: Library) -> None:
    library.import_digest(digest(*(f"Paper {number}" for number in range(2000)), day="2025-12-01"))
    library.mark(library.ids(), read=True)
    with Library(library.path) as other, other._connections.write() as connection:
        connection.execute("UPDATE states SET read_at = '2027'")
    undone = library.undo()
    assert len(undone.kept) == 6
    assert undone.kept[-1] == "As many as 1,998 more have changed since and stay as they are"
    assert library.counts()[View.READ] == 2003


def test_undo_passes_over_a_paper_that_another_program_removed(library: Library) -> None:
    library.mark([1, 2], starred=True)
    with sqlite3.connect(library.path) as other:
        other.execute("DELETE FROM states WHERE paper = 1")
        other.execute("DELETE FROM listings WHERE paper = 1")
        other.execute("DELETE FROM papers WHERE id = 1")
    other.close()
    assert library.undo().kept == ("“paper 1”: the star has changed since and stays as it is",)
    assert library.redo().changed == (2,)
    assert [paper.id for paper in library.list("is:starred")] == [2]


def test_undo_says_where_nothing_was_left_to_take_back(library: Library) -> None:
    library.import_digest(digest("Delta", listing("Delta, a draft", arxiv_id="2501.00001"), content="two rows"))
    library.mark([4], starred=True)
    library.mark([5], starred=True)
    library.import_digest(digest(listing("Delta", arxiv_id="2501.00001"), content="they are one paper"))
    undone = library.undo()
    assert (undone.changed, undone.kept) == ((), ("Nothing of it was left: two rows became one paper since",))
    assert library.entry(4).starred
    assert library.undo().changed == (4,)
    assert not library.entry(4).starred


def test_undo_never_skips_what_another_program_starred(library: Library) -> None:
    library.mark([1], skipped=True)
    library.mark([1], starred=True)
    with Library(library.path) as other, other._connections.write() as connection:
        connection.execute("UPDATE states SET starred_at = '2026-01-01T00:00:00.000Z' WHERE paper = 1")
    assert library.undo().kept == (
        "“Alpha”: the star has changed since and stays as it is",
        "“Alpha”: the skip has changed since and stays as it is",
    )
    assert (library.entry(1).starred, library.entry(1).skipped) == (True, False)


def test_a_line_is_added_to_a_note_whoever_wrote_it(library: Library) -> None:
    assert library.append_note(1, "first").summary == "Noted “Alpha”"
    with Library(library.path) as other:
        other.append_note(1, "second")
    library.append_note(1, "third")
    assert library.append_note(1, " ").entry is None
    assert library.entry(1).note == "first\nsecond\nthird"
    library.undo()
    assert library.entry(1).note == "first\nsecond"


@pytest.mark.parametrize(
    ("before", "theirs", "ours", "both"),
    [
        ("Good.", "Good.\nBy them.", "Very good.\n", "Very good.\nBy them."),
        ("Good.\n", "Good.\n\nBy them.\n", "Good.\nBy me.", "Good.\nBy me.\n\nBy them.\n"),
        ("Good.", "Bad.", "Very good.", "Very good.\n\nBad."),
        ("Good.", "Goodness.", "Good, really.", "Good, really.\n\nGoodness."),
        ("", "By them.", "\n\tBy me.", "\n\tBy me.\n\nBy them."),
        ("Good.", "", "Very good.", "Very good."),
        ("Good.", "Good.\nBy them.", "", "By them."),
        ("Good.", "Bad.", "", "Bad."),
        ("Good.", "Same.", "Same.", "Same."),
    ],
)
def test_two_writers_of_one_note_lose_neither_text(
    library: Library, before: str, theirs: str, ours: str, both: str
) -> None:
    library.note(1, before)
    with Library(library.path) as other:
        other.note(1, theirs)
    said = library.note(1, ours, instead_of=before).summary
    assert (library.entry(1).note or "") == both
    assert ("changed elsewhere" in said) == (bool(theirs) and theirs != ours)
    if both != theirs:
        library.undo()
        assert (library.entry(1).note or "") == theirs


def test_a_note_that_nobody_else_changed_is_replaced(library: Library) -> None:
    library.note(1, "Good.", instead_of="")
    assert library.note(1, "Better.", instead_of="Good.").summary == "Changed the note on “Alpha”"
    library.note(1, None, instead_of="Better.")
    library.note(1, "  ", instead_of="  ")
    assert library.entry(1).note is None
    library.note(1, "Anew.")
    library.note(1, "Plain.")
    assert library.entry(1).note == "Plain."


def test_an_unknown_paper_changes_nothing_at_all(library: Library) -> None:
    for action in (
        lambda: library.mark([1, 99], read=True),
        lambda: library.tag([1, 99], add=["x"]),
        lambda: library.note(99, "x"),
        lambda: library.resolve([1, "2501.99999", "x"]),
    ):
        with pytest.raises(UnknownPaper, match=r"99"):
            action()
    assert library.log() == []
    assert state(library) == [(False, False, False, (), None)] * 3


def test_tags_are_lower_case_and_refuse_commas_and_line_ends(library: Library) -> None:
    library.tag([1], add=[" Reinforcement  Learning ", "RL"])
    assert library.entry(1).tags == ("reinforcement learning", "rl")
    for wrong in ("a,b", "a\nb", "  "):
        with pytest.raises(InvalidTag):
            library.tag([1], add=["fine", wrong])
    assert library.entry(1).tags == ("reinforcement learning", "rl")


def test_an_action_is_said_in_plain_words(library: Library) -> None:
    library.tag([2], add=["rl"])
    said = [
        library.tag([1], add=["kv", "long context"]).summary,
        library.tag([1, 2], add=["rl", "new"], remove=["kv"]).summary,
        library.mark([1], read=True, starred=True).summary,
        library.mark([1], skipped=True).summary,
        library.mark([1, 2, 3], read=False).summary,
    ]
    assert said == [
        "Tagged with kv, “long context”: “Alpha”",
        "Tagged with rl: 1 paper; Tagged with new: 2 papers; Took kv off 1 paper",
        "Marked read: “Alpha”; Starred “Alpha”",
        "Skipped “Alpha”",
        "Marked unread: “Alpha”",
    ]


def test_renaming_a_tag_merges_it_with_one_that_exists_and_is_one_entry(library: Library) -> None:
    library.tag([1, 2], add=["llm"])
    library.tag([2, 3], add=["llms"])
    before = state(library)
    done = library.rename_tag("llms", "LLM")
    assert done.summary == "Renamed the tag llms to llm (2 papers)"
    assert [(tag.tag, tag.papers) for tag in library.tags()] == [("llm", 3)]
    library.undo()
    assert state(library) == before


def test_views_count_what_their_queries_list(library: Library) -> None:
    library.mark([1], starred=True)
    library.mark([2], read=True, starred=True)
    for view, count in library.counts().items():
        assert count == len(library.ids(view.value)), view
    assert library.counts()[View.TO_READ] == 1
    assert [(d.day, d.papers, d.undecided) for d in library.days()] == [("2025-11-28", 3, 1)]


def test_a_note_is_kept_to_the_letter(library: Library) -> None:
    text = "# My *note*\n\n  indented\n\ttabs, “quotes”, emoji 🙂\n"
    library.note(1, text)
    assert library.entry(1).note == text
    library.note(1, None)
    assert library.entry(1).note is None
    library.undo()
    assert library.entry(1).note == text


def test_a_day_with_two_pages_counts_a_paper_of_both_once(library: Library) -> None:
    library.import_digest(digest("Gamma", "Delta", content="a second page of the day"))
    library.import_digest(digest("Gamma", day="2025-11-30"))
    library.mark([3], read=True)
    assert library.days() == [("2025-11-30", 1, 0), ("2025-11-28", 4, 3)]


def test_bytes_that_are_no_text_do_not_lose_a_note(library: Library) -> None:
    library.note(1, "before \udce9 after")
    assert library.entry(1).note == "before ? after"
    library.tag([1], add=["caf\u0065\u0301", "x\udce9y", "👩\u200d💻", "\x1b[31mred\x1b[0m"])
    assert library.entry(1).tags == ("café", "red", "xy", "👩\u200d💻")


def test_marking_many_is_one_entry_and_one_undo(library: Library) -> None:
    library.import_digest(digest(*(f"Paper {number}" for number in range(5000)), day="2025-12-01"))
    inbox = library.ids("is:inbox")
    done = library.mark(inbox, read=True)
    assert done.summary == "Marked read: 5,003 papers"
    assert library.counts()[View.INBOX] == 0
    library.undo()
    assert library.ids("is:inbox") == inbox


@pytest.mark.parametrize("tag", ["{", "}", "{}", "{0.__class__}", "a{b}c", "%s %(x)s"])
def test_braces_in_a_tag_are_a_tag(library: Library, tag: str) -> None:
    assert library.tag([1], add=[tag]).summary.startswith(f"Tagged with {'“' * (' ' in tag)}{tag}")
    assert library.tag([1], remove=[tag]).summary.startswith(f"Took {'“' * (' ' in tag)}{tag}")
