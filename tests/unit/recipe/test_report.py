"""The arithmetic of the evaluation, and what it says about a family of models."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.models.recipe import calibrate
from resources.models.recipe.checks import checks
from resources.models.recipe.figures import Share, auroc, calibration_error, reliability
from resources.models.recipe.outcomes import Outcome
from resources.models.recipe.plans import PLANS


def _outcome(family: str, grade: int, number: int, *, right: bool, mean: float) -> Outcome:
    return Outcome(
        family, grade, number, right, 5, mean, mean, 5 * mean, mean, 0.1, 0.2, 0.5, True, "x"
    )


def _some(rights: int, of: int = 10, sure: float = -0.1) -> list[Outcome]:
    return [
        _outcome("add", grade, at, right=at < rights, mean=sure if at < rights else -1.0)
        for grade in (1, 2)
        for at in range(of)
    ]


@given(st.integers(0, 50), st.integers(1, 50))
def test_an_interval_holds_its_share(part: int, whole: int) -> None:
    share = Share(min(part, whole), whole)
    low, high = share.interval
    assert 0 <= low <= share.value + 1e-9
    assert share.value - 1e-9 <= high <= 1


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=2, max_size=40))
def test_separation_counts_pairs(scored: list[tuple[int, bool]]) -> None:
    good = [score for score, right in scored if right]
    bad = [score for score, right in scored if not right]
    if not good or not bad:
        return
    above = sum((g > b) + 0.5 * (g == b) for g in good for b in bad)
    scores, right = zip(*scored, strict=True)
    assert auroc(scores, right) == pytest.approx(above / len(good) / len(bad))


def test_a_model_as_sure_as_it_is_right_has_no_calibration_error() -> None:
    sure = [0.75] * 4
    assert calibration_error(reliability(sure, [True, True, True, False])) == 0


def test_demands_are_judged_one_by_one() -> None:
    results = {"draft": _some(2), "front": _some(5), "worker": _some(7), "architect": _some(8)}
    held = {check.what.split(":")[0]: check.holds for check in checks(results)}
    assert held["front"]
    assert held["architect"]
    assert held[
        "accuracy rises from draft to front to worker to architect in at least 80 % of the cells"
    ]
    assert held["in every family at least two grades where the best is below 90 %"]
    weaker = [check for check in checks(results) if check.what.startswith("only the weaker")]
    assert [check.holds for check in weaker] == [False] * 3


def test_every_second_question_goes_into_the_calibration_file(tmp_path: Path) -> None:
    path = tmp_path / "front.calibration.json"
    calibrate.write("front", _some(5), path)
    data = json.loads(path.read_text("utf-8"))
    assert data["model"] == "front"
    assert data["all"]["count"] == 10
    assert data["families"]["add"]["right"] == 6
    assert sum(count for count, _ in data["all"]["mean"]["bins"]) == 10


def test_plans_name_their_limits_and_windows() -> None:
    assert PLANS["coder"].begins_as == "worker"
    for name, plan in PLANS.items():
        assert plan.shape.parameters * 1.07 < plan.limit, name
        assert plan.shape.width % plan.shape.heads == 0
        assert plan.share(0) < plan.share(plan.falls_at) == 1.0
        assert plan.share(plan.steps - 1) < 0.01
