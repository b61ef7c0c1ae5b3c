"""What training and evaluation take from the task families: the only door between the two."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from resources.models.recipe import mix
from resources.models.recipe.chatml import Chat, Source


@dataclass(frozen=True)
class Question:
    """A held-out question; `number` counts within its family and grade."""

    family: str
    grade: int
    number: int
    chat: Chat
    check: Callable[[str], bool]


def training(model: str) -> Source:
    """Return the chats the model of that name learns from."""

    def chats(random: Random, done: float) -> Iterator[Chat]:
        for each in mix.chats(random, model, done):
            yield Chat(tuple(each.messages), each.tools)

    return chats


def vocabulary_chats(random: Random, names: list[str]) -> Iterator[Chat]:
    """Yield chats of all models in turn, for the tokenizer they share."""
    sources = [training(name)(random, 0.5) for name in names]
    while True:
        for source in sources:
            yield next(source)


def cells() -> list[tuple[str, int]]:
    """Return all families and grades in the order of the report."""
    return [(family, grade) for family, grades in mix.FAMILIES.items() for grade in grades]


def questions(count: int) -> list[Question]:
    """Return `count` held-out questions of every family and grade, the same ones every time."""
    return [
        Question(family, grade, at, Chat(item.task.messages, item.task.tools), item.task.check)
        for family, grade in cells()
        for at, item in enumerate(mix.held_out(family, grade, count))
    ]
