"""The `paperdeck` command: the app at once where nothing else is asked for, otherwise the command line."""

import os
import signal
import sys


def main() -> int:
    """Run the command with the process's arguments; the exit status is returned."""
    _replace_closed_streams()
    try:
        return _main(sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 (the last line of defence: no traceback reaches a person)
        from tui.last_defence import account
        from tui.output import complain

        complain(account(error))
        return 1


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

            _end_in_order()
            return run(arguments)
    from tui.start import open_app

    return open_app(database)


def _end_in_order() -> None:
    """Have SIGTERM and SIGHUP end a command as Ctrl+C does: what is half done is taken back, and files that are not
    whole yet are removed."""

    def end(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_DFL:  # `nohup` has one ignored
            signal.signal(number, end)


def _replace_closed_streams() -> None:
    """Of standard streams that were closed, input is empty, messages go nowhere, and what is printed fails when it is
    written (`paperdeck list >&-`), as it does on a full disk."""
    for name, mode, flags in (("stdin", "r", os.O_RDONLY), ("stdout", "w", os.O_RDONLY), ("stderr", "w", os.O_WRONLY)):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.open(os.devnull, flags), mode, encoding="utf-8"))  # noqa: PTH123, SIM115


if __name__ == "__main__":
    sys.exit(main())
