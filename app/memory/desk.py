"""Everything about memories behind one door: store, index, recall, writer and collections."""

import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.domain.chat import is_temporary
from app.domain.doctor import Condition, Mechanism
from app.domain.errors import AppError
from app.domain.memories import ChatScope, Filter, ScopeMode, chat_scope
from app.domain.settings import Settings
from app.memory.brief import Brief, Quick
from app.memory.collections.service import Collections
from app.memory.file import MemoryFile
from app.memory.index.embeddings import Embeddings
from app.memory.index.index import MemoryIndex
from app.memory.recall.recall import Recall
from app.memory.store import MemoryStore
from app.memory.writing.saying import Generate
from app.memory.writing.writer import Writer
from app.platform.bus import Bus

log = logging.getLogger(__name__)

AREA: Final = "memory"
# So many neighbours are looked at for one that says the same.
_ALIKE: Final = 5


@dataclass(frozen=True)
class Home:
    """Where memories are: their file, copies from before changes of its form, and the index."""

    file: Path
    backups: Path
    index: Path


@dataclass(frozen=True)
class Thinkers:
    """The models memory works with: at leisure, in a blink, and who reads turns at idle."""

    embeddings: Embeddings
    quick: Quick | None = None
    generate: Generate | None = None


class Memories:
    """Owns what is remembered. Nothing about it ever stops the program."""

    def __init__(self, home: Home, thinkers: Thinkers, bus: Bus, settings: Settings) -> None:
        """Keep memories in `home`; `thinkers` make vectors and read turns."""
        self.on = settings.memory
        self.usual = ChatScope(mode=ScopeMode(settings.memory_scope))
        self._settings = settings
        self._thinkers = thinkers
        self.file = MemoryFile(home.file, home.backups, bus)
        self.store = MemoryStore(self.file, time.time, bus, lambda: self.usual)
        self.index = MemoryIndex(self.file, home.index, thinkers.embeddings, bus)
        self.brief = Brief(self.index.questions, thinkers.quick)
        self.recall = Recall(self.file, self.index, self.brief)
        self.collections = Collections(self.store, time.time)
        generate = thinkers.generate if settings.learn_facts else None
        self.writer = Writer(self.store, bus, time.time, generate=generate, alike=self._alike)

    async def open(self) -> None:
        """Open the file and read what makes memories findable; never fails."""
        await self.store.open()
        await self._try(self.index.start, "the index of memories does not work")

    async def close(self) -> None:
        """Save and close everything."""
        await self._try(self.index.close, "the index of memories was not saved")
        await self.store.close()

    async def study(self) -> None:
        """Learn from what was said, at idle; never fails."""
        if self.on and self._settings.learn_facts:
            await self.writer.study()

    async def catch_up(self) -> None:
        """Make findable by meaning what is not yet, at idle; never fails."""
        await self._try(self.index.catch_up, "memories are not embedded now")

    async def reads(self, conversation_id: str) -> tuple[str, ...]:
        """Return the scopes a chat may recall from; none where there is no chat.

        Raises:
            StorageError: it cannot be read.
        """
        if not self._remembers(conversation_id):
            return ()
        return (await self.store.scope_of(conversation_id)).reads(conversation_id)

    async def writes(self, conversation_id: str) -> str:
        """Return the scope in which is kept what a chat tells; '' for none.

        Raises:
            StorageError: it cannot be read.
        """
        if not self._remembers(conversation_id):
            return ""
        return (await self.store.scope_of(conversation_id)).writes(conversation_id)

    def _remembers(self, conversation_id: str) -> bool:
        return self.on and bool(conversation_id) and not is_temporary(conversation_id)

    async def forget_chat(self, conversation_id: str) -> None:
        """Delete what was said in a chat, and all that only this chat may recall.

        Raises:
            StorageError: not all was deleted.
        """
        await self.writer.forget_chat(conversation_id)
        own = await self.store.ids(Filter(scopes=(chat_scope(conversation_id),)))
        if own:
            await self.store.delete(own)
        await self.store.derive(
            lambda db: db.execute("DELETE FROM chats WHERE conversation_id = ?", (conversation_id,))
        )

    def mechanisms(self) -> Iterable[Mechanism]:
        """Say what of memory works now."""
        yield self._of_store()
        yield self._of_meaning()
        yield self._of_learning()
        yield Mechanism(
            area=AREA,
            name="collections",
            condition=Condition.OFF if self.file.why_off else Condition.LIVE,
            reason=self.file.why_off or "looked at for changes at quiet times",
        )

    def _of_store(self) -> Mechanism:
        why = self.file.why_off
        if not why and not self.on:
            why = "ORCHESTRATOR_MEMORY is false"
        aside = f"set aside: {', '.join(self.file.set_aside)}" if self.file.set_aside else ""
        usual = f"new chats: {self.usual.mode.value}"
        return Mechanism(
            area=AREA,
            name="memory",
            condition=Condition.OFF if why else Condition.LIVE,
            reason=why or "; ".join(each for each in (usual, aside) if each),
        )

    def _of_meaning(self) -> Mechanism:
        why = self.file.why_off or self.index.why_not() or self.brief.why_not()
        return Mechanism(
            area=AREA,
            name="recall by meaning",
            condition=Condition.OFF if why else Condition.LIVE,
            reason=f"recalled by words only: {why}" if why else self.index.private,
        )

    def _of_learning(self) -> Mechanism:
        on = self.on and self._settings.learn_facts and self._settings.idle_after_s > 0
        who = "a model reads what rules do not see"
        reason = who if self._thinkers.generate else "by rules only: no model can be asked"
        return Mechanism(
            area=AREA,
            name="facts at quiet times",
            condition=Condition.LIVE if on else Condition.OFF,
            reason=reason if on else "ORCHESTRATOR_LEARN_FACTS or the quiet time is off",
        )

    async def _alike(self, scope: str, text: str) -> Sequence[tuple[int, float]]:
        """Return what means nearly the same in a scope; nothing where meanings are not known."""
        if self.index.why_not():
            return ()
        try:
            (vector,) = await self.index.questions.of([text])
            return await self.index.nearest([scope], vector, "t", _ALIKE)
        except AppError as error:
            log.info("nothing is found by meaning now: %s", error.message)
            return ()

    async def _try(self, work: Callable[[], Awaitable[None]], fault: str) -> None:
        try:
            await work()
        except AppError as error:
            log.info("%s: %s", fault, error.message)
