"""The index and the store say the same, whatever happens to files, processes and models."""

import asyncio
import logging
from pathlib import Path

import pytest

from app.domain.errors import EngineAnswerInvalid
from app.domain.events import IndexWork, MemoriesIndexed, NoticeRaised
from app.memory.index.index import How
from app.memory.index.shelves import Sizes
from tests.fakes.meanings import Meanings, Remembering, remembering

# Every scope has a file, and nothing waits to be written.
FILES = How(Sizes(small=0, changes=4))
# In the log, where a file was not believed.
ANEW = "is made anew"
TEXTS = [f"memory number {number}" for number in range(40)]


async def filled(folder: Path, how: How = FILES) -> None:
    async with remembering(folder, how=how) as there:
        await there.add(*TEXTS)
        await there.index.catch_up()


async def same(there: Remembering) -> None:
    """The shelves hold what the store holds, and find what an exact look finds."""
    assert await there.agrees()
    for text in ("memory number 7", "something else"):
        assert await there.ask(text) == await there.truth(text)
        assert await there.ask(text, view="w") == await there.truth(text, view="w")


async def test_what_was_told_is_found_by_its_meaning(tmp_path: Path) -> None:
    async with remembering(tmp_path) as there:
        ids = await there.add(*TEXTS)
        await there.index.catch_up()
        assert (await there.ask(TEXTS[7]))[0] == ids[7]
        await same(there)


async def test_one_scope_never_answers_for_another(tmp_path: Path) -> None:
    async with remembering(tmp_path) as there:
        await there.add("canary", scope="chat:a")
        (own,) = await there.add("sparrow", scope="chat:b")
        await there.index.catch_up()
        assert await there.ask("canary", scopes=["chat:b"]) == [own]
        assert await there.ask("canary", scopes=["chat:never"]) == []
        assert await there.ask("canary", scopes=[]) == []
        assert len(await there.ask("canary", scopes=["chat:a", "chat:b"])) == 2


async def test_a_removed_memory_is_not_found_any_more(tmp_path: Path) -> None:
    async with remembering(tmp_path, how=FILES) as there:
        ids = await there.add(*TEXTS)
        await there.index.catch_up()
        assert (await there.ask(TEXTS[3]))[0] == ids[3]
        await there.remove(ids[3], ids[9])
        assert ids[3] not in await there.ask(TEXTS[3], limit=40)
        await same(there)


async def test_everything_nearest_removed_leaves_the_next(tmp_path: Path) -> None:
    async with remembering(tmp_path, how=FILES) as there:
        await there.add(*TEXTS)
        await there.index.catch_up()
        nearest = await there.ask("question", limit=20)
        await there.remove(*nearest)
        assert await there.ask("question", limit=10) == await there.truth("question", limit=10)


async def test_a_restart_reads_the_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    await filled(tmp_path)
    async with remembering(tmp_path, how=FILES) as there:
        await there.index.ready()
        await same(there)
    assert ANEW not in caplog.text


async def test_changes_after_the_last_save_are_replayed(tmp_path: Path) -> None:
    await filled(tmp_path)
    kept = {file: file.read_bytes() for file in (tmp_path / "индекс").glob("*.index")}
    async with remembering(tmp_path, how=FILES) as there:
        ids = await there.add("later")
        await there.remove(2, 5)
        await there.index._backlog.work()
        assert (await there.ask("later"))[0] == ids[0]
    for file, content in kept.items():
        file.write_bytes(content)
    async with remembering(tmp_path, how=FILES) as there:
        await same(there)


@pytest.mark.parametrize("spoil", ["cut", "empty", "foreign", "bit", "longer", "line", "folder"])
async def test_a_spoiled_file_is_made_anew(tmp_path: Path, spoil: str) -> None:
    await filled(tmp_path)
    (file,) = (tmp_path / "индекс").glob("*.index")
    content = file.read_bytes()
    spoiled = {
        "cut": content[:-10],
        "empty": b"",
        "foreign": b"PK\x03\x04" * 300,
        "bit": content[:-10] + bytes([content[-10] ^ 1]) + content[-9:],
        "longer": content + b"x",
        "line": b'{"embedder": "model-a"}\n' + content,
        "folder": b"",
    }[spoil]
    file.write_bytes(spoiled)
    if spoil == "folder":
        file.unlink()
        file.mkdir()
    async with remembering(tmp_path, how=FILES) as there:
        await same(there)


