"""The long run: `python -m tests.durability --kills 400 --seed 1`."""

import argparse
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.durability.killing import Apps, Commands, Imports

EVERY = 25
"""Kills after which a new library is begun: the old one has become large."""


def main() -> None:
    """Kill, and print what it came to; an AssertionError says what was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.durability", description=__doc__)
    parser.add_argument(
        "--kills", type=int, default=400, help="three in five of the command line (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random = Random(options.seed)
    for kind, share, what in (
        (Commands, 0.6, "actions of the command line"),
        (Imports, 0.2, "imports of 2,000 papers each"),
        (Apps, 0.2, "actions of the app, notes among them"),
    ):
        kills = acknowledged = written = 0
        left = iter(range(round(options.kills * share)))
        while batch := list(islice(left, EVERY)):
            with TemporaryDirectory(prefix="killing-") as folder:
                killing = kind(Path(folder), random)
                for _ in batch:
                    figures = killing.kill()
            kills, acknowledged, written = (a + b for a, b in zip((kills, acknowledged, written), figures, strict=True))
        print(
            f"{kills} kills: {acknowledged:,} {what} acknowledged, none lost; {written} under way were whole",
            flush=True,
        )


if __name__ == "__main__":
    main()
