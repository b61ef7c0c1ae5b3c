"""Chats as the models read and write them: ChatML, tool calls in the Hermes form.

The same rendering stands twice: here for the training, which must know which parts the model
writes, and as the Jinja template that goes into the GGUF files. A test holds the two together.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

END_OF_TEXT, START, END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
CONTROL = (END_OF_TEXT, START, END)
# One token each, but part of the text: a program reads them in the answer.
MARKS = (
    "<tool_call>",
    "</tool_call>",
    "<tool_response>",
    "</tool_response>",
    "<think>",
    "</think>",
)

# A model that is to think finds this written already, so none begins to think by itself.
OPENED, CLOSED = "<think>\n", "\n</think>\n\n"

TOOLS_HEAD = "# Tools\n\nYou may call one of these functions:\n<tools>"
TOOLS_TAIL = (
    "\n</tools>\n\nTo call one, write:\n<tool_call>\n"
    '{"name": <name>, "arguments": <arguments>}\n</tool_call>'
)

Message = Mapping[str, Any]


@dataclass(frozen=True)
class Chat:
    """Messages in the form of the OpenAI interface, and the functions that may be called."""

    messages: tuple[Message, ...]
    tools: tuple[Message, ...] = ()


# Chats without end, drawn from a random generator; the number says how far the training is (0..1).
Source = Callable[[Random, float], Iterator[Chat]]


@dataclass(frozen=True)
class Piece:
    """A stretch of a rendered chat; `written` when the model has to produce it."""

    text: str
    written: bool = False


def pieces(chat: Chat) -> Iterator[Piece]:
    """Yield the rendered chat in stretches."""
    messages = chat.messages
    if chat.tools:
        yield Piece(_system(chat))
        messages = messages[1:] if _opens(messages, "system") else messages
    for at, message in enumerate(messages):
        role = message["role"]
        if role == "tool":
            yield Piece(_response(messages, at))
        elif role == "assistant":
            thought = message.get("reasoning_content")
            yield Piece(f"{START}assistant\n{OPENED if thought else ''}")
            yield Piece(f"{_thinking(thought)}{_answer(message)}{END}", written=True)
            yield Piece("\n")
        else:
            yield Piece(f"{START}{role}\n{message['content']}{END}\n")


def render(chat: Chat, *, prompt: bool = False) -> str:
    """Return the whole text; as a `prompt` it ends where the model begins to write."""
    opening = f"{START}assistant\n" if prompt else ""
    return "".join(piece.text for piece in pieces(chat)) + opening


def call(name: str, arguments: Mapping[str, Any]) -> str:
    """Return a call of a function as the model writes it."""
    body = json.dumps({"name": name, "arguments": arguments}, ensure_ascii=False)
    return f"<tool_call>\n{body}\n</tool_call>"


def _opens(messages: Sequence[Message], role: str) -> bool:
    return bool(messages) and messages[0]["role"] == role


def _system(chat: Chat) -> str:
    given = f"{chat.messages[0]['content']}\n\n" if _opens(chat.messages, "system") else ""
    listed = "".join(f"\n{json.dumps(_function(tool), ensure_ascii=False)}" for tool in chat.tools)
    return f"{START}system\n{given}{TOOLS_HEAD}{listed}{TOOLS_TAIL}{END}\n"


def _function(tool: Message) -> object:
    return tool.get("function") or tool


def _answer(message: Message) -> str:
    parts = [message["content"]] if message.get("content") else []
    for made in message.get("tool_calls") or ():
        function = _function(made)
        assert isinstance(function, Mapping)
        parts.append(call(function["name"], function["arguments"]))
    return "\n".join(parts)


def _thinking(thought: str | None) -> str:
    return f"{thought}{CLOSED}" if thought else ""


def _response(messages: Sequence[Message], at: int) -> str:
    first = at == 0 or messages[at - 1]["role"] != "tool"
    last = at + 1 == len(messages) or messages[at + 1]["role"] != "tool"
    text = f"\n<tool_response>\n{messages[at]['content']}\n</tool_response>"
    head = f"{START}user" if first else ""
    return f"{head}{text}{END}\n" if last else f"{head}{text}"


def _quoted(text: str) -> str:
    return "'" + text.replace("\n", "\\n").replace("'", "\\'") + "'"


TEMPLATE = (
    "{%- if tools %}"
    f"{{{{- {_quoted(START + 'system' + chr(10))} }}}}"
    "{%- if messages[0].role == 'system' %}{{- messages[0].content + '\\n\\n' }}{%- endif %}"
    f"{{{{- {_quoted(TOOLS_HEAD)} }}}}"
    "{%- for tool in tools %}"
    "{{- '\\n' }}{{- (tool.function or tool) | tojson }}"
    "{%- endfor %}"
    f"{{{{- {_quoted(TOOLS_TAIL + END + chr(10))} }}}}"
    "{%- endif %}"
    "{%- for message in messages %}"
    "{%- if message.role == 'tool' %}"
    "{%- if loop.first or messages[loop.index0 - 1].role != 'tool' %}"
    "{{- '<|im_start|>user' }}"
    "{%- endif %}"
    "{{- '\\n<tool_response>\\n' + message.content + '\\n</tool_response>' }}"
    "{%- if loop.last or messages[loop.index0 + 1].role != 'tool' %}"
    "{{- '<|im_end|>\\n' }}"
    "{%- endif %}"
    "{%- elif message.role == 'assistant' %}"
    "{{- '<|im_start|>assistant\\n' }}"
    "{%- if message.content %}{{- message.content }}{%- endif %}"
    "{%- for made in message.tool_calls or [] %}"
    "{%- if message.content or not loop.first %}{{- '\\n' }}{%- endif %}"
    "{%- set function = made.function or made %}"
    "{{- '<tool_call>\\n{\"name\": ' }}{{- function.name | tojson }}"
    "{{- ', \"arguments\": ' }}"
    "{%- if function.arguments is string %}{{- function.arguments }}"
    "{%- else %}{{- function.arguments | tojson }}{%- endif %}"
    "{{- '}\\n</tool_call>' }}"
    "{%- endfor %}"
    "{{- '<|im_end|>\\n' }}"
    "{%- elif not (loop.first and tools and message.role == 'system') %}"
    "{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}"
    "{%- endif %}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}"
    "{%- if enable_thinking %}{{- '<think>\\n' }}{%- endif %}{%- endif %}"
)
