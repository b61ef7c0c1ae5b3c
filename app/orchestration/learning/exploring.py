"""At idle, questions of the day are asked again of those who were not asked them.

What is known least of what is asked most comes first; each draw is logged with its probability.
An answer counts only where a check can tell, or somebody stronger who can be believed.
"""

from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from app.domain.chat import ChatMessage
from app.domain.doctor import Condition, Mechanism
from app.domain.models import RoleSpec
from app.domain.routing import GROUP_OF, Group, OutcomeRecord, Witness
from app.orchestration.gate.gate import Answer, Asked, Gate
from app.orchestration.learning.company import Company
from app.orchestration.learning.past import Lately, Past
from app.orchestration.router.predictor import Predictor

# One pass asks so many questions; the next one comes with the next quiet time.
PASS: Final = 10

Ask = Callable[[str, Sequence[ChatMessage]], Awaitable[Answer | None]]
# Says how likely an answer of a role is right to somebody stronger; None where nobody can say.
Opinion = Callable[[str, Sequence[ChatMessage], str], Awaitable[float | None]]


@dataclass(frozen=True, slots=True)
class Trial:
    """A question and who is to answer it, with the probability with which a pass draws this."""

    past: Past
    role: RoleSpec
    propensity: float


@dataclass(frozen=True)
class Minds:
    """Who asks, who judges and who expects."""

    ask: Ask
    opinion: Opinion
    gate: Gate
    predictor: Predictor


class Exploration:
    """Draws trials and makes them. Owns what was tried already."""

    def __init__(
        self,
        company: Company,
        lately: Lately,
        minds: Minds,
        *,
        dice: Random,
        wall_clock: Callable[[], float],
    ) -> None:
        """Join the parts.

        Args:
            company: who answers.
            lately: the questions of the day.
            minds: who asks, judges and expects.
            dice: draws.
            wall_clock: seconds since the epoch.
        """
        self._company = company
        self._lately = lately
        self._minds = minds
        self._dice = dice
        self._now = wall_clock
        self._tried: set[tuple[str, str]] = set()
        self._count = 0

    def trial(self) -> Trial | None:
        """Draw a question and a role, or None where nothing is left to try."""
        found = [
            (past, role, weight) for past in self._lately for role, weight in self._weights(past)
        ]
        total = sum(weight for _, _, weight in found)
        if not found or total <= 0:
            return None
        traffic = Counter(past.turn.family for past, _, _ in found)
        weights = [weight * traffic[past.turn.family] for past, _, weight in found]
        (at,) = self._dice.choices(range(len(found)), weights)
        past, role, _ = found[at]
        once = weights[at] / sum(weights)
        # How likely it was to be drawn at all in one pass: that is what its outcome stands for.
        return Trial(past, role, max(1 - (1 - once) ** PASS, 1e-6))

    async def run(self) -> AsyncGenerator[OutcomeRecord, None]:
        """Make trials and yield what is learned; may be left at any moment."""
        for _ in range(PASS):
            trial = self.trial()
            if trial is None:
                return
            self._tried.add(_key(trial.past, self._company.identify(trial.role)))
            row = await self._made(trial)
            if row is not None:
                self._count += 1
                yield row

    def mechanisms(self) -> Iterable[Mechanism]:
        """Say what was tried."""
        several = len({role.model.name for role in self._company.roster.answering}) > 1
        yield Mechanism(
            area="learning",
            name="exploration at idle",
            condition=Condition.LIVE if several else Condition.OFF,
            reason=f"{self._count} answers since the start"
            if several
            else "there is nobody else to ask",
        )

    def _weights(self, past: Past) -> Iterable[tuple[RoleSpec, float]]:
        acts = GROUP_OF.get(past.turn.family) is Group.ACTION
        if acts or not past.plain:
            return
        asked = {each.model_id for each in past.turn.attempts}
        for role in self._company.roster.answering:
            model_id = self._company.identify(role)
            new = model_id not in asked and _key(past, model_id) not in self._tried
            if new and self._company.free(role):
                skill = self._minds.predictor.skills.posterior(past.turn.family, model_id)
                yield role, skill.variance

    async def _made(self, trial: Trial) -> OutcomeRecord | None:
        past, role = trial.past, trial.role
        answer = await self._minds.ask(role.name, past.question.thread)
        if answer is None or not answer.text.strip():
            return None
        minds, model_id = self._minds, self._company.identify(role)
        features = minds.predictor.features(past.question)
        expected = minds.predictor.chance(features, model_id).probability
        judged = minds.gate.judge(Asked(past.question, features.family), answer, model_id, expected)
        right, witness = judged.proven, Witness.VALIDATOR
        if right is None:
            thread = past.question.thread
            right = await minds.opinion(role.name, thread, answer.text)
            witness = Witness.STRONGER
        if right is None:
            return None
        return OutcomeRecord(
            at=self._now(),
            model_id=model_id,
            family=features.family,
            right=right,
            witness=witness,
            source="exploration",
            question=past.turn.question,
            role=role.name,
            propensity=trial.propensity,
            probability=judged.probability,
            signals=dict(judged.signals),
            validators=dict(judged.validators),
            features=features.lexical,
            grams=features.grams,
        )


def _key(past: Past, model_id: str) -> tuple[str, str]:
    return past.question.key, model_id
