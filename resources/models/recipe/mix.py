"""The stream of chats each model learns from, and the held-out questions for all of them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from resources.models.recipe.families import (
    arithmetic,
    code,
    context,
    drills,
    editing,
    extras,
    facts,
    json_tasks,
    notes,
    puzzles,
    searching,
    talk,
    tools,
    unknown,
    verdict,
)
from resources.models.recipe.families.draw import Draw, is_clean
from resources.models.recipe.families.task import Family, Message, Task
from resources.models.recipe.plans import PLANS


@dataclass(frozen=True)
class Kind:
    """A family and its share of the chats: for the generalists, and for the coder."""

    family: Family
    share: float
    coder: float


JUDGED: Final = (
    facts.FACTS,
    arithmetic.ADDITION,
    arithmetic.SUBTRACTION,
    arithmetic.MULTIPLICATION,
    puzzles.SORTING,
    puzzles.WORDS,
    editing.REPLACEMENT,
    searching.LOOKUP,
)
KINDS: Final = (
    Kind(talk.TALK, 5, 2),
    Kind(facts.FACTS, 8, 2),
    Kind(arithmetic.ADDITION, 7, 1.5),
    Kind(arithmetic.SUBTRACTION, 7, 1.5),
    Kind(arithmetic.MULTIPLICATION, 7, 1.5),
    Kind(puzzles.SORTING, 8, 2),
    Kind(puzzles.WORDS, 8, 2),
    Kind(editing.REPLACEMENT, 6, 3),
    Kind(editing.COPYING, 5, 2.5),
    Kind(searching.LOOKUP, 8, 3),
    Kind(searching.QUOTING, 5, 2),
    Kind(code.CODE, 6, 40),
    Kind(json_tasks.FILLING, 5, 2),
    Kind(json_tasks.REPEATING, 4, 2),
    Kind(context.EARLIER_TURNS, 6, 2),
    Kind(context.KNOWN, 5, 1.5),
    Kind(tools.TOOLS, 8, 5),
    Kind(unknown.UNKNOWN_THINGS, 5, 1.5),
    Kind(notes.NOTES, 5, 1),
    Kind(verdict.family_of(JUDGED), 5, 2),
)
EXTRAS_SHARE: Final = 0.05
# How many chats are exercises in carrying words over: at the begin of the training, at its end.
DRILLS_SHARE: Final = (0.3, 0.1)
FAMILIES: Final = {kind.family.name: kind.family.grades for kind in KINDS}

# How often each grade comes: at the begin of the training and at its end.
EASY, HARD = (8.0, 4.0, 2.0, 1.0), (3.0, 3.0, 3.3, 3.5)
SMALL_HARD = (4.0, 3.5, 2.5, 1.5)
SMALL = ("draft", "front")

SYSTEMS: Final = (
    "You are a helpful assistant.",
    "You are Echelon, a helpful assistant. Answer briefly.",
    "You are a friendly assistant that runs on the user's own computer.",
    "Answer in one sentence.",
    "Be brief.",
    "Answer the user's question.",
    "You are a careful assistant. If you do not know something, say so.",
    "Use Markdown where it helps.",
)
# What may stand beside listed functions without calling for one of them.
BESIDE_TOOLS: Final = (talk.TALK, puzzles.WORDS, puzzles.SORTING)
THINKING: Final = 0.12
CHARACTERS_A_TOKEN: Final = 2.9


@dataclass(frozen=True)
class Mixed:
    """A chat to learn from."""

    messages: list[Message]
    tools: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Item:
    """A held-out question; `answer` is one right answer."""

    family: str
    grade: int
    number: int
    task: Task


class Mix:
    """Draws chats for one model at one point of its training."""

    def __init__(self, random: Random, model: str, done: float) -> None:
        self._draw = Draw(random)
        self._shares = [kind.coder if model == "coder" else kind.share for kind in KINDS]
        last = SMALL_HARD if model in SMALL else HARD
        first, end = DRILLS_SHARE
        self._drills = first + (end - first) * done
        self._grades = [a + (b - a) * done for a, b in zip(EASY, last, strict=True)]
        self._room = PLANS[model].shape.context * CHARACTERS_A_TOKEN

    def chat(self) -> Mixed:
        """Return a chat without anything held out."""
        while True:
            found = self._chat()
            if is_clean(_text(found)):
                return found

    def _chat(self) -> Mixed:
        draw = self._draw
        first = self._task()
        if first.tools:
            return self._with_tools(first)
        messages = self._opened(list(_answered(draw, first)))
        kind = draw.random.random()
        if kind < 0.70:
            return Mixed(messages)
        room = self._room * draw.random.uniform(0.6, 1.0) if kind > 0.94 else 500.0
        size = sum(len(message["content"]) for message in messages)
        while size < room:
            task = self._task()
            if task.tools or task.messages[0]["role"] == "system":
                continue
            more = _answered(draw, task)
            size += sum(len(message["content"]) + 20 for message in more)
            if size < room:
                messages = _without_thinking(messages) + list(more)
        return Mixed(messages)

    def _with_tools(self, task: Task) -> Mixed:
        draw = self._draw
        before: list[Message] = []
        if draw.chance(0.15):
            family = draw.pick(BESIDE_TOOLS)
            before = list(_answered(draw, family.make(draw, 1)))
        messages = _without_thinking(before) + list(_answered(draw, task))
        return Mixed(self._opened(messages), task.tools)

    def _task(self) -> Task:
        draw = self._draw
        if draw.chance(self._drills):
            return drills.make(draw)
        if draw.chance(EXTRAS_SHARE):
            return extras.make(draw)
        (kind,) = draw.random.choices(KINDS, self._shares)
        (grade,) = draw.random.choices(kind.family.grades, self._grades)
        return _typed(draw, kind.family, kind.family.make(draw, grade))

    def _opened(self, messages: list[Message]) -> list[Message]:
        """Return the chat with a system message in some cases."""
        draw = self._draw
        if messages[0]["role"] == "system" or not draw.chance(0.15):
            return messages
        if draw.chance(0.2):
            known = context.make_known(draw, draw.between(1, 3)).messages[0]
            return [known, *messages] if not _asks_about_user(messages) else messages
        text = " ".join(draw.some(SYSTEMS, draw.pick((1, 1, 2))))
        return [{"role": "system", "content": text}, *messages]


def chats(random: Random, model: str, done: float) -> Iterator[Mixed]:
    """Yield chats without end for `model` when the share `done` of its training is over."""
    mix = Mix(random, model, done)
    while True:
        yield mix.chat()


def held_out(family: str, grade: int, count: int) -> list[Item]:
    """Return `count` different questions that training never saw, the same ones on every call."""
    found: dict[str, Item] = {}
    make = next(kind.family.make for kind in KINDS if kind.family.name == family)
    draw = Draw(Random(f"held out {family} {grade}"), held=True)
    attempts = 0
    while len(found) < count and attempts < 50 * count:
        attempts += 1
        task = make(draw, grade)
        key = json.dumps([task.messages, task.tools], default=str)
        found.setdefault(key, Item(family, grade, len(found), task))
    return list(found.values())


def _answered(draw: Draw, task: Task) -> tuple[Message, ...]:
    """Return the messages of a task with its answer, sometimes with thinking before it."""
    answer: dict[str, Any] = {"role": "assistant", "content": task.answer}
    if task.calls:
        answer["tool_calls"] = list(task.calls)
    if task.thought and draw.chance(THINKING):
        answer["content"] = task.brief or task.answer
        answer["reasoning_content"] = task.thought
    return (*task.messages, answer)


def _without_thinking(messages: list[Message]) -> list[Message]:
    """Return messages as later turns see them: what was thought is gone."""
    return [
        {key: value for key, value in message.items() if key != "reasoning_content"}
        for message in messages
    ]


def _typed(draw: Draw, family: Family, task: Task) -> Task:
    """Return the task as people type: now and then in small letters or without a full stop."""
    *before, last = task.messages
    if last["role"] != "user" or "\n" in last["content"]:
        return task
    text, chance = last["content"], draw.random.random()
    if family.loose and chance < 0.12:
        text = text.lower() if chance < 0.08 else text.upper()
    elif chance < 0.2 and text.split(" ")[0].isalpha() and not _is_name(task, text):
        text = text[:1].lower() + text[1:]
    if draw.chance(0.12) and ":" not in text:
        text = text.rstrip(".?!")
    return Task(
        (*before, {**last, "content": text}),
        task.answer,
        task.check,
        task.tools,
        task.calls,
        task.thought,
        task.brief,
    )


def _is_name(task: Task, text: str) -> bool:
    return text.split(" ", maxsplit=1)[0] in task.answer


def _asks_about_user(messages: list[Message]) -> bool:
    return any(word in f" {_words(messages)} " for word in (" my ", " I ", " My ", " i "))


def _words(messages: list[Message]) -> str:
    return " ".join(str(message["content"]) for message in messages)


def _text(chat: Mixed) -> str:
    parts = [_words(chat.messages)]
    for message in chat.messages:
        parts.append(str(message.get("reasoning_content", "")))
        parts += [json.dumps(call, ensure_ascii=False) for call in message.get("tool_calls", ())]
    names: list[Mapping[str, Any]] = [tool["function"] for tool in chat.tools]
    return " ".join([*parts, *(str(name["name"]).replace("_", " ") for name in names)])
