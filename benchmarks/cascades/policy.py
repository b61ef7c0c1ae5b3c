"""The core leads every question through remembered answers, in virtual time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import exp

from app.domain.events import TurnFinished
from app.domain.routing import OutcomeRecord
from app.orchestration.escalation import Cause
from app.orchestration.turn import Place
from benchmarks.cascades.answers import Answered
from benchmarks.cascades.judging import Given, given
from benchmarks.cascades.questions import Asked
from benchmarks.cascades.recorded import Recorded
from benchmarks.simulator.clock import run
from benchmarks.simulator.core import WISH, Core, Wish, joined
from benchmarks.simulator.house import housed
from benchmarks.simulator.lessons import Lesson, outcomes
from benchmarks.simulator.people import GB
from benchmarks.simulator.rows import Row, Seen
from benchmarks.simulator.shown import Shown

_ROOM = 64 * GB


def play(
    models: Mapping[str, Recorded],
    learned: Sequence[Asked],
    asked: Sequence[Asked],
    wish: Wish = WISH,
) -> list[Row]:
    """Return what comes of the questions `asked`, after the core has learned from `learned`."""
    return run(_play(models, learned, asked, wish))


async def _play(
    models: Mapping[str, Recorded],
    learned: Sequence[Asked],
    asked: Sequence[Asked],
    wish: Wish,
) -> list[Row]:
    async with housed(models, budget=_ROOM) as house:
        core = await joined(house, _lessons(models, learned), wish=wish)
        shown = Shown(house.bus)
        answers = {name: model.answer(asked) for name, model in models.items()}
        rows = []
        for number, each in enumerate(asked):
            found = {
                name: _seen(
                    core, given(each, said[number], models[name].id), models[name], said[number]
                )
                for name, said in answers.items()
            }
            rows.append(replace(await _ask(core, shown, each, found), number=number))
        return rows


def _lessons(models: Mapping[str, Recorded], learned: Sequence[Asked]) -> list[OutcomeRecord]:
    """Return the outcomes of questions that may be learned from, as a ledger would hold them."""
    found = []
    for model in models.values():
        for asked, answered in zip(learned, model.answer(learned), strict=True):
            one = given(asked, answered, model.id)
            found.append(Lesson(model.id, model.name, asked.question(), one.answer, one.right))
    return outcomes(found)


async def _ask(core: Core, shown: Shown, asked: Asked, seen: Mapping[str, Seen]) -> Row:
    turn = core.turns.send(asked.thread, place=Place(conversation_id=asked.name))
    end = await turn.wait()
    assert isinstance(end, TurnFinished), end
    assert turn.course is not None
    plan = turn.course.plan
    splits = [each.split for each in end.receipt.attempts]
    return Row(
        number=0,
        epoch=0,
        kind=asked.family,
        grade=asked.grade,
        family=plan.family,
        start=plan.role.name,
        role=end.receipt.role,
        right=asked.check(end.text),
        seconds=sum(each.read + each.written for each in splits) / 1000,
        late=False,
        feasible=True,
        withdrawn=shown.withdrawn(turn, end),
        replays=0,
        gains={},
        seen=seen,
    )


def _seen(core: Core, one: Given, model: Recorded, answered: Answered) -> Seen:
    predictor = core.sources.predictor
    features = predictor.features(one.asked.question)
    judged = one.judged(core.gate, predictor.chance(features, one.model_id).probability)
    mean = sum(answered.logprobs) / max(1, len(answered.logprobs))
    return Seen(
        right=one.right,
        share=float(one.right),
        seconds=model.seconds(answered),
        sure=exp(mean),
        probability=judged.probability or 0.0,
        passes=judged.cause is Cause.PASSED,
    )
