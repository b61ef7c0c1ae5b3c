"""Answers and questions that were made to break or stall whoever looks at them."""

from math import inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.chat import ChatMessage
from app.domain.routing import FAMILIES, OutcomeRecord, Witness
from app.orchestration.escalation import Cause
from app.orchestration.gate import validators
from app.orchestration.gate.forms import LONGEST
from app.orchestration.gate.gate import Answer, Asked, Gate
from app.orchestration.gate.validators import Check, validated
from app.orchestration.question import Question

N = 100_000
TEXTS = {
    "ten megabytes of JSON": "[" + "1, " * 3_400_000 + "1]",
    "brackets": "[" * N,
    "nested JSON": '{"a":' * (N // 5) + "1" + "}" * (N // 5),
    "one number": "9" * N,
    "a sum": "1+" * (N // 2) + "=1",
    "brackets of a sum": "(1+" * (N // 3) + "=1",
    "equations": "1=1" * (N // 3),
    "commas": "1," * (N // 2),
    "spaces": "1 +" + " " * N + "2 = 3",
    "lines": "\n" * N,
    "words": "a, " * (N // 3),
    "quotations": '"aaa bbb ccc" ' * (N // 14),
    "fences": "```\n" * (N // 4),
    "a tower of powers": "9**9**9 = 3",
    "a tower of powers in code": "```python\nx = 9**9**9**9\n```",
    "a long string in code": "```python\nx = 'a' * 10**12\n```",
    "minus signs in code": "```python\nx = " + "-" * 90_000 + "1\n```",
    "a chain in code": "```python\nx = a" + ".a" * 45_000 + "\n```",
    "deep code": "```python\n" + "".join(" " * at + "if a:\n" for at in range(300)) + "```",
    "half letters": "\ud800" * 1000,
    "other scripts": "\u202e\U0001f600" * 5000,
    "zeros": "\x00" * 1000,
}
QUESTIONS = (
    "Write JSON and a Python function please",
    f"Sort these words by length: {'fig, ' * 300}pear",
    "How many letters are in the word fig? Explain in at most 5 words.",
    "Quote the sentence and reverse the word apple",
)


def asked(text: str, *before: str) -> Question:
    thread = [ChatMessage(role="user", content=each or " ") for each in (*before, text)]
    return Question(text, tuple(thread))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_no_answer_stalls_the_gate(text: str) -> None:
    for question in QUESTIONS:
        for family in ("document", "structured"):
            whole = Asked(asked(question, "the mill has 3 floors " * 500), family)
            found = Gate().judge(whole, Answer(text, (nan, -inf, 5.0), (inf,), "stop"), "m", 0.5)
            assert found.probability is not None
            assert 0 <= found.probability <= 1


@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_no_question_stalls_the_gate(text: str) -> None:
    question = asked(text[:LONGEST])
    for answer in ("The answer is 3.", 'It says "a b c d e" and fig, apple.'):
        assert Gate().judge(Asked(question, "words"), Answer(answer), "m", 0.5).cause


def test_what_is_too_long_is_not_judged_by_its_beginning() -> None:
    long = f"[{'1, ' * LONGEST}1]"
    assert validated(asked("Return JSON"), "structured", long).cause is None


def test_a_check_that_breaks_has_no_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_question: Question, _answer: str) -> tuple[int, str]:
        raise ZeroDivisionError

    checks: dict[str, Check] = {"broken": broken, "fences": validators.CHECKS["fences"]}
    monkeypatch.setattr(validators, "CHECKS", checks)
    found = Gate().judge(Asked(asked("x"), "other"), Answer("```\na"), "m", 0.5)
    assert found.cause is Cause.MALFORMED
    assert found.validators == {"fences": -1}


ODD = st.floats(allow_nan=True, allow_infinity=True)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(ODD, max_size=90),
    st.lists(ODD, max_size=90),
    st.sampled_from(FAMILIES),
    st.floats(0, 1),
    st.text(max_size=80),
)
def test_first_words_can_be_anything(
    logprobs: list[float], margins: list[float], family: str, prior: float, text: str
) -> None:
    answer = Answer(text, tuple(logprobs), tuple(margins))
    found = Gate().early(Asked(asked("x"), family), answer, "m", prior)
    assert found.probability is not None
    assert 0 <= found.probability <= 1
    assert not found.abort


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.builds(
            OutcomeRecord,
            at=st.just(0.0),
            model_id=st.sampled_from(["a", "b"]),
            family=st.sampled_from([*FAMILIES, "unheard-of"]),
            right=st.floats(0, 1),
            witness=st.sampled_from(Witness),
            source=st.just("audit"),
            question=st.text(max_size=2),
            propensity=st.floats(0.01, 1),
            signals=st.dictionaries(
                st.sampled_from(["mean", "least", "scored", "mean@16", "prior", "odd"]),
                st.floats(-50, 50),
            ),
            validators=st.dictionaries(st.text(max_size=5), st.integers(-1, 1), max_size=2),
        ),
        max_size=80,
    )
)
def test_any_history_can_be_learned_from(history: list[OutcomeRecord]) -> None:
    gate = Gate()
    gate.refit(history)
    found = gate.judge(Asked(asked("x"), "chat"), Answer("Yes.", (-0.1,) * 20), "a", 0.5)
    assert found.probability is not None
    assert 0 < found.probability < 1
    assert all(row.passed <= 1 for row in gate.report())


@pytest.mark.parametrize("value", [nan, inf, -inf, 1e300])
def test_rows_that_hold_no_signals_are_left_out(value: float) -> None:
    row = OutcomeRecord(
        at=0.0,
        model_id="m",
        family="chat",
        right=1.0,
        witness=Witness.VALIDATOR,
        source="probe",
        propensity=1e-300,
        signals={"mean": value},
    )
    gate = Gate()
    gate.refit([row, row.model_copy(update={"signals": {"mean": -0.5}})])
    assert gate.count("m") == 1


def test_a_wrong_equation_of_the_question_may_be_repeated() -> None:
    question = asked("Why is 2 + 2 = 5 not true?")
    assert validated(question, "math", "2 + 2 = 5 is not true: 2 + 2 = 4.").verdicts == {
        "equations": 1
    }
    assert validated(question, "math", "Because 2 + 2 = 6.").cause is Cause.WRONG
