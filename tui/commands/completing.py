"""The command `completions`: the scripts that complete a command line, and what they ask."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from tui.commands.arguments import words as text
from tui.commands.command import Command
from tui.output import write

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

SCRIPTS = Path(__file__).parent.parent / "completions"
SHELLS = ("bash", "zsh", "fish")


@click.command(
    "completions",
    cls=Command,
    short_help="Print the script that completes commands in a shell.",
    # What the scripts pass on is the person's line, options and all.
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    examples=(
        'eval "$(paperdeck completions bash)"',
        "paperdeck completions zsh > _paperdeck",
        "paperdeck completions fish > paperdeck.fish",
    ),
)
@click.argument("shell", type=click.Choice(SHELLS))
@click.argument("typed", nargs=-1, type=text, metavar="[WORD]...")
@click.pass_context
def completions(context: click.Context, *, shell: str, typed: tuple[str, ...]) -> None:
    """Print the script that completes commands, options, tags and queries.

    bash: put the first line below into ~/.bashrc. zsh: write the script to a file _paperdeck in a folder of $fpath,
    before compinit runs. fish: write it to ~/.config/fish/completions/paperdeck.fish. With WORDs it prints what the
    last of them can become, as the scripts ask.
    """
    if not typed:
        write((SCRIPTS / f"paperdeck.{shell}").read_text(encoding="utf-8").rstrip())
        return
    from tui.completion import candidates, is_open

    line = _split(typed[0], typed[1] if len(typed) > 1 else "") if shell == "bash" else None
    if line:
        typed = (*line.before[1:], line.word)
    elif shell == "fish":
        typed = (*typed[:-1], _split(typed[-1], "").word)
    items = candidates(context.find_root().command, typed)
    kinds = {item.type for item in items}
    if kinds & {"file", "dir"}:
        write("files" if "file" in kinds else "folders")
        return
    write("open" if items and all(map(is_open, items)) else "closed")
    for item in items:
        if line is None:
            write(f"{item.value}\t{item.help}")
        elif (inserted := _inserted(item, line)) is not None:
            write(inserted)


class _Line(NamedTuple):
    """A command line up to the cursor, as bash would read it."""

    before: tuple[str, ...]
    """Its words, without their quotes, but for the last."""
    word: str
    """The last, without quotes."""
    kept: str
    """The beginning of it that stays: what is inserted takes the place of the rest."""
    quote: str
    """The quote that is open: `"`, `'` or nothing."""


def _split(line: str, breaks: str) -> _Line:
    """Cut a line into words as a shell does. `breaks` are the characters at which readline begins anew."""
    before: list[str] = []
    word = kept = quote = ""
    begun = False
    signs = iter(line)
    for sign in signs:
        if quote:
            if sign == quote:
                quote = ""
            elif sign == "\\" and quote == '"':
                following = next(signs, "")
                word += following if following in '$`"\\' else sign + following
            else:
                word += sign
        elif sign in "\"'":
            quote, kept, begun = sign, word, True
        elif sign.isspace():
            if begun:
                before.append(word)
            word, kept, begun = "", "", False
        else:
            word += next(signs, "") if sign == "\\" else sign
            begun = True
            if sign in breaks:
                kept = word
    return _Line(tuple(before), word, kept, quote)


def _inserted(item: "CompletionItem[str]", line: _Line) -> str | None:
    """What bash is to put in place of the word's rest, quoted so that it runs nothing; None where that cannot be."""
    if not item.value.startswith(line.kept):
        return None
    rest = item.value.removeprefix(line.kept)
    match line.quote:
        case "'":
            return rest.replace("'", "'\\''")
        case '"':
            return None if "!" in rest else re.sub(r'([$`"\\])', r"\\\1", rest)
    return re.sub(r"([^\w./:=@%+,-])", r"\\\1", rest)
