"""Runs all scripts with many seeds: `python -m benchmarks.simulator --seeds 200 --jobs 2`.

`--log FILE` writes the event log of one seed instead; `fit TRACE.csv` fits what is shipped anew.
"""

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app.orchestration.router.router import MIDDLE
from benchmarks.simulator import fitted, report, thrash
from benchmarks.simulator.running import played
from benchmarks.simulator.script import BUSY, LEARNING
from benchmarks.simulator.world import play

MODELS: Final = Path(__file__).resolve().parents[2] / "resources" / "models"
SCRIPTS: Final = {"learning": LEARNING, "busy": BUSY}


def main() -> None:
    """Do what was asked."""
    logging.basicConfig(level=logging.ERROR)
    args = _arguments()
    if args.command == "fit":
        fitted.write(args.trace, args.models)
        return
    if args.log is not None:
        with args.log.open("w", encoding="utf-8") as file:
            run = play(SCRIPTS[args.script], args.seed, fitted.load(args.models), file)
        print(run.digest)
        return
    _measure(args.models, range(args.seeds), args.jobs)


def _measure(models: Path, seeds: Sequence[int], jobs: int) -> None:
    known = fitted.load(models)
    print(f"Models: {known.source}. Seeds: {len(seeds)}.\n")
    learning = played(LEARNING, models, seeds, jobs)
    busy = played(BUSY, models, seeds, jobs)
    ours = [thrash.grouped(known, seed) for seed in seeds]
    order = [thrash.in_order(known, seed) for seed in seeds]
    checks = [
        *report.learning_checks(learning, LEARNING.events[0].at),
        report.thrash_check(ours, order),
        *report.busy_checks(busy),
    ]
    print(report.verdicts(checks), end="\n\n")
    print(report.policies(learning, MIDDLE), end="\n\n")
    print(report.shares(learning))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.simulator", description=__doc__)
    parser.add_argument("command", nargs="?", choices=("run", "fit"), default="run")
    parser.add_argument("trace", nargs="?", type=Path, help="for fit: outcomes of two models")
    parser.add_argument("--models", type=Path, default=MODELS, help="where the tables are")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--script", choices=SCRIPTS, default="learning", help="for --log")
    parser.add_argument("--seed", type=int, default=1, help="for --log")
    parser.add_argument("--log", type=Path, help="write the event log of one seed")
    args = parser.parse_args()
    if args.command == "fit" and args.trace is None:
        parser.error("fit needs a trace")
    return args


if __name__ == "__main__":
    main()
