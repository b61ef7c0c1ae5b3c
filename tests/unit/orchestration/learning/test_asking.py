"""Asking outside of turns: nobody leaves memory for it, and what is too long is left alone."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from app.domain.chat import ChatMessage
from app.domain.errors import RoleUnknown
from app.domain.generation import FinalChunk, TextChunk, TokenLogprob
from app.engines.residency.outlook import Outlook
from app.orchestration.breaker import FAULTS, Breaker
from app.orchestration.learning.asking import LONGEST, Asking
from app.orchestration.router.sources import Sources
from tests.unit.orchestration.fakes import FakeEngine, user
from tests.unit.orchestration.learning.company import FRONT, ROSTER, OneEngine

TOKEN = TokenLogprob(token="4", logprob=-0.1, margin=0.8)


class Reader(FakeEngine):
    async def first_tokens(
        self, messages: Sequence[dict[str, Any]], top: int
    ) -> Mapping[str, float]:
        assert top == 20
        return {"Yes": -0.1} if messages[-1]["content"] == "Right?" else {}


def asking(engine: FakeEngine, sources: Sources | None = None) -> Asking:
    return Asking(OneEngine(engine), ROSTER, sources or Sources())  # type: ignore[arg-type]


async def test_an_answer_comes_with_its_probabilities() -> None:
    engine = FakeEngine([TextChunk(text="4", logprobs=(TOKEN,)), FinalChunk(finish_reason="stop")])
    answer = await asking(engine).answer("front", [user("What is 2 + 2?")])
    assert answer is not None
    assert (answer.text, answer.logprobs, answer.margins) == ("4", (-0.1,), (0.8,))
    assert (answer.finish_reason, answer.tokens) == ("stop", 1)
    assert engine.requests[0].sampling["max_tokens"] == LONGEST
    assert engine.requests[0].logprobs


async def test_who_cannot_read_all_of_it_is_not_asked() -> None:
    engine = FakeEngine()
    thread = [user("word " * 400), ChatMessage(role="assistant", content="ok"), user("And?")]
    assert await asking(engine).answer("front", thread) is None
    assert await asking(engine).first_words("front", thread, 20) == {}
    assert engine.requests == []


async def test_first_words_come_from_engines_that_can_tell() -> None:
    thread = [user("Right?")]
    assert await asking(Reader()).first_words("architect", thread, 20) == {"Yes": -0.1}
    assert await asking(FakeEngine()).first_words("architect", thread, 20) == {}
    with pytest.raises(RoleUnknown):
        await asking(Reader()).first_words("nobody", thread, 20)


def test_nobody_leaves_memory_for_it() -> None:
    def free(**known: Any) -> bool:
        return asking(FakeEngine(), Sources(**known)).free(FRONT)

    assert free()
    assert free(outlook=lambda _: Outlook(resident=False))
    assert not free(outlook=lambda _: Outlook(resident=False, debt_s=0.5))
    assert not free(outlook=lambda _: Outlook(resident=False, why_not="it needs 9 GB"))
    assert not free(absent=lambda _: "it is set aside")
    breaker = Breaker(lambda: 0.0)
    for _ in range(FAULTS):
        breaker.failed(FRONT.model.name)
    assert not free(breaker=breaker)
    remote = FRONT.model_copy(update={"model": FRONT.model.model_copy(update={"engine": "remote"})})
    assert not asking(FakeEngine()).free(remote)
