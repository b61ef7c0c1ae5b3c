"""Plans: the user first, then what cannot be otherwise, then what is worth most."""

from random import Random

import pytest

from app.domain.chat import ChatMessage
from app.domain.doctor import Condition
from app.domain.errors import RoleUnknown
from app.domain.models import ModelSpec, RoleSpec, Roster, Tier, Timeouts
from app.engines.base import Capabilities
from app.engines.residency.outlook import Outlook
from app.orchestration.breaker import FAULTS, Breaker
from app.orchestration.deadlines import LEAST_ANSWERS, LEAST_DEADLINE_S
from app.orchestration.plan import Plan
from app.orchestration.question import Question
from app.orchestration.router.desk import RouteDesk, lines
from app.orchestration.router.predictor import Predictor
from app.orchestration.router.router import Router
from app.orchestration.router.speeds import Speeds
from app.orchestration.router.starts import Moved
from tests.unit.orchestration.router.stage import (
    PERU,
    ROLES,
    ROSTER,
    asked,
    knowing,
    record,
    router,
    user,
)


def test_the_users_choice_is_absolute() -> None:
    plan = router().plan([user("What is 2 + 2?")], role="architect")
    assert (plan.role.name, plan.pinned, plan.reason) == ("architect", True, "you chose it")
    with pytest.raises(RoleUnknown, match="archi"):
        router().plan([user("x")], role="archi")


def test_where_the_front_door_is_good_it_answers() -> None:
    known = knowing({"front": 0.95, "worker": 0.96, "coder": 0.9, "architect": 0.97})
    plan = router(predictor=known).plan([user("What is the capital of Peru?")])
    assert plan.role.name == "front"
    assert plan.required["front"] < plan.chances["architect"]


def test_a_difference_that_tells_nothing_leaves_the_front_door_first() -> None:
    speeds = Speeds()
    for role in ROLES:
        speeds.expect(role.model.name, 500.0, 100.0, 1.0)
    little = knowing({"front": 0.86, "worker": 0.86, "coder": 0.83, "architect": 0.89})
    plan = router(predictor=little, speeds=speeds).plan([user(PERU)])
    assert plan.role.name == "front"
    assert plan.chances["architect"] > plan.chances["front"]
    more = knowing({"front": 0.75, "worker": 0.75, "coder": 0.7, "architect": 0.95})
    assert router(predictor=more, speeds=speeds).plan([user(PERU)]).role.name == "architect"


def test_where_it_is_bad_the_question_starts_higher() -> None:
    known = knowing({"front": 0.05, "worker": 0.2, "coder": 0.3, "architect": 0.95})
    plan = router(predictor=known).plan([user("What is the capital of Peru?")])
    assert plan.role.name == "architect"
    low, high = plan.chances["front"], plan.chances["architect"]
    assert plan.reason == f"facts: architect is {high:.0%} likely right, front {low:.0%}"


def test_code_goes_to_who_is_made_for_it_until_evidence_says_otherwise() -> None:
    text = "Write a Python function that sorts a list."
    plan = router().plan([user(text)])
    assert "coder" in [plan.role.name, *(each.name for each in plan.up)]
    assert plan.chances["coder"] > plan.chances["architect"]
    chat = router().plan([user("What is the capital of Peru?")])
    assert chat.chances["coder"] < chat.chances["architect"]
    better = knowing({"coder": 0.1, "architect": 0.95}, "code")
    plan = router(predictor=better).plan([user(text)])
    assert plan.chances["coder"] < plan.chances["architect"]


def test_what_does_not_fit_is_left_out() -> None:
    plan = router().plan([user("word " * 700)])
    assert plan.role.name != "front"
    assert "tokens" in plan.refused["front"]


def test_who_breaks_is_left_out() -> None:
    breaker = Breaker(lambda: 0.0)
    for _ in range(FAULTS):
        breaker.failed("model-front")
    plan = router(breaker=breaker).plan([user("What is the capital of Peru?")])
    assert plan.role.name != "front"
    assert "it broke" in plan.refused["front"]


def test_loading_is_priced_in() -> None:
    def plan(*, resident: bool) -> float:
        def known(model: str) -> bool:
            return resident or model == "model-front"

        return router(resident=known).plan([user("What?")]).seconds["worker"]

    assert plan(resident=False) == pytest.approx(plan(resident=True) + 1.0)


