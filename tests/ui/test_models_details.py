"""The details of a repository: every size, what it is, and a card that can do nothing."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.ui.chat.prose import Prose
from app.ui.dialogs import Confirm
from tests.fakes.hub import FakeRepo
from tests.ui.finding import finding, opened, searched, small, starter
from tests.ui.pages import until

HOSTILE = """# Small

<script>alert(1)</script><img src="HUB/spy.png">
![picture](HUB/spy.png) [page](HUB/page) [evil](javascript:alert(1))

```
<img src="HUB/spy.png">
```
"""


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
    async with finding(qapp, tmp_path, small()) as (tab, core, hub):
        (row,) = await searched(tab)
        details = await opened(tab, row)
        fetched, before = len(hub.fetched), details.sizes.rows[0]
        assert details.context.currentText() == "8k context"
        details.context.setCurrentIndex(0)
        details.context.activated.emit(0)
        await until(lambda: details.sizes.rows[0] is not before)
        assert len(hub.fetched) == fetched
        QTest.keyClick(details.context, Qt.Key.Key_Return)
        await until(lambda: tab.details is None)
        assert core.app.manager.downloads.all == ()


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


async def test_the_core_goes_down_while_details_are_open(
    qapp: QApplication, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with finding(qapp, tmp_path, small()) as (tab, _, hub):
        hub.faults["card"] = "stall"
        (row,) = await searched(tab)
        await opened(tab, row)
        await until(lambda: any("README" in path for path, _ in hub.asked))
    assert not [each for each in caplog.records if each.levelname in {"WARNING", "ERROR"}]
