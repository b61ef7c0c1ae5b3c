"""The whole path on real models: `python -m benchmarks.cascade`, after `make starter-models`.

Every model answers every held-out question once: what `make starter-eval` has recorded is taken
over, a folder remembers the rest (second tries, mostly). The program's core then leads each
question through these answers in virtual time, where a token costs 1, 4 or 12 by tier. What was
learned comes from the questions with even numbers, what is measured from those with odd ones.
`--live N` asks N of them again through the running program, in real seconds.
"""

import argparse
import asyncio
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.cascades import live, table
from benchmarks.cascades.judging import Given, given, promises, worth
from benchmarks.cascades.outcomes import counter, recorded_items, take_in
from benchmarks.cascades.policy import play
from benchmarks.cascades.questions import Asked, asked
from benchmarks.cascades.recorded import Recorded, recorded
from benchmarks.simulator.core import Wish

ROOT: Final = Path(__file__).resolve().parents[1]
# Questions a family and grade, if nothing is recorded, and at most.
ITEMS: Final = 40
MOST_ITEMS: Final = 100
NEEDED: Final = frozenset({"front", "worker", "architect"})


def main() -> None:
    """Measure and print."""
    logging.basicConfig(level=logging.ERROR)
    args = _arguments()
    models = recorded(args.models, args.cache)
    items = args.items or min(recorded_items(args.outcomes) or ITEMS, MOST_ITEMS)
    if not models.keys() >= NEEDED:
        raise SystemExit(f"{args.models} has {', '.join(sorted(models)) or 'no models'}.")
    questions = asked(items)
    _take_in(models, args.outcomes, args.models, questions)
    learned = [each for each in questions if each.is_calibration]
    measured = [each for each in questions if not each.is_calibration]
    print(f"{len(learned):,} questions to learn from, {len(measured):,} to measure on.\n")
    rows = play(models, learned, measured, Wish(balance=args.dial))
    print(table.policies(rows), end="\n\n")
    print(table.tiers(rows), end="\n\n")
    answers = _answers(models, questions)
    found = [*table.path_checks(rows), *table.gate_checks(worth(answers))]
    if args.splits:
        kept = promises(answers, args.splits)
        print(table.kept(kept, _names(models)), end="\n\n")
        found.append(table.promise_check(kept))
    print(table.verdicts(found))
    if args.live:
        seconds = asyncio.run(live.ask(measured[: args.live]))
        print(f"\n{table.live(seconds, rows)}")
    for model in models.values():
        model.answers.close()


def _take_in(
    models: Mapping[str, Recorded], folder: Path, files: Path, questions: Sequence[Asked]
) -> None:
    """Take over what was answered in the evaluation; the rest is asked now."""
    count, close = counter(files)
    for name, model in models.items():
        taken = take_in(model.answers, folder / f"{name}.jsonl", questions, count)
        print(f"{name}: {taken:,} of {len(questions):,} answers are recorded.")
    close()


def _answers(models: Mapping[str, Recorded], questions: Sequence[Asked]) -> list[Given]:
    return [
        given(each, answered, model.id)
        for model in models.values()
        for each, answered in zip(questions, model.answer(questions), strict=True)
    ]


def _names(models: Mapping[str, Recorded]) -> dict[str, str]:
    return {model.id: name for name, model in models.items()}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.cascade")
    parser.add_argument("--models", type=Path, default=ROOT / "resources" / "models")
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "cascade")
    parser.add_argument(
        "--outcomes",
        type=Path,
        default=ROOT / "build" / "recipe" / "outcomes",
        help="of the evaluation",
    )
    parser.add_argument("--items", type=int, default=0, help="questions a family and grade")
    parser.add_argument("--dial", type=float, default=0.5, help="0 for speed, 1 for quality")
    parser.add_argument("--splits", type=int, default=200, help="splits for the promise")
    parser.add_argument("--live", type=int, default=0, help="questions for the running program")
    return parser.parse_args()


if __name__ == "__main__":
    main()
