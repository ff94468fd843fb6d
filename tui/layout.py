"""What the app remembers of its looks between two sessions: a small file of its own, not settings."""

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from platformdirs import user_state_path

from store.folders import make_private
from tui.config import read_small

VIEWS_WIDTH, LIST_SHARE = range(18, 49), range(25, 81)
"""What there may be of each, from the narrowest to the widest."""


@dataclass
class Layout:
    """How the person left the app."""

    theme: str = "paperdeck"
    sort: str = ""
    """A sort key of the query language; empty is the view's own order."""
    two_lines: bool = False
    views: bool = True
    """Whether the views pane stands beside the list where there is room."""
    views_width: int = 28
    """Of the views pane, in columns."""
    export_format: str = "markdown"
    """How papers were exported last, as the export dialog calls it."""
    list_share: int = 56
    """How much of the room of list and detail the list takes, in percent."""


def layout_path() -> Path:
    """Where the layout is kept."""
    return user_state_path("paperdeck") / "layout.json"


def load(path: Path | None = None) -> Layout:
    """The layout of the last session; where the file is missing or damaged, what it does not say is the default."""
    path = path or layout_path()
    try:
        values = json.loads(read_small(path))
    except (OSError, ValueError, RecursionError):
        return Layout()
    if not isinstance(values, dict):
        return Layout()
    default = Layout()
    kept = {
        item.name: values[item.name]
        for item in fields(Layout)
        if type(values.get(item.name)) is type(getattr(default, item.name))
    }
    layout = Layout(**kept)
    layout.views_width = within(VIEWS_WIDTH, layout.views_width)
    layout.list_share = within(LIST_SHARE, layout.list_share)
    return layout


def within(bounds: range, value: int) -> int:
    """`value`, or the bound that is nearest to it."""
    return max(bounds[0], min(bounds[-1], value))


def save(layout: Layout, path: Path | None = None) -> None:
    """Keep the layout, whole or not at all. Raises OSError."""
    path = path or layout_path()
    make_private(path.parent)
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(json.dumps(asdict(layout), indent=1) + "\n")
    draft.replace(path)
