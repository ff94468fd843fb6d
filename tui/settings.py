"""The settings as they are told to a person: with value and origin, as an example to write one's own, as a table.

All of it comes from `tui.config.SETTINGS`; nothing is listed a second time.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from store.harmless import harmless
from tui.config import SETTINGS, Configuration, Setting
from tui.keys import ACTIONS
from tui.wording import closest

VARIABLES: Mapping[str, str] = {
    "PAPERDECK_DB": "The library's file, unless --db names one.",
    **{setting.variable: f"As {setting.name}; goes before the file." for setting in SETTINGS if setting.variable},
    "VISUAL": "The editor for notes and settings; without it $EDITOR, without that vi. It is run without a shell.",
    "EDITOR": "As VISUAL, which goes before it.",
    "NO_COLOR": "If it is not empty: no colours, in the app and on the command line.",
    "XDG_CONFIG_HOME": "The folder of paperdeck/config.toml (default on Linux: ~/.config).",
    "XDG_DATA_HOME": "The folder of paperdeck/library.db (default on Linux: ~/.local/share).",
    "XDG_STATE_HOME": "The folder of what the app remembers of its looks (default on Linux: ~/.local/state).",
    "XDG_CACHE_HOME": "The folder of what was fetched lately (default on Linux: ~/.cache).",
    "HTTPS_PROXY": "The proxy to fetch through; so with ALL_PROXY and NO_PROXY.",
}
"""The environment's variables that paperdeck reads, and what each does."""

_PASSWORD = re.compile("//[^/@]*@")
"""What a proxy's address may begin with; it belongs on no screen."""

_KINDS: Mapping[type, str] = {bool: "true or false", str: "text", tuple: "list of texts", dict: "table of texts"}


class Told(NamedTuple):
    """A setting, or one of the environment's variables, as `paperdeck config` shows it."""

    name: str
    value: object
    """None: the variable is not set."""
    default: object
    origin: str
    """`default`, `config.toml` or a variable's name; of a variable, `environment` or `not set`."""
    kind: str
    """What may stand there: `true or false`, `text` …"""
    what: str


def told(configuration: Configuration, environment: Mapping[str, str]) -> Iterator[Told]:
    """Every setting, then every variable of the environment."""
    for setting in SETTINGS:
        origin = configuration.origins.get(setting.name, "default")
        value = setting.of(configuration.settings)
        yield Told(setting.name, value, setting.default, origin, kind(setting), setting.what)
    for name, what in VARIABLES.items():
        value = environment.get(name)
        shown = value and _PASSWORD.sub("//…@", value)
        yield Told(name, shown, None, "not set" if value is None else "environment", "variable", what)


def kind(setting: Setting) -> str:
    """What may stand there, in words."""
    return _KINDS[type(setting.default)]


def toml(value: object) -> str:
    """A setting's value as TOML has it: on one line, with nothing in it that a terminal would obey."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{"".join(map(_escaped, value))}"'
        case Mapping():
            return f"{{ {', '.join(f'{name} = {toml(inner)}' for name, inner in value.items())} }}" if value else "{}"
        case tuple() | list():
            return f"[{', '.join(map(toml, value))}]"
    raise TypeError(f"no setting is of the type {type(value)}")


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    return sign if sign.isprintable() else f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"


def example() -> str:
    """A `config.toml` that names and explains every setting and changes none until a line is freed of its `#`."""
    lines = [
        "# The settings of paperdeck. What follows a # at once is a setting with its default: take the # away and",
        "# change it. `paperdeck config` shows what holds, `paperdeck config --check` what is wrong.",
    ]
    table = ""
    for setting in SETTINGS:
        *tables, name = setting.name.split(".")
        if tables and tables[0] != table:
            (table,) = tables
            lines += ["", f"[{table}]"]
        lines += ["", f"# {setting.what}"]
        if isinstance(setting.default, Mapping):
            lines += [f"[{name}]", *_keys()]
        else:
            lines.append(f"#{name} = {toml(setting.default)}")
    return "\n".join(lines) + "\n"


def _keys() -> Iterator[str]:
    """The actions with their keys; one without a key gets one in the example, or there would be nothing to write."""
    for action in ACTIONS:
        setting = f"{action.id} = {toml(action.keys)}"
        yield f"#{setting:<36}  # {action.help}" if action.keys else f"# {action.id} has no key: {action.help}"


def markdown() -> str:
    """The README's table of settings, and the example."""
    rows = [f"| `{each.name}` | {kind(each)} | `{toml(each.default)}` | {each.what} |" for each in SETTINGS]
    return "\n".join(["| setting | type | default | what |", "|---|---|---|---|", *rows]) + "\n"


def problems(configuration: Configuration) -> list[str]:
    """What is wrong in the settings, a sentence each; a theme, too, which only the app and this can look up."""
    from textual.theme import BUILTIN_THEMES

    from tui.theme import THEMES

    theme = configuration.settings.theme
    known = [*BUILTIN_THEMES, *(each.name for each in THEMES)]
    unknown = f"theme: there is no theme “{harmless(theme)[:60]}”{closest(theme, known)}"
    return [*configuration.problems, *([unknown] if theme and theme not in known else [])]
