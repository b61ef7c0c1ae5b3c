"""Baselines and regret, computed by hand on a few rows."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulator import regret
from benchmarks.simulator.baselines import Yard, always, cascade, oracle
from benchmarks.simulator.rows import Row, Run, Seen

SECONDS = {"front": 1.0, "worker": 4.0, "architect": 12.0}
SEEN = Seen(right=False, share=0.5, seconds=1.0, sure=0.5, probability=0.5, passes=True)
ROW = Row(
    number=0,
    epoch=0,
    kind="add",
    grade=1,
    family="math",
    start="front",
    role="front",
    right=True,
    seconds=1.0,
    late=False,
    feasible=True,
    withdrawn=0,
    replays=0,
    gains={"front": 0.5, "worker": 0.7, "architect": 0.6},
    seen={},
)


def row(right: str, sure: float, **changes: object) -> Row:
    """Return a row on which the roles with their initials in `right` are right."""
    seen = {
        name: replace(SEEN, right=name[0] in right, seconds=seconds, sure=sure)
        for name, seconds in SECONDS.items()
    }
    return replace(ROW, seen=seen, **changes)  # type: ignore[arg-type]


def free(_row: Row, _seconds: float) -> float:
    return 0.0


EASY, HARD = row("fwa", 0.9), row("a", 0.3)


def test_single_roles_chains_and_the_oracle() -> None:
    assert always("worker")(HARD) == (False, 4.0)
    climb = cascade(("front", "architect"), lambda seen: seen.sure > 0.5)
    assert climb(EASY) == (True, 1.0)
    assert climb(HARD) == (True, 13.0)
    assert oracle(EASY) == (True, 1.0)
    assert oracle(HARD) == (True, 12.0)
    assert oracle(row("", 0.5)) == (False, 1.0)


def test_what_is_tuned_is_tuned_on_the_other_half() -> None:
    yard = Yard([EASY, EASY, HARD, HARD] * 20, free)
    scores = {each.name: each for each in yard.all()}
    assert scores["always architect"].right == 1.0
    assert scores["always front"].right == 0.5
    assert scores["best fixed cascade"].right == 1.0
    assert scores["oracle of outcomes"].right == 1.0
    assert scores["oracle of outcomes"].seconds == 6.5
    assert scores["Echelon"].seconds == 1.0


def test_a_mix_lies_on_the_line_between_two_roles() -> None:
    slow = [replace(each, seconds=6.5) for each in (EASY, EASY, HARD, HARD) * 10]
    mix = next(each for each in Yard(slow, free).all() if each.name.startswith("random mix"))
    assert mix.seconds == 6.5
    assert mix.right == pytest.approx(0.75)


def run_of(starts: list[str]) -> Run:
    rows = [replace(ROW, number=at, start=start) for at, start in enumerate(starts)]
    return Run(1, rows=rows)


def test_regret_is_what_the_best_start_of_the_family_is_worth_more() -> None:
    run = run_of(["front", "worker", "architect"])
    best = regret.best_starts([run])
    assert best == {(0, "math"): "worker"}
    assert regret.losses(run, best) == pytest.approx([0.2, 0.0, 0.1])


def test_recovery_counts_requests_until_the_next_hundred_lose_no_more_than_before() -> None:
    curve = np.array([0.01] * 300 + [0.2] * 40 + [0.01] * 400)
    noise = np.tile([0.001, -0.001], 370)
    found = regret.recovery([curve + noise, curve - noise], 300, settled=200)
    assert found.steady.mean == pytest.approx(0.01)
    assert found.after is not None
    assert 35 <= found.after <= 40
    assert found.first.mean == pytest.approx(0.086)
    never = regret.recovery(
        [np.where(curve > 0.1, 0.2, curve + 0.1 * (np.arange(740) > 300))], 300, settled=200
    )
    assert never.after is None
