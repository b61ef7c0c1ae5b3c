"""A real llama-server under the supervisor: the truth about its slots, its causes, its end."""

import asyncio
import base64
import os
import signal
import struct
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from app.domain.chat import ChatMessage
from app.domain.errors import (
    AppError,
    EngineAnswerInvalid,
    EngineDied,
    EngineUnfit,
    ModelInvalid,
    ModelMissing,
)
from app.domain.events import ServerState
from app.domain.generation import ChatRequest, FinalChunk, TextChunk
from app.domain.gguf import read_header
from app.domain.models import LlamaServerOptions, ModelSpec, RoleSpec, Tier
from app.engines.server import Server
from app.engines.supervisor import Supervisor
from app.platform.bus import Bus
from app.platform.net import NetworkPolicy
from app.platform.paths import Paths
from app.platform.tasks import TaskOwner
from tests.e2e.test_runner_harness import FRONT, MODELS
from tests.fakes.engines import ask
from tests.fakes.llama_servers import llama_server
from tests.zoo.eyes import PATCHES, write_eyes

QUESTION = "What is the capital of Japan?"
DRAFT = MODELS / "draft.gguf"
EMBEDDER = MODELS / "all-MiniLM-L6-v2-q8_0.gguf"


@pytest.fixture(autouse=True, scope="module")
def program() -> Path:
    """Skip all of this where there is no llama-server."""
    return llama_server()


def role(*, options: dict[str, Any] | None = None, **fields: Any) -> RoleSpec:
    launch = LlamaServerOptions.model_validate({"binary": llama_server(), **(options or {})})
    given = {"name": "m", "path": FRONT, "engine": "llama-server", "context": 512, "threads": 2}
    model = ModelSpec.model_validate({**given, **fields, "llama_server": launch})
    return RoleSpec(name="front", tier=Tier.A, model=model)


@asynccontextmanager
async def supervised(folder: Path) -> AsyncIterator[Supervisor]:
    paths = replace(Paths.discover(folder), runtime=folder / "run")
    paths.ensure()
    bus, tasks = Bus(), TaskOwner()
    supervisor = Supervisor(paths, bus, tasks, NetworkPolicy(local_only=True, clock=lambda: 0.0))
    try:
        yield supervisor
    finally:
        await supervisor.close()
        await tasks.close(1.0)
    assert not processes(), "a llama-server outlived its supervisor"


def processes() -> list[psutil.Process]:
    found = psutil.Process().children(recursive=True)
    return [each for each in found if each.name().startswith("llama-server")]


async def timings_of(server: Server) -> Any:
    message = {"role": "user", "content": QUESTION}
    request = ChatRequest(messages=(message,), sampling={"temperature": 0, "max_tokens": 40})
    *_, end = [chunk async for chunk in server.client.chat(request)]
    assert isinstance(end, FinalChunk)
    return end.timings


async def test_it_starts_answers_and_ends_with_the_supervisor(tmp_path: Path) -> None:
    async with supervised(tmp_path) as supervisor:
        server = await supervisor.acquire(role(sequences=3))
        assert (server.card.n_ctx, server.card.sequences) == (512, 3)
        assert await ask(server.client, QUESTION)
        health = await server.client.health()
        assert health.tokens > 0
        assert (health.busy, health.queued) == (0, 0)
        (process,) = processes()
        assert process.pid == server.pid
        words = " ".join(process.cmdline())
        assert process.environ()["LLAMA_API_KEY"] not in words
        assert await server.client.count(QUESTION) > 3


PROFILES: list[tuple[dict[str, Any], dict[str, Any], bool, str]] = [
    ({"speculation": False}, {}, False, ""),
    ({}, {"profile": "ngram"}, True, ""),
    ({"draft": DRAFT}, {}, True, ""),
    ({"draft": EMBEDDER}, {}, True, "The draft model does not fit"),
    ({}, {"profile": "mtp"}, True, "no layers for multi-token prediction"),
    ({"gated": True, "draft": DRAFT}, {}, False, "log-probability of every token"),
]


@pytest.mark.parametrize(("fields", "options", "speculates", "note"), PROFILES)
async def test_a_profile_is_what_the_slots_say(
    tmp_path: Path, fields: dict[str, Any], options: dict[str, Any], speculates: bool, note: str
) -> None:
    async with supervised(tmp_path) as supervisor:
        server = await supervisor.acquire(role(options=options, **fields))
        assert server.card.speculative is speculates
        assert server.client.caps.logprobs is not speculates
        assert note in " ".join(server.notes)
        assert bool(server.notes) == bool(note)
        state = supervisor.states["m"]
        assert (state.state, state.detail) == (ServerState.READY, " ".join(server.notes))
        timings = await timings_of(server)
        if not speculates:
            assert timings.draft_n == 0
        elif fields.get("draft") == DRAFT:
            assert timings.draft_n > 0


async def test_a_draft_model_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.gguf"
    damaged.write_bytes(FRONT.read_bytes()[:5000])
    async with supervised(tmp_path) as supervisor:
        server = await supervisor.acquire(role(draft=damaged))
        assert "runs without its draft model" in server.notes[0]
        assert await ask(server.client, QUESTION)


