"""Measurements as messages and as lines."""

from pathlib import Path

from app.domain.benching import Benchmark, BenchPhase, Rates, Verifying
from app.models.benching.desk import PHASES, BenchDesk, known_lines, lines, plain
from tests.unit.models.benching.stage import stage


async def test_steps_come_before_the_answer(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        desk = BenchDesk(here.bench)
        run = desk.streams()["models bench"]
        told = [each async for each in run({"op": "models bench", "name": "front"})]
        assert [each["kind"] for each in told[-2:]] == ["step", "answered"]
        answer = told[-1]["answer"]
        assert (answer["model"], answer["bytes"]) == ("tiny", 1000)
        known = await desk.queries()["models benchmarks"]({"op": "models benchmarks"})
        assert known == {"benchmarks": [answer]}
        assert list(known_lines(known)) == list(lines(answer))


def test_lines_say_what_is_known() -> None:
    costs = Verifying(milliseconds={1: 2.0, 2: 3.0, 4: 4.0}, grid=(1, 2, 4), off="switched off")
    rates = Rates(prefill_tokens_s=1234, decode_tokens_s=5.55, verifying=costs, setting="here")
    found = Benchmark(model="m", model_id="id", rates=rates, load_s=1.25, bytes=3 << 20)
    assert list(lines(plain(found))) == [
        "m  (here)",
        "  reads  1,234 tokens/s",
        "  writes 5.5 tokens/s",
        "  loads in 1.2 s",
        "  takes 3 MB of memory",
        "  drafts nothing: switched off",
        "  checks several tokens in so many times one (2: 1.5, 4: 2.0)",
    ]
    bare = Benchmark(model="m", model_id="id", rates=Rates(prefill_tokens_s=1))
    assert list(lines(plain(bare))) == ["m  ()", "  reads  1 tokens/s"]
    assert "models bench NAME" in next(iter(known_lines({"benchmarks": []})))


def test_every_phase_has_words() -> None:
    assert set(PHASES) == set(BenchPhase)
