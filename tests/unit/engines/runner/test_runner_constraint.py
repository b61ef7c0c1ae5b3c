"""An answer under a grammar: thoughts stay free until their budget ends, calls follow schemas."""

import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.domain.models import Sampling
from app.engines.runner import library
from app.engines.runner.chatting import ChatBody
from app.engines.runner.failures import Refused
from app.engines.runner.generation import Generation
from app.engines.runner.intake import Asked, Intake
from app.engines.runner.library import LogTap
from app.engines.runner.model import Model
from app.engines.runner.outbox import Broken, Ended, Outbox
from app.engines.runner.protocol import parse
from app.engines.runner.sampling import NO_TOKEN
from app.engines.runner.text import Emission

FRONT = Path(__file__).parents[4] / "resources" / "models" / "front.gguf"
WINDOW = 2048
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": name,
            "parameters": {
                "type": "object",
                "properties": {"city": {"enum": ["Oslo", "Rome"]}, "days": {"type": "integer"}},
                "required": ["city", "days"],
            },
        },
    }
    for name in ("weather", "news")
]
TEMPLATES = {
    "hermes": "{{ tools }}<tool_call>",
    "tagged": "{{ tools }}<tool_call><function=",
    "llama": "{{ tools }}<|python_tag|>",
    "mistral": "{{ tools }}[TOOL_CALLS]",
    "mistral named": "{{ tools }}[TOOL_CALLS][ARGS]",
    "other": "{{ messages }}",
}


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    native = library.load()
    log = LogTap(native, sys.stderr.write, verbose=False, hushed=lambda: False)
    model = Model(native, FRONT, log, lambda _: None)
    yield model
    model.close()
    log.close()


class Taught:
    """The model with another template."""

    def __init__(self, model: Model, template: str) -> None:
        self._model = model
        self.template = template

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)


def asked(model: Model, template: str = "", **fields: object) -> Asked:
    body = {"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 400, **fields}
    taught: Any = Taught(model, template)
    return Intake(taught, WINDOW).chat(parse(ChatBody, json.dumps(body).encode()))


class Answer:
    """An answer written by a model with random scores, or word by word by the test."""

    def __init__(self, model: Model, request: Asked, seed: int = 0) -> None:
        self.outbox = Outbox(threading.Event().set)
        order = replace(request.order, sampling=Sampling(seed=seed, max_tokens=300))
        self.generation = Generation(order, request.speech, self.outbox, lambda: 0.0, WINDOW)
        self._model = model
        self._random = np.random.default_rng(seed)

    def say(self, text: str) -> None:
        for token in self._model.tokenize(text, add_special=False, parse_special=False):
            assert self.generation.keep(token, None)

    def go_on(self, steps: int = 1000) -> None:
        for _ in range(steps):
            if self.generation.finish_reason:
                return
            scores = self._random.normal(0, 3, self._model.n_vocab).astype(np.float32)
            scores[self._model.eos] += 8
            token, _ = self.generation.choose(scores)
            if token != NO_TOKEN:
                self.generation.keep(token, None)

    def told(self) -> dict[str, Any]:
        if self.generation.finish_reason not in ("", "error"):
            self.generation.conclude()
        found: dict[str, Any] = {"content": "", "reasoning": "", "calls": [], "end": ""}
        for message in self.outbox.drain():
            if isinstance(message, Ended):
                found["end"] = message.finish_reason
            elif isinstance(message, Broken):
                found["end"] = message.code
            elif isinstance(message, Emission) and message.call is None:
                found[message.channel] += message.text
            elif isinstance(message, Emission) and message.call is not None:
                if message.call.name:
                    found["calls"].append([message.call.name, ""])
                found["calls"][message.call.index][1] += message.call.arguments
        return found


def check_calls(calls: list[list[str]]) -> None:
    for name, arguments in calls:
        given = json.loads(arguments)
        assert name in ("weather", "news")
        assert given["city"] in ("Oslo", "Rome")
        assert isinstance(given["days"], int)


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES.keys())
@pytest.mark.parametrize("seed", range(4))
def test_a_required_call_is_made_by_any_model(model: Model, template: str, seed: int) -> None:
    request = asked(model, template, tools=TOOLS, tool_choice="required", parallel_tool_calls=False)
    answer = Answer(model, request, seed)
    answer.go_on()
    told = answer.told()
    assert (told["end"], told["content"]) == ("tool_calls", "")
    assert len(told["calls"]) == 1
    check_calls(told["calls"])


BEGINNINGS = {
    "hermes": "Well.\n<tool_call>\n{",
    "llama": '{"name": "wea',
    "mistral": "[TOOL_CALLS] [{",
    "mistral named": "[TOOL_CALLS]ne",
    "tagged": "<tool_call>\n<func",
    "other": "Well. <tool_call>",
}


@pytest.mark.parametrize("style", TEMPLATES)
@pytest.mark.parametrize("seed", range(3))
def test_once_begun_a_call_follows_the_schema(model: Model, style: str, seed: int) -> None:
    request = asked(model, TEMPLATES[style], tools=TOOLS)
    answer = Answer(model, request, seed)
    free = np.zeros(model.n_vocab, np.float32)
    free[5] = 1
    assert answer.generation.choose(free)[0] in range(model.n_vocab)
    answer.say(BEGINNINGS[style])
    answer.go_on()
    told = answer.told()
    assert told["calls"]
    check_calls(told["calls"][:1])
    assert told["end"] in ("tool_calls", "length")


