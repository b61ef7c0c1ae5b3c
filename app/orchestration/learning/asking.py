"""Asks models outside of turns, while nobody else needs them."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any, Final

from app.domain.chat import ChatMessage
from app.domain.errors import EngineStalled, RoleUnknown
from app.domain.generation import ChatRequest, FinalChunk, TextChunk, TokenLogprob
from app.domain.models import RoleSpec, Roster
from app.engines.base import FirstWords
from app.engines.fleet import Engines, ReadyServer
from app.orchestration.gate.gate import Answer
from app.orchestration.requests import json_form
from app.orchestration.router.sources import Sources
from app.orchestration.window import fit_thread

# Longer answers are not waited for when nobody has asked.
LONGEST: Final = 400
LONGEST_S: Final = 120.0


class Asking:
    """Asks roles for answers and for first words. Decides nothing."""

    def __init__(self, engines: Engines, roster: Roster, sources: Sources) -> None:
        """Ask the roles of `roster`; `sources` know who can be asked now."""
        self._engines = engines
        self._roster = roster
        self._sources = sources

    def free(self, role: RoleSpec) -> bool:
        """Whether a role can be asked without anybody leaving memory, or money being spent."""
        model = role.model
        if model.engine == "remote" or self._sources.absent(model.name):
            return False
        broken = self._sources.breaker.why_not(model.name) if self._sources.breaker else ""
        there = self._sources.standing(model)
        return not broken and not there.why_not and not there.debt_s

    async def answer(
        self, role: str, thread: Sequence[ChatMessage], schema: Mapping[str, Any] | None = None
    ) -> Answer | None:
        """Return what a role answers, as JSON of a form if one is wanted; None where it cannot.

        It cannot where it has more to read than it can, or does not know how to keep to a form.

        Raises:
            AppError: it broke, or it is in no state to answer.
        """
        spec = self._role(role)
        async with _patient(), self._engines.lease(spec) as server:
            messages = await _fitted(spec, server, thread)
            if messages is None or (schema is not None and not server.client.caps.grammar):
                return None
            return await _answered(server, _request(spec, server, messages, schema))

    async def first_words(
        self, role: str, thread: Sequence[ChatMessage], top: int
    ) -> Mapping[str, float]:
        """Return with what tokens a role would most likely begin, with log-probabilities.

        Raises:
            AppError: it broke, or it is in no state to answer.
        """
        spec = self._role(role)
        async with _patient(), self._engines.lease(spec) as server:
            client = server.client
            messages = await _fitted(spec, server, thread)
            if messages is None or not (client.caps.logprobs and isinstance(client, FirstWords)):
                return {}
            return await client.first_tokens([message.wire() for message in messages], top)

    def _role(self, name: str) -> RoleSpec:
        found = self._roster.find(name)
        if found is None:
            raise RoleUnknown(f"There is no role “{name}”.", remedy="Start Echelon again.")
        return found


@asynccontextmanager
async def _patient() -> AsyncIterator[None]:
    """Wait for an engine no longer than it is worth."""
    try:
        async with asyncio.timeout(LONGEST_S):
            yield
    except TimeoutError as error:
        raise EngineStalled("An engine took too long at idle.", remedy="Nothing waits.") from error


async def _fitted(
    role: RoleSpec, server: ReadyServer, thread: Sequence[ChatMessage]
) -> Sequence[ChatMessage] | None:
    system = (ChatMessage(role="system", content=role.system_prompt),) if role.system_prompt else ()
    fitted = await fit_thread(
        server.client.count, (*system, *thread), window=server.context, answer_tokens=LONGEST
    )
    return None if fitted.dropped else fitted.messages


def _request(
    role: RoleSpec,
    server: ReadyServer,
    messages: Sequence[ChatMessage],
    schema: Mapping[str, Any] | None,
) -> ChatRequest:
    sampling = role.sampling.model_dump()
    sampling["max_tokens"] = min(LONGEST, role.sampling.max_tokens)
    return ChatRequest(
        messages=tuple(message.wire() for message in messages),
        sampling=sampling,
        logprobs=server.client.caps.logprobs,
        form=json_form(schema) if schema is not None else None,
        template={"enable_thinking": role.thinking} if server.client.caps.thinks else {},
    )


async def _answered(server: ReadyServer, request: ChatRequest) -> Answer:
    text, reason = "", ""
    tokens: list[TokenLogprob] = []
    async with aclosing(server.client.chat(request)) as chunks:
        async for chunk in chunks:
            if isinstance(chunk, TextChunk):
                text += chunk.text
                tokens += chunk.logprobs
            elif isinstance(chunk, FinalChunk):
                reason = chunk.finish_reason
    margins = tuple(each.margin for each in tokens if each.margin is not None)
    return Answer(
        text=text,
        logprobs=tuple(each.logprob for each in tokens),
        margins=margins if len(margins) == len(tokens) else (),
        finish_reason=reason,
        tokens=len(tokens),
    )
