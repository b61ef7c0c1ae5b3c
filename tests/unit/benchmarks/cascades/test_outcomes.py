"""Answers that the evaluation has written down are taken over instead of asked for again."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks.cascades import answers as answers_module
from benchmarks.cascades.answers import Answers, prompt_of
from benchmarks.cascades.outcomes import counter, recorded_items, take_in
from benchmarks.cascades.questions import Asked, asked
from benchmarks.cascades.recorded import Recorded
from resources.models.recipe.outcomes import Outcome

MODELS = Path(__file__).resolve().parents[4] / "resources" / "models"
DRAFT = MODELS / "draft.gguf"


def outcome(each: Asked, answer: str = "Lima.", *, ended: bool = True) -> Outcome:
    return Outcome(
        family=each.family,
        grade=each.grade,
        number=each.number,
        right=True,
        tokens=3,
        mean=-0.1,
        least=-0.2,
        total=-0.3,
        first=-0.1,
        entropy=0.1,
        most_entropy=0.2,
        margin=0.5,
        ended=ended,
        answer=answer,
        logprobs=(-0.1, -0.2, -0.01),
        margins=(0.9, 0.5, 0.99),
    )


def written(path: Path, file: str, rows: list[Outcome]) -> Path:
    lines = [json.dumps({"model": "draft", "file": file, "questions": ""})]
    lines += [json.dumps(asdict(row)) for row in rows]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture
def questions() -> list[Asked]:
    return asked(2)


def words(prompt: str) -> int:
    return len(prompt.split())


def test_recorded_answers_are_not_asked_again(
    tmp_path: Path, questions: list[Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Answers(DRAFT, tmp_path)
    rows = [outcome(each, f"Answer {at}") for at, each in enumerate(questions)]
    path = written(tmp_path / "draft.jsonl", model.id, rows)
    assert take_in(model, path, questions, words) == len(questions)

    def forbidden(_path: Path) -> None:
        raise AssertionError("asked again")

    monkeypatch.setattr(answers_module, "Answerer", forbidden)
    found = Recorded("front", model).answer(questions)
    assert [each.text for each in found] == [row.answer for row in rows]
    first = found[0]
    assert (first.logprobs, first.margins, first.tokens) == ((-0.1, -0.2), (0.9, 0.5), 2)
    contents = [(each.role, each.content) for each in questions[0].thread]
    assert first.prompt_tokens == words(prompt_of(contents))


def test_an_answer_that_was_cut_off_has_no_end_to_leave_out(
    tmp_path: Path, questions: list[Asked]
) -> None:
    model = Answers(DRAFT, tmp_path)
    cut = [outcome(each, ended=False) for each in questions]
    take_in(model, written(tmp_path / "draft.jsonl", model.id, cut), questions, words)
    (found,) = Recorded("front", model).answer(questions[:1])
    assert (found.finish_reason, len(found.logprobs)) == ("length", 3)


def test_answers_of_other_weights_and_thoughts_are_left_alone(
    tmp_path: Path, questions: list[Asked]
) -> None:
    model = Answers(DRAFT, tmp_path)
    other = written(tmp_path / "other.jsonl", "0" * 64, [outcome(each) for each in questions])
    assert take_in(model, other, questions, words) == 0
    assert take_in(model, tmp_path / "none.jsonl", questions, words) == 0
    thought = [outcome(each, "<think>\nHm.\n</think>\n\nLima.") for each in questions]
    path = written(tmp_path / "thought.jsonl", model.id, thought)
    assert take_in(model, path, questions, words) == 0


def test_the_number_of_questions_is_that_of_the_shortest_record(
    tmp_path: Path, questions: list[Asked]
) -> None:
    assert recorded_items(tmp_path) == 0
    rows = [outcome(each) for each in questions]
    written(tmp_path / "front.jsonl", "1", rows)
    assert recorded_items(tmp_path) == 2
    written(tmp_path / "worker.jsonl", "2", [row for row in rows if row.number == 0])
    assert recorded_items(tmp_path) == 1


def test_tokens_are_counted_with_a_tokenizer_of_the_family() -> None:
    count, close = counter(MODELS)
    assert 0 < count("<|im_start|>user\nhello<|im_end|>\n") < 20
    close()
