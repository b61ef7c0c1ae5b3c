"""Memory in the chat: how far it reaches, what went along, and how to be rid of it."""

from pathlib import Path

from PySide6.QtWidgets import QApplication, QLabel, QToolButton

from app.domain.chat import UsedMemory
from app.domain.memories import ChatScope, NewMemory, ScopeMode
from app.ui.chat.messages import AnswerMessage
from app.ui.chat.page import ChatPage
from app.ui.chat.used import UsedMemories
from tests.ui.core import FINAL, NOON, RECEIPT
from tests.ui.pages import shown, until


def _buttons(page: ChatPage, words: str) -> list[QToolButton]:
    return [
        each
        for view in page.transcript.views.values()
        for each in view.findChildren(QToolButton)
        if each.text() == words and each.isVisible()
    ]


def _told(page: ChatPage) -> list[str]:
    return [
        label.text()
        for view in page.transcript.views.values()
        if isinstance(view, AnswerMessage)
        for used in view.findChildren(UsedMemories)
        for label in used.findChildren(QLabel)
        if label.isVisible()
    ]


async def test_the_reach_of_a_new_chat_holds_from_its_first_message(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with shown(qapp, tmp_path, ChatPage, 900) as (core, page):
        await until(lambda: page.memory.reach.text() == "Memory: everywhere")
        page.memory.reach.action(ScopeMode.OFF).trigger()
        await until(lambda: page.memory.reach.text() == "Memory: off")
        core.will_answer("Yes.", FINAL)
        page.composer.submitted.emit("Hello?", "")
        await until(lambda: bool(page.conversation))
        scope = await core.app.memories.store.scope_of(page.conversation)
        assert scope == ChatScope(mode=ScopeMode.OFF)
        page.open("")
        await until(lambda: page.memory.reach.text() == "Memory: everywhere")


async def test_the_reach_of_a_chat_can_be_changed(qapp: QApplication, tmp_path: Path) -> None:
    async with shown(qapp, tmp_path, ChatPage, 900) as (core, page):
        chat = await core.store("Hello?", "Yes.")
        page.open(chat)
        await until(lambda: bool(page.transcript.views))
        page.memory.reach.action(ScopeMode.CHAT).trigger()
        await until(lambda: page.memory.reach.text() == "Memory: this chat")
        assert (await core.app.memories.store.scope_of(chat)).mode is ScopeMode.CHAT


async def test_used_memories_are_listed_shown_and_forgotten(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with shown(qapp, tmp_path, ChatPage, 900) as (core, page):
        (kept,) = await core.app.memories.store.add(
            [NewMemory(scope="everywhere", text="My cat is called Miso.")]
        )
        used = UsedMemory(memory_id=kept.id, why="by words", learned=NOON)
        receipt = RECEIPT.model_copy(update={"memories": (used,)})
        page.open(await core.store("What is my cat called?", "Miso.", receipt=receipt))
        await until(lambda: bool(_buttons(page, "used 1 memory")))
        asked: list[int] = []
        page.memory.show_wanted.connect(asked.append)
        _buttons(page, "used 1 memory")[0].click()
        await until(lambda: "My cat is called Miso." in _told(page))
        assert any("found by words" in each for each in _told(page))
        _buttons(page, "Show in Memory")[0].click()
        assert asked == [kept.id]
        _buttons(page, "Forget this")[0].click()
        await until(lambda: "It is kept no more." in _told(page))
        assert await core.app.memories.store.get(kept.id) is None


async def test_an_answer_without_memories_has_no_chip(qapp: QApplication, tmp_path: Path) -> None:
    async with shown(qapp, tmp_path, ChatPage, 900) as (core, page):
        page.open(await core.store("Hello?", "Yes."))
        await until(lambda: bool(_buttons(page, "Copy")))
        assert not _buttons(page, "used 0 memories")


async def test_a_temporary_chat_is_marked_and_ends_when_it_is_left(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with shown(qapp, tmp_path, ChatPage, 900) as (core, page):
        page.open_temporary()
        await until(lambda: "Temporary chat" in page._title.text())
        assert not page.memory.reach.isVisible()
        chat = page.conversation
        core.will_answer("Yes.", FINAL)
        page.composer.submitted.emit("Hello?", "")
        await until(lambda: bool(_buttons(page, "Copy")))
        assert await core.app.conversations.list() == ()
        page.open("")
        await until(lambda: core.supervisor.forgotten == 1)
        assert chat != page.conversation
