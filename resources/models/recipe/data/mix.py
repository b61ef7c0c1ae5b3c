"""The stream of chats a model learns from: families in fixed shares, a seed, no end."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from recipe.data import code, facts, long, puzzles, talk
from recipe.data.words import NAMES

Chat = tuple[tuple[str, str], ...]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Family:
    """One kind of question: its source, its share, and whether letter case may be lost."""

    make: Callable[[Random], Pair]
    share: int
    loose: bool = False


FAMILIES: dict[str, Family] = {
    "greet": Family(talk.greet, 9, loose=True),
    "facts": Family(facts.fact, 16, loose=True),
    "code": Family(code.code, 8, loose=True),
    "replace": Family(puzzles.replace_word, 13),
    "sort": Family(puzzles.sort_words, 10),
    "words": Family(puzzles.word_puzzle, 10),
    "multiply": Family(puzzles.multiply, 6),
    "add": Family(puzzles.add_subtract, 10),
    "look-up": Family(puzzles.look_up, 10),
    "list": Family(facts.listing, 4, loose=True),
    "count": Family(long.counting, 3, loose=True),
    "long": Family(long.long_answer, 5),
    "unknown": Family(talk.unknown, 5),
}
# What is hard for a small model gets more room in the last part of the training.
PRACTICE = {"replace": 25, "sort": 15, "look-up": 20, "add": 10, "words": 4, "count": 2}
SYSTEM = (
    "You are a helpful assistant.",
    "You are Echelon, a helpful assistant. Answer briefly.",
    "You are a friendly assistant that runs on the user's own computer.",
    "Answer in one sentence.",
    "Be brief.",
    "Answer the user's question.",
    "You are a careful assistant. If you do not know something, say so.",
    "Answer in English. Use Markdown where it helps.",
)


def pair(random: Random, *, practice: bool = False) -> Pair:
    """Return one question, as people type it, and its answer."""
    shares = [f.share + (PRACTICE.get(name, 0) if practice else 0) for name, f in FAMILIES.items()]
    (family,) = random.choices(list(FAMILIES.values()), shares)
    return typed(family, random)


def typed(family: Family, random: Random) -> Pair:
    """Return a question of `family`, sometimes without full stop or with small letters."""
    ask, answer = family.make(random)
    stop, case = random.random(), random.random()
    if stop < 0.15:
        ask = ask.rstrip(".?!")
    if family.loose and case < 0.15:
        ask = ask.lower()
    elif case < 0.25 and ask.split(" ")[0].strip(":") not in NAMES:
        ask = ask[:1].lower() + ask[1:]
    return ask, answer


def chats(seed: int, *, practice: bool = False) -> Iterator[Chat]:
    """Yield chats of one to three turns without end, the same ones for the same seed."""
    random = Random(seed)
    while True:
        system = _system(random)
        turns = random.choices((1, 2, 3), (76, 16, 8))[0]
        yield sum((_turns(random, practice=practice) for _ in range(turns)), system)


def long_chats(seed: int, turns: int, *, practice: bool = False) -> Iterator[Chat]:
    """Yield chats of `turns` turns and more, for windows that a short chat would not fill."""
    random = Random(seed)
    while True:
        parts = (_turns(random, practice=practice) for _ in range(turns))
        yield sum(parts, _system(random))


def _system(random: Random) -> Chat:
    if random.random() < 0.85:
        return ()
    text = " ".join(random.sample(SYSTEM, random.choice((1, 1, 2))))
    return (("system", text),)


def _turns(random: Random, *, practice: bool) -> Chat:
    kind = random.random()
    if kind < 0.03:
        return talk.name_remembered(random, pair(random) if random.random() < 0.3 else None)
    if kind < 0.05:
        return talk.and_the_next(random)
    if kind < 0.06:
        return talk.and_its_capital(random)
    ask, answer = pair(random, practice=practice)
    return (("user", ask), ("assistant", answer))
