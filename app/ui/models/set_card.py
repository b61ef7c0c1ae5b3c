"""A set for this computer: who plays which role, one button for all of it, and then its use."""

from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.amounts import in_words
from app.domain.downloads import UNDERWAY, Download, State
from app.domain.errors import AppError
from app.domain.events import DownloadChanged
from app.models.sets.choosing import Chooser, Plan
from app.models.sets.recommended import Part, Recommended, Standing
from app.ui import aio
from app.ui.models import set_words as words
from app.ui.models.errands import Errands
from app.ui.models.folding import Folding
from app.ui.models.set_change import SetChange
from app.ui.named import named
from app.ui.said import said, told
from app.wiring import App

_COMING = UNDERWAY | {State.WAITING}


class Step(Enum):
    """What the filled button does."""

    GET = auto()
    WAIT = auto()
    USE = auto()
    DONE = auto()


class SetCard(QFrame):
    """Asks the core when it is shown, and again when a download of a part has come to its end."""

    def __init__(self, core: App, errands: Errands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "card")
        manager = core.manager
        self._core = core
        self._errands = errands
        self._sets = Recommended(
            manager.sets, manager.shelf, manager.orders, manager.editor, core.roster, core.paths
        )
        self._chooser: Chooser | None = None
        self._failures: dict[str, AppError] = {}
        self._ended: set[str] = set()
        self._ordering = False
        self._told = ""
        self.plan: Plan | None = None
        self.standing: Standing | None = None
        self.step = Step.WAIT
        self.cast, self.note = _line(), _line()
        self.change = QPushButton(self.tr("Change"))
        self.change.clicked.connect(self._change)
        self.main = named(QPushButton(), "primary")
        self.main.clicked.connect(self._act)
        self._lay_out()
        self._leave = core.bus.on(DownloadChanged, self._moved)

    def refresh(self) -> None:
        """Show the set and how far it is."""
        self._errands.spawn(self._look(), "set for this computer")

    def close_core(self) -> None:
        """Stop listening: the core is going down."""
        self._leave()

    async def _look(self) -> None:
        try:
            if self._chooser is None:
                self._chooser = await self._sets.chooser()
                self.plan = self._chooser.best()
            if self.plan is not None:
                self.standing = await self._sets.standing(self.plan)
        except AppError as error:
            self._told = told(error)
        self._show()

    def _show(self) -> None:
        chooser, plan, standing = self._chooser, self.plan, self.standing
        for button in (self.change, self.main):
            button.setVisible(standing is not None)
        if chooser is not None and plan is None:
            memory = in_words(chooser.machine.memory)
            none = self.tr("No set fits into %1 of memory; the models that came with Echelon stay.")
            self.cast.setText(none.replace("%1", memory))
        if chooser is not None and plan is not None and standing is not None:
            self.cast.setText(words.cast_words(chooser, plan))
            self._show_step(plan, standing)
        self._say([] if standing is None else self._lines(standing))

    def _show_step(self, plan: Plan, standing: Standing) -> None:
        missing = standing.missing
        coming = [each for each in self._downloads(missing) if each.state in _COMING]
        if missing and (coming or self._ordering):
            self.step, text = Step.WAIT, self.tr("Getting %1").replace("%1", _share(coming)).strip()
        elif missing:
            self.step, text = Step.GET, words.get_words(missing)
        elif standing.in_use:
            self.step, text = Step.DONE, self.tr("In use")
        else:
            self.step, text = Step.USE, self.tr("Use this set")
        self.main.setText(text)
        self.main.setEnabled(self.step in {Step.GET, Step.USE})
        self.main.setToolTip(words.use_words(plan) if self.step is Step.USE else "")
        self.change.setEnabled(self.step is not Step.WAIT)

    def _lines(self, standing: Standing) -> list[str]:
        """Return what is said below the roles: what is here, what failed, what follows."""
        lines = []
        if standing.missing:
            lines.append(words.here_words(standing.parts))
        troubles: dict[str, list[str]] = {}
        for part in standing.missing:
            if trouble := self._trouble(part):
                troubles.setdefault(trouble, []).append(part.entry.name)
        lines += [f"{', '.join(names)}: {trouble}" for trouble, names in troubles.items()]
        if self.step is Step.USE and self.plan is not None:
            lines.append(words.use_words(self.plan))
        return lines

    def _trouble(self, part: Part) -> str:
        """Return why a part does not come, '' if nothing is in its way."""
        failed = self._failures.get(part.entry.name)
        if failed is not None:
            return told(failed)
        for download in self._downloads((part,)):
            if download.state is State.FAILED:
                return f"{said(download.message)} {said(download.remedy)}".strip()
            if download.state is State.PAUSED:
                return self.tr("it is paused; the tab Downloads goes on with it.")
        return ""

    def _say(self, lines: Sequence[str]) -> None:
        text = "\n".join(line for line in (*lines, self._told) if line)
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _act(self) -> None:
        self._told = ""
        work = {Step.GET: self._get_all, Step.USE: self._use}.get(self.step)
        if work is not None:
            self._errands.spawn(work(), "set for this computer")

    async def _get_all(self) -> None:
        """Order every missing part; one that fails says so, and the others go on."""
        missing = self.standing.missing if self.standing is not None else ()
        self._failures, self._ordering = {}, True
        self._show()
        for part in missing:
            try:
                await self._sets.order(part)
            except AppError as error:
                self._failures[part.entry.name] = error
            self._show()
        self._ordering = False
        await self._look()

    async def _use(self) -> None:
        if self.plan is None:
            return
        try:
            await self._sets.use(self.plan)
            self._told = self.tr(
                "The registry is written: the set is in force from the next question on."
            )
        except AppError as error:
            self._told = told(error)
        await self._look()

    def _change(self) -> None:
        async def work(chooser: Chooser, plan: Plan) -> None:
            dialog = SetChange(chooser, plan, self.window())
            if await aio.ask(dialog):
                self.plan, self._told, self._failures = dialog.plan, "", {}
                await self._look()

        if self._chooser is not None and self.plan is not None:
            self._errands.spawn(work(self._chooser, self.plan), "change the set")

    def _moved(self, event: DownloadChanged) -> None:
        standing, download = self.standing, event.download
        if standing is None or not self.isVisible():
            return  # it is looked at anew when it is shown
        if not any(part.belongs(download) for part in standing.parts):
            return
        if download.state is State.DONE and download.id not in self._ended:
            self._ended.add(download.id)
            self.refresh()
        else:
            self._show()

    def _downloads(self, parts: Sequence[Part]) -> list[Download]:
        """Return the newest download of each of these parts."""
        every = self._core.manager.downloads.all
        found = ([each for each in every if part.belongs(each)] for part in parts)
        return [max(each, key=lambda one: one.position) for each in found if each]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons below the words where it is narrow."""
        super().resizeEvent(event)
        self._row.fit(self.width())

    def _lay_out(self) -> None:
        title = named(QLabel(self.tr("A set for this computer")), "cardTitle")
        column = QVBoxLayout()
        column.setSpacing(4)
        for part in (title, self.cast, self.note):
            column.addWidget(part)
        buttons = QHBoxLayout()
        buttons.setSpacing(14)
        buttons.addStretch()
        for button in (self.change, self.main):
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row = Folding(14)
        self._row.addLayout(column, 1)
        self._row.addLayout(buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 14, 16, 14)
        whole.addLayout(self._row)
        self.cast.setText(self.tr("Looking at what this computer can do…"))
        for hidden in (self.change, self.main, self.note):
            hidden.hide()


def _line() -> QLabel:
    label = named(QLabel(), "describes")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _share(coming: Sequence[Download]) -> str:
    """Return how much of some downloads is here, as far as that is known."""
    total = sum(each.total or 0 for each in coming)
    return f"{100 * sum(each.done for each in coming) // total} %" if total else ""