def test_a_conversation_stays_where_it_is_unless_somebody_is_much_better() -> None:
    now = [0.0]
    route = router(clock=lambda: now[0])
    thread = (user("What is the capital of Peru?"),)
    question = Question(thread[0].content, thread, conversation_id="c")
    first = route.plan(thread, question=question)
    route.note(record("c", "worker", first.family))
    assert route.plan(thread, question=question).role.name in {"worker", first.role.name}
    now[0] += 301
    assert route.plan(thread, question=question).role.name == first.role.name


def test_a_part_that_breaks_leaves_the_default_role() -> None:
    class Broken(Predictor):
        def features(self, question: Question) -> object:  # type: ignore[override]
            raise ValueError(question)

    plan = router(predictor=Broken()).plan([user("x")])
    assert (plan.role.name, plan.up) == ("front", ())
    assert plan.reason == "the default role; nobody could be weighed, see the log"


def test_one_role_alone_answers_everything() -> None:
    alone = Router(Roster(roles=ROLES[:1], default_role="front", source="test"))
    plan = alone.plan([user("word " * 5000)])
    assert (plan.role.name, plan.up) == ("front", ())


def test_deadlines_are_learned_and_never_above_the_registry() -> None:
    speeds, model = Speeds(), ROLES[1].model
    registry = Timeouts(load_s=100, first_token_s=60, total_s=100)
    assert speeds.deadlines(model, "math", registry) == registry
    for _ in range(LEAST_ANSWERS):
        speeds.note(record("", "worker", "math", 8.0))
    found = speeds.deadlines(model, "math", registry)
    assert found.total_s == pytest.approx(24.3)
    assert found.first_token_s == LEAST_DEADLINE_S
    for _ in range(200):
        speeds.note(record("", "worker", "math", 1000.0))
    assert speeds.deadlines(model, "math", registry).total_s == 100


EVEN = {"front": 0.6, "worker": 0.6, "coder": 0.6, "architect": 0.6}


def test_a_conversation_is_not_handed_on_for_little() -> None:
    slow = {"front": 0.9, "worker": 0.92, "coder": 0.5, "architect": 0.92}
    now = [0.0]
    route = router(predictor=knowing(slow), clock=lambda: now[0])
    assert route.plan(asked().thread, question=asked()).role.name == "front"
    route.note(record("c", "worker", "facts"))
    plan = route.plan(asked().thread, question=asked())
    assert (plan.role.name, plan.reason) == (
        "worker",
        "it answered this conversation before (facts)",
    )
    other = asked("Write a Python function that sorts a list.")
    assert "before" not in route.plan(other.thread, question=other).reason
    now[0] += 301
    assert route.plan(asked().thread, question=asked()).role.name == "front"


def test_a_much_better_one_takes_a_conversation_over() -> None:
    route = router(predictor=knowing({**EVEN, "front": 0.2, "architect": 0.99}))
    route.note(record("c", "front", "facts"))
    assert route.plan(asked().thread, question=asked()).role.name == "architect"


def test_a_turn_of_an_earlier_run_holds_nobody() -> None:
    route = router(predictor=knowing({**EVEN, "front": 0.9, "worker": 0.92}))
    route.recall(record("c", "worker", "facts"))
    assert route.plan(asked().thread, question=asked()).role.name == "front"


def test_a_question_asked_again_goes_higher() -> None:
    good = {"front": 0.95, "worker": 0.97, "coder": 0.96, "architect": 0.98}
    route = router(predictor=knowing(good))
    assert route.plan(asked().thread, question=asked()).role.name == "front"
    route.note(record("c", "front", "facts", question=asked().key))
    again = route.plan(asked().thread, question=asked())
    assert again.role.name != "front"
    assert again.held_back["front"] == "the question is asked again"
    route.note(record("d", "front", "facts"))
    wished = asked(conversation="d", retry=True)
    assert route.plan(wished.thread, question=wished).role.name != "front"


def test_what_a_tool_said_goes_to_who_asked_for_it() -> None:
    route = router(predictor=knowing({**EVEN, "architect": 0.99}))
    thread = (user("x"), ChatMessage(role="assistant", content="{}"))
    midway = Question("{}", thread, tools=True, conversation_id="c")
    route.note(record("c", "worker", "code"))
    plan = route.plan(thread, question=midway)
    assert (plan.role.name, plan.reason) == ("worker", "it goes on with what a tool has told it")


