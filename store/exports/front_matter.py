"""A note's YAML front matter, of which some properties are ours: brought up to date without touching anything else.

We write each property on one line. Obsidian writes them anew in its own way when a person edits one, so what tells
theirs from ours is the value and not the spelling.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Final, NamedTuple

Value = bool | int | str | Sequence[str]
Properties = Mapping[str, Value]

_FENCE: Final = re.compile(r"---[ \t]*(?:\r\n|\r|\n)")
_END: Final = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
# A property begins at the left; what is indented below it, or is an item of a list, belongs to it.
_PROPERTY: Final = re.compile(
    r"""^(?P<key>[^\s#"'\-\[\]{},&*!|>%@`?:][^\s:]*|"[^"\r\n]*"|'[^'\r\n]*')[ \t]*:(?=[ \t\r\n]|\Z)[^\r\n]*
        (?:(?:\r\n|\r|\n)(?:[ \t]+[^\s]|-[ \t]|-(?=[\r\n]|\Z))[^\r\n]*)*""",
    re.MULTILINE | re.VERBOSE,
)
_COMMENT: Final = re.compile(r"(?<!\S)#")
_OF_DAYS: Final = ("published", "days")
"""The properties whose values are days."""
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NOT_IN_YAML: Final = re.compile("[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_JSON: Final = json.JSONEncoder(ensure_ascii=False, default=str).encode


class Merged(NamedTuple):
    """Front matter brought up to date."""

    text: str
    """The whole note."""
    known: dict[str, str]
    """What we wrote of each property, to be told the next time."""
    edited: tuple[str, ...]
    """The properties that the person changed; they are left as they are."""


def written(properties: Properties) -> str:
    """Front matter with these properties, from fence to fence, with a line end."""
    lines = "".join(f"{_line(key, value)}\n" for key, value in properties.items())
    return f"---\n{lines}---\n"


def known(properties: Properties) -> dict[str, str]:
    """What is to be remembered of what was written."""
    return {key: _remembered(key, value) for key, value in properties.items()}


def merge(text: str, ours: Properties, before: Mapping[str, str], line_end: str, *, restore: bool) -> Merged:
    """The note with our properties in its front matter; `before` is what `known` said of what we wrote last.

    A property that the person changed or removed stays so (removed ones come back with `restore`); of tags, only those
    that are ours come and go. One that they had before us is theirs.
    """
    body = _body(text)
    if body is None:
        return Merged(text, dict(before), ())
    start, end = body
    found = {match["key"].strip("\"'"): match.span() for match in reversed(list(_PROPERTY.finditer(text, start, end)))}
    now, edited, added = dict(before), [], []
    replacements: list[tuple[int, int, str]] = []
    for key in [*ours, *(key for key in before if key not in ours)]:
        span, last, value = found.get(key), before.get(key), ours.get(key)
        if span is None:
            if value is not None and (last is None or restore):
                added.append(_line(key, value))
                now[key] = _remembered(key, value)
            continue
        if last is None:
            continue
        there = text[slice(*span)]
        line = None if value is None else _line(key, value)
        if there != line:
            line = _instead(key, there, last, value)
        if line is None:
            edited.append(key)
            continue
        if line != there:
            gone = not line and text.startswith(line_end, span[1])
            replacements.append((span[0], span[1] + gone * len(line_end), line))
        if value is None:
            now.pop(key)
        else:
            now[key] = _remembered(key, value)
    replacements.append((end, end, "".join(f"{line}{line_end}" for line in added)))
    parts, position = [], 0
    for begin, stop, instead in sorted(replacements):
        parts += [text[position:begin], instead]
        position = stop
    return Merged("".join([*parts, text[position:]]), now, tuple(edited))


def _body(text: str) -> tuple[int, int] | None:
    """Where front matter begins and ends, its fences not included."""
    opened = _FENCE.match(text, text.startswith("\ufeff"))
    closed = opened and _END.search(text.replace("\r", "\n") if "\r" in text else text, opened.end())
    return (opened.end(), closed.start()) if opened and closed else None


def _instead(key: str, there: str, last: str, value: Value | None) -> str | None:
    """What is to stand in the place of a property that is not as we would write it; None if the person changed it."""
    read, found = _value(there)
    if not read or (_COMMENT.search(there) and there != _line(key, found)):
        return None
    if key == "tags":
        return _tags(there, found, last, value)
    if value is not None and digest(found) == digest(value):
        return there
    if digest(found) != last:
        return None
    return "" if value is None else _line(key, value)


def _tags(there: str, found: object, last: str, value: Value | None) -> str | None:
    """The tags with ours brought up to date among them."""
    tags = re.split(r"[\s,]+", found.strip()) if isinstance(found, str) else found or []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        return None
    before, now = last.split(","), [] if value is None or isinstance(value, bool | int | str) else list(value)
    kept = [tag for tag in tags if tag in now or digest(tag) not in before]
    kept += [tag for tag in now if tag not in tags and digest(tag) not in before]
    return there if kept == tags else _line("tags", kept) if kept else ""


def _value(there: str) -> tuple[bool, Value]:
    """Whether a property can be read, and its value."""
    import yaml  # type: ignore[import-untyped]

    try:
        found = yaml.load(there, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError):
        return False, ""
    return (True, next(iter(found.values()))) if isinstance(found, dict) and len(found) == 1 else (False, "")


def _line(key: str, value: object) -> str:
    if isinstance(value, list | tuple):
        return f"{key}: [{', '.join(_scalar(each, key) for each in value)}]"
    return f"{key}: {_scalar(value, key)}"


def _scalar(value: object, key: str) -> str:
    """JSON is YAML, but for some characters that must be escaped; no marker is one.

    A day stands as it is, so that it is one for Obsidian; not so the name or the tag that only looks like one.
    """
    if key in _OF_DAYS and (isinstance(value, date) or (isinstance(value, str) and _is_day(value))):
        return f"{value}"
    text = _JSON(value).replace("<!--", "\\u003c!--")
    return text if text.isprintable() else _NOT_IN_YAML.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _remembered(key: str, value: Value) -> str:
    return ",".join(map(digest, value)) if key == "tags" and not isinstance(value, bool | int | str) else digest(value)


def digest(value: object) -> str:
    """What tells a value from others."""
    return sha256(_JSON(value).encode("utf-8", "replace")).hexdigest()[:10]
