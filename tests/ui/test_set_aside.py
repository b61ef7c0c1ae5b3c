"""A model that is set aside: why is said, one button helps, and a report can be copied."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton

from app.domain.errors import ModelError, ModelMissing
from app.domain.events import ServerState
from tests.ui.pages import until
from tests.ui.test_main_window import Opened, opened

CRASH = {
    "model": "coder-model",
    "code": "cache_memory",
    "cause": "There was not enough memory for the context.",
    "evidence": "failed to allocate buffer for kv cache",
    "report": "Echelon on Linux\n",
    "remedies": [
        {"action": "other keys and values", "words": "Another type.", "applies": False},
        {"action": "smaller context", "words": "Half of it.", "applies": True},
    ],
}
DONE = {"model": "coder-model", "action": "", "words": "", "search": ""}


class Desk:
    """Answers as the core would; `fault` is raised where something is applied."""

    def __init__(self, done: dict[str, Any], crash: dict[str, Any] | None = None) -> None:
        self.applied: list[dict[str, Any]] = []
        self.fault: Exception | None = None
        self._done = {**DONE, **done}
        self._crash = crash or CRASH

    async def crash(self, _request: dict[str, Any]) -> dict[str, Any]:
        return self._crash

    async def remedy(self, request: dict[str, Any]) -> dict[str, Any]:
        self.applied.append(request)
        if self.fault is not None:
            raise self.fault
        return self._done

    def sits_in(self, at: Opened) -> None:
        queries = at.core.app.manager.queries
        queries["models crash"], queries["models remedy"] = self.crash, self.remedy


def button(at: Opened, words: str) -> QPushButton:
    found = at.window.notices.findChildren(QPushButton)
    return next(each for each in found if each.text() == words and not each.isHidden())


def set_aside(at: Opened) -> Callable[[], bool]:
    at.core.supervisor.say("coder-model", ServerState.QUARANTINED, None, "It crashed.")
    return lambda: "kv cache" in at.window.notices.text


async def test_cause_and_evidence_are_said_and_the_first_remedy_that_fits_is_offered(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with opened(qapp, tmp_path) as at:
        desk = Desk({})
        desk.sits_in(at)
        await until(set_aside(at))
        text = at.window.notices.text
        assert text.startswith("The model coder-model is set aside.")
        assert "There was not enough memory for the context." in text
        assert "The log says: failed to allocate buffer for kv cache" in text
        button(at, "Copy report").click()
        assert QGuiApplication.clipboard().text() == "Echelon on Linux\n"
        assert at.window.notices.text == text
        button(at, "Use a smaller context").click()
        await until(lambda: "tried again" in at.window.notices.text)
        assert [each["number"] for each in desk.applied] == [2]


async def test_a_smaller_one_is_looked_for_on_the_page_of_models(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with opened(qapp, tmp_path) as at:
        remedies = [{"action": "other quantisation", "words": "Smaller.", "applies": True}]
        desk = Desk({"search": "Big-7B"}, {**CRASH, "remedies": remedies})
        desk.sits_in(at)
        await until(set_aside(at))
        button(at, "Find a smaller one").click()
        await until(at.window.models.isVisible)
        assert at.window.models.tab is at.window.models.finding
        assert at.window.notices.text == "Look for smaller files of Big-7B."


async def test_what_cannot_be_applied_is_said(qapp: QApplication, tmp_path: Path) -> None:
    async with opened(qapp, tmp_path) as at:
        desk = Desk({})
        desk.fault = ModelError("It names no models.", remedy="Write one that does.")
        desk.sits_in(at)
        await until(set_aside(at))
        button(at, "Use a smaller context").click()
        await until(lambda: at.window.notices.text == "It names no models. Write one that does.")


@pytest.mark.parametrize("crash", [None, {**CRASH, "code": "running"}])
async def test_without_a_log_another_try_is_offered(
    qapp: QApplication, tmp_path: Path, crash: dict[str, Any] | None
) -> None:
    async with opened(qapp, tmp_path) as at:
        desk = Desk({}, crash)
        desk.sits_in(at)
        if crash is None:

            async def missing(_: dict[str, Any]) -> dict[str, Any]:
                raise ModelMissing("It has not run yet.")

            at.core.app.manager.queries["models crash"] = missing
        set_aside(at)
        assert "It crashed." in at.window.notices.text
        button(at, "Try again").click()
        assert at.core.supervisor.forgiven == ["coder-model"]
        assert at.window.notices.text == ""


async def test_who_has_closed_the_notice_is_left_alone(qapp: QApplication, tmp_path: Path) -> None:
    async with opened(qapp, tmp_path) as at:
        Desk({}).sits_in(at)
        set_aside(at)
        at.window.notices.hide()
        at.window.notices.tell("The disk is full.")
        at.core.supervisor.say("front-model", ServerState.READY)
        await until(lambda: "front ready" in at.window._pills.texts)
        assert at.window.notices.text == "The disk is full."
