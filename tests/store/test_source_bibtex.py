"""BibTeX as people have it: from Google Scholar, DBLP, Zotero and by hand, whole, broken and hostile."""

import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.models import Listing, Said
from store.sources import parse
from store.sources.bibtex import read, recognises

LIBRARY = r"""% Made by hand.
@string{lake = "Lake Conference"}
@string{long = lake # { on Ferries}}
@preamble{"\newcommand{\x}{y}"}
@comment{jabref-meta: databaseType:bibtex;}

@InProceedings{byron2017,
  title     = {{Attention}: 10.8% of {BERT} is
               All {You} Need for $\mathcal{O}(n)$ \& \emph{{S}low} Ferries},
  author    = {Byron, Ada and Kurt G{\"o}del and {The Quay and Harbour Collaboration}
               and van der Berg, Jan and King, Jr, Martin},
  booktitle = long,
  year      = 2017, month = jun, day = {12},
  abstract  = "We get 10.8% and 4.73%, as {Milenkovi\'c} did.
               Code: https://github.com/example-lab/ferries",
  url       = {https://arxiv.org/abs/1706.00001v5},
  keywords  = {Transformers, {NLP}; Slow Looking
,transformers},
  annote    = {Read \% again.

  * twice},
}
"""
PAPER = Listing(
    title=r"Attention: 10.8% of BERT is All You Need for $\mathcal{O}(n)$ & Slow Ferries",
    abstract="We get 10.8% and 4.73%, as Milenković did. Code: https://github.com/example-lab/ferries",
    published=date(2017, 6, 12),
    n_authors=5,
    authors=("Ada Byron", "Kurt Gödel", "The Quay and Harbour Collaboration", "Jan van der Berg", "Martin King Jr"),
    arxiv_id="1706.00001",
    code_url="https://github.com/example-lab/ferries",
    said=Said(tags=("transformers", "nlp", "slow looking"), note="Read % again.\n\n* twice"),
)


def entry(fields: str) -> Listing:
    """The paper of one entry with these fields and a title."""
    reading = read(f"@article{{key, title = {{Knots}}, {fields}}}", "refs.bib")
    assert reading.unparsed == ()
    (paper,) = reading.listings
    return paper


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_an_entry_is_read_with_its_keywords_as_tags_and_its_annotation_as_the_note(line_end: str) -> None:
    text = LIBRARY.replace("\n", line_end)
    assert recognises(text)
    assert recognises(text[:50])
    reading = read(text, "refs.bib")
    assert (reading.format, reading.day, reading.unparsed) == ("bibtex", None, ())
    assert reading.listings == (PAPER,)


@pytest.mark.parametrize(
    ("fields", "arxiv_id"),
    [
        ("eprint = {2401.00017v2}, archivePrefix = {arXiv}", "2401.00017"),
        ("eprint = {math.GT/0309136}, eprinttype = arxiv", "math.gt/0309136"),
        ("eprint = {2401.00017}, archivePrefix = {pubmed}", None),
        ("arxivId = {2401.00017}", "2401.00017"),
        ("journal = {arXiv preprint arXiv:2401.00017}", "2401.00017"),
        ("journal = {CoRR}, volume = {abs/2401.00017}", "2401.00017"),
        ("doi = {10.48550/ARXIV.2401.00017}", "2401.00017"),
        ("url = {http://www.arxiv.org/pdf/hep-th/9901001v2.pdf}", "hep-th/9901001"),
        (r"howpublished = {\url{https://arxiv.org/abs/2401.00017}}", "2401.00017"),
        ("url = {https://huggingface.co/papers/2401.00017}", "2401.00017"),
        ("doi = {10.1000/2401.00017}, url = {https://pubs.example.org/doi/abs/2401.00017}", None),
        ("note = {Comment on arXiv:2401.00017}", None),
    ],
)
def test_the_arxiv_id_is_found_wherever_people_write_it(fields: str, arxiv_id: str | None) -> None:
    assert entry(fields).arxiv_id == arxiv_id


@pytest.mark.parametrize(
    ("fields", "published"),
    [
        ("date = {2024-02-29}", date(2024, 2, 29)),
        ("year = 2024, month = feb, day = 29", date(2024, 2, 29)),
        ('year = "2024", month = {February}, day = {29}', date(2024, 2, 29)),
        ("year = 2024, month = 2, day = 29", date(2024, 2, 29)),
        ("date = {2024-02-30}", None),
        ("date = {2024-02}", None),
        ("year = 2024, month = feb", None),
        ("year = 2024", None),
        ("year = {in press}, month = x, day = y", None),
    ],
)
def test_only_a_whole_date_is_a_date_of_publication(fields: str, published: date | None) -> None:
    assert entry(fields).published == published


@pytest.mark.parametrize(
    ("url", "code", "project"),
    [
        ("https://github.com/example-lab/knots", "https://github.com/example-lab/knots", None),
        (r"https://example.org/~ada/a\_b", None, "https://example.org/~ada/a_b"),
        ("https://arxiv.org/abs/2401.00017", None, None),
        ("javascript:alert(1)", None, None),
    ],
)
def test_a_url_is_the_code_or_the_project_unless_on_arxiv(url: str, code: str | None, project: str | None) -> None:
    paper = entry(f"url = {{{url}}}")
    assert (paper.code_url, paper.project_url) == (code, project)


