"""Back-off, the speed limit and the rate that is shown."""

import pytest

from app.models.downloads.meter import Meter
from app.models.downloads.patience import Pace, Throttle


def test_waits_double_up_to_a_minute_and_a_wish_counts() -> None:
    pace = Pace(jitter=lambda: 0.5)
    assert [pace.back_off(tries, None) for tries in (0, 1, 2, 6, 99)] == [1, 2, 4, 60, 60]
    assert pace.back_off(0, 30.0) == 30
    assert pace.back_off(0, 1e9) == 600
    assert Pace(jitter=lambda: 0.0).back_off(2, None) == 3
    assert Pace(jitter=lambda: 1.0).back_off(2, None) == 5


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def test_a_limit_holds_on_average_and_lets_a_burst_through() -> None:
    clock = Clock()
    throttle = Throttle(Pace(clock=clock, sleep=clock.sleep), 1000.0)
    for _ in range(100):
        await throttle.take(100)
    assert clock.now - 100 == pytest.approx(10.0, abs=0.3)
    clock.now += 60  # a pause saves up no more than a burst
    before = clock.now
    for _ in range(20):
        await throttle.take(100)
    assert clock.now - before == pytest.approx(2.0, abs=0.3)


async def test_without_a_limit_nobody_waits() -> None:
    clock = Clock()
    throttle = Throttle(Pace(clock=clock, sleep=clock.sleep))
    await throttle.take(10**12)
    throttle.limit(1.0)
    throttle.limit(None)
    await throttle.take(10**12)
    assert clock.now == 100


def test_a_standstill_shows_as_one() -> None:
    assert Meter().rate is None
    meter = Meter(window_s=5)
    for second in range(10):
        meter.note(second, 100 * second)
    assert (meter.rate, meter.eta(1000)) == (100, 10)
    for second in range(10, 30):
        meter.note(second, 900)
    assert (meter.rate, meter.eta(1000)) == (0, None)


def test_a_count_that_falls_begins_anew() -> None:
    meter = Meter()
    meter.note(0, 1000)
    meter.note(1, 0)
    meter.note(2, 50)
    assert meter.rate == 50
