"""Tools for models whose template knows none: explained in words, in the Hermes style."""

import json
from collections.abc import Mapping, Sequence

from app.engines.runner.chatting import Plain

EXPLANATION = """You can use these tools. Each line describes one, with a JSON schema of its \
arguments:
<tools>
{tools}
</tools>
To use a tool, write a JSON object with its name and the arguments between these tags, and \
nothing after it:
<tool_call>
{{"name": "name of the tool", "arguments": {{"name of an argument": "its value"}}}}
</tool_call>
The result comes back between <tool_response> tags. Where no tool is needed, answer directly."""


def explained(messages: Sequence[Plain], tools: Sequence[Plain]) -> list[Plain]:
    """Return the messages with the tools explained in the system message."""
    listed = "\n".join(json.dumps(tool["function"], ensure_ascii=False) for tool in tools)
    text = EXPLANATION.format(tools=listed)
    rest = list(messages)
    if rest and rest[0]["role"] == "system":
        text = f"{rest.pop(0)['content']}\n\n{text}"
    return [{"role": "system", "content": text}, *spelled_out(rest)]


def spelled_out(messages: Sequence[Plain]) -> list[Plain]:
    """Return the messages with earlier calls and their results written into the text."""
    found: list[Plain] = []
    for message in messages:
        if message["role"] == "tool":
            text = f"<tool_response>\n{message['content']}\n</tool_response>"
            if found and found[-1].get("results"):  # results of several calls are one message
                text = f"{found.pop()['content']}\n{text}"
            found.append({"role": "user", "content": text, "results": True})
        else:
            found.append(_with_calls(message))
    return [{key: each[key] for key in each if key != "results"} for each in found]


def _with_calls(message: Plain) -> Plain:
    calls = message.get("tool_calls")
    if not isinstance(calls, list):
        return message
    written = [
        f"<tool_call>\n{json.dumps(call['function'], ensure_ascii=False)}\n</tool_call>"
        for call in calls
        if isinstance(call, Mapping)
    ]
    text = "\n".join(filter(None, [str(message["content"]), *written]))
    return {key: each for key, each in message.items() if key != "tool_calls"} | {"content": text}
