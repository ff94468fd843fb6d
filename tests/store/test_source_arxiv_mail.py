"""arXiv's daily e-mail: as it was sent, forwarded, encoded, pasted, cut off and broken."""

import quopri
import re
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.models import Listing
from store.sources.arxiv_mail import read, recognises
from store.sources.arxiv_papers import authors_of

RULE = "-" * 78
MAIL = rf"""Date: Fri, 17 Mar 23 00:31:14 GMT
Subject: q-fin daily 1 new + 1 crosses received

{RULE}
Send any comments regarding submissions directly to submitter.
{RULE}
Archives at http://arxiv.org/
To unsubscribe, e-mail To: q-fin@arXiv.org, Subject: cancel
{RULE}
received from  Wed 15 Mar 23 18:00:00 GMT  to  Thu 16 Mar 23 18:00:00 GMT
{RULE}
\\
arXiv:2303.00017
Date: Wed, 15 Mar 2023 18:34:08 GMT   (243kb,D)

Title: A Derivation of the Square Root of Impact: How Ferries
  Comments: Leave Late = Early
Authors: Ada Byron (1 and 2), Jo\~ao Silva (2) (on behalf of the Quay team) and
  Kurt G\"odel ((1) Lowland Institute, (2) Harbour, Quay and
  Sons)
Categories: q-fin.TR cond-mat.stat-mech
Comments: 16 pages, code at
  https://github.com/example-lab/ferries
\\
  We show that 10.8% of the
main empirical findings, x < y,
can be recovered. See https://ferries.example.org/.
\\ ( https://arxiv.org/abs/2303.00017 ,  243kb)
%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-
{RULE}
\\
arXiv:hep-th/0303001 (*cross-listing*)
Date: Thu, 16 Mar 2023 23:30:00 -0400   (1kb)

Title: Knots
Authors: Ada Byron
Categories: hep-th
\\
  We tie them.
\\ ( https://arxiv.org/abs/hep-th/0303001 ,  1kb)
%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%
{RULE}
\\
arXiv:2011.00552
replaced with revised version Wed, 15 Mar 2023 18:05:58 GMT   (829kb,D)

Title: Mixed--Frequency Regressions
Authors: Léa Stern, Kurt Blau, et al. (84 additional authors not shown)
Categories: q-fin.ST
\\ ( https://arxiv.org/abs/2011.00552 ,  829kb)
%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---
For subscribe options to combined physics archives,
e-mail To: physics@arxiv.org, Subject: subscribe
-----------------------------------------------------------------------------
For help on viewing and making submissions, see http://arxiv.org/help/
"""
PAPERS = (
    Listing(
        title="A Derivation of the Square Root of Impact: How Ferries Comments: Leave Late = Early",
        abstract="We show that 10.8% of the main empirical findings, x < y, can be recovered. "
        "See https://ferries.example.org/.",
        published=date(2023, 3, 15),
        n_authors=3,
        authors=("Ada Byron", "João Silva", "Kurt Gödel"),
        arxiv_id="2303.00017",
        code_url="https://github.com/example-lab/ferries",
        project_url="https://ferries.example.org/",
    ),
    Listing(
        title="Knots",
        abstract="We tie them.",
        published=date(2023, 3, 17),
        n_authors=1,
        authors=("Ada Byron",),
        arxiv_id="hep-th/0303001",
    ),
    Listing(
        title="Mixed--Frequency Regressions",
        n_authors=86,
        authors=("Léa Stern", "Kurt Blau"),
        arxiv_id="2011.00552",
    ),
)
DAY = date(2023, 3, 17)


def quoted(mail: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in mail.split("\n"))


def encoded(mail: str) -> str:
    return f"Content-Transfer-Encoding: Quoted-Printable\n{quopri.encodestring(mail.encode()).decode()}"


@pytest.mark.parametrize(
    "mail",
    [
        MAIL,
        MAIL.replace("\n", "\r\n"),
        f"From: me@example.org\nDate: Mon, 20 Mar 2023 10:00:00 +0100\n\nLook at this:\n{quoted(MAIL)}",
        encoded(MAIL),
        MAIL[MAIL.index("received") :],
        MAIL.replace("Date: Fri, 17 Mar 23 00:31:14 GMT", "Date: Thu, 16 Mar 2023 20:31:14 -0400 (EDT)"),
        MAIL.replace("\\\\\n  ", "\\\\\n"),
        MAIL.replace("\\\\\narXiv", "\\\\\n\narXiv").replace("arXiv:hep", "Paper: hep"),
    ],
    ids=["as sent", "crlf", "forwarded", "quoted-printable", "no headers", "other zone", "no indent", "blank lines"],
)
def test_new_cross_listed_and_replaced_papers_arrive_with_the_day(mail: str) -> None:
    assert recognises(mail)
    reading = read(mail, "mail.txt")
    assert (reading.format, reading.day, reading.unparsed) == ("arxiv-mail", DAY, ())
    assert reading.listings == PAPERS


def test_without_a_date_a_mail_is_of_the_working_day_after_its_papers() -> None:
    def of(received: str) -> date | None:
        mail = MAIL[MAIL.index("received") :].replace("Thu 16 Mar 23", received)
        return read(mail, "mail.txt").day

    assert of("Fri 17 Mar 23") == date(2023, 3, 20)
    assert of("Mon 20 Mar 23") == date(2023, 3, 21)
    assert of("some day") is None
    assert read(MAIL[MAIL.index("\\\\") :], "mail.txt").day is None


