"""Command line: `python -m recipe [draft|front|all] [--out DIR] [--work DIR]`."""

import argparse
import logging
import shutil
import sys
from itertools import islice
from pathlib import Path

try:
    from tokenizers import Tokenizer

    from recipe import tokenizer as vocabulary
    from recipe.data.mix import chats
    from recipe.export import export
    from recipe.train import PLANS, restore, train
except ModuleNotFoundError as missing:
    sys.exit(
        f"{missing.name} is not installed. `make starter-models` in the project's root sets up "
        "what the recipe needs (the extra `train` of pyproject.toml)."
    )

log = logging.getLogger("recipe")

HERE = Path(__file__).resolve().parent
NEEDED_BYTES = 300_000_000
TOKENIZER_CHATS = 40_000
TOKENIZER_SEED = 7


def main() -> None:
    """Train and export; what was interrupted goes on where it stopped."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    args = _arguments()
    args.work.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(args.work).free < NEEDED_BYTES:
        sys.exit(f"Less than 300 MB are free for {args.work}. Free some space and start again.")
    tokenizer = _tokenizer(args.work)
    for name in PLANS if args.model == "all" else [args.model]:
        if args.export_only:
            model = restore(PLANS[name], args.work)
        else:
            model = train(PLANS[name], tokenizer, args.work, threads=args.threads)
        export(model, tokenizer, name, args.out / f"{name}.gguf")
        log.info("%s.gguf is written", name)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="recipe", description="Make the starter models.")
    parser.add_argument("model", choices=[*PLANS, "all"], nargs="?", default="all")
    parser.add_argument("--out", type=Path, default=HERE.parent, help="where the GGUF files go")
    parser.add_argument("--work", type=Path, default=Path("build/recipe"), help="checkpoints")
    parser.add_argument("--threads", type=int, default=2, help="threads for training")
    parser.add_argument(
        "--export-only", action="store_true", help="write the last checkpoint, do not train"
    )
    return parser.parse_args()


def _tokenizer(work: Path) -> Tokenizer:
    path = work / "tokenizer.json"
    if not path.exists():
        sample = islice(chats(TOKENIZER_SEED), TOKENIZER_CHATS)
        fresh = path.with_suffix(".new")
        vocabulary.build("".join(f"{text}\n" for _, text in chat) for chat in sample).save(
            str(fresh)
        )
        fresh.replace(path)
    return vocabulary.load(path)


if __name__ == "__main__":
    main()
