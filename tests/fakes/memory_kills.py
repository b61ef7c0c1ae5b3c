"""A memory that is killed again and again (`python -m benchmarks.memory_kills`).

Every life is a child that adds, removes, embeds, saves and rebuilds, and says what it begins and
what is done; it is killed at a random moment. Then another child looks whether everything that was
committed is there, whether nothing is there that was removed, and whether the index holds exactly
what the store holds and answers like an exact look at all vectors.

This process starts no threads, so that it can be copied (forked) instead of started anew.
"""

import asyncio
import json
import os
import random
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.memory.index.index import How
from app.memory.index.shelves import Sizes
from app.memory.index.vectors import library
from tests.fakes.meanings import Remembering, remembering

HOW = How(Sizes(small=0, changes=40))
MOST = 250  # memories, after which more is removed than added
QUESTIONS = ("life 1 memory 1", "something else")


@dataclass
class Known:
    """What the killed have said they did: texts of memories by id, and who is gone."""

    kept: dict[int, str] = field(default_factory=dict)
    leaving: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)

    def hear(self, message: dict[str, Any]) -> None:
        """Take in what a life says."""
        if message["what"] == "added":
            self.kept |= {int(each): text for each, text in message["texts"].items()}
        elif message["what"] == "removing":
            self.leaving |= set(message["ids"])
        elif message["what"] == "removed":
            self.gone |= set(message["ids"])

    @property
    def sure(self) -> dict[int, str]:
        """Memories that must be there."""
        return {each: text for each, text in self.kept.items() if each not in self.leaving}


class Life:
    """One life of the store, until it is killed."""

    def __init__(self, there: Remembering, dice: random.Random, known: Known, number: int) -> None:
        self.there = there
        self.dice = dice
        self.known = known
        self.number = number
        self.made = 0

    async def live(self, say: Callable[..., None]) -> None:
        while True:
            crowded = len(self.known.sure) > MOST
            name = self.dice.choice(["add", "remove", "catch_up", "save", "rebuild", "ask"])
            name = "remove" if crowded and name == "add" else name
            say(what="begin", name=name)
            await self._do(name, say)

    async def _do(self, name: str, say: Callable[..., None]) -> None:
        match name:
            case "add":
                texts = [f"life {self.number} memory {self.made + at}" for at in range(12)]
                self.made += len(texts)
                ids = await self.there.add(*texts)
                say(what="added", texts=dict(zip(ids, texts, strict=True)))
            case "remove":
                sure = sorted(self.known.sure)
                ids = self.dice.sample(sure, min(len(sure), 8))
                say(what="removing", ids=ids)
                await self.there.remove(*ids)
                say(what="removed", ids=ids)
            case "ask":
                await self.there.ask(QUESTIONS[0])
            case _:
                await getattr(self.there.index, name)()


async def _live(folder: Path, number: int, dice: random.Random, known: Known) -> None:
    def say(**message: object) -> None:
        line = json.dumps(message)
        known.hear(json.loads(line))
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    async with remembering(folder, how=HOW) as there:
        await Life(there, dice, known, number).live(say)


async def _look(folder: Path, known: Known) -> None:
    async with remembering(folder, how=HOW) as there:
        stored = await there.store_texts()
        lost = {each for each, text in known.sure.items() if stored.get(each) != text}
        assert not lost, f"lost: {sorted(lost)}"
        assert not known.gone & set(stored), "what was removed is there"
        assert await there.is_sound(), "the store is damaged"
        assert await there.agrees(), "store and index differ at the start"
        await there.index.catch_up()
        assert await there.agrees(), "store and index differ after catching up"
        for text in QUESTIONS:
            assert await there.ask(text) == await there.truth(text), "other answers"
        assert len(await there.ask("all", 10_000)) == len(stored), "not all are found"


def _child(work: Coroutine[Any, Any, None], output: int) -> int:
    """Run something in a copy of this process; return its number."""
    child = os.fork()
    if child:
        work.close()
        return child
    code = 1
    try:
        os.dup2(output, 1)
        asyncio.run(work)
        code = 0
    finally:
        if code:
            traceback.print_exc()
        os._exit(code)


def _killed(work: Coroutine[Any, Any, None], known: Known, dice: random.Random) -> str:
    """Let a life begin and kill it at some moment; return what it was about to do."""
    reading, writing = os.pipe()
    child = _child(work, writing)
    os.close(writing)
    busy = "start"
    with os.fdopen(reading, encoding="utf-8") as said:
        for _ in range(dice.randrange(30)):
            if not (line := said.readline()):
                break
            message = json.loads(line)
            known.hear(message)
            busy = message.get("name", busy)
        for _ in range(dice.randrange(200_000)):
            pass  # a moment that is short and another each time
        os.kill(child, signal.SIGKILL)
        for line in said:  # what it had done by then, too
            if line.endswith("\n"):
                message = json.loads(line)
                known.hear(message)
                busy = message.get("name", busy)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "a life ended by itself"
    return busy


def run(folder: Path, kills: int, seed: int) -> tuple[Counter[str], Known, list[int]]:
    """Kill so often; return what was going on, what is known, and which kills did harm."""
    library()
    dice, known, wrong = random.Random(seed), Known(), []
    struck: Counter[str] = Counter()
    for number in range(kills):
        own = random.Random(dice.random())
        struck[_killed(_live(folder, number, own, known), known, dice)] += 1
        child = _child(_look(folder, known), 2)
        if os.waitpid(child, 0)[1] != 0:
            wrong.append(number)
    return struck, known, wrong
