"""Chats as a tree: branches, versions, and nothing unreachable."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversations.rows import title_of
from app.conversations.store import Conversations
from app.domain.chat import MessageState, Receipt
from app.domain.errors import ConversationMissing
from app.domain.events import ConversationChanged
from app.domain.models import Tier
from app.platform.bus import Bus
from app.platform.storage import Database

RECEIPT = Receipt(role="front", tier=Tier.A, model="tiny", reason="the default role")


@asynccontextmanager
async def store(folder: Path, bus: Bus | None = None) -> AsyncIterator[Conversations]:
    ids, times = iter(range(100_000)), iter(range(100_000))
    database = Database(folder / "echelon.db", folder / "backups")
    await database.open()
    try:
        yield Conversations(
            database,
            bus or Bus(),
            clock=lambda: float(next(times)),
            new_id=lambda: f"id-{next(ids)}",
        )
    finally:
        await database.close()


async def test_asking_makes_a_conversation_with_a_title(tmp_path: Path) -> None:
    async with store(tmp_path) as chats:
        answer = await chats.ask(None, "What is the capital of Japan?\nPlease.")
        (chat,) = await chats.list()
        assert chat.title == "What is the capital of Japan?"
        thread = await chats.thread(chat.id)
        assert [entry.message.role for entry in thread] == ["user", "assistant"]
        assert thread[1].message.id == answer.id
        assert answer.state is MessageState.STREAMING


async def test_an_answer_keeps_its_receipt_and_its_error(tmp_path: Path) -> None:
    async with store(tmp_path) as chats:
        answer = await chats.ask(None, "x")
        await chats.save_answer(
            answer.id, content="half", state=MessageState.FAILED, receipt=RECEIPT, error="died"
        )
        kept = await chats.message(answer.id)
        assert (kept.content, kept.receipt, kept.error) == ("half", RECEIPT, "died")


async def test_versions_can_be_looked_at_again(tmp_path: Path) -> None:
    async with store(tmp_path) as chats:
        first = await chats.ask(None, "x")
        follow = await chats.ask(first.conversation_id, "more")
        second = await chats.open_answer(first.parent_id or "")
        thread = await chats.thread(first.conversation_id)
        assert [entry.message.id for entry in thread][-1] == second.id
        assert (thread[-1].version, thread[-1].versions) == (2, 2)
        await chats.select_version(first.id)
        thread = await chats.thread(first.conversation_id)
        assert thread[-1].message.id == follow.id


async def test_a_crash_is_seen_at_the_next_start(tmp_path: Path) -> None:
    async with store(tmp_path) as chats:
        answer = await chats.ask(None, "x")
        await chats.save_answer(answer.id, content="ha", state=MessageState.STREAMING)
    async with store(tmp_path) as chats:
        assert await chats.mark_interrupted() == 1
        kept = await chats.message(answer.id)
        assert (kept.content, kept.state) == ("ha", MessageState.INTERRUPTED)


async def test_renaming_choosing_and_deleting(tmp_path: Path) -> None:
    async with store(tmp_path) as chats:
        chat = await chats.create("old")
        await chats.rename(chat.id, " new ")
        await chats.set_role(chat.id, "front")
        found = await chats.get(chat.id)
        assert (found.title, found.role) == ("new", "front")
        answer = await chats.ask(chat.id, "x")
        await chats.delete(chat.id)
        assert await chats.list() == ()
        with pytest.raises(ConversationMissing):
            await chats.message(answer.id)
        for attempt in (chats.get(chat.id), chats.thread(chat.id), chats.rename(chat.id, "a")):
            with pytest.raises(ConversationMissing):
                await attempt


async def test_every_change_is_told(tmp_path: Path) -> None:
    bus, told = Bus(), list[str]()
    bus.on(ConversationChanged, lambda event: told.append(event.conversation_id))
    async with store(tmp_path, bus) as chats:
        chat = await chats.create()
        answer = await chats.ask(chat.id, "x")
        await chats.save_answer(answer.id, content="a", state=MessageState.STREAMING)
        assert told == [chat.id] * 2
        await chats.save_answer(answer.id, content="ab", state=MessageState.COMPLETE)
        await chats.delete(chat.id)
        assert told == [chat.id] * 4


async def test_an_empty_conversation_is_named_by_its_first_message(tmp_path: Path) -> None:
    async with store(tmp_path) as chats:
        chat = await chats.create()
        await chats.ask(chat.id, "First words")
        await chats.ask(chat.id, "Second words")
        assert (await chats.get(chat.id)).title == "First words"


@given(st.text())
def test_a_title_is_one_short_line(text: str) -> None:
    title = title_of(text)
    assert len(title) <= 49
    assert "\n" not in title


@settings(max_examples=25, deadline=None)
@given(steps=st.lists(st.sampled_from(["ask", "again", "back"]), min_size=1, max_size=12))
def test_the_shown_branch_is_a_path_and_versions_are_counted(steps: list[str]) -> None:
    import asyncio

    async def walk() -> None:
        with TemporaryDirectory() as folder:
            async with store(Path(folder)) as chats:
                answer = await chats.ask(None, "start")
                chat, answers = answer.conversation_id, [answer]
                for step in steps:
                    if step == "ask":
                        answers.append(await chats.ask(chat, "more"))
                    elif step == "again":
                        answers.append(await chats.open_answer(answers[-1].parent_id or ""))
                    else:
                        await chats.select_version(answers[0].id)
                    thread = await chats.thread(chat)
                    assert thread[0].message.parent_id is None
                    for above, below in itertools.pairwise(thread):
                        assert below.message.parent_id == above.message.id
                    assert all(1 <= entry.version <= entry.versions for entry in thread)
                for each in answers:  # nothing is ever unreachable
                    await chats.select_version(each.id)
                    shown = {entry.message.id for entry in await chats.thread(chat)}
                    assert each.id in shown

    asyncio.run(walk())
