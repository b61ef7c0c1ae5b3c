"""Trains one model, step by step; every step follows from the seed, so a run can stop anywhere."""

import hashlib
import logging
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from resources.models.recipe.batches import Batch, step_batch
from resources.models.recipe.chatml import Source
from resources.models.recipe.checkpoints import (
    Place,
    Progress,
    keep_before_fall,
    last,
    load,
    progress_of,
    save,
)
from resources.models.recipe.export import read
from resources.models.recipe.model import Llama
from resources.models.recipe.optimise import Optimiser
from resources.models.recipe.plans import Plan
from resources.models.recipe.stops import Stop, check_memory, check_room

log = logging.getLogger(__name__)

SAVE_EVERY = 100
REPORT_EVERY = 20
# Beside weights and optimiser: what the rows of a step need while their gradients are computed.
BYTES_A_TOKEN_AND_WIDTH = 140
PYTORCH_BYTES = 500_000_000


@dataclass
class Interrupt:
    """Whether somebody asked the run to end; it ends after the step it is in."""

    asked: bool = False

    def __call__(self, _signal: int, _frame: FrameType | None) -> None:
        """Take a signal."""
        self.asked = True


@dataclass(frozen=True)
class Run:
    """What a training needs beside its plan."""

    tokenizer: Tokenizer
    source: Source
    work: Path
    threads: int
    # The model of an earlier edition to go on from where there is no checkpoint.
    earlier: Path | None = None


def train(plan: Plan, run: Run) -> Llama:
    """Train `plan` to its end and return the model; a checkpoint in the work folder is continued.

    Raises:
        Stop: too little memory or disk, a foreign checkpoint, or somebody interrupted the run.
    """
    torch.set_num_threads(run.threads)
    torch.manual_seed(plan.seed)
    check_memory(memory_of(plan), f"Training {plan.name}")
    check_room(run.work, 3 * 16 * plan.shape.parameters)
    model = Llama(plan.shape)
    optimiser = Optimiser(model, plan.matrix_rate, plan.rate)
    place = place_of(plan, run)
    first, before, began = _begin(place, plan, run, model, optimiser)
    if shutil.which("c++") or shutil.which("g++"):
        model.compile_layers()
    started = time.monotonic()
    with _interruptible() as interrupt:
        for step in range(first, plan.steps):
            batch = step_batch(run.source, run.tokenizer, plan, step)
            loss = _one_step(batch, model, optimiser, plan.share(step, began))
            done, seconds = step + 1, time.monotonic() - started
            if done % REPORT_EVERY == 0:
                pace = seconds / (done - first)
                log.info("%s: step %d, loss %.4f, %.2f s a step", plan.name, done, loss, pace)
            if done % SAVE_EVERY == 0 or done in (plan.falls_at, plan.steps) or interrupt.asked:
                progress = Progress(done, plan.steps, plan.falls_at, before + seconds)
                save(place, model, optimiser, progress)
            if done == plan.falls_at:
                keep_before_fall(place)
            if interrupt.asked and done < plan.steps:
                raise Stop(f"{plan.name}: stopped after step {done}; the same command goes on.")
    return model


def restored(plan: Plan, work: Path) -> tuple[Llama, Progress]:
    """Return the model of the last checkpoint in `work`, and how far its training is."""
    model = Llama(plan.shape)
    found, progress = last(work / f"{plan.name}.pt")
    model.load_state_dict(found)
    return model, progress


def place_of(plan: Plan, run: Run) -> Place:
    """Return where the checkpoints of `plan` lie."""
    words = hashlib.sha256(run.tokenizer.to_str().encode()).hexdigest()[:16]
    return Place(run.work / f"{plan.name}.pt", f"{plan.mark} vocabulary {words}")


def memory_of(plan: Plan) -> int:
    """Return about how many bytes of memory a training takes."""
    shape = plan.shape
    rows = BYTES_A_TOKEN_AND_WIDTH * plan.tokens * shape.width * shape.layers
    return PYTORCH_BYTES + 20 * shape.parameters + rows + 12 * plan.tokens * shape.vocab


def _one_step(batch: Batch, model: Llama, optimiser: Optimiser, share: float) -> float:
    try:
        loss = backward(model, batch)
        optimiser.step(share)
    except RuntimeError as error:
        if "memory" not in str(error):
            raise
        raise Stop(
            "The memory was not enough for the next step. "
            "Close other programs; the same command goes on at the last checkpoint."
        ) from error
    return loss


def backward(model: Llama, batch: Batch) -> float:
    """Compute the gradients of the weighted loss of the next token, and return that loss."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = model.hidden(batch.tokens, batch.groups)
        logits = model.logits(hidden[batch.scored])
    losses = F.cross_entropy(logits.float(), batch.wanted, reduction="none")
    loss = (losses * batch.weights).sum() / batch.weights.sum()
    loss.backward()  # type: ignore[no-untyped-call]
    return float(loss.item())


def _begin(
    place: Place, plan: Plan, run: Run, model: Llama, optimiser: Optimiser
) -> tuple[int, float, int]:
    """Take over what there is; return steps done, seconds taken, and where the rate has to rise."""
    state = load(place, plan.steps, plan.falls_at)
    if state is not None:
        model.load_state_dict(state["model"])
        optimiser.restore(state["optimiser"])
        progress = progress_of(state)
        log.info("%s: going on after step %d of %d", plan.name, progress.step, plan.steps)
        return progress.step, progress.seconds, 0
    if run.earlier:
        steps, seconds = _go_on(run.earlier, plan, model)
        return steps, seconds, steps
    if plan.begins_as:
        _begin_as(place, plan.begins_as, model)
    return 0, 0.0, 0


def _go_on(path: Path, plan: Plan, model: Llama) -> tuple[int, float]:
    """Take over the weights of an earlier edition; return the steps done and the seconds."""
    weights, steps, seconds = read(path)
    try:
        model.grow_from(weights)
    except RuntimeError as error:
        raise Stop(
            f"{path} is of another shape than {plan.name} is to have. Name another folder, "
            "or begin without one."
        ) from error
    first = min(steps, plan.falls_at - 1)
    log.info("%s: going on from %s, which has %d steps", plan.name, path, first)
    return first, seconds


def _begin_as(place: Place, name: str, model: Llama) -> None:
    """Take over the weights another model had before its rate fell."""
    other = Place(place.path.with_name(f"{name}.pt"), "").before_fall
    found, progress = last(other)
    model.grow_from(found)
    log.info("beginning with the weights of %s after step %d", name, progress.step)


@contextmanager
def _interruptible() -> Iterator[Interrupt]:
    interrupt = Interrupt()
    names = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(name, interrupt) for name in names]
    try:
        yield interrupt
    finally:
        for name, handler in zip(names, before, strict=True):
            signal.signal(name, handler)
