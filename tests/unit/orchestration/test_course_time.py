"""When there should be an answer until a time, nobody is asked who would come too late."""

import math
from collections.abc import Mapping

import pytest

from app.domain.generation import FinalChunk
from app.domain.models import ModelSpec, RoleSpec, Tier, Timeouts
from app.domain.routing import Group
from app.engines.base import Capabilities
from app.orchestration.attempt import Attempted
from app.orchestration.course import Course, Tried
from app.orchestration.deadlines import LEAST_STALL_S, within
from app.orchestration.escalation import Cause, Kind, Observation, decide
from app.orchestration.holdback import Hold, HoldBack
from app.orchestration.plan import Plan
from app.orchestration.requests import Call
from app.orchestration.router.planner import LONG_S, Candidate, choices, slowest_of

REGISTRY = Timeouts(load_s=100, first_token_s=60, stall_s=30, total_s=100)


def role(name: str, tier: Tier) -> RoleSpec:
    return RoleSpec(name=name, tier=tier, model=ModelSpec(name=name), timeouts=REGISTRY)


FRONT, WORKER, ARCHITECT = role("front", Tier.A), role("worker", Tier.C), role("architect", Tier.B)


def plan(
    within_s: float, seconds: Mapping[str, float] = {"front": 1, "worker": 5, "architect": 20}
) -> Plan:
    return Plan(
        FRONT, "test", up=(WORKER, ARCHITECT), seconds=dict(seconds), within_s=within_s, family="x"
    )


def attempted(text: str, *, ended: bool = True) -> Attempted:
    found = Attempted(Call(FRONT), HoldBack(Hold.WHOLE), caps=Capabilities(grammar=True))
    found.words.take(text, 1)
    found.final = FinalChunk(finish_reason="stop") if ended else None
    return found


def course(within_s: float, *answers: Attempted) -> Course:
    tried = [Tried(each, "id", Observation(Cause.DOUBTFUL, 0.4)) for each in answers]
    return Course(plan(within_s), Group.CHECKED, tried)


def test_without_a_time_everybody_may_be_asked_as_long_as_the_registry_says() -> None:
    found = course(math.inf, attempted("4"))
    assert found.limits(ARCHITECT, 1000.0) == REGISTRY
    assert found.ways(attempted("4"), 1000.0).up == ("worker", "architect")
    assert found.left_s(1000.0) == math.inf


def test_once_there_is_an_answer_who_would_be_late_is_left_out() -> None:
    assert course(30.0).ways(attempted("4"), 5.0).up == ("worker", "architect")
    assert course(30.0).ways(attempted("4"), 15.0).up == ("worker",)
    late = course(30.0).ways(attempted("4"), 29.5)
    assert late.up == ()
    assert not late.has_time


def test_without_an_answer_one_that_is_late_is_welcome() -> None:
    empty = attempted("", ended=False)
    assert course(30.0).ways(empty, 29.9).up == ("worker", "architect")
    assert course(30.0, empty).left_s(29.9) == math.inf
    assert course(30.0, empty).limits(ARCHITECT, 29.9) == REGISTRY


def test_waiting_for_another_answer_ends_when_the_time_does() -> None:
    found = course(30.0, attempted("4"))
    assert found.left_s(12.0) == 18.0
    assert found.limits(ARCHITECT, 12.0).load_s == 18.0
    assert found.limits(ARCHITECT, 99.0).load_s > 0


@pytest.mark.parametrize(("gone_s", "kind"), [(1.0, Kind.RETRY), (29.5, Kind.ABSTAIN)])
def test_no_time_no_second_try(gone_s: float, kind: Kind) -> None:
    broken = attempted("{")
    last = Tried(broken, "id", Observation(Cause.MALFORMED, 0.0))
    state = course(30.0).state(last, gone_s)
    assert decide(state, last.seen).kind is kind


def test_who_starts_leaves_time_and_does_not_wait_for_ever() -> None:
    limits = {each.name: REGISTRY for each in (FRONT, ARCHITECT)}
    found = within(limits, (FRONT, ARCHITECT), {"front": 2.0, "architect": 20.0}, 30.0)
    assert found["front"].total_s == 10.0
    assert found["front"].load_s == 8.0
    assert found["architect"].load_s == 10.0
    assert within(limits, (FRONT,), {"front": 50.0}, 30.0)["front"].load_s == LEAST_STALL_S


def test_a_second_costs_no_less_because_an_answer_is_long() -> None:
    def lost(seconds: float) -> float:
        alone = choices([Candidate("architect", 0.9, seconds)], 0.1)
        return 0.9 - alone[0].worth

    assert lost(LONG_S / 2) == lost(LONG_S) == pytest.approx(0.1)
    assert lost(3 * LONG_S) == pytest.approx(0.3)


def test_a_line_before_a_model_costs_time_but_makes_no_second_cheaper() -> None:
    front = Candidate("front", 0.5, 1.0)
    free = Candidate("architect", 0.9, 10.0)
    busy = Candidate("architect", 0.9, 50.0, waiting=40.0)
    assert slowest_of([front, free], 0.1) == slowest_of([front, busy], 0.1) == 10.0

    def worth(architect: Candidate, within_s: float) -> float:
        found = choices([front, architect], 0.1, within_s)
        return next(each.worth for each in found if each.start == "architect")

    assert worth(busy, math.inf) == pytest.approx(worth(free, math.inf) - 0.4)
    assert worth(busy, 30.0) < worth(busy, math.inf) - 0.3
    assert choices([front, busy], 0.1, 30.0)[0].start == "front"
