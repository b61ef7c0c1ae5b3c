"""Drafting with the real model: the same answers, fewer evaluations, and honest reports."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.engines.runner.context import FLASH_ATTENTION_AUTO
from app.engines.runner.library import BUILD
from app.engines.runner.measuring import Measured, Notebook, key_of
from app.engines.runner.options import Options
from tests.e2e.test_runner_harness import FRONT, MODELS, Runner, wait_until

DRAFT = MODELS / "draft.gguf"
FLAT = {1: 1.0, 2: 1.05, 4: 1.1, 8: 1.2, 16: 1.5, 32: 2.5, 64: 4.5}
PROMPTS = (
    "hello",
    "What is the capital of Japan?",
    "Write a Python function that reverses a string.",
    "Tell me a story about Anna.",
    "Count from 1 to 20.",
    "Sort these words by length: lamp, window, fig",
    "Replace cat with dog in: The cat sleeps on the cat's chair.",
    "What is 17 + 25?",
    "Name five colours.",
    "What is a language model?",
    "Who are you?",
    "Explain the sea.",
)


@pytest.fixture(scope="module")
def plain() -> Iterator[Runner]:
    runner = Runner(FRONT, "--no-speculation", "--sequences", "4", "--context", "1024").ready()
    yield runner
    runner.close()


def twin(folder: Path) -> Path:
    """Return a draft model that agrees with the model, whatever both like to say: the same one."""
    path = folder / "twin.gguf"
    shutil.copy2(FRONT, path)
    return path


def costs_key(model: Path, threads: int = Options.threads) -> str:
    """Return under which key a runner on the processor reads the costs of a model."""
    past = (Options.kv_keys, Options.kv_values)
    return key_of(model, (0, threads, FLASH_ATTENTION_AUTO, *past, BUILD))


def as_on_a_fast_machine(folder: Path, draft: Path = DRAFT) -> None:
    """Write down costs that do not depend on who else uses this computer now."""
    target = costs_key(FRONT)
    notebook = Notebook(folder)
    notebook.write(target, Measured(dict(FLAT), 0.05, 0.05, fixed=True))
    beside = target + key_of(draft, (Options.threads, BUILD))
    notebook.write(
        beside, Measured({rows: ms / 10 for rows, ms in FLAT.items()}, 0.05, 0.05, fixed=True)
    )


@pytest.fixture(scope="module")
def drafting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    costs = tmp_path_factory.mktemp("costs")
    draft = twin(costs)
    as_on_a_fast_machine(costs, draft)
    runner = Runner(
        FRONT,
        *("--draft-model", str(draft), "--costs", str(costs)),
        *("--sequences", "4", "--context", "1024"),
    ).ready()
    yield runner
    runner.close()


def text(answer: dict[str, Any]) -> str:
    found: str = answer["choices"][0]["message"]["content"]
    return found


@pytest.mark.parametrize("prompt", PROMPTS)
def test_greedy_answers_are_the_same(plain: Runner, drafting: Runner, prompt: str) -> None:
    one = plain.chat(prompt, max_tokens=120)
    other = drafting.chat(prompt, max_tokens=120)
    assert text(one) == text(other)
    assert one["usage"] == other["usage"]
    assert one["choices"][0]["finish_reason"] == other["choices"][0]["finish_reason"]


@pytest.mark.parametrize(
    "fields",
    [
        {"repeat_penalty": 1.3},
        {"stop": ["the", "\n\n"]},
        {"max_tokens": 9},
        {"logprobs": True, "top_logprobs": 2},
    ],
    ids=["penalty", "stop", "limit", "logprobs"],
)
def test_everything_else_works_while_drafting(
    plain: Runner, drafting: Runner, fields: dict[str, Any]
) -> None:
    story = text(plain.chat("Tell me a story about Anna.", max_tokens=120))
    fields = {"max_tokens": 120, **fields}
    one = plain.chat("Tell me a story about Anna.", **fields)
    guess = {"type": "content", "content": story}
    other = drafting.chat("Tell me a story about Anna.", prediction=guess, **fields)
    assert text(one) == text(other)
    assert other["timings"]["draft_n"] > 0
    scores = [answer["choices"][0]["logprobs"] for answer in (one, other)]
    assert (scores[0] is None) == (scores[1] is None)
    if scores[0]:
        pairs = zip(scores[0]["content"], scores[1]["content"], strict=True)
        for left, right in pairs:
            assert left["token"] == right["token"]
            assert left["logprob"] == pytest.approx(right["logprob"], abs=0.05)


def test_a_right_prediction_takes_fewer_evaluations(plain: Runner, drafting: Runner) -> None:
    question = "Tell me a story about a fox."
    story = text(plain.chat(question, max_tokens=120))
    before = drafting.idle()["steps"]
    answer = drafting.chat(
        question, max_tokens=120, prediction={"type": "content", "content": story}
    )
    steps = drafting.idle()["steps"] - before
    assert text(answer) == story
    drafted, stood = answer["timings"]["drafters"]["prediction"]
    assert 0 < stood <= drafted
    assert steps < answer["usage"]["completion_tokens"] / 2


@pytest.mark.parametrize("guess", ["", "Völlig anders.", "x y " * 4000, "\ue0f01\ue0f1<|im_end|>"])
def test_a_useless_prediction_changes_nothing(plain: Runner, drafting: Runner, guess: str) -> None:
    one = plain.chat("Explain rain.", max_tokens=80)
    other = drafting.chat(
        "Explain rain.", max_tokens=80, prediction={"type": "content", "content": guess}
    )
    assert text(one) == text(other)


def test_a_document_can_be_quoted_from(plain: Runner, drafting: Runner) -> None:
    question = "What is a language model?"
    document = text(plain.chat(question, max_tokens=120))
    answer = drafting.chat(question, max_tokens=120, documents=["Other text.", document])
    assert text(answer) == document
    assert answer["timings"]["drafters"]["lookup"][1] > 0


def test_sampled_answers_follow_their_seed(plain: Runner, drafting: Runner) -> None:
    for seed in range(6):
        fields: dict[str, Any] = {"temperature": 1.0, "seed": seed, "max_tokens": 60}
        one = plain.chat("Tell me a story about a bear.", **fields)
        other = drafting.chat("Tell me a story about a bear.", **fields)
        assert text(one) == text(other)


def test_several_answers_at_once_are_the_same(plain: Runner, drafting: Runner) -> None:
    wanted = {prompt: text(plain.chat(prompt, max_tokens=100)) for prompt in PROMPTS[:4]}
    with (
        drafting.streaming(PROMPTS[0], max_tokens=100) as first,
        drafting.streaming(PROMPTS[3], max_tokens=100) as second,
    ):
        third = text(drafting.chat(PROMPTS[1], max_tokens=100))
        assert "[DONE]" in list(first)[-2]
        assert "[DONE]" in list(second)[-2]
    assert third == wanted[PROMPTS[1]]


def test_health_says_which_drafters_are_on(plain: Runner, drafting: Runner) -> None:
    off = plain.health()["drafters"]
    assert {each["state"] for each in off.values()} == {"off"}
    assert {each["reason"] for each in off.values()} == {"switched off"}
    drafting.chat("Count from 1 to 20.")
    wait_until(lambda: drafting.health()["drafters"]["draft model"]["state"] == "on")
    on = drafting.health()["drafters"]
    assert set(on) == {"lookup", "prediction", "draft model"}
    assert {each["state"] for each in on.values()} == {"on"}
    assert 0 < on["draft model"]["acceptance"] <= 1


def test_an_unfit_draft_model_is_refused_in_words_and_the_others_go_on(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(DRAFT.read_bytes()[:5000])
    cases = {
        MODELS / "all-MiniLM-L6-v2-q8_0.gguf": "a model of the kind bert cannot draft",
        broken: "cut short",
        tmp_path / "missing.gguf": "cannot be opened",
    }
    costs = tmp_path / "costs"
    as_on_a_fast_machine(costs)
    for path, words in cases.items():
        runner = Runner(FRONT, "--draft-model", str(path), "--costs", str(costs)).ready()
        try:
            state = runner.health()["drafters"]["draft model"]
            assert state["state"] == "off"
            assert words in state["reason"]
            assert text(runner.chat("What is the capital of Japan?"))
        finally:
            runner.close()


def test_a_draft_model_reads_answers_before_it_drafts_and_remembers(tmp_path: Path) -> None:
    draft = twin(tmp_path)
    as_on_a_fast_machine(tmp_path, draft)
    arguments = ("--draft-model", str(draft), "--costs", str(tmp_path))
    runner = Runner(FRONT, *arguments).ready()
    state = runner.health()["drafters"]["draft model"]
    assert (state["state"], "finished answer" in state["reason"]) == ("off", True)
    first = runner.chat("Tell me a story about a bear.", max_tokens=120)
    assert "draft model" not in first["timings"]["drafters"]
    wait_until(lambda: runner.health()["drafters"]["draft model"]["state"] == "on")
    second = runner.chat("Tell me a story about a fox.", max_tokens=120)
    assert second["timings"]["drafters"]["draft model"][1] > 0
    runner.process.terminate()
    runner.wait()
    runner.close()
    again = Runner(FRONT, *arguments).ready()
    assert again.health()["drafters"]["draft model"]["state"] == "on"
    again.close()


def test_stored_answers_can_be_read_before_the_first_question(tmp_path: Path) -> None:
    draft = twin(tmp_path)
    as_on_a_fast_machine(tmp_path, draft)
    runner = Runner(FRONT, "--draft-model", str(draft), "--costs", str(tmp_path)).ready()
    stored = {"prompt": "<|im_start|>user\nhello<|im_end|>\n", "answer": "Hello! What can I do?"}
    body = {"answers": [stored, {**stored, "task_family": "chat", "answer": "Yes. " * 30}]}
    assert runner.client.post("/drafters/rehearse", json=body).status_code == 202
    wait_until(lambda: "acceptance" in runner.health()["drafters"]["draft model"])
    state = runner.health()["drafters"]["draft model"]
    assert 0 < state["acceptance"] <= 1
    assert 0 < state["needed"] < 1
    assert (state["state"] == "on") == (state["acceptance"] >= state["needed"])
    thread = [{"role": "user", "content": "hello"}]
    later = {"answers": [{"messages": thread, "answer": "No. " * 30}]}
    once = {**later, "once": True}  # the draft model is known by now, so nothing is added
    wait_until(lambda: runner.client.post("/drafters/rehearse", json=once).json()["waiting"] == 0)
    assert runner.client.post("/drafters/rehearse", json=later).status_code == 202
    both = {"answers": [{**stored, "messages": thread}]}
    wrongs: list[dict[str, Any]] = [{"answers": []}, both, {"answers": [{"answer": "x"}]}]
    for wrong in wrongs:
        assert runner.client.post("/drafters/rehearse", json=wrong).status_code == 400
    runner.close()


def test_the_same_question_again_teaches_nothing(tmp_path: Path) -> None:
    as_on_a_fast_machine(tmp_path)
    runner = Runner(FRONT, "--costs", str(tmp_path)).ready()
    repeating = r'root ::= "\x01\x02\x03\x04\x01\x02\x03\x04\x01\x02\x03\x04\x01\x02\x03\x04"'
    runner.chat("Count.", grammar=repeating)
    wait_until(lambda: "acceptance" in runner.health()["drafters"]["lookup"])
    known = runner.idle()["drafters"]["lookup"]["acceptance"]
    for _ in range(3):
        runner.chat("Count.", grammar=repeating)
    assert runner.idle()["drafters"]["lookup"]["acceptance"] == known
    runner.close()


def test_a_model_is_measured_once(tmp_path: Path) -> None:
    as_on_a_fast_machine(tmp_path)
    seen = []
    for _ in range(2):
        runner = Runner(FRONT, "--draft-model", str(DRAFT), "--costs", str(tmp_path)).ready()
        runner.close()
        seen.append({file.name: file.read_bytes() for file in tmp_path.iterdir()})
    assert len(seen[0]) >= 2
    assert seen[0] == seen[1]
    for file in tmp_path.iterdir():
        file.write_text("{", "utf-8")
    runner = Runner(FRONT, "--draft-model", str(DRAFT), "--costs", str(tmp_path)).ready()
    assert "set for" not in runner.health()["drafters"]["draft model"]["reason"]
    runner.close()


def test_a_long_text_is_measured_when_there_is_one(tmp_path: Path) -> None:
    target = costs_key(FRONT)
    Notebook(tmp_path).write(target, Measured(dict(FLAT), 0.05, 0.0))
    runner = Runner(FRONT, "--costs", str(tmp_path), "--context", "2048").ready()
    try:
        question = {"role": "user", "content": "one two three four " * 150}
        first = runner.thread([question], max_tokens=8)
        wait_until((tmp_path / f"{target}-1024.json").exists)
        answer = {"role": "assistant", "content": text(first)}
        more = {"role": "user", "content": "And?"}
        second = runner.thread([question, answer, more], max_tokens=8)
        assert second["timings"]["cache_n"] >= first["usage"]["prompt_tokens"]  # still there
    finally:
        runner.close()
    measured = Notebook(tmp_path).read(f"{target}-1024")
    assert measured is not None
    assert measured.milliseconds.keys() == FLAT.keys()


def test_a_grammar_holds_while_drafting(plain: Runner, drafting: Runner) -> None:
    schema = {
        "type": "object",
        "properties": {"name": {"type": "string", "maxLength": 12}, "age": {"type": "integer"}},
        "required": ["name", "age"],
        "additionalProperties": False,
    }
    wanted = {"type": "json_schema", "json_schema": {"name": "person", "schema": schema}}
    one = plain.chat("Anna is 34 years old.", response_format=wanted, max_tokens=60)
    guess = {"type": "content", "content": text(one)}
    for prediction in (guess, {"type": "content", "content": '{"name": "Anna", "age": 34}'}):
        other = drafting.chat(
            "Anna is 34 years old.", response_format=wanted, max_tokens=60, prediction=prediction
        )
        assert text(other) == text(one)


def test_an_answer_that_drafts_can_be_cancelled(drafting: Runner) -> None:
    story = text(drafting.chat("Tell me a story about Anna.", max_tokens=120))
    with drafting.streaming(
        "Tell me a story about Anna.",
        max_tokens=400,
        prediction={"type": "content", "content": story},
    ) as lines:
        assert any('"content"' in line for line in lines)  # it is being written
    assert drafting.idle()["busy"] == 0
    assert text(drafting.chat("What is the capital of Japan?"))


def test_a_thread_goes_on_where_a_drafted_answer_ended(drafting: Runner) -> None:
    question = {"role": "user", "content": "Tell me a story about a tiger."}
    first = drafting.thread([question], max_tokens=120)
    answer = {"role": "assistant", "content": text(first)}
    more = {"role": "user", "content": "What is the capital of Norway?"}
    second = drafting.thread([question, answer, more])
    assert second["timings"]["cache_n"] > first["usage"]["prompt_tokens"]
