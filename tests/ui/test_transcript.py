"""The transcript makes what is needed, stays where the reader is, and keeps widgets that stay."""

from collections.abc import Sequence

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.chat import MessageState, StoredMessage, ThreadEntry
from app.domain.events import Stage
from app.orchestration.chats import LiveAnswer
from app.ui.chat.messages import AnswerMessage, UserMessage
from app.ui.chat.transcript import COLUMN_PX, FIRST_SHOWN, Transcript
from app.ui.theme import Tokens
from tests.ui.core import NOON, RECEIPT


def thread(count: int, *, last: MessageState = MessageState.COMPLETE) -> list[ThreadEntry]:
    entries = []
    for at in range(count):
        answer = at % 2 == 1
        message = StoredMessage(
            id=f"m{at}",
            conversation_id="c",
            parent_id=f"m{at - 1}" if at else None,
            role="assistant" if answer else "user",
            content=f"Message {at}. " * 12,
            state=last if at == count - 1 else MessageState.COMPLETE,
            created=NOON,
            receipt=RECEIPT if answer else None,
        )
        entries.append(ThreadEntry(message=message))
    return entries


@pytest.fixture
def transcript(qtbot: QtBot, tokens: Tokens) -> Transcript:
    made = Transcript(tokens)
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show()
    return made


def _show(transcript: Transcript, entries: Sequence[ThreadEntry]) -> None:
    transcript.show_thread(entries)
    _settle()


def _settle() -> None:
    for _ in range(5):
        QApplication.processEvents()


def _at_end(transcript: Transcript) -> bool:
    bar = transcript.verticalScrollBar()
    return bar.value() == bar.maximum()


def test_words_of_both_sides_are_shown_in_order(transcript: Transcript) -> None:
    _show(transcript, thread(4))
    kinds = [type(view) for view in transcript.views.values()]
    assert kinds == [UserMessage, AnswerMessage] * 2
    tops = [view.mapTo(transcript, view.rect().topLeft()).y() for view in transcript.views.values()]
    assert tops == sorted(tops)


def test_the_column_is_never_wider_than_can_be_read(transcript: Transcript) -> None:
    _show(transcript, thread(2))
    assert max(view.width() for view in transcript.views.values()) == COLUMN_PX
    transcript.resize(500, 600)
    _settle()
    assert max(view.width() for view in transcript.views.values()) < 500


def test_it_opens_at_the_newest_message(transcript: Transcript) -> None:
    _show(transcript, thread(40))
    assert transcript.verticalScrollBar().maximum() > 0
    assert _at_end(transcript)


def test_old_messages_are_made_when_they_are_looked_for(
    qtbot: QtBot, transcript: Transcript
) -> None:
    entries = thread(FIRST_SHOWN * 2 + 10)
    _show(transcript, entries)
    assert len(transcript.views) == FIRST_SHOWN
    first = next(iter(transcript.views.values()))
    transcript.verticalScrollBar().setValue(0)
    _settle()

    def place() -> int:
        return first.mapTo(transcript, first.rect().topLeft()).y()

    qtbot.waitUntil(lambda: len(transcript.views) == FIRST_SHOWN * 2)
    # What is being read is where it was: below the margin at the top.
    qtbot.waitUntil(lambda: 0 <= place() <= 24)
    assert transcript.verticalScrollBar().value() > 0
    transcript.verticalScrollBar().setValue(0)
    qtbot.waitUntil(lambda: len(transcript.views) == len(entries))
    assert list(transcript.views) == [entry.message.id for entry in entries]


def test_a_growing_answer_is_followed_only_by_who_is_at_the_end(transcript: Transcript) -> None:
    entries = thread(40, last=MessageState.STREAMING)
    _show(transcript, entries)
    answer = transcript.answer("m39")
    assert answer is not None
    answer.append("\n\nmore " * 40)
    answer.body.flush()
    _settle()
    assert _at_end(transcript)
    bar = transcript.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    place = bar.value()
    answer.append("\n\nand more " * 40)
    answer.body.flush()
    _settle()
    assert bar.value() == place
    assert not _at_end(transcript)


def test_messages_that_stay_keep_their_widgets(transcript: Transcript) -> None:
    _show(transcript, thread(6))
    before = dict(transcript.views)
    _show(transcript, thread(8))
    assert all(transcript.views[each] is view for each, view in before.items())
    _show(transcript, thread(2))
    assert list(transcript.views) == ["m0", "m1"]


def test_a_live_answer_is_rebuilt_from_memory(transcript: Transcript) -> None:
    entries = thread(2, last=MessageState.STREAMING)
    live = LiveAnswer("turn", "m1", "What has been said", Stage.READING, None)
    transcript.show_thread(entries, live)
    answer = transcript.answer("m1")
    assert answer is not None
    answer.append(" so far")
    answer.body.flush()
    shown = answer.body.views[0]
    assert shown.toPlainText() == "What has been said so far"  # type: ignore[union-attr]


def test_long_words_of_the_user_stay_inside_the_column(transcript: Transcript) -> None:
    entries = thread(1)
    long = entries[0].message.model_copy(update={"content": "x" * 2000})
    _show(transcript, [ThreadEntry(message=long)])
    view = transcript.views["m0"]
    assert isinstance(view, UserMessage)
    assert view.words.width() < COLUMN_PX
    assert transcript.horizontalScrollBar().maximum() == 0
