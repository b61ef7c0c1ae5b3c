"""Widgets made in one expression: with the name the style sheet knows, or with a text."""

from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QToolButton

Q = TypeVar("Q", bound=QObject)


def named(made: Q, name: str) -> Q:
    """Give an object the name the style sheet knows it by, and return it."""
    made.setObjectName(name)
    return made


def text_button(text: str) -> QToolButton:
    """Return a flat button that shows words instead of an icon."""
    button = QToolButton()
    button.setText(text)
    return button


def choice_box(name: str) -> QComboBox:
    """Return a box of choices whose open list follows the style sheet; `name` is read aloud."""
    box = QComboBox()
    box.setAccessibleName(name)
    box.setItemDelegate(QStyledItemDelegate(box))
    return box
