"""Words are looked up in two ways, rare and common ones apart, and find the same."""

import sqlite3
from pathlib import Path

import pytest

from app.memory.recall import lexicon as module
from app.memory.recall.lexicon import Hit, lexicon
from app.memory.rows import scope_ids
from tests.unit.memory.recall.remembering import database, fact, filled

TEXTS = ("dog", "dog and cat", "a cat that sleeps all day long under the stove", "bird", "dog dog")


async def _hits(folder: Path, *terms: str, scope: str = "chat:a") -> list[Hit]:
    async with database(folder) as opened:
        told = [fact(text, each) for each in ("chat:a", "chat:b") for text in TEXTS]
        await filled(opened, told)

        def work(db: sqlite3.Connection) -> list[Hit]:
            return lexicon(db, scope_ids(db, [scope])).hits("t", terms, 10)

        return await opened.read(work)


def _new(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir()
    return made


def _of(hits: list[Hit], memory: int) -> Hit:
    return next(each for each in hits if each.memory_id == memory)


async def test_rarer_words_weigh_more_and_short_texts_before_long_ones(tmp_path: Path) -> None:
    hits = await _hits(tmp_path, "dog", "cat")
    assert hits[0].memory_id == 2
    assert hits.index(_of(hits, 1)) < hits.index(_of(hits, 5))
    assert hits[0].share == pytest.approx(1)
    assert all(each.share < 1 for each in hits[1:])


async def test_a_word_nobody_has_used_lowers_the_share(tmp_path: Path) -> None:
    (hit,) = await _hits(tmp_path, "bird", "perfume")
    assert hit.share < 0.5


@pytest.mark.parametrize("seldom", [0, 1, 1_000])
async def test_both_ways_find_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seldom: int
) -> None:
    usual = await _hits(_new(tmp_path, "usual"), "dog", "cat")
    monkeypatch.setattr(module, "_SELDOM", seldom)
    assert await _hits(_new(tmp_path, "other"), "dog", "cat") == usual
    assert {each.memory_id for each in usual} == {1, 2, 3, 5}


async def test_a_word_in_too_many_rows_tells_apart_what_others_have_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SELDOM", 0)
    monkeypatch.setattr(module, "MOST_ROWS", 2)
    hits = await _hits(tmp_path, "dog", "cat")
    assert hits[0].memory_id == 2
    assert {each.memory_id for each in hits} == {2, 3}


async def test_common_words_alone_find_the_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 2)
    hits = await _hits(tmp_path, "dog")
    assert {each.memory_id for each in hits} == {2, 5}


async def test_words_that_nobody_used_find_nothing(tmp_path: Path) -> None:
    assert await _hits(_new(tmp_path, "one"), "dog", scope="chat:b") != []
    assert await _hits(_new(tmp_path, "two"), "perfume") == []
    assert await _hits(_new(tmp_path, "three")) == []
