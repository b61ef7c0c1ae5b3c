"""What a model is asked about sentences of the user, and what is made of its answer. Pure.

The model chooses among the user's own sentences by number, so it cannot quote what was not said.
What it makes of one is dropped unless all of it is said there.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from app.domain.memories import MemoryKind
from app.memory.writing.claims import Claim
from app.memory.writing.grounding import grounded, worth_keeping
from app.memory.writing.rules import claim

MOST_SENTENCES: Final = 8
_SURE: Final = {"low": 0.3, "medium": 0.6, "high": 0.8}
_LEAST_SURE: Final = 0.5
_KINDS: Final = (MemoryKind.FACT, MemoryKind.PREFERENCE, MemoryKind.TASK)
_ASKED: Final = (
    "These numbered sentences were said by one person. List what they tell about that person which "
    "will still matter in other conversations: facts, preferences, tasks. Use only words of the "
    "sentence. Leave out questions, requests and what is not about the person. List nothing if "
    "there is nothing."
)


class _Found(BaseModel):
    """One entry of the answer; what it has beyond that is not read."""

    model_config = ConfigDict(extra="ignore")

    sentence: int
    text: str
    kind: MemoryKind
    confidence: str


def question(sentences: Sequence[str]) -> tuple[dict[str, str], ...]:
    """Return the messages that ask what sentences tell."""
    numbered = "\n".join(f"{number}. {each}" for number, each in enumerate(sentences, start=1))
    return ({"role": "system", "content": _ASKED}, {"role": "user", "content": numbered})


def schema(sentences: Sequence[str]) -> Mapping[str, Any]:
    """Return the form of the answer."""
    entry = {
        "type": "object",
        "properties": {
            "sentence": {"enum": list(range(1, len(sentences) + 1))},
            "text": {"type": "string", "maxLength": 160},
            "kind": {"enum": [kind.value for kind in _KINDS]},
            "confidence": {"enum": list(_SURE)},
        },
        "required": ["sentence", "text", "kind", "confidence"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"facts": {"type": "array", "items": entry, "maxItems": len(sentences)}},
        "required": ["facts"],
        "additionalProperties": False,
    }


def understood(answer: str, sentences: Sequence[str]) -> Iterator[Claim]:
    """Yield what an answer says that can be kept; whatever it is, nothing else gets through."""
    known: set[str] = set()
    for found in _entries(answer):
        sure = _SURE.get(found.confidence, 0.0)
        if not 1 <= found.sentence <= len(sentences) or found.kind not in _KINDS:
            continue
        said, text = sentences[found.sentence - 1], " ".join(found.text.split())
        if sure < _LEAST_SURE or not worth_keeping(text) or not grounded(text, said):
            continue
        if text.casefold() not in known:
            known.add(text.casefold())
            yield _claimed(text, found.kind, sure)


def _claimed(text: str, kind: MemoryKind, sure: float) -> Claim:
    plain = claim(text)
    about = ("", "", False) if plain is None else (plain.about, plain.value, plain.denied)
    return Claim(text, kind, *about, sure)


def _entries(answer: str) -> Iterator[_Found]:
    try:
        facts = json.loads(answer)["facts"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return
    for each in facts if isinstance(facts, list) else ():
        try:
            yield _Found.model_validate(each, strict=False)
        except ValidationError:
            continue
