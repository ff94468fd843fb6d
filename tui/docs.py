"""The README's generated parts: `python -m tui.docs` writes them, `--check` only says whether they are up to date.

Each stands between a line `<!-- begin NAME … -->` and a line `<!-- end NAME -->`.
"""

import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click

from tui import keys, settings
from tui.cli import HELP_WIDTH, paperdeck
from tui.commands.command import Command, Group
from tui.settings import VARIABLES

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
MEASURED = ("Start", "A key to its paint", "Search: is the paper")
"""How the headings begin of those results that the README shows."""


EXIT_STATUS: Mapping[int, str] = {
    0: "Done; also where there was nothing to do.",
    1: "Failed, and nothing was changed; of `doctor` and `config --check`: something is wrong.",
    2: "Wrong usage: the command, an option or a query cannot be understood.",
    3: "Partly done: some of several documents came in, others failed; or all was done, but its report not written.",
    130: "Ended by Ctrl+c (by SIGHUP: `129`, by SIGTERM: `143`); what was said to be done is done.",
}
FILES: Mapping[str, str] = {
    "~/.local/share/paperdeck/library.db": "The library, unless --db or PAPERDECK_DB names another.",
    "library.db-drafts": "Notes that are being written, beside the library.",
    "library-v1-2026-11-22-073000.db": "A copy from before a change of the schema, beside the library; the last five.",
    "~/.config/paperdeck/config.toml": "Settings; `paperdeck config --init` begins it.",
    "~/.local/state/paperdeck/layout.json": "How you left the app: its theme, panes and order.",
    "~/.local/state/paperdeck/last-error.txt": "The details of an error that nobody foresaw, for a report.",
    "~/.cache/paperdeck/fetched": "What was fetched lately, so that it is not asked for again.",
}
"""What paperdeck writes by itself, where Linux has it."""


def commands() -> str:
    """A manual: every command with its synopsis, description, options and examples; then what all of them share."""
    return "\n".join(
        [
            *_manual(paperdeck, None),
            _table("Exit status", "status", {f"{status}": meaning for status, meaning in EXIT_STATUS.items()}),
            _table("Environment", "variable", VARIABLES),
            _table("Files", "file", FILES),
        ]
    )


def _manual(command: click.Command, parent: click.Context | None) -> Iterator[str]:
    # The width is given, or the synopsis would be as wide as the terminal that happens to write it.
    context = click.Context(
        command,
        info_name=command.name,
        parent=parent,
        terminal_width=HELP_WIDTH,
        max_content_width=HELP_WIDTH,
        help_option_names=["-h", "--help"],
    )
    usage = command.get_usage(context).removeprefix("Usage: ")
    yield f"#### {context.command_path}\n\n```text\n{usage}\n```\n\n{_prose(command.help or '')}\n"
    options = [each for each in command.get_params(context) if isinstance(each, click.Option)]
    records = dict(record for each in options if each.name != "help" and (record := each.get_help_record(context)))
    if records:
        yield _table("", "option", records)
    if isinstance(command, Command | Group) and command.examples:
        yield "\n".join(["```sh", *command.examples, "```", ""])
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            yield from _manual(command.commands[name], context)


def _table(heading: str, name: str, rows: Mapping[str, str]) -> str:
    lines = [f"| `{_cell(term)}` | {_cell(_prose(text))} |" for term, text in rows.items()]
    above = [f"#### {heading}", ""] if heading else []
    return "\n".join([*above, f"| {name} | |", "|---|---|", *lines, ""])


def _prose(text: str) -> str:
    """Help as Markdown: a paragraph a line, nothing in it a sign of Markdown but what stands in backticks."""
    paragraphs = [" ".join(paragraph.split()) for paragraph in inspect.cleandoc(text).split("\n\n")]
    pieces = "\n\n".join(paragraphs).split("`")
    return "`".join(
        piece if number % 2 else re.sub(r"([\\*_<\[\]#~])", r"\\\1", piece) for number, piece in enumerate(pieces)
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def speed() -> str:
    """What the benchmarks measured last, as far as the README shows it; empty before their first run."""
    if not RESULTS.exists():
        return ""
    head, *sections = re.split(r"^## ", RESULTS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    shown = [section.partition("\n") for section in sections if section.startswith(MEASURED)]
    tables = [f"**{heading}**\n{table}" for heading, _, table in shown]
    machine = [line for line in head.splitlines() if line.startswith("- ")]
    return "\n".join((*machine, "", *tables, "![Cost over size](benchmarks/cost-over-size.svg)\n"))


PARTS: Mapping[str, Callable[[], str]] = {
    "keys": keys.markdown,
    "commands": commands,
    "settings": settings.markdown,
    "speed": speed,
}


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
