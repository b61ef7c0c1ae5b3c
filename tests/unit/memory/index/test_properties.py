"""After any sequence of changes, saves and kills the index holds what the store holds."""

import asyncio
import shutil
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from app.memory.index.index import How
from app.memory.index.shelves import Sizes
from tests.fakes.meanings import Remembering, remembering

FILES = How(Sizes(small=0, changes=3))

_steps = st.one_of(
    st.tuples(st.just("add"), st.integers(1, 4)),
    st.tuples(st.just("remove"), st.integers(0, 50)),
    st.tuples(st.sampled_from(["catch_up", "save", "ask", "rebuild"]), st.just(0)),
    st.tuples(st.just("kill"), st.integers(0, 9)),
)


class Life:
    """A store and its index over several lives; `saves` are index folders of the past."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.saves: list[Path] = []
        self.ids: list[int] = []
        self.added = 0
        self.stack = AsyncExitStack()
        self.there: Remembering

    async def begin(self) -> None:
        self.there = await self.stack.enter_async_context(remembering(self.folder, how=FILES))

    async def step(self, name: str, number: int) -> None:
        match name:
            case "add":
                texts = [f"memory {self.added + at}" for at in range(number)]
                self.added += number
                self.ids += await self.there.add(*texts)
            case "remove" if self.ids:
                await self.there.remove(self.ids.pop(number % len(self.ids)))
            case "ask":
                await self.there.ask("memory 3")
            case "catch_up" | "save" | "rebuild":
                await getattr(self.there.index, name)()
                self.saves.append(self.folder / f"save-{len(self.saves)}")
                shutil.copytree(self.folder / "индекс", self.saves[-1])
            case "kill":
                await self.again(self.saves[number % len(self.saves)] if self.saves else None)

    async def again(self, save: Path | None) -> None:
        """Begin anew, perhaps with index files of the past."""
        await self.stack.aclose()
        if save is not None:
            shutil.rmtree(self.folder / "индекс")
            shutil.copytree(save, self.folder / "индекс")
        await self.begin()

    async def check(self) -> None:
        await self.there.index.catch_up()
        assert await self.there.agrees()
        for text in ("memory 1", "memory 5", "other"):
            for view in ("t", "w"):
                found = await self.there.ask(text, view=view)
                assert found == await self.there.truth(text, view=view)
        assert set(await self.there.ask("all", limit=500)) == set(self.ids)


async def _lived(steps: list[tuple[str, int]], folder: Path) -> None:
    life = Life(folder)
    await life.begin()
    try:
        for name, number in steps:
            await life.step(name, number)
        await life.check()
    finally:
        await life.stack.aclose()


@settings(max_examples=25)
@given(st.lists(_steps, max_size=20))
def test_the_index_holds_what_the_store_holds(steps: list[tuple[str, int]]) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(_lived(steps, Path(folder)))
