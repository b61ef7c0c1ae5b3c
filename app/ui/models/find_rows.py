"""What was found on the hub, row by row: what it is, how it would run here, and a way to get it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.domain.amounts import in_words
from app.domain.errors import AppError
from app.domain.hub import HubModel, Outcome
from app.models.hub.prospects import Prospect, Repository
from app.ui.models import find_words as words
from app.ui.models.columns import Cells, Columns, cell, stacked
from app.ui.models.expected import Expected
from app.ui.models.fetching import GetButton
from app.ui.named import named
from app.ui.said import said, told
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
        self._expected = Expected()
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
            self._tell(said(found.message), told(found), self._theme.tokens.dim)
            self.page.setVisible(bool(self.model.gated))
            return
        self.found, self.model, self.choice = found, found.model, found.favourite
        self._show_model()
        self._show_choice()

    def restyle(self) -> None:
        """Take the colours that are in force now."""
        verdict = self.choice.verdict if self.choice else None
        self._expected.paint(words.verdict_colour(verdict, self._theme.tokens))

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
        self._speed.setText(words.pace_words(verdict))
        self._expected.show_prospect(choice, self._theme.tokens)
        self._name_aloud()
        fits = verdict is not None and verdict.outcome in {Outcome.WELL, Outcome.SLOWLY}
        self.get.setVisible(fits)
        self.get.setAccessibleName(self.tr("Get %1").replace("%1", choice.bundle.label))

    def _tell(self, text: str, why: str, colour: str) -> None:
        self._expected.say(text, colour, why)
        self._name_aloud()

    def _name_aloud(self) -> None:
        labels = (self._name, self._quantisation, self._size, self._expected, self._speed)
        texts = [label.text() for label in labels]
        self.setAccessibleName(", ".join(text for text in texts if text))

    def _get(self) -> None:
        if self.choice is not None:
            self.get_wanted.emit(self.choice.bundle)

    def _open(self) -> None:
        self.details_wanted.emit(self.model.repo)

    def _lay_out(self) -> None:
        for button in (self.get, self.page):
            button.hide()
        self.arrange(
            Cells(
                model=stacked(self._name, self._facts),
                quantisation=self._quantisation,
                size=self._size,
                verdict=self._expected.column(),
                speed=self._speed,
                buttons=ButtonCell(self.page, self.get, self.details),
                below=self._size_below,
                wide=(self._expected.full,),
                narrow=(self._expected.headline, self._expected.reason),
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
