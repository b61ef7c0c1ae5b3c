"""Cutting a thread to a model's window."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.chat import ChatMessage, Speaker
from app.orchestration.window import fit_thread
from tests.unit.orchestration.fakes import FakeEngine, user


def _message(role: Speaker, words: int) -> ChatMessage:
    return ChatMessage(role=role, content="word " * words)


async def test_a_short_thread_is_left_alone() -> None:
    thread = [user("a"), _message("assistant", 3), user("b")]
    fitted = await fit_thread(FakeEngine().count, thread, window=512, answer_tokens=64)
    assert fitted.messages == tuple(thread)
    assert fitted.dropped == 0


async def test_system_and_last_message_always_stay() -> None:
    thread = [_message("system", 50), user("w " * 60), user("w " * 500)]
    fitted = await fit_thread(FakeEngine().count, thread, window=100, answer_tokens=64)
    assert fitted.messages == (thread[0], thread[2])
    assert fitted.note == "1 older message did not fit into its memory"


async def test_an_answer_is_not_kept_without_its_question() -> None:
    thread = [user("w " * 90), _message("assistant", 5), user("b")]
    fitted = await fit_thread(FakeEngine().count, thread, window=100, answer_tokens=10)
    assert fitted.messages == (thread[2],)


@given(sizes=st.lists(st.integers(1, 40), min_size=1, max_size=12), window=st.integers(64, 300))
def test_what_is_kept_is_the_newest_run_that_fits(sizes: list[int], window: int) -> None:
    import asyncio

    thread = [user("w " * size) for size in sizes]
    fitted = asyncio.run(fit_thread(FakeEngine().count, thread, window=window, answer_tokens=16))
    assert fitted.messages == tuple(thread[fitted.dropped :])
    used = sum(len(message.content.split()) + 8 for message in fitted.messages)
    assert used <= window - 16 or len(fitted.messages) == 1
