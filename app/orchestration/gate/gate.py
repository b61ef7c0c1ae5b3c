"""Judges answers: what is wrong with them, and how likely they are right."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.domain.doctor import Condition, Mechanism
from app.domain.routing import GROUP_OF, Group, OutcomeRecord
from app.orchestration.escalation import Cause
from app.orchestration.gate.acceptance import KEPT, Acceptance, Judged, out_of_fold
from app.orchestration.gate.checks import fault, is_refusal
from app.orchestration.gate.early import Openings
from app.orchestration.gate.promises import Promises, Standing
from app.orchestration.gate.report import GateRow, gate_rows
from app.orchestration.gate.signals import LOOKS, early_signals, signals
from app.orchestration.gate.validators import Validated, settled, validated
from app.orchestration.question import Question

# Where the first words of an answer are so sure, the rest is worth being seen at once.
RELEASE: Final = 0.5
# A refusal is one of the signals where so many answers of the model were judged.
KNOWN: Final = 30
# An answer that was looked at stands for no more others than this allows.
LEAST_SHARE: Final = 0.05
IMPOSSIBLE: Final = 1e6  # no signal is larger
# New outcomes after which everything is fitted again.
REFIT_EVERY: Final = 25


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked; `capped`: the user limited the length of the answer.

    `required`: the least probability at which no other answer is worth its time.
    """

    question: Question
    family: str
    capped: bool = False
    required: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or its beginning, with the natural log-probability of every token.

    `margins`: the lead of each token over the next best; empty where not known.
    """

    text: str
    logprobs: tuple[float, ...] = ()
    margins: tuple[float, ...] = ()
    finish_reason: str = ""
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the gate says of an answer.

    `probability` that it is right, with the least one that passes in `threshold`; `promise`: that
    threshold keeps the promise. `proven`: 1 or 0 where a check can tell for sure.
    """

    cause: Cause
    probability: float | None = None
    threshold: float | None = None
    promise: bool = False
    proven: float | None = None
    validators: Mapping[str, int] = field(default_factory=dict)
    signals: Mapping[str, float] = field(default_factory=dict)
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Early:
    """What the gate says of first words: they may be shown, or the answer is not worth its end.

    `probability` that the answer will be right, as far as `count` answers of the model have shown;
    below `hopeless` it is not waited for (0: nobody knows yet what doubt is worth).
    """

    probability: float | None = None
    release: bool = True
    abort: bool = False
    count: int = 0
    hopeless: float = 0.0


@dataclass(frozen=True, slots=True)
class Look:
    """What is to be seen of an answer: what checks say, its signals, and a fault, if it has one."""

    asked: Asked
    checked: Validated
    signals: Mapping[str, float]
    early: Mapping[str, float]
    refused: bool
    fault: Cause | None
    detail: str


