"""How fast models are: measured, told by the registry, or guessed from the size of a file."""

from pathlib import Path

import pytest

from app.domain.models import Measured, ModelSpec, RoleSpec, Sampling, Tier
from app.domain.routing import AttemptRecord, Split, TurnRecord
from app.orchestration.deadlines import LEAST_ANSWERS
from app.orchestration.router.speeds import EXPECTED_LENGTH, JUMP, LEARNING, Speeds

MODEL = ModelSpec(name="m", path=Path("nowhere.gguf"))
ROLE = RoleSpec(name="r", tier=Tier.C, model=MODEL, sampling=Sampling(max_tokens=50))


def row(**attempt: object) -> TurnRecord:
    plain = {
        "role": "r",
        "tier": "C",
        "model": "m",
        "model_id": "id",
        "kind": "accept",
        "split": {"read": 100, "written": 1000},
        "prompt_tokens": 50,
        "answer_tokens": 100,
    }
    found = AttemptRecord.model_validate({**plain, **attempt})
    return TurnRecord(turn_id="t", at=0, family="math", attempts=(found,))


def test_answers_tell_how_fast_a_model_is() -> None:
    speeds = Speeds()
    speeds.note(row())
    speed = speeds.of(MODEL)
    assert (speed.read_s, speed.written_s, speed.answers) == (500, 100, 1)
    speeds.note(row(answer_tokens=200))
    assert speeds.of(MODEL).written_s == pytest.approx(100 + LEARNING * 100)


def test_loads_are_learned_apart_and_finding_it_loaded_is_no_load() -> None:
    speeds = Speeds()
    guessed = speeds.of(MODEL).load_s
    speeds.note(row(split=Split(loaded=50, read=100, written=1000)))
    assert speeds.of(MODEL).load_s == guessed
    speeds.note(row(split=Split(loaded=3000, read=100, written=1000)))
    assert speeds.of(MODEL).load_s == 3


def test_what_was_kept_does_not_look_like_speed() -> None:
    speeds = Speeds()
    speeds.note(row())
    speeds.note(row(prompt_tokens=100_000))
    assert speeds.of(MODEL).read_s <= 500 * (1 + LEARNING * (JUMP - 1)) + 1e-6


def test_the_registry_tells_until_answers_do() -> None:
    told = MODEL.model_copy(
        update={"measured": Measured(prefill_tokens_s=900, decode_tokens_s=70, load_s=2)}
    )
    speeds = Speeds()
    speed = speeds.of(told)
    assert (speed.read_s, speed.written_s, speed.load_s) == (900, 70, 2)
    speeds.note(row())
    speed = speeds.of(told)
    assert (speed.read_s, speed.written_s, speed.load_s) == (500, 100, 2)


def test_a_larger_file_is_slower(tmp_path: Path) -> None:
    pace = []
    for size in (1 << 20, 1 << 24, 1 << 30):
        path = tmp_path / f"{size}.gguf"
        with path.open("wb") as file:
            file.truncate(size)
        speed = Speeds().of(ModelSpec(name=str(size), path=path))
        pace.append((speed.written_s, -speed.load_s))
    assert pace == sorted(pace, reverse=True)


def test_a_file_that_is_gone_is_guessed_by_its_tier() -> None:
    speeds = Speeds()
    assert speeds.of(MODEL, Tier.A).written_s > Speeds().of(MODEL, Tier.B).written_s


def test_lengths_are_learned_by_kind_of_task_and_bounded() -> None:
    speeds = Speeds()
    assert speeds.length(MODEL, "math") == EXPECTED_LENGTH
    speeds.note(row(answer_tokens=10, split=Split(read=100, written=100)))
    assert speeds.length(MODEL, "math") == 10
    assert speeds.length(ModelSpec(name="other"), "math") == 10
    assert speeds.length(MODEL, "code") == EXPECTED_LENGTH
    assert speeds.seconds(ROLE, "code", 0.0) == pytest.approx(50 / 100)
    assert speeds.seconds(ROLE, "code", 0.0, loading=7.0) == pytest.approx(7 + 50 / 100)


def test_what_is_usually_asked_tells_how_long_an_ordinary_answer_takes() -> None:
    speeds = Speeds()
    for _ in range(LEAST_ANSWERS - 1):
        speeds.note(row(answer_tokens=20))
    assert speeds.ordinary_seconds(ROLE) == 0.0
    speeds.note(row(answer_tokens=20))
    speed = speeds.of(MODEL)
    assert speeds.ordinary_seconds(ROLE) == pytest.approx(50 / speed.read_s + 20 / speed.written_s)
    slow = ROLE.model_copy(update={"model": MODEL.model_copy(update={"name": "slow"})})
    speeds.expect("slow", 10.0, 1.0, 1.0)
    assert speeds.ordinary_seconds(slow) == pytest.approx(50 / 10 + 20 / 1)


def test_rows_bring_back_what_was_measured() -> None:
    rows = [row(answer_tokens=count) for count in (10, 20, 30)]
    live, again = Speeds(), Speeds()
    for each in rows:
        live.note(each)
    for each in rows:
        again.note(TurnRecord.model_validate_json(each.model_dump_json()))
    assert live.measured == again.measured
    assert live.most_seconds(MODEL, "math") == again.most_seconds(MODEL, "math") > 0


def test_another_file_of_the_same_name_begins_anew() -> None:
    speeds = Speeds()
    for _ in range(9):
        speeds.note(row())
    speeds.note(row(model_id="another", answer_tokens=900))
    assert speeds.of(MODEL).written_s == 900
    assert speeds.length(MODEL, "math") == 900


def test_attempts_without_an_answer_teach_nothing() -> None:
    speeds = Speeds()
    speeds.note(row(answer_tokens=0))
    speeds.note(row(split=Split()))
    assert not speeds.measured


def test_what_was_measured_elsewhere_fills_the_gaps_only() -> None:
    speeds = Speeds()
    speeds.expect("m", 700.0, 70.0, 0.0)
    assert (speeds.of(MODEL).read_s, speeds.of(MODEL).written_s) == (700, 70)
    assert speeds.of(MODEL).load_s > 0
    speeds.note(row())
    assert speeds.of(MODEL).written_s == pytest.approx(70 + LEARNING * (100 - 70))
    learned = speeds.of(MODEL).written_s
    speeds.expect("m", 1.0, 1.0, 3.0)
    assert (speeds.of(MODEL).written_s, speeds.of(MODEL).load_s) == (learned, 3.0)
