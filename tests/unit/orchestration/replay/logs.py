"""Logs of turns whose truth is known: easy and hard questions, two roles, a chance that chooses."""

from dataclasses import dataclass
from random import Random

from app.domain.models import Tier
from app.domain.routing import AttemptRecord, OutcomeRecord, TurnRecord, Witness
from app.orchestration.replay.policies import Policy

# By kind of question: how right each role is, and how often each one was asked.
SKILL = {"easy": {"small": 0.9, "large": 0.95}, "hard": {"small": 0.3, "large": 0.8}}
ASKED = {"easy": {"small": 0.8, "large": 0.2}, "hard": {"small": 0.4, "large": 0.6}}
SECONDS = {"small": 1.0, "large": 4.0}
HARD = 0.5
ATTEMPT = AttemptRecord(role="small", tier=Tier.A, model="m", model_id="1", kind="accept")

Log = tuple[list[TurnRecord], list[OutcomeRecord]]


def turn(number: int, kind: str, start: str) -> TurnRecord:
    return TurnRecord(
        turn_id=f"t{number}",
        at=float(number),
        start=start,
        family=kind,
        chances=SKILL[kind],
        seconds=SECONDS,
        propensities=ASKED[kind],
        attempts=(ATTEMPT.model_copy(update={"role": start}),),
        decision="accept",
        total_ms=SECONDS[start] * 1000,
    )


def outcome(number: int, right: float, **more: object) -> OutcomeRecord:
    fields = {
        "at": float(number),
        "model_id": "1",
        "family": "chat",
        "right": right,
        "witness": Witness.VALIDATOR,
        "source": "gate",
        "turn_id": f"t{number}",
        **more,
    }
    return OutcomeRecord.model_validate(fields)


@dataclass(frozen=True)
class World:
    """Draws logs; `audited` is the share of right answers that somebody looks at, of wrong ones
    all are seen."""

    seed: int
    audited: float = 1.0

    def log(self, count: int) -> Log:
        dice = Random(self.seed)
        turns, outcomes = [], []
        for number in range(count):
            kind = "hard" if dice.random() < HARD else "easy"
            start = "small" if dice.random() < ASKED[kind]["small"] else "large"
            turns.append(turn(number, kind, start))
            right = dice.random() < SKILL[kind][start]
            share = self.audited if kind == "easy" else 1.0
            if dice.random() < share:
                outcomes.append(outcome(number, float(right), propensity=share))
        return turns, outcomes


def truth(policy: Policy) -> float:
    """Return how right answers are if a policy begins the turns."""
    return sum(
        weight
        * sum(share * SKILL[kind][role] for role, share in policy(turn(0, kind, "small")).items())
        for kind, weight in (("hard", HARD), ("easy", 1 - HARD))
    )
