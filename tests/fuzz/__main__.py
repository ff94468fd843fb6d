"""The long run: `python -m tests.fuzz --pages 1000000 --seed 1`. A page that breaks a promise is written to a file."""

import argparse
import os
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from time import monotonic

from tests.fuzz.pages import page
from tests.fuzz.promises import hold

BATCH = 2000


def _try(seed: int, numbers: range) -> tuple[Counter[str], list[tuple[int, str]]]:
    """What was made of the pages of these numbers, and those that broke a promise, with how."""
    made: Counter[str] = Counter()
    broken = []
    for number in numbers:
        try:
            made[hold(page(seed, number))] += 1
        except Exception:  # noqa: BLE001 (any exception is what we are looking for)
            broken.append((number, traceback.format_exc(limit=-3)))
    return made, broken


def main() -> int:
    """Try the pages; returns the exit status: 1 where a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--first", type=int, default=0, help="the number of the first page (with --pages 1: try it again)"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    given = parser.parse_args()
    end = given.first + given.pages
    batches = [range(start, min(start + BATCH, end)) for start in range(given.first, end, BATCH)]
    total: Counter[str] = Counter()
    failed = done = 0
    began = monotonic()
    with ProcessPoolExecutor(given.jobs) as pool:
        for batch, (made, broken) in zip(batches, pool.map(partial(_try, given.seed), batches), strict=True):
            total += made
            done += len(batch)
            for number, how in broken:
                failed += 1
                path = Path(f"fuzz-{given.seed}-{number}.txt")
                path.write_bytes(page(given.seed, number))
                print(f"--seed {given.seed} --first {number} --pages 1: see {path}\n{how}", flush=True)
            print(
                f"{done:,} pages in {monotonic() - began:.0f} s, {failed} broken; {dict(total.most_common())}",
                flush=True,
            )
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
