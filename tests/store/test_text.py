"""Outside text: nothing that deceives or draws survives, no word is lost, spellings of one title meet."""

import re
from unicodedata import is_normalized

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.text import clean, links, safe, title_key


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"Milenkovi\'c", "Milenković"),
        (r"na\"ive", "naïve"),
        (r"na\"{\i}vely", "naïvely"),
        (r"Teichm\"{u}ller", "Teichmüller"),
        (r"Uzna\'{n}ski", "Uznański"),
        (r"\"Ust\"un", "Üstün"),
        (r"Erd{\H{o}}s and Erd\H{o}s", "Erdős and Erdős"),
        (r"It\^o, vis-\`a-vis, S\'ark\"ozy", "Itô, vis-à-vis, Sárközy"),
        (r"Ho\v{r}ava, Fran\c cois, Fran\c{c}ois", "Hořava, François, François"),
        (
            r"Stra{\ss}e, J\o rgensen, {\O}rsted, \L ukasz",
            "Straße, Jørgensen, Ørsted, Łukasz",
        ),
        (r"the query\'s and don\'t", "the query's and don't"),
        (r"\"Attention\" and \'less\'", "\"Attention\" and 'less'"),
    ],
)
def test_accents_written_for_latex_become_letters(written: str, shown: str) -> None:
    assert clean(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"{\it word} and {\em two {\bf words}}", "word and two words"),
        (r"\textit{Gauss} \emph{et al}", "Gauss et al"),
        (
            r"from 10.8% to 84.7\% of Q\&A, \$5, a\_b, \#1",
            "from 10.8% to 84.7% of Q&A, $5, a_b, #1",
        ),
        (r"at \url{https://a.org/b_c}.", "at https://a.org/b_c."),
        (r"\href{https://a.org}{the page}", "the page (https://a.org)"),
        (r"360{\deg} views, e.g.\ this", "360° views, e.g. this"),
        (
            "Models~(LLMs), e.g.~fine, Mamba~2, at~https://a.org",
            "Models (LLMs), e.g. fine, Mamba 2, at https://a.org",
        ),
        ("about ~5, (~60%), 7~8 and 60%~70%", "about ~5, (~60%), 7~8 and 60%~70%"),
        ("https://a.edu/~name/x~y", "https://a.edu/~name/x~y"),
    ],
)
def test_the_commands_that_survive_in_abstracts_are_resolved(written: str, shown: str) -> None:
    assert clean(written) == shown


