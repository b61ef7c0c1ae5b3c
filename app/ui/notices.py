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

from app.ui.named import named, text_button


@dataclass(frozen=True, slots=True)
class Button:
    """A second thing that can be done about a notice; it leaves the notice open."""

    words: str
    action: Callable[[], None]


class NoticeBar(QFrame):
    """Shows the newest notice until it is closed or dealt with."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._message = self._label("noticeMessage")
        self._remedy = self._label("noticeRemedy")
        self._act = QPushButton()
        self._act.clicked.connect(self._acted)
        self._action: Callable[[], None] | None = None
        self._also = QPushButton()
        self._also.clicked.connect(self._acted_also)
        self._also_action: Callable[[], None] | None = None
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
        layout.addWidget(self._also)
        layout.addWidget(self._act)
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
        also: Button | None = None,
    ) -> None:
        """Show a notice; `button` calls `action` and closes it, `also` does not close it."""
        self._message.setText(message)
        self._remedy.setText(remedy)
        self._remedy.setVisible(bool(remedy))
        self._action = action
        self._act.setText(button)
        self._act.setVisible(action is not None)
        self._also_action = also.action if also else None
        self._also.setText(also.words if also else "")
        self._also.setVisible(also is not None)
        self.show()

    def _label(self, name: str) -> QLabel:
        label = named(QLabel(), name)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    def _acted(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()

    def _acted_also(self) -> None:
        if self._also_action is not None:
            self._also_action()