def test_after_a_call_words_are_free_again(model: Model) -> None:
    answer = Answer(model, asked(model, TEMPLATES["hermes"], tools=TOOLS))
    call = '<tool_call>{"name": "news", "arguments": {"city": "Rome", "days": 1}}</tool_call>'
    answer.say(f"{call}So: anything at all")
    answer.generation.finish("stop")
    told = answer.told()
    assert told["content"] == "So: anything at all"
    assert told["end"] == "tool_calls"


def test_what_does_not_fit_the_schema_is_not_held_against_the_model(model: Model) -> None:
    answer = Answer(model, asked(model, TEMPLATES["hermes"], tools=TOOLS))
    answer.say("<tool_call>nonsense</tool_call>")
    answer.generation.finish("stop")
    assert answer.told()["content"] == "<tool_call>nonsense</tool_call>"


def test_a_named_tool_is_the_one_that_is_called(model: Model) -> None:
    choice = {"type": "function", "function": {"name": "news"}}
    answer = Answer(model, asked(model, TEMPLATES["hermes"], tools=TOOLS, tool_choice=choice))
    answer.go_on()
    assert {name for name, _ in answer.told()["calls"]} == {"news"}


@pytest.mark.parametrize(
    "fields",
    [
        {"tool_choice": "required"},
        {"tools": TOOLS, "tool_choice": {"type": "function", "function": {"name": "x"}}},
        {"tools": TOOLS, "response_format": {"type": "json_object"}},
        {"grammar": "x", "json_schema": {}},
        {"response_format": {"type": "json_schema"}},
        {"logit_bias": {"999999": 1}},
        {"stream": True, "prompt_logprobs": 1},
        {
            "tools": [
                {"function": {"name": "f", "strict": True, "parameters": {"not": {}}}},
            ]
        },
    ],
)
def test_what_cannot_be_done_together_is_refused(model: Model, fields: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        asked(model, TEMPLATES["hermes"], **fields)
    assert caught.value.status == 400


def test_a_tool_whose_schema_is_beyond_us_may_be_called_with_anything(model: Model) -> None:
    tools = [{"function": {"name": "f", "parameters": {"not": {}}}}]
    request = asked(model, TEMPLATES["hermes"], tools=tools, tool_choice="required")
    assert request.order.rules.whole is not None


THINKING = "{{ messages[0].content }}<think>\n"


def test_thoughts_end_when_somebody_says_so_and_only_once(model: Model) -> None:
    answer = Answer(model, asked(model, THINKING, json_schema={"enum": ["yes"]}))
    answer.say("Hm")
    assert answer.generation.end_thoughts()
    assert not answer.generation.end_thoughts()
    answer.go_on()
    told = answer.told()
    assert (told["reasoning"], told["content"], told["end"]) == ("Hm", '"yes"', "stop")
    assert not answer.generation.end_thoughts()
    plain = Answer(model, asked(model, "{{ messages[0].content }}"))
    plain.say("Hm")
    assert not plain.generation.end_thoughts()


def test_thoughts_are_free_and_the_answer_behind_them_is_not(model: Model) -> None:
    answer = Answer(model, asked(model, THINKING, grammar='root ::= "yes" | "no"'))
    answer.say("Is it? It may be.</think>")
    answer.go_on()
    told = answer.told()
    assert told["reasoning"] == "Is it? It may be."
    assert told["content"] in ("yes", "no")
    assert told["end"] == "stop"


@pytest.mark.parametrize("budget", [0, 1, 5])
def test_thoughts_end_with_their_budget(model: Model, budget: int) -> None:
    request = asked(model, THINKING, reasoning_budget=budget, grammar='root ::= "yes"')
    answer = Answer(model, request, seed=3)
    thoughts = model.tokenize("a b c d e", add_special=False, parse_special=False)[:budget]
    for token in thoughts:
        answer.generation.keep(token, None)
    answer.go_on()
    told = answer.told()
    assert told["content"] == "yes"
    order = request.order
    before = len(order.prompt) + budget
    assert tuple(answer.generation.tokens[before:][: len(order.closing)]) == order.closing


def test_without_a_budget_thoughts_go_on(model: Model) -> None:
    for budget in (None, -1):
        answer = Answer(model, asked(model, THINKING, reasoning_budget=budget))
        answer.say("word " * 100)
        answer.generation.finish("length")
        told = answer.told()
        assert (told["content"], told["end"]) == ("", "length")
        assert told["reasoning"].startswith("word word")


def test_a_grammar_without_a_way_out_is_an_error_and_no_silence(model: Model) -> None:
    answer = Answer(model, asked(model, grammar="root ::= [\\u0000]"))
    answer.go_on(1)
    assert answer.told()["end"] == "grammar_stuck"


def test_biases_are_given_in_two_dialects(model: Model) -> None:
    (token,) = model.tokenize("The", add_special=False, parse_special=False)
    one = asked(model, logit_bias={str(token): -5}).order.bias
    two = asked(model, logit_bias=[["The", False], [token, 2]]).order.bias
    assert list(one) == [(token, -5.0)]
    assert list(two) == [(token, float("-inf")), (token, 2.0)]


def test_choices_differ_by_their_seed_alone(model: Model) -> None:
    order = asked(model, seed=7, prompt_logprobs=0).order
    assert [order.choice(place).sampling.seed for place in range(3)] == [7, 8, 9]
    assert [order.choice(place).prompt_logprobs for place in range(2)] == [0, None]
