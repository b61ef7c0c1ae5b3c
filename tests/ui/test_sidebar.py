"""The list of chats: by day, searchable, and usable with keys alone."""

from collections.abc import Sequence
from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListWidget
from pytestqt.qtbot import QtBot

from app.domain.chat import Conversation
from app.ui.chat.sidebar import Sidebar

_TODAY = date(2026, 11, 23)


def _chat(title: str, day: date) -> Conversation:
    updated = datetime(day.year, day.month, day.day, 12).timestamp()  # noqa: DTZ001 - the reader's
    return Conversation(id=title or "untitled", title=title, created=updated, updated=updated)


_CHATS = (
    _chat("Invoice totals", _TODAY),
    _chat("", _TODAY),
    _chat("Parser", date(2026, 11, 22)),
    _chat("What is a B-tree?", date(2026, 11, 18)),
    _chat("Garden", date(2026, 9, 1)),
)


@pytest.fixture
def sidebar(qtbot: QtBot) -> Sidebar:
    made = Sidebar(today=lambda: _TODAY)
    qtbot.addWidget(made)
    made.resize(256, 600)
    made.show_conversations(_CHATS)
    made.show()
    return made


def _list(sidebar: Sidebar) -> QListWidget:
    found = sidebar.findChild(QListWidget)
    assert isinstance(found, QListWidget)
    return found


def _rows(sidebar: Sidebar) -> Sequence[str]:
    rows = _list(sidebar)
    return [rows.item(at).text() for at in range(rows.count())]


def test_chats_stand_under_their_days(sidebar: Sidebar) -> None:
    assert _rows(sidebar) == [
        *("Today", "Invoice totals", "New chat"),
        *("Yesterday", "Parser"),
        *("This week", "What is a B-tree?"),
        *("Older", "Garden"),
    ]


def test_searching_keeps_what_fits(sidebar: Sidebar) -> None:
    field = sidebar.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setText("GARD")
    assert _rows(sidebar) == ["Older", "Garden"]
    field.setText("no such chat")
    assert _rows(sidebar) == []
    field.clear()
    assert len(_rows(sidebar)) == 9


def test_marking_tells_nobody(sidebar: Sidebar) -> None:
    told: list[str] = []
    sidebar.chosen.connect(told.append)
    sidebar.select("Parser")
    assert sidebar.selected == "Parser"
    sidebar.show_conversations(_CHATS[:3])
    assert _list(sidebar).currentItem().text() == "Parser"
    assert not told


def test_keys_walk_the_list_and_skip_the_days(sidebar: Sidebar) -> None:
    told: list[str] = []
    sidebar.chosen.connect(told.append)
    sidebar.select("Invoice totals")
    _list(sidebar).setFocus()
    for _ in range(3):
        QTest.keyClick(_list(sidebar), Qt.Key.Key_Down)
    assert told == ["untitled", "Parser", "What is a B-tree?"]


@pytest.mark.parametrize("key", [Qt.Key.Key_F2, Qt.Key.Key_Delete])
def test_keys_rename_and_delete(qtbot: QtBot, sidebar: Sidebar, key: Qt.Key) -> None:
    wanted: list[tuple[str, str]] = []
    sidebar.rename_wanted.connect(lambda chat: wanted.append(("rename", chat)))
    sidebar.delete_wanted.connect(lambda chat: wanted.append(("delete", chat)))
    sidebar.activateWindow()
    _list(sidebar).setFocus()
    QTest.keyClick(_list(sidebar), key)
    assert not wanted  # nothing is marked
    sidebar.select("Parser")
    QTest.keyClick(_list(sidebar), key)
    assert wanted == [("rename" if key is Qt.Key.Key_F2 else "delete", "Parser")]
