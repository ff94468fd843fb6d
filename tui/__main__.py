"""The `paperdeck` command: the app at once where nothing else is asked for, otherwise the command line."""

import sys


def main() -> int:
    """Run the command with the process's arguments; the exit status is returned."""
    try:
        return _main(sys.argv[1:])
    except KeyboardInterrupt:
        return 130


def _main(arguments: list[str]) -> int:
    """Opening the app must not wait for click, so its few spellings are recognised here."""
    match arguments:
        case []:
            database = None
        case ["--db", file]:
            database = file
        case [option] if option.startswith("--db="):
            database = option.removeprefix("--db=")
        case ["demo"]:
            from tui.start import open_demo

            return open_demo()
        case _:
            from tui.cli import run

            return run(arguments)
    from tui.start import open_app

    return open_app(database)


if __name__ == "__main__":
    sys.exit(main())
