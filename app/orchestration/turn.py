"""The conductor: one question from the thread before it to exactly one end.

Every front-end enters here. The core owns the task, so no view can stall or kill an answer.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack, aclosing
from typing import Protocol

from app.domain.chat import ChatMessage, Receipt
from app.domain.errors import AppError, EmptyMessage, EngineDied, EngineStalled
from app.domain.events import (
    RouteChosen,
    Stage,
    StageChanged,
    TextArrived,
    TurnCancelled,
    TurnFailed,
    TurnFinished,
    TurnStarted,
)
from app.domain.generation import (
    CallChunk,
    ChatRequest,
    Chunk,
    FinalChunk,
    PromptProgress,
    ReasoningChunk,
    TextChunk,
)
from app.domain.models import RoleSpec
from app.engines.base import Engine
from app.engines.fleet import Engines, ReadyServer
from app.orchestration.eyes import shows_images, without_images
from app.orchestration.plan import Plan, Router
from app.orchestration.window import fit_thread
from app.platform.bus import Bus
from app.platform.tasks import TaskOwner

TurnEnd = TurnFinished | TurnFailed | TurnCancelled

_UNEXPECTED = "Something went wrong inside Echelon; the details are in the log."


def require_words(text: str) -> None:
    """Refuse a message without words."""
    if not text.strip():
        raise EmptyMessage("The message is empty.", remedy="Write something first.")


class Recorder(Protocol):
    """An observer that stores an answer while it grows; storing never stops a turn."""

    async def checkpoint(self, text: str) -> None:
        """Keep what is visible so far."""

    async def conclude(self, end: TurnEnd, receipt: Receipt | None) -> None:
        """Keep the end of the answer, before anybody is told of it."""


class Turn:
    """One running answer. Owns the visible text and the stage; publishes nothing itself."""

    def __init__(self, turn_id: str, started: float, *, load_anyway: bool = False) -> None:
        self.id = turn_id
        self.started = started
        self.load_anyway = load_anyway
        # Models that are paged in meanwhile; given up when the turn ends.
        self.expectations = ExitStack()
        self.text = ""
        self.stage = Stage.QUEUED
        self.fraction: float | None = None
        self.plan: Plan | None = None
        self.first_token_ms: float | None = None
        self.concluding = False
        self._end: TurnEnd | None = None
        self._ended = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def end(self) -> TurnEnd | None:
        """How the turn ended, or None while it runs."""
        return self._end

    def attach(self, task: asyncio.Task[None]) -> None:
        """Remember the task that does the work, so that it can be cancelled."""
        self._task = task

    def cancel(self) -> None:
        """Stop generating; what is visible stays."""
        if self._task is not None and not self.concluding:
            self._task.cancel()

    async def wait(self) -> TurnEnd:
        """Return the one end of this turn."""
        await self._ended.wait()
        assert self._end is not None
        return self._end

    def finish(self, end: TurnEnd) -> None:
        """Set the end; called once, by the conductor."""
        self._end = end
        self._ended.set()


class Turns:
    """Runs turns. Owns the running ones; publishes all turn events."""

    def __init__(
        self,
        *,
        bus: Bus,
        tasks: TaskOwner,
        engines: Engines,
        router: Router,
        clock: Callable[[], float],
        new_id: Callable[[], str],
    ) -> None:
        self._bus = bus
        self._tasks = tasks
        self._engines = engines
        self._router = router
        self._clock = clock
        self._new_id = new_id
        self._running: dict[str, Turn] = {}

    def send(
        self,
        thread: Sequence[ChatMessage],
        *,
        role: str = "",
        recorder: Recorder | None = None,
        conversation_id: str = "",
        message_id: str = "",
        load_anyway: bool = False,
    ) -> Turn:
        """Start answering the last message of `thread` and return at once.

        `load_anyway` loads the model also where it does not fit into memory.

        Raises:
            EmptyMessage: there is nothing to answer.
        """
        require_words(thread[-1].content if thread else "")
        turn = Turn(self._new_id(), self._clock(), load_anyway=load_anyway)
        started = TurnStarted(turn.id, conversation_id=conversation_id, message_id=message_id)
        self._running[turn.id] = turn
        work = self._conduct(turn, started, tuple(thread), role, recorder)
        task = self._tasks.spawn(work, name=f"turn {turn.id}")
        # A task that is cancelled before its first step never reaches its `finally`.
        task.add_done_callback(lambda _: self._conclude(turn, None, recorder))
        turn.attach(task)
        return turn

    def find(self, turn_id: str) -> Turn | None:
        """Return the running turn of that id, or None."""
        return self._running.get(turn_id)

    async def _conduct(
        self,
        turn: Turn,
        started: TurnStarted,
        thread: tuple[ChatMessage, ...],
        role: str,
        recorder: Recorder | None,
    ) -> None:
        end: TurnEnd | None = None
        try:
            self._bus.publish(started)
            end = await self._answer(turn, thread, role, recorder)
        except asyncio.CancelledError:
            end = TurnCancelled(turn.id, text=turn.text)
        except AppError as error:
            end = TurnFailed(turn.id, error.code, error.message, error.remedy, text=turn.text)
        finally:
            # Also when something unforeseen is on its way to the log: one end, always.
            end = end or TurnFailed(turn.id, AppError.code, _UNEXPECTED, "", text=turn.text)
            self._conclude(turn, end, recorder)

    def _conclude(self, turn: Turn, end: TurnEnd | None, recorder: Recorder | None) -> None:
        """Let the turn end once, even while the program is closing."""
        if turn.concluding:
            return
        turn.concluding = True
        end = end or TurnCancelled(turn.id, text=turn.text)
        work = self._finish(turn, end, recorder)
        self._tasks.spawn(work, name=f"end of turn {turn.id}", last_words=True)

    async def _finish(self, turn: Turn, end: TurnEnd, recorder: Recorder | None) -> None:
        if recorder is not None:
            receipt = self._receipt(turn, turn.plan) if turn.plan else None
            await recorder.conclude(end, receipt)
        del self._running[turn.id]
        turn.finish(end)
        self._bus.publish(end)

    async def _answer(
        self,
        turn: Turn,
        thread: tuple[ChatMessage, ...],
        role_name: str,
        recorder: Recorder | None,
    ) -> TurnFinished:
        turn.plan = plan = self._router.plan(thread, role=role_name)
        role = plan.role
        self._bus.publish(RouteChosen(turn.id, role.name, role.tier, role.model.name, plan.reason))
        with turn.expectations:
            try:
                return await self._attempt(turn, thread, role, recorder)
            except EngineDied:
                if turn.text:
                    raise
            # Nothing was shown yet: the same question to a fresh process harms nobody.
            self._stage(turn, Stage.RETRYING)
            return await self._attempt(turn, thread, role, recorder)

    async def _attempt(
        self,
        turn: Turn,
        thread: tuple[ChatMessage, ...],
        role: RoleSpec,
        recorder: Recorder | None,
    ) -> TurnFinished:
        async with self._ready_server(turn, role, thread) as server:
            if turn.plan is not None and turn.plan.likely_next is not None:
                expecting = self._engines.expecting(turn.plan.likely_next)
                turn.expectations.enter_context(expecting)
            return await self._ask(turn, server, thread, role, recorder)

    async def _ask(
        self,
        turn: Turn,
        server: ReadyServer,
        thread: tuple[ChatMessage, ...],
        role: RoleSpec,
        recorder: Recorder | None,
    ) -> TurnFinished:
        if shows_images(thread) and not server.client.caps.vision:
            thread = self._words_alone(turn, thread, role)
        system = (ChatMessage(role="system", content=role.system_prompt),)
        fitted = await fit_thread(
            server.client.count,
            (*(system if role.system_prompt else ()), *thread),
            window=server.context,
            answer_tokens=role.sampling.max_tokens,
        )
        if fitted.dropped and turn.plan is not None:
            turn.plan = turn.plan.with_note(fitted.note)
        request = ChatRequest(
            messages=tuple(message.wire() for message in fitted.messages),
            sampling=role.sampling.model_dump(),
            logprobs=role.gated and server.client.caps.logprobs,
        )
        final = await self._stream(turn, server.client, request, role, recorder)
        assert turn.plan is not None
        receipt = self._receipt(turn, turn.plan, final)
        return TurnFinished(turn.id, turn.text, receipt, final.timings)

    def _ready_server(
        self, turn: Turn, role: RoleSpec, thread: Sequence[ChatMessage]
    ) -> AbstractAsyncContextManager[ReadyServer]:
        if thread[-1].images and not role.model.sees:  # a load would change nothing
            raise self._router.cannot_see(role)

        def loading(fraction: float) -> None:
            self._stage(turn, Stage.LOADING, fraction)

        return self._engines.lease(
            role,
            on_progress=loading,
            on_wait=lambda: self._stage(turn, Stage.QUEUED),
            anyway=turn.load_anyway,
        )

    def _words_alone(
        self, turn: Turn, thread: tuple[ChatMessage, ...], role: RoleSpec
    ) -> tuple[ChatMessage, ...]:
        """Leave out pictures of earlier messages; the one that is asked about cannot be."""
        if thread[-1].images:
            raise self._router.cannot_see(role)
        if turn.plan is not None:
            turn.plan = turn.plan.with_note("images further up were left out, it cannot see")
        return without_images(thread)

    async def _stream(
        self,
        turn: Turn,
        engine: Engine,
        request: ChatRequest,
        role: RoleSpec,
        recorder: Recorder | None,
    ) -> FinalChunk:
        limits = role.timeouts
        async with aclosing(engine.chat(request)) as chunks:
            stream = aiter(chunks)
            while True:
                limit = limits.stall_s if turn.text else limits.first_token_s
                chunk = await self._next(stream, limit, role)
                if chunk is None:
                    raise EngineDied(
                        f"The {role.name} model stopped in the middle of the answer.",
                        remedy="What it wrote is kept. Ask again; it is being restarted.",
                    )
                if isinstance(chunk, FinalChunk):
                    return chunk
                await self._take(turn, chunk, recorder)

    async def _next(
        self, stream: AsyncIterator[Chunk], limit_s: float, role: RoleSpec
    ) -> Chunk | None:
        try:
            async with asyncio.timeout(limit_s):
                return await anext(stream, None)
        except TimeoutError:
            # It holds memory and answers nobody; the next turn starts a fresh process.
            await self._engines.stop(role.model.name)
            raise EngineStalled(
                f"The {role.name} model made no progress for {limit_s:.0f} seconds.",
                remedy="It was stopped; ask again, or raise its timeouts in model_registry.yaml.",
            ) from None

    async def _take(
        self,
        turn: Turn,
        chunk: TextChunk | ReasoningChunk | CallChunk | PromptProgress,
        recorder: Recorder | None,
    ) -> None:
        if isinstance(chunk, PromptProgress):
            self._stage(turn, Stage.READING, chunk.processed / max(chunk.total, 1))
            return
        if not isinstance(chunk, TextChunk) or not chunk.text:
            return  # log-probabilities of a token whose text is still held back
        if turn.first_token_ms is None:
            turn.first_token_ms = self._elapsed_ms(turn)
        turn.text += chunk.text
        self._bus.publish(TextArrived(turn.id, chunk.text))
        if recorder is not None:
            await recorder.checkpoint(turn.text)

    def _stage(self, turn: Turn, stage: Stage, fraction: float | None = None) -> None:
        turn.stage, turn.fraction = stage, fraction
        self._bus.publish(StageChanged(turn.id, stage, fraction))

    def _elapsed_ms(self, turn: Turn) -> float:
        return max(0.0, (self._clock() - turn.started) * 1000)

    def _receipt(self, turn: Turn, plan: Plan, final: FinalChunk | None = None) -> Receipt:
        role = plan.role
        return Receipt(
            role=role.name,
            tier=role.tier,
            model=role.model.name,
            reason=plan.reason,
            first_token_ms=turn.first_token_ms,
            total_ms=self._elapsed_ms(turn),
            finish_reason=final.finish_reason if final else "",
            timings=final.timings if final else None,
        )
