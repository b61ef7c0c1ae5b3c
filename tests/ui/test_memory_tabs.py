"""The tabs beside the lists of memories: time line, trying, documents, storage."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QWidget,
)

from app.domain.events import IndexWork, MemoriesIndexed
from app.domain.memories import Filter, MemoryStatus, folder_scope
from app.ui.dialogs import Confirm
from app.ui.memories.page import MemoriesPage
from app.ui.memories.past import PastDialog
from tests.ui.pages import until
from tests.ui.remembering import LISBON, SHIP, TEA, fact, of, remembering, texts


def words(part: QWidget) -> str:
    return "\n".join(label.text() for label in part.findChildren(QLabel) if label.isVisible())


def lines(box: QListWidget) -> list[str]:
    return [box.item(row).text().partition("   ")[2] for row in range(box.count())]


def button(part: QWidget, name: str) -> QAbstractButton:
    (found,) = [
        each
        for each in part.findChildren(QAbstractButton)
        if name in {each.text(), each.accessibleName()} and each.isVisible()
    ]
    return found


async def test_the_time_line_tells_day_by_day_what_happened(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with remembering(qapp, tmp_path, fact(LISBON), fact(TEA)) as (core, page):
        store = core.app.memories.store
        await store.change((await of(core, LISBON)).id, text="I live in Porto.")
        await store.delete([(await of(core, TEA)).id])
        page.open_tab(page.timeline)
        tab = page.timeline
        await until(lambda: "deleted" in lines(tab.list))
        assert f"changed: “{LISBON}” → “I live in Porto.”" in lines(tab.list)
        assert TEA not in "".join(lines(tab.list))  # what was deleted leaves no words
        row = lines(tab.list).index("learned: “I live in Porto.”")
        tab.list.itemActivated.emit(tab.list.item(row))
        await until(lambda: texts(page.kept) == ["I live in Porto."])


async def test_the_past_of_one_memory_is_shown(qapp: QApplication, tmp_path: Path) -> None:
    async with remembering(qapp, tmp_path, fact(LISBON)) as (core, page):
        await core.app.memories.store.change((await of(core, LISBON)).id, text="I live in Porto.")
        page.kept.past.trigger()
        await until(lambda: bool(page.kept.findChildren(PastDialog)))
        (dialog,) = page.kept.findChildren(PastDialog)
        assert LISBON in dialog.lines.toPlainText()
        dialog.reject()


async def test_a_question_shows_what_would_be_recalled_and_why(
    qapp: QApplication, tmp_path: Path
) -> None:
    new = (fact(LISBON), fact("We live in Lisbon in winter.", scope=folder_scope("home")))
    async with remembering(qapp, tmp_path, *new) as (core, page):
        page.open_tab(page.trying)
        tab = page.trying
        tab.line.setText("Where is Lisbon?")
        tab.ask.click()
        await until(lambda: LISBON in words(tab.found))
        assert "place 1 by its words" in words(tab.found)
        assert "in winter" not in words(tab.found)  # it counts elsewhere only
        assert "Looked for by words only" in tab.said.text()
        await until(lambda: tab.place.findData("folder:home") > 0)
        tab.place.setCurrentIndex(tab.place.findData("folder:home"))
        tab.ask.click()
        await until(lambda: "in winter" in words(tab.found))
        assert (await of(core, LISBON)).uses == 0
        tab.line.setText("zzz")
        tab.ask.click()
        await until(lambda: "Nothing would be recalled." in tab.said.text())


async def test_documents_are_added_shown_and_taken_out(qapp: QApplication, tmp_path: Path) -> None:
    folder = tmp_path / "Handbook"
    folder.mkdir()
    (folder / "boats.md").write_text("# Boats\n\nThe ferry leaves every twenty minutes.\n")
    async with remembering(qapp, tmp_path) as (core, page):
        page.open_tab(page.documents)
        tab = page.documents
        await until(lambda: "No documents yet" in tab.said.text())
        tab.read([folder])
        await until(lambda: "1 documents, 1 passages" in words(tab.rows))
        tab.read([tmp_path / "missing"])
        await until(lambda: "cannot be read" in page.notices.text)
        button(tab, "Show passages: Handbook").click()
        await until(lambda: len(texts(page.kept)) == 1)
        page.open_tab(tab)
        await until(lambda: "Handbook" in words(tab.rows))
        button(tab, "Take out: Handbook").click()
        await until(lambda: bool(tab.findChildren(Confirm)))
        tab.findChildren(Confirm)[0].accept()
        await until(lambda: "No documents yet" in tab.said.text())
        assert (await core.app.memories.store.find(Filter())).total == 0
        assert (folder / "boats.md").exists()


async def test_memories_go_to_a_file_and_come_back_as_proposals(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "memories.jsonl"
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _: [str(file)])
    async with remembering(qapp, tmp_path, fact(LISBON), fact(TEA)) as (core, page):
        page.open_tab(page.storage)
        await _accepted(page, "Export…")
        await until(lambda: page.notices.text == "Exported: 2 memories.")
        with file.open("a") as end:
            end.write(json.dumps({"text": SHIP}) + "\nno json\n")
        await _accepted(page, "Import…")
        await until(lambda: page.notices.text.startswith("Imported: 1 new, 2 known already, 1"))
        assert (await of(core, SHIP)).status is MemoryStatus.PROPOSED
        file.unlink()
        page.notices.hide()
        await _accepted(page, "Import…")
        await until(lambda: page.notices.text != "")


async def test_a_place_is_forgotten_and_comes_back(qapp: QApplication, tmp_path: Path) -> None:
    new = (fact(LISBON, scope=folder_scope("home")), fact(TEA))
    async with remembering(qapp, tmp_path, *new) as (core, page):
        page.open_tab(page.storage)
        tab = page.storage
        await until(lambda: "folder home" in words(tab))
        assert "remembered: 2" in tab.figures.text()
        button(tab, "Forget all: folder home").click()
        await until(lambda: "folder home" not in words(tab))
        page.undo.offered[0].click()
        await until(lambda: "folder home" in words(tab))
        button(tab, "Show: folder home").click()
        await until(lambda: texts(page.kept) == [LISBON])
        assert (await core.app.memories.store.find(Filter())).total == 2


async def test_it_is_said_how_memories_are_found_and_how_far_the_index_is(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with remembering(qapp, tmp_path, fact(LISBON)) as (core, page):
        page.open_tab(page.storage)
        tab = page.storage
        await until(lambda: "by their words only" in tab.meaning.text())
        assert page.lexical.isVisible()
        core.app.bus.publish(MemoriesIndexed(IndexWork.BUILDING, 3, 10))
        assert (tab.progress.isVisible(), tab.progress.value()) == (True, 3)
        core.app.bus.publish(MemoriesIndexed(IndexWork.BUILDING, 10, 10))
        assert not tab.progress.isVisible()
        assert not tab.rebuild.isEnabled()  # no model has made one
        await tab._rebuild()
        await until(lambda: page.notices.text == "The index was made anew.")


async def test_everything_has_a_name_and_fits_a_narrow_window(
    qapp: QApplication, tmp_path: Path
) -> None:
    folder = tmp_path / "Handbook"
    folder.mkdir()
    (folder / "boats.md").write_text("The ferry leaves every twenty minutes.\n")
    long = fact("A very long memory about the garden. " * 30, conversation_id="gone")
    async with remembering(qapp, tmp_path, fact(LISBON), long, width=424) as (core, page):
        await core.app.memories.collections.add(folder)
        page.kept.delete.trigger()
        await until(lambda: page.undo.removed is not None)
        for at in range(len(page.tabs.buttons())):
            page.tabs.button(at).click()
            await until(lambda: len(texts(page.kept)) == 2)
            assert page.width() == 424
            assert _outside(page) == []
            assert _nameless(page) == []


async def _accepted(page: MemoriesPage, name: str) -> None:
    button(page.storage, name).click()
    await until(lambda: bool(page.storage.findChildren(QFileDialog)))
    page.storage.findChildren(QFileDialog)[0].done(1)
    await until(lambda: not page.storage.findChildren(QFileDialog))


def _outside(page: MemoriesPage) -> list[str]:
    kinds = QAbstractButton | QComboBox | QLineEdit
    return [
        each.accessibleName() or each.objectName()
        for each in page.findChildren(QWidget)
        if isinstance(each, kinds)
        and each.isVisible()
        and each.mapTo(page, QPoint(each.width(), 0)).x() > page.width()
    ]


def _nameless(page: MemoriesPage) -> list[str]:
    return [
        f"{type(each).__name__} {each.objectName()}"
        for each in page.findChildren(QWidget)
        if each.isVisible()
        and each.focusPolicy().value
        and not isinstance(each, QLabel)
        and not (each.accessibleName() or getattr(each, "text", str)())
    ]
