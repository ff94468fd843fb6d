"""A process that does commands as the command line does them, in one go: a line of JSON arguments on standard input
each, whose exit status it prints once the command is done."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

Command = Sequence[str]


class Worker:
    """Such a process on a library, and what it has acknowledged."""

    def __init__(self, library: Path, *, said: Path | None = None, limit: Callable[[], None] | None = None) -> None:
        """What it says goes to the file `said`; `limit` is done in the new process before anything else."""
        self.said = said or library.with_name(f"said-{time.monotonic_ns()}.txt")
        self.statuses: list[int] = []
        with self.said.open("wb") as messages:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.durability.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=messages,
                env=os.environ | {"PAPERDECK_DB": str(library)},
                preexec_fn=limit,  # noqa: PLW1509 (no threads here)
            )

    def __enter__(self) -> Self:
        assert self._line() == "ready"
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.kill()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()

    def ask(self, commands: Sequence[Command]) -> None:
        """Have these done, one after another."""
        assert self.process.stdin is not None
        self.process.stdin.write("".join(f"{json.dumps(command)}\n" for command in commands).encode())
        self.process.stdin.flush()

    def until(self, number: int) -> list[int]:
        """Wait until so many commands have been acknowledged; all statuses."""
        while len(self.statuses) < number and (line := self._line()):
            self.statuses.append(int(line))
        return self.statuses

    def do(self, *commands: Command) -> list[int]:
        """Do these, and give their statuses."""
        before = len(self.statuses)
        self.ask(commands)
        return self.until(before + len(commands))[before:]

    def kill(self, number: int = signal.SIGKILL) -> list[int]:
        """End it now; the statuses of what it acknowledged until then."""
        self.process.send_signal(number)
        self.process.wait()
        return self.until(sys.maxsize)

    @property
    def messages(self) -> str:
        """What it said on standard error."""
        return self.said.read_text(encoding="utf-8")

    def _line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        return line.decode().strip() if line.endswith(b"\n") else ""


def main() -> None:
    """Do what is asked."""
    from tui.cli import run

    acknowledge = os.fdopen(os.dup(1), "w")
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    print("ready", file=acknowledge, flush=True)
    for line in sys.stdin:
        print(run(json.loads(line)), file=acknowledge, flush=True)


if __name__ == "__main__":
    main()
