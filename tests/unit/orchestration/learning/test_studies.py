"""What is studied at idle, in order, and that nothing is tried for ever in vain."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from app.domain.chat import ChatMessage
from app.domain.generation import FinalChunk, TextChunk, TokenLogprob
from app.domain.routing import LedgerRecord, OutcomeRecord
from app.orchestration.gate.gate import Gate
from app.orchestration.gate.probe_set import PROBES
from app.orchestration.gate.verdict import Verdicts
from app.orchestration.learning.asking import Asking
from app.orchestration.learning.audits import READING
from app.orchestration.learning.idle import Study
from app.orchestration.learning.studies import MOST_SHOWN, Studies, Tools
from app.orchestration.router.predictor import Predictor
from app.orchestration.router.sources import Sources
from app.orchestration.router.starts import Starts
from tests.unit.orchestration.fakes import FakeEngine
from tests.unit.orchestration.learning.company import ROSTER, OneEngine, past

SURE = TokenLogprob(token="4", logprob=-0.01, margin=0.9)


class Talker(FakeEngine):
    """Says the same to everything; `words` of its verdicts are given."""

    def __init__(self, words: Mapping[str, float], answer: str = "4") -> None:
        super().__init__()
        self.words, self.answer, self.asked = words, answer, 0

    async def chat(self, request: Any) -> Any:
        self.asked += 1
        yield TextChunk(text=self.answer, logprobs=(SURE,))
        yield FinalChunk(finish_reason="stop")

    async def first_tokens(self, messages: Sequence[dict[str, Any]], top: int) -> Any:
        return self.words


def studies(engine: FakeEngine, context: int = 512) -> Studies:
    asking = Asking(OneEngine(engine, context), ROSTER, Sources())  # type: ignore[arg-type]
    predictor = Predictor()

    async def read(reader: str, thread: Sequence[ChatMessage], top: int) -> Mapping[str, float]:
        return await asking.first_words(reader.removesuffix("-model"), thread, top)

    return Studies(
        Tools(
            roster=ROSTER,
            asking=asking,
            gate=Gate(),
            predictor=predictor,
            verdicts=Verdicts(read),
            starts=Starts(
                lambda: ROSTER.answering,
                predictor.skills,
                lambda role: role.model.name,
                lambda: "id",
            ),
            identify=lambda model: model.name,
            wall_clock=lambda: 1e9,
            dice=Random(1),
        )
    )


async def rows(found: Studies, name: str) -> list[LedgerRecord]:
    (study,) = [each for each in found.all() if each.name == name]
    assert isinstance(study, Study)
    made = []
    async for row in study.run():
        found.note(row)
        made.append(row)
    return made


async def test_new_models_are_probed_once_and_their_answers_shown_to_readers() -> None:
    found = studies(Talker({"Yes": -0.1, "No": -2.5}))
    probed = await rows(found, "probes of new models")
    assert len(probed) == len(PROBES) * len(ROSTER.answering)
    assert await rows(found, "probes of new models") == []
    read = await rows(found, "audits")
    sources = {row.source for row in read if isinstance(row, OutcomeRecord)}
    assert sources == {READING}


async def test_a_model_that_cannot_answer_probes_is_left_alone() -> None:
    engine = Talker({})
    found = studies(engine, context=4)

    async def silent(*_: Any) -> None:
        engine.asked += 1

    found._prober._ask = silent
    assert await rows(found, "probes of new models") == []
    once = engine.asked
    assert await rows(found, "probes of new models") == []
    assert 0 < engine.asked == once


async def test_a_reader_that_says_neither_yes_nor_no_is_not_asked_for_ever() -> None:
    engine = Talker({"The": -0.01})
    found = studies(engine)
    for _ in range(20):
        assert await rows(found, "audits") == []
    assert engine.asked == MOST_SHOWN


async def test_rows_of_earlier_runs_count() -> None:
    found, later = studies(Talker({"Yes": -0.1})), studies(Talker({"Yes": -0.1}))
    for row in await rows(found, "probes of new models"):
        later.recall(row)
    assert await rows(later, "probes of new models") == []


async def test_moves_and_exploration_have_their_turn_and_words_are_forgotten() -> None:
    found = studies(Talker({}))
    assert await rows(found, "moves") == []
    found.keep(past("4", text="What is 2 + 2? Reply with the number only."))
    assert list(found.lately)
    explored = await rows(found, "exploration")
    assert {row.source for row in explored if isinstance(row, OutcomeRecord)} == {"exploration"}
    found.forget()
    assert list(found.lately) == []
    names = {each.name for each in found.mechanisms()}
    assert {"probes", "verdict", "audits", "exploration at idle", "moves of starts"} == names
