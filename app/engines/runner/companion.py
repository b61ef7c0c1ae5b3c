"""The draft model: a smaller model in a second context, kept in step with the answers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import exp
from typing import Final

import numpy as np

from app.engines.runner.context import Context, Outcome
from app.engines.runner.lanes import common_prefix
from app.engines.runner.model import Model
from app.engines.speculation.acceptance import Acceptance
from app.engines.speculation.source import Guess
from app.engines.speculation.tuner import Tuner

NAME: Final = "draft model"
# Reading a long prompt is an investment: beyond the account it is made only for a drafter that has
# shown in so many trials that it gains this much.
TRIALS: Final = 32.0
INVESTMENT: Final = 1.10


@dataclass(eq=False, slots=True)
class Slot:
    """One sequence of the draft model's context: what it holds, and for whom."""

    sequence: int
    tokens: list[int] = field(default_factory=list)
    owner: object = None
    used: int = 0


class Companion:
    """The draft model's context and its sequences; the owner's thread alone uses it."""

    def __init__(self, model: Model, context: Context, sequences: int) -> None:
        self._model = model
        self._context = context
        self._slots = [Slot(sequence) for sequence in range(sequences)]
        self._clock = 0

    @property
    def context(self) -> Context:
        """The draft model's context, for measuring."""
        return self._context

    @property
    def n_vocab(self) -> int:
        """How many tokens the draft model knows."""
        return self._model.n_vocab

    def slot(self, owner: object, text: Sequence[int]) -> Slot:
        """Return the owner's sequence, or the one that holds most of its text."""
        self._clock += 1
        mine = [slot for slot in self._slots if slot.owner is owner]
        found = mine[0] if mine else max(self._slots, key=lambda slot: _worth(slot, text))
        found.owner, found.used = owner, self._clock
        return found

    def unread(self, slot: Slot, text: Sequence[int]) -> int:
        """Return how many tokens of `text` a slot would have to read."""
        return len(text) - min(common_prefix(slot.tokens, text), len(text) - 1)

    def read(self, slot: Slot, text: Sequence[int]) -> bool:
        """Bring a sequence to hold exactly `text`; the scores after it are there then."""
        shared = min(common_prefix(slot.tokens, text), len(text) - 1)
        self._context.keep(slot.sequence, shared)
        slot.tokens = list(text[:shared])
        while len(slot.tokens) < len(text):
            piece = text[len(slot.tokens) : len(slot.tokens) + self._context.batch.capacity]
            if not self._evaluate(slot, piece):
                return False
        return True

    def _evaluate(self, slot: Slot, piece: Sequence[int], outputs: int = 1) -> bool:
        held = sum(len(each.tokens) for each in self._slots)
        if held + len(piece) > self._context.cells:
            self._forget_others(slot)
        batch = self._context.batch
        batch.clear()
        batch.add(slot.sequence, piece, len(slot.tokens), outputs)
        if self._context.evaluate() != Outcome.DONE:
            self._context.forget(slot.sequence)
            slot.tokens = []
            return False
        slot.tokens += piece
        return True

    def _forget_others(self, kept: Slot) -> None:
        for slot in self._slots:
            if slot is not kept:
                self._context.forget(slot.sequence)
                slot.tokens, slot.owner = [], None

    def reading(
        self, slot: Slot, text: Sequence[int], rows: int
    ) -> Iterator[list[tuple[int, float]]]:
        """Read a text anew, `rows` tokens at a time; yield what seems likeliest after each."""
        self._context.forget(slot.sequence)
        slot.tokens = []
        for begin in range(0, len(text), rows):
            piece = text[begin : begin + rows]
            # Somebody else may have taken the sequence in the meantime.
            if len(slot.tokens) != begin or not self._evaluate(slot, piece, outputs=len(piece)):
                return
            yield [self.likeliest(row) for row in range(len(piece))]

    def likeliest(self, row: int = -1) -> tuple[int, float]:
        """Return the likeliest next token after a row read last, and its probability."""
        scores = self._context.logits(row if row >= 0 else self._context.batch.rows - 1)
        token = int(scores.argmax())
        rest = np.exp(scores - scores[token]).sum(dtype=np.float64)
        return token, exp(-float(np.log(rest)))

    def close(self) -> None:
        """Give the memory back."""
        self._context.close()
        self._model.close()


def _worth(slot: Slot, text: Sequence[int]) -> tuple[bool, int, int]:
    return slot.owner is None, common_prefix(slot.tokens, text), -slot.used


class DraftModel:
    """The source that lets the draft model write ahead, for one answer."""

    name = NAME

    def __init__(
        self,
        companion: Companion,
        tuner: Tuner,
        family: str,
        ends: Callable[[int], bool],
    ) -> None:
        self._companion = companion
        self._tuner = tuner
        self._family = family
        self._ends = ends
        self.spent = 0.0

    @property
    def _acceptance(self) -> Acceptance:
        return self._tuner.acceptance

    def best_speed(self, context: Sequence[int], credit: float) -> float:
        """Return what drafting may gain, or nothing where reading what is unread costs too much."""
        costs = self._tuner.costs
        if costs is None or costs.drafting <= 0 or max(context) >= self._companion.n_vocab:
            return 0.0
        rate = self._acceptance.rate(NAME)
        if rate is None:  # nothing is known yet: the rehearsal comes first
            return 0.0
        speed = self._tuner.promise(rate, len(context), costs.drafting)
        unread = self._companion.unread(self._companion.slot(self, context), context)
        proven = self._acceptance.seen(NAME) >= TRIALS and speed >= INVESTMENT
        return speed if proven or costs.reading * unread <= max(0.0, credit - 1.0) else 0.0

    def guess(self, context: Sequence[int], limit: int, credit: float) -> Guess:
        """Return what the draft model would write, as far as it is likely to stand."""
        costs, companion = self._tuner.costs, self._companion
        assert costs is not None
        slot = companion.slot(self, context)
        self.spent = costs.reading * (companion.unread(slot, context) - 1)
        text, standing = list(context), 1.0
        evidence: list[int] = []
        while len(evidence) < limit and companion.read(slot, text):
            self.spent += costs.drafting
            token, probability = companion.likeliest()
            evidence.append(int(100 * probability))
            text.append(token)
            learned = self._acceptance.probabilities(NAME, self._family, evidence[-1:])
            standing *= learned[0]
            count, left = len(evidence), credit - self.spent
            if self._ends(token) or not self._tuner.goes_on(standing, count, len(context), left):
                break
        return Guess(tuple(text[len(context) :]), tuple(evidence))
