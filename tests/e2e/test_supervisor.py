"""The supervisor with real child processes: start, share, crash, quarantine, stop."""

import asyncio
import sys
from pathlib import Path

import pytest

from app.domain.errors import (
    AppError,
    EngineDied,
    EngineQuarantined,
    EngineStartFailed,
    ModelInvalid,
    ModelMissing,
)
from app.domain.events import ServerState
from app.domain.models import RoleSpec
from tests.fakes.engines import QUICK, Rig, ask, engine_processes, question, rigged, role


async def test_a_start_shows_its_progress_and_ends_ready(tmp_path: Path) -> None:
    seen: list[float] = []
    async with rigged(tmp_path / "田中 Ж", "--load-seconds", "0.6") as rig:
        server = await rig.supervisor.acquire(role(), on_progress=seen.append)
        assert rig.states == [ServerState.STARTING, ServerState.LOADING, ServerState.READY]
        assert server.state is ServerState.READY
        assert state(rig) is ServerState.READY
        assert rig.supervisor.servers == (server,)
        assert len(set(seen)) > 2
        assert seen == sorted(seen)
        assert server.card.architecture == "mock"
        assert "tier A" in await ask(server.client, "hello")
        assert f"process {server.pid} started" in (rig.paths.logs / "engine-small.log").read_text()


def state(rig: Rig) -> ServerState:
    """Return the last state of the one model."""
    return rig.supervisor.states["small"].state


async def test_all_who_ask_share_one_start(tmp_path: Path) -> None:
    async with rigged(tmp_path) as rig:
        servers = await asyncio.gather(*(rig.supervisor.acquire(role()) for _ in range(5)))
        assert len(set(servers)) == 1
        assert await rig.supervisor.acquire(role()) is servers[0]
        assert rig.starts == 1
        assert [process.pid for process in engine_processes()] == [servers[0].pid]


async def test_cancelling_one_acquire_leaves_the_load_to_the_others(tmp_path: Path) -> None:
    async with rigged(tmp_path) as rig:
        loading = asyncio.Event()
        first = asyncio.create_task(
            rig.supervisor.acquire(role(), on_progress=lambda _: loading.set())
        )
        await loading.wait()
        second = asyncio.create_task(rig.supervisor.acquire(role()))
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert (await second).alive
        assert rig.starts == 1


async def test_a_load_nobody_waits_for_is_there_for_the_next(tmp_path: Path) -> None:
    async with rigged(tmp_path) as rig:
        loading = asyncio.Event()
        only = asyncio.create_task(
            rig.supervisor.acquire(role(), on_progress=lambda _: loading.set())
        )
        await loading.wait()
        only.cancel()
        await asyncio.wait({only})
        assert (await rig.supervisor.acquire(role())).alive
        assert rig.starts == 1


async def test_a_crash_in_mid_answer_is_told_and_the_next_acquire_works(tmp_path: Path) -> None:
    async with rigged(tmp_path) as rig:
        first = await rig.supervisor.acquire(role())
        with pytest.raises(EngineDied, match="killed"):
            await ask(first.client, "x /mock die-mid")
        second = await rig.supervisor.acquire(role())
        assert second.pid != first.pid
        assert first.state is ServerState.CRASHED or not first.alive
        assert ServerState.CRASHED in rig.states
        assert rig.slept == [0.5]
        assert "tier A" in await ask(second.client, "hello")


async def test_a_crash_between_turns_is_noticed_at_once(tmp_path: Path) -> None:
    async with rigged(tmp_path) as rig:
        server = await rig.supervisor.acquire(role())
        crashed = asyncio.Event()
        rig.bus.on(type(rig.events[0]), lambda event: _set_if_crashed(event.state, crashed))
        server.process.kill()
        await crashed.wait()
        assert rig.supervisor.servers == ()
        assert rig.starts == 1, "nobody asked for another start"


def _set_if_crashed(state: ServerState, crashed: asyncio.Event) -> None:
    if state is ServerState.CRASHED:
        crashed.set()


async def test_three_crashes_in_a_row_mean_quarantine_until_forgiven(tmp_path: Path) -> None:
    async with rigged(tmp_path, "--fault", "crash-on-load") as rig:
        for _ in range(3):
            with pytest.raises(EngineStartFailed, match="killed"):
                await rig.supervisor.acquire(role())
        assert rig.slept == [0.5, 1.0]
        assert state(rig) is ServerState.QUARANTINED
        with pytest.raises(EngineQuarantined) as caught:
            await rig.supervisor.acquire(role())
        assert caught.value.remedy
        assert rig.starts == 3

        rig.launcher.extra = QUICK
        rig.supervisor.forgive("small")
        assert state(rig) is ServerState.STOPPED
        assert (await rig.supervisor.acquire(role())).alive


async def test_a_draft_model_that_crashes_the_load_is_left_out_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with rigged(tmp_path) as rig:
        whole = rig.launcher.command

        def command(role: RoleSpec, alias: str) -> list[str]:
            broken = ["--fault", "crash-on-load"] if role.model.draft else []
            return [*whole(role, alias), *broken]

        monkeypatch.setattr(rig.launcher, "command", command)
        model = role().model.model_copy(update={"draft": tmp_path / "draft.gguf"})
        server = await rig.supervisor.acquire(role().model_copy(update={"model": model}))
        (note,) = server.notes
        assert note.startswith("It runs without its draft model. ")
        assert rig.supervisor.states["small"].detail == note
        assert "tier A" in await ask(server.client, "hello")
        assert ServerState.QUARANTINED not in rig.states


