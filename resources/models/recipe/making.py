"""The commands that need PyTorch: training, and writing the model files."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from random import Random

from tokenizers import Tokenizer

from resources.models.recipe import source
from resources.models.recipe import tokenizer as vocabulary
from resources.models.recipe.chatml import render
from resources.models.recipe.export import About, export, read_tokenizer
from resources.models.recipe.plans import PLANS, Plan
from resources.models.recipe.stops import Stop
from resources.models.recipe.train import Run, restored, train
from resources.models.recipe.verify import verify

log = logging.getLogger(__name__)

TOKENIZER_CHATS = 30_000
TOKENIZER_SEED = 7
COMPARED_CHATS = 40


@dataclass(frozen=True)
class Places:
    """Where checkpoints and model files go, and how many threads train."""

    work: Path
    out: Path
    threads: int
    # Where the models of an earlier edition lie, to go on from instead of from chance.
    earlier: Path | None = None


def train_all(plans: Sequence[Plan], places: Places) -> None:
    """Train and write the models; what was interrupted goes on where it stopped."""
    if places.earlier is not None:
        _take_over(places.work, [_file(places.earlier, plan) for plan in plans])
    tokenizer = _tokenizer(places.work)
    for plan in plans:
        earlier = _file(places.earlier, plan) if places.earlier else None
        run = Run(tokenizer, source.training(plan.name), places.work, places.threads, earlier)
        train(plan, run)
        _write(plan, tokenizer, places)


def export_all(plans: Sequence[Plan], places: Places) -> None:
    """Write the models as their last checkpoints are."""
    tokenizer = _tokenizer(places.work)
    for plan in plans:
        _write(plan, tokenizer, places)


def _write(plan: Plan, tokenizer: Tokenizer, places: Places) -> None:
    model, progress = restored(plan, places.work)
    path = places.out / f"{plan.name}.gguf"
    about = About(plan.name, plan.seed, progress.step, progress.seconds, plan.limit)
    export(model, tokenizer, about, path)
    log.info("%s: %s bytes, after step %d", path, f"{path.stat().st_size:,}", progress.step)
    if find_spec("llama_cpp") is None:
        log.info("not compared with llama.cpp, which is not installed here")
        return
    chats = source.training(plan.name)(Random(f"verify {plan.seed}"), 1.0)
    texts = [render(chat) for chat in islice(chats, COMPARED_CHATS)]
    verdict = verify(model, tokenizer, path, texts)
    log.info("%s", verdict)
    if not verdict.good:
        raise Stop(f"llama.cpp does not read {path} as it was meant: {verdict}")


def _file(folder: Path, plan: Plan) -> Path:
    return folder / f"{plan.name}.gguf"


def _take_over(work: Path, files: Sequence[Path]) -> None:
    """Make the vocabulary of models that are gone on from that of the work folder.

    Raises:
        Stop: the folder or the files have different ones.
    """
    path = work / "tokenizer.json"
    for file in files:
        theirs = read_tokenizer(file)
        if not path.exists():
            _keep(theirs, path)
        elif vocabulary.load(path).get_vocab() != theirs.get_vocab():
            raise Stop(
                f"{file} has another vocabulary than {path}. Choose another folder with --work."
            )


def _tokenizer(work: Path) -> Tokenizer:
    path = work / "tokenizer.json"
    if not path.exists():
        chats = source.vocabulary_chats(Random(TOKENIZER_SEED), list(PLANS))
        _keep(vocabulary.build(render(chat) for chat in islice(chats, TOKENIZER_CHATS)), path)
    return vocabulary.load(path)


def _keep(tokenizer: Tokenizer, path: Path) -> None:
    """Write a tokenizer whole or not at all."""
    fresh = path.with_suffix(".new")
    tokenizer.save(str(fresh))
    fresh.replace(path)
