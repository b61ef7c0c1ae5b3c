"""The list of roles and the form of the chosen one, beside or below each other."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.ui.models.load_form import LoadForm
from app.ui.models.role_form import RoleForm
from app.ui.models.role_list import RoleList
from app.ui.named import named
from app.ui.theme import Theme

_SIDE, _GAP = 20, 14
_NARROW_PX, _ANY = 640, 16_777_215
_LIST_LEAST, _LIST_MOST = 220, 380


class RolesBody(QWidget):
    """Lays out the parts of the tab; it knows nothing of what they show."""

    def __init__(self, theme: Theme, overridden: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = RoleList(theme)
        self.add = QPushButton(self.tr("Add a role"))
        self.together = named(QLabel(), "describes")
        self.overridden = named(QLabel(overridden), "describes")
        self.load_form = LoadForm(theme.tokens)
        self.role_form = RoleForm(self.load_form)
        self._side = self._aside()
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._parts.setContentsMargins(_SIDE, _SIDE, 0, 0)
        self._parts.setSpacing(_GAP)
        self._parts.addWidget(self._side, 2)
        self._parts.addWidget(self._scrolling(), 3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the form below the list where both are too wide beside each other."""
        super().resizeEvent(event)
        narrow, way = self.width() < _NARROW_PX, QBoxLayout.Direction
        self._parts.setDirection(way.TopToBottom if narrow else way.LeftToRight)
        self._side.setMaximumWidth(_ANY if narrow else _LIST_MOST)
        self._side.setContentsMargins(0, 0, _SIDE if narrow else 0, 0)

    def _aside(self) -> QWidget:
        side = QWidget()
        side.setMinimumWidth(_LIST_LEAST)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, _GAP)
        column.setSpacing(8)
        column.addWidget(self.list, 1)
        column.addWidget(self.add)
        for words in (self.together, self.overridden):
            words.setWordWrap(True)
            column.addWidget(words)
        self.overridden.setVisible(bool(self.overridden.text()))
        return side

    def _scrolling(self) -> QScrollArea:
        inside = named(QWidget(), "page")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, _SIDE, _SIDE)
        column.setSpacing(_GAP)
        column.addWidget(self.role_form)
        column.addStretch()
        area = QScrollArea()
        area.setAccessibleName(self.tr("The chosen role"))
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        return area
