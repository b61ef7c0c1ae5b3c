"""Where a model thinks before it answers: the tags of its template, and how long it may."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Tags:
    """What a model writes before and after its thoughts."""

    open: str
    close: str


KNOWN: Final = (
    Tags("<think>", "</think>"),
    Tags("[THINK]", "[/THINK]"),
    Tags("<seed:think>", "</seed:think>"),
    Tags("<|START_THINKING|>", "<|END_THINKING|>"),
    Tags("<thinking>", "</thinking>"),
    Tags("<reasoning>", "</reasoning>"),
    Tags("<thought>", "</thought>"),
    Tags("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
)
DEFAULT: Final = KNOWN[0]


def tags_of(template: str) -> Tags:
    """Return the tags a chat template speaks of, or the usual ones."""
    return next((tags for tags in KNOWN if tags.close in template), DEFAULT)


@dataclass(frozen=True, slots=True)
class Thinking:
    """How an answer's thoughts are told from its words.

    `begun` when the prompt ends inside of them; `budget` in tokens, None for no limit.
    """

    tags: Tags = DEFAULT
    begun: bool = False
    budget: int | None = None


def left_open(prompt: str, tags: Tags) -> bool:
    """Tell whether a prompt ends inside the thoughts of the answer to come."""
    return prompt.rstrip().endswith(tags.open)
