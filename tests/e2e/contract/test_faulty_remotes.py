"""Remotes that are down, slow, strange or strict: always an error with a remedy, or an answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.domain.errors import (
    AppError,
    ContextExceeded,
    EngineAnswerInvalid,
    EngineDied,
    NetworkForbidden,
    RemoteBusy,
    RemoteDown,
    RemoteKeyRefused,
    RemoteUnfit,
    RequestInvalid,
)
from app.domain.events import ServerState, ServerStateChanged
from app.domain.generation import ChatRequest, FinalChunk, TextChunk
from app.domain.models import ModelSpec, RemoteOptions, RoleSpec, Tier, Timeouts
from app.engines.remote.remotes import Remotes, RemoteServer
from app.engines.restarts import Pace
from app.platform.bus import Bus
from app.platform.net import NetworkPolicy
from tests.fakes.faulty_remote import (
    DONE,
    GOOD,
    USAGE,
    Ending,
    Reply,
    chunk,
    faulty_remote,
    logprob,
    page,
    refused,
    said,
    streamed,
)

REQUEST = ChatRequest(
    messages=({"role": "user", "content": "hello"},),
    sampling={"temperature": 0.0, "top_k": 40, "max_tokens": 64, "seed": None, "stop": ()},
    logprobs=True,
)


@dataclass
class House:
    """Remotes without real pauses, and what they said."""

    remotes: Remotes
    events: list[ServerStateChanged] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    async def reach(self, url: str, **options: Any) -> RemoteServer:
        return await self.remotes.acquire(role(url, **options))

    async def ask(self, server: RemoteServer) -> str:
        chunks = [chunk async for chunk in server.client.chat(REQUEST)]
        assert isinstance(chunks[-1], FinalChunk)
        return "".join(chunk.text for chunk in chunks if isinstance(chunk, TextChunk))


def role(url: str, *, gated: bool = False, load_s: float = 20.0, **options: object) -> RoleSpec:
    remote = RemoteOptions.model_validate({"url": url, **options})
    model = ModelSpec(name="far", engine="remote", context=8192, remote=remote, gated=gated)
    return RoleSpec(name="expert", tier=Tier.B, model=model, timeouts=Timeouts(load_s=load_s))


@asynccontextmanager
async def house(*, local_only: bool = True) -> AsyncIterator[House]:
    bus, slept = Bus(), list[float]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    policy = NetworkPolicy(local_only=local_only, clock=lambda: 0.0)
    remotes = Remotes(bus, policy, {"far": "secret"}.get, pace=Pace(sleep=sleep))
    found = House(remotes, slept=slept)
    bus.on(ServerStateChanged, found.events.append)
    try:
        yield found
    finally:
        await remotes.close()


async def test_a_good_remote_is_explored_and_answers() -> None:
    async with faulty_remote() as remote, house() as at:
        server = await at.reach(remote.url, key="keyring:far")
        assert await at.ask(server) == "Hello world."
        assert server.context == 4096
        assert (server.client.caps.logprobs, server.client.caps.tools) == (True, True)
        assert await at.reach(remote.url, key="keyring:far") is server
    trial, asked = remote.bodies()
    assert trial["max_tokens"] <= 8
    assert asked == {
        "model": "big",
        "messages": [{"role": "user", "content": "hello"}],
        "stream": True,
        "temperature": 0.0,
        "max_tokens": 64,
        "stream_options": {"include_usage": True},
        "logprobs": True,
    }
    assert {headers["authorization"] for _, headers, _ in remote.asked} == {"Bearer secret"}
    states = [event.state for event in at.events]
    assert states == [ServerState.STARTING, ServerState.READY, ServerState.STOPPED]


async def test_what_it_counts_is_told_and_timed() -> None:
    async with faulty_remote() as remote, house() as at:
        server = await at.reach(remote.url)
        *_, end = [chunk async for chunk in server.client.chat(REQUEST)]
    assert isinstance(end, FinalChunk)
    assert end.timings is not None
    assert (end.timings.prompt_n, end.timings.cache_n, end.timings.predicted_n) == (5, 4, 3)
    assert end.timings.predicted_per_second > 0


async def test_the_stream_may_be_cut_anywhere() -> None:
    whole = b"".join([chunk("Grüße, 世界 👩\u200d🚀"), chunk(finish="stop"), DONE])
    single = [whole[at : at + 1] for at in range(len(whole))]
    async with faulty_remote(streamed(), streamed(*single)) as remote, house() as at:
        assert await at.ask(await at.reach(remote.url)) == "Grüße, 世界 👩\u200d🚀"


REFUSED: list[tuple[Reply, type[AppError], str]] = [
    (refused(401, "no key"), RemoteKeyRefused, "no key"),
    (refused(403, "not you"), RemoteKeyRefused, "not you"),
    (refused(404, "no model big"), RemoteUnfit, "no model big"),
    (refused(400, "This model's maximum context length is 4096 tokens"), ContextExceeded, "longer"),
    (refused(400, "temperature must be less"), RequestInvalid, "temperature"),
    (said({"detail": "stop: not a list"}, 422), RequestInvalid, "stop: not a list"),
    (page(), EngineAnswerInvalid, "a web page"),
    (page(404), EngineAnswerInvalid, "a web page"),
    (Reply(302, headers={"Location": "/login"}), EngineAnswerInvalid, "a web page"),
    (said({"choices": []}), EngineAnswerInvalid, "whole answer at once"),
    (streamed(b"data: {half\n\n"), EngineAnswerInvalid, "no JSON"),
    (streamed(b"data: 7\n\n"), EngineAnswerInvalid, "no object"),
    (streamed(b'data: {"choices": [{"delta": 3}]}\n\n'), EngineAnswerInvalid, "fields"),
    (streamed(b'data: {"error": {"message": "oops"}}\n\n'), EngineAnswerInvalid, "oops"),
    (streamed(b"data: " + b"x" * 5_000_000), EngineAnswerInvalid, "fields"),
]


@pytest.mark.parametrize(("reply", "kind", "words"), REFUSED)
async def test_what_will_not_change_is_told_at_once(
    reply: Reply, kind: type[AppError], words: str
) -> None:
    async with faulty_remote(streamed(), reply) as remote, house() as at:
        server = await at.reach(remote.url)
        with pytest.raises(kind, match=words) as caught:
            await at.ask(server)
        assert caught.value.remedy
        assert at.slept == []
        assert len(remote.bodies()) == 2


PASSING: list[tuple[Reply, type[AppError]]] = [
    (refused(429, "slow down"), RemoteBusy),
    (refused(429, "slow down", retry_after="7"), RemoteBusy),
    (refused(500, "out of memory"), RemoteDown),
    (page(502), RemoteDown),
    (refused(503, "loading"), RemoteDown),
    (streamed(b'data: {"choi', ending="reset"), RemoteDown),
    (streamed(chunk(finish=None)), RemoteDown),
]


@pytest.mark.parametrize(("reply", "kind"), PASSING)
async def test_what_may_pass_is_tried_again_before_the_first_word(
    reply: Reply, kind: type[AppError]
) -> None:
    async with faulty_remote(streamed(), reply, reply, streamed()) as remote, house() as at:
        assert await at.ask(await at.reach(remote.url)) == "Hello world."
        assert len(at.slept) == 2
    async with faulty_remote(streamed(), reply) as remote, house() as at:
        server = await at.reach(remote.url)
        with pytest.raises(kind) as caught:
            await at.ask(server)
        assert caught.value.remedy
        assert len(remote.bodies()) == 4


async def test_a_remote_says_how_long_to_wait() -> None:
    soon = refused(429, "slow down", retry_after="7")
    async with faulty_remote(streamed(), soon, streamed()) as remote, house() as at:
        assert await at.ask(await at.reach(remote.url)) == "Hello world."
        assert at.slept == [7.0]
    late = refused(429, "quota", retry_after="3600")
    async with faulty_remote(streamed(), late) as remote, house() as at:
        server = await at.reach(remote.url)
        with pytest.raises(RemoteBusy, match="3600 seconds"):
            await at.ask(server)
        assert at.slept == []


@pytest.mark.parametrize("ending", ["close", "reset"])
async def test_after_the_first_word_nothing_is_tried_again(ending: Ending) -> None:
    cut = streamed(chunk("Once"), ending=ending)
    async with faulty_remote(streamed(), cut) as remote, house() as at:
        server = await at.reach(remote.url)
        chat = server.client.chat(REQUEST)
        assert await anext(chat) == TextChunk(text="Once")
        with pytest.raises(EngineDied, match="in the middle") as caught:
            await anext(chat)
        assert caught.value.remedy
        assert at.slept == []


async def test_leaving_a_slow_answer_closes_the_connection() -> None:
    async with (
        faulty_remote(streamed(), streamed(chunk("x"), ending="hang")) as remote,
        house() as at,
    ):
        server = await at.reach(remote.url)
        chat = server.client.chat(REQUEST)
        await anext(chat)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await anext(chat)
        assert remote.hung.is_set()


async def test_a_remote_that_is_down_is_told_and_tried_anew_when_asked() -> None:
    async with faulty_remote() as remote:
        pass
    async with house() as at:
        for _ in range(5):  # no quarantine: asking costs nothing
            with pytest.raises(RemoteDown, match="cannot be reached") as caught:
                await at.reach(remote.url)
            assert caught.value.remedy
        assert at.remotes.states["far"].state is ServerState.CRASHED
        assert "cannot be reached" in at.remotes.states["far"].detail


async def test_a_remote_that_went_down_is_explored_anew() -> None:
    gone = [refused(500, "gone")] * 3
    async with faulty_remote(streamed(), *gone, streamed()) as remote, house() as at:
        server = await at.reach(remote.url)
        with pytest.raises(RemoteDown):
            await at.ask(server)
        assert at.remotes.states["far"].state is ServerState.CRASHED
        again = await at.reach(remote.url)
        assert again is not server
        assert await at.ask(again) == "Hello world."


async def test_a_remote_that_does_not_react_is_given_up() -> None:
    async with faulty_remote(streamed(b": wait\n\n", ending="hang")) as remote, house() as at:
        with pytest.raises(RemoteDown, match=r"within 0\.2 seconds"):
            await at.reach(remote.url, load_s=0.2)


MODELS: list[tuple[Reply, str, str]] = [
    (said({"data": [{"id": "big"}, {"id": "small"}]}), "", "names none"),
    (said({"data": [{"id": "big"}, {"id": "small"}]}), "bigg", "did you mean `big`"),
    (said({"data": []}), "", "lists no models"),
    (page(), "big", "a web page"),
    (refused(401, "who are you"), "big", "does not accept our key"),
    (said([1, 2]), "big", "no object"),
]


@pytest.mark.parametrize(("models", "wish", "words"), MODELS)
async def test_a_model_that_cannot_be_had_is_named(models: Reply, wish: str, words: str) -> None:
    async with faulty_remote(models=models) as remote, house() as at:
        with pytest.raises(AppError, match=words) as caught:
            await at.reach(remote.url, model=wish)
        assert caught.value.remedy


async def test_without_a_list_the_named_model_is_believed() -> None:
    async with faulty_remote(models=refused(404, "no list")) as remote, house() as at:
        server = await at.reach(remote.url, model="mine")
        assert server.client.wording.model == "mine"
        assert server.context == 8192


async def test_what_a_strict_remote_refuses_is_left_out() -> None:
    replies = (
        refused(400, "unknown field stream_options"),
        refused(400, "'max_tokens' is not supported; use 'max_completion_tokens'"),
        refused(500, "tools param requires --jinja flag"),
        streamed(*GOOD[:4], DONE),
    )
    async with faulty_remote(*replies) as remote, house() as at:
        server = await at.reach(remote.url)
        assert await at.ask(server) == "Hello world."
        assert not server.client.caps.tools
    asked = remote.bodies()[-1]
    assert asked["max_completion_tokens"] == 64
    assert not {"max_tokens", "stream_options", "tools"} & set(asked)


async def test_a_remote_without_log_probabilities_says_that_no_gate_can_judge() -> None:
    bare = streamed(chunk("Hello"), chunk(" world."), chunk(finish="stop"), USAGE, DONE)
    async with faulty_remote(bare) as remote, house() as at:
        server = await at.reach(remote.url, gated=True)
        assert not server.client.caps.logprobs
        assert "no gate can judge it" in at.remotes.states["far"].detail


async def test_log_probabilities_of_the_first_token_alone_do_not_count() -> None:
    first = streamed(chunk("Hel", **logprob("Hel")), chunk("lo world"), chunk(finish="stop"), USAGE)
    async with faulty_remote(first) as remote, house() as at:
        assert not (await at.reach(remote.url)).client.caps.logprobs


async def test_a_missing_key_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FAR_KEY", raising=False)
    async with faulty_remote() as remote, house() as at:
        with pytest.raises(RemoteKeyRefused, match="no variable FAR_KEY"):
            await at.reach(remote.url, key="env:FAR_KEY")
        with pytest.raises(RemoteKeyRefused, match="no entry other"):
            await at.reach(remote.url, key="keyring:other")
        monkeypatch.setenv("FAR_KEY", "from the environment")
        await at.reach(remote.url, key="env:FAR_KEY")
    assert remote.asked[-1][1]["authorization"] == "Bearer from the environment"


async def test_local_only_forbids_what_is_elsewhere() -> None:
    async with house() as at:
        with pytest.raises(NetworkForbidden, match=r"models\.example"):
            await at.reach("http://models.example:8000/v1")
        assert at.remotes.states["far"].state is ServerState.CRASHED


async def test_embeddings_come_back_in_order() -> None:
    rows = {"data": [{"index": 1, "embedding": [3, 4]}, {"index": 0, "embedding": [1, 2]}]}
    async with faulty_remote() as remote, house() as at:
        remote.replies["/embeddings"] = [said(rows), said({"data": 3}), refused(500, "no")]
        client = (await at.reach(remote.url)).client
        assert await client.embed(["a", "b"]) == [[1.0, 2.0], [3.0, 4.0]]
        with pytest.raises(EngineAnswerInvalid):
            await client.embed(["a"])
        with pytest.raises(RemoteDown):
            await client.embed(["a"])
        assert (await client.health()).status == "ready"
