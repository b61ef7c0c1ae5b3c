"""The task owner: nothing is lost, nothing is left behind."""

import asyncio
import gc
import logging

import pytest

from app.platform.tasks import TaskOwner


async def test_a_task_nobody_holds_lives_on() -> None:
    owner, go, done = TaskOwner(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await go.wait()
        done.set()

    owner.spawn(work(), name="w")
    await asyncio.sleep(0)
    gc.collect()
    go.set()
    await done.wait()


async def test_a_task_can_be_awaited_for_its_result() -> None:
    async def work() -> int:
        return 7

    assert await TaskOwner().spawn(work(), name="w") == 7


async def test_a_failure_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    owner = TaskOwner()

    async def work() -> None:
        raise ValueError("lost")

    with caplog.at_level(logging.ERROR):
        await asyncio.wait({owner.spawn(work(), name="unlucky")})
        await asyncio.sleep(0)
    assert "unlucky failed" in caplog.text


async def test_closing_cancels_but_lets_last_words_be_said() -> None:
    owner, said = TaskOwner(), list[str]()

    async def last_words() -> None:
        await asyncio.sleep(0)
        said.append("goodbye")

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            owner.spawn(last_words(), name="last", last_words=True)

    task = owner.spawn(work(), name="w")
    await asyncio.sleep(0)
    await owner.close(5)
    assert task.cancelled()
    assert said == ["goodbye"]


async def test_what_is_begun_while_closing_is_ended_too() -> None:
    owner, begun = TaskOwner(), list[asyncio.Task[object]]()

    async def forever() -> object:
        return await asyncio.Event().wait()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            begun.append(owner.spawn(forever(), name="late"))

    owner.spawn(work(), name="w")
    await asyncio.sleep(0)
    await owner.close(5)
    assert begun[0].cancelled()


async def test_a_task_may_close_its_own_owner() -> None:
    owner = TaskOwner()

    async def leave() -> str:
        await owner.close(5)
        return "left"

    assert await owner.spawn(leave(), name="quit") == "left"


async def test_closing_does_not_wait_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    owner, let_go = TaskOwner(), asyncio.Event()

    async def stubborn() -> None:
        while not let_go.is_set():
            try:
                await let_go.wait()
            except asyncio.CancelledError:
                continue

    owner.spawn(stubborn(), name="stubborn")
    await asyncio.sleep(0)
    with caplog.at_level(logging.WARNING):
        await owner.close(0.01)
    assert "stubborn did not end" in caplog.text
    let_go.set()
