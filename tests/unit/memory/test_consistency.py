"""Whatever is done in whatever order: rows, views, words and vectors say the same."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.domain.memories import EVERYWHERE, Filter, MemoryStatus, NewMemory
from app.domain.memory_errors import MemoriesError
from app.memory.removal import Removed
from tests.fakes.memories import Kept, memories

# Every step is on the disk before the next: a busy one takes its time.
pytestmark = pytest.mark.timeout(600)

WORDS = st.sampled_from(["apple", "berry", "cherry", "Apple", "date password=fig12"])
SCOPES = st.sampled_from([EVERYWHERE, "chat:a", "folder:b"])
STATUSES = st.sampled_from([MemoryStatus.ACTIVE, MemoryStatus.PROPOSED])
PICKS = st.lists(st.integers(0, 30), min_size=1, max_size=3)

# What must hold in the rows themselves; each returns the ids of those that break it.
LAWS = (
    "SELECT id FROM memories WHERE (status = 'superseded') <> (replaced_by IS NOT NULL)",
    "SELECT id FROM memories WHERE changed < created OR used_at < created",
    "SELECT m.id FROM memories AS m LEFT JOIN views AS v ON v.memory_id = m.id"
    " GROUP BY m.id HAVING count(v.id) <> (m.status = 'active') * 2",
    "SELECT v.id FROM views AS v JOIN memories AS m ON m.id = v.memory_id"
    " WHERE v.scope_id <> m.scope_id OR v.tag <> 's' || v.scope_id || v.view"
    " OR v.text NOT LIKE '%' || m.text",
    "SELECT view_id FROM vectors WHERE view_id NOT IN (SELECT id FROM views)",
    "SELECT view_id FROM gone WHERE view_id IN (SELECT id FROM views)",
    "SELECT memory_id FROM history WHERE memory_id NOT IN (SELECT id FROM memories)"
    " AND (act <> 'deleted' AND act <> 'brought back')",
    "SELECT id FROM views WHERE seq > (SELECT seq FROM counter)",
    "SELECT id FROM memories AS m WHERE replaced_by = id",
)


@dataclass
class Told:
    """What the model knows of one memory."""

    text: str
    scope: str
    status: MemoryStatus
    told: int = 1
    replaced_by: int | None = None


class Machine(RuleBasedStateMachine):
    """A store beside a dictionary that does the same."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.runner = asyncio.Runner()
        self.opened: AbstractAsyncContextManager[Kept] = memories(Path(self.folder.name))
        self.kept = self.runner.run(self.opened.__aenter__())
        # What the disk has at which time is not asked here.
        self._do(lambda: self.kept.store.read(lambda db: db.execute("PRAGMA synchronous = OFF")))
        self.known: dict[int, Told] = {}
        self.removed: list[tuple[Removed, dict[int, Told]]] = []

    def teardown(self) -> None:
        self.runner.run(self.opened.__aexit__(None, None, None))
        self.runner.close()
        self.folder.cleanup()

    @rule(text=WORDS, scope=SCOPES, status=STATUSES)
    def add(self, text: str, scope: str, status: MemoryStatus) -> None:
        new = NewMemory(scope=scope, text=text, status=status, before=("zebra",))
        (made,) = self._do(lambda: self.kept.store.add([new]))
        self._note(made.id, text, scope, status)

    @rule(picks=PICKS, text=WORDS)
    def supersede(self, picks: list[int], text: str) -> None:
        old = self._ids(picks)[:1]
        if not old:
            return
        scope = self.known[old[0]].scope
        made = self._do(
            lambda: self.kept.store.supersede(
                old[0], NewMemory(scope=scope, text=text, before=("zebra",))
            )
        )
        self._note(made.id, text, scope, MemoryStatus.ACTIVE)
        if made.id != old[0]:
            self._replace(old[0], made.id)

    @rule(picks=PICKS, act=st.sampled_from(["archive", "restore", "accept", "refuse"]))
    def turn(self, picks: list[int], act: str) -> None:
        ids = self._ids(picks)
        self._do(lambda: getattr(self.kept.store, act)(ids))
        of, to = {
            "archive": (("active", "proposed"), MemoryStatus.ARCHIVED),
            "restore": (("archived", "superseded"), MemoryStatus.ACTIVE),
            "accept": (("proposed",), MemoryStatus.ACTIVE),
            "refuse": (("proposed",), MemoryStatus.ARCHIVED),
        }[act]
        for each in ids:
            if self.known[each].status in of:
                self.known[each].status, self.known[each].replaced_by = to, None
        self._look_who_replaced()

    @rule(picks=PICKS, text=WORDS, scope=SCOPES)
    def change(self, picks: list[int], text: str, scope: str) -> None:
        for each in self._ids(picks)[:1]:
            self._do(partial(self.kept.store.change, each, text=text, scope=scope))
            self.known[each].text, self.known[each].scope = _stored(text), scope

    @rule(picks=PICKS)
    def merge(self, picks: list[int]) -> None:
        ids = self._ids(picks)
        if not ids:
            return
        keep, *others = ids
        try:
            self._do(lambda: self.kept.store.merge(keep, others))
        except MemoriesError:
            kept = self.known[keep]
            scopes = {self.known[each].scope for each in ids}
            assert kept.status == "superseded" or len(scopes) > 1
            return
        for each in others:
            if self.known[each].replaced_by != keep:
                self.known[keep].told += self.known[each].told
            self._replace(each, keep)

    @rule(picks=PICKS)
    def delete(self, picks: list[int]) -> None:
        ids = self._ids(picks)
        removed = self._do(lambda: self.kept.store.delete(ids))
        gone = set(ids)
        while more := {i for i, each in self.known.items() if each.replaced_by in gone} - gone:
            gone |= more
        assert set(removed.ids) == gone
        self.removed.append((removed, {each: self.known.pop(each) for each in gone}))

    @rule(pick=st.integers(0, 10))
    def undo(self, pick: int) -> None:
        if not self.removed:
            return
        removed, were = self.removed.pop(pick % len(self.removed))
        self._do(lambda: self.kept.store.undo(removed))
        for each, was in were.items():
            self.known[each] = was
        for was in were.values():
            if was.replaced_by is not None and was.replaced_by not in self.known:
                was.status, was.replaced_by = MemoryStatus.ARCHIVED, None

    @rule()
    def embed(self) -> None:
        def work(db: Any) -> None:
            db.execute("INSERT OR IGNORE INTO embedders (id, size) VALUES ('e', 1)")
            db.execute(
                "INSERT OR IGNORE INTO vectors"
                " SELECT id, 1, x'00', (SELECT seq FROM counter) FROM views"
            )

        self._do(lambda: self.kept.store.derive(work))

    @rule()
    def use_and_turn_the_clock(self) -> None:
        self.kept.now[0] += 50.0 if self.kept.now[0] < 1_200 else -150.0
        self._do(lambda: self.kept.store.used(list(self.known)))

    @invariant()
    def rows_are_as_the_model_says(self) -> None:
        found = self._do(lambda: self.kept.store.find(Filter(limit=1_000))).memories
        stored = {
            each.id: Told(each.text, each.scope, each.status, each.told, each.replaced_by)
            for each in found
        }
        assert stored == self.known

    @invariant()
    def what_is_active_is_found_and_nothing_else(self) -> None:
        for scope in (EVERYWHERE, "chat:a", "folder:b"):
            active = {
                number
                for number, each in self.known.items()
                if each.scope == scope and each.status == "active"
            }
            found = self._do(partial(self._found, scope, "w", "zebra"))
            assert found == active
            apples = {each for each in active if "apple" in self.known[each].text.lower()}
            assert self._do(partial(self._found, scope, "t", "apple")) == apples

    @invariant()
    def every_law_holds(self) -> None:
        def work(db: Any) -> list[tuple[str, list[int]]]:
            db.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
            assert db.execute("PRAGMA foreign_key_check").fetchall() == []
            broken = ((law, [row[0] for row in db.execute(law)]) for law in LAWS)
            return [each for each in broken if each[1]]

        assert self._do(lambda: self.kept.store.read(work)) == []

    async def _found(self, scope: str, view: Any, word: str) -> set[int]:
        return set(await self.kept.store.by_words([scope], view, word, 1_000))

    def _do(self, work: Callable[[], Awaitable[Any]]) -> Any:
        async def done() -> Any:
            return await work()

        return self.runner.run(done())

    def _ids(self, picks: list[int]) -> list[int]:
        known = list(self.known)
        return list(dict.fromkeys(known[each % len(known)] for each in picks)) if known else []

    def _note(self, memory_id: int, text: str, scope: str, status: MemoryStatus) -> None:
        """Follow what was added: the words were known if the id is."""
        was = self.known.get(memory_id)
        if was is None:
            same = [
                number
                for number, each in self.known.items()
                if each.text.lower() == _stored(text).lower()
                and each.scope == scope
                and each.status != "superseded"
            ]
            assert same == []
            self.known[memory_id] = Told(_stored(text), scope, status)
            return
        assert was.text.lower() == _stored(text).lower()
        assert was.scope == scope
        was.told += 1
        if status is MemoryStatus.ACTIVE:
            was.status = status
        self._look_who_replaced()

    def _replace(self, old: int, by: int) -> None:
        if self.known[old].status != "superseded":
            self.known[old].status, self.known[old].replaced_by = MemoryStatus.SUPERSEDED, by

    def _look_who_replaced(self) -> None:
        """A memory that becomes active replaces what it was meant to: ask which that was."""
        found = self._do(lambda: self.kept.store.many(list(self.known)))
        for number, each in found.items():
            if each.status is MemoryStatus.SUPERSEDED and self.known[number].status == "active":
                assert found[each.replaced_by].supersedes == number
                self._replace(number, each.replaced_by)


def _stored(text: str) -> str:
    return text.replace("fig12", "[redacted:password]")


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=8, stateful_step_count=20, deadline=None, derandomize=True
)
