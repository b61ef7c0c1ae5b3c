"""The tab of installed models over the real library, on real files of a disk of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QWidget

from app.domain.downloads import State
from app.domain.models import ModelSpec, RoleSpec, Roster, Tier
from app.models.ordering import Order
from app.models.shelf import checking
from app.ui.models.bringing import BringDialog
from app.ui.models.installed import InstalledTab
from app.ui.models.page import ModelsPage
from app.ui.models.removing import RemoveDialog
from app.ui.theme import DARK
from tests.fakes.hub import FakeRepo
from tests.ui.core import Core
from tests.ui.managed import managed, shown
from tests.ui.pages import until
from tests.unit.models.shelf.files import make
from tests.unit.models.shelf.test_adopt import _ollama

ODD = "🦙 \N{RIGHT-TO-LEFT OVERRIDE}gnp.exe " + "long " * 40


@asynccontextmanager
async def installed(
    qapp: QApplication, folder: Path, *repos: FakeRepo
) -> AsyncIterator[tuple[Core, ModelsPage]]:
    """Show the page of a core with two models of its own, one of which the front door uses."""
    own = folder / "data" / "models"
    front = make(own / "front.gguf", name="Front", seed=1)
    make(own / "other.gguf", name="Other", seed=2)
    role = RoleSpec(name="front", tier=Tier.A, model=ModelSpec(name="front", path=front))
    roster = Roster(roles=(role,), default_role="front", source="test")
    async with (
        managed(folder, *repos, roster=roster) as (core, _),
        shown(qapp, core, ModelsPage) as page,
    ):
        await until(lambda: "Front" in names(page.installed))
        yield core, page


def names(tab: InstalledTab) -> list[str]:
    return [row.item.name for row in tab.list.rows.rows]


def cells(tab: InstalledTab, name: str) -> tuple[str, ...]:
    (row,) = [row for row in tab.list.rows.rows if row.item.name == name]
    return (*row.cells, row.owner)


def mark(tab: InstalledTab, name: str) -> None:
    (row,) = [row for row in tab.list.rows.rows if row.item.name == name]
    tab.list.mark(row.item.path)


async def asked(tab: InstalledTab, kind: type[QDialog]) -> QDialog:
    """Wait for a question."""

    def found() -> list[QDialog]:
        return [each for each in tab.findChildren(kind) if each.isVisible()]

    await until(lambda: bool(found()))
    return found()[0]


def drop(page: ModelsPage, *paths: Path) -> None:
    """Drop files onto the page, as a file manager does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copying, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    keys = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), copying, data, left, keys)
    page.dragEnterEvent(enter)
    assert enter.isAccepted()
    page.dropEvent(QDropEvent(QPoint(5, 5), copying, data, left, keys))


