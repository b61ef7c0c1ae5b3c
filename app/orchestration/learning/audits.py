"""A random part of the accepted answers is read again by somebody stronger, while nobody waits.

Without it nothing would be learned of what the gate lets pass. Every audit is logged with the
probability with which it was drawn. A reader's word counts only once it has told enough right
answers from wrong ones whose truth a check knows.
"""

from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from app.domain.chat import ChatMessage
from app.domain.doctor import Condition, Mechanism
from app.domain.models import RoleSpec
from app.domain.routing import OutcomeRecord, TurnRecord, Witness
from app.orchestration.gate.verdict import LEAST_CASES, Verdicts
from app.orchestration.learning.company import Company
from app.orchestration.learning.past import Past

# Of accepted answers, this share is audited; twice as many of the first.
SHARE: Final = 0.05
FIRST_SHARE: Final = 0.10
FIRST: Final = 200
WAITING: Final = 100
# The rows that tell how well a reader reads.
READING: Final = "reading"


@dataclass(frozen=True, slots=True)
class _Drawn:
    past: Past
    place: int
    share: float


@dataclass(frozen=True, slots=True)
class Truth:
    """An answer whose truth a check knows."""

    role: str
    thread: Sequence[ChatMessage]
    text: str
    right: bool
    family: str
    question: str


class Audits:
    """Draws answers, and has them read. Owns what waits to be read."""

    def __init__(
        self,
        company: Company,
        verdicts: Verdicts,
        *,
        dice: Random,
        wall_clock: Callable[[], float],
    ) -> None:
        """Join the parts.

        Args:
            company: among whom a stronger one is looked for.
            verdicts: asks readers.
            dice: draws.
            wall_clock: seconds since the epoch.
        """
        self._company = company
        self._verdicts = verdicts
        self._dice = dice
        self._now = wall_clock
        self._accepted = 0
        self._audited = 0
        self._drawn: deque[_Drawn] = deque(maxlen=WAITING)
        self._known: deque[Truth] = deque(maxlen=WAITING)

    @property
    def share(self) -> float:
        """The probability with which the next accepted answer is audited."""
        return FIRST_SHARE if self._accepted < FIRST else SHARE

    def recall(self, turn: TurnRecord) -> None:
        """Count a turn of an earlier run."""
        self._accepted += turn.decision == "accept"

    def learn(self, row: OutcomeRecord) -> None:
        """Take in how well a reader read."""
        if row.source == READING and row.probability is not None:
            self._verdicts.learn(row.model_id, row.probability, right=row.right >= 0.5)

    def note(self, past: Past) -> None:
        """Draw among the answers that passed; keep those whose truth is known for readers."""
        place, share = past.accepted, self.share
        self.recall(past.turn)
        if not past.plain:
            return
        for at, proven in enumerate(past.proven):
            if proven is not None:
                self.know(_truth(past, at, proven))
        if place is not None and past.proven[place] is None and self._dice.random() < share:
            self._drawn.append(_Drawn(past, place, share))

    def know(self, truth: Truth) -> None:
        """Keep an answer whose truth is known, for a reader that has to show what it can."""
        self._known.append(truth)

    def forget(self) -> None:
        """Drop what waits."""
        self._drawn.clear()
        self._known.clear()

    async def run(self) -> AsyncGenerator[OutcomeRecord, None]:
        """Have waiting answers read and yield what is learned; may be left at any moment."""
        while self._known:
            row = await self._read_known(self._known.popleft())
            if row is not None:
                self.learn(row)
                yield row
        for _ in range(len(self._drawn)):
            drawn = self._drawn.popleft()
            reader = self._believed(drawn.past.attempt(drawn.place).role)
            if reader is None:
                self._drawn.append(drawn)  # until somebody can be believed
                continue
            row = await self._read_drawn(drawn, reader)
            if row is not None:
                self._audited += 1
                yield row

    async def opinion(self, role: str, thread: Sequence[ChatMessage], text: str) -> float | None:
        """Return how likely an answer is right to somebody stronger who can be believed."""
        reader = self._believed(role)
        return None if reader is None else await self._read(reader, thread, text)

    def _believed(self, role: str) -> RoleSpec | None:
        """Return who is stronger than a role, can be asked now, and can be believed."""
        reader = self._company.stronger(role)
        if reader is None or not self._verdicts.power(self._company.identify(reader)).may_gate:
            return None
        return reader

    async def _read(
        self, reader: RoleSpec, thread: Sequence[ChatMessage], text: str
    ) -> float | None:
        """Return how likely an answer is right after a reader has read it."""
        model_id = self._company.identify(reader)
        yes = await self._verdicts.ask(model_id, thread, text)
        return None if yes is None else self._verdicts.power(model_id).weighed(0.5, yes)

    def mechanisms(self) -> Iterable[Mechanism]:
        """Say what is audited."""
        yield from self._verdicts.mechanisms()
        believed = self._audited > 0 or any(
            self._verdicts.power(self._company.identify(role)).may_gate
            for role in self._company.roster.answering
        )
        reason = (
            f"{self.share:.0%} of accepted answers; {self._audited} read since the start, "
            f"{len(self._drawn)} wait"
        )
        if self._company.is_single:
            condition, reason = Condition.OFF, "there is no stronger model that could be a witness"
        elif believed:
            condition = Condition.LIVE
        else:
            condition = Condition.OBSERVING
            reason += f"; a reader is believed from {LEAST_CASES} answers of known truth on"
        yield Mechanism(area="learning", name="audits", condition=condition, reason=reason)

    async def _read_known(self, truth: Truth) -> OutcomeRecord | None:
        reader = self._company.stronger(truth.role)
        if reader is None:
            return None
        model_id = self._company.identify(reader)
        yes = await self._verdicts.ask(model_id, truth.thread, truth.text)
        if yes is None:
            return None
        return OutcomeRecord(
            at=self._now(),
            model_id=model_id,
            family=truth.family,
            right=float(truth.right),
            witness=Witness.VALIDATOR,
            source=READING,
            question=truth.question,
            role=reader.name,
            probability=yes,
        )

    async def _read_drawn(self, drawn: _Drawn, reader: RoleSpec) -> OutcomeRecord | None:
        past, attempt = drawn.past, drawn.past.attempt(drawn.place)
        right = await self._read(reader, past.question.thread, past.texts[drawn.place])
        if right is None:
            return None
        return OutcomeRecord(
            at=self._now(),
            model_id=attempt.model_id,
            family=past.turn.family,
            right=right,
            witness=Witness.STRONGER,
            source="audit",
            turn_id=past.turn.turn_id,
            attempt=drawn.place,
            question=past.turn.question,
            role=attempt.role,
            propensity=drawn.share,
            probability=attempt.probability,
            signals=attempt.signals,
            validators=attempt.validators,
            features=past.turn.features,
            grams=past.turn.grams,
        )


def _truth(past: Past, place: int, proven: float) -> Truth:
    return Truth(
        past.attempt(place).role,
        past.question.thread,
        past.texts[place],
        proven >= 0.5,
        past.turn.family,
        past.turn.question,
    )
