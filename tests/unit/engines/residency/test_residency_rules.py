"""Whatever happens in whatever order: the budget holds, the pinned stay, everybody is served."""

import asyncio
from dataclasses import dataclass

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.errors import AppError, MemoryShort
from app.engines.residency.residency import Rules
from tests.fakes.virtual_time import run
from tests.unit.engines.residency.memory_house import GB, House, Kind, housed

BUDGET = 12 * GB
NAMES = ("pinned", "a", "b", "c", "d")
SLACK_S = 1e-6


@dataclass(frozen=True)
class Step:
    """Something that happens some time after what happened before."""

    what: str
    model: str
    after_s: float
    lasts_s: float


KINDS = st.fixed_dictionaries(
    {
        "pinned": st.builds(Kind, st.integers(1, 3).map(lambda n: n * GB), st.floats(0.5, 5)),
        **{
            name: st.builds(Kind, st.integers(1, 9).map(lambda n: n * GB), st.floats(0.5, 20))
            for name in NAMES[1:]
        },
    }
)
STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(["turn"] * 6 + ["give up", "crash", "expect", "break", "mend"]),
        st.sampled_from(NAMES),
        st.floats(0, 8),
        st.floats(0, 10),
    ),
    min_size=1,
    max_size=25,
)


class Play:
    """Plays the steps, and looks at the house after every change."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.turns: list[asyncio.Task[float]] = []
        self.others: list[asyncio.Task[None]] = []

    async def play(self, steps: list[Step]) -> list[float | BaseException]:
        for step in steps:
            await asyncio.sleep(step.after_s)
            self.take(step)
            self.look()
        waits = await asyncio.gather(*self.turns, return_exceptions=True)
        await asyncio.gather(*self.others)
        self.look()
        return waits

    def take(self, step: Step) -> None:
        house, name = self.house, step.model
        match step.what:
            case "turn":
                self.turns.append(asyncio.create_task(self._turn(step)))
            case "give up" if self.turns:
                self.turns[-1].cancel()
            case "expect":
                self.others.append(asyncio.create_task(self._expect(step)))
            case "break":
                house.servers.broken.add(name)
            case "mend":
                house.servers.broken.discard(name)
            case "crash" if not self._leased(name):
                house.servers.crash(name)

    def look(self) -> None:
        assert self.house.promised <= BUDGET
        assert "pinned" not in self.house.servers.stops
        for place in self.house.residency.places:
            assert 0 <= place.leases <= place.slots

    def _leased(self, name: str) -> bool:
        places = self.house.residency.places
        return any(place.leases and place.model.name == name for place in places)

    async def _turn(self, step: Step) -> float:
        waited = await self.house.turn(step.model, step.lasts_s)
        self.look()
        return waited

    async def _expect(self, step: Step) -> None:
        if step.model != "pinned":  # that one would be stopped, having been asked for by nobody
            with self.house.residency.expecting(self.house.role(step.model)):
                await asyncio.sleep(step.lasts_s)


# Somebody gives up in the moment the room for their model comes free.
GIVEN_UP = [
    Step("turn", "d", 0.0, 0.0),
    Step("turn", "pinned", 1.0, 0.0),
    Step("turn", "c", 0.0, 0.0),
    Step("give up", "pinned", 0.5, 0.0),
]
_SMALL = Kind(1 * GB, 1.0)


@given(KINDS, STEPS)
@example(
    {
        "pinned": Kind(1 * GB, 0.5),
        "a": _SMALL,
        "b": _SMALL,
        "c": Kind(3 * GB, 1.0),
        "d": Kind(9 * GB, 0.5),
    },
    GIVEN_UP,
)
@example(
    {
        "pinned": _SMALL,
        "a": _SMALL,
        "b": Kind(3 * GB, 1.0),
        "c": Kind(9 * GB, 1.0),
        "d": Kind(3 * GB, 0.5),
    },
    [*GIVEN_UP, Step("turn", "b", 0.0, 0.0)],
)
@settings(max_examples=150, deadline=None)
def test_every_turn_ends_and_no_promise_is_broken(
    kinds: dict[str, Kind], steps: list[Step]
) -> None:
    async def work() -> None:
        rules = Rules(pinned=frozenset({"pinned"}))
        async with housed(kinds, BUDGET, rules=rules) as house:
            house.servers.on_change = lambda: None
            play = Play(house)
            # A turn lasts 10 s at most, two of five models are there: this is ample.
            async with asyncio.timeout(3600):
                ends = await play.play(steps)
            for end in ends:
                expected = isinstance(end, float | AppError | asyncio.CancelledError)
                assert expected, end
            refused = [end for end in ends if isinstance(end, MemoryShort)]
            biggest = max(kind.size for kind in kinds.values())
            assert not refused or biggest + kinds["pinned"].size > BUDGET
            assert all(place.leases == 0 for place in house.residency.places)

    run(work())


@given(
    st.lists(st.sampled_from("ab"), min_size=30, max_size=120),
    st.floats(0.05, 3.0),
    st.floats(0.2, 3.0),
)
@settings(max_examples=40, deadline=None)
def test_nobody_starves_however_busy_the_other_model_is(
    names: list[str], every_s: float, lasts_s: float
) -> None:
    kinds = {"a": Kind(6 * GB), "b": Kind(6 * GB)}

    async def work() -> None:
        async with housed(kinds, 10 * GB) as house:
            turns = []
            for name in names:
                turns.append(asyncio.create_task(house.turn(name, lasts_s)))
                await asyncio.sleep(every_s)
            waits = await asyncio.gather(*turns)
            # Everything that came before, served by two at a time, and a fair share of loads.
            work_s = len(names) * lasts_s / 2 + 30 + 20
            assert max(waits) <= 2 * work_s + SLACK_S

    run(work())
