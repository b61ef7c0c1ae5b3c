"""The curve of item response: what it expects, and that it is found again in what it makes."""

import gzip
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.simulator import trace
from benchmarks.simulator.curves import Curve
from benchmarks.simulator.trace import Table

CURVE = Curve(0.1, 3.0, 0.15)


@given(st.floats(0.15, 0.97))
def test_an_ability_leads_to_its_share(share: float) -> None:
    assert CURVE.mean(CURVE.ability(share)) == pytest.approx(share, abs=1e-6)


@given(st.floats(-3, 3), st.floats(-3, 3))
def test_shares_of_two_models_fit_together(one: float, other: float) -> None:
    both = CURVE.both(one, other)
    assert both <= min(CURVE.mean(one), CURVE.mean(other)) + 1e-9
    # Difficulty is shared: together right more often than by chance alone.
    assert both >= CURVE.mean(one) * CURVE.mean(other) - 1e-9


def test_luck_of_their_own_lets_the_weak_be_right_alone() -> None:
    calm, lucky = Curve(0.0, 3.0, 0.0), Curve(0.0, 3.0, 1.0)
    assert calm.only(0.0, 1.0) < lucky.only(0.0, 1.0)


def test_a_curve_is_found_again_in_its_own_answers() -> None:
    random, made = Random(5), Curve(0.1, 3.0, 0.15)
    tables = []
    for weak in (-0.3, 0.2, 0.8, 1.2):
        table = Table()
        for _ in range(2000):
            difficulty = random.gauss(0, 1)
            right = [
                random.random() < made.chance(each - difficulty + 0.15 * random.gauss(0, 1))
                for each in (weak, weak + 0.6)
            ]
            cell = ("none", "strong", "weak", "both")[2 * right[0] + right[1]]
            setattr(table, cell, getattr(table, cell) + 1)
        tables.append(table)
    fit = trace.fit(tables)
    seen, expected = fit.only_weak
    assert expected == pytest.approx(seen, abs=0.01)
    assert len(fit.abilities) == trace.GRADES
    assert fit.questions == 8000
    for (weak, strong), truth in zip(fit.abilities, (1.2, 0.8, 0.2, -0.3), strict=True):
        assert strong > weak
        assert weak == pytest.approx(truth, abs=0.35)


@pytest.mark.parametrize("name", ["trace.csv", "trace.csv.gz"])
def test_a_trace_is_read_plain_and_compressed(name: str, tmp_path: Path) -> None:
    text = (
        b"subject,prompt,weak_correct,strong_correct\n"
        b'law,"one, two",1,1\nlaw,x,0,1\nart,"three\nlines",1,0\nart,x,0,0\n'
    )
    path = tmp_path / name
    path.write_bytes(gzip.compress(text) if name.endswith("gz") else text)
    assert trace.read(path) == {"law": Table(strong=1, both=1), "art": Table(none=1, weak=1)}
