"""The registry as a request: what turns and loads have measured, in the file's own words."""

from pathlib import Path

import pytest

from app.domain.benching import Rates, Verifying
from app.domain.errors import RegistryInvalid
from app.domain.models import Measured, ModelSpec, RoleSpec, Roster, Tier, VerifyingTimes
from app.engines.residency.records import Record, Records
from app.engines.residency.sizes import Sizes
from app.orchestration.measurements import Meters, RegistryDesk, recall
from app.orchestration.router.speeds import Speeds
from tests.unit.orchestration.router.stage import record

MODEL = ModelSpec(name="model-worker", path=Path("w.gguf"))
TEXT = "models: {model-worker: {path: w.gguf}}\nroles: {worker: {tier: C, model: model-worker}}\n"


class Seen(Sizes):
    """Sizes that were measured before."""

    async def seen(self, model: ModelSpec) -> Record | None:
        return Record("key", "kind", 1, 4321, 2.5)


async def _at_once() -> None:
    return


async def _nothing(_model: ModelSpec) -> Rates | None:
    return None


async def _benched(_model: ModelSpec) -> Rates | None:
    costs = Verifying(milliseconds={1: 10.0, 2: 12.0}, longer={4096: {1: 11.0, 2: 14.0}}, threads=4)
    return Rates(prefill_tokens_s=900, decode_tokens_s=90, verifying=costs)


def roster(source: str) -> Roster:
    worker = RoleSpec(name="worker", tier=Tier.C, model=MODEL)
    return Roster(roles=(worker,), default_role="worker", source=source)


async def test_everybody_who_measures_is_heard() -> None:
    speeds = Speeds()
    meters = Meters(speeds, Sizes(Records(None)), _nothing)
    assert await meters.of(MODEL) is None
    told = MODEL.model_copy(update={"measured": Measured(decode_tokens_s=1, bytes=9)})
    assert await meters.of(told) == told.measured
    speeds.note(record("c", "worker", "math"))
    assert await meters.of(told) == Measured(prefill_tokens_s=500, decode_tokens_s=100, bytes=9)
    assert await Meters(speeds, Seen(Records(None)), _nothing).of(MODEL) == Measured(
        prefill_tokens_s=500, decode_tokens_s=100, load_s=2.5, bytes=4321
    )


async def test_what_a_model_can_do_alone_is_told_before_what_turns_took() -> None:
    speeds = Speeds()
    speeds.note(record("c", "worker", "math"))
    meters = Meters(speeds, Sizes(Records(None)), _benched)
    found = await meters.of(MODEL)
    assert found == Measured(
        prefill_tokens_s=900,
        decode_tokens_s=90,
        verifying=VerifyingTimes(
            threads=4, milliseconds={0: {1: 10.0, 2: 12.0}, 4096: {1: 11.0, 2: 14.0}}
        ),
    )
    # It can be looked up by all that is known of it.
    assert len({MODEL, MODEL.model_copy(update={"measured": found})}) == 2


async def test_the_whole_registry_is_told(tmp_path: Path) -> None:
    file = tmp_path / "registry.yaml"
    file.write_text(TEXT, encoding="utf-8")
    meters = Meters(Speeds(), Seen(Records(None)), _nothing)
    desk = RegistryDesk(lambda: roster(str(file)), meters, tmp_path, _at_once)
    answer = await desk.answer({"op": "registry"})
    assert (answer["models"], answer["measured"]) == (1, 1)
    assert "measured: {load_s: 2.5, bytes: 4321}" in answer["text"]


async def test_without_a_file_there_is_one_clear_error(tmp_path: Path) -> None:
    meters = Meters(Speeds(), Sizes(Records(None)), _nothing)
    desk = RegistryDesk(lambda: roster("mock mode"), meters, tmp_path, _at_once)
    with pytest.raises(RegistryInvalid, match="mock mode"):
        await desk.answer({"op": "registry"})


async def test_the_router_goes_by_measurements_of_earlier_runs() -> None:
    speeds = Speeds()
    await recall(speeds, roster("test"), _nothing, _at_once)
    assert speeds.of(MODEL).read_s not in {0, 900}
    await recall(speeds, roster("test"), _benched, _at_once)
    assert (speeds.of(MODEL).read_s, speeds.of(MODEL).written_s) == (900, 90)
