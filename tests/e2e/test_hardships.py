"""What goes wrong between a plan and its answer ends in an answer, or in one clear error."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.domain.chat import ChatMessage
from app.domain.events import RouteChosen, TurnFailed, TurnFinished
from app.domain.settings import Settings
from app.orchestration.conductor import Wishes
from app.orchestration.display import TurnEnd
from app.orchestration.gate.gate import Gate
from app.orchestration.learning.learner import Learner
from app.orchestration.router.weighing import Weighing
from app.platform.instance import Instance, Owner
from app.platform.paths import Paths
from app.wiring import App, build

FRONT = Path(__file__).parents[2] / "resources" / "models" / "front.gguf"
REGISTRY = """
models:
  one: {path: one.gguf, context: 512}
  two: {path: two.gguf, context: 512}
roles:
  front: {tier: A, model: one}
  second: {tier: A, model: two}
"""


@asynccontextmanager
async def core(folder: Path, registry: str = REGISTRY) -> AsyncIterator[App]:
    paths = Paths.discover(folder / "data")
    paths.ensure()
    for name in ("one", "two"):
        shutil.copyfile(FRONT, folder / f"{name}.gguf")
    (folder / "registry.yaml").write_text(registry)
    owner = Instance.acquire(paths)
    assert isinstance(owner, Owner)
    settings = Settings.model_validate({"registry": str(folder / "registry.yaml")})
    async with build(settings, paths, owner, has_window=False) as app:
        yield app


async def ask(app: App, text: str = "Say hello.", role: str = "") -> TurnEnd:
    return await app.turns.send((ChatMessage(role="user", content=text),), Wishes(role=role)).wait()


async def test_a_model_deleted_after_the_plan_is_replaced_by_its_neighbour(tmp_path: Path) -> None:
    async with core(tmp_path) as app:
        leave = app.bus.on(RouteChosen, lambda _: (tmp_path / "one.gguf").unlink(missing_ok=True))
        end = await ask(app)
        leave()
        assert isinstance(end, TurnFinished)
        assert end.receipt.role == "second"
        first, *others = end.receipt.attempts
        assert (first.role, first.cause) == ("front", "not loaded")
        assert {each.role for each in others} == {"second"}
        alone = await ask(app, role="front")
        assert isinstance(alone, TurnFailed)
        assert alone.message
        assert alone.remedy


@pytest.mark.parametrize("adviser", ["router", "gate", "learner"])
async def test_an_adviser_that_raises_costs_its_advice_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, adviser: str
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("an adviser is broken")

    broken_parts: dict[str, tuple[type, str]] = {
        "router": (Weighing, "plan"),
        "gate": (Gate, "judge"),
        "learner": (Learner, "note"),
    }
    monkeypatch.setattr(*broken_parts[adviser], broken)
    async with core(tmp_path) as app:
        end = await ask(app)
        assert isinstance(end, TurnFinished)
        assert end.text
