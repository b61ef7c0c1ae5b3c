"""The line under an answer: who answered, how fast, which version, and what can be done with it."""

from PySide6.QtCore import QCoreApplication, QLocale, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from app.domain.chat import Receipt, ThreadEntry
from app.ui.elided import ElidedLabel
from app.ui.named import text_button
from app.ui.theme import Tokens

_GAP = 12


class ReceiptLine(QWidget):
    """One line for one answer; the buttons tell what the reader wants."""

    copy_wanted = Signal()
    again_wanted = Signal()
    version_wanted = Signal(int)

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("receipt")
        self._tokens = tokens
        self._entry: ThreadEntry | None = None
        self._who = QLabel()
        self._facts = ElidedLabel()
        self._older = self._button(
            "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", self.tr("Previous version")
        )
        self._count = QLabel()
        self._newer = self._button(
            "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}", self.tr("Next version")
        )
        self._copy = self._button(self.tr("Copy"), self.tr("Copy answer"))
        self._again = self._button(self.tr("Again"), self.tr("Answer again"))
        self._older.clicked.connect(lambda: self._turn(-1))
        self._newer.clicked.connect(lambda: self._turn(1))
        self._copy.clicked.connect(self.copy_wanted)
        self._again.clicked.connect(self.again_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        versions = QHBoxLayout()
        versions.setSpacing(0)
        for part in (self._older, self._count, self._newer):
            versions.addWidget(part)
        layout.addWidget(self._who)
        layout.addWidget(self._facts)
        layout.addLayout(versions)
        layout.addWidget(self._copy)
        layout.addWidget(self._again)
        layout.addStretch()

    def show_entry(self, entry: ThreadEntry) -> None:
        """Show the receipt of a stored answer."""
        self._entry = entry
        receipt = entry.message.receipt
        self._who.setVisible(receipt is not None)
        self._facts.setVisible(receipt is not None)
        if receipt is not None:
            self._show_receipt(receipt)
        several = entry.versions > 1
        for part in (self._older, self._count, self._newer):
            part.setVisible(several)
        self._count.setText(f"{entry.version} / {entry.versions}")
        self._older.setEnabled(entry.version > 1)
        self._newer.setEnabled(entry.version < entry.versions)
        self._copy.setVisible(bool(entry.message.content))

    def restyle(self, tokens: Tokens) -> None:
        """Use other colours."""
        self._tokens = tokens
        if self._entry is not None:
            self.show_entry(self._entry)

    def _show_receipt(self, receipt: Receipt) -> None:
        colour = self._tokens.tier(receipt.tier)
        self._who.setText(f"{receipt.tier} · {receipt.role}")
        self._who.setStyleSheet(f"color: {colour}; font-weight: 600;")
        self._facts.setText("   ".join(facts(receipt)))
        self._facts.setToolTip(self.tr("Why: %1").replace("%1", receipt.reason))

    def _button(self, text: str, name: str) -> QToolButton:
        button = text_button(text)
        button.setAccessibleName(name)
        button.setToolTip(name)
        return button

    def _turn(self, step: int) -> None:
        if self._entry is not None:
            self.version_wanted.emit(self._entry.version + step)


def facts(receipt: Receipt) -> list[str]:
    """Return what is worth saying about how an answer was made, with units."""
    said = [receipt.model]
    if receipt.timings is not None and receipt.timings.predicted_n:
        speed = QCoreApplication.translate("Receipt", "%1 tokens/s").replace(
            "%1", f"{receipt.timings.predicted_per_second:.0f}"
        )
        said.append(speed)
    if receipt.first_token_ms is not None:
        said.append(
            QCoreApplication.translate("Receipt", "first token %1").replace(
                "%1", duration(receipt.first_token_ms)
            )
        )
    said.append(
        QCoreApplication.translate("Receipt", "%1 in all").replace("%1", duration(receipt.total_ms))
    )
    if receipt.finish_reason == "length":
        said.append(QCoreApplication.translate("Receipt", "cut at its length limit"))
    return said


def duration(milliseconds: float) -> str:
    """Return a time with a unit that suits it, written as the user's country writes numbers."""
    if milliseconds < 1000:
        return f"{milliseconds:.0f} ms"
    if milliseconds < 60_000:
        return f"{QLocale().toString(milliseconds / 1000, 'f', 1)} s"
    return f"{QLocale().toString(milliseconds / 60_000, 'f', 1)} min"
