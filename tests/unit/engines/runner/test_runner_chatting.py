"""Chats with tools: read as OpenAI writes them, told to templates that know tools or not."""

import json
from typing import Any

import pytest

from app.engines.runner.chatting import ChatBody
from app.engines.runner.failures import Refused
from app.engines.runner.metrics import metrics
from app.engines.runner.protocol import parse
from app.engines.runner.status import Counters, Phase, Status
from app.engines.runner.template import ChatTemplate
from app.engines.runner.toolprompt import explained, spelled_out

CALL = {"id": "c1", "type": "function", "function": {"name": "w", "arguments": '{"city": "Oslo"}'}}
TOOL: Any = {
    "type": "function",
    "function": {"name": "w", "description": "Weather", "parameters": {"type": "object"}},
}
THREAD = [
    {"role": "developer", "content": "Be brief."},
    {"role": "user", "content": "Weather in Oslo?", "name": "somebody"},
    {"role": "assistant", "content": None, "tool_calls": [CALL], "reasoning_content": "Ask."},
    {"role": "tool", "content": "rain", "tool_call_id": "c1", "name": "w"},
    {"role": "tool", "content": "cold", "tool_call_id": "c2"},
]


def chat(**fields: object) -> ChatBody:
    body = {"messages": [{"role": "user", "content": "hi"}], **fields}
    return parse(ChatBody, json.dumps(body).encode())


def test_messages_reach_the_template_with_calls_as_values() -> None:
    plain: list[dict[str, Any]] = [each.plain() for each in chat(messages=THREAD).messages]
    assert [each["role"] for each in plain] == ["system", "user", "assistant", "tool", "tool"]
    assert "name" not in plain[1]
    assert plain[2]["content"] == ""
    assert plain[2]["reasoning_content"] == "Ask."
    assert plain[2]["tool_calls"][0]["function"] == {"name": "w", "arguments": {"city": "Oslo"}}
    assert (plain[3]["tool_call_id"], plain[3]["name"]) == ("c1", "w")


def test_arguments_that_are_no_json_stay_text() -> None:
    call = {"function": {"name": "w", "arguments": "Oslo?"}}
    message = {"role": "assistant", "tool_calls": [call]}
    plain: Any = chat(messages=[message]).messages[0].plain()
    assert plain["tool_calls"][0]["function"]["arguments"] == "Oslo?"


def test_a_template_is_told_the_tools_and_more() -> None:
    source = "{{ tools[0].function.name }} {{ enable_thinking }} {{ messages[0].content }}"
    body = chat(tools=[TOOL], chat_template_kwargs={"enable_thinking": False})
    told = {"tools": [tool.plain() for tool in body.tools], **body.template_fields()}
    messages = [message.plain() for message in body.messages]
    assert ChatTemplate(source).render(messages, told) == "w False hi"


def test_a_tool_reaches_the_template_as_it_came() -> None:
    assert chat(tools=[TOOL]).tools[0].plain() == TOOL


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        ("auto", ["w", "v"]),
        ("required", ["w", "v"]),
        ("none", []),
        ({"type": "function", "function": {"name": "v"}}, ["v"]),
    ],
)
def test_the_choice_says_which_tools_are_offered(choice: object, names: list[str]) -> None:
    other = {"function": {"name": "v"}}
    offered = chat(tools=[TOOL, other], tool_choice=choice).offered()
    assert [tool.function.name for tool in offered] == names


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"messages": [{"role": "assistant", "content": None}]}, "messages.0.content"),
        ({"tools": [{"function": {"name": "no spaces"}}]}, "tools.0.function.name"),
        ({"tool_choice": "maybe"}, "tool_choice"),
        ({"chat_template_kwargs": {"messages": []}}, "chat_template_kwargs"),
        ({"reasoning_budget": -2}, "reasoning_budget"),
        ({"response_format": {"type": "xml"}}, "response_format"),
        ({"logit_bias": 5}, "logit_bias"),
    ],
)
def test_mistakes_are_named(fields: dict[str, object], place: str) -> None:
    with pytest.raises(Refused, match=place):
        chat(**fields)


@pytest.mark.parametrize(
    ("fields", "schema"),
    [
        ({}, None),
        ({"response_format": {"type": "text"}}, None),
        ({"response_format": {"type": "json_object"}}, {"type": "object"}),
        ({"response_format": {"type": "json_object", "schema": {"a": 1}}}, {"a": 1}),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"schema": {"b": 1}}}},
            {"b": 1},
        ),
        ({"json_schema": True}, True),
    ],
)
def test_the_form_of_an_answer_is_asked_for_in_several_ways(
    fields: dict[str, object], schema: object
) -> None:
    assert chat(**fields).wished_schema() == schema


def test_tools_are_explained_where_the_template_knows_none() -> None:
    messages = [message.plain() for message in chat(messages=THREAD).messages]
    told = explained(messages, [TOOL])
    assert [each["role"] for each in told] == ["system", "user", "assistant", "user"]
    system = str(told[0]["content"])
    assert system.startswith("Be brief.\n\n")
    assert '{"name": "w", "description": "Weather"' in system
    call = '<tool_call>\n{"name": "w", "arguments": {"city": "Oslo"}}\n</tool_call>'
    assert told[2]["content"] == call
    results = "<tool_response>\nrain\n</tool_response>\n<tool_response>\ncold\n</tool_response>"
    assert told[3] == {"role": "user", "content": results}
    assert explained(messages[1:2], [TOOL])[0]["role"] == "system"


def test_a_thread_without_tools_stays_as_it_is() -> None:
    messages = [message.plain() for message in chat(messages=THREAD[:2]).messages]
    assert spelled_out(messages) == messages


def test_figures_are_told_to_prometheus() -> None:
    counters = Counters(steps=7, tokens=5, held=3, requests={"stop": 2, "error": 1})
    text = metrics(Status(counters, Phase.READY), queued=4, cells=64)
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert 'echelon_engine_requests_total{outcome="stop"} 2' in lines
    assert "echelon_engine_steps_total 7" in lines
    assert "echelon_engine_requests_queued 4" in lines
    assert "echelon_engine_cache_cells_used 3" in lines
    assert all(len(line.split()) == 2 for line in lines)
