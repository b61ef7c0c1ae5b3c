"""The registry changes while the program runs on real models: the next question goes by it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from app.domain.chat import ChatMessage
from app.domain.doctor import Condition, Mechanism
from app.domain.events import (
    RouteChosen,
    ServerState,
    ServerStateChanged,
    TurnFailed,
    TurnFinished,
)
from app.domain.settings import Settings
from app.models.editing import Change
from app.orchestration.conductor import Wishes
from app.orchestration.display import TurnEnd
from app.orchestration.turn import Turn
from app.platform.instance import Instance, Owner
from app.platform.paths import Paths
from app.wiring import App, build

REGISTRY = """\
models:
  quick: {path: "starter:front.gguf", context: 512, acceleration: {draft: none}}
  clerk: {path: "starter:worker.gguf", context: 768, acceleration: {draft: none}}
roles:
  front: {tier: A, model: quick, sampling: {max_tokens: 16, temperature: 0}}
  worker: {tier: C, model: clerk, sampling: {max_tokens: 64, temperature: 0}}
default_role: front
"""


@asynccontextmanager
async def core(folder: Path, text: str = REGISTRY) -> AsyncIterator[App]:
    paths = Paths.discover(folder / "data")
    paths.ensure()
    paths.registry.write_text(text)
    owner = Instance.acquire(paths)
    assert isinstance(owner, Owner)
    async with build(Settings.model_validate({}), paths, owner, has_window=False) as app:
        yield app


def ask(app: App, role: str, text: str = "What is the capital of Japan?") -> Turn:
    return app.turns.send([ChatMessage(role="user", content=text)], Wishes(role=role))


async def answered(app: App, role: str) -> TurnFinished:
    end = await ask(app, role).wait()
    assert isinstance(end, TurnFinished), end
    return end


async def edit(app: App, *changes: Change) -> None:
    await app.roster.apply(changes, app.manager.editor.sheet().revision)


def contexts(app: App) -> dict[str, int]:
    return {server.model.name: server.context for server in app.supervisor.servers}


def mechanism(app: App) -> Mechanism:
    (found,) = app.roster.mechanisms()
    return found


async def test_settings_models_and_roles_change_under_a_running_program(tmp_path: Path) -> None:
    async with core(tmp_path) as app:
        await answered(app, "front")
        pid = app.supervisor.servers[0].pid
        # What belongs to the role alone starts nothing anew.
        await edit(app, Change(("roles", "front", "sampling", "max_tokens"), 3))
        short = await answered(app, "front")
        assert short.timings is not None
        assert short.timings.predicted_n <= 3
        assert [server.pid for server in app.supervisor.servers] == [pid]
        # How it is loaded does, once.
        await edit(app, Change(("models", "quick", "context"), 256))
        assert (await answered(app, "front")).receipt.model == "quick"
        assert contexts(app) == {"quick": 256}
        # Another model for a role, and a new role.
        await edit(
            app,
            Change(("roles", "front", "model"), "clerk"),
            Change(("roles", "helper"), {"tier": "C", "model": "quick"}),
        )
        assert (await answered(app, "front")).receipt.model == "clerk"
        assert (await answered(app, "helper")).receipt.model == "quick"
        assert mechanism(app).condition is Condition.LIVE


async def test_a_role_is_removed_while_its_turn_runs(tmp_path: Path) -> None:
    async with core(tmp_path) as app:
        chosen, gone = asyncio.Event(), asyncio.Event()
        app.bus.on(RouteChosen, lambda _: chosen.set())
        running = ask(app, "worker")
        await chosen.wait()
        await edit(app, Change(("roles", "worker")))
        assert app.roster.find("worker") is None

        def changed(event: ServerStateChanged) -> None:
            if (event.model, event.state) == ("clerk", ServerState.STOPPED):
                gone.set()

        app.bus.on(ServerStateChanged, changed)
        end = await running.wait()
        assert isinstance(end, TurnFinished), end
        assert end.receipt.role == "worker"
        await gone.wait()
        end = await ask(app, "worker").wait()
        assert isinstance(end, TurnFailed)
        assert end.code == "role_unknown"
        assert "front" in end.remedy
        assert (await answered(app, "")).receipt.role == "front"


async def test_a_hand_edit_counts_with_the_next_question_if_it_can_be_followed(
    tmp_path: Path,
) -> None:
    async with core(tmp_path) as app:
        file = app.paths.registry
        await answered(app, "front")
        file.write_text("models: [\n")
        assert (await answered(app, "front")).receipt.model == "quick"
        assert mechanism(app).condition is Condition.OFF
        assert "line 2" in mechanism(app).reason
        file.write_text(REGISTRY.replace("model: quick", "model: clerk"))
        assert (await answered(app, "front")).receipt.model == "clerk"
        assert mechanism(app).condition is Condition.LIVE


async def test_a_model_file_that_is_deleted_can_be_replaced_in_the_registry(
    tmp_path: Path,
) -> None:
    own = tmp_path / "own.gguf"
    shutil.copy(Paths.discover(tmp_path).resources / "models" / "front.gguf", own)
    text = REGISTRY.replace("starter:front.gguf", str(own))
    async with core(tmp_path, text) as app:
        await answered(app, "front")
        await app.engines.stop("quick")
        own.unlink()
        end: TurnEnd = await ask(app, "front").wait()
        assert isinstance(end, TurnFailed), end
        assert app.engines.states["quick"].state is ServerState.QUARANTINED
        await edit(app, Change(("models", "quick", "path"), "starter:front.gguf"))
        assert (await answered(app, "front")).receipt.model == "quick"
