"""The field that limits how fast all downloads together may be."""

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from app.ui.named import named

_MB = 1 << 20
_LEAST, _MOST, _DECIMALS = 0.0, 100_000.0, 2
_WIDTH_PX = 76


class LimitField(QWidget):
    """Tells bytes per second, or None for no limit, once something was entered."""

    limited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = named(QLabel(self.tr("Speed limit")), "describes")
        self.line = named(QLineEdit(), "field")
        self.line.setAccessibleName(self.tr("Speed limit in MB/s; empty for none"))
        self.line.setToolTip(self.tr("For all downloads together; empty for none."))
        self.line.setPlaceholderText(self.tr("none"))
        self.line.setFixedWidth(_WIDTH_PX)
        checks = QDoubleValidator(_LEAST, _MOST, _DECIMALS, self.line)
        checks.setNotation(QDoubleValidator.Notation.StandardNotation)
        self.line.setValidator(checks)
        self.line.editingFinished.connect(self._entered)
        self._told: float | None = None
        words.setBuddy(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (words, self.line, named(QLabel("MB/s"), "describes")):
            row.addWidget(part)

    def _entered(self) -> None:
        value, is_number = QLocale().toDouble(self.line.text())
        limit = value * _MB if is_number and value > 0 else None
        if limit != self._told:
            self._told = limit
            self.limited.emit(limit)
