"""The chat page over a real core: what is sent, shown, stopped, and never lost."""

import asyncio
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.domain.chat import MessageState
from app.domain.errors import DiskFull, EngineDied
from app.domain.events import Stage, TextArrived, UserSeen
from app.domain.models import Tier
from app.domain.routing import AttemptRecord, OutcomeRecord, TurnRecord, Witness
from app.ui.chat.messages import AnswerMessage
from app.ui.chat.page import ChatPage
from app.ui.chat.prose import Prose
from tests.ui.core import FINAL, RECEIPT, Core
from tests.ui.pages import shown, until


def chat(qapp: QApplication, folder: Path) -> AbstractAsyncContextManager[tuple[Core, ChatPage]]:
    return shown(qapp, folder, ChatPage, 900)


def answers(page: ChatPage) -> list[AnswerMessage]:
    return [view for view in page.transcript.views.values() if isinstance(view, AnswerMessage)]


def answering(page: ChatPage) -> bool:
    return page.composer._answering


def words(page: ChatPage) -> list[str]:
    return [
        "".join(view.toPlainText() for view in answer.body.views if isinstance(view, Prose))
        for answer in answers(page)
    ]


async def open_chat(page: ChatPage, conversation_id: str) -> None:
    page.open(conversation_id)
    await until(lambda: bool(page.transcript.views))


def send(page: ChatPage, text: str) -> None:
    page.composer.write(text)
    page.composer.submitted.emit(text, page.composer.role)


async def test_a_question_is_answered_in_a_new_chat(qapp: QApplication, tmp_path: Path) -> None:
    async with chat(qapp, tmp_path) as (core, page):
        opened: list[str] = []
        page.opened.connect(opened.append)
        core.will_answer("Tok", "yo.", FINAL)
        send(page, "What is the capital of Japan?")
        await until(lambda: words(page) == ["Tokyo."] and not answering(page))
        assert page.composer.text == ""
        assert opened == [page.conversation] != [""]
        receipt = answers(page)[0].entry
        assert receipt is not None
        assert receipt.message.state is MessageState.COMPLETE
        assert "A · front" in page._status.text()
        assert "80 tok" in page._status.text()


