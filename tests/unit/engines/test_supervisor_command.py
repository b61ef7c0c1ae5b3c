"""The command of an engine is told without starting one."""

import asyncio
from pathlib import Path

import pytest

from app.domain.errors import EngineUnfit
from app.domain.models import LlamaServerOptions, ModelSpec, RoleSpec, Tier
from app.engines.launch import TOKEN_VARIABLE
from app.engines.supervisor import Supervisor
from app.platform.bus import Bus
from app.platform.net import NetworkPolicy
from app.platform.paths import Paths
from app.platform.tasks import TaskOwner


@pytest.fixture
def supervisor(tmp_path: Path) -> Supervisor:
    policy = NetworkPolicy(local_only=True, clock=lambda: 0.0)
    return Supervisor(Paths.discover(tmp_path), Bus(), TaskOwner(), policy)


def role(**fields: object) -> RoleSpec:
    model = {"name": "small", "path": Path("small.gguf"), "context": 640, **fields}
    return RoleSpec(name="front", tier=Tier.A, model=ModelSpec.model_validate(model))


def test_it_says_how_the_model_is_loaded_and_starts_nothing(supervisor: Supervisor) -> None:
    command = asyncio.run(supervisor.command(role(threads=3)))
    words = " ".join(command)
    assert command[1:3] == ("-m", "app.engines.runner")
    assert "--threads 3" in words
    assert "--context 640" in words
    assert TOKEN_VARIABLE not in words
    assert supervisor.servers == ()
    assert supervisor.states == {}


def test_a_build_that_is_not_there_is_said(supervisor: Supervisor, tmp_path: Path) -> None:
    options = LlamaServerOptions(binary=tmp_path / "none")
    with pytest.raises(EngineUnfit):
        asyncio.run(supervisor.command(role(engine="llama-server", llama_server=options)))
