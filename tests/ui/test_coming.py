"""The tab of downloads over the real queue and a real server that does what servers do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from app.domain.downloads import Download, Part, State, Wanted
from app.domain.events import DownloadChanged
from app.ui.dialogs import Confirm
from app.ui.models.coming import DownloadsTab
from app.ui.models.coming_buttons import Wish, main_wish, others
from app.ui.models.coming_row import DownloadRow
from app.ui.models.coming_words import figures, sentence, share
from app.ui.models.page import ModelsPage
from tests.fakes.files import Files, Served, content, serving
from tests.ui.core import Core
from tests.ui.managed import managed, shown
from tests.ui.pages import until

MIB = 1 << 20
BODY = content(3 * MIB)
ONE = Download("1", "a.gguf", Path("models"), ("a.gguf",), State.WAITING, 1)


@dataclass
class Stage:
    """The page, its core, and the server files come from."""

    core: Core
    page: ModelsPage
    files: Files

    @property
    def tab(self) -> DownloadsTab:
        return self.page.coming

    async def add(self, name: str, *more: str) -> str:
        """Put files into the queue as one download; return its id."""
        parts = tuple(Part(self.files.url(f"/{each}"), f"{each}.gguf") for each in (name, *more))
        wanted = Wanted(name, self.core.app.paths.models, parts)
        return (await self.core.app.manager.downloads.add(wanted)).id

    def row(self, download_id: str) -> DownloadRow:
        return self.tab.rows[download_id]

    def now(self, download_id: str) -> Download:
        return self.core.app.manager.downloads.one(download_id)

    async def says(self, download_id: str, *words: str) -> None:
        """Wait until a row says all these words."""

        def said() -> str:
            row = self.tab.rows.get(download_id)
            return f"{row.words.text()} {row.figures.text()}" if row else ""

        await until(lambda: all(word in said() for word in words))


@asynccontextmanager
async def downloading(qapp: QApplication, folder: Path, **served: Served) -> AsyncIterator[Stage]:
    """Show the tab of downloads; a server that sends nothing is given up at once."""
    async with (
        serving(**served) as files,
        managed(folder) as (core, _),
        shown(qapp, core, ModelsPage) as page,
    ):
        downloads = core.app.manager.downloads
        downloads._pace = replace(downloads._pace, stall_s=0.2)
        page.open_tab(page.coming)
        yield Stage(core, page, files)


def slow() -> Served:
    return Served(BODY, rate=float(MIB))


def press(row: DownloadRow, key: Qt.Key, *, alt: bool = False) -> None:
    row.setFocus()
    modifier = Qt.KeyboardModifier
    QTest.keyClick(row, key, modifier.AltModifier if alt else modifier.NoModifier)


async def question(tab: DownloadsTab) -> Confirm:
    def found() -> list[Confirm]:
        return [each for each in tab.findChildren(Confirm) if each.isVisible()]

    await until(lambda: bool(found()))
    return found()[0]


async def test_a_finished_one_says_where_it_is_and_leads_to_roles(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    async with downloading(qapp, tmp_path, a=Served(b"GGUF", rate=None)) as stage:
        wanted = await stage.add("a")
        file = stage.core.app.paths.models / "a.gguf"
        await stage.says(wanted, f"done: {file}", "1 kB")
        row = stage.row(wanted)
        assert row.bar.value() == row.bar.maximum()
        assert row.buttons.main.text() == "Show"
        row.buttons.main.click()
        assert [url.toLocalFile() for url in opened] == [str(file.parent)]
        assert stage.page.bar.buttons.button(2).text() == "Downloads"
        row.buttons.others[Wish.ROLE].click()
        assert stage.page.tab is stage.page.roles


async def test_a_failing_one_says_why_and_what_helps(qapp: QApplication, tmp_path: Path) -> None:
    async with downloading(qapp, tmp_path, a=Served(BODY, status=404)) as stage:
        wanted = await stage.add("a")
        await stage.says(wanted, "failed: 127.0.0.1 has no such file", "Look whether the file")
        row = stage.row(wanted)
        assert row.buttons.main.text() == "Retry"
        assert stage.page.bar.buttons.button(2).text() == "Downloads 1"
        stage.files.served["/a"].status = 0
        press(row, Qt.Key.Key_Return)
        await stage.says(wanted, "done")
        assert stage.page.bar.buttons.button(2).text() == "Downloads"


async def test_a_stalled_one_says_what_is_in_the_way(qapp: QApplication, tmp_path: Path) -> None:
    async with downloading(qapp, tmp_path, a=Served(BODY, stall_after=MIB // 4)) as stage:
        wanted = await stage.add("a")
        await stage.says(wanted, "retrying: 127.0.0.1 sends nothing", "of 3 MB", "pieces verified")
        assert "left" not in stage.row(wanted).figures.text()
        assert stage.row(wanted).buttons.main.text() == "Pause"
        stage.files.served["/a"].stall_after = None
        await stage.says(wanted, "done")


async def test_pause_resume_and_cancel_with_keys_alone(qapp: QApplication, tmp_path: Path) -> None:
    async with downloading(qapp, tmp_path, a=slow()) as stage:
        wanted = await stage.add("a")
        await stage.says(wanted, "running")
        await until(lambda: stage.now(wanted).done > 0)
        row = stage.row(wanted)
        press(row, Qt.Key.Key_Space)
        await stage.says(wanted, "paused", "pieces verified")
        assert "/s" not in row.figures.text()
        press(row, Qt.Key.Key_Space)
        await stage.says(wanted, "running")
        press(row, Qt.Key.Key_Delete)
        asked = await question(stage.tab)
        QTest.keyClick(asked, Qt.Key.Key_Return)  # Enter alone throws nothing away
        await until(lambda: not stage.tab.findChildren(Confirm))
        assert stage.now(wanted).state is State.RUNNING
        press(row, Qt.Key.Key_Delete)
        (await question(stage.tab)).accept()
        await stage.says(wanted, "cancelled")
        assert list(stage.core.app.paths.models.iterdir()) == []
        assert row.buttons.main.text() == "Retry"
        assert row.buttons.others[Wish.CANCEL].isHidden()


async def test_what_has_nothing_yet_is_cancelled_without_a_question(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with downloading(qapp, tmp_path, a=slow(), b=slow()) as stage:
        await stage.add("a")
        waiting = await stage.add("b")
        await stage.says(waiting, "waiting")
        stage.row(waiting).buttons.others[Wish.CANCEL].click()
        await stage.says(waiting, "cancelled")


async def test_the_order_is_changed_with_keys_and_the_keys_stay(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with downloading(qapp, tmp_path, a=slow(), b=slow(), c=slow()) as stage:
        first, second, third = [await stage.add(name) for name in "abc"]
        await until(lambda: stage.tab.order == [first, second, third])
        press(stage.row(third), Qt.Key.Key_Up, alt=True)
        await until(lambda: stage.tab.order == [first, third, second])
        queue = stage.core.app.manager.downloads
        assert [each.id for each in queue.all] == [first, third, second]
        assert qapp.focusWidget() is stage.row(third)
        press(stage.row(third), Qt.Key.Key_Down, alt=True)
        await until(lambda: stage.tab.order == [first, second, third])
        press(stage.row(third), Qt.Key.Key_Down, alt=True)  # there is nothing below
        press(stage.row(third), Qt.Key.Key_Up)
        assert qapp.focusWidget() is stage.row(second)
        stage.row(first).buttons.others[Wish.DOWN].click()
        await until(lambda: stage.tab.order == [second, first, third])
        assert [each.id for each in queue.all] == [second, first, third]


def take(row: DownloadRow, to: DownloadRow, *, below: bool) -> QPoint:
    """Drag a row onto the upper or lower half of another one; the button stays down."""
    modifier, button = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    QTest.mousePress(row, button, modifier, QPoint(6, 6))
    onto = to.mapToGlobal(QPoint(6, to.height() - 2 if below else 2))
    for where in (QPoint(6, 7), row.mapFromGlobal(onto)):
        moved = QMouseEvent(
            QEvent.Type.MouseMove, where, row.mapToGlobal(where), button, button, modifier
        )
        QApplication.sendEvent(row, moved)
    return row.mapFromGlobal(onto)


def drop(row: DownloadRow, where: QPoint) -> None:
    QTest.mouseRelease(row, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)


async def test_the_order_is_changed_with_the_mouse(qapp: QApplication, tmp_path: Path) -> None:
    async with downloading(qapp, tmp_path, a=slow(), b=slow(), c=slow()) as stage:
        first, second, third = [await stage.add(name) for name in "abc"]
        await until(lambda: stage.tab.order == [first, second, third])
        queue = stage.core.app.manager.downloads
        where = take(stage.row(third), stage.row(first), below=False)
        line = stage.tab.line
        assert line.isVisible()
        assert line.geometry().center().y() < stage.row(first).geometry().center().y()
        drop(stage.row(third), where)
        assert not line.isVisible()
        await until(lambda: stage.tab.order == [third, first, second])
        assert [each.id for each in queue.all] == [third, first, second]
        drop(stage.row(third), take(stage.row(third), stage.row(second), below=True))
        await until(lambda: stage.tab.order == [first, second, third])
        assert [each.id for each in queue.all] == [first, second, third]
        take(stage.row(first), stage.row(third), below=True)
        press(stage.row(first), Qt.Key.Key_Escape)
        assert not line.isVisible()
        drop(stage.row(first), QPoint(6, 6))
        QTest.mouseClick(stage.row(third), Qt.MouseButton.LeftButton)
        assert stage.tab.order == [first, second, third]
        assert [each.id for each in queue.all] == [first, second, third]


async def test_what_has_ended_is_not_dragged_and_keeps_its_place(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with downloading(qapp, tmp_path, a=Served(b"a"), b=slow(), c=slow()) as stage:
        done = await stage.add("a")
        await stage.says(done, "done")
        second, third = await stage.add("b"), await stage.add("c")
        await until(lambda: stage.tab.order == [done, second, third])
        take(stage.row(done), stage.row(third), below=True)
        assert not stage.tab.line.isVisible()
        assert not stage.row(done).grip.isVisible()
        drop(stage.row(third), take(stage.row(third), stage.row(done), below=False))
        await until(lambda: stage.tab.order == [done, third, second])
        waiting = [each.id for each in stage.core.app.manager.downloads.all if each.id != done]
        assert waiting == [third, second]


async def test_a_model_in_parts_is_one_row(qapp: QApplication, tmp_path: Path) -> None:
    part = Served(BODY)
    async with downloading(qapp, tmp_path, a=part, b=part) as stage:
        wanted = await stage.add("a", "b")
        await stage.says(wanted, "done", "6 MB")
        assert stage.tab.order == [wanted]


async def test_rows_stay_where_they_are_until_somebody_comes_back(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with downloading(qapp, tmp_path, a=Served(b"a"), b=slow(), c=slow()) as stage:
        first = await stage.add("a")
        await stage.says(first, "done")
        second, third = await stage.add("b"), await stage.add("c")
        await until(lambda: stage.tab.order == [first, second, third])
        assert stage.page.bar.buttons.button(2).text() == "Downloads 2"
        stage.page.open_tab(stage.page.installed)
        stage.page.open_tab(stage.tab)
        assert stage.tab.order == [second, third, first]


async def test_nothing_is_drawn_while_nobody_looks(qapp: QApplication, tmp_path: Path) -> None:
    async with downloading(qapp, tmp_path, a=Served(b"a")) as stage:
        stage.page.open_tab(stage.page.installed)
        told: list[int] = []
        stage.tab.counted.connect(told.append)
        wanted = await stage.add("a")
        await until(lambda: told == [1, 0])
        assert not stage.tab._timer.isActive()
        assert stage.tab.order == []
        stage.page.open_tab(stage.tab)
        await stage.says(wanted, "done")


async def test_a_limit_is_for_all_and_can_be_taken_back(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with downloading(qapp, tmp_path) as stage:
        told: list[float] = []
        stage.tab.limit.limited.connect(told.append)
        line = stage.tab.limit.line
        line.setFocus()
        for typed in ("2.5", "", "0", "x"):
            line.clear()
            QTest.keyClicks(line, typed)
            QTest.keyClick(line, Qt.Key.Key_Return)
            line.clearFocus()
        assert told == [2.5, 0.0]
        allowance = stage.core.app.manager.allowance
        kept = stage.core.app.paths.config / "downloads.json"
        await until(lambda: kept.exists() and allowance.mb == 0)
        assert stage.core.app.manager.downloads._throttle._limit is None
        await allowance.set(1234.5)  # as the terminal does
        assert line.text() == "1234.5"
        assert stage.core.app.manager.downloads._throttle._limit == 1234.5e6


async def test_an_empty_queue_leads_to_where_models_are(qapp: QApplication, tmp_path: Path) -> None:
    async with downloading(qapp, tmp_path) as stage:
        assert stage.tab.nothing.isVisible()
        (find,) = stage.tab.nothing.findChildren(QPushButton)
        find.click()
        assert stage.page.tab is stage.page.finding


async def test_a_wish_that_comes_too_late_is_told(qapp: QApplication, tmp_path: Path) -> None:
    async with downloading(qapp, tmp_path, a=slow()) as stage:
        wanted = await stage.add("a")
        await stage.says(wanted, "running")
        await stage.core.app.manager.downloads.pause(wanted)
        stage.row(wanted).wished.emit(Wish.PAUSE)
        await until(lambda: "it cannot pause now" in stage.tab.notices.text)


async def test_odd_and_long_names_fit_into_a_narrow_window(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with downloading(qapp, tmp_path) as stage:
        label = "🦙 \N{RIGHT-TO-LEFT OVERRIDE}gnp.exe <b>" + "long" * 60
        failed = replace(ONE, label=label, state=State.FAILED, message="m" * 300, remedy="r " * 150)
        stage.core.app.bus.publish(DownloadChanged(failed))
        await until(lambda: stage.tab.order == ["1"])
        stage.page.resize(844, 700)
        row = stage.row("1")
        assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in row.name.text()
        assert "&lt;b&gt;" in row.name.toolTip()
        assert not stage.page.grab().isNull()
        assert row.buttons.geometry().right() <= row.width()
        assert stage.page.minimumSizeHint().width() <= 844
        named = [row.buttons.main, *row.buttons.others.values()]
        assert all(button.accessibleName() for button in named)


@pytest.mark.parametrize(
    ("download", "words"),
    [
        (ONE, ""),
        (replace(ONE, total=3 * MIB), "0 kB of 3 MB"),
        (replace(ONE, state=State.RUNNING, done=MIB), "1 MB · pieces verified"),
        (
            replace(ONE, state=State.RUNNING, done=MIB, total=3 * MIB, rate=2.0 * MIB, eta_s=1.0),
            "1 MB of 3 MB · 2 MB/s · 1 s left · pieces verified",
        ),
        (
            replace(ONE, state=State.RUNNING, done=MIB, total=3 * MIB, rate=0.0),
            "1 MB of 3 MB · 0 kB/s · pieces verified",
        ),
        (replace(ONE, state=State.DONE, done=5, total=5), "1 kB"),
    ],
)
def test_figures_say_nothing_that_is_not_known(
    qapp: QApplication, download: Download, words: str
) -> None:
    assert figures(download) == words


def test_every_state_has_a_word_and_a_way_on(qapp: QApplication) -> None:
    mains = {state: main_wish(state) for state in State}
    assert mains == {
        State.WAITING: Wish.PAUSE,
        State.RUNNING: Wish.PAUSE,
        State.RETRYING: Wish.PAUSE,
        State.VERIFYING: Wish.PAUSE,
        State.PAUSED: Wish.RESUME,
        State.FAILED: Wish.RETRY,
        State.CANCELLED: Wish.RETRY,
        State.DONE: Wish.SHOW,
    }
    for state in State:
        download = replace(ONE, state=state)
        assert sentence(download).startswith(state.value)
        assert (Wish.CANCEL in others(download)) == (state not in {State.DONE, State.CANCELLED})
    assert share(replace(ONE, done=7, total=5)) == 1.0
    assert others(replace(ONE, state=State.DONE, names=("a.txt",))) == set()
