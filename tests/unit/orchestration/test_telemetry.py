"""Figures of the tiers: from rows, from the pace of answers, and from memory."""

from typing import Any

from app.domain.events import Pace, TurnFailed
from app.domain.models import ModelSpec, RoleSpec, Roster, Tier
from app.domain.routing import AttemptRecord, OutcomeRecord, Split, TurnRecord, Witness
from app.orchestration.telemetry import CLIMBS, Holding, Telemetry
from app.platform.bus import Bus
from tests.fakes.attempts import attempt

ROLES = tuple(
    RoleSpec(name=name, tier=tier, model=ModelSpec(name=f"{name}-model"))
    for name, tier in (("front", Tier.A), ("architect", Tier.B), ("draft", Tier.D))
)
ROSTER = Roster(roles=ROLES, default_role="front", source="test")


FIGURES: dict[str, Any] = {
    "split": Split(loaded=20, read=80, written=500),
    "answer_tokens": 50,
    "drafted": 10,
    "draft_accepted": 6,
}
FRONT = attempt("front", Tier.A, "accept", **FIGURES)
CLIMBED = (
    attempt("front", Tier.A, "escalate", "doubtful", **FIGURES),
    attempt("architect", Tier.B, "accept", **FIGURES),
)


def telemetry(bus: Bus | None = None) -> Telemetry:
    held = [Holding("front-model", 100), Holding("architect-model", 900)]
    return Telemetry(bus or Bus(), ROSTER, lambda: (held, 2000), lambda: 5.0)


def turn(*attempts: AttemptRecord, decision: str = "accept") -> TurnRecord:
    return TurnRecord(turn_id="t", at=1.0, attempts=attempts, decision=decision)


def test_figures_come_from_turns() -> None:
    found = telemetry()
    for row in (turn(FRONT), turn(FRONT), turn(*CLIMBED), turn(decision="fail")):
        found.note(row)
    seen = found.overview()
    assert seen.ended == {Tier.A: 2, Tier.B: 1}
    assert seen.turns == 3
    front, architect, draft = seen.tiers
    assert (front.tokens_s, front.first_token_ms, front.bytes) == (100.0, 100.0, 100)
    assert architect.bytes == 900
    assert draft.accepted == 0.6
    (climb,) = seen.climbs
    assert (climb.start, climb.end, climb.cause, climb.is_up) == (
        "front",
        "architect",
        "doubtful",
        True,
    )
    assert [each.model for each in seen.holdings] == ["architect-model", "front-model"]
    assert seen.budget == 2000


def test_before_anything_there_is_nothing() -> None:
    seen = telemetry().overview()
    assert (seen.turns, seen.points, seen.climbs) == (0, (), ())
    assert {(each.tokens_s, each.first_token_ms, each.accepted) for each in seen.tiers} == {
        (None, None, None)
    }


def test_the_pace_is_live_until_the_turn_ends() -> None:
    bus = Bus()
    found = telemetry(bus)
    bus.publish(Pace("t", "front", Tier.A, 80.0))
    assert found.overview().tiers[0].live == 80.0
    assert [each.tokens_s for each in found.overview().points] == [80.0]
    bus.publish(TurnFailed("t", "x", "", ""))
    assert found.overview().tiers[0].live is None


def test_the_newest_climbs_come_first_and_other_rows_tell_nothing() -> None:
    found = telemetry()
    for _ in range(CLIMBS + 3):
        found.note(turn(*CLIMBED))
    found.note(turn(attempt("front", Tier.A, "fall back", "crashed"), CLIMBED[1]))
    found.recall(
        OutcomeRecord(
            at=0, model_id="1", family="math", right=1, witness=Witness.VALIDATOR, source="gate"
        )
    )
    climbs = found.overview().climbs
    assert len(climbs) == CLIMBS
    assert (climbs[0].cause, climbs[0].is_up) == ("crashed", False)
