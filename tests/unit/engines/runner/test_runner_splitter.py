"""Thoughts, words and calls are told apart, however the text is cut, and no text is lost."""

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.runner.reasoning import Tags, Thinking, left_open, tags_of
from app.engines.runner.splitter import Outline, Said, Splitter
from app.engines.runner.toolcalls import (
    HERMES,
    LLAMA,
    MISTRAL,
    MISTRAL_NAMED,
    TAGGED,
    CallStyle,
    style_of,
)

THINKING = Thinking(Tags("<think>", "</think>"))
cuts = st.lists(st.integers(0, 300), max_size=12)


class Promise:
    """A listener that promises well-formed calls, or not."""

    def __init__(self, sure: bool) -> None:
        self.sure = sure
        self.heard: list[str] = []

    def thinking_ended(self, rest: str) -> None:
        self.heard.append(f"thought|{rest}")

    def call_began(self, rest: str) -> bool:
        self.heard.append(f"call|{rest}")
        return self.sure

    def call_ended(self) -> None:
        self.heard.append("end")


def read(
    text: str, outline: Outline, places: list[int] | None = None, *, sure: bool = False
) -> dict[str, Any]:
    """Return what was told in each channel."""
    splitter = Splitter(outline, Promise(sure))
    edges = [0, *sorted(place % (len(text) + 1) for place in places or []), len(text)]
    said: list[Said] = []
    for start, end in itertools.pairwise(edges):
        said += splitter.push(text[start:end])
    pending = splitter.pending
    said += splitter.close()
    found: dict[str, Any] = {"content": "", "reasoning": "", "calls": [], "pending": pending}
    for each in said:
        if each.call is None:
            found[each.channel] += each.text
        elif each.call.name:
            assert len(each.call.id) == 9
            found["calls"].append([each.call.name, each.call.arguments])
        else:
            found["calls"][each.call.index][1] += each.call.arguments
    return found


@given(st.text(max_size=60), cuts)
def test_text_without_tags_is_shown_as_it_is(text: str, places: list[int]) -> None:
    for outline in (Outline(), Outline(THINKING), Outline(THINKING, HERMES)):
        found = read(text, outline, places)
        assert (found["content"], found["calls"]) == (text, [])


@given(cuts, st.booleans())
def test_thoughts_come_apart_from_the_answer(places: list[int], begun: bool) -> None:
    thinking = Thinking(THINKING.tags, begun=begun)
    text = "\nTwo and two.\nIs 4 < 5?\n</think>\n\nIt is <think>4</think>."
    found = read(text if begun else f" <think>{text}", Outline(thinking), places)
    assert found["reasoning"] == "Two and two.\nIs 4 < 5?"
    assert found["content"] == "It is <think>4</think>."


def test_thoughts_that_never_end_are_thoughts() -> None:
    found = read("<think>\nHm, hm </thi", Outline(THINKING))
    assert (found["reasoning"], found["content"]) == ("Hm, hm </thi", "")


def test_only_the_beginning_of_an_answer_can_be_a_thought() -> None:
    text = "The tag <think> opens, </think> closes."
    assert read(text, Outline(THINKING))["content"] == text


OSLO = {"city": "Oslo", "days": 3}
NESTED = {"text": 'a "quoted" } and </tool_call> [\\', "list": [{"x": [1, {}]}]}


def call(name: str, arguments: object, key: str = "arguments") -> str:
    return json.dumps({"name": name, key: arguments})


CALLS = {
    "hermes": (
        HERMES,
        f"<tool_call>\n{call('w', OSLO)}\n</tool_call>\n<tool_call>{call('n', NESTED)}</tool_call>",
    ),
    "llama": (LLAMA, call("w", OSLO, "parameters")),
    "llama with a mark": (LLAMA, f"<|python_tag|>{call('w', OSLO, 'parameters')}"),
    "mistral": (MISTRAL, f"[TOOL_CALLS] [{call('w', OSLO)}, {call('n', NESTED)}]"),
    "mistral named and numbered": (
        MISTRAL_NAMED,
        f"[TOOL_CALLS]w[CALL_ID]abc123[ARGS]{json.dumps(OSLO)}[TOOL_CALLS]n[ARGS]{json.dumps(NESTED)}",
    ),
    "mistral named": (
        MISTRAL_NAMED,
        f"[TOOL_CALLS]w[ARGS]{json.dumps(OSLO)}[TOOL_CALLS]n[ARGS]{json.dumps(NESTED)}",
    ),
}
EXPECTED = [["w", OSLO], ["n", NESTED]]


@pytest.mark.parametrize("sure", [False, True])
@pytest.mark.parametrize(("style", "text"), CALLS.values(), ids=CALLS.keys())
@given(places=cuts)
def test_calls_are_read_in_every_style(
    style: CallStyle, text: str, sure: bool, places: list[int]
) -> None:
    found = read(text, Outline(THINKING, style), places, sure=sure)
    calls = [[name, json.loads(arguments)] for name, arguments in found["calls"]]
    assert calls == EXPECTED[: len(calls)]
    assert len(calls) == (1 if style is LLAMA else 2)
    assert (found["content"], found["reasoning"]) == ("", "")


