"""Measurements are kept by id: whatever the file is called, and once its whole hash is known."""

from pathlib import Path

from app.domain.benching import Rates, Verifying
from app.domain.models import ModelSpec
from app.models.benching.records import BenchRecords
from app.models.identity import Identities
from app.platform.storage import Database

COSTS = Verifying(milliseconds={1: 2.0, 4: 3.0}, grid=(1, 4))
RATES = Rates(prefill_tokens_s=10, decode_tokens_s=2, verifying=COSTS, at=5)


class Known(Identities):
    """Ids by name; `sampled:` ones have become others."""

    def __call__(self, model: ModelSpec) -> str:
        return model.path.name

    def canonical(self, model_id: str) -> str:
        return model_id.removeprefix("sampled:")


async def test_the_bytes_count_and_the_last_measurement_wins(tmp_path: Path) -> None:
    database = Database(tmp_path / "db", tmp_path)
    await database.open()
    records = BenchRecords(database, Known())
    model = ModelSpec(name="a", path=Path("same"))
    early = ModelSpec(name="a", path=Path("sampled:same"))
    assert await records.of(model) is None
    await records.keep(early, RATES)
    assert await records.of(model.model_copy(update={"name": "b"})) == RATES
    later = RATES.model_copy(update={"at": 6})
    await records.keep(model, later)
    assert await records.of(model) == later
    assert await records.of(ModelSpec(name="a", path=Path("other"))) is None
    await database.write(lambda c: c.execute("UPDATE benchmarks SET rates = '{}'"))
    assert await records.of(model) is None
    await database.close()
    assert await records.of(model) is None
    await records.keep(model, later)  # costs another measurement, nothing more
