"""The terminal's commands about memories: what they print, and when they delete."""

import io
import sys
from argparse import ArgumentParser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.domain.memories import NewMemory
from app.domain.settings import Settings
from app.memory.desk import Home, Memories, Thinkers
from app.memory.queries import MemoryDesk
from app.memory_arguments import add_memory
from app.memory_commands import forget, import_lines, list_lines
from app.platform.bus import Bus
from app.terminal import FAILED, OK
from tests.fakes.doors import Door


class NoModel:
    """No embedding model."""

    id = ""

    def why_not(self) -> str:
        return "there is no embedding model"

    async def of(self, texts: object) -> list[Any]:
        raise AssertionError(texts)


class MemoryDoor(Door):
    """The private door, with nothing behind it but memories."""

    def __init__(self, memories: Memories) -> None:
        super().__init__(MemoryDesk(memories).queries())
        self.memories = memories

    async def keep(self, *texts: str, scope: str = "everywhere") -> list[int]:
        """Keep facts and return their numbers."""
        new = [NewMemory(scope=scope, text=each) for each in texts]
        return [each.id for each in await self.memories.store.add(new)]


@asynccontextmanager
async def door(folder: Path) -> AsyncIterator[MemoryDoor]:
    home = Home(folder / "memory.db", folder / "backups", folder / "index")
    memories = Memories(home, Thinkers(NoModel()), Bus(), Settings.model_validate({}))
    await memories.open()
    try:
        yield MemoryDoor(memories)
    finally:
        await memories.close()


async def test_what_single_chats_know_is_listed_only_for_who_asks(tmp_path: Path) -> None:
    async with door(tmp_path) as at:
        await at.keep("Likes tea")
        await at.keep("Sings zwitschervogel", scope="chat:one")
        (line,) = list_lines(await at.ask("memory list"))
        assert "Likes tea" in line
        assert len((await at.ask("memory list", scopes=["chat:one"]))["memories"]) == 1
        assert (await at.ask("memory list", all_scopes=True))["total"] == 2
        (none, why) = list_lines(await at.ask("memory search", text="zwitschervogel"))
        assert none == "Nothing is remembered here."
        assert "words only" in why
        found = await at.ask("memory search", text="Who sings zwitschervogel?", all_scopes=True)
        assert "by words" in next(list_lines(found))


async def test_added_exported_and_taken_again(tmp_path: Path) -> None:
    async with door(tmp_path / "one") as at:
        made = await at.ask("memory add", text="Likes tea")
        assert made["memory"]["scope"] == "everywhere"
        file = str(tmp_path / "memories.jsonl")
        assert await at.ask("memory export", path=file) == {"count": 1}
    async with door(tmp_path / "two") as at:
        lines = [*import_lines(await at.ask("memory import", path=file))]
        assert lines == ["1 added, 0 known already, 0 refused"]
        assert ", proposed" in next(list_lines(await at.ask("memory list")))
        assert (await at.ask("memory rebuild"))["lexical"]


async def test_nothing_is_deleted_unless_somebody_agrees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    async with door(tmp_path) as at:
        ids = await at.keep("Likes tea", "Likes boats")
        assert await forget(at, ids[:1], yes=False) == FAILED
        assert (await at.ask("memory list"))["total"] == 2
        assert await forget(at, ids[:1], yes=True) == OK
        assert [each["text"] for each in (await at.ask("memory list"))["memories"]] == [
            "Likes boats"
        ]
        assert await forget(at, [99], yes=True) != OK
        assert "There is no memory 99." in capsys.readouterr().err


def test_the_words_of_the_command() -> None:
    parser = ArgumentParser()
    add_memory(parser)
    args = parser.parse_args(["list", "tea", "--scope", "chat:one", "--scope", "everywhere"])
    assert (args.action, args.text, args.scope) == ("list", ["tea"], ["chat:one", "everywhere"])
    assert parser.parse_args(["forget", "1", "2", "--yes"]).ids == [1, 2]
