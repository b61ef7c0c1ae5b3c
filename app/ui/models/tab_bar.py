"""The bar above the tabs of a page: a title, a button for each tab, a fact at the right edge."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from app.ui.models.tab import Tab
from app.ui.named import named

_HEIGHT_PX, _SIDE, _GAP = 48, 20, 12
_SLIM_SIDE, _SLIM_GAP = 8, 4


class TabBar(QWidget):
    """Where it is narrow the fact goes first, then the title; at last a list replaces the buttons.

    `opened` carries the place of the tab that somebody has chosen.
    """

    opened = Signal(int)

    def __init__(self, title: str, tabs: Sequence[tuple[Tab, str]]) -> None:
        super().__init__()
        named(self, "header")
        self.setFixedHeight(_HEIGHT_PX)
        self.title, self.fact = named(QLabel(title), "title"), named(QLabel(), "statusLine")
        self.buttons = QButtonGroup(self)
        self.choice = QComboBox()
        self.choice.setAccessibleName(title)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.title)
        for place, (tab, name) in enumerate(tabs):
            self._row.addWidget(self._button(place, tab, name))
        self._row.addWidget(self.choice, 1)
        self._row.addStretch()
        self._row.addWidget(self.fact, 0, Qt.AlignmentFlag.AlignRight)
        self.buttons.idClicked.connect(self.opened)
        self.choice.activated.connect(self.opened)
        self._fit()

    def show_place(self, place: int) -> None:
        """Show which tab is open."""
        self.buttons.button(place).setChecked(True)
        self.choice.setCurrentIndex(place)

    def tell(self, fact: str) -> None:
        """Show a fact where there is room for it."""
        self.fact.setText(fact)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what fits as a whole."""
        super().resizeEvent(event)
        self._fit()

    def _button(self, place: int, tab: Tab, name: str) -> QPushButton:
        button = named(QPushButton(name), "tab")
        button.setCheckable(True)
        self.buttons.addButton(button, place)
        self.choice.addItem(name)
        tab.counted.connect(lambda count: self._count(place, f"{name} {count}" if count else name))
        return button

    def _count(self, place: int, words: str) -> None:
        self.buttons.button(place).setText(words)
        self.choice.setItemText(place, words)
        self._fit()

    def _fit(self) -> None:
        buttons: list[QWidget] = list(self.buttons.buttons())
        stages = ([self.title, *buttons, self.fact], [self.title, *buttons], buttons)
        for stage in stages:
            slim = stage is buttons
            if self._needed(stage, slim=slim) <= self.width():
                break
        else:
            stage, slim = [self.choice], True
        side = _SLIM_SIDE if slim else _SIDE
        self._row.setContentsMargins(side, 0, side, 0)
        self._row.setSpacing(_SLIM_GAP if slim else _GAP)
        for part in (self.title, *buttons, self.choice, self.fact):
            part.setVisible(part in stage)

    def _needed(self, parts: Sequence[QWidget], *, slim: bool) -> int:
        side, gap = (_SLIM_SIDE, _SLIM_GAP) if slim else (_SIDE, _GAP)
        for part in parts:
            part.ensurePolished()
        return 2 * side + sum(part.sizeHint().width() + gap for part in parts)
