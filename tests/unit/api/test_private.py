"""What attached processes may ask, and how it is answered."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, cast

from app.api.private import PrivateDoor
from app.domain.errors import EngineStartFailed, RoleUnknown
from app.domain.events import TextArrived, TurnCancelled, WindowRequested
from app.orchestration.chats import Chats
from tests.unit.orchestration.fakes import FINAL, FakeEngine, Stage, text


class NoChats:
    """Chats of a core that stores nothing; cancelling reaches the turns."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def cancel(self, turn_id: str) -> None:
        turn = self.stage.turns.find(turn_id)
        if turn is not None:
            turn.cancel()


def _door(stage: Stage, *, has_window: bool = False) -> PrivateDoor:
    chats = cast("Chats", NoChats(stage))
    return PrivateDoor(
        queries={}, bus=stage.bus, turns=stage.turns, chats=chats, has_window=has_window
    )


async def _collect(door: PrivateDoor, request: dict[str, Any]) -> list[dict[str, Any]]:
    return [message async for message in door.handle(request)]


async def test_a_question_is_answered_in_plain_messages() -> None:
    stage = Stage(FakeEngine([text("Tokyo"), FINAL]))
    messages = await _collect(_door(stage), {"op": "ask", "text": "Japan?"})
    kinds = [message["kind"] for message in messages]
    assert kinds == ["accepted", "route", "stage", "text", "finished"]
    assert messages[-1]["receipt"]["role"] == "front"
    await stage.tasks.close(1)


async def test_answers_of_others_are_not_mixed_in() -> None:
    stage = Stage(FakeEngine([text("one"), FINAL], [text("two"), FINAL]))
    door = _door(stage)
    first, second = await asyncio.gather(
        _collect(door, {"op": "ask", "text": "a"}), _collect(door, {"op": "ask", "text": "b"})
    )
    assert [message["text"] for message in first if message["kind"] == "text"] == ["one"]
    assert [message["text"] for message in second if message["kind"] == "text"] == ["two"]


async def test_a_failure_is_a_message_with_a_remedy() -> None:
    stage = Stage(FakeEngine(), EngineStartFailed("No model.", remedy="Add one."))
    messages = await _collect(_door(stage), {"op": "ask", "text": "a"})
    assert (messages[-1]["kind"], messages[-1]["remedy"]) == ("failed", "Add one.")


async def test_leaving_early_cancels_the_turn() -> None:
    stage = Stage(FakeEngine([text("half"), asyncio.Event()]))
    door = _door(stage)
    cancelled = asyncio.Event()
    stage.bus.on(TurnCancelled, lambda _: cancelled.set())
    async with aclosing(door.handle({"op": "ask", "text": "a"})) as messages:
        async for message in messages:
            if message["kind"] == "text":
                break
    await cancelled.wait()
    await door.drained()
    assert [event.text for event in stage.said if isinstance(event, TextArrived)] == ["half"]


async def test_a_model_is_loaded_anyway_on_request() -> None:
    stage = Stage(FakeEngine([text("a"), FINAL]))
    await _collect(_door(stage), {"op": "ask", "text": "a", "load_anyway": True})
    assert stage.supervisor.anyway == [True]


async def test_an_empty_question_is_refused() -> None:
    messages = await _collect(_door(Stage(FakeEngine())), {"op": "ask", "text": " \n"})
    assert [message["code"] for message in messages] == ["empty_message"]


async def test_nonsense_is_refused_without_harm() -> None:
    door = _door(Stage(FakeEngine()))
    for request in ({}, {"op": "dance"}, {"op": "ask", "text": 7}, {"op": "ask", "txt": "x"}):
        messages = await _collect(door, request)
        assert [message["code"] for message in messages] == ["request_invalid"]


async def test_show_raises_the_window_where_there_is_one() -> None:
    stage = Stage(FakeEngine())
    assert await _collect(_door(stage), {"op": "show"}) == [{"kind": "shown", "window": False}]
    assert await _collect(_door(stage, has_window=True), {"op": "show"}) == [
        {"kind": "shown", "window": True}
    ]
    assert stage.said == [WindowRequested()]


async def test_what_needs_no_stream_is_answered_at_once_or_refused() -> None:
    asked: list[dict[str, Any]] = []

    async def route(request: dict[str, Any]) -> dict[str, Any]:
        asked.append(request)
        if request["text"] == "bad":
            raise RoleUnknown("There is no such role.", remedy="Name another.")
        return {"start": "front"}

    stage = Stage(FakeEngine())
    door = PrivateDoor(
        bus=stage.bus,
        turns=stage.turns,
        chats=cast("Chats", None),
        has_window=False,
        queries={"route": route},
    )
    answered = await _collect(door, {"op": "route", "text": "hello"})
    assert answered == [{"kind": "answered", "answer": {"start": "front"}}]
    (refused,) = await _collect(door, {"op": "route", "text": "bad"})
    assert (refused["kind"], refused["remedy"]) == ("failed", "Name another.")
    assert [each["text"] for each in asked] == ["hello", "bad"]


async def test_what_takes_a_while_tells_how_far_it_is_and_ends_when_nobody_listens() -> None:
    ended: list[str] = []

    async def measure(request: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        try:
            yield {"kind": "step", "fraction": 0.5}
            if request["name"] == "bad":
                raise RoleUnknown("There is no such role.", remedy="Name another.")
            yield {"kind": "answered", "answer": {}}
        finally:
            ended.append(request["name"])

    stage = Stage(FakeEngine())
    door = PrivateDoor(
        bus=stage.bus,
        turns=stage.turns,
        chats=cast("Chats", None),
        has_window=False,
        queries={},
        streams={"measure": measure},
    )
    told = await _collect(door, {"op": "measure", "name": "front"})
    assert [each["kind"] for each in told] == ["step", "answered"]
    refused = await _collect(door, {"op": "measure", "name": "bad"})
    assert [each["kind"] for each in refused] == ["step", "failed"]
    async with aclosing(door.handle({"op": "measure", "name": "left"})) as messages:
        await anext(messages)
    assert ended == ["front", "bad", "left"]
