"""What one evaluation holds: rows of answers first, the rest of the room for prompts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.engines.runner.lanes import Lane
from app.engines.speculation.base import Draft

NO_DRAFT: Final = Draft()


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of a lane that is evaluated; `outputs` counts its last rows that give scores."""

    lane: Lane
    tokens: tuple[int, ...]
    outputs: int
    draft: Draft = NO_DRAFT

    @property
    def rows(self) -> tuple[int, ...]:
        """All tokens that go into the batch, drafted ones last."""
        return self.tokens + self.draft.tokens


@dataclass(frozen=True, slots=True)
class Limits:
    """Rows of one evaluation: in all, for prompts while answers run, and drafted by all answers.

    `outputs` limits the rows that give scores: those of prompts count where they are asked for.
    `apart` keeps a prompt's last token for an evaluation of its own: where the memory cannot be
    cut, the place before it can then be marked.
    """

    rows: int
    prompt_rows: int
    draft: int = 0
    apart: bool = False
    outputs: int = 0


def compose(lanes: Sequence[Lane], limits: Limits) -> list[Slice]:
    """Return what to evaluate next for the lanes that wait for something."""
    answering = [lane for lane in lanes if lane.pending == 1]
    reading = sorted((lane for lane in lanes if lane.pending > 1), key=lambda lane: lane.pending)
    spare = limits.rows - len(answering) - len(reading)
    each = min(limits.draft, spare) // len(answering) if answering else 0
    slices = [_answer(lane, each) for lane in answering]
    room = limits.rows - sum(len(each.rows) for each in slices)
    if answering:
        room = min(room, limits.prompt_rows)
    outputs = limits.outputs - sum(each.outputs for each in slices) - len(reading)
    return slices + list(_share(reading, room, max(1, outputs), apart=limits.apart))


def _answer(lane: Lane, limit: int) -> Slice:
    """One row, and what a drafter guesses after it."""
    draft = NO_DRAFT
    generation = lane.generation
    # The last token of an answer needs no evaluation, so a draft never fills all that is left.
    wanted = min(limit, generation.left - 1) if generation and generation.started else 0
    if generation and wanted > 0:
        draft = generation.drafter.propose(lane.tokens, wanted).cut(wanted)
    return Slice(lane, tuple(lane.tokens[lane.past :]), 1 + len(draft.tokens), draft)


def _share(reading: Sequence[Lane], room: int, outputs: int, *, apart: bool) -> Iterable[Slice]:
    """Share the room fairly; what short prompts leave goes to the longer ones."""
    for place, lane in enumerate(reading):
        count = min(lane.pending - apart, max(1, room // (len(reading) - place)))
        scored = lane.generation is not None and lane.generation.scores_prompt
        if scored:
            count = min(count, outputs)
            outputs = max(1, outputs - count)
        room -= count
        shown = count if scored else int(count == lane.pending)
        yield Slice(lane, tuple(lane.tokens[lane.past : lane.past + count]), shown)


class Pace:
    """Learns how fast prompts are read here, so that reading never stalls running answers long."""

    def __init__(self, *, target_s: float = 0.2, least: int = 32) -> None:
        self._target = target_s
        self._least = least
        self.per_row = 0.0  # seconds; 0 until something was read

    def observe(self, rows: int, seconds: float) -> None:
        """Learn from one evaluation that was mostly reading."""
        if rows >= self._least and seconds > 0:
            latest = seconds / rows
            self.per_row = latest if not self.per_row else 0.7 * self.per_row + 0.3 * latest

    def rows(self, most: int) -> int:
        """How many rows of prompts fit into the time answers can spare."""
        if not self.per_row:
            return min(most, 4 * self._least)
        return max(self._least, min(most, int(self._target / self.per_row)))
