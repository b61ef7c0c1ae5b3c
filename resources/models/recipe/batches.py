"""Turns the stream of chats into batches of packed rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

import torch
from tokenizers import Tokenizer
from torch import Tensor

from recipe.data.mix import Chat, chats, long_chats
from recipe.tokenizer import encode_chat

WINDOW = 192
ROWS = 24
# Every fourth step has fewer, longer rows, so that the whole declared context is learned.
LONG_EVERY = 4
LONG_ROWS = 9
LONG_WINDOW = 511
LONG_TURNS = 14
PROMPT_WEIGHT = 0.1


@dataclass(frozen=True)
class Batch:
    """One step's data, each [rows, window + 1]: ids, loss weights, positions, chat numbers."""

    tokens: Tensor
    weights: Tensor
    positions: Tensor
    chats: Tensor


@dataclass
class _Row:
    tokens: list[int]
    weights: list[float]
    positions: list[int]
    chats: list[int]


def batches(tokenizer: Tokenizer, seed: int, first: int, practice: int) -> Iterator[Batch]:
    """Yield the batches from step `first` on, from step `practice` on with more hard questions.

    What follows depends on `first` and `seed` only.
    """
    start = Random(f"{seed} {first}").getrandbits(48)
    short, long = chats(start), long_chats(start + 1, LONG_TURNS)
    for step in count(first):
        if step == max(first, practice):
            short = chats(start + 2, practice=True)
            long = long_chats(start + 3, LONG_TURNS, practice=True)
        if (step + 1) % LONG_EVERY:
            yield _batch([_row(short, tokenizer, WINDOW + 1) for _ in range(ROWS)])
        else:
            yield _batch([_row(long, tokenizer, LONG_WINDOW + 1) for _ in range(LONG_ROWS)])


def _row(source: Iterator[Chat], tokenizer: Tokenizer, length: int) -> _Row:
    """Fill a row with chats; the last one is cut where the row ends."""
    row = _Row([], [], [], [])
    number = 0
    while len(row.tokens) < length:
        ids, answers = encode_chat(tokenizer, next(source))
        row.tokens += ids
        row.weights += [1.0 if written else PROMPT_WEIGHT for written in answers]
        row.positions += range(len(ids))
        row.chats += [number] * len(ids)
        number += 1
    return _Row(
        row.tokens[:length], row.weights[:length], row.positions[:length], row.chats[:length]
    )


def _batch(rows: list[_Row]) -> Batch:
    return Batch(
        torch.tensor([row.tokens for row in rows]),
        torch.tensor([row.weights for row in rows]),
        torch.tensor([row.positions for row in rows]),
        torch.tensor([row.chats for row in rows]),
    )
