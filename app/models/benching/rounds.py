"""The measurement itself: an engine reads texts that it has never seen, and writes behind them."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Final

from app.domain.benching import Rates
from app.domain.errors import BenchFailed, EngineStalled
from app.domain.generation import ChatRequest, FinalChunk, Timings

if TYPE_CHECKING:
    from app.engines.client import EngineClient

ROUNDS: Final = 3
# Tokens that are read and written in a round, where the model is fast enough.
READ: Final = 512
WRITTEN: Final = 64
LEAST_READ, LEAST_WRITTEN = 64, 16
# A slow model reads and writes no longer than this in a round.
ROUND_S: Final = 8.0
ROUND_LIMIT_S: Final = 600.0
# Of a window, the part that is read; the answer and the template have to fit, too.
_SHARE: Final = 0.6
# Some answers are short; so many in all are asked for until enough was written.
_MOST_ANSWERS: Final = 12
_TEXT: Final = """
    river table seven window because green carry letter under music quick house of stone and paper
    never early bread light from winter north apple road with small count story water seventeen
    between yellow morning against question
"""
_WORDS: Final = tuple(_TEXT.split())

Tell = Callable[[float], None]


class Rounds:
    """Measures one loaded model. No text comes twice: what was read before costs nothing."""

    def __init__(self, client: "EngineClient", context: int, dice: Random) -> None:
        """Measure through `client`, within a window of `context` tokens."""
        self._client = client
        self._window = int(_SHARE * context)
        self._dice = dice

    async def warm(self) -> None:
        """Read and write once; what comes after finds all weights and buffers in memory."""
        self._first = await self._round(min(READ, self._window), LEAST_WRITTEN)

    async def rates(self, tell: Tell) -> Rates:
        """Measure, and tell how far it is from 0 to 1.

        Raises:
            BenchFailed: the model writes nothing, so nothing can be said of it.
        """
        read, written = self._sizes()
        found: list[Timings] = []
        while len(found) < ROUNDS or (_written(found) < written and len(found) < _MOST_ANSWERS):
            tell(min(1.0, len(found) / ROUNDS))
            # The text of further answers is short: only their writing is missing.
            found.append(await self._round(read if len(found) < ROUNDS else LEAST_READ, written))
        return Rates(
            prefill_tokens_s=_prefill(found[:ROUNDS]),
            decode_tokens_s=_decode(found),
            verifying=await self._client.verifying(),
        )

    def _sizes(self) -> tuple[int, int]:
        """Return how many tokens a round reads and writes, by what the first one took."""
        read, written = self._first.prompt_per_second, self._first.predicted_per_second
        return (
            max(LEAST_READ, min(READ, self._window, int(ROUND_S * read) or READ)),
            max(LEAST_WRITTEN, min(WRITTEN, int(ROUND_S * written) or WRITTEN)),
        )

    async def _round(self, read: int, written: int) -> Timings:
        text = await self._text(read)
        request = ChatRequest(
            messages=({"role": "user", "content": text},),
            sampling={
                "max_tokens": written,
                "temperature": 1.0,
                "seed": self._dice.randrange(1 << 31),
            },
            template={"enable_thinking": False},
        )
        try:
            async with asyncio.timeout(ROUND_LIMIT_S):
                return await self._timed(request)
        except TimeoutError as error:
            raise EngineStalled(
                f"The engine took more than {ROUND_LIMIT_S:.0f} seconds for {read} tokens.",
                remedy="Choose a smaller model, or give it fewer tokens of context.",
            ) from error

    async def _timed(self, request: ChatRequest) -> Timings:
        async with aclosing(self._client.chat(request)) as chunks:
            async for chunk in chunks:
                if isinstance(chunk, FinalChunk) and chunk.timings is not None:
                    return chunk.timings
        raise BenchFailed(
            "The engine does not say how long it took.", remedy="Use another build of it."
        )

    async def _text(self, tokens: int) -> str:
        """Return words in an order that has never been, so many tokens of them at the most."""
        words = self._dice.choices(_WORDS, k=tokens)
        count = await self._client.count(" ".join(words))
        return " ".join(words[: max(1, tokens * tokens // max(tokens, count))])


async def embedding_rates(client: "EngineClient", context: int, dice: Random, tell: Tell) -> Rates:
    """Measure how fast a model that makes embeddings reads."""
    loop = asyncio.get_running_loop()
    speeds: list[float] = []
    for number in range(1 + ROUNDS):
        tell(number / (1 + ROUNDS))
        text = " ".join(dice.choices(_WORDS, k=max(1, int(_SHARE * min(READ, context) / 2))))
        count, begun = await client.count(text), loop.time()
        await client.embed([text])
        speeds.append(count / (loop.time() - begun))
    return Rates(prefill_tokens_s=median(speeds[1:]))


def _written(found: list[Timings]) -> int:
    return sum(each.predicted_n for each in found)


def _prefill(found: list[Timings]) -> float:
    speeds = [1000 * each.prompt_n / each.prompt_ms for each in found if each.prompt_ms > 0]
    if not speeds:
        raise BenchFailed(
            "The engine does not say how long it read.", remedy="Use another build of it."
        )
    return median(speeds)


def _decode(found: list[Timings]) -> float:
    """Return the tokens a second of all answers together: of short ones each says little.

    The first token of an answer comes with the reading, so it is not counted.
    """
    tokens = sum(max(0, each.predicted_n - 1) for each in found)
    spent = sum(each.predicted_ms for each in found if each.predicted_n > 1)
    if not tokens or spent <= 0:
        raise BenchFailed(
            "The model ended each of its answers at once, so its writing could not be timed.",
            remedy="Ask it something; its answers are measured as well.",
        )
    return 1000 * tokens / spent
