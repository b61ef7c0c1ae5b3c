"""Makes plans. The user's choice is absolute; hard rules come next; then what is worth most."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from app.domain.chat import ChatMessage
from app.domain.doctor import Condition, Mechanism
from app.domain.errors import CannotSee, RoleUnknown
from app.domain.models import Roles, RoleSpec
from app.domain.routing import TurnRecord
from app.orchestration.deadlines import LEAST_ANSWERS
from app.orchestration.eyes import cannot_see, seeing_roles, shows_images
from app.orchestration.failopen import advised
from app.orchestration.plan import Plan
from app.orchestration.question import Question
from app.orchestration.router.predictor import Features
from app.orchestration.router.sources import Sources
from app.orchestration.router.sticky import Sticky
from app.orchestration.router.utility import MIDDLE
from app.orchestration.router.weighing import Weighing

__all__ = ["MIDDLE", "Router", "Sources"]

# How a turn ends where somebody has answered.
_ANSWERED = frozenset({"accept", "abstain"})
# What a plan says where nobody could be weighed.
_UNWEIGHED = "nobody could be weighed, see the log"
_MEANING = "the meaning of a question"


class Router:
    """Chooses the plan of a turn; owns who answered each conversation last."""

    def __init__(self, roster: Roles, sources: Sources | None = None) -> None:
        """Route among the roles of `roster`."""
        self._roster = roster
        self._sources = sources or Sources()
        self._sticky = Sticky(self._sources.clock)
        self._weighing = Weighing(roster, self._sources, self._sticky)

    def plan(
        self,
        thread: Sequence[ChatMessage],
        *,
        role: str = "",
        question: Question | None = None,
    ) -> Plan:
        """Return the plan for the last message of `thread`.

        Raises:
            RoleUnknown: no answering role has the wanted name.
        """
        plain, asked = self._asked(thread, role, question)
        return advised(
            lambda: self._weighing.plan(plain, asked, wanted=bool(role)),
            plain.with_note(_UNWEIGHED),
            "the router",
        )

    async def decide(
        self,
        thread: Sequence[ChatMessage],
        *,
        role: str = "",
        question: Question | None = None,
    ) -> Plan:
        """Return the plan, with the meaning of the question looked at where it could change it.

        Raises:
            RoleUnknown: no answering role has the wanted name.
        """
        plan = self.plan(thread, role=role, question=question)
        if role or not isinstance(plan.features, Features):
            return plan
        plain, asked = self._asked(thread, role, question)
        undecided = advised(lambda: self._weighing.undecided(plan, plain, asked), False, _MEANING)
        if not undecided:
            return plan
        seen = await self._sources.predictor.closer(asked, plan.features)
        if seen is plan.features:
            return plan
        return advised(
            lambda: self._weighing.plan(plain, asked, wanted=False, features=seen), plan, _MEANING
        )

    def _asked(
        self, thread: Sequence[ChatMessage], role: str, question: Question | None
    ) -> tuple[Plan, Question]:
        """Return the plan that needs nobody's advice, and what is asked."""
        chosen = self._roster.find(role or self._roster.default_role)
        if chosen is None or not chosen.answers:
            raise self._unknown(role)
        asked = question or Question(thread[-1].content, tuple(thread), images=shows_images(thread))
        return self._plain(chosen, thread, wanted=bool(role)), asked

    def note(self, record: TurnRecord) -> None:
        """Remember who answered a conversation, and how fast."""
        self._sources.speeds.note(record)
        if record.decision in _ANSWERED and record.attempts:
            last = record.attempts[-1].role
            self._sticky.note(record.conversation_id, last, record.family, record.question)

    def recall(self, record: TurnRecord) -> None:
        """Learn from a turn of an earlier run; who answered it then counts no more."""
        self._sources.speeds.note(record)

    def mechanisms(self) -> Iterable[Mechanism]:
        """Say what plans are made from."""
        live, area = Condition.LIVE, "routing"
        yield Mechanism(area=area, name="hard rules", condition=live)
        yield Mechanism(area=area, name="kinds of tasks", condition=live)
        yield from self._sources.predictor.mechanisms()
        yield Mechanism(area=area, name="speeds", condition=live, reason=self._measured())
        weight = self._sources.weight
        yield Mechanism(
            area=area,
            name="speed or quality",
            condition=live,
            reason=f"the slowest answer's time is worth {weight:.0%} of quality",
        )
        yield Mechanism(area=area, name="sticky conversations", condition=live)
        yield Mechanism(area=area, name="your choice of a role", condition=live, reason="absolute")
        yield self._deadlines()
        yield self._memory()
        yield self._exploring()
        breaker = self._sources.breaker
        left = breaker.open() if breaker is not None else {}
        reason = "; ".join(f"{model}: {why}" for model, why in left.items())
        condition = live if breaker is not None else Condition.OFF
        yield Mechanism(area=area, name="breaker", condition=condition, reason=reason)

    def _measured(self) -> str:
        measured = len(self._sources.speeds.measured)
        return f"{measured} models measured" if measured else "guessed from file sizes so far"

    def _deadlines(self) -> Mechanism:
        """Say whose deadlines were learned."""
        timed = self._sources.speeds.timed
        early = f"from {LEAST_ANSWERS} answers of a kind on, till then the registry's timeouts"
        return Mechanism(
            area="routing",
            name="learned deadlines",
            condition=Condition.LIVE if timed else Condition.OBSERVING,
            reason=f"{timed} models and kinds of tasks" if timed else early,
        )

    def _memory(self) -> Mechanism:
        """Say whether plans know what fits into memory."""
        known = self._sources.outlook is not None
        return Mechanism(
            area="routing",
            name="memory and loads",
            condition=Condition.LIVE if known else Condition.OFF,
            reason="" if known else "nobody says what fits",
        )

    def _exploring(self) -> Mechanism:
        """Say whether turns begin with somebody else now and then."""
        share = self._sources.explore
        off = "ORCHESTRATOR_EXPLORE is 0; quiet time explores instead"
        return Mechanism(
            area="routing",
            name="exploration in turns",
            condition=Condition.LIVE if share > 0 else Condition.OFF,
            reason=f"{share:.0%} of turns, drawn by Thompson sampling" if share > 0 else off,
        )

    def cannot_see(self, role: RoleSpec) -> CannotSee:
        """Return the error for a role that was shown an image, with those that could see it."""
        return cannot_see(role, self._roster)

    def _plain(self, chosen: RoleSpec, thread: Sequence[ChatMessage], *, wanted: bool) -> Plan:
        """Return the plan that needs nobody's advice."""
        if wanted:
            return Plan(chosen, "you chose it", pinned=True)
        if shows_images(thread) and not chosen.model.sees:
            for seeing in seeing_roles(self._roster):
                return Plan(seeing, "it can see the image")
        return Plan(chosen, "the default role")

    def _unknown(self, role: str) -> RoleUnknown:
        names = [spec.name for spec in self._roster.answering]
        near = get_close_matches(role, names, n=1)
        hint = f"Did you mean “{near[0]}”? " if near else ""
        return RoleUnknown(
            f"There is no role “{role}” that can answer.",
            remedy=f"{hint}Roles here: {', '.join(names)}.",
        )
