"""The draft model: a smaller model in a second context, kept in step with the answers."""

import time
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
    """One sequence of the draft model's context: what it holds, and for whom.

    `agreed`: how many of its tokens are known to be those of its owner's text, which only grows.
    """

    sequence: int
    tokens: list[int] = field(default_factory=list)
    owner: object = None
    used: int = 0
    agreed: int = 0

    def shared(self, text: Sequence[int]) -> int:
        """Return how many tokens of a text are there, leaving one to evaluate for its scores."""
        most = min(len(self.tokens), len(text) - 1)
        at = min(self.agreed, most)
        if not at:
            at = min(common_prefix(self.tokens, text), most)
        while at < most and self.tokens[at] == text[at]:
            at += 1
        self.agreed = at
        return at


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
        if found.owner is not owner:
            found.agreed = 0
        found.owner, found.used = owner, self._clock
        return found

    def unread(self, slot: Slot, text: Sequence[int]) -> int:
        """Return how many tokens of `text` a slot would have to read."""
        return len(text) - slot.shared(text)

    def read(self, slot: Slot, text: Sequence[int]) -> bool:
        """Bring a sequence to hold exactly `text`; the scores after it are there then."""
        shared = slot.shared(text)
        self._context.keep(slot.sequence, shared)
        slot.tokens = list(text[:shared])
        while len(slot.tokens) < len(text):
            piece = text[len(slot.tokens) : len(slot.tokens) + self._context.batch.capacity]
            if not self._evaluate(slot, piece):
                return False
        return True

    def write(self, slot: Slot, token: int) -> bool:
        """Put one more token behind what a sequence holds."""
        return self._evaluate(slot, [token])

    def _evaluate(self, slot: Slot, piece: Sequence[int], outputs: int = 1) -> bool:
        held = sum(len(each.tokens) for each in self._slots)
        if held + len(piece) > self._context.cells:
            self._forget_others(slot)
        batch = self._context.batch
        batch.clear()
        batch.add(slot.sequence, piece, len(slot.tokens), outputs)
        if self._context.evaluate() != Outcome.DONE:
            self._context.forget(slot.sequence)
            slot.tokens, slot.agreed = [], 0
            return False
        slot.tokens += piece
        return True

    def _forget_others(self, kept: Slot) -> None:
        for slot in self._slots:
            if slot is not kept:
                self._context.forget(slot.sequence)
                slot.tokens, slot.owner, slot.agreed = [], None, 0

    def reading(
        self, slot: Slot, text: Sequence[int], rows: int
    ) -> Iterator[list[tuple[int, float]]]:
        """Read a text anew, `rows` tokens at a time; yield what seems likeliest after each."""
        self._context.forget(slot.sequence)
        slot.tokens, slot.agreed = [], 0
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
    free = False

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
        self._speed = 1.0  # what a guess may gain, told when it was asked for
        self._known = 0  # tokens of the text that the draft model has, too
        self.spent = 0.0

    @property
    def _acceptance(self) -> Acceptance:
        return self._tuner.acceptance

    def best_speed(self, context: Sequence[int], credit: float) -> float:
        """Return what drafting may gain, or nothing where reading what is unread costs too much."""
        costs = self._tuner.costs
        if costs is None or costs.drafting <= 0 or not self._knows(context):
            return 0.0
        worth, speed = self._tuner.outlook(NAME, len(context), costs.drafting, credit)
        if worth <= 0.0 or costs.drafting > credit:  # before a rehearsal nothing is known
            return 0.0
        self._speed = speed
        unread = self._companion.unread(self._companion.slot(self, context), context)
        proven = self._acceptance.seen(NAME) >= TRIALS and 1.0 + worth >= INVESTMENT
        return speed if proven or costs.reading * unread <= max(0.0, credit - 1.0) else 0.0

    def guess(self, context: Sequence[int], limit: int, credit: float) -> Guess:
        """Return what the draft model would write, as far as it is likely to stand."""
        costs, companion = self._tuner.costs, self._companion
        assert costs is not None
        slot = companion.slot(self, context)
        self.spent = costs.reading * (companion.unread(slot, context) - 1)
        going_on, standing = companion.read(slot, context), 1.0
        begun = time.perf_counter()
        tokens: list[int] = []
        evidence: list[int] = []
        while going_on and len(tokens) < limit:
            token, probability = companion.likeliest()
            tokens.append(token)
            evidence.append(int(100 * probability))
            learned = self._acceptance.probabilities(NAME, self._family, evidence[-1:])
            standing *= learned[0]
            count = len(tokens)
            left = credit - self.spent - count * costs.drafting
            going_on = (
                not self._ends(token)
                and self._tuner.goes_on(standing, count, len(context), left, self._speed)
                and companion.write(slot, token)
            )
        # The first token was there when the text was read.
        self.spent += costs.drafting if tokens else 0.0
        took = 1000 * (time.perf_counter() - begun)
        self.spent += costs.observe_draft(len(tokens) - 1, took) if len(tokens) > 1 else 0.0
        return Guess(tuple(tokens), tuple(evidence))

    def _knows(self, context: Sequence[int]) -> bool:
        """Whether the draft model has all tokens of the text; a few may be more than it has."""
        if self._known < len(context) and max(context[self._known :]) < self._companion.n_vocab:
            self._known = len(context)
        return self._known == len(context)
