"""A reader's word about a doubtful answer: where it pays, where it is believed, and no promise."""

import pytest

from app.orchestration.escalation import Cause
from app.orchestration.gate.gate import Judgement
from app.orchestration.gate.second import Read, SecondOpinion
from app.orchestration.router.speeds import Speeds
from tests.unit.orchestration.learning.company import EXPERT, SUM, WORKER, Readers, past

DOUBT = Judgement(Cause.DOUBTFUL, probability=0.5, threshold=0.7, promise=True)
THREAD = past().question.thread


class Bench:
    def __init__(
        self, *, kappa: float = 10.0, resident: bool = True, believed: bool = True
    ) -> None:
        self.readers, speeds = Readers(), Speeds()
        speeds.expect(EXPERT.model.name, 20 * kappa, 20.0, 1.0)
        if believed:
            self.readers.believed(EXPERT.model.name)
        self.second = SecondOpinion(
            self.readers.verdicts, speeds, lambda model: model.name, lambda _: resident
        )

    async def of(self, text: str, judged: Judgement = DOUBT, tokens: float = 200.0) -> Judgement:
        read = Read(THREAD, text, 100.0, tokens)
        return await self.second.of(judged, read, (WORKER, EXPERT))


async def test_a_believed_reader_lets_a_doubtful_answer_pass_without_a_promise() -> None:
    found = await Bench().of("4")
    assert (found.cause, found.promise) == (Cause.PASSED, False)
    assert found.probability is not None
    assert found.probability > 0.9
    worse = await Bench().of("5")
    assert worse.cause is Cause.DOUBTFUL
    assert (worse.probability or 0) < 0.1


@pytest.mark.parametrize(
    "bench",
    [Bench(kappa=1.0), Bench(kappa=2.0), Bench(resident=False), Bench(believed=False)],
)
async def test_nobody_is_asked_where_it_does_not_pay_or_is_not_believed(bench: Bench) -> None:
    assert await bench.of("4") is DOUBT
    assert bench.readers.asked == []


async def test_only_doubt_is_read_again() -> None:
    bench = Bench()
    for cause in set(Cause) - {Cause.DOUBTFUL}:
        judged = Judgement(cause, probability=0.5, threshold=0.7)
        assert await bench.of("4", judged) is judged
    assert bench.readers.asked == []
    assert SUM in THREAD[0].content


async def test_a_reader_without_a_word_changes_nothing() -> None:
    bench = Bench()

    async def silent(*_: object) -> dict[str, float]:
        return {}

    bench.readers.verdicts._reading = silent
    assert await bench.of("4") is DOUBT
