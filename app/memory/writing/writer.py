"""Writes memories: turns as they are said, orders at once, and what turns teach at idle."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from app.domain.errors import AppError
from app.domain.events import NoticeRaised
from app.domain.memories import Memory, MemorySource, MemoryStatus, NewMemory, Trust
from app.memory.rows import digest
from app.memory.store import MemoryStore
from app.memory.writing import extraction, marks
from app.memory.writing.claims import Claim
from app.memory.writing.commands import Language, Order, command
from app.memory.writing.evidence import evidence
from app.memory.writing.grounding import worth_asking
from app.memory.writing.learning import Learner, Told
from app.memory.writing.ordering import Orders
from app.memory.writing.orders import is_order
from app.memory.writing.own import own_sentences
from app.memory.writing.rules import claims
from app.memory.writing.saying import Alike, Done, Generate, Said
from app.platform.bus import Bus

log = logging.getLogger(__name__)

# In one pass at idle: what is plain costs nothing, a model takes seconds.
MOST_READ: Final = 500
MOST_ASKED: Final = 20
# So many are looked at anew where a pass was ended: a mark is a write of its own.
_TOGETHER: Final = 25


class Writer:
    """Owns what becomes a memory. Only what the user said themselves is learned from."""

    def __init__(
        self,
        store: MemoryStore,
        bus: Bus,
        clock: Callable[[], float],
        *,
        generate: Generate | None = None,
        alike: Alike | None = None,
        local: Callable[[float], datetime] | None = None,
    ) -> None:
        """Write into `store`.

        Args:
            store: where memories are.
            bus: is told where not all could be kept.
            clock: counts seconds since the epoch.
            generate: asks a model of tier C; without it only what is plain is learned.
            alike: finds what means nearly the same, where meanings are known.
            local: turns seconds since the epoch into local time.
        """
        self._store = store
        self._bus = bus
        self._clock = clock
        self._generate = generate
        self._learner = Learner(store, local or local_time, alike)
        self._orders = Orders(store, self._learner)

    async def said(self, scope: str, message: Said, before: Sequence[Said] = ()) -> None:
        """Keep a message as evidence, with the (up to) two before it; '' as scope keeps nothing.

        What its former versions left is replaced.

        Raises:
            StorageError: nothing was kept.
        """
        kept = _without_orders_to_forget(message)
        if not scope or not kept.text.strip():
            return
        new, whole = evidence(scope, kept, before)
        versions = [each for each in (message.message_id, *message.replaces) if each]
        old = await self._store.read(lambda db: marks.turns_of_messages(db, versions))
        linked = [
            each.model_copy(update={"supersedes": replaced})
            for each, replaced in zip(new, old, strict=False)
        ]
        made = await self._store.add((*linked, *new[len(linked) :]))
        # What is only proposed replaces nothing; what was replaced is not archived.
        if rest := {*old} - {each.id for each in made}:
            await self._store.archive(sorted(rest))
        if not whole:
            self._tell_left_out(len(message.text))

    async def forget_chat(self, conversation_id: str) -> None:
        """Delete the turns of a chat that was deleted; facts learned from it stay.

        Raises:
            StorageError: nothing was deleted.
        """
        ids = await self._store.read(lambda db: marks.turns_of_chat(db, conversation_id))
        if ids:
            await self._store.delete(ids)

    async def command(
        self, scope: str, text: str, *, said: Said | None = None, reads: Sequence[str] = ()
    ) -> Done | None:
        """Do what a message of the user orders at its very beginning; None where it orders nothing.

        Args:
            scope: where what is told is kept; '' where nothing is.
            text: the message as the user wrote it.
            said: the message, for where it was learned.
            reads: the scopes in which is looked for what to forget; without any, in `scope`.

        Raises:
            StorageError: nothing was done.
        """
        found = command(text)
        if found is None:
            return None
        at = self._clock() if said is None else said.at
        where = reads or tuple(each for each in (scope,) if each)
        return await self._orders.carry_out(found, scope, where, said or Said("user", text), at)

    async def forget(self, ids: Sequence[int], language: Language = "en") -> Done:
        """Forget what was chosen among candidates, with the turns that say the same.

        Raises:
            StorageError: nothing was deleted.
        """
        return await self._orders.forget(ids, language)

    async def propose(self, scope: str, text: str, source: MemorySource) -> Memory | None:
        """Propose what a stranger's text says (a tool, a page); None where it gives orders.

        It is recalled only after the user has accepted it.

        Raises:
            MemoryRefused: it cannot be kept.
            StorageError: nothing was kept.
        """
        if not scope or is_order(text):
            return None
        (made,) = await self._store.add(
            (
                NewMemory(
                    scope=scope,
                    text=text,
                    source=source,
                    trust=Trust.UNTRUSTED,
                    status=MemoryStatus.PROPOSED,
                ),
            )
        )
        return made

    async def recited(self, texts: Sequence[str]) -> None:
        """Note what a model was given out of memory: who repeats it teaches nothing new.

        Raises:
            StorageError: it was not noted.
        """
        found = {digest(each) for text in texts for each in (text, *own_sentences(text))}
        now = self._clock()
        await self._store.derive(lambda db: marks.recite(db, found, now))

    async def study(self) -> None:
        """Learn from turns not looked at yet; never fails, and can be ended at any time."""
        try:
            await self._read_what_is_plain()
            if self._generate is not None:
                await self._ask_about_the_rest(self._generate)
        except AppError as error:
            log.info("no more is learned from turns now: %s", error.message)

    async def _read_what_is_plain(self) -> None:
        turns = await self._store.read(lambda db: marks.unseen(db, "rules", MOST_READ))
        for begin in range(0, len(turns), _TOGETHER):
            group = turns[begin : begin + _TOGETHER]
            told = [each for turn in group for each in await self._plain_in(turn)]
            await self._learner.learn(told)
            await self._looked("rules", group[-1])

    async def _plain_in(self, turn: Memory) -> list[Told]:
        found = claims(await self._told_in(turn))
        return _told((each for each in found if not is_order(each.text)), turn)

    async def _ask_about_the_rest(self, generate: Generate) -> None:
        turns = await self._store.read(lambda db: marks.unseen(db, "model", MOST_READ))
        asked = 0
        for turn in turns:
            sentences = await self._doubtful_in(turn)
            if sentences and asked >= MOST_ASKED:
                return
            if sentences:
                asked += 1
                answer = await generate(
                    extraction.question(sentences), extraction.schema(sentences)
                )
                found = extraction.understood(answer, sentences)
                await self._learner.learn(_told(found, turn))
            if sentences or turn is turns[-1]:
                await self._looked("model", turn)

    async def _looked(self, learner: marks.Learner, turn: Memory) -> None:
        await self._store.derive(lambda db: marks.look(db, learner, turn.id))

    async def _doubtful_in(self, turn: Memory) -> list[str]:
        """Return sentences that may tell something a rule does not see."""
        told = await self._told_in(turn)
        plain = [each for each in told if not any(claims((each,)))]
        return [each for each in plain if worth_asking(each)][: extraction.MOST_SENTENCES]

    async def _told_in(self, turn: Memory) -> list[str]:
        """Return the sentences of a turn that are the user's own, and were not recalled to them."""
        parts = await self._store.read(lambda db: marks.parts_of(db, turn.message_id))
        if turn.message_id and parts > 1:
            return []  # it was pasted
        ordered = command(turn.text)  # what was ordered was done at once
        told = own_sentences(turn.text if ordered is None else ordered.rest)
        digests = [digest(each) for each in told]
        known = await self._store.read(lambda db: marks.recited(db, digests, turn.created))
        return [each for each, mark in zip(told, digests, strict=True) if mark not in known]

    def _tell_left_out(self, length: int) -> None:
        self._bus.publish(
            NoticeRaised(
                "message_long",
                f"Of a message of {length:,} characters only the beginning and the end are kept"
                " as memory.",
                "Attach long texts as a document: then all of it is kept.",
            )
        )


def _without_orders_to_forget(message: Said) -> Said:
    """Return what is kept of a message: an order to forget names what is to be forgotten."""
    found = command(message.text) if message.role == "user" else None
    if found is None or found.order is not Order.FORGET:
        return message
    return replace(message, text=found.rest)


def local_time(at: float) -> datetime:
    """Return a time as the clock on this wall shows it."""
    return datetime.fromtimestamp(at, UTC).astimezone()


def _told(found: Iterable[Claim], turn: Memory) -> list[Told]:
    """Return what was claimed in a turn, with where and when."""
    origin = NewMemory(
        scope=turn.scope,
        text=turn.text,
        source=turn.source,
        conversation_id=turn.conversation_id,
        message_id=turn.message_id,
    )
    at = turn.created if turn.event_at is None else turn.event_at
    return [Told(each, origin, at) for each in found]
