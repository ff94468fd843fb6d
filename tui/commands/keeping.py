"""Commands that keep the library safe: `backup`, `restore`, `doctor`."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.commands.arguments import json_option, open_library
from tui.commands.command import Command
from tui.output import complain, say, shown, styled, to_terminal, write, write_fields, write_json, write_json_report
from tui.wording import counted

if TYPE_CHECKING:
    from store.doctor import Finding


class _Named(click.Path):
    """A path that is no empty one, as an unset variable of the shell would have it: Path takes that for a folder."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """The path. Raises click.BadParameter."""
        if value == "":
            self.fail("an empty one names no file.", param, ctx)
        return super().convert(value, param, ctx)


class _Target(_Named):
    """The path of a file, or with a slash at its end that of a folder, which is made at need."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """The path. Raises click.BadParameter."""
        if os.fspath(value).endswith(os.sep):
            try:
                os.makedirs(value, mode=0o700, exist_ok=True)  # noqa: PTH103 (a Path has lost the slash)
            except OSError as error:
                self.fail(f"{value} cannot be made: {error.strerror}.", param, ctx)
        return super().convert(value, param, ctx)


_FILE = _Named(path_type=Path)


@click.command(
    "backup",
    cls=Command,
    short_help="Write the library to FILE; the app may be open.",
    examples=("paperdeck backup backups", "paperdeck backup copy.db --force"),
)
@click.argument("target", metavar="FILE", type=_Target(path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@json_option
@click.pass_context
def backup(context: click.Context, *, target: Path, force: bool, as_json: bool) -> None:
    """Write the library to FILE, whole or not at all, also while the app is open.

    FILE may be a folder, in which the copy is named by its date; with a slash at its end it is made. The copy is a
    library itself: --db opens it.

    The JSON object has file, the copy's path.
    """
    written = open_library(context).backup(target, force=force)
    if as_json:
        write_json_report({"file": f"{written}"})
    else:
        say(f"Backed up to {written}.")


@click.command("restore", cls=Command, examples=("paperdeck restore copy.db",))
@click.argument("copy", metavar="FILE", type=_FILE)
@json_option
@click.pass_context
def restore(context: click.Context, *, copy: Path, as_json: bool) -> None:
    """Bring the library back from FILE, a backup of it.

    FILE is checked first and stays as it is. What the library holds now is kept in a file beside it, whose name is
    printed. The app may be open: it shows the restored papers at once.

    The JSON object has file, papers (how many) and kept (where what it held until now is, else null).
    """
    from store.library import Library
    from tui.start import library_path

    restored = Library.restore(library_path(context.find_root().params["db"]), copy)
    if as_json:
        kept_in = f"{restored.kept}" if restored.kept else None
        write_json_report({"file": f"{copy}", "papers": restored.papers, "kept": kept_in})
        return
    kept = f" What it held until now is in {restored.kept}." if restored.kept else ""
    say(f"Restored {counted(restored.papers, 'paper')} from {copy}.{kept}")


@click.command(
    "doctor",
    cls=Command,
    short_help="Check the library, the settings and the terminal.",
    examples=("paperdeck doctor", "paperdeck doctor --fix"),
)
@click.option("--fix", is_flag=True, help="Make search indexes, and all else that is derived, anew.")
@json_option
@click.pass_context
def doctor(context: click.Context, *, fix: bool, as_json: bool) -> None:
    """Check the library, the settings and the terminal, and say what to do.

    Nothing is changed without --fix. The exit status is 1 if anything is wrong.
    """
    from store.doctor import Health, repair
    from tui.start import library_path

    path = library_path(context.find_root().params["db"])
    if fix and path.is_file():
        repair(path)
    wrong = 0
    found = []
    for finding in _findings(path):
        wrong += finding.health is Health.WRONG
        if as_json:
            found.append(finding._asdict())
        elif to_terminal():
            sign = {Health.GOOD: "✓", Health.NOTE: "·", Health.WRONG: "✗"}[finding.health]
            line = f"{sign} {finding.about:<10}  {shown(finding.says)}"
            write(styled(line, "bold" if finding.health is Health.WRONG else ""))
        else:
            write_fields([finding])
    if as_json:
        write_json({"wrong": wrong, "findings": found})
    if wrong:
        complain(f"{counted(wrong, 'thing')} to see to.")
        context.exit(1)
    say("All is well.")


def _findings(path: Path) -> Iterator["Finding"]:
    from store.doctor import examine
    from tui.diagnosis import examine_settings, examine_terminal

    yield from examine(path)
    yield from examine_settings()
    yield from examine_terminal()
