"""What can be asked of measurements through the private door, and how they look in a terminal."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import aclosing
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from app.domain.amounts import in_words
from app.domain.benching import Benchmark, BenchPhase, Verifying
from app.models.benching.bench import Bench

Message = dict[str, Any]
Query = Callable[[Message], Awaitable[Message]]
Stream = Callable[[Message], AsyncGenerator[Message, None]]

PHASES: Final = {
    BenchPhase.LOADING: "loading",
    BenchPhase.RELOADING: "loading again, to time it",
    BenchPhase.WARMING: "warming up",
    BenchPhase.MEASURING: "measuring",
}


class BenchRequest(BaseModel):
    """Asks for a measurement of a role's model, or of a path; `anyway`: also where it is tight."""

    model_config = ConfigDict(extra="forbid")

    op: str
    name: str = ""
    anyway: bool = False


class BenchDesk:
    """Answers about measurements."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def queries(self) -> dict[str, Query]:
        """Return what has one answer, by operation."""
        return {"models benchmarks": self._known}

    def streams(self) -> dict[str, Stream]:
        """Return what tells how far it is before it answers, by operation."""
        return {"models bench": self._run}

    async def _known(self, request: Message) -> Message:
        BenchRequest.model_validate(request)
        return {"benchmarks": [plain(each) for each in await self._bench.known()]}

    async def _run(self, request: Message) -> AsyncGenerator[Message, None]:
        asked = BenchRequest.model_validate(request)
        async with aclosing(self._bench.run(asked.name, anyway=asked.anyway)) as steps:
            async for step in steps:
                if isinstance(step, Benchmark):
                    yield {"kind": "answered", "answer": plain(step)}
                else:
                    yield {"kind": "step", "phase": step.phase, "fraction": step.fraction}


def plain(found: Benchmark) -> Message:
    """Return a measurement as plain JSON can hold it; `verifying` has milliseconds by tokens."""
    told = found.model_dump(mode="json")
    return {**told.pop("rates"), **told}


def lines(answer: Mapping[str, Any]) -> Iterator[str]:
    """Yield a measurement as lines for a terminal."""
    yield f"{answer['model']}  ({answer['setting']})"
    yield f"  reads  {answer['prefill_tokens_s']:,.0f} tokens/s"
    if answer["decode_tokens_s"]:
        yield f"  writes {answer['decode_tokens_s']:,.1f} tokens/s"
    if answer["load_s"] is not None:
        yield f"  loads in {answer['load_s']:.1f} s"
    if answer["bytes"]:
        yield f"  takes {in_words(answer['bytes'])} of memory"
    if answer["verifying"]:
        yield from _verifying(Verifying.model_validate(answer["verifying"]))


def known_lines(answer: Mapping[str, Any]) -> Iterable[str]:
    """Yield all measurements as lines for a terminal."""
    found = answer["benchmarks"]
    if not found:
        return ["Nothing was measured yet; `echelon models bench NAME` does it."]
    return [line for each in found for line in lines(each)]


def _verifying(costs: Verifying) -> Iterator[str]:
    if costs.off:
        yield f"  drafts nothing: {costs.off}"
    if costs.milliseconds:
        sizes = (f"{rows}: {costs.ratio(rows):.1f}" for rows in costs.grid if rows > 1)
        yield f"  checks several tokens in so many times one ({', '.join(sizes)})"
