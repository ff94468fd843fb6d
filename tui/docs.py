"""The README's generated parts: `python -m tui.docs` writes them, `--check` only says whether they are up to date.

Each stands between a line `<!-- begin NAME … -->` and a line `<!-- end NAME -->`.
"""

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from tui import keys
from tui.cli import HELP_WIDTH, paperdeck

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
MEASURED = ("Start", "A key to its paint", "Search: is the paper")
"""How the headings begin of those results that the README shows."""


def commands() -> str:
    """The help of the command and of all its subcommands, each as a block of code."""
    return "\n".join(f"```text\n{text}\n```\n" for text in _helps(paperdeck, None))


def _helps(command: click.Command, parent: click.Context | None) -> list[str]:
    # The width is given, or the help would be as wide as the terminal that happens to write it.
    context = click.Context(
        command,
        info_name=command.name,
        parent=parent,
        terminal_width=HELP_WIDTH,
        max_content_width=HELP_WIDTH,
        help_option_names=["-h", "--help"],
    )
    texts = [command.get_help(context)]
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            texts += _helps(command.commands[name], context)
    return texts


def speed() -> str:
    """What the benchmarks measured last, as far as the README shows it; empty before their first run."""
    if not RESULTS.exists():
        return ""
    head, *sections = re.split(r"^## ", RESULTS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    shown = [section.partition("\n") for section in sections if section.startswith(MEASURED)]
    tables = [f"**{heading}**\n{table}" for heading, _, table in shown]
    machine = [line for line in head.splitlines() if line.startswith("- ")]
    return "\n".join((*machine, "", *tables, "![Cost over size](benchmarks/cost-over-size.svg)\n"))


PARTS: Mapping[str, Callable[[], str]] = {"keys": keys.markdown, "commands": commands, "speed": speed}


def renewed(page: str) -> str:
    """`page` with its generated parts as they should be. Raises ValueError where a part has no place in it."""
    for name, part in PARTS.items():
        place = re.compile(rf"(<!-- begin {name}\b[^\n]*-->\n).*?(<!-- end {name} -->)", re.DOTALL)
        found = place.search(page)
        if found is None:
            raise ValueError(f"README.md has no place for “{name}”")
        page = f"{page[: found.start()]}{found[1]}\n{part()}\n{found[2]}{page[found.end() :]}"
    return page


def main(arguments: list[str]) -> int:
    """Renew README.md, or with `--check` compare it; the exit status is returned."""
    readme = ROOT / "README.md"
    page = readme.read_text(encoding="utf-8")
    wanted = renewed(page)
    if arguments == ["--check"]:
        if page != wanted:
            print("README.md is out of date: run `make docs`", file=sys.stderr)
        return int(page != wanted)
    readme.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
