"""What the runner can do besides plain answers, with a real model in a real process."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.engines.runner.options import Options
from installers.setup.engine import cache
from tests.e2e.test_runner_harness import FRONT, Runner, running, text_of
from tests.e2e.test_speculation import as_on_a_fast_machine
from tests.zoo.animals import ZOO

QUESTION = "What is the capital of Japan?"
PLACE = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "maxLength": 12},
        "people": {"type": "integer", "minimum": 1, "maximum": 40_000_000},
        "coast": {"enum": ["north", "south", None]},
    },
    "required": ["city", "people", "coast"],
}
TOOLS = [{"type": "function", "function": {"name": "look_up", "parameters": PLACE}}]


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with running(FRONT, "--context", "2048", "--sequences", "4", "--threads", "2") as started:
        yield started.ready()


def refusal(runner: Runner, path: str = "/v1/chat/completions", **fields: object) -> dict[str, Any]:
    body = {"messages": [{"role": "user", "content": QUESTION}], "prompt": QUESTION, **fields}
    response = runner.client.post(path, json=body)
    assert response.status_code == 400, response.text
    error: dict[str, Any] = response.json()["error"]
    return error


def check_place(text: str) -> None:
    place = json.loads(text)
    assert list(place) == ["city", "people", "coast"]
    assert len(place["city"]) <= 12
    assert 1 <= place["people"] <= 40_000_000
    assert place["coast"] in ("north", "south", None)


@pytest.mark.parametrize("temperature", [0, 1.5])
def test_an_answer_follows_its_schema(runner: Runner, temperature: float) -> None:
    named = {"type": "json_schema", "json_schema": {"name": "place", "schema": PLACE}}
    for form in ({"response_format": named}, {"json_schema": PLACE}):
        answer = runner.chat(QUESTION, temperature=temperature, seed=5, max_tokens=600, **form)
        check_place(text_of(answer))
        assert answer["choices"][0]["finish_reason"] == "stop"


def test_an_answer_that_was_cut_off_is_gone_on_with(runner: Runner) -> None:
    # No token is made of several of these, so what was written is read in the same tokens.
    given: dict[str, Any] = {"grammar": r"root ::= [\x01-\x06]{20}", "max_tokens": 60}
    whole = text_of(runner.chat(QUESTION, **given))
    begun = text_of(runner.chat(QUESTION, **{**given, "max_tokens": 9}))
    assert (len(whole), begun) == (20, whole[:9])
    thread = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": begun}]
    rest = {"grammar": r"root ::= [\x01-\x06]{11}", "continue_final_message": True}
    assert begun + text_of(runner.thread(thread, **rest)) == whole
    refused = refusal(runner, continue_final_message=True)
    assert "the last message is no answer" in refused["message"]


def test_a_schema_counts_for_completions_too(runner: Runner) -> None:
    body = {"prompt": "A place: ", "json_schema": PLACE, "max_tokens": 300, "temperature": 0}
    answer = runner.client.post("/v1/completions", json=body).json()
    check_place(answer["choices"][0]["text"])


def test_an_answer_follows_its_grammar_with_scores_of_the_model(runner: Runner) -> None:
    strange = r'root ::= "\x01" | "\x02"'
    answer = runner.chat(QUESTION, grammar=strange, logprobs=True, top_logprobs=1)
    assert text_of(answer) in ("\x01", "\x02")
    first = answer["choices"][0]["logprobs"]["content"][0]
    assert first["logprob"] < first["top_logprobs"][0]["logprob"]  # the model would say more


def test_grammars_and_schemas_that_cannot_be_used_are_refused(runner: Runner) -> None:
    assert refusal(runner, grammar='root ::= "a')["code"] == "invalid_grammar"
    assert refusal(runner, grammar='root ::= root "a"')["code"] == "invalid_grammar"
    error = refusal(runner, json_schema={"not": {}})
    assert error["code"] == "unsupported_schema"
    assert "'not'" in error["message"]


NAMED = {"type": "function", "function": {"name": "look_up"}}


@pytest.mark.parametrize("choice", ["required", NAMED])
def test_a_tool_is_called_with_arguments_of_its_schema(runner: Runner, choice: object) -> None:
    once = {"parallel_tool_calls": False, "max_tokens": 400}
    fields: dict[str, Any] = {"tools": TOOLS, "tool_choice": choice, **once}
    answer = runner.chat(QUESTION, **fields)["choices"][0]
    assert answer["finish_reason"] == "tool_calls"
    assert answer["message"]["content"] is None
    (call,) = answer["message"]["tool_calls"]
    assert (call["type"], call["function"]["name"]) == ("function", "look_up")
    check_place(call["function"]["arguments"])

    chunks = runner.stream(QUESTION, **fields)
    deltas = [
        call for chunk in chunks for call in chunk["choices"][0]["delta"].get("tool_calls", [])
    ]
    assert deltas[0]["function"]["name"] == "look_up"
    assert len(deltas[0]["id"]) == 9
    assert all("id" not in delta for delta in deltas[1:])
    streamed = "".join(delta["function"]["arguments"] for delta in deltas)
    assert streamed == call["function"]["arguments"]
    assert chunks[-1]["choices"][0]["finish_reason"] == "tool_calls"


def test_a_model_need_not_call_what_it_is_offered(runner: Runner) -> None:
    none = runner.chat(QUESTION, tools=TOOLS, tool_choice="none")
    assert text_of(none) == text_of(runner.chat(QUESTION))


def test_a_model_that_calls_nothing_answers_in_words(thinker: Runner) -> None:
    message = thinker.chat("Hi", tools=TOOLS, reasoning_budget=1)["choices"][0]["message"]
    assert message["content"]
    assert "tool_calls" not in message


def test_a_thread_with_calls_and_results_is_understood(runner: Runner) -> None:
    call = {"id": "abc", "type": "function", "function": {"name": "look_up", "arguments": "{}"}}
    thread: list[dict[str, Any]] = [
        {"role": "user", "content": QUESTION},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "abc", "content": "Tokyo"},
    ]
    body = {"messages": thread, "tools": TOOLS, "max_tokens": 8, "temperature": 0}
    assert runner.client.post("/v1/chat/completions", json=body).status_code == 200


def test_several_choices_share_the_prompt(runner: Runner) -> None:
    text = "Tell me about the moon, the sea and the hills. " * 6
    before = runner.idle()["evaluated"]
    fields = {"n": 3, "temperature": 2, "top_k": 0, "top_p": 1, "min_p": 0, "seed": 3}
    answer = runner.chat(text, max_tokens=12, **fields)
    assert [choice["index"] for choice in answer["choices"]] == [0, 1, 2]
    assert len({choice["message"]["content"] for choice in answer["choices"]}) == 3
    usage = answer["usage"]
    assert usage["completion_tokens"] == answer["timings"]["predicted_n"] <= 36
    # Each choice but the first evaluates only the last token of the prompt.
    assert runner.idle()["evaluated"] - before == answer["timings"]["prompt_n"]
    assert answer["timings"]["prompt_n"] <= usage["prompt_tokens"] + 2
    chunks = runner.stream(text, max_tokens=12, **fields)
    told = ["", "", ""]
    for chunk in chunks:
        choice = chunk["choices"][0]
        told[choice["index"]] += choice["delta"].get("content", "")
    assert len(set(told)) == 3
    ends = [chunk["choices"][0]["finish_reason"] for chunk in chunks]
    assert sum(end is not None for end in ends) == 3
    assert [("usage" in chunk) for chunk in chunks].count(True) == 1


def test_a_bias_changes_what_is_said(runner: Runner) -> None:
    def first(**fields: object) -> str:
        scores = runner.chat(QUESTION, logprobs=True, max_tokens=2, **fields)["choices"][0]
        return str(scores["logprobs"]["content"][0]["token"])

    said = first()
    assert first(logit_bias=[[said, False]]) != said
    (end,) = runner.client.post("/tokenize", json={"content": "<|im_end|>"}).json()["tokens"]
    assert text_of(runner.chat(QUESTION, logit_bias={str(end): 100})) == ""


def test_the_scores_of_a_prompt_are_those_of_an_answer(runner: Runner) -> None:
    def tokens_of(text: str) -> list[int]:
        body = {"content": text, "parse_special": False}
        found: list[int] = runner.client.post("/tokenize", json=body).json()["tokens"]
        return found

    prompt = tokens_of(QUESTION)
    given = {"grammar": r"root ::= [\x01-\x06]{9}", "temperature": 0}
    body = {"prompt": prompt, "logprobs": 2, "max_tokens": 20, **given}
    answer = runner.client.post("/v1/completions", json=body).json()["choices"][0]
    tokens = [*prompt, *tokens_of(answer["text"])]
    assert len(tokens) == len(prompt) + 9
    whole = {"prompt": tokens, "prompt_logprobs": 2, "max_tokens": 1}
    told = runner.client.post("/v1/completions", json=whole).json()
    scores = told["choices"][0]["prompt_logprobs"]
    assert len(scores) == told["usage"]["prompt_tokens"]
    assert scores[0] is None
    assert all(len(each) in (2, 3) for each in scores[1:])
    ranks = []
    for at, said in enumerate(answer["logprobs"]["content"][:9], len(prompt)):
        own = scores[at][str(tokens[at])]
        assert own["logprob"] == pytest.approx(said["logprob"], abs=1e-3)
        assert own["decoded_token"] == said["token"]
        ranks.append(own["rank"])
        assert 1 in [each["rank"] for each in scores[at].values()]
    assert max(ranks) > 1  # the grammar made the model say what it would not have said


def test_a_prompt_can_be_echoed(runner: Runner) -> None:
    body = {"prompt": "The capital of", "temperature": 0, "max_tokens": 4}
    plain, echoed = (
        runner.client.post("/v1/completions", json={**body, "echo": echo}).json()["choices"][0]
        for echo in (False, True)
    )
    assert echoed["text"] == "The capital of" + plain["text"]


PARTS = ("pre", "suf", "mid")


def test_a_middle_is_filled_in_only_where_the_model_has_the_tokens(
    runner: Runner, tmp_path: Path
) -> None:
    error = refusal(runner, "/v1/completions", suffix="that is all")
    assert error["code"] == "not_supported"
    assert "filling in the middle" in error["message"]
    path = tmp_path / "coder.gguf"
    marks = {f"tokenizer.ggml.fim_{part}_token_id": 5 + at for at, part in enumerate(PARTS)}
    ZOO["qwen2"].write(path, cache() / "vocabularies", marks)
    with running(path, "--context", "256", "--threads", "1") as coder:
        body = {"prompt": "def a():", "suffix": "<|im_end|>", "max_tokens": 3}
        answer = coder.ready().client.post("/v1/completions", json=body).json()

        def count(text: str, special: bool) -> int:
            asked = {"content": text, "parse_special": special}
            return len(coder.client.post("/tokenize", json=asked).json()["tokens"])

        # Text of control tokens stays text; the three marks come on top.
        expected = 3 + count("def a():", False) + count("<|im_end|>", False)
        assert answer["usage"]["prompt_tokens"] == expected


def test_figures_are_told(runner: Runner) -> None:
    runner.chat("Hello!")
    counters = runner.idle()
    text = runner.client.get("/metrics").text
    told = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert int(told["echelon_engine_steps_total"]) == counters["steps"]
    assert int(told["echelon_engine_tokens_total"]) == counters["tokens"]
    assert int(told["echelon_engine_prompt_tokens_evaluated_total"]) == counters["evaluated"]
    assert int(told['echelon_engine_requests_total{outcome="stop"}']) > 0
    assert int(told["echelon_engine_cache_cells"]) == 2048
    assert int(told["echelon_engine_cache_cells_used"]) > 0


def test_without_a_folder_states_are_refused(runner: Runner) -> None:
    response = runner.client.post("/states/save")
    assert response.status_code == 400
    assert "--states" in response.json()["error"]["message"]


THINKER = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{{ '<|im_start|>assistant\n' }}"
    "{% if enable_thinking is defined and not enable_thinking %}{{ '<think>\n\n</think>\n\n' }}"
    "{% else %}{{ '<think>\n' }}{% endif %}"
)


@pytest.fixture(scope="module")
def thinker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    path = tmp_path_factory.mktemp("thinker") / "thinker.gguf"
    ZOO["llama"].write(path, cache() / "vocabularies", {"tokenizer.chat_template": THINKER})
    with running(path, "--context", "1024", "--threads", "1") as started:
        yield started.ready()


def test_thoughts_have_a_budget_and_a_place_of_their_own(thinker: Runner) -> None:
    answer = thinker.chat("Hi", max_tokens=40, reasoning_budget=6)["choices"][0]["message"]
    assert answer["reasoning_content"]
    assert answer["content"]
    assert "</think>" not in answer["reasoning_content"] + answer["content"]
    chunks = thinker.stream("Hi", max_tokens=40, reasoning_budget=6)
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    thoughts = "".join(delta.get("reasoning_content", "") for delta in deltas)
    words = "".join(delta.get("content", "") for delta in deltas)
    assert (thoughts, words) == (answer["reasoning_content"], answer["content"])


def test_thoughts_without_an_end_leave_no_words(thinker: Runner) -> None:
    answer = thinker.chat("Hi", max_tokens=20)["choices"][0]
    assert answer["finish_reason"] == "length"
    assert answer["message"]["content"] == ""
    assert answer["message"]["reasoning_content"]


def test_thinking_can_be_switched_off(thinker: Runner) -> None:
    off = {"chat_template_kwargs": {"enable_thinking": False}}
    answer = thinker.chat("Hi", max_tokens=20, **off)["choices"][0]["message"]
    assert "reasoning_content" not in answer
    assert answer["content"]


def test_a_schema_waits_for_the_end_of_the_thoughts(thinker: Runner) -> None:
    answer = thinker.chat("Hi", max_tokens=200, reasoning_budget=4, json_schema={"enum": [1, 2]})
    message = answer["choices"][0]["message"]
    assert message["content"] in ("1", "2")
    assert message["reasoning_content"]


def test_somebody_can_end_the_thoughts(thinker: Runner) -> None:
    events = []
    with thinker.streaming("Hi", max_tokens=900, json_schema={"enum": [1, 2]}) as lines:
        for line in lines:
            if not line or line.endswith("[DONE]"):
                continue
            events.append(json.loads(line[6:]))
            thought = "reasoning_content" in events[-1]["choices"][0]["delta"]
            if thought and len(events) < 3:
                body = {"id": events[0]["id"], "action": "reasoning_end"}
                with thinker.new_client() as client:
                    told = client.post("/v1/chat/completions/control", json=body)
                assert told.json() == {"id": events[0]["id"]}
    deltas = [event["choices"][0]["delta"] for event in events]
    assert "".join(delta.get("content", "") for delta in deltas) in ("1", "2")
    assert any("reasoning_content" in delta for delta in deltas)
    assert "</think>" not in json.dumps(deltas)
    over = {"id": events[0]["id"], "action": "reasoning_end"}
    for wrong in (over, {**over, "id": "chatcmpl-0"}):
        assert thinker.client.post("/v1/chat/completions/control", json=wrong).status_code == 404
    odd = {**over, "action": "dance"}
    assert thinker.client.post("/v1/chat/completions/control", json=odd).status_code == 400


STATES = ("--states-least", "16", "--context", "1024", "--sequences", "2", "--threads", "2")


def asked_again(thread: list[dict[str, str]], answer: dict[str, Any]) -> list[dict[str, str]]:
    return [
        *thread,
        {"role": "assistant", "content": text_of(answer)},
        {"role": "user", "content": "And of France?"},
    ]


@pytest.mark.parametrize("name", ["front", "llama", "gemma", "mamba", "hybrid"])
def test_yesterdays_conversation_goes_on_without_reading_it_again(
    tmp_path: Path, name: str
) -> None:
    path = FRONT
    if name != "front":
        path = tmp_path / f"{name}.gguf"
        ZOO[name].write(path, cache() / "vocabularies")
    arguments = (*STATES, "--states", str(tmp_path / "states"))
    with running(path, *arguments) as runner:
        first = runner.ready().thread([{"role": "user", "content": QUESTION}], max_tokens=8)
        runner.process.send_signal(signal.SIGTERM)
        assert runner.wait() == 0
    thread = asked_again([{"role": "user", "content": QUESTION}], first)
    with running(path, *arguments) as runner:
        second = runner.ready().thread(thread, max_tokens=12)
        new = second["timings"]["prompt_n"]
        assert runner.idle()["evaluated"] == new
        assert second["timings"]["cache_n"] > first["usage"]["prompt_tokens"] - 2
        assert new < second["usage"]["prompt_tokens"] - second["timings"]["cache_n"] + 1
    with running(path, *STATES) as cold:
        assert text_of(cold.ready().thread(thread, max_tokens=12)) == text_of(second)


def test_states_are_saved_listed_brought_back_and_forgotten(tmp_path: Path) -> None:
    arguments = (*STATES, "--states", str(tmp_path))
    thread = [{"role": "user", "content": QUESTION}]
    with running(FRONT, *arguments) as runner:
        runner.ready().thread(thread)
        runner.idle()
        (saved,) = runner.client.post("/states/save").json()["data"]
        assert saved["bytes"] == (tmp_path / f"{saved['key']}.state").stat().st_size
    # A kill asks nobody; what was saved before is there.
    with running(FRONT, *arguments) as runner:
        runner.ready()
        assert runner.client.get("/states").json()["data"] == [saved]
        restored = runner.client.post("/states/restore", json={"key": saved["key"]}).json()
        assert restored["restored"] == saved["tokens"]
        again = runner.thread(thread)
        assert again["timings"]["prompt_n"] == 1
        response = runner.client.post("/states/restore", json={"key": "x"})
        assert response.status_code == 404
        forgotten = runner.client.post("/states/forget", json={}).json()["forgotten"]
        assert forgotten == [saved["key"]]
        assert list(tmp_path.iterdir()) == []
        assert runner.thread(thread)["timings"]["cache_n"] == 0


def test_a_state_of_another_context_or_a_damaged_one_is_only_refused(tmp_path: Path) -> None:
    arguments = (*STATES, "--states", str(tmp_path))
    with running(FRONT, *arguments) as runner:
        expected = text_of(runner.ready().chat(QUESTION))
        runner.process.send_signal(signal.SIGTERM)
        runner.wait()
    with running(FRONT, *arguments, "--context", "512") as other:
        answer = other.ready().chat(QUESTION)
        assert (text_of(answer), answer["timings"]["cache_n"]) == (expected, 0)
        (reason,) = other.client.get("/states").json()["refused"].values()
        assert reason == "it was made with context 1024, here it is 512"
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:-40] + bytes(40))
    with running(FRONT, *arguments) as runner:
        answer = runner.ready().chat(QUESTION)
        assert (text_of(answer), answer["timings"]["cache_n"]) == (expected, 0)
        assert not path.exists()
    assert any("it is damaged" in line for line in runner.log)


@pytest.fixture(scope="module")
def drafting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    costs = tmp_path_factory.mktemp("costs")
    as_on_a_fast_machine(costs)
    arguments = ("--costs", str(costs), "--context", "2048", "--sequences", "4")
    with running(FRONT, *arguments) as started:
        yield started.ready()


def predicted(runner: Runner, temperature: float, **fields: Any) -> tuple[str, dict[str, Any]]:
    """Ask once without a prediction, and once more with that answer as the prediction."""
    fields = {**fields, "temperature": temperature, "seed": 1, "max_tokens": 1200}
    wanted = text_of(runner.chat(QUESTION, **fields))
    guess = {"type": "content", "content": wanted}
    answer = runner.chat(QUESTION, prediction=guess, **fields)
    assert text_of(answer) == wanted
    return wanted, answer["timings"]


@pytest.mark.parametrize("temperature", [0, 0.8])
def test_grammars_hold_while_drafting(drafting: Runner, temperature: float) -> None:
    several = {"type": "array", "items": PLACE, "minItems": 3, "maxItems": 3}
    told, timings = predicted(drafting, temperature, json_schema=several)
    places = json.loads(told)
    assert len(places) == 3
    for place in places:
        check_place(json.dumps(place))
    assert timings["drafters"]["prediction"][0] > 0
    other = json.dumps([{"city": "Oslo", "people": 5, "coast": "south"}] * 3)
    fields = {"temperature": temperature, "seed": 1, "max_tokens": 1200}
    guess = {"type": "content", "content": other}
    answer = drafting.chat(QUESTION, prediction=guess, json_schema=several, **fields)
    assert text_of(answer) == told
    assert answer["timings"]["drafters"]["prediction"][0] > 0


# No token is made of several of these characters, so there is one way to write a text; and all but
# the first of each line are given, so what is predicted stands whatever the model likes to write.
ALONE = r"""root ::= line line line
line ::= [\x01-\x06] "\x01\x02\x03\x04\x05\x06\x05\x04\x03\x02\x01\x0b"
"""


@pytest.mark.parametrize("temperature", [0, 0.8])
def test_drafts_stand_under_a_grammar(drafting: Runner, temperature: float) -> None:
    told, timings = predicted(drafting, temperature, grammar=ALONE)
    tokens = drafting.client.post("/tokenize", json={"content": told}).json()["tokens"]
    assert len(tokens) == len(told) == 39
    assert [len(line) for line in told.split("\x0b")] == [12, 12, 12, 0]
    assert timings["draft_n_accepted"] >= 20
    assert timings["predicted_steps"] <= 39 - 20


def test_a_tool_is_called_while_drafting(drafting: Runner) -> None:
    fields: dict[str, Any] = {"tools": TOOLS, "tool_choice": "required", "max_tokens": 300}
    guess = {"type": "content", "content": json.dumps({"city": "Oslo", "people": 5, "coast": None})}
    answer = drafting.chat(QUESTION, prediction=guess, **fields)
    check_place(answer["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"])


def test_told_times_stand_in_for_a_measurement_that_was_never_made(tmp_path: Path) -> None:
    told = {"0": {"1": 1000.0, "2": 1010.0, "4": 1020.0}, "1024": {"1": 1100.0, "4": 1150.0}}
    arguments = ("--costs", str(tmp_path), "--context", "2048")
    with running(FRONT, *arguments, "--told", json.dumps(told)) as runner:
        found = runner.ready().client.get("/drafters/prices").json()
        assert found["milliseconds"] == told["0"]
        assert found["longer"]["1024"]["4"] == 1150.0
        assert (found["threads"], found["off"]) == (Options.threads, "")
        assert text_of(runner.chat(QUESTION, temperature=0))
    as_on_a_fast_machine(tmp_path)  # what was measured here comes first
    with running(FRONT, *arguments, "--told", json.dumps(told)) as runner:
        assert runner.ready().client.get("/drafters/prices").json()["milliseconds"]["1"] < 1000
