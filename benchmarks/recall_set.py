"""Conversations to recall from, made up: `python -m benchmarks.recall_set PATH [--seed 1]`.

Written in LoCoMo's form: dated sessions of turns by two people, and questions with the turns that
answer them. Both tell things about the same topics, mention the words of a topic without telling
anything, answer with words that say little without the question before, and change their minds; a
quarter of the questions use other words than what was said. Names and values come back in other
conversations, so a search that left its scope would find what looks right. All words are our own
(`recollection/topics.yaml`).
"""

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import yaml

TOPICS: Final = Path(__file__).parent / "recollection" / "topics.yaml"
NAMES: Final = ("Nora", "Tomas", "Priya", "Emil", "Greta", "Samir", "Ava", "Jonas")
CONVERSATIONS: Final = 48
SESSIONS: Final = 16
FACTS, NEGATIONS, EVENTS = 24, 4, 6  # topics of a conversation
FAR: Final = 0.25  # of the questions use other words than what was said
TOLD: Final = 0.85  # of both speakers
AGO: Final = (
    "yesterday",
    "last night",
    "two days ago",
    "last Tuesday",
    "on Saturday",
    "a week ago",
)

Topic = dict[str, Any]


@dataclass
class Line:
    """Something somebody says; `key` where it answers a question."""

    speaker: int
    text: str
    key: str = ""


@dataclass
class Asked:
    """A question, with the keys of the lines that answer it."""

    question: str
    answer: str
    keys: tuple[str, ...]
    category: str


@dataclass
class Conversation:
    """One conversation under way: what is said in which session, and what is asked afterwards."""

    names: tuple[str, str]
    dice: random.Random
    asker: random.Random
    blocks: list[list[list[Line]]] = field(default_factory=lambda: [[] for _ in range(SESSIONS)])
    asked: list[Asked] = field(default_factory=list)
    told: set[tuple[int, str]] = field(default_factory=set)

    def say(self, session: int, *lines: Line) -> None:
        """Add lines that follow each other."""
        self.blocks[session].append(list(lines))

    def filled(self, text: str, speaker: int, **values: str) -> str:
        """Return a text with names and values in their places."""
        return _capital(text.format(n=self.names[speaker], o=self.names[1 - speaker], **values))

    def question(self, topic: Topic, speaker: int, said: str = "") -> str:
        """Return a question about a topic: near to what was said, or in words of its own."""
        if self.asker.random() < FAR:
            return self.filled(self.asker.choice(topic["far"]), speaker)
        return self.filled(max(topic["near"], key=lambda each: _shared(each, said)), speaker)


def conversations(seed: int = 1, count: int = CONVERSATIONS) -> list[dict[str, Any]]:
    """Return conversations in LoCoMo's form."""
    topics = yaml.safe_load(TOPICS.read_text("utf-8"))
    return [_sample(number, topics, random.Random(f"{seed}/{number}")) for number in range(count)]


