"""Questions are embedded to be routed: real engines, asked as everybody asks."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.chat import ChatMessage
from app.domain.events import ServerState, ServerStateChanged
from app.domain.settings import Settings
from app.platform.instance import Instance, Owner
from app.platform.paths import Paths
from app.wiring import App, build
from tests.e2e.test_ledger import _echelon

# One answering model alone leaves nothing to decide.
REGISTRY = """
mode: full
models:
  small: {path: "starter:front.gguf", context: 512}
  large: {path: "starter:front.gguf", context: 512}
  meaning: {path: "starter:all-MiniLM-L6-v2-q8_0.gguf", context: 512, embeddings: true}
roles:
  front: {tier: A, model: small}
  architect: {tier: B, model: large}
  embed: {tier: D, model: meaning}
"""
EMBEDDING = "meaning"


async def _ask(core: App, text: str) -> None:
    await core.turns.send((ChatMessage(role="user", content=text),)).wait()


async def _doctor(core: App) -> dict[str, Any]:
    found: dict[str, Any] = {}
    async for answer in core.door.handle({"op": "doctor"}):
        found.update(answer)
    rows = found["answer"]["mechanisms"]
    return next(each for each in rows if each["name"] == "neighbours by meaning")


async def test_meanings_are_kept_once_the_model_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is measured elsewhere: a busy computer embeds late, and late is too late.
    monkeypatch.setattr("app.orchestration.router.meaning.LIMIT_S", 30.0)
    paths = Paths.discover(tmp_path)
    paths.ensure()
    owner = Instance.acquire(paths)
    assert isinstance(owner, Owner)
    loaded = asyncio.Event()

    def changed(event: ServerStateChanged) -> None:
        if event.model == EMBEDDING and event.state is ServerState.READY:
            loaded.set()

    registry = tmp_path / "registry.yaml"
    registry.write_text(REGISTRY, "utf-8")
    settings = Settings.model_validate({"registry": registry})
    async with build(settings, paths, owner, has_window=False) as core:
        core.bus.on(ServerStateChanged, changed)
        assert (await _doctor(core))["reason"] == "it is loaded when 3 questions want it"
        for text in ("What is 2 + 2?", "Name a colour.", "Spell cat."):
            assert not loaded.is_set()
            await _ask(core, text)
        await asyncio.wait_for(loaded.wait(), 60)
        await _ask(core, "Which town is in the north?")
        told = await _doctor(core)
        assert told["condition"] == "observing"
        assert told["reason"] == "0 questions are known by it, from 30 on it counts"
    exported = _echelon(tmp_path, "ledger", "export").stdout
    turns = [json.loads(line) for line in exported.splitlines() if '"row":"turn"' in line]
    sizes = [len(each.get("embedding", ())) for each in turns]
    assert sizes[:3] == [0, 0, 0]
    assert sizes[3] == 384
