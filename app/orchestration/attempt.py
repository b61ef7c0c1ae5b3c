"""One attempt: a ready server, one stream of words, and what was seen of it."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack, aclosing
from dataclasses import dataclass, field
from typing import Final

from app.domain.chat import ChatMessage
from app.domain.errors import EngineDied, EngineError, EngineStalled, ModelError
from app.domain.events import Stage
from app.domain.generation import Chunk, FinalChunk, PromptProgress, TextChunk, TokenLogprob
from app.domain.models import RoleSpec, Timeouts
from app.engines.base import Capabilities
from app.engines.fleet import Engines, ReadyServer
from app.orchestration.display import Display
from app.orchestration.escalation import Cause
from app.orchestration.eyes import shows_images, without_images
from app.orchestration.gate.loops import is_loop
from app.orchestration.holdback import HoldBack
from app.orchestration.patience import LEAST_S, Limit, Patience
from app.orchestration.question import Question
from app.orchestration.remembered import NOTHING, Recollected
from app.orchestration.requests import Call, request_for, thread_for
from app.orchestration.window import fit_thread

# Seconds between two words about the pace.
PACE_S: Final = 0.25
# Tokens between two looks for a loop.
LOOP_LOOK: Final = 96

_CAUSES: Final[dict[type[EngineError | ModelError], Cause]] = {
    EngineDied: Cause.CRASHED,
    EngineStalled: Cause.STALLED,
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What all attempts of one turn have in common.

    `anyway` loads models also where they do not fit; `next_up` may have to go on: its model is
    paged in meanwhile. `left_s`: what the whole attempt may take, with waiting and loading.
    `recollected`: what is remembered about it.
    """

    question: Question
    family: str
    anyway: bool = False
    next_up: RoleSpec | None = None
    left_s: float = math.inf
    recollected: Recollected = NOTHING


@dataclass
class Attempted:
    """What came of an attempt; times are in seconds.

    `fault` and `error`: what broke or took too long, if anything did. `doubt`: the probability at
    which it was given up before its end.
    """

    call: Call
    words: HoldBack
    tokens: list[TokenLogprob] = field(default_factory=list)
    final: FinalChunk | None = None
    fault: Cause | None = None
    error: EngineError | ModelError | None = None
    doubt: float | None = None
    caps: Capabilities = field(default_factory=Capabilities)
    is_blind: bool = False  # the engine turned out to have no eyes for the picture
    notes: list[str] = field(default_factory=list)
    waited_s: float = 0.0
    loaded_s: float = 0.0
    read_s: float = 0.0
    written_s: float = 0.0

    @property
    def text(self) -> str:
        """The whole answer so far, with what stood before it was gone on with."""
        return self.call.begun + self.words.text


# Says of first words whether they may be shown (True), are given up (a probability), or neither.
Opinion = Callable[[str, Sequence[TokenLogprob], bool], bool | float | None]


class Attempts:
    """Asks engines. Faults come back as what was seen; what nobody else would mend is raised."""

    def __init__(self, engines: Engines, clock: Callable[[], float]) -> None:
        self._engines = engines
        self._clock = clock

    async def run(
        self,
        attempted: Attempted,
        wish: Wish,
        display: Display,
        learned: Timeouts,
        opinion: Opinion,
    ) -> None:
        """Make the attempt and note everything in `attempted`.

        Args:
            attempted: the call, and the words that are held back.
            wish: what was asked.
            display: shows words and stages.
            learned: deadlines, never longer than the registry's.
            opinion: judges first words.

        Raises:
            TurnError: the question cannot be answered like this by anybody alike.
        """
        running = _Running(attempted, wish, display, self._clock, opinion)
        role = attempted.call.role
        with ExitStack() as expectations:
            try:
                async with asyncio.timeout(_worth(learned.load_s, role.timeouts.load_s)) as timer:
                    async with self._lease(running) as server:
                        timer.reschedule(None)
                        running.loaded(server)
                        if wish.next_up is not None:
                            expectations.enter_context(self._engines.expecting(wish.next_up))
                        await running.ask(server, learned)
            except TimeoutError:
                attempted.fault = Cause.SLOW_LOAD
                attempted.error = _slow_load(role)
            except (EngineError, ModelError) as error:  # a file may be gone since the plan
                attempted.error = error
                attempted.fault = attempted.fault or _CAUSES.get(type(error), Cause.NOT_LOADED)
        if running.hangs:
            # It holds memory and answers nobody; the next attempt starts a fresh process.
            await self._engines.stop(role.model.name)

    def _lease(self, running: "_Running") -> AbstractAsyncContextManager[ReadyServer]:
        return self._engines.lease(
            running.attempted.call.role,
            on_progress=running.loading,
            on_wait=running.waiting,
            anyway=running.wish.anyway,
        )


