"""The one table of what a person can do and with which keys.

Bindings, footer, help, palette, README and remapping are all made from it; nothing else names a key.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from textual.binding import Binding


class Action(NamedTuple):
    """One thing that a person can do."""

    id: str
    """By which `config.toml` and the code call it."""
    keys: str
    """Textual's key names, separated by commas; empty where only the palette offers it."""
    label: str
    """One or two words for the footer."""
    help: str
    """What it does, for help, palette and README."""
    group: str


ACTIONS: tuple[Action, ...] = (
    Action("down", "j,down", "down", "Next paper, or scroll down", "Move"),
    Action("up", "k,up", "up", "Previous paper, or scroll up", "Move"),
    Action("top", "g,home", "top", "First paper, or the beginning", "Move"),
    Action("bottom", "G,end", "end", "Last paper, or the end", "Move"),
    Action("half_down", "ctrl+d", "half down", "Half a page down", "Move"),
    Action("half_up", "ctrl+u", "half up", "Half a page up", "Move"),
    Action("page_down", "pagedown", "page down", "A page down", "Move"),
    Action("page_up", "pageup", "page up", "A page up", "Move"),
    Action("next_undecided", "n", "next", "Next undecided paper", "Move"),
    Action("previous_undecided", "N", "previous", "Previous undecided paper", "Move"),
    Action("previous_day", "[", "day up", "Previous day of the list", "Move"),
    Action("next_day", "]", "day down", "Next day of the list", "Move"),
    Action("open", "enter", "open", "Into the detail; in the views pane, open the view", "Move"),
    Action("next_pane", "tab,l,right", "next pane", "Pane to the right", "Move"),
    Action("previous_pane", "shift+tab,h,left", "pane left", "Pane to the left", "Move"),
    Action("back", "escape", "back", "One step back: clear the search, the selection, close", "Move"),
    Action("read", "r", "read", "Mark read and move on; again takes it off", "Decide"),
    Action("star", "s", "star", "Star (“I will read it”) and move on; again takes it off", "Decide"),
    Action("skip", "d", "skip", "Skip (“not for me”) and move on; again takes it off", "Decide"),
    Action("read_all", "A", "read all", "Mark every undecided paper of the view read", "Decide"),
    Action("skip_all", "D", "skip all", "Skip every undecided paper of the view", "Decide"),
    Action("undo", "u", "undo", "Undo the last action", "Decide"),
    Action("redo", "ctrl+r", "redo", "Redo what was undone", "Decide"),
    Action("tag", "t", "tags", "Edit the tags", "Annotate"),
    Action("note", "e", "note", "Write a note here", "Annotate"),
    Action("note_editor", "E", "$EDITOR", "Write the note in $VISUAL or $EDITOR", "Annotate"),
    Action("rename_tag", "T", "rename tag", "Rename a tag, or merge it into another", "Annotate"),
    Action("select", "space", "select", "Select the paper, or take it out of the selection", "Select"),
    Action("select_range", "V", "range", "Start a range; again ends it", "Select"),
    Action("select_all", "ctrl+a", "all", "Select every paper of the view", "Select"),
    Action("inbox", "1", "Inbox", "Inbox: what is undecided", "Views"),
    Action("to_read", "2", "To read", "To read: starred and not yet read", "Views"),
    Action("starred", "3", "Starred", "Starred: the reading list", "Views"),
    Action("read_view", "4", "Read", "Read", "Views"),
    Action("skipped", "5", "Skipped", "Skipped", "Views"),
    Action("all", "6", "All", "All papers", "Views"),
    Action("search", "slash", "search", "Search the whole library", "Search"),
    Action("narrow", "f", "narrow", "Narrow the view as you type", "Search"),
    Action("save_search", "ctrl+s", "save search", "Save the search under a name, as a view", "Search"),
    Action("remove_search", "", "remove search", "Remove a saved search", "Search"),
    Action("sort", "S", "sort", "Sort the list", "Look"),
    Action("two_lines", "z", "lines", "One or two lines a paper", "Look"),
    Action("views", "b", "views", "Views pane on and off", "Look"),
    Action("divider_left", "<", "divider", "Move the divider to the left", "Look"),
    Action("divider_right", ">", "divider", "Move the divider to the right", "Look"),
    Action("theme", "", "theme", "Choose a theme", "Look"),
    Action("browse", "o", "browser", "Open the paper's page in the browser", "In and out"),
    Action("pdf", "O", "PDF", "Open its PDF in the browser", "In and out"),
    Action("copy", "y", "copy", "Copy title, link, Markdown or BibTeX", "In and out"),
    Action("import", "i", "import", "Import a file or folder (or paste a page anywhere)", "In and out"),
    Action("fetch", "F", "fetch", "Fetch the day's papers; again stops it", "In and out"),
    Action("export", "x", "export", "Export the selection or the view", "In and out"),
    Action("duplicates", "M", "duplicates", "Papers that may be one: merge them, or keep them apart", "In and out"),
    Action("digests", "I", "imports", "Imported documents and what was not understood in them", "In and out"),
    Action("help", "question_mark", "help", "Show all keys", "App"),
    Action("palette", "colon,ctrl+p", "palette", "Find any action by name", "App"),
    Action("guide", "ctrl+g", "guide", "Guide: the five keys, on the sample library; again leaves it", "App"),
    Action("log", "L", "log", "What did I do: the journal", "App"),
    Action("stats", "C", "charts", "Statistics, as charts: what came in, the inbox, decisions", "App"),
    Action("quit", "q", "quit", "Quit", "App"),
)
BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}