def test_what_cannot_be_done_is_left_to_others() -> None:
    def outlook(model: ModelSpec) -> Outlook:
        full = model.name == "model-front"
        return Outlook(resident=False, why_not="it needs 9 GB of memory" if full else "")

    plan = router(outlook=outlook).plan([user(PERU)])
    assert plan.refused == {"front": "it needs 9 GB of memory"}
    assert plan.reason == "front cannot answer this"
    plan = router(absent={"model-front": "it is set aside"}.get).plan([user(PERU)])
    assert plan.refused == {"front": "it is set aside"}


def test_loads_that_cost_others_are_priced() -> None:
    def outlook(model: ModelSpec) -> Outlook:
        away = model.name == "model-architect"
        return Outlook(resident=not away, load_s=4.0, debt_s=500.0) if away else Outlook()

    known = knowing({"front": 0.2, "worker": 0.2, "coder": 0.8, "architect": 0.95})
    assert router(predictor=known).plan([user(PERU)]).role.name == "architect"
    plan = router(predictor=known, outlook=outlook).plan([user(PERU)])
    assert plan.role.name == "coder"
    assert plan.seconds["architect"] > plan.seconds["coder"] + 3.9


def test_tools_go_to_who_can_call_them() -> None:
    caps = {"model-front": Capabilities(tools=False)}
    wished = asked(tools=True)
    plan = router(caps=caps.get).plan(wished.thread, question=wished)
    assert plan.refused == {"front": "it cannot call tools"}


def test_the_registry_decides_who_goes_on() -> None:
    first = ROLES[0].model_copy(update={"escalation": ("coder",)})
    roster = ROSTER.model_copy(update={"roles": (first, *ROLES[1:])})
    known = knowing({"front": 0.95, "worker": 0.5, "coder": 0.5, "architect": 0.97})
    plan = router(roster, predictor=known).plan([user(PERU)])
    assert (plan.role.name, [each.name for each in plan.up]) == ("front", ["coder"])
    alone = ROLES[0].model_copy(update={"escalation": ()})
    roster = ROSTER.model_copy(update={"roles": (alone, *ROLES[1:])})
    plan = router(roster, predictor=known).plan([user(PERU)], role="front")
    assert plan.up == ()
    assert not plan.gated


def test_a_deadline_keeps_slow_ones_from_starting_and_leaves_time_for_the_next() -> None:
    good = {"front": 0.5, "worker": 0.7, "coder": 0.6, "architect": 0.95}
    route = router(predictor=knowing(good))
    calm = route.plan(asked().thread, question=asked())
    hurried = asked(within_s=1.5)
    plan = route.plan(hurried.thread, question=hurried)
    assert plan.seconds[plan.role.name] <= calm.seconds[calm.role.name]
    assert all(each.late <= 1 for each in plan.table)
    assert plan.deadlines[plan.role.name].total_s < calm.deadlines[calm.role.name].total_s


def test_the_dial_decides_between_speed_and_quality() -> None:
    known = knowing({"front": 0.7, "worker": 0.8, "coder": 0.8, "architect": 0.95})
    fast, best = (
        router(predictor=known, balance=balance).plan([user(PERU)]) for balance in (0.0, 1.0)
    )
    assert fast.seconds[fast.role.name] < best.seconds[best.role.name]
    assert best.role.name == "architect"


def test_exploring_is_told_with_its_propensities() -> None:
    known = knowing({"front": 0.8, "worker": 0.8, "coder": 0.8, "architect": 0.8}, count=3)
    route = router(predictor=known, explore=0.5, dice=Random(3))
    plans = [route.plan([user(PERU)]) for _ in range(60)]
    assert {plan.explored for plan in plans} == {True, False}
    for plan in plans:
        assert sum(plan.propensities.values()) == pytest.approx(1)
        assert plan.propensities[plan.role.name] > 0
    assert router(predictor=known).plan([user(PERU)]).propensities == {"front": 1.0}
    pinned = router(predictor=known, explore=1.0).plan([user(PERU)], role="coder")
    assert (pinned.role.name, pinned.explored, pinned.propensities) == (
        "coder",
        False,
        {"coder": 1},
    )


