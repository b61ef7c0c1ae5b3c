"""The page of memories over a real core with its real store."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.memories import (
    Filter,
    MemoryKind,
    MemoryStatus,
    Page,
    Trust,
    chat_scope,
    folder_scope,
)
from app.memory.store import MemoryStore
from app.ui.memories.edit import EditDialog
from app.ui.memories.merge import MergeDialog
from app.ui.memories.rows import PAGE
from tests.ui.pages import until
from tests.ui.remembering import LISBON, SHIP, TEA, choose, fact, listed, of, remembering, texts


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Filter]:
    """Return what was asked of the store."""
    wanted: list[Filter] = []
    find = MemoryStore.find

    async def noted(self: MemoryStore, wish: Filter) -> Page:
        wanted.append(wish)
        return await find(self, wish)

    monkeypatch.setattr(MemoryStore, "find", noted)
    return wanted


async def test_what_is_remembered_is_listed_and_searched(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with remembering(qapp, tmp_path, fact(LISBON), fact(TEA)) as (_, page):
        assert texts(page.kept) == [TEA, LISBON]
        assert page.kept.detail.text.toPlainText() == TEA
        page.kept.bar.line.setText("lisBON")
        await until(lambda: texts(page.kept) == [LISBON])
        page.kept.bar.line.setText("nowhere to be found")
        await until(lambda: page.kept.nothing.text() == "Nothing fits.")


async def test_filters_ask_for_place_kind_trust_status_and_order(
    qapp: QApplication, tmp_path: Path
) -> None:
    new = (
        fact(LISBON, scope=folder_scope("home")),
        fact(TEA, kind=MemoryKind.PREFERENCE),
        fact(SHIP, trust=Trust.UNTRUSTED),
    )
    async with remembering(qapp, tmp_path, *new) as (core, page):
        bar = page.kept.bar
        await until(lambda: bar.scope.findData("folder:home") > 0)
        for box, value, expected in (
            (bar.scope, "folder:home", LISBON),
            (bar.kind, "preference", TEA),
            (bar.trust, "untrusted", SHIP),
        ):
            bar.clear()
            box.setCurrentIndex(box.findData(value))
            box.activated.emit(box.currentIndex())
            await listed(page.kept, expected)
        await core.app.memories.store.archive([(await of(core, TEA)).id])
        bar.clear()
        bar.status.setCurrentIndex(bar.status.findData("archived"))
        bar.filtered.emit()
        await until(lambda: texts(page.kept) == [TEA])
        bar.status.setCurrentIndex(bar.status.findData(""))
        bar.order.setCurrentIndex(bar.order.findData("oldest"))
        bar.filtered.emit()
        await until(lambda: texts(page.kept) == [LISBON, TEA, SHIP])


async def test_what_is_deleted_is_gone_and_comes_back(qapp: QApplication, tmp_path: Path) -> None:
    async with remembering(qapp, tmp_path, fact(LISBON), fact(TEA)) as (core, page):
        choose(page.kept, LISBON)
        page.kept.list.setFocus()
        QTest.keyClick(page.kept.list, Qt.Key.Key_Delete)
        await until(lambda: texts(page.kept) == [TEA])
        assert page.undo.text.startswith("One memory is deleted.")
        assert (await core.app.memories.store.find(Filter(text="Lisbon"))).total == 0
        page.undo.offered[0].click()
        await until(lambda: sorted(texts(page.kept)) == sorted([TEA, LISBON]))
        assert page.undo.text == ""


async def test_what_was_deleted_is_held_as_long_as_the_bar_shows(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with remembering(qapp, tmp_path, fact(LISBON), fact(TEA)) as (_, page):
        page.kept.delete.trigger()
        await until(lambda: page.undo.removed is not None)
        page.hide()
        assert page.undo.removed is not None  # only the page was left
        page.show()
        page.undo.hide()
        assert page.undo.removed is None


async def test_a_memory_is_edited(qapp: QApplication, tmp_path: Path) -> None:
    async with remembering(qapp, tmp_path, fact(LISBON)) as (core, page):
        page.kept.edit.trigger()
        await until(lambda: bool(page.kept.findChildren(EditDialog)))
        (dialog,) = page.kept.findChildren(EditDialog)
        dialog.text.setPlainText("I live in Porto.")
        dialog.kind.setCurrentIndex(dialog.kind.findData("task"))
        dialog.weight.setCurrentIndex(2)
        dialog.until.setText("next year")
        dialog.accept()
        assert dialog.isVisible()
        assert "is no day" in dialog.problem.text()
        dialog.until.setText("2999-12-31")
        dialog.accept()
        await until(lambda: texts(page.kept) == ["I live in Porto."])
        memory = await of(core, "Porto")
        assert (memory.kind, memory.importance) == (MemoryKind.TASK, 0.9)
        assert memory.expires_at is not None


async def test_memories_are_pinned_archived_and_restored(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with remembering(qapp, tmp_path, fact(LISBON), fact(TEA)) as (core, page):
        page.kept.list.selectAll()
        page.kept.pin.trigger()
        await until(lambda: page.kept.pin.text() == "Unpin")
        assert (await of(core, TEA)).pinned
        choose(page.kept, TEA)
        page.kept.archive.trigger()
        await until(lambda: texts(page.kept) == [LISBON])
        page.kept.bar.status.setCurrentIndex(page.kept.bar.status.findData("archived"))
        page.kept.bar.filtered.emit()
        await until(lambda: page.kept.archive.text() == "Restore")
        page.kept.archive.trigger()
        await until(lambda: page.kept.list.rows.rowCount() == 0)
        assert (await of(core, TEA)).status is MemoryStatus.ACTIVE


async def test_several_become_one_with_the_words_that_are_chosen(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with remembering(qapp, tmp_path, fact(LISBON), fact("My home is Lisbon.")) as (_, page):
        assert not page.kept.merge.isVisible()
        page.kept.list.selectAll()
        page.kept.merge.trigger()
        await until(lambda: bool(page.kept.findChildren(MergeDialog)))
        (dialog,) = page.kept.findChildren(MergeDialog)
        dialog.choice.setCurrentRow(1)
        assert dialog.text.toPlainText() == LISBON
        dialog.text.setPlainText("I live in Lisbon, Portugal.")
        dialog.accept()
        await until(lambda: texts(page.kept) == ["I live in Lisbon, Portugal."])


async def test_proposals_are_answered_together(qapp: QApplication, tmp_path: Path) -> None:
    new = [fact(each, status=MemoryStatus.PROPOSED, trust=Trust.MODEL) for each in (LISBON, TEA)]
    new.append(fact(SHIP, status=MemoryStatus.PROPOSED, trust=Trust.MODEL))
    async with remembering(qapp, tmp_path, *new) as (core, page):
        await until(lambda: page.tabs.button(1).text() == "Proposed 3")
        page.open_tab(page.proposed)
        await until(lambda: len(texts(page.proposed)) == 3)
        choose(page.proposed, LISBON, TEA)
        page.proposed.accept.trigger()
        await until(lambda: texts(page.proposed) == [SHIP])
        page.proposed.refuse.trigger()
        await until(lambda: page.tabs.button(1).text() == "Proposed")
        assert (await of(core, TEA)).trust is Trust.USER
        assert (await of(core, SHIP)).status is MemoryStatus.ARCHIVED


async def test_ten_thousand_memories_are_fetched_where_somebody_looks(
    qapp: QApplication, tmp_path: Path, asked: list[Filter]
) -> None:
    many = [fact(f"Number {number} is known.") for number in range(10_000)]
    async with remembering(qapp, tmp_path, *many) as (_, page):
        rows = page.kept.list.rows
        assert rows.rowCount() == 10_000
        assert len(asked) == 1
        page.kept.list.scrollToBottom()
        await until(lambda: rows.memory(9_999) is not None)
        assert len(asked) <= 3
        assert all(wish.limit == PAGE for wish in asked)
        page.kept.list.selectAll()
        page.kept.delete.trigger()
        await until(lambda: rows.rowCount() == 0 and page.undo.removed is not None)
        assert page.undo.text.startswith("10000 memories are deleted.")
        assert len(asked) <= 5


async def test_the_chat_a_memory_came_from_is_asked_for(qapp: QApplication, tmp_path: Path) -> None:
    async with remembering(qapp, tmp_path) as (core, page):
        wanted: list[tuple[str, str]] = []
        page.origin_wanted.connect(lambda *where: wanted.append(where))
        chat = await core.store("Where do I live?", "In Lisbon.")
        await core.app.memories.store.add(
            [fact(LISBON, scope=chat_scope(chat), conversation_id=chat, message_id="m1")]
        )
        await listed(page.kept, LISBON)
        await until(lambda: "only in “Where do I live?”" in page.kept.detail.facts.text())
        page.kept.origin.trigger()
        await until(lambda: wanted == [(chat, "m1")])
        await core.app.memories.store.add([fact(TEA, conversation_id="gone", message_id="m2")])
        await listed(page.kept, TEA, LISBON)
        choose(page.kept, TEA)
        page.kept.origin.trigger()
        await until(lambda: page.notices.text != "")
        assert len(wanted) == 1


async def test_a_store_that_is_closed_says_so_in_words(qapp: QApplication, tmp_path: Path) -> None:
    async with remembering(qapp, tmp_path, fact(LISBON)) as (core, page):
        await core.app.memories.store.close()
        page.kept.refresh()
        await until(lambda: page.kept.nothing.text() != "")
        page.kept.delete.trigger()
        await until(lambda: page.notices.text != "")
        assert "Traceback" not in page.kept.nothing.text() + page.notices.text


async def test_rows_that_moved_meanwhile_are_not_deleted_by_their_numbers(
    qapp: QApplication, tmp_path: Path
) -> None:
    many = [fact(f"Number {number} is known.") for number in range(300)]
    async with remembering(qapp, tmp_path, *many) as (core, page):
        store = core.app.memories.store
        page.keeper.wrote.disconnect()  # the list does not hear of what is added now
        page.kept.list.selectAll()
        await store.add([fact(LISBON)])
        page.kept.delete.trigger()
        await until(lambda: page.notices.text == "The list has changed. Choose again.")
        assert (await store.find(Filter(limit=0))).total == 301
