"""What was found on the hub, row by row: what it is, how it would run here, and a way to get it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from app.domain.amounts import in_words
from app.domain.errors import AppError
from app.domain.hub import HubModel, Outcome
from app.models.hub.prospects import Prospect, Repository
from app.ui.models import find_words as words
from app.ui.models.columns import Cells, Columns, cell, stacked
from app.ui.models.fetching import GetButton
from app.ui.named import named
from app.ui.theme import Theme

_GAP = 8


class Row(Columns):
    """One repository. It is looked into when it is seen; until then it says so."""

    get_wanted = Signal(object)
    details_wanted = Signal(str)
    page_wanted = Signal(str)
    focused = Signal()
    step_wanted = Signal(int)

    def __init__(self, model: HubModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "row")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.model = model
        self.found: Repository | None = None
        self.choice: Prospect | None = None
        self.looked = False
        self._theme = theme
        self.line = named(QFrame(), "hairline")
        self.line.setFixedHeight(1)
        self._name = cell("rowName")
        self._facts = cell("describes")
        self._quantisation, self._size_below = cell("line"), cell("describes")
        self._size = cell("line")
        self._dot = named(QLabel(words.DOT), "dot")
        self._verdict, self._speed_below = cell("line"), cell("describes")
        self._speed = cell("line")
        self.get = GetButton()
        self.get.clicked.connect(self._get)
        self.page = QPushButton(self.tr("Open page"))
        self.page.clicked.connect(lambda: self.page_wanted.emit(self.model.repo))
        self.details = QPushButton(self.tr("Details"))
        self.details.clicked.connect(self._open)
        self._lay_out()
        self._show_model()
        self.show_waiting()

    def show_waiting(self, *, looking: bool = True) -> None:
        """Say that somebody looks into it, or that nobody could."""
        if not self.looked:
            words = self.tr("looking…") if looking else self.tr("not looked at")
            self._tell(words, "", self._theme.tokens.dim)

    def show_found(self, found: Repository | AppError) -> None:
        """Show what a look has found, or why it found nothing."""
        self.looked = True
        if isinstance(found, AppError):
            self._tell(found.message, str(found), self._theme.tokens.dim)
            self.page.setVisible(bool(self.model.gated))
            return
        self.found, self.model, self.choice = found, found.model, found.favourite
        self._show_model()
        self._show_choice()

    def restyle(self) -> None:
        """Take the colours that are in force now."""
        verdict = self.choice.verdict if self.choice else None
        self._paint_dot(words.verdict_colour(verdict, self._theme.tokens))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the details with Enter; walk with the arrows."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self._open()
        elif event.key() in steps:
            self.step_wanted.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Come into sight."""
        super().focusInEvent(event)
        self.focused.emit()

    def _show_model(self) -> None:
        self._name.setText(words.name_of(self.model.repo))
        self._name.setToolTip(words.tip(self.model.repo))
        facts = words.facts_of(self.model)
        self._facts.setText(facts)
        self._facts.setToolTip(words.tip(facts))

    def _show_choice(self) -> None:
        choice = self.choice
        self.page.setVisible(bool(self.model.gated and (choice is None or choice.problem)))
        if choice is None:
            self._tell(self.tr("it holds no GGUF model"), "", self._theme.tokens.dim)
            return
        verdict, size = choice.verdict, in_words(choice.bundle.size)
        self._quantisation.setText(choice.bundle.quantisation or self.tr("one size"))
        for label in (self._size, self._size_below):
            label.setText(size)
        for label in (self._speed, self._speed_below):
            label.setText(words.pace_words(verdict))
        colour = words.verdict_colour(verdict, self._theme.tokens)
        self._tell(words.verdict_words(choice), words.why_words(choice), colour)
        fits = verdict is not None and verdict.outcome in {Outcome.WELL, Outcome.SLOWLY}
        self.get.setVisible(fits)
        self.get.setAccessibleName(self.tr("Get %1").replace("%1", choice.bundle.label))

    def _tell(self, verdict: str, why: str, colour: str) -> None:
        self._verdict.setText(verdict)
        self._verdict.setToolTip(words.tip(why or verdict))
        self._paint_dot(colour)
        parts = (self._name, self._quantisation, self._size, self._verdict, self._speed)
        self.setAccessibleName(", ".join(part.text() for part in parts if part.text()))

    def _paint_dot(self, colour: str) -> None:
        self._dot.setStyleSheet(f"color: {colour};")

    def _get(self) -> None:
        if self.choice is not None:
            self.get_wanted.emit(self.choice.bundle)

    def _open(self) -> None:
        self.details_wanted.emit(self.model.repo)

    def _lay_out(self) -> None:
        verdict = QHBoxLayout()
        verdict.setSpacing(_GAP)
        verdict.addWidget(self._dot)
        verdict.addWidget(self._verdict, 1)
        self._speed_below.setIndent(self._dot.sizeHint().width() + _GAP)
        for button in (self.get, self.page):
            button.hide()
        self.arrange(
            Cells(
                model=stacked(self._name, self._facts),
                quantisation=self._quantisation,
                size=self._size,
                size_below=self._size_below,
                verdict=verdict,
                speed=self._speed,
                speed_below=self._speed_below,
                buttons=ButtonCell(self.page, self.get, self.details),
            )
        )


class ButtonCell(QWidget):
    """Buttons at the right edge, with room for all that may be shown together."""

    def __init__(self, page: QPushButton, get: QPushButton, details: QPushButton) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addStretch()
        for button in (page, get, details):
            row.addWidget(button)
        for button in (page, details):
            button.ensurePolished()
        first = max(page.sizeHint().width(), get.minimumWidth())
        self.setFixedWidth(first + _GAP + details.sizeHint().width())


class Head(Columns):
    """What the columns hold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "row")  # with the border that rows have
        like = ButtonCell(
            QPushButton(self.tr("Open page")), GetButton(), QPushButton(self.tr("Details"))
        )
        buttons = QWidget()
        buttons.setFixedWidth(like.width())
        model, verdict = (
            cell("describes", self.tr("model")),
            cell("describes", self.tr("on this computer")),
        )
        self.arrange(
            Cells(
                model=stacked(model),
                quantisation=cell("describes", self.tr("quantisation")),
                size=cell("describes", self.tr("size")),
                verdict=stacked(verdict),
                speed=cell("describes", self.tr("speed")),
                buttons=buttons,
            )
        )
