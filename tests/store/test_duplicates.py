"""Near duplicates: which pairs are offered, and what merging them and keeping them apart does."""

import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import NothingToUndo, UnknownPaper
from store.library import Library
from store.likeness import Known, likeness
from store.models import Listing
from store.sources import parse
from store.text import title_key
from tests.store.making import digest, listing
from tests.store.test_model import DAYS, sound

ABSTRACT = (
    "Caches of keys and values grow with the context and soon fill the memory of any accelerator. We look at which "
    "windows of the context a model attends to and keep only those. On twelve benchmarks our way loses half a point "
    "of accuracy while it needs a tenth of the memory. We give the code and all the measurements to everybody."
)
OTHER = (
    "Robots that learn to walk fall often, and each fall costs time and parts. Here a second network learns to foresee "
    "a fall from the last few steps and takes over in time. A robot of twelve kilograms walked for three days in a "
    "forest and fell twice. What the second network has learned serves other robots without any further training."
)


def pairs(library: Library) -> list[tuple[int, int]]:
    return [(pair.one.id, pair.other.id) for pair in library.duplicates()]


def paper(title: str, **values: object) -> Listing:
    return listing(title, **{"abstract": ABSTRACT, **values})


def known(title: str, abstract: str | None = None, **values: object) -> Known:
    facts = {"published": None, "authors": (), "arxiv_id": None, **values}
    return Known(title, title_key(title), abstract, **facts)  # type: ignore[arg-type]


# What is offered


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("WindowKV: Keeping what a model attends to", "WindowKV: Keeping What Models Attend To"),
        ("Learning with $\\alpha$-divergences in M$^3$", "Learning with α-divergences in M3"),
        ("Multi-modal retrieval for everybody", "Multimodal Retrieval for Everybody"),
        ("Scaling laws of sparse attention", "Scaling law of sparse attentoin"),
        ("Sparse attention at scale", "Which windows of the context matter?"),
    ],
)
def test_two_versions_of_a_paper_are_offered(library: Library, one: str, other: str) -> None:
    library.import_digest(digest(paper(one), paper("Walking", abstract=OTHER)))
    library.import_digest(digest(paper(other, abstract=ABSTRACT.replace("twelve", "fourteen")), day="2025-12-01"))
    (pair,) = library.duplicates()
    assert (pair.one.title, pair.other.title) == (one, other)
    assert pair.score > 0.7
    assert "abstract" in pair.reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The theory of everything, Part I", "The theory of everything, Part II"),
        ("Qwen2 Technical Report", "Qwen2.5 Technical Report"),
        ("Language models are few-shot learners: GPT-3", "Language models are few-shot learners: GPT-4"),
        ("Personalization of Language Models: A Survey", "A Survey of Personalization of Language Models"),
        ("Sparse attention helps long contexts", "Comment on: Sparse attention helps long contexts"),
        ("Supervised learning of robot gaits", "Unsupervised learning of robot gaits"),
        ("Understanding of audio by large language models", "Understanding of video by large language models"),
        ("Training with labels", "Training without labels"),
    ],
)
@pytest.mark.parametrize("abstracts", [(ABSTRACT, OTHER), (None, None)])
def test_papers_of_a_series_are_not_offered(one: str, other: str, abstracts: tuple[str | None, str | None]) -> None:
    assert likeness(known(one, abstracts[0]), known(other, abstracts[1])) is None


def test_two_arxiv_ids_are_two_papers_unless_the_abstracts_are_nearly_the_same() -> None:
    one, two = (
        known("Sparse attention", ABSTRACT, arxiv_id="2501.00001"),
        known("Sparse atention", arxiv_id="2502.00002"),
    )
    assert likeness(one, two) is None
    assert likeness(one, two._replace(abstract=ABSTRACT.replace("on twelve benchmarks", "everywhere"))) is not None


def test_authors_and_dates_decide_where_there_is_no_abstract() -> None:
    one = known("Sparse attention at scale", authors=("Ada Byron",), published="2025-01-02")
    same = known("Sparse attention at a scale", authors=("A. Byron",), published="2025-01-02")
    found = likeness(one, same)
    assert found is not None
    assert found.reason == (
        "Nearly the same title, the same authors, published on the same day; but no abstract to compare"
    )
    assert likeness(one, same._replace(authors=("Ben Bitdiddle",))) is None
    assert likeness(one, same._replace(authors=(), published="2021-01-02")) is None
    cut = known("WindowKV: Sparse attention at scale", authors=("Ada Byron",))
    assert likeness(cut, known("WindowKV", authors=("Ada Byron",))) is not None
    assert likeness(cut, known("WindowKV")) is None


