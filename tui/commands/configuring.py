"""The command `config`: the person's settings shown, checked, explained and begun."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from store.errors import StoreError
from store.folders import make_private
from tui.commands.arguments import json_option
from tui.commands.command import Command
from tui.output import complain, say, shown, styled, to_terminal, write, write_fields, write_json, write_json_report
from tui.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.config import Configuration
    from tui.settings import Told

_JSON_WITH = {None, "check", "path", "init"}


class SettingsUnwritable(StoreError):
    """`config.toml` was not written; what stood there is untouched."""


@click.command(
    "config",
    cls=Command,
    short_help="Show, check and explain the settings.",
    examples=(
        "paperdeck config",
        "paperdeck config --check",
        "paperdeck config --example | less",
        "paperdeck config --json | jq '.settings[].name'",
    ),
)
@click.option("--check", "wanted", flag_value="check", help="Say what is wrong in the settings; status 1 if anything.")
@click.option("--example", "wanted", flag_value="example", help="Print a config.toml that explains every setting.")
@click.option("--init", "wanted", flag_value="init", help="Write that file, if there is none.")
@click.option("--edit", "wanted", flag_value="edit", help="Open the file, begun if need be, in $VISUAL or $EDITOR.")
@click.option("--path", "wanted", flag_value="path", help="Print where the file is looked for.")
@json_option
@click.pass_context
def config(context: click.Context, *, wanted: str | None, as_json: bool) -> None:
    """Show every setting: its value, where that comes from, what it is for.

    Settings come from config.toml, some from the environment; what neither says is the default. In a pipe, a line has
    these fields, separated by tabs: name, value, origin, default, what it is for.

    The JSON object has path, exists, settings (each with name, value, default, origin, type, what), environment and
    problems; of --check path and problems.
    """
    from tui.config import config_path, load

    path = config_path()
    if as_json and wanted not in _JSON_WITH:
        raise click.UsageError(f"--{wanted} prints no JSON.")
    match wanted:
        case "example":
            from tui.settings import example

            write(example().rstrip())
        case "path":
            write_json({"path": f"{path}"}) if as_json else write(shown(f"{path}"))
        case "init":
            _begin(path)
            write_json_report({"path": f"{path}"}) if as_json else say(f"Wrote {path}: all of it is commented out.")
        case "edit":
            _edit(path)
            _check(context, path, load(), as_json=False)
        case "check":
            _check(context, path, load(), as_json=as_json)
        case _:
            _show(path, load(), as_json=as_json)


def _check(context: click.Context, path: Path, configuration: "Configuration", *, as_json: bool) -> None:
    from tui.settings import problems

    found = problems(configuration)
    if as_json:
        write_json({"path": f"{path}", "problems": found})
    _complain(path, found)
    if found:
        say(
            f"{counted(len(found), 'thing')} to see to; until then the default stands in. "
            "`paperdeck config --edit` opens the file, `--example` shows how all is written."
        )
        context.exit(1)
    say(f"All is well in {path}." if path.exists() else f"All is well: there is no {path}, the defaults hold.")


def _show(path: Path, configuration: "Configuration", *, as_json: bool) -> None:
    from tui.settings import problems, told

    every = list(told(configuration, os.environ))
    found = problems(configuration)
    if as_json:
        settings = [_as_json(each) for each in every if each.kind != "variable"]
        environment = [{"name": each.name, "value": each.value, "what": each.what} for each in every[len(settings) :]]
        at = {"path": f"{path}", "exists": path.exists()}
        write_json({**at, "settings": settings, "environment": environment, "problems": found})
    else:
        _write(path, every)
    _complain(path, found)


def _complain(path: Path, problems: "Sequence[str]") -> None:
    for problem in problems:
        complain(problem if problem.startswith("PAPERDECK_") else f"{path}: {problem}")


def _as_json(each: "Told") -> dict[str, object]:
    return {"name": each.name, "value": each.value, "default": each.default} | {
        "origin": each.origin, "type": each.kind, "what": each.what,
    }  # fmt: skip


def _write(path: Path, every: "list[Told]") -> None:
    from tui.settings import toml

    def text(value: object) -> str:
        return "" if value is None else toml(value)

    if not to_terminal():
        write_fields((each.name, text(each.value), each.origin, text(each.default), each.what) for each in every)
        return
    write(f"{shown(f'{path}')}{'' if path.exists() else ' (there is none: `paperdeck config --init` writes one)'}\n")
    for each in every:
        if each.kind == "variable" and each.value is None:
            continue
        write(f"{styled(f'{each.name} = {shown(text(each.value))}', 'bold')}  ({each.origin})")
        write(styled(f"  {each.what}", "dim"))
    unset = ", ".join(each.name for each in every if each.kind == "variable" and each.value is None)
    write(f"\nNot set in the environment: {unset}")


def _begin(path: Path) -> None:
    """Write the example where no file is. Raises SettingsUnwritable."""
    from tui.settings import example

    try:
        make_private(path.parent)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(example())
    except FileExistsError as error:
        raise SettingsUnwritable(
            f"{path} exists and was left as it is: `paperdeck config --edit` opens it, `--example` prints what "
            "would be written."
        ) from error
    except OSError as error:
        raise SettingsUnwritable(f"{path} cannot be written: {error.strerror}.") from error


def _edit(path: Path) -> None:
    from tui.editor import editor_command, run_editor

    command = editor_command()
    if not os.path.lexists(path):
        _begin(path)
    run_editor([*command, f"{path}"])
