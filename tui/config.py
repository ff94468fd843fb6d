"""The person's settings: `config.toml` checked, with what is wrong in it said in plain words.

A wrong setting never keeps the app from opening: its default stands in for it. pydantic is imported only where there
is a file to check.
"""

import errno
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from stat import S_ISREG
from typing import ClassVar, Literal

from platformdirs import user_config_path

from store.harmless import harmless
from tui.keys import ACTIONS, BY_ID, RESERVED, shown_key, split_keys

MOST_BYTES = 64 * 1024
"""Of settings and layout: all actions remapped make four."""
MOST_PROBLEMS, LONGEST_PROBLEM = 20, 200
_CLOSED: dict[str, object] = {"extra": "forbid"}


@dataclass(frozen=True)
class Export:
    """`[export]`: what the export dialog starts with."""

    __pydantic_config__: ClassVar[dict[str, object]] = _CLOSED

    folder: str = ""
    """Where files go unless a folder is given; empty is the folder in which the app was started."""


@dataclass(frozen=True)
class Fetching:
    """`[fetch]`: what is fetched unless a command says otherwise, and from where."""

    __pydantic_config__: ClassVar[dict[str, object]] = _CLOSED

    sources: tuple[Literal["huggingface", "arxiv"], ...] = ("huggingface",)
    arxiv: tuple[str, ...] = ()
    """The categories of the source `arxiv`, as in `cs.CL`."""
    huggingface_url: str = ""
    """What begins every address that is asked for; empty is the service itself. So with the other two."""
    arxiv_api_url: str = ""
    arxiv_rss_url: str = ""


@dataclass(frozen=True)
class Settings:
    """What `config.toml` can say, with what holds where it says nothing."""

    __pydantic_config__: ClassVar[dict[str, object]] = _CLOSED

    theme: str = ""
    """A theme's name; empty is the one chosen last in the app."""
    advance: bool = True
    """Whether deciding on a paper moves on to the next one."""
    fetch_on_start: bool = False
    """Whether the app fetches the day's papers when it opens."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Action to key names, separated by commas."""
    export: Export = field(default_factory=Export)
    fetch: Fetching = field(default_factory=Fetching)


_KNOWN: dict[str, type[Export | Fetching]] = {"export": Export, "fetch": Fetching}


@dataclass(frozen=True)
class Configuration:
    """The settings that hold, and a sentence for each one that does not."""

    settings: Settings
    problems: tuple[str, ...] = ()


def config_path() -> Path:
    """Where `config.toml` is looked for."""
    return user_config_path("paperdeck") / "config.toml"


def load(path: Path | None = None) -> Configuration:
    """Read `config.toml` (by default the person's own). Never raises for what is in it."""
    path = path or config_path()
    try:
        text = read_small(path).decode()
    except FileNotFoundError:
        return Configuration(Settings())
    except OSError as error:
        return Configuration(Settings(), (f"it cannot be read: {error.strerror}",))
    except UnicodeDecodeError:
        return Configuration(Settings(), ("it cannot be read: it is no text in UTF-8",))
    import tomllib

    try:
        values = tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, and numbers that are too long for Python
        return Configuration(Settings(), (_said(f"it is not TOML: {error}"),))
    except RecursionError:
        return Configuration(Settings(), ("it is not TOML: it is nested too deeply",))
    return check(values)


def read_small(path: Path) -> bytes:
    """The bytes of a file that can only be small. Raises OSError for one of over MOST_BYTES, a folder, a pipe."""
    # A pipe without a writer would hold up the start for ever, and a device would never end.
    with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
        if not S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is no file")
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise OSError(errno.EFBIG, f"it is over {MOST_BYTES // 1024} kB")
    return data


def check(values: dict[str, object]) -> Configuration:
    """Make settings of what TOML gave, leaving out each part that is wrong."""
    from pydantic import TypeAdapter, ValidationError

    adapter = TypeAdapter(Settings)
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
    if len(problems) > MOST_PROBLEMS:
        problems[MOST_PROBLEMS:] = [f"and {len(problems) - MOST_PROBLEMS:,} more"]
    return Configuration(replace(settings, keys=keys, fetch=fetch), tuple(map(_said, problems)))


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
        if url and not re.match(r"https?://[^\s/]", url):
            problems.append(f"fetch.{name}: must begin with https:// or http://")
            urls[name] = ""
    return Fetching(sources or Fetching.sources, tuple(dict.fromkeys(categories)), **urls), problems


def check_keys(wanted: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The remappings that can hold, and a sentence for each that cannot."""
    problems: list[str] = []
    good: dict[str, str] = {}
    for action, keys in wanted.items():
        setting = f"keys.{action}"
        if action not in BY_ID:
            close = _closest(action, list(BY_ID))
            problems.append(f"{setting}: there is no action of this name{close}")
            continue
        names = split_keys(keys)
        if not names:
            problems.append(f"{setting}: names no key")
            continue
        wrong = [name for name in names if not _is_key(name)]
        kept = [name for name in names if name in RESERVED]
        if wrong:
            problems.append(f"{setting}: “{wrong[0]}” is no key (examples: x, ctrl+x, f5, space, slash)")
        elif kept:
            problems.append(f"{setting}: {shown_key(kept[0])} {RESERVED[kept[0]]}")
        else:
            good[action] = ",".join(names)
    return _without_clashes(good, problems), problems


def _without_clashes(good: dict[str, str], problems: list[str]) -> dict[str, str]:
    """Drop remappings whose key another action has, one after another, until none clashes."""
    good = dict(good)
    while True:
        owners: dict[str, str] = {}
        clash: tuple[str, str, str] | None = None
        for action in sorted(ACTIONS, key=lambda action: action.id in good):
            for key in split_keys(good.get(action.id, action.keys)):
                if owners.setdefault(key, action.id) != action.id:
                    clash = (action.id, key, owners[key])
        if clash is None:
            return good
        action_id, key, other = clash
        # With only defaults there is no clash, so one of the two is the person's own.
        loser = action_id if action_id in good else other
        winner = other if loser == action_id else action_id
        problems.append(f"keys.{loser}: {shown_key(key)} is already the key of “{winner}”")
        del good[loser]


def _is_key(name: str) -> bool:
    from textual.keys import Keys, _character_to_key

    *modifiers, last = name.split("+") if name != "+" else [name]
    if not set(modifiers) <= {"ctrl", "shift", "alt", "super", "hyper", "meta"}:
        return False
    if len(last) == 1:
        return last.isprintable()
    known = {key.value for key in Keys}
    signs = {_character_to_key(chr(code)) for code in range(32, 127)}
    return last in known or last in signs


def _explain(place: tuple[str, ...], kind: str, message: str) -> str:
    setting = ".".join(place)
    if kind in {"unexpected_keyword_argument", "extra_forbidden"}:
        known = list(_KNOWN.get(place[0], Settings).__dataclass_fields__)
        return f"{setting}: there is no such setting{_closest(place[-1], known)}"
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


def _closest(name: str, known: list[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, known, 1)
    return f" (did you mean “{close[0]}”?)" if close else ""


def _without(values: dict[str, object], place: tuple[str, ...]) -> dict[str, object]:
    """`values` without the value at `place`."""
    head, *rest = place
    inner = values.get(head)
    left = {name: value for name, value in values.items() if name != head}
    if rest and isinstance(inner, dict):
        left[head] = _without(inner, tuple(rest))
    return left
