"""“Remember that …” and “forget …” carried out at once."""

from collections.abc import Sequence
from typing import Final

from app.domain.memories import Memory, MemoryKind, NewMemory
from app.memory.store import MemoryStore
from app.memory.writing import marks
from app.memory.writing.claims import Claim
from app.memory.writing.commands import Command, Language, Order
from app.memory.writing.forgetting import meant, tracks
from app.memory.writing.learning import Learner, Told
from app.memory.writing.replies import forgotten, reply, which
from app.memory.writing.rules import claim
from app.memory.writing.saying import Done, Said
from app.memory.writing.wording import content, is_negated

LONGEST: Final = 2_000
_IMPORTANCE: Final = 0.8


class Orders:
    """Carries out what a message orders."""

    def __init__(self, store: MemoryStore, learner: Learner) -> None:
        """Keep memories in `store`, as `learner` takes them in."""
        self._store = store
        self._learner = learner

    async def carry_out(
        self, command: Command, scope: str, reads: Sequence[str], said: Said, now: float
    ) -> Done | None:
        """Do what is ordered; None where it was no order after all.

        Raises:
            StorageError: nothing was done.
        """
        if command.order is Order.REMEMBER:
            return await self._remember(command, scope, said, now)
        return await self._forget(command, reads)

    async def forget(self, ids: Sequence[int], language: Language = "en") -> Done:
        """Delete memories for good, with the turns that say the same.

        Raises:
            StorageError: nothing was deleted.
        """
        chosen = tuple((await self._store.many(ids)).values())
        found = set(ids)
        for each in chosen:
            found |= {*tracks(each, await self._near(each.text, (each.scope,)))}
            await self._unsay(each)
        removed = await self._store.delete(sorted(found))
        return Done(forgotten(chosen, language), removed=removed)

    async def _remember(self, command: Command, scope: str, said: Said, now: float) -> Done:
        if not scope:
            return Done(reply("off", command.language), rest=command.rest)
        if len(command.words) > LONGEST:
            return Done(reply("long", command.language), rest=command.rest)
        origin = NewMemory(
            scope=scope,
            text=command.words,
            conversation_id=said.conversation_id,
            message_id=said.message_id,
            importance=_IMPORTANCE,
        )
        (kept,) = await self._learner.learn((Told(as_claim(command), origin, now),))
        words = reply(_came_of(kept), command.language, kept.text)
        return Done(words, kept=(kept,), rest=command.rest)

    async def _unsay(self, memory: Memory) -> None:
        told = content(memory.text)
        if told:
            await self._store.derive(lambda db: marks.unsay(db, (memory.scope,), told))

    async def _near(self, text: str, scopes: Sequence[str]) -> tuple[Memory, ...]:
        told = content(text)
        return await self._store.read(lambda db: marks.near(db, scopes, told, turns=True))

    async def _forget(self, command: Command, reads: Sequence[str]) -> Done | None:
        kept = await self._near(command.words, reads)
        found = meant(command, kept)
        if not found.memories:
            return Done(reply("nothing", command.language)) if command.plain else None
        if found.plain:
            done = await self.forget([each.id for each in found.memories], command.language)
            return Done(done.words, removed=done.removed, rest=command.rest)
        words = which(found.memories, command.language)
        return Done(words, candidates=found.memories, rest=command.rest)


def as_claim(command: Command) -> Claim:
    """Return what is to be remembered as a claim, in the user's words."""
    found = None if command.task else claim(command.words)
    if found is not None and content(command.words) == content(found.text):
        return Claim(found.text, found.kind, found.about, found.value, found.denied, 1.0)
    words = command.words.strip()
    kind = MemoryKind.TASK if command.task else MemoryKind.FACT
    text = f"{words[0].upper()}{words[1:]}"
    return Claim(text, kind, denied=is_negated(words), sure=1.0)


def _came_of(kept: Memory) -> str:
    if kept.supersedes is not None:
        return "instead"
    return "known" if kept.told > 1 else "kept"
