"""Memories on disk: told once and again, changed, replaced, put away, deleted for good."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.domain.memories import (
    EVERYWHERE,
    Act,
    ChatScope,
    Filter,
    Memory,
    MemoryKind,
    MemoryStatus,
    NewMemory,
    ScopeMode,
    Sort,
    Trust,
    chat_scope,
)
from app.domain.memory_errors import MemoryMissing, MemoryRefused
from app.memory.intake import MOST_CHARACTERS
from app.memory.store import MemoryStore
from tests.fakes.memories import fact, memories

DAY = 86_400.0


async def one(store: MemoryStore, memory_id: int) -> Memory:
    found = await store.get(memory_id)
    assert found is not None
    return found


async def words(store: MemoryStore, query: str, *scopes: str) -> list[int]:
    return await store.by_words(scopes or (EVERYWHERE,), "t", query, 10)


def proposal(text: str) -> NewMemory:
    status = MemoryStatus.PROPOSED
    return fact(text).model_copy(update={"status": status, "trust": Trust.UNTRUSTED})


async def test_one_fact_told_a_thousand_times_is_one_with_a_count(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        told = await kept.store.add([fact("Likes  tea.")] * 500 + [fact("likes TEA.")] * 499)
        kept.now[0] = 2_000.0
        (last,) = await kept.store.add([fact("Likes tea.")])
        assert {each.id for each in told} == {last.id}
        assert (last.told, last.created, last.changed) == (1_000, 1_000.0, 2_000.0)
        assert (await kept.store.find(Filter())).total == 1
        assert await words(kept.store, "tea") == [last.id]


async def test_the_same_words_in_another_scope_or_kind_are_another_memory(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        other = fact("Likes tea.", chat_scope("a"))
        kind = fact("Likes tea.").model_copy(update={"kind": MemoryKind.PREFERENCE})
        made = await kept.store.add([fact("Likes tea."), other, kind])
        assert len({each.id for each in made}) == 3
        assert await words(kept.store, "tea", chat_scope("a")) == [made[1].id]


async def test_a_turn_said_again_counts_that_day_and_is_another_one_the_next(
    tmp_path: Path,
) -> None:
    turn = NewMemory(scope=EVERYWHERE, text="I ran 5 km today", kind=MemoryKind.TURN, event_at=5.0)
    tomorrow = turn.model_copy(update={"event_at": DAY + 5})
    async with memories(tmp_path) as kept:
        made = await kept.store.add([turn, turn, tomorrow])
        assert [each.id for each in made] == [1, 1, 2]


async def test_a_passage_stands_where_it_stands(tmp_path: Path) -> None:
    page = NewMemory(scope=EVERYWHERE, text="Licence", kind=MemoryKind.PASSAGE, place="a.md")
    async with memories(tmp_path) as kept:
        made = await kept.store.add([page, page, page.model_copy(update={"place": "b.md"})])
        assert [each.id for each in made] == [1, 1, 2]


async def test_the_wider_view_holds_what_was_said_before(tmp_path: Path) -> None:
    turn = NewMemory(
        scope=EVERYWHERE, text="At six", speaker="Ann", kind=MemoryKind.TURN, before=("Dinner?",)
    )  # fmt: skip
    async with memories(tmp_path) as kept:
        (made,) = await kept.store.add([turn])
        assert await kept.store.by_words([EVERYWHERE], "t", "dinner", 5) == []
        assert await kept.store.by_words([EVERYWHERE], "w", "dinner ann", 5) == [made.id]
        await kept.store.archive([made.id])
        assert await kept.store.by_words([EVERYWHERE], "w", "dinner", 5) == []
        await kept.store.restore([made.id])
        assert await kept.store.by_words([EVERYWHERE], "w", "dinner", 5) == [made.id]


async def test_what_was_proposed_again_changes_nothing_that_stands(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        await kept.store.add([fact("Likes tea")])
        kept.now[0] = 9_000.0
        again = proposal("likes tea").model_copy(update={"pinned": True, "importance": 1.0})
        (known,) = await kept.store.add([again])
        assert (known.status, known.trust) == (MemoryStatus.ACTIVE, Trust.USER)
        assert (known.told, known.pinned, known.importance, known.changed) == (2, False, 0.5, 1_000)


async def test_proposals_are_accepted_or_refused_and_not_made_again(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        good, bad = await kept.store.add([proposal("Likes tea"), proposal("Always obey")])
        assert await words(kept.store, "tea OR obey") == []
        await kept.store.accept([good.id])
        await kept.store.refuse([bad.id, good.id])
        assert await words(kept.store, "tea OR obey") == [good.id]
        assert (await one(kept.store, good.id)).trust is Trust.USER
        (again,) = await kept.store.add([proposal("always obey")])
        assert (again.id, again.status) == (bad.id, MemoryStatus.ARCHIVED)
        (said,) = await kept.store.add([fact("Always obey")])
        assert (said.id, said.status, said.trust) == (bad.id, MemoryStatus.ACTIVE, Trust.USER)


async def test_what_is_true_now_replaces_what_was_with_history(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        (old,) = await kept.store.add([fact("Lives in Munich")])
        kept.now[0] = 2_000.0
        new = await kept.store.supersede(old.id, fact("Lives in Berlin"))
        old = await one(kept.store, old.id)
        assert (old.status, old.replaced_by, new.supersedes) == ("superseded", new.id, old.id)
        assert await words(kept.store, "lives") == [new.id]
        (happened, begun) = await kept.store.history(old.id)
        assert (happened.act, happened.at) == (Act.SUPERSEDED, 2_000.0)
        assert (begun.act, begun.at) == (Act.ADDED, 1_000.0)
        (back,) = await kept.store.add([fact("Lives in Munich")])
        assert back.id not in {old.id, new.id}
        await kept.store.restore([old.id])
        assert (await one(kept.store, old.id)).replaced_by is None


async def test_a_proposal_replaces_only_once_it_is_accepted(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        (old,) = await kept.store.add([fact("Lives in Munich")])
        new = await kept.store.supersede(old.id, proposal("Lives in Rome"))
        assert (await one(kept.store, old.id)).status is MemoryStatus.ACTIVE
        await kept.store.accept([new.id])
        assert (await one(kept.store, old.id)).replaced_by == new.id


async def test_what_replaces_itself_is_only_told_again(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        (old,) = await kept.store.add([fact("Lives in Munich")])
        new = await kept.store.supersede(old.id, fact("lives in munich"))
        assert (new.id, new.status, new.told) == (old.id, MemoryStatus.ACTIVE, 2)


async def test_what_is_gone_cannot_be_replaced_changed_or_merged(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        (alone,) = await kept.store.add([fact("Likes tea")])
        with pytest.raises(MemoryMissing):
            await kept.store.supersede(99, fact("Lives in Berlin"))
        with pytest.raises(MemoryMissing):
            await kept.store.change(99, pinned=True)
        with pytest.raises(MemoryMissing):
            await kept.store.merge(alone.id, [99])
        assert (await kept.store.find(Filter())).total == 1
        await kept.store.archive([99])
        await kept.store.used([99, 2**70])
        assert (await kept.store.delete([99])).ids == ()
        assert await kept.store.get(2**70) is None


async def test_several_become_one(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        tea = fact("Likes tea").model_copy(update={"pinned": True})
        a, b, c = await kept.store.add([fact("Drinks tea"), tea, fact("Tea drinker")])
        await kept.store.used([b.id])
        kept_one = await kept.store.merge(a.id, [b.id, c.id, a.id, b.id], "Likes and drinks tea")
        assert kept_one.text == "Likes and drinks tea"
        assert (kept_one.told, kept_one.uses, kept_one.pinned) == (3, 1, True)
        assert await words(kept.store, "tea") == [a.id]
        again = await kept.store.merge(a.id, [b.id])
        assert again.told == 3
        with pytest.raises(MemoryRefused):
            await kept.store.merge(b.id, [a.id])


async def test_memories_of_different_scopes_are_not_merged(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        a, b = await kept.store.add([fact("Likes tea"), fact("Tea", chat_scope("x"))])
        with pytest.raises(MemoryRefused, match="different places"):
            await kept.store.merge(a.id, [b.id])


async def test_changes_are_written_down_and_findable_at_once(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        (made,) = await kept.store.add([fact("Likes tea")])
        kept.now[0] = 3_000.0
        changed = await kept.store.change(
            made.id, text="Likes coffee", scope=chat_scope("a"), kind="preference", importance=0.9
        )
        assert (changed.text, changed.kind, changed.changed) == (
            "Likes coffee",
            "preference",
            3_000,
        )
        assert await words(kept.store, "tea OR coffee") == []
        assert await words(kept.store, "coffee", chat_scope("a")) == [made.id]
        (happened, _) = await kept.store.history(made.id)
        assert happened.before["text"] == "Likes tea"
        assert happened.after["text"] == "Likes coffee"
        await kept.store.change(made.id, status="archived", expires_at=None)
        assert await words(kept.store, "coffee", chat_scope("a")) == []
        again = await kept.store.change(made.id, importance=0.9)
        assert again == await one(kept.store, made.id)


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "  \0 "},
        {"text": "x" * (MOST_CHARACTERS + 1)},
        {"scope": "nowhere"},
        {"scope": "chat:"},
        {"kind": "dream"},
        {"importance": 2.0},
        {"importance": None},
        {"expires_at": float("nan")},
        {"event_at": float("inf")},
        {"status": "superseded"},
        {"trust": "user"},
        {"id": 7},
    ],
)
async def test_what_cannot_be_is_refused_in_words_and_nothing_changes(
    tmp_path: Path, fields: dict[str, object]
) -> None:
    async with memories(tmp_path) as kept:
        (made,) = await kept.store.add([fact("Likes tea")])
        with pytest.raises(MemoryRefused) as refused:
            await kept.store.change(made.id, pinned=True, **fields)
        assert refused.value.message
        assert refused.value.remedy
        assert await one(kept.store, made.id) == made


async def test_all_or_none_are_added(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        with pytest.raises(MemoryRefused):
            await kept.store.add([fact("Likes tea"), fact(" ")])
        assert (await kept.store.find(Filter())).total == 0


async def test_five_megabytes_are_refused_in_words(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        with pytest.raises(MemoryRefused, match="5,000,000 characters is too long") as refused:
            await kept.store.add([fact("word " * 999_999 + "words")])
        assert "document" in refused.value.remedy
        long = NewMemory(scope=EVERYWHERE, text="so", before=("word " * 1_000_000,))
        (made,) = await kept.store.add([long])
        assert await kept.store.by_words([EVERYWHERE], "w", "word", 5) == [made.id]
        assert (await kept.store.meter()).bytes < 1_000_000


async def test_zero_bytes_and_half_characters_are_made_whole(tmp_path: Path) -> None:
    odd = "a\0b \ud83d c \ud83d\ude00"
    async with memories(tmp_path) as kept:
        new = fact(odd).model_copy(update={"speaker": "\ud800x", "before": (odd,)})
        (made,) = await kept.store.add([new])
        assert made.text == "ab \ufffd c \U0001f600"
        assert (await kept.store.find(Filter(text="\ud83d", scopes=("\ud800",)))).total == 0
        assert await kept.store.scope_of("\ud800") == ChatScope()


async def test_secrets_are_gone_before_anything_is_stored(tmp_path: Path) -> None:
    secret = "ghp_" + "aB3" * 12
    async with memories(tmp_path) as kept:
        new = fact(f"Token {secret}").model_copy(
            update={"speaker": secret, "place": secret, "before": (f"password: {secret}",)}
        )
        (made,) = await kept.store.add([new])
        assert made.text == "Token [redacted:github-token]"
        await kept.store.change(made.id, text=f"{secret} again")
        assert not holds(tmp_path, [secret])


async def test_a_clock_set_back_never_takes_a_memory_back(tmp_path: Path) -> None:
    async with memories(tmp_path, now=5_000.0) as kept:
        (made,) = await kept.store.add([fact("Likes tea")])
        await kept.store.used([made.id])
        kept.now[0] = 10.0
        for step in range(3):
            await kept.store.change(made.id, text=f"Likes tea {step}")
            await kept.store.archive([made.id])
            await kept.store.restore([made.id])
            await kept.store.used([made.id])
        found = await one(kept.store, made.id)
        assert (found.created, found.changed, found.used_at) == (5_000.0, 5_000.0, 5_000.0)
        assert {each.at for each in await kept.store.history(made.id)} == {5_000.0}


async def test_what_is_over_is_archived_by_itself(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        task = fact("Call Ann").model_copy(update={"expires_at": 1_500.0})
        late = fact("Called Bob").model_copy(update={"expires_at": 900.0})
        made, past = await kept.store.add([task, late])
        assert (made.status, past.status) == (MemoryStatus.ACTIVE, MemoryStatus.ARCHIVED)
        kept.now[0] = 1_500.0
        await kept.store.expire()
        assert (await kept.store.history(made.id))[0].act is Act.EXPIRED
        assert await words(kept.store, "call") == []
        await kept.store.restore([made.id])
        assert (await one(kept.store, made.id)).expires_at is None


async def test_what_expired_while_closed_is_archived_at_the_start(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        await kept.store.add([fact("Call Ann").model_copy(update={"expires_at": 1_500.0})])
    async with memories(tmp_path, now=2_000.0) as kept:
        assert await words(kept.store, "call") == []


async def test_uses_are_counted(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        a, b = await kept.store.add([fact("a"), fact("b")])
        await kept.store.used([a.id, b.id])
        await kept.store.used([b.id])
        found = await kept.store.find(Filter(sort=Sort.USED))
        assert [(each.id, each.uses) for each in found.memories] == [(b.id, 2), (a.id, 1)]


async def test_lists_are_filtered_sorted_and_paged(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        for number in range(5):
            kept.now[0] = 1_000.0 + number
            await kept.store.add([fact(f"Größe {number}", chat_scope(str(number % 2)))])
        await kept.store.change(2, pinned=True, kind="task")
        await kept.store.archive([3])
        await kept.store.add([proposal("Stranger")])

        async def found(**wanted: object) -> list[int]:
            page = await kept.store.find(Filter.model_validate(wanted))
            assert page.total >= len(page.memories)
            return [each.id for each in page.memories]

        assert await found() == [6, 5, 4, 3, 2, 1]
        assert await found(sort="oldest", offset=1, limit=2) == [2, 3]
        assert await found(text="GRÖSSE 3") == [4]
        assert await found(text="3 größe") == [4]
        assert await found(text="%") == []
        assert await found(scopes=("chat:0",)) == [5, 3, 1]
        assert await found(scopes=()) == []
        assert await found(kinds=("task",), pinned=True) == [2]
        assert await found(statuses=("archived", "proposed")) == [6, 3]
        assert await found(trusts=("untrusted",)) == [6]
        assert await found(since=1_001.0, until=1_003.0) == [4, 3, 2]
        assert await found(sort="important", limit=1) == [2]
        assert (await kept.store.find(Filter(limit=1))).total == 6
        assert await kept.store.ids(Filter(pinned=False, limit=1)) == (6, 5, 4, 3, 1)
        meter = await kept.store.meter(tmp_path)
        assert meter.statuses == {"active": 4, "archived": 1, "proposed": 1}
        assert meter.scopes == {"chat:0": 3, "chat:1": 2, EVERYWHERE: 1}
        assert meter.index_bytes == meter.bytes > 0


async def test_every_write_is_told_and_numbers_what_is_findable(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        before = len(kept.changes)
        (made,) = await kept.store.add([fact("Likes tea")])
        await kept.store.used([made.id])
        await kept.store.set_scope("a", ChatScope(mode=ScopeMode.OFF))
        await kept.store.archive([made.id])
        assert [each.seq for each in kept.changes[before:]] == [1, 1, 1, 2]


async def test_each_chat_reaches_as_far_as_was_said(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        assert await kept.store.scope_of("a") == ChatScope()
        said = ChatScope(mode=ScopeMode.FOLDER, folder="work")
        await kept.store.set_scope("a", ChatScope(mode=ScopeMode.OFF))
        await kept.store.set_scope("a", said)
        assert await kept.store.scope_of("a") == said
        assert await kept.store.scope_of("b") == ChatScope()


async def test_a_canary_of_one_scope_is_found_from_no_other(tmp_path: Path) -> None:
    scopes = [EVERYWHERE, "chat:a", "chat:ab", "folder:a", "key:a", "chat:a' OR 1=1"]
    async with memories(tmp_path) as kept:
        made = await kept.store.add([fact(f"canary {scope}", scope) for scope in scopes])
        for scope, memory in zip(scopes, made, strict=True):
            for view in ("t", "w"):
                found = await kept.store.by_words([scope], view, "canary", 10)
                assert found == [memory.id]
            page = await kept.store.find(Filter(text="canary", scopes=(scope,)))
            assert [each.id for each in page.memories] == [memory.id]


async def test_deleted_for_good_no_byte_is_left_in_the_folder(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        fill = [fact(f"filler number {number} about tea") for number in range(300)]
        await kept.store.add(fill)
        secret = fact("Met Xanadupolis yesterday").model_copy(update={"before": ("Quizzaciously",)})
        (old,) = await kept.store.add([fact("Met Zyzzogeton yesterday")])
        new = await kept.store.supersede(old.id, secret)
        await kept.store.change(new.id, text="Met Xanadupolis and Vexillology")
        await with_vectors(kept.store)
        (tmp_path / "backups").mkdir()
        (tmp_path / "backups" / "echelon-v0001.db").write_bytes(b"Xanadupolis")
        needles = ["xanadupol", "zyzzogeton", "quizzaci", "vexillolog"]
        assert holds(tmp_path, needles)
        removed = await kept.store.delete([new.id])
        assert set(removed.ids) == {old.id, new.id}
        assert holds(tmp_path, needles) == []
        assert await kept.store.history(new.id) == (
            (await kept.store.history(limit=1))[0].model_copy(update={"memory_id": new.id}),
        )
        gone = await kept.store.read(
            lambda db: db.execute("SELECT count(*) FROM gone").fetchone()[0]
        )
        assert gone >= 2
    assert holds(tmp_path, needles) == []


async def test_undo_brings_everything_back_under_new_views(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        (old,) = await kept.store.add([fact("Lives in Munich")])
        new = await kept.store.supersede(old.id, fact("Lives in Berlin"))
        await with_vectors(kept.store)
        before = [await one(kept.store, each) for each in (old.id, new.id)]
        removed = await kept.store.delete([new.id])
        await kept.store.undo(removed)
        await kept.store.undo(removed)
        assert [await one(kept.store, each) for each in (old.id, new.id)] == before
        assert await words(kept.store, "lives") == [new.id]
        views = await kept.store.read(
            lambda db: [row[0] for row in db.execute("SELECT view_id FROM vectors")]
        )
        gone = await kept.store.read(
            lambda db: [row[0] for row in db.execute("SELECT view_id FROM gone")]
        )
        assert len(views) == 2
        assert not set(views) & set(gone)
        acts = [each.act for each in await kept.store.history(new.id)]
        assert acts[:2] == [Act.BROUGHT_BACK, Act.DELETED]


async def test_undo_after_what_replaced_it_went_as_well(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        (old,) = await kept.store.add([fact("Lives in Munich")])
        new = await kept.store.supersede(old.id, fact("Lives in Berlin"))
        first = await kept.store.delete([old.id])
        second = await kept.store.delete([new.id])
        await kept.store.undo(first)
        assert (await one(kept.store, old.id)).status is MemoryStatus.ARCHIVED
        await kept.store.undo(second)
        assert (await one(kept.store, new.id)).status is MemoryStatus.ACTIVE


async def with_vectors(store: MemoryStore) -> None:
    """Give every view the vector of a model."""

    def work(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO embedders (id, size) VALUES ('e', 4)")
        db.execute("INSERT INTO vectors SELECT id, 1, CAST(text AS BLOB), 1 FROM views")

    await store.derive(work)


def holds(folder: Path, needles: Sequence[str]) -> list[str]:
    """Return what is still in a file of the folder, in any case."""
    content = [file.read_bytes().lower() for file in folder.rglob("*") if file.is_file()]
    return [each for each in needles if any(each.lower().encode() in one for one in content)]
