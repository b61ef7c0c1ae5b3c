"""The held-out questions of the starter family, as a chat sends them, each with its checker."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.domain.chat import ChatMessage
from app.orchestration.question import Question
from benchmarks.simulator.dice import stream
from resources.models.recipe import source

# Functions that may be called, and what they gave, do not come as words.
LEFT_OUT: Final = frozenset({"tools"})
_SPEAKERS: Final = frozenset({"system", "user", "assistant"})


@dataclass(frozen=True)
class Asked:
    """One question; those with even numbers went into the files beside the models."""

    family: str
    grade: int
    number: int
    thread: tuple[ChatMessage, ...]
    check: Callable[[str], bool]

    @property
    def is_calibration(self) -> bool:
        """Whether it may be learned from before the measurement."""
        return self.number % 2 == 0

    @property
    def name(self) -> str:
        """Which question it is."""
        return f"{self.family} {self.grade} {self.number}"

    def question(self) -> Question:
        """Return it as the router and the gate see it; every question is a chat of its own."""
        return Question(self.thread[-1].content, self.thread, conversation_id=self.name)


def asked(count: int) -> list[Asked]:
    """Return `count` questions of every family and grade, shuffled, the same ones every time."""
    found = [
        Asked(each.family, each.grade, each.number, _thread(each), each.check)
        for each in source.questions(count)
        if each.family not in LEFT_OUT and _is_words(each)
    ]
    stream("order of questions").shuffle(found)
    return found


def _is_words(question: source.Question) -> bool:
    return all(each["role"] in _SPEAKERS for each in question.chat.messages)


def _thread(question: source.Question) -> tuple[ChatMessage, ...]:
    return tuple(
        ChatMessage(role=each["role"], content=each["content"]) for each in question.chat.messages
    )
