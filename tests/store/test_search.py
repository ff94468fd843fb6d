"""Typo-tolerant search: what is found, in which order, and that it is never out of date."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import QueryError
from store.lexicon import Lexicon
from store.library import Library
from store.search import Searcher
from tests.store.making import digest, listing

WINDOWKV = "WindowKV: Task-Adaptive Group-Wise KV Cache Window Selection for Efficient LLM Inference"
TITLES = (
    WINDOWKV,
    "Attention Is All You Need",
    "A Survey of Reinforcement Learning from Human Feedback",
    "Transformers Learn to Plan",
    "KVCache Compression at the Edge",
    "Diffusion Models Beat GANs on Image Synthesis",
    "GPT-4 Technical Report",
    "Qwen2.5-VL Technical Report",
    "Deep Residual Learning for Image Recognition",
)


@pytest.fixture
def papers(library: Library) -> Library:
    """A library with TITLES, whose abstracts say nothing."""
    library.import_digest(digest(*(listing(title, abstract=None) for title in TITLES)))
    return library


def titles(library: Library, text: str, limit: int = 50) -> list[str]:
    return [entry.title for entry in library.search(text, limit)]


def add(library: Library, *papers: tuple[str, str | None], day: str = "2025-11-28") -> None:
    library.import_digest(digest(*(listing(title, abstract=abstract) for title, abstract in papers), day=day))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("windowkv", WINDOWKV),
        ("window kv", WINDOWKV),
        ("windwkv cahe", WINDOWKV),
        ("efficient inference", WINDOWKV),
        ("attention", "Attention Is All You Need"),
        ("attentoin", "Attention Is All You Need"),
        ("atention", "Attention Is All You Need"),
        ("attenttion", "Attention Is All You Need"),
        ("ettention", "Attention Is All You Need"),
        ("tatention", "Attention Is All You Need"),
        ("ttention", "Attention Is All You Need"),
        ("trnasfomrers", "Transformers Learn to Plan"),
        ("rtansformesr", "Transformers Learn to Plan"),
        ("tranfsorm", "Transformers Learn to Plan"),
        ("rtansf", "Transformers Learn to Plan"),
        ("dif ima syn", "Diffusion Models Beat GANs on Image Synthesis"),
        ("dep residul lerning", "Deep Residual Learning for Image Recognition"),
        ("gpt4", "GPT-4 Technical Report"),
        ("gpt-4", "GPT-4 Technical Report"),
        ("qwen 2.5", "Qwen2.5-VL Technical Report"),
        ("qwen2.5", "Qwen2.5-VL Technical Report"),
        ("REINFORCEMENT", "A Survey of Reinforcement Learning from Human Feedback"),
    ],
)
def test_a_paper_is_found_by_what_is_typed_of_its_title(papers: Library, typed: str, found: str) -> None:
    assert titles(papers, typed)[0] == found


def test_words_joined_and_apart_find_each_other(papers: Library) -> None:
    both = {WINDOWKV, "KVCache Compression at the Edge"}
    assert set(titles(papers, "kvcache")) == both
    assert set(titles(papers, "kv cache")) == both
    assert set(titles(papers, "kv cach")) == both


def test_short_words_are_taken_as_typed(papers: Library) -> None:
    add(papers, ("The RL Zoo", None), ("The SL Zoo", None))
    assert titles(papers, "rl zoo") == ["The RL Zoo"]


def test_one_typo_from_four_letters_two_from_eight() -> None:
    lexicon = Lexicon([("cache", 1), ("cat", 2), ("transformer", 3)])
    assert [found.text for found in lexicon.misspelt("cahce")] == ["cache"]
    assert not lexicon.misspelt("chace"[::-1])
    assert not lexicon.misspelt("ctache2")
    assert not lexicon.misspelt("car")
    assert [found.typos for found in lexicon.misspelt("trnasfomrer")] == [2]
    assert not lexicon.misspelt("trnasfomrre")


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("深度学习模型综述", "学习"),
        ("大規模言語モデルの評価", "言語モデル"),
        ("Обучение с подкреплением", "обучение"),
        ("Обучение с подкреплением", "подкреплние"),
        ("Ёлки и графы", "елки"),
        ("Μηχανική μάθηση", "μαθηση"),
        ("تعلم الآلة العميق", "العميق"),
        ("Über naïve Bayes", "uber naive"),
        ("Uber naive Bayes", "über naïve"),
        ("Łukasiewicz Logic", "lukasiewicz"),
        ("Phở Bench", "pho"),
        ("한국어 언어 모델", "언어"),
    ],
)
def test_any_script_is_found_with_and_without_accents(library: Library, title: str, typed: str) -> None:
    add(library, (title, None), ("Something else", None))
    assert titles(library, typed)[0] == title


def test_authors_organization_abstract_tags_and_notes_are_searched(library: Library) -> None:
    library.import_digest(
        digest(
            listing("One", abstract="About mamba layers.", authors=("Yoshua Bengio",), organization="Cohere Labs"),
            listing("Two", abstract=None),
        )
    )
    two = library.find("two").ids[0]
    library.tag([two], add=["state space"])
    library.note(two, "Compare with hyena.")
    assert [titles(library, typed) for typed in ("mmaba", "bengoi", "cohere", "mamba cohere")] == [["One"]] * 4
    assert [titles(library, typed) for typed in ("hyena", "hyean", "stat spac", "hyena two")] == [["Two"]] * 4


def test_a_tag_and_a_word_of_the_abstract_find_a_paper_together(library: Library) -> None:
    add(library, ("One", "About mamba layers."), ("Two", "About mamba layers."))
    library.tag(library.ids("sort:title")[:1], add=["rl"])
    assert titles(library, "rl mamba") == ["One"]


def test_title_before_tags_and_note_before_abstract(library: Library) -> None:
    add(
        library, ("In the abstract", "On pruning."), ("By tag", None), ("By note", None), ("Pruning in the title", None)
    )
    by_title = {entry.title: entry.id for entry in library.entries(library.ids())}
    library.tag([by_title["By tag"]], add=["pruning"])
    library.note(by_title["By note"], "pruning")
    found = titles(library, "pruning")
    assert found[0] == "Pruning in the title"
    assert set(found[1:3]) == {"By tag", "By note"}
    assert found[3] == "In the abstract"


def test_exact_before_beginning_before_typo(library: Library) -> None:
    add(library, ("On pruner", None), ("On pruned", None), ("On prune", None), ("On prunes", None))
    assert titles(library, "prune")[0] == "On prune"
    add(library, ("On cachy", None), ("On caches", None), ("On cache", None))
    assert titles(library, "cache") == ["On cache", "On caches", "On cachy"]


def test_rare_words_count_for_more_than_common_ones(library: Library) -> None:
    common = [(f"Learning {word}", None) for word in ("one", "two", "three", "four", "five", "six")]
    add(library, *common, ("Mamba", None))
    assert titles(library, "learning mamba")[0] == "Mamba"


def test_more_of_the_title_covered_before_less_then_newer_first(library: Library) -> None:
    add(library, ("Mamba", None), day="2025-01-01")
    add(library, ("Mamba in Old Vision", None), day="2025-02-01")
    add(library, ("Mamba in New Vision", None), day="2025-03-01")
    add(library, ("Mamba in Very Long and Winding Titles", None), day="2025-04-01")
    assert titles(library, "mamba") == [
        "Mamba",
        "Mamba in New Vision",
        "Mamba in Old Vision",
        "Mamba in Very Long and Winding Titles",
    ]


def test_all_words_must_match_and_papers_that_lack_one_come_only_where_none_has_all(papers: Library) -> None:
    assert titles(papers, "attention need") == ["Attention Is All You Need"]
    add(papers, ("Attention for Mamba", None))
    assert titles(papers, "attention need") == ["Attention Is All You Need"]
    offered = titles(papers, "attention need zebrafish")
    assert offered == ["Attention Is All You Need"]
    assert not titles(papers, "zebrafish quagga")


def test_short_titles_with_a_frequent_word_come_first_among_many(library: Library) -> None:
    many = [(f"Learning Number {number} of a Great Many Papers", None) for number in range(400)]
    add(library, ("Learning", None), day="2025-01-01")
    add(library, *many, day="2025-02-01")
    assert titles(library, "learning")[0] == "Learning"
    assert titles(library, "l")[0] == "Learning"
    assert len(titles(library, "lea")) == 50


def test_filters_narrow_the_search(papers: Library) -> None:
    wanted = papers.find("attention").ids
    papers.mark(wanted, starred=True)
    papers.tag(wanted, add=["classic"])
    assert titles(papers, "atention is:starred") == ["Attention Is All You Need"]
    assert titles(papers, "atention tag:classic") == ["Attention Is All You Need"]
    assert not titles(papers, "atention is:read")
    assert papers.find("report", within="is:starred").ids == ()
    assert len(papers.find("report", within="is:inbox").ids) == 2


def test_a_filter_that_keeps_most_of_a_large_library_is_met_as_well(library: Library) -> None:
    add(library, *((f"Paper {number} on Mamba", None) for number in range(2100)))
    library.mark(library.ids(limit=3), starred=True)
    assert len(library.find("mamab", limit=20, within="is:inbox").ids) == 20
    assert set(library.find("mamab", limit=20, within="is:starred").ids) == set(library.ids("is:starred"))


def test_the_limit_is_kept(papers: Library) -> None:
    assert len(papers.search("report", 1)) == 1
    assert papers.find("report", 0).ids == ()


def test_found_words_are_those_to_highlight(papers: Library) -> None:
    assert {"windowkv", "cache"} <= set(papers.find("windwkv cahe").words)
    assert "transformers" in papers.find("transf").words


def test_what_another_process_imports_tags_and_notes_is_found_at_once(papers: Library) -> None:
    assert not titles(papers, "axolotl")
    script = (
        "import sys; from store import Library; from tests.store.making import digest\n"
        "with Library(sys.argv[1]) as library:\n"
        "    library.import_digest(digest('Axolotl Regeneration'))\n"
        "    [first] = library.find('gpt').ids\n"
        "    library.tag([first], add=['quokka'])\n"
        "    library.note(first, 'Like a numbat.')\n"
    )
    subprocess.run([sys.executable, "-c", script, str(papers.path)], check=True, cwd=Path(__file__).parents[2])
    assert titles(papers, "axoltl") == ["Axolotl Regeneration"]
    assert titles(papers, "qoukka") == ["GPT-4 Technical Report"]
    assert titles(papers, "nubmat") == ["GPT-4 Technical Report"]


def test_what_another_program_writes_into_the_tables_is_found(papers: Library) -> None:
    assert not titles(papers, "axolotl")
    connection = sqlite3.connect(papers.path)
    connection.execute("UPDATE papers SET abstract = 'On axolotls.' WHERE title = 'Attention Is All You Need'")
    connection.commit()
    connection.close()
    assert titles(papers, "axoltols") == ["Attention Is All You Need"]


def test_a_star_does_not_reload_the_vocabulary(papers: Library) -> None:
    searcher = Searcher()
    connection = sqlite3.connect(papers.path)
    before = searcher._current(connection)
    papers.mark(papers.ids(limit=1), starred=True)
    assert searcher._current(connection) is before
    add(papers, ("Axolotl", None))
    assert searcher._current(connection) is not before
    assert searcher._current(connection).bulk is before.bulk
    connection.close()


def test_removed_papers_and_tags_are_no_longer_found(papers: Library) -> None:
    report = papers.import_digest(digest("Axolotl Regeneration", day="2025-12-01"))
    first = papers.find("gpt").ids
    papers.tag(first, add=["quokka"])
    assert titles(papers, "axolotl")
    assert titles(papers, "quokka")
    assert report.digest is not None
    papers.remove_digest(report.digest)
    papers.undo()
    assert not titles(papers, "axolotl")
    assert not titles(papers, "quokka")


def test_any_thread_may_search_while_another_imports(papers: Library) -> None:
    def search(number: int) -> list[str]:
        return titles(papers, ("windwkv", "atention", f"imported{number}")[number % 3])

    def bring(number: int) -> list[str]:
        add(papers, (f"Imported{number} Paper", None))
        return titles(papers, f"imported{number}")

    with ThreadPoolExecutor(4) as threads:
        searches = [threads.submit(search, number) for number in range(60)]
        imports = [threads.submit(bring, number) for number in range(20)]
        assert all(WINDOWKV in search.result() for search in searches[::3])
        assert all(found.result()[0] == f"Imported{number} Paper" for number, found in enumerate(imports))


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        " ".join(["learning"] * 500),
        " ".join(f"word{number}" for number in range(50)),
        "NEAR(a b) AND * ^title OR",
        "'; DROP TABLE papers; --",
        "title:x {title} : y + z",
        "\x00\x1b[31m\u202e",
        "🙂 ½ Ⅷ ﬁ",
        "…",
        "",
    ],
)
def test_hostile_text_is_harmless(papers: Library, text: str) -> None:
    connection = sqlite3.connect(papers.path)
    assert len(Searcher().find(connection, text, 50).ids) <= 50
    connection.close()
    with suppress(QueryError):
        papers.search(text)


def test_no_text_breaks_a_search(tmp_path: Path) -> None:
    with Library(tmp_path / "library.db") as library:
        add(library, *((title, "Нейронные сети 深度学习 and more.") for title in TITLES))
        connection = sqlite3.connect(library.path)
        searcher = Searcher()

        @settings(max_examples=150, deadline=None)
        @given(st.text(max_size=40) | st.text("atenio kv-2.5深学сети'\"*", max_size=30))
        def check(text: str) -> None:
            found = searcher.find(connection, text, 10)
            assert len(found.ids) == len(set(found.ids)) <= 10

        check()
        connection.close()


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_every_single_typo_is_found(data: st.DataObject) -> None:
    word = data.draw(st.text("abcdefgh", min_size=5, max_size=12))
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcdefgh"))
    typo = data.draw(
        st.sampled_from(
            [
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1 :],
                word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
            ]
        )
    )
    found = [other.text for other in Lexicon([(word, 1)]).misspelt(typo)]
    assert found == ([word] if typo != word else [])


def test_a_filter_that_was_answered_before_sees_what_has_changed_since(library: Library) -> None:
    add(library, *((f"Paper {number} on Mamba", None) for number in range(2100)))
    library.tag(library.ids(), add=["all"])
    assert len(library.find("paper 7 mamba tag:all", limit=1).ids) == 1
    [seventh] = library.find("paper 7 mamba tag:all", limit=1).ids
    library.tag([seventh], remove=["all"])
    assert seventh not in library.find("paper 7 mamba tag:all").ids
