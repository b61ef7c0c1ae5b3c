"""The gate: what it says of answers before and after it has learned, and that nothing breaks it."""

import random
from math import isnan, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.chat import ChatMessage
from app.domain.doctor import Condition
from app.domain.routing import FAMILIES, Group, OutcomeRecord, Witness
from app.orchestration.escalation import Cause
from app.orchestration.gate.early import LOST
from app.orchestration.gate.gate import Answer, Asked, Gate, Judgement
from app.orchestration.gate.signals import early_signals, signals
from app.orchestration.gate.thresholds import binomial_cdf
from app.orchestration.question import Question

SURE = (-0.01,) * 20
UNSURE = (-1.5,) * 20


def asked(text: str, family: str = "other", required: float = 0.0) -> Asked:
    message = ChatMessage(role="user", content=text or "x")
    return Asked(Question(text, (message,)), family, required=required)


def judge(
    gate: Gate, question: str, answer: Answer, prior: float = 0.5, required: float = 0.0
) -> Judgement:
    return gate.judge(asked(question, required=required), answer, "m", prior)


def outcome(mean: float, *, right: bool, family: str, tokens: int = 10) -> OutcomeRecord:
    """An answer whose mean log-probability tells a little."""
    values = signals([mean] * tokens, [], {}, prior=0.5, refused=False)
    values |= early_signals([mean] * tokens, [])
    return OutcomeRecord(
        at=0.0,
        model_id="m",
        family=family,
        right=float(right),
        witness=Witness.VALIDATOR,
        source="probe",
        signals=values,
    )


def history(count: int, family: str = "chat", tokens: int = 10) -> list[OutcomeRecord]:
    dice = random.Random(0)
    means = [-2 * dice.random() for _ in range(count)]
    return [
        outcome(mean, right=dice.random() < 1 + mean / 2, family=family, tokens=tokens)
        for mean in means
    ]


def test_before_any_evidence_sure_answers_pass_and_nothing_is_promised() -> None:
    found = judge(Gate(), "What?", Answer("Tokyo.", SURE), 0.6)
    assert (found.cause, found.promise) == (Cause.PASSED, False)
    found = judge(Gate(), "What?", Answer("Tokyo.", UNSURE), 0.6)
    assert found.cause is Cause.DOUBTFUL


def test_what_is_proven_needs_no_confidence() -> None:
    found = judge(Gate(), "What is 12 + 7?", Answer("19", UNSURE))
    assert (found.cause, found.probability, found.proven) == (Cause.PASSED, 1.0, 1.0)
    found = judge(Gate(), "What is 12 + 7?", Answer("20", SURE))
    assert (found.cause, found.probability, found.proven) == (Cause.WRONG, 0.0, 0.0)


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (Answer(""), Cause.EMPTY),
        (Answer("Once upon a", SURE, finish_reason="length"), Cause.CUT_OFF),
        (Answer("I'm sorry, but I can't help with that.", SURE), Cause.REFUSED),
        (Answer("```python\ndef f(:\n```", SURE), Cause.MALFORMED),
        (Answer("2 + 2 = 5", SURE), Cause.WRONG),
    ],
)
def test_faults_come_before_confidence(answer: Answer, cause: Cause) -> None:
    assert judge(Gate(), "What?", answer, 0.9).cause is cause


def test_what_the_plan_requires_counts_too() -> None:
    sure = Answer("Tokyo.", SURE)
    assert judge(Gate(), "What?", sure, 0.5, required=0.99).cause is Cause.DOUBTFUL


def test_with_evidence_probabilities_are_calibrated_and_a_promise_is_kept() -> None:
    gate = Gate()
    gate.refit(history(600))
    dice = random.Random(1)
    wrong = passed = 0
    for _ in range(2000):
        mean = -2 * dice.random()
        right = dice.random() < 1 + mean / 2
        found = gate.judge(asked("x", "chat"), Answer("a b", (mean,) * 10), "m", 0.5)
        assert found.probability is not None
        assert abs(found.probability - (1 + mean / 2)) < 0.25
        assert found.promise
        passed += found.cause is Cause.PASSED
        wrong += found.cause is Cause.PASSED and not right
    assert passed > 0
    # Wrong ones that passed are at most 10 % of all, up to the luck of 2000 draws.
    assert binomial_cdf(2000 - wrong, 2000, 0.9) > 0.001


