"""The field that limits how fast all downloads together may be."""

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from app.models.downloads.allowance import MOST_MB
from app.ui.named import named

_LEAST, _DECIMALS = 0.0, 2
_WIDTH_PX = 76


class LimitField(QWidget):
    """Tells megabytes per second, or 0 for no limit, once something else was entered."""

    limited = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = named(QLabel(self.tr("Speed limit")), "describes")
        self.line = named(QLineEdit(), "field")
        self.line.setAccessibleName(self.tr("Speed limit in MB/s; empty for none"))
        self.line.setToolTip(self.tr("For all downloads together; empty for none."))
        self.line.setPlaceholderText(self.tr("none"))
        self.line.setFixedWidth(_WIDTH_PX)
        checks = QDoubleValidator(_LEAST, MOST_MB, _DECIMALS, self.line)
        checks.setNotation(QDoubleValidator.Notation.StandardNotation)
        self.line.setValidator(checks)
        self.line.editingFinished.connect(self._entered)
        self._told = 0.0
        words.setBuddy(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (words, self.line, named(QLabel("MB/s"), "describes")):
            row.addWidget(part)

    def show_limit(self, mb: float) -> None:
        """Show the limit that counts, wherever it was set."""
        self._told = mb
        plain = QLocale()
        plain.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
        self.line.setText(plain.toString(mb, "g", 8) if mb else "")

    def _entered(self) -> None:
        value, is_number = QLocale().toDouble(self.line.text())
        limit = value if is_number and value > 0 else 0.0
        if limit != self._told:
            self._told = limit
            self.limited.emit(limit)