async def test_a_file_of_another_size_model_or_scope_is_not_believed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    await filled(tmp_path)
    (file,) = (tmp_path / "индекс").glob("*.index")
    for old, new in (
        (b'"size": 8', b'"size": 9'),
        (b"model-a", b"model-b"),
        (b'"seq": ', b'"seq": 9'),
    ):
        content = file.read_bytes()
        assert old in content
        file.write_bytes(content.replace(old, new, 1))
        async with remembering(tmp_path, how=FILES) as there:
            await there.index.ready()
            assert (tmp_path / "индекс" / "set-aside.bad").exists()
            await same(there)
        assert ANEW in caplog.text
        caplog.clear()
        assert not (tmp_path / "индекс" / "set-aside.bad").exists()


async def test_a_store_that_was_put_back_makes_the_index_anew(tmp_path: Path) -> None:
    """The same numbers stand for other words there."""
    await filled(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    async with remembering(other, how=FILES) as there:
        await there.add(*(f"quite another {number}" for number in range(40)))
        await there.index.catch_up()
    (tmp_path / "memory.db").write_bytes((other / "memory.db").read_bytes())
    for rest in ("-wal", "-shm"):
        (tmp_path / f"memory.db{rest}").unlink(missing_ok=True)
    async with remembering(tmp_path, how=FILES) as there:
        await same(there)
        assert (await there.ask("quite another 5"))[0] == 6


async def test_a_second_process_has_an_index_of_its_own(tmp_path: Path) -> None:
    await filled(tmp_path)
    async with remembering(tmp_path, how=FILES) as first:
        before = [file.read_bytes() for file in (tmp_path / "индекс").glob("*.index")]
        async with remembering(tmp_path, how=FILES) as second:
            assert second.index.private
            assert not first.index.private
            await second.add("from the second")
            await second.index.catch_up()
            await same(second)
        assert [file.read_bytes() for file in (tmp_path / "индекс").glob("*.index")] == before
        await first.index.catch_up()
        await same(first)


async def test_a_folder_that_cannot_be_used_is_told_and_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "индекс").write_text("in the way")
    async with remembering(tmp_path, how=FILES) as there:
        assert there.index.private
        await there.add(*TEXTS)
        await there.index.catch_up()
        assert there.index.why_not() != ""


async def test_a_full_disk_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with remembering(tmp_path, how=FILES) as there:
        await there.add(*TEXTS)

        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("app.memory.index.files.os.fsync", full)
        await there.index.catch_up()
        await there.index.save()
        notices = [each for each in there.events if isinstance(each, NoticeRaised)]
        assert [each.code for each in notices] == ["memory_index"]
        assert there.index.private
        assert list((tmp_path / "индекс").glob("*.tmp")) == []
        await same(there)
        monkeypatch.undo()
        await there.index.save()
        assert there.index.private == ""
    async with remembering(tmp_path, how=FILES) as there:
        await same(there)


async def test_without_a_model_nothing_is_found_and_it_says_why(tmp_path: Path) -> None:
    async with remembering(tmp_path, Meanings("")) as there:
        await there.add(*TEXTS)
        await there.index.catch_up()
        assert there.index.why_not() == "there is no embedding model"
        assert await there.index.nearest(["everywhere"], [1.0] * 8, "t", 5) == []


@pytest.mark.parametrize("vector", [[1.0] * 7, [0.0] * 8, [float("nan")] * 8, []])
async def test_a_question_that_cannot_be_compared_is_an_error(
    tmp_path: Path, vector: list[float]
) -> None:
    async with remembering(tmp_path) as there:
        await there.add(*TEXTS)
        await there.index.catch_up()
        with pytest.raises(EngineAnswerInvalid):
            await there.index.nearest(["everywhere"], vector, "t", 5)
        await same(there)


