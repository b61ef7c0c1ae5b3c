"""Yesterday's conversation goes on without being read again, until its chat is deleted."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from app.domain.generation import ChatRequest, FinalChunk
from app.domain.models import ModelSpec, RoleSpec, Tier
from app.engines.supervisor import STATES_FOLDER, Server, Supervisor
from app.platform.bus import Bus
from app.platform.net import NetworkPolicy
from app.platform.paths import Paths
from app.platform.tasks import TaskOwner
from tests.e2e.test_runner_harness import FRONT

# Long enough to be worth keeping, and short enough for the window.
LEAST, MOST = 300, 400


@asynccontextmanager
async def day(folder: Path) -> AsyncIterator[tuple[Supervisor, Server]]:
    """Start the engines as the program does, and stop them in good order."""
    paths = Paths.discover(folder)
    paths.ensure()
    tasks = TaskOwner()
    policy = NetworkPolicy(local_only=True, clock=time.time)
    supervisor = Supervisor(paths, Bus(), tasks, policy)
    spec = ModelSpec(name="front", path=FRONT, context=512)
    server = await supervisor.acquire(RoleSpec(name="front", tier=Tier.A, model=spec))
    try:
        yield supervisor, server
    finally:
        await supervisor.close()
        await tasks.close(5)


async def long_text(server: Server) -> str:
    """Return a text of enough tokens, whatever the model's tokens are."""
    things = ["Things are red."]
    while await server.client.count(" ".join(things)) < LEAST:
        things.append(f"Thing {len(things)} is red.")
    assert await server.client.count(" ".join(things)) < MOST
    return " ".join(things)


async def reused(server: Server, *more: str) -> int:
    """Ask about the long text and return how many tokens of the prompt were not read again."""
    words = (await long_text(server), *more)
    messages = tuple({"role": "user", "content": text} for text in words)
    request = ChatRequest(messages=messages, sampling={"temperature": 0, "max_tokens": 4})
    timings = None
    async for chunk in server.client.chat(request):
        if isinstance(chunk, FinalChunk):
            timings = chunk.timings
    assert timings is not None
    return timings.cache_n


async def test_a_conversation_goes_on_the_next_day(tmp_path: Path) -> None:
    async with day(tmp_path) as (_, server):
        assert await reused(server) == 0
    assert list((tmp_path / STATES_FOLDER).glob("*"))
    async with day(tmp_path) as (_, server):
        assert await reused(server, "And now?") > LEAST


async def test_a_deleted_chat_is_on_no_disk_and_in_no_memory(tmp_path: Path) -> None:
    async with day(tmp_path) as (supervisor, server):
        await reused(server)
        await supervisor.forget_texts()
        assert await reused(server) == 0
        await supervisor.forget_texts()
    assert not list((tmp_path / STATES_FOLDER).glob("*"))
