"""One download: its name, how far it is, the one state it is in, and what can be done."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.domain.downloads import Download, State
from app.domain.names import printable
from app.ui.elided import ElidedLabel, as_tip
from app.ui.models.coming_buttons import RowButtons, Wish
from app.ui.models.coming_words import (
    figures,
    is_open,
    place,
    sentence,
    share,
    state_word,
)
from app.ui.models.folding import Folding
from app.ui.named import named

_STEPS = 1000
_LABEL_CHARACTERS = 200
_LINES = 2
_GAP, _SLIM_GAP = 14, 4
_GRIP = "\N{IDENTICAL TO}"
_ENTER = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}
_ARROWS = {Qt.Key.Key_Up: (-1, Wish.UP), Qt.Key.Key_Down: (1, Wish.DOWN)}


class DownloadRow(QFrame):
    """Shows one download; tells what is wanted of it, and when the keys go to a neighbour.

    `dragged` carries where the mouse has taken it, `dropped` whether it shall go there.
    """

    wished = Signal(str)
    stepped = Signal(int)
    dragged = Signal(QPoint)
    dropped = Signal(bool)

    def __init__(self, download: Download, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "download")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.download = download
        self._taken: QPoint | None = None
        self._dragging = False
        self.grip = named(QLabel(_GRIP), "describes")
        self.name = named(ElidedLabel(), "cardTitle")
        self.figures = named(QLabel(), "describes")
        self.bar = named(QProgressBar(), "progress")
        self.words = named(QLabel(), "sentence")
        self.buttons = RowButtons()
        self.buttons.wished.connect(self.wished)
        self._dress()
        self._lay_out()
        self.show_download(download)

    def show_download(self, download: Download) -> None:
        """Show how it is now."""
        self.download = download
        self.name.show_text(printable(download.label, _LABEL_CHARACTERS))
        self.figures.setText(figures(download))
        self.bar.setValue(round(share(download) * _STEPS))
        self.words.setText(sentence(download))
        failed = download.state is State.FAILED
        if self.words.property("bad") != failed:
            self.words.setProperty("bad", failed)
            self.words.style().polish(self.words)
        self.grip.setVisible(is_open(download))
        self.buttons.offer(download, self.name.text())
        aloud = (self.name.text(), state_word(download.state), figures(download))
        self.setAccessibleName(", ".join(word for word in aloud if word))
        self.setAccessibleDescription(f"{sentence(download)} {place(download)}")

    def follow(self, above: QWidget) -> QWidget:
        """Come after a widget when somebody goes on with the tab key; return who is last here."""
        for widget in (self, self.buttons.main, *self.buttons.others.values()):
            QWidget.setTabOrder(above, widget)
            above = widget
        return above

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do with keys what the buttons do."""
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        step, wish = _ARROWS.get(key, (0, None))
        if key == Qt.Key.Key_Escape and self._dragging:
            self._end_drag(put=False)
        elif wish is not None and modifiers & Qt.KeyboardModifier.AltModifier:
            self.buttons.press(wish)
        elif step:
            self.stepped.emit(step)
        elif key in _ENTER:
            self.wished.emit(self.buttons.main_wish)
        elif key == Qt.Key.Key_Delete:
            self.buttons.press(Wish.CANCEL)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put side by side what has the room."""
        super().resizeEvent(event)
        for line in self._lines:
            line.setSpacing(_SLIM_GAP if line.fit(self.width()) else _GAP)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the row, if it has a place in the queue."""
        if event.button() is Qt.MouseButton.LeftButton and is_open(self.download):
            self._taken = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say where the row is taken; a hand that only shakes takes it nowhere."""
        if self._taken is None:
            return
        way = event.position().toPoint() - self._taken
        if self._dragging or way.manhattanLength() >= QApplication.startDragDistance():
            if not self._dragging:
                self._dragging = True
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
                self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.dragged.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Put the row where it was taken."""
        if self._dragging:
            self._end_drag(put=True)
        self._taken = None
        super().mouseReleaseEvent(event)

    def _end_drag(self, *, put: bool) -> None:
        self._dragging, self._taken = False, None
        self.unsetCursor()
        self.dropped.emit(put)

    def _dress(self) -> None:
        self.grip.setToolTip(self.tr("Drag it, or press Alt with an arrow, to change the order."))
        self.grip.setCursor(Qt.CursorShape.OpenHandCursor)
        self.figures.setToolTip(
            as_tip(
                self.tr(
                    "Every MiB gets a hash when it comes; what the disk has changed since is "
                    "fetched again. At the end the whole file is compared with the hash its "
                    "source tells."
                )
            )
        )
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("How much is here"))
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        # Paths have no place to break a line; they may not push the buttons away.
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        # Words that come and go may not move the rows below.
        self.words.setMinimumHeight(_LINES * self.words.fontMetrics().height())

    def _lay_out(self) -> None:
        acts = QHBoxLayout()
        acts.setSpacing(14)
        acts.addStretch()
        acts.addWidget(self.buttons)
        acts.addWidget(self.grip)
        holder = QVBoxLayout()
        holder.addLayout(acts)
        holder.addStretch()
        self._lines = head, foot = Folding(_GAP), Folding(_GAP)
        head.addWidget(self.name, 1)
        head.addWidget(self.figures)
        foot.addWidget(self.words, 1)
        foot.addLayout(holder)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addLayout(foot)