def test_withdrawn_papers_are_not_taken_for_one() -> None:
    withdrawn = (
        "This paper has been withdrawn by the authors, since there is an error in the proof of the main theorem" * 2
    )
    assert likeness(known("On primes", withdrawn), known("On the sums of squares", withdrawn)) is None


def test_what_many_papers_share_makes_no_pairs(library: Library) -> None:
    abstract = "We show that it works on all of the benchmarks that there are in this field. {}"
    library.import_digest(
        digest(*(listing(f"A title with number {n}", abstract=abstract.format(n)) for n in range(60)))
    )
    assert pairs(library) == []


def test_of_all_real_papers_only_the_one_submitted_twice_is_offered(library: Library, corpus: Path) -> None:
    for file in sorted([*(corpus / "hf_api").glob("*.json"), *(corpus / "seeds").glob("*.txt")]):
        library.import_digest(parse(file.read_bytes(), file.name))
    assert len(library.ids()) > 4000
    offered = [(pair.one.arxiv_id, pair.other.arxiv_id) for pair in library.duplicates()]
    assert offered == [("2410.06949", "2412.11713")]  # Seeker, under another title two months later


# Merging


def world(library: Library) -> dict[str, list[tuple[object, ...]]]:
    """All that the library holds but the journal and the words of searches."""
    connection = sqlite3.connect(library.path)
    tables = ("papers", "aliases", "digests", "listings", "states", "tags", "apart", "marks_fts")
    found = {table: sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in tables}
    connection.close()
    return found


@pytest.fixture
def two(library: Library) -> Library:
    """Paper 1 by a flat page, paper 2 by a source that knows more; both with marks of the person."""
    library.import_digest(digest(paper("WindowKV: Keeping what matters"), paper("Walking", abstract=OTHER), day=None))
    library.import_digest(
        digest(paper("WindowKV: Keep What Matters", arxiv_id="2501.00001", upvotes=7, authors=("Ada Byron",)))
    )
    library.mark([1], read=True)
    library.note(1, "one")
    library.tag([1, 3], add=["kv cache"])
    library.mark([3], starred=True)
    library.note(3, "three")
    return library


def test_a_merged_paper_has_what_both_sources_and_the_person_said(two: Library) -> None:
    assert pairs(two) == [(1, 3)]
    done = two.merge(1, 3)
    assert done.changed == (1, 3)
    assert done.summary == "Merged two papers into “WindowKV: Keep What Matters”"
    entry = two.entry(1)
    assert (entry.title, entry.arxiv_id, entry.upvotes) == ("WindowKV: Keep What Matters", "2501.00001", 7)
    assert (entry.read, entry.starred, entry.tags, entry.note) == (True, True, ("kv cache",), "one\n\nthree")
    assert entry.days == ("2025-11-28",)
    assert len(two.ids()) == 2
    assert pairs(two) == []
    assert two.log()[0].papers == 2
    sound(two)


def test_undo_of_a_merge_brings_back_everything_and_redo_merges_again(two: Library) -> None:
    before = world(two)
    two.merge(1, 3)
    merged = world(two)
    assert two.undo().kept == ()
    assert world(two) == before
    two.redo()
    assert world(two) == merged
    two.undo()
    while two.undo().summary != "Marked read: “WindowKV: Keeping what matters”":
        pass
    assert two.list("is:tagged OR has:note OR is:read OR is:starred") == []
    sound(two)


def test_undo_of_a_merge_leaves_what_was_changed_since(two: Library) -> None:
    two.merge(1, 3)
    with sqlite3.connect(two.path) as connection:  # another program: in the app, undo would come to this first
        connection.execute("UPDATE states SET note = 'mine' WHERE paper = 1")
        connection.execute("DELETE FROM tags WHERE paper = 1")
    two.import_digest(
        digest(paper("WindowKV: Keeping what matters", upvotes=9, arxiv_id="2501.00001"), day="2025-12-02")
    )
    undone = two.undo()
    assert undone.kept == ("“WindowKV: Keeping what matters”: the note has changed since and stays as it is",)
    one, three = two.entries([1, 3])
    assert (one.note, one.tags, one.upvotes, one.days) == ("mine", (), 9, ("2025-12-02",))
    assert (three.note, three.tags, three.upvotes, three.days) == ("three", ("kv cache",), 7, ("2025-11-28",))
    assert (one.arxiv_id, three.arxiv_id) == (None, "2501.00001")
    sound(two)


