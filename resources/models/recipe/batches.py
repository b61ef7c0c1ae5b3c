"""Lays out the chats of a step: whole chats only, those of similar length side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import torch
from tokenizers import Tokenizer
from torch import Tensor

from resources.models.recipe.chatml import Source
from resources.models.recipe.model import Group
from resources.models.recipe.plans import Plan
from resources.models.recipe.tokenizer import encode_chat

# Of what the model has only to read, every so manieth token is scored, with this weight.
PROMPT_EVERY, PROMPT_WEIGHT = 4, 0.3
# An answer weighs by the root of its length, so that long ones do not drown short ones; the tokens
# of one of so many weigh 1.
COMMON_ANSWER = 30
# A chat joins a group when filling it up to the group's length wastes no more than this.
WASTE = 0.12

# Ids, and for each whether the model has to write it.
Encoded = tuple[list[int], list[bool]]


@dataclass(frozen=True)
class Batch:
    """One step's data: all tokens in a row, and which of them are to foretell what.

    `scored` are the places whose next token counts, `wanted` that token, `weights` how much.
    """

    tokens: Tensor
    groups: list[Group]
    scored: Tensor
    wanted: Tensor
    weights: Tensor


def step_batch(source: Source, tokenizer: Tokenizer, plan: Plan, step: int) -> Batch:
    """Return the data of one step; it follows from the plan and the step's number alone."""
    context = plan.shape.context
    chats = source(Random(f"{plan.seed} {step}"), plan.done(step))
    drawn: list[Encoded] = []
    count = 0
    while count < plan.tokens:
        encoded = encode_chat(tokenizer, next(chats))
        if len(encoded[0]) <= context:
            drawn.append(encoded)
            count += len(encoded[0])
    return laid_out(drawn)


def laid_out(chats: list[Encoded]) -> Batch:
    """Return `chats` as a batch; short ones are filled up, and the filling counts for nothing."""
    tokens: list[int] = []
    places: list[int] = []
    wanted: list[int] = []
    weights: list[float] = []
    groups: list[Group] = []
    for group in _grouped(chats):
        length = len(group[0][0])
        groups.append((len(group), length))
        for ids, written in group:
            ours_weigh = (COMMON_ANSWER / max(1, sum(written))) ** 0.5
            for at, (following, ours) in enumerate(zip(ids[1:], written[1:], strict=True)):
                place = len(tokens) + at
                if ours or place % PROMPT_EVERY == 0:
                    places.append(place)
                    wanted.append(following)
                    weights.append(ours_weigh if ours else PROMPT_WEIGHT)
            tokens += ids + [0] * (length - len(ids))
    return Batch(
        torch.tensor(tokens),
        groups,
        torch.tensor(places),
        torch.tensor(wanted),
        torch.tensor(weights),
    )


def _grouped(chats: list[Encoded]) -> Iterator[list[Encoded]]:
    group: list[Encoded] = []
    for chat in sorted(chats, key=lambda each: -len(each[0])):
        if group and len(chat[0]) < len(group[0][0]) * (1 - WASTE):
            yield group
            group = []
        group.append(chat)
    yield group
