"""What happened, line by line: answers that were handed on, and starts that were moved."""

from collections.abc import Sequence

from PySide6.QtCore import QDateTime, QLocale, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.domain.routing import ChangeRecord
from app.orchestration.telemetry import Climb
from app.ui.chat.causes import cause_words
from app.ui.elided import ElidedLabel
from app.ui.named import named, text_button
from app.ui.said import said
from app.ui.theme import Tokens


class Lines(QWidget):
    """A column of lines, or a sentence while there is none."""

    def __init__(self, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty = empty
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.fill(())

    @property
    def texts(self) -> list[str]:
        """What the lines say."""
        return [label.text() for label in self.findChildren(QLabel)]

    def fill(self, rows: Sequence[QWidget]) -> None:
        """Show these lines instead of what was there."""
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for row in rows or (self._sentence(),):
            self._column.addWidget(row)

    def _sentence(self) -> QLabel:
        label = named(QLabel(self._empty), "describes")
        label.setWordWrap(True)
        return label


class ClimbLines(Lines):
    """Answers that were handed on, the newest first, with the reason."""

    def show_climbs(self, climbs: Sequence[Climb], tokens: Tokens) -> None:
        """Show these."""
        self.fill([self._row(climb, tokens) for climb in climbs])

    def _row(self, climb: Climb, tokens: Tokens) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for tier in (climb.start_tier, climb.end_tier):
            letter = named(QLabel(tier.value), "line")
            letter.setStyleSheet(f"color: {tokens.tier(tier)}; font-weight: 600;")
            layout.addWidget(letter)
        way = self.tr("%1 to %2").replace("%1", climb.start).replace("%2", climb.end)
        why = cause_words(climb.cause)
        layout.addWidget(_line(f"{way}: {why}"), 1)
        layout.addWidget(named(QLabel(_when(climb.at)), "describes"))
        return row


class MoveLines(Lines):
    """Kinds of tasks that begin elsewhere by now, and roles that have another model.

    `undo_wanted` carries the id of a move.
    """

    undo_wanted = Signal(str)

    def show_moves(self, moves: Sequence[ChangeRecord], resets: Sequence[ChangeRecord]) -> None:
        """Show these."""
        changed = (f"{each.subject}: {said(each.reason)}" for each in resets)
        self.fill([self._row(move) for move in moves] + [_line(words) for words in changed])

    def _row(self, move: ChangeRecord) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        label = _line(f"{move.subject}: {move.before} → {move.after}, {said(move.reason)}")
        undo = named(text_button(self.tr("Take back")), "inline")
        undo.setAccessibleName(self.tr("Take back: %1").replace("%1", label.text()))
        undo.clicked.connect(lambda: self.undo_wanted.emit(move.id))
        layout.addWidget(label, 1)
        layout.addWidget(undo)
        return row


def _line(words: str) -> ElidedLabel:
    label = named(ElidedLabel(), "line")
    label.setText(words)
    label.setToolTip(words)
    return label


def _when(at: float) -> str:
    moment = QDateTime.fromSecsSinceEpoch(int(at))
    return QLocale().toString(moment.time(), QLocale.FormatType.ShortFormat)
