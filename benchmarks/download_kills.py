"""Many downloads whose process is killed at random moments, on lines and disks that fail.

`python -m benchmarks.download_kills`. Lines are cut, stall or bring a wrong byte, and what is on
the disk rots between two runs. Every file must come out byte for byte. At most one MiB may be
fetched again per kill, and one more for each piece that rotted; a wrong byte on the line costs the
file once more. What lay in the system's buffers when the process died is told apart.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from pathlib import Path

from tests.fakes.download_kills import MIB, RATE, Outcome, killed
from tests.fakes.files import Served, content


def _served(chance: random.Random, seed: int) -> tuple[Served, str]:
    """Return a file, and what is wrong with its line or its disk."""
    body = content(chance.randrange(2 * MIB, 8 * MIB), seed)
    served = Served(body, rate=RATE, faults=chance.randrange(1, 4))
    wrong = chance.choice(["none", "none", "cut", "stall", "rot", "lie"])
    match wrong:
        case "cut":
            served.cut_after = chance.randrange(MIB // 2, MIB)
        case "stall":
            served.stall_after = chance.randrange(MIB // 2, MIB)
        case "lie":
            served.spoilt, served.spoil_at = 1, chance.randrange(len(body))
    return served, wrong


def _one(chance: random.Random, seed: int) -> tuple[str, Outcome]:
    served, wrong = _served(chance, seed)
    kills = chance.randrange(1, 4)
    with tempfile.TemporaryDirectory() as folder:
        run = killed(Path(folder), served, chance, kills, rots=wrong == "rot")
        return wrong, asyncio.run(run)


def _row(wrong: str, outcomes: list[Outcome]) -> str:
    kills = sum(each.kills for each in outcomes)
    same = sum(each.same for each in outcomes)
    again = [_per_kill(each) for each in outcomes if each.kills]
    buffered = max((each.buffered for each in outcomes), default=0) / MIB
    figures = f"{sum(again) / max(1, len(again)):.2f} | {max(again, default=0):.2f}"
    return f"| {wrong} | {len(outcomes)} | {kills} | {same} | {figures} | {buffered:.2f} |"


def _per_kill(outcome: Outcome) -> float:
    """Return the MiB fetched again per kill; a piece that rotted counts like a kill."""
    return outcome.again / (outcome.kills + outcome.rotten) / MIB


def main() -> int:
    """Print the figures; return 1 if a demand is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--downloads", type=int, default=100)
    parser.add_argument("--seed", type=int, default=20261127)
    args = parser.parse_args()
    chance = random.Random(args.seed)
    found: dict[str, list[Outcome]] = {}
    for seed in range(args.downloads):
        wrong, outcome = _one(chance, seed)
        found.setdefault(wrong, []).append(outcome)
    print("| line and disk | downloads | kills | byte for byte | again, mean | worst | buffers |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for wrong, outcomes in sorted(found.items()):
        print(_row(wrong, outcomes))
    everything = [outcome for outcomes in found.values() for outcome in outcomes]
    honest = [each for wrong, outcomes in found.items() if wrong != "lie" for each in outcomes]
    worst = max((_per_kill(each) for each in honest if each.kills), default=0.0)
    return int(not all(each.same for each in everything) or worst > 1)


if __name__ == "__main__":
    sys.exit(main())
