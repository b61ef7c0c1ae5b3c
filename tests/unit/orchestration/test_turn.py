"""The conductor: one path, one end, nothing seen is lost."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from app.domain.chat import ChatMessage, Receipt
from app.domain.errors import ContextExceeded, EngineDied, EngineStartFailed
from app.domain.events import (
    RouteChosen,
    StageChanged,
    TextArrived,
    TurnCancelled,
    TurnFailed,
    TurnFinished,
)
from app.domain.events import Stage as TurnStage
from app.domain.generation import PromptProgress
from app.orchestration.conductor import Wishes
from app.orchestration.display import TurnEnd
from app.orchestration.plan import Plan
from app.orchestration.question import Question
from app.orchestration.router.router import Router
from app.orchestration.turn import Place
from tests.unit.orchestration.fakes import (
    FINAL,
    FRONT,
    ROSTER,
    FakeEngine,
    Stage,
    Step,
    text,
    user,
)

DIED = EngineDied("It died.", remedy="Ask again.")
ENDS = {"TurnFinished", "TurnFailed", "TurnCancelled"}


class Notebook:
    """A recorder that remembers, and notes what had been published when the end was kept."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.texts: list[str] = []
        self.versions: list[tuple[str, Receipt | None]] = []
        self.end: TurnEnd | None = None
        self.receipt: Receipt | None = None
        self.said_before_end: list[str] = []

    async def checkpoint(self, text: str) -> None:
        self.texts.append(text)

    async def open_version(self, text: str, receipt: Receipt | None) -> str:
        self.versions.append((text, receipt))
        return f"version {len(self.versions) + 1}"

    async def conclude(self, end: TurnEnd, receipt: Receipt | None) -> None:
        self.end, self.receipt = end, receipt
        self.said_before_end = self.stage.kinds()


async def test_an_answer_passes_all_stations_in_order() -> None:
    stage = Stage(
        FakeEngine([PromptProgress(total=4, processed=2), text("To"), text("kyo"), FINAL])
    )
    end = await stage.turns.send([user("Japan?")]).wait()
    assert isinstance(end, TurnFinished)
    assert end.text == "Tokyo"
    assert end.receipt.role == "front"
    assert end.receipt.finish_reason == "stop"
    assert stage.kinds() == [
        "TurnStarted",
        "RouteChosen",
        "StageChanged",
        "StageChanged",
        "TextArrived",
        "TextArrived",
        "AttemptEnded",
        "TurnFinished",
    ]
    await stage.tasks.close(1)


async def test_sending_returns_before_anything_happened() -> None:
    stage = Stage(FakeEngine([text("a"), FINAL]))
    turn = stage.turns.send([user("x")])
    assert stage.said == []
    assert stage.turns.find(turn.id) is turn
    await turn.wait()
    assert stage.turns.find(turn.id) is None


async def test_a_crash_before_the_first_word_is_tried_once_more() -> None:
    engine = FakeEngine([DIED], [text("ok"), FINAL])
    stage = Stage(engine)
    end = await stage.turns.send([user("x")]).wait()
    assert isinstance(end, TurnFinished)
    assert len(engine.requests) == 2


async def test_a_crash_in_mid_answer_keeps_what_was_seen() -> None:
    engine = FakeEngine([text("half"), DIED])
    stage = Stage(engine)
    end = await stage.turns.send([user("x")]).wait()
    assert isinstance(end, TurnFailed)
    assert (end.text, end.code, end.remedy) == ("half", "engine_died", "Ask again.")
    assert len(engine.requests) == 1


async def test_two_crashes_before_the_first_word_end_the_turn() -> None:
    stage = Stage(FakeEngine([DIED], [DIED]))
    end = await stage.turns.send([user("x")]).wait()
    assert isinstance(end, TurnFailed)


async def test_a_stream_without_an_end_is_a_death() -> None:
    stage = Stage(FakeEngine([text("half")]))
    end = await stage.turns.send([user("x")]).wait()
    assert isinstance(end, TurnFailed)
    assert end.text == "half"


async def test_a_stalled_engine_is_stopped_and_said() -> None:
    stage = Stage(FakeEngine([text("half"), asyncio.Event()]))
    end = await stage.turns.send([user("x")]).wait()
    assert isinstance(end, TurnFailed)
    assert end.code == "engine_stalled"
    assert stage.supervisor.stopped == ["tiny"]


async def test_cancelling_keeps_the_text_and_closes_the_stream() -> None:
    engine = FakeEngine([text("half"), asyncio.Event()])
    stage = Stage(engine)
    turn = stage.turns.send([user("x")])
    stage.bus.on(TextArrived, lambda _: turn.cancel())
    end = await turn.wait()
    assert end == TurnCancelled(turn.id, text="half")
    assert engine.closed == 1


