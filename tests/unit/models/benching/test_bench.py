"""A measurement as a service: what it tells and keeps, and everything it gives way to."""

from contextlib import aclosing
from pathlib import Path

import pytest

from app.domain.benching import Benchmark, BenchPhase
from app.domain.errors import BenchFailed, BenchRefused, EngineDied, MemoryShort, ModelInvalid
from app.domain.events import TurnStarted, UserSeen
from app.domain.shelf import Kind
from tests.unit.models.benching.stage import FRONT, item, stage

DIED = EngineDied("The engine ended.", remedy="Try again.")


async def test_what_was_found_is_told_and_kept_by_the_models_id(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        steps, found = await here.run()
        assert [each.fraction for each in steps] == sorted(each.fraction for each in steps)
        phases = {BenchPhase.LOADING, BenchPhase.WARMING, BenchPhase.MEASURING}
        assert {each.phase for each in steps} == phases
        assert found.rates.prefill_tokens_s == pytest.approx(1000)
        assert found.rates.decode_tokens_s == pytest.approx(100)
        assert (found.load_s, found.bytes, found.rates.at) == (2.5, 1000, 77.0)
        assert found.rates.setting == "runner, 3 threads, context 512"
        assert here.memory.done == ["stop tiny", "load", "weigh tiny"]
        assert here.told == [("tiny", found.rates)]
        assert await here.records.of(FRONT) == found.rates
        assert await here.bench.known() == [found]


async def test_a_load_that_measured_something_else_is_timed_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        here.memory.notes = ["measuring this computer"]
        steps, _ = await here.run("tiny")
        assert BenchPhase.RELOADING in {each.phase for each in steps}
        assert here.memory.done == ["stop tiny", "load", "stop tiny", "load", "weigh tiny"]


async def test_nothing_else_is_begun_meanwhile(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        seen: list[UserSeen] = []
        here.bus.on(UserSeen, seen.append)
        steps, _ = await here.run()
        assert len(seen) == len(steps)


async def test_a_running_turn_goes_first(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        here.busy = True
        with pytest.raises(BenchRefused, match="is being answered"):
            await here.run()
        assert not here.memory.done


async def test_a_question_that_comes_ends_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        here.client.before = lambda _: here.bus.publish(TurnStarted("turn"))
        with pytest.raises(BenchRefused, match="A question came in"):
            await here.run()
        assert await here.records.of(FRONT) is None
        here.client.before = lambda _: None
        await here.run()


async def test_one_at_a_time_and_closing_cancels(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        async with aclosing(here.bench.run("front")) as steps:
            await anext(steps)
            with pytest.raises(BenchRefused, match="tiny is being measured"):
                await here.run()
        assert not here.told
        await here.run()


async def test_what_does_not_fit_is_refused_and_can_be_loaded_anyway(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        here.memory.refuses = MemoryShort("tiny needs 9 GB.", remedy="Close others.")
        with pytest.raises(MemoryShort, match="9 GB"):
            await here.run()
        await here.run(anyway=True)


async def test_a_crash_is_told_in_the_crash_doctors_words(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        here.client.fails = DIED
        here.crash.update(
            code="cache_memory",
            cause="There was not enough memory for the context.",
            remedies=[{"words": "Load it with less."}],
        )
        with pytest.raises(BenchFailed, match="not enough memory for the context") as told:
            await here.run()
        assert told.value.remedy == "Load it with less."
        assert here.memory.done[-1] == "stop tiny"


@pytest.mark.parametrize("code", ["", "running", "stopped"])
async def test_without_a_log_the_engines_own_words_stand(tmp_path: Path, code: str) -> None:
    async with stage(tmp_path) as here:
        here.client.fails = DIED
        if code:
            here.crash.update(code=code, cause="", remedies=[])
        with pytest.raises(EngineDied, match="The engine ended"):
            await here.run()


async def test_a_file_without_a_role_leaves_memory_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        _, found = await here.run("other")
        assert found.model == "other"
        assert here.memory.done == ["stop other", "load", "weigh other", "stop other"]
        assert await here.bench.known() == []


async def test_embedding_models_write_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path, item(Kind.EMBEDDING)) as here:
        _, found = await here.run("other")
        assert isinstance(found, Benchmark)
        assert (found.rates.decode_tokens_s, found.rates.verifying) == (None, None)
        assert len(set(here.client.embedded)) == len(here.client.embedded) > 1


async def test_who_cannot_be_measured_is_refused_with_words(tmp_path: Path) -> None:
    async with stage(tmp_path, item(Kind.PROJECTOR)) as here:
        with pytest.raises(BenchRefused, match="another computer"):
            await here.run("far")
        with pytest.raises(BenchRefused, match="neither answers nor"):
            await here.run("other")
    async with stage(tmp_path, item(problem="It is cut off.")) as here:
        with pytest.raises(ModelInvalid, match="cut off"):
            await here.run("other")
