"""Trains one model; goes on at its last checkpoint; seeds are fixed."""

import logging
import math
import time
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor
from torch.optim import AdamW

from recipe.batches import Batch, batches
from recipe.model import Llama, Shape

log = logging.getLogger(__name__)

WARM_UP = 100
LAST_RATE = 0.05
SAVE_EVERY = 100
REPORT_EVERY = 20


@dataclass(frozen=True)
class Plan:
    """What is trained for how long: `steps` with even shares, then `practice` steps."""

    name: str
    shape: Shape
    rate: float
    steps: int
    practice: int
    seed: int

    @property
    def total(self) -> int:
        """Steps of both parts."""
        return self.steps + self.practice


PLANS = {
    "draft": Plan("draft", Shape(layers=2, width=128, heads=4, ff=352), 3e-3, 1500, 1500, 11),
    "front": Plan("front", Shape(layers=4, width=224, heads=7, ff=608), 2e-3, 2500, 1800, 12),
}


def rate_at(step: int, plan: Plan) -> float:
    """Return the learning rate: in each part a warm-up, then a cosine down to 5 %.

    The second part, the practice, has half the rate of the first.
    """
    if step < plan.steps:
        return _rate(step, plan.steps, plan.rate)
    return _rate(step - plan.steps, plan.practice, plan.rate / 2)


def _rate(step: int, steps: int, top: float) -> float:
    if step < WARM_UP:
        return top * (step + 1) / WARM_UP
    done = (step - WARM_UP) / max(1, steps - WARM_UP)
    return top * (LAST_RATE + (1 - LAST_RATE) * 0.5 * (1 + math.cos(math.pi * done)))


def loss_of(model: Llama, batch: Batch) -> Tensor:
    """Return the weighted cross-entropy of the next token within each chat."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits: Tensor = model(batch.tokens[:, :-1], batch.positions[:, :-1], batch.chats[:, :-1])
    same_chat = batch.chats[:, 1:] == batch.chats[:, :-1]
    weights = batch.weights[:, 1:] * same_chat
    wanted = batch.tokens[:, 1:].flatten()
    losses = F.cross_entropy(logits.float().flatten(0, 1), wanted, reduction="none")
    return (losses * weights.flatten()).sum() / weights.sum()


def train(plan: Plan, tokenizer: Tokenizer, work: Path, *, threads: int) -> Llama:
    """Train `plan` to its end and return the model; a checkpoint in `work` is continued."""
    torch.set_num_threads(threads)
    torch.manual_seed(plan.seed)
    model = Llama(plan.shape)
    optimiser = _optimiser(model, plan)
    checkpoint = work / f"{plan.name}.pt"
    first = _resume(checkpoint, model, optimiser)
    started = time.monotonic()
    stream = batches(tokenizer, plan.seed, first, plan.steps)
    for step, batch in zip(range(first, plan.total), stream, strict=False):
        loss = _step(model, optimiser, batch, rate_at(step, plan))
        done = step + 1
        if done % REPORT_EVERY == 0:
            pace = (time.monotonic() - started) / (done - first)
            log.info("%s: step %d, loss %.4f, %.2f s a step", plan.name, done, loss, pace)
        if done % SAVE_EVERY == 0 or done == plan.total:
            _save(checkpoint, model, optimiser, done)
    return model


def restore(plan: Plan, work: Path) -> Llama:
    """Return the model of the last checkpoint in `work`."""
    model = Llama(plan.shape)
    model.load_state_dict(torch.load(work / f"{plan.name}.pt", weights_only=True)["model"])
    return model


def _optimiser(model: Llama, plan: Plan) -> AdamW:
    matrices = [p for p in model.parameters() if p.ndim >= 2]
    norms = [p for p in model.parameters() if p.ndim < 2]
    groups = [
        {"params": matrices, "weight_decay": 0.05},
        {"params": norms, "weight_decay": 0.0},
    ]
    return AdamW(groups, lr=plan.rate, betas=(0.9, 0.98))


def _step(model: Llama, optimiser: AdamW, batch: Batch, rate: float) -> float:
    for group in optimiser.param_groups:
        group["lr"] = rate
    loss = loss_of(model, batch)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    return loss.item()


def _save(path: Path, model: Llama, optimiser: AdamW, step: int) -> None:
    fresh = path.with_suffix(".new")
    state = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "step": step}
    torch.save(state, fresh)
    fresh.replace(path)


def _resume(path: Path, model: Llama, optimiser: AdamW) -> int:
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    model.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    log.info("%s: going on after step %d", path.stem, state["step"])
    return int(state["step"])
