"""Reading all memories: newest first, batch by batch, whatever the model does."""

import math
from pathlib import Path

import pytest

from app.domain.errors import EngineDied
from app.domain.events import IndexWork, MemoriesIndexed, NoticeRaised
from app.memory.index.backlog import BATCH, REST_S
from app.memory.index.index import How
from app.memory.index.shelves import Sizes
from tests.fakes.meanings import SIZE, Meanings, Remembering, remembering


class Clock:
    """Seconds that grow when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


async def vectors(there: Remembering) -> int:
    """Return how many vectors are kept."""
    return int(
        await there.database.read(
            lambda db: db.execute("SELECT count(*) FROM vectors").fetchone()[0]
        )
    )


def notices(there: Remembering) -> list[str]:
    return [each.code for each in there.events if isinstance(each, NoticeRaised)]


async def test_the_newest_are_read_first_and_it_is_told(tmp_path: Path) -> None:
    model = Meanings()
    async with remembering(tmp_path, model) as there:
        await there.add(*(f"memory {number}" for number in range(50)))
        await there.index.catch_up()
        assert model.asked[0].startswith("memory 49")
        assert model.asked[-1].startswith("memory 0")
        told = [each for each in there.events if isinstance(each, MemoriesIndexed)]
        assert told[0] == MemoriesIndexed(IndexWork.EMBEDDING, BATCH, 100)
        assert told[-1] == MemoriesIndexed(IndexWork.EMBEDDING, 100, 100)
        model.asked.clear()
        await there.add("memory 50")
        await there.index.catch_up()
        assert model.asked == ["memory 50", "memory 50"]


async def test_what_was_read_before_a_failure_stays_read(tmp_path: Path) -> None:
    model, clock = Meanings(), Clock()
    async with remembering(tmp_path, model, How(clock=clock)) as there:
        await there.add(*(f"memory {number}" for number in range(20)))
        await there.index.catch_up()
        await there.add("one more")
        model.fault = EngineDied("It died.")
        await there.index.catch_up()
        await there.index.catch_up()
        assert notices(there) == ["memory_embedder"]
        assert "rests" in there.index._backlog.why_not()
        assert await vectors(there) == 40
        model.fault = None
        await there.index.catch_up()
        assert await vectors(there) == 40
        clock.now = REST_S
        await there.index.catch_up()
        assert await vectors(there) == 42


@pytest.mark.parametrize(
    "answer",
    [
        [[1.0] * SIZE],
        [[1.0] * (SIZE + 1)] * 4,
        [[math.nan] * SIZE] * 4,
        [[0.0] * SIZE] * 4,
        [[1.0]] * 3 + [[1.0] * SIZE],
    ],
)
async def test_a_wrong_answer_is_not_kept(tmp_path: Path, answer: list[list[float]]) -> None:
    model, clock = Meanings(), Clock()
    async with remembering(tmp_path, model, How(clock=clock)) as there:
        await there.add("first")
        await there.index.catch_up()
        await there.add("second", "third")
        model.answers = [list(answer)]
        await there.index.catch_up()
        assert await vectors(there) == 2
        assert notices(there) == ["memory_embedder"]
        clock.now = REST_S
        await there.index.catch_up()
        assert await vectors(there) == 6


async def test_a_text_that_has_no_vector_holds_up_nobody(tmp_path: Path) -> None:
    model = Meanings()
    async with remembering(tmp_path, model) as there:
        await there.add("first", "poison", "third")
        good = [model.vector(f"x{at}").tolist() for at in range(6)]
        good[2] = good[3] = [math.nan] * SIZE
        model.answers = [good]
        await there.index.catch_up()
        assert await vectors(there) == 4
        assert notices(there) == []
        await there.add("fourth")
        await there.index.catch_up()
        assert await vectors(there) == 6


async def test_a_model_that_may_not_be_asked_is_not(tmp_path: Path) -> None:
    model = Meanings()
    model.rests = "others need the memory"
    async with remembering(tmp_path, model) as there:
        await there.add("first")
        await there.index.catch_up()
        assert model.asked == []
        assert there.index.why_not() == "others need the memory"


async def test_a_removed_memory_gets_no_vector(tmp_path: Path) -> None:
    model = Meanings()
    async with remembering(tmp_path, model, How(Sizes(small=0))) as there:
        ids = await there.add("first", "second")
        read = model.of

        async def removing(texts: list[str]) -> object:
            await there.remove(ids[0])
            return await read(texts)

        model.of = removing  # type: ignore[method-assign,assignment]
        await there.index.catch_up()
        assert await vectors(there) == 2
        assert await there.agrees()


async def test_another_model_in_the_middle_begins_anew(tmp_path: Path) -> None:
    model = Meanings()
    async with remembering(tmp_path, model) as there:
        await there.add(*(f"memory {number}" for number in range(BATCH)))
        read = model.of

        async def changing(texts: list[str]) -> object:
            found = await read(texts)
            model.model = "model-b"
            return found

        model.of = changing  # type: ignore[method-assign,assignment]
        await there.index.catch_up()
        assert await vectors(there) == 0
        await there.index.catch_up()
        assert there.index.questions.id == "model-b"
        assert await vectors(there) == 2 * BATCH
