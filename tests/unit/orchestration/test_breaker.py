"""Who breaks again and again is left alone, and gets another chance."""

from app.orchestration.breaker import FAULTS, LONGEST_S, PAUSE_S, TRY_S, WITHIN_S, Breaker


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def broken(clock: Clock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAULTS):
        breaker.failed("m")
    return breaker


def test_a_single_fault_is_forgiven() -> None:
    breaker = Breaker(Clock())
    breaker.failed("m")
    assert breaker.why_not("m") == ""


def test_faults_far_apart_are_forgiven() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(2 * FAULTS):
        breaker.failed("m")
        clock.now += WITHIN_S
    assert breaker.why_not("m") == ""


def test_several_in_a_row_mean_a_pause_with_its_reason() -> None:
    clock = Clock()
    breaker = broken(clock)
    assert "tried again in 30 s" in breaker.why_not("m")
    assert breaker.open().keys() == {"m"}
    assert breaker.why_not("other") == ""


def test_after_the_pause_one_try_decides() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.now += PAUSE_S
    assert breaker.why_not("m") == ""
    breaker.asked("m")
    assert breaker.why_not("m") == "it is being tried again"
    breaker.failed("m")
    assert "in 60 s" in breaker.why_not("m")
    clock.now += 2 * PAUSE_S
    breaker.asked("m")
    breaker.succeeded("m")
    assert breaker.why_not("m") == ""


def test_pauses_grow_and_have_an_end() -> None:
    clock = Clock()
    breaker = broken(clock)
    for _ in range(12):
        clock.now += LONGEST_S
        breaker.asked("m")
        breaker.failed("m")
    assert f"in {LONGEST_S:.0f} s" in breaker.why_not("m")


def test_a_clock_that_jumps_keeps_nobody_away() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.now -= 1e9
    assert breaker.why_not("m") == ""


def test_a_try_that_nobody_heard_of_again_is_forgotten() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.now += PAUSE_S
    breaker.asked("m")
    assert breaker.why_not("m") == "it is being tried again"
    clock.now += TRY_S + 1
    assert breaker.why_not("m") == ""


def test_of_two_plans_at_the_same_moment_both_may_try_and_one_success_is_enough() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.now += PAUSE_S
    assert [breaker.why_not("m"), breaker.why_not("m")] == ["", ""]
    breaker.asked("m")
    breaker.asked("m")
    breaker.failed("m")
    breaker.succeeded("m")
    assert breaker.why_not("m") == ""
