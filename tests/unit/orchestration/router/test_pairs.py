"""What one model still knows where another was wrong."""

import pytest

from app.domain.routing import OutcomeRecord, Witness
from app.orchestration.router.pairs import KEPT, USUAL, Pairs
from app.orchestration.router.planner import Candidate, choices


def judged(
    model: str,
    question: str,
    right: float,
    witness: Witness = Witness.VALIDATOR,
    family: str = "facts",
) -> OutcomeRecord:
    return OutcomeRecord(
        at=0,
        model_id=model,
        family=family,
        right=right,
        witness=witness,
        source="probe",
        question=question,
    )


def seen(pairs: Pairs, lower: str, upper: str, copies: int) -> None:
    for copy in range(copies):
        for at, (one, other) in enumerate(zip(lower, upper, strict=True)):
            pairs.learn(judged("small", f"{copy} {at}", float(one)))
            pairs.learn(judged("large", f"{copy} {at}", float(other)))


def test_before_anything_was_seen_the_usual_holds() -> None:
    assert Pairs().kept("large", "small", family="facts") == pytest.approx(USUAL)


def test_who_fails_where_the_other_fails_keeps_nothing() -> None:
    pairs = Pairs()
    seen(pairs, "1100", "1100", 100)
    assert pairs.kept("large", "small", family="facts") < 0.1
    assert pairs.kept("small", "large", family="facts") < 0.1


def test_who_fails_elsewhere_keeps_everything() -> None:
    pairs = Pairs()
    seen(pairs, "1100", "0111", 100)
    assert pairs.kept("large", "small", family="facts") == 1.0


def test_kinds_of_tasks_differ_and_what_is_not_known_of_one_is_taken_from_all() -> None:
    pairs = Pairs()
    for at in range(100):
        for family, larger in (("math", 1.0), ("words", float(at % 2))):
            pairs.learn(judged("small", f"{family} {at}", float(at % 2), family=family))
            pairs.learn(judged("large", f"{family} {at}", larger, family=family))
    same = pairs.kept("large", "small", family="words")
    better, other = (pairs.kept("large", "small", family=each) for each in ("math", "chat"))
    assert same < 0.2 < other < 0.8 < better


def test_a_question_counts_once_and_clicks_do_not() -> None:
    pairs, once = Pairs(), Pairs()
    seen(once, "1010", "1110", 1)
    for _ in range(5):
        seen(pairs, "1010", "1110", 1)
    pairs.learn(judged("other", "0 0", 1.0, Witness.BEHAVIOUR))
    assert pairs.kept("large", "small", family="facts") == once.kept(
        "large", "small", family="facts"
    )
    assert pairs.kept("other", "small", family="facts") == pytest.approx(USUAL)


def test_a_model_that_changed_is_forgotten_and_memory_is_bounded() -> None:
    pairs = Pairs()
    seen(pairs, "1100", "1100", KEPT // 2)
    assert len(pairs._questions) == KEPT
    pairs.forget("small")
    assert pairs.kept("large", "small", family="facts") == pytest.approx(USUAL)


def test_chances_behind_another_model_fit_together() -> None:
    lower, upper = Candidate("a", 0.6, 1.0), Candidate("b", 0.8, 4.0, kept=lambda _: 0.7)
    right, wrong = upper.behind(lower)
    assert wrong == pytest.approx(0.56)
    assert 0.6 * right + 0.4 * wrong == pytest.approx(0.8)


def test_nobody_stands_behind_a_model_that_fails_on_the_same() -> None:
    def worth(kept: float) -> float:
        lower, upper = Candidate("a", 0.5, 1.0), Candidate("b", 0.9, 4.0, kept=lambda _: kept)
        return next(each.worth for each in choices([lower, upper], 0.1) if each.start == "a")

    assert worth(0.2) < worth(0.9)


def test_a_gate_that_stops_right_answers_makes_a_start_worth_less() -> None:
    def worth(of_right: float) -> float:
        lower = Candidate("a", 0.8, 1.0, passing=lambda _: (of_right, 0.05))
        found = choices([lower, Candidate("b", 0.9, 4.0)], 0.1)
        return next(each.worth for each in found if each.start == "a")

    assert worth(0.2) < worth(0.9)
