"""A person's own editor on a text, such that no failure loses what they wrote."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from store.errors import StoreError


class EditorFailed(StoreError):
    """The editor could not be run or failed, or what it wrote could not be kept; the message names the text's file."""


def editor_command() -> list[str]:
    """The person's editor with its arguments: $VISUAL, else $EDITOR, else vi. Raises EditorFailed."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        return shlex.split(named)
    except ValueError as error:
        raise EditorFailed(f"$VISUAL or $EDITOR cannot be read as a command: {named}") from error


@contextmanager
def edited(text: str, name: str) -> Iterator[str]:
    """Open `text` in the person's editor, as a file called `name`.md, and give what they made of it.

    Keep the result within the block: if the editor fails or the block raises a StoreError, the file stays where it
    is and the EditorFailed that is raised says where. If it does not, the file is removed.
    """
    command = editor_command()
    file = Path(mkdtemp(prefix="paperdeck-")) / f"{name}.md"
    file.write_bytes(f"{text}\n".encode() if text else b"")
    before = file.read_bytes()
    try:
        _run(command, file)
        written = file.read_text(encoding="utf-8").replace("\r\n", "\n").removesuffix("\n")
        yield written
    except (StoreError, OSError, UnicodeDecodeError) as error:
        if not file.exists() or file.read_bytes() == before:
            shutil.rmtree(file.parent)
            raise EditorFailed(f"{_reason(error)} Nothing was changed.") from error
        raise EditorFailed(f"{_reason(error)} Your text is kept in {file}") from error
    shutil.rmtree(file.parent)


def _run(command: list[str], file: Path) -> None:
    try:
        status = subprocess.run([*command, str(file)], check=False).returncode
    except OSError as error:
        raise EditorFailed(
            f"The editor {command[0]} cannot be started ({error.strerror}); set $VISUAL or $EDITOR."
        ) from error
    if status != 0:
        raise EditorFailed(f"The editor {command[0]} ended with status {status}.")


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "What the editor wrote is no UTF-8 text."
    if isinstance(error, OSError):
        return f"What the editor wrote cannot be read ({error.strerror})."
    return str(error)
