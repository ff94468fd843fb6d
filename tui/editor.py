"""A person's own editor on a text, such that no failure loses what they wrote."""

import os
import shlex
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from store.errors import StoreError
from tui.drafts import Drafts, bytes_of, why_none

GRACE = 2.0
"""Seconds that the editor has to end when paperdeck is told to."""

_ENDING = (signal.SIGTERM, signal.SIGHUP)


class EditorFailed(StoreError):
    """The editor could not be run or failed, or what it wrote could not be kept; the message names the text's file."""


class Edited(NamedTuple):
    """What came out of an editor."""

    text: str
    before: str
    """The note that its writer began with."""


def editor_command() -> list[str]:
    """The person's editor with its arguments: $VISUAL, else $EDITOR, else vi. Raises EditorFailed."""
    named = os.environ.get("VISUAL", "").strip() or os.environ.get("EDITOR", "").strip() or "vi"
    try:
        return shlex.split(named)
    except ValueError as error:
        raise EditorFailed(f"$VISUAL or $EDITOR cannot be read as a command: {named}") from error


@contextmanager
def edited(drafts: Drafts, names: Sequence[str], note: str) -> Iterator[Edited]:
    """Open the note of the paper of these names (`Drafts.names`), or what an earlier session left of it, in the
    person's editor; give what they made of it.

    The file that is edited is the note's draft, so that whatever happens meanwhile, it is offered again. Keep the
    result within the block: if the editor fails or the block raises a StoreError, the draft stays and the EditorFailed
    that is raised says where. If it does not, the draft is dropped.
    """
    command = editor_command()
    try:
        left = drafts.take(names)
        if left is None:
            drafts.keep(names[0], note, note)
        file = drafts.file(names[0])
        begun = bytes_of(file)
    except OSError as error:
        raise EditorFailed(f"There is no place for the note while it is edited ({why_none(error)}).") from error
    start = note if left is None else left.text
    try:
        run_editor([*command, str(file)])
        data = bytes_of(file)
        written = start if data == begun else without_last_end(data.decode(), start)
        yield Edited(written, note if left is None or left.before is None else left.before)
    except (StoreError, OSError, UnicodeDecodeError) as error:
        if not file.is_file():  # gone, or something that holds no text
            with suppress(OSError):
                drafts.drop(names[0])
            remove = f" Remove {file}" if os.path.lexists(file) else ""
            raise EditorFailed(f"{_reason(error)} Nothing was changed.{remove}") from error
        if left is None and _holds(file, begun):
            drafts.drop(names[0])
            raise EditorFailed(f"{_reason(error)} Nothing was changed.") from error
        raise EditorFailed(f"{_reason(error)} Your text is kept in {file}") from error
    drafts.drop(names[0])


def without_last_end(text: str, start: str = "") -> str:
    """`text` without the line end by which editors, and programs in a pipe, close a file; `start` is what it was.

    All other line ends are the person's and stay as they are.
    """
    # Of a note that ends with a lone CR, the line feed alone is not its own.
    end = "\r\n" if text.endswith("\r\n") and not start.endswith("\r") else "\n"
    return text.removesuffix(end)


def _holds(file: Path, data: bytes) -> bool:
    try:
        return bytes_of(file) == data
    except OSError:
        return False


def run_editor(command: list[str]) -> None:
    """Run an editor until it ends. Raises EditorFailed where it cannot be started, or fails."""
    try:
        status = _wait(subprocess.Popen(command))
    except OSError as error:
        raise EditorFailed(
            f"The editor {command[0]} cannot be started ({error.strerror}); set $VISUAL or $EDITOR."
        ) from error
    if status != 0:
        raise EditorFailed(f"The editor {command[0]} ended with status {status}.")


class _Told(Exception):
    """A signal that ends us has come while we wait for the editor."""


def _wait(editor: "subprocess.Popen[bytes]") -> int | None:
    """Wait until the editor ends; its status.

    Ctrl+C is between it and the person. A signal that ends us is passed on to it first, and then left to whoever
    handled it before, with the person's text in the draft.
    """
    ended_by: signal.Signals | None = None

    def told(number: int, _frame: FrameType | None) -> None:
        nonlocal ended_by
        ended_by = ended_by or signal.Signals(number)
        for each in _ENDING:
            signal.signal(each, _nothing)
        if editor.returncode is None:
            raise _Told

    before = {number: signal.getsignal(number) for number in (*_ENDING, signal.SIGINT, signal.SIGTSTP)}
    try:
        signal.signal(signal.SIGINT, _nothing)
        # Ctrl+Z stops us with it, at once: the app's own handler is for when the app has the screen.
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        for number in _ENDING:
            signal.signal(number, told)
        editor.wait()
    except _Told:
        editor.send_signal(ended_by or signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            editor.wait(GRACE)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if ended_by is not None:
        signal.raise_signal(ended_by)
    return editor.poll()


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """Unlike SIG_IGN, a handler is not passed on to the editor."""


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "What the editor wrote is no UTF-8 text."
    if isinstance(error, OSError):
        return f"What the editor wrote cannot be read ({error.strerror})."
    return str(error)
