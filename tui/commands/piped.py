"""What comes in on standard input in place of an argument `-`: IDs, as people and our own commands write them."""

import json
import re
import sys
from collections.abc import Iterator, Sequence

import click

from tui.output import say, shown, to_terminal

_SPACE = re.compile(r"\s*")

NO_IDS = "No IDs on standard input"

MOST_BYTES = 512 * 1024 * 1024
"""As of a document: the JSON of 100,000 papers takes about half."""


def standard_input(prompt: str) -> bytes:
    """All of standard input; `prompt` tells a person at a terminal what to type. Raises ClickException."""
    if to_terminal(sys.stdin):
        say(f"{prompt}, then press Ctrl+d.")
    try:
        data = sys.stdin.buffer.read(MOST_BYTES + 1)
    except OSError as error:  # a folder, for one
        raise click.ClickException(f"Standard input cannot be read ({error.strerror}); nothing was changed.") from error
    if len(data) > MOST_BYTES:
        raise click.ClickException(
            f"Standard input is over {MOST_BYTES // 1024**2} MB and was not read; nothing was changed."
        )
    return data


def named(refs: Sequence[str]) -> list[str]:
    """The IDs that arguments name: themselves and, in place of `-`, those on standard input.

    Raises UsageError for a second `-`, ClickException for an input that names no papers.
    """
    if refs.count("-") > 1:
        raise click.UsageError("Standard input can be read once: give - once.")
    if "-" not in refs:
        return list(refs)
    at = refs.index("-")
    text = standard_input("Type or paste IDs").decode("utf-8-sig", "replace")
    return [*refs[:at], *ids_in(text), *refs[at + 1 :]]


def ids_in(text: str) -> list[str]:
    """The IDs in a text: words, first fields of lines with tabs (`paperdeck list`), or JSON.

    JSON is numbers, texts, objects with an `id`, or arrays of these, one or several; so `--json` and JSON Lines can be
    piped on. Raises ClickException for JSON that is broken or is about something else.
    """
    if text.lstrip()[:1] in {"[", "{", '"'}:
        try:
            return list(_ids_in_json(text))
        except (ValueError, RecursionError) as error:
            reason = f"{error}" if isinstance(error, ValueError) else "it is nested too deeply"
            raise click.ClickException(
                f"Standard input begins like JSON and cannot be read as IDs: {reason}. Nothing was changed."
            ) from error
    return [ref for line in text.splitlines() for ref in _ids_in_line(line)]


def _ids_in_line(line: str) -> list[str]:
    """Its words; of several fields, all where each is an ID, else the first: the others are about the paper."""
    fields = [field.strip() for field in line.split("\t")]
    if len(fields) > 1 and not all(field.replace(".", "").isdigit() for field in fields):
        return fields[0].split()
    return line.split()


def _ids_in_json(text: str) -> Iterator[str]:
    decoder = json.JSONDecoder()
    at = _after_space(text, 0)
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        for each in value if isinstance(value, list) else [value]:
            yield _id_of(each)
        at = _after_space(text, at)


def _after_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _id_of(value: object) -> str:
    if isinstance(value, dict):
        if "id" not in value:
            raise ValueError("an object has no “id”")
        value = value["id"]
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(f"{shown(json.dumps(value))[:40]} is no ID")
    return f"{value}"
