"""What loading a model would mean, for plans nobody has saved; nothing is loaded."""

import asyncio
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from app.domain.models import ModelSpec, RemoteOptions, RoleSpec, Roster, Tier
from app.engines.residency.records import Records
from app.engines.residency.sizes import Sizes
from app.models.headers import Headers
from app.models.loads import Load, Loads, LoadsGround

MODELS = Path(__file__).parents[3] / "resources" / "models"
GB = 1 << 30


def role(name: str, tier: Tier, **fields: object) -> RoleSpec:
    path = MODELS / f"{name}.gguf"
    model = ModelSpec.model_validate({"name": name, "path": path, "context": 512, **fields})
    return RoleSpec(name=name, tier=tier, model=model)


def roster(*roles: RoleSpec) -> Roster:
    return Roster(roles=roles, default_role=roles[0].name, source="")


async def _command(role: RoleSpec) -> Sequence[str]:
    return ["engine", "--model", f"{role.model.path} x"]


def loads(budget: int = GB) -> Loads:
    return Loads(LoadsGround(Sizes(Records(None)).of, lambda: budget, _command), Headers())


FRONT, WORKER = role("front", Tier.A), role("worker", Tier.C)


def loaded(plan: Roster, name: str, budget: int = GB) -> Load:
    found = asyncio.run(loads(budget).of(plan, name))
    assert found is not None
    return found


def test_a_model_is_weighed_beside_the_others() -> None:
    found = loaded(roster(FRONT, WORKER), "worker")
    assert found.company.fits
    assert [each.model for each in found.company.staying] == ["front"]
    assert found.shares.weights > 1 << 20
    assert found.shares.drafter == 0
    assert not found.missing


def test_shares_add_up_to_what_was_forecast() -> None:
    plan = roster(FRONT, role("worker", Tier.C, draft=MODELS / "draft.gguf"))
    found = loaded(plan, "worker")
    shares = found.shares
    assert shares.drafter > 0
    total = shares.weights + shares.past + shares.drafter + shares.eyes + shares.work
    assert total == found.company.wanted.bytes


def test_a_longer_context_takes_more() -> None:
    short, long = (
        loaded(roster(FRONT, role("worker", Tier.C, context=each)), "worker").shares.past
        for each in (512, 4096)
    )
    assert long == 8 * short


def test_two_roles_on_one_model_count_once() -> None:
    twin = RoleSpec(name="twin", tier=Tier.C, model=WORKER.model)
    members, budget = asyncio.run(loads().everybody(roster(FRONT, WORKER, twin)))
    assert [each.model for each in members] == ["front", "worker"]
    assert [each.stays for each in members] == [True, False]
    assert budget == GB


def test_what_does_not_fit_is_said() -> None:
    found = loaded(roster(FRONT, WORKER), "worker", budget=50 << 20)
    assert not found.company.fits


def test_a_file_that_is_gone_is_said() -> None:
    gone = role("worker", Tier.C, path=MODELS / "gone.gguf")
    assert loaded(roster(FRONT, gone), "worker").missing


def test_remote_and_unknown_models_take_nothing_here() -> None:
    far = role("far", Tier.B, path="", engine="remote", remote=RemoteOptions(url="http://far/v1"))
    plan = roster(FRONT, far)
    assert asyncio.run(loads().of(plan, "far")) is None
    assert asyncio.run(loads().of(plan, "nobody")) is None
    members, _ = asyncio.run(loads().everybody(plan))
    assert [each.model for each in members] == ["front"]


def test_who_can_draft_and_who_cannot_is_said_in_words(tmp_path: Path) -> None:
    embedder, gone = MODELS / "all-MiniLM-L6-v2-q8_0.gguf", tmp_path / "gone.gguf"
    draft = MODELS / "draft.gguf"
    found = asyncio.run(loads().drafters(MODELS / "worker.gguf", [draft, embedder, gone]))
    assert found[draft].fits
    assert "cannot draft" in found[embedder].obstacle
    assert "cannot be read" in found[gone].obstacle
    nothing = asyncio.run(loads().drafters(gone, [draft]))
    assert "cannot be read" in nothing[draft].obstacle


def test_the_command_can_be_pasted_into_a_shell() -> None:
    line = asyncio.run(loads().command_line(WORKER))
    if sys.platform != "win32":
        assert shlex.split(line) == ["engine", "--model", f"{WORKER.model.path} x"]
    assert line.startswith("engine --model ")
