"""Back-off, its reset, and quarantine, under a clock of our own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.restarts import BACKOFF_CAP_S, Pace, Restarts


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def restarts(clock: Clock, jitter: float = 0.5) -> Restarts:
    return Restarts(Pace(clock=clock, jitter=lambda: jitter))


def test_the_first_start_waits_for_nothing() -> None:
    assert restarts(Clock()).delay() == 0.0


def test_delays_double_up_to_the_cap() -> None:
    clock = Clock()
    record = restarts(clock)
    delays = []
    for _ in range(9):
        record.crashed()
        delays.append(record.delay())
        clock.now += 200
    assert delays == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_a_delay_is_positive_and_capped_whatever_the_jitter(jitters: list[float]) -> None:
    clock = Clock()
    record = Restarts(Pace(clock=clock, jitter=iter(jitters).__next__))
    for _ in jitters:
        record.crashed()
        assert 0 < record.delay() <= BACKOFF_CAP_S


@pytest.mark.parametrize(("jitter", "delay"), [(0.0, 0.375), (1.0, 0.625)])
def test_jitter_moves_a_delay_by_a_quarter(jitter: float, delay: float) -> None:
    record = restarts(Clock(), jitter)
    record.crashed()
    assert record.delay() == pytest.approx(delay)


def test_time_that_passes_anyway_counts() -> None:
    clock = Clock()
    record = restarts(clock)
    record.crashed()
    clock.now += 0.3
    assert record.delay() == pytest.approx(0.2)
    clock.now += 1
    assert record.delay() == 0.0


def test_the_third_crash_in_five_minutes_is_too_many() -> None:
    clock = Clock()
    record = restarts(clock)
    assert not record.crashed()
    clock.now += 100
    assert not record.crashed()
    clock.now += 200
    assert record.crashed()


def test_rare_crashes_are_borne() -> None:
    clock = Clock()
    record = restarts(clock)
    for _ in range(10):
        assert not record.crashed()
        clock.now += 151


def test_five_healthy_minutes_wipe_the_slate() -> None:
    clock = Clock()
    record = restarts(clock)
    record.crashed()
    record.crashed()
    record.ready()
    clock.now += 300
    assert not record.crashed()
    assert record.delay() == 0.5


def test_less_than_five_healthy_minutes_do_not() -> None:
    clock = Clock()
    record = restarts(clock)
    record.crashed()
    record.ready()
    clock.now += 299
    record.crashed()
    assert record.delay() == 1.0


def test_forgiving_forgets() -> None:
    record = restarts(Clock())
    record.crashed()
    record.crashed()
    record.forgive()
    assert record.delay() == 0.0
    assert not record.crashed()
