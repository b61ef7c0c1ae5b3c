"""A question with the answer that is wanted, and how an answer is checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from resources.models.recipe.families.draw import Draw

Message = Mapping[str, Any]
Check = Callable[[str], bool]


@dataclass(frozen=True)
class Task:
    """Messages up to the one that is to be answered, the answer wanted, and its checker.

    `thought` is what a model that is asked to think writes before the answer, where that helps;
    `brief` is then the answer, if the full one shows the same as its working.
    `calls` are the function calls wanted instead of a text.
    """

    messages: tuple[Message, ...]
    answer: str
    check: Check
    tools: tuple[Message, ...] = ()
    calls: tuple[Message, ...] = ()
    thought: str = ""
    brief: str = ""


@dataclass(frozen=True)
class Family:
    """One kind of question in four grades, from easy to hard."""

    name: str
    make: Callable[[Draw, int], Task]
    # Small letters and a missing full stop leave such a question what it is.
    loose: bool = False
    grades: tuple[int, ...] = field(default=(1, 2, 3, 4))


def user(text: str) -> Message:
    """Return a message of the user."""
    return {"role": "user", "content": text}


def assistant(text: str) -> Message:
    """Return a message of the assistant."""
    return {"role": "assistant", "content": text}


def system(text: str) -> Message:
    """Return a system message."""
    return {"role": "system", "content": text}


def visible(answer: str) -> str:
    """Return what the reader sees of an answer: without the thinking before it."""
    return answer.rpartition("</think>")[2].strip()


def exactly(*wanted: str) -> Check:
    """Return a checker for an answer that has to be one of `wanted`, but for outer space."""
    allowed = frozenset(text.strip() for text in wanted)
    return lambda answer: visible(answer) in allowed


def asked(question: str, answer: str, thought: str = "") -> Task:
    """Return the task of one question with one right answer."""
    return Task((user(question),), answer, exactly(answer), thought=thought)


def last_line(*wanted: str) -> Check:
    """Return a checker for an answer whose last line has to be one of `wanted`."""
    allowed = frozenset(text.strip() for text in wanted)
    return lambda answer: visible(answer).rpartition("\n")[2].strip() in allowed


def worked(question: str, working: str, answer: str) -> Task:
    """Return the task of a question that is answered by a line below its working."""
    full = f"{working}\n{answer}"
    return Task((user(question),), full, last_line(answer), thought=working, brief=answer)