def test_evidence_of_one_model_says_nothing_of_another_and_can_be_forgotten() -> None:
    gate = Gate()
    gate.refit(history(100))
    assert (gate.count("m"), gate.count("other")) == (100, 0)
    gate.forget("m")
    assert gate.count("m") == 0
    assert gate.standings() == ()


def test_clicks_move_no_threshold() -> None:
    gate = Gate()
    for row in history(50):
        gate.learn(row.model_copy(update={"witness": Witness.BEHAVIOUR}))
    gate.refit()
    assert gate.count("m") == 0


def test_it_says_when_it_wants_to_fit_again() -> None:
    gate = Gate()
    for at, row in enumerate(history(30)):
        assert gate.is_stale == (at >= 25)
        gate.learn(row)
    gate.refit()
    assert not gate.is_stale


def test_first_words() -> None:
    gate = Gate()
    assert gate.early(asked("x"), Answer("a", SURE), "m", 0.6).release
    early = gate.early(asked("x"), Answer("a", (-6.0,) * 16), "m", 0.3)
    assert not early.release
    assert not early.abort  # nobody knows yet what this model's doubt is worth
    gate.refit(history(300, tokens=30))
    found = gate.early(asked("x", "chat"), Answer("a", (-6.0,) * 16), "m", 0.3)
    assert found.abort
    assert found.count == 300
    assert found.probability is not None
    assert found.probability < found.hopeless
    assert not gate.early(asked("x", "chat"), Answer("a", SURE[:16]), "m", 0.3).abort
    # Of ten tokens nothing was learned, and of another model neither.
    assert not gate.early(asked("x", "chat"), Answer("a", (-6.0,) * 10), "m", 0.3).abort
    assert not gate.early(asked("x", "chat"), Answer("a", (-6.0,) * 16), "other", 0.3).abort


def test_few_right_answers_are_given_up() -> None:
    gate = Gate()
    gate.refit(history(400, tokens=30))
    dice = random.Random(3)
    lost = 0
    for _ in range(1000):
        mean = -2 * dice.random()
        early = gate.early(asked("x", "chat"), Answer("a b", (mean,) * 16), "m", 0.5)
        lost += early.abort and dice.random() < 1 + mean / 2
    assert lost <= 1000 * LOST * 1.5


def test_the_doctor_hears_whether_anything_is_promised() -> None:
    gate = Gate()
    conditions = {each.name: each.condition for each in gate.mechanisms()}
    assert conditions["promise"] is Condition.OBSERVING
    gate.refit(history(600))
    conditions = {each.name: each.condition for each in gate.mechanisms()}
    assert conditions["promise"] is Condition.LIVE


def test_actions_need_more_than_there_is() -> None:
    gate = Gate()
    gate.refit(history(60, family="tools"))
    (standing,) = gate.standings()
    assert (standing.group, standing.promises) == (Group.ACTION, False)
    assert standing.needed == 114 - 60


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=120),
    st.text(max_size=300),
    st.lists(st.floats(allow_nan=True), max_size=20),
    st.sampled_from(FAMILIES),
    st.sampled_from(["stop", "length", "loop", ""]),
    st.floats(0, 1),
)
def test_nothing_an_answer_holds_breaks_the_gate(
    question: str, text: str, logprobs: list[float], family: str, reason: str, prior: float
) -> None:
    answer = Answer(text, tuple(logprobs), (nan,) * len(logprobs), reason, len(logprobs))
    found = Gate().judge(asked(question, family), answer, "m", prior)
    assert found.probability is not None
    assert 0 <= found.probability <= 1
    assert not any(isnan(value) for value in found.signals.values())
