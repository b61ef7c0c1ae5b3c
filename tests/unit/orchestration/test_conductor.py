"""Several answers to one question: who is asked next, what is shown, what is kept."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.domain.chat import ChatMessage
from app.domain.errors import EngineStartFailed
from app.domain.events import (
    AttemptEnded,
    RouteChosen,
    StageChanged,
    TextArrived,
    TurnFailed,
    TurnFinished,
    VersionStarted,
)
from app.domain.events import (
    Stage as TurnStage,
)
from app.domain.generation import FinalChunk, TextChunk, TokenLogprob
from app.domain.models import ModelSpec, RoleSpec, Roster, Tier, Timeouts
from app.domain.routing import OutcomeRecord, TurnRecord
from app.engines.base import Capabilities
from app.orchestration.conductor import Wishes
from app.orchestration.escalation import Cause
from app.orchestration.gate.gate import Answer, Asked, Early, Gate, Judgement
from app.orchestration.plan import Plan
from app.orchestration.question import Question
from app.orchestration.router.router import Router
from app.orchestration.turn import Place
from tests.unit.orchestration.fakes import FINAL, FRONT, FakeEngine, Stage, Step, text, user
from tests.unit.orchestration.test_turn import DIED, Notebook

CUT = FinalChunk(finish_reason="length")
LONG = "seven apples and three pears are ten pieces of fruit"
PASSED = Judgement(Cause.PASSED, 0.9)
DOUBTFUL = Judgement(Cause.DOUBTFUL, 0.3)


def role(name: str, tier: Tier) -> RoleSpec:
    model = ModelSpec(name=f"model-{name}", path=Path(f"{name}.gguf"), context=256)
    return FRONT.model_copy(update={"name": name, "tier": tier, "model": model})


LITTLE, WORKER, EXPERT = role("front", Tier.A), role("worker", Tier.C), role("expert", Tier.B)
OTHER = role("second", Tier.A)
ROLES = Roster(roles=(LITTLE, WORKER, EXPERT, OTHER), default_role="front", source="test")


class Ladder(Router):
    """Begins with the front door and knows who is above it."""

    def __init__(self, **changes: object) -> None:
        super().__init__(ROLES)
        self._changes = changes

    def plan(
        self,
        thread: Sequence[ChatMessage],
        *,
        role: str = "",
        question: Question | None = None,
    ) -> Plan:
        plan = super().plan(thread, role=role, question=question)
        way: dict[str, object] = {
            "role": LITTLE,
            "up": (WORKER, EXPERT),
            "aside": (OTHER,),
            "faster": (),
            "lengths": {"front": 200.0},
            "seconds": {},
            "required": {},
        }
        return replace(plan, **(way | self._changes))  # type: ignore[arg-type]


class Verdicts(Gate):
    """Says what the test wrote down, and remembers what it was shown."""

    def __init__(self, *judgements: Judgement, early: Early | None = None) -> None:
        self.judgements = list(judgements)
        self.opinion = early or Early()
        self.answers: list[Answer] = []

    def judge(self, asked: Asked, answer: Answer, model_id: str, prior: float) -> Judgement:
        self.answers.append(answer)
        return self.judgements.pop(0)

    def early(self, asked: Asked, answer: Answer, model_id: str, prior: float) -> Early:
        return self.opinion


def stage_of(engine: FakeEngine, *judgements: Judgement, **more: object) -> Stage:
    early = more.pop("early", None)
    assert early is None or isinstance(early, Early)
    return Stage(engine, router=Ladder(**more), gate=Verdicts(*judgements, early=early))


def words(*pieces: str) -> list[Step]:
    return [
        TextChunk(text=piece, logprobs=(TokenLogprob(token=piece, logprob=-0.1),))
        for piece in pieces
    ]


def roles(stage: Stage) -> list[str]:
    return [event.role for event in stage.said if isinstance(event, RouteChosen)]


def shown(stage: Stage) -> list[str]:
    return [event.text for event in stage.said if isinstance(event, TextArrived)]


async def finished(stage: Stage, **wishes: object) -> TurnFinished:
    end = await stage.turns.send([user("x")], Wishes(**wishes)).wait()  # type: ignore[arg-type]
    assert isinstance(end, TurnFinished)
    return end


async def test_a_doubtful_answer_that_was_kept_back_is_never_seen() -> None:
    engine = FakeEngine([text("maybe"), FINAL], [text(LONG), FINAL])
    stage = stage_of(engine, DOUBTFUL, PASSED)
    end = await finished(stage)
    assert (end.text, shown(stage), roles(stage)) == (LONG, [LONG], ["front", "worker"])
    assert end.receipt.role == "worker"
    assert end.receipt.decision == "accept"
    assert "front was not sure enough" in end.receipt.reason
    assert [each.action for each in end.receipt.attempts] == ["escalate", "accept"]
    assert not any(isinstance(event, VersionStarted) for event in stage.said)


async def test_the_rejected_answer_travels_as_a_prediction() -> None:
    engine = FakeEngine([text(LONG), FINAL], [text(LONG), FINAL])
    await finished(stage_of(engine, DOUBTFUL, PASSED))
    assert [request.prediction for request in engine.requests] == ["", LONG]


async def test_what_was_seen_stays_and_a_better_answer_is_a_version() -> None:
    engine = FakeEngine([*words("a", "b") * 10, FINAL], [text("right"), FINAL])
    stage = stage_of(engine, DOUBTFUL, PASSED, early=Early(0.8, release=True))
    notebook = Notebook(stage)
    end = await stage.turns.send([user("x")], place=Place(notebook, "chat", "version 1")).wait()
    assert isinstance(end, TurnFinished)
    assert (end.text, end.message_id) == ("right", "version 2")
    assert [kept for kept, _ in notebook.versions] == ["ab" * 10]
    versions = [event for event in stage.said if isinstance(event, VersionStarted)]
    assert [(each.message_id, each.role) for each in versions] == [("version 2", "worker")]
    assert "".join(shown(stage)) == "ab" * 10 + "right"


async def test_when_nobody_is_sure_the_likeliest_answer_is_shown_as_doubtful() -> None:
    engine = FakeEngine([text("one"), FINAL], [text("two"), FINAL], [text("three"), FINAL])
    verdicts = [Judgement(Cause.DOUBTFUL, p) for p in (0.2, 0.6, 0.4)]
    stage = stage_of(engine, *verdicts)
    end = await finished(stage)
    assert (end.text, end.receipt.role, end.receipt.decision) == ("two", "worker", "abstain")
    assert shown(stage) == ["two"]
    assert len(engine.requests) == 3


async def test_a_pinned_role_is_asked_alone_and_shows_its_words_at_once() -> None:
    engine = FakeEngine([text("maybe"), FINAL])
    stage = stage_of(engine, DOUBTFUL)
    end = await finished(stage, role="front")
    assert (end.text, roles(stage)) == ("maybe", ["front"])


async def test_a_mistake_goes_back_with_its_words() -> None:
    wrong = Judgement(Cause.WRONG, 0.1, detail="2 + 2 = 5 is wrong.", proven=0.0)
    engine = FakeEngine([text(LONG + " 2 + 2 = 5"), FINAL], [text("2 + 2 = 4"), FINAL])
    stage = stage_of(engine, wrong, replace(PASSED, proven=1.0))
    end = await finished(stage)
    assert (end.text, roles(stage)) == ("2 + 2 = 4", ["front"])
    last = engine.requests[1].messages[-1]
    assert last["role"] == "user"
    assert "2 + 2 = 5 is wrong." in last["content"]
    outcomes = [row for row in stage.rows if isinstance(row, OutcomeRecord)]
    assert [(row.right, row.attempt, row.source) for row in outcomes] == [
        (0.0, 0, "gate"),
        (1.0, 1, "gate"),
    ]


async def test_a_cut_off_answer_is_gone_on_with() -> None:
    engine = FakeEngine([*words("a", "b") * 10, CUT], [text(" and more"), FINAL])
    engine.caps = Capabilities(continues=True)
    stage = stage_of(engine, Judgement(Cause.CUT_OFF, 0.9), PASSED)
    end = await finished(stage)
    assert end.text == "ab" * 10 + " and more"
    assert engine.requests[1].continued == "ab" * 10
    assert roles(stage) == ["front"]
    assert "".join(shown(stage)) == end.text


async def test_a_hopeless_answer_is_given_up_after_its_first_words() -> None:
    engine = FakeEngine([*words("a") * 40, FINAL], [text("right"), FINAL])
    seconds = {"front": 10.0, "worker": 20.0}
    stage = stage_of(engine, PASSED, early=Early(0.05, release=False, abort=True), seconds=seconds)
    end = await finished(stage)
    assert (end.text, shown(stage)) == ("right", ["right"])
    first = next(event for event in stage.said if isinstance(event, AttemptEnded)).record
    assert (first.cause, first.probability, first.answer_tokens) == ("doubtful", 0.05, 16)
    assert engine.closed == 2


async def test_a_loop_is_stopped_and_judged_as_one() -> None:
    engine = FakeEngine([*words("round ") * 500, FINAL], [text("right"), FINAL])
    stage = stage_of(engine, Judgement(Cause.LOOP, 0.1), PASSED)
    end = await finished(stage)
    assert end.text == "right"
    assert end.receipt.attempts[0].answer_tokens == 96
    assert engine.requests[1].sampling["repeat_penalty"] > 1


async def test_an_answer_nobody_is_sure_about_is_shown_after_the_last_look() -> None:
    engine = FakeEngine([*words("a") * 80, FINAL])
    stage = stage_of(engine, PASSED, early=Early(0.5, release=False))
    end = await finished(stage)
    assert shown(stage)[0] == "a" * 64
    assert end.text == "a" * 80
    stages = [event.stage for event in stage.said if isinstance(event, StageChanged)]
    assert TurnStage.WRITING in stages


async def test_a_gate_that_breaks_lets_the_answer_pass_unjudged() -> None:
    engine = FakeEngine([text("fine"), FINAL])
    end = await finished(stage_of(engine))  # it has no judgement to give and raises
    assert (end.text, end.receipt.confidence) == ("fine", None)


async def test_what_cannot_be_loaded_is_done_by_its_neighbour() -> None:
    engine = FakeEngine([text("fine"), FINAL])
    failure = EngineStartFailed("The file is damaged.", remedy="Get it again.")
    stage = Stage(engine, failure, router=Ladder(), gate=Verdicts(PASSED))
    end = await finished(stage)
    assert (end.text, roles(stage)) == ("fine", ["front", "second"])
    assert "front could not be loaded" in end.receipt.reason
    assert [each.kind for each in end.receipt.attempts] == ["accept", "fall back"]


async def test_faults_never_climb() -> None:
    engine = FakeEngine([DIED], [DIED], [DIED])
    stage = stage_of(engine)
    end = await stage.turns.send([user("x")]).wait()
    assert isinstance(end, TurnFailed)
    assert roles(stage) == ["front", "second"]


async def test_a_learned_deadline_asks_somebody_faster_and_kills_nobody() -> None:
    quick = Timeouts(load_s=5, first_token_s=0.01, stall_s=5)
    slow = LITTLE.model_copy(update={"timeouts": Timeouts(first_token_s=5, stall_s=5)})
    engine = FakeEngine([asyncio.Event()], [text("quick"), FINAL])
    stage = stage_of(
        engine, PASSED, role=slow, faster=(OTHER,), up=(), aside=(), deadlines={"front": quick}
    )
    stage.supervisor.stopped.clear()
    end = await finished(stage)
    assert (end.text, roles(stage)[-1], stage.supervisor.stopped) == ("quick", "second", [])
    assert end.receipt.attempts[0].cause == "slow reading"


async def test_whole_answers_show_nothing_before_they_count() -> None:
    engine = FakeEngine([*words("a") * 80, FINAL], [*words("b") * 80, FINAL])
    stage = stage_of(engine, DOUBTFUL, PASSED)
    end = await finished(stage, whole=True)
    assert (end.text, shown(stage)) == ("b" * 80, ["b" * 80])


async def test_every_turn_is_one_row() -> None:
    engine = FakeEngine([text("maybe"), FINAL], [text(LONG), FINAL])
    stage = stage_of(engine, DOUBTFUL, PASSED, chances={"front": 0.4}, propensities={"front": 1.0})
    end = await finished(stage)
    rows = [row for row in stage.rows if isinstance(row, TurnRecord)]
    assert [(row.turn_id, row.decision, row.start) for row in rows] == [
        (end.turn_id, "accept", "front")
    ]
    assert rows[0].model_ids["worker"] == "id of model-worker"
    assert [each.role for each in rows[0].attempts] == ["front", "worker"]
    assert rows[0].chances == {"front": 0.4}