async def test_words_that_could_not_be_stored_stay_in_the_composer(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chat(qapp, tmp_path) as (core, page):

        async def full(*_: object, **__: object) -> None:
            raise DiskFull("The disk is full.", remedy="Free some space, then send it again.")

        monkeypatch.setattr(core.app.conversations, "ask", full)
        send(page, "precious words")
        await until(page.composer._problem.isVisible)
        assert page.composer.text == "precious words"
        assert "Free some space" in page.composer._problem.text()
        monkeypatch.undo()
        core.will_answer("Kept.", FINAL)
        send(page, "precious words")
        await until(lambda: words(page) == ["Kept."])
        assert page.composer.text == ""
        assert not page.composer._problem.isVisible()


async def test_stopping_keeps_what_was_said(qapp: QApplication, tmp_path: Path) -> None:
    async with chat(qapp, tmp_path) as (core, page):
        core.will_answer("Once upon", asyncio.Event(), FINAL)
        send(page, "Tell me a story.")
        await until(lambda: words(page) == ["Once upon"])
        assert answering(page)
        page.stop()
        await until(lambda: not answering(page))
        assert words(page) == ["Once upon"]
        await until(lambda: bool(answers(page)[0].note))
        assert "stopped" in answers(page)[0].note


async def test_a_failure_is_said_under_the_answer(qapp: QApplication, tmp_path: Path) -> None:
    async with chat(qapp, tmp_path) as (core, page):
        core.will_answer("Half an", EngineDied("The model stopped.", remedy="Ask again."))
        send(page, "Hello")
        await until(lambda: bool(answers(page)) and bool(answers(page)[0].note))
        assert words(page) == ["Half an"]
        assert answers(page)[0].note == "The model stopped. Ask again."


async def test_a_better_answer_stands_beside_what_was_shown(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with chat(qapp, tmp_path) as (core, page):
        core.will_answer("12 + 7 = 20", FINAL)
        core.will_answer("12 + 7 = 19", FINAL)
        send(page, "What is 12 + 7?")
        await until(lambda: words(page) == ["12 + 7 = 19"] and not answering(page))
        entry = answers(page)[0].entry
        assert entry is not None
        assert (entry.version, entry.versions) == (2, 2)
        page.transcript.version_wanted.emit(entry.message.id, 1)
        await until(lambda: words(page) == ["12 + 7 = 20"])


async def test_every_stage_has_words(qapp: QApplication, tmp_path: Path) -> None:
    async with chat(qapp, tmp_path) as (core, page):
        core.will_answer("Hello.", FINAL)
        send(page, "Hello")
        await until(lambda: words(page) == ["Hello."])
        for stage in Stage:
            answers(page)[0].wait_for(stage, None)


async def test_answering_again_makes_a_version_one_can_go_back_from(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with chat(qapp, tmp_path) as (core, page):
        await open_chat(page, await core.store("Say something", "First."))
        core.will_answer("Second.", FINAL)
        page.again()
        await until(lambda: words(page) == ["Second."])
        await until(lambda: not answering(page))
        entry = answers(page)[0].entry
        assert entry is not None
        assert (entry.version, entry.versions) == (2, 2)
        page.transcript.version_wanted.emit(entry.message.id, 1)
        await until(lambda: words(page) == ["First."])


async def test_an_answer_goes_on_while_another_chat_is_read(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with chat(qapp, tmp_path) as (core, page):
        other = await core.store("Old question", "Old answer.")
        more, last = asyncio.Event(), asyncio.Event()
        core.will_answer("One", more, " two", last, " three.", FINAL)
        send(page, "Count")
        await until(lambda: words(page) == ["One"])
        counting = page.conversation
        page.open(other)
        await until(lambda: words(page) == ["Old answer."])
        assert not answering(page)
        heard: list[str] = []
        core.app.bus.on(TextArrived, lambda event: heard.append(event.text))
        more.set()
        await until(lambda: heard == [" two"])
        await asyncio.sleep(0.05)
        assert words(page) == ["Old answer."]
        page.open(counting)
        await until(lambda: words(page) == ["One two"])
        assert answering(page)
        last.set()
        await until(lambda: words(page) == ["One two three."])
        await until(lambda: not answering(page))


async def test_late_words_of_a_foreign_turn_are_ignored(qapp: QApplication, tmp_path: Path) -> None:
    async with chat(qapp, tmp_path) as (core, page):
        await open_chat(page, await core.store("Question", "Answer."))
        core.app.bus.publish(TextArrived("another-turn", " and more"))
        await asyncio.sleep(0.05)
        assert words(page) == ["Answer."]


async def test_every_chat_keeps_its_draft(qapp: QApplication, tmp_path: Path) -> None:
    async with chat(qapp, tmp_path) as (core, page):
        one, two = await core.store("a", "b"), await core.store("c", "d")
        await open_chat(page, one)
        page.composer.write("draft of one")
        await open_chat(page, two)
        assert page.composer.text == ""
        page.composer.write("draft of two")
        await open_chat(page, one)
        assert page.composer.text == "draft of one"
        await open_chat(page, two)
        assert page.composer.text == "draft of two"


async def test_what_a_crash_left_is_said(qapp: QApplication, tmp_path: Path) -> None:
    async with chat(qapp, tmp_path) as (core, page):
        stored = await core.store(
            "Question", "Half an", receipt=None, state=MessageState.INTERRUPTED
        )
        await open_chat(page, stored)
        assert words(page) == ["Half an"]
        assert answers(page)[0].note


async def test_the_chosen_role_answers(qapp: QApplication, tmp_path: Path) -> None:
    async with chat(qapp, tmp_path) as (core, page):
        core.will_answer("def f(): ...", FINAL)
        page.composer.choose_role("coder")
        send(page, "Write code")
        await until(lambda: "B · coder" in page._status.text())
        await until(lambda: not answering(page))


async def test_a_deleted_chat_leaves_an_empty_page(qapp: QApplication, tmp_path: Path) -> None:
    async with chat(qapp, tmp_path) as (core, page):
        stored = await core.store("Question", "Answer.")
        await open_chat(page, stored)
        await core.app.conversations.delete(stored)
        await until(lambda: page.conversation == "")
        assert not page.transcript.views


async def test_while_it_loads_one_line_says_so(qapp: QApplication, tmp_path: Path) -> None:
    async with chat(qapp, tmp_path) as (core, page):
        core.supervisor.loaded.clear()
        core.supervisor.fractions = (0.4,)
        core.will_answer("Ready.", FINAL)
        send(page, "Hello")
        await until(lambda: bool(answers(page)))
        stage = answers(page)[0]._stage
        assert not stage.isVisible()  # a short wait needs no words
        await until(stage.isVisible)
        assert "40" in stage.text()
        core.supervisor.loaded.set()
        await until(lambda: words(page) == ["Ready."])
        assert not stage.isVisible()
        await until(lambda: not answering(page))


async def test_pressing_enter_twice_sends_once(qapp: QApplication, tmp_path: Path) -> None:
    async with chat(qapp, tmp_path) as (core, page):
        core.will_answer("Once.", FINAL)
        send(page, "Hello")
        page.composer.submitted.emit("Hello", "")
        await until(lambda: words(page) == ["Once."])
        await until(lambda: not answering(page))
        assert len(core.engine.requests) == 1


async def test_what_is_done_with_an_answer_is_a_weak_witness(
    qapp: QApplication, tmp_path: Path
) -> None:
    attempt = AttemptRecord(
        role="front", tier=Tier.A, model="front-model", model_id="id", kind="accept"
    )
    receipt = RECEIPT.model_copy(update={"attempts": (attempt,), "redo_up": "coder"})
    async with chat(qapp, tmp_path) as (core, page):
        await open_chat(page, await core.store("Hi", "Hello.", receipt=receipt))
        (answer,) = answers(page)
        line = answer._receipt
        line._good.click()
        line._copy.click()
        await until(lambda: len(core.rows) == 2)
        page.composer.recall_wanted.emit()
        assert page.composer.text == "Hi"
        core.will_answer("Hello there.", FINAL)
        send(page, "Hi you")
        await until(lambda: not answering(page) and len(words(page)) == 2)
        core.will_answer("Good day.", FINAL)
        line.redos[0].click()
        await until(lambda: core.engine.closed == 2)
        outcomes = [row for row in core.rows if isinstance(row, OutcomeRecord)]
        assert [row.source for row in outcomes] == ["thumb up", "copy", "edit", "regenerate"]
        assert {row.witness for row in outcomes} == {Witness.BEHAVIOUR}
        await until(lambda: not answering(page))
        turns = [row for row in core.rows if isinstance(row, TurnRecord)]
        assert (turns[-1].start, turns[-1].pinned) == ("coder", True)


async def test_somebody_who_writes_is_seen(qapp: QApplication, tmp_path: Path) -> None:
    async with chat(qapp, tmp_path) as (core, page):
        seen: list[UserSeen] = []
        core.app.bus.on(UserSeen, seen.append)
        page.composer.write("Hm")
        assert seen
