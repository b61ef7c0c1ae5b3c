"""Grammars for calls of tools, in the style a model was taught."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.engines.runner.failures import Refused
from app.engines.runner.grammar.keywords import Json
from app.engines.runner.grammar.patterns import literal
from app.engines.runner.grammar.schema import Builder
from app.engines.runner.toolcalls import CallStyle

NEWLINE: Final = "\n"
PARAMETER_END: Final = "</parameter>"
AFTER: Final = literal(f"\n{PARAMETER_END}\n")


@dataclass(frozen=True, slots=True)
class ToolShape:
    """A tool as a grammar sees it; a `strict` one is refused if its schema cannot be followed."""

    name: str
    parameters: Json
    strict: bool = False


class CallGrammars:
    """Writes the grammar of one call, and that of an answer that is nothing but calls."""

    def __init__(self, style: CallStyle, tools: Sequence[ToolShape], *, parallel: bool) -> None:
        self._style = style
        self._tools = tools
        self._parallel = parallel

    def after_mark(self) -> str:
        """Return the grammar of what follows the mark in front of a call.

        Raises:
            Refused: the schema of a strict tool is beyond us.
        """
        builder = Builder()
        builder.rules["root"] = self._behind(builder)
        return builder.text()

    def whole_answer(self) -> str:
        """Return the grammar of an answer that has to call a tool.

        Raises:
            Refused: the schema of a strict tool is beyond us.
        """
        builder = Builder()
        mark = "" if self._style.bare else f"{literal(self._style.marks[0])} "
        one = builder.add("one call", mark + self._behind(builder))
        several = self._parallel and not self._style.listed and bool(mark)
        builder.rules["root"] = f"{one} (ws {one})*" if several else one
        return builder.text()

    def _behind(self, builder: Builder) -> str:
        call = builder.add("call", " | ".join(self._call(builder, tool) for tool in self._tools))
        if self._style.listed:
            more = f'("," ws {call} ws)*' if self._parallel else ""
            return f'ws "[" ws {call} ws {more} "]"'
        if self._style.form == "named":
            return call
        close = f" ws {literal(self._style.close)}" if self._style.close else ""
        return f"ws {call}{close}"

    def _call(self, builder: Builder, tool: ToolShape) -> str:
        if self._style.form == "tagged":
            return self._tagged(builder, tool)
        arguments = _arguments(builder, tool)
        if self._style.form == "named":
            return f"{literal(tool.name + '[ARGS]')} {arguments}"
        name, key = literal(f'"{tool.name}"'), literal(f'"{self._style.arguments}"')
        return (
            f'"{{" ws "\\"name\\"" ws ":" ws {name} ws "," ws {key} ws ":" ws {arguments} ws "}}"'
        )

    def _tagged(self, builder: Builder, tool: ToolShape) -> str:
        given = tool.parameters if isinstance(tool.parameters, Mapping) else {}
        properties, required = given.get("properties", {}), given.get("required", [])
        parts = []
        for key, schema in properties.items() if isinstance(properties, Mapping) else ():
            value = _text(builder) if _is_text(schema) else _value(builder, tool, schema, key)
            part = f"{literal(f'<parameter={key}>{NEWLINE}')} {value} {AFTER}"
            parts.append(part if isinstance(required, list) and key in required else f"({part})?")
        head = literal(f"<function={tool.name}>{NEWLINE}")
        return f'{head} {" ".join(parts)} "</function>"'


def _is_text(schema: Json) -> bool:
    return isinstance(schema, Mapping) and schema.get("type") == "string" and "enum" not in schema


def _arguments(builder: Builder, tool: ToolShape) -> str:
    schema = tool.parameters or {"type": "object", "properties": {}}
    return _value(builder, tool, schema, "arguments", anything="object")


def _value(
    builder: Builder, tool: ToolShape, schema: Json, name: str, *, anything: str = "value"
) -> str:
    """The rule for a value; a tool whose schema is beyond us may get any, unless it is strict."""
    before = dict(builder.rules)
    try:
        return builder.document(schema, f"{tool.name} {name}")
    except Refused:
        if tool.strict:
            raise
        builder.rules = before
        return anything


def _text(builder: Builder) -> str:
    """A rule for any text without the tag that ends a parameter."""
    first = "s-text-0"
    if first in builder.rules:
        return first
    for place, wanted in enumerate(PARAMETER_END):
        further = "" if place == len(PARAMETER_END) - 1 else f' | "{wanted}" s-text-{place + 1}'
        again = ' | "<" s-text-1' if place else ""
        other = f"[^<{wanted}] {first}"
        builder.rules[f"s-text-{place}"] = f'""{further}{again} | {other}'
    return first
