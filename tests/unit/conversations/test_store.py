"""Chats as a tree: branches, versions, and nothing unreachable."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversations import rows
from app.conversations.rows import title_of
from app.conversations.store import Conversations
from app.domain.chat import MessageState, Receipt, StoredMessage
from app.domain.errors import ConversationMissing, DiskFull
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


async def test_a_long_chat_is_read_cut_short_and_removed(tmp_path: Path) -> None:
    length = 3000  # deeper than SQLite lets one removal cause the next

    async with store(tmp_path) as chats:
        first = await chats.ask(None, "start")

        def fill(db: sqlite3.Connection) -> None:
            for number in range(length):
                above = f"deep-{number - 1}" if number else first.id
                added = first.model_copy(update={"id": f"deep-{number}", "parent_id": above})
                rows.append(db, added)

        await chats._database.write(fill)
        thread = await chats.thread(first.conversation_id)
        assert len(thread) == length + 2
        await chats.select_version(first.id)
        assert (await chats.thread(first.conversation_id))[-1].message.id == f"deep-{length - 1}"
        await chats.delete(first.conversation_id)
        left = await chats._database.read(
            lambda db: db.execute("SELECT COUNT(*) FROM messages").fetchone()[0]
        )
        assert left == 0


async def test_a_full_disk_stores_nothing_and_tells_nobody(tmp_path: Path) -> None:
    bus, told = Bus(), list[str]()
    async with store(tmp_path, bus) as chats:
        chat = await chats.create("kept")
        await chats._database.read(lambda db: db.execute("PRAGMA max_page_count = 12"))
        bus.on(ConversationChanged, lambda event: told.append(event.conversation_id))
        with pytest.raises(DiskFull):
            await chats.ask(chat.id, "x" * 100_000)
        with pytest.raises(DiskFull):
            await chats.ask(None, "x" * 100_000)
        assert [each.title for each in await chats.list()] == ["kept"]
        assert await chats.thread(chat.id) == ()
        assert told == []
        await chats.ask(chat.id, "short")
        assert len(await chats.thread(chat.id)) == 2


async def test_what_is_no_text_for_a_file_is_kept_readable(tmp_path: Path) -> None:
    async with store(tmp_path) as chats:
        answer = await chats.ask(None, "half \ud83d and a pair \ud83d\ude00 \0 end")
        await chats.save_answer(answer.id, content="\udc00", state=MessageState.COMPLETE)
        thread = await chats.thread(answer.conversation_id)
        assert thread[0].message.content == "half \ufffd and a pair 😀 \0 end"
        assert thread[1].message.content == "\ufffd"


async def test_nothing_is_done_for_a_conversation_that_is_gone(tmp_path: Path) -> None:
    bus, told = Bus(), list[ConversationChanged]()
    bus.on(ConversationChanged, told.append)
    async with store(tmp_path, bus) as chats:
        for attempt in (
            chats.ask("gone", "x"),
            chats.open_answer("gone"),
            chats.select_version("gone"),
            chats.save_answer("gone", content="x", state=MessageState.COMPLETE),
            chats.set_role("gone", "front"),
            chats.delete("gone"),
        ):
            with pytest.raises(ConversationMissing):
                await attempt
    assert told == []


async def test_the_newest_change_comes_first(tmp_path: Path) -> None:
    async with store(tmp_path) as chats:
        old, new = await chats.create("old"), await chats.create("new")
        assert [each.title for each in await chats.list()] == ["new", "old"]
        await chats.ask(old.id, "x")
        assert [each.title for each in await chats.list()] == ["old", "new"]
        await chats.rename(new.id, "still\n below")
        assert [each.title for each in await chats.list(limit=1)] == ["old"]
        assert (await chats.get(new.id)).title == "still below"


async def test_only_open_answers_count_as_interrupted(tmp_path: Path) -> None:
    async with store(tmp_path) as chats:
        done = await chats.ask(None, "a")
        await chats.save_answer(done.id, content="b", state=MessageState.CANCELLED)
        assert await chats.mark_interrupted() == 0
        assert (await chats.message(done.id)).state is MessageState.CANCELLED


@given(st.text(st.characters(exclude_categories=())))
def test_a_title_is_one_short_line(text: str) -> None:
    title = title_of(text)
    assert len(title) <= 49
    assert len(title.splitlines()) <= 1
    assert title == title.strip()
    assert bool(title) == bool(text.strip())


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("  \n\n  Hello \t  there \nmore", "Hello there"),
        ("word " * 20, "word word word word word word word word word…"),
        ("語" * 60, "語" * 48 + "…"),
        ("x" * 48, "x" * 48),
    ],
)
def test_titles_end_with_a_word(text: str, title: str) -> None:
    assert title_of(text) == title


class Tree:
    """What a conversation should look like, kept in plain lists."""

    def __init__(self) -> None:
        self.parents: dict[str, str | None] = {}
        self.leaf = ""

    def add(self, message: StoredMessage) -> None:
        """Follow one message; it becomes the end of what is shown."""
        self.parents[message.id] = message.parent_id
        self.leaf = message.id

    def select(self, message_id: str) -> None:
        """Go down from a message, always to the newest."""
        self.leaf = message_id
        while below := [each for each, above in self.parents.items() if above == self.leaf]:
            self.leaf = below[-1]

    def path(self) -> list[tuple[str, int, int]]:
        """The shown branch: id, version, versions."""
        found, at = list[tuple[str, int, int]](), self.leaf or None
        while at is not None:
            beside = [each for each, above in self.parents.items() if above == self.parents[at]]
            found.append((at, beside.index(at) + 1, len(beside)))
            at = self.parents[at]
        return found[::-1]


STEPS = st.tuples(st.sampled_from(["ask", "again", "select"]), st.integers(0, 50))


@settings(max_examples=30, deadline=None)
@given(steps=st.lists(STEPS, max_size=14))
def test_a_conversation_is_a_tree_and_the_thread_its_path(steps: list[tuple[str, int]]) -> None:
    asyncio.run(_walk(steps))


async def _walk(steps: list[tuple[str, int]]) -> None:
    tree = Tree()
    with TemporaryDirectory() as folder:
        async with store(Path(folder)) as chats:
            other = await chats.ask(None, "another conversation")
            chat = (await chats.create()).id

            async def ask() -> None:
                answer = await chats.ask(chat, "more")
                tree.add(await chats.message(answer.parent_id or ""))
                tree.add(answer)

            await ask()
            for step, pick in steps:
                chosen = list(tree.parents)[pick % len(tree.parents)]
                if step == "ask":
                    await ask()
                elif step == "again":
                    message = await chats.message(chosen)
                    asked = message.id if message.role == "user" else message.parent_id
                    tree.add(await chats.open_answer(asked or ""))
                else:
                    await chats.select_version(chosen)
                    tree.select(chosen)
                assert await _shown(chats, chat) == tree.path()
            for each in tree.parents:  # nothing is ever unreachable
                await chats.select_version(each)
                assert each in {message_id for message_id, _, _ in await _shown(chats, chat)}
            assert len(await chats.thread(other.conversation_id)) == 2


async def _shown(chats: Conversations, chat: str) -> list[tuple[str, int, int]]:
    thread = await chats.thread(chat)
    roles = [entry.message.role for entry in thread]
    assert roles == ["user", "assistant"] * (len(thread) // 2)
    return [(entry.message.id, entry.version, entry.versions) for entry in thread]


async def test_the_newest_complete_answers_of_a_model_are_found(tmp_path: Path) -> None:
    other = RECEIPT.model_copy(update={"model": "large"})
    known = RECEIPT.model_copy(update={"family": "chat"})
    kinds = [
        ("one", known, MessageState.COMPLETE),
        ("two", other, MessageState.COMPLETE),
        ("three", known, MessageState.INTERRUPTED),
        ("four", RECEIPT, MessageState.COMPLETE),
        ("five", None, MessageState.COMPLETE),
    ]
    async with store(tmp_path) as chats:
        for said, receipt, state in kinds:
            answer = await chats.ask(None, f"{said}?")
            await chats.save_answer(answer.id, content=said, state=state, receipt=receipt)
        found = await chats.answers_of("tiny", 8)
        assert [(each.asked, each.said, each.family) for each in found] == [
            ("four?", "four", ""),
            ("one?", "one", "chat"),
        ]
        assert await chats.answers_of("tiny", 1) == found[:1]
        assert await chats.answers_of("none", 8) == ()
