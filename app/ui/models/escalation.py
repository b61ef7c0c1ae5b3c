"""Who goes on when the answer of a role is doubtful, and in which order."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from app.models.editing import Place
from app.models.form import Form
from app.ui.models.fields import ChoiceBox, Field
from app.ui.named import named

_AUTOMATIC, _NOBODY, _THESE = "automatic", "nobody", "these"
_LIST_PX, _BOX_PX = 96, 200


class OrderList(QListWidget):
    """Names in an order; Alt with an arrow moves one, Delete takes it out."""

    def __init__(self, owner: "EscalationField") -> None:
        super().__init__()
        self._owner = owner
        named(self, "order")
        self.setFixedHeight(_LIST_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move or take out what is chosen."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        key = Qt.Key(event.key())
        if alt and key in steps:
            self._owner.shift(steps[key])
        elif key == Qt.Key.Key_Delete:
            self._owner.take_out()
        else:
            super().keyPressEvent(event)


class EscalationField(Field):
    """Automatic, nobody, or these roles one after the other."""

    def __init__(self, title: str, hint: str) -> None:
        self.box = ChoiceBox()
        self.box.setMinimumWidth(_BOX_PX)
        self.order = OrderList(self)
        self.more = ChoiceBox()
        self._others: Sequence[str] = ()
        inside = QWidget()
        super().__init__(title, hint, inside, below=True)
        self.title.setBuddy(self.box)
        self._name_parts(title)
        self._lay_out(inside)
        for words, way in (
            (self.tr("Whoever is likelier right and worth the time"), _AUTOMATIC),
            (self.tr("Nobody"), _NOBODY),
            (self.tr("These roles, in this order"), _THESE),
        ):
            self.box.addItem(words, way)
        self.box.activated.connect(lambda _: self._choose(self.box.currentData()))
        self.more.activated.connect(lambda at: self._add(self.more.itemText(at), at))

    def offer(self, others: Sequence[str]) -> None:
        """Set the roles that could go on."""
        self._others = tuple(others)

    def bind(self, form: Form, place: Place) -> None:
        """Show who goes on after the role at a place."""
        self.order.clear()
        super().bind(form, place)

    def show_value(self) -> None:
        """Show the order."""
        names = self.value
        way = _AUTOMATIC if names is None else _THESE if names else _NOBODY
        self.box.setCurrentIndex(self.box.findData(way))
        current = self.order.currentRow()
        self.order.clear()
        self.order.addItems([str(each) for each in names or ()])
        self.order.setCurrentRow(max(0, min(current, self.order.count() - 1)))
        self._show_more([str(each) for each in names or ()])
        self._inside.setVisible(way == _THESE)

    def shift(self, step: int) -> None:
        """Move the chosen role up or down."""
        at, names = self.order.currentRow(), list(self.value or ())
        if 0 <= at < len(names) and 0 <= at + step < len(names):
            names[at], names[at + step] = names[at + step], names[at]
            self.order.setCurrentRow(at + step)
            self._put(names)

    def take_out(self) -> None:
        """Take the chosen role out of the order."""
        at, names = self.order.currentRow(), list(self.value or ())
        if 0 <= at < len(names):
            del names[at]
            self._put(names)

    def _choose(self, way: str) -> None:
        start = list(self._others[:1])
        self._put({_AUTOMATIC: None, _NOBODY: [], _THESE: self.value or start}[way])

    def _add(self, name: str, at: int) -> None:
        if at > 0:
            self._put([*(self.value or ()), name])

    def _put(self, names: Any) -> None:  # noqa: ANN401 - None, or names
        self.put(names)
        self.show_value()

    def _show_more(self, names: Sequence[str]) -> None:
        left = [each for each in self._others if each not in names]
        self.more.clear()
        self.more.addItem(self.tr("Add a role"))
        self.more.addItems(left)
        self.more.setEnabled(bool(left))

    def _name_parts(self, title: str) -> None:
        self.box.setAccessibleName(title)
        self.order.setAccessibleName(self.tr("Order of the roles that go on"))
        self.order.setToolTip(self.tr("Alt with an arrow moves a role, Delete takes it out."))
        self.more.setAccessibleName(self.tr("Add a role to the order"))

    def _lay_out(self, inside: QWidget) -> None:
        self._inside = QWidget()
        buttons = QVBoxLayout()
        buttons.setSpacing(4)
        for words, act in (
            (self.tr("Move up"), lambda: self.shift(-1)),
            (self.tr("Move down"), lambda: self.shift(1)),
            (self.tr("Take out"), self.take_out),
        ):
            button = named(QPushButton(words), "small")
            button.clicked.connect(act)
            buttons.addWidget(button)
        buttons.addStretch()
        row = QHBoxLayout(self._inside)
        row.setContentsMargins(0, 0, 0, 0)
        left = QVBoxLayout()
        left.addWidget(self.order)
        left.addWidget(self.more)
        row.addLayout(left, 1)
        row.addLayout(buttons)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self.box)
        column.addWidget(self._inside)