async def test_a_new_model_takes_over_when_it_has_read_everything(tmp_path: Path) -> None:
    await filled(tmp_path)
    former, new = Meanings(), Meanings("model-b", 12)
    how = How(FILES.sizes, earlier=lambda model: former if model == "model-a" else None)
    async with remembering(tmp_path, new, how) as there:
        await there.index.ready()
        assert there.index.questions.id == "model-a"
        assert there.index.why_not() == ""
        await same(there)
        new.answers = [[[1.0]]]  # it breaks in the middle
        await there.index.catch_up()
        assert there.index.questions.id == "model-a"
        await same(there)
        there.index._backlog._rests_until = 0.0
        await there.index.catch_up()
        assert there.index.questions.id == "model-b"
        await same(there)
        models = await there.database.read(
            lambda db: db.execute("SELECT DISTINCT embedder FROM vectors").fetchall()
        )
        assert len(models) == 1
    async with remembering(tmp_path, Meanings("model-b", 12), FILES) as there:
        await same(there)


async def test_a_former_model_that_is_gone_is_said(tmp_path: Path) -> None:
    await filled(tmp_path)
    async with remembering(tmp_path, Meanings("model-b"), FILES) as there:
        assert "still reading" in there.index.why_not()
        with pytest.raises(EngineAnswerInvalid):
            await there.ask("anything")


async def test_made_anew_it_tells_how_far_it_is(tmp_path: Path) -> None:
    await filled(tmp_path)
    async with remembering(tmp_path, how=FILES) as there:
        await there.index.ready()
        await there.index.rebuild()
        told = [each for each in there.events if isinstance(each, MemoriesIndexed)]
        assert told[-1] == MemoriesIndexed(IndexWork.BUILDING, 80, 80)
        await same(there)


async def test_many_questions_at_once_while_memories_change(tmp_path: Path) -> None:
    async with remembering(tmp_path, how=FILES) as there:
        ids = await there.add(*TEXTS)
        await there.index.catch_up()

        async def change() -> None:
            for at in range(10):
                await there.remove(ids[at])
                await there.add(f"new {at}")
                await there.index.catch_up()

        async def look() -> None:
            for at in range(20):
                await there.ask(f"new {at}", limit=8)

        await asyncio.gather(change(), look(), look(), there.index.rebuild(), look())
        await same(there)


async def test_removed_views_are_forgotten_once_every_file_has_seen_them(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with remembering(tmp_path, how=FILES) as there:
        ids = await there.add(*TEXTS)
        await there.index.catch_up()
        await there.remove(*ids[:5])
        await there.index.save()
        assert await there.database.read(
            lambda db: db.execute("SELECT count(*) FROM gone").fetchone()[0]
        )
        await there.index.catch_up()
        gone = await there.database.read(
            lambda db: db.execute("SELECT count(*) FROM gone").fetchone()[0]
        )
        assert gone == 0
    async with remembering(tmp_path, how=FILES) as there:
        await same(there)
    assert ANEW not in caplog.text


async def test_small_scopes_need_no_file(tmp_path: Path) -> None:
    await filled(tmp_path, How())
    assert list((tmp_path / "индекс").glob("*.index")) == []
    async with remembering(tmp_path) as there:
        await same(there)


async def test_very_many_are_sorted_into_lists(tmp_path: Path) -> None:
    how = How(Sizes(small=0, flat=200))
    async with remembering(tmp_path, how=how) as there:
        ids = await there.add(*(f"thing {number}" for number in range(500)))
        await there.index.catch_up()
        (shelf,) = there.index._shelves._shelves.values()
        assert shelf.vectors["t"].lists > 1
        await there.add("one more")
        await there.remove(ids[4])
        await there.index.catch_up()
        assert await there.agrees()
        found = [(await there.ask(f"thing {at}"))[0] == ids[at] for at in range(10, 60)]
        assert sum(found) >= 49
    async with remembering(tmp_path, how=how) as there:
        await there.index.ready()
        (shelf,) = there.index._shelves._shelves.values()
        assert shelf.vectors["t"].lists > 1
        assert await there.agrees()


async def test_a_store_that_begins_anew_is_followed(tmp_path: Path) -> None:
    """As when the file was damaged and set aside while the program runs."""
    async with remembering(tmp_path, how=FILES) as there:
        await there.add(*TEXTS)
        await there.index.catch_up()
        await there.forget_everything()
        assert await there.index.nearest(["everywhere"], [1.0] * 8, "t", 5) == []
        await there.add("one", "two")
        await there.index.catch_up()
        assert await there.agrees()
        assert len(await there.ask("one", 40)) == 2
        assert (await there.ask("one")) == await there.truth("one")