# Backspace, Tab and Enter in many terminals; Ctrl+c and Ctrl+q are the way out when all else fails.
RESERVED = {
    "ctrl+h": "is Backspace in many terminals",
    "ctrl+i": "is Tab in many terminals",
    "ctrl+j": "is Enter in many terminals",
    "ctrl+m": "is Enter in many terminals",
    "ctrl+c": "is kept for leaving the app",
    "ctrl+q": "is kept for leaving the app",
}

_NAMES = {
    "/": "slash",
    "?": "question_mark",
    ":": "colon",
    "<": "less_than_sign",
    ">": "greater_than_sign",
    "[": "left_square_bracket",
    "]": "right_square_bracket",
    "+": "plus",
    " ": "space",
    "esc": "escape",
    "return": "enter",
    "pgdn": "pagedown",
    "pgup": "pageup",
}
_SHOWN = {name: sign for sign, name in _NAMES.items() if len(sign) == 1 and sign != " "} | {
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "space": "Space",
    "escape": "Esc",
    "enter": "Enter",
    "tab": "Tab",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
}


def split_keys(keys: str) -> tuple[str, ...]:
    """The key names of a comma-separated list, in Textual's spelling (`/` becomes `slash`)."""
    return tuple(_canonical(key) for key in keys.split(",") if key.strip())


def _canonical(key: str) -> str:
    key = key.strip()
    if len(key) > 1:
        key = key.lower()
    return _NAMES.get(key, key)


def shown_key(key: str) -> str:
    """A key as a person reads it: `ctrl+d` becomes `Ctrl+d`, `slash` becomes `/`."""
    *modifiers, last = _canonical(key).split("+")
    if last[0] == "f" and last[1:].isdigit():
        last = last.upper()
    return "+".join([*(modifier.capitalize() for modifier in modifiers), _SHOWN.get(last, last)])


class Keymap:
    """Which keys do what, after the person's own choices."""

    def __init__(self, overrides: Mapping[str, str] | None = None) -> None:
        """`overrides`: action id to key names, already checked (`tui.config`)."""
        self.overrides = dict(overrides or {})

    def keys(self, action: str) -> tuple[str, ...]:
        """The names of the keys that run `action`."""
        return split_keys(self.overrides.get(action, BY_ID[action].keys))

    def shown(self, action: str) -> str:
        """The first key of `action` as a person reads it; empty if it has none."""
        keys = self.keys(action)
        return shown_key(keys[0]) if keys else ""

    def shown_all(self, action: str) -> str:
        """All keys of `action` as a person reads them, a space between."""
        return " ".join(shown_key(key) for key in self.keys(action))


def bindings() -> list["Binding"]:
    """A Textual binding for each action; its id is the action's, so that it can be remapped."""
    from textual.binding import Binding

    return [
        Binding(
            # An action without a key has one that no terminal sends, so that it can be given another.
            ",".join(split_keys(action.keys)) or f"no-key-{action.id}",
            f"perform('{action.id}')",
            action.label,
            tooltip=action.help,
            id=action.id,
            show=False,
        )
        for action in ACTIONS
    ]


def groups(actions: Iterable[Action] = ACTIONS) -> dict[str, list[Action]]:
    """The actions by group, both in the table's order."""
    result: dict[str, list[Action]] = {}
    for action in actions:
        result.setdefault(action.group, []).append(action)
    return result


def markdown() -> str:
    """The README's table of keys, with the names by which `config.toml` calls what they do."""
    keymap = Keymap()
    lines = ["| | key | does | name |", "|---|---|---|---|"]
    for group, actions in groups().items():
        for number, action in enumerate(actions):
            keys = " ".join(f"`{shown_key(key)}`" for key in keymap.keys(action.id)) or "palette"
            lines.append(f"| {group if number == 0 else ''} | {keys} | {action.help} | {action.id} |")
    return "\n".join(lines) + "\n"
