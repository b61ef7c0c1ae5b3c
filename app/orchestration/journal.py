"""Writes down how turns went: the rows everything is learned from."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Protocol

from app.domain.chat import Receipt
from app.domain.events import TurnCancelled, TurnFailed, TurnFinished
from app.domain.models import ModelSpec
from app.domain.routing import LedgerRecord, OutcomeRecord, TurnRecord, Witness
from app.orchestration.conductor import Order
from app.orchestration.course import Course, Tried
from app.orchestration.display import Display, TurnEnd
from app.orchestration.failopen import advised
from app.orchestration.learning.past import Past
from app.orchestration.witnesses import behaviour

_DECISIONS = {TurnFinished: "accept", TurnFailed: "fail", TurnCancelled: "cancelled"}


class Reader(Protocol):
    """Whoever keeps rows or learns from them: the ledger and the learners."""

    def note(self, record: LedgerRecord) -> None:
        """Take in one row; must not wait for anything."""


class Journal:
    """Turns courses into rows. A reader that fails harms neither the turn nor the others."""

    def __init__(
        self,
        readers: tuple[Reader, ...],
        *,
        wall_clock: Callable[[], float],
        identify: Callable[[ModelSpec], str],
        keep: Callable[[Past], None] = lambda _: None,
    ) -> None:
        """Join the readers.

        Args:
            readers: get every row, in this order.
            wall_clock: seconds since the epoch.
            identify: the id under which a model's evidence is kept.
            keep: gets the words of every turn, which are in no row.
        """
        self._readers = readers
        self._now = wall_clock
        self._identify = identify
        self._keep = keep

    def note(self, course: Course, order: Order, display: Display, end: TurnEnd) -> None:
        """Write down a turn that has ended, and what checks proved about its answers."""
        record = self._turn(course, order, display, end)
        self.write(record)
        for outcome in self._outcomes(course, record):
            self.write(outcome)
        past = _past(course, order, record)
        advised(partial(self._keep, past), None, "who keeps the words of turns")

    def behave(self, receipt: Receipt, act: str) -> None:
        """Write down what the user did with an answer."""
        outcome = behaviour(receipt, act, self._now())
        if outcome is not None:
            self.write(outcome)

    def write(self, row: LedgerRecord) -> None:
        """Give one row to every reader."""
        for reader in self._readers:
            advised(partial(reader.note, row), None, "a reader of the ledger")

    def _turn(self, course: Course, order: Order, display: Display, end: TurnEnd) -> TurnRecord:
        plan = course.plan
        features = plan.features
        decision = _DECISIONS[type(end)]
        if isinstance(end, TurnFinished):
            decision = end.receipt.decision or decision
        roles = {role.name: self._identify(role.model) for role in course.roles()}
        return TurnRecord(
            turn_id=display.turn_id,
            at=self._now(),
            conversation_id=order.question.conversation_id,
            message_id=display.message_id,
            question=order.question.key,
            family=plan.family,
            features=features.lexical if features else (),
            grams=features.grams if features else (),
            embedding=tuple(features.embedding or ()) if features else (),
            start=plan.role.name,
            reason=plan.reason,
            pinned=plan.pinned,
            explored=plan.explored,
            chances=dict(plan.chances),
            seconds=dict(plan.seconds),
            propensities=dict(plan.propensities),
            model_ids=roles,
            observed=dict(plan.observed),
            attempts=tuple(each.record() for each in course.tried),
            decision=decision,
            total_ms=display.elapsed_ms(),
        )

    def _outcomes(self, course: Course, record: TurnRecord) -> Iterator[OutcomeRecord]:
        for place, tried in enumerate(course.tried):
            right = _proven(tried)
            if right is None:
                continue
            judged = tried.judgement
            yield OutcomeRecord(
                at=record.at,
                model_id=tried.model_id,
                family=record.family,
                right=right,
                witness=Witness.VALIDATOR,
                source="gate",
                turn_id=record.turn_id,
                attempt=place,
                question=record.question,
                role=tried.call.role.name,
                probability=tried.probability,
                signals=dict(judged.signals) if judged else {},
                validators=dict(judged.validators) if judged else {},
                features=record.features,
                grams=record.grams,
                embedding=record.embedding,
            )


def _past(course: Course, order: Order, record: TurnRecord) -> Past:
    return Past(
        order.question,
        record,
        tuple(tried.attempted.text for tried in course.tried),
        tuple(_proven(tried) for tried in course.tried),
    )


def _proven(tried: Tried) -> float | None:
    """Return whether a check has proved the answer right or wrong; None if none could tell."""
    return tried.judgement.proven if tried.judgement else None
