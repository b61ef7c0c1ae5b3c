"""Void calls into Qt, and void virtuals written in Python, must give back None as they took it.

One version of PySide6 dropped a reference to None per call below Python 3.12 and so killed the
process after seconds of streaming; this notices the next one.
"""

# ruff: noqa: N802 - the virtuals keep Qt's names

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimerEvent
from PySide6.QtGui import QPaintEvent, QResizeEvent, QSyntaxHighlighter, QTextDocument
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

_CALLS = 3000
# Other code may hold a few Nones more or fewer at the end; a defect costs one per call.
_SLACK = 200


class _Listener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.seen = 0

    def customEvent(self, event: QEvent) -> None:
        self.seen += 1

    def timerEvent(self, event: QTimerEvent) -> None:
        self.seen += 1


class _Canvas(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.seen = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        self.seen += 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.seen += 1


class _Painter(QSyntaxHighlighter):
    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.seen = 0

    def highlightBlock(self, text: str) -> None:
        self.seen += 1


def _events() -> int:
    listener = _Listener()
    for _ in range(_CALLS):
        QCoreApplication.sendEvent(listener, QEvent(QEvent.Type.User))
        QCoreApplication.sendEvent(listener, QTimerEvent(1))
    return listener.seen


def _painting() -> int:
    canvas = _Canvas()
    for at in range(_CALLS):
        canvas.resize(40 + at % 2, 40)
        canvas.grab()
    return canvas.seen


def _highlighting() -> int:
    document = QTextDocument("line\n" * _CALLS)
    painter = _Painter(document)
    painter.rehighlight()
    return painter.seen


def _void_calls() -> int:
    widget = QWidget()
    for at in range(_CALLS):
        widget.setObjectName(str(at))
        widget.update()
    return _CALLS


@pytest.mark.parametrize("work", [_events, _painting, _highlighting, _void_calls])
def test_references_to_none_do_not_fall(qtbot: QtBot, work: Callable[[], int]) -> None:
    before = sys.getrefcount(None)
    called = work()
    assert called >= _CALLS
    assert sys.getrefcount(None) > before - _SLACK