class _Running:
    """An attempt while it runs."""

    def __init__(
        self,
        attempted: Attempted,
        wish: Wish,
        display: Display,
        clock: Callable[[], float],
        opinion: Opinion,
    ) -> None:
        self.attempted = attempted
        self.wish = wish
        self.hangs = False
        self._fresh = 0
        self._paced_at: float | None = None
        self._display = display
        self._clock = clock
        self._opinion = opinion
        self._since = self._begun = clock()
        self._next_loop_look = LOOP_LOOK
        self._queued = False

    def waiting(self) -> None:
        """Note that others are before us."""
        self._queued = True
        self._display.enter(Stage.QUEUED)

    def loading(self, fraction: float) -> None:
        """Note how far the model is loaded."""
        if self._queued:
            self.attempted.waited_s, self._queued = self._lap(), False
        self._display.enter(Stage.LOADING, fraction)

    def loaded(self, server: ReadyServer) -> None:
        """Note that the server is ready."""
        if self._queued:
            self.attempted.waited_s = self._lap()
        else:
            self.attempted.loaded_s = self._lap()
        self.attempted.caps = server.client.caps

    async def ask(self, server: ReadyServer, learned: Timeouts) -> None:
        """Send the question and take in the answer."""
        attempted, call = self.attempted, self.attempted.call
        if self.wish.question.images and not server.client.caps.vision:
            attempted.is_blind = True
            return
        messages = await self._messages(server)
        request = request_for(
            call,
            messages,
            server.client.caps,
            self.wish.question,
            family=self.wish.family,
            documents=self.wish.recollected.texts,
        )
        patience = Patience(call.role.timeouts, self._sooner(learned), self._clock)
        patience.start()
        self._lap()
        try:
            async with aclosing(server.client.chat(request)) as chunks:
                await self._read(aiter(chunks), patience)
        finally:
            attempted.written_s = self._lap()
            if not patience.has_text:
                attempted.read_s, attempted.written_s = attempted.written_s, 0.0

    def _sooner(self, learned: Timeouts) -> Timeouts:
        """Return the deadlines, less what was spent on waiting where that counts."""
        left = self.wish.left_s - max(0.0, self._clock() - self._begun)
        if left >= learned.total_s:
            return learned
        return learned.model_copy(update={"total_s": max(LEAST_S, left)})

    async def _messages(self, server: ReadyServer) -> tuple[ChatMessage, ...]:
        attempted, call = self.attempted, self.attempted.call
        thread = self.wish.question.thread
        if shows_images(thread) and not server.client.caps.vision:
            attempted.notes.append("images further up were left out, it cannot see")
            thread = without_images(thread)
        fitted = await fit_thread(
            server.client.count,
            thread_for(call, thread, self.wish.recollected.block),
            window=server.context,
            answer_tokens=call.answer_tokens,
        )
        if fitted.dropped:
            attempted.notes.append(fitted.note)
        return fitted.messages

    async def _read(self, chunks: AsyncIterator[Chunk], patience: Patience) -> None:
        while True:
            limit = patience.limit()
            try:
                async with asyncio.timeout(limit.seconds):
                    chunk = await anext(chunks, None)
            except TimeoutError:
                self._give_up(limit)
                return
            if chunk is None:
                raise EngineDied(
                    f"The {self.attempted.call.role.name} model stopped in the middle.",
                    remedy="Ask again; it is being restarted.",
                )
            if isinstance(chunk, FinalChunk):
                self.attempted.final = chunk
                return
            if await self._take(chunk, patience):
                return

    async def _take(self, chunk: Chunk, patience: Patience) -> bool:
        """Take in one piece; return whether the answer is given up."""
        if isinstance(chunk, PromptProgress):
            self._display.enter(Stage.READING, chunk.processed / max(chunk.total, 1))
        if not isinstance(chunk, TextChunk):
            return False
        if not patience.has_text:
            patience.has_text = True
            self.attempted.read_s = self._lap()
        words = self.attempted.words
        self.attempted.tokens += chunk.logprobs
        self._tell_pace(len(chunk.logprobs) or 1)
        # Log-probabilities of a token may come before its text is complete.
        await self._display.show(words.take(chunk.text, len(chunk.logprobs) or 1))
        if self._goes_round():
            return True
        if words.is_open:
            return False
        self._display.enter(Stage.WRITING)
        return await self._look()

    def _tell_pace(self, tokens: int) -> None:
        """Say how fast it writes, a few times a second."""
        now = self._clock()
        if self._paced_at is None:  # the first tokens were read for, not written
            self._paced_at = now
            return
        self._fresh += tokens
        gone = now - self._paced_at
        if gone >= PACE_S:
            self._display.pace(self.attempted.call.role, self._fresh, gone)
        if not 0 <= gone < PACE_S:
            self._fresh, self._paced_at = 0, now

    async def _look(self) -> bool:
        words, attempted = self.attempted.words, self.attempted
        if not words.wants_opinion():
            return False
        found = self._opinion(attempted.text, attempted.tokens, words.is_last_look)
        if found is True:
            await self._display.show(words.release())
        elif found is not None:
            attempted.doubt = float(found)
            return True
        return False

    def _goes_round(self) -> bool:
        """Whether the answer has become a loop; looked at now and then, it costs a little."""
        words = self.attempted.words
        if words.tokens < self._next_loop_look:
            return False
        self._next_loop_look = words.tokens + LOOP_LOOK
        if not is_loop(self.attempted.text):
            return False
        self.attempted.final = FinalChunk(finish_reason="loop")
        return True

    def _give_up(self, limit: Limit) -> None:
        role = self.attempted.call.role
        self.hangs = limit.dead
        self.attempted.fault = limit.cause
        self.attempted.error = EngineStalled(
            f"The {role.name} model made no progress for {limit.seconds:.0f} seconds."
            if limit.dead
            else f"The {role.name} model took too long.",
            remedy="Ask again, or raise its timeouts in model_registry.yaml.",
        )

    def _lap(self) -> float:
        """Return the seconds since the last call; never negative, whatever the clock does."""
        now = self._clock()
        gone, self._since = max(0.0, now - self._since), now
        return gone


def _worth(learned: float, registry: float) -> float | None:
    """Return a deadline for loading where one was learned; the registry's is kept by the engine."""
    return learned if learned < registry else None


def _slow_load(role: RoleSpec) -> EngineStalled:
    return EngineStalled(
        f"Loading the {role.name} model takes too long.",
        remedy="Ask again: it may be loaded by then.",
    )