def test_pages_of_either_go_to_the_merged_paper(library: Library) -> None:
    library.import_digest(digest(paper("Sparse attention", arxiv_id="2501.00001")))
    library.import_digest(digest(paper("Dense attention", arxiv_id="2502.00002"), day="2025-11-29"))
    library.merge(1, 2)
    library.import_digest(digest(paper("Dense attention, again", arxiv_id="2502.00002"), day="2025-12-01"))
    library.import_digest(digest(paper("Sparse attention"), day="2025-12-02"))
    assert library.ids() == [1]
    assert library.entry("arXiv:2502.00002v3").id == 1
    assert library.search("https://arxiv.org/abs/2502.00002")[0].id == 1
    library.undo()
    assert (library.entry("2501.00001").id, library.entry("2502.00002").id) == (1, 2)
    library.import_digest(digest(paper("Dense attention", arxiv_id="2502.00002", upvotes=3), day="2025-12-03"))
    assert library.entry(2).upvotes == 3


def test_merging_a_paper_with_itself_changes_nothing_and_an_unknown_one_is_an_error(two: Library) -> None:
    assert two.merge(1, 1).entry is None
    assert two.keep_apart(1, 1).entry is None
    for act in (two.merge, two.keep_apart):
        with pytest.raises(UnknownPaper):
            act(1, 99)
    assert pairs(two) == [(1, 3)]


def test_an_import_that_shows_undone_merges_to_be_one_paper_ends_them(two: Library) -> None:
    two.merge(1, 3)
    two.undo()
    two.import_digest(digest(paper("WindowKV: Keeping what matters", arxiv_id="2501.00001"), day="2025-12-01"))
    assert 3 not in two.ids()
    assert two.redo().kept == ("Nothing of it was left: two rows became one paper since",)
    stars = two.entry(1).starred
    two.undo()
    assert two.entry(1).starred == stars
    sound(two)


# Keeping apart


def test_texts_without_end_are_compared_by_their_beginnings(library: Library) -> None:
    """Of a million characters each, all with all would take hours."""
    title, abstract = "A word that is another " * 40_000, f"{ABSTRACT} " * 3_000
    library.import_digest(digest(listing(f"{title}one", abstract=abstract)))
    library.import_digest(digest(listing(f"{title}two", abstract=f"{abstract} The end.")))
    assert pairs(library) == [(1, 2)]


def test_what_was_kept_apart_is_not_offered_again(two: Library) -> None:
    done = two.keep_apart(3, 1)
    assert done.summary == "Kept apart “WindowKV: Keep What Matters” and “WindowKV: Keeping what matters”"
    assert two.keep_apart(1, 3).entry is None
    with Library(two.path) as other:
        assert pairs(other) == []
        other.undo()
    assert pairs(two) == [(1, 3)]
    two.redo()
    assert pairs(two) == []


def test_a_merged_paper_is_kept_apart_from_what_either_was(two: Library) -> None:
    two.import_digest(digest(paper("WindowKV: Kept what mattered", abstract=f"{ABSTRACT} More."), day="2025-12-01"))
    two.keep_apart(3, 4)
    two.merge(1, 3)
    assert pairs(two) == []
    two.undo()
    assert sorted(pairs(two)) == [(1, 3), (1, 4)]
    two.undo()
    assert len(pairs(two)) == 3


@pytest.mark.parametrize("pair", [(1, 2), (2, 1)])
@pytest.mark.parametrize("undone", [False, True])
def test_papers_that_an_import_joined_are_kept_apart_no_more(
    library: Library, pair: tuple[int, int], undone: bool
) -> None:
    library.import_digest(digest(listing("Alpha"), listing("Beta", arxiv_id="2501.00001")))
    library.keep_apart(*pair)
    if undone:
        library.undo()
    library.import_digest(digest(listing("Alpha", arxiv_id="2501.00001"), day="2025-12-01"))
    assert len(library.ids()) == 1
    for turn in (library.redo, library.undo, library.redo) if undone else (library.undo, library.redo):
        done = turn()
        assert done.changed == ()
        assert done.kept == ("Nothing of it was left: two rows became one paper since",)
    with closing(sqlite3.connect(library.path)) as connection:
        assert connection.execute("SELECT * FROM apart").fetchall() == []


