"""arXiv's feeds: answers of the API and a day's announcements, as they come, cut off, broken and hostile."""

import subprocess
import sys
import time
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import SourceError, StoreError
from store.models import Listing
from store.sources.arxiv_feeds import read, recognises
from store.sources.reading import Reading

ENTRY = r"""<entry>
    <id>http://arxiv.org/abs/2401.00017v3</id>
    <title>Slow  Looking: x &lt; y, a &lt;b&gt; c
  and $\alpha &lt; \beta$</title>
    <updated>2024-06-01T10:00:00Z</updated>
    <link href="https://arxiv.org/abs/2401.00017v3" rel="alternate" type="text/html"/>
    <summary>  We look 10.8% longer, as Milenkovi\'c did, at
Gould &amp; Morgan &lt;2003&gt;. Page: https://slow.example.org/looking.
    </summary>
    <published>2024-01-02T23:30:00Z</published>
    <arxiv:comment>12 pages, code at https://github.com/example-lab/slow</arxiv:comment>
    <author><name>Ada Byron</name><arxiv:affiliation>Lowland Institute</arxiv:affiliation></author>
    <author><name>Jo\~ao Silva, Jr.</name></author>
    <author><name>:</name></author>
    <author><name>The Quay and Harbour Collaboration</name></author>
  </entry>"""
ATOM = f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/x</id>
  <title>arXiv Query: search_query=all:looking</title>
  <updated>2026-04-12T22:45:06Z</updated>
  {ENTRY}
  {ENTRY.replace("2401.00017v3", "hep-th/9901001v1").replace("Slow  Looking", "Old")}
</feed>
"""
ITEM = """<item>
      <title>Random Knots</title>
      <link>https://arxiv.org/abs/2009.00001</link>
      <description>arXiv:2009.00001v3 Announce Type: replace-cross
Abstract: We tie $x &lt; y$ knots. See github.com/example-lab/knots</description>
      <guid isPermaLink="false">oai:arXiv.org:2009.00001v3</guid>
      <pubDate>Thu, 24 Sep 2026 00:00:00 -0400</pubDate>
      <arxiv:announce_type>replace-cross</arxiv:announce_type>
      <dc:creator>Ada Byron, Jo\\~ao Silva, Kurt G\\"odel</dc:creator>
    </item>"""
RSS = f"""<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">
  <channel>
    <title>cs.LG updates on arXiv.org</title>
    <link>http://rss.arxiv.org/rss/cs.LG</link>
    <lastBuildDate>Thu, 24 Sep 2026 08:58:05 +0000</lastBuildDate>
    <pubDate>Thu, 24 Sep 2026 00:00:00 -0400</pubDate>
    {ITEM}
  </channel>