class Gate:
    """Judges answers of all models. Owns what was learned of how sure is right."""

    def __init__(self) -> None:
        """Begin with no evidence: by log-probabilities and checks alone, with no promise."""
        self._rows: deque[Judged] = deque(maxlen=8 * KEPT)
        self._acceptance = Acceptance()
        self._promises = Promises()
        self._openings = Openings()
        self._fresh = 0

    def judge(self, asked: Asked, answer: Answer, model_id: str, prior: float) -> Judgement:
        """Judge a whole answer.

        Args:
            asked: what was asked, and how sure is sure enough.
            answer: what was written.
            model_id: by whom.
            prior: how likely this model answers such a question rightly.
        """
        return self.weigh(look(asked, answer, prior), model_id)

    def weigh(self, seen: Look, model_id: str) -> Judgement:
        """Return what is to be said of an answer after a look at it, by what was learned."""
        asked, checked = seen.asked, seen.checked
        estimate = self._acceptance.estimate(seen.signals, model_id, asked.family)
        standing = self._promises.of(model_id, GROUP_OF.get(asked.family, Group.TALK))
        threshold = max(standing.value, asked.required)
        cause, detail = seen.fault, seen.detail
        if cause is None and seen.refused and estimate.count < KNOWN:
            cause = Cause.REFUSED  # later the probability knows whether it may be right
        if cause is None:
            cause, detail = checked.cause, checked.detail
        if cause is None:
            sure = estimate.probability >= threshold or checked.proven == 1.0
            cause = Cause.PASSED if sure else Cause.DOUBTFUL
        return Judgement(
            cause=cause,
            probability=_likely(checked, estimate.probability),
            threshold=threshold,
            promise=standing.promises,
            proven=checked.proven,
            validators=checked.verdicts,
            signals=dict(seen.signals) | dict(seen.early),
            detail=detail,
        )

    def early(self, asked: Asked, answer: Answer, model_id: str, prior: float) -> Early:
        """Judge first words; whether giving up pays is for others to say."""
        refused = is_refusal(answer.text)
        known = len(answer.logprobs)
        look = max((each for each in LOOKS if each <= known), default=known)
        values = signals(
            answer.logprobs[:look], answer.margins[:look], {}, prior=prior, refused=refused
        )
        opening = self._openings.estimate(values, model_id, known)
        return Early(
            opening.probability,
            release=not refused and opening.probability >= RELEASE,
            abort=opening.probability < opening.hopeless,
            count=opening.count,
            hopeless=opening.hopeless,
        )

    def learn(self, outcome: OutcomeRecord) -> None:
        """Take in how an answer turned out; what people click is too weak to count here."""
        if not outcome.signals or not outcome.witness.moves_thresholds:
            return
        if any(not abs(value) <= IMPOSSIBLE for value in outcome.signals.values()):
            return  # not a number, or written by somebody else
        self._rows.append(_row(outcome))
        self._fresh += 1

    @property
    def is_stale(self) -> bool:
        """Whether enough is new for another fit."""
        return self._fresh >= REFIT_EVERY

    def refit(self, outcomes: Sequence[OutcomeRecord] | None = None) -> None:
        """Fit everything again, on `outcomes` or on what was learned; may run in a thread."""
        if outcomes is not None:
            self._rows.clear()
            for outcome in outcomes:
                self.learn(outcome)
        rows = _each_once(tuple(self._rows))
        self._fresh = 0
        unseen = out_of_fold(rows)
        acceptance = Acceptance.fitted(rows, unseen)
        # Readers see the old or the new, never something between.
        self._acceptance = acceptance
        self._promises = Promises.learned(rows, acceptance.stepped(rows, unseen).tolist())
        self._openings = Openings.fitted(rows)

    def forget(self, model_id: str) -> None:
        """Drop the evidence of a model that has changed."""
        kept = [row for row in self._rows if row.model_id != model_id]
        if len(kept) < len(self._rows):
            self._rows = deque(kept, maxlen=self._rows.maxlen)
            self.refit()

    def passing(self, model_id: str, family: str, required: float) -> tuple[float, float]:
        """Return what share of a model's right and wrong answers is not handed on.

        Args:
            model_id: who answers.
            family: the kind of task.
            required: the least probability at which no other answer is worth its time.
        """
        return self._promises.passing(model_id, family, required)

    def standings(self) -> tuple[Standing, ...]:
        """Return what holds for every model and group that was judged."""
        return self._promises.standings

    def report(self) -> list[GateRow]:
        """Return what may be promised of each model and group, for people."""
        return gate_rows(self.standings())

    def count(self, model_id: str) -> int:
        """Return how many judged answers of a model are known."""
        return self._acceptance.counts[model_id]

    def mechanisms(self) -> Iterable[Mechanism]:
        """Say what the gate does now."""
        live = Condition.LIVE
        yield Mechanism(area="gate", name="hard checks", condition=live)
        yield Mechanism(area="gate", name="validators", condition=live)
        judged = sum(self._acceptance.counts.values())
        yield Mechanism(
            area="gate",
            name="probability",
            condition=live,
            reason=f"calibrated on {judged} judged answers"
            if judged
            else "by log-probability alone until answers have been judged",
        )
        seen = sum(self._openings.counts.values())
        yield Mechanism(
            area="gate",
            name="early opinion",
            condition=live,
            reason=f"calibrated on {seen} beginnings of judged answers"
            if seen
            else "shows first words or waits; gives nothing up until answers have been judged",
        )
        kept = [each for each in self.standings() if each.promises]
        yield Mechanism(
            area="gate",
            name="promise",
            condition=live if kept else Condition.OBSERVING,
            reason=f"holds for {len(kept)} of {len(self.standings())} models and groups"
            if kept
            else "too few judged answers yet",
        )


def look(asked: Asked, answer: Answer, prior: float) -> Look:
    """Look at a whole answer; what was learned plays no part in it.

    Args:
        asked: what was asked.
        answer: what was written.
        prior: how likely its model answers such a question rightly.
    """
    question, refused = asked.question, is_refusal(answer.text)
    checked = validated(question, asked.family, answer.text)
    values = signals(
        answer.logprobs, answer.margins, checked.verdicts, prior=prior, refused=refused
    )
    cause, detail = fault(
        question, asked.family, answer.text, answer.finish_reason, capped=asked.capped
    ) or (None, "")
    early = early_signals(answer.logprobs, answer.margins)
    return Look(asked, checked, values, early, refused, cause, detail)


def _likely(checked: Validated, estimated: float) -> float:
    """Return the probability that an answer is right, given what checks found."""
    if checked.proven is not None:
        return checked.proven
    return estimated if checked.cause is None else 0.0


def _row(outcome: OutcomeRecord) -> Judged:
    # Audits look at few of many: each stands for those nobody looked at.
    share = max(outcome.propensity, LEAST_SHARE)
    weight = outcome.witness.weight / share
    return Judged(
        outcome.model_id,
        outcome.family,
        outcome.signals,
        outcome.right,
        weight,
        settled(outcome.validators),
        share,
        outcome.question,
    )


def _each_once(rows: Sequence[Judged]) -> list[Judged]:
    """Return rows with only one of each answer: the one with the best witness, or the newest.

    The same words to the same question again are no further evidence.
    """
    kept: dict[object, Judged] = {}
    for at, row in enumerate(rows):
        sounds = tuple(row.signals.get(name) for name in ("mean", "total", "least"))
        key = (row.model_id, row.question, sounds) if row.question else at
        if key in kept and kept[key].weight * kept[key].share > row.weight * row.share:
            continue
        kept[key] = row
    return list(kept.values())
