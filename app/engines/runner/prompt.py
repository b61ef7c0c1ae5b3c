"""From messages to tokens, so that nothing a user types can act as a control token."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from pydantic import JsonValue as Value

from app.engines.runner.template import ChatTemplate, TemplateFailed

# Private-use characters around a number: no trimming, casing or escaping changes such a mark.
OPEN: Final = "\ue0f0"
CLOSE: Final = "\ue0f1"
LONGEST_TAG: Final = 200
MARKS: Final = re.compile(f"{OPEN}([0-9]+){CLOSE}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """The tokens of a prompt, and the text it ends with."""

    tokens: list[int]
    ending: str


class Vocabulary(Protocol):
    """What building a prompt needs of a model."""

    adds_bos: bool
    bos: int
    bos_text: str
    control_texts: tuple[str, ...]

    def tokenize(self, text: str, *, add_special: bool, parse_special: bool) -> list[int]:
        """Return the tokens of a text."""
        ...


class PromptBuilder:
    """Renders messages by the model's template and tokenises the result.

    Where a message holds the text of a control token, or a beginning or end of one that the
    neighbouring text could complete, that part is replaced by a mark before rendering and
    tokenised as plain text afterwards. Everything else is tokenised in one go with the template,
    as the model has seen it in training.
    """

    def __init__(
        self, vocabulary: Vocabulary, template: ChatTemplate, nonce: Callable[[], int]
    ) -> None:
        self._vocabulary = vocabulary
        self._template = template
        self._nonce = nonce
        texts = [re.escape(text) for text in vocabulary.control_texts]
        self._dangerous = re.compile("|".join(texts)) if texts else None
        self._beginnings = _edges(vocabulary.control_texts, lambda text, cut: text[:cut])
        self._endings = _edges(vocabulary.control_texts, lambda text, cut: text[-cut:])

    def build(
        self,
        messages: Sequence[Mapping[str, Value]],
        tools: Sequence[Mapping[str, Value]] = (),
        fields: Mapping[str, Value] | None = None,
    ) -> Prompt:
        """Return the prompt for a thread.

        Args:
            messages: the thread.
            tools: what the template is to offer to the model.
            fields: what else it is told.

        Raises:
            TemplateFailed: the template could not be rendered.
        """
        hidden: dict[str, str] = {}
        safe = [self._safe(each, hidden) for each in messages]
        more = {**self._safe(fields or {}, hidden), "tools": None}
        if tools:
            more["tools"] = [self._safe(tool, hidden) for tool in tools]
        text = self._rendered(safe, more)
        ending = text[-LONGEST_TAG:]
        mark = self._vocabulary.bos_text
        if self._vocabulary.adds_bos and mark and text.startswith(mark):
            text = text[len(mark) :]  # it comes back as a token
        start = [self._vocabulary.bos] if self._vocabulary.adds_bos else []
        tokens = start + [token for part in self._parts(text, hidden) for token in part]
        return Prompt(tokens, ending)

    def _safe(self, values: Mapping[str, Value], hidden: dict[str, str]) -> dict[str, Value]:
        """Return the same values with nothing in them that could act as a control token."""
        return {key: self._safe_value(value, hidden) for key, value in values.items()}

    def _safe_value(self, value: Value, hidden: dict[str, str]) -> Value:
        if isinstance(value, str):
            return self._hide(value, hidden)
        if isinstance(value, list):
            return [self._safe_value(each, hidden) for each in value]
        return self._safe(value, hidden) if isinstance(value, dict) else value

    def _rendered(self, messages: list[dict[str, Value]], more: Mapping[str, Value]) -> str:
        """Render; a template without a system role gets its words in front of the first message."""
        try:
            return self._template.render(messages, more)
        except TemplateFailed as failure:
            if not failure.refused or len(messages) < 2 or messages[0]["role"] != "system":
                raise
        system, first, *rest = messages
        content = f"{system['content']}\n\n{first['content']}"
        return self._template.render([{**first, "content": content}, *rest], more)

    def _parts(self, text: str, hidden: Mapping[str, str]) -> Iterator[list[int]]:
        if not hidden:
            yield self._vocabulary.tokenize(text, add_special=False, parse_special=True)
            return
        for place, piece in enumerate(MARKS.split(text)):
            known = hidden.get(piece) if place % 2 else None
            plain = piece if known is None else known
            if plain:
                special = place % 2 == 0
                yield self._vocabulary.tokenize(plain, add_special=False, parse_special=special)

    def _hide(self, content: str, hidden: dict[str, str]) -> str:
        content = content.replace(OPEN, "\ufffd").replace(CLOSE, "\ufffd")
        if self._dangerous is None:
            return content

        def mark(text: str) -> str:
            number = str(self._nonce())
            hidden[number] = text
            return f"{OPEN}{number}{CLOSE}"

        content = self._dangerous.sub(lambda found: mark(found.group()), content)
        head = next((end for end in self._endings if content.startswith(end)), "")
        if head:
            content = mark(head) + content[len(head) :]
        tail = next((start for start in self._beginnings if content.endswith(start)), "")
        return content[: -len(tail)] + mark(tail) if tail else content


def _edges(texts: Sequence[str], part: Callable[[str, int], str]) -> tuple[str, ...]:
    """All true parts of two and more characters at one end of the texts, longest first."""
    found = {part(text, cut) for text in texts for cut in range(2, len(text))}
    return tuple(sorted(found, key=lambda each: (-len(each), each)))