async def test_crashes_far_apart_do_not_add_up(tmp_path: Path) -> None:
    async with rigged(tmp_path) as rig:
        for _ in range(4):
            server = await rig.supervisor.acquire(role())
            rig.now += 301
            with pytest.raises(EngineDied):
                await ask(server.client, "x /mock die-mid")
        assert (await rig.supervisor.acquire(role())).alive
        assert rig.slept == [0.5] * 4


@pytest.mark.parametrize(
    ("fault", "kind"), [("model-missing", ModelMissing), ("model-invalid", ModelInvalid)]
)
async def test_a_final_cause_is_not_tried_again_until_the_file_changes(
    tmp_path: Path, fault: str, kind: type[AppError]
) -> None:
    file = tmp_path / "model.gguf"
    async with rigged(tmp_path, "--fault", fault) as rig:
        for _ in range(3):
            with pytest.raises(kind) as caught:
                await rig.supervisor.acquire(role(path=str(file)))
            assert caught.value.remedy
        assert rig.starts == 1
        assert rig.states[-1] is ServerState.QUARANTINED

        rig.launcher.extra = QUICK
        file.write_bytes(b"another one")
        assert (await rig.supervisor.acquire(role(path=str(file)))).alive


@pytest.mark.parametrize("fault", ["never-ready", "silent"])
async def test_a_load_that_does_not_end_is_ended(tmp_path: Path, fault: str) -> None:
    async with rigged(tmp_path, "--fault", fault) as rig:
        with pytest.raises(EngineStartFailed, match="not loaded within"):
            await rig.supervisor.acquire(role(load_s=1.5))
        assert not engine_processes()


async def test_a_stranger_in_the_engines_place_is_refused(tmp_path: Path) -> None:
    async with rigged(tmp_path, "--alias", "stranger") as rig:
        with pytest.raises(AppError, match="Another program"):
            await rig.supervisor.acquire(role())
        assert not engine_processes()


async def test_stop_leaves_no_process_and_acquire_starts_anew(tmp_path: Path) -> None:
    async with rigged(tmp_path) as rig:
        first = await rig.supervisor.acquire(role())
        await rig.supervisor.stop("small")
        assert not engine_processes()
        assert first.state is ServerState.STOPPED
        assert rig.states[-2:] == [ServerState.STOPPING, ServerState.STOPPED]
        second = await rig.supervisor.acquire(role())
        assert second.pid != first.pid
        assert rig.slept == []
        await rig.supervisor.stop("nobody")


async def test_stop_in_mid_answer_ends_the_answer_with_a_reason(tmp_path: Path) -> None:
    async with rigged(tmp_path) as rig:
        server = await rig.supervisor.acquire(role())
        chat = server.client.chat(question("x /mock stall"))
        await anext(chat)
        stopping = asyncio.create_task(rig.supervisor.stop("small"))
        with pytest.raises(EngineDied, match="stopped"):
            async for _ in chat:
                pass
        await stopping


@pytest.mark.parametrize("hooks", ["asyncio's hooks", "no hooks, as on Qt's loop"])
async def test_closing_a_chat_early_frees_the_engine(tmp_path: Path, hooks: str) -> None:
    async with rigged(tmp_path) as rig:
        server = await rig.supervisor.acquire(role())
        before = sys.get_asyncgen_hooks()
        if hooks.startswith("no"):
            sys.set_asyncgen_hooks(None, None)
        try:
            chat = server.client.chat(question("x /mock stall"))
            await anext(chat)
            assert (await server.client.health()).busy == 1
            await chat.aclose()
            while (await server.client.health()).busy:
                pass
        finally:
            sys.set_asyncgen_hooks(*before)


async def test_stop_while_loading_tells_those_who_wait(tmp_path: Path) -> None:
    async with rigged(tmp_path, "--fault", "never-ready") as rig:
        loading = asyncio.Event()
        waiting = asyncio.create_task(
            rig.supervisor.acquire(role(), on_progress=lambda _: loading.set())
        )
        await loading.wait()
        await rig.supervisor.stop("small")
        with pytest.raises(EngineStartFailed, match="stopped"):
            await waiting
        assert not engine_processes()
        assert rig.states[-1] is ServerState.STOPPED


async def test_two_models_run_side_by_side_and_close_ends_both(tmp_path: Path) -> None:
    async with rigged(tmp_path) as rig:
        one, two = await asyncio.gather(
            rig.supervisor.acquire(role("one")), rig.supervisor.acquire(role("two"))
        )
        assert one.pid != two.pid
        assert len(engine_processes()) == 2
        await rig.supervisor.close()
        assert not engine_processes()
        with pytest.raises(EngineStartFailed, match="closing"):
            await rig.supervisor.acquire(role("one"))
        assert (rig.paths.data / "engines.json").read_text() == "[]"
