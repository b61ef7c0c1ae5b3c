"""Command line: `python -m resources.models.recipe plan|train|export|evaluate|report [NAME...]`."""

import argparse
import logging
import sys
from collections.abc import Callable
from pathlib import Path

from resources.models.recipe.plans import PLANS, Plan
from resources.models.recipe.stops import Stop, check_room

log = logging.getLogger("recipe")

MODELS = Path(__file__).resolve().parents[1]
NEEDED_BYTES = 100_000_000


def main() -> None:
    """Do what was asked; what was interrupted goes on where it stopped."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("gguf").setLevel(logging.WARNING)
    args = _arguments()
    try:
        args.work.mkdir(parents=True, exist_ok=True)
        check_room(args.work, NEEDED_BYTES)
        COMMANDS[args.command](args)
    except Stop as stop:
        sys.exit(str(stop))
    except ModuleNotFoundError as missing:
        sys.exit(
            f"{missing.name} is not installed. `make starter-models` (for training) and `make run` "
            "(for the rest) in the project's root set up what is needed."
        )


def _plan(_args: argparse.Namespace) -> None:
    for plan in PLANS.values():
        shape = plan.shape
        log.info(
            "%-9s %d x %d, %.2f M weights: %d steps of %d tokens, %.1f h",
            *(plan.name, shape.layers, shape.width, shape.parameters / 1e6),
            *(plan.steps, plan.tokens, plan.hours),
        )
    log.info("together %.1f h", sum(plan.hours for plan in PLANS.values()))


# What a command needs is imported with it: training needs no llama.cpp, the rest no PyTorch.
def _train(args: argparse.Namespace) -> None:
    from resources.models.recipe.making import Places, train_all  # noqa: PLC0415

    train_all(_plans(args), Places(args.work, args.out, args.threads, args.earlier))


def _export(args: argparse.Namespace) -> None:
    from resources.models.recipe.making import Places, export_all  # noqa: PLC0415

    export_all(_plans(args), Places(args.work, args.out, args.threads))


def _evaluate(args: argparse.Namespace) -> None:
    from resources.models.recipe.measuring import evaluate_all  # noqa: PLC0415

    evaluate_all(_files(args), args.work, args.items, args.workers)
    _report(args)


def _report(args: argparse.Namespace) -> None:
    from resources.models.recipe.measuring import report_all  # noqa: PLC0415

    report_all(_files(args), args.work, args.out / "README.md")


COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "plan": _plan,
    "train": _train,
    "export": _export,
    "evaluate": _evaluate,
    "report": _report,
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="recipe", description="Make the starter models.")
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PLANS)}; or all")
    parser.add_argument("--out", type=Path, default=MODELS, help="where the GGUF files go")
    parser.add_argument("--work", type=Path, default=Path("build/recipe"), help="checkpoints")
    parser.add_argument("--threads", type=int, default=2, help="threads for training")
    parser.add_argument(
        "--from", type=Path, dest="earlier", help="train on what this folder's models can already"
    )
    parser.add_argument("--workers", type=int, default=2, help="processes for evaluating")
    parser.add_argument("--items", type=int, default=200, help="questions a family and grade")
    args = parser.parse_args()
    unknown = [name for name in args.names if name not in PLANS]
    if unknown:
        parser.error(f"there is no model {unknown[0]}; there are {', '.join(PLANS)}")
    return args


def _plans(args: argparse.Namespace) -> list[Plan]:
    return [plan for name, plan in PLANS.items() if not args.names or name in args.names]


def _files(args: argparse.Namespace) -> list[Path]:
    found = [args.out / f"{plan.name}.gguf" for plan in _plans(args)]
    present = [path for path in found if path.exists()]
    if not present:
        raise Stop(f"There are no models in {args.out}. Train first.")
    return present


if __name__ == "__main__":
    main()
