"""Memory in a turn: recalled in the chat's scopes only, obeyed without a model, in nobody's way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.conversations.store import Conversations
from app.domain.chat import ChatMessage, MessageState
from app.domain.errors import ConversationMissing
from app.domain.memories import ChatScope, Filter, NewMemory, ScopeMode, chat_scope
from app.domain.settings import Settings
from app.engines.residency.outlook import ELSEWHERE
from app.memory.desk import Home, Memories, Thinkers
from app.orchestration.attempt import Attempts
from app.orchestration.breaker import Breaker
from app.orchestration.chats import Chats, ChatTurn
from app.orchestration.conductor import Advisers, Conductor
from app.orchestration.gate.gate import Gate
from app.orchestration.journal import Journal
from app.orchestration.keeping import Keeping
from app.orchestration.question import Question
from app.orchestration.recollection import Recollection
from app.orchestration.remembered import MEMORY
from app.orchestration.router.router import Router
from app.orchestration.turn import Turns
from app.orchestration.vectors import Vectors
from app.platform.storage import Database
from tests.unit.orchestration.fakes import FINAL, ROSTER, FakeEngine, Stage, Step, text

ANSWER: list[Step] = [text("I see."), FINAL]


@dataclass
class Desk:
    """Chats with a memory, on scripted engines."""

    stage: Stage
    chats: Chats
    conversations: Conversations
    memories: Memories
    engine: FakeEngine

    async def say(self, words: str, chat: str | None = None) -> ChatTurn:
        """Send a message and wait until its answer, and what is kept of it, are there."""
        sent = await self.chats.send(chat, words)
        turn = self.stage.turns.find(sent.turn_id)
        assert turn is not None
        await turn.wait()
        await self.stage.tasks.close(5)
        return sent

    async def answer(self, sent: ChatTurn) -> str:
        return (await self.conversations.message(sent.message_id)).content

    async def texts(self) -> list[str]:
        found = await self.memories.store.find(Filter())
        return [each.text for each in found.memories]

    def asked(self) -> str:
        """All that the model was given last."""
        return str(self.engine.requests[-1].messages)


@asynccontextmanager
async def desk(folder: Path, *scripts: list[Step], **settings: object) -> AsyncIterator[Desk]:
    engine = FakeEngine(*scripts)
    stage = Stage(engine)
    wanted = Settings.model_validate(settings)
    thinkers = Thinkers(Vectors(None, stage.supervisor, lambda _: ELSEWHERE, str))
    home = Home(folder / "memory.db", folder / "backups" / "memory", folder / "index")
    memories = Memories(home, thinkers, stage.bus, wanted)
    await memories.open()
    database = Database(folder / "echelon.db", folder / "backups")
    await database.open()
    ids = iter(range(10_000))
    now = iter(range(1_000, 10_000))
    passing = Database(Path(":memory:"), folder / "backups")
    await passing.open()
    conversations = Conversations(
        database,
        stage.bus,
        clock=lambda: float(next(now)),
        new_id=lambda: f"id-{next(ids)}",
        passing=passing,
    )
    journal = Journal((), wall_clock=lambda: 0.0, identify=lambda model: model.name)
    memory = Recollection(memories, window=4096, budget=wanted.memory_tokens)
    advisers = Advisers(
        Router(ROSTER),
        Gate(),
        Breaker(lambda: stage.now),
        lambda model: model.name,
        memory=memory,
    )
    conductor = Conductor(Attempts(stage.supervisor, lambda: stage.now), advisers, stage.bus)
    stage.turns = Turns(
        bus=stage.bus,
        tasks=stage.tasks,
        conductor=conductor,
        journal=journal,
        clock=lambda: stage.now,
        new_id=lambda: f"turn-{next(ids)}",
    )
    Keeping(memories, conversations, stage.bus, stage.tasks)
    chats = Chats(
        conversations=conversations,
        turns=stage.turns,
        bus=stage.bus,
        clock=lambda: stage.now,
        journal=journal,
        forget=memories.forget_chat,
    )
    try:
        yield Desk(stage, chats, conversations, memories, engine)
    finally:
        await stage.tasks.close(1)
        await memories.close()
        await passing.close()
        await database.close()


async def test_what_one_chat_was_told_reaches_the_model_in_another(tmp_path: Path) -> None:
    async with desk(tmp_path, ANSWER) as at:
        told = await at.say("Remember that my cat is called Miso.")
        assert "Miso" in await at.answer(told)
        assert not at.engine.requests  # no model was asked
        asked = await at.say("What is my cat called?")
        assert "Miso" in at.asked()
        receipt = (await at.conversations.message(asked.message_id)).receipt
        assert receipt is not None
        (used,) = receipt.memories
        assert (used.why, used.conversation_id) == ("by words", told.conversation_id)
        assert receipt.recall
        kept = await at.memories.store.get(used.memory_id)
        assert kept is not None
        assert kept.uses == 1
        question = (await at.conversations.thread(asked.conversation_id))[0].message
        assert question.content == "What is my cat called?"


async def test_the_receipt_of_an_order_says_that_memory_did_it(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        told = await at.say("Remember that my cat is called Miso.")
        message = await at.conversations.message(told.message_id)
        assert message.state is MessageState.COMPLETE
        assert message.receipt is not None
        assert message.receipt.role == MEMORY
        assert await at.texts() == ["My cat is called Miso."]


async def test_a_correction_replaces_what_was_and_forgetting_leaves_nothing(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path) as at:
        await at.say("Remember that my cat is called Miso.")
        await at.say("Remember that my cat is called Nori.")
        scope = await at.memories.reads("any chat")
        report = await at.memories.recall.of("my cat", scope, 400, now=5_000.0)
        assert [each.memory.text for each in report.found] == ["My cat is called Nori."]
        await at.say("Forget that my cat is called Nori.")
        assert await at.texts() == []


async def test_where_several_may_be_meant_the_user_chooses(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        first = await at.say("Remember that my sister Anna lives in Rome.")
        await at.say("Remember that my sister Anna likes tea.", first.conversation_id)
        asked = await at.say("Forget about my sister Anna.", first.conversation_id)
        lines = (await at.answer(asked)).splitlines()
        (tea,) = [line for line in lines if "tea" in line]
        await at.say(f"forget {tea.split('.')[0]}", first.conversation_id)
        assert [each for each in await at.texts() if "tea" in each] == []
        assert [each for each in await at.texts() if "Rome" in each]


async def test_what_was_said_is_kept_with_its_answer(tmp_path: Path) -> None:
    async with desk(tmp_path, ANSWER) as at:
        await at.say("I have a beagle at home.")
        assert sorted(await at.texts()) == ["I have a beagle at home.", "I see."]


@pytest.mark.parametrize("mode", [ScopeMode.OFF, ScopeMode.CHAT])
async def test_a_canary_of_one_chat_never_reaches_another(tmp_path: Path, mode: ScopeMode) -> None:
    async with desk(tmp_path, ANSWER, ANSWER, ANSWER) as at:
        first = await at.say("Hello, this is about boats.")
        chat = first.conversation_id
        await at.memories.store.set_scope(chat, ChatScope(mode=mode))
        await at.say("My canary sings zwitschervogel in the kitchen.", chat)
        asked = await at.say("What does my canary sing in the kitchen?")
        assert "zwitschervogel" not in at.asked()
        receipt = (await at.conversations.message(asked.message_id)).receipt
        assert receipt is not None
        there = await at.memories.store.many([each.memory_id for each in receipt.memories])
        assert all("zwitschervogel" not in each.text for each in there.values())


async def test_a_chat_without_memory_reads_and_keeps_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path, ANSWER, memory_scope="off") as at:
        told = await at.say("Remember that my cat is called Miso.")
        assert "off" in await at.answer(told)
        await at.say("I have a beagle.")
        assert await at.texts() == []


async def test_with_memory_off_an_order_is_a_question_like_any_other(tmp_path: Path) -> None:
    async with desk(tmp_path, ANSWER, memory=False) as at:
        told = await at.say("Remember that my cat is called Miso.")
        assert await at.answer(told) == "I see."
        assert await at.texts() == []


async def test_without_a_chat_nothing_is_recalled(tmp_path: Path) -> None:
    async with desk(tmp_path, ANSWER) as at:
        await at.say("Remember that my cat is called Miso.")
        turn = at.stage.turns.send((ChatMessage(role="user", content="What is my cat called?"),))
        await turn.wait()
        assert "Miso" not in at.asked()


async def test_a_memory_that_breaks_does_not_break_the_turn(tmp_path: Path) -> None:
    async with desk(tmp_path, ANSWER) as at:
        await at.memories.store.close()
        asked = await at.say("What is my cat called?")
        assert await at.answer(asked) == "I see."


async def test_deleting_a_chat_deletes_what_only_it_knew(tmp_path: Path) -> None:
    async with desk(tmp_path, ANSWER) as at:
        told = await at.say("I have a beagle at home.")
        own = NewMemory(scope=chat_scope(told.conversation_id), text="It is called Bo")
        await at.memories.store.add([own])
        await at.memories.store.set_scope(told.conversation_id, ChatScope(mode=ScopeMode.CHAT))
        await at.chats.delete(told.conversation_id)
        assert await at.texts() == []
        assert await at.memories.store.scope_of(told.conversation_id) == at.memories.usual


async def test_what_stands_in_the_thread_is_not_recalled_again(tmp_path: Path) -> None:
    async with desk(tmp_path, ANSWER, ANSWER) as at:
        first = await at.say("I have a beagle at home.")
        await at.say("What beagle do I have at home?", first.conversation_id)
        assert at.asked().count("beagle at home") == 1


async def test_a_small_window_gets_brief_notes(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.say("Remember that my cat is called Miso.")
        small = Recollection(at.memories, window=512, budget=400)
        asked = Question("What is my cat called?", (), conversation_id="another")
        assert "Miso" in (await small.of(asked)).block
        none = Recollection(at.memories, window=512, budget=0)
        assert not (await none.of(asked)).block


async def test_nothing_of_a_temporary_chat_is_written(tmp_path: Path) -> None:
    async with desk(tmp_path, ANSWER, ANSWER) as at:
        await at.say("Remember that my cat is called Miso.")
        chat = (await at.conversations.create_temporary()).id
        sent = await at.say("What is my cat called, zwitschervogel?", chat)
        assert await at.answer(sent) == "I see."
        assert "Miso" not in at.asked()
        told = await at.say("Remember that I sing zwitschervogel.", chat)
        assert "off" in await at.answer(told)
        assert [each.id for each in await at.conversations.list()] != [chat]
        assert "zwitschervogel" not in str(at.stage.rows)
        assert _files_with(b"Miso", tmp_path)
        assert not _files_with(b"zwitschervogel", tmp_path)
        await at.chats.delete(chat)
        with pytest.raises(ConversationMissing):
            await at.conversations.get(chat)


def _files_with(word: bytes, folder: Path) -> list[Path]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [file for file in files if word in file.read_bytes()]
