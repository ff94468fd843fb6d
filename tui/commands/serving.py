"""`serve`: the app in a browser."""

import errno
from importlib.util import find_spec

import click

from tui.commands.command import Command
from tui.output import complain, say

PORT = 8765


@click.command(
    "serve",
    cls=Command,
    short_help="Open the app in a browser, for this machine alone.",
    examples=("paperdeck serve --open", "paperdeck --db ~/papers.db serve --port 0"),
)
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=PORT, show_default=True, metavar="N", help="0: any free one."
)
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
@click.pass_context
def serve(context: click.Context, *, port: int, opens: bool) -> None:
    """Open the app in a browser, for this machine alone.

    Its address is printed; Ctrl+C ends it. Each page is an app of its own on the same library, and ends with the page;
    a note being written is kept. It listens on 127.0.0.1 and answers its own page only, on Linux only to the user who
    started it; elsewhere, whoever can log in to the machine can open it. Ctrl+w, Ctrl+t and Ctrl+n stay the browser's.
    """
    if find_spec("textual_serve") is None:
        complain("The app in a browser needs textual-serve: install it with `pip install 'paperdeck[serve]'`.")
        context.exit(1)
    from store.library import Library
    from tui.serving import HOST, listening
    from tui.serving import serve as serve_app
    from tui.start import library_path

    path = library_path(context.find_root().params["db"])
    Library(path).close()  # what is wrong with it is said here, not in the browser
    try:
        listener = listening(port)
    except OSError as error:
        why = "in use" if error.errno == errno.EADDRINUSE else f"not to be had ({error.strerror})"
        complain(f"Port {port} of {HOST} is {why}: choose another with --port, or --port 0 for any free one.")
        context.exit(1)

    def ready(address: str) -> None:
        click.echo(address)
        say("Ctrl+C ends it.")
        if opens:
            click.launch(address)

    serve_app(path, listener, ready)
