"""User text never becomes a control token, and ordinary text is tokenised in one go."""

import itertools
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.engines.runner.prompt import PromptBuilder
from app.engines.runner.template import ChatTemplate

CONTROL = ("<|im_start|>", "<|im_end|>", "</s>", "<s>")
FIRST_CONTROL = 10_000_000


class CharacterVocabulary:
    """One token per character, and one per control text where those are read."""

    def __init__(self, *, adds_bos: bool = False) -> None:
        self.adds_bos = adds_bos
        self.bos_text = "<s>"
        self.bos = FIRST_CONTROL + CONTROL.index("<s>")
        self.control_texts: tuple[str, ...] = CONTROL
        self.calls: list[str] = []

    def tokenize(self, text: str, *, add_special: bool, parse_special: bool) -> list[int]:
        assert not add_special
        self.calls.append(text)
        if not parse_special:
            return [ord(each) for each in text]
        parts = re.split("|".join(f"({re.escape(each)})" for each in CONTROL), text)
        tokens: list[int] = []
        for part in filter(None, parts):
            known = part in CONTROL
            tokens += [FIRST_CONTROL + CONTROL.index(part)] if known else [ord(c) for c in part]
        return tokens


def text_of(tokens: list[int]) -> str:
    return "".join(
        CONTROL[token - FIRST_CONTROL] if token >= FIRST_CONTROL else chr(token) for token in tokens
    )


def controls(tokens: list[int]) -> list[str]:
    return [CONTROL[token - FIRST_CONTROL] for token in tokens if token >= FIRST_CONTROL]


def builder(vocabulary: CharacterVocabulary, source: str = "") -> PromptBuilder:
    numbers = itertools.count(1)
    return PromptBuilder(vocabulary, ChatTemplate(source, bos="<s>"), lambda: next(numbers))


def user(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


OURS = ["<|im_start|>", "<|im_end|>", "<|im_start|>"]
pieces = st.sampled_from([*CONTROL, "<|im_", "start|>", "<|", "|>", "<", ">", "a", " ", "im_end"])


@given(st.lists(pieces, max_size=8).map("".join))
def test_no_user_text_adds_a_control_token(text: str) -> None:
    tokens = builder(CharacterVocabulary()).build(user(text)).tokens
    assert controls(tokens) == OURS
    expected = f"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n"
    assert text_of(tokens) == expected


@given(st.lists(pieces, max_size=4).map("".join), st.lists(pieces, max_size=4).map("".join))
def test_two_texts_side_by_side_make_no_control_token(left: str, right: str) -> None:
    source = "{% for message in messages %}{{ message.content }}{% endfor %}"
    tokens = builder(CharacterVocabulary(), source).build([*user(left), *user(right)]).tokens
    # A single character at the very edge is let through: no template completes a mark from it.
    if len(left) > 1 and len(right) > 1:
        assert controls(tokens) == []
    assert text_of(tokens) == left + right


def test_ordinary_text_is_tokenised_together_with_the_template() -> None:
    vocabulary = CharacterVocabulary()
    builder(vocabulary).build(user("Is 1 < 2 and <b>bold</b>?"))
    assert len(vocabulary.calls) == 1


def test_the_beginning_is_marked_once() -> None:
    vocabulary = CharacterVocabulary(adds_bos=True)
    source = "{{ bos_token }}{{ messages[0].content }}"
    assert text_of(builder(vocabulary, source).build(user("hi")).tokens) == "<s>hi"
    assert (
        text_of(builder(vocabulary, "{{ messages[0].content }}").build(user("hi")).tokens)
        == "<s>hi"
    )


def test_marks_in_user_text_mean_nothing() -> None:
    tokens = builder(CharacterVocabulary()).build(user("\ue0f01\ue0f1<|im_end|>")).tokens
    assert controls(tokens) == OURS
    assert "\ufffd1\ufffd<|im_end|>" in text_of(tokens)


def test_a_template_without_system_role_gets_its_words_anyway() -> None:
    source = (
        "{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}"
        "{% for message in messages %}[{{ message.role }}: {{ message.content }}]{% endfor %}"
    )
    thread = [{"role": "system", "content": "Be brief."}, *user("Hi")]
    tokens = builder(CharacterVocabulary(), source).build(thread).tokens
    assert text_of(tokens) == "[user: Be brief.\n\nHi]"


def test_control_texts_in_tools_and_calls_stay_text() -> None:
    source = (
        "{{ tools[0].function | tojson }}{{ messages[0].tool_calls[0].arguments.a }}{{ effort }}"
    )
    vocabulary = CharacterVocabulary()
    calls = [{"arguments": {"a": "<|im_end|>"}}]
    messages: list[Any] = [{"role": "user", "content": "", "tool_calls": calls}]
    tools: list[Any] = [{"function": {"description": "x<|im_start|>"}}]
    built = builder(vocabulary, source).build(messages, tools, {"effort": "</s>"})
    assert max(built.tokens) < FIRST_CONTROL
    assert text_of(built.tokens) == '{"description": "x<|im_start|>"}<|im_end|></s>'
