"""Turns joined with how they turned out: what estimates are made from."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.routing import OutcomeRecord, TurnRecord
from app.orchestration.replay.policies import as_logged

_NO_ANSWER = frozenset({"fail", "cancelled"})


@dataclass(frozen=True, slots=True)
class Case:
    """A turn, a value it came to, and how many turns it stands for.

    `count`: the weight of the witness over how likely anybody was to look: an audited answer
    stands for all that could have been audited.
    """

    turn: TurnRecord
    value: float
    count: float = 1.0

    @property
    def given(self) -> float:
        """The probability with which this turn began as it did."""
        return as_logged(self.turn)[self.turn.start]

    @property
    def cluster(self) -> str:
        """Turns of one conversation resemble each other and are drawn together."""
        return self.turn.conversation_id or f"turn {self.turn.turn_id}"


def judged(turns: Iterable[TurnRecord], outcomes: Iterable[OutcomeRecord]) -> list[Case]:
    """Return the turns somebody judged, with how right the answer that counted was.

    Of several witnesses the most reliable one counts, of equals the last.
    """
    said = _best_by_answer(outcomes)
    found = []
    for turn in _comparable(turns):
        place = answer_of(turn)
        outcome = said.get((turn.turn_id, place)) if place is not None else None
        if outcome is not None:
            count = outcome.witness.weight / outcome.propensity
            found.append(Case(turn, outcome.right, count))
    return found


def timed(turns: Iterable[TurnRecord]) -> list[Case]:
    """Return all turns that came to an answer, with the seconds they took."""
    return [
        Case(turn, max(0.0, turn.total_ms) / 1000)
        for turn in _comparable(turns)
        if answer_of(turn) is not None and math.isfinite(turn.total_ms)
    ]


def answer_of(turn: TurnRecord) -> int | None:
    """Return which attempt gave the answer that counted; None if there was none."""
    if turn.decision in _NO_ANSWER:
        return None
    if turn.decision == "abstain":
        ranked = [(each.probability or 0.0, at) for at, each in enumerate(turn.attempts)]
        return max(ranked, default=(0.0, 0))[1]
    return max(0, len(turn.attempts) - 1)


def by_witness(outcomes: Sequence[OutcomeRecord], cases: Sequence[Case]) -> Mapping[str, int]:
    """Return how many of the cases each witness has judged."""
    said = _best_by_answer(outcomes)
    counts: dict[str, int] = {}
    for case in cases:
        outcome = said[case.turn.turn_id, answer_of(case.turn) or 0]
        counts[outcome.witness.value] = counts.get(outcome.witness.value, 0) + 1
    return counts


def _comparable(turns: Iterable[TurnRecord]) -> Iterable[TurnRecord]:
    """Yield each turn once, without those in which no policy had a say."""
    seen: set[str] = set()
    for turn in turns:
        given = as_logged(turn).get(turn.start, 0.0)
        if turn.pinned or turn.turn_id in seen or not 0 < given <= 1:
            continue
        seen.add(turn.turn_id)
        yield turn


def _best_by_answer(
    outcomes: Iterable[OutcomeRecord],
) -> dict[tuple[str, int | None], OutcomeRecord]:
    best: dict[tuple[str, int | None], OutcomeRecord] = {}
    for outcome in outcomes:
        key = outcome.turn_id, outcome.attempt
        held = best.get(key)
        if outcome.turn_id and (held is None or outcome.witness.weight >= held.witness.weight):
            best[key] = outcome
    return best
