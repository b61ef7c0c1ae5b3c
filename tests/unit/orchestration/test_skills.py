"""What models are good at: shrunk to their mean, weighed by who says so."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.domain.routing import OutcomeRecord, Witness
from app.orchestration.skills import FLOOR, Skills


def outcome(
    right: float, family: str = "math", model: str = "m", witness: Witness = Witness.VALIDATOR
) -> OutcomeRecord:
    return OutcomeRecord(
        at=0, model_id=model, family=family, right=right, witness=witness, source="gate"
    )


def test_nothing_known_is_what_was_expected() -> None:
    skills = Skills()
    skills.expect("m", 0.8)
    assert abs(skills.posterior("math", "m").mean - 0.8) < 1e-9


def test_a_kind_of_task_begins_at_the_models_mean() -> None:
    skills = Skills()
    for _ in range(50):
        skills.learn(outcome(0.0))
    assert skills.posterior("code", "m").mean < 0.1
    assert skills.posterior("math", "m").mean < 0.05


def test_weak_witnesses_count_less() -> None:
    means = []
    for witness in Witness:
        skills = Skills({"m": 0.5})
        skills.learn(outcome(1.0, witness=witness))
        means.append(skills.posterior("math", "m").mean)
    assert means == sorted(means, reverse=True)
    assert means[-1] > 0.5


def test_a_changed_model_begins_anew() -> None:
    skills = Skills({"m": 0.5})
    skills.learn(outcome(1.0))
    skills.forget("m")
    assert skills.posterior("math", "m").mean == 0.5
    assert list(skills.table()) == []


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from(["math", "code"])), max_size=30))
def test_posteriors_are_probabilities(history: list[tuple[float, str]]) -> None:
    skills = Skills()
    for right, family in history:
        skills.learn(outcome(right, family))
    for family in ("math", "code", "chat"):
        found = skills.posterior(family, "m")
        low, high = found.interval()
        assert 0 <= low <= found.mean <= high <= 1


def test_everybody_is_tried_now_and_then_and_the_best_most() -> None:
    skills = Skills({"good": 0.9, "bad": 0.2})
    for _ in range(40):
        skills.learn(outcome(1.0, model="good"))
        skills.learn(outcome(0.0, model="bad"))
    shares = skills.propensities("math", {"good": 0.1, "bad": 0.0}, Random(0))
    assert abs(sum(shares.values()) - 1) < 1e-9
    assert shares["good"] > 0.9
    assert shares["bad"] >= FLOOR / 2
