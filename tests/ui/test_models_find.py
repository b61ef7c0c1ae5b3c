"""Finding models in the window: the real manager over the fake hub, by mouse and by keyboard."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.domain.downloads import State
from app.ui.chat.prose import Prose
from app.ui.dialogs import Confirm
from app.ui.models.details import Details
from app.ui.models.find import FindTab
from app.ui.models.find_rows import Row
from tests.fakes.hub import FakeHub, FakeRepo
from tests.fakes.hub_faults import Fault
from tests.ui.conftest import RESOURCES
from tests.ui.core import Core
from tests.ui.managed import managed, shown
from tests.ui.pages import until


def starter(name: str) -> bytes:
    return (RESOURCES / "models" / f"{name}.gguf").read_bytes()


def small(name: str = "small", **fields: Any) -> FakeRepo:
    return FakeRepo(f"ada/{name}-GGUF", {f"{name}-Q8_0.gguf": starter("draft")}, **fields)


@asynccontextmanager
async def finding(
    qapp: QApplication, folder: Path, *repos: FakeRepo, width: int = 1200
) -> AsyncIterator[tuple[FindTab, Core, FakeHub]]:
    """Show the tab over a hub with these repositories."""
    async with managed(folder, *repos) as (core, hub), shown(qapp, core, FindTab, width) as tab:
        yield tab, core, hub


async def searched(tab: FindTab, text: str = "") -> list[Row]:
    """Search with the keyboard; return the rows once all of them have been looked into."""
    tab.bar.line.setText(text)
    QTest.keyClick(tab.bar.line, Qt.Key.Key_Return)
    await until(
        lambda: "…" not in tab.status.text() and all(row.looked for row in tab.results.rows)
    )
    return tab.results.rows


def said(row: Row) -> list[str]:
    return [label.text() for label in row.findChildren(QLabel) if label.isVisible()]


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


HOSTILE = """# Small

<script>alert(1)</script><img src="HUB/spy.png">
![picture](HUB/spy.png) [page](HUB/page) [evil](javascript:alert(1))

```
<img src="HUB/spy.png">
```
"""


async def opened(tab: FindTab, row: Row) -> Details:
    """Open the details of a row with the keyboard, and wait until all of them are there."""
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_Return)
    await until(lambda: tab.details is not None and bool(tab.details.sizes.rows))
    assert tab.details is not None
    return tab.details


async def test_details_tell_everything_and_close_with_escape(
    qapp: QApplication, tmp_path: Path
) -> None:
    files = {
        "small-Q8_0.gguf": starter("draft"),
        "small-F16-00001-of-00002.gguf": starter("worker"),
        "small-F16-00002-of-00002.gguf": starter("worker"),
        "mmproj-F16.gguf": b"eyes",
    }
    repo = FakeRepo("ada/small-GGUF", files, card=HOSTILE)
    async with finding(qapp, tmp_path, repo) as (tab, core, _):
        (row,) = await searched(tab)
        details = await opened(tab, row)
        about = details.about.text()
        for told in ("apache-2.0", "34 likes", "changed 2026-10-01", "memory: attention"):
            assert told in about
        by_name = {each.bundle.label: each for each in details.sizes.rows}
        assert set(by_name) == {"small-Q8_0", "small-F16", "mmproj-F16"}
        parts = [label.text() for label in by_name["small-F16"].findChildren(QLabel)]
        assert "in 2 parts" in parts
        await until(lambda: bool(details.card.views))
        by_name["mmproj-F16"].get.click()
        await until(lambda: by_name["mmproj-F16"].get.text() == "Here")
        assert (core.app.paths.models / "mmproj-F16.gguf").read_bytes() == b"eyes"
        QTest.keyClick(details, Qt.Key.Key_Escape)
        await until(lambda: tab.details is None)


async def test_a_card_of_a_stranger_does_nothing(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: wanted.append(url.toString()))
    async with finding(qapp, tmp_path, small()) as (tab, _, hub):
        hub.repos[0].card = HOSTILE.replace("HUB", hub.url)
        (row,) = await searched(tab)
        details = await opened(tab, row)
        await until(lambda: bool(details.card.views))
        assert not details.grab().isNull()
        prose = [view for view in details.card.views if isinstance(view, Prose)]
        html = "".join(view.document().toHtml() for view in prose)
        assert "script" not in html
        assert "javascript" not in html
        assert "<img" not in html
        assert not [path for path, _ in hub.asked if "spy" in path]
        assert wanted == []
        prose[0].anchorClicked.emit(QUrl(f"{hub.url}/page"))
        await until(lambda: bool(details.findChildren(Confirm)))
        (asked,) = details.findChildren(Confirm)
        assert wanted == []
        asked.accept()
        await until(lambda: wanted == [f"{hub.url}/page"])


async def test_another_context_is_judged_without_another_header(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with finding(qapp, tmp_path, small()) as (tab, _, hub):
        (row,) = await searched(tab)
        details = await opened(tab, row)
        fetched, before = len(hub.fetched), details.sizes.rows[0]
        details.context.setCurrentIndex(1)
        details.context.activated.emit(1)
        await until(lambda: details.sizes.rows[0] is not before)
        assert len(hub.fetched) == fetched


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


async def test_names_of_strangers_are_shown_as_they_are(qapp: QApplication, tmp_path: Path) -> None:
    name = "ünï & Wörld 'b' " + "x" * 150
    repo = FakeRepo("ada/odd-GGUF", {f"{name}-Q8_0.gguf": starter("draft")})
    async with finding(qapp, tmp_path, repo) as (tab, core, _):
        (row,) = await searched(tab)
        details = await opened(tab, row)
        (size,) = details.sizes.rows
        shown_name = size.findChildren(QLabel)[0]
        assert shown_name.text() == f"{name}-Q8_0"
        assert shown_name.toolTip().startswith("<p>")
        assert "&amp;" in shown_name.toolTip()
        size.get.click()
        await until(lambda: size.get.text() == "Here")
        assert (core.app.paths.models / f"{name}-Q8_0.gguf").exists()
        details.reject()


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