async def test_a_model_that_cannot_be_loaded_is_told_by_its_cause(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.gguf"
    damaged.write_bytes(FRONT.read_bytes()[:5000])
    causes: list[tuple[RoleSpec, type[AppError]]] = [
        (role(name="a", path=damaged), ModelInvalid),
        (role(name="b", path=tmp_path / "none.gguf"), ModelMissing),
        (role(name="c", options={"mmproj": damaged}), ModelInvalid),
        (role(name="d", options={"binary": Path("/bin/ls")}), EngineUnfit),
    ]
    async with supervised(tmp_path) as supervisor:
        for asked, kind in causes:
            with pytest.raises(kind) as caught:
                await supervisor.acquire(asked)
            assert caught.value.remedy


async def test_a_crash_in_mid_answer_is_told_and_the_next_acquire_works(tmp_path: Path) -> None:
    async with supervised(tmp_path) as supervisor:
        server = await supervisor.acquire(role())
        message = {"role": "user", "content": "word " * 400}
        chat = server.client.chat(ChatRequest(messages=(message,), sampling={"max_tokens": 100}))
        await anext(chat)
        os.kill(server.pid, signal.SIGSEGV)
        with pytest.raises(EngineDied, match="crashed"):
            async for _ in chat:
                pass
        again = await supervisor.acquire(role())
        assert again.pid != server.pid
        assert await ask(again.client, QUESTION)


async def test_a_port_that_was_taken_meanwhile_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = taken.sockets[0].getsockname()[1]
    from app.engines.llama_server import recipe

    choose = recipe._free_port
    ports = iter([port])
    monkeypatch.setattr(recipe, "_free_port", lambda: next(ports, 0) or choose())
    async with supervised(tmp_path) as supervisor:
        server = await supervisor.acquire(role())
        assert await ask(server.client, QUESTION)
    taken.close()


async def test_embeddings_come_from_a_llama_server_too(tmp_path: Path) -> None:
    async with supervised(tmp_path) as supervisor:
        server = await supervisor.acquire(role(path=EMBEDDER, embeddings=True))
        one, two = await server.client.embed(["a cat", "a dog"])
        assert len(one) == len(two) == 384


async def test_with_eyes_a_picture_is_read(tmp_path: Path) -> None:
    eyes = tmp_path / "eyes.gguf"
    with FRONT.open("rb") as file:
        width = read_header(file).metadata["llama.embedding_length"]
    assert isinstance(width, int)
    write_eyes(eyes, model_width=width)
    async with supervised(tmp_path) as supervisor:
        server = await supervisor.acquire(role(options={"mmproj": eyes}))
        assert server.card.vision
        assert server.client.caps.vision
        assert not server.notes
        sizes = []
        for images in ((), (picture((255, 0, 0)),)):
            message = ChatMessage(role="user", content="What is this?", images=images)
            request = ChatRequest(messages=(message.wire(),), sampling={"max_tokens": 8})
            *_, end = [chunk async for chunk in server.client.chat(request)]
            assert isinstance(end, FinalChunk)
            assert end.timings is not None
            sizes.append(end.timings.prompt_n + end.timings.cache_n)
        assert sizes[1] >= sizes[0] + PATCHES


async def test_without_eyes_a_picture_is_refused(tmp_path: Path) -> None:
    async with supervised(tmp_path) as supervisor:
        server = await supervisor.acquire(role())
        assert not server.client.caps.vision
        message = ChatMessage(role="user", content="?", images=(picture((0, 0, 0)),))
        with pytest.raises(EngineAnswerInvalid, match="image input is not supported"):
            await anext(server.client.chat(ChatRequest(messages=(message.wire(),))))


def picture(colour: tuple[int, int, int]) -> str:
    """Return a small picture of one colour, as it stands in a message."""
    rows = b"".join(b"\0" + bytes(colour) * 28 for _ in range(28))
    parts = [_part(b"IHDR", struct.pack(">IIBBBBB", 28, 28, 8, 2, 0, 0, 0))]
    parts += [_part(b"IDAT", zlib.compress(rows)), _part(b"IEND", b"")]
    data = b"\x89PNG\r\n\x1a\n" + b"".join(parts)
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


def _part(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


async def test_tokens_are_scored_in_a_stream_with_tools(tmp_path: Path) -> None:
    tool = {"name": "look", "parameters": {"type": "object", "properties": {}}}
    request = ChatRequest(
        messages=({"role": "user", "content": QUESTION},),
        tools=({"type": "function", "function": tool},),
        sampling={"temperature": 0, "max_tokens": 20},
        logprobs=True,
    )
    async with supervised(tmp_path) as supervisor:
        server = await supervisor.acquire(role(gated=True))
        chunks = [chunk async for chunk in server.client.chat(request)]
    tokens = [each for chunk in chunks if isinstance(chunk, TextChunk) for each in chunk.logprobs]
    assert tokens
    assert all(each.margin is not None for each in tokens)
