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
from app.ui.named import named

# Narrower than this, size and speed stand below quantisation and verdict.
NARROW_PX = 900
_QUANTISATION_PX, _SIZE_PX, _SPEED_PX = 112, 72, 132
_MODEL_SHARE, _VERDICT_SHARE = 4, 6
_GAP, _PAD = 12, 8


@dataclass(frozen=True, slots=True)
class Cells:
    """What stands in the columns; `size_below` and `speed_below` show where it is narrow."""

    model: QLayout
    quantisation: QLabel
    size: QLabel
    verdict: QLayout
    speed: QLabel
    buttons: QWidget
    size_below: QLabel | None = None
    speed_below: QLabel | None = None


class Columns(QFrame):
    """One line of a list."""

    def arrange(self, cells: Cells) -> None:
        """Put these into the columns."""
        self._cells = cells
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        row = QHBoxLayout(self)
        row.setContentsMargins(_PAD, _PAD, _PAD, _PAD)
        row.setSpacing(_GAP)
        row.addWidget(_share(cells.model), _MODEL_SHARE)
        row.addWidget(_fixed(stacked(cells.quantisation, cells.size_below), _QUANTISATION_PX))
        cells.size.setFixedWidth(_SIZE_PX)
        row.addWidget(cells.size)
        row.addWidget(_share(stacked(cells.verdict, cells.speed_below)), _VERDICT_SHARE)
        cells.speed.setFixedWidth(_SPEED_PX)
        row.addWidget(cells.speed)
        row.addWidget(cells.buttons)
        self._fold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put size and speed where there is room for them."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        narrow, cells = self.width() < NARROW_PX, self._cells
        for wide in (cells.size, cells.speed):
            wide.setVisible(not narrow)
        for below in (cells.size_below, cells.speed_below):
            if below is not None:
                below.setVisible(narrow)


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
