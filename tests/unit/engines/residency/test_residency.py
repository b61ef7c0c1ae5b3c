"""Who is in memory: room is made, kept and given back; waiting is fair and ends."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from app.domain.errors import AppError, EngineStartFailed, MemoryShort
from app.engines.residency.residency import Rules
from app.platform.memory import Memory
from tests.fakes.virtual_time import run
from tests.unit.engines.residency.memory_house import GB, House, Kind, housed, lru_loads

TWO = {"a": Kind(6 * GB), "b": Kind(6 * GB)}
Script = Callable[[House], Awaitable[None]]


def in_house(
    script: Script, kinds: dict[str, Kind] = TWO, budget: int = 10 * GB, rules: Rules | None = None
) -> None:
    async def work() -> None:
        async with housed(kinds, budget, rules=rules) as house:
            await script(house)
            assert not house.servers.loading

    run(work())


def test_a_model_comes_when_it_is_wanted_and_stays() -> None:
    async def script(house: House) -> None:
        assert house.promised == 0
        assert await house.turn("a") == 5.0
        assert await house.turn("a") == 0.0
        assert house.there == {"a"}
        assert house.servers.loads == {"a": 1}
        assert house.sizes.noted == ["a"]

    in_house(script)


def test_many_turns_share_one_load_and_hear_its_progress() -> None:
    async def script(house: House) -> None:
        heard: list[float] = []
        lease = house.residency.lease(house.role("a"), on_progress=heard.append)
        async with lease:
            pass
        await asyncio.gather(*(house.turn("a") for _ in range(5)))
        assert house.servers.loads["a"] == 1
        assert heard == [0.5, 1.0]

    in_house(script)


def test_an_idle_model_leaves_when_its_room_is_needed() -> None:
    async def script(house: House) -> None:
        await house.turn("a", 30)
        assert await house.turn("b") == 0.5 + 5.0
        assert house.there == {"b"}
        assert house.servers.stops == ["a"]
        assert house.most <= house.budget

    in_house(script)


def test_a_model_that_was_just_loaded_stays_as_long_as_its_load_took() -> None:
    async def script(house: House) -> None:
        await house.turn("a", 1)
        assert await house.turn("b", 1) == 4.0 + 0.5 + 5.0

    in_house(script)


def test_the_longest_minimum_is_a_setting() -> None:
    async def script(house: House) -> None:
        await house.turn("a", 1)
        assert await house.turn("b", 1) == 1.0 + 0.5 + 5.0

    in_house(script, rules=Rules(minimum_s=2.0))


def test_a_model_in_use_is_never_brought_out() -> None:
    async def script(house: House) -> None:
        long = asyncio.create_task(house.turn("a", 100))
        await asyncio.sleep(6)
        waited = await house.turn("b")
        assert long.done()
        assert waited == pytest.approx(99 + 0.5 + 5)
        await long

    in_house(script)


def test_who_has_waited_long_enough_is_not_kept_waiting_by_younger_turns() -> None:
    async def script(house: House) -> None:
        async def stream() -> None:
            for _ in range(100):
                busy.append(asyncio.create_task(house.turn("a", 2)))
                await asyncio.sleep(1)

        busy: list[asyncio.Task[float]] = []
        arrivals = asyncio.create_task(stream())
        await asyncio.sleep(10.5)
        waited = await house.turn("b")
        assert waited <= 30 + 2 + 0.5 + 5
        assert waited >= 30
        await arrivals
        await asyncio.gather(*busy)
        assert house.servers.loads == {"a": 2, "b": 1}

    in_house(script)


def test_a_small_model_passes_a_waiting_big_one_where_there_is_room() -> None:
    kinds = {**TWO, "small": Kind(2 * GB)}

    async def script(house: House) -> None:
        long = asyncio.create_task(house.turn("a", 25))
        await asyncio.sleep(6)
        big = asyncio.create_task(house.turn("b"))
        await asyncio.sleep(1)
        assert await house.turn("small") == 5.0
        assert not big.done()
        await long
        await big

    in_house(script, kinds)


@pytest.mark.parametrize("every_s", [0.3, 0.6], ids=["more than can be served", "busy"])
def test_two_hundred_alternating_turns_load_far_less_often_than_in_their_order(
    every_s: float,
) -> None:
    requests = ["a", "b"] * 100

    async def script(house: House) -> None:
        turns = []
        for name in requests:
            turns.append(asyncio.create_task(house.turn(name, 1.0)))
            await asyncio.sleep(every_s)
        waits = await asyncio.gather(*turns)
        assert len(lru_loads(requests, TWO, house.budget)) == 200
        assert house.servers.loads.total() <= 200 / 8
        # Nobody waits longer than a few changes take.
        assert max(waits) <= 120
        assert house.most <= house.budget

    in_house(script)


def test_skewed_turns_load_far_less_often_too() -> None:
    rng = random.Random(4)
    requests = rng.choices(["a", "b"], [4, 1], k=200)

    async def script(house: House) -> None:
        turns = []
        for name in requests:
            turns.append(asyncio.create_task(house.turn(name, 1.0)))
            await asyncio.sleep(rng.expovariate(1.2))
        waits = await asyncio.gather(*turns)
        assert house.servers.loads.total() <= len(lru_loads(requests, TWO, house.budget)) / 3
        assert max(waits) <= 120

    in_house(script)


def test_one_after_the_other_never_loads_more_often_than_the_order_demands() -> None:
    requests = ["a", "b"] * 20

    async def script(house: House) -> None:
        for name in requests:
            await house.turn(name, 10.0)
        assert house.servers.loads.total() == len(lru_loads(requests, TWO, house.budget))

    in_house(script)


def test_what_is_dear_to_load_and_often_wanted_stays_before_what_was_used_last() -> None:
    kinds = {
        "dear": Kind(5 * GB, 40.0),
        "middle": Kind(4 * GB, 8.0),
        "cheap": Kind(3 * GB, 2.0),
        "rare": Kind(4 * GB, 4.0),
    }
    requests = random.Random(7).choices(list(kinds), [4, 3, 3, 2], k=200)

    async def script(house: House) -> None:
        for name in requests:
            await house.turn(name, 10.0)
        loads = Counter(lru_loads(requests, kinds, house.budget))
        by_lru = sum(kinds[name].load_s * count for name, count in loads.items())
        ours = sum(kinds[name].load_s * count for name, count in house.servers.loads.items())
        assert ours <= 0.6 * by_lru

    in_house(script, kinds, 12 * GB)


def test_pinned_models_stay_and_others_share_the_rest() -> None:
    kinds = {"front": Kind(3 * GB), **TWO}

    async def script(house: House) -> None:
        await house.turn("front", 10)
        for name in ("a", "b", "a"):
            await house.turn(name, 10)
        assert "front" not in house.servers.stops
        assert house.servers.loads["front"] == 1

    in_house(script, kinds, rules=Rules(pinned=frozenset({"front"})))


def test_what_cannot_fit_is_refused_with_sizes_and_a_way_out() -> None:
    kinds = {"front": Kind(5 * GB), "huge": Kind(7 * GB)}

    async def script(house: House) -> None:
        await house.turn("front", 10)
        with pytest.raises(MemoryShort) as caught:
            await house.turn("huge")
        assert "huge needs 7.0 GB" in caught.value.message
        assert "5.0 GB of the memory budget" in caught.value.message
        assert "front stays in memory" in caught.value.message
        assert "--load-anyway" in caught.value.remedy
        assert house.there == {"front"}
        assert await house.turn("front") == 0.0

    in_house(script, kinds, rules=Rules(pinned=frozenset({"front"})))


def test_real_memory_counts_and_what_others_have_only_mapped_is_not_free() -> None:
    async def script(house: House) -> None:
        house.memory = Memory(20 * GB, 16 * GB)
        await house.turn("a", 10)
        # 6 GB are promised, of which the system still counts 5 as available.
        house.used = {house.servers.alive["a"].pid: 1 * GB}
        house.memory = Memory(20 * GB, 11 * GB)
        with pytest.raises(MemoryShort, match="of this computer's memory"):
            await house.turn("c", 10)
        await house.turn("b", 10)
        assert house.there == {"b"}

    in_house(script, {**TWO, "c": Kind(12 * GB)}, 0)


@pytest.mark.parametrize("by", ["turn", "rules", "model"])
def test_what_does_not_fit_is_loaded_anyway_when_somebody_says_so(by: str) -> None:
    kinds = {"front": Kind(5 * GB), "huge": Kind(70 * GB)}

    async def script(house: House) -> None:
        await house.turn("front", 10)
        role = house.role("huge")
        if by == "model":
            model = role.model.model_copy(update={"load_anyway": True})
            role = role.model_copy(update={"model": model})
        async with house.residency.lease(role, anyway=by == "turn"):
            assert house.there == {"huge"}, "others make room as far as they can"

    in_house(script, kinds, rules=Rules(anyway=by == "rules"))


def test_a_load_that_fails_gives_its_room_back() -> None:
    async def script(house: House) -> None:
        house.servers.broken.add("a")
        results = await asyncio.gather(*(house.turn("a") for _ in range(3)), return_exceptions=True)
        assert all(isinstance(each, EngineStartFailed) for each in results)
        assert len(set(map(id, results))) == 3
        assert house.promised == 0
        assert await house.turn("b") == 5.0

    in_house(script)


def test_a_crash_gives_the_room_back_to_who_waits() -> None:
    async def script(house: House) -> None:
        entered = asyncio.Event()

        async def user() -> None:
            async with house.residency.lease(house.role("a")):
                entered.set()
                await asyncio.sleep(1000)

        using = asyncio.create_task(user())
        await entered.wait()
        waiting = asyncio.create_task(house.turn("b"))
        await asyncio.sleep(1)
        house.servers.crash("a")
        assert await waiting == 1.0 + 5.0
        using.cancel()
        await asyncio.wait({using})
        assert house.there == {"b"}, "the end of the lease is of no place that is there"

    in_house(script)


def test_a_turn_that_gives_up_leaves_the_line_and_the_load_goes_on() -> None:
    async def script(house: House) -> None:
        first = asyncio.create_task(house.turn("a"))
        await asyncio.sleep(1)
        waiting = asyncio.create_task(house.turn("b"))
        await asyncio.sleep(1)
        waiting.cancel()
        first.cancel()
        await asyncio.wait({first, waiting})
        await asyncio.sleep(10)
        assert house.there == {"a"}
        assert await house.turn("a") == 0.0
        assert house.servers.loads == {"a": 1}

    in_house(script)


def test_a_stalled_engine_is_stopped_even_in_use() -> None:
    async def script(house: House) -> None:
        async with house.residency.lease(house.role("a")):
            await house.residency.stop("a")
            assert house.there == set()
        await house.residency.stop("a")
        assert await house.turn("a") == 5.0

    in_house(script)


def test_what_is_likely_next_is_loaded_meanwhile() -> None:
    async def script(house: House) -> None:
        with house.residency.expecting(house.role("b")):
            await asyncio.sleep(6)
            assert await house.turn("b") == 0.0

    in_house(script)


def test_what_nobody_expects_any_more_stops_loading() -> None:
    async def script(house: House) -> None:
        with house.residency.expecting(house.role("b")):
            await asyncio.sleep(1)
            assert house.servers.loading == {"b"}
        await asyncio.sleep(1)
        assert house.promised == 0
        assert not house.servers.loading

    in_house(script)


def test_an_expected_model_that_a_turn_waits_for_goes_on_loading() -> None:
    async def script(house: House) -> None:
        with house.residency.expecting(house.role("b")):
            await asyncio.sleep(1)
            turn = asyncio.create_task(house.turn("b"))
            await asyncio.sleep(1)
        assert await turn == 4.0
        assert house.servers.loads["b"] == 1

    in_house(script)


def test_expecting_pushes_out_only_what_is_worth_less() -> None:
    async def script(house: House) -> None:
        await house.turn("a", 10)
        with house.residency.expecting(house.role("b"), chance=0.3):
            await asyncio.sleep(10)
            assert house.there == {"a"}, "a was just used"
        await asyncio.sleep(3600)
        with house.residency.expecting(house.role("b"), chance=0.3):
            await asyncio.sleep(10)
            assert house.there == {"b"}

    in_house(script)


def test_an_expected_model_makes_room_for_a_wanted_one() -> None:
    async def script(house: House) -> None:
        with house.residency.expecting(house.role("b")):
            await asyncio.sleep(1)
            assert await house.turn("a") == 0.5 + 5.0

    in_house(script)


def test_who_uses_one_model_never_waits_for_another_that_is_in_use() -> None:
    async def script(house: House) -> None:
        errors: list[AppError] = []

        async def both(first: str, second: str) -> None:
            async with house.residency.lease(house.role(first)):
                await asyncio.sleep(10)
                try:
                    await house.turn(second)
                except MemoryShort as error:
                    errors.append(error)

        await asyncio.gather(both("a", "b"), both("c", "b"))
        # One gives up at once and so makes room for the other.
        assert ["a, c stay" in error.message for error in errors] == [True]
        assert house.servers.loads["b"] == 1

    in_house(script, {**TWO, "c": Kind(4 * GB)})


def test_waiting_is_told_once_and_only_if_there_is_something_to_wait_for() -> None:
    async def script(house: House) -> None:
        told: list[str] = []
        async with house.residency.lease(house.role("a"), on_wait=lambda: told.append("a")):
            pass
        async with house.residency.lease(house.role("b"), on_wait=lambda: told.append("b")):
            pass
        assert told == ["b"]

    in_house(script)


def test_a_lease_that_comes_with_the_cancellation_is_given_back() -> None:
    async def script(house: House) -> None:
        async with house.residency.lease(house.role("a")), house.residency.lease(house.role("a")):
            waiting = asyncio.create_task(house.turn("a"))
            await asyncio.sleep(1)
        waiting.cancel()  # granted just now, but it has not heard of it
        await asyncio.wait({waiting})
        assert waiting.cancelled()
        assert [place.leases for place in house.residency.places] == [0]
        assert await house.turn("b", 0) == 4.0 + 0.5 + 5.0

    in_house(script)


def test_nobody_is_refused_while_models_are_on_their_way_out() -> None:
    kinds = {"a": Kind(4 * GB), "c": Kind(4 * GB), "d": Kind(3 * GB), "whole": Kind(10 * GB)}

    async def script(house: House) -> None:
        await house.turn("a", 20)
        using = asyncio.create_task(house.turn("c", 20))
        await asyncio.sleep(10)
        other = asyncio.create_task(house.turn("d"))
        await asyncio.sleep(0.1)
        assert house.servers.stops == ["a"]
        other.cancel()
        assert await house.turn("whole") > 10
        await using

    in_house(script, kinds)


def test_a_model_may_say_how_long_it_stays() -> None:
    async def stay(minimum_s: float | None) -> float:
        async with housed(TWO, 10 * GB) as house:
            role = house.role("a")
            model = role.model.model_copy(update={"minimum_s": minimum_s})
            async with house.residency.lease(role.model_copy(update={"model": model})):
                pass
            return await house.turn("b")

    # As long as its load took, at most; who says so itself, exactly so long.
    assert run(stay(None)) == pytest.approx(5.0 + 0.5 + 5.0)
    assert run(stay(0)) == pytest.approx(0.5 + 5.0)
    assert run(stay(17)) == pytest.approx(17 + 0.5 + 5.0)


def test_a_model_that_has_worked_is_weighed_on_wish() -> None:
    async def story() -> None:
        async with housed({"a": Kind(GB)}, 2 * GB) as house:
            await house.residency.weigh("a")  # not there: nothing to weigh
            async with house.residency.lease(house.role("a")) as server:
                house.used[server.pid] = 7
                await house.residency.weigh("a")
            assert (house.sizes.noted, house.sizes.left) == (["a"], [7])

    run(story())