async def test_a_model_says_what_it_is_where_it_lies_and_who_uses_it(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with installed(qapp, tmp_path) as (_, page):
        tab = page.installed
        size = "1 kB"
        assert cells(tab, "Front") == (
            *("Front", "F32", size, "llama · 2,048", "front", "not checked yet"),
            "Echelon's folder",
        )
        assert cells(tab, "Echelon starter draft")[-1] == "comes with Echelon · only read"
        assert names(tab)[:2] == ["Front", "Other"]
        assert page.bar.buttons.button(0).text() == f"Installed {len(names(tab))}"
        assert f"on disk in models: {len(names(tab))}" in tab.sums.sums.text()
        tab.theme.choose("dark")
        assert tab.list.rows._tokens == DARK
        assert not page.grab().isNull()


async def test_what_is_there_twice_is_named_so(qapp: QApplication, tmp_path: Path) -> None:
    make(tmp_path / "data" / "models" / "again.gguf", name="Twin", seed=9)
    make(tmp_path / "data" / "models" / "sub" / "twin.gguf", name="Twin", seed=9)
    async with installed(qapp, tmp_path) as (_, page):
        twins = [row for row in page.installed.list.rows.rows if row.item.name == "Twin"]
        assert [row.owner for row in twins] == ["Echelon's folder · 2 copies"] * 2
        page.installed.list.mark(twins[0].item.path)
        assert "one copy is enough" in page.installed.detail.words.text()
        assert "are copies" in page.installed.sums.sums.text()


async def test_the_filter_shows_what_is_meant(qapp: QApplication, tmp_path: Path) -> None:
    async with installed(qapp, tmp_path) as (_, page):
        tab = page.installed
        QTest.keyClicks(tab.bar.line, "echelon's OTHER")
        assert names(tab) == ["Other"]
        QTest.keyClicks(tab.bar.line, "x")
        assert tab.none_fits.isVisible()
        tab.bar.line.clear()
        assert len(names(tab)) > 2


async def test_odd_names_stay_names(qapp: QApplication, tmp_path: Path) -> None:
    make(tmp_path / "data" / "models" / "odd.gguf", name=ODD, seed=3)
    make(tmp_path / "data" / "models" / f"{'n' * 195}.gguf", name="<b>bold</b>", seed=4)
    async with installed(qapp, tmp_path) as (_, page):
        tab = page.installed
        (odd,) = [name for name in names(tab) if name.startswith("🦙")]
        assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in odd
        assert len(odd) <= 120
        tab.list.mark(tab.list.rows.rows[names(tab).index(odd)].item.path)
        assert tab.detail.name.text() == odd
        mark(tab, "<b>bold</b>")
        assert "&lt;b&gt;" in tab.detail.name.toolTip()
        page.resize(844, 700)
        assert not page.grab().isNull()
        assert page.minimumSizeHint().width() <= 844


async def test_verifying_by_key_says_what_was_found(qapp: QApplication, tmp_path: Path) -> None:
    async with installed(qapp, tmp_path) as (_, page):
        tab = page.installed
        mark(tab, "Other")
        tab.list.setFocus()
        QTest.keyClick(tab.list, Qt.Key.Key_F8)
        assert tab.verify.text() == "Stop"
        await until(lambda: cells(tab, "Other")[5] == "verified")
        assert "Every byte is its id." in tab.detail.words.text()
        assert tab.verify.text() == "Verify"
        mark(tab, "Front")
        assert "Every byte" not in tab.detail.words.text()


async def test_damage_is_told_with_what_helps(qapp: QApplication, tmp_path: Path) -> None:
    async with installed(qapp, tmp_path) as (_, page):
        tab = page.installed
        path = tmp_path / "data" / "models" / "other.gguf"
        path.write_bytes(path.read_bytes()[:-40])
        mark(tab, "Other")
        tab.verify.trigger()
        await until(lambda: cells(tab, "Other")[5] == "damaged")
        assert "cut short" in tab.detail.words.text()
        assert "Download it again" in tab.detail.words.text()


class Slow:
    """Stands in the way of reading until it is let go, piece by piece."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.stopped = False
        self._nothing = Event()
        monkeypatch.setattr(checking, "_read", self.read)

    def read(self, files: object, go_on: object, on_read: object) -> None:
        assert callable(go_on)
        assert callable(on_read)
        on_read(300)
        while go_on():
            self._nothing.wait(0.001)
        self.stopped = True


async def test_reading_shows_how_far_it_is_and_can_be_stopped(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(monkeypatch)
    async with installed(qapp, tmp_path) as (_, page):
        tab = page.installed
        mark(tab, "Other")
        tab.verify.trigger()
        await until(lambda: "reading" in cells(tab, "Other")[5] and tab.detail.bar.value() > 0)
        assert "of 1 kB read" in tab.detail.words.text()
        mark(tab, "Front")
        assert not tab.verify.isEnabled()
        mark(tab, "Other")
        tab.verify.trigger()
        await until(lambda: slow.stopped and tab.keeper.reading is None)
        assert cells(tab, "Other")[5] == "not checked yet"


async def test_the_core_may_go_down_while_a_model_is_read(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(monkeypatch)
    async with installed(qapp, tmp_path) as (_, page):
        mark(page.installed, "Other")
        page.installed.verify.trigger()
        await until(lambda: page.installed.detail.bar.value() > 0)
    await until(lambda: slow.stopped)


async def test_the_core_may_go_down_while_something_is_asked(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with installed(qapp, tmp_path) as (core, page):
        mark(page.installed, "Other")
        page.installed.delete.trigger()
        await asked(page.installed, RemoveDialog)
        page.close_core()
        await until(lambda: not page.installed.findChildren(RemoveDialog))
        assert (core.app.paths.models / "other.gguf").exists()


async def test_deleting_shows_every_file_and_deletes_just_those(
    qapp: QApplication, tmp_path: Path
) -> None:
    own = tmp_path / "data" / "models"
    for at in (1, 2):
        make(own / f"big-0000{at}-of-00002.gguf", name="Big", seed=at + 5)
    async with installed(qapp, tmp_path) as (_, page):
        tab = page.installed
        mark(tab, "Big")
        tab.list.setFocus()
        QTest.keyClick(tab.list, Qt.Key.Key_Delete)
        question = await asked(tab, RemoveDialog)
        assert isinstance(question, RemoveDialog)
        lines = question.files.toPlainText().splitlines()
        assert lines == [f"1 kB  {own / f'big-0000{at}-of-00002.gguf'}" for at in (1, 2)]
        assert "come free" in question.consequences.text()
        QTest.keyClick(question, Qt.Key.Key_Return)  # Enter alone deletes nothing
        await until(lambda: not tab.findChildren(RemoveDialog))
        assert len(list(own.glob("big-*"))) == 2
        tab.delete.trigger()
        (await asked(tab, RemoveDialog)).accept()
        await until(lambda: "Big" not in names(tab))
        assert sorted(each.name for each in own.glob("*.gguf")) == ["front.gguf", "other.gguf"]
        assert "Big is gone" in tab.sums.said.text()


async def test_who_needs_a_model_is_said_before_it_goes(qapp: QApplication, tmp_path: Path) -> None:
    async with installed(qapp, tmp_path) as (_, page):
        mark(page.installed, "Front")
        page.installed.delete.trigger()
        question = await asked(page.installed, RemoveDialog)
        assert isinstance(question, RemoveDialog)
        assert "Roles that use it: front." in question.consequences.text()
        question.reject()
        await until(lambda: not page.installed.findChildren(RemoveDialog))


async def test_files_of_other_programs_are_never_deleted(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with installed(qapp, tmp_path) as (_, page):
        tab = page.installed
        blob = _ollama(tmp_path / "data" / "home" / ".ollama" / "models", "llama3", "8b")
        tab.refresh()
        await until(lambda: "Tiny Model" in names(tab))
        assert cells(tab, "Tiny Model")[-1] == "Ollama · only read"
        for name, words in (("Tiny Model", "Delete it there (Ollama)"), ("starter", "stays")):
            place = next(at for at, each in enumerate(names(tab)) if name in each)
            tab.list.mark(tab.list.rows.rows[place].item.path)
            tab.delete.trigger()
            await until(lambda words=words: words in tab.notices.text)  # type: ignore[misc]
        assert blob.exists()
        assert not tab.findChildren(RemoveDialog)


async def test_dropped_files_come_in_by_a_link_or_as_copies(
    qapp: QApplication, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    linked = make(elsewhere / "linked.gguf", name="Linked", seed=11)
    copied = [make(elsewhere / f"p-0000{at}-of-00002.gguf", name="P", seed=at) for at in (1, 2)]
    async with installed(qapp, tmp_path) as (core, page):
        page.open_tab(page.coming)
        drop(page, linked)
        assert page.tab is page.installed
        (await asked(page.installed, BringDialog)).accept()
        await until(lambda: "Linked" in names(page.installed))
        assert page.installed.detail.name.text() == "Linked"
        assert (core.app.paths.models / "linked.gguf").samefile(linked)
        assert "Linked is in the library (hard link)." in page.installed.sums.said.text()
        drop(page, *copied)
        question = await asked(page.installed, BringDialog)
        assert isinstance(question, BringDialog)
        question.copy_it.click()
        question.accept()
        await until(lambda: "P" in names(page.installed))
        assert names(page.installed).count("P") == 1
        assert not (core.app.paths.models / copied[0].name).samefile(copied[0])


async def test_a_dropped_folder_is_listed_and_can_be_taken_out(
    qapp: QApplication, tmp_path: Path
) -> None:
    shelf = tmp_path / "shelf"
    make(shelf / "theirs.gguf", name="Theirs", seed=12)
    async with installed(qapp, tmp_path) as (_, page):
        tab = page.installed
        drop(page, shelf)
        await until(lambda: "Theirs" in names(tab))
        assert cells(tab, "Theirs")[-1] == "your folder"
        drop(page, shelf)
        await until(lambda: "part of the library already" in tab.notices.text)
        tab.bar.folders.click()
        assert str(shelf) in tab.folders.texts
        tab.folders.remove_wanted.emit(shelf)
        await until(lambda: "Theirs" not in names(tab))
        assert str(shelf) not in tab.folders.texts
        assert (shelf / "theirs.gguf").exists()
        tab.folders.close()


async def test_a_bad_file_is_told_and_the_others_come(qapp: QApplication, tmp_path: Path) -> None:
    text = tmp_path / "letter.gguf"
    text.write_text("Dear Ada,\n")
    good = make(tmp_path / "good.gguf", name="Good", seed=13)
    async with installed(qapp, tmp_path) as (_, page):
        tab = page.installed
        drop(page, text, tmp_path / "gone.gguf", good)
        (await asked(tab, BringDialog)).accept()
        await until(lambda: "Good" in names(tab) and bool(tab.notices.text))
        assert "letter.gguf: The file cannot be used: it is no GGUF file" in tab.notices.text
        assert "There is no file" in tab.notices.text
        assert "Download it again" in tab.notices.text
        assert "letter" not in names(tab)


async def test_a_vanished_folder_is_said_once_and_can_be_taken_out(
    qapp: QApplication, tmp_path: Path
) -> None:
    shelf, away = tmp_path / "shelf", tmp_path / "away"
    make(shelf / "theirs.gguf", name="Theirs", seed=12)
    async with installed(qapp, tmp_path) as (_, page):
        tab = page.installed
        drop(page, shelf)
        await until(lambda: "Theirs" in names(tab))
        shelf.rename(away)
        tab.refresh()
        await until(lambda: "It is not there." in tab.notices.text)
        assert "Theirs" not in names(tab)
        tab.notices.hide()
        tab.refresh()
        await until(lambda: any("It is not there" in text for text in tab.folders.texts))
        assert not tab.notices.text
        away.rename(shelf)
        tab.refresh()
        await until(lambda: "Theirs" in names(tab))


async def test_what_is_gone_meanwhile_is_said_in_words(qapp: QApplication, tmp_path: Path) -> None:
    async with installed(qapp, tmp_path) as (_, page):
        tab = page.installed
        (tmp_path / "data" / "models" / "other.gguf").unlink()
        mark(tab, "Other")
        tab.delete.trigger()
        await until(lambda: "Other is not there any more." in tab.notices.text)
        await until(lambda: "Other" not in names(tab))


async def test_a_row_keeps_its_place_until_somebody_comes_back(
    qapp: QApplication, tmp_path: Path
) -> None:
    repo = FakeRepo("ada/a", {"a.gguf": make(tmp_path / "a.gguf", name="A", seed=14).read_bytes()})
    async with installed(qapp, tmp_path, repo) as (core, page):
        tab = page.installed
        mark(tab, "Other")
        order = names(tab)
        wanted = await core.app.manager.orders.order(Order("ada/a"))
        downloads = core.app.manager.downloads
        await until(lambda: downloads.one(wanted.id).state is State.DONE)
        await until(lambda: "A" in names(tab))
        assert names(tab) == [*order, "A"]
        assert tab.detail.name.text() == "Other"
        tab.refresh()
        await until(lambda: names(tab)[0] == "A")
        assert tab.detail.name.text() == "Other"


async def test_paths_are_copied_and_shown_with_keys(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    async with installed(qapp, tmp_path) as (core, page):
        tab = page.installed
        mark(tab, "Other")
        tab.list.setFocus()
        QTest.keyClick(tab.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        path = core.app.paths.models / "other.gguf"
        assert QGuiApplication.clipboard().text() == str(path)
        QTest.keyClick(tab.list, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
        assert [url.toLocalFile() for url in opened] == [str(path.parent)]
        menus: list[QPoint] = []
        tab.list.menu_wanted.disconnect()
        tab.list.menu_wanted.connect(menus.append)
        QTest.keyClick(tab.list, Qt.Key.Key_Return)
        assert len(menus) == 1
        assert [action.text() for action in tab.menu().actions()] == [
            *("Verify", "Show in folder", "Copy path", "Delete…")
        ]


async def test_importing_by_button_asks_without_a_loop_of_its_own(
    qapp: QApplication, tmp_path: Path
) -> None:
    file = make(tmp_path / "mine.gguf", name="Mine", seed=15)
    async with installed(qapp, tmp_path) as (_, page):
        tab = page.installed
        tab.bar.bring.click()
        chooser = await asked(tab, QFileDialog)
        assert isinstance(chooser, QFileDialog)
        line = chooser.findChild(QLineEdit)
        assert isinstance(line, QLineEdit)
        line.setText(str(file))
        chooser.accept()
        (await asked(tab, BringDialog)).accept()
        await until(lambda: "Mine" in names(tab))


async def test_an_empty_library_leads_to_where_models_are(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with managed(tmp_path) as (core, _):
        empty = tmp_path / "none"
        empty.mkdir()
        shelf = core.app.manager.shelf
        monkeypatch.setattr(shelf, "_grounds", replace(shelf._grounds, shipped=empty))
        async with shown(qapp, core, ModelsPage) as page:
            await until(page.installed.nothing.isVisible)
            page.installed.nothing.find_wanted.emit()
            assert page.tab is page.finding


async def test_whoever_takes_keys_has_a_name_and_leaves_drops_to_the_page(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with installed(qapp, tmp_path) as (_, page):
        for tab in (page.installed, page.coming):
            page.open_tab(tab)
            for widget in tab.findChildren(QWidget):
                assert not widget.acceptDrops(), widget
                if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
                    assert widget.accessibleName() or widget.property("text"), widget
