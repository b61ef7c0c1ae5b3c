"""Many downloads whose process is killed at random moments, on lines that break and lie.

`python -m benchmarks.download_kills`. Every file must come out byte for byte. Where the line
brought no wrong byte, at most one MiB may be sent again per kill; a wrong byte costs the file
once more.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from pathlib import Path

from tests.fakes.download_kills import MIB, RATE, Outcome, killed
from tests.fakes.files import Served, content


def _served(chance: random.Random, seed: int) -> Served:
    """Return a file, and what is wrong with its line."""
    body = content(chance.randrange(2 * MIB, 8 * MIB), seed)
    served = Served(body, rate=RATE, faults=chance.randrange(4))
    match chance.choice(["none", "none", "cut", "lie"]):
        case "cut":
            served.cut_after = chance.randrange(MIB // 2, MIB)
        case "lie":
            served.spoilt, served.spoil_at = 1, chance.randrange(len(body))
    return served


def _one(chance: random.Random, seed: int) -> tuple[bool, Outcome]:
    served = _served(chance, seed)
    lies = served.spoilt > 0
    with tempfile.TemporaryDirectory() as folder:
        return lies, asyncio.run(killed(Path(folder), served, chance, chance.randrange(1, 4)))


def main() -> int:
    """Print the figures; return 1 if a demand is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--downloads", type=int, default=100)
    parser.add_argument("--seed", type=int, default=20261127)
    args = parser.parse_args()
    chance = random.Random(args.seed)
    outcomes = [_one(chance, seed) for seed in range(args.downloads)]
    kills = sum(outcome.kills for _, outcome in outcomes)
    same = sum(outcome.same for _, outcome in outcomes)
    honest = [outcome for lies, outcome in outcomes if not lies and outcome.kills]
    each = [outcome.again / outcome.kills / MIB for outcome in honest]
    print(f"{args.downloads} downloads, {kills} kills, {same} files byte for byte")
    mean, worst = sum(each) / max(1, len(each)), max(each, default=0.0)
    print(f"fetched again per kill, MiB: mean {mean:.2f}, worst {worst:.2f}")
    return int(same < args.downloads or worst > 1)


if __name__ == "__main__":
    sys.exit(main())
