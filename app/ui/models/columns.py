"""The columns of a list of models: the same for its head and for every row, at every width."""

from dataclasses import dataclass

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui.elided import ElidedLabel
from app.ui.models.folding import SLIM_PX
from app.ui.named import named

# Narrower than this, size and speed stand below quantisation and verdict.
NARROW_PX = 900
_QUANTISATION_PX, _SIZE_PX, _SPEED_PX = 112, 72, 132
_MODEL_SHARE, _VERDICT_SHARE = 4, 6
_GAP, _PAD, _LINE_GAP = 12, 8, 4


@dataclass(frozen=True, slots=True)
class Cells:
    """What stands in the columns; `wide` and `narrow` show only where there is room, or none."""

    model: QLayout
    quantisation: QLabel
    size: QLabel
    verdict: QLayout
    speed: QLabel
    buttons: QWidget
    below: QLabel | None = None
    wide: tuple[QWidget, ...] = ()
    narrow: tuple[QWidget, ...] = ()


class Columns(QFrame):
    """One line of a list."""

    def arrange(self, cells: Cells) -> None:
        """Put these into the columns."""
        self._cells = cells
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        cells.size.setFixedWidth(_SIZE_PX)
        cells.speed.setFixedWidth(_SPEED_PX)
        self._model, self._verdict = _share(cells.model), _share(cells.verdict)
        self._kind = _fixed(stacked(cells.quantisation, cells.below), _QUANTISATION_PX)
        self._lines = (QHBoxLayout(), QHBoxLayout())
        column = QVBoxLayout(self)
        column.setContentsMargins(_PAD, _PAD, _PAD, _PAD)
        column.setSpacing(_LINE_GAP)
        for line in self._lines:
            line.setSpacing(_GAP)
            column.addLayout(line)
        self._slim: bool | None = None
        self._fold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put size and speed where there is room for them."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        self._stand(slim=self.width() < SLIM_PX)
        narrow, cells = self.width() < NARROW_PX, self._cells
        for wide in (cells.size, cells.speed, *cells.wide):
            wide.setVisible(not narrow)
        below = (cells.below,) if cells.below is not None else ()
        for part in (*below, *cells.narrow):
            part.setVisible(narrow)

    def _stand(self, *, slim: bool) -> None:
        """Put the cells into one line, or into two where one is too short for them."""
        if slim == self._slim:
            return
        self._slim, cells = slim, self._cells
        kind, verdict = (self._kind, 0), (self._verdict, _VERDICT_SHARE)
        wide = (kind, (cells.size, 0), verdict, (cells.speed, 0))
        first = ((self._model, _MODEL_SHARE), *(() if slim else wide), (cells.buttons, 0))
        second = (kind, verdict) if slim else ()
        for line, parts in zip(self._lines, (first, second), strict=True):
            for part, share in parts:
                for each in self._lines:
                    each.removeWidget(part)
                line.addWidget(part, share)


def stacked(*parts: QWidget | QLayout | None) -> QVBoxLayout:
    """Return parts above each other, in the middle of the height there is."""
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(1)
    column.addStretch()
    for part in parts:
        if isinstance(part, QWidget):
            column.addWidget(part)
        elif part is not None:
            column.addLayout(part)
    column.addStretch()
    return column


def cell(name: str, text: str = "") -> ElidedLabel:
    """Return a line of text that gives way; `name` is the style sheet's."""
    label = named(ElidedLabel(), name)
    label.setText(text)
    return label


def _share(layout: QLayout) -> QWidget:
    """Return a cell that takes its share of the width, however long its words are."""
    holder = _holder(layout)
    holder.setMinimumWidth(0)
    policy = holder.sizePolicy()
    policy.setHorizontalPolicy(policy.Policy.Ignored)
    holder.setSizePolicy(policy)
    return holder


def _fixed(layout: QLayout, width: int) -> QWidget:
    holder = _holder(layout)
    holder.setFixedWidth(width)
    return holder


def _holder(layout: QLayout) -> QWidget:
    holder = QWidget()
    holder.setLayout(layout)
    layout.setContentsMargins(0, 0, 0, 0)
    return holder
