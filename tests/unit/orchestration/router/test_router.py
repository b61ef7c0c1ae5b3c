"""Plans: the user first, then what cannot be otherwise, then what is worth most."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.chat import ChatMessage
from app.domain.errors import RoleUnknown
from app.domain.models import ModelSpec, RoleSpec, Roster, Sampling, Tier, Timeouts
from app.domain.routing import AttemptRecord, OutcomeRecord, Split, TurnRecord, Witness
from app.orchestration.breaker import FAULTS, Breaker
from app.orchestration.question import Question
from app.orchestration.router.planner import Candidate, choices, ladder, required
from app.orchestration.router.predictor import Predictor
from app.orchestration.router.router import Router, Sources
from app.orchestration.router.speeds import LEAST_ANSWERS, LEAST_DEADLINE_S, Speeds

PACE = {"front": 400.0, "worker": 100.0, "coder": 33.0, "architect": 33.0}


def role(name: str, tier: Tier, *families: str, context: int = 2048) -> RoleSpec:
    return RoleSpec(
        name=name,
        tier=tier,
        model=ModelSpec(name=f"model-{name}", path=Path(f"{name}.gguf"), context=context),
        sampling=Sampling(max_tokens=256),
        families=families,
    )


ROLES = (
    role("front", Tier.A, context=512),
    role("worker", Tier.C),
    role("coder", Tier.B, "code"),
    role("architect", Tier.B),
)
ROSTER = Roster(roles=ROLES, default_role="front", source="test")


def user(text: str) -> ChatMessage:
    return ChatMessage(role="user", content=text)


def sources(**more: object) -> Sources:
    speeds = Speeds()
    for name, pace in PACE.items():
        speeds.expect(f"model-{name}", 5 * pace, pace, 1.0)
    return Sources(speeds=speeds, **more)  # type: ignore[arg-type]


def router(**more: object) -> Router:
    return Router(ROSTER, sources(**more))


def judged(model: str, right: float, family: str = "facts") -> OutcomeRecord:
    return OutcomeRecord(
        at=0,
        model_id=model,
        family=family,
        right=right,
        witness=Witness.VALIDATOR,
        source="gate",
    )


def knowing(skill: dict[str, float], family: str = "facts") -> Predictor:
    predictor = Predictor()
    for name, share in skill.items():
        for at in range(40):
            predictor.learn(judged(f"model-{name}", float(at < 40 * share), family))
    return predictor


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


def test_where_it_is_bad_the_question_starts_higher() -> None:
    known = knowing({"front": 0.05, "worker": 0.2, "coder": 0.3, "architect": 0.95})
    plan = router(predictor=known).plan([user("What is the capital of Peru?")])
    assert plan.role.name == "architect"
    assert "architect is" in plan.reason


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


def record(conversation: str, name: str, family: str, seconds: float = 1.0) -> TurnRecord:
    attempt = AttemptRecord(
        role=name,
        tier=Tier.C,
        model=f"model-{name}",
        model_id=name,
        kind="accept",
        split=Split(read=100, written=1000 * seconds),
        prompt_tokens=50,
        answer_tokens=100,
    )
    return TurnRecord(
        turn_id="t",
        at=0,
        conversation_id=conversation,
        family=family,
        attempts=(attempt,),
        decision="accept",
    )


def test_a_part_that_breaks_leaves_the_default_role() -> None:
    class Broken(Predictor):
        def features(self, question: Question) -> object:  # type: ignore[override]
            raise ValueError(question)

    plan = router(predictor=Broken()).plan([user("x")])
    assert (plan.role.name, plan.reason) == ("front", "the default role")


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


CANDIDATES = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.floats(0.01, 0.99), st.floats(0.01, 1000)),
    min_size=1,
    max_size=6,
    unique_by=lambda each: each[0],
)


@given(CANDIDATES, st.floats(0, 1))
def test_ladders_rise_and_choices_cover_everybody(
    given_candidates: list[tuple[str, float, float]], weight: float
) -> None:
    candidates = [Candidate(*each) for each in given_candidates]
    found = choices(candidates, weight)
    assert {each.start for each in found} == {each.role for each in candidates}
    assert [each.worth for each in found] == sorted((each.worth for each in found), reverse=True)
    for start in candidates:
        steps = (start, *ladder(start, candidates))
        chances = [each.chance for each in steps]
        assert chances == sorted(chances)
        assert len({each.role for each in steps}) == len(steps)
        assert all(each.seconds >= start.seconds for each in steps)


def test_steps_of_like_cost_are_skipped() -> None:
    small, alike, large = (
        Candidate("small", 0.5, 1.0),
        Candidate("alike", 0.6, 1.5),
        Candidate("large", 0.9, 10.0),
    )
    assert ladder(small, [small, alike, large]) == (large,)


def test_what_is_good_enough_depends_on_who_stands_behind() -> None:
    here, above = Candidate("a", 0.5, 1.0), Candidate("b", 0.9, 10.0)
    assert required(here, None, 0.1, 10.0) == 0.0
    free, dear = required(here, above, 0.0, 10.0), required(here, above, 0.3, 10.0)
    assert dear < free <= 0.95
