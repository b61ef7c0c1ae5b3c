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
from app.engines.speculation.costs import Costs
from app.engines.speculation.source import Guess
from app.engines.speculation.tuner import Tuner

NAME: Final = "draft model"
# Reading a long prompt is an investment: half of what may be lost is spent on it only for a drafter
# that has shown in so many trials that it gains this much. Where that is not enough for the whole
# prompt, its end has to do; less of it than so many tokens tells a small model too little.
TRIALS: Final = 32.0
INVESTMENT: Final = 1.10
PART: Final = 0.5
LEAST: Final = 48
# Reading so many tokens at once tells what reading costs.
TELLING: Final = 32


@dataclass(eq=False, slots=True)
class Slot:
    """One sequence of the draft model's context: what it holds, and for whom.

    `begin`: the place in its owner's text where its tokens begin. `agreed`: how many of them are
    known to be those of the text, which only grows.
    """

    sequence: int
    tokens: list[int] = field(default_factory=list)
    owner: object = None
    used: int = 0
    agreed: int = 0
    begin: int = 0

    def clear(self, begin: int = 0) -> None:
        """Hold nothing, and leave out what stands before `begin`."""
        self.tokens, self.agreed, self.begin = [], 0, begin

    def common(self, text: Sequence[int]) -> int:
        """Return how many tokens of a text are there."""
        return common_prefix(self.tokens, text[self.begin :])

    def shared(self, text: Sequence[int]) -> int:
        """Return how many tokens of a text are there, leaving one to evaluate for its scores."""
        most = max(0, min(len(self.tokens), len(text) - self.begin - 1))
        at = min(self.agreed, most)
        if not at:
            at = min(self.common(text), most)
        while at < most and self.tokens[at] == text[self.begin + at]:
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
            if found.begin and 2 * found.common(text) <= len(found.tokens):
                found.clear()  # where another text was begun says nothing about this one
        found.owner, found.used = owner, self._clock
        return found

    def release(self, owner: object) -> None:
        """Let others have the sequence of an answer that is over; what it holds stays."""
        for slot in self._slots:
            if slot.owner is owner:
                slot.owner = None

    def unread(self, slot: Slot, text: Sequence[int]) -> int:
        """Return how many tokens of `text` a slot would have to read."""
        return len(text) - slot.begin - slot.shared(text)

    def read(self, slot: Slot, text: Sequence[int], most: int) -> bool:
        """Bring a sequence to hold `text`, with the scores after it; False if that fails.

        If more than `most` tokens would have to be read, it holds so many from the end.
        """
        if self.unread(slot, text) > most:
            slot.clear(len(text) - most)
        shared = slot.shared(text)
        self._context.keep(slot.sequence, shared)
        del slot.tokens[shared:]
        while (at := slot.begin + len(slot.tokens)) < len(text):
            if not self._evaluate(slot, text[at : at + self._context.batch.capacity]):
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
            slot.clear(slot.begin)
            return False
        slot.tokens += piece
        return True

    def _forget_others(self, kept: Slot) -> None:
        for slot in self._slots:
            if slot is not kept:
                self._context.forget(slot.sequence)
                slot.clear()
                slot.owner = None

    def reading(
        self, slot: Slot, text: Sequence[int], rows: int, place: int = 0
    ) -> Iterator[list[tuple[int, float]]]:
        """Read a text anew, `rows` tokens at a time; yield what seems likeliest after each.

        `place`: where in a longer text it begins.
        """
        self._context.forget(slot.sequence)
        slot.clear(place)
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
    return slot.owner is None, slot.common(text), -slot.used


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
        self._most = 0  # tokens the account lets it read, likewise
        self._known = 0  # tokens of the text that the draft model has, too
        self.spent = 0.0

    @property
    def _acceptance(self) -> Acceptance:
        return self._tuner.acceptance

    def best_speed(self, context: Sequence[int], credit: float) -> float:
        """Return what drafting may gain, or nothing where reading what is unread costs too much."""
        costs, companion = self._tuner.costs, self._companion
        if costs is None or costs.drafting <= 0 or not self._knows(context):
            return 0.0
        worth, _ = self._outlook(context, credit)
        if worth <= 0.0:  # before a rehearsal nothing is known
            return 0.0
        unread = companion.unread(companion.slot(self, context), context)
        self._most = self._affordable(costs, unread, credit, worth)
        left = credit - costs.reading * self._most
        worth, self._speed = self._outlook(context, left)
        return self._speed if self._most and worth > 0.0 and costs.drafting <= left else 0.0

    def _outlook(self, context: Sequence[int], credit: float) -> tuple[float, float]:
        costs = self._tuner.costs
        return self._tuner.outlook(NAME, len(context), costs.drafting if costs else 0.0, credit)

    def _affordable(self, costs: Costs, unread: int, credit: float, worth: float) -> int:
        """Return how many of the unread tokens the account can carry; 0 where those are too few."""
        if self._acceptance.seen(NAME) < TRIALS or 1.0 + worth < INVESTMENT:
            return unread if costs.reading * unread <= max(0.0, credit - 1.0) else 0
        most = 1 + int(PART * credit / costs.reading) if costs.reading else unread
        return unread if unread <= most else most if most >= LEAST else 0

    def guess(self, context: Sequence[int], limit: int, credit: float) -> Guess:
        """Return what the draft model would write, as far as it is likely to stand."""
        costs, companion = self._tuner.costs, self._companion
        assert costs is not None
        slot = companion.slot(self, context)
        begun, unread = time.perf_counter(), min(companion.unread(slot, context), self._most)
        going_on, standing = companion.read(slot, context, self._most), 1.0
        self.spent = costs.reading * (unread - 1)
        if going_on and unread >= TELLING:
            self.spent = costs.observe_reading(unread, 1000 * (time.perf_counter() - begun))
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
