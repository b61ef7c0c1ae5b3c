"""One value of the registry each: its title, what it means, where it is changed, what is wrong."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from app.models.editing import Place
from app.models.form import Form
from app.ui.named import named

_NUMBER_PX, _CHOICE_PX, _LINES_PX = 120, 200, 84


class Field(QWidget):
    """A value of a form; `changed` tells that somebody has changed it."""

    changed = Signal()

    def __init__(self, title: str, hint: str, editor: QWidget, *, below: bool = False) -> None:
        """Lay out the field; `below` gives the editor the whole width."""
        super().__init__()
        self.form: Form | None = None
        self.place: Place = ()
        editor.setAccessibleName(title)
        editor.setAccessibleDescription(hint)
        self.title = QLabel(title)
        self.title.setBuddy(editor)
        self.title.setWordWrap(True)
        self.hint = _words("describes", hint)
        self.problem = _words("fieldProblem", "")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 8, 0, 8)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self.title, 0, 0)
        grid.addWidget(self.hint, 1, 0)
        if below:
            grid.addWidget(editor, 2, 0, 1, 2)
        else:
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            grid.addWidget(editor, 0, 1, 2, 1, right)
        grid.addWidget(self.problem, 3, 0, 1, 2)

    def bind(self, form: Form, place: Place) -> None:
        """Show the value at a place of a form, and change it there."""
        self.form, self.place = form, place
        self.tell("")
        self.show_value()

    def show_value(self) -> None:
        """Show what would count now."""

    def tell(self, problem: str) -> None:
        """Say what is wrong with the value; an empty text says nothing."""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    @property
    def value(self) -> Any:  # noqa: ANN401 - whatever YAML can hold
        """What would count now."""
        return self.form.value(self.place) if self.form is not None else None

    def put(self, value: Any) -> None:  # noqa: ANN401 - whatever YAML can hold
        """Change the value."""
        if self.form is not None:
            self.form.put(self.place, value)
            self.changed.emit()


class NumberField(Field):
    """A number. What is no number stays as it was written, so that it can be put right."""

    def __init__(self, title: str, hint: str, unit: str = "", *, empty: str = "") -> None:
        """Ask for a number; `empty` says what is meant where nothing is written."""
        self.line = QLineEdit()
        self.line.setFixedWidth(_NUMBER_PX)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.line.setPlaceholderText(empty)
        super().__init__(f"{title}, {unit}" if unit else title, hint, self.line)
        self.line.textEdited.connect(lambda text: self.put(_number(text)))

    def show_value(self) -> None:
        """Show the number as people write it."""
        value = self.value
        whole = isinstance(value, float) and value.is_integer()
        self.line.setText("" if value is None else str(int(value) if whole else value))


class TextField(Field):
    """One line of text."""

    def __init__(self, title: str, hint: str, *, empty: str = "") -> None:
        self.line = QLineEdit()
        self.line.setPlaceholderText(empty)
        super().__init__(title, hint, self.line, below=True)
        self.line.textEdited.connect(lambda text: self.put(text.strip() or None))

    def show_value(self) -> None:
        """Show the text."""
        self.line.setText(str(self.value or ""))


class LinesField(Field):
    """Several lines: one text, or with `each` a list of texts."""

    def __init__(self, title: str, hint: str, *, each: bool = False) -> None:
        self.lines = QPlainTextEdit()
        self.lines.setFixedHeight(_LINES_PX)
        self.lines.setTabChangesFocus(True)
        self._each = each
        super().__init__(title, hint, self.lines, below=True)
        self.lines.textChanged.connect(self._edited)

    def show_value(self) -> None:
        """Show the text."""
        value = self.value or ""
        self.lines.blockSignals(True)
        self.lines.setPlainText("\n".join(value) if isinstance(value, list) else str(value))
        self.lines.blockSignals(False)

    def _edited(self) -> None:
        text = self.lines.toPlainText()
        self.put(
            [each for each in text.split("\n") if each] or None if self._each else text or None
        )


class ToggleField(Field):
    """Yes or no."""

    def __init__(self, title: str, hint: str) -> None:
        self.box = QCheckBox()
        super().__init__(title, hint, self.box)
        self.box.toggled.connect(self._toggled)

    def show_value(self) -> None:
        """Show yes or no."""
        self.box.blockSignals(True)
        self.box.setChecked(self.value is True)
        self.box.blockSignals(False)

    def _toggled(self, on: bool) -> None:
        self.put(on)


class ChoiceBox(QComboBox):
    """A box of choices that a turning wheel passes over: a page scrolls below it."""

    def __init__(self) -> None:
        super().__init__()
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


class ChoiceField(Field):
    """One of several values."""

    def __init__(self, title: str, hint: str, choices: list[tuple[str, Any]] | None = None) -> None:
        self.box = ChoiceBox()
        self.box.setFixedWidth(_CHOICE_PX)
        super().__init__(title, hint, self.box)
        for words, value in choices or ():
            self.box.addItem(words, value)
        self.box.activated.connect(lambda _: self.put(self.box.currentData()))

    def show_value(self) -> None:
        """Show the value; one that is none of the choices is shown as it is."""
        value = self.value
        at = self.box.findData(value)
        if at < 0 and value is not None:
            self.box.addItem(str(value), value)
            at = self.box.count() - 1
        self.box.setCurrentIndex(at if value is not None else self.box.findData(None))


def card(title: QLabel) -> tuple[QFrame, QVBoxLayout]:
    """Return a card with a title, and the column its fields go into."""
    frame = named(QFrame(), "card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(16, 12, 16, 8)
    column.setSpacing(0)
    column.addWidget(named(title, "cardTitle"))
    return frame, column


def _words(name: str, text: str) -> QLabel:
    label = named(QLabel(text), name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if not text:
        label.hide()  # one that is told to be seen before it has a place opens a window of its own
    return label


def _number(text: str) -> int | float | str | None:
    """Return the number a text stands for, None for nothing, or the text itself."""
    plain = text.strip()
    for kind in (int, float):
        try:
            return kind(plain.replace(",", ".") if kind is float else plain)
        except ValueError:
            continue
    return plain or None
