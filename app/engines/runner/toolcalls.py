"""Reads the calls of tools out of what a model writes, in the style its template taught it."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from app.engines.runner.callbodies import (
    Body,
    CallDelta,
    InOrder,
    NotACall,
    Schemas,
    Tagged,
    WholeObject,
)

Certainty = Literal["yes", "no", "unclear"]
BARE_BEGINNING: Final = re.compile(r'\{\s*"name"\s*:')
BARE_SHORT: Final = '{"name":'
NAMED_HEAD: Final = r"\s*([^\s\[{]+)\s*(?:\[CALL_ID\][^\[]*)?\[ARGS\]\s*(?=\{)"
SPACE: Final = " \t\r\n"


@dataclass(frozen=True, slots=True)
class CallStyle:
    """How a family of models writes calls.

    `marks` stand before a call, `close` behind it. The forms: an object with name and arguments;
    the name, `[ARGS]` and the arguments; or tags for the function and each of its parameters.
    """

    marks: tuple[str, ...]
    close: str = ""
    form: Literal["json", "named", "tagged"] = "json"
    arguments: str = "arguments"
    bare: bool = False  # an answer that begins like a call needs no mark
    listed: bool = False  # calls stand in a JSON list

    def begins_bare(self, text: str) -> Certainty:
        """Tell whether an answer that begins with `text` is a call without a mark."""
        text = text.lstrip(SPACE)
        if not self.bare or (text and text[0] != "{"):
            return "no"
        if BARE_BEGINNING.match(text):
            return "yes"
        return "unclear" if BARE_SHORT.startswith("".join(text.split())) else "no"


HERMES: Final = CallStyle(marks=("<tool_call>",), close="</tool_call>")
TAGGED: Final = CallStyle(marks=("<tool_call>",), close="</tool_call>", form="tagged")
LLAMA: Final = CallStyle(marks=("<|python_tag|>",), arguments="parameters", bare=True)
MISTRAL: Final = CallStyle(marks=("[TOOL_CALLS]",), listed=True)
MISTRAL_NAMED: Final = CallStyle(marks=("[TOOL_CALLS]",), form="named")


def style_of(template: str) -> CallStyle | None:
    """Return the style a chat template teaches, or None where it teaches none we know."""
    if "tools" not in template:
        return None
    if "<tool_call>" in template:
        return TAGGED if "<function=" in template else HERMES
    if "<function=" in template:  # one of many dialects
        return None
    if "[TOOL_CALLS]" in template:
        return MISTRAL_NAMED if "[ARGS]" in template else MISTRAL
    told = '"parameters": dictionary' in template
    return LLAMA if told or "<|python_tag|>" in template else None


class CallReader:
    """Reads the calls behind one mark; what turns out to be none comes back as text."""

    def __init__(
        self, style: CallStyle, mark: str, first: int, *, sure: bool, schemas: Schemas
    ) -> None:
        self._style = style
        self._unclaimed = mark  # text that is nobody's so far
        self._first = first
        self._sure = sure
        self._schemas = schemas
        self._held = ""
        self._body: Body | None = None
        self.count = first  # how many calls the answer holds by now
        self.rest: str | None = None  # what follows the calls, once they are over

    @property
    def pending(self) -> int:
        """How many characters were read and not told yet."""
        body = len(self._body.raw) if self._body else 0
        return len(self._unclaimed) + len(self._held) + body

    def push(self, text: str) -> list[CallDelta | str]:
        """Read on; `rest` is set as soon as something else follows."""
        found: list[CallDelta | str] = []
        self._held += text
        while self._held and self.rest is None:
            if self._body is None:
                self._pass_between()
                if self._body is None:
                    break
            found += self._read(self._body)
        if self.rest is not None and self._unclaimed:
            found.append(self._unclaimed)  # there was no call behind the mark
            self._unclaimed = ""
        return found

    def close(self) -> list[CallDelta | str]:
        """Return what is left, now that nothing follows: half a call is text."""
        if self._body is not None and not self._body.told:
            return [self._unclaimed + self._body.raw + self._held]
        lost = self._unclaimed + self._held if self.count == self._first else ""
        return [lost] if lost and self._body is None else []

    def _pass_between(self) -> None:
        """Pass over what stands between calls, to the next one or to where they are over."""
        listed = self._style.listed
        left = self._held.lstrip(SPACE + "[,]" * listed)
        skipped = self._held[: len(self._held) - len(left)]
        close = self._style.close
        if listed and "]" in skipped:
            cut = skipped.index("]") + 1
            self._claim_close(skipped[:cut], self._held[cut:])
        elif close and left.startswith(close):
            self._claim_close(skipped + close, left[len(close) :])
        elif not left or close.startswith(left):
            return  # only more text can tell
        elif self._may_begin(left):
            self._unclaimed += skipped
            self._held = left
            self._body = self._new_body()
        else:
            self.rest = self._held

    def _claim_close(self, close: str, rest: str) -> None:
        self._unclaimed += close if self.count == self._first else ""
        self.rest = rest

    def _may_begin(self, text: str) -> bool:
        if self._style.form == "named":
            return self.count == self._first
        beginning = "{" if self._style.form == "json" else "<function="
        return text.startswith(beginning) or beginning.startswith(text)

    def _new_body(self) -> Body:
        if self._style.form == "tagged":
            return Tagged(self._schemas)
        if self._style.form == "named":
            return InOrder(NAMED_HEAD, "", sure=self._sure)
        if not self._sure:
            return WholeObject()
        name = r'\s*("(?:[^"\\]|\\.)*")\s*'
        head = rf'\{{\s*"name"\s*:{name},\s*"{self._style.arguments}"\s*:\s*(?=\{{)'
        return InOrder(head, r"\s*\}", sure=True)

    def _read(self, body: Body) -> list[CallDelta | str]:
        text, self._held = self._held, ""
        try:
            deltas, rest = body.feed(text, self.count)
        except NotACall as failure:
            self.rest = failure.rest
            self._body = None
            self._unclaimed += body.raw
            return []
        if deltas:
            self._unclaimed = ""
        if rest is not None:
            self.count += 1
            self._body = None
            self._held = rest
        return list(deltas)
