"""What the app remembers of its looks between two sessions: a small file of its own, not settings."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from platformdirs import user_state_path


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
    list_share: int = 56
    """How much of the room of list and detail the list takes, in percent."""


def layout_path() -> Path:
    """Where the layout is kept."""
    return user_state_path("paperdeck") / "layout.json"


def load(path: Path | None = None) -> Layout:
    """The layout of the last session; where the file is missing or damaged, what it does not say is the default."""
    path = path or layout_path()
    try:
        values = json.loads(path.read_text())
    except (OSError, ValueError):
        return Layout()
    if not isinstance(values, dict):
        return Layout()
    default = Layout()
    kept = {
        item.name: values[item.name]
        for item in fields(Layout)
        if type(values.get(item.name)) is type(getattr(default, item.name))
    }
    return Layout(**kept)


def save(layout: Layout, path: Path | None = None) -> None:
    """Keep the layout, whole or not at all. Raises OSError."""
    path = path or layout_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(asdict(layout), indent=1) + "\n")
    draft.replace(path)