def _sample(number: int, topics: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    first, second = dice.sample(NAMES, 2)
    chat = Conversation((first, second), dice, random.Random(f"asks/{number}"))
    kinds = (
        ("facts", FACTS, _fact),
        ("negations", NEGATIONS, _negation),
        ("events", EVENTS, _event),
    )
    for kind, many, tell in kinds:
        for topic in dice.sample(topics[kind], many):
            for speaker in (0, 1):
                if dice.random() < TOLD:
                    chat.told.add((speaker, topic["told"][0]))
                    tell(chat, topic, speaker)
                _noise(chat, topic)
    _joined(chat)
    _absent(chat, topics)
    return _written(number, chat, topics["small_talk"])


def _fact(chat: Conversation, topic: Topic, speaker: int) -> None:
    dice = chat.dice
    key = f"{topic['told'][0]}/{speaker}"
    value, newer = dice.sample(topic["v"], 2)
    changes = "change" in topic and dice.random() < 0.5
    session = dice.randrange(SESSIONS // 2 if changes else SESSIONS)
    lead = Line(1 - speaker, topic["lead"])
    if dice.random() < 0.5:
        category, said = "context", topic["short"]
        chat.say(session, lead, Line(speaker, chat.filled(said, speaker, v=value), key))
    else:
        category, said = "told", dice.choice(topic["told"])
        told = Line(speaker, chat.filled(said, speaker, v=value), key)
        chat.say(session, told, *_echo(chat, speaker, value))
    if changes:
        category, said, value, key = "update", topic["change"], newer, f"{key}/new"
        later = dice.randrange(SESSIONS // 2, SESSIONS)
        asked_again = [lead] if dice.random() < 0.5 else []
        changed = Line(speaker, chat.filled(said, speaker, v=newer), key)
        chat.say(later, *asked_again, changed)
    near = chat.question(topic, speaker, f"{said} {topic['lead']}")
    chat.asked.append(Asked(near, value, (key,), category))


def _negation(chat: Conversation, topic: Topic, speaker: int) -> None:
    value = chat.dice.choice(topic["v"])
    _plain(chat, topic, speaker, Asked("", value, (), "negation"), v=value)


def _event(chat: Conversation, topic: Topic, speaker: int) -> None:
    ago = chat.dice.choice(AGO)
    _plain(chat, topic, speaker, Asked("", ago, (), "date"), ago=ago)


def _plain(chat: Conversation, topic: Topic, speaker: int, asked: Asked, **values: str) -> None:
    """Tell something by itself, and ask about it."""
    said = chat.dice.choice(topic["told"])
    key = f"{topic['told'][0]}/{speaker}"
    chat.say(
        chat.dice.randrange(SESSIONS), Line(speaker, chat.filled(said, speaker, **values), key)
    )
    question = chat.question(topic, speaker, said)
    chat.asked.append(replace(asked, question=question, keys=(key,)))


def _echo(chat: Conversation, speaker: int, value: str) -> list[Line]:
    """Return what the other one says to it, sometimes: the words of the answer, no answer."""
    if chat.dice.random() < 0.6:
        return []
    said = chat.dice.choice(("{v}? That suits you, {o}.", "Oh, {v}. Tell me more, {o}."))
    return [Line(1 - speaker, chat.filled(said, 1 - speaker, v=value))]


def _noise(chat: Conversation, topic: Topic) -> None:
    for text in chat.dice.sample(topic["noise"], 2):
        speaker = chat.dice.randrange(2)
        said = chat.filled(text, speaker, v=chat.dice.choice(topic.get("v", [""])))
        chat.say(chat.dice.randrange(SESSIONS), Line(speaker, said))


def _joined(chat: Conversation) -> None:
    """Ask two things at once, of what is asked one by one as well."""
    for _ in range(8):
        one, two = chat.asker.sample(chat.asked, 2)
        joint = f"{one.question[:-1]}, and {two.question[0].lower()}{two.question[1:]}"
        answer = f"{one.answer}; {two.answer}"
        chat.asked.append(Asked(joint, answer, one.keys + two.keys, "two parts"))


def _absent(chat: Conversation, topics: dict[str, Any]) -> None:
    """Ask what nobody has told here, though somebody of that name has told it elsewhere."""
    dice = chat.asker
    elsewhere = [
        (topic, speaker)
        for topic in topics["facts"]
        for speaker in (0, 1)
        if not chat.told & {(0, topic["told"][0]), (1, topic["told"][0])}
    ]
    for topic, speaker in dice.sample(elsewhere, min(4, len(elsewhere))):
        chat.asked.append(Asked(chat.question(topic, speaker), "", (), "scope"))
    for text in dice.sample(topics["absent"], 3):
        asked = chat.filled(text, dice.randrange(2))
        chat.asked.append(Asked(asked, "", (), "absent"))
    for text in dice.sample(topics["unrelated"], 3):
        chat.asked.append(Asked(text, "", (), "unrelated"))


def _written(number: int, chat: Conversation, small_talk: Sequence[str]) -> dict[str, Any]:
    """Return a conversation in LoCoMo's form, its blocks in any order with small talk between."""
    dice, where = chat.dice, dict[str, str]()
    held: dict[str, Any] = {"speaker_a": chat.names[0], "speaker_b": chat.names[1]}
    day = datetime(2026, 1, 5, 18, tzinfo=UTC)
    for at, blocks in enumerate(chat.blocks, 1):
        day += timedelta(days=dice.randrange(3, 21), minutes=dice.randrange(-90, 90))
        dice.shuffle(blocks)
        lines = [line for block in blocks for line in (*block, *_between(dice, small_talk))]
        turns = []
        for line_at, line in enumerate(lines, 1):
            dia_id = f"D{at}:{line_at}"
            turns.append({"speaker": chat.names[line.speaker], "dia_id": dia_id, "text": line.text})
            where[line.key] = dia_id
        held[f"session_{at}"] = turns
        held[f"session_{at}_date_time"] = (
            f"{day:%I:%M %p} on {day.day} {day:%B}, {day.year}".lower()
        )
    asked = [
        {
            "question": each.question,
            "answer": each.answer,
            "evidence": [where[key] for key in each.keys],
            "category": each.category,
        }
        for each in chat.asked
    ]
    return {"sample_id": f"generated-{number}", "conversation": held, "qa": asked}


def _shared(question: str, said: str) -> int:
    return len(set(question.lower().split()) & set(said.lower().split()))


def _between(dice: random.Random, small_talk: Sequence[str]) -> list[Line]:
    if dice.random() < 0.6:
        return []
    return [Line(dice.randrange(2), dice.choice(small_talk))]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def main() -> None:
    """Write the set to a file."""
    parser = argparse.ArgumentParser(prog="benchmarks.recall_set")
    parser.add_argument("path", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    made = conversations(args.seed)
    args.path.parent.mkdir(parents=True, exist_ok=True)
    args.path.write_text(json.dumps(made, ensure_ascii=False, indent=1), "utf-8")
    print(f"{sum(len(each['qa']) for each in made):,} questions in {len(made)} conversations")


if __name__ == "__main__":
    main()
