"""One step up or down is offered wherever anybody stands there, worth its time or not."""

from app.domain.routing import Group
from app.orchestration.course import Course
from app.orchestration.plan import Plan
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
