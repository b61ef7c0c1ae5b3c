"""One step up or down is offered wherever anybody stands; it is taken where it is worth it."""

from app.domain.routing import Group
from app.engines.base import Capabilities
from app.orchestration.attempt import Attempted
from app.orchestration.course import Course, Tried
from app.orchestration.escalation import Cause, Kind, Observation, decide
from app.orchestration.holdback import Hold, HoldBack
from app.orchestration.plan import Plan
from app.orchestration.requests import Call
from tests.unit.orchestration.test_conductor import EXPERT, LITTLE, WORKER


def steps(plan: Plan) -> list[tuple[str, str]]:
    course = Course(plan, Group.TALK)
    return [(course.below(role), course.above(role)) for role in (LITTLE, WORKER, EXPERT)]


def test_the_plan_says_who_is_next() -> None:
    plan = Plan(LITTLE, "", up=(EXPERT,), able=(LITTLE, WORKER, EXPERT))
    assert steps(plan)[0] == ("", "expert")


def test_who_has_no_part_in_the_plan_can_be_asked_too() -> None:
    plan = Plan(WORKER, "you chose it", pinned=True, able=(LITTLE, WORKER, EXPERT))
    assert steps(plan) == [("", "worker"), ("front", "expert"), ("worker", "")]


def test_alone_nobody_is_offered() -> None:
    assert steps(Plan(LITTLE, "", able=(LITTLE,)))[0] == ("", "")


def test_an_answer_that_is_likelier_right_than_worth_another_one_is_shown_with_its_doubt() -> None:
    plan = Plan(LITTLE, "", up=(EXPERT,), required={LITTLE.name: 0.4, EXPERT.name: 0.0})

    def follows(cause: Cause, probability: float | None) -> Kind:
        attempted = Attempted(Call(LITTLE), HoldBack(Hold.WHOLE), caps=Capabilities())
        last = Tried(attempted, "id", Observation(cause, probability))
        return decide(Course(plan, Group.TALK).state(last), last.seen).kind

    assert follows(Cause.DOUBTFUL, 0.5) is Kind.ABSTAIN
    assert follows(Cause.DOUBTFUL, 0.3) is Kind.ESCALATE
    assert follows(Cause.CUT_OFF, None) is Kind.ESCALATE
    assert plan.is_worth_more("nobody asked about")
    assert not plan.is_worth_more(EXPERT.name)
