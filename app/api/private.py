"""The private door: what a second process of the same user may ask of the one that owns the core.

The terminal uses the same door in its own process, so there is one path, attached or not.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from app.domain.chat import ChatMessage
from app.domain.errors import AppError, RequestInvalid
from app.domain.events import (
    RouteChosen,
    StageChanged,
    TextArrived,
    TurnCancelled,
    TurnEvent,
    TurnFailed,
    TurnFinished,
    VersionStarted,
    WindowRequested,
)
from app.orchestration.chats import Chats
from app.orchestration.conductor import Wishes
from app.orchestration.turn import Turns
from app.platform.bus import Bus

# Answers a request that needs no stream; raises AppError or ValidationError.
Query = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
# Answers a request with several messages; closing it ends what was begun.
Stream = Callable[[dict[str, Any]], AsyncGenerator[dict[str, Any], None]]

_KINDS: dict[type[TurnEvent], str] = {
    RouteChosen: "route",
    StageChanged: "stage",
    TextArrived: "text",
    VersionStarted: "version",
    TurnFinished: "finished",
    TurnFailed: "failed",
    TurnCancelled: "cancelled",
}
_ENDS = (TurnFinished, TurnFailed, TurnCancelled)


class AskRequest(BaseModel):
    """One question. `keep` stores it in a conversation; without it nothing is left behind.

    `load_anyway` loads the model also where it does not fit into memory. `whole` shows nothing
    before the answer that counts is complete.
    """

    model_config = ConfigDict(extra="forbid")

    op: Literal["ask"]
    text: str
    role: str = ""
    keep: bool = False
    conversation_id: str = ""
    load_anyway: bool = False
    whole: bool = False


class PrivateDoor:
    """Answers requests of attached processes; `has_window` says whether one can be raised."""

    def __init__(
        self,
        *,
        bus: Bus,
        turns: Turns,
        chats: Chats,
        has_window: bool,
        queries: Mapping[str, Query],
        streams: Mapping[str, Stream] = MappingProxyType({}),
    ) -> None:
        """Join what can be asked for.

        Args:
            bus: carries what turns tell.
            turns: answers questions that are not kept.
            chats: answers questions of stored conversations.
            has_window: whether a window can be raised.
            queries: other questions, by operation; each has one answer.
            streams: those that tell how far they are before they answer.
        """
        self._queries = queries
        self._streams = streams
        self._bus = bus
        self._turns = turns
        self._chats = chats
        self._has_window = has_window
        self._busy = 0
        self._drained = asyncio.Event()
        self._drained.set()

    async def drained(self) -> None:
        """Wait until nobody is being answered; what a passing owner does before it leaves."""
        await self._drained.wait()

    async def handle(self, request: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        """Answer one request with a stream of plain messages; closing it cancels the turn."""
        if request.get("op") == "show":
            if self._has_window:
                self._bus.publish(WindowRequested())
            yield {"kind": "shown", "window": self._has_window}
            return
        self._busy += 1
        self._drained.clear()
        try:
            query = self._queries.get(str(request.get("op")))
            if query is not None:
                yield {"kind": "answered", "answer": await query(request)}
                return
            async with aclosing(self._stream(request)) as messages:
                async for message in messages:
                    yield message
        except ValidationError:
            refusal = RequestInvalid("This request is not understood.", remedy="Update Echelon.")
            yield error_message(refusal)
        except AppError as error:
            yield error_message(error)
        finally:
            self._busy -= 1
            if not self._busy:
                self._drained.set()

    def _stream(self, request: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        stream = self._streams.get(str(request.get("op")))
        return stream(request) if stream else self._ask(AskRequest.model_validate(request))

    async def _ask(self, ask: AskRequest) -> AsyncGenerator[dict[str, Any], None]:
        events: asyncio.Queue[TurnEvent] = asyncio.Queue()
        unsubscribe = self._bus.on(TurnEvent, events.put_nowait)
        turn_id = ""
        try:
            turn_id, conversation_id = await self._start(ask)
            yield {"kind": "accepted", "conversation_id": conversation_id}
            async for event in _of_turn(turn_id, events):
                if message := to_message(event):
                    yield message
        finally:
            unsubscribe()
            self._chats.cancel(turn_id)

    async def _start(self, ask: AskRequest) -> tuple[str, str]:
        if ask.keep:
            chat = await self._chats.send(
                ask.conversation_id or None,
                ask.text,
                role=ask.role,
                load_anyway=ask.load_anyway,
            )
            return chat.turn_id, chat.conversation_id
        question = ChatMessage(role="user", content=ask.text)
        wishes = Wishes(role=ask.role, load_anyway=ask.load_anyway, whole=ask.whole)
        turn = self._turns.send((question,), wishes)
        return turn.id, ""


async def _of_turn(
    turn_id: str, events: asyncio.Queue[TurnEvent]
) -> AsyncGenerator[TurnEvent, None]:
    """Yield the events of one turn up to and including its end."""
    while True:
        event = await events.get()
        if event.turn_id != turn_id:
            continue
        yield event
        if isinstance(event, _ENDS):
            return


def error_message(error: AppError) -> dict[str, Any]:
    """Return an error as a plain message."""
    return {
        "kind": "failed",
        "code": error.code,
        "message": error.message,
        "remedy": error.remedy,
    }


def to_message(event: TurnEvent) -> dict[str, Any] | None:
    """Return an event as a plain message, or None for what attached processes do not need."""
    kind = _KINDS.get(type(event))
    if kind is None:
        return None
    fields = asdict(event)
    if isinstance(event, TurnFinished):
        fields |= {"receipt": event.receipt.model_dump(mode="json"), "timings": None}
    return {"kind": kind, **fields}
