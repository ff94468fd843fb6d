"""The long run: `python -m tests.soak --keys 20000 --seed 1`."""

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.soak.soak import Figures, Soak


def main() -> None:
    """Soak, and print what it came to; an AssertionError says what went wrong and what was typed before."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--keys", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--quits", type=float, default=0.0005, help="the share of keys that quit the app (default: %(default)s)"
    )
    parser.add_argument("--calm-every", type=int, default=400, metavar="KEYS", help="how often to look closely")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="soak-") as folder:
        soak = Soak(Path(folder), options.seed, quits=options.quits, told=told_now)
        try:
            figures = soak.run(options.keys, calm_every=options.calm_every)
        finally:
            soak.close()
    print(told(figures))


def told_now(figures: Figures) -> None:
    """A line of how far it is, on standard error."""
    life = figures.lives[-1]
    print(
        f"{time.strftime('%H:%M:%S')} {figures.keys:,} keys, {life[-1].megabytes:.0f} MB", file=sys.stderr, flush=True
    )


def told(figures: Figures) -> str:
    """The figures in lines."""
    kinds = ", ".join(f"{kind} {number:,}" for kind, number in figures.strokes.most_common())
    lines = [
        f"{figures.keys:,} keys ({kinds}); {figures.painted / 1e6:.0f} MB painted",
        f"{figures.quits} times quit and opened again; {figures.calm} close looks",
        f"slowest answer to a change of size: {figures.slowest:.1f} s",
        f"{figures.actions:,} actions undone to the start; {figures.opened} addresses opened, all http or https",
    ]
    for number, life in enumerate((life for life in figures.lives if life), 1):
        first, last = life[0], life[-1]
        lines.append(
            f"process {number}: {first.megabytes:.0f} MB after {first.keys:,} keys, {last.megabytes:.0f} MB after "
            f"{last.keys:,}; files {first.files} to {last.files}, threads {first.threads} to {last.threads}; MB at "
            f"every look: {' '.join(f'{measure.megabytes:.0f}' for measure in life)}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
