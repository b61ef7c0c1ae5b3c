"""Why a model ended last is read from the log it has left."""

from pathlib import Path

import pytest

from app.domain.errors import ModelMissing
from app.domain.models import ModelSpec, RoleSpec, Roster, Tier
from app.engines.enginelog import EngineLog, log_file
from app.models.crashes.desk import CrashDesk, last_run, lines
from tests.unit.models.crashes import tails


def desk(logs: Path) -> CrashDesk:
    role = RoleSpec(name="front", tier=Tier.A, model=ModelSpec(name="tiny", path=Path("t.gguf")))
    return CrashDesk(logs, Roster(roles=(role,), default_role="front", source="test"))


def write(logs: Path, *runs: tuple[list[str], int | None]) -> None:
    log = EngineLog(log_file(logs, "tiny"))
    for number, (told, status) in enumerate(runs):
        log.add(f"-- process {number} started for /somewhere/t.gguf")
        for line in told:
            log.add(line)
        if status is not None:
            log.add(f"-- process {number} ended with status {status}")
    log.close()


async def test_the_last_run_counts(tmp_path: Path) -> None:
    write(tmp_path, (tails.CUT, 1), (tails.CACHE_MEMORY, 14))
    answer = await desk(tmp_path).answer({"op": "models crash", "name": "front"})
    assert (answer["model"], answer["status"], answer["code"]) == ("tiny", 14, "cache_memory")
    assert "buffer for kv cache" in answer["evidence"]
    assert "blk.27" not in answer["report"]
    told = lines(answer)
    assert told[0] == "There was not enough memory for the context."
    assert "- Load it with a context of 2,048 tokens instead of 4,096." in told


async def test_a_run_without_an_end_is_said(tmp_path: Path) -> None:
    write(tmp_path, (tails.CUT, 1), ([], None))
    answer = await desk(tmp_path).answer({"op": "models crash", "name": "tiny"})
    assert answer["code"] == "running"
    assert "runs" in lines(answer)[0]


async def test_who_never_ran_or_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="has not run yet"):
        await desk(tmp_path).answer({"op": "models crash", "name": "tiny"})
    with pytest.raises(ModelMissing, match="no role or model"):
        await desk(tmp_path).answer({"op": "models crash", "name": "nobody"})


def test_a_log_that_begins_in_mid_run_is_read() -> None:
    run = last_run(["2026-01-01 00:00:00,000 CUDA error: x", "-- process 7 ended with status -6"])
    assert run is not None
    assert (run.lines, run.status) == (("CUDA error: x",), -6)
    assert last_run([]) is None
