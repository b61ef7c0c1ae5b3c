"""The step loop: every evaluation carries all answers in the making and the prompts in waiting."""

import time
from typing import Final

import numpy as np

from app.engines.runner.context import Context, Outcome
from app.engines.runner.desk import Desk
from app.engines.runner.drafting import Drafting
from app.engines.runner.generation import Generation
from app.engines.runner.lanes import Lane, Lanes
from app.engines.runner.lengths import Lengths
from app.engines.runner.plan import Limits, Pace, Slice, compose
from app.engines.runner.sampling import NO_TOKEN
from app.engines.runner.scores import Found, Scores
from app.engines.runner.shelf import STOP_S, Shelf
from app.engines.runner.states import Entry
from app.engines.runner.status import Counters
from app.engines.runner.text import TokenScore
from app.engines.speculation.verifier import verify

BROKEN: Final = "engine_failed"
NO_NUMBERS: Final = "The model's scores are no numbers."


class Scheduler:
    """Answers several requests at once; used by the one thread that owns the context."""

    def __init__(
        self,
        context: Context,
        desk: Desk[Generation],
        counters: Counters,
        *,
        sequences: int,
        drafting: Drafting | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        self._context = context
        self._desk = desk
        self._counters = counters
        self._shelf = shelf
        self._lanes = Lanes(context, sequences, shelf=shelf)
        self._pace = Pace()
        self._drafting = drafting or Drafting()
        self._tolerance = self._drafting.tolerance
        self._lengths = Lengths(context, self._lanes, self._drafting)

    def step(self) -> bool:
        """Evaluate once; False when there is nothing to do."""
        for errand in self._desk.errands():
            errand()
        self._drop_cancelled()
        self._admit()
        lanes = self._lanes.busy
        self._counters.busy = len(lanes)
        self._drafting.tuner.busy = max(1, sum(lane.pending == 1 for lane in lanes))
        if not lanes:
            return False
        rows = self._context.batch.capacity
        draft = max(0, min(self._drafting.most, self._spare(lanes)))
        limits = Limits(
            rows,
            self._pace.rows(rows),
            draft,
            apart=not self._context.can_cut,
            outputs=self._context.outputs,
        )
        slices = compose(lanes, limits)
        self._run(slices)
        self._counters.busy = len(self._lanes.busy)
        self._counters.held = self._lanes.held
        return True

    def _spare(self, lanes: list[Lane]) -> int:
        """Cells of the cache that drafts may take without pushing an answer out."""
        taken = sum(len(lane.tokens) + 1 for lane in lanes)
        return self._context.cells - taken - self._context.scores_alone

    def _drop_cancelled(self) -> None:
        for lane in self._lanes.busy:
            if lane.generation and lane.generation.cancelled:
                self._counters.ended("cancelled", lane.generation.tally)
                self._lanes.release(lane)

    def _admit(self) -> None:
        """Seat who waits, in order, as long as there is a lane and the cache is sure to hold it."""
        while self._lanes.has_idle and (first := self._desk.peek()) is not None:
            busy = self._lanes.busy
            texts = [lane.tokens for lane in busy] + [first.tokens]
            if busy and sum(len(each) + 1 for each in texts) > self._context.cells:
                return
            # A withdrawal may have come between the two looks.
            generation = self._desk.take()
            if generation is not None and not generation.cancelled:
                self._lanes.seat(generation, self._pace.per_row)

    def _run(self, slices: list[Slice]) -> None:
        batch = self._context.batch
        batch.clear()
        firsts = [
            batch.add(each.lane.sequence, each.rows, each.lane.past, each.outputs)
            for each in slices
        ]
        self._tolerance = self._drafting.tolerance_at(self._lanes.reach(batch.rows + 1))
        self._desk.starting(_stoppable(slices))
        begun = time.perf_counter()
        outcome = self._context.evaluate()
        elapsed = time.perf_counter() - begun
        self._desk.finished()
        self._counters.steps += 1
        if outcome == Outcome.DONE:
            rows = batch.rows
            self._pace.observe(rows, elapsed)
            scores = Scores(self._context, _scored(slices, firsts))
            for piece, first in zip(slices, firsts, strict=True):
                self._commit(piece, first, scores)
            self._learn(slices, rows, time.perf_counter() - begun - scores.seconds)
        elif outcome == Outcome.NO_ROOM:
            self._make_room()
        elif outcome == Outcome.ABORTED:
            self._salvage(slices)
        else:
            self._give_up(slices, outcome)

    def _learn(self, slices: list[Slice], rows: int, elapsed: float) -> None:
        """Tell the tuner what an evaluation of one answer and its draft took."""
        first, costs = slices[0], self._drafting.tuner.costs
        alone = len(slices) == 1 and len(first.tokens) == 1 and first.outputs
        if not alone or costs is None:
            return
        if first.draft.tokens and first.lane.generation:
            first.lane.generation.drafter.took(1000 * elapsed)
        costs.observe(rows, first.lane.past, 1000 * elapsed)

    def _commit(self, piece: Slice, first: int, scores: Scores) -> None:
        lane, generation = piece.lane, piece.lane.generation
        if generation is None:
            return
        if generation.scores_prompt:
            for place in range(len(piece.tokens)):
                generation.score_prompt(lane.past + place, scores.of(first + place))
        lane.past += len(piece.tokens)
        self._count_read(generation, lane, len(piece.tokens))
        if lane.pending == 1 and not generation.started:
            self._lanes.mark(lane)  # asked the same again, the answer starts from here
        if piece.outputs and not lane.pending:
            self._answer(piece, first + len(piece.tokens) - 1, generation, scores)

    def _count_read(self, generation: Generation, lane: Lane, count: int) -> None:
        if not generation.started or count > 1:
            self._counters.evaluated += count
        generation.read(count, lane.past)

    def _answer(self, piece: Slice, row: int, generation: Generation, scores: Scores) -> None:
        """Sample at every drafted position and keep what the model agrees to."""
        lane, drafted, tally = piece.lane, piece.draft.tokens, generation.tally
        before, ties = tally.predicted, tally.ties
        tally.drafted += len(drafted)
        tally.steps += 1
        unsure = bool(drafted) and self._context.scores_alone
        chosen: list[tuple[int, TokenScore | None]] = []

        def choose(offset: int) -> int:
            found: Found | None = scores.of(row + offset)
            if unsure and generation.is_tie(scores.of(row + offset), self._tolerance):
                tally.ties += 1
                token = piece.rows[len(piece.tokens) - 1 + offset]
                found = scores.alone(row + offset, lane.sequence, lane.past - 1 + offset, token)
            chosen.append(_choice(generation, found))
            return chosen[-1][0]

        def keep(token: int) -> bool:
            tally.draft_accepted += drafted[len(chosen) - 1 : len(chosen)] == (token,)
            return token != NO_TOKEN and generation.keep(token, chosen[-1][1])

        agreed = verify(drafted, choose, keep)
        if drafted:
            generation.drafter.accepted(len(drafted), agreed, tally.ties - ties)
            # A token that ends the answer is evaluated but not part of it.
            lane.past = min(lane.past + agreed, len(lane.tokens))
            self._lanes.rewind(lane)
        self._counters.tokens += tally.predicted - before
        if generation.finish_reason:
            if generation.finish_reason != "error":
                generation.conclude()
                self._drafting.hear(generation)
            self._lanes.release(lane)

    def _make_room(self) -> None:
        """The cache is full: forget idle texts, else let the youngest answer wait."""
        if self._lanes.evict():
            return
        youngest = self._lanes.busy[-1]
        generation = youngest.generation
        self._lanes.unseat(youngest)
        if generation is None:
            return
        if self._lanes.busy:
            self._desk.put_back(generation)
        else:
            generation.fail(500, BROKEN, "The cache cannot hold even this one request.")

    def _salvage(self, slices: list[Slice]) -> None:
        """An abort: whoever was on board keeps what was finished and goes on from there."""
        for piece in slices:
            reading = piece.outputs == 0
            done = self._lanes.salvage(piece.lane, len(piece.tokens) if reading else 0)
            if done and piece.lane.generation:
                self._count_read(piece.lane.generation, piece.lane, done)

    def _give_up(self, slices: list[Slice], outcome: int) -> None:
        """The library failed: these answers are lost, the memory they used is emptied."""
        for piece in slices:
            generation = piece.lane.generation
            self._lanes.unseat(piece.lane)
            if generation is not None:
                generation.fail(500, BROKEN, f"The evaluation failed (llama.cpp code {outcome}).")

    def measure(self) -> bool:
        """Learn at idle what drafts cost behind a long text; False when that is known."""
        return self._lengths.step()

    def save_now(self) -> None:
        """Have all conversations nobody works on saved, and wait until they are on disk."""
        self._lanes.save_all(time.monotonic() + STOP_S)
        if self._shelf is not None:
            self._shelf.settle()

    def forget(self) -> None:
        """Forget all conversations nobody works on."""
        self._lanes.forget_idle()

    def restore(self, entry: Entry) -> int:
        """Bring a saved conversation back into memory; returns its tokens, 0 if that failed."""
        state = self._shelf.take(entry) if self._shelf else None
        fits = state is not None and self._lanes.restore(state)
        return entry.tokens.size if fits else 0

    def drain(self) -> None:
        """The process stops: tell everyone who waits."""
        waiting = [lane.generation for lane in self._lanes.busy if lane.generation]
        while (queued := self._desk.take()) is not None:
            waiting.append(queued)
        for generation in waiting:
            generation.fail(503, "stopping", "The engine is stopping.")
        if self._shelf is not None:
            for lane in self._lanes.busy:
                self._lanes.release(lane)
            self._lanes.save_all(time.monotonic() + STOP_S)
            self._shelf.close()


def _choice(generation: Generation, scores: Found | None) -> tuple[int, TokenScore | None]:
    """Choose a token from scores, if they can be used."""
    if scores is not None and np.isfinite(scores.max()):
        return generation.choose(scores)
    lost = "A place could not be scored again." if scores is None else NO_NUMBERS
    generation.fail(500, BROKEN, lost)
    return NO_TOKEN, None


def _scored(slices: list[Slice], firsts: list[int]) -> list[int]:
    """Return the rows that have scores."""
    ends = [first + len(each.rows) for each, first in zip(slices, firsts, strict=True)]
    return [
        row
        for each, end in zip(slices, ends, strict=True)
        for row in range(end - each.outputs, end)
    ]


def _stoppable(slices: list[Slice]) -> list[Generation]:
    """Whose withdrawal is worth stopping the evaluation: readers, and whoever is alone on board."""
    alone = len(slices) == 1
    return [
        each.lane.generation
        for each in slices
        if each.lane.generation and (alone or each.outputs == 0 or len(each.tokens) > 1)
    ]