# Whatever is done in whatever order


@st.composite
def shown(draw: st.DrawFn) -> Listing:
    number = draw(st.integers(0, 4))
    return listing(
        ("Alpha", "Alphas", "Beta", "Gamma", "Gammas")[number],
        arxiv_id=draw(st.sampled_from((None, f"2501.0000{number}"))),
        abstract=draw(st.sampled_from((None, "one", "two"))),
        upvotes=draw(st.none() | st.integers(0, 3)),
    )


act = st.one_of(
    st.tuples(st.just("merge"), st.integers(0, 9), st.integers(0, 9)),
    st.tuples(st.just("apart"), st.integers(0, 9), st.integers(0, 9)),
    st.tuples(st.sampled_from(("star", "skip", "note", "tag")), st.integers(0, 9)),
    st.tuples(st.sampled_from(("undo", "redo"))),
)
pages = st.lists(st.tuples(st.lists(shown(), min_size=1, max_size=4), st.sampled_from(DAYS)), min_size=1, max_size=4)


def do(library: Library, what: str, numbers: list[int]) -> None:
    ids = sorted(library.ids())
    papers = [ids[number % len(ids)] for number in numbers]
    match what:
        case "merge":
            library.merge(*papers)
        case "apart":
            library.keep_apart(*papers)
        case "star":
            library.mark(papers, starred=True)
        case "skip":
            library.mark(papers, skipped=True)
        case "note":
            library.note(papers[0], f"note {papers[0]}")
        case "tag":
            library.tag(papers, add=["rl"])
        case _:
            with suppress(NothingToUndo):
                getattr(library, what)()


@settings(max_examples=25, deadline=None)
@given(documents=pages, actions=st.lists(act, max_size=12))
def test_undoing_everything_is_the_start_and_redoing_it_the_end(
    documents: list[tuple[list[Listing], str | None]], actions: list[tuple]
) -> None:
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder) / "library.db") as library:
        for number, (papers, day) in enumerate(documents):
            library.import_digest(digest(*papers, day=day, content=f"{number}"))
        start = world(library)
        for what, *numbers in actions:
            do(library, what, numbers)
        end, steps = world(library), 0
        with suppress(NothingToUndo):
            while library.undo():
                steps += 1
        assert world(library) == start
        sound(library)
        for _ in range(steps):
            assert library.redo().kept == ()
        assert world(library) == end
        sound(library)


anything = st.one_of(
    act,
    st.tuples(st.just("import"), st.lists(shown(), min_size=1, max_size=3), st.sampled_from(DAYS)),
    st.tuples(st.just("remove"), st.integers(0, 9)),
)


@settings(max_examples=25, deadline=None)
@given(documents=pages, actions=st.lists(anything, max_size=16))
def test_merges_among_imports_and_removals_keep_the_library_sound(
    documents: list[tuple[list[Listing], str | None]], actions: list[tuple]
) -> None:
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder) / "library.db") as library:
        for number, (papers, day) in enumerate(documents):
            library.import_digest(digest(*papers, day=day, content=f"{number}"))
        for number, (what, *rest) in enumerate(actions):
            if what == "import":
                library.import_digest(digest(*rest[0], day=rest[1], content=f"later {number}"))
            elif what == "remove" and library.digests():
                library.remove_digest(library.digests()[rest[0] % len(library.digests())].id)
            elif what != "remove" and library.ids():
                do(library, what, rest)
        for replay in (library.undo, library.redo):
            with suppress(NothingToUndo):
                while replay():
                    assert not library.ids("is:starred is:skipped")
            sound(library)


def test_an_import_joins_rows_that_a_merge_left_with_two_ids(library: Library) -> None:
    library.import_digest(digest(paper("Alpha", arxiv_id=None), day=None))
    library.import_digest(digest(paper("Beta", arxiv_id="2501.00001"), paper("Gamma", arxiv_id="2501.00002"), day=None))
    alpha, beta, gamma = sorted(library.ids())
    library.merge(beta, gamma)
    library.import_digest(
        digest(paper("Alpha", arxiv_id="2501.00001"), paper("Gamma", arxiv_id="2501.00002"), day=None)
    )
    assert library.ids() == [alpha]
    sound(library)
