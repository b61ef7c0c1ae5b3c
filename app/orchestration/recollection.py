"""Memory in a turn: what is recalled before the plan, and orders that no model is needed for."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.chat import ChatMessage, UsedMemory
from app.domain.memories import MemoryKind, Recalled, RecallReport, Why
from app.memory.choosing import chosen
from app.memory.desk import Memories
from app.memory.recall.saying import block, estimated
from app.memory.writing.commands import Language, command
from app.memory.writing.replies import reply
from app.memory.writing.saying import Done, Said
from app.orchestration.failopen import awaited
from app.orchestration.question import Question
from app.orchestration.remembered import NOTHING, Obeyed, Recollected

# Longer no question waits for its memories.
RECALL_S: Final = 0.5
# Memories take at most this part of the smallest window.
SHARE: Final = 8
_LATE: Final = "recalling took too long"
_MOST_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class _Asked:
    """Memories that may be meant by “forget”, waiting for the user's choice."""

    ids: tuple[int, ...]
    language: Language


class Recollection:
    """Joins turns and memories. Owns which questions about forgetting are open."""

    def __init__(
        self,
        memories: Memories,
        *,
        window: int,
        budget: int,
        wish: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Recall from `memories`.

        Args:
            memories: what is remembered.
            window: tokens of the smallest window that may have to hold it.
            budget: tokens it may take at most.
            wish: is told of every question that would gain by its meaning.
            clock: seconds since the epoch.
        """
        self._memories = memories
        self._window = window
        self._budget = min(budget, window // SHARE)
        self._wish = wish
        self._clock = clock
        self._open: dict[str, _Asked] = {}

    async def of(self, question: Question) -> Recollected:
        """Return what matters for a question, within a short time; nothing where that fails."""
        return await awaited(self._in_time(question), NOTHING, "recall")

    async def obey(self, question: Question, question_id: str) -> Obeyed | None:
        """Do what a message orders at its beginning; None where it orders nothing."""
        if not question.conversation_id or question.retry:
            return None
        return await awaited(self._obeyed(question, question_id), None, "an order to memory")

    async def _in_time(self, question: Question) -> Recollected:
        try:
            async with asyncio.timeout(RECALL_S):
                return await self._recalled(question)
        except TimeoutError:
            return Recollected(lexical=_LATE)

    async def _recalled(self, question: Question) -> Recollected:
        scopes = await self._memories.reads(question.conversation_id)
        if not scopes or self._budget <= 0:
            return NOTHING
        self._wish()
        before = [message.content for message in question.thread[:-1]]
        report = await self._memories.recall.of(
            question.text, scopes, self._budget, now=self._clock(), thread=before
        )
        seen = _in_sight(question.thread, self._window)
        found = tuple(each for each in report.found if not _is_there(each, question, seen))
        return _told(report.model_copy(update={"found": found}))

    async def _obeyed(self, question: Question, question_id: str) -> Obeyed | None:
        chat = question.conversation_id
        asked = self._open.pop(chat, None)
        if asked is not None and (places := chosen(question.text, len(asked.ids))) is not None:
            return await self._forget(asked, places)
        found = command(question.text)
        if found is None or not self._memories.on:
            return None
        said = Said("user", question.text, chat, question_id, self._clock())
        done = await self._memories.writer.command(
            await self._memories.writes(chat),
            question.text,
            said=said,
            reads=await self._memories.reads(chat),
        )
        if done is None:
            return None
        if done.candidates:
            ids = tuple(each.id for each in done.candidates[:_MOST_SHOWN])
            self._open[chat] = _Asked(ids, found.language)
        return Obeyed(_listed(done), whole=not done.rest or bool(done.candidates))

    async def _forget(self, asked: _Asked, places: Sequence[int]) -> Obeyed:
        ids = [asked.ids[each] for each in places]
        if not ids:
            return Obeyed(_KEPT[asked.language])
        done = await self._memories.writer.forget(ids, asked.language)
        return Obeyed(done.words if done.removed else reply("nothing", asked.language))


_KEPT: Final[dict[Language, str]] = {
    "en": "Nothing was forgotten.",
    "de": "Es wurde nichts vergessen.",
}


def _listed(done: Done) -> str:
    """Return what is said of an order, with what may be meant as a numbered list."""
    lines = [
        f"{number}. {each.text}" for number, each in enumerate(done.candidates[:_MOST_SHOWN], 1)
    ]
    return "\n".join((done.words, "", *lines)) if lines else done.words


def _told(report: RecallReport) -> Recollected:
    return Recollected(
        block=block(report),
        texts=tuple(each.memory.text for each in report.found),
        used=tuple(_used(each) for each in report.found),
        lexical=report.lexical,
    )


def _used(found: Recalled) -> UsedMemory:
    memory = found.memory
    return UsedMemory(
        memory_id=memory.id,
        why=in_words(found.why),
        learned=memory.created,
        conversation_id=memory.conversation_id,
    )


def in_words(why: Why) -> str:
    """Return why a memory was recalled."""
    if why.pinned:
        return "pinned"
    ways = {"words": why.words or why.words_wide, "meaning": why.meaning or why.meaning_wide}
    return f"by {' and '.join(name for name, rank in ways.items() if rank)}"


def _in_sight(thread: Sequence[ChatMessage], window: int) -> frozenset[str]:
    """Return the newest messages of a thread: those that surely fit into the window."""
    seen: list[str] = []
    room = window // 2
    for message in reversed(thread):
        room -= estimated(message.content)
        if room < 0 and seen:
            break
        seen.append(message.content)
    return frozenset(seen)


def _is_there(found: Recalled, question: Question, seen: frozenset[str]) -> bool:
    """Say whether the model reads this anyway, further up in the thread."""
    memory = found.memory
    own = memory.conversation_id == question.conversation_id
    return own and memory.kind is MemoryKind.TURN and any(memory.text in each for each in seen)
