"""Documents from Jinja2 templates: our Markdown and HTML are such, and people bring their own (`store.exports.custom`).

A template runs in Jinja's sandbox: it sees the papers and what is named at the top of `templates/markdown.md.jinja`,
can change nothing and reads no files.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from types import TracebackType
from typing import Final

from jinja2 import StrictUndefined, Template, TemplateNotFound, TemplateSyntaxError
from jinja2.loaders import DictLoader
from jinja2.sandbox import ImmutableSandboxedEnvironment

from store.entries import Entry
from store.errors import ExportError
from store.exports import ExportOptions
from store.exports.bibtex import bibtex
from store.exports.citing import citation_key
from store.exports.csv import cell
from store.exports.escaping import Anchors, code, escaped, folded, headings, link, paragraph, quoted
from store.exports.grouping import PaperGroup, grouped, written_day
from store.exports.json import written
from store.harmless import harmless_lines
from store.latex import latex
from store.links import arxiv_pdf, hugging_face_page, title_search, web_address

_FILES: Final = {"markdown": "markdown.md.jinja", "html": "page.html.jinja"}
"""The templates that are ours, by the formats that they make."""


def source(name: str) -> str:
    """The template that makes the format `name`. Raises ExportError if none does."""
    if name not in _FILES:
        raise ExportError(f"No template makes {name}; there are those of {' and '.join(_FILES)}.")
    return (files("store.exports") / "templates" / _FILES[name]).read_text(encoding="utf-8")


@cache
def built_in(name: str) -> Template:
    """The template that makes the format `name`, ready to be rendered."""
    return compiled(_FILES[name], source(name))


def compiled(name: str, text: str) -> Template:
    """A template; the names of files decide what is escaped: all that is printed in `x.html.jinja`, else nothing.

    Raises jinja2.TemplateSyntaxError.
    """
    environment = _environment()
    return Template.from_code(environment, environment.compile(text, name, name), environment.make_globals(None))


def render(template: Template, entries: Sequence[Entry], options: ExportOptions, today: date) -> str:
    """The papers as the document that the template makes of them. Raises what Jinja and the template raise."""
    return template.render(context(entries, options, today))


def context(entries: Sequence[Entry], options: ExportOptions, today: date) -> dict[str, object]:
    """What a template sees."""
    anchors = Anchors()

    def anchor(heading: str, note: str | None = None) -> str:
        added = anchors.add(heading)
        for own in headings(note or ""):
            anchors.add(own)
        return added

    return {
        "title": options.title,
        "today": today.isoformat(),
        "papers": entries,
        "group": options.group,
        "groups": grouped(entries, options.group),
        "anchor": anchor,
    }


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, without its questions about what a paper's own fields are: a third of the time of an export."""

    def getattr(self, obj: object, attribute: str) -> object:
        """What `obj.attribute` is."""
        if isinstance(obj, Entry | PaperGroup) and attribute in obj._fields:
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)


@cache
def _environment() -> _Sandbox:
    environment = _Sandbox(
        loader=DictLoader({}),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=_Missing,
        autoescape=lambda name: bool(name and re.search(r"\.(?:html?|xhtml|xml)(?:\.(?:jinja2?|j2))?$", name.lower())),
    )
    environment.filters.update(_FILTERS)
    return environment


class _Missing(StrictUndefined):
    """A name that means nothing; what has it not is called as people know it."""

    @property
    def _undefined_message(self) -> str:
        owner = {Entry: "a paper", PaperGroup: "a group"}.get(type(self._undefined_obj))
        return f"{owner} has no {self._undefined_name}" if owner else super()._undefined_message


# Filters


def _known(make: Callable[[str], str]) -> Callable[[str | None], str]:
    """A filter of text that makes nothing of what is unknown."""
    return lambda text: "" if text is None else make(str(text))


def _date(iso: str | None, form: str | None = None) -> str:
    try:
        return date.fromisoformat(str(iso)[:10]).strftime(form) if iso and form is not None else written_day(iso or "")
    except ValueError:  # no date
        return str(iso)


def _link(url: str | None, label: str) -> str:
    return link(escaped(label), url) if url else ""


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


_NOT_IN_YAML: Final = re.compile("[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def _yaml(value: object) -> str:
    """JSON is YAML, but for some characters that must be escaped there."""
    return _NOT_IN_YAML.sub(lambda sign: f"\\u{ord(sign[0]):04x}", written(value))


_FILTERS: Final[Mapping[str, Callable[..., str]]] = {
    "date": _date,
    "markdown": _known(escaped),
    "paragraph": _known(paragraph),
    "code": _known(code),
    "quote": _known(quoted),
    "link": _link,
    "line": _known(folded),
    "lines": _known(harmless_lines),
    "latex": _known(lambda text: latex(folded(text))),
    "yaml": _yaml,
    "json": written,
    "csv": lambda value: '"{}"'.format(cell(value).replace('"', '""')),
    "web": lambda url: web_address(url or "") or "",
    "pdf": lambda paper: arxiv_pdf(paper.arxiv_id) if paper.arxiv_id else "",
    "hugging_face": lambda paper: hugging_face_page(paper.arxiv_id) if paper.arxiv_id else "",
    "search": lambda paper: title_search(folded(paper.title)),
    "key": citation_key,
    "bibtex": bibtex,
    "counted": _counted,
    "sha256": lambda text: b64encode(sha256(text.encode()).digest()).decode(),
}


# Errors


def wrong(error: BaseException, name: str) -> str:
    """What is wrong with the template called `name`, as a sentence that says where."""
    line = error.lineno if isinstance(error, TemplateSyntaxError) else _line(error.__traceback__, name)
    match error:
        case TemplateNotFound():
            what = "a template is one file, and cannot bring in another"
        case RecursionError():
            what = "it goes deeper into itself than can be followed"
        case MemoryError():
            what = "it needs too much memory"
        case _:
            what = str(error).rstrip(".") or type(error).__name__
    return f"{name}{f', line {line}' if line else ''}: {what}."


def _line(traceback: TracebackType | None, name: str) -> int | None:
    """The line of the template at which it went wrong; Jinja puts its lines into tracebacks."""
    lines = [at for file, at in _frames(traceback) if file == name]
    return lines[-1] if lines else None


def _frames(traceback: TracebackType | None) -> Iterator[tuple[str, int]]:
    while traceback is not None:
        yield traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
        traceback = traceback.tb_next
