"""Where the user writes: grows to eight lines, sends with Enter, keeps what could not be sent."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.models import RoleSpec
from app.ui.elided import ElidedLabel
from app.ui.named import choice_box, named

_MOST_LINES = 8


class Composer(QFrame):
    """The input of one conversation; `submitted` carries text and role and clears nothing."""

    submitted = Signal(str, str)
    stop_wanted = Signal()
    role_chosen = Signal(str)
    recall_wanted = Signal()
    typed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer")
        self._answering = False
        self._text = _Input()
        self._text.setPlaceholderText(self.tr("Ask anything"))
        self._text.setAccessibleName(self.tr("Message"))
        self._text.textChanged.connect(self._changed)
        self._text.textChanged.connect(self.typed)
        self._text.recalled.connect(self.recall_wanted)
        self._text.sent.connect(self._submit)
        self._text.focused.connect(self._show_focus)
        self._problem = named(QLabel(), "composerProblem")
        self._problem.setWordWrap(True)
        self._problem.hide()
        self._hint = ElidedLabel()
        self._hint.setText(self.tr("Enter sends, Shift+Enter breaks the line"))
        self._hint.setObjectName("composerHint")
        self._role = choice_box(self.tr("Who answers"))
        self._role.setToolTip(self.tr("Who answers"))
        self._role.activated.connect(lambda _: self.role_chosen.emit(self.role))
        self._send = named(QPushButton(), "primary")
        self._send.clicked.connect(self._clicked)
        self._below = below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self._hint)
        below.addStretch()
        below.addWidget(self._role)
        below.addWidget(self._send)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 10, 10)
        layout.setSpacing(8)
        for part in (self._problem, self._text):
            layout.addWidget(part)
        layout.addLayout(below)
        self.setTabOrder(self._text, self._role)
        self.setTabOrder(self._role, self._send)
        self._changed()

    @property
    def text(self) -> str:
        """What is written now."""
        return self._text.toPlainText()

    @property
    def role(self) -> str:
        """The chosen role; empty means that Echelon chooses."""
        return str(self._role.currentData() or "")

    def add_choice(self, choice: QWidget) -> None:
        """Let the user choose something else for a chat, before who answers."""
        self._below.insertWidget(self._below.indexOf(self._role), choice)
        self.setTabOrder(self._text, choice)
        self.setTabOrder(choice, self._role)

    def offer_roles(self, roles: Sequence[RoleSpec]) -> None:
        """Let the user choose between these roles."""
        chosen = self.role
        self._role.clear()
        self._role.addItem(self.tr("Auto"), "")
        for role in roles:
            self._role.addItem(f"{role.tier} · {role.name}", role.name)
        self.choose_role(chosen)

    def choose_role(self, role: str) -> None:
        """Select a role; one that is not offered means Auto."""
        self._role.setCurrentIndex(max(0, self._role.findData(role)))

    def write(self, text: str) -> None:
        """Replace what is written."""
        self._text.setPlainText(text)
        self._text.moveCursor(self._text.textCursor().MoveOperation.End)

    def focus(self) -> None:
        """Let the user write."""
        self._text.setFocus()

    def show_answering(self, answering: bool) -> None:
        """Offer to stop while an answer runs, else to send."""
        self._answering = answering
        self._changed()

    def show_problem(self, message: str, remedy: str) -> None:
        """Say why the text could not be sent; it stays where it is."""
        self._problem.setText(f"{message} {remedy}".strip())
        self._problem.show()

    def clear_problem(self) -> None:
        """Take back what was said about an earlier try."""
        self._problem.hide()

    def _show_focus(self, focused: bool) -> None:
        self.setProperty("focused", focused)
        self.style().unpolish(self)
        self.style().polish(self)

    def _clicked(self) -> None:
        if self._answering:
            self.stop_wanted.emit()
        else:
            self._submit()

    def _submit(self) -> None:
        if self.text.strip() and not self._answering:
            self.submitted.emit(self.text, self.role)

    def _changed(self) -> None:
        written = bool(self.text.strip())
        self._send.setText(self.tr("Stop") if self._answering else self.tr("Send"))
        self._send.setEnabled(self._answering or written)
        tip = "" if self._answering or written else self.tr("Write something first")
        self._send.setToolTip(tip)
        self._send.setAccessibleName(self._send.text())
        self._text.fit()


class _Input(QPlainTextEdit):
    """Plain text with the keys of a chat."""

    sent = Signal()
    focused = Signal(bool)
    recalled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(0)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def fit(self) -> None:
        """Be as high as the lines, up to eight."""
        lines = max(1, min(_MOST_LINES, int(self.document().size().height())))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines wrap otherwise at another width."""
        super().resizeEvent(event)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter sends, with Shift it breaks the line; Up fetches the last question back.

        Words still being composed are left alone.
        """
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.sent.emit()
            return
        if event.key() == Qt.Key.Key_Up and not self.toPlainText():
            self.recalled.emit()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that keys arrive here."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that keys arrive elsewhere."""
        super().focusOutEvent(event)
        self.focused.emit(False)

    def changeEvent(self, event: QEvent) -> None:
        """Another font has other lines."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.fit()