async def test_an_error_at_the_start_is_one_clear_end() -> None:
    failure = EngineStartFailed("The file is damaged.", remedy="Get it again.")
    stage = Stage(FakeEngine(), failure)
    end = await stage.turns.send([user("x")]).wait()
    assert isinstance(end, TurnFailed)
    assert (end.message, end.remedy) == ("The file is damaged.", "Get it again.")


async def test_a_message_that_is_too_long_fails_clearly() -> None:
    stage = Stage(FakeEngine([ContextExceeded("Too long.", remedy="Shorten it.")]))
    end = await stage.turns.send([user("word " * 500)]).wait()
    assert isinstance(end, TurnFailed)
    assert end.code == "context_exceeded"


async def test_an_unknown_role_fails_with_the_nearest_name() -> None:
    stage = Stage(FakeEngine())
    end = await stage.turns.send([user("x")], Wishes(role="frnt")).wait()
    assert isinstance(end, TurnFailed)
    assert "front" in end.remedy


async def test_the_end_is_kept_before_it_is_told() -> None:
    stage = Stage(FakeEngine([text("a"), text("b"), FINAL]))
    notebook = Notebook(stage)
    end = await stage.turns.send([user("x")], place=Place(notebook)).wait()
    assert notebook.texts == ["a", "ab"]
    assert notebook.end is end
    assert notebook.receipt is not None
    assert not ENDS & set(notebook.said_before_end)


async def test_every_turn_has_exactly_one_end() -> None:
    scripts: list[list[Step]] = [
        [DIED],
        [text("x"), DIED],
        [text("x"), FINAL],
        [FINAL],
        [text("y")],
    ]
    stage = Stage(FakeEngine(*scripts))
    for _ in range(4):
        await stage.turns.send([user("x")]).wait()
    assert len([kind for kind in stage.kinds() if kind in ENDS]) == 4
    assert len([event for event in stage.said if isinstance(event, RouteChosen)]) == 4


async def test_old_messages_that_do_not_fit_are_left_out_openly() -> None:
    engine = FakeEngine([text("ok"), FINAL])
    stage = Stage(engine)
    thread = [user("one two three four five " * 6) for _ in range(6)]
    end = await stage.turns.send(thread).wait()
    assert isinstance(end, TurnFinished)
    assert "older messages did not fit" in end.receipt.reason
    assert len(engine.requests[0].messages) < 6


async def test_the_model_is_held_as_long_as_it_is_asked() -> None:
    at_work = asyncio.Event()
    stage = Stage(FakeEngine([text("half"), at_work, FINAL]))
    turn = stage.turns.send([user("x")])
    held: list[int] = []
    stage.bus.on(TextArrived, lambda _: held.append(stage.supervisor.leases))
    stage.bus.on(TextArrived, lambda _: at_work.set())
    await turn.wait()
    assert held == [1]
    assert stage.supervisor.leases == 0


async def test_waiting_for_memory_is_told() -> None:
    stage = Stage(FakeEngine([text("ok"), FINAL]))
    stage.supervisor.queued = True
    await stage.turns.send([user("x")]).wait()
    waits = [event.stage for event in stage.said if isinstance(event, StageChanged)]
    assert waits == [TurnStage.QUEUED, TurnStage.LOADING]


async def test_the_wish_to_load_anyway_reaches_the_memory() -> None:
    stage = Stage(FakeEngine([text("a"), FINAL], [text("b"), FINAL]))
    await stage.turns.send([user("x")]).wait()
    await stage.turns.send([user("x")], Wishes(load_anyway=True)).wait()
    assert stage.supervisor.anyway == [False, True]


async def test_who_may_have_to_go_on_is_expected_until_the_turn_ends() -> None:
    stage = Stage(FakeEngine([text("a"), FINAL]), router=_Foresighted(ROSTER))
    expected: list[list[str]] = []
    stage.bus.on(TextArrived, lambda _: expected.append(list(stage.supervisor.expected)))
    await stage.turns.send([user("x")]).wait()
    assert expected == [["worker"]]
    assert stage.supervisor.expected == []


class _Foresighted(Router):
    """Thinks that the worker may have to go on."""

    def plan(
        self,
        thread: Sequence[ChatMessage],
        *,
        role: str = "",
        question: Question | None = None,
    ) -> Plan:
        plan = super().plan(thread, role=role, question=question)
        return replace(plan, likely_next=FRONT.model_copy(update={"name": "worker"}))
