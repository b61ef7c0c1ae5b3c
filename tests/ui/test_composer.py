"""The composer keeps what could not be sent, and sends nothing that is empty."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.ui.chat.composer import Composer
from tests.ui.core import ROSTER

ENTER = Qt.Key.Key_Return
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def composer(qtbot: QtBot) -> Composer:
    made = Composer()
    qtbot.addWidget(made)
    made.resize(600, 100)
    made.offer_roles(ROSTER.answering)
    made.show()
    return made


def _input(composer: Composer) -> QPlainTextEdit:
    return composer.findChild(QPlainTextEdit)  # type: ignore[return-value]


def _button(composer: Composer) -> QPushButton:
    return composer.findChild(QPushButton)  # type: ignore[return-value]


def test_enter_sends_and_shift_enter_breaks_the_line(composer: Composer) -> None:
    sent: list[tuple[str, str]] = []
    composer.submitted.connect(lambda text, role: sent.append((text, role)))
    QTest.keyClicks(_input(composer), "one")
    QTest.keyClick(_input(composer), ENTER, SHIFT)
    QTest.keyClicks(_input(composer), "two")
    assert not sent
    QTest.keyClick(_input(composer), ENTER)
    assert sent == [("one\ntwo", "")]
    assert composer.text == "one\ntwo"  # only an accepted message leaves the composer


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_an_empty_message_cannot_be_sent(composer: Composer, text: str) -> None:
    sent: list[str] = []
    composer.submitted.connect(lambda words, _: sent.append(words))
    composer.write(text)
    QTest.keyClick(_input(composer), ENTER)
    assert not sent
    assert not _button(composer).isEnabled()
    assert _button(composer).toolTip()


def test_send_and_stop_share_one_place(composer: Composer) -> None:
    stopped: list[bool] = []
    composer.stop_wanted.connect(lambda: stopped.append(True))
    composer.show_answering(True)
    assert _button(composer).isEnabled()
    assert _button(composer).text() == "Stop"
    QTest.mouseClick(_button(composer), Qt.MouseButton.LeftButton)
    assert stopped == [True]
    composer.show_answering(False)
    assert _button(composer).text() == "Send"


def test_enter_while_an_answer_runs_sends_nothing(composer: Composer) -> None:
    sent: list[str] = []
    composer.submitted.connect(lambda words, _: sent.append(words))
    composer.write("next question")
    composer.show_answering(True)
    QTest.keyClick(_input(composer), ENTER)
    assert not sent
    assert composer.text == "next question"


def test_it_grows_to_eight_lines_and_no_further(composer: Composer) -> None:
    heights = []
    for lines in (1, 2, 8, 9, 40):
        composer.write("\n".join("x" * lines))
        heights.append(_input(composer).height())
    one, two, eight, nine, forty = heights
    assert one < two < eight == nine == forty
    assert eight < 10 * (two - one)


def test_long_lines_count_as_many(composer: Composer) -> None:
    composer.write("short")
    before = _input(composer).height()
    composer.write("many words that will not fit " * 10)
    assert _input(composer).height() > before


def test_the_roles_that_can_answer_are_offered(composer: Composer) -> None:
    choice = composer.findChild(QComboBox)
    assert isinstance(choice, QComboBox)
    offered = [choice.itemText(at) for at in range(choice.count())]
    assert offered == ["Auto", "A · front", "C · worker", "B · coder"]
    composer.choose_role("coder")
    assert composer.role == "coder"
    composer.choose_role("nobody")
    assert composer.role == ""


def test_a_problem_is_said_with_its_remedy(composer: Composer) -> None:
    composer.write("precious words")
    composer.show_problem("The disk is full.", "Free some space and send it again.")
    shown = [label.text() for label in composer.findChildren(type(composer._problem))]
    assert any("disk is full" in text and "Free some space" in text for text in shown)
    assert composer.text == "precious words"
    composer.clear_problem()
    assert not composer._problem.isVisible()
