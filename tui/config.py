"""The person's settings: the one table of them, and `config.toml` checked against it, with what is wrong in it said
in plain words.

A wrong setting never keeps the app from opening: its default stands in for it. pydantic is imported only where there
is a file to check. How settings are shown and documented is in `tui.settings`.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import reduce
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple

from platformdirs import user_config_path

from store.harmless import harmless
from tui.regular import read_regular
from tui.remapping import check_keys
from tui.wording import closest

MOST_BYTES = 64 * 1024
"""Of settings and layout: all actions remapped make four."""
MOST_DOTS = 100
"""In one line: what tomllib needs for a dotted key, which cannot go on in another, grows with the square of them."""
MOST_PROBLEMS, LONGEST_PROBLEM = 20, 200
_CLOSED: dict[str, object] = {"extra": "forbid"}


def _what(text: str, variable: str = "") -> dict[str, str]:
    """What a setting is for, and the environment's variable that goes before the file."""
    return {"what": text, "variable": variable}


@dataclass(frozen=True)
class Export:
    """`[export]`: what the export dialog starts with."""

    __pydantic_config__: ClassVar[dict[str, object]] = _CLOSED

    folder: str = field(
        default="",
        metadata=_what(
            "Where the app's exports go unless a folder is given. Empty: the folder in which it was started."
        ),
    )


@dataclass(frozen=True)
class Fetching:
    """`[fetch]`: what is fetched unless a command says otherwise, and from where."""

    __pydantic_config__: ClassVar[dict[str, object]] = _CLOSED

    sources: tuple[Literal["huggingface", "arxiv"], ...] = field(
        default=("huggingface",),
        metadata=_what('What F and plain `paperdeck fetch` bring: "huggingface" (its Daily Papers), "arxiv", or both.'),
    )
    arxiv: tuple[str, ...] = field(
        default=(), metadata=_what('The categories of the source "arxiv", as in ["cs.CL", "cs.LG"].')
    )
    huggingface_url: str = field(
        default="",
        metadata=_what("A mirror of huggingface.co. Empty: the service itself.", "PAPERDECK_HUGGINGFACE_URL"),
    )
    arxiv_api_url: str = field(
        default="",
        metadata=_what("A mirror of export.arxiv.org. Empty: the service itself.", "PAPERDECK_ARXIV_API_URL"),
    )
    arxiv_rss_url: str = field(
        default="",
        metadata=_what("A mirror of rss.arxiv.org. Empty: the service itself.", "PAPERDECK_ARXIV_RSS_URL"),
    )


@dataclass(frozen=True)
class Settings:
    """What `config.toml` can say, with what holds where it says nothing."""

    __pydantic_config__: ClassVar[dict[str, object]] = _CLOSED

    theme: str = field(
        default="", metadata=_what("The app's colours: a theme of its palette. Empty: the one chosen last in the app.")
    )
    advance: bool = field(default=True, metadata=_what("Whether deciding on a paper moves on to the next one."))
    fetch_on_start: bool = field(default=False, metadata=_what("Whether the app fetches the day's papers on opening."))
    keys: Mapping[str, str] = field(
        default_factory=dict,
        metadata=_what('Other keys for the app\'s actions: action = "key, key", as in skip = "x".'),
    )
    export: Export = field(default_factory=Export)
    fetch: Fetching = field(default_factory=Fetching)


class Setting(NamedTuple):
    """One setting, for those who show or document it."""

    name: str
    """As in `fetch.arxiv`."""
    default: object
    what: str
    """What it is for, in a sentence or two."""
    variable: str
    """The environment's variable that goes before the file; empty if none does."""

    def of(self, settings: Settings) -> object:
        """Its value."""
        value: object = reduce(getattr, self.name.split("."), settings)
        return value


def _settings(of: Settings | Export | Fetching, before: str = "") -> Iterator[Setting]:
    for item in fields(of):
        value = getattr(of, item.name)
        if isinstance(value, Export | Fetching):
            yield from _settings(value, f"{item.name}.")
        else:
            yield Setting(f"{before}{item.name}", value, item.metadata["what"], item.metadata["variable"])


SETTINGS: tuple[Setting, ...] = tuple(_settings(Settings()))
"""All of them, in the order in which a file has them: those of no table first."""

_FILE = "config.toml"
_ADDRESS = re.compile(r"https?://[^\s/]")
_NO_ADDRESS = "must begin with https:// or http://"


@dataclass(frozen=True)
class Configuration:
    """The settings that hold, and a sentence for each one that does not."""

    settings: Settings
    problems: tuple[str, ...] = ()
    """Each as `setting: what is wrong with it`, or about the whole file."""
    origins: Mapping[str, str] = field(default_factory=dict)
    """Where those settings come from that are no defaults: `config.toml`, or a variable's name."""


def config_path() -> Path:
    """Where `config.toml` is looked for."""
    return user_config_path("paperdeck") / "config.toml"


