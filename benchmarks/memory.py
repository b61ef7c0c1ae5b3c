"""How memories are found by meaning, from a thousand to a million: `python -m benchmarks.memory`.

Memories are texts of made-up words, as often as words are in languages, and vectors of length 1 in
clusters; every memory has two views, so an index holds twice as many vectors. Figures are medians
of one process per size. "Exact" is a look at all 16-bit vectors as the store has them. A million
takes some minutes and 8 GB; `--sizes 1000 10000 100000` leaves it out.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from subprocess import run

from benchmarks.memories.figures import Figures
from benchmarks.memories.measuring import measured
from benchmarks.rig import table

HEAD = (
    "memories",
    "recall@10 (t)",
    "recall@10 (w)",
    "one search, p50 ms",
    "p95",
    "both views, p50 ms",
    "p95",
    "with words, p50 ms",
    "p95",
    "index, MB",
    "file, MB",
    "built, s",
    "saved, s",
    "read again, s",
    "after a kill, s",
    "made anew, s",
)


def _apart(size: int, questions: int, seed: int) -> Figures:
    """Measure one size in a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "benchmarks.memory", "--one", str(size)]
    command += ["--questions", str(questions), "--seed", str(seed)]
    ran = run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(ran.stderr)
    return Figures.read(ran.stdout)


def main() -> None:
    """Measure all sizes and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        with tempfile.TemporaryDirectory() as folder:
            work = measured(Path(folder), args.one, args.questions, args.seed)
            print(asyncio.run(work).line())
        return
    rows = []
    for size in args.sizes:
        rows.append(_apart(size, args.questions, args.seed).row())
        print(" | ".join(rows[-1]), file=sys.stderr, flush=True)
    print(table(HEAD, rows))


if __name__ == "__main__":
    main()
