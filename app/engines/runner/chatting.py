"""A chat as it is asked for: messages, tools, and how the model is to think."""

import json
from typing import Annotated, Final, Literal, Self

from pydantic import ConfigDict, Field, JsonValue, ValidationInfo, field_validator, model_validator

from app.engines.runner.protocol import AnswerBody, Loose, Several, TextPart

Plain = dict[str, JsonValue]
ToolName = Annotated[str, Field(pattern=r"^[a-zA-Z0-9_.:/-]{1,128}$")]
OWN_FIELDS: Final = {"assistant": ("reasoning_content",), "tool": ("tool_call_id", "name")}
# What the runner itself tells a template.
RESERVED: Final = frozenset({"messages", "tools", "documents", "add_generation_prompt"})


class CalledFunction(Loose):
    """Which function an earlier answer called, with its arguments as JSON."""

    name: str
    arguments: str | dict[str, JsonValue] = ""

    def plain(self) -> Plain:
        """Return name and arguments as the template reads them: as values, if they are JSON."""
        given = self.arguments
        if isinstance(given, str):
            try:
                given = json.loads(given or "{}")
            except ValueError:
                given = self.arguments
        return {"name": self.name, "arguments": given}


class ToolCall(Loose):
    """A call in an earlier answer."""

    id: str = ""
    type: Literal["function"] = "function"
    function: CalledFunction

    def plain(self) -> Plain:
        """Return the call as the template reads it."""
        return {"id": self.id, "type": self.type, "function": self.function.plain()}


class Message(Loose):
    """One message of the thread."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    tool_calls: list[ToolCall] | None = None
    content: Annotated[str | list[TextPart] | None, Field(validate_default=True)] = None
    reasoning_content: str | None = None
    tool_call_id: str | None = None
    name: str | None = None

    @field_validator("content")
    @classmethod
    def _there(
        cls, value: str | list[TextPart] | None, info: ValidationInfo
    ) -> str | list[TextPart] | None:
        if value is None and not info.data.get("tool_calls"):
            raise ValueError("Only a message that calls tools may be without content")
        return value

    def plain(self) -> Plain:
        """Return the message as the template reads it."""
        parts = self.content or ""
        text = parts if isinstance(parts, str) else "".join(part.text for part in parts)
        role = "system" if self.role == "developer" else self.role
        plain: Plain = {"role": role, "content": text}
        if self.tool_calls:
            plain["tool_calls"] = [call.plain() for call in self.tool_calls]
        for key in OWN_FIELDS.get(role, ()):
            if (value := getattr(self, key)) is not None:
                plain[key] = value
        return plain


class Function(Loose):
    """A function a model may call; `parameters` is the JSON schema of its arguments."""

    model_config = ConfigDict(extra="allow", frozen=True)

    name: ToolName
    description: str = ""
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    strict: bool | None = None


class Tool(Loose):
    """Something a model may use."""

    type: Literal["function"] = "function"
    function: Function

    def plain(self) -> Plain:
        """Return the tool as the template reads it."""
        plain: Plain = self.model_dump(mode="json", exclude_unset=True)
        return {"type": self.type, **plain}


class ChosenName(Loose):
    """The name of a tool."""

    name: str


class ChosenTool(Loose):
    """The tool that has to be called."""

    type: Literal["function"] = "function"
    function: ChosenName


class ChatBody(AnswerBody):
    """`POST /v1/chat/completions`."""

    messages: list[Message] = Field(min_length=1)
    tools: list[Tool] = Field(default_factory=list, max_length=256)
    tool_choice: Literal["none", "auto", "required"] | ChosenTool = "auto"
    parallel_tool_calls: bool = True
    chat_template_kwargs: dict[str, JsonValue] = Field(default_factory=dict)
    reasoning_effort: str | None = Field(None, max_length=40)
    reasoning_budget: int | None = Field(None, ge=-1, le=1_000_000)
    continue_final_message: bool = False

    @model_validator(mode="after")
    def _can_be_continued(self) -> Self:
        last = self.messages[-1]
        if self.continue_final_message and (last.role != "assistant" or last.tool_calls):
            raise ValueError("continue_final_message: the last message is no answer in words")
        return self

    def thread(self) -> tuple[list[Plain], str]:
        """Return the messages for the template, and what already stands of the answer."""
        messages = [message.plain() for message in self.messages]
        begun = str(messages.pop()["content"]) if self.continue_final_message else ""
        return messages, begun

    @field_validator("chat_template_kwargs")
    @classmethod
    def _free_names(cls, value: dict[str, JsonValue]) -> dict[str, JsonValue]:
        if taken := RESERVED & value.keys():
            raise ValueError(f"'{min(taken)}' cannot be set here")
        return value

    def offered(self) -> list[Tool]:
        """Return the tools the model may call in this answer."""
        if self.tool_choice == "none":
            return []
        if isinstance(self.tool_choice, ChosenTool):
            wanted = self.tool_choice.function.name
            return [tool for tool in self.tools if tool.function.name == wanted]
        return self.tools

    def template_fields(self) -> dict[str, JsonValue]:
        """Return what the template is told besides messages and tools."""
        effort: dict[str, JsonValue] = (
            {"reasoning_effort": self.reasoning_effort} if self.reasoning_effort else {}
        )
        return {**effort, **self.chat_template_kwargs}


class StoredAnswer(Loose):
    """An answer this model gave, with what was asked: as the model saw it, or as messages."""

    prompt: str = ""
    messages: list[Message] = Field(default_factory=list)
    answer: str
    task_family: str = Field("other", max_length=64)

    @model_validator(mode="after")
    def _asked(self) -> Self:
        if bool(self.prompt) == bool(self.messages):
            raise ValueError("either the prompt or the messages have to be given")
        return self


class RehearsalBody(Loose):
    """`POST /drafters/rehearse`; `once`: only while nothing is known of the draft model."""

    answers: Several[StoredAnswer]
    once: bool = False
