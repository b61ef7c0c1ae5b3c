"""The client of one remote: patience before the first token, plain words for everything else."""

import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from typing import Any

import httpx

from app.domain.errors import AppError, RemoteDown
from app.domain.generation import ChatRequest, Chunk, FinalChunk, ReasoningChunk, TextChunk, Timings
from app.engines.base import Capabilities, Health
from app.engines.posting import posted
from app.engines.remote.faults import Fault, Place, is_answer
from app.engines.remote.wording import Wording
from app.engines.restarts import Pace
from app.engines.sse import ServerEvent
from app.engines.wire import DONE, MALFORMED, AnswerReader, parse_object

PROBE_TIMEOUT = httpx.Timeout(10.0)
POST_TIMEOUT = httpx.Timeout(connect=10.0, read=120.0, write=60.0, pool=None)
# Between tries, before anything is visible; a wish to wait longer than this is told instead.
PAUSES_S = (0.5, 2.0)
LONGEST_WAIT_S = 20.0
# Text is rarely denser than this; an estimate too high cuts a thread early, one too low breaks it.
_BYTES_PER_TOKEN = 3


class RemoteClient:
    """An engine on another computer. Its deadlines are the caller's, as with every engine."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        place: Place,
        *,
        pace: Pace,
        lost: Callable[[AppError], None],
    ) -> None:
        """Take over `http`, which `aclose` closes.

        Args:
            http: made by the network policy, with the base address and the key set.
            place: who that is, for words.
            pace: time for the pauses between tries.
            lost: told when the remote does not answer in spite of all tries.
        """
        self._http = http
        self._pace = pace
        self._lost = lost
        self.place = place
        self.caps = Capabilities(tokenize=False, prompt_progress=False)
        self.wording = Wording("")

    async def chat(self, request: ChatRequest) -> AsyncGenerator[Chunk, None]:
        """Stream one answer; before its first chunk a passing failure is tried again."""
        pauses = iter(PAUSES_S)
        while True:
            visible = False
            try:
                async with aclosing(self._attempt(self.wording.body(request))) as chunks:
                    async for chunk in chunks:
                        visible = True
                        yield chunk
                return
            except Fault as fault:
                pause = next(pauses, None)
                wait = max(pause or 0.0, fault.after_s)
                if visible or not fault.again or pause is None or wait > LONGEST_WAIT_S:
                    if isinstance(fault.error, RemoteDown):
                        self._lost(fault.error)
                    raise fault.error from fault.__cause__
            await self._pace.sleep(wait)

    async def trial(self, body: dict[str, Any]) -> tuple[Chunk, ...]:
        """Return the whole answer to one request, or raise its Fault; nothing is tried again."""
        async with aclosing(self._attempt(body)) as chunks:
            return tuple([chunk async for chunk in chunks])

    async def models(self) -> list[dict[str, Any]]:
        """Return what the remote lists; nothing if it keeps no list."""
        with self._watching():
            response = await self._http.get("models", timeout=PROBE_TIMEOUT)
            if response.status_code in (404, 405):
                return []
            found = self._checked(response).get("data")
            return [entry for entry in found or [] if isinstance(entry, dict) and "id" in entry]

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one vector per text, in order."""
        body = {"model": self.wording.model, "input": list(texts)}
        with self._telling(), self._watching():
            response = await self._http.post("embeddings", json=body, timeout=POST_TIMEOUT)
            rows = sorted(self._checked(response)["data"], key=lambda row: int(row["index"]))
            return [[float(value) for value in row["embedding"]] for row in rows]

    async def count(self, text: str) -> int:
        """Return about how many tokens a text is; asking would cost a journey per message."""
        return -(-len(text.encode("utf-8", "replace")) // _BYTES_PER_TOKEN)

    async def health(self) -> Health:
        """Return that the remote answers; it tells no more than that."""
        with self._telling():
            await self.models()
        return Health(status="ready", progress=1.0)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def _attempt(self, body: dict[str, Any]) -> AsyncGenerator[Chunk, None]:
        clock = _Clock()
        reader = AnswerReader()
        with self._watching(clock):
            async with aclosing(
                posted(self._http, "chat/completions", body, self._refuse)
            ) as events:
                async for chunk in _chunks(reader, events):
                    clock.note(chunk)
                    yield chunk
            final = reader.final()
            if final is None:
                raise self.place.broken(visible=clock.begun)
            yield clock.stamp(final)

    def _refuse(self, response: httpx.Response) -> None:
        """Raise what a response means that is no stream of events."""
        self._checked(response)
        raise self.place.foreign("a whole answer at once")

    def _checked(self, response: httpx.Response) -> dict[str, Any]:
        if response.is_success and is_answer(response):
            return parse_object(response.content)
        if response.is_success or response.is_redirect:
            page = "html" in response.headers.get("content-type", "") or response.is_redirect
            raise self.place.foreign("a web page" if page else "something")
        raise self.place.refused(response)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn a fault into the error a person sees, where nothing is tried again."""
        try:
            yield
        except Fault as fault:
            raise fault.error from fault.__cause__

    @contextmanager
    def _watching(self, clock: "_Clock | None" = None) -> Iterator[None]:
        """Turn what the connection raises into faults; `clock` knows whether text has come."""
        try:
            yield
        except (httpx.ConnectError, httpx.TimeoutException) as error:
            raise self.place.unreachable(error) from error
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise self.place.broken(visible=clock is not None and clock.begun) from error
        except MALFORMED as error:
            raise self.place.foreign("an answer without the agreed fields") from error


class _Clock:
    """Measures an answer where the remote does not."""

    def __init__(self) -> None:
        self._first: float | None = None

    @property
    def begun(self) -> bool:
        """Whether any text has come."""
        return self._first is not None

    def note(self, chunk: Chunk) -> None:
        """See a chunk pass."""
        if self._first is None and isinstance(chunk, TextChunk | ReasoningChunk):
            self._first = time.monotonic()

    def stamp(self, final: FinalChunk) -> FinalChunk:
        """Return the end with the time that generating took, if it is not told."""
        timings = final.timings or Timings()
        if timings.predicted_ms or self._first is None or not timings.predicted_n:
            return final
        took = max(time.monotonic() - self._first, 1e-3)
        measured = timings.model_copy(
            update={
                "predicted_ms": took * 1000,
                "predicted_per_second": timings.predicted_n / took,
            }
        )
        return final.model_copy(update={"timings": measured})


async def _chunks(reader: AnswerReader, events: AsyncIterator[ServerEvent]) -> AsyncIterator[Chunk]:
    async for event in events:
        if event.data == DONE:
            return
        for chunk in reader.read(event.data):
            yield chunk