</rss>
"""
ANNOUNCED_ATOM = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us">
  <id>http://rss.arxiv.org/atom/cs.LG</id>
  <title>cs.LG updates on arXiv.org</title>
  <updated>2026-09-24T08:58:05+00:00</updated>
  <entry>
    <id>oai:arXiv.org:2609.00002v1</id>
    <title>New Knots</title>
    <link href="https://arxiv.org/abs/2609.00002" rel="alternate"/>
    <summary>arXiv:2609.00002v1 Announce Type: new
Abstract: We tie them anew.</summary>
    <published>2026-09-24T00:00:00-04:00</published>
    <dc:creator>Ada Byron, Kurt Stern</dc:creator>
  </entry>
</feed>
"""
OLD_RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="http://arxiv.org/">
<title>cs.LG updates on arXiv.org</title>
<link>http://arxiv.org/</link>
<dc:date>2023-03-02T20:30:00-05:00</dc:date>
</channel>
<item rdf:about="http://arxiv.org/abs/2303.00001">
<title>Why Knots?. (arXiv:2303.00001v2 [cs.LG] UPDATED)</title>
<link>http://arxiv.org/abs/2303.00001</link>
<description rdf:parseType="Literal">&lt;p&gt;We ask whether $a &amp;lt; b$
and why.
&lt;/p&gt;</description>
<dc:creator> &lt;a href="http://arxiv.org/find/cs/1/au:+B/0/1"&gt;Ada Byron&lt;/a&gt;, &lt;a href="http://arxiv.org/x"&gt;L&amp;#xe9;a
Stern&lt;/a&gt; (Quay)</dc:creator>
</item>
</rdf:RDF>
"""
ERROR = """<feed xmlns="http://www.w3.org/2005/Atom"><id>http://arxiv.org/api/x</id>
<entry><id>http://arxiv.org/api/errors#incorrect_id_format_for_12</id><title>Error</title>
<summary>incorrect id format for 12</summary></entry></feed>"""


def only(reading: Reading) -> Listing:
    assert reading.unparsed == ()
    (listing,) = reading.listings
    return listing


def test_an_answer_of_the_api_tells_who_wrote_what_and_when_but_not_which_day_listed_it() -> None:
    assert recognises(ATOM)
    reading = read(ATOM, "answer.xml")
    assert (reading.format, reading.day, reading.unparsed) == ("arxiv-atom", None, ())
    paper, old = reading.listings
    assert paper == Listing(
        title=r"Slow Looking: x < y, a <b> c and $\alpha < \beta$",
        abstract="We look 10.8% longer, as Milenković did, at Gould & Morgan <2003>. "
        "Page: https://slow.example.org/looking.",
        published=date(2024, 1, 2),
        n_authors=3,
        authors=("Ada Byron", "João Silva, Jr.", "The Quay and Harbour Collaboration"),
        arxiv_id="2401.00017",
        code_url="https://github.com/example-lab/slow",
        project_url="https://slow.example.org/looking",
    )
    assert old.arxiv_id == "hep-th/9901001"


def test_what_a_day_announces_has_that_day_and_no_date_of_publication() -> None:
    assert recognises(RSS)
    reading = read(RSS, "feed.xml")
    assert (reading.format, reading.day) == ("arxiv-rss", date(2026, 9, 24))
    assert only(reading) == Listing(
        title="Random Knots",
        abstract="We tie $x < y$ knots. See github.com/example-lab/knots",
        n_authors=3,
        authors=("Ada Byron", "João Silva", "Kurt Gödel"),
        arxiv_id="2009.00001",
        code_url="https://github.com/example-lab/knots",
        days=(date(2026, 9, 24),),
        is_replacement=True,
    )
    announced = read(ANNOUNCED_ATOM, "feed.atom")
    assert announced.day == date(2026, 9, 24)
    assert only(announced) == Listing(
        title="New Knots",
        abstract="We tie them anew.",
        n_authors=2,
        authors=("Ada Byron", "Kurt Stern"),
        arxiv_id="2609.00002",
        days=(date(2026, 9, 24),),
    )


def test_the_feeds_of_before_2024_are_read_without_their_html() -> None:
    assert recognises(OLD_RSS)
    assert only(read(OLD_RSS, "feed.xml")) == Listing(
        title="Why Knots?",
        abstract="We ask whether $a < b$ and why.",
        n_authors=2,
        authors=("Ada Byron", "Léa Stern"),
        arxiv_id="2303.00001",
        days=(date(2023, 3, 3),),
    )


def test_a_week_end_is_an_empty_feed_and_no_error() -> None:
    reading = read(RSS.replace(ITEM, ""), "feed.xml")
    assert (reading.listings, reading.unparsed, reading.day) == ((), (), date(2026, 9, 24))


def test_an_error_of_the_api_is_told_in_its_words() -> None:
    assert recognises(ERROR)
    with pytest.raises(SourceError, match=r"^answer\.xml holds no papers: arXiv .*“incorrect id format for 12”"):
        read(ERROR, "answer.xml")


def test_of_a_feed_that_is_cut_off_the_whole_papers_arrive_and_the_rest_is_kept() -> None:
    whole = read(ATOM, "answer.xml").listings
    cut = ATOM[: ATOM.index("Gould", ATOM.index("hep-th"))]
    reading = read(cut, "answer.xml")
    assert reading.listings == whole[:1]
    assert reading.unparsed[0].text == "<entry>"
    assert cut.split("\n")[reading.unparsed[0].number - 1].strip() == "<entry>"
    assert reading.unparsed[-1].number == len(cut.split("\n")) - 1
    with pytest.raises(SourceError, match="cut off"):
        read(ATOM[:300], "answer.xml")


def test_a_broken_character_or_tag_costs_no_paper() -> None:
    whole = read(ATOM, "answer.xml").listings
    for harm in ("&bogus;", "\x0b", "&#1;", "&#xD800;", "&#99999999999;", "<br>", "\ud800"):
        assert read(ATOM.replace("</updated>", f"</updated>{harm}", 1), "answer.xml").listings == whole


def test_an_entry_without_an_id_is_kept_as_not_understood() -> None:
    reading = read(RSS.replace("arxiv.org/abs/2009", "example.org/2009").replace("oai:arXiv.org:", "urn:"), "feed.xml")
    assert reading.listings == ()
    assert reading.unparsed[1].text == "<title>Random Knots</title>"
    assert reading.unparsed[1].number == RSS[: RSS.index("Random Knots")].count("\n") + 1


def test_nothing_is_expanded_fetched_or_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 20}">' for n in range(1, 9))
    doctype = f'<!DOCTYPE feed [<!ENTITY l0 "lol">{bomb}<!ENTITY file SYSTEM "{secret.as_uri()}">]>'
    harmful = ATOM.replace("<feed", f"{doctype}<feed", 1).replace("Slow  Looking", "&l8;&file; Looking")
    assert recognises(harmful)
    assert read(harmful, "answer.xml").listings[0].title.startswith("&l8;&file; Looking: x < y")
    for address in (secret.as_uri(), str(secret), "http://127.0.0.1:9/"):
        assert not recognises(address)
        assert read(address, "address").listings == ()


@pytest.mark.parametrize(
    ("part", "hostile"),
    [
        ("Ada Byron", "a" * 200_000),
        ("Ada Byron", "(a" * 150_000),
        ("Random Knots", "<b>" * 15_000),
        ("Random Knots", " (arXiv:1 [" * 20_000),
        ("<item>", "<item " + "".join(f"a{n}='1' " for n in range(30_000)) + ">"),
        ("<item>", "<item>" * 10_000),
        ("Thu, 24 Sep 2026", "1 " * 150_000),
        ("<?xml", "<!--" * 50_000 + "<?xml"),
    ],
    ids=["one word", "brackets", "nested", "title ends", "attributes", "items", "date", "comments"],
)
def test_hostile_fields_take_no_more_time_than_long_ones(part: str, hostile: str) -> None:
    started = time.process_time()
    document = RSS.replace(part, hostile)
    recognises(document)
    read(document, "feed.xml")
    assert time.process_time() - started < 5


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_whatever_happens_to_a_feed_it_is_read_or_refused(data: st.DataObject) -> None:
    document = data.draw(st.sampled_from([ATOM, RSS, ANNOUNCED_ATOM, OLD_RSS]))
    harm = st.sampled_from(["<", "&", "&#x110000;", "</entry>", "<item>", "<textInput>", "]]>", "<![CDATA[", "\0", "é"])
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(document)))
        end = data.draw(st.integers(start, min(len(document), start + 80)))
        document = document[:start] + data.draw(harm | st.text(max_size=5)) + document[end:]
    assert recognises(document) in {True, False}
    with suppress(StoreError):
        read(document, "feed.xml")


def test_feedparser_is_imported_only_to_read_a_feed() -> None:
    code = "import sys, store.sources.arxiv_feeds as f; f.recognises('x'); print('feedparser' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_every_entry_of_the_real_answers_arrives(corpus: Path) -> None:
    documents = sorted((corpus / "arxiv").glob("*.xml"))
    assert documents
    for path in documents:
        text = path.read_text(encoding="utf-8")
        assert recognises(text)
        reading = read(text, path.name)
        assert len(reading.listings) == text.count("<entry>") + text.count("<item>")
        assert reading.unparsed == ()
        for paper in reading.listings:
            assert paper.arxiv_id
            assert paper.arxiv_id in text
            assert paper.abstract
            assert paper.n_authors == len(paper.authors) > 0
            assert bool(paper.published) != bool(paper.days)
        if "query_100" in path.name:
            assert sum(len(paper.authors) for paper in reading.listings) == text.count("<name>")