def test_accents_at_the_beginning_of_names_are_kept() -> None:
    written = r"@misc{x, title={T}, author={R\&D \& and \'Emile Zola AND {\'E}mile {and} \"Ozer}}"
    assert read(written, "x.bib").listings[0].authors == ("R&D &", "Émile Zola", "Émile and Özer")


def test_a_lone_name_in_braces_is_an_organization() -> None:
    written = "@misc{x, title={T}, author={{Cohere Labs}}}\n@misc{y, title={U}, author={{Smith, Jr.}}}"
    first, second = read(written, "x.bib").listings
    assert (first.authors, first.n_authors, first.organization) == ((), None, "Cohere Labs")
    assert (second.authors, second.organization) == (("Smith, Jr.",), None)


def test_authors_of_a_list_that_goes_on_are_not_counted() -> None:
    paper = entry("author = {Byron, Ada and others}")
    assert (paper.authors, paper.n_authors) == (("Ada Byron",), None)


def test_values_are_joined_and_abbreviations_resolved() -> None:
    text = '@string{kn = "Knots"}\n@misc(k, title = kn # " of " # {Quay} # unknown, subtitle = "A {"}Survey{"}")'
    (paper,) = read(text, "refs.bib").listings
    assert paper.title == 'Knots of Quayunknown: A "Survey"'


def test_entries_with_the_same_key_are_two_papers_and_a_field_twice_is_its_first() -> None:
    text = "@misc{k, title={One}, title={Two}}\n@misc{k, title={Three}}\n@misc{, title={Four}}"
    reading = read(text, "refs.bib")
    assert [paper.title for paper in reading.listings] == ["One", "Three", "Four"]
    assert reading.unparsed == ()


def test_broken_entries_are_kept_with_their_lines_and_the_others_arrive() -> None:
    lines = [
        "@article{first, title = {One}}",
        "@article{open, title = {Never closed, author = {Ada Byron}",
        "  year = 2024",
        "@article{second, title = {Two}}",
        "@article{nokey title = {Three}}",
        "  and its rest",
        "@article{untitled, author = {Ada Byron}}",
        "Words between entries are a comment.",
        "@article{third, title = {Four}}",
        "@article{cut, title = {Fi",
    ]
    text = "\n".join(lines)
    assert recognises(text)
    reading = read(text, "refs.bib")
    assert [paper.title for paper in reading.listings] == ["One", "Two", "Four"]
    assert {line.number for line in reading.unparsed} == {2, 3, 5, 6, 7, 10}
    assert all(line.text == lines[line.number - 1].strip() for line in reading.unparsed)


def test_a_paper_has_the_date_of_the_volume_that_holds_it_and_the_volume_is_no_paper() -> None:
    text = "@inproceedings{k, title={Knots}, crossref={Lake}}\n@proceedings{lake, title={Lake}, date={2020-03-04}}"
    (paper,) = read(text, "refs.bib").listings
    assert (paper.title, paper.published) == ("Knots", date(2020, 3, 4))


@pytest.mark.parametrize("text", ["", "A text by me@example.org, on @article.", "@you {see}", '{"@article": 1}'])
def test_other_texts_are_not_recognised(text: str) -> None:
    assert not recognises(text)
    assert read(text, "text").listings == ()


def test_nothing_is_written_to_the_screen(capfd: pytest.CaptureFixture[str]) -> None:
    read("@article{open, title = {x\n@misc{a, title={b}}", "refs.bib")
    assert capfd.readouterr() == ("", "")


def test_hostile_files_take_no_more_time_than_long_ones() -> None:
    started = time.process_time()
    rounds = "".join(f"@string{{s{n} = {' # '.join([f's{n - 1}'] * 20)}}}\n" for n in range(1, 30))
    for hostile in (
        "@a{k," * 5_000,
        "@" + "a" * 300_000,
        "@article{k, title={" + "{" * 200_000,
        "@article{k, title={x}, author={" + "a" * 200_000 + "}}",
        "@article{k, title={x}, author={" + "a and " * 10_000 + "}}",
        "@article{k, title={" + "$\\a{b}" * 20_000 + "}}",
        "@article{k, title={x}, keywords={" + "a," * 100_000 + "}}",
        f'@string{{s0 = "{"lol" * 90}"}}\n{rounds}@article{{k, title = s29}}',
    ):
        recognises(hostile)
        read(hostile, "refs.bib")
    assert time.process_time() - started < 10


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_whatever_happens_to_a_file_it_is_read(data: st.DataObject) -> None:
    text = LIBRARY + LIBRARY.replace("byron2017", "other")
    harm = st.sampled_from(["{", "}", '"', "\\", "@", "@article{", "#", ",", "=", "$", "\n", "\x1b[m", "\0", "\ud800"])
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 60)))
        text = text[:start] + data.draw(harm | st.text(max_size=5)) + text[end:]
    assert recognises(text) in {True, False}
    reading = read(text, "refs.bib")
    assert all(1 <= line.number <= text.count("\n") + text.count("\r") + 1 for line in reading.unparsed)


def test_bibtexparser_is_imported_only_to_read_a_file() -> None:
    code = "import sys, store.sources.bibtex as b; b.recognises('x'); print('bibtexparser' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_an_entry_quoted_far_down_a_page_makes_no_bibliography_of_it() -> None:
    page = (Path(__file__).parent.parent / "fixtures" / "cards.txt").read_text(encoding="utf-8")
    quoted = parse(f"{page}\nHow to cite\n\n@misc{{a, title = {{A}}}}\n".encode(), "page.txt")
    assert quoted.format == "cards"
    assert len(quoted.listings) >= 5
