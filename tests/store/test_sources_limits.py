"""Text made to take for ever or to fill the memory: read in time and room that grow with its size alone, or refused.

Nothing is timed here. Each input is so large that what grows faster than its size would take minutes or years.
"""

import json
import os
import subprocess
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from store import Library, sources
from store.errors import SourceError, TooManyPapers
from store.importing import Import, import_text
from store.sources import parse, reading
from store.sources.lines import LONGEST_LINE, MOST_BYTES
from store.text import clean, links, title_key

LONG, MANY = (100_000, 15_000) if "PAPERDECK_FUZZ" in os.environ else (40_000, 6_000)
"""Characters of a line and lines of a document; `.ci/run` sets the variable."""
CARDS = (Path(__file__).parent.parent / "fixtures" / "cards.txt").read_text(encoding="utf-8")
FLAT = (Path(__file__).parent.parent / "fixtures" / "flat.txt").read_text(encoding="utf-8")
ABSTRACT = "We count what nobody has counted and find that there is more of it than anybody thought. " * 5

LINES = [
    "·", "•", "-", "12", "May 4", "May 4, 2023 2", "3 authors", "HKUST", "A · May 4", "new", "Subscribe", "SubscribeA",
    "x research community", "A title", "It is short.", ABSTRACT, "<!--", "[", "{", "\\", "12\n\n-",
]  # fmt: skip
PIECES = [
    "·", ". ", "May 4 ", "3 authors ", "by ak ", "<!--", "<!-- -->", "[", "[[1]](", "](http://", "[12][12]", "((((",
    "\\", r"\'c", r"\"a", r"{\it x ", r"\textbf{", r"\url{", r"\href{a}{", "~", "a~b", "http://http://a.b/", "a.com/)",
    "a.a.", '."', "/", '"', '{"a":', '["a', "@a{", "\x1b]0;", "\x1b[0", "\u200d", "👩\u200d", "字", "e\u0301",
    "\u0301\u0323", "\u0344", "\uff9e\u0327", "\u1112\u1161\u11ab", "\u0f73\u0f71", "\U0001d165\U0001d16d", "\ufdfa",
    "\ufffd", " \u00a0", "[1] ", "[a](https://a.org) ", "[[ a ](https://a.org) ", "@article{a, ", "<a>", "&lt;",
    "\\\\\r",
]  # fmt: skip


def end_of_reading(document: str) -> None:
    """Read a document, whatever it is."""
    with suppress(SourceError):
        parse(document.encode(), "page.txt")


