"""The line under an answer: in short, the whole story, one click to have it redone, and thumbs."""

from dataclasses import dataclass, field

import pytest
from pytestqt.qtbot import QtBot

from app.domain.chat import MessageState, Receipt, StoredMessage, ThreadEntry
from app.domain.models import Tier
from app.domain.routing import Split
from app.ui.chat.messages import AnswerMessage
from app.ui.chat.receipt import ReceiptLine, in_short
from app.ui.chat.why import sureness, why_lines
from app.ui.theme import Tokens
from tests.fakes.attempts import attempt
from tests.ui.core import NOON, RECEIPT

FIRST, SECOND = (
    attempt(
        role,
        tier,
        cause=cause,
        probability=sure,
        split=Split(loaded=2000, read=100, written=900),
        answer_tokens=100,
        drafted=80,
        draft_accepted=drafts,
    )
    for role, tier, cause, sure, drafts in (
        ("front", Tier.A, "doubtful", 0.41, 0),
        ("coder", Tier.B, "passed", 0.93, 60),
    )
)
CLIMBED = Receipt(
    role="coder",
    tier=Tier.B,
    model="coder-model",
    reason="front was not sure enough",
    total_ms=3100.0,
    decision="accept",
    confidence=0.93,
    attempts=(FIRST, SECOND),
    chances={"front": 0.5, "coder": 0.9},
    seconds={"front": 1.0, "coder": 6.0},
    redo_down="worker",
)


def entry(receipt: Receipt | None) -> ThreadEntry:
    message = StoredMessage(
        id="m",
        conversation_id="c",
        parent_id="q",
        role="assistant",
        content="Lima.",
        state=MessageState.COMPLETE,
        created=NOON,
        receipt=receipt,
    )
    return ThreadEntry(message=message)


@dataclass
class Shown:
    line: ReceiptLine
    redone: list[str] = field(default_factory=list)
    thumbs: list[str] = field(default_factory=list)


@pytest.fixture
def shown(qtbot: QtBot, tokens: Tokens) -> Shown:
    line = ReceiptLine(tokens)
    qtbot.addWidget(line)
    found = Shown(line)
    line.redo_wanted.connect(found.redone.append)
    line.thumb_given.connect(found.thumbs.append)
    line.show()
    return found


def test_in_short_it_says_way_sureness_time_and_drafts() -> None:
    assert in_short(CLIMBED) == [
        "climbed from A",
        "sure 93 %, no promise yet",
        "3.1 s in all",
        "30 % drafted",
    ]
    promised = CLIMBED.model_copy(update={"promised": True})
    assert in_short(promised)[1] == "sure 93 %"
    assert in_short(RECEIPT) == ["1.3 s in all"]
    doubtful = CLIMBED.model_copy(update={"decision": "abstain", "finish_reason": "length"})
    assert in_short(doubtful)[1] == "doubtful"
    assert in_short(doubtful)[-1] == "cut at its length limit"


def test_the_story_has_attempts_times_drafts_and_what_others_were_expected_to_do() -> None:
    assert why_lines(CLIMBED) == [
        "front was not sure enough",
        "93 % likely right, no promise yet",
        "1. A front, 3.0 s, 41 % likely right, it was not sure enough",
        "2. B coder, 3.0 s, 93 % likely right",
        "Time: loading 4.0 s, reading 200 ms, writing 1.8 s",
        "Tokens: 160 drafted, 60 of them stood",
        "Expected before: front 50 %, 1.0 s; coder 90 %, 6.0 s",
    ]
    assert why_lines(RECEIPT) == ["the default role", "not judged"]
    kept = CLIMBED.model_copy(update={"promised": True, "decision": "abstain"})
    assert sureness(kept) == (
        "93 % likely right, the promise holds; the best of all answers, but doubtful"
    )


def test_the_story_is_told_when_asked_for(shown: Shown) -> None:
    shown.line.show_entry(entry(CLIMBED))
    assert shown.line.story == ""
    shown.line._why.click()
    assert "Expected before" in shown.line.story
    shown.line._why.click()
    assert shown.line.story == ""


def test_another_role_is_one_click_away(shown: Shown) -> None:
    shown.line.show_entry(entry(CLIMBED))
    (down,) = shown.line.redos
    assert down.text() == "\N{DOWNWARDS ARROW} ask worker"
    down.click()
    assert shown.redone == ["worker"]


def test_one_thumb_for_each_answer(shown: Shown) -> None:
    shown.line.show_entry(entry(CLIMBED))
    shown.line._bad.click()
    shown.line._good.click()
    assert shown.thumbs == ["thumb down"]


def test_without_a_receipt_nothing_is_claimed(shown: Shown) -> None:
    shown.line.show_entry(entry(None))
    shown.line.show_entry(entry(CLIMBED))
    shown.line.show_entry(entry(None))
    assert shown.line._why.isHidden()
    assert shown.line._good.isHidden()
    assert shown.line.redos == []


def test_an_answer_that_climbed_says_who_was_first(qtbot: QtBot, tokens: Tokens) -> None:
    answer = AnswerMessage(tokens)
    qtbot.addWidget(answer)
    answer.show_entry(entry(CLIMBED))
    assert answer.climb == "front answered first; it was not sure enough, so coder looked again."
    answer.show_entry(entry(RECEIPT))
    assert answer.climb == ""
