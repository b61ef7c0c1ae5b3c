"""What is said of a model that is set aside: why, the line that shows it, a button that helps."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from app.domain.errors import AppError
from app.domain.events import ServerStateChanged
from app.domain.names import printable
from app.ui import aio
from app.ui.notices import NoticeBar, Offer
from app.ui.said import said
from app.wiring import App

# The end of a process stands in its log a moment after it was told.
_LOOKS: Final = 10
_LOOK_S: Final = 0.2
# Characters of a log's line.
_SHOWN: Final = 200


class SetAside(QObject):
    """Tells of models that are set aside, and has their remedies applied.

    `find` shows what there is of a name on the hub.
    """

    def __init__(
        self, core: App, notices: NoticeBar, find: Callable[[str], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._core = core
        self._notices = notices
        self._find = find

    def tell(self, event: ServerStateChanged) -> None:
        """Say at once that a model is set aside, and why as soon as its log was read."""
        message = self.tr("The model %1 is set aside.").replace("%1", event.model)
        forgive = self._core.supervisor.forgive
        self._notices.tell(
            message,
            said(event.detail),
            button=self.tr("Try again"),
            action=lambda: forgive(event.model),
        )
        aio.spawn(self._explain(event.model, message), "explain an end")

    async def _explain(self, model: str, message: str) -> None:
        found = await self._looked_up(model)
        if found is None or not self._notices.text.startswith(message):
            return  # the user has closed it, or there is other news
        numbered = enumerate(found["remedies"], start=1)
        number, remedy = next((each for each in numbered if each[1]["applies"]), (0, None))
        words = [said(found["cause"])]
        if found["evidence"]:
            line = printable(found["evidence"], _SHOWN)
            words.append(self.tr("The log says: %1").replace("%1", line))
        report = str(found["report"])
        self._notices.tell(
            message,
            "\n".join(words),
            button=self._label(remedy["action"]) if remedy else "",
            action=(lambda: self._help(model, number)) if remedy else None,
            other=Offer(
                self.tr("Copy report"),
                lambda: QGuiApplication.clipboard().setText(report),
                closes=False,
            ),
        )

    async def _looked_up(self, model: str) -> dict[str, Any] | None:
        """Return why the model's engine ended, or None where that is not known."""
        ask = self._core.manager.queries.get("models crash")
        if ask is None:
            return None
        for _ in range(_LOOKS):
            try:
                found = await ask({"op": "models crash", "name": model})
            except AppError:  # it left no log
                return None
            if found["code"] != "running":
                return found
            await asyncio.sleep(_LOOK_S)
        return None

    def _help(self, model: str, number: int) -> None:
        aio.spawn(self._apply(model, number), "apply a remedy")

    async def _apply(self, model: str, number: int) -> None:
        request = {"op": "models remedy", "name": model, "number": number}
        try:
            done = await self._core.manager.queries["models remedy"](request)
        except AppError as error:
            self._notices.tell_error(error)
            return
        if done["search"]:
            name = str(done["search"])
            self._find(name)
            self._notices.tell(self.tr("Look for smaller files of %1.").replace("%1", name))
        else:
            self._notices.tell(self.tr("The model is tried again when it is next asked."))

    def _label(self, action: str) -> str:
        labels = {
            "smaller context": self.tr("Use a smaller context"),
            "other keys and values": self.tr("Use smaller keys and values"),
            "plain keys and values": self.tr("Use plain values"),
            "fewer layers on the graphics device": self.tr("Put fewer layers on the device"),
            "no graphics device": self.tr("Keep it off the device"),
            "other build": self.tr("Use the build before"),
            "other quantisation": self.tr("Find a smaller one"),
            "no drafting": self.tr("Load it without drafting"),
            "no images": self.tr("Load it without images"),
        }
        return labels.get(action) or self.tr("Try again")
