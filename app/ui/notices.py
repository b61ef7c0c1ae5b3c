"""Things the user should know: what happened, why, and the button that does something about it."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import AppError
from app.ui.named import named, text_button
from app.ui.said import said


@dataclass(frozen=True, slots=True)
class Offer:
    """A button and what it does; some leave the notice open."""

    words: str
    action: Callable[[], None]
    closes: bool = True


class NoticeBar(QFrame):
    """Shows the newest notice until it is closed or dealt with."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._message = self._label("noticeMessage")
        self._remedy = self._label("noticeRemedy")
        self._offers: list[Offer] = []
        self.offered = [self._button(place) for place in range(2)]
        close = text_button("\N{MULTIPLICATION SIGN}")
        close.setAccessibleName(self.tr("Close notice"))
        close.clicked.connect(self.hide)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._message)
        words.addWidget(self._remedy)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 10, 10, 10)
        layout.addLayout(words, 1)
        for button in self.offered:
            layout.addWidget(button)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    @property
    def text(self) -> str:
        """What is said, or an empty string when nothing is."""
        return "" if self.isHidden() else f"{self._message.text()} {self._remedy.text()}".strip()

    def tell(
        self,
        message: str,
        remedy: str = "",
        *,
        button: str = "",
        action: Callable[[], None] | None = None,
        other: Offer | None = None,
    ) -> None:
        """Show a notice; `button` calls `action` and closes it; beside it may be an `other`."""
        self._message.setText(message)
        self._remedy.setText(remedy)
        self._remedy.setVisible(bool(remedy))
        first = Offer(button, action) if action is not None else None
        self._offers = [offer for offer in (first, other) if offer is not None]
        for place, each in enumerate(self.offered):
            each.setVisible(place < len(self._offers))
            each.setText(self._offers[place].words if place < len(self._offers) else "")
        self.show()

    def tell_error(self, error: AppError) -> None:
        """Show what went wrong and what helps."""
        self.tell(said(error.message), said(error.remedy))

    def _label(self, name: str) -> QLabel:
        label = named(QLabel(), name)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    def _button(self, place: int) -> QPushButton:
        button = QPushButton()
        button.clicked.connect(lambda: self._acted(place))
        return button

    def _acted(self, place: int) -> None:
        offer = self._offers[place]
        if offer.closes:
            self.hide()
        offer.action()
