"""Real answers: asked once, remembered, and read in the form engine and gate take."""

from pathlib import Path

import pytest

from app.domain.generation import ChatRequest
from benchmarks.cascades import answers as answers_module
from benchmarks.cascades.answers import Answered, Answers, prompt_of
from benchmarks.cascades.judging import given
from benchmarks.cascades.questions import LEFT_OUT, asked
from benchmarks.cascades.recorded import Recorded, recorded

DRAFT = Path(__file__).resolve().parents[4] / "resources" / "models" / "draft.gguf"
HELLO = prompt_of([("user", "hello")])


def test_a_model_is_asked_the_same_only_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Answers(DRAFT, tmp_path)
    said = first.ask([HELLO, HELLO])
    assert said[0] == said[1]
    assert len(said[0].logprobs) == len(said[0].margins) > 0
    first.close()

    def forbidden(_path: Path) -> None:
        raise AssertionError("loaded again")

    monkeypatch.setattr(answers_module, "Answerer", forbidden)
    assert Answers(DRAFT, tmp_path).ask([HELLO]) == said[:1]


def test_a_prompt_is_what_the_model_was_trained_on() -> None:
    assert HELLO == "<|im_start|>user\nhello<|im_end|>\n<|im_start|>assistant\n"
    assert prompt_of([("user", "hello")], thinking=True).endswith("assistant\n<think>\n")


def test_questions_are_the_same_every_time_and_half_of_them_may_be_learned_from() -> None:
    found = asked(4)
    assert [each.name for each in found] == [each.name for each in asked(4)]
    assert {each.family for each in found}.isdisjoint(LEFT_OUT)
    assert sum(each.is_calibration for each in found) * 2 == len(found)
    assert len({each.question().conversation_id for each in found}) == len(found)


def remembered(text: str, *, ended: bool = True, tokens: int = 5) -> Answered:
    return Answered("", text, (-0.1,) * 5, (0.8,) * 5, 40, tokens, ended)


def test_an_answer_is_judged_by_its_questions_checker() -> None:
    question = next(each for each in asked(2) if each.family == "add" and each.grade == 1)
    right = [text for text in map(str, range(200)) if question.check(text)]
    wrong = given(question, remembered("I do not know."), "id")
    assert not wrong.right
    assert wrong.family == "math"
    for text in right:
        assert given(question, remembered(text), "id").right
        assert not given(question, remembered(text, ended=False), "id").right


def test_costs_are_charged_by_tier(tmp_path: Path) -> None:
    front = Recorded("front", Answers(DRAFT, tmp_path))
    architect = Recorded("architect", Answers(DRAFT, tmp_path))
    said = remembered("x", tokens=40)
    assert architect.seconds(said) == pytest.approx(12 * front.seconds(said))
    reply = front.reply(ChatRequest(messages=({"role": "user", "content": "hello"},)))
    assert reply.tokens == len(reply.logprobs)
    assert reply.finish_reason in {"stop", "length"}


def test_only_models_that_exist_take_part(tmp_path: Path) -> None:
    assert recorded(tmp_path, tmp_path) == {}