@pytest.mark.parametrize(
    "text",
    [
        r"we propose \ours, \ie the best",
        r"\[a_1\dots a_k=x^d, \; x\]",
        r"\\'e and \1 million",
        r"{\it never closed",
        "GL^{+}(n)",
    ],
)
def test_what_is_no_known_command_stays_as_it_stands(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mred\x1b[0m b", "ared b"),
        ("a\x1b]0;evil title\x07b", "ab"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("a\x9b2Jb\x00c\x7fd", "abcd"),
        ("abc\u202edef\u2066ghi\u2069", "abcdefghi"),
        ("ze\u200bro\ufeff so\xadft", "zero soft"),
        ("  a\t\r\n b\u00a0\u2003c\u2028d ", "a b c d"),
        ("cafe\u0301", "caf\u00e9"),
        ("\U000e0041\U000e0042tags", "tags"),
        ("a\u200cb \u200d", "ab"),
    ],
)
def test_nothing_survives_that_a_terminal_obeys_or_an_eye_cannot_see(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize("text", ["می\u200cخواهم", "क्\u200dष", "👨\u200d👩\u200d👧", "❤️ and 🏳️\u200d🌈"])
def test_joiners_stay_where_a_script_or_an_emoji_needs_them(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("marks", ["\u0301", "\u0301\u0323", "\u0344", "\u0f73\u0f71", "\uff9e\u0327"])
@pytest.mark.parametrize("size", [31, 2_000_000])
def test_of_marks_in_a_row_thirty_are_kept_in_linear_time(marks: str, size: int) -> None:
    result = clean(f"Za{marks * size}lgo")
    assert 29 <= len(result) - len("Zalgo") <= 30
    assert clean(result) == result
    assert result.endswith("lgo")
    title_key(result)


@pytest.mark.parametrize(
    "text",
    [
        r"\url{\%}",
        r"\'{\"u}x",
        r"{\it {\bf {\em {\tt {\sl deep}}}}}",
        r"{\it " * 9 + "x" + "}" * 9,
        r"\url{" * 50 + "x" + "}" * 50,
    ],
)
def test_what_is_resolved_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)


_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u034f\u115f\u1160\u17b4\u180b\u3164\ufe00-\ufe0d\uffa0"
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


@pytest.mark.parametrize("blank", "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180f\u3164\ufe00\ufe0d\uffa0\U000e0100")
def test_what_is_not_seen_goes_although_python_prints_it(blank: str) -> None:
    assert safe(blank) == ""
    assert safe(f"Atten{blank}tion") == "Attention"


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_comes_out_safe(text: str) -> None:
    result = clean(text)
    assert not _FORBIDDEN.search(result)
    assert is_normalized("NFC", result)
    assert result == " ".join(result.split())
    assert clean(result) == result


_WORDS = st.text(
    st.characters(codec="utf-8", categories=["Lu", "Ll", "Nd"], max_codepoint=0x17F),
    min_size=1,
)


@given(
    st.lists(
        st.tuples(
            _WORDS,
            st.sampled_from(
                [
                    "{}",
                    r"{{\it {}}}",
                    r"{{\em {}}}",
                    r"\textbf{{{}}}",
                    "{}%",
                    r"{}\%",
                    "({})~",
                    "~{}",
                    r"\url{{{}}}",
                    r"{}\_",
                    r"\ours {}",
                ]
            ),
        )
    )
)
def test_no_word_is_lost(parts: list[tuple[str, str]]) -> None:
    result = clean(" ".join(shape.format(word) for word, shape in parts))
    position = 0
    for word, _ in parts:
        position = result.index(clean(word), position) + len(word)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "WindowKV: Task-Adaptive Group-Wise KV Cache",
            "windowkv  task adaptive\tgroup wise kv cache",
        ),
        ("Na\u00efve B\u00e4yes", "NAIVE BAYES"),
        ("Ｆｕｌｌ ｗｉｄｔｈ ﬁne", "full width fine"),
        ("Don\u2019t Stop", "Dont Stop"),
        ("J\u00f8rgensen", "Jorgensen"),
    ],
)
def test_spellings_of_one_title_have_one_key(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


def test_different_titles_keep_different_keys() -> None:
    titles = [
        "C++ Code",
        "C# Code",
        "C Code",
        "???",
        "!!!",
        "🤖",
        "🚀",
        "深度学习",
        "深度",
        "か",
        "が",
        "हिन्दी",
        "हिन्द",
        "GPT-4",
        "GPT-41",
    ]
    assert len({title_key(title) for title in titles}) == len(titles)


@given(st.text(min_size=1).map(clean).filter(bool))
def test_no_title_has_an_empty_key_and_a_key_is_its_own(title: str) -> None:
    key = title_key(title)
    assert key
    assert title_key(key) == key


@pytest.mark.parametrize(
    ("abstract", "code", "project"),
    [
        ("Code (https://github.com/a/b).", "https://github.com/a/b", None),
        ("models are accessible at github.com/a/b.", "https://github.com/a/b", None),
        (
            "https://github.com/A/B{https://github.com/A/B}",
            "https://github.com/A/B",
            None,
        ),
        (
            "https://x.github.io/{this URL}. Code: https://github.com/a/b.git",
            "https://github.com/a/b.git",
            "https://x.github.io/",
        ),
        ("see x.github.io, www.b.org/c", None, "https://x.github.io"),
        (
            "[code](https://github.com/a/b)[page](https://p.org/q_(r)).",
            "https://github.com/a/b",
            "https://p.org/q_(r)",
        ),
        (
            "https://x.github.io/;https://gitlab.inria.fr/a/b,",
            "https://gitlab.inria.fr/a/b",
            "https://x.github.io/",
        ),
        ("获取https://codeberg.org/a/b，谢谢", "https://codeberg.org/a/b", None),
        (
            "https://huggingface.co/a/b and https://bitbucket.org/a/b!",
            "https://bitbucket.org/a/b",
            "https://huggingface.co/a/b",
        ),
        (
            "on https://github.com we are https://notgithub.com/a",
            None,
            "https://notgithub.com/a",
        ),
        (
            "https://github.com@evil.org/a ftp://github.com/a/b javascript:x and/or e.g./i.e. me@a.org/b",
            None,
            None,
        ),
        ("at https://a.org:8080/b?c=d#e: fine", None, "https://a.org:8080/b?c=d#e"),
    ],
)
def test_links_of_an_abstract(abstract: str, code: str | None, project: str | None) -> None:
    assert links(abstract) == (code, project)


@given(st.text())
def test_links_are_web_links_and_parts_of_the_text(text: str) -> None:
    for link in links(clean(text)):
        assert link is None or (link.lower().startswith(("http://", "https://")) and link.isascii())
