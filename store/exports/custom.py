"""A person's own template, rendered in a process of its own: whatever it asks for, it ends, and in time.

The sandbox keeps a template from the machine (`store.exports.templating`), but not from loops without an end and texts
without a limit; the system does.
"""

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Final, NamedTuple

from store.entries import Entry
from store.errors import ExportError
from store.exports import ExportOptions, OwnTemplate

LARGEST: Final = 1_000_000
"""Characters of a template."""

_REFUSED: Final = 3
"""The exit status with which the process prints what is wrong with the template."""


class Limits(NamedTuple):
    """What a template may take."""

    seconds: int = 60
    """Of a processor's time."""
    memory: int = 3 << 30
    """In bytes."""
    characters: int = 1_000_000
    """Of its document."""
    characters_a_paper: int = 100_000


def render(
    template: OwnTemplate,
    entries: Sequence[Entry],
    options: ExportOptions,
    today: date,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
) -> str:
    """The document that the template makes of the papers. Raises ExportError, which says where it goes wrong."""
    if len(template.text) > LARGEST:
        raise ExportError(f"{template.name} is no template: it has more than {LARGEST:,} characters.")
    ran = subprocess.run(
        [sys.executable, "-P", "-c", "from store.exports.custom import main; main()"],
        input=pickle.dumps((template, tuple(entries), options, today, limits)),
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    said = ran.stdout.decode("utf-8", "surrogatepass")
    if ran.returncode == 0:
        return said
    if ran.returncode == _REFUSED:
        raise ExportError(said)
    if ran.returncode < 0:
        raise ExportError(f"{template.name} was stopped: it took more than {limits.seconds} seconds, or all memory.")
    raise ExportError(f"{template.name} could not be rendered: {ran.stderr.decode('utf-8', 'replace')[-1000:].strip()}")


def main() -> None:
    """In the other process: render what stands on standard input, and print the document or what is wrong."""
    gc.disable()  # nothing here lives for longer than one document
    template, entries, options, today, limits = pickle.loads(sys.stdin.buffer.read())
    _confine(limits)
    try:
        document, status = _rendered(template, entries, options, today, limits), 0
    except ExportError as error:
        document, status = str(error), _REFUSED
    sys.stdout.buffer.write(document.encode("utf-8", "surrogatepass"))
    sys.stdout.flush()
    os._exit(status)  # what is left to do at an end may take as long as the rest, and nothing is


def _confine(limits: Limits) -> None:
    import resource

    for what, most in (
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # a system that has none, or a lower one already
            resource.setrlimit(what, (most, most))


def _rendered(
    template: OwnTemplate, entries: Sequence[Entry], options: ExportOptions, today: date, limits: Limits
) -> str:
    from jinja2 import TemplateError

    from store.exports import templating

    most = limits.characters + limits.characters_a_paper * len(entries)
    pieces = []
    try:
        for piece in templating.compiled(*template).generate(templating.context(entries, options, today)):
            pieces.append(piece)
            most -= len(piece)
            if most < 0:
                raise ExportError(f"{template.name} makes a document without an end; it was stopped.")
    except (
        # What a template can raise that asks for what there is not.
        TemplateError, ArithmeticError, AttributeError, LookupError, MemoryError, RuntimeError, SyntaxError, TypeError,
        ValueError,
    ) as error:  # fmt: skip
        raise ExportError(templating.wrong(error, template.name)) from error
    return "".join(pieces)