def test_two_plans_for_one_slot_know_nothing_of_each_other() -> None:
    route = router()
    first, second = route.plan([user(PERU)]), route.plan([user(PERU)])
    assert first.role == second.role
    assert first.chances == second.chances


def test_a_model_that_is_gone_is_planned_for_and_told_by_who_loads_it() -> None:
    gone = RoleSpec(name="gone", tier=Tier.A, model=ModelSpec(name="gone"))
    plan = Router(Roster(roles=(gone,), default_role="gone", source="test")).plan([user("x")])
    assert plan.role == gone
    assert plan.seconds["gone"] > 0


@pytest.mark.parametrize("jump", [-1e12, 1e12, float("inf")])
def test_a_clock_that_jumps_harms_no_plan(jump: float) -> None:
    now = [1000.0]
    breaker = Breaker(lambda: now[0])
    route = router(clock=lambda: now[0], breaker=breaker)
    route.note(record("c", "worker", "facts"))
    for _ in range(FAULTS):
        breaker.failed("model-architect")
    now[0] += jump
    plan = route.plan(asked().thread, question=asked())
    assert plan.role.name in {"front", "worker"}
    assert "nobody could be weighed" not in plan.reason


async def test_a_dry_run_tells_everything_in_plain_data_and_in_words() -> None:
    known = knowing({"front": 0.05, "worker": 0.7, "coder": 0.3, "architect": 0.95})
    desk = RouteDesk(router(predictor=known), _at_once)
    answer = await desk.answer({"op": "route", "text": PERU})
    assert set(answer["chances"]) == {"front", "worker", "coder", "architect"}
    assert {each["start"] for each in answer["utility"]} == set(answer["chances"])
    assert answer["deadlines"]["front"]["total_s"] == 3600
    told = "\n".join(lines(answer))
    assert told.startswith(f"{answer['start']} (tier")
    assert "what a start is worth" in told
    acts = await desk.answer({"op": "route", "text": "Delete the file notes.txt."})
    assert "not first: something happens, so only the likeliest" in "\n".join(lines(acts))
    pinned = await desk.answer({"op": "route", "text": PERU, "role": "front"})
    assert (pinned["start"], pinned["pinned"], pinned["gated"]) == ("front", True, False)


def test_the_doctor_hears_what_is_live() -> None:
    told = {each.name: each for each in router().mechanisms()}
    assert told["memory and loads"].condition is Condition.OFF
    assert told["exploration in turns"].condition is Condition.OFF
    breaker = Breaker(lambda: 0.0)
    for _ in range(FAULTS):
        breaker.failed("m")
    full = router(outlook=lambda _: Outlook(), explore=0.03, breaker=breaker)
    told = {each.name: each for each in full.mechanisms()}
    assert told["memory and loads"].condition is Condition.LIVE
    assert told["exploration in turns"].reason.startswith("3% of turns")
    assert told["breaker"].reason.startswith("m: it broke 3 times")


async def _at_once() -> None:
    return


def test_a_move_decides_where_a_kind_of_task_begins_unless_another_start_is_worth_more() -> None:
    def moved(role: str, before: str, *, up: bool) -> Moved:
        return Moved("facts", role, before, "since Monday: it is as good", up)

    def start(move: Moved | None, **skill: float) -> Plan:
        known = knowing({f"{name}": share for name, share in skill.items()})
        return router(predictor=known, moved=lambda _: move).plan([user(PERU)])

    close = {"front": 0.8, "worker": 0.85, "coder": 0.8, "architect": 0.86}
    plain = start(None, **close)
    there = "worker" if plain.role.name != "worker" else "front"
    plan = start(moved(there, plain.role.name, up=False), **close)
    assert (plan.role.name, plan.reason) == (
        there,
        "facts begins here since Monday: it is as good",
    )
    far: dict[str, float] = {"front": 0.95, "worker": 0.35, "coder": 0.3, "architect": 0.97}
    assert start(moved("worker", "front", up=False), **far).role.name == "front"
    up = start(moved("worker", "front", up=True), **(far | {"worker": 0.6}))
    assert up.role.name != "front"
    assert "begins at worker" in up.held_back["front"]
    pinned = router(moved=lambda _: moved("worker", "front", up=True))
    assert pinned.plan([user(PERU)], role="front").role.name == "front"