def test_of_several_mails_in_one_file_each_paper_has_the_day_of_its_own() -> None:
    reading = read(f"{MAIL}\nFrom arxiv\n{MAIL.replace('17 Mar 23 00', '24 Mar 23 00')}See you!\n", "mbox")
    assert reading.day is None
    assert reading.listings == tuple(
        paper.model_copy(update={"days": (day,)}) for day in (DAY, date(2023, 3, 24)) for paper in PAPERS
    )
    assert [line.text for line in reading.unparsed] == ["See you!"]


def test_of_a_record_that_is_cut_off_no_half_abstract_is_taken() -> None:
    cut = MAIL[: MAIL.index("can be recovered")]
    reading = read(cut, "mail.txt")
    (paper,) = reading.listings
    assert (paper.title, paper.abstract) == (PAPERS[0].title, None)
    assert [line.text for line in reading.unparsed] == [
        "We show that 10.8% of the",
        "main empirical findings, x < y,",
    ]
    assert cut.split("\n")[reading.unparsed[0].number - 1] == "  We show that 10.8% of the"
    in_title = read(MAIL[: MAIL.index("Root")], "mail.txt")
    assert in_title.listings == ()
    assert in_title.unparsed[0].text == "arXiv:2303.00017"


def test_what_stands_between_the_records_is_kept() -> None:
    changed = MAIL.replace("Title: Knots\n", "").replace("%%--%%--", "See you at the quay!\n%%--%%--", 1)
    reading = read(changed, "mail.txt")
    assert reading.listings == (PAPERS[0], PAPERS[2])
    kept = [line.text for line in reading.unparsed]
    assert kept[0] == "arXiv:hep-th/0303001 (*cross-listing*)"
    assert kept[-2:] == ["We tie them.", "See you at the quay!"]


@pytest.mark.parametrize(
    ("written", "names", "count"),
    [
        ("A. Byron, B. Stern and C. Blau", ("A. Byron", "B. Stern", "C. Blau"), 3),
        ("A. Byron, B. Stern, and C. Blau (Quay, Harbour and Sons)", ("A. Byron", "B. Stern", "C. Blau"), 3),
        (
            "Quay Team: A. Byron, et al. (5 additional authors not shown)",
            ("Quay Team", "A. Byron"),
            7,
        ),
        ("John Stern, Jr., Asif ud-Doula", ("John Stern Jr.", "Asif ud-Doula"), 2),
        ("A. Byron (unclosed, B. Stern", ("A. Byron (unclosed", "B. Stern"), 2),
        (r"M{\aa}ns Holm, C. Ak{\i}n, Alexander Sandy", ("Måns Holm", "C. Akın", "Alexander Sandy"), 3),
        ("", (), 0),
    ],
)
def test_authors_are_told_apart_and_their_affiliations_left(written: str, names: tuple[str, ...], count: int) -> None:
    assert authors_of(written) == (names, count)


@pytest.mark.parametrize(
    "text",
    ["", "Daily Papers\n\nA title\n\nAbout arXiv:2401.00001", "\\\\\n\\\\\n", "arXiv:2303.00017\nTitle: x", "> \\\\\n"],
)
def test_other_texts_are_not_recognised(text: str) -> None:
    assert not recognises(text)
    assert read(text, "text").listings == ()


def test_hostile_mails_take_no_more_time_than_long_ones() -> None:
    started = time.process_time()
    for hostile in ("\\\\\n" * 50_000, "\\\\\narXiv:2401.00001\n" * 10_000, MAIL + ">" * 300_000):
        recognises(hostile)
        read(hostile, "mail.txt")
    for filler in ("x" * 100_000, "(a" * 50_000, "and " * 25_000, " " * 100_000, "=\n" * 50_000):
        read(encoded(MAIL).replace("Ada Byron", filler), "mail.txt")
        read(MAIL.replace("Ada Byron", filler).replace("received from", f"received from {filler}"), "mail.txt")
    assert time.process_time() - started < 10


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_whatever_happens_to_a_mail_it_is_read_and_its_other_papers_arrive(data: st.DataObject) -> None:
    mail = data.draw(st.sampled_from([MAIL, quoted(MAIL), encoded(MAIL)]))
    harm = st.sampled_from(["\\\\\n", f"{RULE}\n", "arXiv:", "Date: 99 Foo 0000 99:99:99 +9999", "\x1b[31m", "=", "\0"])
    start = data.draw(st.integers(0, len(mail)))
    end = data.draw(st.integers(start, min(len(mail), start + 80)))
    changed = mail[:start] + data.draw(harm | st.text(max_size=5)) + mail[end:]
    assert recognises(changed)
    reading = read(changed, "mail.txt")
    assert len(reading.listings) >= 1
    assert all(1 <= line.number <= len(re.split("\r\n|\r|\n", changed)) for line in reading.unparsed)


def test_every_record_of_the_real_mails_arrives(corpus: Path) -> None:
    mails = sorted((corpus / "arxiv").glob("*digest*.txt"))
    assert mails
    for path in mails:
        text = path.read_text(encoding="utf-8")
        assert recognises(text)
        reading = read(text, path.name)
        assert [paper.arxiv_id for paper in reading.listings] == re.findall(r"^arXiv:(\S+)", text, re.MULTILINE)
        assert reading.unparsed == ()
        assert reading.day in {date(2023, 3, 3), date(2023, 3, 17)}
        assert sum(paper.abstract is None for paper in reading.listings) == text.count("replaced with revised version")
        assert sum(paper.published is not None for paper in reading.listings) == len(re.findall(r"\nDate:", text))
        for paper in reading.listings:
            assert paper.authors
            assert not re.search(r"[(){}\\]|et al", "".join(paper.authors))
        assert read(quoted(text), path.name).listings == reading.listings
        assert read(encoded(text), path.name).listings == reading.listings