@given(places=cuts)
def test_calls_in_tags_get_their_meaning_from_the_schema(places: list[int]) -> None:
    text = (
        "Let me see.\n<tool_call>\n<function=w>\n<parameter=city>\n12\n</parameter>\n"
        "<parameter=days>\n12\n</parameter>\n<parameter=why>\nfor\nfun\n</parameter>\n"
        "</function>\n</tool_call>"
    )
    schemas = {"w": {"properties": {"city": {"type": "string"}, "days": {"type": "integer"}}}}
    found = read(text, Outline(THINKING, TAGGED, schemas), places)
    ((name, arguments),) = found["calls"]
    assert (name, json.loads(arguments)) == ("w", {"city": "12", "days": 12, "why": "for\nfun"})
    assert found["content"] == "Let me see."


def test_words_and_thoughts_may_stand_around_calls() -> None:
    text = f"<think>Call it.</think>\nI look.\n<tool_call>{call('w', OSLO)}</tool_call>\nDone."
    found = read(text, Outline(THINKING, HERMES))
    assert (found["reasoning"], found["content"]) == ("Call it.", "I look.\nDone.")
    assert len(found["calls"]) == 1


BROKEN = {
    "no json": (HERMES, "<tool_call>\n{'name': w}\n</tool_call>"),
    "no name": (HERMES, '<tool_call>{"arguments": {}}</tool_call>'),
    "arguments are a list": (HERMES, '<tool_call>{"name": "w", "arguments": []}</tool_call>'),
    "no object": (HERMES, "<tool_call>hello</tool_call>"),
    "nothing": (HERMES, "<tool_call></tool_call>"),
    "half": (HERMES, 'Well, <tool_call>{"name": "w", "argu'),
    "half a mark": (HERMES, "Well, <tool_c"),
    "text that looks like a call": (LLAMA, '{"name": "w", "parameters": 5} is wrong'),
    "other json": (LLAMA, '{"names": ["a"]}'),
    "code": (LLAMA, "<|python_tag|>print(1)"),
    "empty list": (MISTRAL, "[TOOL_CALLS] []"),
    "broken list": (MISTRAL, '[TOOL_CALLS] [{"name": 1}]'),
    "broken arguments": (MISTRAL_NAMED, "[TOOL_CALLS]w[ARGS]{'a'}"),
    "endless name": (MISTRAL_NAMED, "[TOOL_CALLS]" + "name " * 100),
    "half a function": (TAGGED, "<tool_call>\n<function=w>\n<parameter=a>1"),
}


@pytest.mark.parametrize(("style", "text"), BROKEN.values(), ids=BROKEN.keys())
@given(places=cuts)
def test_what_is_no_call_stays_text(style: CallStyle, text: str, places: list[int]) -> None:
    found = read(text, Outline(THINKING, style), places)
    assert (found["content"], found["calls"]) == (text, [])


@given(
    st.lists(st.sampled_from(["<tool_call>", "</tool_call>", '{"name": "w"', "}", "<think>", " "])),
    cuts,
)
def test_nothing_is_told_twice_and_nothing_breaks(parts: list[str], places: list[int]) -> None:
    text = "".join(parts)
    whole, cut = (read(text, Outline(THINKING, HERMES), each) for each in ([], places))
    assert (whole["content"], whole["reasoning"]) == (cut["content"], cut["reasoning"])
    assert len(whole["content"]) <= len(text)


def test_the_listener_hears_the_rest_of_the_token() -> None:
    promise = Promise(sure=True)
    thinking = Thinking(THINKING.tags, begun=True)
    splitter = Splitter(Outline(thinking, HERMES), promise)
    splitter.push("Hm</think>\n\nSo")
    splitter.push('<tool_call>\n{"na')
    splitter.push('me": "w", "arguments": {"a": 1}}')
    assert promise.heard[-1] != "end"
    splitter.push("</tool_call>")
    assert promise.heard == ["thought|So", 'call|\n{"na', "end"]


def test_a_call_that_is_sure_is_told_as_it_comes() -> None:
    splitter = Splitter(Outline(None, HERMES), Promise(sure=True))
    pieces = ('<tool_call>{"name": "w", ', '"arguments": {"a"', ": [1,", " 2]}", "}")
    heard = [[each.call for each in splitter.push(piece)] for piece in pieces]
    told = [[(each.name, each.arguments) for each in calls if each] for calls in heard]
    assert told == [[], [("w", ""), ("", '{"a"')], [("", ": [1,")], [("", " 2]}")], []]


@pytest.mark.parametrize(
    ("template", "style"),
    [
        ("{% for m in messages %}{{ m }}{% endfor %}", None),
        ("{{ tools }}<tool_call>", HERMES),
        ("{{ tools }}<tool_call><function=", TAGGED),
        ("{{ tools }}[TOOL_CALLS]", MISTRAL),
        ("{{ tools }}[TOOL_CALLS][ARGS]", MISTRAL_NAMED),
        ("{{ tools }}<|python_tag|>", LLAMA),
        ('{{ tools }} {"name": x, "parameters": dictionary}', LLAMA),
        ("{{ tools }}<function=", None),
        ("{{ tools }}>>>all", None),
    ],
)
def test_the_style_is_seen_in_the_template(template: str, style: CallStyle | None) -> None:
    assert style_of(template) == style


def test_the_tags_are_seen_in_the_template_and_in_the_prompt() -> None:
    magistral = tags_of("...[THINK]x[/THINK]")
    assert magistral == Tags("[THINK]", "[/THINK]")
    assert tags_of("") == THINKING.tags
    assert left_open("<|im_start|>assistant\n<think>\n", THINKING.tags)
    assert not left_open("assistant\n<think>\n\n</think>\n\n", THINKING.tags)
