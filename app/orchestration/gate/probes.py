"""Asks a model that nobody knows yet what can be checked, while nothing else is going on."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.chat import ChatMessage
from app.domain.doctor import Condition, Mechanism
from app.domain.errors import AppError
from app.domain.routing import OutcomeRecord, Witness
from app.orchestration.failopen import advised
from app.orchestration.gate.gate import Answer, Asked, Gate
from app.orchestration.gate.probe_set import PROBES
from app.orchestration.gate.probing import Probe
from app.orchestration.router.predictor import Chance, Features, Predictor

log = logging.getLogger(__name__)

# So many probes in a row without an answer: the model is not asked further now.
PATIENCE: Final = 3

# Asks a model, at the lowest priority; None where it gave way to somebody who waits.
Ask = Callable[[str, Sequence[ChatMessage]], Awaitable[Answer | None]]


@dataclass(frozen=True, slots=True)
class Subject:
    """A model that is probed: its id, the role that reaches it, and what it was asked already."""

    model_id: str
    role: str
    asked: Collection[str] = ()


class Prober:
    """Probes models. What it yields is a row of the ledger like any other."""

    def __init__(
        self,
        ask: Ask,
        gate: Gate,
        predictor: Predictor,
        *,
        may_go_on: Callable[[], bool],
        wall_clock: Callable[[], float],
    ) -> None:
        """Join the parts.

        Args:
            ask: asks the model behind a role.
            gate: tells the signals of an answer.
            predictor: tells what is to be expected of a question.
            may_go_on: whether the computer is still idle; asked before every probe.
            wall_clock: seconds since the epoch.
        """
        self._ask = ask
        self._gate = gate
        self._predictor = predictor
        self._may_go_on = may_go_on
        self._now = wall_clock
        self._answered = 0

    def left(self, subject: Subject) -> list[Probe]:
        """Return the probes a model was not asked yet, kinds of tasks in turn."""
        known = set(subject.asked)
        return [each for each in _in_turn(PROBES) if key_of(each) not in known]

    async def run(self, subject: Subject) -> AsyncIterator[OutcomeRecord]:
        """Ask what is left and yield how each answer turned out; ends when somebody needs us."""
        silent = 0
        for probe in self.left(subject):
            if silent >= PATIENCE or not self._may_go_on():
                return
            try:
                answer = await self._ask(subject.role, probe.thread)
            except AppError as error:
                log.info("a probe of %s got no answer: %s", subject.role, error)
                answer = None
            row = self._row(subject, probe, answer) if answer is not None else None
            silent = 0 if row is not None else silent + 1
            if row is not None:
                self._answered += 1
                yield row

    def mechanisms(self) -> Iterable[Mechanism]:
        """Say what is done about models nobody knows yet."""
        yield Mechanism(
            area="gate",
            name="probes",
            condition=Condition.LIVE,
            reason=f"{len(PROBES)} for a new model, at idle; {self._answered} since the start",
        )

    def _row(self, subject: Subject, probe: Probe, answer: Answer) -> OutcomeRecord | None:
        return advised(lambda: self._outcome(subject, probe, answer), None, "a probe")

    def _outcome(self, subject: Subject, probe: Probe, answer: Answer) -> OutcomeRecord:
        question = probe.question
        features: Features = self._predictor.features(question)
        # Expected before it was judged: the row is learned from afterwards.
        expected: Chance = self._predictor.chance(features, subject.model_id)
        judged = self._gate.judge(
            Asked(question, features.family), answer, subject.model_id, expected.probability
        )
        whole = answer.finish_reason in {"stop", ""}
        return OutcomeRecord(
            at=self._now(),
            model_id=subject.model_id,
            family=features.family,
            right=float(whole and probe.is_right(answer.text)),
            witness=Witness.VALIDATOR,
            source="probe",
            question=key_of(probe),
            role=subject.role,
            probability=judged.probability,
            signals=dict(judged.signals),
            validators=dict(judged.validators),
            features=features.lexical,
            grams=features.grams,
        )


def key_of(probe: Probe) -> str:
    """Return what a probe is known by in the ledger."""
    return probe.question.key


def _in_turn(probes: Sequence[Probe]) -> list[Probe]:
    """Return probes so that a pass that is cut short has some of every kind."""
    seen: dict[str, int] = {}
    ranked = []
    for probe in probes:
        seen[probe.family] = rank = seen.get(probe.family, 0) + 1
        ranked.append((rank, probe))
    return [probe for _, probe in sorted(ranked, key=lambda pair: pair[0])]
