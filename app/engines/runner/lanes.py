"""The sequences of the context: who sits where, and what can be reused of the past."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from app.engines.runner.generation import Generation
from app.engines.runner.memory import Memory
from app.engines.runner.shelf import Shelf
from app.engines.runner.statefile import Remembered

# What the states of one sequence may take together; the oldest are given up first.
MARK_BYTES: Final = 64 << 20
# What texts may take beside the cache; what does not fit stays inside.
ASIDE_BYTES: Final = 256 << 20


@dataclass(frozen=True, slots=True)
class Mark:
    """A place a sequence can return to where its memory cannot be cut."""

    count: int
    state: bytes


@dataclass(eq=False, slots=True)
class Lane:
    """One sequence: the tokens it holds or is to hold, and how many of them are evaluated.

    `aside`: what the memory held of it, while that is kept beside the memory.
    """

    sequence: int
    tokens: list[int] = field(default_factory=list)
    past: int = 0
    generation: Generation | None = None
    used: int = 0  # when it was last left, in steps
    marks: list[Mark] = field(default_factory=list)
    aside: bytes | memoryview = b""

    @property
    def in_memory(self) -> bool:
        """Whether it takes cells of the memory."""
        return self.past > 0 and not self.aside

    @property
    def pending(self) -> int:
        """Tokens that wait for evaluation."""
        return len(self.tokens) - self.past


def _weight(marks: list[Mark]) -> int:
    return sum(len(mark.state) for mark in marks)


def common_prefix(left: Sequence[int], right: Sequence[int]) -> int:
    """Return how many tokens two texts share at their beginning."""
    length = min(len(left), len(right))
    differing = np.flatnonzero(np.asarray(left[:length]) != np.asarray(right[:length]))
    return int(differing[0]) if differing.size else length


class Lanes:
    """All sequences of one context."""

    def __init__(
        self,
        memory: Memory,
        count: int,
        *,
        mark_bytes: int = MARK_BYTES,
        aside_bytes: int = ASIDE_BYTES,
        shelf: Shelf | None = None,
    ) -> None:
        self._memory = memory
        self._shelf = shelf
        self._mark_bytes = mark_bytes
        self._aside_bytes = aside_bytes
        self._reached = 0
        self._scattered = False  # whether several texts were in the memory, one behind the other
        self._all = tuple(Lane(sequence) for sequence in range(count))
        self._clock = 0

    @property
    def busy(self) -> list[Lane]:
        """Lanes with an answer in the making, the one seated first in front."""
        return sorted((lane for lane in self._all if lane.generation), key=lambda each: each.used)

    @property
    def held(self) -> int:
        """How many tokens are evaluated and kept, over all sequences."""
        return sum(lane.past for lane in self._all)

    @property
    def alone(self) -> Lane | None:
        """The text nobody works on, if evaluations behind it take what they would take alone."""
        held = [lane for lane in self._all if lane.in_memory]
        latest = max(held, key=lambda lane: lane.used, default=None)
        crowded = len(held) > 1 and self._memory.walks_over_idle
        return None if latest is None or latest.generation or crowded else latest

    @property
    def has_idle(self) -> bool:
        """Whether somebody could be seated."""
        return any(lane.generation is None for lane in self._all)

    def reach(self, rows: int) -> int:
        """Return up to which cell the memory may be in use when `rows` more are evaluated.

        Cells are given away from the front, but what is forgotten leaves gaps; whoever looks for
        room passes over so many as are wanted twice before it begins in front again.
        """
        held = sum(lane.past for lane in self._all if lane.in_memory)
        self._reached = max(self._reached if held else 0, held + rows)
        return self._reached + 2 * rows

    def seat(self, generation: Generation, pace: float = 0.0) -> Lane:
        """Give an answer the idle lane where most of its tokens are evaluated already.

        What was saved on disk is brought back where that is quicker than reading at this pace
        (seconds per token, 0 if unknown).
        """
        tokens = generation.tokens
        lane = self._best(tokens)
        if generation.scores_prompt:  # every token is to be looked at
            lane.past = self._cut(lane, 0)
            self._make_way(lane)
        else:
            usable = min(common_prefix(lane.tokens[: lane.past], tokens), len(tokens) - 1)
            if 2 * usable < lane.past:
                self._save(lane)
            lane.past = self._cut(lane, usable)
            self._make_way(lane)
            lane.past = self._borrow(lane, tokens, lane.past)
            lane.past = self._recall(lane, tokens, pace)
        lane.tokens = tokens
        lane.generation = generation
        self._clock += 1
        lane.used = self._clock
        generation.begin(lane.past)
        return lane

    def _best(self, tokens: Sequence[int]) -> Lane:
        """Prefer to extend a text; else give up the text nobody used for longest.

        A lane that shares only a little (a system prompt) is not worth its long text: that
        little can be borrowed.
        """
        idle = [lane for lane in self._all if lane.generation is None]

        def worth(lane: Lane) -> tuple[int, int]:
            shared = common_prefix(lane.tokens[: lane.past], tokens)
            return (shared if 2 * shared >= lane.past else 0, -lane.used)

        return max(idle, key=worth)

    def _make_way(self, lane: Lane) -> None:
        """Keep texts nobody works on beside the memory where it would walk over them at each token.

        What is left moves to its front: it walks up to the last cell in use.
        """
        if not self._memory.walks_over_idle:
            return
        others = [each for each in self._all if each is not lane and each.in_memory]
        self._scattered = self._scattered or bool(others)
        for each in sorted(others, key=lambda other: -other.used):
            if each.generation is None:
                self._set_aside(each)
        if self._scattered and not any(each.in_memory for each in others):
            self._set_aside(lane)
            lane.past = self._bring_back(lane)
            self._scattered = False
            self._reached = 0

    def _set_aside(self, lane: Lane) -> None:
        """Move a text out of the memory, if there is room for it beside."""
        room = self._aside_bytes - sum(len(each.aside) for each in self._all)
        if lane.in_memory and self._memory.weight(lane.sequence) <= room:
            lane.aside = self._memory.save(lane.sequence)
            if lane.aside:
                self._memory.forget(lane.sequence)

    def _bring_back(self, lane: Lane) -> int:
        """Move a text that was set aside back into the memory; return how much of it is there."""
        state, lane.aside = lane.aside, b""
        if not state or self._memory.load(lane.sequence, state, lane.past):
            return lane.past
        self._memory.forget(lane.sequence)
        lane.marks.clear()
        return 0

    def _borrow(self, lane: Lane, tokens: Sequence[int], usable: int) -> int:
        """Share a longer beginning that another lane holds, where the memory allows it."""
        if not self._memory.can_cut:
            return usable
        others = [each for each in self._all if each is not lane]
        lengths = [common_prefix(each.tokens[: each.past], tokens) for each in others]
        longest = min(max(lengths, default=0), len(tokens) - 1)
        if longest <= usable:
            return usable
        lender = others[lengths.index(max(lengths))]
        self._memory.forget(lane.sequence)
        if lender.aside:
            return self._copy(lender, lane, longest)
        self._memory.share(lender.sequence, lane.sequence, longest)
        return longest

    def _copy(self, lender: Lane, lane: Lane, count: int) -> int:
        """Begin an empty lane like one that is kept beside the memory."""
        if self._memory.load(lane.sequence, lender.aside, lender.past):
            self._memory.keep(lane.sequence, count)
            return count
        self._memory.forget(lane.sequence)
        return 0

    def _recall(self, lane: Lane, tokens: Sequence[int], pace: float) -> int:
        """Bring back what was saved of a text, if that is worth more than what the lane knows."""
        shelf = self._shelf
        entry = shelf.offer(tokens, lane.past, pace) if shelf else None
        state = shelf.take(entry) if shelf and entry else None
        if shelf is None or state is None:
            return lane.past
        if not self._fill(lane, state):
            return self._borrow(lane, tokens, 0)
        known = self._cut(lane, min(common_prefix(lane.tokens, tokens), len(tokens) - 1))
        shelf.restored += known
        return known

    def _fill(self, lane: Lane, state: Remembered) -> bool:
        self.empty(lane)
        count = state.tokens.size
        if not self._memory.load(lane.sequence, state.memory, count):
            self._memory.forget(lane.sequence)
            return False
        lane.marks = [Mark(*mark) for mark in state.marks]
        lane.tokens = state.tokens.tolist()
        lane.past = count
        return True

    def restore(self, state: Remembered) -> bool:
        """Put a saved text into the idle lane nobody used for longest; False if none can be had."""
        idle = [lane for lane in self._all if lane.generation is None]
        if not idle:
            return False
        lane = min(idle, key=lambda each: each.used)
        self._save(lane)
        return self._fill(lane, state)

    def forget_idle(self) -> None:
        """Forget all texts nobody works on."""
        for lane in self._all:
            if lane.generation is None:
                self.empty(lane)

    def save_all(self, until: float) -> None:
        """Have all texts nobody works on saved, the longest first, as long as there is time."""
        idle = [lane for lane in self._all if lane.generation is None]
        for lane in sorted(idle, key=lambda each: -each.past):
            if time.monotonic() < until:
                self._save(lane)

    def _save(self, lane: Lane) -> None:
        """Have a text saved that is about to be forgotten."""
        tokens = lane.tokens[: lane.past]
        if self._shelf and self._shelf.wants(tokens):
            memory = lane.aside or self._memory.save(lane.sequence)
            marks = tuple((mark.count, mark.state) for mark in lane.marks)
            if memory:
                self._shelf.put(Remembered(np.asarray(tokens, np.int32), bytes(memory), marks))

    def mark(self, lane: Lane) -> None:
        """Make it possible to come back here: what the next turn shares ends at such places."""
        if self._memory.can_cut or any(mark.count == lane.past for mark in lane.marks):
            return
        lane.marks.append(Mark(lane.past, self._memory.snapshot(lane.sequence)))
        while len(lane.marks) > 1 and _weight(lane.marks) > self._mark_bytes:
            del lane.marks[0]

    def _cut(self, lane: Lane, count: int) -> int:
        """Cut to `count` tokens, or to the nearest mark before; return how many are left."""
        if count > 0:
            count = min(count, self._bring_back(lane))
        lane.aside = b""
        if self._memory.keep(lane.sequence, count):
            lane.marks = [mark for mark in lane.marks if mark.count <= count]
            return count
        while lane.marks:
            mark = lane.marks[-1]
            if mark.count <= count and self._memory.restore(lane.sequence, mark.state, mark.count):
                return mark.count
            lane.marks.pop()
        self._memory.forget(lane.sequence)
        return 0

    def release(self, lane: Lane) -> None:
        """The answer left; what is evaluated stays for the next turn."""
        self.mark(lane)
        lane.generation = None
        lane.tokens = lane.tokens[: lane.past]
        self._clock += 1
        lane.used = self._clock

    def rewind(self, lane: Lane) -> None:
        """Bring the memory back to what the lane counts as evaluated."""
        lane.past = self._cut(lane, lane.past)
        if lane.generation is None:
            lane.tokens = lane.tokens[: lane.past]

    def salvage(self, lane: Lane, most: int) -> int:
        """After an interrupted evaluation: count in what was finished, drop the rest.

        Returns how many of the `most` tokens under way are evaluated.
        """
        done = 0
        if self._memory.can_cut:
            done = max(0, min(self._memory.held(lane.sequence) - lane.past, most))
        lane.past += done
        self.rewind(lane)
        return done

    def unseat(self, lane: Lane) -> None:
        """Take an answer out of its lane, and what it holds out of the memory."""
        lane.generation = None
        self.empty(lane)

    def empty(self, lane: Lane) -> None:
        """Forget what a lane holds; if it is in use, all its tokens wait again."""
        self._memory.forget(lane.sequence)
        lane.past = 0
        lane.aside = b""
        lane.marks.clear()
        if lane.generation is None:
            lane.tokens = []

    def evict(self) -> bool:
        """Forget the idle text nobody used for longest; False when there is none."""
        held = [lane for lane in self._all if lane.generation is None and lane.in_memory]
        if not held:
            return False
        oldest = min(held, key=lambda lane: lane.used)
        self._save(oldest)
        self.empty(oldest)
        return True
