"""The registry as a request: what turns and loads have measured, in the file's own words."""

from pathlib import Path

import pytest

from app.domain.errors import RegistryInvalid
from app.domain.models import Measured, ModelSpec, RoleSpec, Roster, Tier
from app.engines.residency.records import Record, Records
from app.engines.residency.sizes import Sizes
from app.orchestration.measurements import Meters, RegistryDesk
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


def roster(source: str) -> Roster:
    worker = RoleSpec(name="worker", tier=Tier.C, model=MODEL)
    return Roster(roles=(worker,), default_role="worker", source=source)


async def test_everybody_who_measures_is_heard() -> None:
    speeds = Speeds()
    meters = Meters(speeds, Sizes(Records(None)))
    assert await meters.of(MODEL) is None
    told = MODEL.model_copy(update={"measured": Measured(decode_tokens_s=1, bytes=9)})
    assert await meters.of(told) == told.measured
    speeds.note(record("c", "worker", "math"))
    assert await meters.of(told) == Measured(prefill_tokens_s=500, decode_tokens_s=100, bytes=9)
    assert await Meters(speeds, Seen(Records(None))).of(MODEL) == Measured(
        prefill_tokens_s=500, decode_tokens_s=100, load_s=2.5, bytes=4321
    )


async def test_the_whole_registry_is_told(tmp_path: Path) -> None:
    file = tmp_path / "registry.yaml"
    file.write_text(TEXT, encoding="utf-8")
    meters = Meters(Speeds(), Seen(Records(None)))
    desk = RegistryDesk(lambda: roster(str(file)), meters, tmp_path, _at_once)
    answer = await desk.answer({"op": "registry"})
    assert (answer["models"], answer["measured"]) == (1, 1)
    assert "measured: {load_s: 2.5, bytes: 4321}" in answer["text"]


async def test_without_a_file_there_is_one_clear_error(tmp_path: Path) -> None:
    meters = Meters(Speeds(), Sizes(Records(None)))
    desk = RegistryDesk(lambda: roster("mock mode"), meters, tmp_path, _at_once)
    with pytest.raises(RegistryInvalid, match="mock mode"):
        await desk.answer({"op": "registry"})
