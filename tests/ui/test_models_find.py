"""Finding models in the window: the real manager over the fake hub, by mouse and by keyboard."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.domain.downloads import State
from app.ui.models.find import FindTab
from tests.fakes.hub import FakeRepo
from tests.fakes.hub_faults import Fault
from tests.fakes.manager import USUAL, Place
from tests.ui.core import ROSTER, running_core
from tests.ui.finding import finding, opened, said, searched, small, starter
from tests.ui.managed import shown
from tests.ui.pages import until


async def test_nothing_is_sent_before_somebody_asks(qapp: QApplication, tmp_path: Path) -> None:
    async with finding(qapp, tmp_path, small()) as (tab, _, hub):
        assert "nothing is sent" in tab.status.text()
        assert not tab.results.isVisible()
        assert hub.asked == []


async def test_a_search_ends_in_a_verified_file(qapp: QApplication, tmp_path: Path) -> None:
    async with finding(qapp, tmp_path, small(), small("other")) as (tab, core, _):
        (row,) = await searched(tab, "small")
        assert tab.status.text() == "One model was found."
        words = said(row)
        assert words[:2] == ["small", "ada · 1.2k downloads · apache-2.0"]
        assert "Q8_0" in words
        assert any(each.startswith("runs well, ") for each in words)
        assert any(each.startswith("about ") and "tokens/s" in each for each in words)
        assert "runs well" in row.accessibleName()
        QTest.mouseClick(row.get, Qt.MouseButton.LeftButton)
        await until(lambda: row.get.text() == "Here")
        (download,) = core.app.manager.downloads.all
        assert download.state is State.DONE
        assert (core.app.paths.models / "small-Q8_0.gguf").read_bytes() == starter("draft")
        assert not row.get.isEnabled()


@pytest.mark.parametrize(
    ("fault", "message", "remedy", "buttons"),
    [
        ("html", "sent a web page", "sign-in page", ["Try again"]),
        ("429", "takes no more requests", "in 17 seconds", ["Try again"]),
        ("401", "wants a token", "HF_TOKEN", ["Test connection", "Try again"]),
        ("500", "error of its own", "Try again", ["Test connection", "Try again"]),
        ("cut json", "cannot be read", "HF_ENDPOINT", ["Try again"]),
        ("circle", "round in circles", "browser", ["Try again"]),
    ],
)
async def test_a_fault_of_the_hub_says_what_helps(
    qapp: QApplication, tmp_path: Path, fault: Fault, message: str, remedy: str, buttons: list[str]
) -> None:
    async with finding(qapp, tmp_path, small()) as (tab, _, hub):
        hub.faults["search"] = fault
        tab.search()
        await until(lambda: bool(tab.trouble.text))
        assert message in tab.trouble.text
        assert remedy in tab.trouble.text
        offered = [each for each in tab.trouble.offered if each.isVisible()]
        assert [each.text() for each in offered] == buttons
        assert tab.status.text() == ""
        hub.faults.clear()
        offered[-1].click()
        await until(lambda: len(tab.results.rows) == 1)
        assert tab.trouble.text == ""


@pytest.mark.parametrize(
    ("endpoint", "message", "buttons"),
    [
        ("", "the switch “local only” is on", []),
        ("http://127.0.0.1:9", "cannot be reached", ["Test connection", "Try again"]),
    ],
)
async def test_without_a_way_to_the_hub_the_tab_says_so(
    qapp: QApplication, tmp_path: Path, endpoint: str, message: str, buttons: list[str]
) -> None:
    place = Place(USUAL, endpoint, ROSTER)
    async with running_core(tmp_path, place=place) as core, shown(qapp, core, FindTab) as tab:
        tab.search()
        await until(lambda: bool(tab.trouble.text))
        assert message in tab.trouble.text
        offered = [each for each in tab.trouble.offered if each.isVisible()]
        assert [each.text() for each in offered] == buttons
        if offered:
            offered[0].click()
            await until(lambda: message in tab.trouble.text)


async def test_the_connection_can_be_tested_there(qapp: QApplication, tmp_path: Path) -> None:
    async with finding(qapp, tmp_path, small()) as (tab, _, hub):
        hub.faults["search"] = "503"
        tab.search()
        await until(lambda: bool(tab.trouble.text))
        hub.faults.clear()
        tab.trouble.offered[0].click()
        await until(lambda: "answers" in tab.trouble.text)
        assert tab.trouble.text.startswith(hub.url)
        assert "only public models" in tab.trouble.text


async def test_looks_rest_when_the_hub_wants_a_rest(qapp: QApplication, tmp_path: Path) -> None:
    async with finding(qapp, tmp_path, small(), small("other")) as (tab, _, hub):
        hub.faults["model"] = "429"
        tab.search()
        await until(lambda: bool(tab.trouble.text))
        assert "17 seconds" in tab.trouble.text
        assert all("not looked at" in said(row) for row in tab.results.rows)
        asked = len(hub.asked)
        tab.refresh()
        tab.resize(1100, 700)
        await asyncio.sleep(0)
        assert len(hub.asked) == asked
        hub.faults.clear()
        tab.trouble.offered[0].click()
        await until(lambda: all(row.looked for row in tab.results.rows))


async def test_an_empty_result_is_a_sentence(qapp: QApplication, tmp_path: Path) -> None:
    async with finding(qapp, tmp_path, small()) as (tab, _, _):
        assert await searched(tab, "nowhere") == []
        assert tab.status.text().startswith("Nothing was found for “nowhere”.")
        assert not tab.results.isVisible()


async def test_a_late_answer_does_not_replace_a_newer_one(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with finding(qapp, tmp_path, small(), small("other")) as (tab, _, hub):
        hub.faults["search"] = "stall"
        tab.bar.line.setText("small")
        tab.search()
        await until(lambda: bool(hub.asked))
        hub.faults.clear()
        (row,) = await searched(tab, "other")
        assert row.model.repo == "ada/other-GGUF"
        assert not tab.trouble.text


async def test_the_core_goes_down_in_the_middle(
    qapp: QApplication, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with finding(qapp, tmp_path, small()) as (tab, _, hub):
        hub.faults["search"] = "stall"
        tab.search()
        await until(lambda: bool(hub.asked))
    async with finding(qapp, tmp_path / "again", small()) as (tab, _, hub):
        hub.faults["tree"] = "stall"
        tab.search()
        await until(lambda: any("/tree/" in path for path, _ in hub.asked))
    assert not [each for each in caplog.records if each.levelname in {"WARNING", "ERROR"}]


async def test_what_nobody_sees_is_not_looked_into(qapp: QApplication, tmp_path: Path) -> None:
    repos = [small(f"m{at:02d}") for at in range(14)]
    async with finding(qapp, tmp_path, *repos) as (tab, _, hub):
        tab.search()
        await until(lambda: len(tab.results.rows) == 14)
        await until(lambda: tab.results.rows[0].looked and not tab.looking)
        assert not tab.results.rows[-1].looked
        tab.results.rows[-1].setFocus()
        await until(lambda: tab.results.rows[-1].looked)
        hub.faults["tree"] = "stall"
        tab.search()
        await until(lambda: tab.looking)
        tab.hide()
        assert not tab.looking
        hub.faults.clear()
        tab.show()
        await until(lambda: tab.results.rows[0].looked)


async def test_what_is_gated_leads_to_its_page(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: wanted.append(url.toString()))
    async with finding(qapp, tmp_path, small(gated="manual")) as (tab, _, hub):
        (row,) = await searched(tab)
        assert any("only given to who has accepted its terms" in each for each in said(row))
        assert not row.get.isVisible()
        row.page.click()
        await until(lambda: wanted == [f"{hub.url}/ada/small-GGUF"])


async def test_arrows_walk_through_the_rows(qapp: QApplication, tmp_path: Path) -> None:
    async with finding(qapp, tmp_path, small(), small("other")) as (tab, _, _):
        first, second = await searched(tab)
        first.setFocus()
        QTest.keyClick(first, Qt.Key.Key_Down)
        assert second.hasFocus()
        QTest.keyClick(second, Qt.Key.Key_Down)
        assert second.hasFocus()
        QTest.keyClick(second, Qt.Key.Key_Up)
        assert first.hasFocus()


async def test_the_address_of_a_page_finds_that_model(qapp: QApplication, tmp_path: Path) -> None:
    async with finding(qapp, tmp_path, small(), small("smaller")) as (tab, _, hub):
        (row,) = await searched(tab, f"{hub.url}/ada/small-GGUF")
        assert row.model.repo == "ada/small-GGUF"
        tab.bar.line.setText("http://127.0.0.1/nobody")
        tab.search()
        await until(lambda: "no name of a repository" in tab.trouble.text)


async def test_more_is_shown_on_wish(qapp: QApplication, tmp_path: Path) -> None:
    repos = [FakeRepo(f"ada/m{at:02d}-GGUF", {}) for at in range(22)]
    async with finding(qapp, tmp_path, *repos) as (tab, _, _):
        tab.search()
        await until(lambda: tab.status.text() == "The first 20 models are shown.")
        tab.results.more.click()
        await until(lambda: tab.status.text() == "22 models were found.")
        assert not tab.results.more.isVisible()
        assert len({row.model.repo for row in tab.results.rows}) == 22
        await until(lambda: "it holds no GGUF model" in said(tab.results.rows[0]))


@pytest.mark.parametrize("width", [804, 1200])
async def test_nothing_is_cut_and_everything_has_a_name(
    qapp: QApplication, tmp_path: Path, width: int
) -> None:
    repos = (small(), small("closed", gated="auto"))
    async with finding(qapp, tmp_path, *repos, width=width) as (tab, _, _):
        tab.refresh()
        rows = await searched(tab)
        await until(lambda: tab.set_card.standing is not None)
        details = await opened(tab, rows[0])
        for view in (tab, details):
            buttons = [each for each in view.findChildren(QPushButton) if each.isVisible()]
            cut = [each.text() for each in buttons if each.width() < each.sizeHint().width()]
            assert cut == []
            keyed = [
                each
                for each in view.findChildren(QWidget)
                if each.isVisible() and each.focusPolicy() != Qt.FocusPolicy.NoFocus
            ]
            assert [each for each in keyed if not _name(each)] == []
        lefts = {row._expected._dot.mapTo(tab, QPoint()).x() for row in rows}
        assert len(lefts) == 1, "columns stand below each other"


def _name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name)
