"""Templates of one's own: what they can say, and that whatever they ask for ends with a document or a sentence."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import ExportError
from store.exports import ExportOptions, OwnTemplate, custom, render, templating
from store.exports.bibtex import bibtex
from tests.hostile import TEXTS
from tests.store.papers import WINDOW_KV, hostile, paper

TODAY = date(2026, 3, 1)
PAPERS = (WINDOW_KV, paper(8, "Two"))
LOOPS, ENDS = "{% for a in range(99999) %}" * 2, "{% endfor %}" * 2
SIGNS = ["{{", "}}", "{%", "%}", "{#", "#}", "for", "in", "papers", "if", "endif", "(", ")", ".", "|", "\n", "'", "-"]


def made(text: str, name: str = "mine.md.jinja", **options: object) -> str:
    return render(PAPERS, ExportOptions(template=OwnTemplate(name, text), **options), today=TODAY)


@pytest.mark.parametrize("name", ["markdown", "html"])
def test_our_own_templates_make_the_same_document_as_ones_own(name: str) -> None:
    text, file = templating.source(name), f"mine.{'html' if name == 'html' else 'md'}.jinja"
    papers = [*PAPERS, *hostile()]
    ours = render(papers, ExportOptions(name), today=TODAY)
    assert render(papers, ExportOptions(template=OwnTemplate(file, text)), today=TODAY) == ours


def test_a_template_sees_what_the_first_lines_of_ours_say() -> None:
    told = made(
        "{{ title }}|{{ today }}|{{ group }}|{% for group in groups %}{{ group.heading }}:"
        "{% for paper in group.papers %}{{ paper.title }}:{{ paper.tags | join('+') }}:{{ paper.note or '-' }}"
        "{% endfor %}|{% endfor %}",
        notes=False,
    )
    assert told == f"Reading list|2026-03-01|tag|kv_cache:{WINDOW_KV.title}:kv_cache+to cite:-|Untagged:Two::-|"
    documented = templating.source("markdown").partition("#}")[0]
    assert all(field in documented for field in WINDOW_KV._fields)
    assert all(name in documented for name in templating._FILTERS if name != "sha256")


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("papers[0].published | date", "23 Mar 2025"),
        ('papers[0].published | date("%Y/%m/%d")', "2025/03/23"),
        ("papers[1].published | date", ""),
        ('"*a* [b]" | markdown', r"\*a\* \[b\]"),
        ('"1. a" | markdown | paragraph', r"1\. a"),
        ('"a`b" | code', "``a`b``"),
        ('"a\nb" | quote', "> a\n> b"),
        ('"50% {a}" | latex', r"50\% \textbraceleft{}a\textbraceright{}"),
        ("'a: \"b\"' | yaml", r'"a: \"b\""'),
        ("papers[0].tags | yaml", '["kv_cache", "to cite"]'),
        ("'=1,\"2\"' | csv", '"\'=1,""2"""'),
        ("papers[0].code_url | link('My code')", "[My code](https://github.com/a/b)"),
        ('"javascript:x" | link("x")', ""),
        ('"javascript:x" | web', ""),
        ("papers[0] | pdf", "https://arxiv.org/pdf/2503.17922"),
        ("papers[1] | pdf", ""),
        ("papers[1] | search", "https://huggingface.co/papers?q=Two"),
        ("papers[0] | key", "windowkv-2503.17922"),
        ("papers[0] | bibtex", bibtex(WINDOW_KV)),
        ("2 | counted('paper')", "2 papers"),
        ("papers[1].abstract | markdown", ""),
    ],
)
def test_filters(expression: str, text: str) -> None:
    template = templating.compiled("x.md.jinja", f"{{{{ {expression} }}}}")
    assert templating.render(template, PAPERS, ExportOptions(), TODAY) == text


def test_yaml_is_read_back() -> None:
    yaml = pytest.importorskip("yaml")
    for text in (*TEXTS.values(), "null", "yes", "1e3", "2025-01-01", "12:30:45", "- a", ""):
        kept = text.encode("utf-8", "replace").decode()
        assert yaml.safe_load(templating._yaml({"x": [kept]})) == {"x": [kept]}


def test_what_a_page_prints_is_escaped() -> None:
    assert made("{{ '<b>' }}", "mine.html.jinja") == "&lt;b&gt;"
    assert made("{{ '<b>' }}", "mine.md.jinja") == "<b>"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{{ papers[0].titel }}", "line 1: a paper has no titel."),
        ("\n\n{{ nope }}", "line 3: 'nope' is undefined."),
        ("a\n{% for %}", "line 2: Expected an expression, got 'end of statement block'."),
        ("a\n{% for x in papers %}", "line 2: Unexpected end of template."),
        ("{{ 'x' | shout }}", "line 1: No filter named 'shout'."),
        ("\n{{ 1 / 0 }}", "line 2: division by zero."),
        ("{{ 'a' + 1 }}", "line 1: can only concatenate str"),
        ('{% include "other.jinja" %}', "line 1: a template is one file, and cannot bring in another."),
        ("{{ ''.__class__.__mro__ }}", "line 1: access to attribute '__class__' of 'str' object is unsafe."),
        ("{{ papers.__init__.__globals__ }}", "unsafe"),
        ("{{ cycler.__init__.__globals__.os }}", "unsafe"),
        ("{{ anchor.__code__ }}", "unsafe"),
        ("{{ papers[0]._replace(title='x') }}", "line 1: a paper has no _replace."),
        ("{{ groups.append(1) }}", "unsafe"),
        ("{{ '{0.__class__}'.format(1) }}", "unsafe"),
        ("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "line 1: it goes deeper into itself than can be followed."),
        ("{{ 'x' * 10 ** 11 }}", "line 1: it needs too much memory."),
        ("{{ 'x'.ljust(10 ** 10) }}", "line 1: it needs too much memory."),
        ("{{ '%10000000000d' % 1 }}", "line 1: it needs too much memory."),
        (f"{LOOPS}x{ENDS}", "makes a document without an end; it was stopped."),
        ("x" * 2_000_000, "it has more than 1,000,000 characters."),
        ("{{ " + "(" * 5000, "mine.md.jinja: it goes deeper into itself than can be followed."),
        ("{{ " + "(" * 300 + "1" + ")" * 300 + " }}", "mine.md.jinja"),
    ],
    ids=lambda text: text[:40],
)
def test_what_is_wrong_is_said_with_its_line(text: str, wrong: str) -> None:
    with pytest.raises(ExportError) as said:
        made(text)
    assert wrong in str(said.value)
    assert str(said.value).startswith("mine.md.jinja")
    assert "\n" not in str(said.value)


def test_a_template_that_does_not_end_is_stopped() -> None:
    endless = OwnTemplate("mine.md.jinja", LOOPS + ENDS)
    with pytest.raises(ExportError, match=r"mine\.md\.jinja was stopped: it took more than 1 seconds, or all memory\."):
        custom.render(endless, PAPERS, ExportOptions(), TODAY, custom.Limits(seconds=1))


@given(st.lists(st.sampled_from(SIGNS)).map(" ".join))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_template_or_wrong(text: str) -> None:
    with suppress(ExportError):
        custom._rendered(OwnTemplate("x", text), PAPERS, ExportOptions(), TODAY, custom.Limits())
