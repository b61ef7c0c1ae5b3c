"""What a plan may know of memory: who is there, who fits, what a load costs the others."""

import asyncio

import pytest

from app.domain.models import ModelSpec, RemoteOptions
from app.engines.residency.outlook import Outlook, Outlooks
from app.engines.residency.residency import Rules
from app.engines.residency.room import Scales
from tests.fakes.virtual_time import run
from tests.unit.engines.residency.memory_house import GB, PLENTY, House, Kind, housed

KINDS = {
    "front": Kind(2 * GB),
    "a": Kind(6 * GB, 4.0),
    "b": Kind(6 * GB, 8.0),
    "huge": Kind(9 * GB),
}
BUDGET = 10 * GB
RULES = Rules(pinned=frozenset({"front"}))


def model(name: str, **more: object) -> ModelSpec:
    return ModelSpec.model_validate({"name": name, **more})


async def surveyed(house: House, *, anyway: bool = False) -> Outlooks:
    scales = Scales(BUDGET, gauge=lambda: PLENTY, weigh=lambda _: None)
    outlooks = Outlooks(house.residency, house.sizes, scales, anyway=anyway)
    await outlooks.survey([model(name) for name in KINDS])
    return outlooks


def test_who_is_there_costs_nothing_and_others_their_load() -> None:
    async def work() -> None:
        async with housed(KINDS, BUDGET, rules=RULES) as house:
            outlooks = await surveyed(house)
            assert outlooks.of(model("a")) == Outlook(resident=False, load_s=4.0)
            await house.turn("a")
            assert outlooks.of(model("a")) == Outlook()

    run(work())


def test_who_has_to_leave_is_a_debt() -> None:
    async def work() -> None:
        async with housed(KINDS, BUDGET, rules=RULES) as house:
            outlooks = await surveyed(house)
            await house.turn("front")
            await house.turn("a")
            found = outlooks.of(model("b"))
            assert not found.resident
            assert not found.why_not
            # It was used once a moment ago, so it is wanted again with 1 - 1/e.
            assert found.debt_s == pytest.approx(4.0 * 0.632, rel=0.01)

    run(work())


def test_what_can_never_fit_is_said() -> None:
    async def work() -> None:
        async with housed(KINDS, BUDGET, rules=RULES) as house:
            outlooks = await surveyed(house)
            assert outlooks.of(model("huge")).why_not == ""
            await house.turn("front")
            assert outlooks.of(model("huge")).why_not == "it needs 9.0 GB of memory"
            assert outlooks.of(model("huge", load_anyway=True)).why_not == ""
            anyway = await surveyed(house, anyway=True)
            assert anyway.of(model("huge")).why_not == ""

    run(work())


def test_what_nobody_knows_is_taken_to_fit_and_remotes_are_always_there() -> None:
    async def work() -> None:
        async with housed(KINDS, BUDGET, rules=RULES) as house:
            outlooks = Outlooks(house.residency, house.sizes, Scales(0, lambda: PLENTY, _none))
            assert outlooks.of(model("huge")) == Outlook(resident=False)
            far = model("far", engine="remote", remote=RemoteOptions(url="http://x"))
            assert outlooks.of(far) == Outlook()

    run(work())


def _none(_pid: int) -> None:
    return None


def test_turns_that_come_before_are_counted() -> None:
    async def work() -> None:
        async with housed(KINDS, BUDGET, rules=RULES, sequences=2) as house:
            outlooks = await surveyed(house)
            assert outlooks.of(model("a")).ahead == 0
            turns = [asyncio.create_task(house.turn("a", 10.0)) for _ in range(5)]
            await asyncio.sleep(6.0)  # loaded; two of them are being answered, three wait
            assert outlooks.of(model("a")).ahead == 2
            assert outlooks.of(model("b")).ahead == 0
            await asyncio.gather(*turns)
            assert outlooks.of(model("a")).ahead == 0

    run(work())
