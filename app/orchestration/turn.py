"""Turns: one question from the thread before it to exactly one end.

Every front-end enters here. The core owns the task, so no view can stall or kill an answer.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.domain.chat import ChatMessage
from app.domain.doctor import Mechanism
from app.domain.errors import AppError, EmptyMessage
from app.domain.events import Stage, TurnCancelled, TurnFailed, TurnFinished, TurnStarted
from app.orchestration.conductor import Conductor, Order, Wishes
from app.orchestration.course import Course
from app.orchestration.display import Display, Recorder, TurnEnd
from app.orchestration.journal import Journal
from app.orchestration.question import Question
from app.platform.bus import Bus
from app.platform.tasks import TaskOwner

_UNEXPECTED = "Something went wrong inside Echelon; the details are in the log."


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer will be kept: by whom, in which message of which conversation.

    `question_id`: the message it answers.
    """

    recorder: Recorder | None = None
    conversation_id: str = ""
    message_id: str = ""
    question_id: str = ""


NOWHERE = Place()
NO_WISHES = Wishes()


def require_words(text: str) -> None:
    """Refuse a message without words."""
    if not text.strip():
        raise EmptyMessage("The message is empty.", remedy="Write something first.")


class Turn:
    """One running answer, as others see it."""

    def __init__(self, turn_id: str, order: Order, display: Display) -> None:
        self.id = turn_id
        self.order = order
        self.display = display
        self.course: Course | None = None
        self.concluding = False
        self._end: TurnEnd | None = None
        self._ended = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def text(self) -> str:
        """What is visible, of the version that grows."""
        return self.display.text

    @property
    def stage(self) -> Stage:
        """What it is busy with."""
        return self.display.stage

    @property
    def fraction(self) -> float | None:
        """How far the stage is, from 0 to 1, where that is known."""
        return self.display.fraction

    @property
    def end(self) -> TurnEnd | None:
        """How the turn ended, or None while it runs."""
        return self._end

    def attach(self, task: asyncio.Task[None]) -> None:
        """Remember the task that does the work, so that it can be cancelled."""
        self._task = task

    def cancel(self) -> None:
        """Stop generating; what is visible stays."""
        if self._task is not None and not self.concluding:
            self._task.cancel()

    async def wait(self) -> TurnEnd:
        """Return the one end of this turn."""
        await self._ended.wait()
        assert self._end is not None
        return self._end

    def finish(self, end: TurnEnd) -> None:
        """Set the end; called once."""
        self._end = end
        self._ended.set()


class Turns:
    """Runs turns. Owns the running ones; publishes how they begin and end."""

    def __init__(
        self,
        *,
        bus: Bus,
        tasks: TaskOwner,
        conductor: Conductor,
        journal: Journal,
        clock: Callable[[], float],
        new_id: Callable[[], str],
    ) -> None:
        """Join the parts.

        Args:
            bus: told what happens.
            tasks: owns the tasks of running turns.
            conductor: leads each turn to its answer.
            journal: writes down how each turn went.
            clock: seconds that grow.
            new_id: makes identifiers.
        """
        self._bus = bus
        self._tasks = tasks
        self._conductor = conductor
        self._journal = journal
        self._clock = clock
        self._new_id = new_id
        self._running: dict[str, Turn] = {}

    @property
    def bus(self) -> Bus:
        """What is told of turns."""
        return self._bus

    @property
    def running(self) -> int:
        """How many turns are on their way."""
        return len(self._running)

    def send(
        self,
        thread: Sequence[ChatMessage],
        wishes: Wishes = NO_WISHES,
        place: Place = NOWHERE,
    ) -> Turn:
        """Start answering the last message of `thread` and return at once.

        Args:
            thread: the messages so far.
            wishes: how the user wants the answer.
            place: where it will be kept.

        Raises:
            EmptyMessage: there is nothing to answer.
        """
        require_words(thread[-1].content if thread else "")
        question = Question(
            thread[-1].content,
            tuple(thread),
            retry=wishes.retry,
            conversation_id=place.conversation_id,
            images=bool(thread[-1].images),
        )
        order = Order(question, wishes)
        turn_id, started = self._new_id(), self._clock()

        def elapsed_ms() -> float:
            return max(0.0, (self._clock() - started) * 1000)

        display = Display(turn_id, place.message_id, self._bus, elapsed_ms, place.recorder)
        turn = Turn(turn_id, order, display)
        self._running[turn.id] = turn
        begun = TurnStarted(
            turn.id, conversation_id=place.conversation_id, message_id=place.message_id
        )
        work = self._conduct(turn, begun, place.question_id)
        task = self._tasks.spawn(work, name=f"turn {turn.id}")
        # A task that is cancelled before its first step never reaches its `finally`.
        task.add_done_callback(lambda _: self._conclude(turn, None))
        turn.attach(task)
        return turn

    def mechanisms(self) -> Iterable[Mechanism]:
        """Say what follows answers that do not pass."""
        return self._conductor.mechanisms()

    def find(self, turn_id: str) -> Turn | None:
        """Return the running turn of that id, or None."""
        return self._running.get(turn_id)

    async def _conduct(self, turn: Turn, started: TurnStarted, question_id: str) -> None:
        end: TurnEnd | None = None
        try:
            self._bus.publish(started)
            end = await self._answered(turn, question_id)
        except asyncio.CancelledError:
            end = TurnCancelled(turn.id, text=turn.text)
        except AppError as error:
            end = TurnFailed(turn.id, error.code, error.message, error.remedy, text=turn.text)
        finally:
            # Also when something unforeseen is on its way to the log: one end, always.
            end = end or TurnFailed(turn.id, AppError.code, _UNEXPECTED, "", text=turn.text)
            self._conclude(turn, end)

    async def _answered(self, turn: Turn, question_id: str) -> TurnFinished:
        obeyed = await self._conductor.obey(turn.order.question, question_id)
        if obeyed is not None and obeyed.whole:
            await turn.display.show(obeyed.words)
            receipt = obeyed.receipt(turn.display.elapsed_ms())
            return TurnFinished(turn.id, obeyed.words, receipt, message_id=turn.display.message_id)
        turn.course = await self._conductor.begin(turn.order)
        turn.course.obeyed = obeyed.words if obeyed else ""
        return await self._conductor.lead(turn.course, turn.order, turn.display)

    def _conclude(self, turn: Turn, end: TurnEnd | None) -> None:
        """Let the turn end once, even while the program is closing."""
        if turn.concluding:
            return
        turn.concluding = True
        end = end or TurnCancelled(turn.id, text=turn.text)
        work = self._finish(turn, end)
        self._tasks.spawn(work, name=f"end of turn {turn.id}", last_words=True)

    async def _finish(self, turn: Turn, end: TurnEnd) -> None:
        course, display = turn.course, turn.display
        if display.recorder is not None:
            receipt = self._conductor.receipt(course, display, course.last) if course else None
            await display.recorder.conclude(end, receipt)
        if course is not None:
            self._journal.note(course, turn.order, display, end)
        del self._running[turn.id]
        turn.finish(end)
        self._bus.publish(end)
