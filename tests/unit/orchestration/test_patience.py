"""Timers of an attempt: what is waited for, and what it means when it does not come."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.models import Timeouts
from app.orchestration.escalation import Cause
from app.orchestration.patience import Limit, Patience

REGISTRY = Timeouts(load_s=100, first_token_s=60, stall_s=30, total_s=600)
QUICK = Timeouts(load_s=10, first_token_s=8, stall_s=5, total_s=40)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def patience(learned: Timeouts = REGISTRY) -> tuple[Patience, Clock]:
    clock = Clock()
    timers = Patience(REGISTRY, learned, clock)
    timers.start()
    return timers, clock


def test_without_learned_deadlines_only_silence_counts() -> None:
    timers, clock = patience()
    assert timers.limit() == Limit(60, Cause.STALLED, dead=True)
    clock.now += 50  # signs of life came meanwhile
    assert timers.limit() == Limit(60, Cause.STALLED, dead=True)
    timers.has_text = True
    assert timers.limit() == Limit(30, Cause.STALLED, dead=True)


def test_the_whole_has_an_end() -> None:
    timers, clock = patience()
    clock.now += 595
    assert timers.limit() == Limit(5, Cause.SLOW_ANSWER)


def test_a_learned_deadline_says_what_was_slow_and_is_no_death() -> None:
    timers, clock = patience(QUICK)
    assert timers.limit() == Limit(8, Cause.SLOW_READING)
    timers.has_text = True
    assert timers.limit() == Limit(5, Cause.STALLED)
    clock.now += 38
    assert timers.limit() == Limit(2, Cause.SLOW_ANSWER)


@given(
    st.floats(-1e6, 1e6),
    st.booleans(),
    st.sampled_from([REGISTRY, QUICK]),
)
def test_whatever_the_clock_does_the_wait_is_positive_and_bounded(
    jump: float, has_text: bool, learned: Timeouts
) -> None:
    timers, clock = patience(learned)
    clock.now += jump
    timers.has_text = has_text
    assert 0 < timers.limit().seconds <= REGISTRY.first_token_s
