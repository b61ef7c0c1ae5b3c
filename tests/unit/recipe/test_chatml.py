"""Chats look the same to the training and to whoever uses the template in the model files."""

import json
from itertools import islice
from random import Random

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

from resources.models.recipe import mix
from resources.models.recipe.chatml import OPENED, TEMPLATE, Chat, pieces, render

TEMPLATES = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
# As every engine does: Jinja's own filter is made for HTML.
TEMPLATES.filters["tojson"] = lambda value: json.dumps(value, ensure_ascii=False)


def _by_template(chat: Chat, *, prompt: bool, thinking: bool = False) -> str:
    return TEMPLATES.from_string(TEMPLATE).render(
        messages=list(chat.messages),
        tools=list(chat.tools),
        add_generation_prompt=prompt,
        enable_thinking=thinking,
    )


def _without_thought(chat: mix.Mixed) -> Chat:
    drop = "reasoning_content"
    kept = [{k: v for k, v in message.items() if k != drop} for message in chat.messages]
    return Chat(tuple(kept), chat.tools)


@pytest.mark.parametrize("model", ["front", "coder"])
def test_the_template_renders_what_training_saw(model: str) -> None:
    for mixed in islice(mix.chats(Random(11), model, 0.7), 300):
        chat = _without_thought(mixed)
        assert _by_template(chat, prompt=False) == render(chat)
        question = Chat(chat.messages[:-1], chat.tools)
        assert _by_template(question, prompt=True) == render(question, prompt=True)


def test_the_model_writes_answers_and_only_those() -> None:
    chat = Chat(({"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}))
    assert [piece.text for piece in pieces(chat) if piece.written] == ["Hello.<|im_end|>"]


def test_thinking_is_opened_for_the_model_and_closed_by_it() -> None:
    question = {"role": "user", "content": "2 + 2"}
    answer = {"role": "assistant", "content": "4", "reasoning_content": "2 and 2"}
    chat = Chat((question, answer))
    written = [piece.text for piece in pieces(chat) if piece.written]
    assert written == ["2 and 2\n</think>\n\n4<|im_end|>"]
    prompt = _by_template(Chat((question,)), prompt=True, thinking=True)
    assert prompt.endswith(OPENED)
    assert render(chat).startswith(prompt)
