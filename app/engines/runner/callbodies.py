"""One call of a tool, read in the forms that models write it."""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from app.engines.runner.jsonscan import JsonScanner

Schemas = Mapping[str, Mapping[str, object]]  # of the arguments, by the tool's name
LONGEST_HEAD: Final = 300  # characters before the arguments


@dataclass(frozen=True, slots=True)
class CallDelta:
    """A further piece of a call; the first one has its name."""

    index: int
    arguments: str = ""
    name: str = ""
    id: str = ""


class NotACall(Exception):
    """What was read is not what a call looks like; `rest` is what follows it."""

    def __init__(self, rest: str) -> None:
        super().__init__()
        self.rest = rest


class Body(Protocol):
    """Reads one call from its first character on; `raw` is what it has not told yet."""

    raw: str
    told: bool

    def feed(self, text: str, index: int) -> tuple[list[CallDelta], str | None]:
        """Read on; return what became clear, and what follows once the call is complete.

        Raises:
            NotACall: it is none; `raw` holds its text.
        """
        ...


def begun(index: int, name: str, arguments: str = "") -> CallDelta:
    """Return the first piece of a call; nine letters and digits suit every template."""
    return CallDelta(index, arguments, name, secrets.token_hex(5)[:9])


class WholeObject:
    """A call whose form nothing guarantees: told when all of it is there and well-formed."""

    def __init__(self) -> None:
        self.raw = ""
        self.told = False
        self._scanner = JsonScanner()

    def feed(self, text: str, index: int) -> tuple[list[CallDelta], str | None]:
        """Wait for the closing bracket."""
        end = self._scanner.end(text)
        self.raw += text[:end]
        if end is None:
            return [], None
        try:
            name, arguments = _call_in(json.loads(self.raw, strict=False))
        except ValueError as error:
            raise NotACall(text[end:]) from error
        self.raw = ""
        return [begun(index, name, arguments)], text[end:]


def _call_in(value: dict[str, object]) -> tuple[str, str]:
    """The name and the arguments of a call; a ValueError where one is missing."""
    inner = value.get("function")
    call: Mapping[str, object] = inner if isinstance(inner, dict) else value
    name = call.get("name", inner)
    if not isinstance(name, str) or not name:
        raise ValueError("no name")
    given = call.get("arguments", call.get("parameters", {}))
    known = json.loads(given, strict=False) if isinstance(given, str) else given
    if not isinstance(known, dict):
        raise ValueError("no arguments")
    return name, json.dumps(known, ensure_ascii=False)


class InOrder:
    """A call whose name comes first; arguments are told as they come where they are sure."""

    def __init__(self, head: str, tail: str, *, sure: bool) -> None:
        self.raw = ""
        self.told = False
        self._head = re.compile(head)
        self._tail = re.compile(tail)
        self._sure = sure
        self._scanner = JsonScanner()
        self._name = ""
        self._arguments = ""
        self._ended = False
        self._unread = ""

    def feed(self, text: str, index: int) -> tuple[list[CallDelta], str | None]:
        """Read the name, the arguments, and what closes the call."""
        self.raw += text
        self._unread += text
        found: list[CallDelta] = []
        if not self._name and not self._read_name(index, found):
            return found, None
        if not self._ended:
            self._read_arguments(index, found)
        tail = self._tail.match(self._unread) if self._ended else None
        if tail is None:
            self.raw = self._unread if self.told else self.raw
            return found, None
        self.raw = ""
        if not self.told:
            found.append(begun(index, self._name, self._arguments))
        return found, self._unread[tail.end() :]

    def _read_name(self, index: int, found: list[CallDelta]) -> bool:
        head = self._head.match(self._unread)
        if head is None:
            if len(self._unread) > LONGEST_HEAD:
                raise NotACall("")
            return False
        written = head.group(1)
        self._name = str(json.loads(written)) if written.startswith('"') else written
        self._unread = self._unread[head.end() :]
        if self._sure:
            self.told = True
            found.append(begun(index, self._name))
        return True

    def _read_arguments(self, index: int, found: list[CallDelta]) -> None:
        end = self._scanner.end(self._unread)
        piece, self._unread = self._unread[:end], "" if end is None else self._unread[end:]
        self._arguments += piece
        self._ended = end is not None
        if self._sure:
            found += [CallDelta(index, piece)] if piece else []
        elif self._ended:
            try:
                json.loads(self._arguments, strict=False)
            except ValueError as error:
                self.raw = self.raw[: len(self.raw) - len(self._unread)]
                raise NotACall(self._unread) from error


class Tagged:
    """A call in tags; its values are text, and the tool's schema says what they mean."""

    FUNCTION: Final = re.compile(r"\s*<function=([^>\n]+)>(.*?)</function>", re.DOTALL)
    PARAMETER: Final = re.compile(r"<parameter=([^>\n]+)>\n?(.*?)\n?</parameter>", re.DOTALL)

    def __init__(self, schemas: Schemas) -> None:
        self.raw = ""
        self.told = False
        self._schemas = schemas

    def feed(self, text: str, index: int) -> tuple[list[CallDelta], str | None]:
        """Wait for the closing tag."""
        self.raw += text
        found = self.FUNCTION.match(self.raw)
        if found is None:
            return [], None
        name = found.group(1).strip()
        properties = self._schemas.get(name, {}).get("properties")
        kinds = properties if isinstance(properties, Mapping) else {}
        arguments = {
            key.strip(): _meaning(value, kinds.get(key.strip()))
            for key, value in self.PARAMETER.findall(found.group(2))
        }
        rest, self.raw = self.raw[found.end() :], ""
        return [begun(index, name, json.dumps(arguments, ensure_ascii=False))], rest


def _meaning(text: str, schema: object) -> object:
    """The value a text stands for; where it stands for none it is the text."""
    if isinstance(schema, Mapping) and schema.get("type") == "string":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
