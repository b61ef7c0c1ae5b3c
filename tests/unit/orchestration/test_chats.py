"""Stored chats: the message is on disk first, the answer follows it, nothing is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.conversations.store import Conversations
from app.domain.chat import MessageState
from app.domain.errors import ConversationMissing, DiskFull, EmptyMessage, RequestInvalid
from app.domain.events import NoticeRaised, TextArrived, TurnFinished, TurnStarted
from app.orchestration.chats import Chats
from app.orchestration.journal import Journal
from app.platform.storage import Database
from tests.unit.orchestration.fakes import FINAL, FakeEngine, Stage, text


class Desk:
    """A stage with a real store."""

    def __init__(self, stage: Stage, conversations: Conversations) -> None:
        self.stage = stage
        self.conversations = conversations
        self.chats = Chats(
            conversations=conversations,
            turns=stage.turns,
            bus=stage.bus,
            journal=Journal((), wall_clock=lambda: 0.0, identify=lambda model: model.name),
            clock=lambda: stage.now,
            forget=self._forget,
        )
        self.forgotten = 0

    async def _forget(self, _conversation_id: str) -> None:
        self.forgotten += 1

    async def done(self, turn_id: str) -> None:
        turn = self.stage.turns.find(turn_id)
        if turn is not None:
            await turn.wait()


@asynccontextmanager
async def desk(folder: Path, *scripts: list[object]) -> AsyncIterator[Desk]:
    stage = Stage(FakeEngine(*scripts))  # type: ignore[arg-type]
    ids = iter(range(10_000))
    database = Database(folder / "echelon.db", folder / "backups")
    await database.open()
    try:
        store = Conversations(
            database, stage.bus, clock=lambda: stage.now, new_id=lambda: f"id-{next(ids)}"
        )
        yield Desk(stage, store)
    finally:
        await stage.tasks.close(1)
        await database.close()


async def test_question_and_answer_are_stored(tmp_path: Path) -> None:
    async with desk(tmp_path, [text("Tokyo."), FINAL]) as at:
        chat = await at.chats.send(None, "Capital of Japan?")
        await at.done(chat.turn_id)
        question, answer = await at.conversations.thread(chat.conversation_id)
        assert question.message.content == "Capital of Japan?"
        assert answer.message.content == "Tokyo."
        assert answer.message.id == chat.message_id
        assert answer.message.state is MessageState.COMPLETE
        assert answer.message.receipt is not None


async def test_the_question_is_on_disk_before_the_turn_starts(tmp_path: Path) -> None:
    async with desk(tmp_path, [FINAL]) as at:
        chat = await at.chats.send(None, "Hello")
        assert not [event for event in at.stage.said if isinstance(event, TurnStarted)]
        entries = await at.conversations.thread(chat.conversation_id)
        assert entries[0].message.content == "Hello"
        await at.done(chat.turn_id)


async def test_an_empty_message_is_refused(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        with pytest.raises(EmptyMessage):
            await at.chats.send(None, "  \n")
        assert await at.conversations.list() == ()


async def test_a_second_message_waits_for_the_first_answer(tmp_path: Path) -> None:
    async with desk(tmp_path, [text("a"), asyncio.Event()]) as at:
        chat = await at.chats.send(None, "one")
        with pytest.raises(RequestInvalid):
            await at.chats.send(chat.conversation_id, "two")
        at.chats.cancel(chat.turn_id)
        await at.done(chat.turn_id)


async def test_two_messages_at_the_same_moment_are_one_too_many(tmp_path: Path) -> None:
    async with desk(tmp_path, [FINAL], [text("a"), FINAL]) as at:
        first = await at.chats.send(None, "one")
        await at.done(first.turn_id)
        both = await asyncio.gather(
            at.chats.send(first.conversation_id, "two"),
            at.chats.send(first.conversation_id, "three"),
            return_exceptions=True,
        )
        assert [type(each).__name__ for each in both] == ["ChatTurn", "RequestInvalid"]


async def test_regenerating_makes_a_version_beside_the_old_one(tmp_path: Path) -> None:
    async with desk(tmp_path, [text("first"), FINAL], [text("second"), FINAL]) as at:
        chat = await at.chats.send(None, "Say something.")
        await at.done(chat.turn_id)
        again = await at.chats.regenerate(chat.message_id)
        await at.done(again.turn_id)
        _, answer = await at.conversations.thread(chat.conversation_id)
        assert (answer.message.content, answer.version, answer.versions) == ("second", 2, 2)
        engine = at.stage.supervisor.engine
        assert engine.requests[0].messages == engine.requests[1].messages


async def test_a_view_can_be_rebuilt_in_mid_answer(tmp_path: Path) -> None:
    async with desk(tmp_path, [text("half"), asyncio.Event()]) as at:
        arrived = asyncio.Event()
        at.stage.bus.on(TextArrived, lambda _: arrived.set())
        chat = await at.chats.send(None, "x")
        await arrived.wait()
        live = at.chats.active(chat.conversation_id)
        assert live is not None
        assert (live.text, live.message_id) == ("half", chat.message_id)
        at.chats.cancel(chat.turn_id)
        await at.done(chat.turn_id)
        assert at.chats.active(chat.conversation_id) is None
        _, answer = await at.conversations.thread(chat.conversation_id)
        assert (answer.message.content, answer.message.state) == ("half", MessageState.CANCELLED)


async def test_a_full_disk_at_the_end_shows_the_answer_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, [text("shown"), FINAL]) as at:

        async def full(*_: object, **__: object) -> None:
            raise DiskFull("The disk is full.", remedy="Free some space.")

        monkeypatch.setattr(at.conversations, "save_answer", full)
        chat = await at.chats.send(None, "x")
        await at.done(chat.turn_id)
        assert [event.text for event in at.stage.said if isinstance(event, TurnFinished)] == [
            "shown"
        ]
        (notice,) = [event for event in at.stage.said if isinstance(event, NoticeRaised)]
        assert notice.code == "disk_full"


async def test_the_wish_to_load_anyway_goes_with_the_question(tmp_path: Path) -> None:
    async with desk(tmp_path, [text("a"), FINAL], [text("b"), FINAL]) as at:
        turn = await at.chats.send(None, "x", load_anyway=True)
        await at.done(turn.turn_id)
        again = await at.chats.regenerate(turn.message_id)
        await at.done(again.turn_id)
        assert at.stage.supervisor.anyway == [True, False]


async def test_a_deleted_chat_is_forgotten_everywhere_and_its_answer_ends(tmp_path: Path) -> None:
    async with desk(tmp_path, [text("half"), asyncio.Event()]) as at:
        arrived = asyncio.Event()
        at.stage.bus.on(TextArrived, lambda _: arrived.set())
        chat = await at.chats.send(None, "x")
        await arrived.wait()
        await at.chats.delete(chat.conversation_id)
        assert at.forgotten == 1
        assert at.chats.active(chat.conversation_id) is None
        with pytest.raises(ConversationMissing):
            await at.conversations.thread(chat.conversation_id)
