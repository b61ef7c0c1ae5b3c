"""Another registry while models are in memory: who changed comes back changed, once it is idle."""

import asyncio
import random
from collections.abc import Awaitable, Callable

from tests.fakes.virtual_time import run
from tests.unit.engines.residency.memory_house import GB, House, Kind, housed

TWO = {"a": Kind(4 * GB), "b": Kind(4 * GB)}
Script = Callable[[House], Awaitable[None]]


def in_house(script: Script, sequences: int = 2) -> None:
    async def work() -> None:
        async with housed(TWO, 10 * GB, sequences=sequences) as house:
            await script(house)
            assert not house.servers.loading

    run(work())


def test_an_idle_model_that_changed_leaves_and_comes_back_changed() -> None:
    async def script(house: House) -> None:
        await house.turn("a")
        await house.turn("b")
        house.follow(house.role("a", 2048), house.role("b"))
        await asyncio.sleep(1)
        assert house.there == {"b"}
        assert await house.turn("a", context=2048) == 5.0
        assert await house.turn("b") == 0.0
        assert house.servers.loads == {"a": 2, "b": 1}

    in_house(script)


def test_what_is_only_said_of_a_model_changes_no_process() -> None:
    async def script(house: House) -> None:
        await house.turn("a")
        role = house.role("a")
        model = role.model.model_copy(update={"pinned": True, "minimum_s": 9.0})
        house.follow(role.model_copy(update={"model": model}))
        (place,) = house.residency.places
        assert (place.pinned, place.model.minimum_s) == (True, 9.0)
        assert await house.turn("a") == 0.0
        assert house.servers.loads == {"a": 1}

    in_house(script)


def test_a_turn_keeps_the_model_it_began_with_and_the_next_one_waits_for_its_own() -> None:
    async def script(house: House) -> None:
        old = asyncio.create_task(house.turn("a", 60))
        await asyncio.sleep(10)
        house.follow(house.role("a", 2048))
        assert house.there == {"a"}
        waited = await house.turn("a", context=2048)
        assert waited == 55 + 0.5 + 5.0
        assert old.done()

    in_house(script)


def test_a_role_that_is_gone_gives_its_memory_back_after_its_turn() -> None:
    async def script(house: House) -> None:
        turn = asyncio.create_task(house.turn("a", 60))
        await house.turn("b")
        house.follow(house.role("c"))
        await asyncio.sleep(1)
        assert house.there == {"a"}
        await turn
        await asyncio.sleep(1)
        assert house.there == set()

    in_house(script)


def test_an_older_turn_has_its_model_back_as_it_was_and_nobody_starves() -> None:
    async def script(house: House) -> None:
        house.follow(house.role("a", 2048))
        crowd = [asyncio.create_task(house.turn("a", 3, context=2048)) for _ in range(20)]
        await asyncio.sleep(7)
        older = asyncio.create_task(house.turn("a", 3))
        await asyncio.sleep(1)
        late = [asyncio.create_task(house.turn("a", 3, context=2048)) for _ in range(20)]
        await older
        assert all(each.done() for each in crowd)
        await asyncio.gather(*late)
        assert house.servers.loads == {"a": 3}

    in_house(script)


def test_whatever_changes_while_whatever_runs_everybody_comes_through() -> None:
    dice = random.Random(6)

    async def script(house: House) -> None:
        turns = []
        for _ in range(300):
            name, context = dice.choice("ab"), dice.choice((2048, 4096))
            turns.append(asyncio.create_task(house.turn(name, dice.random(), context=context)))
            if dice.random() < 0.2:
                house.follow(*(house.role(each, dice.choice((2048, 4096))) for each in "ab"))
            await asyncio.sleep(dice.random())
        await asyncio.gather(*turns)
        assert house.most <= house.budget

    in_house(script)