@pytest.mark.parametrize("line", LINES, ids=ascii)
def test_many_lines_take_no_more_time_than_their_number_accounts_for(line: str) -> None:
    lines = f"{line}\n" * min(MANY, 2_000_000 // len(line))
    end_of_reading(CARDS + lines)
    end_of_reading(FLAT + "\n" + lines)


@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_a_long_line_takes_no_more_time_than_its_length_accounts_for(piece: str) -> None:
    line = piece * (LONG // len(piece))
    end_of_reading(line)
    end_of_reading(f"{CARDS}\n\nA Title\n\n{line} end.\n\n  • 3 authors\n·\nMay 4, 2023\n")
    end_of_reading(f"{CARDS}\n\nA Title {line} end\n\n{ABSTRACT}\n\n  • 3 authors\n·\nMay 4, 2023\n")
    line = clean(line)
    links(line)
    title_key(line)


@pytest.mark.parametrize("depth", [5, 20_000])
def test_commands_within_commands_lose_no_word_however_deep(depth: int) -> None:
    for opening in (r"{\it ", r"\textbf{", r"\url{", r"{\em a "):
        assert "word" in clean(opening * depth + "word" + "}" * depth)


@pytest.mark.parametrize("count", ["99999999999", "9" * 13, "9" * 5000, "9" * 1_000_000])
def test_no_number_is_too_large(library: Library, count: str) -> None:
    page = CARDS.replace("8 authors", f"{count} authors").replace("2022 2", f"2022 {count}").replace("Jul 1 14", count)
    assert import_text(library, page).listed >= 4


@pytest.mark.parametrize(
    "printed", ["Feb 30, 9999", "Feb 29, 2023", "ſep 4, 2020", "Dec 31, 2099", "Jan 0", "٤ May ٢٠٢٠"]
)
@pytest.mark.parametrize("day", [None, date.min, date.max])
def test_no_date_is_too_odd(printed: str, day: date | None) -> None:
    assert parse(CARDS.replace("May 30, 2022", printed).encode(), "page.txt", day=day).listings


def test_a_line_may_be_long_but_not_endless() -> None:
    page = f"{FLAT}\nA Title at the End\n{'word ' * 200_000}end."
    assert len(parse(page.encode(), "page.txt").listings[-1].abstract or "") > 1_000_000
    with pytest.raises(
        SourceError, match=r"^page.txt is no page: line 3 has over 10,000,000 characters; copy it again.$"
    ):
        parse(b"\n\n" + b"x" * (LONGEST_LINE + 1), "page.txt")


def test_lines_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources.lines, "MOST_LINES", 50_000)
    with pytest.raises(SourceError, match=r"^page.txt has over 50,000 lines, .*: split it"):
        parse(CARDS.encode() + b"\n" * 50_000, "page.txt")


def test_bytes_are_counted_however_they_come() -> None:
    with pytest.raises(SourceError, match=r"^page.txt is over 512 MB, .*: split it"):
        parse(bytes(MOST_BYTES + 1), "page.txt")


def test_papers_are_counted_and_a_page_with_too_many_is_never_passed_over(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_PAPERS", 4)
    (tmp_path / "a.txt").write_text(CARDS, encoding="utf-8")
    (tmp_path / "b.txt").write_text(FLAT, encoding="utf-8")
    with pytest.raises(TooManyPapers):
        parse(CARDS.encode(), "page.txt")
    large, small = Import(library, [tmp_path])
    assert large.error == f"{tmp_path}/a.txt holds 5 papers, more than 4: split it."
    assert small.new == 3


def test_bibliographies_and_mails_are_measured_before_they_are_taken_apart() -> None:
    with pytest.raises(TooManyPapers, match=r"^a.bib holds 1,000,000 papers, .*: split it"):
        parse(b"@article{a,\n" * 1_000_000, "a.bib")
    with pytest.raises(TooManyPapers, match=r"^mail.txt holds 300,000 papers"):
        parse(b"\\\\\narXiv:2401.00001\nTitle: a\n" * 300_000, "mail.txt")
    entry = b"@article{b,\n title = {B}}\n"
    for endless in (b"@article{a," * 1_000_000, b"@article{a, title={" + b"{" * 3_000_000, b"@comment{" * 500_000):
        with pytest.raises(SourceError, match=r"^a.bib: the entry that begins in line 3 has over 2,000,000 characters"):
            parse(entry + endless, "a.bib")


def test_a_banner_further_down_takes_no_paper_with_it() -> None:
    papers = "".join(f"The {n}th Title of a Page\n{ABSTRACT}{ABSTRACT}\n" for n in range(3))
    page = parse((papers + "Get trending papers in your email inbox!\n" + papers).encode(), "page.txt")
    assert len(page.listings) == 6


def test_what_belongs_to_no_paper_is_kept_as_lines() -> None:
    """A number that counts nothing, a lone sign, the footer of nothing: they used to vanish."""
    head, rest = CARDS.split("a lower bound", 1)
    digest = parse(f"{head}17\n\n18\n\n19\n\n***\n\na lower bound{rest}\n\n{CARDS[-5:]}\n·\nMay 1".encode(), "page.txt")
    assert [line.text for line in digest.unparsed][:3] == ["17", "18", "***"]
    assert digest.listings[1].upvotes == 19


WORDS = " ".join(f"word{number}" for number in range(300))
WHOLE = {
    "bibtex": lambda papers: "".join(
        f"@article{{k{paper},\n title={{Title {paper}}},\n abstract={{{paper} {WORDS}}}\n}}\n" for paper in papers
    ),
    "hf-json": lambda papers: json.dumps(
        [{"paper": {"id": f"2501.{paper:05}", "title": f"Title {paper}", "summary": WORDS}} for paper in papers]
    ),
}
PEAK = """
import sys
from pathlib import Path
from store.sources import parse
small, large = map(Path, sys.argv[1:])
def most():
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) * 1024
parse(small.read_bytes(), "small")
before = most()
parse(large.read_bytes(), "large")
print((most() - before) / large.stat().st_size)
"""


@pytest.mark.parametrize(("kind", "most"), [("bibtex", 6), ("hf-json", 3.2)])
def test_a_large_document_takes_a_few_times_its_size(tmp_path: Path, kind: str, most: float) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_text(WHOLE[kind](range(2)))
    large.write_text(WHOLE[kind](range(6_000)))
    run = [sys.executable, "-c", PEAK, str(small), str(large)]
    times = float(subprocess.run(run, check=True, capture_output=True, text=True).stdout)
    assert times < most