def load(path: Path | None = None) -> Configuration:
    """Read `config.toml` (by default the person's own) and the environment. Never raises for what is in them."""
    path = path or config_path()
    try:
        text = read_small(path).decode()
    except FileNotFoundError:
        return _with_environment(Configuration(Settings()))
    except OSError as error:
        return _unread(f"it cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        return _unread("it cannot be read: it is no text in UTF-8")
    if any(line.count(".") > MOST_DOTS for line in text.split("\n")):
        return _unread(f"it is nested too deeply: a line has over {MOST_DOTS} dots")
    import tomllib

    try:
        values = tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, and numbers that are too long for Python
        return _unread(f"it is not TOML: {error}")
    except RecursionError:
        return _unread("it is not TOML: it is nested too deeply")
    return _with_environment(check(values))


def _unread(problem: str) -> Configuration:
    return _with_environment(Configuration(Settings(), (_said(problem),)))


def _with_environment(configuration: Configuration) -> Configuration:
    """With what the environment's variables say in place of what the file does."""
    given = {setting: os.environ.get(setting.variable, "") for setting in SETTINGS if setting.variable}
    amiss = {setting: _amiss(value) for setting, value in given.items() if value}
    right = {setting: given[setting] for setting, why in amiss.items() if not why}
    wrong = [f"{setting.variable}: {why}" for setting, why in amiss.items() if why]
    if not right and not wrong:
        return configuration
    urls: dict[str, Any] = {setting.name.removeprefix("fetch."): value for setting, value in right.items()}
    settings = configuration.settings
    return Configuration(
        replace(settings, fetch=replace(settings.fetch, **urls)),
        (*configuration.problems, *map(_said, wrong)),
        {**configuration.origins, **{setting.name: setting.variable for setting in right}},
    )


def read_small(path: Path) -> bytes:
    """The bytes of a file that can only be small. Raises OSError for one of over MOST_BYTES, a folder, a pipe."""
    return read_regular(path, MOST_BYTES)


def check(values: dict[str, object]) -> Configuration:
    """Make settings of what TOML gave, leaving out each part that is wrong."""
    from pydantic import TypeAdapter, ValidationError

    adapter = TypeAdapter(Settings)
    given = {setting.name for setting in SETTINGS if _is_given(values, setting.name)}
    problems: list[str] = []
    for _ in range(2):  # once more without what the first pass found wrong
        try:
            settings = adapter.validate_python(values)
            break
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                place = tuple(str(part) for part in fault["loc"])
                problems.append(_explain(place, fault["type"], fault["msg"]))
                values = _without(values, place)
    else:
        settings = Settings()
    keys, clashes = check_keys(settings.keys)
    fetch, wrong = check_fetching(settings.fetch)
    problems += [*clashes, *wrong]
    settings = replace(settings, keys=keys, fetch=fetch)
    faulty = {problem.partition(":")[0] for problem in problems}
    # A list of which only a part is wrong is the file's all the same.
    origins = {
        setting.name: _FILE
        for setting in SETTINGS
        if setting.name in given and (setting.name not in faulty or setting.of(settings) != setting.default)
    }
    if len(problems) > MOST_PROBLEMS:
        problems[MOST_PROBLEMS:] = [f"and {len(problems) - MOST_PROBLEMS:,} more"]
    return Configuration(settings, tuple(map(_said, problems)), origins)


def _is_given(values: dict[str, object], name: str) -> bool:
    """Whether a file's values have the setting."""
    head, _, rest = name.partition(".")
    inner = values.get(head)
    return head in values and (not rest or (isinstance(inner, dict) and _is_given(inner, rest)))


def _said(problem: str) -> str:
    """A problem as a sentence that can be drawn, whatever stands in the file."""
    return harmless(problem if len(problem) <= LONGEST_PROBLEM else f"{problem[:LONGEST_PROBLEM]} …")


def check_fetching(wanted: Fetching) -> tuple[Fetching, list[str]]:
    """What of `[fetch]` can hold, and a sentence for each setting that cannot."""
    problems: list[str] = []
    categories = []
    for name in wanted.arxiv:
        from store.errors import FetchError
        from store.fetchers.arxiv import category

        try:
            categories.append(category(name))
        except FetchError as error:
            problems.append(f"fetch.arxiv: {error}")
    sources = tuple(dict.fromkeys(wanted.sources))
    if "arxiv" in sources and not categories:
        problems.append('fetch.sources: arxiv needs categories, as in arxiv = ["cs.CL", "cs.LG"]')
        sources = tuple(source for source in sources if source != "arxiv")
    elif not sources:
        problems.append("fetch.sources: names no source")
    urls = {name: getattr(wanted, name) for name in ("huggingface_url", "arxiv_api_url", "arxiv_rss_url")}
    for name, url in urls.items():
        if url and (why := _amiss(url)):
            problems.append(f"fetch.{name}: {why}")
            urls[name] = ""
    return Fetching(sources or Fetching.sources, tuple(dict.fromkeys(categories)), **urls), problems


def _amiss(url: str) -> str:
    """What is wrong with the address of a service; empty if nothing is."""
    if not _ADDRESS.match(url):
        return _NO_ADDRESS
    from store.fetchers.faults import host_of, no_address

    why = no_address(url)
    return why and f"{host_of(url.encode('utf-8', 'replace').decode())} is no address: {why}"


def _explain(place: tuple[str, ...], kind: str, message: str) -> str:
    setting = ".".join(place)
    if kind in {"unexpected_keyword_argument", "extra_forbidden"}:
        table = len(place) - 1
        known = {name[table] for each in SETTINGS if (name := each.name.split("."))[:table] == list(place[:table])}
        return f"{setting}: there is no such setting{closest(place[-1], sorted(known))}"
    plain = {
        "bool_type": "must be true or false",
        "bool_parsing": "must be true or false",
        "string_type": "must be text in quotes",
        "mapping_type": "must be a table",
        "dict_type": "must be a table",
        "tuple_type": 'must be a list, as in ["one", "two"]',
        "literal_error": 'must be "huggingface" or "arxiv"',
        "dataclass_type": "must be a table",
    }
    return f"{setting}: {plain.get(kind, message)}"


def _without(values: dict[str, object], place: tuple[str, ...]) -> dict[str, object]:
    """`values` without the value at `place`."""
    head, *rest = place
    inner = values.get(head)
    left = {name: value for name, value in values.items() if name != head}
    if rest and isinstance(inner, dict):
        left[head] = _without(inner, tuple(rest))
    return left
