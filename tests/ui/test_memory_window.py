"""From the window to the page of memories, and from a memory back to where it was said."""

from pathlib import Path

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from tests.ui.pages import until
from tests.ui.remembering import LISBON, fact, texts
from tests.ui.test_main_window import opened


async def test_a_memory_leads_to_the_message_it_came_from(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with opened(qapp, tmp_path) as at:
        said = [f"Line {number} of a long chat. " * 20 for number in range(60)]
        chat = await at.core.store(*said)
        thread = await at.core.app.conversations.thread(chat)
        first = thread[2].message.id
        new = fact(LISBON, conversation_id=chat, message_id=first)
        await at.core.app.memories.store.add([new])
        by_key = {action.shortcut(): action for action in at.window.actions()}
        by_key[QKeySequence("Ctrl+Y")].trigger()
        page, chats = at.window.memories, at.window.page
        assert chats is not None
        await until(lambda: texts(page.kept) == [LISBON])
        page.kept.origin.trigger()
        await until(chats.isVisible)
        assert chats.conversation == chat
        await until(lambda: first in chats.transcript.views)
        shown = chats.transcript.views[first]
        await until(lambda: not shown.visibleRegion().isEmpty())
