"""Why a model ended last is read from the log it has left."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors import ModelError, ModelMissing, RequestInvalid
from app.domain.models import ModelSpec, RoleSpec, Roster, Tier
from app.domain.settings import Settings
from app.engines.enginelog import EngineLog, log_file
from app.models.builds.shelf import BuildShelf
from app.models.crashes.applying import Remedies
from app.models.crashes.desk import CrashDesk, applied_lines, last_run, lines
from app.models.editing import RegistryEditor
from app.models.live import open_roster
from app.platform.bus import Bus
from app.platform.paths import Paths
from tests.unit.models.crashes import tails

FULL = """\
mode: full
models:
  tiny: {path: t.gguf, context: 4096}  # the small one
roles:
  front: {tier: A, model: tiny}
"""


def desk(logs: Path, *, registry: str = FULL, forgiven: list[str] | None = None) -> CrashDesk:
    role = RoleSpec(name="front", tier=Tier.A, model=ModelSpec(name="tiny", path=Path("t.gguf")))
    paths = replace(Paths.discover(logs / "data"), runtime=logs / "run")
    paths.ensure()
    (logs / "t.gguf").touch()
    (logs / "registry.yaml").write_text(registry)
    settings = Settings.model_validate({"registry": logs / "registry.yaml"})
    remedies = Remedies(
        RegistryEditor(settings, paths),
        open_roster(settings, paths, Bus()),
        BuildShelf(logs / "engines", Bus()),
        (forgiven if forgiven is not None else []).append,
    )
    return CrashDesk(logs, Roster(roles=(role,), default_role="front", source="test"), remedies)


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
    assert told[2:4] == [
        "1. Load it with a context of 2,048 tokens instead of 4,096.",
        "2. Keep keys and values as q8_0 instead of f16: about half the bytes.",
    ]
    assert "`--apply NUMBER` does what stands behind a number." in told


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


def remedy(number: int) -> dict[str, object]:
    return {"op": "models remedy", "name": "front", "number": number}


async def test_a_remedy_changes_the_registry(tmp_path: Path) -> None:
    write(tmp_path, (tails.CACHE_MEMORY, 14))
    answer = await desk(tmp_path).apply(remedy(1))
    assert answer["action"] == "smaller context"
    assert applied_lines(answer) == ["Done. It is tried again when it is next asked."]
    text = (tmp_path / "registry.yaml").read_text()
    assert "context: 2048" in text
    assert "# the small one" in text
    assert list((tmp_path / "data" / "backups" / "registry").iterdir())


async def test_what_only_a_person_can_do_is_said(tmp_path: Path) -> None:
    write(tmp_path, (tails.CACHE_MEMORY, 14))
    for number in (0, 9):
        with pytest.raises(RequestInvalid, match=f"no remedy {number}"):
            await desk(tmp_path).apply(remedy(number))
    simplified = desk(tmp_path, registry="roles:\n  front: {tier: A}\n")
    with pytest.raises(ModelError) as caught:
        await simplified.apply(remedy(1))
    assert "echelon registry export" in caught.value.remedy
